"""Answers that another program kept: a table of answers or of ratings, as CSV, workbook or JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from workshop.answers.merge import Answer
from workshop.domain.network import clean_name, name_key
from workshop.exchange.interpret import tidy
from workshop.exchange.numbers import number
from workshop.exchange.questions import ImportProblem
from workshop.exchange.reader import sheets_of
from workshop.exchange.sheets import Sheet, letter, mark
from workshop.exchange.tables import tokens
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
    best: tuple[dict[int, str], Sheet, int] | None = None
    for sheet in sheets_of(path.name, raw):
        for at, (_, cells) in enumerate(sheet.rows[:12]):
            columns = _columns(cells)
            if columns.get(next((i for i, cell in enumerate(cells) if cell.strip()), -1)) == "factor":
                return _ratings(path, sheet, at)
            if "value" in columns.values() and (best is None or len(columns) > len(best[0])):
                best = (columns, sheet, at)
    if best is None:
        raise ImportProblem([Message("answers.foreign", file=path.name)])
    columns, sheet, start = best
    rows: list[Row] = []
    for row, cells in sheet.rows[start + 1 :]:
        rows.append((row, {columns[at]: sheet.broken.get((row, at), cells[at]) for at in columns}))
    return _answers(path, rows)


def _columns(header: Sequence[str]) -> dict[int, str]:
    """What each column is, by the words of ``data/foreign.csv``."""
    known = {name_key(row["word"]): row["meaning"] for row in load("foreign.csv")}
    found = {at: known.get(" ".join(tokens(re.sub(r"\(.*?\)|_", " ", title)))) for at, title in enumerate(header)}
    return {at: meaning for at, meaning in found.items() if meaning}


def _records(path: Path, raw: bytes) -> Iterable[Row]:
    """The records of a JSON file: a list, a list under one name, or one record a line."""
    text = decode(raw).strip()
    by_line = re.match(r"\{.*\}\s*\n\s*\{", text)
    try:
        listed = [json.loads(part, strict=False) for part in (text.splitlines() if by_line else [text])]
    except json.JSONDecodeError as problem:
        raise ImportProblem([Message("answers.cut", file=path.name, row=problem.lineno)]) from problem
    except RecursionError as problem:
        raise ImportProblem([Message("answers.foreign", file=path.name)]) from problem
    if len(listed) == 1:
        inner = list(listed[0].values()) if isinstance(listed[0], dict) else listed
        listed = inner[0] if len(inner) == 1 and isinstance(inner[0], list) else listed
    rows: list[Row] = []
    for place, record in enumerate(listed, 1):
        names = list(record) if isinstance(record, dict) else []
        columns = _columns(names)
        if "value" not in columns.values():
            raise ImportProblem([Message("answers.foreign_record", file=path.name, n=place)])
        rows.append((place, {meaning: record[names[at]] for at, meaning in columns.items()}))
    return rows


def _answers(path: Path, rows: Iterable[Row]) -> tuple[list[Answer], list[Message]]:
    notes: list[Message] = []
    versions: dict[tuple[str, str], list[Answer]] = {}
    spelled: dict[str, str] = {}
    for place, row in rows:
        given, said = (clean_name("" if row.get(part) is None else row[part]) for part in ("group", "item"))
        group = spelled.setdefault(name_key(given), given)
        value = "" if row.get("value") is None else row["value"]
        if any(isinstance(text, str) and UNFIT.search(text) for text in row.values()):
            value = UNFIT.sub("\ufffd", value) if isinstance(value, str) else value
            notes.append(Message("answers.signs", where=_where(group, said), n=place))
        moment = _moment(row.get("time"))
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


def _moment(given: Any) -> str:
    """A time as ISO 8601, where it was seconds or milliseconds since 1970, or day/month/year."""
    text = str(given or "").strip()
    if re.fullmatch(r"\d{10}(\d{3})?(\.\d+)?", text):
        return datetime.fromtimestamp(float(text) / (1000 if float(text) > 1e11 else 1), UTC).isoformat()
    found = re.fullmatch(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?:[ ,T]+(\d{1,2})(:.*))?", text)
    if not found:
        return text
    day, month, year, hour, rest = found.groups()
    return f"{year}-{month:0>2}-{day:0>2}" + (f"T{hour:0>2}{rest}" if hour else "")


def _where(group: str, item: str) -> str:
    return ", ".join(part for part in (group, item) if part)


def _ratings(path: Path, sheet: Sheet, start: int) -> tuple[list[Answer], list[Message]]:
    """A table of ratings: a row for each factor, a column for each judge; totals are left out."""
    top, header = sheet.rows[start]
    left = next(iter(_columns(header)))
    faults: list[Message] = []
    notes: list[Message] = []
    seen: dict[str, Message] = {}
    found: list[Answer] = []

    def spot(key: str, place: Message) -> None:
        notes.append(Message(f"import.note.{key}", places=place))

    def once(text: str, place: Message) -> None:
        first = seen.setdefault(name_key(text), place)
        if first is not place:
            faults.append(Message("answers.factor_twice", place=place, factor=text, first=first))

    judges = {}
    for at, title in enumerate(header[left + 1 :], left + 1):
        if mark(title) == "total":
            spot("total", sheet.place(top, letter(at)))
        elif title.strip():
            judges[at] = clean_name(title)
            once(judges[at], sheet.place(top, judges[at]))
    seen.clear()
    for row, cells in tidy(sheet, spot).rows:
        if row <= top:
            continue
        factor = clean_name(cells[left])
        if factor:
            once(factor, sheet.place(row))
        else:
            faults.append(Message("answers.no_factor", place=sheet.place(row)))
        stray = next((at for at, cell in enumerate(cells) if cell.strip() and not header[at].strip()), None)
        if stray is not None:
            faults.append(Message("import.fault.too_wide", place=sheet.place(row, letter(stray))))
        for at, judge in judges.items():
            cell, place = cells[at], sheet.place(row, judge)
            if (row, at) in sheet.broken:
                faults.append(Message("import.fault.formula", place=place))
            if not cell.strip():
                continue  # no judgement, which is not the same as 0
            rating = number(cell)
            if rating is None:
                faults.append(Message("answers.no_number", place=place, given=cell[:80]))
            elif not SCALE[0] <= rating <= SCALE[1]:
                faults.append(Message("answers.off_scale", place=place, given=cell[:80], low=SCALE[0], high=SCALE[1]))
            else:
                found.append(Answer(factor, rating, group=judge, visibility="group", writer=path.stem))
    if faults:
        raise ImportProblem(faults)
    return found, notes
