"""Finding matrices and rosters: names before the rows and names above the columns.

A roster is what a survey gives: one row for each organisation that answered, one column for each organisation that
could be ticked. A matrix is a roster in which everybody answered.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from workshop.exchange.cells import answer, column_content, content, crossed, how_often, tokens
from workshop.exchange.columns import Columns
from workshop.exchange.headings import ASIDE, ENDS, HEADER_WITHIN, SIDE, meaning_of, role
from workshop.exchange.sheets import Row, Sheet, cell, clean_name, filled, letter, name_key, words
from workshop.texts import Message

OPTION = re.compile(r"(.*\S)\s*\[([^\[\]]+)\]\s*|(.*\S)\s+[-–—:>]\s+(\S.*)|(\S*[^/\s]\S*)/([^/]+)", re.DOTALL)
"""How programs for surveys write a question and one of its answers: ``vraag [x]``, ``vraag - x``, ``vraag/x``."""
LONGEST_HEADER = 500
LABELS_WITHIN = 40
"""The names of the rows stand in one of the first so many columns."""


@dataclass(eq=False)
class Grid:
    """A sheet read as a matrix or roster.

    `label` is the column with the names of the rows, None where there is none; `heads` the name above each column that
    is read; `questions` the question of a survey above it; `roster` whether not all columns need a row; `meetings`
    whether the columns may be tables at which the organisations of the rows meet; `remarks` are columns of free text.
    """

    sheet: Sheet
    row: int
    header: list[str]
    body: list[Row]
    label: int | None
    heads: dict[int, str]
    questions: dict[int, str] = field(default_factory=dict)
    roster: bool = False
    meetings: bool = False
    totals: list[int] = field(default_factory=list)
    remarks: list[int] = field(default_factory=list)

    def values(self) -> Iterator[str]:
        """All cells between the names."""
        return (cells[at] for _, cells in self.body for at in self.heads if at < len(cells))

    def title(self, column: int) -> str:
        """How a column is called: by its header, else by its letter."""
        return " ".join(cell(self.header, column).split()) or letter(column)

    def place(self, row: int, column: int) -> Message:
        """Where a cell between the names is."""
        return self.sheet.place(row, self.title(column))

    def as_columns(self) -> Columns:
        """The same as columns, to be checked for what is not read."""
        used = {f"{at}": at for at in (*self.heads, *self.totals, *self.remarks)}
        if self.label is not None:  # before the names may stand what they have in common: their sectors
            used |= {f"{at}": at for at in range(self.label + 1) if not cell(self.header, at).strip()}
            used["label"] = self.label
        return Columns(self.sheet, self.header, self.body, used, self.row)


def option_of(header: str) -> tuple[str, str] | None:
    """The question and the answer that a header holds; None where it is not of that kind."""
    found = OPTION.fullmatch(header.strip()[:LONGEST_HEADER])
    if not found:
        return None
    question, option = [part for part in found.groups() if part is not None]
    return clean_name(question), option.strip()


def find_grid(sheet: Sheet) -> Grid | None:
    """The sheet as a matrix or roster; None where it is a list."""
    if sheet.origin == "graph" or len(sheet.rows) < 2:
        return None
    names = names_by_column(sheet)
    best: Grid | None = None
    most = 0
    for index in range(min(HEADER_WITHIN, len(sheet.rows) - 1)):
        grid, shared = survey(sheet, index, names) or matrix(sheet, index, names) or (None, 0)
        if grid is not None and shared > most:
            best = grid
            most = shared
    best = best or without_row_names(sheet) or meetings(sheet)
    if best is not None:
        set_totals_aside(best)
    return best


def names_by_column(sheet: Sheet) -> list[set[str]]:
    """The texts in each of the first columns, as they are compared."""
    found: list[set[str]] = [set() for _ in range(min(sheet.width, LABELS_WITHIN))]
    for _, cells in sheet.rows:
        for texts, text in zip(found, cells, strict=False):
            texts.add(name_key(text))
    return found


def best_label(names: list[set[str]], heads: dict[int, str]) -> tuple[int | None, int]:
    """The column in which most of the names above other columns stand, and how many they are.

    Numbers only count as names, codes of a list, in the column before a row of nothing but numbers.
    """
    best: int | None = None
    most = 0
    called = {name_key(text) for text in heads.values() if content(text) == "name"}
    codes = {name_key(text) for text in heads.values() if content(text) == "number"}
    for at, texts in enumerate(names):
        above = codes if not called and at == min(heads) - 1 else called
        shared = len((texts & above) - {name_key(heads.get(at, ""))})
        if shared > most:
            best = at
            most = shared
    return best, most


def survey(sheet: Sheet, index: int, names: list[set[str]]) -> tuple[Grid, int] | None:
    """A row with questions and answers in it as header of a roster."""
    row, header = sheet.rows[index]
    body = sheet.rows[index + 1 :]
    options = options_in(header)
    apart = not options and index > 0
    if apart:
        options = options_below(sheet.rows[index - 1][1], header)
    options = {at: option for at, option in options.items() if ticked(sheet.sample(at, row), option[1])}
    options = {at: option for at, option in options.items() if role(option[0]) != "trust"}
    if len(options) < 2:
        return None
    heads = {at: option for at, (_, option) in options.items()}
    label, shared = best_label(names, heads)
    if label is None and not apart:
        label = respondent(sheet, row, header, heads)
    if label is None or label in heads:
        return None
    questions = {at: question for at, (question, _) in options.items()}
    remarks = [at for at in filled(header) if at not in (*heads, label)]
    grid = Grid(sheet, row, header, body, label, heads, questions, roster=True, remarks=remarks)
    return (grid, shared + len(heads)) if any(text.strip() for text in grid.values()) else None


def options_in(header: Sequence[str]) -> dict[int, tuple[str, str]]:
    """The columns whose header holds a question and one of its answers: at least two of the same question."""
    found = {at: option for at in filled(header) if (option := option_of(header[at]))}
    times = Counter(question for question, _ in found.values())
    return {at: option for at, option in found.items() if times[option[0]] > 1}


def options_below(above: Sequence[str], header: Sequence[str]) -> dict[int, tuple[str, str]]:
    """A question in one row and its answers in the row below; only where an answer stands below several questions.

    Else the row below is a header by itself, and what stands above it a title.
    """
    found: dict[int, tuple[str, str]] = {}
    question = ""
    for at in filled(header):
        if cell(above, at).strip():
            question = clean_name(above[at])
        if question and not is_value(header[at]):
            found[at] = (question, header[at])
    asked = Counter(question for question, _ in found.values())
    times = Counter(name_key(option) for question, option in found.values() if asked[question] > 1)
    return {at: option for at, option in found.items() if times[name_key(option[1])] > 1}


def ticked(texts: Sequence[str], option: str) -> bool:
    """Whether the cells below an answer say that it was ticked, or how often; not free text."""
    key = name_key(option)
    free = [text for text in texts if name_key(text) != key and not is_value(text)]
    return len(free) <= len(texts) / 5 or (len(free) > 1 and len({name_key(text) for text in free}) == 1)


def respondent(sheet: Sheet, row: int, header: Sequence[str], heads: dict[int, str]) -> int | None:
    """The column that says which organisation answered, where nobody could tick it."""
    free = [at for at in filled(header) if at not in heads and column_content(sheet.sample(at, row)) == "name"]
    titles = {at: header[at].rpartition("/")[2] or header[at] for at in free}
    for wanted in ("organisation", "source", "label", "partner", "name"):
        for at, title in titles.items():
            if wanted == meaning_of(title):
                return at
    return None


def matrix(sheet: Sheet, index: int, names: list[set[str]]) -> tuple[Grid, int] | None:
    """A row with names in it as header of a matrix, or of a roster whose header is no more than names."""
    row, header = sheet.rows[index]
    above = filled(header)
    plain = {at: header[at] for at in above}
    label, shared = best_label(names, plain)
    if label is None or shared < 2:
        return None
    titled = label in plain
    body = sheet.rows[index + 1 :]
    before = {name_key(cell(cells, label)) for _, cells in body}
    heads = {at: text for at, text in plain.items() if name_key(text) in before and at != label}
    if len(heads) < 2 or (titled and 2 * len(heads) < min(len(before), len(above) - 1)):
        return None
    for at, text in plain.items():
        values = not beside(text) and not free_text(sheet.sample(at, row), before)
        if at > label and at not in heads and role(text) not in SIDE and values:
            heads[at] = text
    remarks = [
        at for at, text in plain.items() if at not in (*heads, label) and role(text) not in (*SIDE, "id", "number")
    ]
    roster = titled and role(header[label]) is not None
    grid = Grid(sheet, row, header, body, label, heads, roster=roster, remarks=remarks)
    sure = [at for at, text in heads.items() if name_key(text) in before]
    return (grid, shared) if holds_values(grid, sure, before, any_words=roster or not titled) else None


def beside(header: str) -> bool:
    """Whether a header is that of something else than a name or a value: an address, a remark, a person."""
    return role(header) in (*ASIDE, "name", "member", "id", "number")


def free_text(texts: Sequence[str], names: set[str]) -> bool:
    """Whether a column holds remarks, and neither values nor names."""
    free = [text for text in texts if not is_value(text) and name_key(text) not in names]
    return bool(free) and len(free) == len(texts) and any(len(tokens(text)) > 2 for text in free)


def holds_values(grid: Grid, columns: Sequence[int], names: set[str], any_words: bool) -> bool:
    """Whether values stand between the names, and not names: that is a list of ties.

    Below a name that could be ticked, the name itself is a value. With `any_words` other words do, time and again.
    """
    held = []
    others = []
    for at in columns[:LABELS_WITHIN]:
        texts = grid.sheet.sample(at, grid.row)
        own = name_key(grid.heads[at])
        held += texts
        others += [name_key(text) for text in texts if not is_value(text) and name_key(text) != own]
    if 2 * len(others) <= len(held):
        return True
    return any_words and names.isdisjoint(others) and 2 * len(set(others)) <= len(others)


def is_value(text: str) -> bool:
    """Whether a cell may stand in a matrix."""
    return content(text) != "name" or answer(text) is not None or how_often(text)


def without_row_names(sheet: Sheet) -> Grid | None:
    """Names above the columns of a square of figures, and none before its rows."""
    for index in range(min(HEADER_WITHIN, len(sheet.rows) - 2)):
        row, header = sheet.rows[index]
        body = sheet.rows[index + 1 :]
        heads = {at: text for at in filled(header) if content(text := header[at]) == "name"}
        if len(heads) < 3 or len(heads) != len(body) or not {role(text) for text in heads.values()} <= {None}:
            continue
        grid = Grid(sheet, row, header, body, None, heads)
        held = [text for text in grid.values() if text.strip()]
        unnamed = all(column_content(sheet.sample(at, row)) != "name" for at in (0, *heads))
        if held and unnamed and all(map(is_value, held)):
            return grid
    return None


def meetings(sheet: Sheet) -> Grid | None:
    """Organisations before the rows, and crosses below something else: the tables at which they meet?"""
    for index in range(min(HEADER_WITHIN, len(sheet.rows) - 2)):
        row, header = sheet.rows[index]
        body = sheet.rows[index + 1 :]
        heads = {at: header[at] for at in filled(header) if crossed(sheet.sample(at, row))}
        if len(heads) < 2 or {role(header[at]) for at in filled(header)} & set(ENDS):
            continue
        texts = [at for at in range(sheet.width) if at not in heads and column_content(sheet.sample(at, row)) == "name"]
        if not texts or role(cell(header, texts[0])) in (*SIDE, *ASIDE):
            continue
        label = texts[0]
        named = any(words("meetings").get(word) for text in heads.values() for word in tokens(text))
        if named or not cell(header, label).strip():
            return Grid(sheet, row, header, body, label, heads, roster=True, meetings=True)
    return None


def set_totals_aside(grid: Grid) -> None:
    """Rows without a name, and columns of totals, are not read."""
    grid.totals = [at for at, text in grid.heads.items() if answer(text) == "total"]
    grid.heads = {at: text for at, text in grid.heads.items() if at not in grid.totals}
    if grid.label is not None:
        label = grid.label
        grid.body = [(row, cells) for row, cells in grid.body if cell(cells, label).strip()]
