"""Views: what a click does to the session. Handlers are called as the browser calls them, and none may fail."""

import json
from itertools import product

import ipywidgets as w
import pytest

from workshop import widgets
from workshop.domain import edit, governance, roles
from workshop.output.report import report_html
from workshop.session import open_session
from workshop.texts import data_root
from workshop.widgets.answer_field import AnswerField
from workshop.widgets.factors import factor_findings
from workshop.widgets.grid import Grid

LEVELS = product(("high", "low"), ("easy", "hard"), ("positive", "negative"))
PROFILES = [dict(zip(("commitment", "consensus", "history"), levels, strict=True)) for levels in LEVELS]
TASKS = sorted(path.stem for path in (data_root() / "tasks").glob("*.toml"))
HOSTILE = "<script>alert('x')</script>"


def everything(widget):
    yield widget
    for child in getattr(widget, "children", ()):
        yield from everything(child)


def find(view, kind):
    return next(child for child in everything(view) if isinstance(child, kind))


def shown(view):
    """All that a person can read in a view."""
    parts = []
    for child in everything(view):
        if isinstance(child, w.HTML):
            parts.append(child.value)
        elif isinstance(child, Grid):
            parts.append(json.dumps(child.rows, ensure_ascii=False) + json.dumps(child.columns, ensure_ascii=False))
        elif isinstance(child, AnswerField):
            parts.append(child.value)
    return "\n".join(parts)


def press(view, description):
    next(c for c in everything(view) if isinstance(c, w.Button) and c.description == description).click()


def choose(grid, row, value, column="choice"):
    grid._handle_custom_msg({"kind": "edit", "row": row, "column": column, "value": value, "n": "1"}, [])
    assert grid.acked == "1"


def type_in(field, text, n="1", **more):
    content = {"kind": "draft", "text": text, "n": n, "base": field.version, "sent": None, **more}
    field._handle_custom_msg(content, [])


def take_case(session, id="town"):
    case = governance.case(id)
    session.replace(network=case.network, structure=case.structure, case=case.id)


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
        widgets.Reflection(session, 1),
        widgets.Reflection(session, 2),
        widgets.Agreement(session),
        widgets.ReportButton(session, report_html),
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
    assert all(made)


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


def test_a_field_keeps_what_is_typed_and_says_which_draft(session):
    field = AnswerField(session, "note.balance.size", "Grootte")
    type_in(field, "wij zijn met acht", n="draft-7")
    assert field.acked == "draft-7" and field.value == "wij zijn met acht"
    assert AnswerField(session, "note.balance.size", "Grootte").value == "wij zijn met acht"


def test_a_draft_that_grew_from_what_was_kept_is_no_conflict(session, tmp_path):
    field = AnswerField(session, "note.balance.size", "Grootte")
    before = field.version
    type_in(field, "wij zijn")
    later = AnswerField(open_session(store=tmp_path, room="room", group="table-1"), "note.balance.size", "Grootte")
    type_in(later, "wij zijn met acht", base=before, sent="wij zijn")
    assert later.value == "wij zijn met acht" and later.others == []


def test_two_texts_at_once_are_both_shown_until_one_is_chosen(session, tmp_path):
    field = AnswerField(session, "note.balance.size", "Grootte")
    other = AnswerField(open_session(store=tmp_path, room="room", group="table-1"), "note.balance.size", "Grootte")
    type_in(field, "van hier")
    type_in(other, "van daar", base=[])
    field.refresh()
    assert {field.value, *field.others} == {"van hier", "van daar"}
    field._handle_custom_msg({"kind": "choose", "text": "van hier"}, [])
    assert field.value == "van hier" and field.others == []
    other.refresh()
    assert other.value == "van hier"


def test_private_answers_hide_when_the_seat_is_left(session):
    view = widgets.Reflection(session, 1)
    assert "Stoel" not in shown(view)
    session.seat = "seat-3"
    type_in(find(view, AnswerField), "dit is van mij")
    assert "dit is van mij" in shown(view)
    session.seat = "seat-4"
    assert "dit is van mij" not in shown(view)
    session.seat = None
    assert "dit is van mij" not in shown(view)
    assert "dit is van mij" not in report_html(session)


def test_a_released_text_is_shown_and_reported_and_can_be_taken_back(session):
    view = widgets.Reflection(session, 1)
    session.seat = "seat-3"
    type_in(find(view, AnswerField), "ik deel dit")
    press(view, "Geef vrij voor de tafel")
    session.seat = None
    assert "ik deel dit" in shown(view) and "ik deel dit" in report_html(session)
    session.seat = "seat-3"
    press(view, "Toch niet vrijgeven")
    session.seat = None
    assert "ik deel dit" not in shown(view)


def test_a_deleted_text_is_in_no_file(session, tmp_path):
    view = widgets.Reflection(session, 1)
    session.seat = "seat-3"
    type_in(find(view, AnswerField), "geheim van stoel drie")
    assert any(b"geheim" in path.read_bytes() for path in tmp_path.rglob("*.jsonl"))
    press(view, "Wis mijn tekst")
    assert not any(b"geheim" in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


def test_deleting_all_asks_first_and_then_really_deletes(session, tmp_path):
    take_case(session)
    session.save("table-name", "De pioniers")
    view = widgets.StartTable(session)
    press(widgets.ReportButton(session, report_html), "Maak ons verslag")
    other = tmp_path / "reports" / "report-table-10-20260101-000000.html"
    other.write_text("van een andere tafel", encoding="utf-8")
    press(view, "Wis alles van ons")
    assert session.store.get("table-name") == "De pioniers"
    view.sure.value = True
    press(view, "Wis alles van ons")
    assert not session.network.organisations and view.name.value == ""
    assert list((tmp_path / "reports").iterdir()) == [other]
    assert not any("De pioniers" in path.read_text("utf-8") for path in tmp_path.rglob("*.jsonl"))


@pytest.mark.parametrize("id", ["who-does-what", "last-word", "count-lines", "is-a-network"])
def test_a_task_gives_feedback_with_its_source_and_no_score(session, id):
    view = widgets.Task(session, id)
    grid = find(view, Grid)
    for card in view.task["rows"]:
        choose(grid, f"task.{id}.{card['id']}", card["key"][0] if card["key"] else view.task["columns"][0]["id"])
    notes = [row["note"] for row in grid.rows]
    for card, note in zip(view.task["rows"], notes, strict=True):
        assert governance.cite(card["source"]) in note
        assert ("geen vast antwoord" in note) == (not card["key"])
    assert widgets.Task(session, id).choices.grid.rows == grid.rows


def test_counting_the_lines_shows_the_table_only_after_counting(session):
    view = widgets.CountLines(session)
    assert "276" not in view.figures.value
    for card in governance.task("count-lines")["rows"]:
        choose(find(view, Grid), f"task.count-lines.{card['id']}", "lines-23")
    for figure in ("276", "66", "210", "23", "48 uur", "13,3 uur"):
        assert figure in view.figures.value


@pytest.mark.parametrize("profile", PROFILES, ids=lambda p: "-".join(p.values()))
def test_the_factor_table_says_what_its_rows_say_and_never_a_role(session, profile):
    view = widgets.FactorTable(session)
    for factor, level in profile.items():
        places = [row.level for row in roles.factor_table() if row.factor == factor]
        choose(view.now.grid, f"factor.{factor}", ("first", "second")[places.index(level)])
        assert session.store.get(f"factor.{factor}") == level
    apart = "trekken aan verschillende kanten" in view.told.value
    unanimous = tuple(profile.values()) in {("high", "easy", "negative"), ("low", "hard", "positive")}
    assert apart == (not unanimous)
    assert all("\n" in row["note"] for row in view.now.grid.rows)


def test_not_knowing_and_differing_are_answers(session):
    view = widgets.FactorTable(session)
    choose(view.now.grid, "factor.commitment", "unknown")
    choose(view.now.grid, "factor.history", "differ")
    assert session.store.get("factor.commitment") == "unknown"
    assert all(row["note"] for row in view.now.grid.rows if row["id"] != "factor.consensus")
    assert "minstens twee" in factor_findings({"commitment": "unknown", "history": "differ", "consensus": "easy"})


def test_network_in_tables(session):
    view = widgets.NetworkEditor(session)
    for name in ("OCMW, sociale dienst", "Inloophuis Zoë"):
        session.change_network(edit.add_organisation, name)
    first, second = session.network.organisations
    session.change_network(edit.add_tie, first.id, second.id, kind="communication")
    view.lead.value = first.id
    assert session.lead == first.id
    choose(view.ties, "0", "5", "trust")
    choose(view.ties, "0", "2,5", "strength")
    assert session.network.ties[0].trust == 5 and session.network.ties[0].strength == 2.5
    choose(view.organisations, second.id, "education", "sector")
    assert session.network.organisation(second.id).sector == "education"
    view.organisations._handle_custom_msg({"kind": "press", "row": second.id, "column": "delete"}, [])
    assert len(session.network.organisations) == 1
    session.undo()
    assert len(session.network.ties) == 1


def test_a_file_is_shown_first_and_used_only_when_the_group_says_so(session):
    view = widgets.NetworkEditor(session)
    source = view.children[0]
    text = "van;naar\nOCMW Meerlo;CAW De Brug\nOCMW Meerlo;Inloophuis Zoë\n".encode("cp1252")
    source.upload._handle_custom_msg({"n": 1, "names": ["banden.csv"]}, [memoryview(text)])
    assert not session.network.organisations and source.upload.done == 1
    assert "3 organisaties" in shown(source)
    press(source, "Gebruik dit netwerk")
    assert [o.name for o in session.network.organisations] == ["OCMW Meerlo", "CAW De Brug", "Inloophuis Zoë"]
    bad = b"van;naar;gewicht\nA;B;sterk\n"
    source.upload._handle_custom_msg({"n": 2, "names": ["x.csv"]}, [memoryview(bad)])
    assert "rij 2, kolom gewicht" in shown(source) and len(session.network.organisations) == 3


def test_opening_answers_are_spread_from_five_people_on(session):
    view, back = widgets.Opening(session), widgets.OpeningBack(session)
    for number in range(1, 6):
        assert "één persoon" not in back.shown.value.replace("Eén persoon antwoordde", "")
        session.seat = f"seat-{number}"
        choose(view.choices.grid, "opening.on-paper", "shared" if number < 5 else "lead")
    session.seat = None
    assert "Ronde tafel: 4 mensen" in back.shown.value and "één persoon" in back.shown.value


@pytest.mark.parametrize(
    ("typed", "kept", "known"),
    [("15/1/2027", "2027-01-15", True), (" 1-12-2026 ", "2026-12-01", True), ("2026-12-01", "2026-12-01", True),
     ("31/2/2027", "31/2/2027", False), ("voor de zomer", "voor de zomer", False), ("", "", True)],
)  # fmt: skip
def test_a_date_is_typed_as_people_write_it_and_kept_as_it_was(session, typed, kept, known):
    view = widgets.Agreement(session)
    field = next(c for c in everything(view) if isinstance(c, AnswerField) and c.item == "agreement.date")
    type_in(field, typed)
    assert session.store.get("agreement.date") == kept
    assert ("herkennen er geen datum in" in shown(view)) != known
    later = next(c for c in everything(widgets.Agreement(session)) if getattr(c, "item", "") == "agreement.date")
    assert later.value == (f"{kept[8:]}/{kept[5:7]}/{kept[:4]}" if known and kept else kept)


def test_a_choice_that_no_page_offers_is_not_kept(session):
    session.seat = "seat-1"
    made = (widgets.Opening(session).choices, widgets.Task(session, "poles").choices, widgets.Judgement(session).table)
    for choices in made:
        row = next(iter(choices.questions))
        for place, column in ((row, "nonsense"), ("network", next(iter(choices.columns)))):
            choose(choices.grid, place, column)
    assert not [path for path in session.work.rglob("*.jsonl") if path.read_text("utf-8").strip()]


def test_the_report_is_one_safe_file(session, tmp_path):
    take_case(session)
    session.change_network(edit.add_organisation, HOSTILE)
    session.save("agreement.what", "=1+1 & <b>meer bellen</b>")
    session.save("agreement.date", "2026-12-01")
    session.save("factor.commitment", "high")
    session.save("factor.history", "positive")
    html = report_html(session)
    assert "<script" not in html and "<b>meer" not in html and "&lt;script&gt;" in html
    assert "01/12/2026" in html and "Verzonnen voorbeeld" in html
    assert "http://" not in html.replace("http://www.w3.org/2000/svg", "") and "https://" not in html
    press(widgets.ReportButton(session, report_html), "Maak ons verslag")
    made = list((tmp_path / "reports").glob("report-table-1-*.html"))
    assert len(made) == 1 and "meer bellen" in made[0].read_text("utf-8")


def test_the_report_of_an_empty_table_stands(session):
    assert "Hier vulden jullie nog niets in." in report_html(session)


def test_an_old_draft_of_a_deleted_text_does_not_come_back_but_new_typing_is_kept(session, tmp_path):
    old = AnswerField(session, "reflection.1.own-experience", "Vraag", person="seat-1")
    type_in(old, "eerste")
    stale = old.version
    other = open_session(store=tmp_path, room="room", group="table-1")
    other.store.delete("reflection.1.own-experience", "seat-1")
    type_in(old, "eerste en meer", base=stale, n="2")
    assert session.store.get("reflection.1.own-experience", "seat-1") is None
    type_in(old, "opnieuw begonnen", n="3")
    assert session.store.get("reflection.1.own-experience", "seat-1") == "opnieuw begonnen" and old.acked == "3"
