"""The files of one group, ``<work folder>/<room>/<group>/<writer>.jsonl``, as they were when last looked at."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from workshop.answers import disk
from workshop.answers.items import Key, answer_key
from workshop.answers.merge import Answer
from workshop.texts import Message

Marked = dict[tuple, Answer]
"""Answers by their mark."""


class Folder:
    """The files of a group.

    Parameters
    ----------
    path : pathlib.Path
        The group's folder.
    own : str
        Name of the file that this writer adds to.

    Attributes
    ----------
    files : dict of str to (stamp, dict or None)
        By file name its answers by mark; None for a file that is not ours or cannot be read: it is never written to.
    notes : list of Message
        What people must know of the files.
    """

    def __init__(self, path: Path, own: str):
        self.path, self.own = path, own
        self.files: dict[str, tuple[tuple[int, int, int] | None, Marked | None]] = {}
        self.notes: list[Message] = []
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError:
            self._note(Message("answers.folder", folder=str(path)))
        self.scan()

    @property
    def usable(self) -> bool:
        """Whether the own file may be written to."""
        return self.files.get(self.own, (None, {}))[1] is not None

    def answers(self, name: str) -> Marked:
        """What could be read of one file, by mark."""
        return self.files.get(name, (None, None))[1] or {}

    def scan(self) -> bool:
        """Read the files that changed; says whether any did.

        The own file goes first: who wipes a line out of it said so in a file of their own before.
        """
        try:
            names = {path.name for path in self.path.iterdir() if path.suffix == ".jsonl"}
        except OSError:  # the stick is out: go on with what is known
            return False
        missing = self.files.keys() - names
        for name in missing:
            del self.files[name]
        changed = bool(missing)
        for name in sorted(names, key=lambda name: (name != self.own, name)):
            stamp = disk.stamp(self.path / name)
            if name not in self.files or self.files[name][0] != stamp:
                self.files[name] = (stamp, self._read(self.path / name))
                changed = True
        return changed

    def append(self, answers: list[Answer], there: Iterable[Answer]) -> None:
        """Add answers to the own file; `there` is what large ones may be compared with.

        Raises
        ------
        OSError
            If the disk is full, gone or closed to us.
        """
        path, (before, known) = self.path / self.own, self.files.get(self.own, (None, None))
        data, expected = disk.lines(answers, there), before == disk.stamp(path)
        disk.append(path, data)
        after = disk.stamp(path)
        inode, size, _ = before or (after and after[0], 0, 0)
        expected &= after is not None and after[:2] == (inode, size + len(data))
        added = {answer.mark: answer for answer in answers}
        self.files[self.own] = (after, {**(known or {}), **added} if expected else self._read(path))

    def drop(self, gone: set[tuple]) -> int:
        """Wipe records out of all files; says in how many."""
        count = 0
        for name, (_, answers) in list(self.files.items()):
            if answers and not gone.isdisjoint(answers):
                with suppress(OSError):
                    count += self._wipe(name, lambda _, answer: answer is not None and answer.mark in gone)
        return count

    def clear(self, match: Callable[[Key], bool]) -> list[str]:
        """Wipe all versions of some answers out of every file; gives the names of files where that failed."""

        def concerns(line: bytes, answer: Answer | None) -> bool:
            if answer:
                return not answer.deleted and self._ours(answer) and match(answer.key)
            item, person = (re.search(rb'"%b": ?"([^"\\]*)"' % name, line) for name in (b"item", b"person"))
            return not item or match(answer_key(item[1].decode(), person and person[1].decode()))

        failed = []
        wiped = [name for name, (_, answers) in self.files.items() if answers is not None]
        for name in [*wiped, *(path.name for path in self.path.glob("*.torn"))]:
            try:
                self._wipe(name, concerns)
            except OSError:
                failed.append(name)
        return failed

    def _wipe(self, name: str, goes: Callable[[bytes, Answer | None], bool]) -> bool:
        return disk.wipe(self.path / name, goes, self.path / self.own)

    def _read(self, path: Path) -> Marked | None:
        try:
            content = disk.Content(path.read_bytes(), path.stem, self.path.parent.name, self.path.name)
            if content.foreign:
                self._note(Message("answers.foreign", file=path.name))
                return None
            self._note(*content.notes(path.name))
            if content.torn and path.stat().st_mtime < time.time() - 1:  # else somebody may be writing it
                self._note(Message("answers.torn", file=path.name))
                disk.append(path.with_suffix(".torn"), content.torn + b"\n")
                self._wipe(path.name, lambda line, _: line == content.torn)
        except OSError:
            self._note(Message("answers.unreadable", file=path.name))
            return self.files.get(path.name, (None, None))[1]
        return {answer.mark: answer for answer in content.answers if self._ours(answer)}

    def _ours(self, answer: Answer) -> bool:
        return (answer.room, answer.group) == (self.path.parent.name, self.path.name)

    def _note(self, *notes: Message) -> None:
        self.notes += [note for note in notes if note not in self.notes]
