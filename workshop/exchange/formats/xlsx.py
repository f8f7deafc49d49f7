"""Excel workbooks, read row by row.

openpyxl knows merged cells, hidden rows and formulas only of a workbook that it loads whole, which takes some fifty
times the file's size in memory; so those few things are taken from the XML of a sheet, and only where they occur.
"""

from __future__ import annotations

import datetime
import io
import os
import re
import zipfile
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree as ET

from workshop.exchange.formats.kinds import refuse_zip
from workshop.exchange.questions import ImportProblem, refuse
from workshop.exchange.sheets import Figure, Sheet, cell

UNPACKED_MB = 300
SHEETS_MB = 100
LIMIT_CELLS = 500_000
EMPTY_CELL = re.compile(rb'<(?:\w+:)?c r="[A-Z]+\d+"[^<>]*/>')
EMPTY_ROW = re.compile(rb'<((?:\w+:)?)row r="\d+"[^<>]*(?:/>|></\1row>)')
ROW_END = re.compile(rb"</(?:\w+:)?row>")
CELL_START = re.compile(rb"<(?:\w+:)?c\b")
LAST_COLUMN = re.compile(rb'.*<(?:\w+:)?c\s[^<>]*?r="([A-Z]{1,3})\d+"', re.DOTALL)
EXTRAS = re.compile(rb'<(?:\w+:)?(?:f|mergeCell)\b|hidden="(?:1|true)"')
PAIRS = (("elements", "connections"), ("edges", "vertices"))
"""Sheets that Kumu and NodeXL read: where they are there, the others hold loops, groups or notes."""


@dataclass
class Extras:
    """What a sheet holds besides values: merged blocks, hidden rows, and cells whose formula has no saved value."""

    merged: list[str] = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)
    hidden_columns: bool = False
    formulas: set[tuple[int, int]] = field(default_factory=set)


def read(name: str, raw: bytes, limit_rows: int) -> list[Sheet]:
    """The visible sheets of a workbook, except those marked ``(ignore)``; refused if damaged, or with a DOCTYPE."""
    load_workbook = fast_openpyxl().load_workbook
    try:
        refuse_others(name, raw)
        raw = without_empty_cells(raw)
        archive = zipfile.ZipFile(io.BytesIO(raw))
        sheets = []
        for sheet in load_workbook(io.BytesIO(raw), read_only=True, data_only=True).worksheets:
            if sheet.sheet_state != "visible" or "(ignore)" in sheet.title.lower():
                continue
            xml = archive.read(sheet._worksheet_path)
            check(name, xml, limit_rows)
            sheet.reset_dimensions()
            sheets.append(read_sheet(name, sheet, extras_of(xml) if EXTRAS.search(xml) else Extras()))
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


def without_empty_cells(raw: bytes) -> bytes:
    """The same workbook without cells and rows that only carry formatting: a million of them take long to read."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(made, "w") as new:
        if max(member.file_size for member in old.infolist()) < 2_000_000:
            return raw
        for member in old.namelist():
            if member.startswith("xl/media/"):
                continue
            text = old.read(member)
            if member.startswith("xl/worksheets/"):
                text = EMPTY_ROW.sub(b"", EMPTY_CELL.sub(b"", text))
            new.writestr(member, text)
    return made.getvalue()


def check(name: str, xml: bytes, limit_rows: int) -> None:
    """Refuse a sheet before it is read where it has too many rows or cells; openpyxl fills rows to the last one."""
    rows = ROW_END.split(xml)
    if len(rows) > limit_rows + 1:
        raise refuse("fault.too_many_rows", name=name, rows=len(rows) - 1, limit=limit_rows)
    cells = 0
    for row in rows:
        last = LAST_COLUMN.match(row[row.rfind(b"<c ") :] if b"<c " in row else row)
        letters = last[1].decode() if last else ""
        width = 0
        for letter in letters:
            width = 26 * width + ord(letter) - 64
        cells += max(width, len(CELL_START.findall(row)))
        if cells > LIMIT_CELLS:
            raise refuse("fault.too_many_cells", name=name)


def extras_of(xml: bytes) -> Extras:
    """Merged blocks, hidden rows and formulas without a value, in one pass; what stands in comments does not count."""
    from openpyxl.utils.cell import coordinate_to_tuple

    found = Extras()
    data = None
    for event, item in ET.iterparse(io.BytesIO(xml), events=("start", "end")):
        tag = item.tag.rpartition("}")[2]
        hidden = item.get("hidden") in ("1", "true")
        if event == "start":
            if tag == "sheetData":
                data = item
        elif tag == "mergeCell":
            found.merged.append(item.get("ref", ""))
        elif tag == "col" and hidden:
            found.hidden_columns = True
        elif tag == "row":
            if hidden and len(item):
                found.hidden.append(int(item.get("r", 0)))
            for part in item:
                if without_value(part):
                    row, column = coordinate_to_tuple(part.get("r", "A1"))
                    found.formulas.add((row, column - 1))
            if data is not None:
                data.clear()
    return found


def without_value(part: ET.Element) -> bool:
    """Whether a cell has a formula and no saved value; an empty text is a value."""
    inside = {item.tag.rpartition("}")[2]: item.text for item in part}
    return "f" in inside and not inside.get("v") and part.get("t") != "str"


def read_sheet(name: str, sheet: Any, extras: Extras) -> Sheet:
    """The cells of one sheet; a merged block has its value in every row."""
    rows: dict[int, list[str]] = {}
    for number, values in enumerate(sheet.iter_rows(values_only=True), start=1):
        texts = ["" if value is None else text_of(value) for value in values]
        if any(text.strip() for text in texts):
            rows[number] = texts
    remarks = fill_merged(name, rows, extras.merged)
    made = Sheet(sheet.title, sorted(rows.items()), broken=extras.formulas, remarks=remarks)
    made.hidden = [row for row in extras.hidden if row in rows]
    if extras.hidden_columns:
        remarks.append(("hidden_columns", sheet.title))
    return made


def fill_merged(name: str, rows: dict[int, list[str]], merged: list[str]) -> list[tuple[str, str]]:
    """Put the value of a merged block in each of its rows; blocks of three columns and more are titles."""
    from openpyxl.utils.cell import range_boundaries

    used = []
    cells = 0
    last = max(rows, default=0)
    for block in merged:
        left, top, right, bottom = (int(edge or 0) for edge in range_boundaries(block))
        value = cell(rows.get(top, []), left - 1)
        if top == bottom or right - left >= 2 or not value.strip():
            continue
        used.append(("merged_cells", block))
        bottom = min(bottom, last)
        cells += bottom - top
        if cells > LIMIT_CELLS:
            raise refuse("fault.too_many_cells", name=name)
        for number in range(top, bottom + 1):
            texts = rows.setdefault(number, [])
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
