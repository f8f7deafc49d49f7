"""Bounds: what is too large is refused before it is read, and memory grows with the file, not with its widest row."""

import io
import zipfile

import pytest

from workshop.exchange import ImportProblem, read_uploads
from workshop.exchange.formats import csv, xlsx
from workshop.exchange.questions import KEPT
from workshop.exchange.reader import LIMIT_ROWS, sheets_of

SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData>{}</worksheet>'


def fault(name, content):
    with pytest.raises(ImportProblem) as caught:
        read_uploads([(name, content)])
    return caught.value.faults[0].key.removeprefix("import.fault.")


def text(place, value):
    return f'<c r="{place}" t="inlineStr"><is><t>{value}</t></is></c>'


def workbook(sheet):
    """A workbook with this XML as its sheet."""
    from openpyxl import Workbook

    plain = io.BytesIO()
    Workbook().save(plain)
    made = io.BytesIO()
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            new.writestr(member, sheet if member.endswith("sheet1.xml") else old.read(member))
    return made.getvalue()


def test_rows_are_never_filled_up_to_the_widest():
    content = ";".join(f"k{at}" for at in range(2000)) + "\n" + "a;b\n" * 2000
    (sheet,) = sheets_of("breed.csv", content.encode())
    assert sum(len(cells) for _, cells in sheet.rows) == 2000 + 2 * 2000
    rows = "".join(f'<row r="{at}">{text(f"A{at}", "a")}</row>' for at in range(2, 500))
    wide = SHEET.format(f'<row r="1">{text("A1", "van")}{text("XFD1", "naar")}</row>{rows}', "")
    (sheet,) = sheets_of("breed.xlsx", workbook(wide))
    assert sum(len(cells) for _, cells in sheet.rows) == 16_384 + 498


def test_too_many_rows_are_refused_before_they_are_read(monkeypatch):
    monkeypatch.setattr(csv, "parse", None)
    assert fault("lang.csv", b"a;b\n" * (LIMIT_ROWS + 1)) == "too_many_rows"
    assert fault("oud.csv", b"a;b\r" * (LIMIT_ROWS + 1)) == "too_many_rows"


def test_too_many_cells_are_refused_before_they_are_read(monkeypatch):
    monkeypatch.setattr(csv, "LIMIT_CELLS", 1000)
    assert fault("leeg.csv", b"a;b\n" + b";" * 1000) == "too_many_cells"
    monkeypatch.setattr(xlsx, "LIMIT_CELLS", 20_000)
    each = "".join(f'<row r="{at}">{text(f"XFD{at}", "a")}</row>' for at in (1, 2))
    assert fault("rechts.xlsx", workbook(SHEET.format(each, ""))) == "too_many_cells"
    merged = '<mergeCells><mergeCell ref="A1:A1048576"/></mergeCells>'.replace("<mergeCell ", "<mergeCell ") * 1
    rows = "".join(f'<row r="{at}">{text(f"A{at}", f"n{at}")}{text(f"B{at}", "x")}</row>' for at in range(1, 2000))
    many = merged.replace('<mergeCell ref="A1:A1048576"/>', '<mergeCell ref="A1:A1048576"/>' * 20)
    assert fault("blokken.xlsx", workbook(SHEET.format(rows, many))) == "too_many_cells"


def test_a_cell_longer_than_a_spreadsheet_holds_is_refused():
    assert fault("lang.csv", b"van;naar\na;" + b"x" * 40_000) == "long_cell"


def test_too_many_organisations_and_ties_are_refused(monkeypatch):
    monkeypatch.setattr("workshop.exchange.gathered.LIMIT_ORGANISATIONS", 5)
    assert (
        fault("veel.csv", b"van;naar\n" + b"".join(b"a%d;b%d\n" % (at, at) for at in range(9)))
        == "too_many_organisations"
    )
    monkeypatch.setattr("workshop.exchange.gathered.LIMIT_ORGANISATIONS", 500)
    monkeypatch.setattr("workshop.exchange.gathered.LIMIT_TIES", 50)
    names = [";".join(f"naam {start * at}" for at in range(1, 20 + start)) for start in (1, 2)]
    result = read_uploads([("rij.csv", "\n".join(names).encode())])
    question = next(question for question in result.questions if question.key == "adjacency")
    with pytest.raises(ImportProblem) as caught:
        question.choose("all")
    assert caught.value.faults[0].key == "import.fault.too_many_ties"


def test_formulas_in_comments_are_none():
    rows = f'<row r="1">{text("A1", "van")}{text("B1", "naar")}</row>'
    rows += f'<row r="2">{text("A2", "Werk")}{text("B2", "Zorg")}</row>'
    content = workbook(SHEET.format(rows, "<!--" + '<c r="A1"><f>' * 3000 + "-->"))
    assert len(read_uploads([("boek.xlsx", content)]).network.ties) == 1


@pytest.mark.parametrize(
    "part", ["xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml"]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused_in_every_part_of_a_workbook(part, encoding):
    from openpyxl import Workbook

    plain = io.BytesIO()
    Workbook().save(plain)
    bomb = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "cc">]><a>&b;</a>'.encode(encoding)
    made = io.BytesIO()
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(made, "w") as new:
        for member in old.namelist():
            if member != part:
                new.writestr(member, old.read(member))
        new.writestr(part, bomb)
    assert fault("boek.xlsx", made.getvalue()) == "doctype"


def test_graphs_with_too_many_elements_are_refused_before_they_are_read(monkeypatch):
    monkeypatch.setattr("workshop.exchange.formats.graph.LIMIT_TAGS", 100)
    assert fault("n.graphml", b"<graphml><graph>" + b"<a/>" * 200 + b"</graph></graphml>") == "too_many_rows"


def test_defaults_of_attributes_that_say_nothing_are_not_kept_for_each_node():
    keys = "".join(f'<key id="k{at}" attr.name="k{at}"><default>x</default></key>' for at in range(300))
    graph = '<graph><node id="a"/><node id="b"/></graph>'
    result = read_uploads([("net.graphml", f"<graphml>{keys}{graph}</graphml>".encode())])
    assert len(result.network.organisations) == 2
    assert not any(line.key == "import.summary.unused" for line in result.summary)


def test_as_many_faults_and_places_are_kept_as_anybody_reads():
    rows = "".join(f"a{at % 9};b;woord{at}\n" for at in range(2 * KEPT))
    with pytest.raises(ImportProblem) as caught:
        read_uploads([("fout.csv", f"van;naar;sterkte\n{rows}".encode())])
    assert len(caught.value.faults) == KEPT + 1
    loops = "".join("Werk;Werk\n" for _ in range(2 * KEPT))
    result = read_uploads([("lus.csv", f"van;naar\nWerk;Zorg\n{loops}".encode())])
    note = next(note for note in result.notes if note.key == "import.note.self_ties")
    assert f"{2 * KEPT - 20}" in str(note)
