"""Network, structure and places as the answers keep them, and back: one tolerant reader for each.

Kept values come from other pages, other versions of the kit and files that people hand in. What cannot be read is left
out, and never stops a page or a report. The kept structure holds ids only; it gets its partners from the network.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from workshop.domain.network import Network
from workshop.domain.structure import Structure
from workshop.domain.values import clean_name, listed, mapping, mappings

MOST_KINDS = 100
FARTHEST = 1e6


@dataclass(frozen=True)
class KeptNetwork:
    """A network, the shipped case that it started from, and the ids that no newcomer may get.

    Parameters
    ----------
    network : Network
    case : str, optional
    removed : frozenset of str
        Ids of organisations that were taken out. Another page may still mean them.
    """

    network: Network = field(default_factory=Network)
    case: str | None = None
    removed: frozenset[str] = frozenset()

    @classmethod
    def from_dict(cls, value: Any) -> KeptNetwork:
        """From what is kept under ``network``."""
        kept = mapping(value)
        case = kept.get("case")
        return cls(
            Network.from_dict(kept.get("network")), case if isinstance(case, str) else None, _ids(kept.get("removed"))
        )

    def to_dict(self) -> dict[str, Any]:
        """What is kept under ``network``."""
        return {"network": self.network.to_dict(), "case": self.case, "removed": sorted(self.removed)}

    def changed(self, network: Network) -> KeptNetwork:
        """What is kept after an edit."""
        removed = _removed(self.removed, self.network.organisations, network.organisations)
        return KeptNetwork(network, self.case, removed)


@dataclass(frozen=True)
class KeptStructure:
    """A structure, and the ids of tables that no new table may get."""

    structure: Structure = field(default_factory=lambda: Structure(()))
    removed: frozenset[str] = frozenset()

    @classmethod
    def from_dict(cls, value: Any, network: KeptNetwork) -> KeptStructure:
        """From what is kept under ``structure``, with the organisations of the network as partners.

        Who is not in the network has no seat; a coordinator who was never in it stays.
        """
        kept = mapping(value)
        return cls(structure_for(network, kept), _ids(kept.get("removed")))

    def to_dict(self) -> dict[str, Any]:
        """What is kept under ``structure``: ids only."""
        return {**self.structure.to_dict(), "removed": sorted(self.removed)}

    def changed(self, structure: Structure) -> KeptStructure:
        """What is kept after an edit."""
        return KeptStructure(structure, _removed(self.removed, self.structure.tables, structure.tables))


def structure_for(network: KeptNetwork, value: Any) -> Structure:
    """A kept structure with the organisations of the network as partners; see `KeptStructure.from_dict`."""
    organisations = network.network.organisations
    here = {item.id for item in organisations}
    structure = Structure.from_dict(value, organisations)
    gone = (network.removed | {structure.lead or ""}) - here  # files may name as lead who is no partner
    return structure.without(*gone)


def mark(structure: Structure) -> str:
    """What tells one structure from another: the table's judgement is kept under it; whoever sat down first is alike.

    A card that is moved away and put back stands at the end of its table.
    """
    tables = tuple(replace(table, seats=tuple(sorted(table.seats))) for table in structure.tables)
    return _digest(replace(structure, tables=tables))


def _digest(structure: Structure) -> str:
    shape = {**structure.to_dict(), "partners": structure.partner_ids}
    return hashlib.sha256(json.dumps(shape, sort_keys=True).encode()).hexdigest()[:12]


def judgement(value: Any, structure: Structure) -> Mapping[str, Any]:
    """What a table thought of this very structure, by pole; empty where not given."""
    given = mapping(value)
    in_order = mapping(given.get(_digest(structure)))  # as marks once were
    return {**in_order, **mapping(given.get(mark(structure)))}


@dataclass(frozen=True)
class Places:
    """Where organisations lie on the map, and which kinds of tie are hidden there.

    Parameters
    ----------
    positions : mapping of str to list of float
        Organisation to x and y.
    hidden_kinds : tuple of str
    """

    positions: Mapping[str, list[float]] = field(default_factory=dict)
    hidden_kinds: tuple[str, ...] = ()

    @classmethod
    def from_dict(cls, value: Any) -> Places:
        """From what is kept under ``map``."""
        kept = mapping(value)
        return cls(positions(kept.get("positions")), hidden_kinds(kept.get("hidden_kinds")))

    def to_dict(self) -> dict[str, Any]:
        """What is kept under ``map``."""
        return {"positions": dict(self.positions), "hidden_kinds": list(self.hidden_kinds)}

    def of(self, network: Network) -> dict[str, list[float]]:
        """The places of those who are in the network."""
        here = {item.id for item in network.organisations}
        return {id: place for id, place in self.positions.items() if id in here}


def positions(value: Any) -> dict[str, list[float]]:
    """Places by organisation, as far as they are places."""
    read = {str(id): position(place) for id, place in mapping(value).items()}
    return {id: spot for id, spot in read.items() if spot}


def position(value: Any) -> list[float] | None:
    """A place on the map; None where it is none."""
    if len(listed(value)) != 2:
        return None
    for number in value:
        if not isinstance(number, (int, float)) or isinstance(number, bool):
            return None
        if not abs(number) <= FARTHEST:  # nor is "no number at all"
            return None
    return [round(float(number), 1) for number in value]


def hidden_kinds(value: Any) -> tuple[str, ...]:
    """Kinds of tie that are hidden on the map."""
    return tuple(str(kind) for kind in listed(value)[:MOST_KINDS])


def variants(value: Any, network: KeptNetwork) -> list[tuple[str, Structure]]:
    """Name and structure of each kept variant."""
    found = []
    for one in mappings(value):
        if isinstance(one.get("name"), str) and clean_name(one["name"]):
            found.append((clean_name(one["name"]), structure_for(network, one.get("structure"))))
    return found


def _removed(known: frozenset[str], before: Iterable[Any], after: Iterable[Any]) -> frozenset[str]:
    """The ids that no newcomer may get, after an edit."""
    return (known | {item.id for item in before}) - {item.id for item in after}


def _ids(value: Any) -> frozenset[str]:
    return frozenset(id for id in listed(value) if isinstance(id, str))
