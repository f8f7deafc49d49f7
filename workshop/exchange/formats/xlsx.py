"""Excel workbooks: openpyxl's own parser of a sheet, row by row.

openpyxl knows merged cells, hidden rows and formulas only of a workbook that it loads whole, which takes some fifty
times the file's size in memory; its parser meets them on the way.
"""

from __future__ import annotations

import datetime
import io
import os
import zipfile
from typing import Any

from workshop.exchange.formats.kinds import refuse_zip
from workshop.exchange.questions import ImportProblem, refuse
from workshop.exchange.sheets import Figure, Remark, Sheet, cell

UNPACKED_MB = 300
SHEETS_MB = 100
LIMIT_CELLS = 500_000
PAIRS = (("elements", "connections"), ("edges", "vertices"))
"""Sheets that Kumu and NodeXL read: where they are there, the others hold loops, groups or notes."""


def read(name: str, raw: bytes, limit_rows: int) -> list[Sheet]:
    """The visible sheets of a workbook, except those marked ``(ignore)``; refused if damaged, or with a DOCTYPE."""
    load_workbook = fast_openpyxl().load_workbook
    try:
        refuse_others(name, raw)
        sheets = []
        for sheet in load_workbook(io.BytesIO(raw), read_only=True, data_only=True).worksheets:
            if sheet.sheet_state == "visible" and "(ignore)" not in sheet.title.lower():
                sheets.append(read_sheet(name, sheet, limit_rows))
    except ImportProblem:
        raise
    except Exception as problem:  # a damaged workbook fails anywhere in zipfile, the XML parser or openpyxl
        raise refuse("fault.damaged", name=name) from problem
    return known_pair(sheets)


def fast_openpyxl() -> Any:
    """Openpyxl with Python's own parser in C: defusedxml's is written in Python and four times as slow.

    What defusedxml guards against, entities, is refused by `refuse_others` in all parts of a workbook.
    """
    os.environ.setdefault("OPENPYXL_DEFUSEDXML", "False")
    import openpyxl

    return openpyxl


def known_pair(sheets: list[Sheet]) -> list[Sheet]:
    """The sheets that hold organisations and ties in a workbook of Kumu or NodeXL; else all."""
    for pair in PAIRS:
        found = [sheet for sheet in sheets if sheet.name.lower() in pair]
        if found and (len(found) == 2 or pair == PAIRS[0]):
            for sheet in found:
                sheet.kumu = pair == PAIRS[0]
            found[0].remarks += [("not_read", sheet.name) for sheet in sheets if sheet not in found]
            return found
    return sheets


def refuse_others(name: str, raw: bytes) -> None:
    """Refuse zip files that are no workbook, and workbooks that unpack to too much."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        members = archive.infolist()
        sheets = sum(member.file_size for member in members if member.filename.endswith(".xml"))
        whole = sum(member.file_size for member in members)
        if whole > UNPACKED_MB * 10**6 or sheets > SHEETS_MB * 10**6 or len(members) > 5000:
            raise refuse("fault.bomb", name=name)
        refuse_zip(name, archive)
        for member in members:
            if member.filename.endswith((".xml", ".rels", ".vml")) and has_doctype(archive.read(member)):
                raise refuse("fault.doctype", name=name)
        if b"purl.oclc.org/ooxml" in archive.read("xl/workbook.xml"):
            raise refuse("refuse.strict", name=name)


def has_doctype(xml: bytes) -> bool:
    """Whether XML may define entities, in whatever encoding."""
    plain = xml.replace(b"\0", b"") if b"\0" in xml[:200] else xml
    return b"<!DOCTYPE" in plain or b"<!ENTITY" in plain


def parser_of(sheet: Any, broken: set[tuple[int, int]]) -> Any:
    """Openpyxl's parser of a sheet, which also notes in `broken` where a formula has no saved value."""
    from openpyxl.worksheet._reader import FORMULA_TAG, WorkSheetParser

    class Parser(WorkSheetParser):
        def parse_cell(self, element: Any) -> dict[str, Any]:
            found: dict[str, Any] = super().parse_cell(element)
            # an empty text is a value
            if found["value"] is None and element.get("t") != "str" and element.find(FORMULA_TAG) is not None:
                broken.add((found["row"], found["column"] - 1))
            return found

    book = sheet.parent
    return Parser(
        sheet._get_source(),
        sheet._shared_strings,
        data_only=True,
        epoch=book.epoch,
        date_formats=book._date_formats,
        timedelta_formats=book._timedelta_formats,
    )


def read_sheet(name: str, sheet: Any, limit_rows: int) -> Sheet:
    """The cells of one sheet; a merged block has its value in every row."""
    broken: set[tuple[int, int]] = set()
    parser = parser_of(sheet, broken)
    rows: dict[int, list[str]] = {}
    cells = 0
    for row, found in parser.parse():
        held = {item["column"]: text_of(item["value"]) for item in found if item["value"] is not None}
        cells += max(held, default=0)
        if cells > LIMIT_CELLS:
            raise refuse("fault.too_many_cells", name=name)
        texts = [held.get(at, "") for at in range(1, max(held, default=0) + 1)]
        if any(text.strip() for text in texts):
            rows[row] = texts
        if len(rows) > limit_rows:
            raise refuse("fault.too_many_rows", name=name, rows=len(rows), limit=limit_rows)
    blocks = parser.merged_cells.mergeCell if parser.merged_cells else []
    remarks = fill_merged(name, rows, blocks)
    if any(is_hidden(column) for column in parser.column_dimensions.values()):
        remarks.append(("hidden_columns", sheet.title))
    hidden = (int(row) for row, said in parser.row_dimensions.items() if is_hidden(said))
    remarks += [("hidden_rows", row) for row in hidden if row in rows]
    return Sheet(sheet.title, sorted(rows.items()), broken=broken, remarks=remarks)


def is_hidden(said: dict[str, str]) -> bool:
    """Whether the attributes of a row or column hide it."""
    return said.get("hidden") in ("1", "true")


def fill_merged(name: str, rows: dict[int, list[str]], blocks: list[Any]) -> list[Remark]:
    """Put the value of a merged block in each of its rows; blocks of three columns and more are titles."""
    used: list[Remark] = []
    cells = 0
    last = max(rows, default=0)
    for block in blocks:
        left, top, right, bottom = block.bounds
        value = cell(rows.get(top, []), left - 1)
        if top == bottom or right - left >= 2 or not value.strip():
            continue
        used.append(("merged_cells", block.coord))
        bottom = min(bottom, last)
        cells += bottom - top
        if cells > LIMIT_CELLS:
            raise refuse("fault.too_many_cells", name=name)
        for row in range(top, bottom + 1):
            texts = rows.setdefault(row, [])
            texts += [""] * (left - len(texts))
            texts[left - 1] = value
    return used


def text_of(value: Any) -> str:
    """A value of a cell as text: whole numbers without point, dates as year-month-day."""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, (int, float)):
        return Figure(int(value) if float(value).is_integer() and abs(value) < 1e15 else value)
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        value = value.date()
    return str(value)
