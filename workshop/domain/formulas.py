"""The facts of a network, each counted once, and the formulas of the measures on them.

The name, the formula in words and its source stand in ``data/texts/measures.toml``; what each needs, in
`workshop.domain.measures`. Sums are of whole numbers, divided once, save where shortest paths are shared out.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import cached_property
from typing import Any, NamedTuple

from workshop.domain.governance import SectorName, missing_sectors
from workshop.domain.network import Network, name_key
from workshop.texts import Message

LARGE = 300
"""Above this number of organisations igraph counts paths, where it is installed."""


TRUSTED = 4
"""Trust from here on counts as much trust."""


class Facts:
    """What is counted in a network; with a kind, in the ties of that kind."""

    def __init__(self, network: Network, kind: str | None = None):
        self.kind, self.directed = kind, network.directed
        self.organisations, self.n = network.organisations, len(network.organisations)
        self.graph = network.to_networkx(kind)
        self.lines = self.graph.number_of_edges()
        self.possible_pairs = self.n * (self.n - 1) // 2
        self.possible = self.possible_pairs * (2 if self.directed else 1)
        self.form = "directed" if self.directed else "text"

    @cached_property
    def plain(self) -> Any:
        """The graph with direction set aside: one line for each pair that has a tie."""
        import networkx as nx

        return nx.Graph(self.graph) if self.directed else self.graph

    @cached_property
    def pairs(self) -> int:
        """Number of pairs that have a tie."""
        return self.plain.number_of_edges()

    @cached_property
    def parts(self) -> list[set[str]]:
        """Parts that hang together, direction set aside, in the order of their first member."""
        import networkx as nx

        return list(nx.connected_components(self.plain))

    @cached_property
    def trusted(self) -> Any:
        """A graph of the pairs with a tie of much trust; None where no tie says how much trust there is."""
        import networkx as nx

        said = [(a, b, trust) for a, b, trust in self.graph.edges(data="trust") if trust is not None]
        graph = nx.Graph()
        graph.add_nodes_from(self.graph)
        graph.add_edges_from((a, b) for a, b, trust in said if trust >= TRUSTED)
        return graph if said else None

    @cached_property
    def sectors(self) -> dict[str, str]:
        """Sector of each organisation that has one; spellings that differ by case or spaces are one sector."""
        spelling: dict[str, str] = {}
        known = ((item.id, item.sector) for item in self.organisations if item.sector)
        return {id: spelling.setdefault(name_key(sector), sector) for id, sector in known}

    @cached_property
    def sizes(self) -> Counter[str]:
        """Number of organisations in each sector."""
        return Counter(self.sectors.values())

    @cached_property
    def ends(self) -> list[tuple[str, str]]:
        """The sectors at both ends of each line, where both are known."""
        return [(self.sectors[a], self.sectors[b]) for a, b in self.graph.edges if {a, b} <= self.sectors.keys()]


class Found(NamedTuple):
    """The value of a measure, the form of its sentence, and what that is filled with: details, and `words` besides."""

    value: float
    details: Mapping[str, Any]
    words: Mapping[str, Any] = {}
    form: str = "text"
    items: Iterable[str] = ()


def sectors(facts: Facts) -> Found:
    """Number of sectors, and which usual ones are missing."""
    present = tuple(facts.sizes)
    missing, unknown = missing_sectors(present), facts.n - len(facts.sectors)
    words = {
        "n": len(present),
        "sectors": [SectorName(id) for id in present],
        "also": Message("measure.sectors.missing", sectors=[SectorName(id) for id in missing]) if missing else "",
        "open": Message("measure.sectors.unknown", n=unknown) if unknown else "",
    }
    details = {"missing": missing, "unknown": unknown, "sizes": dict(facts.sizes)}
    return Found(len(present), details, words, items=present)


def _known(facts: Facts) -> dict[str, int]:
    return {"known": len(facts.sectors), "total": facts.n}


def _unlike(facts: Facts) -> int:
    """Ordered draws of two organisations, the first put back, that differ in sector."""
    return len(facts.sectors) ** 2 - sum(size**2 for size in facts.sizes.values())


def blau(facts: Facts) -> Found:
    """Chance that two organisations drawn at random, the first put back, differ in sector: 1 - sum p^2."""
    return Found(_unlike(facts) / len(facts.sectors) ** 2, _known(facts))


def iqv(facts: Facts) -> Found:
    """Index of qualitative variation: Blau as a share of the most it can be with this number of sectors."""
    k = len(facts.sizes)
    return Found(_unlike(facts) * k / (len(facts.sectors) ** 2 * (k - 1)), _known(facts), {"n": k})


def effective_sectors(facts: Facts) -> Found:
    """Number of equally large sectors that would be as mixed: exp of the Shannon entropy."""
    known, sizes = len(facts.sectors), facts.sizes.values()
    value = math.exp(math.log(known) - sum(size * math.log(size) for size in sizes) / known)
    form = "text" if len(sizes) == 1 or len(set(sizes)) > 1 else "even"
    return Found(round(value, 12), _known(facts), {"n": len(sizes)}, form)


def _share(whole: str, all: int, part: str, n: int, form: str = "text") -> Found:
    return Found(n / all, {part: n, whole: all}, {"n": n}, form)


def ties(facts: Facts) -> Found:
    """Pairs (directed: arcs) that have a tie."""
    return Found(facts.lines, {"possible": facts.possible}, {"n": facts.lines}, facts.form if facts.n > 1 else "few")


def density(facts: Facts) -> Found:
    """Ties as a share of the possible ones."""
    return _share("possible", facts.possible, "ties", facts.lines, facts.form)


def connectedness(facts: Facts) -> Found:
    """Pairs that can reach each other, direction set aside, as a share of all pairs: 1 - fragmentation."""
    joined = sum(len(part) * (len(part) - 1) // 2 for part in facts.parts)
    return _share("pairs", facts.possible_pairs, "joined", joined, facts.form)


def parts(facts: Facts) -> Found:
    """Parts that hang together, direction set aside."""
    sizes = sorted(map(len, facts.parts), reverse=True)
    return Found(len(sizes), {"sizes": sizes, "largest": max(sizes, default=0)}, {"n": len(sizes)})


def _listed(facts: Facts, ids: Iterable[str]) -> Found:
    chosen = set(ids)
    found = [item for item in facts.organisations if item.id in chosen]
    words = {"n": len(found), "names": [item.name for item in found]}
    return Found(len(found), {}, words, items=[item.id for item in found])


def isolates(facts: Facts) -> Found:
    """Organisations without any tie."""
    import networkx as nx

    return _listed(facts, nx.isolates(facts.plain))


def cut_organisations(facts: Facts) -> Found:
    """Organisations whose leaving breaks a part in two or more, direction set aside."""
    import networkx as nx

    return _listed(facts, nx.articulation_points(facts.plain))


def arc_reciprocity(facts: Facts) -> Found:
    """Arcs that are answered, as a share of the arcs."""
    return _share("arcs", facts.lines, "answered", 2 * (facts.lines - facts.pairs))


def dyad_reciprocity(facts: Facts) -> Found:
    """Pairs tied in both directions (confirmed), as a share of the pairs with a tie.

    Of the others, ``details["one_sided"]`` counts those of which both named somebody, ``details["unknown"]`` those of
    which one named nobody, and perhaps was never asked.
    """
    mutual, naming = facts.lines - facts.pairs, {source for source, _ in facts.graph.edges}
    asked = sum({*pair} <= naming for pair in facts.plain.edges)
    details = {"mutual": mutual, "one_sided": asked - mutual, "unknown": facts.pairs - asked, "dyads": facts.pairs}
    return Found(mutual / facts.pairs, details, {"n": mutual})


def multiplexity(facts: Facts) -> Found:
    """Pairs with two kinds of tie or more, in either direction, as a share of the pairs with a tie."""
    kinds: dict[frozenset[str], set[str]] = defaultdict(set)
    for source, target, here in facts.graph.edges(data="kinds"):
        kinds[frozenset((source, target))].update(kind for kind in here if kind is not None)
    several = sum(len(here) > 1 for here in kinds.values())
    return _share("pairs", facts.pairs, "several", several, "text" if any(kinds.values()) else "unknown")


def ei_index(facts: Facts) -> Found:
    """(External - internal) / (external + internal): ties between sectors against ties inside one."""
    known, external = len(facts.ends), sum(a != b for a, b in facts.ends)
    details = {"external": external, "internal": known - external, "unknown": facts.lines - known}
    return Found((2 * external - known) / known, details)


def _igraph(graph: Any) -> Any:
    """The same graph for igraph where the network is large and igraph is there, else None."""
    if len(graph) > LARGE:
        with suppress(ImportError):
            from igraph import Graph

            return Graph.from_networkx(graph)
    return None


def mean_path(facts: Facts) -> Found:
    """Mean number of steps over the pairs that have a path, in the largest part."""
    import networkx as nx

    graph = facts.graph.subgraph(max(facts.parts, key=len)).copy()
    large, size = _igraph(graph), len(graph)
    if large:
        lengths = {int(low): count for low, _, count in large.path_length_hist(directed=facts.directed).bins()}
    else:
        lengths = Counter(
            steps for _, row in nx.all_pairs_shortest_path_length(graph) for steps in row.values() if steps
        )
    joined = sum(lengths.values())
    unreachable = size * (size - 1) - joined if facts.directed else 0
    details = {"largest": size, "outside": facts.n - size, "unreachable": unreachable}
    value = sum(steps * count for steps, count in lengths.items()) / joined
    return Found(value, details, form="unreachable" if unreachable else "text")


def _spread(values: Iterable[float]) -> float:
    """Freeman's sum: how far all stay behind the highest."""
    known = list(values)
    return len(known) * max(known) - sum(known)


def degree_centralisation(facts: Facts, which: str) -> Found:
    """Freeman on the ``plain`` or the ``trusted`` pairs: 1 for a star, 0 where all have as many ties."""
    graph = getattr(facts, which)
    degrees = dict(graph.degree)
    high, maximum = max(degrees.values()), (facts.n - 1) * (facts.n - 2)
    details = {"highest": high, "mean": 2 * graph.number_of_edges() / facts.n, "maximum": maximum}
    top = [id for id in degrees if degrees[id] == high > 0]
    return Found(_spread(degrees.values()) / maximum, details, items=top)


def one_way_centralisation(facts: Facts, way: str) -> Found:
    """Freeman on ``in_degree`` or ``out_degree``, maximum (n-1)^2; ``details["ucinet"]`` divides by (n-1)(n-2)."""
    known = dict(getattr(facts.graph, way))
    total, high = _spread(known.values()), max(known.values())
    maximum, other = (facts.n - 1) ** 2, (facts.n - 1) * (facts.n - 2)
    details = {"highest": high, "maximum": maximum, "ucinet": total / other}
    words = {"n": high, "other": other, "exact": 100 * total / maximum, "elsewhere": 100 * total / other}
    return Found(total / maximum, details, words, items=[id for id in known if known[id] == high > 0])


def betweenness_centralisation(facts: Facts) -> Found:
    """Freeman on shares of the shortest paths, direction respected: 1 for a star."""
    import networkx as nx

    large = _igraph(facts.graph)
    if large:
        most = (facts.n - 1) * (facts.n - 2) / (1 if facts.directed else 2)
        shares = [value / most for value in large.betweenness(directed=facts.directed)]
    else:
        shares = list(nx.betweenness_centrality(facts.graph).values())
    high = max(shares)
    top = [id for id, share in zip(facts.graph, shares, strict=True) if high > 0 and math.isclose(share, high)]
    value = round(abs(_spread(shares)) / (facts.n - 1), 12)
    return Found(value, {"highest": high}, form=facts.form, items=top)


def trust_share(facts: Facts) -> Found:
    """Pairs with a tie of trust 4 or 5, as a share of all pairs."""
    return _share("possible", facts.possible_pairs, "pairs", facts.trusted.number_of_edges())
