"""One file of answers on a disk that may be a stick, a share or a browser's storage: read, append, wipe lines out.

No locks, no file kept open and none replaced: lines are only added at the end, by the one writer whose file it is, and
what must go is overwritten with spaces where it stands. So nobody's work undoes another's, and who has read a file once
has only to read on.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from contextlib import suppress
from itertools import zip_longest
from pathlib import Path
from typing import Any

from workshop.answers import changes
from workshop.answers.items import CHANGED, FORMAT
from workshop.answers.merge import Answer, NewerFormat, read_record
from workshop.texts import Message


class Content:
    """What was read of one file; `writer`, `room` and `group` are for lines that do not say.

    Attributes
    ----------
    found : list of Answer or None
        The answer on each line; None for an empty line and for one that cannot be read.
    torn : bytes
        The last line where it was cut off, or is still being written: it is read again with what follows.
    damaged, newer : list of int
        Rows, counted from 1, that are no record, or that a newer kit wrote.
    marks : set of tuple
        Of the answers that belong in this file.
    end, inode : int
        Up to where the file was read, and what tells it from another with the same name.
    """

    def __init__(self, writer: str, room: str = "", group: str = "", raw: bytes = b""):
        self.places = (writer, room, group)
        self.found: list[Answer | None] = []
        self.damaged: list[int] = []
        self.newer: list[int] = []
        self.torn, self.end, self.inode = b"", 0, 0
        self.marks: set[tuple] = set()
        self._records: list[Any] = []
        self.read_on(raw)

    def read_on(self, raw: bytes) -> list[Answer]:
        """Read what stands after `end`; gives the answers in it."""
        *lines, last = raw.split(b"\n")
        before, self.torn = len(self.found), b""
        for line in [*lines, last] if last else lines:
            answer = None
            if line and not line.isspace():
                try:
                    record = json.loads(line)
                    if "change" in record and record["format"] == CHANGED:
                        record = self._whole(record)
                    answer = read_record(record, *self.places)
                    self._records.append(record)
                except NewerFormat:
                    self.newer.append(len(self.found) + 1)
                except (ValueError, TypeError, KeyError, RecursionError):
                    self.damaged.append(len(self.found) + 1)
            self.found.append(answer)
        if last and self.damaged and self.damaged[-1] == len(self.found):
            self.torn = last
            del self.damaged[-1], self.found[-1]
        self.end += len(raw) - len(self.torn)
        return [answer for answer in self.found[before:] if answer]

    def _whole(self, record: dict) -> dict:
        """A record that says what changed since an earlier one, with its whole value."""
        for before in reversed(self._records):
            same = before["item"] == record["item"] and before.get("person") == record["person"]
            if same and f"{before.get('writer')}:{before.get('seq')}" == record["since"]:
                return {**record, "format": before["format"], "value": changes.apply(before["value"], record["change"])}
        raise ValueError("what it changed is not there")

    @property
    def foreign(self) -> bool:
        """Whether nothing in it is of this kit."""
        ours = any(self.found) or self.newer or self.torn.startswith(b'{"format"')
        return not ours and bool(self.torn or self.damaged)

    def notes(self, name: str) -> list[Message]:
        """What people must know of it, apart from a torn last line."""
        if self.foreign:
            return [Message("answers.foreign", file=name)]
        found = [Message("answers.damaged", file=name, row=row) for row in self.damaged]
        if self.newer:
            found.append(Message("answers.newer", file=name, n=len(self.newer)))
        if any(answer and answer.format < FORMAT for answer in self.found):
            found.append(Message("answers.older", file=name))
        return found


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


def wipe(path: Path, goes: Callable[[bytes, Answer | None], bool], own: Path) -> None:
    """Overwrite lines with spaces: those for which `goes` says so of the line and its answer, if it is one.

    What only says what changed since such a line is written in full to the `own` file first.

    Raises
    ------
    OSError
        If the file cannot be changed.
    """
    raw, start = path.read_bytes(), 0
    content = Content(path.stem, path.parent.parent.name, path.parent.name, raw)
    places: list[tuple[int, int]] = []
    gone: set[tuple | None] = set()
    for line, answer in zip_longest(raw.split(b"\n"), content.found):
        if line.strip() and goes(line, answer):
            places.append((start, len(line)))
            gone.add(answer and answer.key)
        elif answer and answer.key in gone and b'"change"' in line:
            append(own, answer.line())
            places.append((start, len(line)))
        start += len(line) + 1
    if places:
        with open(path, "r+b") as file:
            for start, length in places:
                file.seek(start)
                file.write(b" " * length)
            file.flush()
            os.fsync(file.fileno())
