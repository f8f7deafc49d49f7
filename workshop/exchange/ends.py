"""Both ends of a tie in one cell: taken apart, each in a column of its own."""

from __future__ import annotations

import re
from dataclasses import replace

from workshop.exchange.cells import column_content, tokens
from workshop.exchange.columns import Columns
from workshop.exchange.grids import find_grid
from workshop.exchange.headings import ASIDE, ENDS, NAMES, SIDE, role
from workshop.exchange.questions import ImportNotes
from workshop.exchange.sheets import Row, Sheet, cell, clean_name, name_key

IN_ONE_CELL = re.compile(r"(.+?)\s+\((.+?)\)\s+(.+)|(.+?)\s*(<?-{1,2}>|→|↔)\s*(.+)", re.DOTALL)
"""Both ends of a tie in one cell: ``A (overlegt met) B`` as Cytoscape writes it, ``A -> B``."""
BEFORE_COLON = re.compile(r"([^:]*[^:\s][^:]*):\s+(\S.*)", re.DOTALL)
LONGEST_TIE = 600
FIRST_COLUMNS = 12


def apart_in_cells(sheet: Sheet, rows: list[Row], notes: ImportNotes) -> list[Row]:
    """The rows with both ends of a tie in columns of their own, where one cell holds both."""
    for at in range(min(sheet.width, FIRST_COLUMNS)):
        for start in (0, 1):
            ties = ties_in_cells([cell(cells, at) for _, cells in rows[start:]])
            if not ties or not holds_ends(sheet, rows, at, start, ties):
                continue
            notes.spot("one_cell", sheet.place(rows[start][0]))
            if start == 1:
                notes.unused += [clean_name(text) for text in rows[0][1][:at] + rows[0][1][at + 1 :] if text.strip()]
            numbered = []
            for (row, cells), tie in zip(rows[start:], ties, strict=True):
                numbered.append((row, tie))
                if start == 0:  # without a header, what follows are more targets
                    numbered += [(row, [tie[0], text, *tie[2:]]) for text in cells[1:] if text.strip()]
            return [(0, ["source", "target", "direction", "kind"]), *numbered]
    return apart_at_colon(rows)


def holds_ends(sheet: Sheet, rows: list[Row], at: int, start: int, ties: list[list[str]]) -> bool:
    """Whether a column whose cells look like ties holds those of the sheet, and is no column beside its names.

    A name may hold brackets, ``CLB (GO!) Mol``, unless another column says that they hold kinds of ties, or a name
    stands on either side of them.
    """
    kinds = [kind for *_, kind in ties]
    sources = {name_key(tie[0]) for tie in ties}
    targets = {name_key(tie[1]) for tie in ties}
    header = rows[0][1]
    said = [other for other, text in enumerate(header) if role(text) == "kind"]
    unsaid = all([cell(cells, other) for _, cells in rows[1:]] != kinds for other in said)
    if any(kinds) and unsaid and sources.isdisjoint(targets):
        return False
    if start == 0:
        return at == 0
    whole = replace(sheet, rows=rows)
    grid = find_grid(whole)
    if grid and not (grid.meetings and grid.label == at):
        return False
    if columns := Columns.of(whole):
        named = {name_key(text) for text in columns.names()} - {""}
        of_names = at in [columns.roles.get(part) for part in (*ENDS, *NAMES)]
        return not columns.ends and (of_names or named <= sources | targets)
    plain = [other for other in range(at) if role(cell(header, other)) not in (*SIDE, *ASIDE)]
    texts = [other for other in plain if column_content(whole.sample(other, rows[0][0])) == "name"]
    return len(texts) < 2  # two may be both ends


def apart_at_colon(rows: list[Row]) -> list[Row]:
    """The rows of an adjacency list such as ``OCMW: CAW; CLB`` with each name in a cell of its own."""
    apart = []
    for row, cells in rows:
        found = BEFORE_COLON.fullmatch(cell(cells, 0)[:LONGEST_TIE])
        if not found or len(rows) < 2:
            return rows
        texts = [found[1], *re.split("[;,]", found[2]), *cells[1:]]
        apart.append((row, [text.strip() for text in texts]))
    return apart


def ties_in_cells(texts: list[str]) -> list[list[str]]:
    """Source, target, direction and kind of the tie in each cell; empty where some cell holds no tie."""
    ties = []
    for text in texts:
        found = IN_ONE_CELL.fullmatch(text[:LONGEST_TIE])
        if not found:
            return []
        source, between, target = [part for part in found.groups() if part is not None]
        ties.append([source, target, "", between] if tokens(between) else [source, target, between, ""])
    kinds = {tie[3] for tie in ties}
    return ties if len(ties) > 1 and (kinds == {""} or 2 * len(kinds) <= len(ties)) else []
