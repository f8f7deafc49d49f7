"""Names of organisations that look like something else to a reader of files: a header, a total, a column beside."""

import pytest
from test_exchange_rules import asked, keys, names, pairs, read, refused, table, workbook
from viewing import said

from workshop.domain.network import Network, Organisation, Tie
from workshop.exchange import ImportProblem, read_network, read_uploads, write_network
from workshop.exchange.formats.csv import text_of
from workshop.texts import LANGUAGES, in_language


def two(*ends):
    """Pairs of names, as `pairs` gives them."""
    return {frozenset(pair.split(" - ")) for pair in ends}


# names that are taken for a header


@pytest.mark.parametrize(
    "rows",
    [
        ["CAW", "OCMW", "VDAB", "Vereniging waar armen het woord nemen", "CLB"],
        ["Dienst Welzijn Gent", "CAW", "OCMW", "VDAB"],
        ["Vereniging Ons Huis", "CAW", "OCMW"],
        ["Sociale dienst Onze-Lieve-Vrouw", "CAW", "OCMW"],
        ["CAW", "OCMW", "De Bron", "CLB"],
        ["CAW", "OCMW", "Bron", "CLB"],
    ],
)
def test_a_column_of_names_holds_no_header(rows):
    result = read("\n".join(rows))
    assert names(result) == set(rows) and asked(result)["header"] and not keys(result) & {"title"}
    assert names(asked(result)["header"].choose("titles")) == set(rows[1:])


@pytest.mark.parametrize(
    "first", ["Sociale dienst OCMW;CAW", "De Bron;CAW", "De Bron;Dienst voor Gezinnen Aalst", "Het Begin;De Link"]
)
def test_a_first_row_of_ties_is_no_header(first):
    result = read(f"{first}\nCAW;VDAB\nVDAB;CLB\n")
    assert pairs(result) == two(first.replace(";", " - "), "CAW - VDAB", "VDAB - CLB") and asked(result)["header"]


def test_a_row_of_ties_below_a_header_is_no_header():
    result = read("Organisatie;Samenwerking\nCAW;OCMW\nDienst Welzijn Gent;Dienst voor Gezinnen Aalst\nOCMW;CLB\n")
    assert names(result) == {"CAW", "Dienst Welzijn Gent", "OCMW"} and not result.questions


@pytest.mark.parametrize(
    "header",
    [
        "Voor welke organisatie werk je?;Sector",
        "Organisatie waar je werkt;Sector",
        "Uw dienst of vereniging;Sector",
        "Organisatie of dienst;Sector",
        "Dienst en/of vereniging;Sector",
    ],
)
def test_a_question_is_a_header(header):
    result = read(f"{header}\nCAW;Welzijn\nOCMW;Lokaal\n")
    assert names(result) == {"CAW", "OCMW"} and not result.questions


@pytest.mark.parametrize(
    "header", ["Van;Ander", "Waar werk je;Met wie werk je samen?", "Organisatie van;Ander", "Van (organisatie);Ander"]
)
def test_one_end_by_name_is_a_header(header):
    result = read(f"{header}\nCAW;OCMW\nOCMW;CLB\n")
    assert pairs(result) == two("CAW - OCMW", "OCMW - CLB") and "guessed_end" in keys(result) and not result.questions


@pytest.mark.parametrize("header", ["Naam", "Organisatie", "Deelnemende organisaties", "Naam van de organisatie"])
def test_one_name_below_a_title_is_a_header(header):
    result = read(f"Netwerk 2024\n{header}\nCAW\nOCMW\n")
    assert names(result) == {"CAW", "OCMW"} and keys(result) == {"title", "no_ties"}


# partners beside each other


@pytest.mark.parametrize(
    ("heads", "own", "beside", "told"),
    [
        (["Organisatie", "Contactpersoon"], 0, ["", "An Peeters"], "persons"),
        (["Contactpersoon", "Organisatie"], 1, ["Jan Claes", ""], "persons"),
        (["Organisatie", "Sector"], 0, ["", "Welzijn"], ""),
        (["Tijdstempel", "Voor welke organisatie werk je?"], 1, ["2024-03-10 09:10:04", ""], ""),
    ],
)
def test_only_the_organisation_and_its_numbered_partners_are_read(heads, own, beside, told):
    def row(name, *partners):
        return [name if at == own else text for at, text in enumerate(beside)] + [*partners, "belangrijk"]

    rows = [row("CAW", "OCMW", "CLB"), row("OCMW", "VDAB", "")]
    result = read(table([*heads, "Partner 1", "Partner 2", "Opmerking"], *rows))
    assert names(result) == {"CAW", "OCMW", "CLB", "VDAB"}
    assert pairs(result) == two("CAW - OCMW", "CAW - CLB", "OCMW - VDAB") and asked(result)["adjacency"]
    unused = next(line for line in result.summary if line.key == "import.summary.unused")
    assert "Opmerking" in str(unused) and (told in keys(result) if told else heads[1 - own] in str(unused))


def test_names_behind_the_last_numbered_partner_are_partners():
    result = read("Partner 2;Organisatie;Partner 1;Partner 3;\nOCMW;CAW;CLB;VDAB;DOP\nKaap;OCMW;;;\n")
    assert pairs(result) == two("CAW - OCMW", "CAW - CLB", "CAW - VDAB", "CAW - DOP", "OCMW - Kaap")
    assert not keys(result)
    numbered = read("Organisatie 1;Organisatie 2;Organisatie 3;Sector\nCAW;OCMW;CLB;Welzijn\nOCMW;CLB;VDAB;Lokaal\n")
    assert names(numbered) == {"CAW", "OCMW", "CLB", "VDAB"}
    assert len(asked(numbered)["adjacency"].choose("all").network.ties) == 5


def test_what_is_to_be_said_of_a_sheet_with_partners_is_said_once():
    def hide(sheet):
        sheet.row_dimensions[2].hidden = True

    titled = [["Organisatie", "Sector", "Partner 1", "Partner 2"], ["CAW", "x", "OCMW", "CLB"], ["OCMW", "y", "VDAB"]]
    bare = [["CAW", "OCMW", "CLB"], ["OCMW", "VDAB"], ["CLB", "OCMW", "CAW"]]
    for rows in (titled, bare):
        result = read(workbook(rows, hide), "boek.xlsx")
        assert asked(result)["adjacency"]
        assert [note.values["n"] for note in result.notes if note.key == "import.note.hidden_rows"] == [1]


# columns of a matrix


MIXED = [
    ["Soort organisatie", "privaat", "openbaar", "privaat"],
    ["Soort organisatie", "1", "2", "1"],
    ["Sector van de organisatie", "Welzijn", "Welzijn", "Welzijn"],
    ["Aantal contacten", "3", "5", ""],
    ["Sterkte (1-5)", "1", "2", "1"],
    ["Frequentie", "soms", "wekelijks", "soms"],
    ["Laag", "1", "2", "1"],
]


@pytest.mark.parametrize("name", ["Huis van het Kind", "Kind en Gezin", "De Link", "De Vrolijke Kring", "Rode Ring"])
@pytest.mark.parametrize("corner", ["", "Organisatie"])
def test_a_name_that_holds_a_word_of_a_header_is_a_name_in_a_matrix(name, corner):
    heads = [corner, "CAW", "OCMW", name, "VDAB", "Ring Noord"]
    rows = [["CAW", "", 1, 1, "", ""], ["OCMW", 1, "", "", "", ""], ["VDAB", "", "", 1, "", ""]]
    for beside in ([""] * 4, *MIXED):
        text = table(*([*row, cell] for row, cell in zip([heads, *rows], beside, strict=True)))
        result = read(text) if corner else refused(text).questions[0].choose("every")
        assert names(result) == {"CAW", "OCMW", name, "VDAB", "Ring Noord"}
        assert pairs(result) == two("CAW - OCMW", f"CAW - {name}", f"VDAB - {name}")
        assert beside[0] in "".join(map(str, result.summary))


def test_a_name_that_holds_a_word_of_a_header_stands_above_a_square():
    result = read("CAW;Huis van het Kind;OCMW\n0;1;1\n1;0;0\n1;0;0\n")
    assert pairs(result) == two("CAW - Huis van het Kind", "CAW - OCMW") and asked(result)["same_order"]
    listed = read("Van;Naar;Sterkte\n1;2;3\n2;3;1\n3;1;2\n")
    assert names(listed) == {"1", "2", "3"} and [tie.strength for tie in listed.network.ties] == [3, 1, 2]


# an organisation that is called as a row of totals


@pytest.mark.parametrize("name", ["SOM", "Som", "sum"])
def test_an_organisation_that_is_called_sum_is_no_total(name):
    listed = read(f"naam\nCAW\nOCMW\n{name}\n")
    assert names(listed) == {"CAW", "OCMW", name} and "total" not in keys(listed)
    sorts = read(f"naam;sector;leden\nCAW;Welzijn;5\n{name};Handicap;8\n")
    assert names(sorts) == {"CAW", name} and "total" not in keys(sorts)
    ties = read(f"van;naar;sterkte\nCAW;OCMW;1\nOCMW;{name};2\n{name};CAW;3\n")
    assert pairs(ties) == two("CAW - OCMW", f"OCMW - {name}", f"{name} - CAW") and "total" not in keys(ties)
    lone = read(f"van;naar;sterkte\nCAW;OCMW;1\nOCMW;{name};2\n{name};;5\n")
    assert pairs(lone) == two("CAW - OCMW", f"OCMW - {name}") and keys(lone) == {"empty_end", "as_lines"}
    square = read(f";CAW;OCMW;{name}\nCAW;;1;1\nOCMW;1;;1\n{name};1;1;\n")
    assert pairs(square) == two("CAW - OCMW", f"CAW - {name}", f"OCMW - {name}") and "total" not in keys(square)
    roster = read(f"Organisatie;CAW;OCMW;{name}\nCAW;;x;x\nOCMW;x;;\n")
    assert names(roster) == {"CAW", "OCMW", name} and "total" not in keys(roster)
    unnamed = read(f"CAW;OCMW;{name}\n0;1;1\n1;0;0\n1;0;0\n")
    assert names(unnamed) == {"CAW", "OCMW", name}


@pytest.mark.parametrize("word", ["som", "Som:", "sum", "totaal", "Total", "gemiddelde"])
def test_a_row_or_column_of_totals_is_no_organisation(word):
    for text in (
        f"naam;leden\nCAW;5\nOCMW;3\n{word};8\n",
        f";CAW;OCMW;{word}\nCAW;;1;1\nOCMW;1;;1\n",
        f";CAW;OCMW\nCAW;;1\nOCMW;1;\n{word};1;1\n",
        f";CAW;OCMW;{word}\nCAW;;1;1\nOCMW;1;;1\n{word};1;1;2\n",
        f"van;naar;sterkte\nCAW;OCMW;1\nOCMW;CAW;2\n{word};;3\n",
    ):
        result = read(text)
        assert names(result) == {"CAW", "OCMW"} and "total" in keys(result)
    assert "total" in keys(read("naam;leden\nCAW;5\nOCMW;3\nSom: 8\n"))


@pytest.mark.parametrize("format", ["xlsx", "csv", "graphml", "kumu", "gephi"])
def test_an_organisation_that_is_called_sum_comes_back(format, tmp_path):
    people = [Organisation("caw", "CAW"), Organisation("ocmw", "OCMW"), Organisation("som", "SOM")]
    network = Network(people, [Tie("caw", "ocmw"), Tie("som", "caw", strength=2)])
    ending = {"kumu": "xlsx", "gephi": "csv"}.get(format, format)
    written = write_network(network, tmp_path / f"net.{ending}", format)
    assert read_network(*written.paths).network == network


# lists below each other


def test_the_last_organisation_of_a_list_is_no_title_of_the_next_one():
    ties = "van;naar\nCAW;OCMW\n"
    for above, title in (
        ("naam;sector\nCAW;Welzijn\nOCMW;Lokaal\nVDAB;\n\n", False),
        ("naam;sector\nCAW;Welzijn\nOCMW;Lokaal\nVDAB;\n\nWie met wie\n", True),
        ("naam;sector\nCAW;Welzijn\nOCMW;Lokaal\nVDAB;\n\nWie met wie\n\n", True),
        ("naam;sector\nCAW;Welzijn\nOCMW;Lokaal\nVDAB;Werk\nWie met wie\n", True),
        ("naam\nCAW\nOCMW\nVDAB\n\n", False),
        ("naam\nCAW\nOCMW\nVDAB\n\nWie met wie\n", True),
        ("Organisaties\nCAW\nOCMW\nVDAB\n\n\n", False),
        ("Ons netwerk\nNaam\nCAW\nOCMW\nVDAB\n\n", True),
    ):
        result = read(above + ties)
        assert names(result) == {"CAW", "OCMW", "VDAB"} and pairs(result) == two("CAW - OCMW")
        assert ("title" in keys(result)) == title and "several_tables" in keys(result)


@pytest.mark.parametrize("title", ["Organisaties\n", "Organisaties\n\n", "Organisaties\nToestand 2024\n"])
def test_a_title_of_one_word_is_no_list(title):
    result = read(f"{title}van;naar\nCAW;OCMW\nvan;naar\nOCMW;VDAB\n")
    assert names(result) == {"CAW", "OCMW", "VDAB"} and "several_tables" not in keys(result)


# character sets


@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman", "cp850"])
@pytest.mark.parametrize(
    "rows",
    [
        ["• CAW", "• OCMW"],
        ["• CAW", "Naïef"],
        ["Huis „De Brug“", "CAW"],
        ["Huis „De Brug”", "CAW"],
        ['Huis „De Brug"', "CAW"],
        ["Œuvre Gent", "SACRÉ-CŒUR"],
        ["Crèche Zon", "Coöperatie Wônen", "Caïro", "Één vzw", "Málaga en cé"],
    ],
)
def test_old_character_sets_with_signs(encoding, rows):
    text = "naam\n" + "\n".join(rows)
    raw = text.encode(encoding, errors="replace")
    if raw.decode(encoding) == text:
        assert text_of("lijst.csv", raw) == text


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        ("Zoë\nCAW\xa0Gent\nCLB\xa0Gent", "cp1252"),
        ("CAW\xa0Gent", "cp1252"),
        ("Être Ensemble", "cp1252"),
        ("Van Nÿlen", "cp1252"),
        ("Naïef", "mac_roman"),
        ("Länder", "cp850"),
        ("l'île", "cp850"),
    ],
)
def test_a_letter_alone_tells_the_old_character_set(name, encoding):
    raw = f"naam\n{name}\n".encode(encoding)
    assert text_of("lijst.csv", raw) == f"naam\n{name}\n"
    assert names(read(raw)) == set(name.replace("\xa0", " ").split("\n"))


# several files, each with its own answers


FILES = {
    "column.target": (
        "Van;Alfa;Beta\nCAW;OCMW;CLB\nOCMW;VDAB;CAW\n",
        "Van;Opm;Alfa;Beta\nCAW;hallo;OCMW;VDAB\nOCMW;dag;VDAB;CLB\n",
    ),
    "header": ("CAW;OCMW\nOCMW;CLB\n", "Begon;Stopte\nVDAB;OCMW\n"),
    "adjacency": ("CAW;OCMW;CLB\nOCMW;CLB\nCLB;CAW;OCMW\n", "VDAB;OCMW;CAW\nOCMW;VDAB\nCAW;VDAB;OCMW\n"),
    "more": ("van;naar\nCAW;OCMW;CLB\nOCMW;CLB;CAW\n", "van;naar\nCAW;OCMW;CLB\nOCMW;CLB;CAW\n"),
    "kind_column": ("van;naar;formeel\nCAW;OCMW;ja\nOCMW;CLB;nee\n", "van;naar;actief\nCAW;OCMW;ja\nOCMW;CLB;nee\n"),
    "persons": ("naam;functie\nCAW;x\nOCMW;y\n", "naam;functie\nAn Peeters;x\nPiet Claes;z\n"),
    "same_order": ("CAW;OCMW;CLB\n0;1;1\n1;0;0\n1;0;0\n", "CLB;VDAB;CAW\n0;1;1\n1;0;0\n1;0;0\n"),
    "meetings": (";Raad;Groep\nCAW;x;x\nOCMW;;x\n", ";Straat;Buurt\nCAW;x;x\nVDAB;;x\n"),
}


@pytest.mark.parametrize("key", FILES)
def test_an_answer_holds_for_one_file(key):
    def questions(found):
        return [question for question in found.questions if question.key.startswith(key)]

    uploads = [(name, text.encode()) for name, text in zip(("a.csv", "b.csv"), FILES[key], strict=True)]
    found = outcome(uploads)
    first, second = questions(found)
    assert (file_of(first), file_of(second)) == ("a", "b")
    once = outcome(uploads, first)
    assert [question.key for question in questions(once)] == [second.key]
    alone = questions(outcome(uploads[:1]))[0]
    assert file_of(alone) is None and alone.key == key


def outcome(uploads, question=None):
    """What is read, or the refusal; with the first answer to a question."""
    try:
        return question.choose(next(iter(question.choices))) if question else read_uploads(uploads)
    except ImportProblem as problem:
        return problem


def file_of(question):
    """The file that a question says it is about; None where it names none."""
    about = question.message
    return about.values["sheet"] if about.key == "import.ask.about_file" else None


def test_a_number_of_a_column_is_of_its_own_file():
    uploads = [(name, text.encode()) for name, text in zip(("a.csv", "b.csv"), FILES["column.target"], strict=True)]
    alfa = said("import.place_column", column="Alfa")
    for _ in range(2):
        found = outcome(uploads)
        question = next(one for one in found.questions if file_of(one) == "a")
        with pytest.raises(ImportProblem) as caught:
            question.choose(alfa)
        result = caught.value.questions[0].choose(alfa)
        assert names(result) == {"CAW", "OCMW", "VDAB"}
        uploads.reverse()


def test_two_lists_on_one_sheet_have_answers_of_their_own():
    text = "Van;Alfa;Beta\nCAW;OCMW;CLB\n\nVan;Opm\nCAW;OCMW\n"
    found = outcome([("a.csv", text.encode())])
    assert len({question.key for question in found.questions}) == len(found.questions)


# codes, sectors and kinds


@pytest.mark.parametrize("format", ["xlsx", "csv", "graphml", "kumu", "gephi"])
def test_a_code_is_no_other_spelling_of_a_name(format, tmp_path):
    people = [Organisation("caw", "CAW"), Organisation("ocmw", "OCMW"), Organisation("vdab", "VDAB")]
    network = Network(people, [Tie("caw", "ocmw"), Tie("vdab", "caw")], directed=True)
    ending = {"kumu": "xlsx", "gephi": "csv"}.get(format, format)
    result = read_network(*write_network(network, tmp_path / f"net.{ending}", format).paths)
    assert result.network == network and "merged" not in keys(result)


def test_another_spelling_of_a_name_is_said():
    assert "merged" in keys(read("van;naar\nCAW;OCMW\ncaw;VDAB\n"))
    listed = read("id;naam;van;naar\ncaw;CAW;;\nocmw;OCMW;;\n;;Caw;ocmw\n")
    merged = next(note for note in listed.notes if note.key == "import.note.merged")
    assert "Caw" in str(merged) and "ocmw" not in str(merged)


def test_the_question_about_one_name_speaks_of_no_codes_where_there_are_none():
    question = asked(read("naam;sector\nCAW;Welzijn\nCAW;Onderwijs\n"))["name"]
    assert question.message.key == "import.ask.name"
    for language in LANGUAGES:
        with in_language(language):
            assert "CAW" in question.text and "code" not in question.text.lower()


def test_a_sector_and_a_kind_keep_their_own_spelling():
    rows = ["CAW;Zorgstraat;;;", "OCMW;zorgstraat;;;", ";;CAW;OCMW;zorgstraat", ";;OCMW;CAW;ZORGSTRAAT"]
    text = "\n".join(["naam;sector;van;naar;soort", *rows])
    network = read(text).network
    assert {one.sector for one in network.organisations} == {"Zorgstraat"}
    assert {tie.kind for tie in network.ties} == {"zorgstraat"}


# -- what was right before all this ------------------------------------------------------------------------------------


@pytest.mark.parametrize("head", ["School", "Aanvrager", "Naam van je dienst of voorziening", ""])
def test_whoever_stands_before_numbered_partners_is_tied_to_them(head):
    result = read(
        table([head, "Partner 1", "Partner 2", "Partner 3"], ["De Ster", "OCMW", "CAW", "CLB"], ["VDAB", "CLB"])
    )
    assert pairs(result) == {frozenset(pair) for pair in (("De Ster", n) for n in ("OCMW", "CAW", "CLB"))} | {
        frozenset(("VDAB", "CLB"))
    }


def test_a_partner_below_no_header_or_another_word_is_one_too():
    result = read(table(["Organisatie", "Partner 1", "", "Partner 3"], ["OCMW", "CAW", "CLB", "VDAB"]))
    assert names(result) == {"OCMW", "CAW", "CLB", "VDAB"}
    result = read(table(["Organisatie", "Hoofdpartner", "Partner 2", "Partner 3"], ["OCMW", "CAW", "CLB", "VDAB"]))
    assert names(result) == {"OCMW", "CAW", "CLB", "VDAB"}


@pytest.mark.parametrize(
    "rows",
    [
        [
            [None, "OCMW", "CAW", "CLB", "Som"],
            ["OCMW", "", "x", "x", 2],
            ["CAW", "x", "", "", 1],
            ["CLB", "x", "", "", 1],
            ["Som", 2, 1, 1, 4],
        ],
        [
            [None, "OCMW", "CAW", "CLB", "Som"],
            ["OCMW", "", 1, 1, 2],
            ["CAW", 1, "", "", 1],
            ["CLB", 1, "", "", 1],
            ["Som", 2, 1, 1, ""],
        ],
        [
            [None, "OCMW", "CAW", "CLB", "Som"],
            ["OCMW", "", "0.333", "0.333", "0.67"],
            ["CAW", "0.333", "", "", "0.33"],
            ["CLB", "0.333", "", "", "0.33"],
            ["Som", "0.67", "0.33", "0.33", "1.33"],
        ],
    ],
    ids=["crosses", "no corner", "rounded"],
)
def test_sums_beside_and_below_a_matrix_are_no_organisation(rows):
    assert names(read(table(*rows))) == {"OCMW", "CAW", "CLB"}


@pytest.mark.parametrize("head", ["In welke sector werk je?", "Soort werking", "Niveau van samenwerking (1-5)"])
def test_codes_beside_a_roster_are_no_organisation(head):
    rows = (["OCMW", 1, 0, 1, 1], ["CAW", 2, 1, 0, 0], ["CLB", 3, 1, 0, 0])
    assert names(read(table(["Organisatie", head, "OCMW", "CAW", "CLB"], *rows))) == {"OCMW", "CAW", "CLB"}


@pytest.mark.parametrize("head", ["Deelnemende organisaties aan het overleg", "Dienst of organisatie die deelneemt"])
def test_a_sentence_beside_a_word_for_a_column_is_a_header(head):
    assert names(read(table([head, "Sector"], ["OCMW", "welzijn"], ["CAW", "zorg"]))) == {"OCMW", "CAW"}


@pytest.mark.parametrize("head", ["Werkt structureel samen met", "Verwijst meestal naar", "Refers most clients to"])
def test_a_sentence_that_ends_on_an_end_is_a_header(head):
    result = read(table(["School", head], ["OCMW", "CAW"], ["CAW", "CLB"]))
    assert pairs(result) == {frozenset(("OCMW", "CAW")), frozenset(("CAW", "CLB"))}


def test_other_columns_beside_numbered_partners_are_no_partners():
    result = read(
        table(
            ["Organisatie", "Gemeente", "Partner 1", "Partner 2", "Doelgroep"], ["OCMW", "Gent", "CAW", "CLB", "ouders"]
        )
    )
    assert names(result) == {"OCMW", "CAW", "CLB"}


def test_a_list_with_a_blank_row_below_its_heading_is_one():
    rows = (["Organisatie"], [""], ["OCMW"], ["CAW"], ["CLB"], [""], ["Van", "Naar"], ["OCMW", "CAW"])
    assert names(read(table(*rows))) == {"OCMW", "CAW", "CLB"}


@pytest.mark.parametrize("head", ["Domein De Gavers", "VZW De Laag"])
def test_a_name_with_a_word_of_a_column_is_one_in_a_roster(head):
    rows = (["OCMW", 1, 0, 1, 1], ["CAW", 0, 1, 0, 0], ["CLB", 1, 1, 0, 0])
    assert head in names(read(table(["Organisatie", head, "OCMW", "CAW", "CLB"], *rows)))


@pytest.mark.parametrize("between", [[], [[""]]], ids=["tight", "with blank rows"])
def test_a_title_in_several_lines_is_no_list(between):
    rows = [["Organisaties"], *between, ["Lindekerke"], *between, ["Versie januari 2026"], *between]
    rows += [["Organisatie", "Sector"], ["OCMW", "welzijn"], ["CAW", "zorg"]]
    assert names(read(table(*rows))) == {"OCMW", "CAW"}


def test_a_title_right_below_a_list_is_no_organisation():
    rows = (
        ["Organisatie", "Sector"],
        ["OCMW", "welzijn"],
        ["CAW", "zorg"],
        ["Lijnen"],
        [""],
        ["Van", "Naar"],
        ["OCMW", "CAW"],
    )
    result = read(table(*rows))
    assert names(result) == {"OCMW", "CAW"} and len(result.network.ties) == 1


@pytest.mark.parametrize(
    "code, name",
    [
        ("cp850", "Vzw Fátima"),
        ("cp850", "János Kovács"),
        ("cp850", "La Fraîcheur"),
        ("cp850", "äpfel"),
        ("mac_roman", "Sinaï"),
    ],
)
def test_one_letter_tells_an_old_set(code, name):
    assert names(read(f"naam\n{name}\nCAW\n".encode(code))) == {name, "CAW"}
