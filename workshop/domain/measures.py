"""Measures of a network: a value or None, and a plain sentence; never nan, never an exception.

Below stands one function for each measure, called as the measure is. It takes what is counted in a network (`Counts`)
and returns a `Measure`. `measure` and `measure_all` are how others call them. Formula and source, as people read them
on a page, stand in ``data/texts/measures.toml``. The strength of ties counts in none of them.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from typing import Any

from workshop.domain.governance import SectorName, missing_sectors
from workshop.domain.network import Network, name_key
from workshop.domain.show import html_table
from workshop.texts import Message, number

LARGE = 100
"""Above this number of organisations igraph counts paths, where it is installed."""
TRUSTED = 4
"""Trust from here on counts as much trust."""


@dataclass(frozen=True, repr=False)
class Measure:
    """One measure of one network.

    Parameters
    ----------
    name : str
        One of `NAMES`.
    value : int or float or None
        None where it cannot be computed; `message` then says why.
    message : Message
        A sentence with counts.
    items : tuple of str
        The sectors or organisations (ids) that it is about.
    details : mapping
        Counts behind the value, other definitions of it, the maximum used.
    """

    name: str
    value: float | None
    message: Message
    items: tuple[str, ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def label(self) -> Message:
        """What the measure is called."""
        return Message(f"measure.{self.name}.name")

    @property
    def formula(self) -> Message:
        """How it is computed."""
        return Message(f"measure.{self.name}.formula")

    @property
    def source(self) -> Message:
        """Where the formula comes from."""
        return Message(f"measure.{self.name}.source")

    def __str__(self) -> str:
        return str(self.message)

    def __repr__(self) -> str:
        value = None if self.value is None else round(self.value, 4)
        return f"<{self.name} {value}: {self.message}>"

    def _repr_html_(self) -> str:
        return f"<p><b>{escape(str(self.label))}: {_shown(self.value)}</b><br>{escape(str(self.message))}</p>"


class Measures(dict[str, Measure]):
    """Measures by name; a notebook shows them as a table."""

    def __repr__(self) -> str:
        return "\n".join(map(repr, self.values()))

    def _repr_html_(self) -> str:
        heads = [Message(f"measure.head.{key}") for key in ("name", "value", "sentence")]
        return html_table(heads, [[one.label, _shown(one.value), one.message] for one in self.values()])

    def frame(self):
        """A pandas data frame: a row for each measure, by its id, with name, value and sentence."""
        import pandas as pd

        rows = [{"name": str(one.label), "value": one.value, "sentence": str(one)} for one in self.values()]
        frame = pd.DataFrame(rows, index=list(self), columns=["name", "value", "sentence"])
        return frame.astype({"value": float})


def _shown(value: float | None) -> str:
    return "–" if value is None else number(value)


class Counts:
    """What the measures of one network share, each counted once; with a kind, in the ties of that kind."""

    def __init__(self, network: Network, kind: str | None = None):
        self.network = network
        self.kind = kind
        self.directed = network.directed
        self.organisations = network.organisations
        self.n = len(network.organisations)
        self.graph = network.to_networkx(kind)
        self.lines = self.graph.number_of_edges()
        self.possible_pairs = self.n * (self.n - 1) // 2
        self.possible = 2 * self.possible_pairs if self.directed else self.possible_pairs
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

    @property
    def mutual(self) -> int:
        """Number of pairs with an arc in both directions."""
        return self.lines - self.pairs

    @cached_property
    def parts(self) -> list[set[str]]:
        """Parts that hang together, direction set aside, in the order of their first member."""
        import networkx as nx

        return list(nx.connected_components(self.plain))

    @cached_property
    def trust(self) -> dict[frozenset[str], int]:
        """The highest trust that is said of each pair, in either direction; pairs of which nothing is said are out."""
        known: dict[frozenset[str], int] = {}
        for source, target, trust in self.graph.edges(data="trust"):
            if trust is not None:
                pair = frozenset((source, target))
                known[pair] = max(trust, known.get(pair, trust))
        return known

    @property
    def trusted(self) -> list[frozenset[str]]:
        """The pairs with a tie of much trust."""
        return [pair for pair, trust in self.trust.items() if trust >= TRUSTED]

    @cached_property
    def sectors(self) -> dict[str, str]:
        """Sector of each organisation that has one; spellings that differ by case or spaces are one sector."""
        spelling: dict[str, str] = {}
        found: dict[str, str] = {}
        for item in self.organisations:
            if item.sector:
                found[item.id] = spelling.setdefault(name_key(item.sector), item.sector)
        return found

    @cached_property
    def sizes(self) -> Counter[str]:
        """Number of organisations in each sector."""
        return Counter(self.sectors.values())

    @cached_property
    def ends(self) -> list[tuple[str, str]]:
        """The sectors at both ends of each line, where both are known."""
        known = self.sectors
        return [(known[a], known[b]) for a, b in self.graph.edges if a in known and b in known]

    @cached_property
    def betweenness(self) -> dict[str, float]:
        """Share of the shortest paths between others that runs through each organisation, direction respected."""
        import networkx as nx

        large = _igraph(self.graph)
        if not large:
            return nx.betweenness_centrality(self.graph)
        most = (self.n - 1) * (self.n - 2) / (1 if self.directed else 2)
        counted = large.betweenness(directed=self.directed)
        return {id: paths / most for id, paths in zip(self.graph, counted, strict=True)}

    def named(self, ids: Iterable[str]) -> tuple[list[str], list[str]]:
        """Ids and names of some organisations, in the order of the network."""
        wanted = set(ids)
        found = [item for item in self.organisations if item.id in wanted]
        return [item.id for item in found], [item.name for item in found]


def _igraph(graph: Any) -> Any:
    """The same graph for igraph where the network is large and igraph is there, else None."""
    if len(graph) > LARGE:
        with suppress(ImportError):
            from igraph import Graph

            places = {id: place for place, id in enumerate(graph)}
            edges = [(places[source], places[target]) for source, target in graph.edges]
            return Graph(len(graph), edges, directed=graph.is_directed())
    return None


def _found(
    name: str,
    value: float,
    details: Mapping[str, Any] | None = None,
    *,
    form: str = "text",
    items: Iterable[str] = (),
    **words: Any,
) -> Measure:
    """A measure that has a value; its sentence is filled with value, percent, the details and the words."""
    details = details or {}
    filled = {"value": value, "percent": round(100 * value), **details, **words}
    return Measure(name, value, Message(f"measure.{name}.{form}", **filled), tuple(items), details)


def _open(key: str, unknown: int) -> Message | str:
    """What a sentence says at its end of what is not known; nothing where all is."""
    return Message(f"measure.{key}", n=unknown) if unknown else ""


class Silent(Exception):
    """A measure says nothing; why stands below ``measure.why``."""


def _need(there: Any, why: str) -> None:
    """Go on only where there is something to measure."""
    if not there:
        raise Silent(why)


# Differentiation: who takes part?


def sectors(counts: Counts) -> Measure:
    """Number of sectors, and which usual ones are missing.

    Formula: k, a count; None where no sector is known. Source: none; the list of usual sectors is this kit's own.

    >>> people = [Organisation("a", "A", "health"), Organisation("b", "B", "housing"), Organisation("c", "C", "health")]
    >>> measure("sectors", Network(people)).value
    2
    """
    present = tuple(counts.sizes)
    missing = missing_sectors(present)
    unknown = counts.n - len(counts.sectors)
    told = missing and not unknown  # whose sector is not known may be of a sector that seems missing
    words: dict[str, Any] = {
        "sectors": [SectorName(id) for id in present],
        "also": Message("measure.sectors.missing", sectors=[SectorName(id) for id in missing]) if told else "",
        "open": _open("sectors.unknown", unknown),
    }
    details = {"missing": missing, "unknown": unknown, "sizes": dict(counts.sizes)}
    found = _found("sectors", len(present), details, items=present, n=len(present), **words)
    return found if present else Measure("sectors", None, found.message, (), details)


def blau(counts: Counts) -> Measure:
    """How often two draws of an organisation, the first put back, give different sectors.

    Formula: 1 - sum of p², p the share of each sector. Source: Blau (1977), Inequality and Heterogeneity.

    >>> people = [Organisation(id, id, sector) for id, sector in zip("abcdefgh", "11111234")]
    >>> measure("blau", Network(people)).value
    0.5625
    """
    known = len(counts.sectors)
    _need(known, "no_sectors")
    # whole numbers, divided once: 1 - 25/64 - 3/64 would not always be exact
    unlike = known**2 - sum(size**2 for size in counts.sizes.values())
    return _found("blau", unlike / known**2, {"known": known, "total": counts.n})


def iqv(counts: Counts) -> Measure:
    """Blau's index over the highest it can be with these sectors, 1 - 1/k: 1 where all are equally large.

    Formula: (1 - sum of p²) / (1 - 1/k), k the number of sectors present. Source: Mueller and Schuessler (1961).

    >>> people = [Organisation(id, id, sector) for id, sector in zip("abcdefgh", "11111234")]
    >>> measure("iqv", Network(people)).value
    0.75
    """
    known = len(counts.sectors)
    k = len(counts.sizes)
    _need(known, "no_sectors")
    _need(k >= 2, "two_sectors")
    unlike = known**2 - sum(size**2 for size in counts.sizes.values())
    return _found("iqv", unlike * k / (known**2 * (k - 1)), {"known": known, "total": counts.n}, n=k)


def effective_sectors(counts: Counts) -> Measure:
    """Number of equally large sectors that would be as mixed.

    Formula: exp(H), H = -sum of p ln p. Source: Shannon (1948); as a number Hill (1973), Ecology 54.

    >>> people = [Organisation(id, id, sector) for id, sector in zip("abcd", "1122")]
    >>> measure("effective_sectors", Network(people)).value
    2.0
    """
    known = len(counts.sectors)
    _need(known, "no_sectors")
    sizes = counts.sizes.values()
    value = math.exp(math.log(known) - sum(size * math.log(size) for size in sizes) / known)
    form = "text"
    if len(sizes) > 1 and len(set(sizes)) == 1:
        form = "even"
    elif len(sizes) > 1 and number(value) == number(len(sizes)):  # "2 sectors, as mixed as 2" would say nothing
        form = "almost"
    details = {"known": known, "total": counts.n}
    return _found("effective_sectors", round(value, 12), details, form=form, n=len(sizes))


# Integration: how does it hang together?


def ties(counts: Counts) -> Measure:
    """Pairs (directed: arcs) that have a tie, each once whatever the number of kinds.

    Formula: m, a count. Source: none.

    >>> measure("ties", Network("abc", ["ab", "bc"])).value
    2
    """
    form = counts.form if counts.n > 1 else "few"
    return _found("ties", counts.lines, {"possible": counts.possible}, form=form, n=counts.lines)


def density(counts: Counts) -> Measure:
    """Ties that are there as a share of those that can be.

    Formula: 2m / (n(n-1)), directed m / (n(n-1)). Source: Wasserman and Faust (1994), Social Network Analysis.

    >>> measure("density", Network("abcd", ["ab", "bc", "cd"])).value
    0.5
    """
    _need(counts.n >= 2, "two")
    details = {"ties": counts.lines, "possible": counts.possible}
    return _found("density", counts.lines / counts.possible, details, form=counts.form, n=counts.lines)


def connectedness(counts: Counts) -> Measure:
    """Pairs that can reach each other, directly or through others, as a share of all pairs; direction set aside.

    Formula: sum of s(s-1) / (n(n-1)), s the size of each part. Source: Krackhardt (1994).

    >>> measure("connectedness", Network("abcde", ["ab", "cd", "de"])).value
    0.4
    """
    _need(counts.n >= 2, "two")
    joined = sum(len(part) * (len(part) - 1) // 2 for part in counts.parts)
    details = {"joined": joined, "pairs": counts.possible_pairs}
    return _found("connectedness", joined / counts.possible_pairs, details, form=counts.form)


def parts(counts: Counts) -> Measure:
    """Parts within which all can reach each other, direction set aside.

    Formula: number of (weakly) connected components. Source: Wasserman and Faust (1994), Social Network Analysis.

    >>> measure("parts", Network("abcde", ["ab", "cd", "de"])).value
    2
    """
    sizes = sorted(map(len, counts.parts), reverse=True)
    details = {"sizes": sizes, "largest": max(sizes, default=0)}
    return _found("parts", len(sizes), details, n=len(sizes))


def isolates(counts: Counts) -> Measure:
    """Organisations without any tie; with a kind, without one of that kind.

    Formula: a count. Source: none.

    >>> measure("isolates", Network("abc", ["ab"])).items
    ('c',)
    """
    ids, names = counts.named(id for id, ties in counts.graph.degree if not ties)
    form = "text" if counts.kind is None else "of_kind"
    return _found("isolates", len(ids), form=form, items=ids, n=len(ids), names=names)


def mean_path(counts: Counts) -> Measure:
    """Mean number of steps over the pairs that have a path, in the largest part, or in all parts of that size.

    Formula: sum of the shortest paths / number of pairs with one. ``details["parts"]`` is how many parts are as large
    as the largest; ``details["unreachable"]`` counts the pairs inside them without a path. Source: Wasserman and Faust
    (1994).

    >>> measure("mean_path", Network("abcd", ["ab", "ac", "ad"])).value
    1.5
    """
    import networkx as nx

    _need(counts.lines, "no_ties")
    size = max(map(len, counts.parts))
    largest = [part for part in counts.parts if len(part) == size]
    graph = counts.graph.subgraph(set.union(*largest)).copy()
    large = _igraph(graph)
    if large:
        lengths = large.path_length_hist(directed=counts.directed)
        value = lengths.mean
        joined = lengths.n if counts.directed else 2 * lengths.n
    else:
        steps = [n for _, row in nx.all_pairs_shortest_path_length(graph) for n in row.values() if n]
        value = sum(steps) / len(steps)
        joined = len(steps)
    unreachable = len(graph) * (size - 1) - joined
    details = {"largest": size, "parts": len(largest), "outside": counts.n - len(graph), "unreachable": unreachable}
    return _found("mean_path", value, details, form="unreachable" if unreachable else "text", n=len(largest))


def multiplexity(counts: Counts) -> Measure:
    """Pairs with two kinds of tie or more, in either direction, as a share of the pairs with a tie.

    Formula: pairs with two kinds or more / pairs with a tie; None where fewer than two kinds occur. A tie of which the
    kind is not known makes no kind: ``details["unknown"]`` counts the other pairs that have one. Source: Wasserman and
    Faust (1994) for the notion.

    >>> measure("multiplexity", Network("abc", [("a", "b", "x"), ("a", "b", "y"), ("b", "c", "y")])).value
    0.5
    """
    _need(counts.kind is None, "one_kind")
    _need(counts.lines, "no_ties")
    _need(counts.network.kinds, "no_kinds")
    _need(len(counts.network.kinds) >= 2, "single_kind")
    kinds: dict[frozenset[str], set[str | None]] = defaultdict(set)
    for tie in counts.network.ties:
        kinds[frozenset((tie.source, tie.target))].add(tie.kind)
    several = sum(len(found - {None}) > 1 for found in kinds.values())
    unknown = sum(None in found and len(found - {None}) < 2 for found in kinds.values())
    details = {"several": several, "pairs": counts.pairs, "unknown": unknown}
    return _found("multiplexity", several / counts.pairs, details, open=_open("multiplexity.unknown", unknown))


def ei_index(counts: Counts) -> Measure:
    """Ties between sectors (E) against ties inside one (I), where both sectors are known.

    Formula: (E - I) / (E + I). ``details["expected"]`` is what ties that take no notice of sectors would give:
    2 (1 - sum of s(s-1) / (n(n-1))) - 1, s the size of each sector; ``details["unknown"]`` counts the ties that are
    left out. Source: Krackhardt and Stern (1988), Social Psychology Quarterly 51.

    >>> people = [Organisation(id, id, sector) for id, sector in zip("abcd", "1122")]
    >>> measure("ei_index", Network(people, ["ab", "ac", "ad"])).details["external"]
    2
    """
    _need(counts.ends, "sectors_both")
    external = sum(a != b for a, b in counts.ends)
    internal = len(counts.ends) - external
    n = len(counts.sectors)
    inside = sum(size * (size - 1) for size in counts.sizes.values()) / (n * (n - 1))
    unknown = counts.lines - len(counts.ends)
    details = {
        "external": external,
        "internal": internal,
        "unknown": unknown,
        "expected": 1 - 2 * inside,
    }
    said = _open("ei_index.unknown", unknown)
    return _found("ei_index", (external - internal) / len(counts.ends), details, open=said)


def arc_reciprocity(counts: Counts) -> Measure:
    """Arcs that have an arc back, as a share of the arcs.

    Formula: arcs with an arc back / arcs. Source: Hanneman and Riddle (2005), Introduction to Social Network Methods.

    >>> measure("arc_reciprocity", Network("abc", ["ab", "ba", "bc", "ca"], directed=True)).value
    0.5
    """
    _need(counts.directed, "undirected")
    _need(counts.lines, "no_ties")
    answered = 2 * counts.mutual
    return _found("arc_reciprocity", answered / counts.lines, {"answered": answered, "arcs": counts.lines})


def dyad_reciprocity(counts: Counts) -> Measure:
    """Pairs tied in both directions (confirmed), as a share of the pairs with a tie.

    Formula: mutual pairs / pairs with an arc. Of the others, ``details["one_sided"]`` counts those of which both named
    somebody, ``details["unknown"]`` those of which one named nobody, and perhaps was never asked; with a kind, nobody
    for that kind. Source: Hanneman and Riddle (2005).

    >>> measure("dyad_reciprocity", Network("abc", ["ab", "ba", "bc"], directed=True)).value
    0.5
    """
    _need(counts.directed, "undirected")
    _need(counts.lines, "no_ties")
    naming = {source for source, _ in counts.graph.edges}
    asked = sum(source in naming and target in naming for source, target in counts.plain.edges)
    details = {
        "mutual": counts.mutual,
        "one_sided": asked - counts.mutual,
        "unknown": counts.pairs - asked,
        "dyads": counts.pairs,
    }
    form = "text" if counts.kind is None else "of_kind"
    return _found("dyad_reciprocity", counts.mutual / counts.pairs, details, form=form)


# Power and trust: around whom does it turn?


def _behind(values: Mapping[str, float]) -> tuple[float, Any, list[str]]:
    """Freeman's sum, how far all stay behind the highest; that highest; and whose it is."""
    highest = max(values.values())
    top = [id for id, value in values.items() if highest > 0 and math.isclose(value, highest)]
    return len(values) * highest - sum(values.values()), highest, top


def _degree_centralisation(
    name: str, counts: Counts, degrees: Mapping[str, int], more: Mapping[str, Any] = {}, **words: Any
) -> Measure:
    """Freeman on the number of others that each is tied to; the maximum is that of a star."""
    total, highest, top = _behind(degrees)
    maximum = (counts.n - 1) * (counts.n - 2)
    details = {"highest": highest, "mean": sum(degrees.values()) / counts.n, "maximum": maximum}
    return _found(name, total / maximum, {**details, **more}, items=top, **words)


def degree_centralisation(counts: Counts) -> Measure:
    """How far the organisation with most ties stands above the others: 1 for a star, 0 where all have as many.

    Formula: sum of (highest - d) / ((n-1)(n-2)), direction set aside. Source: Freeman (1979), Social Networks 1.

    >>> measure("degree_centralisation", Network("abcd", ["ab", "ac", "ad"])).value
    1.0
    """
    _need(counts.n >= 3, "three")
    return _degree_centralisation("degree_centralisation", counts, dict(counts.plain.degree))


def _one_way(name: str, counts: Counts, way: str) -> Measure:
    """Freeman on arcs of one direction; ``details["ucinet"]`` has UCINET's denominator (n-1)(n-2)."""
    _need(counts.directed, "undirected")
    _need(counts.n >= 3, "three")
    total, highest, top = _behind(dict(getattr(counts.graph, way)))
    maximum = (counts.n - 1) ** 2
    other = (counts.n - 1) * (counts.n - 2)
    details = {"highest": highest, "maximum": maximum, "ucinet": total / other}
    words: dict[str, Any] = {
        "n": highest,
        "other": other,
        "exact": 100 * total / maximum,
        "elsewhere": 100 * total / other,
    }
    return _found(name, total / maximum, details, items=top, **words)


def in_degree_centralisation(counts: Counts) -> Measure:
    """How far the organisation where most arcs arrive stands above the others.

    Formula: sum of (highest - d) / (n-1)². Source: Freeman (1979), Social Networks 1; UCINET divides by (n-1)(n-2).

    >>> measure("in_degree_centralisation", Network("abcd", ["ba", "ca", "da"], directed=True)).value
    1.0
    """
    return _one_way("in_degree_centralisation", counts, "in_degree")


def out_degree_centralisation(counts: Counts) -> Measure:
    """How far the organisation where most arcs leave stands above the others.

    Formula: sum of (highest - d) / (n-1)². Source: Freeman (1979), Social Networks 1; UCINET divides by (n-1)(n-2).

    >>> measure("out_degree_centralisation", Network("abcd", ["ab", "ac", "ad"], directed=True)).value
    1.0
    """
    return _one_way("out_degree_centralisation", counts, "out_degree")


def betweenness_centralisation(counts: Counts) -> Measure:
    """How far the shortest paths run through one organisation, direction respected: 1 for a star.

    Formula: sum of (highest - b) / (n-1), b the share of the shortest paths between others. Source: Freeman (1979).

    >>> measure("betweenness_centralisation", Network("abcd", ["ab", "ac", "ad"])).value
    1.0
    """
    _need(counts.n >= 3, "three")
    total, highest, top = _behind(counts.betweenness)
    value = round(abs(total) / (counts.n - 1), 12)
    return _found("betweenness_centralisation", value, {"highest": highest}, form=counts.form, items=top)


def cut_organisations(counts: Counts) -> Measure:
    """Organisations whose leaving breaks a part in pieces, direction set aside.

    Formula: number of cutpoints (articulation points). Source: Wasserman and Faust (1994), Social Network Analysis.

    >>> measure("cut_organisations", Network("abc", ["ab", "bc"])).items
    ('b',)
    """
    import networkx as nx

    ids, names = counts.named(nx.articulation_points(counts.plain))
    return _found("cut_organisations", len(ids), items=ids, n=len(ids), names=names)


def _trust_not_said(counts: Counts) -> tuple[int, Message | str]:
    """Number of tied pairs of which no trust is said, and the sentence on it."""
    unknown = counts.pairs - len(counts.trust)
    return unknown, _open("trust_unknown", unknown)


def trust_share(counts: Counts) -> Measure:
    """Pairs with a tie of much trust (4 or 5), as a share of all pairs.

    Formula: such pairs / (n(n-1)/2). ``details["unknown"]`` counts the tied pairs of which nothing is said. Source: our
    own count, after Provan and Kenis (2008) on the density of trust.

    >>> measure("trust_share", Network("abc", [Tie("a", "b", trust=5), Tie("b", "c", trust=1)])).value
    0.3333333333333333
    """
    _need(counts.n >= 2, "two")
    _need(counts.trust, "no_trust")
    n = len(counts.trusted)
    unknown, sentence = _trust_not_said(counts)
    details = {"pairs": n, "possible": counts.possible_pairs, "unknown": unknown}
    return _found("trust_share", n / counts.possible_pairs, details, n=n, open=sentence)


def trust_centralisation(counts: Counts) -> Measure:
    """How far the organisation that shares much trust with most others stands above them.

    Formula: sum of (highest - d) / ((n-1)(n-2)), d the number of others with whom there is much trust. Source: Freeman
    (1979), applied to trust as in Provan and Kenis (2008).

    >>> trusting = [Tie("a", other, trust=4) for other in "bcd"]
    >>> measure("trust_centralisation", Network("abcd", trusting)).value
    1.0
    """
    _need(counts.n >= 3, "three")
    _need(counts.trust, "no_trust")
    trusting = Counter(id for pair in counts.trusted for id in pair)
    degrees = {item.id: trusting[item.id] for item in counts.organisations}
    unknown, sentence = _trust_not_said(counts)
    return _degree_centralisation("trust_centralisation", counts, degrees, {"unknown": unknown}, open=sentence)


DIFFERENTIATION = (sectors, blau, iqv, effective_sectors)
COHESION = (ties, density, connectedness, parts, isolates)
RELATIONS = (arc_reciprocity, dyad_reciprocity, multiplexity, ei_index, mean_path)
POWER = (degree_centralisation, in_degree_centralisation, out_degree_centralisation, betweenness_centralisation)
TRUST = (cut_organisations, trust_share, trust_centralisation)
MEASURES: dict[str, Callable[[Counts], Measure]] = {
    function.__name__: function for function in (*DIFFERENTIATION, *COHESION, *RELATIONS, *POWER, *TRUST)
}
NAMES = tuple(MEASURES)


def unknown(network: Network, without: str | None, kind: str | None) -> Message | None:
    """Why nothing can be measured: an organisation or a kind of tie was asked for that is not there."""
    if without is not None and without not in {item.id for item in network.organisations}:
        meant = network.find(without)
        if meant:
            return Message("measure.why.other_id", name=without, id=meant.id)
        return Message("measure.why.no_organisation", name=without)
    if kind is not None and kind not in network.kinds:
        return Message("measure.why.no_kind", kind=kind, kinds=list(network.kinds), n=len(network.kinds))
    return None


def _measured(names: Iterable[str], network: Network, without: str | None, kind: str | None) -> Measures:
    why = unknown(network, without, kind)
    if why:
        return Measures({name: Measure(name, None, Message("measure.none", why=why)) for name in names})
    counts = Counts(network.without(without), kind)
    return Measures({name: _measure(name, counts) for name in names})


def _measure(name: str, counts: Counts) -> Measure:
    try:
        return MEASURES[name](counts)
    except Silent as silent:
        return Measure(name, None, Message("measure.none", why=Message(f"measure.why.{silent}")))


def measure(name: str, network: Network, without: str | None = None, kind: str | None = None) -> Measure:
    """One measure of a network.

    Parameters
    ----------
    name : str
        One of `NAMES`.
    network : Network
    without : str, optional
        Id of an organisation to leave out first, such as the lead organisation.
    kind : str, optional
        Only ties of this kind. Without it a pair counts once, whatever the number of kinds.

    Returns
    -------
    Measure
        Its `value` is None where the measure says nothing: no pairs, no ties, no known sectors; an organisation or a
        kind that is not in the network. Its `message` then says why. Shares lie from 0 to 1, `ei_index` from -1 to 1.

    Raises
    ------
    ValueError
        If there is no measure of that name.

    Examples
    --------
    >>> from workshop.domain.network import Network
    >>> measure("density", Network("ab", ["ab"])).value
    1.0
    >>> measure("density", Network("ab", ["ab"]), without="c").value is None
    True
    """
    if name not in MEASURES:
        raise ValueError(f"measure {name!r}: choose one of {', '.join(NAMES)}")
    return _measured([name], network, without, kind)[name]


def measure_all(network: Network, without: str | None = None, kind: str | None = None) -> Measures:
    """All measures of a network by name.

    Parameters
    ----------
    network, without, kind
        As for `measure`.

    Returns
    -------
    Measures
        A dict from name to `Measure`; a notebook shows it as a table, `Measures.frame` makes it a data frame.

    Examples
    --------
    >>> from workshop.domain.network import Network
    >>> measure_all(Network("abc", ["ab", "bc"]))["degree_centralisation"].value
    1.0
    """
    return _measured(NAMES, network, without, kind)


def what_if(network: Network) -> list[Message]:
    """Sentences on the density with one tie more and one tie less, where there can be: small networks jump."""
    counts = Counts(network)
    told = []
    for step, n in (("more", counts.lines + 1), ("less", counts.lines - 1)):
        if counts.possible and 0 <= n <= counts.possible:
            percent = round(100 * n / counts.possible)
            told.append(Message(f"measure.what_if.{step}", ties=n, possible=counts.possible, percent=percent))
    return told


def cut_off(network: Network, id: str) -> tuple[str, ...]:
    """Organisations that lose touch with the larger rest of their part if this one leaves; direction does not count."""
    part = next((part for part in Counts(network).parts if id in part), set())
    rest = [other for other in Counts(network.without(id)).parts if other <= part]
    rest.sort(key=len, reverse=True)
    lost = {other for pieces in rest[1:] for other in pieces}
    return tuple(item.id for item in network.organisations if item.id in lost)
