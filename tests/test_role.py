"""The coordinator's role as a conversation: profiles, the rule of five, texts of their author only, terms explained."""

import json
import re
from html import escape
from itertools import permutations, product
from pathlib import Path

import ipywidgets as w
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workshop import widgets
from workshop.answers import open_store
from workshop.domain import governance, roles
from workshop.output.report import report_html
from workshop.session import open_session
from workshop.texts import Message, load
from workshop.widgets.answer_field import AnswerField
from workshop.widgets.factors import factor_findings
from workshop.widgets.grid import Grid

ROOT = Path(__file__).resolve().parent.parent
LEVELS = product(("high", "low"), ("easy", "hard"), ("positive", "negative"))
PROFILES = [dict(zip(("commitment", "consensus", "history"), levels, strict=True)) for levels in LEVELS]
SEATS = [f"seat-{number}" for number in range(1, 7)]
MINE, OURS = ("Geef vrij voor de tafel", "Wis mijn tekst"), ("Geef vrij voor je begeleider", "Wis deze tekst")
UNANIMOUS = {("high", "easy", "negative"): "co-producer", ("low", "hard", "positive"): "commissioner"}
PRIVATE = ("role.taken", "role.wanted", "role.situation.heat-wave", "factor.history", "factor.history.in-two-years")


def everything(widget):
    yield widget
    for child in getattr(widget, "children", ()):
        yield from everything(child)


def shown(view):
    """All that a person can read in a view."""
    parts = []
    for child in everything(view):
        if isinstance(child, w.HTML):
            parts.append(child.value)
        elif isinstance(child, Grid):
            parts.append(json.dumps(child.rows, ensure_ascii=False))
        elif isinstance(child, AnswerField):
            parts += [child.label, child.value]
    return "\n".join(parts)


def press(view, description, nth=0):
    [c for c in everything(view) if isinstance(c, w.Button) and c.description == description][nth].click()


def choose(grid, row, value):
    grid._handle_custom_msg({"kind": "edit", "row": row, "column": "choice", "value": value, "n": "1"}, [])
    assert grid.acked == "1"


def field(view, item):
    return next(c for c in everything(view) if isinstance(c, AnswerField) and c.item == item)


def type_in(made, text):
    made._handle_custom_msg({"kind": "draft", "text": text, "n": f"n-{text}", "base": made.version, "sent": None}, [])


# -- the table ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: "-".join(profile.values()))
def test_each_profile_says_its_three_rows_and_whether_they_pull_apart(profile):
    told = factor_findings(profile)
    assert told.count("<li") == 3 + 2  # three rows, two questions
    role = UNANIMOUS.get(tuple(profile.values()))
    assert (str(Message("factor.pull_apart")) in told) == (role is None)
    assert role is None or str(Message("factor.agree", roles=Message(f"role.{role}"))) in told
    assert str(Message("why.change")) in told
    assert not re.search(r"\d", told.replace("h4", "")), "nothing is counted or added up"


def test_now_later_and_each_partner_stand_apart(session):
    case = governance.case("rural")
    session.replace(network=case.network, structure=case.structure, case=case.id)
    view = widgets.FactorTable(session)
    first, second, *_ = session.network.organisations
    choose(view.now.grid, "factor.history", "first")
    choose(view.later.grid, "factor.history.in-two-years", "second")
    view.factor.value = "history"
    choose(view.partners.grid, f"factor.history.partner.{first.id}", "first")
    assert "niet op dezelfde rij" not in view.told_partners.value
    choose(view.partners.grid, f"factor.history.partner.{second.id}", "second")
    kept = {item: session.store.get(f"factor.{item}") for item in ("history", "history.in-two-years")}
    assert kept == {"history": "positive", "history.in-two-years": "negative"}
    assert first.name in view.told_partners.value and "niet op dezelfde rij" in view.told_partners.value
    assert all(governance.cite("seed-slides") in choices.grid.rows[2]["note"] for choices in (view.now, view.later))
    view.factor.value = "consensus"
    assert first.name not in view.told_partners.value


def test_each_seat_judges_in_private_and_the_table_by_itself(session):
    view = widgets.FactorTable(session)
    alone = view.alone
    assert alone.grid.key == "" and view.now.grid.key, "what one seat chose is not left in the browser"
    for number, seat in enumerate(SEATS[:5]):
        assert "Inzet voor het netwerk (commitment): nu" not in alone.seen.value
        session.seat = seat
        choose(alone.grid, "factor.commitment", "unknown" if number else "first")
    session.seat = None
    assert "veel: één persoon" in alone.seen.value and "Weet ik niet: 4 mensen" in alone.seen.value
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
    for seat, answer in zip(SEATS, answers, strict=False):
        store.put(item, answer, person=seat)
    for number in freed & set(range(len(answers))):
        store.release(item, SEATS[number])
    spread = store.spread(item)
    assert store.answered(item) == len(answers)
    assert (spread is None) == (len(answers) < 5)
    assert spread is None or spread == {role: answers.count(role) for role in set(answers)}
    assert store.released(item) == sorted(answers[number] for number in freed if number < len(answers))


@settings(max_examples=15, deadline=None)
@given(count=st.integers(1, 6), freed=st.sets(st.integers(0, 5)))
def test_a_text_is_shown_to_others_only_when_released(tmp_path_factory, count, freed):
    session = open_session(store=tmp_path_factory.mktemp("texts"), room="room", group="table-1")
    items = [question["id"] for step in governance.reflection_steps(2) for question in step["questions"]]
    for seat in SEATS[:count]:
        for item in items[:-1]:
            session.save(item, f"tekst van {seat}", person=seat)
    session.save(items[-1], "tekst van tafel")
    for number in freed:
        session.store.release(items[0], SEATS[number])
    seen = shown(widgets.Reflection(session, 2)) + report_html(session)
    for number, seat in enumerate(SEATS):
        assert (f"tekst van {seat}" in seen) == (number in freed and number < count)
    assert not session.store.spread(items[0]) or set(session.store.spread(items[0])) <= {
        "",
        *(f"tekst van {SEATS[number]}" for number in freed),
    }
    assert "tekst van tafel" not in report_html(session)


def test_who_we_are_says_nothing_below_five_and_nothing_by_function(session, tmp_path):
    view = widgets.WhoAreWe(session)
    assert "enige coördinator" in shown(view)
    for number, seat in enumerate(SEATS[:5]):
        session.seat = seat
        for item in ("role.taken", "role.wanted"):
            choose(view.choices.grid, item, "commissioner")
        session.seat = None
        assert ("Vanaf vijf mensen" in view.choices.seen.value) == (number < 4)
        assert ("Commissioner" in view.choices.seen.value) == (number == 4)
    kept = [json.loads(line) for path in tmp_path.rglob("*.jsonl") for line in path.read_text("utf-8").splitlines()]
    assert {(record["item"], record["value"]) for record in kept} == {
        ("role.taken", "commissioner"),
        ("role.wanted", "commissioner"),
    }


# -- situations --------------------------------------------------------------------------------------------------


def test_there_are_enough_situations_three_of_them_core_and_first():
    found = governance.situations()
    assert len(found) >= 10
    assert [item["core"] for item in found] == [True] * 3 + [False] * (len(found) - 3)


def test_the_trainers_words_come_after_the_tables_choice(session):
    view = widgets.Situations(session)
    for item in governance.situations():
        view.which.value = item["id"]
        session.seat = "seat-2"
        choose(view.own.grid, f"role.situation.{item['id']}", "co-producer")
        type_in(field(view, f"reflection.situation.{item['id']}"), f"omdat {item['id']}")
        session.seat = None
        assert item["text"] in shown(view) and f"omdat {item['id']}" not in shown(view)
        assert item["trainer"].split("'")[0] not in shown(view)
        choose(view.table.grid, f"task.situation.{item['id']}", "facilitator")
        assert item["trainer"].split("'")[0] in shown(view)
        assert session.store.get(f"task.situation.{item['id']}") == "facilitator"
        assert session.store.get(f"role.situation.{item['id']}", "seat-2") == "co-producer"


# -- other evidence ----------------------------------------------------------------------------------------------


def test_other_evidence_has_its_limits_and_never_touches_the_table(session):
    view = widgets.Evidence(session)
    seen = shown(view)
    assert "Drie netwerken zijn weinig" in seen and escape(str(governance.law()["regie-verbs"])) in seen
    rows = governance.task("regie-verbs")["rows"]
    assert len(rows) == 4 and all(row["key"] == [] for row in rows)
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
    view = widgets.Reflection(session, round)
    session.seat = "seat-1"
    fields = [child for child in everything(view) if isinstance(child, AnswerField)]
    assert [made.person for made in fields] == ["seat-1", "seat-1", "seat-1", None]
    assert len({made.item for made in fields}) == 4


@pytest.mark.parametrize("order", list(permutations(("release", "change", "delete"))))
def test_a_deleted_text_is_in_no_file_whatever_came_before(session, tmp_path, order):
    view = widgets.Reflection(session, 1)
    session.seat = "seat-3"
    for item, mine in (("reflection.1.pair", True), ("reflection-table.1", False)):
        made = field(view, item)
        who = "own" if mine else "table"
        at = 2 if mine else 0
        release, delete = (
            ("Geef vrij voor de tafel", "Wis mijn tekst")
            if mine
            else ("Geef vrij voor je begeleider", "Wis deze tekst")
        )
        type_in(made, f"geheim van {who}")
        for act in order:
            if act == "release":
                press(view, release, at)
            elif act == "change":
                type_in(made, f"ander geheim van {who}")
            else:
                press(view, delete, at)
        press(view, delete, at)
        assert made.value == "" and "geheim" not in shown(view) and "geheim" not in report_html(session)
        left = [path for path in tmp_path.rglob("*") if path.is_file() and b"geheim" in path.read_bytes()]
        assert left == [], f"{item} after {order}"


def test_a_change_after_release_is_private_again_and_said_so(session):
    view = widgets.Reflection(session, 1)
    session.seat = "seat-1"
    made = field(view, "reflection.1.room-for-structure")
    type_in(made, "eerste versie")
    press(view, "Geef vrij voor de tafel")
    assert "de tafel en je begeleider mogen dit lezen" in shown(view) and "eerste versie" in report_html(session)
    type_in(made, "tweede versie")
    assert "mogen dit lezen" not in shown(view)
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


def take(page, seat):
    """Take a seat; the last picker of the page follows when all above it did."""
    pickers = page.get_by_label("Wie zit aan het toetsenbord?")
    pickers.first.select_option(label=seat)
    page.wait_for_function(
        "seat => [...document.querySelectorAll('select')].filter(one => one.value.startsWith('Stoel')"
        " || one.value === 'De hele tafel').every(one => one.value === seat)",
        arg=seat,
    )
    private = page.get_by_label("Waarover zijn jullie het met z'n tweeën eens")
    private.wait_for(state="detached" if seat == "De hele tafel" else "attached")


@pytest.mark.browser
@pytest.mark.slow
def test_five_people_choose_and_only_then_see_how_the_table_is_spread(page_four):
    page = page_four
    seen = page.get_by_text("Commissioner (beslist zelf): 4 mensen")
    for number in range(1, 6):
        take(page, f"Stoel {number}")
        role = "Facilitator (laat de partners beslissen)" if number == 1 else "Commissioner (beslist zelf)"
        page.get_by_label(f"Welke rol neem ik nu meestal op? – {role}").check()
        page.get_by_label(f"Welke rol zou jij hier opnemen? – {role}").check()
        if number < 5:
            told = f"{number} mensen antwoordden" if number > 1 else "Eén persoon antwoordde"
            page.get_by_text(told).first.wait_for()
            assert seen.count() == 0
    seen.wait_for()  # who we are; the situation's own spread waits for the table
    take(page, "De hele tafel")
    assert page.get_by_role("heading", name=str(Message("situations.trainer"))).count() == 0
    page.get_by_label("Wat kiest de tafel, na het gesprek? – Co-producer (beslist mee)").check()
    page.get_by_role("heading", name=str(Message("situations.trainer"))).wait_for()
    assert seen.count() == 2
    page.get_by_label("Situatie").select_option(index=1)
    page.get_by_role("heading", name=str(Message("situations.trainer"))).wait_for(state="detached")
    # terms: on hover, on focus, on tap, and away with Escape
    term, tip = page.get_by_role("link", name="top-down"), page.get_by_role("tooltip")
    term.hover()
    tip.get_by_text("Wie aan het hoofd staat").wait_for()
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
@pytest.mark.slow
def test_a_reflection_is_private_then_released_then_gone_for_good(page_four):
    page = page_four
    take(page, "Stoel 3")
    alone = page.get_by_label("Welke van de drie rollen ken je uit ervaring")
    alone.fill("mijn geheim verhaal")
    alone.blur()
    page.locator(".gbo-field", has=alone).get_by_text("Bewaard.").wait_for()
    shown = page.locator(".gbo-released")
    take(page, "De hele tafel")
    assert "mijn geheim" not in page.content() and shown.count() == 0
    assert page.locator("textarea").evaluate_all("all => all.every(one => !one.value.includes('geheim'))")
    take(page, "Stoel 3")
    field = page.locator(".widget-vbox", has=alone).last
    field.get_by_role("button", name="Geef vrij voor de tafel").click()
    shown.wait_for()
    assert shown.inner_text() == "mijn geheim verhaal"
    field.get_by_role("button", name="Wis mijn tekst").click()
    shown.wait_for(state="detached")
    assert alone.input_value() == ""
    page.reload()
    page.locator("body:not(.waiting)").wait_for()
    take(page, "Stoel 3")
    assert alone.input_value() == "" and "geheim" not in page.evaluate("JSON.stringify(localStorage)")
    assert not [path for path in page.work.rglob("*") if path.is_file() and b"geheim" in path.read_bytes()]
