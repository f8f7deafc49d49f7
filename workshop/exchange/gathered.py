"""The organisations and ties of one import, before they become a network."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

from workshop.exchange.columns import Table
from workshop.exchange.names import Names
from workshop.exchange.questions import ImportNotes, refuse
from workshop.exchange.sheets import Sheet, clean_name, filled, letter, name_key, words
from workshop.texts import load

LIMIT_TIES = 200_000


@dataclass(slots=True)
class RawTie:
    """A tie while a file is read: indices of organisations, and where it stands."""

    source: int
    target: int
    sheet: Sheet
    row: int
    kind: str | None = None
    strength: float | None = None
    trust: int | None = None
    direction: str | None = None


@dataclass
class RawTable:
    """A table at which organisations meet, while a file is read."""

    name: str
    seats: list[int] = field(default_factory=list)


class Gathered:
    """What is read from all sheets together."""

    def __init__(self, notes: ImportNotes):
        self.notes = notes
        self.names = Names(notes)
        self.ties: list[RawTie] = []
        self.tables: list[RawTable] = []
        self.directions: set[str] = set()
        self.says_from_and_to = False
        self._spelled: dict[str, str] = {}

    def add_tie(self, tie: RawTie) -> None:
        """One more tie; refused where there are too many to draw."""
        if len(self.ties) == LIMIT_TIES:
            raise refuse("fault.too_many_ties", limit=LIMIT_TIES)
        self.ties.append(tie)

    def spelled(self, text: str, known: dict[str, str]) -> str | None:
        """The id of a usual sector or kind, else the text as it was spelled first; None where it is empty."""
        key = name_key(text)
        return known.get(key) or self._spelled.setdefault(key, clean_name(text)) or None

    def check(self, columns: Table) -> None:
        """What is to be said of a sheet as a whole: rows and columns that are not read, formulas without a value."""
        sheet, used = columns.sheet, columns.used
        titled = set(filled(columns.header))
        for row, cells in sheet.rows:
            if row >= columns.row:
                break
            self.notes.spot("title", sheet.place(row))
            if len(filled(cells)) > 1:  # a header in two rows
                titled.update(filled(cells))
        for column in columns.personal:
            self.notes.spot("persons", columns.title(column))
        for row in columns.again:
            self.notes.spot("header_again", sheet.place(row))
        self.remarks(sheet)
        self.notes.unused += [clean_name(columns.header[at]) for at in filled(columns.header) if at not in used]
        if titled:
            self.check_untitled(columns, titled | used)
        for row, column in sorted(sheet.broken):
            if row == columns.row or (row > columns.row and (column in used or not titled)):
                self.notes.fault("formula", place=sheet.place(row, columns.title(column)))

    def remarks(self, sheet: Sheet) -> None:
        """What the format itself had to say of a sheet."""
        for key, text in sheet.remarks:
            self.notes.spot(key, text)
        for row in sheet.hidden:
            self.notes.spot("hidden_rows", sheet.place(row))
        self.notes.unused += sheet.unread

    def check_untitled(self, columns: Table, known: set[int]) -> None:
        """Cells without a header above them: a fault in a text file, where a separator may stand in a name."""
        for row, cells in columns.body:
            stray = next((at for at in filled(cells) if at not in known), None)
            if stray is None:
                continue
            place = columns.sheet.place(row, letter(stray))
            if columns.sheet.strict:
                self.notes.fault("too_wide", place=place)
            else:
                self.notes.spot("no_header", place)


@cache
def sectors() -> dict[str, str]:
    """Id of each usual sector by its id and its names."""
    return {name_key(row[key]): row["id"] for row in load("sectors.csv") for key in ("id", "nl", "en") if row[key]}


def kinds() -> dict[str, str]:
    """Id of each usual kind of tie by what files call it."""
    return words("kinds")
