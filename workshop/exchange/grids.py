"""Finding matrices and rosters: names before the rows and names above the columns.

A roster is what a survey gives: one row for each organisation that answered, one column for each organisation that
could be ticked. A matrix is a roster in which everybody answered.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from workshop.exchange.cells import answer, content, crossed, is_value, other_texts, tokens
from workshop.exchange.columns import Columns, Table
from workshop.exchange.headings import (
    ASIDE,
    ENDS,
    HEADER_WITHIN,
    NAMES,
    NAMES_TOO,
    SIDE,
    asks,
    meaning_of,
    of_header_words,
    parts_of,
    role,
)
from workshop.exchange.sheets import Sheet, cell, clean_name, filled, name_key, words

OPTION = re.compile(r"(.*\S)\s*\[([^\[\]]+)\]\s*|(.*\S)\s+[-–—:>]\s+(\S.*)|(\S*[^/\s]\S*)/([^/]+)", re.DOTALL)
"""How programs for surveys write a question and one of its answers: ``vraag [x]``, ``vraag - x``, ``vraag/x``."""
LONGEST_HEADER = 500
LABELS_WITHIN = 40
"""The names of the rows stand in one of the first so many columns."""


@dataclass(eq=False)
class Grid(Table):
    """A sheet read as a matrix or roster.

    `label` is the column with the names of the rows, None where there is none; `heads` the name above each column that
    is read, and `shared` how many of them stand before rows as well; `questions` the question of a survey above it;
    `roster` whether not all columns need a row; `meetings` whether the columns may be tables at which the organisations
    of the rows meet; `remarks` are columns of free text.
    """

    label: int | None = None
    heads: dict[int, str] = field(default_factory=dict)
    shared: int = 0
    questions: dict[int, str] = field(default_factory=dict)
    roster: bool = False
    meetings: bool = False
    totals: list[int] = field(default_factory=list)
    remarks: list[int] = field(default_factory=list)

    @property
    def used(self) -> set[int]:
        """The columns that are read, or of which something is said; before the names may stand their sectors."""
        label = -1 if self.label is None else self.label
        untitled = {at for at in range(label) if not cell(self.header, at).strip()}
        return {*self.heads, *self.totals, *self.remarks, label} | untitled

    def values(self) -> Iterator[str]:
        """All cells between the names."""
        return (cell(cells, at) for _, cells in self.body for at in self.heads)


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
    first = sheet.rows[:-1][:HEADER_WITHIN]
    tables = [Table(sheet, header, sheet.rows[at + 1 :], row) for at, (row, header) in enumerate(first)]
    above = [[], *(table.header for table in tables)]
    named = [survey(table, above[at], names) or matrix(table, names) for at, table in enumerate(tables)]
    others = (find(table) for find in (without_row_names, meetings) for table in tables if len(table.body) > 1)
    best = max(filter(None, named), key=lambda grid: grid.shared, default=None) or next(filter(None, others), None)
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


def survey(table: Table, above: Sequence[str], names: list[set[str]]) -> Grid | None:
    """A row with questions and answers in it as header of a roster; questions may stand in the row above."""
    options = options_in(table.header)
    apart = not options
    if apart:
        options = options_below(above, table.header)
    options = {at: option for at, option in options.items() if ticked(table.sample(at), option[1])}
    options = {at: option for at, option in options.items() if role(option[0]) != "trust"}
    if len(options) < 2:
        return None
    heads = {at: option for at, (_, option) in options.items()}
    label, shared = best_label(names, heads)
    if label is None and not apart:
        label = respondent(table, heads)
    if label is None or label in heads:
        return None
    grid = Grid(**vars(table), label=label, heads=heads, shared=shared + len(heads), roster=True)
    grid.questions = {at: question for at, (question, _) in options.items()}
    grid.remarks = [at for at in filled(grid.header) if at not in (*heads, label)]
    return grid if any(text.strip() for text in grid.values()) else None


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
    free = other_texts(texts, {name_key(option)})
    return len(free) <= len(texts) / 5 or (len(free) > 1 and len({name_key(text) for text in free}) == 1)


def respondent(table: Table, heads: dict[int, str]) -> int | None:
    """The column that says which organisation answered, where nobody could tick it."""
    free = [at for at in filled(table.header) if at not in heads and table.content(at) == "name"]
    titles = {at: table.header[at].rpartition("/")[2] or table.header[at] for at in free}
    for wanted in ("organisation", "source", "label", "partner", "name"):
        for at, title in titles.items():
            if wanted == meaning_of(title):
                return at
    return None


def matrix(table: Table, names: list[set[str]]) -> Grid | None:
    """A row with names in it as header of a matrix, or of a roster whose header is no more than names."""
    plain = {at: table.header[at] for at in filled(table.header)}
    label, shared = best_label(names, plain)
    if label is None or shared < 2:
        return None
    titled = label in plain
    before = {name_key(cell(cells, label)) for _, cells in table.body}
    sure = {at: text for at, text in plain.items() if name_key(text) in before and at != label}
    if len(sure) < 2 or (titled and 2 * len(sure) < min(len(before), len(plain) - 1)):
        return None
    grid = Grid(**vars(table), label=label, heads=dict(sure), shared=shared)
    for at, text in plain.items():
        if about_row(table, at):
            continue
        if at > label and not beside(text) and not free_text(table.sample(at), before):
            grid.heads[at] = text
        elif at not in (*sure, label) and role(text) not in ("id", "number"):
            grid.remarks.append(at)
    grid.roster = titled and role(table.header[label]) is not None
    return grid if holds_values(grid, list(sure), before, any_words=grid.roster or not titled) else None


def beside(header: str) -> bool:
    """Whether a header is that of something else than a name or a value: an address, a remark, a person."""
    return role(header) in (*ASIDE, "name", "member", "id", "number")


def may_be_name(header: str) -> bool:
    """Whether the word that gives a header its role stands in names as well: Huis van het Kind, De Ring."""
    doubtful = words("in_names").keys() & parts_of(header)
    return bool(doubtful) and role(header) in NAMES_TOO and not of_header_words(header) and not asks(header)


def about_row(table: Table, at: int) -> bool:
    """Whether a column says something of the organisation before its row: its sector, how often; no name above it."""
    header = table.header[at]
    if not may_be_name(header):
        return role(header) in SIDE
    return bool(other_texts(table.sample(at), {name_key(header)}))


def free_text(texts: Sequence[str], names: set[str]) -> bool:
    """Whether a column holds remarks, and neither values nor names."""
    free = other_texts(texts, names)
    return bool(free) and len(free) == len(texts) and any(len(tokens(text)) > 2 for text in free)


def holds_values(grid: Grid, columns: Sequence[int], names: set[str], any_words: bool) -> bool:
    """Whether values stand between the names, and not names: that is a list of ties.

    Below a name that could be ticked, the name itself is a value. With `any_words` other words do, time and again.
    """
    held = []
    others: list[str] = []
    for at in columns[:LABELS_WITHIN]:
        texts = grid.sample(at)
        held += texts
        others += map(name_key, other_texts(texts, {name_key(grid.heads[at])}))
    if 2 * len(others) <= len(held):
        return True
    return any_words and names.isdisjoint(others) and 2 * len(set(others)) <= len(others)


def without_row_names(table: Table) -> Grid | None:
    """Names above the columns of a square of figures, and none before its rows."""
    heads = {at: text for at in filled(table.header) if content(text := table.header[at]) == "name"}
    if len(heads) < 3 or len(heads) != len(table.body):
        return None
    if any(role(text) not in (None, *NAMES_TOO) or about_row(table, at) for at, text in heads.items()):
        return None
    grid = Grid(**vars(table), heads=heads)
    held = [text for text in grid.values() if text.strip()]
    unnamed = all(table.content(at) != "name" for at in (0, *heads))
    return grid if held and unnamed and all(map(is_value, held)) else None


def meetings(table: Table) -> Grid | None:
    """Organisations before the rows, and crosses below something else: the tables at which they meet?"""
    header = table.header
    heads = {at: header[at] for at in filled(header) if crossed(table.sample(at))}
    label = next((at for at in range(table.sheet.width) if at not in heads and table.content(at) == "name"), None)
    if label is None or len(heads) < 2 or {role(header[at]) for at in filled(header)} & set(ENDS):
        return None
    title = cell(header, label)
    columns = Columns.of(table.sheet)
    wide = any(len(filled(cells)) >= len(filled(header)) for row, cells in table.sheet.rows if row < table.row)
    data = role(title) not in NAMES and not heads.keys() >= set(filled(header))
    below = wide and data  # a row of data below the header
    if below or role(title) in (*SIDE, *ASIDE) or (columns and columns.ends and columns.ends.isdisjoint(heads)):
        return None
    free = [at for at in filled(header) if at not in (label, *heads) and role(header[at]) not in (*SIDE, *ASIDE)]
    others = any(table.content(at) == "name" for at in free)
    bare = len(title) == 1 or any(map(answer, heads.values()))  # the first row holds data
    named = any(words("meetings").get(word) for text in heads.values() for word in tokens(text))
    if title.strip() and not named and (meaning_of(title) or others or bare):
        return None
    return Grid(**vars(table), label=label, heads=heads, roster=True, meetings=True)


def set_totals_aside(grid: Grid) -> None:
    """Rows without a name, and columns of totals, are not read."""
    grid.totals = [at for at, text in grid.heads.items() if answer(text) == "total" or holds_sums(grid, at)]
    grid.heads = {at: text for at, text in grid.heads.items() if at not in grid.totals}
    if (label := grid.label) is not None:
        grid.body = [(row, cells) for row, cells in grid.body if cell(cells, label).strip()]


def holds_sums(grid: Grid, at: int) -> bool:
    """Whether a column that is called sum holds sums: SOM is an organisation too, which has a row, or crosses."""
    text = grid.heads[at]
    if answer(text) != "sum" or grid.label is None or grid.content(at) != "number":
        return False
    return all(name_key(cell(cells, grid.label)) != name_key(text) for _, cells in grid.body)
