"""What every format is turned into: sheets of cell texts, with the row numbers that a spreadsheet shows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property

from workshop.domain.values import clean_name as clean_name
from workshop.domain.values import name_key
from workshop.texts import Message, load

Row = tuple[int, list[str]]
Remark = tuple[str, str | int]
"""The key of a note, with a text or a row."""
SAMPLE = 300
"""So many cells of a column are looked at to see what it holds."""


class Figure(str):
    """The text of a cell that held a number, so that its point can only be a decimal point."""


@dataclass(eq=False)
class Sheet:
    """One sheet of cells, as texts.

    Rows carry the number that the spreadsheet shows (header = 1, blank rows counted); blank rows are left out, and
    blank cells at the end of a row as well: rows are never filled up to the widest. `origin` (sheet, file or graph)
    says how places are named, `point` that a decimal mark is surely a point, `strict` that a cell without a header
    above it is a fault; `broken` holds the formulas without a value, `remarks` what is to be said of it,
    `unread` what the format holds and is not read; `mark` tells questions about several tables apart.
    """

    name: str
    rows: list[Row]
    origin: str = "sheet"
    point: bool = False
    strict: bool = False
    broken: set[tuple[int, int]] = field(default_factory=set)
    remarks: list[Remark] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    kumu: bool = False
    prefixed: bool = False
    mark: str = ""

    def __post_init__(self) -> None:
        """Leave out blank cells at the end of rows."""
        for _, cells in self.rows:
            while cells and not cells[-1].strip():
                cells.pop()

    @property
    def width(self) -> int:
        """How many columns there are."""
        return max((len(cells) for _, cells in self.rows), default=0)

    @cached_property
    def _samples(self) -> dict[int, list[tuple[int, str]]]:
        """The first cells of each column in which something stands, with their rows: made in one pass over all."""
        found: dict[int, list[tuple[int, str]]] = defaultdict(list)
        for row, cells in self.rows:
            for column, text in enumerate(cells):
                if text and len(found[column]) < SAMPLE and text.strip():
                    found[column].append((row, text))
        return found

    def sample(self, column: int, below: int = -1) -> list[str]:
        """What stands in a column below a row: so many cells as tell what the column holds."""
        return [text for row, text in self._samples.get(column, ()) if row > below]

    def place(self, row: int, column: str | None = None) -> Message:
        """Where a row or a cell is: ``[blad B, ]rij R[, kolom K]``."""
        if self.origin == "graph":
            return Message("import.place_tie" if self.name == "edges" else "import.place_item", row=row)
        values = {"row": row} if column is None else {"row": row, "column": column}
        place = Message("import.place_row" if column is None else "import.place_cell", **values)
        return Message(f"import.place_{self.origin}", sheet=self.name, place=place) if self.prefixed else place


def cell(cells: Sequence[str], column: int) -> str:
    """The text in a column of a row; "" beyond its end."""
    return cells[column] if column < len(cells) else ""


def after_blank(rows: Sequence[Row], at: int) -> bool:
    """Whether a blank row stands above this one of the rows."""
    return rows[at][0] > rows[at - 1][0] + 1


def filled(cells: Iterable[str]) -> list[int]:
    """The columns of a row in which something stands."""
    return [column for column, text in enumerate(cells) if text.strip()]


def letter(column: int) -> str:
    """The letter over a column of a spreadsheet: 0 is A, 26 is AA."""
    before, rest = divmod(column, 26)
    return (letter(before - 1) if before else "") + chr(65 + rest)


def vocabulary(group: str) -> dict[str, dict[str, str]]:
    """The words of a group by their meaning, in each language, with "|" between them."""
    if group == "kinds":
        return {kind["id"]: kind["words"] for kind in load("tie_kinds.toml")["kind"]}
    found: dict[str, dict[str, str]] = load("texts/import.toml")["import"][group]
    return found


@cache
def words(group: str) -> dict[str, str]:
    """What the texts of a group mean: ``words("words")["naar"]`` is ``"target"``."""
    found: dict[str, str] = {}
    for meaning, entry in vocabulary(group).items():
        for text in "|".join(entry.values()).split("|"):
            found.setdefault(name_key(text), meaning)
        found.setdefault(meaning, meaning)
    return found
