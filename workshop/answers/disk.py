"""One file of answers on a disk that may be a stick, a share or a browser's storage: read, append, rewrite.

No locks and no file kept open. Whoever appends checks that the file was not replaced meanwhile, whoever replaces a file
checks that nothing was appended meanwhile; so the two together lose nothing.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from workshop.answers import changes
from workshop.answers.items import CHANGED, FORMAT
from workshop.answers.merge import Answer, NewerFormat, read_record
from workshop.texts import Message


@dataclass
class Content:
    """What stands in one file.

    Parameters
    ----------
    answers : list of Answer
        All that could be read, in the order of the file.
    torn : bytes
        The last line where it was cut off while it was written.
    damaged, newer : list of int
        Rows, counted from 1, that are no record, or that a newer kit wrote.
    older : bool
        Whether values were brought up to date.
    rows : list of (bytes, Answer or None, bool)
        Every line that is not empty, its answer, and whether the line only says what changed.
    """

    answers: list[Answer] = field(default_factory=list)
    torn: bytes = b""
    damaged: list[int] = field(default_factory=list)
    newer: list[int] = field(default_factory=list)
    older: bool = False
    rows: list[tuple[bytes, Answer | None, bool]] = field(default_factory=list)

    @property
    def foreign(self) -> bool:
        """Whether nothing in it is of this kit."""
        ours = self.answers or self.newer or self.torn.startswith(b'{"format"')
        return not ours and bool(self.torn or self.damaged)

    def notes(self, name: str) -> list[Message]:
        """What people must know of it, apart from a torn last line."""
        found = [Message("answers.damaged", file=name, row=row) for row in self.damaged]
        if self.newer:
            found.append(Message("answers.newer", file=name, n=len(self.newer)))
        if self.older:
            found.append(Message("answers.older", file=name))
        return found


def parse(raw: bytes, writer: str, room: str = "", group: str = "") -> Content:
    """Read the lines of a file; `writer`, `room` and `group` are for lines that do not say."""
    content = Content()
    lines = raw.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    filled = [row for row, line in enumerate(lines, 1) if line.strip()]
    known: dict[tuple, Answer] = {}
    for row in filled:
        line, answer, changed = lines[row - 1], None, False
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            if row == filled[-1]:
                content.torn = line
            else:
                content.damaged.append(row)
        else:
            try:
                changed = isinstance(record, dict) and "change" in record and record.get("format") == CHANGED
                answer = read_record(_whole(record, known) if changed else record, writer, room, group)
                answer.tie_break, answer.replaced  # noqa: B018 (so that what cannot be compared shows here)
            except NewerFormat:
                content.newer.append(row)
            except (ValueError, RecursionError):
                answer = None
                content.damaged.append(row)
        content.rows.append((line, answer, changed))
        if answer:
            known[answer.key, answer.ref] = answer
            content.answers.append(answer)
            content.older |= answer.format < FORMAT
    return content


def _whole(record: dict, known: dict[tuple, Answer]) -> dict:
    """A record that says what changed since another one of the same file, with its whole value."""
    before = known.get(((record.get("person"), record.get("item")), record.get("since")))
    if before is None:
        raise ValueError("what it changed is not there")
    return {**record, "format": before.format, "value": changes.apply(before.value, record.get("change"))}


def lines(answers: list[Answer], there: list[Answer]) -> bytes:
    """Records as they are to be added to the own file, large values as what changed since the one before.

    Parameters
    ----------
    answers : list of Answer
        What is new.
    there : list of Answer
        What the file holds already.
    """
    last, added = {answer.key: answer for answer in there}, []
    for answer in answers:
        added.append(answer.line(last.get(answer.key)))
        last[answer.key] = answer
    return b"".join(added)


def signature(path: Path) -> tuple[int, int, int] | None:
    """What changes when a file changes; None where it is not there."""
    try:
        found = path.stat()
    except OSError:
        return None
    return (found.st_ino, found.st_size, found.st_mtime_ns)


def append(path: Path, data: bytes) -> None:
    """Add whole lines to a file; they are on the disk when this returns.

    Raises
    ------
    OSError
        If the disk is full, gone or closed to us. Nothing is left half written then, as far as the disk allows.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    for _ in range(5):
        with open(path, "a+b", buffering=0) as file:
            start = file.seek(0, os.SEEK_END)
            if start:
                file.seek(-1, os.SEEK_END)
                if file.read(1) != b"\n":
                    data = b"\n" + data
            try:
                done = 0
                while done < len(data):
                    done += file.write(data[done:]) or 0
                os.fsync(file.fileno())
            except OSError:
                with suppress(OSError):
                    file.truncate(start)
                raise
            written = os.fstat(file.fileno())
        with suppress(FileNotFoundError):
            if os.path.samestat(written, path.stat()):
                if not start:
                    _sync(path.parent)
                return


def rewrite(path: Path, change: Callable[[bytes], bytes]) -> bool:
    """Replace a file by a changed copy, unless somebody appends meanwhile; then try again.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    change : callable
        From the old bytes to the new ones; asked again where something was appended at the last moment.

    Returns
    -------
    bool
        Whether anything was changed.

    Raises
    ------
    OSError
        If the file cannot be replaced; it is as it was then.
    """
    fresh = path.with_suffix(f".{os.getpid()}-{time.monotonic_ns()}.tmp")
    with _removed(fresh):
        for attempt in range(20):
            with open(path, "rb") as old:
                opened, raw = os.fstat(old.fileno()), old.read()
                new = change(raw)
                if new == raw:
                    return False
                with open(fresh, "wb") as file:
                    file.write(new)
                    file.flush()
                    os.fsync(file.fileno())
                if os.name == "nt":
                    old.close()  # an open file cannot be replaced there
                now = path.stat()
                if now.st_size != len(raw) or not os.path.samestat(opened, now):
                    continue
                try:
                    os.replace(fresh, path)
                except PermissionError:  # somebody has it open on Windows
                    if attempt == 19:
                        raise
                    time.sleep(0.05)
                    continue
                _sync(path.parent)
                late = b"" if old.closed else old.read()
            if late:
                append(path, change(raw + late).removeprefix(new))
            return True
    raise OSError(f"{path.name} keeps changing")


def keep_lines(path: Path, stays: Callable[[bytes, Answer | None], bool]) -> bool:
    """Rewrite a file without the lines that need not stay; see `rewrite`.

    Parameters
    ----------
    path : pathlib.Path
        The file; its folders are the room and the group.
    stays : callable
        Asked for each line, with its answer where it is one.
    """

    def change(raw: bytes) -> bytes:
        kept, gone = [], set()
        for line, answer, changed in parse(raw, path.stem, path.parent.parent.name, path.parent.name).rows:
            if not stays(line, answer):
                gone.add(answer.key if answer else None)
                continue
            if answer and changed and answer.key in gone:  # what it was compared with may be gone
                line = answer.line().rstrip(b"\n")
            kept.append(line)
        end = b"\n" if raw.endswith(b"\n") and kept else b""
        return b"\n".join(kept) + end if gone else raw

    return rewrite(path, change)


@contextmanager
def _removed(path: Path) -> Iterator[None]:
    try:
        yield
    finally:
        with suppress(OSError):
            path.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    """Have the name of a new file on the disk too; not every system knows how."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
