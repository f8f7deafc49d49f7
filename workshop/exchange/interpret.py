"""From sheets to organisations and ties: which sheet holds what."""

from __future__ import annotations

import re
from dataclasses import replace
from math import isclose

from workshop.exchange.bare import read_adjacency, read_bare
from workshop.exchange.cells import CODE, answer, content
from workshop.exchange.columns import Columns
from workshop.exchange.ends import apart_in_cells
from workshop.exchange.gathered import Gathered, name_words
from workshop.exchange.grids import Grid, find_grid
from workshop.exchange.headings import ENDS, NAMES, PERSONAL, columns_by_role, heads_names, is_header, same_texts
from workshop.exchange.joined import find_joined
from workshop.exchange.lists import grouped_at, read_list, read_ties, split_names
from workshop.exchange.matrix import read_grid
from workshop.exchange.numbers import number
from workshop.exchange.questions import ImportNotes
from workshop.exchange.sheets import Row, Sheet, after_blank, cell, clean_name, filled, name_key, words

COMMENT = re.compile(r"#([\s!/]|$)|//|%\s")
MOST_COLUMNS = 60
"""Lists beside each other have no more columns together."""


def interpret(sheets: list[Sheet], notes: ImportNotes, name: str) -> Gathered:
    """Read all sheets that are not blank: lists of organisations first, so that ties can refer to them."""
    read = Gathered(notes)
    several = len(sheets) > 1
    sheets = [part for sheet in sheets for part in parts_of(replace(sheet, prefixed=several), notes)]
    if len(sheets) > 1:
        for mark, sheet in enumerate(sheets, start=1):
            sheet.mark = str(mark)
    grids = {sheet: grid for sheet in sheets if (grid := find_grid(sheet))}
    known = {sheet: columns for sheet in sheets if sheet not in grids and (columns := Columns.of(sheet))}
    ties = {sheet: columns for sheet, columns in known.items() if columns.ties}
    tied = tied_names(ties, grids)
    wanted = [columns for columns in known.values() if columns.ties or is_wanted(columns, tied, notes)]
    grouped = {columns: at for columns in wanted if not columns.ties and (at := grouped_at(columns)) is not None}
    for columns in wanted:
        if columns in grouped:
            continue
        if "row" in columns.roles:
            read.check(columns)
            read_adjacency(read, columns.sheet, columns.row_and_partners())
        elif not columns.ties or columns.mixed:
            read_list(read, columns)
    sort = kinds_by_sheet(ties, grids, notes)
    heads = {name_key(text) for grid in grids.values() for text in grid.heads.values()}
    ends = [text for columns in (*ties.values(), *grouped) for text in columns.names()]
    joined = find_joined(ends, heads | read.by_name.keys(), notes)
    for columns, at in grouped.items():
        split_names(columns, at, joined)
        read_list(read, columns)
    for sheet, columns in ties.items():
        read.says_from_and_to = read.says_from_and_to or columns_by_role(columns.header).keys() >= set(ENDS)
        read_ties(read, columns, sort.get(sheet), joined)
    for sheet, grid in grids.items():
        read_grid(read, grid, sort.get(sheet))
    for sheet in sheets:
        if sheet in known or sheet in grids:
            continue
        if not (known or grids) or names_many(sheet, read):
            read_bare(read, sheet, name)
        else:
            notes.spot("not_read", sheet.name)
    return read


def tied_names(ties: dict[Sheet, Columns], grids: dict[Sheet, Grid]) -> set[str]:
    """The names at the ends of ties and around matrices, as they are compared; of several in a cell each one."""
    texts = [text for columns in ties.values() for text in columns.names()]
    for grid in grids.values():
        texts += grid.heads.values()
        texts += [cell(cells, grid.label) for _, cells in grid.body if grid.label is not None]
    return {name_key(part) for text in texts for part in (text, *re.split("[;,|\n]", text))} - {""}


def is_wanted(columns: Columns, tied: set[str], notes: ImportNotes) -> bool:
    """Whether a list is one of organisations; asked where none has a tie, and it may explain codes or name persons."""
    part = next((part for part in NAMES if part in columns.roles), None)
    named = {name_key(text).removesuffix(".0") for name in NAMES for text in columns.texts(name)}
    if not tied or part not in (*PERSONAL, "id") or not named.isdisjoint(tied) or columns.sheet.origin == "graph":
        return True
    begins = {name_words(name)[:1] for name in tied} - {()}
    known = sum(name_words(name)[:1] in begins for name in named)  # OCMW Geel, where OCMW has a tie
    if part in PERSONAL and 2 * known >= len(named):
        return True
    default = "list_yes" if part == "name" else "list_no"
    title = columns.title(columns.roles[part])
    if notes.ask("list", ("list_yes", "list_no"), default, about=columns.sheet, column=title) == "list_yes":
        return True
    notes.spot("list_left", columns.sheet.place(columns.row))
    return False


def kinds_by_sheet(ties: dict[Sheet, Columns], grids: dict[Sheet, Grid], notes: ImportNotes) -> dict[Sheet, str]:
    """Where several sheets hold ties of no kind, the name of a sheet is the kind."""
    plain = [sheet for sheet, columns in ties.items() if "kind" not in columns.roles] + list(grids)
    found = {sheet: clean_name(sheet.name) for sheet in (*ties, *grids)}
    if not plain or len(set(found.values())) < 2:
        return {}
    for kind in found.values():
        notes.spot("sheet_kind", kind)
    return found


def names_many(sheet: Sheet, read: Gathered) -> bool:
    """Whether most rows name two organisations that a list gives: ties below a header that says nothing."""
    named = 0
    for _, cells in sheet.rows:
        named += sum(read.find(cells[at]) is not None for at in filled(cells)) > 1
    return 2 * named > len(sheet.rows)


def parts_of(sheet: Sheet, notes: ImportNotes) -> list[Sheet]:
    """A sheet without rows that hold no data, and as several where several tables stand on it."""
    if sheet.origin == "graph":
        return [sheet]
    rows = without_comments(sheet, notes)
    rows = without_row_numbers(sheet, rows, notes)
    rows = apart_in_cells(sheet, rows, notes)
    parts = [part for below in parts_below(rows) for part in parts_beside(below)]
    if len(parts) > 1:
        notes.spot("several_tables", clean_name(sheet.name))
    made = [replace(sheet, rows=part) for part in parts]
    for other in made[1:]:
        other.remarks = []
    return made


def without_comments(sheet: Sheet, notes: ImportNotes) -> list[Row]:
    """The rows without comments, codes that a survey program puts below its header, and a last row of totals."""
    rows: list[Row] = []
    for row, cells in sheet.rows:
        first = next(text for text in cells if text.strip()).strip()
        codes = sum(bool(CODE.fullmatch(text.strip())) for text in cells)
        last = len(sheet.rows) > 2 and row == sheet.rows[-1][0]
        if COMMENT.match(first):
            notes.spot("comment", sheet.place(row))
        elif first.startswith("{") and 2 * codes > len(filled(cells)) > 1:
            notes.spot("codes", sheet.place(row))
        elif last and is_total(sheet.rows, cells):
            notes.spot("total", sheet.place(row))
        else:
            rows.append((row, cells))
    return rows or sheet.rows


def is_total(rows: list[Row], last: list[str]) -> bool:
    """Whether the last row holds totals; below SOM, which is an organisation too, only figures that are a total."""
    at, *beside = filled(last)
    first = last[at].strip()
    word = first.rstrip(" :=0123456789.,")
    if answer(word) != "sum":
        return answer(word) == "total"
    if any(content(last[column]) != "number" for column in beside):
        return False
    if word != first:  # "Som: 8"
        return True
    if not beside:
        return False
    above = [cells for _, cells in rows[:-1]]
    if all(name_key(text) != name_key(word) for cells in above for text in cells):
        return True
    rounding = 0.005 * (len(rows) + 1)
    highest = max(counted(cell(cells, column)) for cells in above for column in beside)
    surely = max(number(last[column]) or 0 for column in beside) > highest
    for column in range(at + 1, len(rows[0][1])):
        total = sum(counted(cell(cells, column)) for cells in above)
        given = number(cell(last, column)) or 0
        if not isclose(total, given, abs_tol=rounding) and not (surely and not cell(last, column).strip()):
            return False
    return True


def counted(text: str) -> float:
    """What a cell adds to a total: its figure, or 1 for a cross."""
    return 1 if answer(text) == "yes" else number(text) or 0


def without_row_numbers(sheet: Sheet, rows: list[Row], notes: ImportNotes) -> list[Row]:
    """The rows without a first column of running numbers, as R and pandas put there."""
    (first_row, header), body = rows[0], rows[1:]
    shifted = all(len(cells) == len(header) + 1 for _, cells in body)
    headed = ["", *header] if shifted else header
    numbers = [cell(cells, 0).strip() for _, cells in body]
    running = [[f"{at}" for at in range(start, start + len(body))] for start in (0, 1)]
    named = [text for text in headed[1:] if content(text) == "name" and text]
    if len(body) < 2 or cell(headed, 0).strip() or numbers not in running or len(named) < 2:
        return rows
    notes.spot("row_numbers", sheet.place(first_row))
    return [(first_row, headed), *((row, ["", *cells[1:]]) for row, cells in body)]


def parts_below(rows: list[Row]) -> list[list[Row]]:
    """The tables that stand below each other: a second header of other words begins the next one."""
    first = next((at for at, (_, cells) in enumerate(rows) if is_header(cells) or heads_names(cells)), None)
    if first is not None and heads_names(rows[first][1]) and not is_list(rows, first):  # it was a title
        first = next((at for at, (_, cells) in enumerate(rows) if is_header(cells)), None)
    if first is None:
        return [rows]
    starts = [0]
    last_header = rows[first][1]
    for at in range(first + 2, len(rows)):
        cells = rows[at][1]
        if is_header(cells) and not same_texts(cells, last_header) and at + 1 < len(rows):
            last_header = cells
            start = at - 1 if titled(rows, at) else at
            if start > first + 1 or not heads_names(rows[first][1]):  # a header of a list without rows is a title
                starts.append(start)
    ends = [*starts[1:], len(rows)]
    return [rows[start:end] for start, end in zip(starts, ends, strict=True)]


def is_list(rows: list[Row], first: int) -> bool:
    """Whether names follow a word, and a blank row before the next header: else it is a title."""
    start = first + 1
    if start == len(rows) or is_header(rows[start][1]):
        return False
    below = range(start + 1, len(rows))
    end = next((at for at in below if after_blank(rows, at) or is_header(rows[at][1])), len(rows))
    if after_blank(rows, start) and end == start + 1:  # one name by itself
        return False
    return end == len(rows) or after_blank(rows, end)


def titled(rows: list[Row], at: int) -> bool:
    """Whether one cell above a header is its title, and not the end of what stands before a blank row."""
    _, cells = rows[at - 1]
    apart = after_blank(rows, at) and not after_blank(rows, at - 1)
    ends_list = apart and name_key("".join(cells)) not in words("titles")
    return len(filled(cells)) == 1 and not ends_list


def parts_beside(rows: list[Row]) -> list[list[Row]]:
    """The tables that stand beside each other, with an empty column between them."""
    header = next((cells for _, cells in rows if len(filled(cells)) > 2), [])[:MOST_COLUMNS]
    empty = [at for at in range(1, len(header)) if not header[at].strip()]
    used = {at for _, cells in rows for at in filled(cells[:MOST_COLUMNS])} if empty else set()
    for gap in empty:
        if gap in used:
            continue
        left, right = header[:gap], header[gap + 1 :]
        if is_header(left) and is_header(right):
            one = [(row, cells[:gap]) for row, cells in rows if filled(cells[:gap])]
            other = [(row, [""] * (gap + 1) + cells[gap + 1 :]) for row, cells in rows if filled(cells[gap + 1 :])]
            return [one, other]
    return [rows]
