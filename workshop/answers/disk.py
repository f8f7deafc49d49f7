"""One file of answers on a disk that may be a stick, a share or a browser's storage: read, append, wipe lines out.

No locks, no file kept open and none replaced: lines are only added at the end, by the one writer whose file it is, and
what must go is overwritten with spaces where it stands. So nobody's work can undo another's.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from workshop.answers import changes
from workshop.answers.items import CHANGED, FORMAT
from workshop.answers.merge import Answer, NewerFormat, read_record
from workshop.texts import Message


class Content:
    """What stands in one file.

    Parameters
    ----------
    raw : bytes
        The file.
    writer, room, group : str
        For lines that do not say.

    Attributes
    ----------
    lines : list of bytes
    found : list of Answer or None
        The answer on each line; None for an empty line and for one that cannot be read.
    torn : bytes
        The last line where it was cut off while it was written.
    damaged, newer : list of int
        Rows, counted from 1, that are no record, or that a newer kit wrote.
    """

    def __init__(self, raw: bytes, writer: str, room: str = "", group: str = ""):
        self.lines = raw.split(b"\n")
        self.found: list[Answer | None] = []
        self.damaged: list[int] = []
        self.newer: list[int] = []
        records: list[Any] = []
        for row, line in enumerate(self.lines, 1):
            answer = None
            if line and not line.isspace():
                try:
                    record = json.loads(line)
                    if "change" in record and record["format"] == CHANGED:
                        record = _whole(record, records)
                    answer = read_record(record, writer, room, group)
                    records.append(record)
                except NewerFormat:
                    self.newer.append(row)
                except (ValueError, TypeError, KeyError, RecursionError):
                    self.damaged.append(row)
            self.found.append(answer)
        torn = bool(self.damaged) and self.damaged[-1] == len(self.lines)
        self.torn = self.lines[self.damaged.pop() - 1] if torn else b""

    @property
    def answers(self) -> list[Answer]:
        """All that could be read, in the order of the file."""
        return [answer for answer in self.found if answer]

    @property
    def foreign(self) -> bool:
        """Whether nothing in it is of this kit."""
        ours = any(self.found) or self.newer or self.torn.startswith(b'{"format"')
        return not ours and bool(self.torn or self.damaged)

    def notes(self, name: str) -> list[Message]:
        """What people must know of it, apart from a torn last line."""
        found = [Message("answers.damaged", file=name, row=row) for row in self.damaged]
        if self.newer:
            found.append(Message("answers.newer", file=name, n=len(self.newer)))
        if any(answer and answer.format < FORMAT for answer in self.found):
            found.append(Message("answers.older", file=name))
        return found


def _whole(record: dict, earlier: list[dict]) -> dict:
    """A record that says what changed since another one of the same file, with its whole value."""
    for before in reversed(earlier):
        same = before["item"] == record["item"] and before.get("person") == record["person"]
        if same and f"{before.get('writer')}:{before.get('seq')}" == record["since"]:
            return {**record, "format": before["format"], "value": changes.apply(before["value"], record["change"])}
    raise ValueError("what it changed is not there")


def lines(answers: Iterable[Answer], there: Iterable[Answer]) -> bytes:
    """Records as they are to be added to the own file, large values as what changed since the one before.

    Parameters
    ----------
    answers : iterable of Answer
        What is new.
    there : iterable of Answer
        What the file holds already, and will go on holding.
    """
    last, added = {answer.key: answer for answer in there}, []
    for answer in answers:
        added.append(answer.line(last.get(answer.key)))
        last[answer.key] = answer
    return b"".join(added)


def stamp(path: Path) -> tuple[int, int, int] | None:
    """What changes when a file changes; None where it is not there."""
    with suppress(OSError):
        found = path.stat()
        return (found.st_ino, found.st_size, found.st_mtime_ns)
    return None


def append(path: Path, data: bytes) -> None:
    """Add whole lines to a file; they are on the disk when this returns.

    Raises
    ------
    OSError
        If the disk is full, gone or closed to us. Nothing is left half written then, as far as the disk allows.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "a+b", buffering=0) as file:
        start = file.seek(0, os.SEEK_END)
        if start:
            file.seek(-1, os.SEEK_END)
            if file.read(1) != b"\n":
                data = b"\n" + data
        try:
            while data:
                data = data[file.write(data) :]
            os.fsync(file.fileno())
        except OSError:
            with suppress(OSError):
                file.truncate(start)
            raise
    if not start:
        _sync(path.parent)


def _sync(folder: Path) -> None:
    """Have the name of a new file on the disk too; not every system knows how."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def wipe(path: Path, goes: Callable[[bytes, Answer | None], bool], own: Path | None = None) -> bool:
    """Overwrite lines with spaces: those for which `goes` says so of the line and its answer, if it is one.

    What only says what changed since such a line is written in full to the `own` file first.

    Raises
    ------
    OSError
        If the file cannot be changed.
    """
    content, start = Content(path.read_bytes(), path.stem, path.parent.parent.name, path.parent.name), 0
    places, gone = [], set()
    for line, answer in zip(content.lines, content.found, strict=True):
        if line.strip() and goes(line, answer):
            places.append((start, len(line)))
            gone.add(answer and answer.key)
        elif answer and answer.key in gone and b'"change"' in line:
            append(own or path, answer.line())
            places.append((start, len(line)))
        start += len(line) + 1
    if places:
        with open(path, "r+b") as file:
            for start, length in places:
                file.seek(start)
                file.write(b" " * length)
            file.flush()
            os.fsync(file.fileno())
    return bool(places)
