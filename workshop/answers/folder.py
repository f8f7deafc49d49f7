"""The files of one group, ``<work folder>/<room>/<group>/<writer>.jsonl``, as far as they were read."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from workshop.answers import disk
from workshop.answers.items import Key, answer_key
from workshop.answers.merge import Answer
from workshop.texts import Message


class Folder:
    """The files of a group.

    Attributes
    ----------
    files : dict of str to Content
        By file name. One that is not ours is never written to.
    notes : list of Message
        What people must know of the files.
    """

    def __init__(self, path: Path):
        self.path = path
        self.files: dict[Path, disk.Content] = {}
        self.notes: list[Message] = []
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError:
            self._note(Message("answers.folder", folder=str(path)))

    def scan(self) -> list[Answer]:
        """Read on in all files; gives the answers that came."""
        try:
            paths = sorted(path for path in self.path.iterdir() if path.suffix == ".jsonl")
        except OSError:  # the stick is out: go on with what is known
            return []
        for path in self.files.keys() - paths:
            del self.files[path]
        return [answer for path in paths for answer in self._read(path)]

    def marks(self, path: Path) -> set[tuple]:
        """Of the answers that stand in a file."""
        return self.files[path].marks if path in self.files else set()

    def add(self, path: Path, data: bytes) -> list[Answer]:
        """Add lines to a file; they are on the disk when this returns, else an OSError says why not."""
        disk.append(path, data)
        return self._read(path)

    def drop(self, gone: set[tuple], own: Path) -> None:
        """Wipe records out of all files, see `disk.wipe`."""
        for path, content in self.files.items():
            if not gone.isdisjoint(content.marks):
                with suppress(OSError):
                    disk.wipe(path, lambda _, answer: answer is not None and answer.mark in gone, own)

    def clear(self, match: Callable[[Key], bool], own: Path) -> list[str]:
        """Wipe all versions of some answers out of every file; gives the names of files where that failed."""

        def concerns(line: bytes, answer: Answer | None) -> bool:
            if answer:
                return not answer.deleted and self._ours(answer) and match(answer.key)
            item, person = (re.search(rb'"%b": ?"([^"\\]*)"' % name, line) for name in (b"item", b"person"))
            return not item or match(answer_key(item[1].decode(), person and person[1].decode()))

        failed = []
        for path in [*(path for path, content in self.files.items() if not content.foreign), *self.path.glob("*.torn")]:
            try:
                disk.wipe(path, concerns, own)
            except OSError:
                failed.append(path.name)
        return failed

    def _read(self, path: Path) -> list[Answer]:
        content = self.files.get(path)
        try:
            found = path.stat()
            if content is None or content.inode != found.st_ino or content.end > found.st_size:
                content = disk.Content(path.stem, self.path.parent.name, self.path.name)
                content.inode, self.files[path] = found.st_ino, content
            if found.st_size == content.end + len(content.torn):
                return []
            with path.open("rb") as file:
                file.seek(content.end)
                answers = content.read_on(file.read())
            self._note(*content.notes(path.name))
            if content.torn and not content.foreign and found.st_mtime < time.time() - 1:  # nobody is writing it now
                self._note(Message("answers.torn", file=path.name))
                disk.append(path.with_suffix(".torn"), content.torn + b"\n")
                disk.wipe(path, lambda line, _: line == content.torn, path)
        except OSError:
            self._note(Message("answers.unreadable", file=path.name))
            return []
        answers = [answer for answer in answers if self._ours(answer)]
        content.marks |= {answer.mark for answer in answers}
        return answers

    def _ours(self, answer: Answer) -> bool:
        return (answer.room, answer.group) == (self.path.parent.name, self.path.name)

    def _note(self, *notes: Message) -> None:
        self.notes += [note for note in notes if note not in self.notes]
