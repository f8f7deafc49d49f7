"""Choices in a table: of the table, or of each seat alone, with the spread of what they chose from five people on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from workshop.domain.questions import RegisterEntry
from workshop.dots import drawing_of
from workshop.session import Session
from workshop.widgets.base import View
from workshop.widgets.grid import Grid
from workshop.widgets.spread import Spread

Rows = Iterable[RegisterEntry] | Mapping[str, RegisterEntry]
Note = Callable[[RegisterEntry, Any], str]


class Choices(View):
    """Questions whose options stand in the same columns, a row each.

    Parameters
    ----------
    session : Session
    entries : iterable or mapping of RegisterEntry
        A mapping says which row each has, where several rows share an item; else the row is the item.
    person : bool, default False
        Whether who sits at the keyboard answers, alone; else it is the table's answer.
    spread : bool, default True
        Whether the spread of what seats answered stands below.
    note : callable, optional
        Takes a question and what is kept (None: nothing), and gives what stands below its row.
    **look
        ``caption`` and ``empty`` of the `Grid`.
    """

    def __init__(
        self,
        session: Session,
        entries: Rows,
        *,
        person: bool = False,
        spread: bool = True,
        note: Note | None = None,
        **look: Any,
    ):
        super().__init__(session)
        self.person = person
        self.note = note
        self.seen = Spread(session) if person and spread else None
        self.grid = Grid(session, **look)
        self.children = [self.grid, self.seen] if self.seen else [self.grid]
        self.hear(self.fill, "seat", items=lambda: tuple(entry.id for entry in self.entries.values()))
        self.ask(entries)

    def ask(self, entries: Rows) -> None:
        """Ask these questions from now on."""
        self.entries = dict(entries) if isinstance(entries, Mapping) else {entry.id: entry for entry in entries}
        if self.entries:
            first = next(iter(self.entries.values()))
            self.grid.columns = [
                {"id": o.column, "label": o.heading, "type": "radio", "picture": drawing_of(first, o), "about": o.about}
                for o in first.options_for(self.person)
            ]
        self.fill()

    def fill(self) -> None:
        """Show what is kept."""
        self.grid.rows = [self._row(row, entry) for row, entry in self.entries.items()]
        if self.seen:
            self.seen.show(self.entries.values())

    def kept(self, _row: str, entry: RegisterEntry) -> Any:
        """The answer of the table, or of who sits at the keyboard."""
        if self.person and self.session.seat is None:
            return None
        return self.session.store.get(entry.id, self.session.seat if self.person else None)

    def kept_as(self, _row: str, entry: RegisterEntry) -> dict[str, Any]:
        """What a choice in this row is, for the `Grid`: whose answer, and on which version of it."""
        seat = self.session.seat if self.person else None
        return {"item": entry.id, "person": seat, "version": self.session.store.version(entry.id, seat)}

    def _row(self, row: str, entry: RegisterEntry) -> dict[str, Any]:
        options = entry.options_for(self.person)
        kept = self.kept(row, entry)
        shown: dict[str, Any] = {
            "id": row,
            "label": entry.text,
            "choice": next((option.column for option in options if option.id == kept), None),
            "texts": {option.column: option.text for option in options if option.text != option.heading},
            "values": {option.column: option.id for option in options},
            **self.kept_as(row, entry),
        }
        told = {"hint": entry.hint, "note": self.note(entry, kept) if self.note else ""}
        return shown | {key: text for key, text in told.items() if text}
