"""The network map: what it does to the network, and how it feels by mouse, by touch and by keyboard alone."""

import json
import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workshop.answers import open_store
from workshop.domain import edit, governance
from workshop.domain.maps import add_ties, change_tie, cut_off, overlay, set_directed
from workshop.domain.network import Network, Organisation, Tie
from workshop.session import open_session
from workshop.texts import Message, Problem
from workshop.widgets.network_map import NetworkMap

HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script>"


def network(*pairs, names="abcdefgh", directed=False):
    return Network([Organisation(n, n.upper()) for n in names], [Tie(a, b) for a, b in pairs], directed)


# -- what the map asks of a network ----------------------------------------------------------------------------------


def test_a_line_of_numbers_ties_the_first_to_all_others():
    assert add_ties(network(), [3, 7, 8, 7], "referral").pairs("referral") == {("c", "g"), ("c", "h")}
    there = network(("c", "g"))
    assert len(add_ties(there, [7, 3, 8]).ties) == 2
    for numbers, key in (
        ([7, 3], "all_there"),
        ([1, 9], "no_number"),
        ([0, 1], "no_number"),
        ([2, 2], "tie_to_itself"),
    ):
        with pytest.raises(Problem) as refused:
            add_ties(there, numbers)
        assert key in refused.value.message.key
    with pytest.raises(Problem, match="nog geen organisaties"):
        add_ties(Network(), [1, 2])


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
        self.session, self.told = session, []
        self.map = NetworkMap(session)
        self.canvas = self.map.canvas
        self.canvas.send = self.told.append
        self.count = 0

    def do(self, what, **values):
        self.count += 1
        content = {"do": what, "n": str(self.count), **values}
        self.canvas._handle_custom_msg(content, [])
        return next((m for m in reversed(self.told) if m.get("kind") == "reply" and m["n"] == str(self.count)), None)


@pytest.fixture
def wire(tmp_path):
    session = open_session(store=tmp_path, room="room", group="table-1")
    yield Wire(session)
    assert session.failures == []


def test_typing_adds_with_sector_and_ties_by_number(wire):
    partner = governance.partner_list()[0]
    assert wire.do("enter", text=partner["name"].upper())["ok"]
    wire.do("enter", text="Zoë & co", at=[10, 20.04])
    (first, second) = wire.session.network.organisations
    assert (first.sector, first.layer) == (partner["sector"], partner["layer"])
    assert wire.session.store.get("map")["positions"] == {second.id: [10.0, 20.0]}
    reply = wire.do("enter", text=" 1 2 ", of="referral")
    assert reply["ok"] and wire.session.network.pairs("referral")
    assert not wire.do("enter", text="1 2", of="referral")["ok"]
    assert wire.session.notice == Message("map.all_there")
    assert not wire.do("enter", text="2")["ok"] and wire.do("enter", text="1712")["ok"]


def test_only_what_changed_is_sent(wire):
    wire.session.replace(network=network(*zip("abc", "def", strict=True)))
    wire.told.clear()
    wire.do("tie", source="a", target="h", of="knowing")
    (patch,) = (m for m in wire.told if m["kind"] == "patch")
    assert list(patch["changes"]["ties"].values()) == [
        {"source": "a", "target": "h", "kind": "knowing", "strength": None, "trust": None}
    ]
    assert "orgs" not in patch["changes"] and "places" not in patch["changes"]
    assert patch["changes"]["lines"][0] == "4 van de 28 mogelijke lijnen zijn er."
    assert len(json.dumps(patch)) < 1000
    wire.do("travel", way="undo")
    assert wire.told[-2]["changes"]["ties"] == {"a\nh\nknowing": None}


def test_a_page_that_opens_gets_what_is_there(wire):
    wire.session.replace(network=network(("a", "b")))
    wire.do("place", places={"a": [1, 2], "gone": [3, 4]})
    state = wire.canvas.get_state("whole")["whole"]
    assert state["orgs"]["a"]["n"] == 1 and state["places"]["a"] == [1, 2] and "a\nb\n" in state["ties"]
    again = Wire(wire.session)
    assert again.canvas.shown == state


def test_places_are_the_maps_own_answer(wire, tmp_path):
    wire.session.replace(network=network())
    wire.do("place", places={"a": [5, 6]})
    before = wire.session.network
    wire.do("hide", kinds=["referral"])
    assert wire.session.network is before and "5" not in json.dumps(before.to_dict())
    assert open_store(tmp_path, "room", "table-1").get("map") == {
        "positions": {"a": [5, 6]},
        "hidden_kinds": ["referral"],
    }


def test_a_tie_and_an_organisation_are_changed_and_undone(wire):
    wire.session.replace(network=network(("a", "b")))
    ends = {"source": "a", "target": "b", "of": ""}
    assert wire.do("set_tie", **ends, strength="2,5")["ok"] and wire.do("set_tie", **ends, trust="4")["ok"]
    assert not wire.do("set_tie", **ends, trust="9")["ok"] and not wire.do("set_tie", **ends, strength="veel")["ok"]
    assert wire.do("set_tie", **ends, to="Overleggen met elkaar")["ok"]
    assert wire.session.network.ties == (Tie("a", "b", "communication", 2.5, 4),)
    assert wire.do("rename", id="a", name="  Nieuw ")["ok"] and not wire.do("rename", id="a", name="B")["ok"]
    assert (
        wire.do("sector", id="a", sector="Ziekenfonds")["ok"] and wire.do("sector", id="b", sector="iets anders")["ok"]
    )
    assert [o.sector for o in wire.session.network.organisations[:2]] == ["health-fund", "iets anders"]
    assert wire.do("remove", id="a")["ok"] and not wire.session.network.ties
    assert wire.do("travel", way="undo")["ok"] and len(wire.session.network.ties) == 1
    assert wire.do("directed", yes=True)["ok"] and len(wire.session.network.ties) == 2
    assert wire.do("untie", source="a", target="b", of="communication")["ok"]
    assert wire.do("set_tie", source="b", target="a", of="communication", turn=True)["ok"]
    assert [(t.source, t.target) for t in wire.session.network.ties] == [("a", "b")]


def test_the_same_message_twice_does_one_thing(wire):
    wire.canvas._handle_custom_msg({"do": "enter", "n": "x", "text": "A"}, [])
    wire.canvas._handle_custom_msg({"do": "enter", "n": "x", "text": "A"}, [])
    assert wire.session.notice is None and len(wire.session.network.organisations) == 1


def test_who_leaves_is_told_and_marked(wire):
    wire.session.replace(network=network(("a", "b"), ("b", "c"), ("b", "d"), ("c", "d")))
    wire.do("about", id="b")
    told = next(m for m in wire.told if m["kind"] == "about")
    assert told["gone"] == ("a",) and "één organisatie los" in told["text"] and ": A." in told["text"]
    wire.do("about", id="nobody")


def test_hidden_kinds_are_said(wire):
    wire.session.replace(network=Network(network().organisations, [Tie("a", "b", "referral"), Tie("a", "c")]))
    wire.do("hide", kinds=["referral"])
    lines = wire.canvas.shown["lines"]
    assert lines[0].startswith("1 van de 28") and "doorverwijzen" in lines[-1]


def test_two_maps_of_one_group(wire):
    wire.session.replace(network=network(("a", "b")))
    wire.map._keep_as("van Jan")
    wire.session.change_network(edit.add_tie, "c", "d")
    named = [value for text, value in wire.map.choice.options if "van Jan" in text]
    wire.map.choice.value = named[0]
    over = wire.canvas.shown["over"]
    assert over["ties"]["c\nd\n"]["side"] == "a" and over["ties"]["a\nb\n"]["side"] == "both"
    assert "Alleen in A: 1" in over["lines"][0]
    wire.map.choice.value = ""
    assert wire.canvas.shown["over"] is None


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=300)
    | st.sampled_from(["a", "b", "referral"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
verbs = [
    "enter",
    "tie",
    "untie",
    "set_tie",
    "rename",
    "sector",
    "remove",
    "directed",
    "travel",
    "place",
    "hide",
    "about",
    "x",
    None,
]
fields = [
    "text",
    "of",
    "to",
    "at",
    "source",
    "target",
    "id",
    "name",
    "sector",
    "places",
    "kinds",
    "trust",
    "strength",
    "turn",
    "n",
    "way",
]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(verbs), st.dictionaries(st.sampled_from(fields), anything, max_size=6)), max_size=6
    )
)
def test_nothing_that_comes_in_raises(tmp_path_factory, messages):
    session = open_session(store=tmp_path_factory.mktemp("store"), room="room", group="table-1")
    session.replace(network=network(("a", "b")))
    canvas = NetworkMap(session).canvas
    for verb, values in messages:
        canvas._handle_custom_msg({**values, "do": verb}, [])
    canvas._handle_custom_msg([], [])
    assert session.failures == []
    json.dumps(canvas.shown, allow_nan=False)


@pytest.mark.parametrize(
    "kept", [None, [], {"positions": []}, {"positions": {"a": [1, "x"], "b": [1, 2]}, "hidden_kinds": 3}]
)
def test_a_damaged_answer_is_no_obstacle(wire, kept):
    wire.session.store.put("map", kept)
    assert Wire(wire.session).canvas.places == ({"b": [1, 2]} if kept and kept["positions"] else {})
