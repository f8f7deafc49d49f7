"""Reports, hand-in and totals: made from answers alone, nothing private in them, hostile names harmless."""

import csv
import io
import json
import re
import shutil
import zipfile
from html import escape
from itertools import pairwise

import pytest

from workshop import blocks, texts, widgets
from workshop.answers import names, open_store
from workshop.answers.handin import hand_in
from workshop.answers.overview import FEW, sheet, spread
from workshop.answers.rooms import TRAINER
from workshop.answers.shown import Room
from workshop.answers.tables import read_room, table_of
from workshop.cli import main
from workshop.domain import edit, governance
from workshop.domain.kept import mark
from workshop.domain.network import Network, Organisation, Tie
from workshop.domain.questions import question, questions, register
from workshop.exchange.writer import CELL, sheet_title
from workshop.output.report import report_docx, report_html, results_html, room_report, table_report, write_report
from workshop.output.totals import write_totals
from workshop.output.word import render_docx
from workshop.session import open_session
from workshop.texts import LANGUAGES, Message, Problem, in_language

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
    session.open_spread(RATED)
    return session


SESSION = str(Message("report.session"))


def file(name, kind="report", ending="html"):
    """The name of a file, from the name of a table or of the session."""
    return f"{names.stem(name, kind)}.{ending}"


def of_session():
    """The names of all files on the whole session."""
    kinds = {"report": "html", "totals": "xlsx", "answers": "csv", "counts": "csv", "ties": "csv"}
    return {file(SESSION, kind, ending) for kind, ending in kinds.items()} | {file(SESSION, ending="docx")}


def told(key, **values):
    """A sentence as it stands in a page."""
    return escape(str(Message(key, **values)))


def option(item, id):
    """The words of an answer."""
    return next(option.text for option in question(item).options if option.id == id)


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


def test_an_empty_work_folder_gives_a_sentence_and_no_files(tmp_path, capsys):
    (tmp_path / "empty").mkdir()
    for name in ("empty", "none"):
        assert main(["report", "--work", str(tmp_path / name), "--out", str(tmp_path / "out")]) == 1
        assert str(Message("report.nothing")) in capsys.readouterr().out
    assert [path.name for path in tmp_path.rglob("*")] == ["empty"]


def test_the_command_writes_word_and_page_for_each_table_and_for_the_session(work, tmp_path, capsys):
    for number in (1, 2):
        table(work, f"table-{number}")
    assert main(["report", "--work", str(work)]) == 0
    assert file(SESSION) in capsys.readouterr().out
    made = {path.name for path in (work / "reports").iterdir()}
    about = (SESSION, "Tafel table-1", "Tafel table-2")
    assert {file(name, ending=ending) for name in about for ending in ("html", "docx")} < made
    assert "Afspraak van table-2" in (work / "reports" / file("Tafel table-2")).read_text("utf-8")
    assert "Afspraak van table-2" not in (work / "reports" / file("Tafel table-1")).read_text("utf-8")


def test_the_group_of_one_evening_does_not_get_the_texts_of_another(work, tmp_path, capsys):
    for room, text in (("room-1", "VAN OKTOBER"), ("room-2", "VAN NOVEMBER")):
        session = open_session(store=work, room=room, group="table-1")
        session.save("agreement.what", text)
        with session.store.change():
            session.store.query("UPDATE answers SET saved_at='2026-10-14T19:00:00.000+00:00' WHERE room='room-1'")

    def texts_in(*more):
        out = tmp_path / str(len(list(tmp_path.iterdir())))
        assert main(["report", *more, "--work", str(work), "--out", str(out)]) == 0
        found = everything(out)
        return [text for text in ("VAN OKTOBER", "VAN NOVEMBER") if text in found]

    assert texts_in() == ["VAN NOVEMBER"]
    printed = capsys.readouterr().out
    others = ["room-1 (14/10/2026)"]
    assert str(Message("report.one_room", room="room-2", others=others)) in printed
    assert texts_in("--room", "room-1") == ["VAN OKTOBER"]
    assert texts_in(str(work)) == ["VAN OKTOBER", "VAN NOVEMBER"], "who names the folder wants all of it"
    assert main(["report", "--work", str(work), "--room", "room-9", "--out", str(tmp_path / "out")]) == 1


def test_a_report_is_of_the_room_that_was_used_last_also_where_people_only_chose(work, tmp_path, capsys):
    earlier = open_session(store=work, room="room-1", group="table-1")
    earlier.save("agreement.what", "VAN OKTOBER")
    last = open_session(store=work, room="room-2", group="table-1")
    for number in range(1, 7):
        last.save("role.taken", "facilitator", person=f"seat-{number}")
    last.open_spread("role.taken")
    last.store.beside(TRAINER).put("agreement.what", "geprobeerd")
    out = tmp_path / "out"
    assert main(["report", "--work", str(work), "--out", str(out)]) == 0
    assert "VAN OKTOBER" not in everything(out) and "geprobeerd" not in everything(out)


def test_what_a_table_notes_shows_that_its_room_was_used_last(work, tmp_path):
    hours = {("room-1", "agreement.what"): 10, ("room-2", "agreement.what"): 9, ("room-2", "note.factor-change"): 11}
    for (room, item), hour in hours.items():
        store = open_session(store=work, room=room, group="table-1").store
        store.put(item, f"VAN {room}")
        moment = f"2026-11-14T{hour:02}:00:00.000+00:00"
        with store.change():
            store.query("UPDATE answers SET saved_at=:now WHERE room=:room AND item=:item", now=moment, item=item)
    out = tmp_path / "out"
    assert main(["report", "--work", str(work), "--out", str(out)]) == 0
    assert "VAN room-2" in everything(out) and "VAN room-1" not in everything(out)


def test_a_report_of_what_was_handed_in_needs_no_answers_of_ones_own(work, tmp_path):
    open_store(work)  # the pages were opened once
    given = tmp_path / "given"
    given.mkdir()
    for room in ("room-1", "room-2"):
        other = open_session(store=tmp_path / room, room=room, group="table-1")
        other.save("agreement.what", f"AFSPRAAK {room}")
        (given / f"{room}.json").write_bytes(hand_in(other.store)[1])
    (work / "handin").mkdir()
    shutil.copy(given / "room-1.json", work / "handin")

    def made(*arguments, at=work):
        out = tmp_path / f"out-{len(list(tmp_path.iterdir()))}"
        assert main(["report", *arguments, "--work", str(at), "--out", str(out)]) == 0
        return [room for room in ("room-1", "room-2") if f"AFSPRAAK {room}" in everything(out)]

    assert made() == ["room-1"]
    open_session(store=work).save("note.run-sheet", {"variant": 120, "blocks": []})
    assert made() == ["room-1"], "a trainer's own page is no room to report on"
    assert made("--room", "room-2", str(given)) == ["room-2"]
    assert made("--room", "room-2", str(given), at=tmp_path / "nothing") == ["room-2"]
    open_store(work).path.write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)
    assert made(str(given)) == ["room-1", "room-2"] and made("--room", "room-1", str(given)) == ["room-1"]


def test_handouts_of_one_group_stay_when_another_is_deleted(work):
    open_session(store=work, room="room-1").save("agreement.what", "x")
    assert main(["handouts", "--work", str(work)]) == 0
    made = list((work / "handouts").iterdir())
    open_store(work, "room-1").delete_group()
    assert made and list((work / "handouts").iterdir()) == made


def test_a_report_of_one_room_stays_when_another_one_is_deleted(work, tmp_path, capsys):
    for room in ("room-1", "room-2"):
        open_session(store=work, room=room, group="table-1").save("agreement.what", room)
    assert main(["report", "--work", str(work), "--room", "room-2"]) == 0
    made = list((work / "reports").iterdir())
    open_store(work, "room-1").delete_group()
    assert made and list((work / "reports").iterdir()) == made
    open_store(work, "room-2").delete_group()
    assert not list((work / "reports").iterdir())


def test_file_names_say_whose_what_and_when_in_plain_letters(work):
    session = table(work, "table-1", name="GBO Westrand: één/tafel?")
    found = names.own_stem(session.store, "report")
    report, answers = (names.plain(str(Message(f"file.{kind}"))) for kind in ("report", "hand-in"))
    assert re.fullmatch(rf"GBO-Westrand-een-tafel-{re.escape(report)}-20\d\d-\d\d-\d\d", found)
    assert hand_in(session.store)[0].startswith(found.replace(report, answers))
    assert names.plain("???") == str(Message("file.table"))


def test_a_trainers_own_word_for_a_kind_of_file_gives_a_plain_name_too(work, tmp_path, monkeypatch):
    shutil.copytree(texts.data_root(), tmp_path / "data")
    path = tmp_path / "data/texts/report.toml"
    path.write_text(path.read_text("utf-8").replace('nl = "verslag"', 'nl = "wat wij vonden: één/blad"'), "utf-8")
    monkeypatch.setattr(texts, "data_root", lambda: tmp_path / "data")
    found = names.own_stem(table(work, "table-1", name="De Brug").store, "report")
    assert found.startswith("De-Brug-wat-wij-vonden-een-blad-20")


def test_two_tables_of_one_name_do_not_overwrite_each_other(work, tmp_path):
    first, second = (table(work, f"table-{n}", name=name) for n, name in ((1, "De Brug"), (2, "de brug!")))
    assert len({names.own_stem(one.store, "report").casefold() for one in (first, second)}) == 2
    assert len({hand_in(one.store)[0].casefold() for one in (first, second)}) == 2
    other = table(tmp_path / "b", "table-1", name="De Brug")
    assert hand_in(first.store)[0] != hand_in(other.store)[0], "two laptops, one stick"
    made = write_report(read_room(work, other.work), tmp_path / "out")
    assert len({path.name.casefold() for path in made}) == 8


def test_two_tables_of_one_name_are_told_apart_in_all_that_is_written(work, tmp_path):
    for number, name in enumerate(("De Brug", "de  brug", "Sterk"), start=1):
        table(work, f"table-{number}", name=name).save("reflection-table.1", f"ONTHOUDEN {number}")
    found = read_room(work, table(tmp_path / "b", "table-1", name="Sterk").work)
    apart = ["De Brug (table-1)", "de  brug (table-2)", "Sterk (table-3)", "Sterk (table-1)"]
    assert [each.name for each in found.tables] == apart
    for name in ("drawn", "structures", "agreements"):
        assert {row[0] for row in sheet(name, found).rows} == set(apart)
    write_totals(found, tmp_path / "out")
    written = (tmp_path / "out" / file(SESSION, "ties", "csv")).read_text("utf-8-sig")
    assert {line.split(";")[0] for line in written.splitlines()[1:]} == set(apart)
    assert all(name in blocks.html_page(room_report(found)) for name in apart)
    assert [each.name for each in Room(found.tables[1:]).tables] == ["de  brug", *apart[2:]]


def test_two_rooms_with_tables_of_one_name_and_one_id(work):
    for room in ("room-1", "room-2"):
        open_session(store=work, room=room, group="table-1").save("agreement.what", "bellen")
    assert len({each.name for each in read_room(work).tables}) == 2


def test_a_table_that_is_called_as_the_session_gets_a_report_of_its_own(work, tmp_path):
    table(work, "table-1", name=SESSION.upper())
    made = write_report(read_room(work), tmp_path)
    assert len({path.name.casefold() for path in made}) == 4


def test_tables_come_in_the_order_of_their_numbers(work):
    for number in (10, 9, 1, 2):
        open_session(store=work, room="room", group=f"table-{number}").save("agreement.what", "bellen")
    open_session(store=work, room="room", group="9-b").save("agreement.what", "bellen")
    assert [each.group for each in read_room(work).tables] == ["9-b", "table-1", "table-2", "table-9", "table-10"]


def test_a_file_that_is_not_ours_is_refused_and_nothing_written(tmp_path, capsys):
    (tmp_path / "other.json").write_text("van;naar\n", "utf-8")
    assert main(["report", str(tmp_path / "other.json"), "--work", str(tmp_path), "--out", str(tmp_path / "out")]) == 2
    assert "other.json" in capsys.readouterr().err and not (tmp_path / "out").exists()


def test_word_has_headings_alt_texts_header_rows_and_can_be_changed(work):
    session = table(work, "table-1")
    document = read_docx(report_docx(session))
    levels = [int(p.style.name[-1]) for p in document.paragraphs if p.style.name.startswith("Heading")]
    assert levels[0] == 1 and levels.count(1) == 1 and all(b <= a + 1 for a, b in pairwise(levels))
    (shape,) = document.inline_shapes
    pictured = [block for block in table_report(table_of(session.store)).blocks if block.kind == "picture"]
    assert [shape._inline.docPr.get("descr")] == [block.text for block in pictured]
    tables = [block for block in table_report(table_of(session.store)).blocks if block.kind == "table"]
    repeated = [each._tbl.xml.count("<w:tblHeader/>") for each in document.tables]
    assert repeated == [1 if block.header else 0 for block in tables] and 1 in repeated
    first = repeated.index(1)
    assert [cell.text for cell in document.tables[first].rows[0].cells] == tables[first].header
    assert document.core_properties.language == "nl-BE" and document.core_properties.title in words(document)
    assert 'w:lang w:val="nl-BE"' in document.styles.element.xml
    said = words(document)
    for part in ("Afspraak van table-1", "15/01/2027", "De coördinator", "Vrij van table-1"):
        assert part in said
    document.paragraphs[3].add_run(" aangevuld")
    document.save(io.BytesIO())


def test_pages_are_landscape_where_a_table_is_wide_and_all_are_numbered(work):
    document = read_docx(report_docx(table(work, "table-1")))
    assert [round(section.page_width.mm) for section in document.sections] == [210]
    for number in range(2, 9):
        table(work, f"table-{number}")
    document = read_docx(render_docx(room_report(read_room(work))))
    assert [round(section.page_width.mm) for section in document.sections] == [210, 297, 210]
    foot = document.sections[-1].footer.paragraphs[0]
    assert document.core_properties.title in foot.text and "PAGE" in foot._p.xml and "NUMPAGES" in foot._p.xml
    wide = next(one for one in document.tables if len(one.columns) > 8)
    assert sum(cell.width.mm for cell in wide.rows[0].cells) <= 266
    assert "," in wide.rows[1].cells[-1].text  # hours, with a decimal comma


def test_empty_columns_are_left_out():
    (block,) = blocks.table("Lijnen", [["OCMW", "", "x" * 300], ["CAW", "", "kort"]], ["Van", "Leeg", "Naar"])
    assert block.header == ["Van", "Naar"] and block.rows[1] == ["CAW", "kort"]
    assert blocks.table("Niets", [], ["Van"]) == []


def test_hundreds_of_ties_are_cut_and_stand_in_a_file(work, tmp_path):
    session = table(work, "table-1")
    full = Network(
        [Organisation(f"o{n}", f"Partner {n}") for n in range(15)],
        [Tie(f"o{a}", f"o{b}", kind) for a in range(15) for b in range(a) for kind in ("referral", "knowing")],
    )
    session.replace(network=full)
    html = report_html(session)
    assert told("report.more", shown=40, total=105, file=file(SESSION, "ties", "csv")) in html
    write_totals(read_room(work), tmp_path)
    rows = list(
        csv.reader(
            io.StringIO((tmp_path / file(SESSION, "ties", "csv")).read_bytes().decode("utf-8-sig")), delimiter=";"
        )
    )
    assert len(rows) == 106 and rows[1][3].count(",") == 1
    assert rows[0][:3] == [str(Message(f"dashboard.head.{column}")) for column in ("table", "from", "to")]


def test_an_answer_that_fits_no_cell_is_whole_in_the_csv_and_the_workbook_says_so(work, tmp_path):
    from openpyxl import load_workbook

    session = table(work, "table-1")
    names_of = [f"Dienst voor maatschappelijk werk van gemeente {n}" for n in range(40)]
    partners = [Organisation(f"dienst-voor-maatschappelijk-werk-{n}", name) for n, name in enumerate(names_of)]
    ids = [partner.id for partner in partners]
    ties = [Tie(a, b, "referral") for a in ids for b in ids if a < b]
    session.replace(network=Network(partners, ties[:400]))
    session.save("agreement.why", "x" * CELL)
    write_totals(read_room(work), tmp_path)
    raw = (tmp_path / file(SESSION, "answers", "csv")).read_bytes().decode("utf-8-sig")
    before = csv.field_size_limit(10**6)
    said = {row[2]: row[3] for row in csv.reader(io.StringIO(raw, newline=""), delimiter=";")}
    csv.field_size_limit(before)
    assert len(said["network"]) > CELL and json.loads(said["network"])
    book = load_workbook(tmp_path / file(SESSION, "totals", "xlsx"))
    shown = {row[2].value: row[3].value for row in book[sheet_title(str(Message("dashboard.sheet.answers")))].rows}
    assert shown["network"] == str(Message("report.too_long", file=file(SESSION, "answers", "csv")))
    assert shown["agreement.why"] == said["agreement.why"] == "x" * CELL, "what just fits a cell stands in it"


@pytest.mark.parametrize("code", LANGUAGES)
def test_totals_open_in_both_languages_whatever_the_titles_of_their_sheets(work, tmp_path, code):
    from openpyxl import load_workbook

    table(work, "table-1")
    with in_language(code):
        made = write_totals(read_room(work), tmp_path)
        titles = load_workbook(next(path for path in made if path.suffix == ".xlsx")).sheetnames
        assert titles[0] == str(Message("dashboard.sheet.who"))
    assert all(len(title) <= 31 for title in titles)
    assert sheet_title("Bereik: wie/wat? [en verder] zoals het nu is") == "Bereik wie wat en verder zoals"


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
    for item, chosen in (("factor.history.in-two-years", "differ"), ("form-standing.inception", "mandated")):
        assert escape(question(item).text) in html and escape(option(item, chosen)) in html
    assert told("report.factor_later") in html and "Elkaar vaker zien" in html
    partners = html[html.index(told("report.partners")) :]
    assert partner.name in partners and other.name in partners


def test_named_variants_stand_beside_the_board(work):
    session = table(work, "table-1")
    case = governance.case("town")
    session.replace(network=case.network, structure=case.structure)
    title = told("report.variants")
    assert title not in report_html(session)
    kept = {"name": "<b>voorstel</b>", "structure": {**session.structure.to_dict(), "tables": []}}
    session.save("structure.variants", [kept, "geen variant"])
    html = report_html(session)
    assert title in html and "&lt;b&gt;voorstel&lt;/b&gt;" in html and "<b>voorstel" not in html
    row = html[html.index(title) :].partition(f">{told('dashboard.head.steering')}<")[2].partition("</tr>")[0]
    assert re.findall(r"<td[^>]*>(\d+)</td>", row) == ["1", "0"]  # on the board, and in the variant without tables
    assert report_docx(session)[:2] == b"PK"


def test_factor_spread_in_a_report_from_five_people_on(work):
    five, four = (report_html(table(work, f"table-{seats}", seats=seats)) for seats in (5, 4))
    chosen, hidden = option(RATED, "high"), told("report.hidden", n=1)
    assert f"5 × {chosen} ●●●●●" in five and hidden not in five
    assert f"× {chosen}" not in four and hidden in four


def test_the_report_has_the_judgement_the_variants_and_the_choice_of_four(work):
    session = table(work, "table-1")
    judged = {mark(session.structure): {"efficiency": "4", "inclusion": "2"}}
    session.save("structure.judgement", judged)
    session.save("form-standing.quadrant", question("form-standing.quadrant").options[0].id)
    html = report_html(session)
    level = {option.id: option.text for option in question("structure.judgement").options}
    for entry in questions("judgement.*"):
        assert f"{escape(entry.text)}</th><td>{level[judged[mark(session.structure)][entry.row]]}</td>" in html
    assert escape(question("form-standing.quadrant").options[0].heading) in html
    session.change_structure(edit.add_table, "bilateral")
    assert f"<td>{level['4']}</td>" not in report_html(session), "that is another structure"


def test_the_appendix_begins_a_page_and_nothing_is_said_twice(work):
    session = table(work, "table-1")
    session.save("task.who-does-what.apply-subsidy", question("task.who-does-what.apply-subsidy").options[0].id)
    session.save("note.factor-change", "Elkaar vaker zien")
    blocks_of_it = table_report(table_of(session.store)).blocks
    (place,) = [number for number, block in enumerate(blocks_of_it) if block.page]
    assert blocks_of_it[place].text == str(Message("report.appendix"))
    assert not [block for block in blocks_of_it[:place] if block.text == str(Message("report.ties"))]
    html = report_html(session)
    for said in (f"Afspraak van {session.store.group}", "Elkaar vaker zien"):
        assert html.count(escape(said)) == 1, said
    assert escape(question("task.who-does-what.apply-subsidy").text) not in html, "exercises stay out of the report"
    captions = [block.text for block in blocks_of_it if block.kind == "table" and block.text]
    assert len(captions) == len(set(captions))


def test_the_page_of_the_agreement_shows_what_the_table_found(work):
    session = open_session(store=work, room="room", group="table-0")
    view = widgets.Results(session, results_html)
    assert told("results.nothing") in view.children[0].value
    session = table(work, "table-1")
    view = widgets.Results(session, results_html)
    shown = view.children[0].value
    assert told("results.title") in shown and "<svg" in shown and f"5 × {option(RATED, 'high')}" in shown
    assert "Afspraak van" not in shown and SECRET not in shown
    session.save("factor.history", "positive")
    assert option("factor.history", "positive") in view.children[0].value and session.failures == []


def test_nothing_private_leaves_in_any_form(work, tmp_path):
    for number in range(1, 4):
        table(work, f"table-{number}", seats=4)
    room = read_room(work)
    write_report(room, tmp_path / "out")
    write_totals(room, tmp_path / "out")
    for number in range(1, 4):
        name, raw = hand_in(open_session(store=work, room="room", group=f"table-{number}").store)
        (tmp_path / "out" / name).write_bytes(raw)
    written = everything(tmp_path / "out")
    assert "Vrij van table-2" in written and SECRET not in written and "seat-" not in written


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
    assert "<script>alert" in words(read_docx((tmp_path / "out" / file(HOSTILE, ending="docx")).read_bytes()))
    from openpyxl import load_workbook

    book = load_workbook(tmp_path / "out" / file(SESSION, "totals", "xlsx"))
    cells = [cell for page in book for row in page.iter_rows() for cell in row if cell.value is not None]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert any(str(cell.value).startswith("=1+1") for cell in cells)
    for kind in ("answers", "counts", "ties"):
        raw = (tmp_path / "out" / file(SESSION, kind, "csv")).read_bytes()
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
    for item in ("network", "structure", "map", "table-name", "agreement.what", RATED, "structure.variants"):
        session.save(item, value)
    room = read_room(work)
    for made in (blocks.html_page(table_report(room.tables[0])), str(room_report(room))):
        assert len(made) > 500
    assert hand_in(session.store)[1]


def network_of(strength, trust, name="A", n=3):
    people = [{"id": f"o{i}", "name": f"{name}{i}", "sector": "", "layer": None} for i in range(n)]
    tie = {"source": "o0", "target": "o1", "kind": "k", "strength": strength, "trust": trust}
    return {"network": {"organisations": people, "ties": [tie], "directed": True}, "case": "rural"}


HUGE = 10**400
TABLES = [
    {"kind": "working", "theme": HOSTILE, "seats": ["o0", "o0", "gone", 7]},
    {"kind": "steering", "seats": ["o1"]},
]
ODD = {
    "huge": {"network": network_of(HUGE, HUGE), "agreement.what": HUGE, RATED: HUGE},
    "negative": {"network": network_of(-HUGE, -1), "map": {"positions": {"o0": [HUGE, -HUGE]}}},
    "float": {"network": network_of(1e308, 1e308), "agreement.date": 1e308, "table-name": -1e308},
    "yes or no": {"network": network_of(True, False), "table-name": True, "agreement.date": False},
    "long": {"network": network_of(1, 1, "x" * 5000), "table-name": "y" * 5000, "agreement.what": "z" * 50_000},
    "control": {
        "network": network_of(1, 1, "\x00\x1b\ud83d\ufffe\r\t"),
        "table-name": "\x00",
        "agreement.date": "\ud83d",
    },
    "structure": {
        "network": network_of(1, 1),
        "structure": {"partners": ["o0", "o1"], "tables": TABLES, "lead": "o0", "coordinator": True},
        "structure.variants": [{"name": 7, "structure": {"tables": TABLES}}, {"name": HOSTILE, "structure": None}, 3],
    },
    "places": {"network": network_of(1, 1), "map": {"positions": {"o0": [0, 0], "o1": ["1", 2], "gone": [1, 1]}}},
    "one place": {"network": network_of(1, 1), "map": {"positions": {"o0": [1e-9, 5], "gone": [19_999, 3]}}},
}


@pytest.mark.parametrize("name", ODD)
def test_a_value_of_any_size_or_shape_stops_no_report(work, tmp_path, name):
    session = open_session(store=work, room="room", group="table-1")
    session.save("agreement.why", "Dit moet erin staan")
    for item, value in ODD[name].items():
        session.store.put(item, value)
    table(work, "table-2")
    room = read_room(work)
    made = write_report(room, tmp_path / "out") + write_totals(room, tmp_path / "out")
    assert "Dit moet erin staan" in (tmp_path / "out" / file(room.tables[0].name)).read_text("utf-8")
    document = read_docx((tmp_path / "out" / file(SESSION, ending="docx")).read_bytes())
    assert len(made) == 10 and "Dit moet erin staan" in words(document)


def test_every_question_answered_with_any_kind_of_value(work, tmp_path):
    session = open_session(store=work, room="room", group="table-1")
    values = [HUGE, -1.5, True, None, [], {"a": [1]}, HOSTILE, "", "unknown"]
    for number, entry in enumerate(register()):
        value = values[number % len(values)]
        session.store.put(entry.id, value, person=None if entry.owner == "table" else "seat-1")
    assert write_report(read_room(work), tmp_path) and write_totals(read_room(work), tmp_path)


NEW_QUESTIONS = """
page = "1_network"
owner = "table"
visibility = "table"
kind = "text"
[[question]]
id = "note.extra"
text = {nl = "Wie missen jullie?", en = "Whom do you miss?"}
[[question]]
id = "choice.extra"
kind = "choice"
text = {nl = "Eten of drinken?", en = "Food or drinks?"}
option = [
  {id = "food", text = {nl = "Eten", en = "Food"}},
  {id = "drinks", text = {nl = "Drinken", en = "Drinks"}},
]
[[question]]
id = "reflection.extra"
owner = "person"
visibility = "private"
text = {nl = "Wat denk je?", en = "What do you think?"}
"""


def test_a_question_that_a_trainer_adds_is_in_both_reports(work, tmp_path, monkeypatch):
    shutil.copytree(texts.data_root(), tmp_path / "data")
    (tmp_path / "data/questions/extra.toml").write_text(NEW_QUESTIONS, "utf-8")
    monkeypatch.setattr(texts, "data_root", lambda: tmp_path / "data")
    session = open_session(store=work, room="room", group="table-1")
    session.save("note.extra", "De buurtwinkel")
    session.save("choice.extra", "food")
    session.save("reflection.extra", "Het loopt goed", person="seat-1")
    session.store.release("reflection.extra", "seat-1")
    for html in (report_html(session), blocks.html_page(room_report(read_room(work)))):
        for text in ("Wie missen jullie?", "De buurtwinkel", "Eten of drinken?", "Wat denk je?", "Het loopt goed"):
            assert text in html


def test_what_is_not_counted_is_in_no_report_but_for_what_a_table_thinks_of_its_structure(work, tmp_path, monkeypatch):
    shutil.copytree(texts.data_root(), tmp_path / "data")
    path = tmp_path / "data/questions/opening.toml"
    block = '\n[[question]]\nid = "opening.ours"\ncounted = false\ntext = {nl = "Niet geteld?", en = "Not counted?"}\n'
    path.write_text(path.read_text("utf-8") + block, "utf-8")
    monkeypatch.setattr(texts, "data_root", lambda: tmp_path / "data")
    session = open_session(store=work, room="room", group="table-1")
    for item, value in (("opening.ours", "shared"), ("opening.on-paper", "shared"), ("judgement.inclusion", "high")):
        for number in range(1, 6):
            session.save(item, value, person=f"seat-{number}")
        session.open_spread(item)
        assert session.store.spread(item)
    html = report_html(session)
    assert "Niet geteld?" not in html
    assert question("opening.on-paper").label in html and escape(question("judgement.inclusion").label) in html


def test_two_texts_in_a_conflict_are_both_reported(work):
    session = table(work, "table-1")
    for box, text in (("a", "De ene versie"), ("b", "De andere versie")):
        with session.store.change(box) as change:
            change.write_text("agreement.what", text, None, base=0)
    html = report_html(session)
    assert "De ene versie" in html and "De andere versie" in html and told("report.conflicts", n=1) in html
    assert sheet("who", read_room(work)).rows[0][-1] == 1


def test_a_text_that_was_emptied_is_in_no_report_but_the_one_beside_it_is_told(work, tmp_path):
    session = table(work, "table-1")
    for box, text in (("a", "De ene versie"), ("b", "De andere versie"), ("b", "")):
        with session.store.change(box) as change:
            change.write_text("agreement.what", text, None, base=0)
    write_totals(read_room(work), tmp_path)
    raw = (tmp_path / file(SESSION, "answers", "csv")).read_bytes().decode("utf-8-sig")
    html = report_html(session)
    for made in (html, raw, blocks.html_page(room_report(read_room(work)))):
        assert "De ene versie" not in made and "De andere versie" not in made
    assert told("report.conflicts", n=1) in html
    assert sheet("who", read_room(work)).rows[0][-1] == 1


def test_hand_in_of_six_tables_torn_double_newer(tmp_path):
    """Six laptops that all call their table table-1."""
    share = tmp_path / "share"
    share.mkdir()
    for number in range(1, 7):
        session = table(tmp_path / str(number), "table-1", name=f"Laptop {number}", seats=5 if number < 6 else 3)
        name, raw = hand_in(session.store)
        (share / f"{number}-{name}").write_bytes(raw)
    files = {int(path.name[0]): path for path in share.iterdir()}
    files[2].write_bytes(files[2].read_bytes()[:-200])
    (share / "copy.json").write_bytes(files[3].read_bytes())
    files[5].write_text(json.dumps(json.loads(files[5].read_text("utf-8")) | {"format": 99}), "utf-8")
    room = read_room(share)
    assert sorted(table.name for table in room.tables) == [f"Laptop {n}" for n in (1, 3, 4, 6)]
    keys = [note.key for note in room.notes]
    assert sorted(keys) == ["answers.foreign", "answers.newer-refused", "answers.older"]
    assert room.spread(RATED) == {"high": 15}  # three tables of five; the ratings of three people stayed at home
    assert room.merged.tables == 4 and set(room.merged.ties.values()) == {4}
    rows = {row[1]: row[2:] for row in spread(room)[1] if row[0] == question(RATED).label}
    assert rows[option(RATED, "high")] == [0, 15] and rows[option(RATED, "low")] == [4, 0]


def test_fewer_than_five_in_the_whole_room_are_not_counted(work):
    table(work, "table-1", seats=4)
    assert {row[3] for row in spread(read_room(work))[1] if row[0] == question(RATED).label} == {FEW}
    table(work, "table-2", seats=1)
    assert read_room(work).spread(RATED) is None, "five of two tables would tell what the one of the second answered"


def test_handing_in_again_replaces_and_takes_back(work, tmp_path):
    session, share = table(work, "table-1"), tmp_path / "share"
    name, first = hand_in(session.store)
    session.save("agreement.what", "Toch iets anders")
    session.store.withdraw("reflection.2.role-experience", "seat-1")
    again, second = hand_in(session.store)
    assert again == name and first != second
    share.mkdir()
    for order in ((first, second), (second, first)):
        for number, raw in enumerate(order):
            (share / f"{number}.json").write_bytes(raw)
        room = read_room(share)
        assert len(room.tables) == 1 and room.tables[0].texts("agreement.what") == ["Toch iets anders"]
        assert room.spread(RATED) == {"high": 5} and room.released("reflection.2.role-experience") == []
    session.store.delete(RATED, "seat-1")
    (share / "2.json").write_bytes(hand_in(session.store)[1])
    assert read_room(share).spread(RATED) is None


def test_the_own_copy_in_the_work_folder_is_not_a_table_of_its_own(work):
    session = table(work, "table-1")
    name, raw = hand_in(session.store)
    (work / "handin").mkdir()
    (work / "handin" / name).write_bytes(raw)
    room = read_room(work)
    assert [table.group for table in room.tables] == ["table-1"] and room.spread(RATED) == {"high": 5}


def test_a_trainers_own_laptop_is_no_table_and_nothing_to_hand_in_is_said(work):
    session = open_session(store=work, room="room", group="table-1")
    with pytest.raises(Problem, match=re.escape(str(Message("report_button.nothing")))):
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


def test_a_tab_or_line_end_before_a_formula_is_text_too(work, tmp_path):
    from openpyxl import load_workbook

    session = table(work, "table-1")
    typed = {"agreement.what": "\t=1+1", "agreement.why": "\r=2+2", "note.balance.size": "\t@SUM(A1)"}
    for item, text in typed.items():
        session.save(item, text)
    write_totals(read_room(work), tmp_path)
    raw = (tmp_path / file(SESSION, "answers", "csv")).read_bytes().decode("utf-8-sig")
    cells = {row[2]: row[3] for row in csv.reader(io.StringIO(raw, newline=""), delimiter=";")}
    assert all(cells[item].startswith("'") and cells[item].endswith(typed[item].strip()) for item in typed)
    book = load_workbook(tmp_path / file(SESSION, "totals", "xlsx"))
    assert not [cell for page in book for row in page.iter_rows() for cell in row if cell.data_type == "f"]


def test_english(work):
    session = table(work, "table-1")
    with in_language("en"):
        assert told("report.title", name="Tafel table-1") in report_html(session)
        assert 'w:lang w:val="en-GB"' in read_docx(report_docx(session)).styles.element.xml


def test_several_paths_are_read_as_one(work, tmp_path):
    table(work, "table-1")
    session = table(tmp_path / "b", "table-2")
    found = read_room(work, session.work)
    assert {table.group for table in found.tables} == {"table-1", "table-2"} and found.merged.tables == 2


def test_a_text_of_the_table_that_is_deleted_leaves_its_report_too_and_papers_stay(work):
    session = table(work, "table-1")
    session.save("reflection.1.own-experience", "GEHEIM van de tafel", person="seat-1")
    session.save("agreement.what", "GEHEIM van de tafel")
    for command in ("report", "handouts"):
        assert main([command, "--work", str(work)]) == 0
    made = list((work / "reports").iterdir())
    assert session.delete("agreement.what").key == "answers.deleted"
    assert made and not [path for path in made if path.exists()] and list((work / "handouts").iterdir())


def test_papers_and_slides_elsewhere_are_no_files_with_answers(work, tmp_path):
    session = table(work, "table-1")
    for command in ("handouts", "slides"):
        assert main([command, "--work", str(work), "--out", str(tmp_path / "paper")]) == 0
    assert main(["slides", "--work", str(work)]) == 0
    assert session.delete("agreement.what").key == "answers.deleted"
    assert session.delete_group().key == "answers.deleted"
    assert len(list((tmp_path / "paper").iterdir())) > 20 and len(list((work / "handouts").iterdir())) == 1


def test_what_the_commands_made_goes_when_the_table_deletes_everything(work, tmp_path):
    session = table(work, "table-1", name="GEHEIME TAFEL")
    for command in (["report"], ["handouts"], ["report", "--out", str(tmp_path / "stick")]):
        assert main([*command, "--work", str(work)]) == 0
    assert len(list((work / "reports").iterdir())) > 4 and list((work / "handouts").iterdir())
    session.refresh()
    said = session.delete_group()
    assert said.key == "answers.deleted-but-outside" and file(SESSION, ending="docx") in str(said)
    assert list((work / "handouts").iterdir()), "they are made for the group of this laptop"
    open_store(work).delete_group()
    left = [path for path in work.rglob("*") if path.is_file() and path.suffix not in (".sqlite3", ".log", ".lock")]
    assert [path for path in left if not path.name.startswith("answers.sqlite3")] == []
    assert (tmp_path / "stick" / file(SESSION, ending="docx")).is_file()
