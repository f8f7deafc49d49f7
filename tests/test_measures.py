"""Measures: known figures, other people's programs, and what must never happen."""

import csv
import doctest
import math
import random
from fractions import Fraction
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from workshop import texts
from workshop.domain import measures
from workshop.domain.measures import NAMES, cut_off, measure, measure_all, what_if
from workshop.domain.network import Network, Organisation, Tie
from workshop.texts import Message, in_language, message_keys

KNOKE = [
    Path(__file__).parents[1] / "data" / "cases" / "knoke" / "ties.csv",
    Path(__file__).parents[2] / "shared" / "data" / "knoke-bureaucracies" / "information_exchange.csv",
]


def network(n, pairs=(), directed=False, sectors=None):
    sectors = sectors or [None] * n
    people = [Organisation(str(i), f"Organisation {i}", sectors[i]) for i in range(n)]
    return Network(people, [Tie(str(a), str(b)) for a, b in pairs], directed)


def star(n):
    return [(0, i) for i in range(1, n)]


def ring(n):
    return [(i, (i + 1) % n) for i in range(n)]


def everybody(n):
    return [(a, b) for a in range(n) for b in range(a)]


def value(name, *args, **named):
    return measure(name, network(*args, **named)).value


# Figures known by hand: organisations, pairs, then parts, largest part, isolates, density, degree centralisation, path.
BASIC = [(0, 1), (0, 2), (0, 3), (1, 4), (1, 5), (2, 6), (3, 7), (4, 7), (6, 8)]
BY_HAND = {
    "empty": (0, [], 0, 0, 0, None, None, None),
    "one": (1, [], 1, 1, 1, None, None, None),
    "two tied": (2, [(0, 1)], 1, 2, 0, 1, None, 1),
    "three loose": (3, [], 3, 1, 3, 0, 0, None),
    "two islands, two isolates": (7, [(0, 1), (1, 2), (0, 2), (3, 4)], 4, 3, 2, Fraction(4, 21), Fraction(1, 5), 1),
    "star of 8": (8, star(8), 1, 8, 0, Fraction(1, 4), 1, Fraction(7, 4)),
    "ring of 5": (5, ring(5), 1, 5, 0, Fraction(1, 2), 0, Fraction(3, 2)),
    "all of 5": (5, everybody(5), 1, 5, 0, 1, 0, 1),
    "self tie left out": (4, [(0, 0), (0, 1), (1, 2)], 2, 3, 1, Fraction(1, 3), Fraction(2, 3), Fraction(4, 3)),
    "star of 6 and two isolates": (8, star(6), 3, 6, 2, Fraction(5, 28), Fraction(5, 7), Fraction(5, 3)),
    "basic": (9, BASIC, 1, 9, 0, Fraction(1, 4), Fraction(9, 56), Fraction(5, 2)),
}


@pytest.mark.parametrize("case", BY_HAND)
def test_figures_by_hand(case):
    n, pairs, parts, largest, isolates, density, centralisation, path = BY_HAND[case]
    found = measure_all(network(n, pairs))
    assert found["ties"].value == len([pair for pair in pairs if pair[0] != pair[1]])
    assert (found["parts"].value, found["parts"].details["largest"]) == (parts, largest)
    assert found["isolates"].value == isolates == len(found["isolates"].items)
    wanted = {"density": density, "degree_centralisation": centralisation, "mean_path": path}
    for name, exact in wanted.items():
        assert found[name].value == (None if exact is None else float(exact)), name


def test_stars_rings_and_complete_networks():
    for n in (3, 4, 9):
        assert value("degree_centralisation", n, star(n)) == value("betweenness_centralisation", n, star(n)) == 1
        for pairs in (ring(n), everybody(n)):
            assert value("degree_centralisation", n, pairs) == value("betweenness_centralisation", n, pairs) == 0


def test_sectors():
    found = measure_all(network(8, sectors=["a"] * 5 + ["b", "c", "d"]))
    assert (found["blau"].value, found["iqv"].value) == (0.5625, 0.75)
    assert round(found["effective_sectors"].value, 2) == 2.93
    assert found["sectors"].items == ("a", "b", "c", "d")
    assert found["sectors"].details["missing"] == ()
    all_different = measure_all(network(8, sectors=list("abcdefgh")))
    assert (all_different["blau"].value, all_different["iqv"].value) == (0.875, 1)
    assert all_different["effective_sectors"].value == 8
    assert all_different["effective_sectors"].message.key == "measure.effective_sectors.even"


def test_almost_as_mixed_as_sectors_of_equal_size_is_called_almost():
    found = measure("effective_sectors", network(15, sectors=["a"] * 7 + ["b"] * 8))
    assert round(found.value, 4) == 1.9956
    assert str(found) == str(Message("measure.effective_sectors.almost", n=2, known=15))
    with in_language("en"):
        assert "they are almost as mixed as 2 sectors of equal size" in str(found)
    for sectors, form in (("a", "text"), ("ab", "even"), ("aab", "text"), ("aaabb", "text")):
        found = measure("effective_sectors", network(len(sectors), sectors=list(sectors)))
        assert found.message.key == f"measure.effective_sectors.{form}"


def test_usual_sectors_that_are_missing():
    found = measure("sectors", network(4, sectors=["welfare", "Welfare ", "police-justice", None]))
    assert found.value == 2
    assert "health-fund" in found.details["missing"]
    assert not {"welfare", "youth-care"} & set(found.details["missing"])
    assert str(Message("measure.sectors.unknown", n=1)) in str(found.message)
    assert "Ziekenfonds" not in str(found.message), "the one whose sector is not known may be a health fund"
    found = measure("sectors", network(3, sectors=["welfare", "Welfare ", "police-justice"]))
    assert "Ziekenfonds" in str(found.message)
    with in_language("en"):
        assert "Health fund" in str(found.message)


def test_organisations_without_a_sector_do_not_count_for_diversity():
    found = measure_all(network(4, sectors=["a", "b", None, None]))
    assert found["blau"].value == 0.5
    assert measure("iqv", network(3, sectors=["a", "a", None])).value is None


def test_two_parts_of_two_and_three():
    found = measure("connectedness", network(5, [(0, 1), (2, 3), (3, 4)]))
    assert found.value == pytest.approx(1 - 0.6)
    assert str(found) == str(Message("measure.connectedness.text", joined=4, pairs=10))


def test_reciprocity_by_arc_and_by_pair():
    found = measure_all(network(3, [(0, 1), (1, 0), (1, 2)], directed=True))
    assert found["arc_reciprocity"].value == pytest.approx(2 / 3)
    assert found["dyad_reciprocity"].value == 0.5
    assert value("arc_reciprocity", 3, [(0, 1)]) is None
    assert value("dyad_reciprocity", 3, directed=True) is None


def test_a_pair_counts_once_whatever_the_number_of_kinds():
    people = network(3).organisations
    ties = [Tie("0", "1", "referral"), Tie("0", "1", "knowing"), Tie("1", "2", "knowing")]
    several = Network(people, ties)
    assert measure("ties", several).value == 2
    assert measure("ties", several, kind="referral").value == 1
    assert measure("multiplexity", several).value == 0.5
    assert measure("multiplexity", several, kind="knowing").value is None
    both_ways = Network(people, [Tie("0", "1", "referral"), Tie("1", "0", "knowing")], directed=True)
    assert (measure("ties", both_ways).value, measure("multiplexity", both_ways).value) == (2, 1)


def test_pairs_of_which_the_kind_is_not_known_are_told():
    asked = [
        ([("0", "1", "x"), ("0", "1"), ("1", "2", "y")], 1),
        ([("0", "1", "x"), ("0", "1"), ("1", "2", "y"), ("0", "2")], 2),
        ([("0", "1", "x"), ("0", "1", "y"), ("0", "1"), ("1", "2", "y")], 0),
        ([("0", "1", "x"), ("0", "1", "y"), ("1", "2", "y")], 0),
    ]
    for ties, unknown in asked:
        for directed in (False, True):
            found = measure("multiplexity", Network("012", ties, directed))
            assert found.details["unknown"] == unknown
            assert found.details["several"] == (1 if "y" in ties[1] else 0)
            told = Message("measure.multiplexity.unknown", n=unknown)
            assert found.message.values["open"] == (told if unknown else "")
            assert (str(told) in str(found)) == bool(unknown)
    both_ways = Network("012", [("0", "1"), ("1", "0"), ("0", "1", "x"), ("1", "2", "y")], directed=True)
    found = measure("multiplexity", both_ways)
    assert str(Message("measure.multiplexity.unknown", n=1)) in str(found)
    assert measure("multiplexity", Network("abc", [("a", "b", "x"), ("a", "b"), ("b", "c", "y")])).value == 0


def test_ties_to_an_unknown_sector_are_told():
    found = measure("ei_index", network(4, [(0, 1), (1, 2), (2, 3)], sectors=["a", "a", "b", None]))
    assert str(Message("measure.ei_index.unknown", n=1)) in str(found)
    with in_language("en"):
        assert " 1 tie is left out: the sector of at least one of the two organisations is not known." in str(found)
    found = measure("ei_index", network(4, [(0, 1), (2, 3), (3, 0)], sectors=["a", "a", "b", None]))
    assert str(Message("measure.ei_index.unknown", n=2)) in str(found)
    found = measure("ei_index", network(3, [(0, 1)], sectors=["a", "a", None]))
    assert found.message.values["open"] == "" and found.details["unknown"] == 0


def test_who_has_no_tie_of_one_kind_may_have_others():
    people = network(4).organisations
    two = Network(people, [Tie("0", "1", "referral"), Tie("1", "2", "knowing"), Tie("0", "2", "knowing")])
    found = measure("isolates", two, kind="referral")
    assert str(found) == str(Message("measure.isolates.of_kind", n=2, names=["Organisation 2", "Organisation 3"]))
    assert found.items == ("2", "3")
    found = measure("isolates", two, kind="knowing")
    with in_language("en"):
        assert str(found) == "1 organisation has no tie of this kind: Organisation 3."
    assert str(measure("isolates", two)) == str(Message("measure.isolates.text", n=1, names=["Organisation 3"]))
    found = measure("isolates", Network(people[:2], two.ties[:1]), kind="referral")
    assert str(found) == str(Message("measure.isolates.of_kind", n=0, names=[]))


def test_ties_between_and_within_sectors():
    found = measure("ei_index", network(4, [(0, 1), (1, 2), (0, 2), (2, 3)], sectors=["a", "a", "b", None]))
    assert found.value == pytest.approx(1 / 3)
    assert (found.details["external"], found.details["internal"], found.details["unknown"]) == (2, 1, 1)
    assert value("ei_index", 2, [(0, 1)], sectors=["a", None]) is None


def test_cut_organisations_and_leaving_one_out():
    chain = network(4, [(0, 1), (1, 2), (2, 3)], directed=True)
    found = measure("cut_organisations", chain)
    assert (found.value, found.items) == (2, ("1", "2"))
    assert "Organisation 1 en Organisation 2" in str(found.message)
    assert measure("parts", chain, without="1").value == 2
    assert measure("density", network(8, star(8)), without="0").value == 0


def test_paths_follow_the_arrows_and_say_how_many_pairs_have_none():
    found = measure("mean_path", network(5, [(0, 1), (1, 2), (3, 4)], directed=True))
    assert found.value == pytest.approx(4 / 3)
    assert found.details == {"largest": 3, "parts": 1, "outside": 2, "unreachable": 3}


def test_paths_are_averaged_over_all_parts_of_the_largest_size(monkeypatch):
    path_first = [(0, 1), (1, 2), (3, 4), (4, 5), (3, 5)]
    triangle_first = [(0, 1), (1, 2), (0, 2), (3, 4), (4, 5)]
    for large in (measures.LARGE, 0):
        monkeypatch.setattr(measures, "LARGE", large)
        for pairs in (path_first, triangle_first):
            found = measure("mean_path", network(8, [*pairs, (6, 7)]))
            assert found.value == pytest.approx(7 / 6)  # 1, 1 and 2 steps, and three times 1
            assert found.details == {"largest": 3, "parts": 2, "outside": 2, "unreachable": 0}
            assert str(found) == str(Message("measure.mean_path.text", n=2, largest=3, value=1.17))
        found = measure("mean_path", network(6, [(0, 1), (1, 2), (3, 4), (4, 5), (5, 3)], directed=True))
        assert found.value == pytest.approx(13 / 9)  # 1, 1 and 2 steps; 1 and 2 from each of the three
        assert found.details == {"largest": 3, "parts": 2, "outside": 0, "unreachable": 3}
        with in_language("en"):
            assert "In the 2 largest parts (3 organisations each)" in str(found) and "In 3 cases" in str(found)
    one = measure("mean_path", network(5, [(0, 1), (1, 2)]))
    assert str(one) == str(Message("measure.mean_path.text", n=1, largest=3, value=1.33))


def test_trust():
    people = network(4).organisations
    ties = [Tie("0", "1", "a", trust=5), Tie("0", "1", "b", trust=2), Tie("0", "2", trust=4), Tie("2", "3", trust=3)]
    found = measure_all(Network(people, ties))
    assert found["trust_share"].value == pytest.approx(2 / 6)
    assert found["trust_centralisation"].value == pytest.approx((0 + 1 + 1 + 2) / 6)
    assert measure("trust_share", Network(people, ties), kind="b").value == 0
    assert value("trust_share", 3, [(0, 1)]) is None
    assert value("trust_centralisation", 3, [(0, 1)]) is None


def test_one_tie_more_or_less():
    assert what_if(network(8, star(8))) == [
        Message("measure.what_if.more", ties=8, possible=28, percent=29),
        Message("measure.what_if.less", ties=6, possible=28, percent=21),
    ]
    assert len(what_if(network(3))) == len(what_if(network(3, everybody(3)))) == 1
    assert what_if(network(1)) == []


def test_each_measure_has_a_name_a_formula_and_a_source():
    keys = message_keys()
    for one in measure_all(network(3)).values():
        for text in (one.label, one.formula, one.source):
            assert text.key in keys
            with in_language("en"):
                assert "[nl]" not in str(text)


def test_an_unknown_measure_is_refused():
    with pytest.raises(ValueError, match="density"):
        measure("closeness", network(3))


def test_knoke():
    path = next((path for path in KNOKE if path.exists()), None)
    if path is None:
        pytest.skip("the Knoke network is not here")
    with path.open(encoding="utf-8-sig", newline="") as file:
        head = file.readline()
        rows = [row[:2] for row in csv.reader(file, delimiter=";" if ";" in head else ",") if row]
    ids = sorted({end for row in rows for end in row})
    found = measure_all(Network([Organisation(id, id) for id in ids], [Tie(*row) for row in rows], directed=True))
    assert (len(ids), found["ties"].value, found["ties"].details["possible"]) == (10, 49, 90)
    rounded = {
        "density": 0.5444,
        "dyad_reciprocity": 0.5312,
        "arc_reciprocity": 0.6939,
        "out_degree_centralisation": 0.3827,
        "in_degree_centralisation": 0.5062,
        "betweenness_centralisation": 0.2011,
    }
    assert {name: round(found[name].value, 4) for name in rounded} == rounded
    assert round(100 * found["out_degree_centralisation"].details["ucinet"], 3) == 43.056
    assert round(100 * found["in_degree_centralisation"].details["ucinet"], 3) == 56.944
    assert "38,27 %" in str(found["out_degree_centralisation"].message)
    assert found["in_degree_centralisation"].details["highest"] == 9
    assert len(found["in_degree_centralisation"].items) == 1


COUNTS = ("sectors", "effective_sectors", "ties", "parts", "isolates", "mean_path", "cut_organisations")
SECTORS = ["welfare", "health-fund", "eigen woord", "", None]


@st.composite
def networks(draw):
    n = draw(st.integers(0, 9))
    directed = draw(st.booleans())
    people = [Organisation(f"o{i}", f"O {i}", draw(st.sampled_from(SECTORS))) for i in range(n)]
    ends = st.sampled_from([item.id for item in people]) if people else st.nothing()
    kinds, trusts = st.sampled_from(["referral", "knowing", None]), st.sampled_from([None, 1, 3, 4, 5])
    ties = draw(st.lists(st.builds(Tie, ends, ends, kinds, st.none(), trusts), max_size=25)) if n else []
    return Network(people, ties, directed)


@settings(max_examples=100, deadline=None)
@example(network(0), None, None)
@example(network(5, everybody(5)), None, None)
@given(networks(), st.sampled_from([None, "referral", "own"]), st.sampled_from([None, "o0", "nobody"]))
def test_never_nan_and_never_an_exception(any_network, kind, without):
    found = measure_all(any_network, without, kind)
    assert tuple(found) == NAMES
    for name, one in found.items():
        assert one == measure(name, any_network, without, kind)
        if one.value is not None:
            assert isinstance(one.value, (int, float))
            assert math.isfinite(one.value) and (-1 if name == "ei_index" else 0) <= one.value, name
            assert one.value <= 1 or name in COUNTS, name
        for language in ("nl", "en"):
            with in_language(language):
                shown = str(one.message)
                for part in (one.message, *one.message.values.values()):
                    assert not isinstance(part, Message) or str(part) != part.key
                assert not {"{", "[nl]", "nan"} & set(shown.replace("{", " { ").split())
                assert None not in one.message.values.values()


@settings(max_examples=80, deadline=None)
@given(networks(), st.randoms())
def test_other_labels_and_another_order_change_nothing(any_network, shuffle):
    ids = [item.id for item in any_network.organisations]
    other = dict(zip(ids, shuffle.sample(ids, len(ids)), strict=True))
    people = [Organisation(other[item.id], item.name, item.sector) for item in any_network.organisations]
    ties = [Tie(other[t.source], other[t.target], t.kind, t.strength, t.trust) for t in any_network.ties]
    twin = Network(people, shuffle.sample(ties, len(ties)), any_network.directed)
    for name, one in measure_all(any_network).items():
        copy = measure(name, twin)
        assert copy.value == pytest.approx(one.value, abs=1e-11), name
        if name != "sectors":
            assert set(copy.items) == {other[id] for id in one.items}, name


def shipped():
    for folder in sorted((texts.data_root() / "cases").iterdir()):
        rows = [texts.load(f"cases/{folder.name}/{part}.csv") for part in ("organisations", "ties")]
        people = [Organisation(row["id"], row["name"], row["sector"] or None) for row in rows[0]]
        ties = [Tie(row["source"], row["target"], row["kind"], None, int(row["trust"] or 0) or None) for row in rows[1]]
        directed = texts.load(f"cases/{folder.name}/case.toml").get("directed", False)
        yield pytest.param(Network(people, ties, directed), id=folder.name)


def check_with_networkx(any_network):
    graph = any_network.to_networkx()
    plain = graph.to_undirected()
    found = measure_all(any_network)
    n = len(graph)
    assert found["ties"].value == graph.number_of_edges()
    if n >= 2:
        assert found["density"].value == pytest.approx(nx.density(graph))
    if graph.is_directed() and graph.number_of_edges():
        assert found["arc_reciprocity"].value == pytest.approx(nx.overall_reciprocity(graph))
    if not graph.is_directed() and graph.number_of_edges():
        part = max(nx.connected_components(graph), key=len)
        assert found["mean_path"].details["largest"] == len(part)
        if nx.is_connected(graph):
            assert found["mean_path"].value == pytest.approx(nx.average_shortest_path_length(graph))
    if n >= 3:
        degrees = [degree for _, degree in plain.degree()]
        expected = sum(max(degrees) - degree for degree in degrees) / ((n - 1) * (n - 2))
        assert found["degree_centralisation"].value == pytest.approx(expected)


def check_with_igraph(any_network):
    igraph = pytest.importorskip("igraph")
    ids = [item.id for item in any_network.organisations]
    lines = [(ids.index(a), ids.index(b)) for a, b in any_network.pairs()]
    graph = igraph.Graph(len(ids), lines, directed=any_network.directed)
    found = measure_all(any_network)
    weak = graph.connected_components(mode="weak")
    assert found["parts"].value == len(weak)
    assert set(found["cut_organisations"].items) == {ids[i] for i in graph.articulation_points()}
    assert set(found["isolates"].items) == {id for id, degree in zip(ids, graph.degree(), strict=True) if not degree}
    if len(ids) >= 3:
        between = graph.betweenness(directed=any_network.directed)
        maximum = (len(ids) - 1) ** 2 * (len(ids) - 2) / (1 if any_network.directed else 2)
        expected = sum(max(between) - value for value in between) / maximum
        assert found["betweenness_centralisation"].value == pytest.approx(expected, abs=1e-9)
    if len(ids) >= 2:
        assert found["density"].value == pytest.approx(graph.density())
    if graph.is_directed() and graph.ecount():
        assert found["arc_reciprocity"].value == pytest.approx(graph.reciprocity())
        mutual, asymmetric, _ = tuple(graph.dyad_census())
        assert found["dyad_reciprocity"].value == pytest.approx(mutual / (mutual + asymmetric))
    if graph.ecount():
        largest = max(map(len, weak))
        rows = [row for part in weak if len(part) == largest for row in graph.subgraph(part).distances(mode="out")]
        steps = [n for row in rows for n in row if 0 < n < math.inf]
        assert found["mean_path"].value == pytest.approx(sum(steps) / len(steps))


ORACLES = pytest.mark.parametrize("check", [check_with_networkx, check_with_igraph])


@ORACLES
@pytest.mark.parametrize("any_network", list(shipped()))
def test_other_programs_agree_on_the_shipped_networks(check, any_network):
    check(any_network)


@ORACLES
@settings(max_examples=100, deadline=None)
@given(any_network=networks())
def test_other_programs_agree_on_random_networks(check, any_network):
    check(any_network)


def test_confirmed_one_sided_and_unknown_ties_are_counted_apart():
    # a and b name each other, c names a but not the other way round, d was named and named nobody
    found = measure("dyad_reciprocity", network(4, [(0, 1), (1, 0), (2, 0), (0, 3), (2, 3)], True))
    assert found.details == {"mutual": 1, "one_sided": 1, "unknown": 2, "dyads": 4} and found.value == 0.25
    assert str(found) == str(Message("measure.dyad_reciprocity.text", dyads=4, mutual=1, one_sided=1, unknown=2))


def test_of_one_kind_nobody_is_said_to_have_named_nobody():
    # b named a, but not for money: whether b was asked about money is not known
    asked = Network("abc", [("a", "b", "money"), ("b", "a", "advice"), ("c", "a", "money")], directed=True)
    everything = measure("dyad_reciprocity", asked)
    assert everything.details == {"mutual": 1, "one_sided": 1, "unknown": 0, "dyads": 2}
    assert everything.message.key == "measure.dyad_reciprocity.text"
    money = measure("dyad_reciprocity", asked, kind="money")
    assert money.details == {"mutual": 0, "one_sided": 1, "unknown": 1, "dyads": 2}
    assert money.message.key == "measure.dyad_reciprocity.of_kind"


def test_large_networks_count_the_same_with_igraph(monkeypatch):
    pytest.importorskip("igraph")
    chance = random.Random(7)
    for directed in (False, True):
        for n in (3, 12, 40):
            pairs = [(chance.randrange(n), chance.randrange(n)) for _ in range(n + n // 2)]
            any_network = network(n, pairs, directed)
            small = measure_all(any_network)
            with monkeypatch.context() as lowered:
                lowered.setattr(measures, "LARGE", 0)
                large = measure_all(any_network)
            for name in NAMES:
                assert large[name].value == pytest.approx(small[name].value, abs=1e-9), name
                highest = "highest"
                assert large[name].details.get(highest) == pytest.approx(small[name].details.get(highest)), name
                assert large[name].items == small[name].items


def test_each_measure_is_a_function_with_formula_source_and_an_example_that_holds():
    for name, function in measures.MEASURES.items():
        text = function.__doc__
        assert "Formula:" in text and "Source:" in text and f'measure("{name}"' in text, name
    found = doctest.testmod(measures, extraglobs={"Organisation": Organisation, "Tie": Tie})
    assert found.failed == 0 and found.attempted > len(NAMES)


def test_an_unknown_organisation_or_kind_gives_no_figure_and_says_so():
    people = [Organisation("itpc", "ITPC"), Organisation("doe", "DOE"), Organisation("aha", "AHA")]
    two = Network(people, [Tie("itpc", "doe", "contact"), Tie("itpc", "aha", "funds")])
    plain = Network(people, [Tie("itpc", "doe")])
    asked = [
        (two, {"without": "ITPC"}, "other_id"),
        (two, {"without": "nobody"}, "no_organisation"),
        (two, {"kind": "kontakt"}, "no_kind"),
        (two, {"kind": ""}, "no_kind"),
        (plain, {"kind": "contact"}, "no_kind"),
        (Network(), {"without": "itpc"}, "no_organisation"),
    ]
    for any_network, how, why in asked:
        found = measure_all(any_network, **how)
        assert tuple(found) == NAMES
        for name, one in found.items():
            assert one.value is None and one.message.key == "measure.none", name
            assert one.message.values["why"].key == f"measure.why.{why}"
            assert one == measure(name, any_network, **how)
    assert measure("density", two, without="ITPC").message.values["why"].values["id"] == "itpc"
    assert measure("density", two, kind="x").message.values["why"].values["kinds"] == ["contact", "funds"]
    assert measure("density", two, without="itpc").value == 0
    assert measure("density", two, kind="contact").value == pytest.approx(1 / 3)


def test_multiplexity_says_nothing_where_fewer_than_two_kinds_were_asked():
    people = network(3).organisations
    for ties, why in (
        ([Tie("0", "1"), Tie("1", "2")], "no_kinds"),
        ([Tie("0", "1", "information"), Tie("1", "2")], "single_kind"),
    ):
        found = measure("multiplexity", Network(people, ties))
        assert found.value is None and found.message.values["why"].key == f"measure.why.{why}"
    none_double = Network(people, [Tie("0", "1", "information"), Tie("1", "2", "money")])
    assert measure("multiplexity", none_double).value == 0


def test_no_known_sector_is_not_none_of_them():
    assert measure("sectors", network(3)).value is None
    assert measure("sectors", network(3, sectors=["a", None, None])).value == 1


def test_trust_says_of_how_many_pairs_nothing_is_known():
    ties = [Tie("0", "1", trust=5), Tie("1", "2"), Tie("2", "3"), Tie("3", "2", trust=2)]
    for directed, unknown in ((False, 1), (True, 1)):
        for name in ("trust_share", "trust_centralisation"):
            found = measure(name, Network(network(4).organisations, ties, directed))
            assert found.details["unknown"] == unknown
            assert found.message.values["open"].key == "measure.trust_unknown"
    asked = measure("trust_share", Network(network(4).organisations, ties[:1]))
    assert asked.details["unknown"] == 0 and asked.message.values["open"] == ""


def test_ei_stands_beside_what_chance_gives():
    chance = random.Random(3)
    sectors = [*"aaaabbbccd", None]
    pairs = [(chance.randrange(11), chance.randrange(11)) for _ in range(30)]
    expected = measure("ei_index", network(11, pairs, sectors=sectors)).details["expected"]
    # of 10 organisations 45 pairs: 6 + 3 + 1 inside a sector
    assert expected == pytest.approx(2 * 35 / 45 - 1)
    drawn = []
    for _ in range(600):
        shuffled = chance.sample(sectors[:10], 10)
        drawn.append(value("ei_index", 10, [pair for pair in pairs if 10 not in pair], sectors=shuffled))
    assert sum(drawn) / len(drawn) == pytest.approx(expected, abs=0.03)
    assert f"{expected:.2f}".replace(".", ",") in str(measure("ei_index", network(11, pairs, sectors=sectors)))


def test_who_is_cut_off_when_one_leaves():
    path = network(5, [(0, 1), (1, 2), (2, 3)])
    assert cut_off(path, "1") == ("0",)
    assert cut_off(path, "4") == cut_off(path, "nobody") == ()


def test_what_a_notebook_shows_is_short_and_escaped():
    hostile = Network([Organisation("a", "<script>alert(1)</script>"), Organisation("b", "B")])
    found = measure_all(hostile)
    assert "<script>" not in found._repr_html_() and "&lt;script&gt;" in found._repr_html_()
    assert "<script>" not in found["isolates"]._repr_html_()
    assert len(repr(found["density"])) < 120 and str(found["density"]) in repr(found["density"])
    assert repr(found).count("\n") == len(NAMES) - 1
    frame = found.frame()
    assert list(frame.index) == list(NAMES) and frame.value["parts"] == 2 and math.isnan(frame.value["blau"])
