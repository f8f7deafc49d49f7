"""Answers that another program kept: a table of answers or of ratings, as CSV, workbook or JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from workshop.answers.merge import Answer
from workshop.domain.network import clean_name, name_key
from workshop.exchange.numbers import number
from workshop.exchange.questions import ImportProblem
from workshop.exchange.reader import sheets_of
from workshop.exchange.sheets import Sheet
from workshop.texts import Message, decode, load

SCALE = (1, 5)
UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
Row = tuple[int, dict[str, Any]]


def is_foreign(path: Path) -> bool:
    """Whether a file may hold answers of another program, by its ending."""
    return path.suffix.lower() in {".csv", ".txt", ".tsv", ".xlsx", ".json"}


def read_foreign(path: Path) -> tuple[list[Answer], list[Message]]:
    """Answers of another program; the newest of one group to one question counts.

    Parameters
    ----------
    path : pathlib.Path
        A list of answers (``groep``, ``vraag``, ``antwoord``, perhaps ``tijd``), or a table of ratings from 1 to 5 with
        factors as rows and judges as columns (``factor`` above the first).

    Returns
    -------
    answers : list of Answer
        Of the group, shown to all; an empty answer stays an empty answer.
    notes : list of Message
        What was left out, and which signs were replaced.

    Raises
    ------
    ImportProblem
        With all faults at once; nothing is then imported.
    """
    try:
        raw = path.read_bytes()
    except OSError as problem:
        raise ImportProblem([Message("answers.unreadable", file=path.name)]) from problem
    if path.suffix.lower() == ".json":
        return _answers(path, _records(path, raw))
    sheet = next((sheet for sheet in sheets_of(path.name, raw) if sheet.rows), None)
    header = sheet.rows[0][1] if sheet else []
    if sheet and header and name_key(header[0]) == "factor":
        return _ratings(path, sheet), []
    columns = _columns(header)
    if sheet is None or "value" not in columns.values():
        raise ImportProblem([Message("answers.foreign", file=path.name)])
    rows = ((n, {columns[i]: cell for i, cell in enumerate(cells) if i in columns}) for n, cells in sheet.rows[1:])
    return _answers(path, rows)


def _columns(header: Sequence[str]) -> dict[int, str]:
    """What each column is, by the words of ``data/foreign.csv``."""
    known = {name_key(row["word"]): row["meaning"] for row in load("foreign.csv")}
    found = {index: known.get(name_key(title)) for index, title in enumerate(header)}
    return {index: meaning for index, meaning in found.items() if meaning}


def _records(path: Path, raw: bytes) -> Iterable[Row]:
    try:
        listed = json.loads(decode(raw))
    except json.JSONDecodeError as problem:
        raise ImportProblem([Message("answers.cut", file=path.name, row=problem.lineno)]) from problem
    except RecursionError as problem:
        raise ImportProblem([Message("answers.foreign", file=path.name)]) from problem
    listed = listed if isinstance(listed, list) else [listed]
    rows: list[Row] = []
    for place, record in enumerate(listed, 1):
        names = list(record) if isinstance(record, dict) else []
        columns = _columns(names)
        if "value" not in columns.values():
            raise ImportProblem([Message("answers.foreign_record", file=path.name, n=place)])
        rows.append((place, {columns[index]: record[name] for index, name in enumerate(names) if index in columns}))
    return rows


def _answers(path: Path, rows: Iterable[Row]) -> tuple[list[Answer], list[Message]]:
    notes: list[Message] = []
    versions: dict[tuple[str, str], list[Answer]] = {}
    spelled: dict[str, str] = {}
    for place, row in rows:
        given, said = (clean_name(row.get(field) or "") for field in ("group", "item"))
        group = spelled.setdefault(name_key(given), given)
        value = row.get("value")
        if isinstance(value, str) and UNFIT.search(value):
            value = UNFIT.sub("\ufffd", value)
            notes.append(Message("answers.signs", where=_where(group, said), n=place))
        moment = str(row.get("time") or "")
        new = Answer(said, value, group=group, visibility="group", writer=path.stem, saved_at=moment)
        versions.setdefault((name_key(given), name_key(said)), []).append(new)
    kept: list[Answer] = []
    for each in versions.values():
        distinct = list({(answer.text, answer.saved_at): answer for answer in each}.values())
        newest = max(answer.time for answer in distinct)
        current = [answer for answer in distinct if answer.time == newest]
        if len(each) > len(current):
            where = _where(current[0].group, current[0].item)
            notes.append(Message("answers.older_left_out", where=where, n=len(each) - len(current)))
        kept += current
    return kept, notes


def _where(group: str, item: str) -> str:
    return ", ".join(part for part in (group, item) if part)


def _ratings(path: Path, sheet: Sheet) -> list[Answer]:
    judges = sheet.rows[0][1]
    faults: list[Message] = []
    seen: dict[str, int] = {}
    found: list[Answer] = []
    for row, cells in sheet.rows[1:]:
        factor = clean_name(cells[0]) if cells else ""
        first = seen.setdefault(name_key(factor), row)
        if not factor:
            faults.append(Message("answers.no_factor", place=sheet.place(row)))
        elif first != row:
            faults.append(
                Message("answers.factor_twice", place=sheet.place(row), factor=factor, first=sheet.place(first))
            )
        for judge, cell in zip(judges[1:], cells[1:], strict=False):
            if not cell.strip():
                continue  # no judgement, which is not the same as 0
            rating, place = number(cell), sheet.place(row, judge)
            if rating is None:
                faults.append(Message("answers.no_number", place=place, given=cell[:80]))
            elif not SCALE[0] <= rating <= SCALE[1]:
                faults.append(Message("answers.off_scale", place=place, given=cell[:80], low=SCALE[0], high=SCALE[1]))
            else:
                found.append(Answer(factor, rating, group=clean_name(judge), visibility="group", writer=path.stem))
    if faults:
        raise ImportProblem(faults)
    return found
