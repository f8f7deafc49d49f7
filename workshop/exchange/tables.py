"""Which column holds what, by the words above it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache

from workshop.exchange.sheets import Sheet, letter, name_key, noise, words
from workshop.texts import Message

ENDS = ("source", "target")
NAMES = ("name", "organisation", "label", "id")
SIDE = ("strength", "trust", "kind", "type", "direction", "sector", "layer", "lead")
OF_LISTS = (*NAMES, "sector", "layer", "lead")
NUMBERED = re.compile(r"(.*[^\W\d_])[\s_.-]*(\d+|\b[a-h])")
CODES = {"id", "code", "nr", "nummer", "number"}


def tokens(text: str) -> list[str]:
    """The words of a text: letters and figures only."""
    return re.findall(r"[^\W_]+", name_key(text))


@cache
def role(header: str) -> str | None:
    """What a column with this header holds: ``"source"``, ``"strength"``, …; None where the header says nothing."""
    meanings = words("words")
    parts = tokens(re.sub(r"\(.*?\)|\[.*?\]|(?<=[a-z])(?=[A-Z])", " ", header))
    side = [meanings.get(part) for part in parts]
    side_names = {meaning for meaning in side if meaning}
    inner = [at for at, meaning in enumerate(side) if meaning in ENDS and 0 < at < len(parts) - 1]
    core = [part for at, part in enumerate(parts) if part not in noise("header") and at not in inner]
    for attempt in (parts, core):
        if found := meanings.get(" ".join(attempt)):
            return found
    if core:  # "aantal contacten", "werkt samen met", "met welke partner werk je samen"
        target = "target" in side[-1:] or (side[0] == "target" and not side_names.isdisjoint(NAMES))
        return next((meaning for meaning in side if meaning in SIDE), "target" if target else None)
    return next((part for part in ("id", "label", "name", "organisation") if part in side), None)


@cache
def stem(header: str) -> str | None:
    """What is numbered: ``"partner"`` for ``"Partner 2"`` and ``"Partner B"``; None where that is no organisation."""
    found = NUMBERED.fullmatch(name_key(header))
    return found[1] if found and role(found[1]) in ("name", "organisation") else None


def roles_of(cells: Sequence[str]) -> dict[str, int]:
    """The column of each role in a header; where a role stands twice, the plainest, and not the one with codes."""
    found: dict[str, int] = {}
    exact = words("words")
    for column, cell in sorted(
        enumerate(cells), key=lambda item: (name_key(item[1]) not in exact, bool(CODES.intersection(tokens(item[1]))))
    ):
        if meaning := role(cell):
            found.setdefault(meaning, column)
    if not found.keys().isdisjoint(ENDS):
        return found
    named = [column for column, cell in enumerate(cells) if role(cell) == "organisation" or stem(cell)]
    numbered = [column for column in named if stem(cells[column])]
    if len(named) == 2 and ("sector" not in found or len(numbered) == 2):  # organisation and partner: ties, not a list
        found = {key: at for key, at in found.items() if at not in named} | dict(zip(ENDS, named, strict=True))
    elif len(named) > 2 and len(numbered) > 1:
        found["row"] = named[0]  # one organisation and its partners on a row
    return found


@dataclass(eq=False)
class Table:
    """A sheet whose columns are known: header, rows below it, column of each role, row of the header."""

    sheet: Sheet
    header: list[str]
    body: list[tuple[int, list[str]]]
    roles: dict[str, int]
    row: int = 0
    again: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, sheet: Sheet) -> Table | None:
        """A sheet with its header, None where it has none; above the header may stand a title."""
        best: dict[str, int] = {}
        found, wide = 0, False
        for index, (_, cells) in enumerate(sheet.rows[:12]):
            known = roles_of(cells)
            named = known.keys() & {*ENDS, *NAMES, "row"}
            if named and len(known) > max(len(best), wide):
                best, found = known, index
            wide = wide or sum(bool(cell.strip()) for cell in cells) > 1
        row, header = sheet.rows[found]
        body = [(number, cells) for number, cells in sheet.rows[found + 1 :] if cells != header]
        table = cls(sheet, header, body, best, row)
        weak = len({role(cell) for cell in header} - {None}) < 2
        if not best or (weak and table.recurs()):
            return None
        table.again = [number for number, cells in sheet.rows[found + 1 :] if cells == header]
        best.pop("other", None)
        if "id" not in best and len(set(table.texts("number"))) == len(body):
            best.setdefault("id", best.get("number", -1))
        given = {name_key(text) for text in table.texts("type") if text.strip()}
        sort = best.pop("type", best.get("kind", -1))
        if best.keys().isdisjoint(ENDS):  # what organisations are called by Kumu and others
            best.setdefault("sector", sort)
            table.roles = {part: at for part, at in best.items() if at >= 0 and (part in OF_LISTS or part == "row")}
        else:  # Gephi's direction, else the kind of tie
            best.setdefault("direction" if given and given <= words("directions").keys() else "kind", sort)
            table.roles = {part: at for part, at in best.items() if at >= 0}
        return table

    @property
    def mixed(self) -> bool:
        """Whether this holds organisations and ties, each in rows of their own."""
        return self.roles.keys() >= set(ENDS) and bool(self.roles.keys() & {"name", "organisation"})

    def recurs(self) -> bool:
        """Whether the words of the header stand among the names below, so that they are names themselves."""
        named = [at for part, at in self.roles.items() if part in (*ENDS, *NAMES, "row")]
        heads = {stem(self.header[at]) or name_key(self.header[at]) for at in named}
        stems = any(stem(self.header[at]) for at in named)
        others = {at for part, at in self.roles.items() if part in (*SIDE, "other")}
        return any(
            name_key(cell) in heads or (stems and stem(cell) in heads)
            for row, cells in (self.sheet.rows if stems else self.body)
            if row != self.row
            for at, cell in enumerate(cells)
            if at not in others and cell
        )

    def text(self, cells: Sequence[str], part: str) -> str:
        """The cell of a role, "" where there is none."""
        column = self.roles.get(part)
        return "" if column is None else cells[column]

    def texts(self, part: str) -> Iterable[str]:
        """All cells of a role."""
        return (self.text(cells, part) for _, cells in self.body)

    def title(self, column: int) -> str:
        """How a column is called: by its header, else by its letter."""
        name = " ".join(self.header[column].split()) if column < len(self.header) else ""
        return name or letter(column)

    def place(self, row: int, part: str) -> Message:
        """Where the cell of a role is."""
        return self.sheet.place(row, self.title(self.roles[part]))
