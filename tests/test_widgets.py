"""Views: what a click does to the session. Handlers are called as the browser calls them, and none may fail."""

import base64
import re
from datetime import UTC, datetime
from itertools import product

import ipywidgets as w
import pytest
from viewing import (
    answer,
    box,
    choose,
    everything,
    field_of,
    find,
    press,
    press_own,
    said,
    shown,
    take_case,
    type_in,
    unfold,
)

from workshop import widgets
from workshop.domain import edit, governance, roles
from workshop.domain.measures import NAMES
from workshop.domain.network import Network
from workshop.domain.questions import question, questions, register
from workshop.domain.structure import Structure
from workshop.output.report import report_docx, report_html
from workshop.session import open_session
from workshop.texts import Message
from workshop.widgets import balance
from workshop.widgets.answer_field import AnswerField
from workshop.widgets.base import sentence
from workshop.widgets.factors import factor_findings

LEVELS = product(("high", "low"), ("easy", "hard"), ("positive", "negative"))
PROFILES = [dict(zip(("commitment", "consensus", "history"), levels, strict=True)) for levels in LEVELS]
TASKS = sorted({entry.set for entry in register() if entry.pattern.startswith(f"task.{entry.set}.")})
HOSTILE = "<script>alert('x')</script>"


def views(session):
    return [
        widgets.Header(session),
        widgets.StartTable(session),
        widgets.Opening(session),
        widgets.OpeningBack(session),
        *(widgets.Task(session, id) for id in TASKS),
        widgets.NetworkEditor(session),
        widgets.NetworkMeasures(session),
        widgets.Forms(session),
        widgets.StructureBoard(session),
        widgets.StructureCounts(session),
        widgets.Judgement(session),
        widgets.Variants(session),
        widgets.Balance(session),
        widgets.CountLines(session),
        widgets.FactorTable(session),
        widgets.Situations(session),
        widgets.Roles(session),
        widgets.Evidence(session),
        widgets.Ask(session, "who-are-we"),
        widgets.Ask(session, "reflection-1"),
        widgets.Ask(session, "reflection-2"),
        widgets.Ask(session, "agreement"),
        widgets.ReportButton(session, report_html, report_docx),
    ]


@pytest.mark.parametrize("case", [None, "rural", "town", "cluster", "knoke"])
def test_every_view_stands_and_follows_a_network_that_changes_under_it(session, case):
    made = views(session)
    if case:
        take_case(session, case)
    session.seat = "seat-1"
    session.change_network(edit.add_organisation, HOSTILE)
    session.undo()
    session.seat = None
    assert not session.failures and len(made) > len(TASKS)


def test_every_view_stands_where_a_copy_names_a_lead_organisation_that_is_not_in_the_network(session):
    take_case(session)
    session.save("structure", {"lead": "ghost", "tables": [{"kind": "steering", "seats": ["ghost", "ocmw"]}]})
    assert session.structure.lead is None and session.lead is None
    assert session.structure.tables[0].seats == ("ocmw",), "nobody sits there whom the board cannot show"
    assert said("own_forms.no_lead") in shown(next(view for view in views(session) if isinstance(view, widgets.Forms)))
    assert not session.failures


def test_a_partner_with_arrows_both_ways_is_one_partner(session):
    network = Network("abc", ["ab", "ba", "ac"], directed=True)
    session.replace(network=network, structure=Structure(network.organisations, lead="a"))
    assert said("own_forms.centrality", name="a", n=2, total=2) in shown(widgets.Forms(session))


def test_no_view_shows_a_name_as_html(session):
    made = views(session)
    for name in (HOSTILE, "<img src=x onerror=alert(1)>", "A"):
        session.change_network(edit.add_organisation, name, sector=HOSTILE)
    a, b, _ = (o.id for o in session.network.organisations)
    session.change_network(edit.add_tie, a, b, kind=HOSTILE)
    session.change_structure(edit.set_lead, a)
    session.change_structure(edit.add_table, "working", HOSTILE)
    session.change_structure(edit.seat, 0, a)
    session.save("table-name", HOSTILE)
    session.touched(None)
    html = "".join(child.value for view in made for child in everything(view) if isinstance(child, w.HTML))
    assert "alert" in html
    assert "<script>alert" not in html and "<img src=x" not in html


def test_each_measure_stands_once_on_the_page_of_measures():
    groups = (balance.DIFFERENTIATION, balance.INTEGRATION, balance.POWER, balance.TRUST, balance.DIRECTION)
    assert sorted(name for group in groups for name in group) == sorted(NAMES)


def test_a_field_keeps_what_is_typed(session):
    field = AnswerField(session, "note.balance.size", "Grootte")
    assert type_in(field, "wij zijn met acht")["state"] == "done" and field.value == "wij zijn met acht"
    assert AnswerField(session, "note.balance.size", "Grootte").value == "wij zijn met acht"


def test_who_types_on_in_one_page_is_in_no_conflict(session):
    field = AnswerField(session, "note.balance.size", "Grootte")
    before = field.version
    for n, text in enumerate(("wij", "wij zijn", "wij zijn met acht"), 1):
        type_in(field, text, base=before, load="one page", n=n)
    assert field.value == "wij zijn met acht" and field.others == []


def test_two_texts_at_once_are_both_shown_until_one_is_chosen(session, tmp_path):
    field = AnswerField(session, "note.balance.size", "Grootte")
    page = open_session(store=tmp_path, room="room", group="table-1")
    other = AnswerField(page, "note.balance.size", "Grootte")
    type_in(field, "van hier")
    type_in(other, "van daar", base=0)
    session.refresh()
    assert {field.value, *field.others} == {"van hier", "van daar"}
    box(field, field.item, {"do": "choose", "text": "van hier"})
    assert field.value == "van hier" and field.others == [] and field.earlier == ["van daar"]
    page.refresh()
    assert other.value == "van hier"


def test_private_answers_hide_when_the_seat_is_left(session):
    view = widgets.Ask(session, "reflection-1")
    session.seat = "seat-3"
    type_in(find(view, AnswerField), "dit is van mij")
    assert "dit is van mij" in shown(view)
    session.seat = "seat-4"
    assert "dit is van mij" not in shown(view)
    session.seat = None
    assert "dit is van mij" not in shown(view)
    assert "dit is van mij" not in report_html(session)


def test_a_released_text_is_shown_and_reported_and_can_be_taken_back(session):
    view = widgets.Ask(session, "reflection-1")
    session.seat = "seat-3"
    type_in(find(view, AnswerField), "ik deel dit")
    press_own(find(view, AnswerField), "release")
    session.seat = None
    assert "ik deel dit" in shown(view) and "ik deel dit" in report_html(session)
    session.seat = "seat-3"
    press_own(find(view, AnswerField), "withdraw")
    session.seat = None
    assert "ik deel dit" not in shown(view)


def test_a_deleted_text_is_in_no_file(session, tmp_path):
    view = widgets.Ask(session, "reflection-1")
    session.seat = "seat-3"
    type_in(find(view, AnswerField), "geheim van stoel drie")
    assert any(b"geheim" in path.read_bytes() for path in tmp_path.rglob("answers.sqlite3*"))
    press_own(find(view, AnswerField), "delete")
    assert not any(b"geheim" in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


def test_deleting_all_asks_first_and_then_really_deletes(session, tmp_path):
    take_case(session)
    session.save("table-name", "De pioniers")
    view = widgets.StartTable(session)
    press(widgets.ReportButton(session, report_html, report_docx), "report_button.make")
    other = tmp_path / "reports" / "report-table-10-20260101-000000.html"
    other.write_text("van een andere tafel", encoding="utf-8")
    press(view, "start.delete")
    assert session.store.get("table-name") == "De pioniers"
    view.sure.value = True
    press(view, "start.delete")
    assert not session.network.organisations and view.name.value == ""
    assert list((tmp_path / "reports").iterdir()) == [other]
    assert not any(b"De pioniers" in path.read_bytes() for path in tmp_path.rglob("answers.sqlite3*"))


@pytest.mark.parametrize("id", TASKS)
def test_a_task_shows_one_card_and_says_what_the_source_says_only_when_asked(session, id):
    view = widgets.Task(session, id)
    for place, entry in enumerate(questions(f"task.{id}.*")):
        assert [row["id"] for row in view.choices.grid.rows] == [entry.id]
        key = entry.key
        chosen = key[0] if key else entry.options[0].id
        answer(view, entry.id, chosen)
        assert "note" not in view.choices.grid.rows[0], "choosing tells nothing yet"
        press(view, "task.explain")
        note = view.choices.grid.rows[0]["note"]
        assert said("task.own_feedback", feedback=entry.feedback) in note
        cited = bool(key) and entry.source != "kit"
        assert (governance.cite(entry.source) in note) == cited, "a source stands with an answer only"
        if cited:
            known = governance.unread(entry.source)
            chose = next(option.text for option in entry.options if option.id == chosen)
            word = "task.kit_same" if known else "task.same"
            assert said(word, choice=chose, source=governance.cite(entry.source)) in note
            assert known in note, "what was not read is said"
        assert (said("task.open") in note) == (not key)
        press(view, "task.hide")
        assert "note" not in view.choices.grid.rows[0]
        assert said("task.progress", n=place + 1, total=len(view.entries)) in shown(view)
        press(view, "task.after")
    assert view.picker.value == next(iter(view.entries)), "after the last card comes the first"
    press(view, "task.before")
    assert view.picker.value == list(view.entries)[-1]


def test_a_card_that_nobody_chose_for_still_says_what_the_source_says(session):
    view = widgets.Task(session, "last-word")
    press(view, "task.explain")
    entry = questions("last-word")[0]
    names = {option.id: option.text for option in entry.options}
    told = said("task.key", source=governance.cite(entry.source), key=[names[id] for id in entry.key])
    assert told in view.choices.grid.rows[0]["note"]
    other = next(option for option in entry.options if option.id not in entry.key)
    answer(view, entry.id, other.id)
    assert other.text in view.choices.grid.rows[0]["note"]


def test_counting_the_lines_shows_the_table_only_after_counting(session):
    view = widgets.CountLines(session)
    assert "276" not in view.figures.value
    for entry in questions("count-lines"):
        session.save(entry.id, "lines-23")
    for figure in ("276", "66", "210", "23", said("lines.hours", hours=48), said("lines.hours", hours=13.3)):
        assert figure in view.figures.value


@pytest.mark.parametrize("profile", PROFILES, ids=lambda p: "-".join(p.values()))
def test_the_factor_table_says_what_its_rows_say_and_never_a_role(session, profile):
    view = widgets.FactorTable(session)
    for factor, level in profile.items():
        places = [row.level for row in roles.factor_table() if row.factor == factor]
        choose(view.now.grid, f"factor.{factor}", ("first", "second")[places.index(level)])
        assert session.store.get(f"factor.{factor}") == level
    apart = said("factor.pull_apart") in shown(view)
    unanimous = tuple(profile.values()) in {("high", "easy", "negative"), ("low", "hard", "positive")}
    assert apart == (not unanimous)
    assert all("\n" in row["note"] for row in view.now.grid.rows)


def test_not_knowing_and_differing_are_answers(session):
    view = widgets.FactorTable(session)
    choose(view.now.grid, "factor.commitment", "unknown")
    choose(view.now.grid, "factor.history", "differ")
    assert session.store.get("factor.commitment") == "unknown"
    assert all(row["note"] for row in view.now.grid.rows if row["id"] != "factor.consensus")
    told = factor_findings({"commitment": "unknown", "history": "differ", "consensus": "easy"})
    assert told == sentence(said("factors.more_rows"), "gbo-hint")


def test_network_in_tables(session):
    view = widgets.NetworkEditor(session)
    for name in ("OCMW, sociale dienst", "Inloophuis Zoë"):
        session.change_network(edit.add_organisation, name)
    first, second = session.network.organisations
    session.change_network(edit.add_tie, first.id, second.id, kind="communication")
    view.lead.value = first.id
    assert session.lead == first.id
    assert view.ties.rows == view.organisations.rows == [], "nobody looks at the tables"
    unfold(view, "network.ties")
    unfold(view, "network.organisations")
    tie = view.ties.rows[0]["id"]
    choose(view.ties, tie, "5", "trust")
    choose(view.ties, tie, "2,5", "strength")
    assert session.network.ties[0].trust == 5 and session.network.ties[0].strength == 2.5
    choose(view.organisations, second.id, "education", "sector")
    assert session.network.organisation(second.id).sector == "education"
    choose(view.organisations, second.id, "", "delete")
    assert len(session.network.organisations) == 1
    session.undo()
    assert len(session.network.ties) == 1


def test_a_file_is_shown_first_and_used_only_when_the_group_says_so(session):
    view = widgets.NetworkEditor(session)
    source = view.children[0]
    text = "van;naar\nOCMW Meerlo;CAW De Brug\nOCMW Meerlo;Inloophuis Zoë\n".encode("cp1252")
    source.upload._handle_custom_msg({"n": 1, "names": ["banden.csv"]}, [memoryview(text)])
    assert not session.network.organisations and source.upload.done == 1
    assert said("source.read", organisations=3, ties=2) in shown(source)
    press(source, "source.use")
    assert [o.name for o in session.network.organisations] == ["OCMW Meerlo", "CAW De Brug", "Inloophuis Zoë"]
    bad = b"van;naar;gewicht\nA;B;sterk\n"
    source.upload._handle_custom_msg({"n": 2, "names": ["x.csv"]}, [memoryview(bad)])
    assert (
        said("import.place_cell", row=2, column="gewicht") in shown(source) and len(session.network.organisations) == 3
    )


def test_a_file_that_cannot_be_kept_now_still_waits_to_be_used(session, monkeypatch):
    source = widgets.NetworkEditor(session).children[0]
    source.upload._handle_custom_msg({"n": 1, "names": ["banden.csv"]}, [b"van;naar\nOCMW;CAW\n"])
    with monkeypatch.context() as full:
        full.setattr(session, "replace", lambda **_given: False)  # as on a full disk, or in a closed room
        press(source, "source.use")
    read = said("source.read", organisations=2, ties=1)
    assert read in shown(source)
    press(source, "source.use")
    assert len(session.network.organisations) == 2 and read not in shown(source)


def test_opening_answers_are_spread_from_five_people_on(session):
    view, back = widgets.Opening(session), widgets.OpeningBack(session)
    shared, lead, *_ = question("opening.on-paper").options
    for number in range(1, 6):
        assert back.children[0].open.layout.display == "none"
        session.seat = f"seat-{number}"
        answer(view, "opening.on-paper", "shared" if number < 5 else "lead")
    session.seat = None
    assert shared.text not in shown(back) and said("spread.open") == back.children[0].open.description
    press(back, "spread.open")
    assert said("spread.before", counted=Message("seat.answered_n", n=5)) in shown(back)
    assert shared.text not in shown(back), "it asks before it opens"
    press(back, "spread.yes")
    assert said("opening.counted", n=4, option=shared.text) in shown(back)
    assert said("opening.counted", n=1, option=lead.text) in shown(back)
    session.seat = "seat-6"
    answer(view, "opening.on-paper", "lead")
    assert said("opening.counted", n=1, option=lead.text) in shown(back)
    assert back.children[0].open.layout.display == "none", "one answer more opens nothing"


@pytest.mark.parametrize(
    ("typed", "kept", "known"),
    [("15/1/2027", "2027-01-15", True), (" 1-12-2026 ", "2026-12-01", True), ("2026-12-01", "2026-12-01", True),
     ("31/2/2027", None, False), ("voor de zomer", None, False), ("", "", True)],
)  # fmt: skip
def test_a_date_is_typed_as_people_write_it_and_kept_as_it_was(session, typed, kept, known):
    view = widgets.Ask(session, "agreement")
    field = field_of(view, "agreement.date")
    result = type_in(field, typed)
    assert session.store.get("agreement.date") == kept and field.date
    assert result["state"] == ("done" if known else "refused")
    assert (result["text"] == said("agreement.no_day")) != known
    later = field_of(widgets.Ask(session, "agreement"), "agreement.date")
    assert later.value == (f"{kept[8:]}/{kept[5:7]}/{kept[:4]}" if kept else "")


def test_a_choice_that_no_page_offers_is_not_kept(session):
    session.seat = "seat-1"
    opening, task = widgets.Opening(session).choices[0], widgets.Task(session, "poles").choices
    for choices in (opening, task, widgets.Judgement(session).table):
        row = next(iter(choices.entries))
        for place, column in ((row, "nonsense"), ("network", choices.grid.columns[0]["id"])):
            choose(choices.grid, place, column)
    grid = task.grid
    for item, value in (("task.poles.coordinator", "nonsense"), ("opening.on-paper", "x"), ("network", {}), ("x", 1)):
        assert box(grid, item, {"do": "put", "value": value}, "seat-1")["state"] == "failed"
    assert box(grid, "role.taken", {"do": "text", "text": "x"}, "seat-1")["state"] == "failed"
    assert box(grid, "network", {"do": "set", "path": ["network"], "value": 5})["state"] == "failed"
    assert session.store.everything() == []


def test_the_report_is_one_safe_file(session, tmp_path):
    take_case(session)
    session.change_network(edit.add_organisation, HOSTILE)
    session.save("agreement.what", "=1+1 & <b>meer bellen</b>")
    session.save("agreement.date", "2026-12-01")
    session.save("factor.commitment", "high")
    session.save("factor.history", "positive")
    html = report_html(session)
    assert "<script" not in html and "<b>meer" not in html and "&lt;script&gt;" in html
    assert "01/12/2026" in html and said("case.fictional") in html
    assert "http://" not in html.replace("http://www.w3.org/2000/svg", "") and "https://" not in html
    press(widgets.ReportButton(session, report_html, report_docx), "report_button.make")
    made = list((tmp_path / "reports").glob("*.html"))
    assert len(made) == 1 and "meer bellen" in made[0].read_text("utf-8")


def test_the_report_of_an_empty_table_stands(session):
    assert said("report.nothing_yet") in report_html(session)


def test_a_page_that_missed_a_deletion_is_asked_and_new_typing_is_kept(session, tmp_path):
    old = AnswerField(session, "note.balance.size", "Vraag")
    type_in(old, "eerste", load="a")
    known = session.store.generation
    other = open_session(store=tmp_path, room="room", group="table-1")
    other.delete_group()
    assert session.store.get("note.balance.size") is None and session.store.generation > known
    session.refresh()
    assert old.value == ""
    assert type_in(old, "opnieuw begonnen", load="b")["state"] == "done" and old.value == "opnieuw begonnen"


def test_a_copy_for_oneself_is_downloaded_and_taken_on_an_empty_table(session, tmp_path):
    take_case(session)
    session.save("reflection.1.own-experience", "van stoel twee", person="seat-2")
    view = widgets.StartTable(session)
    press(view, "start.copy")
    assert said("start.copy_private") in shown(view)
    name, raw = re.search('download="(.*?)" href="data:.*?;base64,(.*?)"', view.copy.value).groups()
    assert name.endswith(".json") and not list(tmp_path.rglob("copy-*")), "it holds private answers, and stays nowhere"
    other = open_session(store=tmp_path / "other", room="room", group="table-9")
    there = widgets.StartTable(other)
    content = memoryview(base64.b64decode(raw))
    file = {"name": name, "content": content, "type": "", "size": len(content), "last_modified": datetime.now(UTC)}
    there.upload.value = (file,)
    assert there.upload.value == () and other.failures == []
    assert other.network == session.network and other.structure == session.structure
    assert other.store.get("reflection.1.own-experience", "seat-2") == "van stoel twee"
    there.upload.value = (file,)
    assert said("answers.copy-not-empty") in shown(there)
