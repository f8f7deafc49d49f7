"""Rules for the files that people bring, on files of our own: surveys, persons, matrices, lists, other programs."""

import io
import zipfile

import pytest

from workshop.domain.governance import case
from workshop.exchange import ImportProblem, read_network, read_uploads

HUIS, WERK, ZORG, KIND = "Huis Aan Zee", "Werkpunt", "Zorgloket", "Kinderhuis"
FOUR = [HUIS, WERK, ZORG, KIND]
PAIRS = {frozenset(pair) for pair in ((HUIS, WERK), (HUIS, ZORG), (WERK, KIND), (ZORG, KIND))}
TICKED = {HUIS: [WERK, ZORG], WERK: [HUIS, KIND], ZORG: [HUIS, KIND], KIND: [WERK, ZORG]}


def read(text, name="bestand.csv", **options):
    return read_uploads([(name, text if isinstance(text, bytes) else text.encode())], **options)


def refused(text, name="bestand.csv"):
    with pytest.raises(ImportProblem) as caught:
        read(text, name)
    return caught.value


def workbook(rows, edit=None):
    from openpyxl import Workbook

    book = Workbook()
    for row in rows:
        book.active.append(row)
    if edit:
        edit(book.active)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def table(*rows, sign=";"):
    """Rows as a text file; cells that hold the sign or a line end between quotes."""
    lines = []
    for row in rows:
        cells = ["" if cell is None else str(cell) for cell in row]
        lines.append(sign.join(f'"{cell}"' if sign in cell or "\n" in cell else cell for cell in cells))
    return "\n".join(lines) + "\n"


def names(result):
    return {organisation.name for organisation in result.network.organisations}


def pairs(result):
    name = result.network.name
    return {frozenset((name(tie.source), name(tie.target))) for tie in result.network.ties}


def keys(result):
    return {note.key.removeprefix("import.note.") for note in result.notes}


def asked(found):
    return {question.key.split(".")[0]: question for question in found.questions}


# surveys


def cells(kind, respondent):
    """What stands below each option in the row of a respondent."""
    ticked = TICKED[respondent]
    words = {"yes": ("ja", "nee"), "cross": ("x", ""), "number": ("1", "0"), "often": ("wekelijks", "nooit")}
    if kind == "own":
        return [option if option in ticked else "" for option in FOUR]
    yes, no = words[kind]
    return [yes if option in ticked else no for option in FOUR]


@pytest.mark.parametrize("kind", ["yes", "cross", "number", "own", "often"])
@pytest.mark.parametrize("header", ["Wie ken je? [{}]", "groep/partners/{}", "Wie ken je? - {}", "{}"])
@pytest.mark.parametrize("before", [[], ["Tijdstempel", "E-mailadres"], ["start", "end", "Naam", "Functie", "gsm"]])
def test_a_roster_of_any_program(kind, header, before):
    said = {
        "Tijdstempel": "2024-03-10 09:10:04", "E-mailadres": "an@huis.be", "start": "2024-03-10 09:10", "end": "09:20",
        "Naam": "An Peeters", "Functie": "onthaal", "gsm": "0478 12 34 56",
    }  # fmt: skip
    heads = [*before, "Voor welke organisatie werk je?", *(header.format(name) for name in FOUR), "Anders, namelijk"]
    rows = [[*(said[title] for title in before), name, *cells(kind, name), ""] for name in FOUR]
    rows[0][-1] = "Thuiszorg en nog een paar andere"
    result = read(table(heads, *rows))
    assert names(result) == set(FOUR)
    assert pairs(result) == PAIRS
    assert ("words" in asked(result)) == (kind == "often")


def test_two_rows_of_headers_and_rows_of_codes():
    question = "Met welke organisaties werken jullie samen?"
    survey_monkey = table(
        ["Respondent ID", "Start Date", "Voor welke organisatie werk je?", question, "", "", ""],
        ["", "", "Open-Ended Response", *FOUR],
        *([at, "03/10/2024", name, *cells("own", name)] for at, name in enumerate(FOUR, 100)),
    )
    codes = ['{"ImportId":"a"}'] * 6
    qualtrics = table(
        ["StartDate", "Q1", *(f"Q2_{at}" for at in range(4))],
        ["Start Date", "Voor welke organisatie werk je?", *(f"{question} - {name}" for name in FOUR)],
        codes,
        *(["2024-03-10", name, *cells("own", name)] for name in FOUR),
    )
    for text in (survey_monkey, qualtrics):
        result = read(text)
        assert names(result) == set(FOUR) and pairs(result) == PAIRS
    assert "codes" in keys(result)


def test_several_questions_are_several_kinds():
    heads = ["Organisatie", *(f"Overleg [{name}]" for name in FOUR), *(f"Doorverwijzing [{name}]" for name in FOUR)]
    rows = [[name, *cells("yes", name), *cells("yes", name)] for name in FOUR]
    result = read(table(heads, *rows))
    assert {tie.kind for tie in result.network.ties} == {"Overleg", "referral"} and pairs(result) == PAIRS


def test_an_organisation_that_did_not_answer_is_read_and_said():
    heads = ["Organisatie", *(f"Wie? [{name}]" for name in FOUR)]
    result = read(table(heads, *([name, *cells("cross", name)] for name in FOUR[:2])))
    assert names(result) == set(FOUR) and "one_side" in keys(result)


@pytest.mark.parametrize("sign", ["; ", ";", ", ", "\n", " / ", " en "])
def test_several_names_in_a_cell_are_asked(sign):
    rows = [[name, sign.join(TICKED[name][:2])] for name in FOUR]
    result = read(table(["Organisatie", "Met wie werk je samen?"], *rows, sign="\t"), "bestand.txt")
    question = asked(result)["joined"]
    split = question.choose("split")
    assert names(split) == set(FOUR) and pairs(split) == PAIRS
    assert len(names(question.choose("keep"))) > 4
    with pytest.raises(ImportProblem) as caught:
        question.choose("neither")
    assert [fault.key for fault in caught.value.faults] == ["import.advice.joined"]


def test_a_name_with_a_comma_stays_whole_beside_cells_with_several_names():
    text = table(
        ["Organisatie", "Werkt samen met"],
        ["Huis, dienst wonen", "Werkpunt"],
        ["Werkpunt", "Huis, dienst wonen, Zorgloket"],
        ["Zorgloket", "Werkpunt"],
    )
    split = asked(read(text))["joined"].choose("split")
    assert names(split) == {"Huis, dienst wonen", "Werkpunt", "Zorgloket"}
    alone = read(table(["van", "naar"], ["Huis, dienst wonen", "Werkpunt"], ["Werk; leren", "Zorgloket"], sign="\t"))
    assert not alone.questions and "Huis, dienst wonen" in names(alone)


# persons


@pytest.mark.parametrize(
    "heads",
    [
        ["Naam", "Organisatie", "Werkt samen met"],
        ["Respondent", "Voor welke organisatie werk je?", "Met wie werk je samen?"],
        ["Contactpersoon", "Dienst", "Partner"],
        ["Jouw naam", "Naam van je organisatie", "Naar wie verwijs je door?"],
        ["Deelnemer", "Instelling", "naar"],
        ["Naam", "Waar werk je", "Partner"],
    ],
)
def test_a_person_is_never_put_on_the_map(heads):
    text = table(heads, ["An Peeters", WERK, ZORG], ["Jan Claes", ZORG, KIND], ["Els Maes", KIND, WERK])
    result = read(text)
    assert names(result) == {WERK, ZORG, KIND} and len(pairs(result)) == 3
    if heads[1] != "Waar werk je":
        listed = read(table(heads[:2], ["An Peeters", WERK], ["Jan Claes", ZORG]))
        assert names(listed) == {WERK, ZORG}


@pytest.mark.parametrize(
    ("heads", "row"),
    [
        (["Naam", "E-mail"], ["An Peeters", "an@huis.be"]),
        (["Naam", "Functie"], ["An Peeters", "onthaal"]),
        (["Deelnemer", "Bereikbaar"], ["An Peeters", "0478 12 34 56"]),
        (["Van", "Naar", "Organisatie"], ["An", "Jan", WERK]),
    ],
)
def test_names_that_may_be_persons_are_asked_before_anything_is_read(heads, row):
    problem = refused(table(heads, row, [f"{row[0]} twee", *row[1:]]))
    assert {fault.key for fault in problem.faults} == {"import.fault.persons"}
    assert asked(problem)["persons"].choose("organisations").network.organisations


def test_first_names_alone_are_refused():
    assert not refused(table(["Voornaam", "Achternaam"], ["An", "Peeters"], ["Jan", "Claes"])).questions


def test_names_stand_in_the_column_of_organisations_at_both_ends():
    result = read(table(["Naam van", "Organisatie van", "Naam naar", "Organisatie naar"], ["An", WERK, "Jan", ZORG]))
    assert names(result) == {WERK, ZORG}


# what is never a name


@pytest.mark.parametrize(
    "never",
    [
        ["1", "2", "3"], ["2024-03-10 09:00", "2024-03-11 10:00", "2024-03-12 11:00"],
        ["an@x.be", "jan@x.be", "els@x.be"],
        ["ja", "nee", "ja"], ["{a}", "{b}", "{c}"], ["09:10", "09:20", "09:30"], ["nooit", "nee", "nooit"],
    ],
)  # fmt: skip
@pytest.mark.parametrize("title", ["Naam", "start", "Partner", "Id", "van"])
def test_what_is_never_a_name_or_an_end(never, title):
    rows = [[text, *pair] for text, pair in zip(never, [(WERK, ZORG), (ZORG, KIND), (KIND, WERK)], strict=True)]
    result = read(table([title, "Voor welke organisatie werk je?", "Met wie werk je samen?"], *rows))
    assert names(result) == {WERK, ZORG, KIND} and len(pairs(result)) == 3


@pytest.mark.parametrize("title", ["Partner", "Organisatie"])
def test_a_column_of_partners_that_holds_no_names_is_no_end(title):
    listed = read(table(["Organisatie", title], [WERK, "ja"], [ZORG, "nee"]))
    assert names(listed) == {WERK, ZORG} and not listed.network.ties
    problem = refused(table(["Organisatie", title], ["an@huis.be", "el@werk.be"], ["jo@zorg.be", "an@huis.be"]))
    assert {fault.key for fault in problem.faults} == {"import.fault.persons"}


def test_a_column_of_partners_may_hold_codes_that_a_list_explains_and_words_for_no_tie():
    by_code = table(["organisatie", "partner"], [WERK, "2"], [ZORG, "3"], [KIND, "1"])
    codes = table(["code", "naam"], ["1", WERK], ["2", ZORG], ["3", KIND])
    result = read_uploads([("lijnen.csv", by_code.encode()), ("lijst.csv", codes.encode())])
    assert pairs(result) == {frozenset(two) for two in ((WERK, ZORG), (ZORG, KIND), (KIND, WERK))}
    mostly = table(["organisatie", "partner"], [WERK, "geen"], [ZORG, "geen"], [KIND, "n.v.t."], ["School", WERK])
    assert pairs(read(mostly)) == {frozenset(("School", WERK))}
    among = table(["lid", "organisatie", "partner"], ["Wijk", "1", "2"], [WERK, "2", "3"], [ZORG, "3", "1"])
    assert pairs(read(among)) == {frozenset(two) for two in ("12", "23", "31")}


def test_a_date_made_of_a_name_is_asked():
    result = read(table(["van", "naar"], [WERK, "2024-05-12"], [WERK, ZORG]))
    question = asked(result)["date"]
    assert "date_name" in keys(result)
    assert names(question.choose("leave")) == {WERK, ZORG} and len(names(question.choose("date_name"))) == 3


# no tie, no value


@pytest.mark.parametrize("word", ["nooit", "nee", "Geen", "n.v.t.", "niet", "never", "0"])
def test_words_for_no_tie_mean_no_tie_everywhere(word):
    listed = read(table(["van", "naar", "hoe vaak"], [WERK, ZORG, "3"], [ZORG, KIND, word]))
    assert len(listed.network.ties) == 1 and len(names(listed)) == 3 and "zero" in keys(listed)
    answered = read(table(["van", "naar", "sterkte"], [WERK, ZORG, "ja"], [ZORG, KIND, word]))
    assert [tie.strength for tie in answered.network.ties] == [None]
    square = read(table(["", WERK, ZORG], [WERK, word, "3"], [ZORG, "3", word]))
    assert len(square.network.ties) == 1
    with pytest.raises(ImportProblem) as caught:
        read(table(["van", "naar", "sterkte"], [WERK, ZORG, "goed"], [ZORG, KIND, word]))
    assert len(asked(caught.value)["without"].choose("without").network.ties) == 1


def test_strength_in_words_is_asked_in_lists_matrices_and_rosters():
    texts = [
        table(["van", "naar", "frequentie"], [WERK, ZORG, "wekelijks"], [ZORG, KIND, "enkele keren per jaar"]),
        table(["", WERK, ZORG], [WERK, "", "vaak"], [ZORG, "vaak", ""]),
        table(["Organisatie", f"Hoe vaak? [{WERK}]", f"Hoe vaak? [{ZORG}]"], [WERK, "", "soms"], [ZORG, "soms", ""]),
    ]
    for text in texts:
        question = asked(read(text))["words"]
        assert all(tie.strength is None for tie in question.choose("without_words").network.ties)
        with pytest.raises(ImportProblem):
            question.choose("neither")


@pytest.mark.parametrize("word", ["NA", "n/a", "n.v.t.", "nvt", "?", "weet niet", "-"])
def test_no_value_is_no_fault_and_the_diagonal_never_counts(word):
    square = table(["", WERK, ZORG, KIND], [WERK, word, 1, 0], [ZORG, 1, word, 1], [KIND, word, word, "zelf"])
    result = read(square)
    assert pairs(result) == {frozenset((WERK, ZORG)), frozenset((ZORG, KIND))}


# matrices


def test_matrices_with_percents_and_two_levels_of_headers():
    percents = read(table(["", WERK, ZORG], [WERK, "", "25%"], [ZORG, "25%", ""]))
    assert [tie.strength for tie in percents.network.ties] == [0.25]
    levels = read(
        table(
            ["", "", "welzijn", "", "zorg", ""],
            ["", "", *FOUR],
            *(
                [sector, name, *cells("number", name)]
                for sector, name in zip(["welzijn", "", "zorg", ""], FOUR, strict=True)
            ),
        )
    )
    assert names(levels) == set(FOUR) and pairs(levels) == PAIRS


def test_names_above_the_columns_only_are_asked_and_no_names_at_all_refused():
    result = read(table(FOUR, *(cells("number", name) for name in FOUR)))
    assert pairs(result) == PAIRS and "same_order" in asked(result)
    assert refused("0 1 1\n1 0 0\n1 0 0\n", "m.txt").faults[0].key == "import.fault.no_names"
    assert refused("0;1;1\n1;0;0\n1;0;0\n").faults[0].key == "import.fault.no_names"


def test_half_a_matrix_with_gaps_is_asked_and_a_whole_half_is_read():
    gaps = read(table(["", *FOUR], [HUIS, "", "x", "", ""], [WERK, "", "", "", "x"], [ZORG], [KIND]))
    assert "direction" in asked(gaps)
    whole = read(table(["", WERK, ZORG, KIND], [WERK, "", 1, 0], [ZORG, "", "", 1], [KIND]))
    assert not whole.questions and "half" in keys(whole) and not whole.network.directed


def test_each_matrix_is_asked_with_its_own_pairs():
    from openpyxl import Workbook

    book = Workbook()
    for title, value in (("Kennen", [WERK, ZORG, 1]), ("Verwijzen", [ZORG, WERK, 1])):
        sheet = book.create_sheet(title)
        source, target, weight = value
        for row in (
            [None, WERK, ZORG],
            [WERK, None, weight if source == WERK else 0],
            [ZORG, weight if source == ZORG else 0],
        ):
            sheet.append(row)
        assert target
    content = io.BytesIO()
    book.save(content)
    result = read(content.getvalue(), "boek.xlsx")
    assert len(result.questions) == 2 and {tie.kind for tie in result.network.ties} == {"Kennen", "Verwijzen"}


@pytest.mark.parametrize("mark", [("x", ""), ("1", "0"), ("ja", "nee")])
def test_organisations_and_meetings_are_asked(mark):
    yes, no = mark
    heads = ["", "Stuurgroep", "Werkgroep wonen", "Werkgroep jeugd"]
    rows = [[HUIS, yes, yes, no], [WERK, yes, no, yes], [ZORG, no, no, yes]]
    result = read(table(heads, *rows))
    question = asked(result)["meetings"]
    assert names(result) == {HUIS, WERK, ZORG} and not result.network.ties and not result.tables
    assert pairs(question.choose("meeting_ties")) == {frozenset((HUIS, WERK)), frozenset((WERK, ZORG))}
    seats = question.choose("meeting_seats")
    assert [(table.kind, len(table.seats)) for table in seats.tables] == [
        ("steering", 2),
        ("working", 1),
        ("working", 2),
    ]
    partners = question.choose("meeting_partners")
    assert len(names(partners)) == 6


def test_a_list_with_yes_and_no_is_only_a_list():
    result = read(table(["organisatie", "actief", "akkoord"], [WERK, "ja", "nee"], [ZORG, "ja", "ja"]))
    assert names(result) == {WERK, ZORG} and not result.questions and not result.network.ties


# lists


def test_kinds_in_columns():
    rows = [[WERK, ZORG, "ja", "nee"], [KIND, WERK, "nee", "nee"], [ZORG, KIND, "ja", "ja"]]
    result = read(table(["van", "naar", "kennen", "doorverwijzen"], *rows))
    assert sorted(tie.kind for tie in result.network.ties) == ["knowing", "knowing", "referral"]
    assert names(result) == {WERK, ZORG, KIND} and "kind_columns" in keys(result)
    one = read(table(["van", "naar", "formeel"], *([*row[:2], row[3]] for row in rows)))
    question = asked(one)["kind_column"]
    assert len(question.choose("kind_yes").network.ties) == 1 and len(question.choose("kind_no").network.ties) == 3


def test_partners_beside_each_other_with_their_strengths():
    heads = ["Organisatie", "Partner 1", "Frequentie 1", "Partner 2", "Frequentie 2"]
    result = read(table(heads, [HUIS, WERK, 5, ZORG, 3], [WERK, KIND, 2, "", ""]))
    assert {(tie.strength, result.network.name(tie.target)) for tie in result.network.ties} == {
        (5, WERK),
        (3, ZORG),
        (2, KIND),
    }
    assert "partner_columns" in keys(result)


@pytest.mark.parametrize("closing", [";;", ""])
def test_names_behind_the_last_header(closing):
    result = read(f"Organisatie;Werkt samen met{closing}\n{HUIS};{WERK};{ZORG}\n{WERK};{KIND}\n{ZORG};{KIND};{HUIS}\n")
    question = asked(result)["more"]
    assert pairs(question.choose("partners_too")) == PAIRS
    assert len(question.choose("no_partners").network.ties) == 3
    unknown = refused("van;naar\nHuis, dienst;wonen;Zorg\nWerk;Kind\n".replace("Huis, dienst", "Huis"))
    assert {fault.key for fault in unknown.faults} == {"import.fault.too_wide"}


@pytest.mark.parametrize(
    "text",
    [
        f"{HUIS};{WERK};{ZORG}\n{WERK};{KIND}\n{ZORG};{KIND}\n",
        f"{HUIS}: {WERK}; {ZORG}\n{WERK}: {KIND}\n{ZORG}: {KIND}\n",
        f"{HUIS} -> {WERK};{ZORG}\n{WERK} -> {KIND}\n{ZORG} -> {KIND}\n",
    ],
)
def test_adjacency_lists(text):
    assert pairs(read(text)) == PAIRS


def test_two_ends_in_one_cell():
    rows = [[at, f"{one} (kent) {other}", "kent"] for at, (one, other) in enumerate(map(sorted, PAIRS), 100)]
    result = read(table(["SUID", "shared name", "interaction"], *rows, sign=","))
    assert (
        pairs(result) == PAIRS and {tie.kind for tie in result.network.ties} == {"kent"} and "one_cell" in keys(result)
    )


def test_labels_beside_codes_and_directions_in_other_languages():
    text = table(["Source", "Destination", "Source Label", "Target Label", "Type"], ["n1", "n2", WERK, ZORG, "Orienté"])
    result = read(text)
    assert names(result) == {WERK, ZORG} and result.network.directed


@pytest.mark.parametrize("start", [0, 1])
@pytest.mark.parametrize("head", ["", None])
def test_row_numbers_without_a_header(start, head):
    heads = ["van", "naar"] if head is None else ["", "van", "naar"]
    result = read(table(heads, [start, WERK, ZORG], [start + 1, ZORG, KIND], sign=","))
    assert names(result) == {WERK, ZORG, KIND} and "row_numbers" in keys(result)


def test_tables_below_and_beside_each_other():
    below = table(
        ["Onze organisaties", ""], ["Naam", "Sector"], [WERK, "x"], [ZORG, "y"], ["Los", "x"], ["Wie met wie", ""],
        ["Van", "Naar"], [WERK, ZORG],
    )  # fmt: skip
    beside = table(["Naam", "Sector", "", "Van", "Naar"], [WERK, "x", "", WERK, ZORG], [ZORG, "y"], ["Los", "x"])
    for text in (below, beside):
        result = read(text)
        assert names(result) == {WERK, ZORG, "Los"} and len(pairs(result)) == 1 and "several_tables" in keys(result)


def test_a_header_that_comes_again_is_no_organisation():
    result = read(f"van;naar\n{WERK};{ZORG}\n\ufeffVan;NAAR\n{ZORG};{KIND}\n")
    assert names(result) == {WERK, ZORG, KIND} and "header_again" in keys(result)


def test_hidden_rows_are_read_and_said():
    def hide(sheet):
        sheet.row_dimensions[3].hidden = True

    result = read(workbook([["van", "naar"], [WERK, ZORG], [ZORG, KIND]], hide), "boek.xlsx")
    assert len(result.network.ties) == 2 and "hidden_rows" in keys(result)


def test_one_name_of_two_sectors_is_asked_and_told_apart():
    result = read(table(["naam", "sector"], ["Loket", "gemeente"], ["Loket", "zorg"], [WERK, "x"]))
    assert names(result) == {"Loket (gemeente)", "Loket (zorg)", WERK}
    assert names(asked(result)["name"].choose("same")) == {"Loket", WERK}


@pytest.mark.parametrize("header", ["wie;met wie;wat", "van;naar;wat"])
def test_the_word_what_is_the_kind(header):
    assert read(f"{header}\n{WERK};{ZORG};overleg\n").network.ties[0].kind == "overleg"


# direction


def test_direction_as_the_caller_says():
    text = f"van;naar\n{WERK};{ZORG}\n{ZORG};{WERK}\n{ZORG};{KIND}\n"
    assert "direction" in asked(read(text))
    for directed, ties in ((True, 3), (False, 2)):
        result = read(text, directed=directed)
        assert result.network.directed is directed and len(result.network.ties) == ties and not result.questions
    square = table(["", WERK, ZORG], [WERK, 0, 1], [ZORG, 0, 0])
    assert [read(square, directed=way).network.directed for way in (True, False)] == [True, False]


def test_one_note_and_no_question_where_lines_were_read_below_from_and_to():
    text = f"from,to\n{WERK},{ZORG}\n{ZORG},{KIND}\n"
    result = read(text)
    assert keys(result) == {"as_lines"} and not result.questions and not result.network.directed
    assert not read(text, directed=True).notes and read(text, directed=True).network.directed
    assert not keys(read(table(["Organisatie", "Partner"], [WERK, ZORG]))) & {"as_lines"}


def test_a_path_takes_a_direction_as_well(tmp_path):
    path = tmp_path / "ties.csv"
    path.write_text(f"van;naar\n{WERK};{ZORG}\n", "utf-8")
    assert read_network(path, directed=True).network.directed


# other programs


def zipped(**members):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    return made.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + b">\0\3\0\xfe\xff\t\0" + bytes(4000)
"""How old Office files begin, and new ones with a password."""


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("n.txt", "% gemaakt door\n*Vertices 2\n1 \"a\"\n", "pajek"),
        ("n.txt", "/* gemaakt */\ndigraph G {\n a -> b;\n}\n", "other"),
        ("n.txt", "// x\ngraph { a -- b }\n", "other"),
        ("n.csv", "nodedef>name VARCHAR,label VARCHAR\na,b\n", "gdf"),
        ("n.sif", "a\tkent\tb\n", "sif"),
        ("n.txt", "Huis\tkent\tWerk\tZorg\nWerk\tkent\tKind\nZorg\tkent\tKind\n", "sif"),
        ("n.ncol", "a b 1\n", "spaced"),
        ("n.txt", "huis werk 1\nwerk zorg 2\n", "spaced"),
        ("n.txt", "huis werk {'weight': 2}\nwerk zorg {}\n", "spaced"),
        ("n.txt", "graph TD\nA-->B\n", "arrows"),
        ("n.json", '{"nodes": []}', "json"),
        ("n.xls", "<html><table></table></html>", "html"),
        ("n.fods", '<?xml version="1.0"?><office:document xmlns:office="u"/>', "ods"),
        ("n.drawio", "<mxfile/>", "drawing"),
        ("n.numbers", zipped(Index__Document_iwa=b"x"), "numbers"),
        ("geheim.xlsx", OLE, "xls"),
        ("verslag.doc", OLE, "word"),
        ("verslag.html", b"%PDF-1.7", "pdf"),
        ("beeld.json", b"\xef\xbb\xbfGIF89a", "pdf"),
        ("foto.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(4000), "pdf"),
        ("n.docx", zipped(**{"[Content_Types].xml": "x", "word/document.xml": "x"}), "word"),
        ("n.xlsb", zipped(**{"[Content_Types].xml": "x", "xl/workbook.bin": "x"}), "xlsb"),
    ],
)  # fmt: skip
def test_other_programs_are_refused_by_name(name, content, kind):
    content = content if isinstance(content, bytes) else content.encode()
    if kind == "numbers":
        content = zipped(**{"Index/Document.iwa": "x"})
    assert refused(content, name).faults[0].key == f"import.refuse.{kind}"


def test_a_strict_workbook_is_refused_by_name():
    good = workbook([["van", "naar"], [WERK, ZORG]])
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good)) as old, zipfile.ZipFile(made, "w") as new:
        for member in old.namelist():
            text = old.read(member)
            new.writestr(
                member,
                text.replace(b"schemas.openxmlformats.org/spreadsheetml/2006", b"purl.oclc.org/ooxml/spreadsheetml"),
            )
    assert refused(made.getvalue(), "boek.xlsx").faults[0].key == "import.refuse.strict"


GRAPHML = '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">{}<graph edgedefault="{}">{}</graph></graphml>'
LABEL = '<key id="d0" for="node" attr.name="{}" attr.type="string"/>'


def test_a_node_with_an_empty_label_is_called_by_its_code_and_said():
    body = '<node id="a"><data key="d0">Werk</data></node><node id="b"><data key="d0"></data></node>'
    result = read(
        GRAPHML.format(LABEL.format("label"), "undirected", body + '<edge source="a" target="b"/>'), "n.graphml"
    )
    assert names(result) == {"Werk", "b"} and "no_label" in keys(result)
    text = read(GRAPHML.format(LABEL.format("Label text"), "undirected", body), "n.graphml")
    assert names(text) == {"Werk", "b"}


def test_mixed_directions_in_graphml_and_gexf():
    body = '<node id="a"/><node id="b"/><node id="c"/><edge source="a" target="b"/>'
    body += '<edge source="b" target="c" directed="true"/>'
    result = read(GRAPHML.format("", "undirected", body), "n.graphml")
    assert result.network.directed and len(result.network.ties) == 3 and "mixed" in keys(result)
    gexf = '<gexf xmlns="http://gexf.net/1.3"><graph defaultedgetype="directed"><nodes><node id="a" label="Werk"/>'
    gexf += '<node id="b" label="Zorg"/></nodes><edges><edge id="0" source="a" target="b" type="mutual"/>'
    gexf += "</edges></graph></gexf>"
    mutual = read(gexf, "n.gexf")
    assert names(mutual) == {"Werk", "Zorg"} and len(pairs(mutual)) == 1


def test_workbooks_of_nodexl():
    from openpyxl import Workbook

    book = Workbook()
    rows = {
        "Edges": [[None, None, "Visual Properties"], ["Vertex 1", "Vertex 2", "Color"], [WERK, ZORG, "Blue"]],
        "Vertices": [[None, "Visual Properties"], ["Vertex", "Color"], [WERK, "Blue"], [ZORG, "Blue"], ["Los", "Blue"]],
        "Groups": [[None, "Visual Properties"], ["Group", "Vertex"], ["G1", WERK]],
    }
    for title, lines in rows.items():
        sheet = book.create_sheet(title)
        for line in lines:
            sheet.append(line)
    content = io.BytesIO()
    book.save(content)
    result = read(content.getvalue(), "boek.xlsx")
    assert names(result) == {WERK, ZORG, "Los"} and len(pairs(result)) == 1 and "not_read" in keys(result)


def test_every_question_whose_answers_may_all_be_wrong_has_a_way_out():
    texts = [
        f"{WERK};{ZORG}\n{WERK};{KIND}\n",
        f"{WERK};{ZORG};{KIND}\n{ZORG};{KIND}\n",
        f"van;iets;nog iets\n{WERK};{ZORG};{KIND}x\n",
        table(["", WERK, ZORG, "Los"], [WERK, 0, 1, 0], [ZORG, 1, 0, 0], ["Vast", 0, 0, 0]),
    ]
    for text in texts:
        try:
            found = read(text)
        except ImportProblem as problem:
            found = problem
        question = next(question for question in found.questions if not question.key.startswith("direction"))
        with pytest.raises(ImportProblem) as caught:
            question.choose("neither")
        assert caught.value.faults[0].key.startswith("import.advice.")


def test_a_shipped_network_reads_without_a_question():
    network = case("rural").network
    assert network.organisations
