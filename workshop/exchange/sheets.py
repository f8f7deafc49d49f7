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
    """One table of cells.

    Parameters
    ----------
    name : str
        Name of the sheet, or of the file where it is the only sheet of a file.
    rows : list of (int, list of str)
        Row number as the spreadsheet shows it (header = 1, blank rows counted), and the texts of its cells. Rows
        without any text are left out.
    origin : {"sheet", "file", "graph"}
        How places are named: by sheet, by file, or by counting nodes and edges.
    point : bool
        Whether a single point or comma is surely a point that marks decimals.
    strict : bool
        Whether a row wider than the header is a fault (text files, where a separator may stand in a name).
    merged : list of str
        Ranges of merged cells.
    broken : dict
        (row, column) of formulas without a value.
    kumu : bool
        Whether it belongs to a Kumu workbook.
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


class Table:
    """A sheet whose columns are known.

    Parameters
    ----------
    sheet : Sheet
        Where it comes from.
    header : list of str
        Texts of the header; empty where there is none.
    body : list of (int, list of str)
        The rows below it.
    roles : dict of str to int
        Column of each role.
    """

    def __init__(self, sheet: Sheet, header: list[str], body: list[tuple[int, list[str]]], roles: dict[str, int]):
        self.sheet = sheet
        self.header = header
        self.body = body
        self.roles = roles

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
        meaning = role(cell) if cell else None
        if meaning is None:
            continue
        known = found.get(meaning)
        if known is None or (holds_codes(cells[known]) and not holds_codes(cell)):
            found[meaning] = column
    return found


def holds_codes(header: str) -> bool:
    """Whether a header says that the column holds ids: ``van_id``, ``code``, ``Source`` (as Gephi calls it)."""
    tokens = set(re.findall(r"[^\W_]+", name_key(header)))
    return bool(tokens & {"id", "code", "nr", "nummer", "number", "source", "target"})


def find_header(sheet: Sheet) -> int | None:
    """Index of the header among the rows; rows above it hold a title of one cell."""
    best, found = 0, None
    for index, (_, cells) in enumerate(sheet.rows[:12]):
        known = roles_of(cells)
        usable = any(end in known for end in ENDS) or any(name in known for name in NAMES)
        if usable and len(known) > best:
            best, found = len(known), index
        if sum(bool(cell.strip()) for cell in cells) > 1:
            break
    return found


def is_figure(text: str) -> bool:
    """Whether a cell of a matrix says how strong a tie is, or that there is none."""
    compact = text.strip()
    return (
        not compact or compact in "-–—./" or words("yes").get(name_key(compact)) == "yes" or number(compact) is not None
    )


def number(text: str, mark: str | None = None) -> float | None:
    """A number as people and programs write it, None where it is not one.

    Parameters
    ----------
    text : str
        Such as ``"1.250,5"``, ``"0,75"``, ``"1 000"``.
    mark : {",", "."}, optional
        What marks decimals where the text alone does not say so.
    """
    return float(text) if isinstance(text, Figure) else _number(text, mark)


@lru_cache(4096)
def _number(text: str, mark: str | None) -> float | None:
    plain = re.sub(r"(?<=\d)[\s'’](?=\d{3}(?!\d))", "", text.strip().replace("−", "-"))
    for group, decimal in (".,", ",."):
        grouped = re.fullmatch(rf"[+-]?\d{{1,3}}(\{group}\d{{3}})+(\{decimal}\d+)?", plain)
        if grouped and (mark == decimal or decimal in plain or plain.count(group) > 1):
            plain = plain.replace(group, "").replace(decimal, ".")
            break
    else:
        plain = plain.replace(",", ".")
    if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?", plain, re.IGNORECASE | re.ASCII):
        return None
    value = float(plain)
    return value if abs(value) < float("inf") else None


def doubtful(text: str) -> bool:
    """Whether a text may be a thousand or a fraction: ``"1.250"``."""
    return not isinstance(text, Figure) and bool(re.fullmatch(r"[+-]?[1-9]\d{0,2}[.,]\d{3}", text.strip()))


def decimal_mark(texts: Iterable[str]) -> str | None:
    """What marks decimals in a column, where its texts leave no doubt."""
    marks = set()
    for text in texts:
        if ("," in text or "." in text) and not doubtful(text) and number(text) is not None:
            last = max(text.rfind(","), text.rfind("."))
            marks.add(text[last] if text.count(text[last]) == 1 else ".,"[text[last] == "."])
    return marks.pop() if len(marks) == 1 else None
