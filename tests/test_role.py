"""The coordinator's role as a conversation: profiles, the rule of five, texts of their author only, terms explained."""

import re
import sqlite3
from html import escape
from itertools import permutations, product
from pathlib import Path

import ipywidgets as w
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from viewing import answer, choose, everything, field_of, find, press, press_own, said, shown, type_in, unfold

from workshop import widgets
from workshop.answers import open_store
from workshop.answers.tables import table_of
from workshop.domain import governance, roles
from workshop.domain.questions import about, question, questions
from workshop.output.report import report_html
from workshop.session import open_session
from workshop.texts import Message, load
from workshop.widgets.answer_field import AnswerField
from workshop.widgets.factors import LaterFactors, OwnFactors, PartnerFactor, PartnerFactors, factor_findings

ROOT = Path(__file__).resolve().parent.parent
LEVELS = product(("high", "low"), ("easy", "hard"), ("positive", "negative"))
PROFILES = [dict(zip(("commitment", "consensus", "history"), levels, strict=True)) for levels in LEVELS]
SEATS = [f"seat-{number}" for number in range(1, 7)]
UNANIMOUS = {("high", "easy", "negative"): "co-producer", ("low", "hard", "positive"): "commissioner"}
PRIVATE = ("role.taken", "role.wanted", "role.situation.heat-wave", "factor.history", "factor.history.in-two-years")


# -- the table ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: "-".join(profile.values()))
def test_each_profile_says_its_three_rows_and_whether_they_pull_apart(profile):
    told = factor_findings(profile)
    assert told.count("<li") == 3 + 2  # three rows, two questions
    role = UNANIMOUS.get(tuple(profile.values()))
    assert (said("factor.pull_apart") in told) == (role is None)
    assert (role is None) or said("factor.agree", roles=Message(f"role.{role}")) in told
    assert question("note.factor-change").text in told
    assert not re.search(r"\d", told.replace("h4", "")), "nothing is counted or added up"


def test_now_later_and_each_partner_stand_apart(session):
    case = governance.case("rural")
    session.replace(network=case.network, structure=case.structure, case=case.id)
    view = widgets.FactorTable(session)
    unfold(view, "factors.fold.later")
    unfold(view, "factors.fold.partners")
    later = find(view, LaterFactors).later
    partners = find(view, PartnerFactors)
    for folded in everything(partners):
        if isinstance(folded, w.ToggleButton):
            folded.value = True
    each = {one.factor.row: one for one in everything(partners) if isinstance(one, PartnerFactor)}
    history = each["history"]
    first, second, *_ = session.network.organisations
    choose(view.now.grid, "factor.history", "first")
    choose(later.grid, "factor.history.in-two-years", "second")
    choose(history.partners.grid, f"factor.history.partner.{first.id}", "first")
    assert said("factors.partners_differ") not in history.told.value
    choose(history.partners.grid, f"factor.history.partner.{second.id}", "second")
    kept = {item: session.store.get(f"factor.{item}") for item in ("history", "history.in-two-years")}
    assert kept == {"history": "positive", "history.in-two-years": "negative"}
    assert first.name in history.told.value and said("factors.partners_differ") in history.told.value
    assert all(governance.cite("seed-slides") in choices.grid.rows[2]["note"] for choices in (view.now, later))
    assert set(each) == {entry.row for entry in questions("factor.*")}
    assert all(first.name not in one.told.value for factor, one in each.items() if factor != "history")


def test_each_seat_judges_in_private_and_the_table_by_itself(session):
    view = widgets.FactorTable(session)
    unfold(view, "factors.fold.alone")
    alone = find(view, OwnFactors).alone.choices[0]
    now = question("factor.commitment")
    for number, seat in enumerate(SEATS[:5]):
        assert alone.seen.open.layout.display == "none"
        session.seat = seat
        choose(alone.grid, "factor.commitment", "unknown" if number else "first")
    session.seat = None
    high, _, unknown = now.options_for(person=True)
    press(alone, "spread.open")
    press(alone, "spread.yes")
    assert said("opening.counted", n=1, option=high.text) in shown(alone.seen)
    assert said("opening.counted", n=4, option=unknown.text) in shown(alone.seen)
    assert session.store.get("factor.commitment") is None and view.now.grid.rows[0]["choice"] is None
    session.save("factor.commitment", "low")
    assert session.store.get("factor.commitment", "seat-1") == "high"
    assert sum(session.store.spread("factor.commitment").values()) == 5, "the table is not one of the seats"


# -- the rule of five --------------------------------------------------------------------------------------------


@settings(max_examples=25, deadline=None)
@given(
    answers=st.lists(st.sampled_from(roles.ROLES), min_size=1, max_size=6),
    freed=st.sets(st.integers(0, 5)),
    item=st.sampled_from(PRIVATE),
)
def test_no_rating_is_shown_for_fewer_than_five(tmp_path_factory, answers, freed, item):
    store = open_store(tmp_path_factory.mktemp("five"))
    for seat, level in zip(SEATS, answers, strict=False):
        store.put(item, level, person=seat)
    for number in freed & set(range(len(answers))):
        store.release(item, SEATS[number])
    assert store.spread(item) is None
    store.open_spread(item)
    spread = store.spread(item)
    assert store.answered(item) == len(answers)
    assert (spread is None) == (len(answers) < 5)
    assert spread is None or spread == {role: answers.count(role) for role in set(answers)}
    assert store.released(item) == sorted(answers[number] for number in freed if number < len(answers))


@settings(max_examples=15, deadline=None)
@given(count=st.integers(1, 6), freed=st.sets(st.integers(0, 5)))
def test_a_text_is_shown_to_others_only_when_released(tmp_path_factory, count, freed):
    session = open_session(store=tmp_path_factory.mktemp("texts"), room="room", group="table-1")
    written = [entry for entry in questions("reflection-2") if entry.kind == "text"]
    items = [entry.id for entry in written if entry.owner == "person"]
    for seat in SEATS[:count]:
        for item in items:
            session.save(item, f"tekst van {seat}", person=seat)
    for entry in written:
        if entry.owner == "table":
            session.save(entry.id, "tekst van tafel")
    for number in freed:
        session.store.release(items[0], SEATS[number])
    seen = shown(widgets.Ask(session, "reflection-2")) + report_html(session)
    for number, seat in enumerate(SEATS):
        assert (f"tekst van {seat}" in seen) == (number in freed and number < count)
    assert not session.store.spread(items[0]) or set(session.store.spread(items[0])) <= {
        "",
        *(f"tekst van {SEATS[number]}" for number in freed),
    }
    assert "tekst van tafel" not in report_html(session)


def test_who_we_are_says_nothing_below_five_and_nothing_by_function(session, tmp_path):
    view = widgets.Ask(session, "who-are-we")
    assert about("who-are-we")["intro"] in shown(view)
    roles = question("role.taken").options
    leads = next(option.text for option in roles if option.id == "commissioner")
    for number, seat in enumerate(SEATS[:5]):
        session.seat = seat
        for item in ("role.taken", "role.wanted"):
            answer(view, item, "commissioner")
        session.seat = None
        seen = shown(view.choices[0].seen)
        few = said("opening.too_few", counted=Message("seat.answered_n", n=number + 1))
        assert (few in seen) == (number < 4)
        assert said("opening.counted", n=5, option=leads) not in seen
    press(view, "spread.open")
    press(view, "spread.yes")
    assert said("opening.counted", n=5, option=leads) in shown(view)
    assert {(answer.item, answer.value) for answer in session.store.everything()} == {
        ("role.taken", "commissioner"),
        ("role.wanted", "commissioner"),
    }


# -- situations --------------------------------------------------------------------------------------------------


def test_there_are_enough_situations_three_of_them_core_and_first():
    found = about("situations")["row"]
    assert len(found) >= 10
    assert [item.get("core", False) for item in found] == [True] * 3 + [False] * (len(found) - 3)


def test_the_trainers_words_come_after_the_tables_choice(session):
    view = widgets.Situations(session)
    for item in about("situations")["row"]:
        view.picker.which.value = item["id"]
        session.seat = "seat-2"
        answer(view, f"role.situation.{item['id']}", "co-producer")
        type_in(field_of(view, f"reflection.situation.{item['id']}"), f"omdat {item['id']}")
        session.seat = None
        assert item["text"] in shown(view) and f"omdat {item['id']}" not in shown(view)
        words = item["trainer"].split("'")[0]
        assert view.told.layout.display == "none" and words not in shown(view)
        answer(view, f"task.situation.{item['id']}", "facilitator")
        assert words not in shown(view), "only when the table asks for it"
        press(view, "situations.show")
        assert said("task.own_feedback", feedback=words) in shown(view)
        press(view, "task.hide")
        assert words not in shown(view)
        assert session.store.get(f"task.situation.{item['id']}") == "facilitator"
        assert session.store.get(f"role.situation.{item['id']}", "seat-2") == "co-producer"


def test_the_trainers_words_are_shut_for_a_table_that_starts_again(session):
    view = widgets.Situations(session)
    first, second = about("situations")["row"][:2]
    view.picker.which.value = second["id"]
    answer(view, f"task.situation.{second['id']}", "facilitator")
    press(view, "situations.show")
    session.delete_group()
    assert view.picker.value == first["id"]
    view.picker.which.value = second["id"]
    answer(view, f"task.situation.{second['id']}", "facilitator")
    assert view.told.description == said("situations.show")


# -- other evidence ----------------------------------------------------------------------------------------------


def test_other_evidence_has_its_limits_and_never_touches_the_table(session):
    view = widgets.Evidence(session)
    seen = shown(view)
    assert "Drie netwerken zijn weinig" in seen and escape(str(governance.law()["regie-verbs"])) in seen
    verbs = questions("regie-verbs")
    assert len(verbs) == 4 and all(entry.key == () for entry in verbs)
    table = widgets.FactorTable(session)
    for item in load("evidence.toml")["finding"]:
        assert item["limit"]["nl"] and governance.cite(item["source"]) in seen
        assert item["text"]["nl"] not in shown(table)
    assert {row.source for row in roles.factor_table()}.isdisjoint(
        row["source"] for row in load("evidence.toml")["finding"]
    )


def test_the_roles_stand_from_bottom_up_to_top_down_with_own_readings_marked(session):
    seen = shown(widgets.Roles(session))
    places = [seen.index(role["name"]) for role in roles.roles()["role"]]
    assert places == sorted(places) and seen.index("bottom-up") < seen.index("top-down")
    assert seen.count("*</td>") == sum(len(role["own"]) for role in roles.roles()["role"])
    assert roles.roles()["task_or_role"] in seen


# -- reflection --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("round", [1, 2])
def test_alone_in_pairs_and_at_the_table_each_have_a_field(session, round):
    view = widgets.Ask(session, f"reflection-{round}")
    session.seat = "seat-1"
    fields = [child for child in everything(view) if isinstance(child, AnswerField)]
    assert [made.person for made in fields] == ["seat-1", "seat-1", "seat-1", None]
    assert len({made.item for made in fields}) == 4


@pytest.mark.parametrize("order", list(permutations(("release", "change", "delete"))))
def test_a_deleted_text_is_in_no_file_whatever_came_before(session, tmp_path, order):
    view = widgets.Ask(session, "reflection-1")
    session.seat = "seat-3"
    for item, mine in (("reflection.1.pair", True), ("reflection-table.1", False)):
        made = field_of(view, item)
        who = "own" if mine else "table"
        type_in(made, f"geheim van {who}")
        for act in order:
            if act == "change":
                type_in(made, f"ander geheim van {who}")
            else:
                press_own(made, act)
        press_own(made, "delete")
        assert made.value == "" and "geheim" not in shown(view) and "geheim" not in report_html(session)
        left = [path for path in tmp_path.rglob("*") if path.is_file() and b"geheim" in path.read_bytes()]
        assert left == [], f"{item} after {order}"


def test_what_was_pressed_before_somebody_else_sat_down_is_not_done_to_their_text(session):
    view = widgets.Ask(session, "reflection-1")
    for number in (1, 2):
        session.seat = f"seat-{number}"
        type_in(field_of(view, "reflection.1.pair"), f"geheim van {number}")
    made = field_of(view, "reflection.1.pair")
    for act in ("release", "delete"):
        made._arrived(made, {"kind": "own", "act": act, "person": "seat-1"}, [])
        made._arrived(made, {"kind": "own", "act": act}, [])
    assert made.value == "geheim van 2" and not made.released
    assert session.store.get("reflection.1.pair", "seat-1") == "geheim van 1"


def test_who_takes_a_seat_gets_the_fields_that_are_there(session):
    view = widgets.Ask(session, "reflection-1")
    session.seat = "seat-1"
    there = set(everything(view))
    type_in(field_of(view, "reflection.1.pair"), "van een")
    session.seat = "seat-2"
    made = field_of(view, "reflection.1.pair")
    assert (made.person, made.value) == ("seat-2", "")
    type_in(made, "van twee")
    press_own(made, "release")
    session.seat = None
    session.store.put("reflection.1.pair", "van twee, elders", "seat-2")
    session.refresh()
    assert (made.person, made.value, made.released) == (None, "", False)
    made._arrived(made, {"kind": "own", "act": "release", "person": None}, [])
    assert session.store.newest("reflection.1.pair", None) is None
    session.seat = "seat-1"
    assert (made.person, made.value, made.released) == ("seat-1", "van een", False)
    assert set(everything(view)) == there


def test_where_the_disk_fails_who_sits_down_does_not_get_the_text_of_who_sat_there(session, monkeypatch):
    def fail(*_):
        raise sqlite3.OperationalError

    view = widgets.Ask(session, "reflection-1")
    session.seat = "seat-1"
    made = [field for field in everything(view) if isinstance(field, AnswerField) and field.person]
    for field in made:
        type_in(field, "geheim van een")
    with monkeypatch.context() as broken:
        broken.setattr(type(session.store), "version", fail)
        session.seat = "seat-2"
    assert {(field.person, field.value) for field in made} == {("seat-1", "geheim van een"), ("seat-2", "")}
    session.failures.clear()
    session.seat = "seat-2"
    session.touched("people")
    assert {(field.person, field.value) for field in made} == {("seat-2", "")}


def test_a_field_of_a_seat_that_was_left_hears_of_nothing_more(session, monkeypatch):
    widgets.Ask(session, "reflection-1")
    for number in range(1, 7):
        session.seat = f"seat-{number}"
    shown_again = []
    monkeypatch.setattr(AnswerField, "refresh", lambda field: shown_again.append(field.person))
    session.save("reflection.1.pair", "x", "seat-6")
    assert shown_again == ["seat-6"]


def test_what_cannot_be_deleted_now_is_never_called_deleted(session):
    view = widgets.Ask(session, "reflection-1")
    session.seat = "seat-3"
    made = field_of(view, "reflection.1.pair")
    type_in(made, "geheim")
    other = sqlite3.connect(session.store.path, isolation_level=None)
    session.store.execute("PRAGMA busy_timeout=30")
    other.execute("BEGIN IMMEDIATE")
    press_own(made, "delete")
    assert session.notice.key == "answers.nothing-done" and made.value == "geheim"
    assert session.delete_group().key == "answers.nothing-done"
    other.execute("ROLLBACK")
    press_own(made, "delete")
    assert session.notice.key == "answers.deleted" and made.value == ""


@pytest.mark.parametrize("emptied", ["", "  \n"])
def test_a_text_that_was_emptied_is_shared_with_nobody(session, emptied):
    item = "reflection.2.role-experience"
    session.seat = "seat-1"
    view = widgets.Ask(session, "reflection-2")
    made = field_of(view, item)
    type_in(made, "iets")
    type_in(made, emptied)
    press_own(made, "release")
    assert not made.released and session.store.released(item) == []
    type_in(made, "\n toch iets ")
    press_own(made, "release")
    assert made.released and session.store.released(item) == ["\n toch iets "]
    # as it was kept once
    session.store.put(item, emptied, "seat-2")
    session.store.query("UPDATE answers SET visibility='released' WHERE item=:item", item=item)
    assert session.store.released(item) == ["\n toch iets "]
    assert table_of(session.store).released(item) == ["\n toch iets "]
    session.store.withdraw(item, "seat-2")
    assert session.store.visibility(item, "seat-2") == "private"


def test_a_change_after_release_is_private_again_and_said_so(session):
    view = widgets.Ask(session, "reflection-1")
    session.seat = "seat-1"
    made = field_of(view, "reflection.1.room-for-structure")
    type_in(made, "eerste versie")
    press_own(made, "release")
    assert said("own_text.own.shared") in shown(view) and "eerste versie" in report_html(session)
    type_in(made, "tweede versie")
    assert said("own_text.own.shared") not in shown(view)
    assert "tweede versie" not in report_html(session)


# -- terms -------------------------------------------------------------------------------------------------------


def test_pages_mark_terms_and_the_header_explains_them(session):
    known = {entry["id"] for entry in find_glossary(widgets.Header(session)).terms}
    for path in sorted((ROOT / "notebooks/nl").glob("[0-9]_*.ipynb")):
        marks = set(re.findall(r"\]\(#term-([a-z-]+)\)", path.read_text("utf-8")))
        assert marks and marks <= known, path.name


def find_glossary(view):
    return next(child for child in everything(view) if isinstance(child, widgets.Glossary))


# -- in a browser ------------------------------------------------------------------------------------------------


@pytest.fixture
def page_four(running, page, tmp_path):
    with running(tmp_path / "work") as server:
        page.goto(server.address.replace("0_start", "4_role"))
        page.locator("body:not(.waiting)").wait_for()
        page.work = tmp_path / "work"
        yield page
        page.goto("about:blank")


def take(page, number=None):
    """Take a seat, or leave it; the last bar of the page follows when all above it did."""
    if number:
        page.locator(f".gbo-seats [data-seat=seat-{number}]").locator("visible=true").first.click()
    else:
        page.get_by_role("button", name=said("seat.done")).locator("visible=true").first.click()
    page.wait_for_function(
        "seat => [...document.querySelectorAll('.gbo-seats [aria-pressed=true]')]"
        ".every(one => one.dataset.seat === seat)",
        arg=f"seat-{number}" if number else "",
    )
    private = page.get_by_label(question("reflection.2.pair").text)
    private.wait_for(state="attached" if number else "detached")


def choice(page, item, value):
    """The button of an option in the table that asks for an item."""
    asked = question(item)
    option = next(option for option in asked.options if option.id == value)
    return page.get_by_label(f"{asked.text} – {option.text}")


def unfold_tasks(page):
    """Open what participants open themselves."""
    folds = page.get_by_role("button", name=said("task.show"))
    folds.first.wait_for()
    for number in range(folds.count()):
        folds.nth(number).click()


def show_spread(page):
    """Open the first spread of the page that can be opened."""
    page.get_by_role("button", name=said("spread.open")).locator("visible=true").first.click()
    page.get_by_role("button", name=said("spread.yes")).locator("visible=true").first.click()


@pytest.mark.browser
def test_five_people_choose_and_only_then_see_how_the_table_is_spread(page_four):
    page = page_four
    unfold_tasks(page)
    first, second, *_ = about("situations")["row"]
    leads = next(option.text for option in question("role.taken").options if option.id == "commissioner")
    seen = page.get_by_role("img", name=said("opening.counted", n=4, option=leads))
    for number in range(1, 6):
        take(page, number)
        role = "facilitator" if number == 1 else "commissioner"
        choice(page, "role.taken", role).check()
        choice(page, f"role.situation.{first['id']}", role).check()
        if number < 5:
            few = Message("seat.answered_n", n=number)
            page.get_by_text(said("opening.too_few", counted=few)).first.wait_for()
            assert seen.count() == 0
    show_spread(page)
    seen.wait_for()  # who we are; the situation's own spread waits for the table
    take(page)
    ask = page.get_by_role("button", name=said("situations.show"))
    words = page.get_by_role("heading", name=said("situations.trainer"), exact=True)
    assert not ask.is_visible() and words.count() == 0
    choice(page, f"task.situation.{first['id']}", "co-producer").check()
    ask.click()
    words.wait_for()
    show_spread(page)
    seen.nth(1).wait_for()
    page.get_by_label(said("situations.which")).select_option(
        label=said("situations.core" if second["core"] else "situations.extra", n=2, title=second["title"])
    )
    words.wait_for(state="detached")
    # terms: on hover, on focus, on tap, and away with Escape
    meaning = next(row["definition"] for row in governance.glossary() if row["id"] == "top-down")
    term, tip = page.locator("[href='#term-top-down']"), page.get_by_role("tooltip")
    term.hover()
    tip.get_by_text(meaning).wait_for()
    page.get_by_role("heading", level=1).hover()
    tip.wait_for(state="hidden")
    term.focus()
    tip.wait_for()
    assert term.get_attribute("aria-describedby") == tip.get_attribute("id")
    page.keyboard.press("Escape")
    tip.wait_for(state="hidden")
    term.click()
    tip.wait_for()
    assert "#term" not in page.url
    page.get_by_role("heading", level=1).click()
    tip.wait_for(state="hidden")


@pytest.mark.browser
def test_a_reflection_is_private_then_released_then_gone_for_good(page_four):
    from playwright.sync_api import expect

    page = page_four
    take(page, 3)
    alone = page.get_by_label(question("reflection.2.role-experience").text)
    alone.fill("mijn geheim verhaal")
    alone.blur()
    page.locator(".gbo-field", has=alone).get_by_text(said("field.kept")).wait_for()
    shown = page.locator(".gbo-released")
    take(page)
    assert "mijn geheim" not in page.content() and shown.count() == 0
    assert page.locator("textarea").evaluate_all("all => all.every(one => !one.value.includes('geheim'))")
    take(page, 3)
    field = page.locator(".gbo-field", has=alone)
    field.get_by_role("button", name=said("own_text.own.release")).click()
    shown.wait_for()
    assert shown.inner_text() == "mijn geheim verhaal"
    field.get_by_role("button", name=said("own_text.own.delete")).click()
    shown.wait_for(state="detached")
    expect(alone).to_have_value("")
    page.reload()
    page.locator("body:not(.waiting)").wait_for()
    take(page, 3)
    assert alone.input_value() == "" and "geheim" not in page.evaluate("gboOutbox.read().then(JSON.stringify)")
    assert not [path for path in page.work.rglob("*") if path.is_file() and b"geheim" in path.read_bytes()]


def test_what_a_trainer_would_say_opens_without_drawing_the_page_anew(session):
    view = widgets.Situations(session)
    answer(view, f"task.situation.{view.picker.value}", "unsure")
    before = view.children
    press(view, "situations.show")
    press(view, "task.hide")
    assert view.children == before
