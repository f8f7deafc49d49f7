"""Excel workbooks, read row by row, so that a million formatted empty rows do no harm."""

from __future__ import annotations

import datetime
import html
import io
import re
import zipfile
from typing import Any

from workshop.exchange.questions import ImportProblem, refuse
from workshop.exchange.sheets import Figure, Sheet

UNPACKED_MB = 300
EMPTY_CELL = re.compile(rb'<(?:\w+:)?c r="[A-Z]+\d+"[^<>]*/>')
EMPTY_ROW = re.compile(rb'<((?:\w+:)?)row r="\d+"[^<>]*(?:/>|></\1row>)')
MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]+\d+:[A-Z]+\d+)"')
FORMULA = re.compile(rb"<((?:\w+:)?)c ([^<>]*)>\s*<\1f[\s>/].*?</\1c>", re.DOTALL)
SAVED = re.compile(rb'<(?:\w+:)?v>[^<]|\bt="str"[^<>]*>\s*<(?:\w+:)?f')


def read(name: str, raw: bytes) -> list[Sheet]:
    """The visible sheets of a workbook, except those marked ``(ignore)``; refused if damaged, or with a DOCTYPE."""
    from openpyxl import load_workbook

    try:
        refuse_others(name, raw)
        raw = _slim(raw)
        archive = zipfile.ZipFile(io.BytesIO(raw))
        sheets = []
        for sheet in load_workbook(io.BytesIO(raw), read_only=True, data_only=True).worksheets:
            if sheet.sheet_state != "visible" or "(ignore)" in sheet.title.lower():
                continue
            xml = archive.read(sheet._worksheet_path)
            if b"<!DOCTYPE" in xml:
                raise refuse("fault.doctype", name=name)
            sheet.reset_dimensions()
            sheets.append(_sheet(sheet, xml))
    except ImportProblem:
        raise
    except Exception as problem:  # a damaged workbook fails anywhere in zipfile, the XML parser or openpyxl
        raise refuse("fault.damaged", name=name) from problem
    kumu = [sheet for sheet in sheets if sheet.name.lower() in ("elements", "connections")]
    for sheet in kumu:
        sheet.kumu = True
    if kumu:  # its other sheets hold loops, or notes
        kumu[0].remarks += [("not_read", sheet.name) for sheet in sheets if sheet not in kumu]
    return kumu or sheets


def refuse_others(name: str, raw: bytes) -> None:
    """Refuse zip files that are no workbook, and workbooks that unpack to too much."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        members = archive.infolist()
        names = {member.filename for member in members}
        if sum(member.file_size for member in members) > UNPACKED_MB * 10**6 or len(members) > 5000:
            raise refuse("fault.bomb", name=name)
        if "mimetype" in names and b"opendocument" in archive.read("mimetype")[:100]:
            raise refuse("refuse.ods", name=name)
        if "protocol.json" in names or any("_attributeList" in item or "_edgeList" in item for item in names):
            raise refuse("refuse.canvas", name=name)
        if "[Content_Types].xml" not in names:
            raise refuse("refuse.gephi" if name.lower().endswith(".gephi") else "refuse.zip", name=name)


def _slim(raw: bytes) -> bytes:
    """The same workbook without cells and rows that only carry formatting: a million of them take long to read."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(made, "w") as new:
        if max(member.file_size for member in old.infolist()) < 2_000_000:
            return raw
        for member in old.namelist():
            text = old.read(member)
            if member.startswith("xl/worksheets/"):
                text = EMPTY_ROW.sub(b"", EMPTY_CELL.sub(b"", text))
            new.writestr(member, text)
    return made.getvalue()


def _sheet(sheet: Any, xml: bytes) -> Sheet:
    """The cells of one sheet; a merged block has its value in every row."""
    from openpyxl.utils.cell import coordinate_to_tuple, range_boundaries

    rows: dict[int, list[str]] = {}
    for number, values in enumerate(sheet.iter_rows(values_only=True), start=1):
        texts = ["" if value is None else text_of(value) for value in values]
        if any(text.strip() for text in texts):
            rows[number] = texts
    broken: dict[tuple[int, int], str] = {}
    for found in FORMULA.finditer(xml):
        place = re.search(rb'\br="([A-Z]+\d+)"', found[2])
        if place and not SAVED.search(found[0]):
            row, column = coordinate_to_tuple(place[1].decode())
            broken[row, column - 1] = "=" + html.unescape(re.sub(r"<[^>]*>", "", found[0].decode()))
    used = []
    last = max(rows, default=0)
    for block in (item.decode() for item in MERGED.findall(xml)):
        left, top, right, bottom = (int(edge or 0) for edge in range_boundaries(block))
        value = rows.get(top, [])[left - 1 : left]
        if top == bottom or right - left >= 2 or not value or not value[0].strip():
            continue
        used.append(("merged_cells", block))
        for number in range(top, min(bottom, last) + 1):
            texts = rows.setdefault(number, [])
            texts += [""] * (left - len(texts))
            texts[left - 1] = value[0]
    return Sheet(sheet.title, sorted(rows.items()), broken=broken, remarks=used)


def text_of(value: Any) -> str:
    """A value of a cell as text: whole numbers without point, dates as year-month-day."""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, (int, float)):
        return Figure(int(value) if float(value).is_integer() and abs(value) < 1e15 else value)
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        value = value.date()
    return str(value)
