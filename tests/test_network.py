"""The network itself: what it keeps, merges and refuses."""

import pytest

from workshop.domain.network import Network, Organisation, Tie, clean_name, name_key, new_id


def organisations(*ids):
    return [Organisation(id, id.upper()) for id in ids]


def test_an_undirected_network_holds_each_pair_once_per_kind():
    ties = [Tie("a", "b", "referral"), Tie("b", "a", "referral", trust=4), Tie("a", "b", "knowing"), Tie("a", "a")]
    network = Network(organisations("a", "b"), ties)
    assert network.ties == (Tie("a", "b", "referral", trust=4), Tie("a", "b", "knowing"))
    assert network.pairs() == {("a", "b")}
    assert network.pairs("communication") == frozenset()
    assert network.kinds == ("referral", "knowing")


def test_a_directed_network_keeps_both_directions():
    network = Network(
        organisations("a", "b"), [Tie("a", "b"), Tie("b", "a"), Tie("b", "a", strength=2.5)], directed=True
    )
    assert network.pairs() == {("a", "b"), ("b", "a")}
    assert network.ties[1].strength == 2.5


def test_wrong_ids_are_refused():
    with pytest.raises(ValueError, match="twice"):
        Network(organisations("a", "a"))
    with pytest.raises(ValueError, match="unknown"):
        Network(organisations("a"), [Tie("a", "z")])


def test_without_takes_the_ties_along():
    network = Network(organisations("a", "b", "c"), [Tie("a", "b"), Tie("b", "c")])
    assert network.without("a").ties == (Tie("b", "c"),)
    assert network.without(None) is network


@pytest.mark.parametrize("directed", [False, True])
def test_plain_values_and_back(directed):
    network = Network(
        [Organisation("a", "<script>", "sector"), Organisation("b", "=1+1 \U0001f600", layer="core")],
        [Tie("b", "a", "own kind", 1.5, 3)],
        directed,
    )
    assert Network.from_dict(network.to_dict()) == network
    graph = network.to_networkx()
    assert graph.is_directed() is directed
    assert graph.edges["b", "a"] == {"kinds": ["own kind"], "strength": 1.5, "trust": 3}
    frame, ties = network.to_frames()
    assert list(frame.id) == ["a", "b"]
    assert list(ties.source_name) == ["=1+1 \U0001f600"]


def test_names():
    assert clean_name(" OCMW \u00a0 Ons\tDorp\x00 ") == "OCMW Ons Dorp"
    assert name_key("CAFE\u0301") == name_key("caf\u00e9")
    assert new_id("H\u00e9t Huis!", ["het-huis"]) == "het-huis-2"
    assert new_id("\U0001f600", []) == "organisation"
