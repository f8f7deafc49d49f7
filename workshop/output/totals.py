"""Raw answers and totals of all tables, as a workbook and as CSV files that open in Belgian Excel without harm."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

from workshop.answers import names
from workshop.answers.items import TRAINERS_NOTES
from workshop.answers.overview import SHEETS, sheet
from workshop.answers.shown import Room
from workshop.exchange.writer import CELL, Changes, rows_as_text, workbook
from workshop.output.report import write_file
from workshop.texts import Message

LARGEST = 10**15
"""From here on a spreadsheet rounds whole numbers."""
RAW = ("table", "group", "item", "answer", "visibility", "saved")


def write_totals(room: Room, folder: str | Path) -> list[Path]:
    """Write a workbook with all of it, and as CSV the raw answers, those that are counted and the ties of each table.

    Parameters
    ----------
    room : Room
        From `workshop.answers.tables.read_room`.
    folder : str or Path
        Made where it is not there.

    Raises
    ------
    Problem
        If a file cannot be written, or is open in another program.

    Notes
    -----
    Private answers are in none of them, and who wrote a released text is not said. An answer that fits no cell of a
    workbook, such as a large network, stands in the CSV file only, and the cell says so.
    """
    changes: Changes = defaultdict(set)
    sheets: dict[str, list[list[Any]]] = {}
    for name in SHEETS:
        made = sheet(name, room)
        sheets[_title(name)] = [[str(column) for column in made.head], *made.rows]
    ties = sheets.pop(_title("drawn"))
    raw: list[list[Any]] = [[str(Message(f"dashboard.head.{column}")) for column in RAW]]
    for table in room.tables:
        for answer in table.shown():
            if answer.item not in TRAINERS_NOTES:
                cells = [table.name, table.group, answer.item, _cell(answer.value), answer.visibility, answer.saved_at]
                raw.append(cells)
    whole = names.of_session("answers", "csv")
    instead = str(Message("report.too_long", file=whole))
    in_cells = [[instead if isinstance(cell, str) and len(cell) > CELL else cell for cell in row] for row in raw]
    files = {
        names.of_session("totals", "xlsx"): workbook({**sheets, _title("answers"): in_cells}, changes),
        names.of_session("ties", "csv"): rows_as_text(ties, changes, ";"),
        whole: rows_as_text(raw, changes, ";", whole=True),
        names.of_session("counts", "csv"): rows_as_text(sheets[_title("spread")], changes, ";"),
    }
    return [write_file(Path(folder) / name, content) for name, content in files.items()]


def _cell(value: Any) -> str | int | float:
    """An answer as a spreadsheet can hold it: texts, and numbers of its size; all else as JSON."""
    if isinstance(value, str) or (isinstance(value, (int, float)) and -LARGEST < value < LARGEST):
        return value
    return json.dumps(value, ensure_ascii=False, default=str)


def _title(name: str) -> str:
    return str(Message(f"dashboard.sheet.{name}"))
