"""Weights: one formalisation, against counts by hand and against meetings played out."""

import random
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workshop.domain.decisions import weights
from workshop.domain.structure import Structure, Table
from workshop.texts import Message

IDS = tuple(f"p{i}" for i in range(24))
GROUPS = tuple(Table("working", f"Theme {i}", IDS[6 * i : 6 * i + 6]) for i in range(4))
LAYERED = Structure(IDS, (Table("steering", seats=IDS[::6]), *GROUPS), lead="p0")
PLENARY = Structure(IDS, (Table("plenary", seats=IDS),), lead="p0")
SMALL = Structure(
    "abcde",
    (
        Table("steering", seats=("a", "b", "kim")),
        Table("working", "x", ("b", "c", "d", "kim")),
        Table("bilateral", None, ("a", "kim")),
        Table("working", "y", ("d", "e")),
    ),
    lead="a",
    coordinator="kim",
)


def test_counted_by_hand():
    assert set(weights(PLENARY).shares.values()) == {Fraction(1, 24)}
    assert weights(PLENARY).effective_voices == 24
    free, bound, half = (weights(LAYERED, mandate=mandate) for mandate in ("free", "bound", 0.5))
    assert free.effective_voices == 4 and free.shares["p6"] == Fraction(1, 4) and free.shares["p7"] == 0
    assert set(bound.shares.values()) == {Fraction(1, 24)} and bound.effective_voices == 24
    assert half.shares["p6"] == Fraction(1, 8) + Fraction(1, 48) and half.shares["p7"] == Fraction(1, 48)
    assert weights(LAYERED, "theme 1").shares["p7"] == Fraction(1, 6)
    assert weights(Structure(IDS, (), "p3")).effective_voices == 1


def test_lead_organisation_and_coordinator_count_as_people():
    equal = weights(SMALL)
    assert equal.shares == {"a": Fraction(1, 3), "b": Fraction(1, 3), "c": 0, "d": 0, "e": 0, "kim": Fraction(1, 3)}
    helper = weights(SMALL, role="facilitator")
    assert helper.shares["kim"] == 0 and helper.effective_voices == 2
    boss = weights(SMALL, role="commissioner", last_word=Fraction(3, 4))
    assert boss.shares["kim"] == Fraction(3, 4) + Fraction(1, 4) * Fraction(1, 3)
    alone = weights(Structure("ab", (Table("steering", seats="b"),), lead="a"), role="commissioner", last_word=1)
    assert alone.shares == {"a": 1, "b": 0}


def test_it_is_headed_as_one_formalisation_and_never_a_score():
    told = weights(SMALL, role="commissioner").messages
    assert told[0] == Message("weights.heading") and told[2].values["names"] == [str(Message("part.coordinator"))]
    assert weights(Structure("ab")).effective_voices is None
    assert weights(Structure("ab")).messages[1] == Message("weights.nobody")


@pytest.mark.parametrize(
    "wrong", [{"mandate": "loose"}, {"mandate": 2}, {"role": "boss"}, {"last_word": -1}, {"mandate": float("nan")}]
)
def test_bad_dials_are_refused(wrong):
    with pytest.raises(ValueError, match=r"mandate|role|last_word"):
        weights(SMALL, **wrong)


def play(structure, view, mandate, role, last_word, rng=None):
    """One decision as a meeting would go: numbers said at tables; with `rng` a voice drawn at each table prevails."""
    silent = structure.coordinator if role == "facilitator" else None
    settle = (lambda said: rng.choice(said)) if rng else (lambda said: sum(said) / len(said))

    def meet(table, say):
        present = [id for id in table.seats if id != silent]
        return settle([say(id) for id in (present or table.seats)])

    tables = structure.tables
    steering = [t for t in tables if t.kind == "steering" and t.seats]
    plenary = [t for t in tables if t.kind == "plenary" and t.seats]
    deciding = steering or plenary
    people = {id for table in deciding for id in table.seats}
    if not deciding and structure.lead:
        deciding, people = [Table("steering", seats=(structure.lead,))], {structure.lead}
    before = {
        i: meet(t, view.get) for i, t in enumerate(tables) if t.kind in ("working", "bilateral") and people & {*t.seats}
    }

    def say(id):
        own = [outcome for i, outcome in before.items() if id in tables[i].seats]
        if not own:
            return view[id]
        if rng:
            return rng.choice(own) if rng.random() < mandate else view[id]
        return mandate * sum(own) / len(own) + (1 - mandate) * view[id]

    outcomes = [meet(table, say) for table in deciding]
    boss = structure.coordinator or structure.lead
    decided = (rng.choice(outcomes) if rng else sum(outcomes) / len(outcomes)) if outcomes else None
    if role != "commissioner" or not boss:
        return decided
    if decided is None:
        return view[boss]
    if rng:
        return view[boss] if rng.random() < last_word else decided
    return last_word * view[boss] + (1 - last_word) * decided


@st.composite
def structures(draw):
    people = [f"p{i}" for i in range(draw(st.integers(1, 6)))]
    coordinator = draw(st.sampled_from([None, "kim", people[0]]))
    lead = draw(st.sampled_from([None, *people]))
    seats = st.lists(st.sampled_from([*people, coordinator] if coordinator else people), unique=True, max_size=5)
    kinds = st.sampled_from(["steering", "working", "plenary", "bilateral"])
    tables = draw(st.lists(st.builds(Table, kinds, st.sampled_from([None, "x"]), seats), max_size=5))
    return Structure(people, tables, lead, coordinator)


@settings(max_examples=80, deadline=None)
@given(
    structures(),
    st.sampled_from([Fraction(0), Fraction(1, 3), Fraction(1)]),
    st.sampled_from(["facilitator", "co-producer", "commissioner"]),
    st.randoms(),
)
def test_weights_are_those_of_the_meetings_played_out(structure, mandate, role, rng):
    found = weights(structure, mandate=mandate, role=role)
    views = {id: Fraction(rng.randint(-50, 50)) for id in found.shares}
    outcome = play(structure, views, mandate, role, Fraction(1, 2))
    if outcome is None:
        assert found.effective_voices is None and not any(found.shares.values())
        return
    assert sum(found.shares.values()) == 1
    assert outcome == sum(found.shares[id] * view for id, view in views.items())
    for id in found.shares:  # brute force: only this one wants it
        alone = {other: Fraction(other == id) for other in found.shares}
        assert play(structure, alone, mandate, role, Fraction(1, 2)) == found.shares[id]
    assert 1 <= found.effective_voices <= len(found.shares)


@pytest.mark.parametrize("role", ["facilitator", "co-producer", "commissioner"])
def test_weights_are_how_often_a_drawn_voice_prevails(role):
    rng, rounds = random.Random(6), 20_000
    found = weights(SMALL, mandate=0.5, role=role, last_word=0.25)
    wins = dict.fromkeys(found.shares, 0)
    for _ in range(rounds):
        wins[play(SMALL, {id: id for id in wins}, 0.5, role, 0.25, rng)] += 1
    assert all(abs(wins[id] / rounds - float(share)) < 0.015 for id, share in found.shares.items())
