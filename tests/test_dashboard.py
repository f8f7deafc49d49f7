"""The trainer's page: what tables handed in, read from a folder; and the button with which they hand in."""

from html import escape, unescape

import pytest
from test_handin import hostile
from viewing import press, shown

from workshop import widgets
from workshop.answers import names
from workshop.answers.handin import hand_in
from workshop.answers.overview import FEW, merged_map, sheet
from workshop.answers.rooms import open_room
from workshop.answers.tables import read_room
from workshop.blocks import html_page
from workshop.domain import edit, governance
from workshop.domain.questions import question
from workshop.output.report import report_docx, report_html, room_report, write_report
from workshop.output.totals import write_totals
from workshop.pictures import count_lines
from workshop.session import open_session
from workshop.texts import Message
from workshop.widgets.dashboard import Folders

HOSTILE = "<script>alert('x')</script>"


@pytest.fixture
def session(tmp_path):
    opened = open_session(store=tmp_path / "trainer", room="room", group="trainer")
    yield opened
    assert opened.failures == []


def table(work, group, case="rural", seats=3, room="room"):
    session = open_session(store=work, room=room, group=group)
    chosen = governance.case(case)
    session.replace(network=chosen.network, structure=chosen.structure, case=case)
    session.save("table-name", f"Tafel {group}")
    session.save("reflection.1.own-experience", f"Vrij van {group}", person="seat-1")
    session.store.release("reflection.1.own-experience", "seat-1")
    session.save("reflection.1.own-experience", "geheim", person="seat-2")
    for number in range(1, seats + 1):
        session.save("role.taken", "facilitator", person=f"seat-{number}")
    session.open_spread("role.taken")
    return session


def handed_in_at(folder, session):
    """A folder with what a table handed in."""
    name, raw = hand_in(session.store)
    folder.mkdir()
    (folder / name).write_bytes(raw)
    return folder


def told(key, **values):
    """A sentence as it stands on a page."""
    return escape(str(Message(key, **values)))


def maps(view):
    return view.chapters["merged"].value


def test_an_empty_folder_is_said(session):
    view = widgets.Dashboard(session)
    assert told("dashboard.empty") in shown(view)
    view.folder.go("/nowhere/at/all")
    press(view, "dashboard.read")
    assert view.room.notes and all(escape(str(note)) in view.notes.value for note in view.room.notes)


def test_tables_side_by_side(session, tmp_path):
    work = tmp_path / "tables"
    first = table(work, "table-1", seats=5)
    second = table(work, "table-2", seats=6)
    second.change_network(edit.add_organisation, HOSTILE)
    gone = first.network.organisations[-1]
    first.change_network(edit.remove_organisation, gone.id)
    view = widgets.Dashboard(session)
    view.folder.go(work)
    press(view, "dashboard.read")
    page = shown(view)
    assert told("dashboard.told", n=2, handed_in=0) in page and "Tafel table-1" in page and HOSTILE not in page
    assert "Vrij van table-1" in page and "geheim" not in page and "font-size:2rem" in page
    assert str(merged_map(view.room)[1]) in maps(view) and ">2</text>" in maps(view)
    taken = next(option.text for option in question("role.taken").options if option.id == "facilitator")
    assert f"11 × {taken}" in view.chapters["factors"].value
    view.first.index, view.second.index = 1, 2
    assert str(Message("dashboard.only", side="B", names=[gone.name, HOSTILE])) in unescape(maps(view))
    assert told("dashboard.only", side="A", names=["x"]).split(" x")[0] not in maps(view)
    assert ">B</text>" in maps(view) and ">A</text>" not in maps(view)
    view.second.index = 0
    assert str(merged_map(view.room)[1]) not in maps(view)
    assert widgets.Dashboard(session).folder.at == work


def test_what_a_trainer_sees_is_what_the_report_says(session, tmp_path):
    table(tmp_path / "tables", "table-1")
    table(tmp_path / "tables", "table-2", case="town")
    view = widgets.Dashboard(session)
    view.folder.go(tmp_path / "tables")
    press(view, "dashboard.read")
    report = html_page(room_report(view.room))
    for name in ("who", "agreements", "merged", "structures", "factors"):
        for line in view.chapters[name].value.splitlines():
            assert line in report, name


def test_in_a_room_the_laptop_shows_the_tables_of_this_room_and_a_folder_all_of_them(tmp_path):
    work = tmp_path / "work"
    table(work, "table-1").save("table-name", "Van vorige maand")
    open_room(work, "room-2", tables=1)
    table(work, "table-1", room="room-2").save("table-name", "Van vandaag")
    trainer = open_session(store=work, room="room-2", group="trainer")
    trainer.save("table-name", "Geen tafel")
    view = widgets.Dashboard(trainer, totals=write_totals)
    assert [found.name for found in view.room.tables] == ["Van vandaag"]
    assert told("dashboard.other_rooms", n=1) in view.notes.value and "Van vorige maand" not in shown(view)
    press(view, "dashboard.make.totals")
    made = b"".join(path.read_bytes() for path in (work / "reports").glob("*.csv"))
    assert b"Van vandaag" in made and b"Van vorige maand" not in made
    view.folder.go(handed_in_at(tmp_path / "stick", table(tmp_path / "laptop", "table-1")))
    press(view, "dashboard.read")
    assert [found.name for found in view.room.tables] == ["Tafel table-1"] and not view.room.notes
    alone = widgets.Dashboard(open_session(store=work, room="room", group="trainer"))
    assert {found.name for found in alone.room.tables} >= {"Van vorige maand", "Van vandaag"}
    assert trainer.failures == []


def test_the_rule_of_five_holds_over_all_seats_in_the_room(session, tmp_path):
    table(tmp_path / "tables", "table-1")
    view = widgets.Dashboard(session)
    view.folder.go(tmp_path / "tables")
    press(view, "dashboard.read")
    assert FEW in view.chapters["factors"].value and told("report.few", few=FEW) in view.chapters["factors"].value


def test_report_and_spreadsheet_at_any_moment(session, tmp_path):
    table(tmp_path / "tables", "table-1")
    view = widgets.Dashboard(session, report=write_report, totals=write_totals)
    view.folder.go(tmp_path / "tables")
    press(view, "dashboard.make.report")
    press(view, "dashboard.make.totals")
    made = {path.name for path in (session.work / "reports").iterdir()}
    about = str(Message("report.session"))
    files = {f"{names.stem(about, 'report')}.docx", f"{names.stem('Tafel table-1', 'report')}.html"}
    assert files | {names.of_session("totals", "xlsx"), names.of_session("answers", "csv")} <= made
    assert names.of_session("totals", "xlsx") in view.made.value


def test_what_the_dashboard_made_goes_when_the_table_deletes_everything(tmp_path):
    seen = table(tmp_path, "table-1")
    trainer = open_session(store=tmp_path, room="room", group="trainer")
    view = widgets.Dashboard(trainer, report=write_report, totals=write_totals)
    view.folder.go(tmp_path)
    press(view, "dashboard.read")
    press(view, "dashboard.make.report")
    press(view, "dashboard.make.totals")
    assert len(list((tmp_path / "reports").iterdir())) > 4 and trainer.failures == []
    seen.refresh()
    assert seen.delete_group().key == "answers.deleted" and not list((tmp_path / "reports").iterdir())


def test_a_table_hands_in_and_the_trainer_reads_it(session, tmp_path):
    seen = table(tmp_path / "tables", "table-1")
    view = widgets.ReportButton(seen, report_html, report_docx)
    press(view, "report_button.hand_in")
    kept = list((tmp_path / "tables/handin").glob("Tafel-table-1-*.json"))
    assert len(kept) == 1 and f'download="{kept[0].name}"' in view.handed_in.value
    press(view, "report_button.hand_in")
    assert list((tmp_path / "tables/handin").iterdir()) == kept
    press(view, "report_button.make_word")
    assert len(list((tmp_path / "tables/reports").glob("*.docx"))) == 1
    dashboard = widgets.Dashboard(session)
    dashboard.folder.go(kept[0].parent)
    press(dashboard, "dashboard.read")
    assert told("dashboard.told", n=1, handed_in=1) in shown(dashboard) and "Tafel table-1" in shown(dashboard)
    assert seen.failures == []


def test_no_file_however_hostile_leaves_the_dashboard_empty(session, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    name, raw = hand_in(table(tmp_path / "tables", "table-1").store)
    (folder / name).write_bytes(raw)
    for number, (_, text) in enumerate(hostile()):
        (folder / f"{number}.json").write_bytes(text.replace('"g"', f'"g{number}"').encode("utf-8", "surrogatepass"))
    view = widgets.Dashboard(session, report=write_report, totals=write_totals)
    view.folder.go(folder)
    press(view, "dashboard.read")
    assert len(view.room.tables) > 20 and view.room.notes and "Vrij van table-1" in shown(view)
    press(view, "dashboard.make.totals")
    assert names.of_session("totals", "xlsx") in view.made.value and session.notice != Message("session.unexpected")


def test_nothing_to_hand_in_is_a_sentence(session):
    press(widgets.ReportButton(session, report_html, report_docx), "report_button.hand_in")
    assert session.notice.key == "report_button.nothing"


def test_the_folder_is_picked_and_this_laptop_is_one_of_them(session, tmp_path):
    (tmp_path / "stick" / "van de tafels").mkdir(parents=True)
    (tmp_path / "stick" / ".verborgen").mkdir()
    view = Folders(session)
    assert view.at == session.work and view.list.options[0][0] == str(Message("dashboard.live"))
    view.go(tmp_path / "stick")
    paths = [path for _, path in view.list.options]
    assert paths[0] == str(session.work) and str(tmp_path) in paths and not any(".verborgen" in path for path in paths)
    view.list.value = str(tmp_path / "stick" / "van de tafels")
    assert view.at.name == "van de tafels" and str(tmp_path / "stick") in [path for _, path in view.list.options]


def test_a_wall_of_small_maps_ticks_off_who_handed_in(session, tmp_path):
    work = tmp_path / "tables"
    first = table(work, "table-1")
    table(work, "table-2")
    press(widgets.ReportButton(first, report_html, report_docx), "report_button.hand_in")
    view = widgets.Dashboard(session)
    view.folder.go(work)
    press(view, "dashboard.read")
    assert view.wall.value.count("<svg") == 2 and "✓ Tafel table-1" in view.wall.value
    assert "✓ Tafel table-2" not in view.wall.value and "Tafel table-2" in view.wall.value
    assert told("dashboard.told", n=2, handed_in=1) in shown(view) and not view.room.notes
    rows = {row[0]: row[1] for row in sheet("who", view.room).rows}
    assert str(rows["Tafel table-2"]) == str(Message("dashboard.not_yet")) and "✓" in rows["Tafel table-1"]


def test_what_two_tables_drew_stands_out(session, tmp_path):
    first, second = (table(tmp_path / "tables", f"table-{n}") for n in (1, 2))
    gone = second.network.ties[0]
    for tie in second.network.ties:
        if {tie.source, tie.target} == {gone.source, gone.target}:
            second.change_network(edit.remove_tie, tie.source, tie.target, tie.kind)
    room = read_room(tmp_path / "tables")
    counts = room.merged.ties
    lines = count_lines(room.merged.network, counts)
    for line in lines:
        drawn_by = counts[line.source, line.target]
        assert (line.text, bool(line.dashes)) == (("", True) if drawn_by == 1 else (str(drawn_by), False))
    assert max(line.width for line in lines if line.dashes) < min(line.width for line in lines if not line.dashes)
    assert lines[0].dashes and not lines[-1].dashes, "what stands out lies on top"
    assert first.failures == second.failures == []
