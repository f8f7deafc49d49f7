"""The trainer's page: what tables handed in, read from a folder; and the button with which they hand in."""

import ipywidgets as w
import pytest

from workshop import widgets
from workshop.domain import edit, governance
from workshop.output.report import report_docx, report_html, write_report
from workshop.output.totals import write_totals
from workshop.session import open_session

HOSTILE = "<script>alert('x')</script>"


@pytest.fixture
def session(tmp_path):
    opened = open_session(store=tmp_path / "trainer", room="room", group="trainer")
    yield opened
    assert opened.failures == []


def table(work, group, case="rural"):
    session = open_session(store=work, room="room", group=group)
    chosen = governance.case(case)
    session.replace(network=chosen.network, structure=chosen.structure, case=case)
    session.save("table-name", f"Tafel {group}")
    session.save("reflection.1.own-experience", f"Vrij van {group}", person="seat-1")
    session.store.release("reflection.1.own-experience", "seat-1")
    session.save("reflection.1.own-experience", "geheim", person="seat-2")
    for seat in ("seat-1", "seat-2", "seat-3"):
        session.save("role.taken", "facilitator", person=seat)
    return session


def everything(widget):
    yield widget
    for child in getattr(widget, "children", ()):
        yield from everything(child)


def shown(view):
    return "\n".join(child.value for child in everything(view) if isinstance(child, w.HTML))


def press(view, description):
    next(c for c in everything(view) if isinstance(c, w.Button) and c.description == description).click()


def test_an_empty_folder_is_said(session):
    view = widgets.Dashboard(session)
    assert "nog niets afgegeven" in shown(view)
    view.folder.value = "/nowhere/at/all"
    press(view, "Lees de map")
    assert "kan niet gelezen worden" in shown(view)


def test_tables_side_by_side(session, tmp_path):
    work = tmp_path / "tables"
    first = table(work, "table-1")
    second = table(work, "table-2")
    second.change_network(edit.add_organisation, HOSTILE)
    first.change_network(edit.remove_organisation, first.network.organisations[-1].id)
    view = widgets.Dashboard(session)
    view.folder.value = str(work)
    press(view, "Lees de map")
    told = shown(view)
    assert "2 tafels gaven iets af." in told and "Tafel table-1" in told and HOSTILE not in told
    assert "Vrij van table-1" in told and "geheim" not in told and "font-size:2rem" in told
    assert "2 tafels tekenden een kaart" in view.map.value and ">2</text>" in view.map.value
    taken = view.shown["spread"].value
    assert "6 × Facilitator" in taken
    view.first.value, view.second.value = 0, 1
    assert "alleen op kaart A" in view.map.value and "Alleen op kaart B: " in view.map.value
    assert 'stroke-dasharray="2 5"' in view.map.value
    view.second.value = -1
    assert "kaart A" in view.map.value
    assert widgets.Dashboard(session).folder.value == str(work)


def test_both_versions_of_a_map_can_be_laid_over_each_other(session, tmp_path):
    one = table(tmp_path / "tables", "table-1")
    other = open_session(store=tmp_path / "tables", room="room", group="table-1")
    base = one.store.base("network")
    for opened, gone in ((one, "caw"), (other, "ocmw")):
        opened.save("network", {"network": one.network.without(gone).to_dict()}, base=base)
    view = widgets.Dashboard(session)
    view.folder.value = str(tmp_path / "tables")
    press(view, "Lees de map")
    assert [name for name, _ in view.first.options][1:] == [f"Tafel table-1 · Versie {n} van 2" for n in (1, 2)]
    view.first.value, view.second.value = 0, 1
    assert "Alleen op kaart A: " in view.map.value and "Alleen op kaart B: " in view.map.value
    assert "Eén tafel tekende een kaart" not in view.map.value


def test_the_rule_of_five_holds_over_all_seats_in_the_room(session, tmp_path):
    table(tmp_path / "tables", "table-1")
    view = widgets.Dashboard(session)
    view.folder.value = str(tmp_path / "tables")
    press(view, "Lees de map")
    assert "…" in view.shown["spread"].value and "minder dan vijf" in view.shown["spread"].value


def test_report_and_spreadsheet_at_any_moment(session, tmp_path):
    table(tmp_path / "tables", "table-1")
    view = widgets.Dashboard(session, report=write_report, totals=write_totals)
    view.folder.value = str(tmp_path / "tables")
    press(view, "Maak het verslag van de sessie")
    press(view, "Maak het rekenblad en de csv-bestanden")
    made = {path.name for path in (session.work / "reports").iterdir()}
    assert {"report.docx", "report-table-1.html", "totals.xlsx", "answers.csv"} <= made
    assert "totals.xlsx" in view.made.value


def test_a_table_hands_in_and_the_trainer_reads_it(session, tmp_path):
    seen = table(tmp_path / "tables", "table-1")
    view = widgets.ReportButton(seen, report_html, report_docx)
    press(view, "Geef onze antwoorden af")
    kept = list((tmp_path / "tables/handin").glob("table-1-*.jsonl"))
    assert len(kept) == 1 and f'download="{kept[0].name}"' in view.handed_in.value
    press(view, "Geef onze antwoorden af")
    assert list((tmp_path / "tables/handin").iterdir()) == kept
    press(view, "Maak ons verslag voor Word")
    assert len(list((tmp_path / "tables/reports").glob("*.docx"))) == 1
    dashboard = widgets.Dashboard(session)
    dashboard.folder.value = str(kept[0].parent)
    press(dashboard, "Lees de map")
    assert "Eén tafel gaf iets af." in shown(dashboard) and "Tafel table-1" in shown(dashboard)
    assert seen.failures == []


def test_nothing_to_hand_in_is_a_sentence(session):
    press(widgets.ReportButton(session, report_html), "Geef onze antwoorden af")
    assert "niets om af te geven" in str(session.notice)
