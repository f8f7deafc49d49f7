"""Rows as a workbook or as text that any spreadsheet opens without harm; used by exports, reports and totals."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

from workshop.exchange.formats.csv import protected
from workshop.exchange.formats.xlsx import fast_openpyxl

UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
"""Characters that neither a workbook nor XML can hold."""
CELL = 32_767
"""As many characters as a cell of a workbook holds."""
Row = list[Any]
Changes = dict[str, set[str]]
"""The texts that had to be changed: ``replaced`` or ``cut``."""


def safe(value: Any, changes: Changes, cell: bool = True) -> Any:
    """A value that files can hold: control characters become U+FFFD, what does not fit a cell is cut."""
    if not isinstance(value, str):
        return "" if value is None else value
    fit = UNFIT.sub("�", value)
    if fit != value:
        changes["replaced"].add(value)
    if cell and len(fit) > CELL:
        changes["cut"].add(value)
        fit = fit[: CELL - 1] + "…"
    return fit


def workbook(sheets: dict[str, list[Row]], changes: Changes) -> bytes:
    """A workbook, by title and rows of its sheets, in which every text is text, whatever it begins with."""
    fast_openpyxl()
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        sheet.freeze_panes = "A2"
        for at, row in enumerate(rows, start=1):
            for column, value in enumerate(row, start=1):
                value = safe(value, changes)
                if value == "":
                    continue
                if isinstance(value, float) and float(f"{value:.16g}") != value:
                    value = cell_text(value, True)  # a workbook keeps 16 digits: the rest would be lost
                cell = sheet.cell(at, column, value)
                if isinstance(value, str):
                    cell.data_type = "s"
                    cell.quotePrefix = value[0] in "=+-@"
                if at == 1:
                    cell.font = Font(bold=True)
                    sheet.column_dimensions[cell.column_letter].width = 32 if column < 3 else 20
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def rows_as_text(rows: Iterable[Sequence[Any]], changes: Changes, separator: str = ",") -> bytes:
    """Rows as text; with semicolons also a byte order mark and decimal commas, as Excel in Belgium reads them."""
    made = io.StringIO(newline="")
    out = csv.writer(made, delimiter=separator, lineterminator="\r\n")
    for row in rows:
        out.writerow([cell_text(safe(value, changes), separator == ";") for value in row])
    return made.getvalue().encode("utf-8-sig" if separator == ";" else "utf-8")


def cell_text(value: Any, comma: bool) -> str:
    """A cell of a text file; a fraction never has exactly three decimals, since that may be read as thousands."""
    if isinstance(value, str):
        return protected(value)
    shown = repr(int(value)) if float(value).is_integer() and value < 1e15 else repr(value)
    shown += "0" if re.fullmatch(r"\d+\.\d{3}", shown) else ""
    return shown.replace(".", ",") if comma else shown
