"""Sheets without a header: ties, adjacency lists, names. What another program wrote is refused by name."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import partial
from itertools import combinations, product
from typing import Any

from workshop.exchange.cells import answer, column_content, content, crossed
from workshop.exchange.columns import Columns
from workshop.exchange.gathered import Gathered, RawTie
from workshop.exchange.headings import ENDS
from workshop.exchange.joined import find_joined
from workshop.exchange.lists import read_list, read_ties
from workshop.exchange.questions import Listed, refuse
from workshop.exchange.sheets import Row, Sheet, clean_name, filled, letter, name_key
from workshop.texts import Message

FIGURES = re.compile(r"[\d.,]+([ \t]+[\d.,]+){2,}")
"""A line of a matrix that has lost its names."""
SPACED = re.compile(r"\S+[ \t]+\S+([ \t]+(-?[\d.,]+|\{.*\}))+")
"""A line of NCOL, or of networkx's edge list: two names without spaces and a figure."""


def read_bare(read: Gathered, sheet: Sheet, name: str) -> None:
    """A sheet without header: the reading that loses nothing, and a question."""
    columns: dict[int, set[str]] = defaultdict(set)
    for _, cells in sheet.rows:
        for at in filled(cells):
            columns[at].add(name_key(cells[at]))
    crosses = with_crosses(sheet, columns)
    read.notes.unused += [letter(at) for at in crosses]
    used = sorted(columns.keys() - crosses)
    if not used or (len(used) != 2 and len(sheet.rows) == 1):
        read.notes.fault("unreadable", name=name)
        return
    refuse_figures(sheet, name)
    texts = [at for at in used if any(content(text) == "name" for text in sheet.sample(at))]
    ends = ends_of(texts if len(texts) > 1 else used, columns)
    for at in ends:
        if column_content(sheet.sample(at)) == "address":
            read.notes.fault("persons", column=letter(at))
            return
    middle = [at for at in texts if ends[0] < at < ends[-1]]
    firsts = set().union(*(columns[at] for at in ends))
    beyond = [text for at in texts if at not in (*ends, *middle) for text in columns[at]]
    ragged = len({len(filled(cells)) for _, cells in sheet.rows}) > 1
    if beyond and middle and ragged:
        raise refuse("refuse.sif", name=name)
    if beyond and (ragged or 2 * len(firsts.intersection(beyond)) > len(beyond)):
        read.remarks(sheet)
        read_adjacency(read, sheet, sheet.rows)
        return
    ask_header(read, sheet, used, ends, middle)


def with_crosses(sheet: Sheet, columns: Iterable[int]) -> list[int]:
    """The columns that say yes or no below a word; none where all rows say yes, since X may be a name."""
    found = [at for at in columns if any(len(text) > 1 and content(text) == "name" for text in sheet.sample(at))]
    below = {at: texts for at in found if crossed(texts := sheet.sample(at)[1:])}
    gaps = any(len(texts) < len(sheet.rows) - 1 or "no" in map(answer, texts) for texts in below.values())
    return list(below) if gaps else []


def refuse_figures(sheet: Sheet, name: str) -> None:
    """Refuse figures without names, and lines of other programs: nobody can tell whose ties they are."""
    rows = [[text for text in cells if text.strip()] for _, cells in sheet.rows]
    lines = [" ".join(cells) for cells in rows if len(cells) == 1]
    only_lines = len(lines) == len(rows) > 1
    ticks = len(rows) > 2 and {text for cells in rows for text in cells} <= {"0", "1"}
    if ticks or (only_lines and all(map(FIGURES.fullmatch, lines))):
        raise refuse("fault.no_names", name=name)
    if only_lines and all(map(SPACED.fullmatch, lines)):
        raise refuse("refuse.spaced", name=name)


def ends_of(texts: Sequence[int], columns: dict[int, set[str]]) -> list[int]:
    """The columns of both ends: the first two with texts, unless the second holds kinds of ties."""
    if len(texts) < 3:
        return list(texts[:2])
    first, second, third = texts[:3]
    others = columns[first] | columns[third]
    if columns[second].isdisjoint(others) and 2 * len(columns[second]) <= len(others):
        return [first, third]
    return [first, second]


def ask_header(read: Gathered, sheet: Sheet, used: list[int], ends: list[int], middle: list[int]) -> None:
    """Read the first row as data, or as titles if somebody says so."""
    row, cells = sheet.rows[0]
    shown = [clean_name(text) for text in cells if text.strip()]
    ways: dict[str, Any] = {"source": letter(ends[0]), "target": letter(ends[-1])}
    ways |= {"row": Message("import.place_row", row=row), "cells": shown}  # the question itself names the sheet
    text = "header" if len(used) < 3 else "header_wide"
    chosen = read.notes.ask("header", ("data", "titles"), "data", text, about=sheet, **ways)
    body = sheet.rows[1:] if chosen == "titles" else sheet.rows
    if len(used) == 1:
        read_list(read, Columns(sheet, [], body, roles={"label": ends[0]}))
        return
    columns = Columns(sheet, [], body, roles=dict(zip(ENDS, ends, strict=True)))
    rest = [at for at in used if at not in (*ends, *middle)]
    if middle:
        columns.roles["kind"] = middle[0]
    if len(rest) == 1 and columns.content(rest[0]) == "number":
        columns.roles["strength"] = rest[0]
    else:
        read.notes.unused += [letter(at) for at in rest]
    read_ties(read, columns, None, find_joined(columns.names(), set(read.by_name), read.notes))


def read_adjacency(read: Gathered, sheet: Sheet, rows: Sequence[Row]) -> None:
    """Rows of names: the first is tied to each of the next, or all to each other; asked."""
    found: dict[int, list[int]] = {}
    for row, cells in rows:
        place = partial(sheet.place, row)
        named = [read.end(text, place) for text in cells]
        found[row] = [index for index in named if index is not None]
    longest = [read.entries[index].name for index in max(found.values(), key=len, default=[])]
    if not longest:
        return
    pairs = Listed(Message("import.ask.pair", source=longest[0], target=other) for other in longest[1:])
    chosen = read.notes.ask("adjacency", ("first", "all"), "first", about=sheet, pairs=pairs)
    for row, ends in found.items():
        pairs_of = combinations(ends, 2) if chosen == "all" else product(ends[:1], ends[1:])
        for source, target in pairs_of:
            read.add_tie(RawTie(source, target, sheet, row))
