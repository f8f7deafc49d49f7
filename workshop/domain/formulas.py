"""The formulas of the measures: what each says about the facts of a network that has what it needs.

The short ones stand in the table of `workshop.domain.measures`; the formula in words and its source, of each, in
``data/texts/measures.toml``. Sums are of whole numbers, divided once, save where shortest paths are shared out.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any, NamedTuple

from workshop.domain.facts import Facts
from workshop.domain.governance import SectorName, missing_sectors
from workshop.texts import Message

LARGE = 100
"""Above this number of organisations igraph counts paths, where it is installed."""


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


def share(part: str, n: int, whole: str, possible: int, form: str = "text") -> Found:
    """A number as a share of another; both are details under these names."""
    return Found(n / possible, {part: n, whole: possible}, {"n": n}, form)


def counted(facts: Facts, value: float, form: str = "text") -> Found:
    """A figure on sectors, with over how many organisations it was counted."""
    return Found(value, {"known": len(facts.sectors), "total": facts.n}, {"n": facts.k}, form)


def listed(facts: Facts, which: str) -> Found:
    """Organisations that networkx's function `which` names, direction set aside."""
    import networkx as nx

    ids = set(getattr(nx, which)(facts.plain))
    found = [item for item in facts.organisations if item.id in ids]
    words = {"n": len(found), "names": [item.name for item in found]}
    return Found(len(found), {}, words, items=[item.id for item in found])


def ties(facts: Facts) -> Found:
    """Pairs (directed: arcs) that have a tie."""
    return Found(facts.lines, {"possible": facts.possible}, {"n": facts.lines}, facts.form if facts.n > 1 else "few")


def parts(facts: Facts) -> Found:
    """Parts that hang together, direction set aside."""
    sizes = sorted(map(len, facts.parts), reverse=True)
    return Found(len(sizes), {"sizes": sizes, "largest": max(sizes, default=0)}, {"n": len(sizes)})


def effective_sectors(facts: Facts) -> Found:
    """Number of equally large sectors that would be as mixed: exp of the Shannon entropy."""
    known, sizes = len(facts.sectors), facts.sizes.values()
    value = math.exp(math.log(known) - sum(size * math.log(size) for size in sizes) / known)
    return counted(facts, round(value, 12), "even" if facts.k > 1 and len(set(sizes)) == 1 else "text")


def dyad_reciprocity(facts: Facts) -> Found:
    """Pairs tied in both directions (confirmed), as a share of the pairs with a tie.

    Of the others, ``details["one_sided"]`` counts those of which both named somebody, ``details["unknown"]`` those of
    which one named nobody, and perhaps was never asked.
    """
    mutual, naming = facts.mutual, {source for source, _ in facts.graph.edges}
    asked = sum({*pair} <= naming for pair in facts.plain.edges)
    details = {"mutual": mutual, "one_sided": asked - mutual, "unknown": facts.pairs - asked, "dyads": facts.pairs}
    return Found(mutual / facts.pairs, details, {"n": mutual})


def multiplexity(facts: Facts) -> Found:
    """Pairs with two kinds of tie or more, in either direction, as a share of the pairs with a tie."""
    kinds: dict[frozenset[str], set[str]] = defaultdict(set)
    for source, target, here in facts.graph.edges(data="kinds"):
        kinds[frozenset((source, target))].update(kind for kind in here if kind is not None)
    several = sum(len(here) > 1 for here in kinds.values())
    return share("several", several, "pairs", facts.pairs, "text" if any(kinds.values()) else "unknown")


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
        lengths = large.path_length_hist(directed=facts.directed)
        value, unreachable = lengths.mean, int(lengths.unconnected)
    else:
        steps = [n for _, row in nx.all_pairs_shortest_path_length(graph) for n in row.values() if n]
        value, unreachable = sum(steps) / len(steps), size * (size - 1) - len(steps)
    details = {"largest": size, "outside": facts.n - size, "unreachable": unreachable}
    return Found(value, details, form="unreachable" if unreachable else "text")


def _spread(values: Iterable[float]) -> float:
    """Freeman's sum: how far all stay behind the highest."""
    known = list(values)
    return len(known) * max(known) - sum(known)


def degree(facts: Facts, graph: Any) -> Found:
    """Freeman on the pairs in `graph`: 1 for a star, 0 where all have as many ties."""
    degrees = dict(graph.degree)
    high, maximum = max(degrees.values()), (facts.n - 1) * (facts.n - 2)
    details = {"highest": high, "mean": 2 * graph.number_of_edges() / facts.n, "maximum": maximum}
    top = [id for id in degrees if degrees[id] == high > 0]
    return Found(_spread(degrees.values()) / maximum, details, items=top)


def one_way(facts: Facts, degrees: Iterable[tuple[str, int]]) -> Found:
    """Freeman on arcs that arrive, or leave, maximum (n-1)^2; ``details["ucinet"]`` divides by (n-1)(n-2)."""
    known = dict(degrees)
    total, high = _spread(known.values()), max(known.values())
    maximum, other = (facts.n - 1) ** 2, (facts.n - 1) * (facts.n - 2)
    details = {"highest": high, "maximum": maximum, "ucinet": total / other}
    words = {"n": high, "other": other, "exact": 100 * total / maximum, "elsewhere": 100 * total / other}
    return Found(total / maximum, details, words, items=[id for id in known if known[id] == high > 0])


def betweenness(facts: Facts) -> Found:
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
