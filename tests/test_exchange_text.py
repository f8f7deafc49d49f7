"""Text files of every kind that people bring: what is read, said, asked and refused."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from viewing import said

from workshop.exchange import ImportProblem, read_network, read_uploads
from workshop.texts import Message, Problem, in_language

SHARED = Path(__file__).parents[2] / "shared"
NINE = [
    ("Sociaal Huis Bree", "Ziekenfonds Helder"),
    ("Sociaal Huis Bree", "Crèche Zonnebloem"),
    ("Ziekenfonds Helder", "Coöperatie Wonen"),
    ("Crèche Zonnebloem", "Buurtwerk ’t Pleintje"),
]


def read(text, name="lijst.csv", encoding="utf-8"):
    return read_uploads([(name, text if isinstance(text, bytes) else text.encode(encoding))])


def notes(result):
    return "\n".join(map(str, result.notes))


def faults(text, **options):
    with pytest.raises(ImportProblem) as caught:
        read(text, **options)
    return caught.value


def place(row, column=None, **within):
    """A row or a cell, as notes, questions and faults call it; `within` names its file or sheet."""
    cell = {} if column is None else {"column": column}
    found = Message("import.place_cell" if cell else "import.place_row", row=row, **cell)
    for kind, name in within.items():
        found = Message(f"import.place_{kind}", sheet=name, place=found)
    return found


def same(row, first):
    """A row that repeats an earlier one."""
    return Message("import.same_as", place=place(row), first=place(first))


def pair(source, target):
    """Two organisations with a tie between them, as questions write it."""
    return Message("import.ask.pair", source=source, target=target)


def one_way(source, target, *where):
    """A tie of a matrix in one direction, and the cell in which it stands."""
    return Message("import.ask.one_way", source=source, target=target, place=place(*where))


def first_row(*cells, **ends):
    """The question whether the first row holds titles; `ends` are the letters of both ends of a tie in a wide row."""
    key = "import.ask.header_wide" if ends else "import.ask.header"
    return Message(key, row=place(1), cells=cells, **ends)


def places_of(problem):
    """The place of each fault."""
    return [fault.values["place"] for fault in problem.faults]


def arcs(result):
    name = result.network.name
    return {(name(tie.source), name(tie.target)) for tie in result.network.ties}


def names(result):
    return [organisation.name for organisation in result.network.organisations]


def shape(result):
    found = arcs(result)
    return len(result.network.organisations), len({frozenset(arc) for arc in found}), len(found)


def outcome(result):
    notes = [note for note in result.notes if note.key != "import.note.as_lines"]
    return "ask" if result.questions else "ok_warn" if notes else "ok"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("newline", ["\r\n", "\n", "\r"])
def test_encodings_and_separators(encoding, separator, newline):
    rows = [("van", "naar"), *NINE]
    result = read(newline.join(separator.join(row) for row in rows) + newline, encoding=encoding)
    assert outcome(result) == "ok"
    assert arcs(result) == set(NINE)
    assert "Crèche Zonnebloem" in str(result.summary[1])


@pytest.mark.parametrize("hint", ["sep=;", "sep=|", '"sep=;"', "SEP=\t"])
def test_hint_for_excel_is_no_row(hint):
    separator = hint.strip('"')[-1]
    result = read(f"{hint}\r\nvan{separator}naar\r\nA-punt{separator}\r\nB-punt{separator}C-punt\r\n")
    assert shape(result) == (3, 1, 1)
    assert str(place(2, "naar")) in notes(result)


def test_commas_and_quotes_in_names():
    result = read(
        'van;naar;nota\nSociaal Huis, loket;"Wijk ""Noord""";a, b\n"Huis; rechts";Sociaal Huis, loket;c,d,e\n'
    )
    assert names(result) == ["Sociaal Huis, loket", 'Wijk "Noord"', "Huis; rechts"]
    assert outcome(result) == "ok"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (["1,5", "2", "0,75", "1.250,5"], [1.5, 2, 0.75, 1250.5]),
        (["2,25", "1.250", "12.500", "3"], [2.25, 1250, 12500, 3]),
        (["2.25", "1,250", "0.125", "1,000,000"], [2.25, 1250, 0.125, 1000000]),
        (["1 250,5", "1.250.000", "1e3", "1,1250"], [1250.5, 1250000, 1000, 1.125]),
    ],
)
def test_decimals(text, expected):
    rows = "".join(f'"Huis {at}";"Plein {at}";"{value}"\n' for at, value in enumerate(text))
    result = read("van;naar;gewicht\n" + rows)
    assert [tie.strength for tie in result.network.ties] == expected
    assert outcome(result) == "ok"


def test_a_thousand_or_a_fraction_is_asked():
    problem = faults("van;naar;gewicht\nHuis;Plein;1.250\n")
    assert str(place(2, "gewicht")) in str(problem)
    question = next(question for question in problem.questions if "1.250" in question.text)
    thousand, fraction = (said("import.ask.decimal_as", value=value) for value in (1250, 1.25))
    assert question.options == [thousand, fraction]
    assert question.choose(thousand).network.ties[0].strength == 1250
    assert question.choose(fraction).network.ties[0].strength == 1.25
    assert read("van,naar,gewicht\nHuis,Plein,1.250\n").network.ties[0].strength == 1.25


@pytest.mark.parametrize("header", ["naam", "Organisatie", "partner", "Label", "name"])
def test_one_column_is_a_list(header):
    result = read(f"{header}\nCAW De Brug\nOCMW Meerlo, dienst\nVDAB, winkel\n")
    assert shape(result) == (3, 0, 0)
    assert said("import.note.no_ties") in notes(result)
    assert outcome(result) == "ok_warn"


def test_spellings_are_merged_and_listed():
    result = read(
        "van;naar\nBrede School;Huisarts Peeters\nBREDE SCHOOL;huisarts  Peeters\n"
        " Brede\u00a0School;Wijkteam\nCafe\u0301;Café\n"
    )
    assert names(result) == ["Brede School", "Huisarts Peeters", "Wijkteam", "Café"]
    for where in (place(3, "van"), place(3, "naar"), place(4, "van"), place(5, "van")):
        assert str(where) in notes(result)
    assert outcome(result) == "ok_warn"


def test_near_names_are_asked_only():
    text = "van;naar\nKind & Plein;Huis Oost\nKind en Plein;Huis West\nKind en Pleni;Wijk A\nDe Welle vzw;Wijk B\n"
    text += "De Welle;Partner 11\nX1;Partner 12\n"
    result = read(text)
    assert len(result.questions) == 2
    first, second = result.questions
    assert "Kind & Plein" in first.text and "Kind en Pleni" in first.text and str(place(4, "van")) in first.text
    assert "De Welle vzw" in second.text
    assert not any(name in first.text + second.text for name in ("Huis", "Wijk", "Partner"))
    before = len(result.network.organisations)
    merged = first.choose(first.options[0])
    assert len(merged.network.organisations) == before - 2
    assert len(merged.questions) == 1
    only = said("import.ask.near_only", spelling="Kind en Pleni", name="Kind & Plein")
    assert len(first.choose(only).network.organisations) == before - 1
    kept = merged.questions[0].choose(said("import.ask.different"))
    assert len(kept.network.organisations) == before - 2 and not kept.questions


@pytest.mark.parametrize(
    ("one", "other", "asked"),
    [
        ("CAW De Brug", "C.A.W. De Brug", True),
        ("CAW De Brug", "CAW De Burg", True),
        ("Café Welkom", "Cafe Welkom", True),
        ("Huis-aan-zee", "Huis aan Zee", True),
        ("Samana", "Samanna", True),
        ("Wijkhuis Noord", "Wijkhuis Zuid", False),
        ("Huis Oost", "Huis West", False),
        ("Partner 1", "Partner 2", False),
        ("A-huis", "B-huis", False),
        ("0012", "12", False),
        ("OCMW", "OCMB", False),
    ],
)
def test_what_is_near(one, other, asked):
    assert bool(read(f"van;naar\n{one};Derde\n{other};Vierde\n").questions) is asked


def test_doubles_and_both_directions():
    text = "van;naar;gewicht\nWelzijn;Werk;\nWelzijn;Werk;3\nWerk;Welzijn;2\nWelzijn;Wonen;1\nWonen;Welzijn;1\n"
    result = read(text)
    assert result.network.directed and shape(result) == (3, 2, 4)
    both = said("import.same_pair", first=place(2), place=place(4))
    assert str(same(3, 2)) in notes(result) and both in notes(result)
    assert result.network.ties[0].strength == 3
    (question,) = result.questions
    dutch = [said("import.ask.directed"), said("import.ask.undirected")]
    assert question.options == dutch
    flat = question.choose(dutch[1])
    assert not flat.network.directed and shape(flat) == (3, 2, 2) and not flat.questions
    doubled = next(note for note in flat.notes if note.key == "import.note.doubled")
    assert doubled.values["n"] == 3 and said("import.note.first_weight") in notes(flat)
    with in_language("en"):
        english = [said("import.ask.directed"), said("import.ask.undirected")]
        assert question.options == english
    assert dutch[0] != english[0] and question.choose(english[0]).network.directed
    with pytest.raises(Problem):
        question.choose("Misschien")


def test_kinds_on_one_pair_stay_apart():
    result = read("From,To,Kind\nA-huis,B-huis,overleg\nA-huis,B-huis,Doorverwijzing\nA-huis,B-huis,overleg\n")
    assert [tie.kind for tie in result.network.ties] == ["overleg", "referral"]
    assert str(place(4)) in notes(result)


def test_self_ties_and_empty_ends():
    text = "naar;van\nWerk;werk \n;Wonen\nWerk;Wonen\nZorg;\nZorg;ZORG\n;\n"
    result = read(text)
    assert shape(result) == (3, 1, 1)
    selves = [Message("import.name_at", name=name, place=place(row)) for name, row in (("Werk", 2), ("Zorg", 6))]
    for where in (place(3, "naar"), place(5, "van"), *selves):
        assert str(where) in notes(result)
    assert outcome(result) == "ok_warn"


@pytest.mark.parametrize("missing", ["NA", "None", "null", "nan", "N/A"])
def test_words_of_computers_are_names(missing):
    assert names(read(f"van;naar\n{missing};Werk\n")) == [missing, "Werk"]


def test_no_header_is_asked():
    result = read("Werk;Wonen\nWerk;Zorg\n")
    assert shape(result) == (3, 2, 2)
    (question,) = result.questions
    assert question.text == str(first_row("Werk", "Wonen"))
    assert shape(question.choose(said("import.ask.titles"))) == (2, 1, 1)
    weighted = read("Werk;Wonen;3\nWerk;Zorg;1,5\n")
    assert [tie.strength for tie in weighted.network.ties] == [3, 1.5] and weighted.questions
    single = read("Werk\nWonen\nZorg\n")
    assert shape(single) == (3, 0, 0) and single.questions


@pytest.mark.parametrize(
    ("header", "ends"),
    [
        ("Nr;Van organisatie;Soort relatie;Naar organisatie;Sterkte (1-5)", 3),
        ("nummer;BRON;type;DOEL;gewicht", 3),
        ("id;Source;Kind;Target;Weight", 3),
        ("volgnr;From node;relation;to_node;strength", 3),
    ],
)
def test_headers_in_any_words_and_order(header, ends):
    result = read(f"{header}\n1;Werk;overleg;Wonen;4\n2;Werk;overleg;Zorg;2\n")
    assert arcs(result) == {("Werk", "Wonen"), ("Werk", "Zorg")}
    assert {tie.kind for tie in result.network.ties} == {"overleg"}
    assert [tie.strength for tie in result.network.ties] == [4, 2]
    assert outcome(result) == "ok"


def test_direction_from_a_column():
    text = "Source,Target,Type,Id,Label,Weight\n{0},{1},{t},5,,1.0\n{1},{0},{t},5,,1.0\n{0},Zorg,{t},5,,2.5\n"
    directed = read(text.format("Werk", "Wonen", t="Directed"))
    assert directed.network.directed and shape(directed) == (3, 2, 3) and outcome(directed) == "ok"
    flat = read(text.format("Werk", "Wonen", t="Undirected"))
    assert not flat.network.directed and shape(flat) == (3, 2, 2) and not flat.questions
    assert str(place(3)) in notes(flat)
    mixed = read("van;naar;richting\nWerk;Wonen;gericht\nWonen;Zorg;ongericht\n")
    assert mixed.network.directed and shape(mixed) == (3, 2, 3) and outcome(mixed) == "ok_warn"


def test_blank_rows_count_and_are_skipped():
    result = read("Overzicht Bree\n\nvan;naar\n\nWerk;Wonen\n;\n  ; \nZorg;\n;;;\n")
    assert shape(result) == (3, 1, 1)
    assert str(place(8, "naar")) in notes(result) and str(place(1)) in notes(result)


def test_leading_zeros_stay():
    assert names(read("van;naar\n007;07\n07;7\n7;007\n")) == ["007", "07", "7"]


def test_all_weights_at_fault_at_once_with_a_way_out():
    text = (
        "van;naar;vertrouwen;sterkte\nWerk;Wonen;6;veel\nWerk;Zorg;3;\nZorg;Wonen;ja;3-5\nZorg;Kind;;-2\nKind;Werk;;0\n"
    )
    problem = faults(text)
    places = [place(2, "sterkte"), place(2, "vertrouwen"), place(4, "sterkte"), place(4, "vertrouwen")]
    assert sorted(map(str, places_of(problem))) == sorted(map(str, [*places, place(5, "sterkte")]))
    assert "import.fault.weight_date" in [fault.key for fault in problem.faults]
    with pytest.raises(ImportProblem) as caught:
        problem.questions[0].choose(problem.questions[0].options[0])
    result = caught.value.questions[0].choose(said("import.ask.without"))
    assert shape(result) == (4, 4, 4)
    assert str(place(6, "sterkte")) in notes(result)
    assert all(tie.strength is None and tie.trust is None for tie in result.network.ties)


def test_rows_wider_than_the_header():
    problem = faults("van;naar\nWerk;Wonen\nSociaal huis;loket;Zorg\nZorg;Kind;;\nWerk;a;b;c\n")
    assert places_of(problem) == [place(3, "C"), place(5, "C")]


def test_quote_that_never_closes():
    problem = faults('van;naar\nWerk;Wonen\n"Zorg;Wonen\nKind;Werk\n', name="ties.csv")
    assert places_of(problem) == [place(3, file="ties")], "of several files, in which"


def test_matrix():
    result = read("naam;Zorg;Werk;Wonen;Los\nWonen;;2;0;\nWerk;;-;2;\nZorg;;;;\nLos;0;0;0;0\n")
    assert arcs(result) == {("Werk", "Wonen")} and shape(result)[0] == 4 and outcome(result) == "ok"
    assert result.network.ties[0].strength == 2 and not result.network.directed
    crosses = read(";Werk;Wonen\nWonen;x;\nWerk;;X\n")
    assert shape(crosses) == (2, 1, 1) and crosses.network.ties[0].strength is None


def test_matrix_that_is_not_symmetric_is_asked():
    result = read(",Werk,Zorg,Kind\nKind,0,1,0\nWerk,0,1,0\nZorg,1,0,0\n")
    assert result.network.directed and shape(result) == (3, 2, 3)
    (question,) = result.questions
    assert question.message.values["pairs"].first == [one_way("Kind", "Zorg", 2, "Zorg")]
    assert str(one_way("Kind", "Zorg", 2, "Zorg")) in question.text
    assert shape(question.choose(said("import.ask.undirected"))) == (3, 2, 2)


def test_matrix_with_labels_that_lack_a_partner():
    problem = faults(";Werk;Zorg;Los\nWerk;0;1;0\nZorg;1;0;0\nVast;0;0;0\n")
    assert [fault.values["name"] for fault in problem.faults] == ["Los", "Vast"]
    assert shape(problem.questions[0].choose(said("import.ask.every"))) == (4, 1, 1)
    assert str(place(3, "Werk")) in str(faults(";Werk;Zorg\nWerk;0;veel\nZorg;veel;0\n".replace(";0;veel", ";0;1")))


@pytest.mark.parametrize(
    "text", ["A-huis;B-huis;C-huis\nB-huis;D-huis\nE-huis\n", "A-huis,B-huis,C-huis\nB-huis,C-huis,A-huis\n"]
)
def test_adjacency_list_is_asked(text):
    result = read(text)
    question = result.questions[0]
    assert f"{pair('A-huis', 'B-huis')}; {pair('A-huis', 'C-huis')}" in question.text
    assert ("A-huis", "C-huis") in arcs(result) and ("C-huis", "A-huis") not in arcs(result)
    assert {"B-huis", "C-huis"} in map(set, arcs(question.choose(said("import.ask.all"))))


def test_two_files_in_any_order():
    ties = ("banden.csv", b"from,to\nw1,w2\nw2,Zorg\nw2,w9\n")
    people = (
        "leden.csv",
        b"code;organisatie;sector;laag;trekker\nw1;Werk;onderwijs ;kern;ja\n"
        b"w2;Wonen;eigen soort;;\nw3;Zorg;Ziekenfonds;Basis;\n",
    )
    for files in ([ties, people], [people, ties]):
        result = read_uploads(files)
        assert names(result)[:3] == ["Werk", "Wonen", "Zorg"] and shape(result) == (4, 3, 3)
        first, second, third, _ = result.network.organisations
        assert (first.id, first.layer, result.lead) == ("w1", "core", "w1")
        assert (second.sector, second.layer, third.sector, third.layer) == ("eigen soort", None, "health-fund", "basic")
        (question,) = result.questions
        assert str(place(4, "to", file="banden")) in question.text and "w9" in question.text
        assert shape(question.choose(said("import.ask.leave"))) == (3, 2, 2)
        assert shape(question.choose(said("import.ask.new"))) == (4, 3, 3)


def test_list_with_double_rows_and_codes():
    result = read("id;naam\n1;Werk\n2;Wonen\n1;werk\n3;Wonen\n")
    assert len(result.network.organisations) == 3 and str(place(4)) in notes(result)
    assert len(result.questions[0].choose("same").network.organisations) == 2
    assert str(place(3, "id")) in str(faults("id;naam\n1;Werk\n1;Wonen\n"))


def test_answers_that_hang_together():
    text = "id;naam\n1;Buurthuis\n2;Buurthuis\n3;Buurhuis\n4;Buurhuis\n"
    result = read_uploads([("a.csv", text.encode()), ("b.csv", b"van;naar\n1;4\n2;3\n4;2\n")])
    assert shape(result)[0] == 4
    while result.questions:
        result = result.questions[0].choose(next(iter(result.questions[0].choices)))
    assert shape(result) == (1, 0, 0)


def test_directed_and_undirected_on_one_pair():
    result = read("van;naar;richting\nWerk;Zorg;gericht\nWerk;Zorg;ongericht\n")
    assert arcs(result) == {("Werk", "Zorg"), ("Zorg", "Werk")}


parts = ["van", "naar", "naam", ";", ";", "\n", "\n", '"', "0", "1,5", "Werk", "Zorg", "|", "\x00", " "]
pieces = st.lists(st.sampled_from(parts)).map(lambda found: "".join(found).encode())


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=80) | pieces)
def test_whatever_comes_is_read_or_refused(content):
    try:
        result = read(content)
    except ImportProblem as problem:
        assert problem.faults and all(map(str, problem.faults))
        return
    for question in result.questions:
        for option in question.options:
            try:
                question.choose(option)
            except ImportProblem as problem:
                assert problem.faults


def test_one_end_without_header():
    assert shape(read("organisatie;naar\nWerk;Wonen\n")) == (2, 1, 1)
    assert arcs(read("Organisatie;Partner;soort\nWerk;Wonen;overleg\n")) == {("Werk", "Wonen")}
    problem = faults("van;iets;nog iets\nWerk;Wonen;x\n")
    assert "van, iets en nog iets" in str(problem)
    assert arcs(problem.questions[0].choose(said("import.place_column", column="iets"))) == {("Werk", "Wonen")}


@pytest.mark.parametrize(
    ("text", "wanted", "counts", "told"),
    [
        # the words above the columns
        ("Nr;Organisatie A;Soort;Organisatie B;Sterkte\n1;Werk;x;Zorg;2\n2;Werk;x;Kind;3\n", "ok", (3, 2), ""),
        ("No;De;Type;Vers;Poids\n1;Werk;x;Zorg;1,5\n2;Werk;x;Kind;3\n", "ok", (3, 2), ""),
        ("Organisation source,Organisation cible,Type de lien\nWerk,Zorg,x\n", "ok", (2, 1), ""),
        ("Doorverwijzer\tDoorverwezen naar\tAantal keer\nWerk\tZorg\t3\n", "ok", (2, 1), ""),
        ("Welke dienst?;Met welke dienst werk je samen?\nWerk;Zorg\nWerk;Kind\n", "ok_warn", (3, 2), "Welke dienst?"),
        ("Van;Sector van;Naar;Sector naar\nWerk;x;Zorg;y\n", "ok", (2, 1), ""),
        ("Naam van de organisatie\nWerk\nZorg\n", "ok_warn", (2, 0), Message("import.note.no_ties")),
        ("Deelnemende organisaties\nWerk\nZorg\n", "ok_warn", (2, 0), Message("import.note.no_ties")),
        ("Organisatie;Lid van;Aantal medewerkers\nWerk;Koepel;3\nZorg;Koepel;veel\n", "ok_warn", (2, 0), ""),
        ("Partner;Rol\nWerk;partner\nZorg;coördinator\n", "ok_warn", (2, 0), Message("import.note.no_ties")),
        # names that look like a header
        ("Dienst;Werk\nWerk;Zorg\nZorg;Dienst\n", "ask", (3, 3), first_row("Dienst", "Werk")),
        ("Partner 1;Zorg\nPartner 2;Zorg\nPartner 1;Partner 2\n", "ask", (3, 3), first_row("Partner 1", "Zorg")),
        ("1;Werk;Zorg\n2;Werk;Kind\n3;Zorg;Kind\n", "ask", (3, 3),
         first_row("1", "Werk", "Zorg", source="B", target="C")),
        ("Organisatie;Partner 1;Partner 2\nWerk;Zorg;Kind\nZorg;Kind;\n", "ask", (3, 3), pair("Werk", "Zorg")),
        # rows that hold no tie
        ("# uit; 12/3\n# door Jan\nvan;naar\nWerk;Zorg\n# rest\nZorg;Kind\n", "ok_warn", (3, 2), place(5)),
        ("Netwerk Bree;maart\n\nvan;naar\nWerk;Zorg\nKind;\n", "ok_warn", (3, 1), place(5, "naar")),
        ("Organisaties;;Band\nvan;naar;sterkte\nWerk;Zorg;2\n", "ok_warn", (2, 1), place(1)),
        ("van;naar\nWerk;Zorg\nvan;naar\nZorg;Kind\n", "ok_warn", (3, 2), place(3)),
        ("van;naar;gewicht\nWerk;Zorg;2\nZorg;Kind;3\nTotaal:;;5\n", "ok_warn", (3, 2), place(4)),
        ("van;naar\nWerk;-\nZorg;?\nWerk;Zorg\n", "ok_warn", (2, 1), place(3, "naar")),
        ("van;naar;;\nWerk;Zorg;;nakijken\n", "error", (), place(2, "D")),
        ("van;naar\r\nWerk;Zorg\nZorg;Kind\rKind;\n", "ok_warn", (3, 2), place(4, "naar")),
        # values
        ("van;naar;gewicht\nWerk;Zorg;−1\nZorg;Kind;veel\nKind;Werk;50%\n", "error", (), place(3, "gewicht")),
        ("van;naar;gewicht\nWerk;Zorg;0,0\nZorg;Kind;1'250,5\n", "ok_warn", (3, 1), place(2, "gewicht")),
        ("van,naar,gewicht\nWerk,Zorg,1,5\nZorg,Kind,0,75\n", "error", (), place(3, "D")),
        ("van;naar;soort\nWerk;Zorg;Overleg\nWerk;Zorg;overleg\n", "ok_warn", (2, 1), same(3, 2)),
        ("van;naar;richting\nWerk;Zorg;->\nZorg;Kind;ja\n", "ok", (3, 2), Message("import.summary.directed")),
        ("van;naar;richting\nWerk;Zorg;soms\n", "ok_warn", (2, 1), "soms"),
        ("nr;naam\n1;Werk\n1;Zorg\n", "ok_warn", (2, 0), Message("import.note.no_ties")),
        ("van;naar\nOCMW Bree;Zorg\nO.C.M.W. Bree;Kind\nocmw-bree;Werk\n", "ask", (6, 3), place(4, "van")),
        ("van;naar\nWijkteam I;Wijkteam II\nTeam Oost;Team West\n", "ok", (4, 2), ""),
        # matrices
        (";Werk;Zorg;Los;Totaal\nWerk;0;1;0;1\nZorg;1;0;0;1\nLos;0;0;0;0\nTotaal;1;1;;\n", "ok_warn", (3, 1), place(5)),
        (";Werk;Zorg;Los\nWerk;nee;ja;nee\nZorg;ja;nee;nee\nLos;nee;nee;nee\n", "ok", (3, 1), ""),
        (";Werk;Zorg\nWerk;;✓\nZorg;✓;\n", "ok", (2, 1), ""),
        (";Werk;Zorg;Los\nWerk;x;1;0\nZorg;;x;1\nLos;;;x\n", "ok_warn", (3, 2),
         Message("import.note.half", places="lijst")),
        (";Werk;Zorg;Los\nWerk;;x;\nZorg;;;x\nLos;x;;\n", "ask", (3, 3), one_way("Werk", "Zorg", 2, "Zorg")),
        (";Werk;Zorg\nWerk;;1\nZorg;;\n", "ask", (2, 1), one_way("Werk", "Zorg", 2, "Zorg")),
        ("Nr;Organisatie;Werk;Zorg;Los\n1;Werk;0;1;0\n2;Zorg;1;0;0\n3;Los;0;0;0\n", "ok", (3, 1), ""),
        ("Organisatie;Sector;Werk;Zorg\nWerk;x;0;1\nZorg;y;1;0\n", "ok", (2, 1), "Sector"),
        ("van\\naar,Werk,Zorg\nWerk,0,veel\nZorg,?,0\n", "error", (), place(2, "Zorg")),
    ],
)  # fmt: skip
def test_the_same_faults_in_other_files(text, wanted, counts, told):
    try:
        result = read(text)
        everything = notes(result) + "".join(map(str, result.summary)) + "".join(each.text for each in result.questions)
        found = outcome(result)
        assert shape(result)[:2] == counts
    except ImportProblem as problem:
        everything, found = str(problem), "error"
    assert found == wanted
    assert str(told) in everything


@pytest.mark.parametrize("encoding", ["cp850", "mac_roman", "cp1252"])
def test_old_character_sets(encoding):
    rows = "van;naar\nCrèche Zon;Coöperatie Wônen\nZoë-huis;Één vzw\n"
    assert names(read(rows, encoding=encoding)) == ["Crèche Zon", "Coöperatie Wônen", "Zoë-huis", "Één vzw"]


def test_codes_that_a_program_made_fractions():
    people = ("leden.csv", b"Nr;Organisatie\n1;Werk\n2;Zorg\n3;Kind\n")
    result = read_uploads([people, ("banden.csv", b"van_nr;naar_nr\n1.0;2.0\n3.0;\n")])
    assert arcs(result) == {("Werk", "Zorg")} and shape(result)[0] == 3 and not result.questions
    assert str(place(3, "naar_nr", file="banden")) in notes(result)
    square = read_uploads([people, ("matrix.csv", b";1;2;3\n1;0;1;0\n2;1;0;0\n3;0;0;0\n")])
    assert shape(square) == (3, 1, 1) and not square.questions


@pytest.mark.parametrize("text", ["", "\n\n", " ; \n;;\n"])
def test_nothing_in_it(text):
    assert faults(text).faults == [Message("import.fault.empty", name="lijst.csv")]


def test_header_only_and_one_organisation():
    assert said("import.note.no_organisations") in notes(read("van;naar\n"))
    assert shape(read("bron;doel;soort\n")) == (0, 0, 0)
    assert shape(read("naam;sector\nWerk;\n")) == (1, 0, 0)


@pytest.mark.parametrize(
    "name",
    ["<script>alert(1)</script>", "=1+1", "@SUM(A1)", "🙂 Huis", "x" * 300, "{places}", "..\\..\\etc", "A\x00B\x07"],
)
def test_hostile_names_are_only_names(name):
    result = read(f"van;naar\n{name};Werk\nWerk;Wonen\n")
    assert shape(result) == (3, 2, 2)
    assert names(result)[0] == name.replace("\x00", "").replace("\x07", "")
    assert result.network.organisations[0].id.replace("-", "").isalnum()
    assert "3" in str(result.summary[0])  # a sentence can be made, whatever stands in a name
    assert bool("\x00" in name) is (str(place(2, "van")) in notes(result))


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("net.txt", b"DL N=3 format = fullmatrix\nlabels:\nA,B,C\ndata:\n0 1 0\n", "refuse.ucinet"),
        ("net.csv", b"\r\n dl nm=2, n=4\n", "refuse.ucinet"),
        ("net.##h", b"\x00\x01", "refuse.ucinet"),
        ("net.net", b"*Vertices 3\n1 \"A\"\n", "refuse.pajek"),
        ("net.txt", b"*node data\nid name\n", "refuse.vna"),
        ("boek.xls", b"\xd0\xcf\x11\xe0\xa1\xb1", "refuse.xls"),
        ("scan.pdf", b"%PDF-1.7", "refuse.pdf"),
        ("antwoorden.json", b'[{"groep": 1}]', "refuse.json"),
        ("vreemd.csv", bytes(range(256)) * 30, "refuse.binary"),
        ("net.gml", b"graph [ node [ id 0 ] ]", "refuse.other"),
        ("net.txt", b"# uit UCINET\n*DL N:4 FORMAT:FM\n", "refuse.ucinet"),
        ("net.txt", "DL\nNR=6 NC=4\n".encode("utf-16"), "refuse.ucinet"),
        ("verhaal.txt", b"Er was eens een netwerk dat heel lang was en waarin veel werd gepraat, " * 9,
         "fault.unreadable"),
    ],
)  # fmt: skip
def test_other_kinds_are_refused_by_name(name, content, why):
    assert faults(content, name=name).faults == [Message(f"import.{why}", name=name)]


def test_all_files_at_fault_at_once(tmp_path):
    with (tmp_path / "groot.csv").open("wb") as file:
        file.truncate(20_000_001)
    with pytest.raises(ImportProblem) as caught:
        read_network(tmp_path / "groot.csv", tmp_path / "weg.csv")
    assert caught.value.faults == [
        Message("import.fault.too_big", name="groot.csv", limit=20),
        Message("import.fault.missing", name="weg.csv"),
    ]


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data are not beside the repository")
def test_published_networks():
    folder = SHARED / "data" / "indiana-tobacco-control"
    result = read_network(folder / "ties.csv", folder / "organisations.csv")
    assert len(result.network.organisations) == 25 and len(result.network.pairs("contact")) == 175
    assert result.network.name(result.lead) == "ITPC" and not result.questions and not result.network.directed
    folder = SHARED / "data" / "knoke-bureaucracies"
    result = read_network(folder / "organisations.csv", folder / "information_exchange.csv")
    assert len(result.network.ties) == 49 and result.network.directed
    assert len(result.questions[0].choose(said("import.ask.undirected")).network.ties) == 32
    assert result.network.name("NEWS") == "Star News"
