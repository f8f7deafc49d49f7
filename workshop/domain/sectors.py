"""Sectors: the usual ones of a Flemish GBO, and their names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from workshop import texts

POVERTY = "poverty-association"


def usual_sectors() -> tuple[str, ...]:
    """Ids of the sectors that usually take part, in the order of ``data/sectors.csv``."""
    return tuple(row["id"] for row in texts.load("sectors.csv") if row["usual"] == "yes")


def missing_sectors(present: Iterable[str]) -> tuple[str, ...]:
    """Usual sectors that are not among those present; none where the group uses words of its own only."""
    found = set(present)
    if found.isdisjoint(row["id"] for row in texts.load("sectors.csv")):
        return ()
    return tuple(id for id in usual_sectors() if id not in found)


@dataclass(frozen=True)
class SectorName:
    """A sector in a sentence: ``str()`` is its name in the language in force, or the group's own word."""

    id: str

    def __str__(self) -> str:
        return texts.pick(next((row for row in texts.load("sectors.csv") if row["id"] == self.id), self.id))
