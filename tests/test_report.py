"""Reports, hand-in and totals: made from answers alone, nothing private in them, hostile names harmless."""

import csv
import io
import json
import re
import zipfile
from itertools import pairwise

import pytest

from workshop.answers import read_answers
from workshop.answers.handin import hand_in
from workshop.answers.overview import FEW, by_question, sheet, spread
from workshop.answers.tables import Room, read_room, table_of
from workshop.cli import main
from workshop.domain import edit, governance
from workshop.domain.network import Network, Organisation, Tie
from workshop.domain.questions import question
from workshop.output import blocks
from workshop.output.report import report_docx, report_html, room_report, write_report
from workshop.output.totals import write_totals
from workshop.output.word import render_docx
from workshop.session import open_session
from workshop.texts import Problem, in_language

HOSTILE = "=1+1<script>alert('x')</script>&\x0b\ud83d ]]> ${x}"
SECRET = "geheim-van-een-stoel"
RATED = "factor.commitment"


def table(work, group, *, name=None, case="rural", seats=5, level="high"):
    session = open_session(store=work, room="room", group=group)
    chosen = governance.case(case)
    session.replace(network=chosen.network, structure=chosen.structure, case=case)
    session.save("table-name", name or f"Tafel {group}")
    session.save("agreement.what", f"Afspraak van {group}")
    session.save("agreement.owner", "De coördinator")
    session.save("agreement.date", "2027-01-15")
    session.save(RATED, "low")
    session.save("note.run-sheet", {"variant": 120})
    for seat in (f"seat-{n}" for n in range(1, seats + 1)):
        session.save(RATED, level, person=seat)
        session.save("reflection.1.own-experience", f"{SECRET} {seat}", person=seat)
    session.save("reflection-table.1", f"{SECRET} aan tafel")
    session.save("reflection.2.role-experience", f"Vrij van {group}", person="seat-1")
    session.store.release("reflection.2.role-experience", "seat-1")
    return session


def read_docx(raw):
    from docx import Document

    return Document(io.BytesIO(raw))


def words(document):
    """All that stands in a Word document, in its tables too."""
    return "\n".join(node.text or "" for node in document.element.body.iter() if node.tag.endswith("}t"))


def everything(folder):
    """All text in what was written, unpacked."""
    parts = []
    for path in folder.iterdir():
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                parts += [archive.read(name).decode("utf-8", "replace") for name in archive.namelist()]
        else:
            parts.append(path.read_text("utf-8-sig"))
    return "\n".join(parts)


@pytest.fixture
def work(tmp_path):
    return tmp_path / "work"


def test_an_empty_work_folder_gives_a_sentence_and_a_report_that_says_so(tmp_path, capsys):
    assert main(["report", "--work", str(tmp_path / "none"), "--out", str(tmp_path / "out")]) == 0
    assert "geen antwoorden" in capsys.readouterr().out
    made = {path.name for path in (tmp_path / "out").iterdir()}
    assert made == {"report.html", "report.docx", "totals.xlsx", "answers.csv", "totals.csv", "ties.csv"}
    assert "geen antwoorden" in (tmp_path / "out/report.html").read_text("utf-8")
    assert "geen antwoorden" in words(read_docx((tmp_path / "out/report.docx").read_bytes()))


def test_the_command_writes_word_and_page_for_each_table_and_for_the_session(work, tmp_path, capsys):
    for number in (1, 2):
        table(work, f"table-{number}")
    assert main(["report", "--work", str(work)]) == 0
    assert "report.html" in capsys.readouterr().out
    made = {path.name for path in (work / "reports").iterdir()}
    names = ("report", "report-table-1", "report-table-2")
    assert {f"{name}.{ending}" for name in names for ending in ("html", "docx")} < made
    assert "Afspraak van table-2" in (work / "reports/report-table-2.html").read_text("utf-8")
    assert "Afspraak van table-2" not in (work / "reports/report-table-1.html").read_text("utf-8")


def test_a_file_that_is_not_ours_is_refused_and_nothing_written(tmp_path, capsys):
    (tmp_path / "other.jsonl").write_text("van;naar\n", "utf-8")
    assert main(["report", str(tmp_path / "other.jsonl"), "--work", str(tmp_path), "--out", str(tmp_path / "out")]) == 2
    assert "other.jsonl" in capsys.readouterr().err and not (tmp_path / "out").exists()


def test_word_has_headings_alt_texts_heads_of_tables_and_can_be_changed(work):
    document = read_docx(report_docx(table(work, "table-1")))
    levels = [int(p.style.name[-1]) for p in document.paragraphs if p.style.name.startswith("Heading")]
    assert levels[0] == 1 and levels.count(1) == 1 and all(b <= a + 1 for a, b in pairwise(levels))
    assert len(document.inline_shapes) == 1
    assert "mogelijke lijnen" in document.inline_shapes[0]._inline.docPr.get("descr")
    heads = [each for each in document.tables if 'w:firstRow="1"' in each._tbl.xml]
    assert heads and all(each._tbl.xml.count("<w:tblHeader/>") == 1 for each in heads)
    assert 'w:lang w:val="nl-BE"' in document.styles.element.xml
    assert round(document.sections[0].page_width.mm) == 210
    said = words(document)
    for part in ("Afspraak van table-1", "15/01/2027", "De coördinator", "Vrij van table-1", "paren", "uur"):
        assert part in said
    document.paragraphs[3].add_run(" aangevuld")
    document.save(io.BytesIO())


def test_pages_lie_where_a_table_is_wide_and_all_are_numbered(work):
    document = read_docx(report_docx(table(work, "table-1")))
    assert [round(section.page_width.mm) for section in document.sections] == [210]
    table(work, "table-2")
    document = read_docx(render_docx(room_report(read_room(work))))
    assert [round(section.page_width.mm) for section in document.sections] == [210, 297, 210]
    foot = document.sections[0].footer.paragraphs[0]
    assert "Verslag van de sessie" in foot.text and "PAGE" in foot._p.xml and "NUMPAGES" in foot._p.xml
    wide = next(one for one in document.tables if len(one.columns) > 8)
    assert sum(cell.width.mm for cell in wide.rows[0].cells) <= 262
    assert "," in wide.rows[1].cells[-1].text  # hours, with a decimal comma


def test_columns_share_a_line_and_empty_ones_are_left_out():
    (block,) = blocks.table("Lijnen", [["OCMW", "", "x" * 300], ["CAW", "", "kort"]], ["Van", "Leeg", "Naar"])
    assert block.head == ["Van", "Naar"] and block.rows[1] == ["CAW", "kort"]
    assert sum(block.shares) == pytest.approx(1) and block.shares[1] > block.shares[0] > 0.05
    assert blocks.table("Niets", [], ["Van"]) == []


def test_hundreds_of_ties_are_cut_and_stand_in_a_file(work, tmp_path):
    session = table(work, "table-1")
    full = Network(
        [Organisation(f"o{n}", f"Partner {n}") for n in range(15)],
        [Tie(f"o{a}", f"o{b}", kind) for a in range(15) for b in range(a) for kind in ("referral", "knowing")],
    )
    session.replace(network=full)
    html = report_html(session)
    assert "Je ziet 40 van de 105 rijen. Alle rijen staan in ties.csv" in html
    write_totals(read_room(work), tmp_path)
    rows = list(csv.reader(io.StringIO((tmp_path / "ties.csv").read_bytes().decode("utf-8-sig")), delimiter=";"))
    assert len(rows) == 106 and rows[0][:3] == ["Tafel", "Van", "Naar"] and rows[1][3].count(",") == 1


def test_what_a_table_said_of_later_and_of_each_partner(work):
    session = table(work, "table-1")
    session.save(f"{RATED}.in-two-years", "high")
    session.save("factor.history.in-two-years", "differ")
    partner, other = session.network.organisations[:2]
    session.save(f"factor.history.partner.{partner.id}", "negative")
    session.save(f"factor.history.partner.{other.id}", "positive")
    session.save("note.factor-change", "Elkaar vaker zien")
    session.save("form-standing.inception", "mandated")
    html = report_html(session)
    differ = question("factor.history.in-two-years").options[-1].text
    assert "Over twee jaar" in html and differ in html and "Elkaar vaker zien" in html
    assert f"{partner.name}. In de tabel staat: " in html and f"{other.name}. In de tabel staat: " in html
    assert "Hoe is jullie netwerk ontstaan?" in html


def test_named_variants_stand_beside_the_board(work):
    session = table(work, "table-1")
    case = governance.case("town")
    session.replace(network=case.network, structure=case.structure)
    assert "Varianten naast elkaar" not in report_html(session)
    kept = {"name": "<b>voorstel</b>", "structure": {**session.structure.to_dict(), "tables": []}}
    session.save("structure.variants", [kept, "geen variant"])
    html = report_html(session)
    assert "Varianten naast elkaar" in html and "&lt;b&gt;voorstel&lt;/b&gt;" in html and "<b>voorstel" not in html
    beside = re.sub("<[^>]*>", " ", html[html.index("Varianten naast elkaar") :]).split()
    at = beside.index("Stuurgroepen")
    assert beside[at + 1 : at + 3] == ["1", "0"]  # on the board, and in the variant without tables
    assert report_docx(session)[:2] == b"PK"


def test_two_versions_of_a_network_and_of_a_factor_are_both_in_the_report(work):
    session = table(work, "table-1")
    other = open_session(store=work, room="room", group="table-1")
    for item, mine, theirs in (
        ("network", session.network.without("caw"), session.network.without("ocmw")),
        ("factor.history", "positive", "negative"),
    ):
        base = session.store.base(item)
        for opened, value in ((session, mine), (other, theirs)):
            opened.save(item, {"network": value.to_dict()} if isinstance(value, Network) else value, base=base)
    html = report_html(session)
    assert "Versie 1 van 2" in html and "Versie 2 van 2" in html
    rows = {question: said for question, said, _ in by_question(table_of(session.store)).rows}
    assert rows["Eerdere samenwerking (geschiedenis): nu"].split("\n") == ["positief", "negatief"]


def test_factor_spread_in_a_report_from_five_people_on(work):
    five, four = (report_html(table(work, f"table-{seats}", seats=seats)) for seats in (5, 4))
    assert "5 × veel" in five and "minder dan vijf" not in five
    assert "× veel" not in four and "minder dan vijf mensen antwoordden" in four


def test_nothing_private_leaves_in_any_form(work, tmp_path):
    for number in range(1, 4):
        table(work, f"table-{number}", seats=4)
    room = read_room(work)
    write_report(room, tmp_path / "out")
    write_totals(room, tmp_path / "out")
    for number in range(1, 4):
        name, raw = hand_in(open_session(store=work, room="room", group=f"table-{number}").store)
        (tmp_path / "out" / name).write_bytes(raw)
    told = everything(tmp_path / "out")
    assert "Vrij van table-2" in told and SECRET not in told and "seat-" not in told


def test_hostile_names_everywhere(work, tmp_path):
    session = table(work, "table-1", name=HOSTILE)
    for name in (HOSTILE, "<img src=x onerror=alert(1)>", "@SUM(A1)"):
        session.change_network(edit.add_organisation, name, sector=HOSTILE)
    a, b = (o.id for o in session.network.organisations[-2:])
    session.change_network(edit.add_tie, a, b, kind=HOSTILE)
    session.change_structure(edit.add_table, "working", HOSTILE)
    for key in ("agreement.what", "agreement.date", "note.balance.size"):
        session.save(key, HOSTILE)
    session.save("reflection.1.own-experience", HOSTILE, person="seat-2")
    session.store.release("reflection.1.own-experience", "seat-2")
    room = read_room(work)
    write_report(room, tmp_path / "out")
    write_totals(room, tmp_path / "out")
    for path in (tmp_path / "out").glob("*.html"):
        html = path.read_text("utf-8")
        assert "<script" not in html and "<img" not in html and "&lt;script&gt;" in html
    assert "<script>alert" in words(read_docx((tmp_path / "out/report-table-1.docx").read_bytes()))
    from openpyxl import load_workbook

    book = load_workbook(tmp_path / "out/totals.xlsx")
    cells = [cell for page in book for row in page.iter_rows() for cell in row if cell.value is not None]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert any(str(cell.value).startswith("=1+1") for cell in cells)
    for name in ("answers.csv", "totals.csv", "ties.csv"):
        raw = (tmp_path / "out" / name).read_bytes()
        assert raw.startswith(b"\xef\xbb\xbf")
        rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""), delimiter=";"))
        assert len({len(row) for row in rows}) == 1
        assert not any(re.match(r"[=+\-@]", cell) for row in rows for cell in row)


@pytest.mark.parametrize(
    "value",
    [
        *(None, 7, "tekst", [], {"network": 3}, {"network": {"organisations": [{"id": 1}]}}),
        {
            "network": {
                "organisations": [{"id": "a", "name": 5, "sector": {}}],
                "ties": [{"source": "a", "target": "b"}],
            }
        },
        {"network": {"organisations": [{"id": "a", "name": "A"}], "ties": []}, "case": "../../texts"},
        {"tables": [{"kind": "x"}], "lead": {}},
        {"positions": {"a": "b"}},
        {"positions": {"a": [1e9, 3]}},
    ],
    ids=range(11),
)
def test_answers_of_any_shape_are_read(work, value):
    session = table(work, "table-1")
    for item in ("network", "structure", "map", "table-name", "agreement.what", RATED, "note.hand-in"):
        session.save(item, value, base=[head.ref for head in session.store.heads(item)])
    room = read_room(work)
    for made in (report_html(room.tables[0]), str(room_report(room))):
        assert "Verslag" in made
    assert hand_in(session.store)[1]


def test_two_versions_of_one_base_are_both_reported(work):
    session = table(work, "table-1")
    other = open_session(store=work, room="room", group="table-1")
    base = session.store.base("agreement.what")
    session.save("agreement.what", "De ene versie", base=base)
    other.save("agreement.what", "De andere versie", base=base)
    html = report_html(session)
    assert "De ene versie" in html and "De andere versie" in html and "op twee plaatsen tegelijk" in html
    assert sheet("who", read_room(work)).rows[0][-1] == 1


def test_hand_in_of_six_tables_torn_double_older_newer(tmp_path, monkeypatch):
    """Six laptops that all call their table table-1."""
    share = tmp_path / "share"
    share.mkdir()
    for number in range(1, 7):
        session = table(tmp_path / str(number), "table-1", name=f"Laptop {number}", seats=5 if number < 6 else 3)
        name, raw = hand_in(session.store)
        (share / name).write_bytes(raw)
    files = sorted(share.iterdir())
    assert len(files) == 6
    by_name = {table.name: share / f"{table.group}.jsonl" for table in read_room(share).tables}
    with by_name["Laptop 2"].open("ab") as file:
        file.write(b'{"format": 1, "room": "room", "gro')
    (share / "copy.jsonl").write_bytes(by_name["Laptop 3"].read_bytes())
    old = [json.loads(line) | {"format": 0} for line in by_name["Laptop 4"].read_text("utf-8").splitlines()]
    by_name["Laptop 4"].write_text("\n".join(map(json.dumps, old)) + "\n", "utf-8")
    new = [json.loads(line) | {"format": 99} for line in by_name["Laptop 5"].read_text("utf-8").splitlines()]
    by_name["Laptop 5"].write_text("\n".join(map(json.dumps, new)) + "\n", "utf-8")
    room = read_room(share)
    assert sorted(table.name for table in room.tables) == [f"Laptop {n}" for n in (1, 2, 3, 4, 6)]
    keys = [note.key for note in room.notes]
    assert sorted(keys) == ["answers.double", "answers.newer-refused", "answers.older", "answers.torn"]
    assert room.spread(RATED) == {"high": 20}  # four tables of five; the ratings of three people stayed at home
    assert room.merged.tables == 5 and set(room.merged.ties.values()) == {5}
    rows = dict((row[1], row[2:]) for row in spread(room)[1] if "inzet" in row[0].lower() and ": nu" in row[0])
    assert rows["veel"] == [0, 20] and rows["weinig"] == [5, 0]


def test_fewer_than_five_in_the_whole_room_are_not_counted(work):
    table(work, "table-1", seats=4)
    assert {row[3] for row in spread(read_room(work))[1] if row[0].startswith("Inzet")} == {FEW}
    table(work, "table-2", seats=1)
    assert read_room(work).spread(RATED) == {"high": 5}


def test_handing_in_again_replaces_and_takes_back(work, tmp_path):
    session, share = table(work, "table-1"), tmp_path / "share"
    name, first = hand_in(session.store)
    session.save(RATED, "low", person="seat-1")
    session.save("agreement.what", "Toch iets anders")
    session.store.withdraw("reflection.2.role-experience", "seat-1")
    again, second = hand_in(session.store)
    assert again == name and first != second
    share.mkdir()
    for order in ((first, second), (second, first)):
        for number, raw in enumerate(order):
            (share / f"{number}.jsonl").write_bytes(raw)
        room = read_room(share)
        assert len(room.tables) == 1 and room.tables[0].texts("agreement.what") == ["Toch iets anders"]
        assert room.spread(RATED) == {"high": 4, "low": 1}
        assert room.released("reflection.2.role-experience") == []
    session.store.delete(RATED, "seat-1")
    (share / "2.jsonl").write_bytes(hand_in(session.store)[1])
    assert read_room(share).spread(RATED) is None


def test_the_own_copy_in_the_work_folder_is_not_a_table_of_its_own(work):
    session = table(work, "table-1")
    name, raw = hand_in(session.store)
    (work / "handin").mkdir()
    (work / "handin" / name).write_bytes(raw)
    room = read_room(work)
    assert [table.group for table in room.tables] == ["table-1"] and room.spread(RATED) == {"high": 5}


def test_ratings_in_a_hand_in_cannot_be_laid_side_by_side(work):
    session = table(work, "table-1")
    levels = ("high", "low", "high", "low", "low")
    for number, level in enumerate(levels, 1):
        session.save(RATED, level, person=f"seat-{number}")
        session.save("factor.history", "negative" if level == "low" else "positive", person=f"seat-{number}")
    records = [json.loads(line) for line in hand_in(session.store)[1].splitlines()]
    given = {
        item: [r["value"] for r in records if r["item"] == item and r["person"]] for item in (RATED, "factor.history")
    }
    assert given[RATED][:5] == sorted(levels) and given["factor.history"][:5] == ["negative"] * 3 + ["positive"] * 2
    assert not any((r["person"] or "").startswith("seat") for r in records)


def test_a_trainers_own_laptop_is_no_table_and_nothing_to_hand_in_is_said(work):
    session = open_session(store=work, room="room", group="table-1")
    with pytest.raises(Problem, match="niets om af te geven"):
        hand_in(session.store)
    session.save("note.run-sheet", {"variant": 120})
    assert read_room(work).tables == []


def test_a_place_on_the_map_that_no_sheet_can_hold_is_not_used(work):
    session = table(work, "table-1")
    ids = [o.id for o in session.network.organisations]
    session.save("map", {"positions": {id: [100.0 * n, 90.0 * n] for n, id in enumerate(ids)}})
    assert len(table_of(session.store).positions) == len(ids)
    session.save("map", {"positions": {id: [n, 19_000.0 * n] for n, id in enumerate(ids)}})
    assert table_of(session.store).positions == {}


def test_english(work):
    session = table(work, "table-1")
    with in_language("en"):
        assert "Report of Tafel table-1" in report_html(session)
        assert 'w:lang w:val="en-GB"' in read_docx(report_docx(session)).styles.element.xml


def test_several_paths_are_read_as_one(work, tmp_path):
    table(work, "table-1")
    session = table(tmp_path / "b", "table-2")
    found = read_answers(work, session.store.path)
    assert {answer.group for answer in found.answers} == {"table-1", "table-2"}
    assert Room(found.answers).merged.tables == 2
