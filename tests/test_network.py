"""The network itself: what it keeps, merges and refuses."""

import doctest

import networkx as nx
import pytest

from workshop.domain import network as module
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
    assert graph.edges["b", "a"] == {"kinds": "own kind", "strength": 1.5, "weight": 1.5, "trust": 3}
    assert dict(graph.nodes["b"]) == {"name": "=1+1 \U0001f600", "label": "=1+1 \U0001f600", "layer": "core"}
    back = Network.from_networkx(graph)
    assert back.organisations == network.organisations and back.pairs() == network.pairs()
    assert back.ties[0].kind == "own kind" and (back.ties[0].strength, back.ties[0].trust) == (1.5, 3)
    frame, ties = network.to_frames()
    assert list(frame.id) == ["a", "b"]
    assert list(ties.source_name) == ["=1+1 \U0001f600"]


@pytest.mark.parametrize("trust", [0.5, 0, -1, 6, float("nan"), "3", True, [3]])
def test_trust_that_is_none_of_the_five_is_left_out(trust):
    people = [{"id": id, "name": id} for id in "ab"]
    read = Network.from_dict({"organisations": people, "ties": [{"source": "a", "target": "b", "trust": trust}]})
    assert read.ties == (Tie("a", "b"),)


def test_names():
    assert clean_name(" OCMW \u00a0 Ons\tDorp\x00 ") == "OCMW Ons Dorp"
    assert name_key("CAFE\u0301") == name_key("caf\u00e9")
    assert new_id("H\u00e9t Huis!", ["het-huis"]) == "het-huis-2"
    assert new_id("\U0001f600", []) == "organisation"


def test_ids_and_pairs_are_enough_to_write_a_network_down():
    short = Network("abc", ["ab", ("b", "c", "referral")])
    assert short == Network([Organisation(id, id) for id in "abc"], [Tie("a", "b"), Tie("b", "c", "referral")])
    assert Network("ab", ["ab"]) != Network("ab", ["ba"], directed=True)
    assert doctest.testmod(module).failed == 0


def test_an_organisation_is_found_by_id_and_by_name():
    itpc, other = Organisation("itpc", "ITPC  Indiana"), Organisation("b", "itpc")
    network = Network([itpc, other])
    assert network.find("itpc") == itpc
    assert network.find(" Itpc indiana ") == itpc
    assert network.find("ITPC") == other
    assert network.find("nobody") is None


def test_a_network_of_one_kind():
    network = Network("abc", [("a", "b", "x"), ("a", "b", "y"), ("b", "c", "y")])
    assert network.only("x").ties == (Tie("a", "b", "x"),)
    assert network.only("x").organisations == network.organisations
    with pytest.raises(ValueError, match="x, y"):
        network.only("z")


SEVERAL = Network(
    [Organisation("a", "Één & <b>", "health"), Organisation("b", "B"), Organisation("c", "C", layer="core")],
    [Tie("a", "b", "x", 2.0), Tie("a", "b", "y", 3.0, 4), Tie("c", "b", "y")],
)


@pytest.mark.parametrize("directed", [False, True])
def test_graphml_that_networkx_and_igraph_read_alike(directed, tmp_path):
    igraph = pytest.importorskip("igraph")
    path = tmp_path / "network.graphml"
    nx.write_graphml(Network(SEVERAL.organisations, SEVERAL.ties, directed).to_networkx(), path)
    graph, other = nx.read_graphml(path), igraph.Graph.Read_GraphML(str(path))
    assert not graph.is_multigraph() and graph.is_directed() is other.is_directed() is directed
    assert (len(graph), graph.number_of_edges()) == (other.vcount(), other.ecount()) == (3, 2)
    assert list(nx.get_node_attributes(graph, "label").values()) == other.vs["label"] == ["Één & <b>", "B", "C"]
    assert list(graph) == other.vs["id"] == ["a", "b", "c"]
    assert graph.edges["a", "b"] == {"kinds": "x; y", "strength": 3.0, "weight": 3.0, "trust": 4}
    assert other.es["kinds"] == ["x; y", "y"] and other.es["weight"][0] == 3.0


def test_graphs_of_others_become_networks(tmp_path):
    igraph = pytest.importorskip("igraph")
    pajek, ucinet = tmp_path / "a.net", tmp_path / "a.dl"
    pajek.write_text('*Vertices 3\n1 "OCMW"\n2 "CAW"\n3 "School"\n*Arcs\n1 2 2.0\n2 1 1.0\n')
    ucinet.write_text("DL n=3\nformat = fullmatrix\nlabels:\nOCMW,CAW,School\ndata:\n0 1 0\n1 0 0\n0 0 0\n")
    read = Network.from_networkx(nx.read_pajek(pajek))
    assert [o.name for o in read.organisations] == ["OCMW", "CAW", "School"] and read.directed
    assert read.ties == (Tie("OCMW", "CAW", None, 2.0), Tie("CAW", "OCMW", None, 1.0))
    read = Network.from_networkx(igraph.Graph.Read_DL(str(ucinet)).to_networkx())
    assert [o.name for o in read.organisations] == ["OCMW", "CAW", "School"]
    assert read.pairs() == {("0", "1"), ("1", "0")}
    several = nx.MultiDiGraph([("a", "b", {"kind": "x"}), ("a", "b", {"kind": "y"}), (1, "a", {})])
    assert Network.from_networkx(several).ties == (Tie("a", "b", "x"), Tie("a", "b", "y"), Tie("1", "a"))


def test_what_a_notebook_shows_of_a_network_is_escaped():
    shown = SEVERAL._repr_html_()
    assert "<b>" not in shown and "&lt;b&gt;" in shown
    assert "<p>…" in Network([f"o{i}" for i in range(100)])._repr_html_()
