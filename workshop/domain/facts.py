"""What the measures of one network share, each counted once; and the form in which a measure is given."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from workshop.domain import paths
from workshop.domain.network import Network, Tie, name_key
from workshop.texts import Message

TRUSTED = 4  # trust from here on counts as much trust


@dataclass(frozen=True)
class Measure:
    """One measure of one network.

    Parameters
    ----------
    name : str
        One of `NAMES`.
    value : int or float or None
        None where it cannot be computed; `message` then says why.
    range : tuple of float
        Lowest and highest value that a network of this size may have.
    message : Message
        A sentence with counts.
    items : tuple of str
        The sectors or organisations (ids) that it is about.
    details : mapping
        Counts behind the value, other definitions of it, the maximum used.
    """

    name: str
    value: float | None
    range: tuple[float, float]
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


def found(
    text: str,
    value: float,
    high: float = 1,
    low: float = 0,
    items: Iterable[str] = (),
    details: Mapping[str, Any] | None = None,
    **values: Any,
) -> Measure:
    """A measure that could be computed; `text` is its name and the form of its sentence, details fill it as well."""
    filled = {"value": value, "percent": round(100 * value), **(details or {}), **values}
    message = Message(f"measure.{text}", **filled)
    return Measure(text.split(".")[0], value, (low, high), message, tuple(items), details or {})


def none(name: str, why: str, high: float = 1, low: float = 0) -> Measure:
    """A measure that could not be computed, and why."""
    return Measure(name, None, (low, high), Message("measure.none", why=Message(f"measure.why.{why}")))


def pair_of(tie: Tie) -> paths.Arc:
    """The ends of a tie, the same for both directions."""
    return (tie.source, tie.target) if tie.source < tie.target else (tie.target, tie.source)


class Facts:
    """What is counted in a network; with a kind, in the ties of that kind."""

    def __init__(self, network: Network, kind: str | None):
        self.kind, self.directed = kind, network.directed
        self.ids = [item.id for item in network.organisations]
        self.n = len(self.ids)
        self.ties = [tie for tie in network.ties if kind is None or tie.kind == kind]
        self.organisations = network.organisations
        self.form = "directed" if self.directed else "text"

    @cached_property
    def pairs(self) -> tuple[paths.Arc, ...]:
        """Pairs that have a tie, each once, whatever the direction."""
        return tuple(dict.fromkeys(pair_of(tie) for tie in self.ties))

    @cached_property
    def lines(self) -> tuple[paths.Arc, ...]:
        """Arcs where directed, else pairs."""
        return tuple(dict.fromkeys((tie.source, tie.target) for tie in self.ties)) if self.directed else self.pairs

    @cached_property
    def possible(self) -> int:
        """How many ties there could be."""
        return self.n * (self.n - 1) // (1 if self.directed else 2)

    @cached_property
    def neighbours(self) -> dict[str, list[str]]:
        """Who is tied to each organisation, direction set aside."""
        found: dict[str, list[str]] = {id: [] for id in self.ids}
        for a, b in self.pairs:
            found[a].append(b)
            found[b].append(a)
        return found

    @cached_property
    def parts(self) -> list[list[str]]:
        """Parts that hang together, direction set aside."""
        return paths.parts(self.neighbours)

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
    def mutual(self) -> int:
        """Pairs with an arc in both directions."""
        return len(self.lines) - len(self.pairs)

    @cached_property
    def trusted(self) -> tuple[paths.Arc, ...] | None:
        """Pairs with much trust; None where no tie says how much trust there is."""
        if all(tie.trust is None for tie in self.ties):
            return None
        return tuple(dict.fromkeys(pair_of(tie) for tie in self.ties if (tie.trust or 0) >= TRUSTED))
