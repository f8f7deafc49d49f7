"""Checks of students' answers: right is right, and a wrong answer is told which slip gives it."""

import doctest
import math
from fractions import Fraction

import pytest

from workshop import case, check, check_that, check_value, course, example, measure
from workshop.course import NotYet
from workshop.domain.measures import NAMES, measure_all
from workshop.domain.network import Network, Organisation, Tie
from workshop.texts import in_language

KNOKE = example("knoke").only("information")
TOWN = case("town").network


def refused(*asked, target=check, **how):
    """The key of what is said of a wrong answer; of a slip, its own key."""
    with pytest.raises(NotYet) as caught:
        target(*asked, **how)
    message = caught.value.message
    for code in ("nl", "en"):
        with in_language(code):
            text = str(message)
            assert "{" not in text and "[nl]" not in text and "\n" not in text
    return message.values["slip"].key if "slip" in message.values else message.key


@pytest.mark.parametrize("network", [KNOKE, TOWN, example("kansas"), Network(), Network("ab")])
def test_what_the_kit_finds_is_right(network):
    for name, one in measure_all(network).items():
        assert check(name, one.value, network).key == "check.right_measure"
        if one.items or name in ("isolates", "cut_organisations"):
            right = check(name, set(one.items), network)
            assert right.values["sentence"] == one.message and str(one) in repr(right)


def test_an_empty_list_is_right_only_of_what_could_be_found_and_was_not():
    for name in NAMES:
        one = measure(name, KNOKE)
        if name in ("isolates", "cut_organisations") and not one.items:
            assert check(name, [], KNOKE).key == check(name, set(), KNOKE).key == "check.right_measure"
        else:
            assert refused(name, [], KNOKE) == ("check.too_few" if one.items else "check.no_number"), name
    assert refused("density", [], KNOKE, detail="ties") == "check.no_number"
    assert refused("isolates", [], KNOKE, detail="ties") == "check.no_number"
    assert refused("sectors", ["a"], Network("ab")) == "check.no_number"
    assert refused("isolates", [], KNOKE, without="nobody") == "check.no_number"
    assert refused("cut_organisations", {"ocmw"}, TOWN, detail="names") == "check.no_number"


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_answer_is_never_right(name):
    for network in (KNOKE, TOWN, Network("ab")):
        assert refused(name, ..., network) == "check.empty"
        if measure(name, network).value is not None:
            assert refused(name, None, network) == "check.empty"
        else:
            assert refused(name, 0.25, network) == "check.none"


def test_without_a_network_there_is_nothing_to_check():
    assert refused("density", 0.5, ...) == "check.no_network"


def test_slips_are_named():
    right = measure("density", KNOKE).value
    assert refused("density", 100 * right, KNOKE) == "check.percent"
    assert refused("density", 32 / 45, KNOKE) == "check.direction"
    assert refused("density", 49 / 100, KNOKE) == "check.loops"
    assert refused("density", 49 / 45, KNOKE) == "check.twice"
    assert refused("density", 49 / 180, KNOKE) == "check.half"
    assert refused("density", 0.54, KNOKE) == refused("density", 0.5, KNOKE) == "check.rough"
    assert refused("density", 0.55, KNOKE) == refused("density", 0.53, KNOKE) == "check.other"
    assert refused("density", 0.9, KNOKE) == "check.other"
    assert refused("density", right, KNOKE, without="NEWS") == "check.whole"
    assert refused("in_degree_centralisation", 41 / 72, KNOKE) == "check.ucinet"
    assert refused("out_degree_centralisation", 43.056, KNOKE) == "check.ucinet"
    assert refused("dyad_reciprocity", 34 / 49, KNOKE) == "check.other_measure"
    assert refused("ei_index", -measure("ei_index", TOWN).value, TOWN) == "check.sign"
    assert refused("density", measure("density", TOWN).value, TOWN, kind="referral") == "check.whole"


def test_a_right_answer_with_two_decimals_is_no_slip_that_rounds_to_the_same():
    assert round(measure("ei_index", KNOKE).value, 2) == 0.51
    assert refused("in_degree_centralisation", 0.51, KNOKE) == "check.rough"
    assert refused("in_degree_centralisation", 25 / 49, KNOKE) == "check.other_measure"
    assert refused("in_degree_centralisation", 0.5102, KNOKE) == "check.other_measure"


def test_a_slip_that_gives_exactly_these_decimals_is_named():
    assert measure("blau", KNOKE).value == 0.64 and round(measure("blau", KNOKE, "COUN").value, 2) == 0.64
    assert refused("blau", 0.64, KNOKE, without="COUN") == "check.whole"
    assert refused("blau", 16 / 25, KNOKE, without="COUN") == "check.whole"
    with pytest.raises(NotYet, match="het andere deel"):
        check_value(0.27, 0.2712, slips={0.27: "het andere deel"})
    # one decimal says less than a slip that it comes from
    assert refused("ei_index", 0.5, example("knoke"), kind="information") == "check.whole"
    assert refused("in_degree_centralisation", 0.5, KNOKE, without="EDUC") == "check.other_measure"


def test_what_lies_halfway_may_be_rounded_up_or_down():
    star = Network(
        [Organisation(f"o{n}", f"O{n}") for n in range(16)], [Tie("o0", f"o{n}") for n in range(1, 16)], True
    )
    assert measure("density", star).value == 0.0625
    for found in (0.062, 0.063, 0.0625):
        assert check("density", found, star).key == "check.right_measure"
        assert check_value(found, 15 / 240).key == "check.right"
    for found in (0.0619, 0.0631, 0.061, 0.064):
        assert refused("density", found, star) == "check.other"
    for found in (6.2, 6.3, 6):
        assert refused("density", found, star) == "check.percent"
    assert check_value(0.02, 0.03, within=0.01).key == check_value(0.04, 0.03, within=0.01).key == "check.right"
    four = Network([Organisation(id, id, sector) for id, sector in zip("abcd", "1112", strict=True)])
    assert measure("blau", four).value == 0.375
    assert refused("blau", 0.37, four) == refused("blau", 0.38, four) == refused("blau", 0.4, four) == "check.rough"
    assert refused("blau", 0.36, four) == refused("blau", 0.39, four) == "check.other"
    assert refused("blau", 37, four) == refused("blau", 38, four) == "check.percent"


@pytest.mark.parametrize("found", [54, 54.4, 54.44, 54.444])
def test_a_percentage_is_known_with_its_own_digits(found):
    assert refused("density", found, KNOKE) == "check.percent"
    assert refused("density", 55.4, KNOKE) == "check.other"
    assert refused(97, 1 - 10 / 378, target=check_value) == "check.percent"
    with pytest.raises(NotYet, match="Vergelijk"):
        check_value(0.5, 0.011, "Vergelijk.", within=0.01)
    with pytest.raises(NotYet, match="Vergelijk"):
        check_value(0, 0.011, "Vergelijk.", within=0.01)
    expected = measure("ei_index", TOWN).details["expected"]
    assert refused("ei_index", round(100 * expected), TOWN, detail="expected") == "check.percent"


@pytest.mark.parametrize("found", ["0.5", True, math.nan, measure, {"a": 1}, [0.544], (0.544, 0.5), [[0.5]]])
def test_what_is_no_number_is_refused(found):
    assert refused("density", found, KNOKE) == "check.no_number"


def test_other_numbers_are_numbers():
    numpy = pytest.importorskip("numpy")
    for found in (Fraction(49, 90), numpy.float64(49 / 90), 0.5444, 0.5449):
        assert check("density", found, KNOKE).key == "check.right_measure"


def test_ids_are_checked_without_giving_them_away():
    assert refused("cut_organisations", {"ocmw"}, TOWN) == "check.too_many"
    assert refused("cut_organisations", set(), TOWN) == "check.too_few"
    with pytest.raises(NotYet) as caught:
        check("cut_organisations", [], TOWN)
    assert "house-of-the-child" not in str(caught.value)


def test_codes_may_stand_in_what_pandas_and_numpy_give():
    pandas = pytest.importorskip("pandas")
    numpy = pytest.importorskip("numpy")
    kinds = (pandas.Index, pandas.Series, numpy.array, lambda codes: dict.fromkeys(codes).keys())
    cut = list(measure("cut_organisations", TOWN).items)
    for made in kinds:
        assert check("cut_organisations", made(cut), TOWN).key == "check.right_measure"
        assert refused("cut_organisations", made([*cut, "ocmw"]), TOWN) == "check.too_many"
        assert check_value(made(["a", "b"]), {"b", "a"}).key == "check.right"
        assert check_value(made(["a", "b"]), made(["a", "b"])).key == "check.right"
        assert refused(made(["a", "c"]), {"b", "a"}, target=check_value) == "check.wrong"
        assert refused(made(["MAYR"]), "MAYR", target=check_value) == "check.text"
    assert check("isolates", pandas.Index([]), KNOKE).key == "check.right_measure"
    assert check_value(numpy.array([1, 4]), {1, 4}).key == "check.right"
    assert check_value({"a": 1}, {"a": 1}).key == check_value({"a": 1}.keys(), {"a": 2}.keys()).key == "check.right"


def test_what_holds_no_codes_is_refused_in_one_line():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"cuts": [True]}, index=["house-of-the-child"])
    for found in (
        frame,
        frame.cuts,
        "house-of-the-child",
        {"house-of-the-child": 1},
        iter(["house-of-the-child"]),
        [1],
    ):
        assert refused("cut_organisations", found, TOWN) == "check.no_codes"
    for found in (frame, frame.cuts, pandas.Series(["a", pandas.NA]), pandas.NA):
        for right in ({"a"}, "a", set(), ["a"]):
            assert refused(found, right, target=check_value) == "check.wrong"
    for found in (pandas.Series([49 / 90]), pandas.Series(["a"])):
        assert refused("density", found, KNOKE) == "check.no_number"
        assert refused(found, 49 / 90, target=check_value) == "check.no_number"
    assert refused("cut_organisations", 2, TOWN) == "check.twice"


def test_a_detail_may_be_asked():
    expected = measure("ei_index", TOWN).details["expected"]
    assert check("ei_index", expected, TOWN, detail="expected").key == "check.right_measure"
    assert refused("ei_index", measure("ei_index", TOWN).value, TOWN, detail="expected") == "check.other"


def test_other_answers_and_conditions():
    assert check_value({"a", "b"}, {"a", "b"}).key == check_value(2.0, 2).key == check_that(True, "").key
    for asked in ((3, 2, "hint"), ({"a"}, {"b"}, "hint"), (..., {"b"}, "hint"), (..., 2)):
        with pytest.raises(NotYet):
            check_value(*asked)
    assert check_value(["b", "a"], {"a", "b"}).key == check_value(("a",), {"a"}).key == "check.right"
    for asked in ((["a", ["b"]], {"a", "b"}), (["a", "b"], ("a", "b")), (None, {"b"}), (None, "b")):
        with pytest.raises(NotYet):
            check_value(*asked)
    for asked in (({"b"}, "b"), (["B"], "b"), (" B", "b"), ("a", {"a"})):
        assert refused(*asked, target=check_value) == "check.text"
    with pytest.raises(NotYet, match="zonder coördinator"):
        check_value(56, 40, slips={56: "zonder coördinator"})
    with pytest.raises(NotYet, match="tel opnieuw"):
        check_that(False, "tel opnieuw")


def test_a_wrong_answer_is_one_line_in_a_notebook_and_a_failure_everywhere():
    with pytest.raises(AssertionError) as caught:
        check("density", 54.44, KNOKE)
    assert caught.value._render_traceback_() == [f"✗ {caught.value}"]


def test_the_networks_for_exercises():
    knoke, kansas = example("knoke"), example("kansas")
    assert measure("ties", knoke, kind="information").value == 49 and measure("ties", knoke, kind="money").value == 22
    assert knoke.only("information").pairs() == case("knoke").network.pairs()
    assert (len(kansas.organisations), len(kansas.ties)) == (20, 148)
    assert round(measure("in_degree_centralisation", kansas).value, 4) == 0.6427
    with pytest.raises(ValueError, match="kansas, knoke"):
        example("indiana")


def test_own_networks_can_be_checked():
    own = Network([Organisation("a", "A"), Organisation("b", "B")], [Tie("a", "b")])
    assert check("density", 1, own).key == "check.right_measure"


def test_the_examples_in_the_docstrings_hold():
    with in_language("nl"):
        found = doctest.testmod(course)
    assert found.attempted and not found.failed
