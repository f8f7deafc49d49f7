"""A network of organisations: who takes part, and who is tied to whom."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from html import escape
from typing import Any

from workshop.domain.show import html_table
from workshop.domain.values import clean_name, figure, mapping, mappings, name_key, word
from workshop.texts import Message

SEPARATOR = "; "
"""Between the kinds of one edge of a graph."""
SHOWN = 60
"""So many organisations stand in the table that a notebook shows."""


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation in the network.

    Parameters
    ----------
    id : str
        Short and stable; ties and seats refer to it.
    name : str
        As people know it.
    sector : str, optional
        The kind of work: the difference that differentiation is counted by.
    layer : {"core", "basic", "specialised"}, optional
        Place in a GBO: core actor, basic or facilitating actor, specialist service.
    """

    id: str
    name: str
    sector: str | None = None
    layer: str | None = None


@dataclass(frozen=True, slots=True)
class Tie:
    """A tie between two organisations.

    Parameters
    ----------
    source, target : str
        Ids of organisations.
    kind : str, optional
        ``"communication"``, ``"referral"``, ``"knowing"`` (each other's services), or a kind of the group's own.
    strength : float, optional
        Above 0; the unit is the group's own. No measure uses it; `Network.to_networkx` hands it on as ``weight``.
    trust : int, optional
        1 (hardly any) to 5 (a great deal).
    """

    source: str
    target: str
    kind: str | None = None
    strength: float | None = None
    trust: int | None = None


def plain(item: Organisation | Tie) -> dict[str, Any]:
    """What is known of an organisation or a tie, as plain values."""
    read = ((name, getattr(item, name)) for name in item.__slots__)
    return {name: value for name, value in read if value is not None}


def new_id(name: str, taken: Iterable[str]) -> str:
    """A readable ASCII id for a name that is not in `taken` yet."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40] or "organisation"
    used = set(taken)
    candidate, count = stem, 2
    while candidate in used:
        candidate, count = f"{stem}-{count}", count + 1
    return candidate


@dataclass(frozen=True, init=False, repr=False)
class Network:
    """Organisations and the ties between them; never changed in place.

    Parameters
    ----------
    organisations : iterable of Organisation
        Every organisation once, those without ties as well. A text is an id that is the name too.
    ties : iterable of Tie
        A tie of an organisation to itself is left out. The same pair (undirected) or arc (directed) of the same kind
        is kept once: the first, filled up with strength and trust of the later ones. A pair of ids, or a pair and a
        kind, is a tie as well.
    directed : bool, default False
        Whether a tie from A to B says nothing about B to A. ``Network(net.organisations, net.ties, True)`` reads the
        ties of an undirected network as arcs, in the direction in which they were written.

    Raises
    ------
    ValueError
        If an id stands twice, or a tie names an organisation that is not there.

    Examples
    --------
    >>> Network(["OCMW", "CAW", "school"], [("OCMW", "CAW"), ("CAW", "school", "referral")])
    <Network: 3 organisations, 2 ties, undirected>
    """

    organisations: tuple[Organisation, ...]
    ties: tuple[Tie, ...]
    directed: bool
    _by_id: dict[str, Organisation] = field(init=False, compare=False)

    def __init__(
        self,
        organisations: Iterable[Organisation | str] = (),
        ties: Iterable[Tie | Sequence[Any]] = (),
        directed: bool = False,
    ):
        keep = partial(object.__setattr__, self)
        keep("organisations", tuple(Organisation(o, o) if isinstance(o, str) else o for o in organisations))
        keep("directed", bool(directed))
        keep("_by_id", {organisation.id: organisation for organisation in self.organisations})
        if len(self._by_id) != len(self.organisations):
            raise ValueError("an organisation id stands twice")
        kept: dict[tuple, Tie] = {}
        for tie in (item if isinstance(item, Tie) else Tie(*item) for item in ties):
            for end in (tie.source, tie.target):
                if end not in self._by_id:
                    raise ValueError(f"a tie names the unknown organisation {end!r}")
            if tie.source != tie.target:
                known = kept.setdefault(self.tie_key(tie), tie)
                if known is not tie:
                    gaps = [name for name in ("strength", "trust") if getattr(known, name) is None]
                    kept[self.tie_key(tie)] = replace(known, **{name: getattr(tie, name) for name in gaps})
        keep("ties", tuple(kept.values()))

    def tie_key(self, tie: Tie) -> tuple:
        """What makes a tie the same tie: its ends (in either order where undirected) and its kind."""
        ends = (tie.source, tie.target)
        return (ends if self.directed else tuple(sorted(ends)), tie.kind)

    def organisation(self, id: str) -> Organisation:
        """The organisation with this id; KeyError where there is none."""
        return self._by_id[id]

    def name(self, id: str) -> str:
        """The name of the organisation with this id."""
        return self._by_id[id].name

    def find(self, name: str) -> Organisation | None:
        """The organisation with this id, or with this name (case and spaces do not count); None where there is none."""
        if name in self._by_id:
            return self._by_id[name]
        return next((item for item in self.organisations if name_key(item.name) == name_key(name)), None)

    def only(self, kind: str) -> Network:
        """The network of one kind of tie, with all organisations; ValueError where there is no tie of that kind."""
        if kind not in self.kinds:
            raise ValueError(f"kind {kind!r}: choose one of {', '.join(self.kinds)}")
        return Network(self.organisations, (tie for tie in self.ties if tie.kind == kind), self.directed)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of tie that occur, in the order in which they were first used."""
        return tuple(dict.fromkeys(tie.kind for tie in self.ties if tie.kind is not None))

    def pairs(self, kind: str | None = None) -> frozenset[tuple[str, str]]:
        """Pairs (undirected, sorted) or arcs (directed) that have a tie; each once, whatever the number of kinds."""
        return frozenset(self.tie_key(tie)[0] for tie in self.ties if kind is None or tie.kind == kind)

    def without(self, id: str | None) -> Network:
        """The network as it would be if one organisation left; None leaves it as it is."""
        if id is None:
            return self
        staying = (organisation for organisation in self.organisations if organisation.id != id)
        return Network(staying, (tie for tie in self.ties if id not in (tie.source, tie.target)), self.directed)

    def to_networkx(self, kind: str | None = None):
        """A ``networkx.Graph``, or ``DiGraph`` where directed, one edge a pair.

        Parameters
        ----------
        kind : str, optional
            Only ties of this kind.

        Returns
        -------
        networkx.Graph or networkx.DiGraph
            Nodes carry ``name``, ``label`` (the same, for Gephi), ``sector``, ``layer``; edges ``kinds`` (a text, as in
            ``"contact; referral"``), ``strength`` and ``trust`` (the highest) and ``weight`` (the strength again). What
            is not known is left out, so that ``networkx.write_graphml`` and other writers take it.
        """
        import networkx as nx

        graph = nx.DiGraph() if self.directed else nx.Graph()
        for item in self.organisations:
            known = plain(item)
            graph.add_node(known.pop("id"), label=item.name, **known)
        for tie in self.ties:
            if kind is None or tie.kind == kind:
                graph.add_edge(tie.source, tie.target)
                edge = graph.edges[tie.source, tie.target]
                if tie.kind is not None:
                    edge["kinds"] = f"{edge['kinds']}{SEPARATOR}{tie.kind}" if "kinds" in edge else tie.kind
                for name, value in (("strength", tie.strength), ("weight", tie.strength), ("trust", tie.trust)):
                    if value is not None:
                        edge[name] = max(value, edge.get(name, value))
        return graph

    @classmethod
    def from_networkx(cls, graph: Any) -> Network:
        """The network that a networkx graph holds, whoever made it.

        Parameters
        ----------
        graph : networkx.Graph, DiGraph, MultiGraph or MultiDiGraph
            Nodes may carry ``name`` or ``label``, ``sector``, ``layer``; edges ``kinds`` or ``kind``, ``strength`` or
            ``weight``, ``trust``, as `to_networkx` writes them.

        Returns
        -------
        Network
            The node, as text, is the id.

        Examples
        --------
        >>> import networkx as nx
        >>> Network.from_networkx(nx.path_graph(3))
        <Network: 3 organisations, 2 ties, undirected>
        """
        organisations = []
        for node, data in graph.nodes(data=True):
            name = clean_name(data.get("name") or data.get("label") or node)
            organisations.append(Organisation(str(node), name, data.get("sector"), data.get("layer")))
        ties = []
        for source, target, data in graph.edges(data=True):
            kinds = (data.get("kinds") or data.get("kind") or "").split(SEPARATOR)
            strength = data.get("strength", data.get("weight"))
            ties += [Tie(str(source), str(target), kind or None, strength, data.get("trust")) for kind in kinds]
        return cls(organisations, ties, graph.is_directed())

    def to_frames(self):
        """Two pandas data frames: organisations, and ties with ids and names at both ends."""
        import pandas as pd

        organisations = pd.DataFrame([asdict(o) for o in self.organisations], columns=["id", "name", "sector", "layer"])
        name = self.name
        rows = [{**asdict(t), "source_name": name(t.source), "target_name": name(t.target)} for t in self.ties]
        columns = ["source", "target", "kind", "strength", "trust", "source_name", "target_name"]
        return organisations, pd.DataFrame(rows, columns=columns)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, as they are kept in the answers."""
        people, ties = (list(map(plain, items)) for items in (self.organisations, self.ties))
        return {"organisations": people, "ties": ties, "directed": self.directed}

    @classmethod
    def from_dict(cls, value: Any) -> Network:
        """The network that `to_dict` was made from; what cannot be read is left out, since files may be anything."""
        kept = mapping(value)
        organisations: dict[str, Organisation] = {}
        for item in mappings(kept.get("organisations")):
            id = word(item.get("id"))
            name = word(item.get("name"))
            if id and name:
                found = Organisation(id, name, word(item.get("sector")), word(item.get("layer")))
                organisations.setdefault(id, found)
        ties = []
        for item in mappings(kept.get("ties")):
            source = word(item.get("source"))
            target = word(item.get("target"))
            if source in organisations and target in organisations:
                strength = figure(item.get("strength"), math.inf)
                trust = int(figure(item.get("trust"), 5) or 0) or None
                kind = word(item.get("kind"))
                ties.append(Tie(str(source), str(target), kind, strength, trust))
        return cls(organisations.values(), ties, kept.get("directed") is True)

    def __repr__(self) -> str:
        shape = "directed" if self.directed else "undirected"
        return f"<Network: {len(self.organisations)} organisations, {len(self.ties)} ties, {shape}>"

    def _repr_html_(self) -> str:
        counted = Counter(id for pair in self.pairs() for id in pair)
        heads = [Message(f"measure.head.{key}") for key in ("id", "organisation", "sector", "ties")]
        rows = [[o.id, o.name, o.sector or "", counted[o.id]] for o in self.organisations[:SHOWN]]
        more = f"<p>… {len(self.organisations)}</p>" if len(self.organisations) > SHOWN else ""
        return f"<p>{escape(repr(self))}</p>{html_table(heads, rows)}{more}"
