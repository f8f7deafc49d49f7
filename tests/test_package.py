"""What stands at the top of the package for who writes code, and what a notebook shows of it."""

import doctest
import inspect
import math

import pytest

import workshop
from workshop import case, measures_by_kind, measures_by_organisation, picture
from workshop.domain import frames
from workshop.domain.measures import NAMES, measure
from workshop.domain.network import Network, Organisation, Tie
from workshop.texts import Message, in_language


def test_names_at_the_top_are_those_of_the_modules():
    from workshop.domain import decisions, measures
    from workshop.session import open_session

    assert workshop.open_session is open_session and "group" in inspect.signature(workshop.open_session).parameters
    assert workshop.measure is measures.measure and workshop.weights is decisions.weights
    assert dir(workshop) == sorted(workshop.__all__)
    assert all(getattr(workshop, name).__doc__ for name in workshop.__all__ if name != "__version__")
    with pytest.raises(AttributeError, match="closeness"):
        _ = workshop.closeness


def test_a_message_shows_its_sentence():
    message = Message("measure.why.two")
    assert repr(message) == repr(str(message))
    with in_language("en"):
        assert "two organisations" in repr([message])


def test_a_picture_is_shown_as_one():
    drawn = picture(case("rural").network)
    assert drawn._repr_svg_() == drawn and drawn.startswith("<svg") and len(repr(drawn)) < 60
    assert type(drawn._repr_svg_()) is str


def test_an_unknown_case_is_refused_with_those_that_there_are():
    with pytest.raises(ValueError, match="cluster, knoke, rural, town"):
        case("ghent")


KINDS = Network(
    [Organisation("a", "A", "x"), Organisation("b", "B"), Organisation("c", "C"), Organisation("d", "D")],
    [Tie("a", "b", "contact", 2.0), Tie("a", "b", "funds", 1.0), Tie("b", "c", "funds", 3.0)],
)


def test_a_frame_of_measures_by_kind():
    found = measures_by_kind(KINDS)
    assert list(found.index) == list(NAMES) and list(found) == ["all", "contact", "funds"]
    for kind in (None, "contact", "funds"):
        value = measure("density", KINDS, kind=kind).value
        assert found.loc["density", kind or "all"] == value
    assert math.isnan(found.loc["arc_reciprocity", "all"])
    assert measures_by_kind(KINDS, without="b").loc["ties"].tolist() == [0, 0, 0]


def test_a_frame_of_measures_by_organisation():
    found = measures_by_organisation(KINDS)
    assert found.ties.to_dict() == {"a": 1, "b": 2, "c": 1, "d": 0}
    assert found.strength.tolist()[:3] == [2, 5, 3] and math.isnan(found.strength["d"])
    assert found.cuts.to_dict() == {"a": False, "b": True, "c": False, "d": False}
    assert found.betweenness["b"] == pytest.approx(1 / 3) and "arrives" not in found
    directed = measures_by_organisation(Network("abc", ["ab", "cb"], directed=True), None)
    assert directed.arrives.tolist() == [0, 2, 0] and directed.leaves.tolist() == [1, 0, 1]
    assert measures_by_organisation(KINDS, kind="contact").ties.tolist() == [1, 1, 0, 0]
    assert len(measures_by_organisation(Network())) == 0
    with pytest.raises(ValueError, match="contact"):
        measures_by_organisation(KINDS, kind="kontakt")
    with pytest.raises(ValueError, match="a"):
        measures_by_kind(KINDS, without="A")


def test_the_examples_in_the_docstrings_hold():
    found = doctest.testmod(frames)
    assert found.attempted == 2 and not found.failed
