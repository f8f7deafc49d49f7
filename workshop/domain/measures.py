"""Measures of a network: a value or None, and a plain sentence; never nan, never an exception."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from workshop.domain import formulas as f
from workshop.domain.facts import Facts
from workshop.domain.formulas import Found
from workshop.domain.network import Network
from workshop.texts import Message

LACKS: dict[str, Callable[[Facts], bool]] = {
    "two": lambda facts: facts.n < 2,
    "three": lambda facts: facts.n < 3,
    "no_sectors": lambda facts: not facts.sectors,
    "two_sectors": lambda facts: len(facts.sizes) < 2,
    "sectors_both": lambda facts: not facts.ends,
    "undirected": lambda facts: not facts.directed,
    "one_kind": lambda facts: facts.kind is not None,
    "no_ties": lambda facts: not facts.lines,
    "no_trust": lambda facts: facts.trusted is None,
}
"""Why a measure may say nothing; the sentence is ``measure.why.<key>``."""

MEASURES: dict[str, tuple[Callable[[Facts], Found], tuple[str, ...]]] = {
    "sectors": (f.sectors, ()),
    "blau": (lambda x: f.counted(x, x.unlike / len(x.sectors) ** 2), ("no_sectors",)),
    "iqv": (lambda x: f.counted(x, x.unlike * x.k / (len(x.sectors) ** 2 * (x.k - 1))), ("two_sectors",)),
    "effective_sectors": (f.effective_sectors, ("no_sectors",)),
    "ties": (f.ties, ()),
    "density": (lambda x: f.share("ties", x.lines, "possible", x.possible, x.form), ("two",)),
    "connectedness": (lambda x: f.share("joined", x.joined, "pairs", x.possible_pairs, x.form), ("two",)),
    "parts": (f.parts, ()),
    "isolates": (lambda x: f.listed(x, "isolates"), ()),
    "arc_reciprocity": (lambda x: f.share("answered", 2 * x.mutual, "arcs", x.lines), ("undirected", "no_ties")),
    "dyad_reciprocity": (f.dyad_reciprocity, ("undirected", "no_ties")),
    "multiplexity": (f.multiplexity, ("one_kind", "no_ties")),
    "ei_index": (f.ei_index, ("sectors_both",)),
    "mean_path": (f.mean_path, ("no_ties",)),
    "degree_centralisation": (lambda x: f.degree(x, x.plain), ("three",)),
    "in_degree_centralisation": (lambda x: f.one_way(x, x.graph.in_degree), ("undirected", "three")),
    "out_degree_centralisation": (lambda x: f.one_way(x, x.graph.out_degree), ("undirected", "three")),
    "betweenness_centralisation": (f.betweenness, ("three",)),
    "cut_organisations": (lambda x: f.listed(x, "articulation_points"), ()),
    "trust_share": (
        lambda x: f.share("pairs", x.trusted.number_of_edges(), "possible", x.possible_pairs),
        ("two", "no_trust"),
    ),
    "trust_centralisation": (lambda x: f.degree(x, x.trusted), ("three", "no_trust")),
}
"""Each measure: its formula on the facts, and what may be lacking for it, in the order in which that is said."""

NAMES = tuple(MEASURES)


@dataclass(frozen=True)
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


def _measure(name: str, facts: Facts) -> Measure:
    formula, needs = MEASURES[name]
    for need in needs:
        if LACKS[need](facts):
            return Measure(name, None, Message("measure.none", why=Message(f"measure.why.{need}")))
    value, details, words, form, items = formula(facts)
    filled = {"value": value, "percent": round(100 * value), **details, **words}
    return Measure(name, value, Message(f"measure.{name}.{form}", **filled), tuple(items), details)


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
        Its `value` is None where the measure says nothing: no pairs, no ties, no known sectors.

    Raises
    ------
    ValueError
        If there is no measure of that name.

    Examples
    --------
    >>> from workshop.domain.network import Network, Organisation, Tie
    >>> pair = Network([Organisation("a", "A"), Organisation("b", "B")], [Tie("a", "b")])
    >>> measure("density", pair).value
    1.0
    """
    if name not in NAMES:
        raise ValueError(f"measure {name!r}: choose one of {', '.join(NAMES)}")
    return _measure(name, Facts(network.without(without), kind))


def measure_all(network: Network, without: str | None = None, kind: str | None = None) -> dict[str, Measure]:
    """All measures of a network by name; parameters as for `measure`."""
    facts = Facts(network.without(without), kind)
    return {name: _measure(name, facts) for name in NAMES}


def what_if(network: Network) -> list[Message]:
    """Sentences on the density with one tie more and one tie less, where there can be: small networks jump."""
    facts = Facts(network)
    steps = {"more": facts.lines + 1, "less": facts.lines - 1}
    return [
        Message(f"measure.what_if.{step}", ties=n, possible=facts.possible, percent=round(100 * n / facts.possible))
        for step, n in steps.items()
        if facts.possible and 0 <= n <= facts.possible
    ]
