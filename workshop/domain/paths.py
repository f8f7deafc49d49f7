"""Who can reach whom: parts, paths and go-betweens, on plain ids and pairs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

LARGE = 300  # above this number of organisations igraph counts, where it is installed
Arc = tuple[str, str]


def parts(neighbours: Mapping[str, Collection[str]]) -> list[list[str]]:
    """Parts that hang together, in the order of their first member; those without ties are parts of one."""
    seen: set[str] = set()
    found = []
    for start in neighbours:
        if start in seen:
            continue
        seen.add(start)
        part = [start]
        for node in part:
            fresh = [other for other in neighbours[node] if other not in seen]
            seen.update(fresh)
            part.extend(fresh)
        found.append(part)
    return found


def _igraph(nodes: Sequence[str], arcs: Iterable[Arc], directed: bool):
    """An igraph graph where the network is large and igraph is there, else None."""
    if len(nodes) <= LARGE:
        return None
    try:
        import igraph
    except ImportError:
        return None
    place = {node: i for i, node in enumerate(nodes)}
    return igraph.Graph(len(nodes), [(place[a], place[b]) for a, b in arcs], directed=directed)


def _networkx(nodes: Iterable[str], arcs: Iterable[Arc], directed: bool = False):
    import networkx as nx

    graph = nx.DiGraph() if directed else nx.Graph()
    graph.add_nodes_from(nodes)
    graph.add_edges_from(arcs)
    return graph


def path_lengths(nodes: Sequence[str], arcs: Collection[Arc], directed: bool) -> dict[int, int]:
    """How many ordered pairs (unordered where undirected) are how many steps apart; pairs without a path left out."""
    graph = _igraph(nodes, arcs, directed)
    if graph is not None:
        return {int(low): count for low, _, count in graph.path_length_hist(directed=directed).bins() if count}
    import networkx as nx

    found: dict[int, int] = {}
    graph = _networkx(nodes, arcs, directed)
    for node in nodes:
        for steps in nx.single_source_shortest_path_length(graph, node).values():
            found[steps] = found.get(steps, 0) + 1
    return {steps: count if directed else count // 2 for steps, count in sorted(found.items()) if steps}


def betweenness(nodes: Sequence[str], arcs: Collection[Arc], directed: bool) -> list[float]:
    """Share of the shortest paths between others that runs over each node, 0 to 1; at least three nodes."""
    graph = _igraph(nodes, arcs, directed)
    if graph is not None:
        most = (len(nodes) - 1) * (len(nodes) - 2) / (1 if directed else 2)
        return [value / most for value in graph.betweenness(directed=directed)]
    import networkx as nx

    found = nx.betweenness_centrality(_networkx(nodes, arcs, directed))
    return [found[node] for node in nodes]


def cut_nodes(nodes: Sequence[str], pairs: Collection[Arc]) -> tuple[str, ...]:
    """Nodes whose leaving breaks a part in two or more, in the order of `nodes`; direction does not count."""
    import networkx as nx

    found = set(nx.articulation_points(_networkx(nodes, pairs)))
    return tuple(node for node in nodes if node in found)
