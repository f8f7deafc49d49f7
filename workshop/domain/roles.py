"""The coordinator's three roles, and the table that sets network factors beside them.

No role is computed or recommended here: the rows of the table are separate findings, not votes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from workshop.domain.governance import table
from workshop.domain.network import Network
from workshop.domain.questions import about
from workshop.texts import Message, either

ROLES = ("facilitator", "co-producer", "commissioner")


@dataclass(frozen=True)
class FactorRow:
    """One row of the factor table: where a factor stands like this, these roles are named beside it.

    Parameters
    ----------
    factor : {"commitment", "consensus", "history"}
        Id of the factor.
    level : str
        ``high`` or ``low``; ``easy`` or ``hard``; ``positive`` or ``negative``.
    roles : tuple of str
        Ids of one or two roles, as the slides name them.
    source : str
        Id of the source.
    label, level_label : str
        Names of the factor and of the level, in the language in force.
    """

    factor: str
    level: str
    roles: tuple[str, ...]
    source: str
    label: str
    level_label: str

    @property
    def role_labels(self) -> str:
        """Names of the roles, "or" between them."""
        return either(Message(f"role.{role}") for role in self.roles)

    @property
    def sentence(self) -> Message:
        """What the row says."""
        return Message("factor.row", factor=self.label, level=self.level_label, roles=self.role_labels)


def roles() -> dict[str, Any]:
    """The three roles on their five dimensions, in the language in force.

    ``role``: ``id``, ``name``, ``short``, one text for each dimension, ``own`` (dimensions where the words are the
    kit's own reading); ``dimension``: ``id``, ``label``; texts ``line``, ``about``, ``task_or_role``, ``no_ideal``.
    """
    return table("roles.toml")


def factor_table() -> tuple[FactorRow, ...]:
    """The six rows of the seed, in its order: what ``data/questions/factors.toml`` says of each level."""
    rows = []
    for factor in about("factors")["row"]:
        for level in factor["option"]:
            roles = tuple(level["roles"])
            rows.append(FactorRow(factor["id"], level["id"], roles, level["source"], factor["text"], level["text"]))
    return tuple(rows)


def rows_for(standing: Mapping[str, str | None]) -> tuple[FactorRow, ...]:
    """The rows that apply where the factors stand like this; a level that is None, unknown or left out has no row."""
    return tuple(row for row in factor_table() if standing.get(row.factor) == row.level)


def pull_apart(rows: Iterable[FactorRow]) -> bool:
    """Whether no role stands in all of the rows; False for fewer than two rows."""
    named = [set(row.roles) for row in rows]
    return len(named) > 1 and not set.intersection(*named)


def partners_at(network: Network, kept: Callable[[str], Any], factor: str = "") -> list[Message]:
    """Each row of the table (of one factor) at which partners stand, and which; `kept` gives the answer to an item."""
    told = []
    for row in factor_table():
        if factor not in ("", row.factor):
            continue
        item = f"factor.{row.factor}.partner."
        names = [o.name for o in network.organisations if kept(item + o.id) == row.level]
        if names:
            told.append(Message("factors.partners_at", names=names, says=row.sentence))
    return told
