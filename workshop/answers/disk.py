"""One file of answers on a disk that may be a stick, a share or a browser's storage: read, append, wipe lines out.

No locks, no file kept open and none replaced: lines are only added at the end, by the one writer whose file it is, and
what must go is overwritten with spaces where it stands. So nobody's work undoes another's, and who has read a file once
has only to read on.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from workshop.answers import changes
from workshop.answers.items import CHANGED, FORMAT
from workshop.answers.merge import Answer, NewerFormat, read_record
from workshop.texts import Message


class File:
    """One file, as far as it was read; its name is the writer, and `room` and `group` count where a line says none.

    Attributes
    ----------
    marks : set of tuple
        Of the answers in it.
    torn : bytes
        The last line where it was cut off while it was written.
    damaged, newer : list of int
        Rows, counted from 1, that are no record, or that a newer kit wrote.
    """

    def __init__(self, path: Path, room: str = "", group: str = ""):
        self.path, self._place, self._inode = path, (path.stem, room, group), 0
        self._start()

    def _start(self) -> None:
        self._end, self._rows, self.torn, self._older, self._quiet = 0, 0, b"", False, False
        self.marks: set[tuple] = set()
        self.damaged: list[int] = []
        self.newer: list[int] = []
        self._records: list[Any] = []

    def read(self) -> list[Answer]:
        """Read on, up to a line that is not whole; gives the answers that came.

        Such a line is read again at the next look, since somebody may still be writing it (the clock of a share need
        not be ours); it is never touched here, only copied aside when it is a second old.
        """
        try:
            found = self.path.stat()
        except FileNotFoundError:
            self._start()
            return []
        if found.st_ino != self._inode or found.st_size < self._end:  # another file has its name now
            self._start()
            self._inode = found.st_ino
        if found.st_size == self._end:
            return []
        with self.path.open("rb") as file:
            file.seek(self._end)
            raw = file.read()
        whole = raw.rfind(b"\n") + 1
        answers = [answer for answer in self.take(raw[:whole]) if answer]
        answers += self._last(raw[whole:]) if raw[whole:] else []
        self._quiet = bool(self.torn) and (time.time() - found.st_mtime < 1 or self._is_aside())
        self.marks |= {answer.mark for answer in answers}
        return answers

    def _last(self, line: bytes) -> list[Answer]:
        """What stands after the last end of a line: a record, or the beginning of one, for the next look."""
        before = self._end, self._rows
        answers = [answer for answer in self.take(line) if answer]
        if self.torn:
            self._end, self._rows = before
        return answers

    def _is_aside(self) -> bool:
        """Copy the line that was cut off aside; whether it stood there already, and so was said before."""
        aside = self.path.with_suffix(".torn")
        if self.foreign or (aside.exists() and self.torn in aside.read_bytes().split(b"\n")):
            return not self.foreign
        with suppress(OSError):  # perhaps we may only read here
            append(aside, self.torn + b"\n")
        return False

    def take(self, raw: bytes) -> list[Answer | None]:
        """Read lines that follow on what was read; gives the answer on each, None where there is none."""
        *lines, last = raw.split(b"\n")
        self._end, self.torn = self._end + len(raw), b""
        answers: list[Answer | None] = []
        for line in [*lines, last] if last else lines:
            self._rows, answer = self._rows + 1, None
            if line and not line.isspace():
                try:
                    record = json.loads(line)
                    if "change" in record and record["format"] == CHANGED:
                        record = self._whole(record)
                    answer = read_record(record, *self._place)
                    self._records.append(record)
                    self._older |= answer.format < FORMAT
                except NewerFormat:
                    self.newer.append(self._rows)
                except (ValueError, TypeError, KeyError, RecursionError):
                    self.damaged.append(self._rows)
            answers.append(answer)
        if last and self.damaged[-1:] == [self._rows]:
            self.torn = last
            self.damaged.pop()
        return answers

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
        ours = self._records or self.newer or self.torn.startswith(b'{"format"')
        return not ours and bool(self.torn or self.damaged)

    @property
    def notes(self) -> list[Message]:
        """What people must know of it."""
        name = self.path.name
        if self.foreign:
            return [Message("answers.foreign", file=name)]
        found = [Message("answers.damaged", file=name, row=row) for row in self.damaged]
        found += [Message("answers.newer", file=name, n=len(self.newer))] if self.newer else []
        found += [Message("answers.older", file=name)] if self._older else []
        return found + ([Message("answers.torn", file=name)] if self.torn and not self._quiet else [])

    def wipe(self, goes: Callable[[bytes, Answer | None], bool], own: File) -> None:
        """Overwrite lines with spaces: those for which `goes` says so of the line and its answer, if it is one.

        What only says what changed since such a line is written in full to the `own` file first.
        """
        raw, start = self.path.read_bytes() if self.path.exists() else b"", 0
        places: list[tuple[int, int]] = []
        gone: set[tuple | None] = set()
        for line, answer in zip(raw.split(b"\n"), File(self.path, *self._place[1:]).take(raw), strict=False):
            if line.strip() and goes(line, answer):
                places.append((start, len(line)))
                gone.add(answer and answer.key)
            elif answer and answer.key in gone and b'"change"' in line:
                append(own.path, answer.line())
                places.append((start, len(line)))
            start += len(line) + 1
        if places:
            with open(self.path, "r+b") as file:
                for start, length in places:
                    file.seek(start)
                    file.write(b" " * length)
                file.flush()
                os.fsync(file.fileno())


def append(path: Path, data: bytes) -> None:
    """Add whole lines to a file; they are on the disk when this returns, else nothing is left half written."""
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
