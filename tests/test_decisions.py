"""Cost and reach: the figures that people can count by hand, and what must hold for any structure."""

import doctest
import importlib
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workshop.domain.decisions import REACH, cost, pairs, reach, weights
from workshop.domain.network import Organisation
from workshop.domain.structure import Structure, Table
from workshop.texts import Message, in_language, message_keys

IDS = [f"p{i}" for i in range(24)]
PLENARY = Structure(IDS, [Table("plenary", seats=IDS)], lead="p0")
GROUPS = [Table("working", f"theme {i}", IDS[6 * i : 6 * i + 6]) for i in range(4)]
LAYERED = Structure(IDS, [Table("steering", seats=IDS[::6]), *GROUPS], lead="p0")
STAR = Structure(IDS, [Table("bilateral", seats=["p0", id]) for id in IDS[1:]], lead="p0")


def sentences(result):
    """Its messages, each of which can be said in both languages."""
    for message in result.messages:
        assert message.key in message_keys()
        for language in ("nl", "en"):
            with in_language(language):
                text = str(message)
                assert "{" not in text
                assert "[nl]" not in text
    return result.messages


def test_everybody_in_one_plenary():
    result, bill = reach(PLENARY), cost(PLENARY)
    assert (result.pairs_met, result.pairs_never, len(result.at_table)) == (276, 0, 24)
    assert (bill.minutes, bill.person_hours, bill.meetings, bill.minutes_at_table) == (120, 48, 1, 5)
    assert Message("decision.reach.at_table", n=24, total=24) in sentences(result)
    assert Message("decision.meetings", n=1, minutes=120) in sentences(bill)


def test_four_groups_and_a_steering_group_of_delegates():
    result, bill = reach(LAYERED), cost(LAYERED)
    assert (result.pairs_met, result.pairs_never) == (66, 210)
    assert [len(getattr(result, word)) for word in REACH] == [4, 20, 0, 0]
    assert [minutes for _, _, minutes in bill.steps] == [30, 20]
    assert [len(tables) for _, tables, _ in bill.steps] == [4, 1]
    assert round(bill.person_hours, 1) == 13.3
    assert (bill.meetings, bill.minutes, bill.minutes_at_table) == (2, 50, 30)
    assert Message("decision.pairs", n=66, total=276, never=210) in sentences(result)
    assert Message("decision.hours", hours=13.3) in sentences(bill)


def test_a_bound_mandate_goes_back_to_the_groups():
    bill = cost(LAYERED, mandate="bound")
    assert round(bill.person_hours, 1) == 25.3
    assert (bill.meetings, bill.minutes) == (3, 80)
    assert Message("decision.bound", n=1) in sentences(bill)
    assert cost(PLENARY, mandate="bound") == cost(PLENARY)


def test_a_star_of_talks_takes_one_round_each():
    result, bill = reach(STAR), cost(STAR)
    assert (result.pairs_met, result.pairs_never) == (23, 253)
    assert (result.deciding, result.at_table, len(result.one_step)) == (("p0",), ("p0",), 23)
    assert (bill.meetings, bill.minutes, bill.minutes_at_table) == (23, 230, None)
    assert round(bill.person_hours, 2) == 7.67
    assert Message("decision.who.lead", n=1, theme="vision", name="p0") in sentences(result)


def test_a_theme_is_decided_by_its_working_group():
    result, bill = reach(LAYERED, " Theme 1"), cost(LAYERED, "theme 1", mandate="bound")
    assert result.at_table == tuple(IDS[6:12])
    assert result.one_step == ("p0", "p12", "p18")
    assert len(result.nowhere) == 15
    assert (bill.meetings, bill.minutes, bill.person_hours) == (1, 30, 3)
    assert reach(LAYERED, "no such theme").at_table == reach(LAYERED).at_table
    assert cost(LAYERED, "no such theme").steps == cost(LAYERED).steps
    sentences(result)


@pytest.mark.parametrize("answer", [reach, cost, weights])
def test_a_theme_that_no_group_has_is_said(answer):
    for decision, structure, themes in (
        ("Theme 9", LAYERED, [f"theme {i}" for i in range(4)]),
        ("theme 1", PLENARY, []),
        ("theme 1", Structure(IDS, (Table("working", "theme 1"), Table("working", "theme 2", IDS))), ["theme 2"]),
    ):
        said = [message for message in answer(structure, decision).messages if message.key == "decision.unknown_theme"]
        assert [message.values["themes"] for message in said] == [themes]
        assert all(message.values["theme"] == decision for message in said)
    for decision in ("vision", "theme 1", " THEME 1 "):
        keys = [message.key for message in answer(LAYERED, decision).messages]
        assert "decision.unknown_theme" not in keys
    sentences(answer(PLENARY, "theme 1"))
    sentences(answer(LAYERED, "theme 9"))


def test_what_a_notebook_shows_is_short_and_escaped():
    hostile = Structure("ab", [Table("working", "<b>", "ab")])
    for result in (reach(hostile, "<b>"), cost(hostile, "<i>"), weights(hostile, "<i>")):
        shown = result._repr_html_()
        assert "<b>" not in shown and "<i>" not in shown and shown.count("<li>") == len(result.messages)
        assert all(str(message) in repr(result) for message in result.messages)
    assert "Organisation(" not in repr(reach(PLENARY))


@pytest.mark.parametrize("module", ["decisions", "weights"])
def test_the_examples_in_the_docstrings_hold(module):
    found = doctest.testmod(importlib.import_module(f"workshop.domain.{module}"))
    assert found.attempted and not found.failed


def test_who_meets_only_the_coordinator():
    tables = [Table("steering", seats=["a", "kim"]), Table("working", "x", ["b", "kim"]), Table("working", "y", ["c"])]
    outsider = reach(Structure("abc", tables, coordinator="kim"))
    assert [getattr(outsider, word) for word in REACH] == [("a",), (), ("b",), ("c",)]
    assert outsider.deciding == ("a", "kim")
    assert outsider.pairs_met == 0
    tables = [Table("steering", seats=["a", "b"]), Table("working", "x", ["b", "c"])]
    partner = reach(Structure("abc", tables, coordinator="b"))
    assert [getattr(partner, word) for word in REACH] == [("a", "b"), (), ("c",), ()]
    assert partner.pairs_met == 2
    lead = reach(Structure("abc", tables, lead="b", coordinator="b"))
    assert lead.one_step == ("c",)
    sentences(outsider)


def test_the_coordinator_counts_as_a_person_and_cannot_be_twice_at_once():
    tables = [Table("steering", seats=["a", "kim"]), *(Table("working", x, [x, "kim"]) for x in "bcd")]
    bill = cost(Structure("abcd", tables, coordinator="kim"))
    assert bill.meetings == 4
    assert bill.minutes == 40


def test_groups_that_share_nobody_meet_at_once_and_others_never():
    triangle = [Table("bilateral", seats=pair) for pair in ("ab", "bc", "ac")]
    assert cost(Structure("abc", [Table("steering", seats="abc"), *triangle])).meetings == 4
    chain = [Table("working", pair, pair) for pair in ("ab", "de", "bc", "cd")]
    assert cost(Structure("abcde", [Table("plenary", seats="abcde"), *chain])).meetings == 3


def test_groups_without_anybody_at_the_deciding_table_do_not_feed_it():
    loose = Table("working", "x", ["c", "d"])
    assert cost(Structure("abcd", [Table("steering", seats="ab"), loose])).meetings == 1


def test_sectors_and_people_in_poverty():
    partners = [
        Organisation("a", "A", "welfare"),
        Organisation("b", "B", "welfare"),
        Organisation("c", "C", "poverty-association"),
    ]
    structure = Structure(partners, [Table("steering", seats=["b"]), Table("working", "x", ["a"])])
    result = reach(structure)
    assert result.sectors == {"welfare": "at_table", "poverty-association": "nowhere"}
    assert result.poverty_seat is False
    assert Message("decision.poverty.no") in sentences(result)
    seated = replace(structure, tables=(*structure.tables, Table("working", "y", ["c"])))
    assert reach(seated).poverty_seat is True
    assert reach(PLENARY).poverty_seat is None
    assert reach(PLENARY).sectors == {}
    unknown = replace(structure, partners=(*partners, "d"), tables=(Table("plenary", seats=["a", "d"]),))
    assert reach(unknown).poverty_seat is None


@pytest.mark.parametrize("structure", [Structure([]), Structure(["a"]), Structure(["a"], [Table("steering")])])
def test_nobody_decides_yet(structure):
    result, bill = reach(structure), cost(structure, mandate="bound")
    assert result.deciding == ()
    assert result.nowhere == structure.partner_ids
    assert (bill.meetings, bill.minutes, bill.person_hours, bill.minutes_at_table) == (0, 0, 0, None)
    assert Message("decision.who.nobody", n=0, theme="vision", name="") in sentences(result)
    assert Message("decision.meetings", n=0, minutes=0) in sentences(bill)


def test_bad_dials_are_refused():
    for wrong in ({"mandate": "loose"}, {"minutes_each": 0}, {"meeting_minutes": float("nan")}):
        with pytest.raises(ValueError, match=r"mandate|minutes"):
            cost(PLENARY, **wrong)


def test_there_is_no_score():
    for result in (reach(LAYERED), cost(LAYERED)):
        assert not [name for name in dir(result) if "score" in name or "index" in name]


def test_pairs():
    assert [pairs(n) for n in (0, 1, 2, 6, 24)] == [0, 0, 1, 15, 276]


@st.composite
def structures(draw):
    people = [f"p{i}" for i in range(draw(st.integers(1, 7)))]
    coordinator = draw(st.sampled_from([None, "kim", people[0]]))
    lead = draw(st.sampled_from([None, *people]))
    seats = st.lists(st.sampled_from([*people, coordinator] if coordinator else people), unique=True, max_size=5)
    kinds = st.sampled_from(["steering", "working", "plenary", "bilateral"])
    tables = draw(st.lists(st.builds(Table, kinds, st.sampled_from([None, "x", "y"]), seats), max_size=6))
    return Structure(people, tables, lead, coordinator)


def distance(result):
    return {id: step for step, word in enumerate(REACH) for id in getattr(result, word)}


@settings(max_examples=150, deadline=None)
@given(structures(), st.sampled_from(["vision", "x"]), st.data())
def test_one_more_seat_never_moves_anybody_further_away(structure, decision, data):
    taken = [i for i, table in enumerate(structure.tables) if table.seats]
    if not taken:
        return
    i = data.draw(st.sampled_from(taken))
    known = [id for id in (*structure.partner_ids, structure.coordinator) if id]
    table = structure.tables[i]
    bigger = replace(table, seats=(*table.seats, data.draw(st.sampled_from(known))))
    before = distance(reach(structure, decision))
    tables = (*structure.tables[:i], bigger, *structure.tables[i + 1 :])
    after_result = reach(replace(structure, tables=tables), decision)
    after = distance(after_result)
    assert all(after[id] <= before[id] for id in before)
    assert after_result.pairs_never <= reach(structure, decision).pairs_never


@settings(max_examples=100, deadline=None)
@given(structures(), st.sampled_from(["vision", "x"]), st.sampled_from(["free", "bound"]), st.randoms())
def test_other_labels_change_nothing(structure, decision, mandate, random):
    people = sorted({*structure.partner_ids, "kim"})
    shuffled = random.sample(people, len(people))
    other = dict(zip(people, shuffled, strict=True))
    tables = [replace(table, seats=tuple(other[id] for id in table.seats)) for table in structure.tables]
    twin = Structure(
        [other[id] for id in structure.partner_ids],
        tables,
        other.get(structure.lead),
        other.get(structure.coordinator),
    )
    result, copy = reach(structure, decision), reach(twin, decision)
    for word in REACH:
        assert tuple(other[id] for id in getattr(result, word)) == getattr(copy, word)
    assert (result.pairs_met, result.pairs_never) == (copy.pairs_met, copy.pairs_never)
    bill, same = cost(structure, decision, mandate=mandate), cost(twin, decision, mandate=mandate)
    assert [step[2] for step in bill.steps] == [step[2] for step in same.steps]
    assert bill.person_hours == same.person_hours
    for _, at_once, _ in bill.steps:
        people_there = [id for table in at_once for id in table.seats]
        assert len(people_there) == len(set(people_there))
    sentences(result)
    sentences(bill)
