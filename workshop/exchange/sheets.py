"""What every format is turned into: sheets of cell texts with spreadsheet row numbers, and what their columns are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache

from workshop.domain import network
from workshop.texts import Message, load

clean_name = lru_cache(65536)(network.clean_name)
name_key = lru_cache(65536)(network.name_key)
ENDS = ("source", "target")
NAMES = ("name", "organisation", "label", "id")
DATE = re.compile(
    r"\d{4}-\d\d-\d\d([ T].*)?|\d{1,2}[-/.]\d{1,2}[-/.](\d{2}|\d{4})|\d{1,2}[-/]\d{1,2}"
    r"|(\d{1,2}[-/ ])?(jan|feb|mrt|mar|apr|mei|may|jun|jul|aug|sep|okt|oct|nov|dec)\.?([-/ ]\d{1,4})?",
    re.IGNORECASE,
)
CELL_ERROR = re.compile(r"#(REF!|N/A|N/B|NAAM\?|NAME\?|VALUE!|WAARDE!|VERW!|DIV/0!|DEEL/0!|NUM!|GETAL!|NULL!|LEEG!)")


class Figure(str):
    """The text of a cell that held a number, so that its point can only be a decimal point."""


@dataclass(eq=False)
class Sheet:
    """One table of cells, as texts.

    Rows carry the number that the spreadsheet shows (header = 1, blank rows counted); blank rows are left out. `origin`
    (sheet, file or graph) says how places are named, `point` that a decimal mark is surely a point, `strict` that a
    row wider than the header is a fault, `merged` which cells were merged, `broken` where formulas have no value.
    """

    name: str
    rows: list[tuple[int, list[str]]]
    origin: str = "sheet"
    point: bool = False
    strict: bool = False
    merged: list[str] = field(default_factory=list)
    broken: set[tuple[int, int]] = field(default_factory=set)
    kumu: bool = False
    prefixed: bool = False

    def place(self, row: int, column: str | None = None) -> Message:
        """Where a row or a cell is: ``[blad B, ]rij R[, kolom K]``."""
        if self.origin == "graph":
            return Message("import.place_tie" if self.name == "edges" else "import.place_item", row=row)
        values = {"row": row} if column is None else {"row": row, "column": column}
        place = Message("import.place_row" if column is None else "import.place_cell", **values)
        return Message(f"import.place_{self.origin}", sheet=self.name, place=place) if self.prefixed else place


@cache
def words(group: str) -> dict[str, str]:
    """What the texts of a group mean: ``words("words")["naar"]`` is ``"target"``."""
    found: dict[str, str] = {}
    for meaning, entry in load("texts/import.toml")["import"][group].items():
        for text in "|".join(entry.values()).split("|"):
            found.setdefault(name_key(text), meaning)
        found.setdefault(meaning, meaning)
    return found


def first_word(group: str, meaning: str, language: str) -> str:
    """The word that is written for a meaning."""
    return load("texts/import.toml")["import"][group][meaning][language].split("|")[0]


@cache
def fillers(meaning: str = "filler") -> frozenset[str]:
    """Words that add nothing to a header (`filler`) or to a name (`small`)."""
    return frozenset("|".join(load("texts/import.toml")["import"]["words"][meaning].values()).split("|"))


@cache
def role(header: str) -> str | None:
    """What a column with this header holds: ``"source"``, ``"strength"``, …; None where the header says nothing."""
    meanings = words("words")
    tokens = re.findall(r"[^\W_]+", re.sub(r"\(.*?\)|\[.*?\]", " ", name_key(header)))
    for attempt in (tokens, [token for token in tokens if token not in fillers()]):
        found = meanings.get(" ".join(attempt))
        if found and found not in ("filler", "small"):
            return found
    return None


def letter(column: int) -> str:
    """The letter over a column of a spreadsheet: 0 is A, 26 is AA."""
    shown = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        shown = chr(65 + rest) + shown
    return shown


@dataclass(eq=False)
class Table:
    """A sheet whose columns are known: header, rows below it, column of each role, row of the header."""

    sheet: Sheet
    header: list[str]
    body: list[tuple[int, list[str]]]
    roles: dict[str, int]
    row: int = 0

    @classmethod
    def of(cls, sheet: Sheet) -> Table | None:
        """A sheet with its header, None where it has none; the rows above it hold a title of one cell."""
        best: dict[str, int] = {}
        found = 0
        for index, (_, cells) in enumerate(sheet.rows[:12]):
            known = roles_of(cells)
            if len(known) > len(best) and not known.keys().isdisjoint((*ENDS, *NAMES)):
                best, found = known, index
            if sum(bool(cell.strip()) for cell in cells) > 1:
                break
        if not best:
            return None
        row, header = sheet.rows[found]
        twice = [at for at, cell in enumerate(header) if role(cell) == "organisation"]
        if len(twice) == 2 and best.keys().isdisjoint((*ENDS, "sector")):  # organisation and partner: ties, not a list
            best |= dict(zip(ENDS, twice, strict=True))
            del best["organisation"]
        table = cls(sheet, header, sheet.rows[found + 1 :], best, row)
        if best.keys().isdisjoint(ENDS):  # what organisations are called by Kumu and others
            best.setdefault("sector", best.get("type", best.get("kind", -1)))
        elif "type" in best:  # Gephi's direction, else the kind of tie
            given = [name_key(text) for text in table.texts("type") if text.strip()]
            direction = given and all(text in words("directions") for text in given)
            best.setdefault("direction" if direction else "kind", best["type"])
        if best.get("sector") == -1:
            del best["sector"]
        return table

    def text(self, cells: Sequence[str], role: str) -> str:
        """The cell of a role, "" where there is none."""
        column = self.roles.get(role)
        return cells[column] if column is not None and column < len(cells) else ""

    def texts(self, role: str) -> Iterable[str]:
        """All cells of a role."""
        return (self.text(cells, role) for _, cells in self.body)

    def title(self, column: int) -> str:
        """How a column is called: by its header, else by its letter."""
        name = " ".join(self.header[column].split()) if column < len(self.header) else ""
        return name or letter(column)

    def place(self, row: int, role: str) -> Message:
        """Where the cell of a role is."""
        return self.sheet.place(row, self.title(self.roles[role]))


def roles_of(cells: Sequence[str]) -> dict[str, int]:
    """The column of each role in a header; where a role stands twice, the column that does not hold codes."""
    found: dict[str, int] = {}
    for column, cell in enumerate(cells):
        meaning = role(cell)
        if meaning and (meaning not in found or (holds_codes(cells[found[meaning]]) and not holds_codes(cell))):
            found[meaning] = column
    return found


def holds_codes(header: str) -> bool:
    """Whether a header says that the column holds codes: ``van_id``."""
    return not {"id", "code", "nr", "nummer", "number"}.isdisjoint(re.findall(r"[^\W_]+", name_key(header)))
