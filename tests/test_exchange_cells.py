"""What stands in cells and may be read as something else: both ends of a tie, several names, crosses, no tie at all."""

import io

import pytest
from openpyxl import Workbook
from test_exchange_names import two
from test_exchange_rules import asked, keys, names, pairs, read, refused, table

from workshop.exchange import ImportProblem, read_uploads

THREE = two("OCMW - CAW", "CAW - VDAB", "VDAB - CM")
ENDS = [["OCMW", "CAW"], ["CAW", "VDAB"], ["VDAB", "CM"]]


def beside(heads, *columns):
    """A list of three ties with more columns beside both ends."""
    return table(heads, *([*ends, *more] for ends, *more in zip(ENDS, *columns, strict=True)))


# both ends of a tie in one cell


@pytest.mark.parametrize("heads", [["Van", "Naar"], ["Organisatie", "Partner"], ["Partner A", "Partner B"]])
@pytest.mark.parametrize(
    "texts",
    [
        ["zwak -> sterk", "geen -> zwak", "zwak -> sterk"],
        ["2020 -> heden", "2022 -> heden", "2021 -> 2023"],
        ["A -> B", "B -> A", "A <-> B"],
        ["Els (OCMW) belt Jo", "Jan (OCMW) mailt Li", "Li (OCMW) belt An"],
    ],
)
def test_a_column_beside_both_ends_is_not_taken_apart(heads, texts):
    result = read(beside([*heads, "Evolutie"], texts))
    assert pairs(result) == THREE and "one_cell" not in keys(result)


def test_a_name_with_brackets_is_not_taken_apart():
    four = ["CLB (GO!) Geel", "CLB (GO!) Mol", "CLB (VCLB) Geel", "CLB (VCLB) Mol"]
    listed = table(["Naam", "Telefoon"], *([name, f"014 56 78 9{at}"] for at, name in enumerate(four)))
    assert names(asked(refused(listed))["persons"].choose("organisations")) == set(four)
    assert names(read(table(["Organisatie", "Sector"], *([name, "onderwijs"] for name in four)))) == set(four)
    ties = read(table(["Van", "Naar"], *([name, "VDAB"] for name in four)))
    assert names(ties) == {*four, "VDAB"} and len(pairs(ties)) == 4
    square = read(table(["", *four], *([name, *("x" if name != other else "" for other in four)] for name in four)))
    assert names(square) == set(four) and len(pairs(square)) == 6


@pytest.mark.parametrize(
    "text",
    [
        "OCMW -> CAW\nCAW -> VDAB\nVDAB -> CM\n",
        "Lijn\nOCMW -> CAW\nCAW -> VDAB\nVDAB -> CM\n",
        "Relatie;Opmerking\nOCMW -> CAW;goed\nCAW -> VDAB;zo zo\nVDAB -> CM;goed\n",
        "Soort;Lijn\noverleg;OCMW -> CAW\noverleg;CAW -> VDAB\noverleg;VDAB -> CM\n",
        "Van en naar;Sterkte\nOCMW -> CAW;3\nCAW -> VDAB;2\nVDAB -> CM;1\n",
        "SUID,interaction,name,shared name\n1,kent,OCMW (kent) CAW,OCMW (kent) CAW\n"
        "2,kent,CAW (kent) VDAB,CAW (kent) VDAB\n3,kent,VDAB (kent) CM,VDAB (kent) CM\n",
        "Lijn;Overleg;Doorverwijzing\nOCMW -> CAW;x;\nCAW -> VDAB;x;x\nVDAB -> CM;;x\n",
        "Thema;Lijn;Sterkte\nWonen;OCMW -> CAW;3\nJeugd;CAW -> VDAB;2\nWerk;VDAB -> CM;1\n",
        "Gemeente;Verwijzing\nGeel;OCMW -> CAW\nMol;CAW -> VDAB\nMol;VDAB -> CM\n",
        "Werkgroep;Verbinding\nWonen;OCMW -> CAW\nJeugd;CAW -> VDAB\nWerk;VDAB -> CM\n",
        "Organisatie;Relatie\nOCMW;OCMW -> CAW\nCAW;CAW -> VDAB\nVDAB;VDAB -> CM\n",
        "Naam invuller;Relatie\nAn;OCMW -> CAW\nJo;CAW -> VDAB\nLi;VDAB -> CM\n",
        "Lijn\nOCMW (overleg) CAW\nCAW (overleg) VDAB\nVDAB (verwijst) CM\nCM (verwijst) VDAB\n",
        "name,EdgeBetweenness\nOCMW (pp) CAW,3\nCAW (pp) VDAB,2\nVDAB (pp) CM,2\n",
    ],
)
def test_ties_in_one_cell_are_taken_apart_and_what_stands_beside_is_said(text):
    result = read(text)
    assert pairs(result) == THREE and "one_cell" in keys(result)
    said = "".join(map(str, result.summary))
    assert all(head in said for head in ("Opmerking", "Sterkte", "Thema", "Overleg") if head in text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("School;Werkt samen met;Evolutie\nOCMW;CAW;zwak -> sterk\nCAW;VDAB;geen -> zwak\n", {"OCMW", "CAW", "VDAB"}),
        ("Aanvrager;Uitvoerder;Evolutie\nOCMW;CAW;zwak -> sterk\nCAW;VDAB;geen -> zwak\n", {"OCMW", "CAW", "VDAB"}),
        ("Naam;Evolutie\nOCMW;zwak -> sterk\nCAW;geen -> zwak\n", {"OCMW", "CAW"}),
        ("Actor;Trend;Opmerking\nOCMW;zwak -> sterk;\nCAW;geen -> zwak;goed\n", {"OCMW", "CAW"}),
        ("Naam;Score\nCLB (GO!) Geel;3\nCLB (GO!) Mol;2\n", {"CLB (GO!) Geel", "CLB (GO!) Mol"}),
    ],
)
def test_what_looks_like_ties_beside_names_is_left(text, expected):
    try:
        result = read(text)
    except ImportProblem as problem:
        result = asked(problem)["column"].choose("0")
    if "header" in asked(result):
        result = asked(result)["header"].choose("titles")
    assert names(result) == expected


# crosses: a kind of tie, a meeting, a partner, never a name


@pytest.mark.parametrize(
    "heads",
    [["Van", "Naar"], ["Organisatie", "Partner"], ["Organisatie 1", "Organisatie 2"], ["Actor A", "Actor B"]],
)
@pytest.mark.parametrize(("yes", "no"), [("Ja", "Nee"), ("x", "")])
def test_meeting_is_a_kind_of_tie_beside_both_ends(heads, yes, no):
    result = read(beside([*heads, "Samen overleg", "Doorverwijzing"], [yes, no, yes], [no, yes, yes]))
    assert pairs(result) == THREE and "meetings" not in asked(result)
    assert {tie.kind for tie in result.network.ties} == {"Samen overleg", "referral"}


@pytest.mark.parametrize(
    "heads",
    [
        ["Organisatie", "Stuurgroep", "Werkgroep wonen"],
        ["Organisatie", "Partner", "Stuurgroep", "Werkgroep wonen"],
        ["", "Organisatie 1", "Organisatie 2"],
        ["", "1", "2", "3"],
        ["Gemeente", "OCMW", "CAW"],
        ["School", "OCMW", "CAW"],
    ],
)
@pytest.mark.parametrize(("yes", "no"), [("ja", "nee"), ("x", ""), ("1", "0")])
def test_names_before_crosses_are_asked_and_crosses_are_no_names(heads, yes, no):
    rows = [["Geel", yes, yes, no], ["Mol", yes, no, yes], ["Balen", no, yes, yes]]
    result = read(table(heads, *(row[: len(heads)] for row in rows)))
    assert names(result) == {"Geel", "Mol", "Balen"} and "meetings" in asked(result)


@pytest.mark.parametrize(
    "rows",
    [
        [["Organisatie", "Aantal VTE", "Vestigingen"], ["OCMW", 40, 6], ["CAW", 12, 3], ["VDAB", 1, 1], ["CM", 0, 1]],
        [["Organisatie", "Score 1", "Score 2"], ["OCMW", 4, 4], ["CAW", 2, 3], ["VDAB", 0, 1], ["CM", 1, 1]],
        [["Organisatie", 2022, 2023], ["OCMW", 12, 8], ["CAW", 5, 3], ["VDAB", 1, 1], ["CM", 0, 1]],
        [
            ["Naam", "Lid", "Getekend"],
            ["OCMW", "deels", "nog niet"],
            ["CAW", "ja", "nee"],
            ["VDAB", "nee", "ja"],
            ["CM"],
        ],
        [
            ["Organisatie", "Wonen", "Jeugd"],
            ["OCMW", "hoofdtaak", "neventaak"],
            ["CAW", "x"],
            ["VDAB", "x", "x"],
            ["CM"],
        ],
        [["Sector", "Naam", "A", "B"], ["x", "OCMW", 4, 3], ["", "CAW", 2, 3], ["", "VDAB", 1, 1], ["y", "CM", 0, 1]],
    ],
)
def test_a_row_of_a_list_heads_no_crosses(rows):
    result = read(table(*rows))
    assert names(result) == {"OCMW", "CAW", "VDAB", "CM"} and not result.questions and "title" not in keys(result)


@pytest.mark.parametrize(
    "above",
    [
        [["Overzicht van het overleg"], ["Organisatie", "Stuurgroep", "Werkgroep"]],
        [["Wie zit waar?", "2024"], ["Actor", "Stuurgroep", "Werkgroep"]],
        [["", "Overleg", ""], ["Organisatie", "Stuurgroep", "Werkgroep"]],
        [["Organisatie", "Overleg", ""], ["", "Stuurgroep", "Werkgroep"]],
        [["Overleg", "januari", "maart"], ["", "Stuurgroep", "Werkgroep"]],
        [["Datum", "12/3", "14/5"], ["Organisatie", "Stuurgroep", "Werkgroep"]],
        [["Voorzitter", "An", "Jo"], ["Organisatie", "Stuurgroep", "Werkgroep"]],
        [["Aantal deelnemers", "2", "2"], ["Organisatie", "Stuurgroep", "Werkgroep"]],
    ],
)
def test_titles_may_stand_above_the_header_of_meetings(above):
    question = asked(read(table(*above, ["OCMW", "x", ""], ["CAW", "x", "x"], ["VDAB", "", "x"])))["meetings"]
    assert pairs(question.choose("meeting_ties")) == two("OCMW - CAW", "CAW - VDAB")


def test_crosses_below_a_word_are_no_names_but_letters_may_be():
    heads = ["Wie doet wat?", "Wonen", "Energie", "Jeugd"]
    result = read(table(heads, ["OCMW", "x", "x", ""], ["CAW", "x", "", "x"]))
    assert names(asked(result)["header"].choose("titles")) == {"OCMW", "CAW"}
    ends = read("Verstrekker;Afnemer;Steun;Hulp\nOCMW;CAW;x;\nCAW;VDAB;;x\nVDAB;CM;x;\n")
    assert pairs(asked(ends)["header"].choose("titles")) == THREE
    assert names(read("A;X\nB;X\nC;X\n")) == {"A", "B", "C", "X"}
    assert names(read("A;B;C\nD;V;J\nE;J\n")) == set("ABCDEVJ")
    assert names(read("2;1\n3;1\n4;0\n")) == {"0", "1", "2", "3", "4"}
    assert pairs(read("OCMW;CAW;ja;nee\nCAW;VDAB;nee;ja\nVDAB;CM;ja;ja\n")) == THREE


# several names in a cell


def partners(sign, *lists):
    """Who answered, and the partners of each in one cell."""
    return table(["Organisatie", "Werkt samen met"], *([name, sign.join(parts)] for name, *parts in lists), sign="\t")


SPLIT = [["OCMW Geel", "CAW", "VDAB", "CM"], ["Kind en Gezin", "CAW", "VDAB"], ["De Kouter", "VDAB", "CM"]]
FORM = [["De Kouter", "CAW", "VDAB", "CM"], ["Kind en Gezin", "CAW", "VDAB"], ["OCMW", "VDAB", "CM", "Kind en Gezin"]]


@pytest.mark.parametrize("lists", [SPLIT, FORM])
@pytest.mark.parametrize("sign", [";", "; ", ", ", "\n"])
def test_names_that_stand_in_several_cells_are_names(lists, sign):
    split = asked(read(partners(sign, *lists), "lijst.txt"))["joined"].choose("split")
    assert pairs(split) == {frozenset((name, other)) for name, *others in lists for other in others}


@pytest.mark.parametrize(
    "rows",
    [
        [["CAW, Geel", "CAW, Mol"], ["CLB, Geel", "CLB, Mol"], ["CLB, Geel", "CAW, Mol"]],
        [["Huis, Markt 1, Geel", "CAW"], ["Dienst, Markt 2, Geel", "CAW"]],
        [["Werk; leren", "OCMW"], ["CAW", "Werk; leren"]],
        [["OCMW; dienst wonen", "CAW"], ["Stad; dienst wonen", "CAW"]],
        [["CAW (JAC, wonen)", "OCMW"], ["CLB (JAC, wonen)", "OCMW"], ["wonen", "OCMW"]],
        [["Kind en Gezin", "OCMW"], ["Kind", "OCMW"]],
    ],
)
def test_a_name_with_a_sign_in_it_is_not_asked(rows):
    result = read(table(["van", "naar"], *rows, sign="\t"), "lijst.txt")
    assert "joined" not in asked(result) and names(result) == {name for row in rows for name in row}


@pytest.mark.parametrize(
    "rows",
    [
        [["OCMW\nGeel", "CAW\nMol"], ["CLB\nGeel", "OCMW\nGeel"], ["Politie\nGeel", "CLB\nGeel"]],
        [["De Brug\nvzw", "CAW"], ["De Kiem\nvzw", "CAW"]],
        [["OCMW Geel\n(sociale dienst)", "CAW"], ["OCMW Mol\n(sociale dienst)", "CAW"]],
    ],
)
def test_a_name_on_two_lines_is_one_name(rows):
    result = read(table(["van", "naar"], *rows, sign="\t"), "lijst.txt")
    assert "joined" not in asked(result)
    assert names(result) == {name.replace("\n", " ") for row in rows for name in row}


HUIS, DIENST = (
    ["Huis van het Kind, Geel", "Huis van het Kind, Mol"],
    ["Stad Geel, dienst Wonen", "Stad Geel, dienst Jeugd"],
)


@pytest.mark.parametrize("one", [HUIS, DIENST, ["De Brug, vzw", "De Kiem, vzw"]])
def test_a_name_with_a_comma_of_somebody_who_answered_stays_whole(one):
    first, second = one
    lists = [
        [first, "OCMW Geel", "CAW", "CLB"],
        [second, "CAW", "CLB"],
        ["OCMW Geel", first, "CAW"],
        ["CAW", "OCMW Geel", first, second, "CLB"],
        ["CLB", "CAW", second, "OCMW Geel"],
    ]
    result = read(partners(", ", *lists), "lijst.txt")
    assert names(result) == {"OCMW Geel", "CAW", "CLB", first, second}
    assert pairs(result) == {frozenset((name, other)) for name, *others in lists for other in others}


def test_partners_of_one_cell_that_stand_in_another_are_several():
    lists = [["De Kouter", "CAW", "VDAB"], ["OCMW", "CAW", "VDAB", "CM"], ["CM", "VDAB", "CAW", "OCMW"]]
    split = asked(read(partners(", ", *lists), "lijst.txt"))["joined"].choose("split")
    assert names(split) == {"De Kouter", "OCMW", "CM", "CAW", "VDAB"}


def test_a_name_with_a_comma_makes_no_other_one_doubtful():
    rows = [["Huis, dienst wonen", "OCMW"], ["OCMW, dienst wonen", "CAW"]]
    question = asked(read(table(["van", "naar"], *rows)))["joined"]
    assert "Huis, dienst wonen" in names(question.choose("split"))


@pytest.mark.parametrize(
    ("cell", "parts"),
    [
        ("CAW, VDAB en CM", ["CAW", "VDAB", "CM"]),
        ("CAW, Kind en Gezin", ["CAW", "Kind en Gezin"]),
        ("Kind en Gezin en CAW", ["Kind en Gezin", "CAW"]),
        ("CAW en VDAB en CM", ["CAW", "VDAB", "CM"]),
        ("Huis (wonen, schulden), VDAB", ["Huis (wonen, schulden)", "VDAB"]),
        ("• CAW\n• VDAB\n• CM", ["CAW", "VDAB", "CM"]),
        ("1. CAW\n2. VDAB", ["CAW", "VDAB"]),
        ("1) CAW\n2) VDAB", ["CAW", "VDAB"]),
        ("- CAW\n- VDAB", ["CAW", "VDAB"]),
    ],
)
def test_a_cell_is_split_into_names(cell, parts):
    rows = [["OCMW", cell], ["CAW", "OCMW"], ["VDAB", "• CAW"], ["CM", "1. CAW"], ["Kind en Gezin", "CAW"]]
    split = asked(read(table(["Organisatie", "Werkt samen met"], *rows)))["joined"].choose("split")
    assert names(split) == {"OCMW", "CAW", "VDAB", "CM", "Kind en Gezin", *parts}
    assert {frozenset(("OCMW", part)) for part in parts} <= pairs(split)


@pytest.mark.parametrize("heads", [["Project", "Partners"], ["Werkgroep", "Leden"], ["Thema", "Organisaties"]])
def test_several_names_behind_a_project_are_asked(heads):
    rows = [["Wonen", "OCMW, CAW, CM"], ["Jeugd", "OCMW, Samenlevingsopbouw"], ["Werk", "CAW"]]
    question = asked(read(table(heads, *rows)))["joined"]
    assert names(question.choose("split")) == {"OCMW", "CAW", "CM", "Samenlevingsopbouw"}


@pytest.mark.parametrize("heads", [["Naam", "Sector"], ["Nr", "Organisatie"], ["Sector", "Organisatie"]])
def test_a_list_of_organisations_is_not_asked_whether_its_names_are_one(heads):
    at = heads.index("Naam") if "Naam" in heads else 1
    rows = [[name, "x"] if at == 0 else ["7", name] for name in ("VDAB", "VDAB, winkel", "OCMW")]
    assert not read(table(heads, *rows)).questions


@pytest.mark.parametrize(
    "texts",
    [["OCMW", "CAW", "OCMW, dienst zorg", "Huis, zorg"], ["Jeugd", "Welzijn", "Jeugd en Welzijn", "OCMW, zorg"]],
)
def test_one_name_on_each_row_behind_a_town_is_one(texts):
    rows = [[town, name] for town, name in zip(["Geel", "Geel", "Mol", "Mol"], texts, strict=True)]
    result = read(table(["Gemeente", "Organisatie"], *rows))
    assert names(result) == set(texts) and not result.questions


# answers that may say that there is no tie


@pytest.mark.parametrize(
    "word",
    [
        "Zelden of nooit", "geen samenwerking", "0 - geen", "0 = nooit", "0 keer", "bijna nooit", "0 keer in 2023",
        "0 (geen contact in 2023)", "helaas, geen contact", "1 (nooit)", "geen, nog niet",
        "Minder dan 1 keer per jaar (of nooit)", "Soms, of helemaal niet", "1 (nooit of bijna nooit)",
        "1 (geen contact het voorbije jaar)",
    ],
)  # fmt: skip
def test_an_answer_that_may_mean_no_tie_is_asked(word):
    listed = beside(["Van", "Naar", "Hoe vaak"], ["wekelijks", word, "maandelijks"])
    rows = [["OCMW", "", "wekelijks", ""], ["CAW", "wekelijks", "", word], ["VDAB", "", word, ""]]
    for text in (listed, table(["", "OCMW", "CAW", "VDAB"], *rows)):
        result = read(text)
        question = asked(result)["denied"]
        assert word in question.text and "wekelijks" not in question.text
        assert frozenset(("CAW", "VDAB")) not in pairs(result) and "words" in asked(result)
        assert frozenset(("CAW", "VDAB")) in pairs(question.choose("denied_yes"))
        assert pairs(question.choose("denied_no")) == pairs(result)


@pytest.mark.parametrize(
    "word",
    [
        "0-1 keer per week", "0,5 dag per week", "vaak", "10 keer", "3", "3,0", "0 tot 5 keer per jaar", "0 of 1 keer",
        "0 à 1 keer per maand", "maandelijks, niet in de vakantie", "1 keer per jaar, niet vaker",
        "soms wel, soms niet", "ja, maar niet vaak",
    ],
)  # fmt: skip
def test_an_answer_that_means_a_tie_is_not_asked(word):
    result = read(beside(["Van", "Naar", "Hoe vaak"], [word, word, word]))
    assert pairs(result) == THREE and "denied" not in asked(result)


@pytest.mark.parametrize("word", ["ja, niet structureel", "2 (niet zeker)"])
def test_an_answer_that_is_no_figure_is_not_left_out_unasked(word):
    found = asked(refused(beside(["Van", "Naar", "Hoe vaak"], ["3", word, "1"])))
    assert "denied" not in found and pairs(found["without"].choose("without")) == THREE


def test_a_name_that_was_ticked_denies_nothing():
    name = "CAW (niet residentieel)"
    result = read(table(["Organisatie", f"Wie? [{name}]", "Wie? [OCMW]"], ["OCMW", name, ""], [name, "", "OCMW"]))
    assert pairs(result) == {frozenset((name, "OCMW"))} and not result.questions


def test_stars_are_crosses_and_a_question_mark_is_unknown():
    single = read(
        table(["", "OCMW", "CAW", "VDAB"], ["OCMW", "", "*", ""], ["CAW", "*", "", "*"], ["VDAB", "", "*", ""])
    )
    assert pairs(single) == two("OCMW - CAW", "CAW - VDAB") and not single.questions
    rows = [["OCMW", "", "**", "?"], ["CAW", "**", "", "***"], ["VDAB", "?", "***", ""]]
    stars = asked(refused(table(["", "OCMW", "CAW", "VDAB"], *rows)))["without"].choose("without")
    assert pairs(stars) == two("OCMW - CAW", "CAW - VDAB") and "no_value" in keys(stars)


@pytest.mark.parametrize("own", [0, 1, "0"])
def test_stars_beside_noughts_or_figures_for_oneself_are_crosses(own):
    rows = [["OCMW", own, "*", ""], ["CAW", "*", own, "*"], ["VDAB", "", "*", own]]
    assert pairs(read(table(["", "OCMW", "CAW", "VDAB"], *rows))) == two("OCMW - CAW", "CAW - VDAB")


@pytest.mark.parametrize("figure", [2, 1])
def test_a_star_among_figures_is_unknown(figure):
    rows = [["OCMW", "*", figure, "*"], ["CAW", figure, "*", figure], ["VDAB", "*", figure, "*"]]
    square = read(table(["", "OCMW", "CAW", "VDAB"], *rows))
    assert pairs(square) == two("OCMW - CAW", "CAW - VDAB") and "no_value" in keys(square)
    listed = read(beside(["Van", "Naar", "Sterkte"], ["*", figure, "3"])).network
    assert [tie.strength for tie in listed.ties] == [None, figure, 3]


# sheets and rows that hold no organisations


def book(*sheets):
    """A workbook of several sheets, each a name with its rows."""
    made = Workbook()
    made.remove(made.active)
    for title, *rows in sheets:
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(row)
    content = io.BytesIO()
    made.save(content)
    return content.getvalue()


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([["Code", "Betekenis"], [1, "zelden"], [2, "vaak"]], {"1", "2"}),
        ([["Wie", "Wat"], ["Els", "lijst aanvullen"], ["Jan", "bellen"]], {"Els", "Jan"}),
        ([["Datum", "Wie", "Wat"], ["1/3/2024", "Els", "eerste versie"]], {"Els"}),
        ([["Deelnemers"], ["An Peeters"], ["Jo Smet"]], {"An Peeters", "Jo Smet"}),
    ],
)
def test_a_list_of_which_nobody_has_a_tie_is_asked(rows, said):
    square = [[None, "OCMW", "CAW"], ["OCMW", None, 1], ["CAW", 1, None]]
    for ties, organisations in (([["Van", "Naar"], *ENDS], {"OCMW", "CAW", "VDAB", "CM"}), (square, {"OCMW", "CAW"})):
        result = read(book(["Lijnen", *ties], ["Nog een blad", *rows]), "boek.xlsx")
        assert names(result) == organisations and "list_left" in keys(result)
        assert names(asked(result)["list"].choose("list_yes")) == organisations | said
    alone = read(book(["Blad", *rows]), "boek.xlsx")
    assert names(alone) == said and "list" not in asked(alone)


def test_one_first_word_in_common_makes_no_list_of_persons_one_of_organisations():
    ties = ["Lijnen", ["Van", "Naar"], ["Jan Yperman Ziekenhuis", "OCMW Ieper"], ["OCMW Ieper", "CAW Centraal"]]
    team = ["Team", ["Deelnemers"], ["Jan Peeters"], ["Els Maes"], ["Bert Wouters"]]
    result = read(book(ties, team), "boek.xlsx")
    assert "list" in asked(result) and names(result) == {"Jan Yperman Ziekenhuis", "OCMW Ieper", "CAW Centraal"}


def test_a_sheet_of_persons_beside_ties_may_be_left_out():
    persons = ["Contacten", ["Naam", "Functie"], ["An Peeters", "onthaal"], ["Jo Smet", "hoofd"]]
    found = asked(refused(book(["Lijnen", ["Van", "Naar"], *ENDS], persons), "boek.xlsx"))
    assert pairs(found["list"].choose("list_no")) == THREE and "persons" in found


@pytest.mark.parametrize(
    "rows",
    [
        [["Organisatie", "Sector"], ["Los", "zorg"]],
        [["Naam", "Sector"], ["OCMW", "lokaal"], ["Los", "zorg"]],
        [["Leden"], ["VDAB"], ["Los"]],
        [["Wie"], ["CM"], ["Los"]],
        [["Actor", "Sector"], ["OCMW Geel", "lokaal"], ["Los", "zorg"]],
        [["Lid"], ["CM Antwerpen"], ["Los"]],
        [["Naam", "Sector"], ["O.C.M.W.", "lokaal"], ["Los", "zorg"]],
    ],
)
def test_a_list_of_organisations_beside_ties_is_read(rows):
    ties = [["Van", "Naar"], *ENDS]
    ties[-1] = ["VDAB", "CM; OCMW"]
    result = read(book(["Lijnen", *ties], ["Nog een blad", *rows]), "boek.xlsx")
    assert "Los" in names(result) and "list" not in asked(result)


@pytest.mark.parametrize("word", ["NA", "nan", "onbekend", "weet niet", "geen antwoord"])
def test_a_word_for_unknown_in_place_of_a_name_is_asked(word):
    result = read(table(["Organisatie", "Partner"], ["OCMW", "CAW"], ["CAW", word]))
    assert names(result) == {"OCMW", "CAW", word} and "missing_name" in keys(result)
    assert names(asked(result)["missing"].choose("leave")) == {"OCMW", "CAW"}
    listed = [("lijst.csv", f"code;naam\nw1;{word}\nw2;OCMW\n".encode()), ("l.csv", f"van;naar\n{word};w2\n".encode())]
    assert not read_uploads(listed).questions and names(read_uploads(listed)) == {word, "OCMW"}


def test_what_stands_below_a_list_is_asked():
    heads = ["Naam", "Sector"]
    rows = [["OCMW", "lokaal"], ["CAW", "welzijn"], [""], ["* = kernpartner", ""], ["Laatst aangepast: 12/03/2024", ""]]
    result = read(table(heads, *rows))
    assert names(asked(result)["below"].choose("leave")) == {"OCMW", "CAW"} and len(names(result)) == 4
    apart = read(table(heads, *rows[:4], [""], rows[4]))
    assert names(asked(apart)["below"].choose("leave")) == {"OCMW", "CAW"}
    for whole in (
        table(heads, ["OCMW"], ["CAW"], [""], ["VDAB"], ["CM"]),
        table(heads, ["OCMW", "lokaal"], [""], ["CAW", "welzijn"], [""], ["VDAB"]),
        table(heads, ["OCMW", "lokaal"], [""], ["CAW", "welzijn"], ["VDAB", ""]),
        table(heads, ["OCMW", "lokaal"], ["CAW", ""]),
        table(["Naam"], ["OCMW"], [""], ["CAW"]),
    ):
        assert not read(whole).questions
