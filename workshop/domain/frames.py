"""Measures as pandas data frames, for who goes on counting; pandas is loaded when one is made."""

from __future__ import annotations

import math

from workshop.domain.measures import NAMES, Counts, measure_all, unknown
from workshop.domain.network import Network
from workshop.texts import Problem


def _known(network: Network, without: str | None, kind: str | None) -> None:
    """Refuse an organisation or a kind that is not there: a frame of figures has no place for a sentence."""
    why = unknown(network, without, kind)
    if why:
        raise Problem(why)


def measures_by_kind(network: Network, without: str | None = None):
    """The value of each measure for the whole network and for each kind of tie.

    Parameters
    ----------
    network : Network
    without : str, optional
        Id of an organisation to leave out first.

    Returns
    -------
    pandas.DataFrame
        A row for each measure (its id), a column ``all`` and one for each kind; NaN where a measure says nothing.

    Raises
    ------
    ValueError
        If there is no such organisation.

    Examples
    --------
    >>> measures_by_kind(Network("abc", [("a", "b", "contact"), ("b", "c", "funds")])).loc["ties"].to_dict()
    {'all': 2.0, 'contact': 1.0, 'funds': 1.0}
    """
    import pandas as pd

    _known(network, without, None)
    columns = {}
    for kind in (None, *network.kinds):
        found = measure_all(network, without, kind)
        columns["all" if kind is None else kind] = [found[name].value for name in NAMES]
    return pd.DataFrame(columns, index=list(NAMES), dtype=float)


def measures_by_organisation(network: Network, kind: str | None = None):
    """What each organisation has: ties, strength, place between others.

    Parameters
    ----------
    network : Network
    kind : str, optional
        Only ties of this kind.

    Returns
    -------
    pandas.DataFrame
        A row for each organisation (its id): ``name``, ``sector``, ``ties`` (others that it is tied to), where directed
        ``arrives`` and ``leaves`` (arcs), ``strength`` (sum of what is known, NaN where nothing is), ``betweenness``
        (share of the shortest paths between others, 0 to 1) and ``cuts`` (whether a part breaks when it leaves).

    Raises
    ------
    ValueError
        If there is no tie of this kind.

    Examples
    --------
    >>> measures_by_organisation(Network("abc", ["ab", "bc"])).betweenness.to_dict()
    {'a': 0.0, 'b': 1.0, 'c': 0.0}
    """
    import networkx as nx
    import pandas as pd

    _known(network, None, kind)
    counts = Counts(network, kind)
    cutting = set(nx.articulation_points(counts.plain))
    strength = dict.fromkeys(counts.graph, math.nan)
    for source, target, known in counts.graph.edges(data="strength"):
        if known is not None:
            for id in (source, target):
                strength[id] = known if math.isnan(strength[id]) else strength[id] + known
    columns = {
        "name": {item.id: item.name for item in counts.organisations},
        "sector": {item.id: item.sector for item in counts.organisations},
        "ties": dict(counts.plain.degree),
    }
    if counts.directed:
        columns["arrives"] = dict(counts.graph.in_degree)
        columns["leaves"] = dict(counts.graph.out_degree)
    columns["strength"] = strength
    columns["betweenness"] = counts.betweenness
    columns["cuts"] = {id: id in cutting for id in counts.graph}
    return pd.DataFrame(columns, index=list(counts.graph))
