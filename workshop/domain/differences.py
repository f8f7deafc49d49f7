"""Where two structures of one network differ: who came, who went, and at which table."""

from __future__ import annotations

from dataclasses import dataclass

from workshop.domain.network import name_key
from workshop.domain.structure import Structure, Table

PARTS = ("lead", "coordinator")


@dataclass(frozen=True)
class Place:
    """A part or a table in two structures.

    Parameters
    ----------
    was, now : str or None
        Its id in either structure: ``"lead"``, ``"coordinator"`` or that of a table. None where it is not there.
    before, after : tuple of str
        Who stands there.
    renamed : bool
        Whether the table has another theme now.
    """

    was: str | None
    now: str | None
    before: tuple[str, ...]
    after: tuple[str, ...]
    renamed: bool = False

    @property
    def came(self) -> tuple[str, ...]:
        """Who stands there now, and did not before."""
        return tuple(id for id in self.after if id not in self.before)

    @property
    def went(self) -> tuple[str, ...]:
        """Who stood there before, and does not now."""
        return tuple(id for id in self.before if id not in self.after)

    @property
    def differs(self) -> bool:
        """Whether anything is different here."""
        return self.was is None or self.now is None or self.renamed or bool(self.came or self.went)


def compared(before: Structure, after: Structure) -> list[Place]:
    """All places of two structures, those that only the first one has at the end.

    A table is the same one where its id is, else where its kind and theme are.
    """
    places = []
    for part in PARTS:
        then, now = getattr(before, part), getattr(after, part)
        places.append(Place(part, part, (then,) if then else (), (now,) if now else ()))
    ids = {table.id for table in after.tables}
    left = {table.id: table for table in before.tables}
    alike = {_kind(table): table.id for table in before.tables if table.id not in ids}
    for table in after.tables:
        same = left.pop(table.id if table.id in left else alike.pop(_kind(table), ""), None)
        if same is None:
            places.append(Place(None, table.id, (), table.seats))
        else:
            places.append(Place(same.id, table.id, same.seats, table.seats, _kind(same) != _kind(table)))
    return places + [Place(table.id, None, table.seats, ()) for table in left.values()]


def _kind(table: Table) -> tuple[str, str]:
    return table.kind, name_key(table.theme or "")
