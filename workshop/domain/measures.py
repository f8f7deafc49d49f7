"""Measures of a network: a value or None, its range, and a plain sentence; never nan, never an exception."""

from __future__ import annotations

from workshop.domain import formulas
from workshop.domain.facts import Facts, Measure
from workshop.domain.network import Network
from workshop.texts import Message

__all__ = ["NAMES", "Measure", "measure", "measure_all", "what_if"]

NAMES = (
    "sectors",
    "blau",
    "iqv",
    "effective_sectors",
    "ties",
    "density",
    "connectedness",
    "parts",
    "isolates",
    "arc_reciprocity",
    "dyad_reciprocity",
    "multiplexity",
    "ei_index",
    "mean_path",
    "degree_centralisation",
    "in_degree_centralisation",
    "out_degree_centralisation",
    "betweenness_centralisation",
    "cut_organisations",
    "trust_share",
    "trust_centralisation",
)


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
    return getattr(formulas, name)(Facts(network.without(without), kind))


def measure_all(network: Network, without: str | None = None, kind: str | None = None) -> dict[str, Measure]:
    """All measures of a network by name; parameters as for `measure`."""
    facts = Facts(network.without(without), kind)
    return {name: getattr(formulas, name)(facts) for name in NAMES}


def what_if(network: Network, kind: str | None = None) -> list[Message]:
    """Sentences on the density with one tie more and one tie less, where there can be: small networks jump."""
    facts = Facts(network, kind)
    ties, possible = len(facts.lines), facts.possible
    steps = {"more": ties + 1, "less": ties - 1}
    return [
        Message(f"measure.what_if.{step}", ties=n, possible=possible, percent=round(100 * n / possible))
        for step, n in steps.items()
        if 0 <= n <= possible and possible
    ]
