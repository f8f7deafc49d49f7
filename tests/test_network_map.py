"""The network map: what it does to the network, and how it feels by mouse, by touch and by keyboard alone."""

import asyncio
import json
import random
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from viewing import box, press, said, unfold, until

from workshop.answers import open_store
from workshop.domain import edit, governance
from workshop.domain.maps import add_ties, change_tie, overlay, set_directed
from workshop.domain.measures import cut_off
from workshop.domain.network import Network, Organisation, Tie
from workshop.session import open_session
from workshop.texts import Message, Problem
from workshop.widgets.network_map import NetworkMap

HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script>"


def network(*pairs, names="abcdefgh", directed=False):
    return Network([Organisation(n, n.upper()) for n in names], [Tie(a, b) for a, b in pairs], directed)


# -- what the map asks of a network ----------------------------------------------------------------------------------


def test_ties_of_many_pairs_leave_those_that_are_there():
    pairs = [("c", "g"), ("c", "h"), ("g", "c"), ("a", "b")]
    assert add_ties(network(), pairs, "referral").pairs("referral") == {("c", "g"), ("c", "h"), ("a", "b")}
    there = network(("c", "g"))
    assert len(add_ties(there, [("g", "c"), ("g", "h")]).ties) == 2
    for pair, key in ((("g", "c"), "all_there"), (("b", "b"), "tie_to_itself"), (("a", "gone"), "organisation_gone")):
        with pytest.raises(Problem) as refused:
            add_ties(there, [pair])
        assert key in refused.value.message.key


def test_a_tie_that_changes_stays_where_it_was_among_the_others():
    network = Network([Organisation(n, n) for n in "abc"], [Tie("a", "b", "x", 2.0), Tie("b", "c", "x")])
    changed = change_tie(network, ("a", "b", "x"), ("a", "b", "y"))
    assert [(tie.source, tie.kind, tie.strength) for tie in changed.ties] == [("a", "y", 2.0), ("b", "x", None)]


def test_a_turned_tie_keeps_strength_and_trust():
    old = Network(network().organisations, [Tie("a", "b", "x", 2.0, 5)], True)
    assert change_tie(old, ("a", "b", "x"), ("b", "a", "y")).ties == (Tie("b", "a", "y", 2.0, 5),)
    with pytest.raises(Problem):
        change_tie(old, ("b", "a", "x"), ("a", "b", "x"))


def test_direction_comes_and_goes_without_losing_a_pair():
    both = set_directed(network(("a", "b")), True)
    assert both.pairs() == {("a", "b"), ("b", "a")} and both.directed
    assert set_directed(both, False) == network(("a", "b"))


def test_who_is_cut_off():
    star = network(("a", "b"), ("a", "c"), ("c", "d"), ("e", "f"))
    assert cut_off(star, "a") == ("b",)
    assert cut_off(star, "c") == ("d",)
    assert cut_off(star, "d") == cut_off(star, "g") == cut_off(star, "nobody") == ()
    assert set(cut_off(network(*(("a", x) for x in "bcdefgh")), "a")) == set("cdefgh")


def test_two_maps_say_what_is_in_one_and_what_in_both():
    mine = Network([Organisation("a", "OCMW"), Organisation("b", "CAW")], [Tie("a", "b")])
    theirs = Network(
        [Organisation("1", "caw "), Organisation("b", "Huis van het Kind"), Organisation("3", "ocmw")],
        [Tie("3", "1"), Tie("1", "b")],
        True,
    )
    together, sides, pairs = overlay(mine, theirs)
    assert sides == {"a": "both", "b": "both", "b:b": "b"}
    assert pairs == {("a", "b"): "both", ("b", "b:b"): "b"}
    assert [item.name for item in together.organisations] == ["OCMW", "CAW", "Huis van het Kind"]


# -- messages become edits -------------------------------------------------------------------------------------------


class Wire:
    """A map whose browser is this test."""

    def __init__(self, session):
        self.session = session
        self.map = NetworkMap(session)
        self.canvas = self.map.canvas

    def do(self, what, item="network", base=None, **values):
        base = self.canvas.state["version"] if base is None else base
        return box(self.canvas, item, {"do": what, **values}, base=base)

    def ask(self, **content):
        told = []
        real, self.canvas.send = self.canvas.send, told.append
        self.canvas._handle_custom_msg(content, [])
        self.canvas.send = real
        return told

    def names(self):
        return [org[1] for org in self.canvas.state["orgs"]]


@pytest.fixture
def wire(session):
    return Wire(session)


def test_the_state_is_whole_and_small(wire):
    ids = [f"o{i}" for i in range(60)]
    draw = random.Random(1)
    ties = [Tie(*draw.sample(ids, 2), kind="referral", trust=3) for _ in range(120)]
    wire.session.replace(network=Network([Organisation(id, f"Organisatie {id}") for id in ids], ties))
    wire.do("place", item="map", places={id: [1234.5, 678.9] for id in ids}, quiet=True)
    state = json.dumps(wire.canvas.state, allow_nan=False)
    assert len(state) < 9000
    at, other, kind, strength, trust = wire.canvas.state["ties"][0]
    first = wire.session.network.ties[0]
    assert {ids[at], ids[other]} == {first.source, first.target} and (strength, trust) == (None, 3)
    assert wire.canvas.state["kinds"][kind][0] == "referral" and wire.canvas.state["places"][0] == [1234.5, 678.9]


def test_a_page_that_opens_gets_what_is_there(wire, tmp_path):
    wire.session.replace(network=network(("a", "b")))
    wire.do("place", item="map", places={"a": [1, 2], "gone": [3, 4]})
    assert wire.canvas.get_state("state")["state"] == wire.canvas.state
    again = Wire(open_session(store=tmp_path, room="room", group="table-1"))
    assert again.canvas.state == wire.canvas.state and again.canvas.state["places"][0] == [1, 2]


def test_many_edits_in_a_row_are_at_most_ten_states_a_second(session):
    wire = Wire(session)
    states = []
    wire.canvas.observe(lambda change: states.append(change.new), "state")

    async def draw():
        for number in range(20):
            wire.do("add", text=f"Organisatie {number}")
            await asyncio.sleep(0.01)
        while len(states[-1]["orgs"]) < 20:
            await asyncio.sleep(0.01)

    start = time.monotonic()
    asyncio.run(asyncio.wait_for(draw(), 20))
    assert len(states) <= 10 * (time.monotonic() - start) + 1


def test_the_same_name_added_in_two_pages_is_one_organisation_and_said(tmp_path):
    pages = [Wire(open_session(store=tmp_path, group="table-1")) for _ in range(2)]
    assert [page.do("add", text="OCMW")["state"] for page in pages] == ["done", "done"]
    for page in pages:
        page.session.refresh()
        assert page.names() == ["OCMW"]


def test_places_are_the_maps_own_answer(wire):
    wire.session.replace(network=network())
    before = wire.session.network
    wire.do("place", item="map", places={"a": [5, 6]})
    wire.do("hide", item="map", kinds=["referral"])
    assert wire.session.network == before and "5" not in json.dumps(before.to_dict())
    assert wire.session.store.get("map") == {"positions": {"a": [5, 6]}, "hidden_kinds": ["referral"]}


def test_undoing_says_which_step_and_moving_is_one(wire):
    wire.session.replace(network=network(("a", "b")))
    wire.do("place", item="map", places={"a": [5, 6]}, quiet=True)
    wire.do("tie", source="a", target="c")
    wire.do("place", item="map", places={"a": [50, 60]})
    (moved,) = wire.ask(kind="travel", way="undo")
    assert moved["text"] == str(Message("session.undone", what=Message("step.map.place", n=1, name="A")))
    assert wire.canvas.state["places"][0] == [5, 6]
    (tied,) = wire.ask(kind="travel", way="undo")
    assert str(Message("step.map.tie", source="A", target="C")) in tied["text"]
    assert wire.canvas.state["places"][0] == [5, 6] and len(wire.canvas.state["ties"]) == 1
    wire.ask(kind="travel", way="redo")
    assert len(wire.canvas.state["ties"]) == 2


def test_who_leaves_is_told_and_marked(wire):
    wire.session.replace(network=network(("a", "b"), ("b", "c"), ("b", "d"), ("c", "d")))
    (told,) = wire.ask(kind="about", id="b")
    assert told["gone"] == ("a",) and told["text"] == said("map.cut", name="B", names=["A"], n=1)
    assert wire.ask(kind="about", id="nobody") == []


def test_hidden_kinds_are_said(wire):
    wire.session.replace(network=Network(network().organisations, [Tie("a", "b", "referral"), Tie("a", "c")]))
    wire.do("hide", item="map", kinds=["referral"])
    lines = wire.canvas.state["lines"]
    assert lines[0] == said("measure.ties.text", n=1, possible=28)
    assert lines[-1] == said("map.hidden", kinds=[governance.kind_label("referral")])


def test_who_leaves_is_told_by_the_lines_that_are_seen(wire):
    ties = [Tie("a", "b", "referral"), Tie("b", "c", "referral"), Tie("a", "c", "knowing"), Tie("d", "e", "knowing")]
    wire.session.replace(network=Network(network().organisations, ties))
    assert wire.ask(kind="about", id="b")[0]["gone"] == ()
    wire.do("hide", item="map", kinds=["knowing"])
    (told,) = wire.ask(kind="about", id="b")
    assert told["gone"] == ("c",) and told["text"] == str(Message("map.cut", name="B", names=["C"], n=1))
    (hidden,) = wire.ask(kind="about", id="d")  # it has a line, though none is seen
    assert hidden["text"] == str(Message("map.cut_none", name="D"))


def test_two_maps_of_one_group(wire):
    wire.session.replace(network=network(("a", "b")))
    unfold(wire.map, "map.compare.title")
    wire.map.name.value = "van Jan"
    press(wire.map, "map.compare.keep")
    wire.session.change_network(edit.add_tie, "c", "d")
    named = [value for text, value in wire.map.choice.options if "van Jan" in text]
    wire.map.choice.value = named[0]
    over = wire.canvas.state["over"]
    at = [org[0] for org in over["orgs"]]
    assert {(at[a], at[b]): side for a, b, side in over["ties"]} == {("a", "b"): "both", ("c", "d"): "a"}
    assert over["lines"][0] == said("map.compare.result", name="van Jan", both=1, a=1, b=0)
    wire.map.choice.index = 0
    assert wire.canvas.state["over"] is None


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=300)
    | st.sampled_from(["a", "b", "referral"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
ACTS = ["add", "ties", "tie", "untie", "set_tie", "rename", "sector", "layer", "remove", "directed", "place", "hide"]
fields = ["text", "of", "to", "at", "source", "target", "id", "name", "sector", "places", "kinds", "trust", "strength"]
fields += ["turn", "ids", "most", "layer", "yes", "kind", "way", "entries", "box"]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([*ACTS, "x", None]),
            st.sampled_from(["network", "map", "structure", "", None, 7]),
            st.dictionaries(st.sampled_from(fields), anything, max_size=6),
        ),
        max_size=6,
    )
)
def test_nothing_that_comes_in_raises(tmp_path_factory, messages):
    session = open_session(store=tmp_path_factory.mktemp("store"), room="room", group="table-1")
    session.replace(network=network(("a", "b")))
    canvas = NetworkMap(session).canvas
    for do, item, values in messages:
        state = box(canvas, item, {**values, "do": do}, base=0)["state"]
        assert state in ("done", "refused", "failed")
        canvas._handle_custom_msg({**values, "kind": "about"}, [])
    for nonsense in ([], None, "box", {"kind": "travel", "way": []}, {"kind": ["box"]}):
        canvas._handle_custom_msg(nonsense, [])
    assert session.failures == []
    json.dumps(canvas.state, allow_nan=False)


@pytest.mark.parametrize(
    "kept", [None, [], {"positions": []}, {"positions": {"a": [1, "x"], "b": [1, 2]}, "hidden_kinds": 3}]
)
def test_a_damaged_answer_is_no_obstacle(session, kept):
    session.replace(network=network())
    session.store.put("map", kept)
    session.store.put("structure", kept)
    places = Wire(open_session(store=session.work, room="room", group="table-1")).canvas.state["places"]
    assert places == [None, [1, 2] if kept and kept["positions"] else None, *[None] * 6]


# -- in a browser ----------------------------------------------------------------------------------------------------

MADE = """
import random
from workshop.domain.network import Network, Organisation, Tie
draw = random.Random(1)
words = "Samenlevingsopbouw,OCMW,Dienst maatschappelijk werk,CLB,Wijkgezondheidscentrum,Bibliotheek".split(",")
places = "Noord,Zuid-Meerlo,van de Kempen,Oost,de Brug".split(",")
def made(n, m):
    names = [f"{draw.choice(words)} {draw.choice(places)} {i}" for i in range(n)]
    ids = [f"o{i}" for i in range(n)]
    return Network(map(Organisation, ids, names), [Tie(*draw.sample(ids, 2)) for _ in range(m)])
def small(*names):
    return Network(map(Organisation, "abcdefgh", names))
"""


@pytest.fixture(scope="module")
def pages(running, tmp_path_factory):
    """``pages(name, code)``: the address of a page with the map of a group of its own."""
    root = tmp_path_factory.mktemp("pages")
    folder = root / "notebooks" / "nl"
    folder.mkdir(parents=True)
    (root / "exercises").mkdir()

    def write(name, code=""):
        start = f"from workshop import open_session\nsession = open_session(group={name!r})"
        cells = [f"{start}\nfrom workshop.widgets.network_map import NetworkMap\n{MADE}"]
        cells += [f"{code}\nNone", "NetworkMap(session)"]
        made = [
            {"cell_type": "code", "id": f"c{i}", "source": c, "metadata": {}, "outputs": [], "execution_count": None}
            for i, c in enumerate(cells)
        ]
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
        (folder / f"{name}.ipynb").write_text(
            json.dumps({"cells": made, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5})
        )
        return name

    write("0_start")
    with running(tmp_path_factory.mktemp("work"), root=root) as server:

        def address(name, code=""):
            return server.address.replace("0_start", write(name, code))

        address.server = server
        address.network = lambda name: Network.from_dict(open_store(server.work, group=name).get("network")["network"])
        address.places = lambda name: (open_store(server.work, group=name).get("map") or {}).get("positions", {})
        yield address


class Hand:
    """A person at the map."""

    def __init__(self, page):
        self.page = page
        page.locator(".gbo-map-svg").wait_for()
        page.locator("body:not(.waiting)").wait_for()
        page.locator(".gbo-map-svg").evaluate("one => one.scrollIntoView({ block: 'end' })")

    def node(self, name):
        return self.page.locator(f'.gbo-map-node[aria-label^="{name}."]')

    def tie(self, name, other):
        """Pick a tie by its organisation; the panel in which it stands."""
        self.node(name).locator(".gbo-map-sign").click()
        panel = self.page.locator(".gbo-map-panel")
        panel.get_by_role("button", name=other).click()
        return panel

    def centre(self, name):
        box = self.node(name).locator(".gbo-map-sign").bounding_box()
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def drag(self, name, to):
        self.page.mouse.move(*self.centre(name))
        self.page.mouse.down()
        self.page.mouse.move(*to, steps=4)
        self.page.mouse.up()

    def draw_tie(self, source, target):
        """From the handle beside an organisation to another one."""
        self.page.mouse.move(*self.centre(source))
        handle = self.page.locator(".gbo-map-handle circle").bounding_box()
        self.page.mouse.move(handle["x"] + handle["width"] / 2, handle["y"] + handle["height"] / 2, steps=4)
        self.page.mouse.down()
        self.page.mouse.move(*self.centre(target), steps=4)
        self.page.mouse.up()

    def says(self, text):
        self.page.locator(".gbo-map-say", has_text=text).wait_for(timeout=5000)

    def counts(self, n, of):
        self.says(said("measure.ties.text", n=n, possible=of))

    def status(self, text):
        self.page.locator(".gbo-map-status", has_text=text).wait_for(timeout=5000)

    def names(self):
        return self.page.eval_on_selector_all(".gbo-map-node title", "all => all.map((one) => one.textContent)")

    def spots(self):
        return self.page.eval_on_selector_all(
            ".gbo-map-node",
            "all => Object.fromEntries(all.map((one) => [one.dataset.id, one.getAttribute('transform')]))",
        )

    def kept(self):
        """Wait until all that was drawn is kept."""
        self.page.wait_for_function("gboOutbox.mine.every(({ record }) => record.draft)")

    def stands_on_one(self):
        return self.page.evaluate("document.activeElement.matches('.gbo-map-node')")

    def focused(self):
        return self.page.evaluate("document.activeElement.getAttribute('aria-label') ?? document.activeElement.tagName")


@pytest.mark.browser
def test_by_mouse(pages, page):
    page.goto(pages("mouse"))
    hand = Hand(page)
    field = page.get_by_label(said("map.word.add"))
    field.fill(HOSTILE)
    field.press("Enter")
    for name in ("OCMW", "CAW"):
        field.fill(name)
        page.get_by_role("button", name=said("map.word.add_button")).click()
    hand.counts(0, of=3)
    page.mouse.click(*(value + 150 for value in hand.centre("OCMW")))
    page.keyboard.type("Bib")
    page.keyboard.press("Enter")
    hand.counts(0, of=6)
    assert hand.names() == [HOSTILE, "OCMW", "CAW", "Bib"]
    before = hand.spots()
    page.mouse.click(*hand.centre("OCMW"))
    page.mouse.click(*hand.centre("CAW"))
    hand.counts(1, of=6)
    page.get_by_label(said("map.word.tie_kind"), exact=True).select_option("referral")
    hand.status(said("map.done.set_tie", source="CAW", target="OCMW"))
    page.keyboard.press("Escape")
    hand.draw_tie("OCMW", "Bib")
    hand.counts(2, of=6)
    assert hand.spots() == before
    x, y = hand.centre("Bib")
    hand.drag("Bib", (x + 90, y + 20))
    after = hand.spots()
    assert {id for id in after if after[id] != before[id]} == {"bib"}
    assert until(lambda: pages.places("mouse").get("bib", [0])[0] > 0 and "bib" in pages.places("mouse"))
    page.get_by_role("button", name=said("map.word.undo")).click()
    hand.status(said("session.undone", what=Message("step.map.place", n=1, name="Bib")))
    assert until(lambda: hand.spots() == before)
    page.get_by_role("button", name=said("map.word.undo")).click()
    hand.counts(1, of=6)
    for _ in range(2):
        page.get_by_role("button", name=said("map.word.redo"), exact=True).click()
    hand.counts(2, of=6)
    assert until(lambda: hand.spots() == after)
    page.keyboard.press("Escape")
    page.mouse.click(*hand.centre("OCMW"))
    page.get_by_text(said("map.cut", name="OCMW", names=["Bib"], n=1)).wait_for()
    page.get_by_role("button", name=said("map.word.remove")).click()
    hand.counts(0, of=3)
    assert hand.spots() == {id: spot for id, spot in after.items() if id != "ocmw"}
    assert hand.stands_on_one()
    page.get_by_role("button", name=said("map.word.undo")).click()
    hand.counts(2, of=6)
    assert hand.spots() == after
    hand.kept()
    kept, places = pages.network("mouse"), pages.places("mouse")
    assert len(kept.ties) == 2 and {tie.kind for tie in kept.ties} == {"referral", "communication"}
    page.goto(pages("mouse"))
    Hand(page)
    assert pages.places("mouse") == places


@pytest.mark.browser
def test_dropped_on_another_a_line_is_asked_about_and_nothing_moves_before(pages, page):
    page.goto(pages("dropped", "session.replace(network=small('Aap', 'Noot', 'Mies'))"))
    hand = Hand(page)
    before = hand.spots()
    yes, no = (page.get_by_role("button", name=said(f"map.word.offer_{word}")) for word in ("yes", "no"))
    hand.drag("Aap", hand.centre("Noot"))
    page.get_by_text(said("map.word.offer", source="Aap", target="Noot")).wait_for()
    assert hand.spots() == before and page.evaluate("document.activeElement.textContent") == said("map.word.offer_yes")
    page.keyboard.press("Escape")
    yes.wait_for(state="detached")
    assert hand.focused().startswith("Aap.") and hand.spots() == before
    hand.drag("Aap", hand.centre("Noot"))
    yes.click()
    hand.counts(1, of=3)
    assert hand.spots() == before
    page.locator(".gbo-map-tools [data-field=next_kind]").click()  # from one kind to the next
    hand.draw_tie("Noot", "Mies")
    hand.counts(2, of=3)
    page.keyboard.press("Escape")
    hand.drag("Aap", hand.centre("Mies"))
    no.wait_for()
    page.keyboard.press("Tab")  # the question is answered by keys too
    assert page.evaluate("document.activeElement.textContent") == said("map.word.offer_no")
    page.keyboard.press("Enter")
    assert until(lambda: "a" in pages.places("dropped") and hand.spots()["a"] != before["a"])
    hand.kept()
    drawn = [(tie.source, tie.target, tie.kind) for tie in pages.network("dropped").ties]
    assert drawn == [("a", "b", "communication"), ("b", "c", "referral")]


TRUST = """
session.replace(network=Network(small('Aap', 'Noot', 'Mies', '<b>Wim').organisations,
    [Tie('a', 'b', None, 2, 1), Tie('b', 'c', None, 1, 5), Tie('a', 'c', None, 2)]))
from ipywidgets import VBox
from workshop.widgets import Header, NetworkMeasures
Map = NetworkMap
NetworkMap = lambda session: VBox([Header(session), Map(session), NetworkMeasures(session)])
"""


@pytest.mark.browser
def test_the_width_of_lines_shows_strength_or_trust(pages, page):
    page.goto(pages("trust", TRUST))
    Hand(page)

    def widths():
        keys = "all => Object.fromEntries(all.map((one) => [one.dataset.key.slice(0, 3), "
        found = page.eval_on_selector_all(".gbo-map-tie", f"{keys} +one.getAttribute('stroke-width')]))")
        return [found[key] for key in ("a\nb", "b\nc", "a\nc")]

    strong, weak, same = widths()
    assert strong == same > weak
    page.get_by_label(said("map.word.width_trust"), exact=True).check()
    least, most, unknown = widths()
    assert most > least > unknown
    assert page.evaluate("document.activeElement.dataset.field") == "width-trust"
    page.locator(".gbo-map-legend", has_text=said("trust.level_5")).wait_for()
    lit = page.locator(".gbo-map-node.gbo-map-lit")
    name = page.get_by_role("button", name="<b>Wim", exact=True)  # a sentence names who has no ties
    name.focus()
    lit.wait_for()
    assert lit.get_attribute("data-id") == "d"
    Hand(page).node("Aap").focus()
    lit.wait_for(state="detached")
    name.click()
    Hand(page).status("<b>Wim")
    assert lit.count() == 1


@pytest.mark.browser
@pytest.mark.parametrize("wide, high, least", [(1280, 720, 400), (640, 360, 160), (1920, 1080, 600)])
def test_field_toolbar_and_map_are_seen_at_once(pages, page, wide, high, least):
    page.set_viewport_size({"width": wide, "height": high})
    page.goto(pages(f"view_{wide}", "session.replace(network=made(12, 20))"))
    hand = Hand(page)
    page.locator(".gbo-map-entry").evaluate("one => one.closest('form').scrollIntoView({ block: 'start' })")
    boxes = {name: page.locator(f".gbo-map-{name}").bounding_box() for name in ("entry", "svg", "stage")}
    bar = page.locator("#top").bounding_box()["height"]
    assert boxes["entry"]["y"] >= bar
    assert boxes["svg"]["height"] >= least and boxes["svg"]["y"] + boxes["svg"]["height"] <= high
    tools, more = page.locator(".gbo-map-tools"), page.get_by_role("button", name=said("map.word.tools"))
    assert tools.is_visible() == (wide > 640) == (not more.is_visible())
    if wide > 640:
        assert tools.bounding_box()["height"] <= 60, "one row"
        name = hand.names()[0]
        page.mouse.click(*hand.centre(name))
        panel = page.locator(".gbo-map-panel")
        panel.wait_for()
        assert panel.bounding_box()["x"] >= boxes["stage"]["x"] + boxes["stage"]["width"], "beside the map"
        assert page.locator(".gbo-map-stage").bounding_box() == boxes["stage"], "the map stays as it was"
    else:
        more.click()
        tools.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= wide


@pytest.mark.browser
def test_no_name_is_cut_off_on_a_telephone(pages, page):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(pages("narrow", "session.replace(network=made(12, 20))"))
    Hand(page)
    page.get_by_role("button", name=said("map.word.fit")).click()
    edge = page.locator(".gbo-map-svg").bounding_box()
    shown, cut = page.eval_on_selector_all(
        ".gbo-map-name:not(.gbo-map-nameless)",
        "(all, [left, right]) => [all.length, all.map((one) => one.getBoundingClientRect())"
        ".filter((box) => box.left < left || box.right > right).length]",
        [edge["x"], edge["x"] + edge["width"]],
    )
    assert shown >= 10 and cut == 0


@pytest.mark.browser
def test_by_keyboard_alone(pages, page):
    from playwright.sync_api import expect

    page.goto(pages("keys", "session.replace(network=small('Aap', 'Noot', 'Mies'))"))
    hand = Hand(page)
    field = page.get_by_label(said("map.word.add"))
    field.focus()
    page.keyboard.type("Wim\n")
    hand.counts(0, of=6)
    for _ in range(40):
        page.keyboard.press("Tab")
        if hand.stands_on_one():
            break
    first = hand.focused()
    page.keyboard.press("Enter")
    hand.status(
        said("map.word.picked", name=page.evaluate("document.activeElement.querySelector('title').textContent"))
    )
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp"):
        page.keyboard.press(key)
        if hand.focused() != first:
            break
    second = hand.focused()
    one = {"sector": governance.sector_label(None)}
    before, after = (
        [
            said("map.word.node", name=name, n=n, ties=ties, **one)
            for n, name in enumerate(("Aap", "Noot", "Mies", "Wim"), 1)
        ]
        for ties in (0, 1)
    )
    assert second != first and second in before
    page.keyboard.press("Enter")
    hand.counts(1, of=6)
    assert hand.focused() == after[before.index(second)]
    outline = page.evaluate("getComputedStyle(document.activeElement.querySelector('.gbo-map-halo')).stroke")
    assert outline == "rgb(213, 94, 0)"
    before = hand.spots()
    page.keyboard.press("Escape")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    moved = hand.spots()
    assert sum(before[id] != moved[id] for id in before) == 1
    page.keyboard.press("F2")
    page.keyboard.type("Zus\n")
    hand.status(said("map.done.rename", name="Zus"))
    assert until(lambda: hand.focused().startswith("Zus."))  # said first, drawn right after
    page.keyboard.press("Escape")
    page.keyboard.press("Delete")
    hand.counts(0, of=3)
    assert hand.stands_on_one() and "Zus" not in hand.names()
    page.keyboard.press("Control+z")
    hand.counts(1, of=6)
    page.keyboard.press("Control+z")
    hand.status(said("session.undone", what=Message("step.map.rename", name="Zus")))
    for left in (3, 2, 1, 0):
        page.keyboard.press("Delete")
        expect(page.locator(".gbo-map-node")).to_have_count(left)
    assert hand.names() == [] and hand.focused() == "INPUT"


@pytest.mark.browser
def test_by_touch_on_a_telephone(pages, browser):
    context = browser.new_context(viewport={"width": 390, "height": 780}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(pages("touch", "session.replace(network=small('Aap', 'Noot', 'Mies'))"))
    hand = Hand(page)
    page.locator(".gbo-map-svg").scroll_into_view_if_needed()
    page.touchscreen.tap(*hand.centre("Aap"))
    hand.status(said("map.word.picked", name="Aap"))
    page.touchscreen.tap(*hand.centre("Mies"))
    hand.counts(1, of=3)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    small = page.eval_on_selector_all(
        ".gbo-map button, .gbo-map select, .gbo-map label:has(input[type=radio])",
        "all => all.filter((one) => one.offsetParent && one.offsetHeight < 44).map((one) => one.textContent)",
    )
    assert small == []
    assert page.locator(".gbo-map-svg").evaluate("one => getComputedStyle(one).touchAction") == "none"
    before, (x, y) = hand.spots(), hand.centre("Noot")
    touch = context.new_cdp_session(page)
    for kind, points in (
        ("touchStart", [(x, y)]),
        ("touchMove", [(x + 30, y + 5)]),
        ("touchMove", [(x + 60, y + 9)]),
        ("touchEnd", []),
    ):
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": a, "y": b} for a, b in points]})
    assert until(lambda: hand.spots()["b"] != before["b"])
    assert (
        hand.spots()["a"] == before["a"]
        and said("measure.ties.text", n=1, possible=3) in page.locator(".gbo-map-say").inner_text()
    )
    context.close()


@pytest.mark.browser
def test_a_paper_map_takes_few_keys(pages, page):
    page.goto(pages("paper"))
    hand = Hand(page)
    names = [f"Organisatie {chr(65 + i)}" for i in range(15)]
    draw = random.Random(7)
    left = set()
    while len(left) < 25:
        left.add(tuple(sorted(draw.sample(range(1, 16), 2))))
    wanted, keys, lines = set(left), 0, []
    while left:  # as a person does: each organisation in turn, the busiest first
        ends = [end for pair in left for end in pair]
        hub = max(range(1, 16), key=lambda i: (ends.count(i), -i))
        others = sorted(sum(pair) - hub for pair in left if hub in pair)
        lines.append(" ".join(map(str, [hub, *others])))
        left = {pair for pair in left if hub not in pair}
    page.get_by_label(said("map.word.add")).focus()
    for name in names:
        page.keyboard.type(name)
        page.keyboard.press("Enter")
        keys += 1
    for line in lines:
        page.keyboard.type(line)
        page.keyboard.press("Enter")
        keys += len(line) + 1
    hand.counts(25, of=105)
    assert keys <= 150, keys
    hand.kept()
    kept = pages.network("paper")
    number = {item.id: i for i, item in enumerate(kept.organisations, 1)}
    assert [item.name for item in kept.organisations] == names
    assert {tuple(sorted((number[a], number[b]))) for a, b in kept.pairs()} == wanted


FAILS = """
import workshop.entries
apply = workshop.entries.apply
workshop.entries.apply = lambda change, entry: int("x") if entry.what.get("text") == "Stuk" else apply(change, entry)
session.replace(network=small("Aap", "Beer"))
"""


@pytest.mark.browser
def test_a_name_that_fails_does_not_hold_up_the_numbers_after_it(pages, page):
    page.goto(pages("fails", FAILS))
    hand = Hand(page)
    field = page.get_by_label(said("map.word.add"))
    field.focus()
    page.keyboard.type("Stuk\n1 2\n")
    assert until(lambda: len(pages.network("fails").ties) == 1)
    assert hand.names() == ["Aap", "Beer"]


@pytest.mark.browser
def test_what_is_refused_stays_in_the_field_and_what_is_typed_in_the_browser(pages, page):
    from playwright.sync_api import expect

    page.goto(pages("draft", "session.replace(network=small('Aap'))"))
    hand = Hand(page)
    field = page.get_by_label(said("map.word.add"))
    field.focus()
    page.keyboard.type("aap\n")
    hand.status(said("edit.name_taken", known="Aap"))
    expect(field).to_have_value("aap")
    field.fill("1 4")
    field.press("Enter")
    hand.status(said("map.no_number", number=4, most=1))
    expect(field).to_have_value("1 4")
    field.fill("half getypt")
    page.reload()
    Hand(page)
    expect(field).to_have_value("half getypt")
    field.press("Enter")
    hand.status(said("map.done.add", name="half getypt"))
    for name in ("constructor", "__proto__"):  # words that mean something to the browser are names like any other
        field.fill(name)
        field.press("Enter")
        hand.status(said("map.done.add", name=name))
        hand.node(name).wait_for()
    field.fill("4 1 3")
    field.press("Enter")
    hand.counts(2, of=6)
    page.wait_for_function("async () => (await gboOutbox.read()).length === 0")  # and nothing waits any more


SLOW = """
import time
import workshop.entries
apply = workshop.entries.apply
workshop.entries.apply = lambda change, entry: time.sleep(1) or apply(change, entry)
session.replace(network=small("Aap"))
"""


@pytest.mark.browser
def test_what_is_refused_while_something_else_is_typed_costs_neither(pages, page):
    from playwright.sync_api import expect

    page.goto(pages("slow", SLOW))
    Hand(page)
    field = page.get_by_label(said("map.word.add"))
    field.focus()
    page.keyboard.type("aap\nNoot")
    back = page.locator(".gbo-map-refused button")
    expect(back).to_have_text(said("map.word.put_back", text="aap"))
    back.click()
    expect(field).to_have_value("aap")
    expect(back).to_have_text(said("map.word.put_back", text="Noot"))
    page.reload()  # both are still there
    Hand(page)
    back.wait_for()
    assert {field.input_value(), back.inner_text()} in (
        {"aap", said("map.word.put_back", text="Noot")},
        {"Noot", said("map.word.put_back", text="aap")},
    )


@pytest.mark.browser
def test_what_is_pressed_again_before_the_map_is_drawn_anew_is_not_about_something_else(pages, page):
    from playwright.sync_api import expect

    three = SLOW.replace('small("Aap")', 'small("Aap", "Noot", "Mies")')
    page.goto(pages("again", three.replace("session.replace", "import time\nsession.replace")))
    hand = Hand(page)
    hand.node("Aap").focus()
    page.keyboard.press("Delete")
    page.keyboard.press("Delete")  # nothing happened yet
    expect(page.locator(".gbo-map-node")).to_have_count(2)
    hand.kept()
    assert len(pages.network("again").organisations) == 2
    page.mouse.click(
        *page.locator(".gbo-map-svg").evaluate(
            "one => { const box = one.getBoundingClientRect(); return [box.left + 30, box.top + 30]; }"
        )
    )
    field = page.get_by_label(said("map.word.add"))
    page.keyboard.type("OCMW\nCA")
    expect(page.locator(".gbo-map-node")).to_have_count(3)
    page.keyboard.type("W\n")
    expect(page.locator(".gbo-map-node")).to_have_count(4)
    assert {item.name for item in pages.network("again").organisations} >= {"OCMW", "CAW"}
    expect(field).to_have_value("")
    hand.kept()


@pytest.mark.browser
def test_nothing_is_said_of_a_tie_while_it_gets_another_kind(pages, page):
    tie = 'Network(map(Organisation, "ab", ("Aap", "Noot")), [Tie("a", "b", "referral")])'
    page.goto(pages("quick", SLOW.replace('small("Aap")', tie)))
    hand = Hand(page)
    panel = hand.tie("Aap", "Noot")
    kind = panel.locator("[data-field=of]")
    kind.focus()
    changed = "(kind) => { kind.value = 'communication'; kind.onchange(); return kind.closest('[inert]') !== null; }"
    assert kind.evaluate(changed), "before the kernel knows of it"
    page.keyboard.press("Delete")  # it is the tie's, which is on its way, and no organisation's
    page.locator(".gbo-map-panel:not([inert])").wait_for()
    assert page.evaluate("document.activeElement.dataset.field") == "of", "whoever stood there stands there again"
    panel.locator("[data-field=strength]").fill("3")
    panel.locator("[data-field=strength]").press("Enter")
    hand.kept()
    (kept,) = pages.network("quick").ties
    assert (kept.kind, kept.strength) == ("communication", 3.0)
    assert len(pages.network("quick").organisations) == 2


@pytest.mark.browser
def test_after_an_own_word_for_its_kind_a_tie_is_still_picked(pages, page):
    tie = 'Network(map(Organisation, "ab", ("Aap", "Noot")), [Tie("a", "b", "referral")])'
    page.goto(pages("word", f"session.replace(network={tie})"))
    hand = Hand(page)
    panel = hand.tie("Aap", "Noot")
    for typed, kind in (
        (" samen  koken ", "samen koken"),
        (governance.kind_label("referral").capitalize(), "referral"),
    ):
        panel.locator("[data-field=of]").select_option("\n")
        page.keyboard.type(typed)
        page.keyboard.press("Tab")
        page.wait_for_function("document.activeElement.dataset.field === 'strength'")
        assert until(lambda kind=kind: [tie.kind for tie in pages.network("word").ties] == [kind])
        page.locator(".gbo-map-panel:not([inert])").wait_for()
        page.wait_for_function("document.activeElement.dataset.field === 'strength'")
    page.keyboard.type("3")
    page.keyboard.press("Tab")
    hand.kept()
    assert [(tie.kind, tie.strength) for tie in pages.network("word").ties] == [("referral", 3.0)]


@pytest.mark.browser
def test_an_own_word_in_other_capitals_stays_with_its_own_tie(pages, page):
    ties = '[Tie("a", "b", "samen koken"), Tie("a", "b", "referral")]'
    page.goto(pages("capitals", f'session.replace(network=Network(map(Organisation, "ab", ("Aap", "Noot")), {ties}))'))
    hand = Hand(page)
    hand.node("Aap").locator(".gbo-map-sign").click()
    panel = page.locator(".gbo-map-panel")
    panel.get_by_role("button", name=re.compile(f"Noot.*{re.escape(governance.kind_label('referral'))}")).click()
    page.locator(".gbo-map-panel [data-field=of]").select_option("\n")
    page.keyboard.type("Samen koken")
    page.keyboard.press("Tab")
    assert until(lambda: {tie.kind for tie in pages.network("capitals").ties} == {"samen koken", "Samen koken"})
    page.locator(".gbo-map-panel:not([inert])").wait_for()
    page.wait_for_function("document.activeElement.dataset.field === 'strength'")
    page.keyboard.type("3")
    page.keyboard.press("Tab")
    hand.kept()
    kept = {tie.kind: tie.strength for tie in pages.network("capitals").ties}
    assert kept == {"samen koken": None, "Samen koken": 3.0}


@pytest.mark.browser
def test_in_a_table_nothing_is_said_of_a_tie_while_it_gets_another_kind(pages, page):
    tie = 'Network(map(Organisation, "abc", ("Aap", "Noot", "Mies")), [Tie("a", "b", "referral"), Tie("a", "c")])'
    editor = "from workshop.widgets import NetworkEditor as NetworkMap\n"
    page.goto(pages("rows", editor + SLOW.replace('small("Aap")', tie)))
    hand = Hand(page)
    page.get_by_role("button", name=str(Message("network.ties"))).click()
    kind = page.locator("td select").first
    kind.focus()
    changed = "(kind) => { kind.value = 'knowing'; kind.onchange({ target: kind }); return !!kind.closest('[inert]'); }"
    assert kind.evaluate(changed), "before the kernel knows of it"
    there = "document.activeElement.value === 'knowing' && !document.activeElement.closest('[inert]')"
    page.wait_for_function(there)  # whoever stood there stands there again
    page.keyboard.press("Tab")
    page.keyboard.type("3")
    page.keyboard.press("Tab")
    hand.kept()
    kept = [(tie.kind, tie.strength) for tie in pages.network("rows").ties]
    assert kept == [("knowing", 3.0), (None, None)]


@pytest.mark.browser
def test_who_stands_at_what_is_taken_away_stands_beside_it(pages, page):
    tables = "from workshop.widgets import NetworkEditor as NetworkMap\n"
    page.goto(pages("beside", f"{tables}session.replace(network=small('Aap', 'Noot', 'Mies'))"))
    page.get_by_role("button", name=str(Message("network.organisations"))).click()
    delete = page.get_by_role("button", name=f"{Message('network.delete')}: Noot")
    delete.focus()
    page.keyboard.press("Enter")
    delete.wait_for(state="detached")
    assert page.evaluate("document.activeElement.tagName") == "TR"
    assert "Mies" in page.evaluate("document.activeElement.innerText")
    page.keyboard.press("Enter")  # it is nobody's
    page.keyboard.press("Tab")
    page.keyboard.type("Teun\n")
    assert until(lambda: {item.name for item in pages.network("beside").organisations} == {"Aap", "Teun"})


@pytest.mark.browser
def test_who_stands_in_the_panel_of_what_another_page_takes_away_stands_on_the_map(pages, page):
    page.goto(pages("panel", "session.replace(network=small('Aap', 'Noot'))"))
    hand = Hand(page)
    hand.node("Noot").locator(".gbo-map-sign").click()
    page.locator(".gbo-map-panel select").first.focus()
    other = open_session(store=pages.server.work, group="panel")
    other.change_network(edit.remove_organisation, "b")
    hand.node("Noot").wait_for(state="detached")
    assert page.evaluate("document.activeElement.closest('.gbo-map-svg') !== null")
    for key in ("Backspace", "Space", "Control+z"):  # of a word that was being typed
        page.keyboard.press(key)
    other.change_network(edit.add_organisation, "Teun")
    hand.node("Teun").wait_for()
    assert hand.names() == ["Aap", "Teun"] and not page.locator(".gbo-map-panel").is_visible()


@pytest.mark.browser
def test_who_stands_on_the_map_at_what_another_page_takes_away_deletes_nothing_else(pages, page):
    tie = 'Network(map(Organisation, "abc", ("Aap", "Noot", "Mies")), [Tie("a", "b", "x")], directed=True)'
    page.goto(pages("others", f"session.replace(network={tie})"))
    hand = Hand(page)
    other = open_session(store=pages.server.work, group="others")
    hand.node("Mies").focus()
    other.change_network(edit.remove_organisation, "c")
    hand.node("Mies").wait_for(state="detached")
    page.keyboard.press("Delete")
    panel = hand.tie("Aap", "Noot")
    panel.locator("[data-field=turn]").focus()
    other.change_network(set_directed, False)
    panel.locator("[data-field=turn]").wait_for(state="detached")
    page.keyboard.press("Enter")
    page.keyboard.press("Delete")
    hand.kept()
    assert hand.names() == ["Aap", "Noot"] and len(pages.network("others").ties) == 1


@pytest.mark.browser
@pytest.mark.parametrize("by", ["sign", "handle"])
def test_what_another_page_takes_away_from_under_the_mouse_is_let_go(pages, page, by):
    page.goto(pages(f"held_{by}", "session.replace(network=small('Aap', 'Noot', 'Mies'))"))
    hand = Hand(page)
    x, y = hand.centre("Noot")
    page.mouse.move(x, y)
    if by == "handle":
        box = page.locator(".gbo-map-handle").bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 40, y + 20, steps=3)
    other = open_session(store=pages.server.work, group=f"held_{by}")
    other.change_network(edit.remove_organisation, "b")
    hand.node("Noot").wait_for(state="detached")
    assert not page.locator(".gbo-map-layer-over *").count(), "a line from what is gone"
    page.mouse.move(*hand.centre("Mies"), steps=3)
    page.mouse.up()
    other.change_network(edit.add_organisation, "Teun")
    hand.node("Teun").wait_for()
    assert not pages.network(f"held_{by}").ties


@pytest.mark.browser
def test_who_turns_a_tie_by_key_stands_at_that_button_again_unless_they_went_on(pages, page):
    tie = 'Network(map(Organisation, "ab", ("Aap", "Noot")), [Tie("a", "b", "referral")], directed=True)'
    page.goto(pages("turned", SLOW.replace('small("Aap")', tie)))
    hand = Hand(page)
    panel = hand.tie("Aap", "Noot")
    panel.locator("[data-field=turn]").focus()
    page.keyboard.press("Enter")
    page.locator(".gbo-map-panel[inert]").wait_for(state="attached")
    page.locator(".gbo-map-panel:not([inert])").wait_for()
    assert page.evaluate("document.activeElement.dataset.field") == "turn"
    page.keyboard.press("Enter")
    page.locator(".gbo-map-panel[inert]").wait_for(state="attached")
    page.get_by_label(said("map.word.add")).focus()
    page.locator(".gbo-map-panel:not([inert])").wait_for()
    assert page.evaluate("document.activeElement.tagName") == "INPUT", "it is not taken from what is typed now"


KINDS = """
session.replace(network=Network(map(Organisation, "ab", ("Aap", "Noot")), [Tie("a", "b", "x"), Tie("a", "b", "y")]))
"""


@pytest.mark.browser
def test_two_kinds_hidden_at_once_are_both_hidden(pages, page):
    page.goto(pages("kinds", KINDS))
    hand = Hand(page)
    page.evaluate("document.querySelectorAll('.gbo-map-legend [type=checkbox]').forEach((one) => one.click())")
    hand.kept()
    assert until(lambda: set(open_store(pages.server.work, group="kinds").get("map")["hidden_kinds"]) == {"x", "y"})


BESIDE = """
ties = [Tie("a", "b", "communication"), Tie("a", "b", "referral"), Tie("b", "a", "referral"), Tie("b", "a", "knowing")]
session.replace(network=Network(map(Organisation, "abc", ("Aap", "Noot", "Mies")), ties, directed=True))
session.store.put("map", {"positions": {"a": [100, 100], "b": [600, 300], "c": [300, 400]}})
session.look()
"""
MIDDLES = """all => all.map((one) => {
  const { x, y } = one.getPointAtLength(one.getTotalLength() / 2).matrixTransform(one.getScreenCTM());
  return [one.dataset.key, x, y];
})"""


@pytest.mark.browser
def test_of_lines_beside_each_other_the_one_under_the_pointer_is_picked(pages, page):
    page.goto(pages("lines", BESIDE))
    hand = Hand(page)
    middles = page.eval_on_selector_all(".gbo-map-tie", MIDDLES)
    assert len(middles) == 4
    panel = page.locator(".gbo-map-panel")
    ends = {"a": {"source": "Aap", "target": "Noot"}, "b": {"source": "Noot", "target": "Aap"}}
    for key, x, y in middles:
        source, _, kind = key.split("\n")
        page.mouse.click(x, y)
        panel.locator("h3", has_text=said("map.word.tie_from", **ends[source])).wait_for()
        assert panel.locator("[data-field=of]").input_value() == kind
        page.keyboard.press("Escape")
    page.mouse.click(*middles[2][1:])
    panel.locator("[data-field=untie]").click()
    hand.kept()
    source, target, kind = middles[2][0].split("\n")
    assert (source, target, kind) not in [(tie.source, tie.target, tie.kind) for tie in pages.network("lines").ties]
    assert len(pages.network("lines").ties) == 3


@pytest.mark.browser
def test_who_draws_lines_of_a_hidden_kind_sees_them(pages, page):
    ties = '[Tie("a", "b", "referral"), Tie("b", "c", "communication")]'
    code = f"session.replace(network=Network(small('Aap', 'Noot', 'Mies', 'Teun').organisations, {ties}))"
    page.goto(pages("unseen", code))
    hand = Hand(page)
    kind = page.locator("select[data-field=kind]")
    assert kind.input_value() == "communication", "what was drawn last"
    kind.select_option("referral")
    field = page.get_by_label(said("map.word.add"))

    def enter(text):
        field.fill(text)
        field.press("Enter")

    for kinds in (["referral"], ["referral", "communication"]):
        open_session(store=pages.server.work, group="unseen").store.put("map", {"hidden_kinds": kinds})
        page.wait_for_function("left => document.querySelectorAll('.gbo-map-tie').length === left", arg=2 - len(kinds))
    enter("1 9")
    hand.status(said("map.no_number", number=9, most=4))
    assert page.locator(".gbo-map-tie").count() == 0, "nothing was drawn, nothing is shown"
    enter("2: 3, 4,")
    page.wait_for_function("document.querySelectorAll('.gbo-map-tie').length === 3")
    hand.status(said("map.word.shown_again", kind=governance.kind_label("referral")))
    hand.kept()
    assert open_store(pages.server.work, group="unseen").get("map")["hidden_kinds"] == ["communication"]
    enter("1-3, 3-4")
    page.wait_for_function("document.querySelectorAll('.gbo-map-tie').length === 5")
    hand.status(str(Message("map.done.ties", n=2)))
    hand.kept()
    for refused, why in (
        ("1—2, 3→4, 4", said("map.word.mixed")),
        ("1-4, 3-9", said("map.no_number", number=9, most=4)),
        ("3,", said("map.one_number", number=3)),
    ):
        enter(refused)
        hand.status(why)
        assert field.input_value() == refused
        hand.kept()
    drawn = {(tie.source, tie.target) for tie in pages.network("unseen").ties if tie.kind == "referral"}
    assert drawn == {("a", "b"), ("a", "c"), ("c", "d"), ("b", "c"), ("b", "d")}
    assert hand.names() == ["Aap", "Noot", "Mies", "Teun"]


OVERLAPS = """all => {
  const boxes = all.filter((one) => getComputedStyle(one).display !== 'none').map((one) => one.getBoundingClientRect());
  const hit = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
  return [boxes.length, boxes.flatMap((a, i) => boxes.slice(i + 1).filter((b) => hit(a, b))).length];
}"""


LETTERS = "all => Math.min(...all.map((one) => one.getScreenCTM().a * parseFloat(getComputedStyle(one).fontSize)))"


@pytest.mark.browser
@pytest.mark.parametrize("count, ties", [(2, 1), (40, 25), (40, 70), (40, 300)])
def test_names_do_not_overlap(pages, page, count, ties):
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(pages(f"labels-{count}-{ties}".replace("-", "_"), f"session.replace(network=made({count}, {ties}))"))
    Hand(page)
    assert page.eval_on_selector_all(".gbo-map-name", LETTERS) >= 11
    assert page.eval_on_selector_all(".gbo-map-name", OVERLAPS) == [count, 0]
    assert page.eval_on_selector_all(".gbo-map-name", "all => Math.max(...all.map((one) => one.children.length))") <= 3


@pytest.mark.browser
def test_two_hundred_stay_usable_and_the_same_network_lies_the_same(pages, page):
    code = "session.replace(network=made(200, 380))"
    page.goto(pages("many", code))
    hand = Hand(page)
    shown, hits = page.eval_on_selector_all(".gbo-map-name", OVERLAPS)
    assert hits == 0 and shown >= 15
    assert page.locator(".gbo-map-node").locator("visible=true").count() == 200, "far names go, signs stay"
    first = hand.spots()
    page.goto(pages("many_again", code))
    assert Hand(page).spots() == first
    page.get_by_role("button", name=said("map.word.bigger")).click()
    page.get_by_role("button", name=said("map.word.fit")).click()
    page.get_by_label(said("map.word.add")).fill("1 2 3 4 5 6 7")
    page.keyboard.press("Enter")
    hand.status(said("map.done.ties", n=6))
    field = page.get_by_label(said("map.word.add"))
    field.fill("Nieuw")
    field.press("Enter")
    hand.status(said("map.done.add", name="Nieuw"))
    assert {id: spot for id, spot in hand.spots().items() if id != "nieuw"} == first


@pytest.mark.browser
def test_laying_out_again_only_when_asked_and_taken_back(pages, page):
    page.goto(pages("again", "session.replace(network=made(9, 12))"))
    hand = Hand(page)
    x, y = hand.centre(hand.names()[0])
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 77, y + 31, steps=3)
    page.mouse.up()
    mine = hand.spots()
    page.get_by_role("button", name=said("map.word.again")).click()
    assert hand.spots() != mine
    page.get_by_role("button", name=said("map.word.back")).click()
    assert hand.spots() == mine


OVER = """
from workshop.domain import edit
session.replace(network=made(5, 4))
other = session.network
session.change_network(edit.remove_organisation, "o0")
session.change_network(edit.add_organisation, "Nieuw")
class Two(NetworkMap):
    def __init__(self, session):
        super().__init__(session)
        self.canvas.compare(other, "B<b>")
        import ipywidgets as w
        away = w.Button(description="Weg")
        away.on_click(lambda _: self.canvas.compare(None))
        back = w.Button(description="Leg")
        back.on_click(lambda _: self.canvas.compare(other, "B<b>"))
        self.children = [*self.children, away, back]
NetworkMap = Two
"""


@pytest.mark.browser
def test_what_was_drawn_just_before_a_crash_is_there_again(pages, page):
    page.goto(pages("crash", "session.replace(network=small('OCMW', 'CAW', 'Bib'))"))
    hand = Hand(page)
    field = page.get_by_label(said("map.word.add"))

    def enter(text):
        field.fill(text)
        field.press("Enter")

    enter("1 2")
    hand.counts(1, of=3)
    hand.kept()
    assert len(pages.network("crash").ties) == 1
    enter("Nieuw")
    hand.counts(1, of=6)
    page.keyboard.press("Escape")
    hand.node("Nieuw").focus()
    page.keyboard.press("F2")
    page.keyboard.type("Anders\n")
    hand.node("Anders").wait_for()
    enter("4 1 2")
    hand.counts(3, of=6)
    for kernel in pages.server.kernels():
        kernel.kill()
    enter("2 3")  # nobody hears it
    page.goto(pages("crash"))
    hand = Hand(page)
    hand.counts(4, of=6)
    assert hand.names() == ["OCMW", "CAW", "Bib", "Anders"]
    hand.kept()
    assert len(pages.network("crash").ties) == 4
    page.errors.clear()  # of the websocket that broke


@pytest.mark.browser
def test_two_maps_over_each_other(pages, page):
    page.goto(pages("over", OVER))
    hand = Hand(page)
    hand.says(said("map.compare.result", name="B<b>", both=1, a=0, b=3))
    sides = page.eval_on_selector_all(".gbo-map-node", "all => all.map((one) => one.dataset.side)")
    assert sorted(sides) == ["a", "b", "both", "both", "both", "both"]
    dashes = page.eval_on_selector_all(
        ".gbo-map-tie", "all => [...new Set(all.map((one) => one.getAttribute('stroke-dasharray')))]"
    )
    assert len(dashes) == 2
    assert page.locator(".gbo-map-legend", has_text=said("map.word.side_b")).count() == 1
    page.mouse.click(*hand.centre("Nieuw"))
    page.keyboard.press("Delete")
    hand.status(said("map.word.readonly"))
    hand.kept()
    assert len(pages.network("over").organisations) == 5
    directed = page.locator(".gbo-map-tools [type=checkbox]")
    directed.click()
    hand.status(said("map.word.readonly"))
    assert not directed.is_checked() and not pages.network("over").directed
    over = page.locator(".gbo-map-node[data-side=both]")
    page.get_by_role("button", name="Weg", exact=True).click()
    over.first.wait_for(state="detached")
    kept = hand.spots()
    page.get_by_role("button", name="Leg", exact=True).click()
    over.first.focus()
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowDown")
    page.get_by_role("button", name="Weg", exact=True).click()
    over.first.wait_for(state="detached")
    assert hand.spots() == kept, "what was moved under another map is kept nowhere"


@pytest.mark.browser
def test_two_that_are_moved_right_after_each_other_are_both_kept(pages, page):
    page.goto(pages("two", "session.replace(network=small('Aap', 'Noot'))"))
    hand = Hand(page)
    for name in ("Aap", "Noot"):
        hand.node(name).focus()
        page.keyboard.press("Shift+ArrowRight")
    hand.kept()


@pytest.mark.browser
def test_a_list_in_a_table_shows_what_is_kept_where_its_choice_was_refused(pages, page):
    ties = 'Network(map(Organisation, "ab", ("Aap", "Noot")), [Tie("a", "b", "referral"), Tie("a", "b", "knowing")])'
    editor = "from workshop.widgets import NetworkEditor as NetworkMap"
    page.goto(pages("cells", f"{editor}\nsession.replace(network={ties})"))
    page.get_by_role("button", name=str(Message("network.ties"))).click()
    cell = page.locator("td select").first
    was = cell.input_value()
    cell.select_option("knowing" if was == "referral" else "referral")
    page.locator(".gbo-state:not(:empty)").wait_for()
    page.wait_for_function("was => document.querySelector('td select').value === was", arg=was)
