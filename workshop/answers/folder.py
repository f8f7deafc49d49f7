"""The files of one group: what stands in them, what changed, and how a line is taken out of all of them."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from workshop.answers import disk
from workshop.answers.items import item_rules
from workshop.answers.merge import DELETED, Answer
from workshop.texts import Message

QUIET = 600
"""Seconds after which a file of another writer may be tidied up."""
Key = tuple[str | None, str]
_START = re.compile(rb'"person": ?(null|"[^"\\]*"), ?"item": ?("[^"\\]*"),')


def answer_key(item: str, person: str | None) -> Key:
    """Under which an answer is found: the group's items have no person."""
    return (None if item_rules(item).owner == "group" else person, item)


class Folder:
    """The files of a group, ``<work folder>/<room>/<group>/<writer>.jsonl``, as they were when last looked at.

    Parameters
    ----------
    path : pathlib.Path
        The group's folder.

    Attributes
    ----------
    files : dict of str to (signature, list of Answer or None)
        By file name; None for a file that is not ours or cannot be read: such a file is never written to.
    notes : list of Message
        What people must know of the files.
    """

    def __init__(self, path: Path):
        self.path, self.room, self.group = path, path.parent.name, path.name
        self.files: dict[str, tuple[tuple[int, int, int] | None, list[Answer] | None]] = {}
        self.notes: list[Message] = []
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError:
            self.note(Message("answers.folder", folder=str(path)))
        self.scan(opening=True)

    def note(self, *notes: Message) -> None:
        """Say something once."""
        self.notes += [note for note in notes if note not in self.notes]

    def answers(self, name: str) -> list[Answer]:
        """What could be read of one file."""
        return self.files.get(name, (None, None))[1] or []

    def stamp(self, name: str) -> tuple[int, int, int] | None:
        """How the file was when it was last read."""
        return self.files.get(name, (None, None))[0]

    def scan(self, opening: bool = False) -> bool:
        """Read the files that changed; says whether any did."""
        try:
            names = sorted(path.name for path in self.path.iterdir() if path.suffix == ".jsonl")
        except OSError:  # the stick is out: go on with what is known
            return False
        missing = self.files.keys() - names
        for name in missing:
            del self.files[name]
        changed = bool(missing)
        for name in names:
            stamp = disk.signature(self.path / name)
            if name not in self.files or self.files[name][0] != stamp:
                self.files[name] = (stamp, self._read(self.path / name, opening))
                changed = True
        return changed

    def _read(self, path: Path, opening: bool) -> list[Answer] | None:
        try:
            content = disk.parse(path.read_bytes(), path.stem, self.room, self.group)
            if opening and content.torn and time.time() - path.stat().st_mtime < 1:
                time.sleep(0.1)  # perhaps somebody is writing at this very moment
                content = disk.parse(path.read_bytes(), path.stem, self.room, self.group)
        except OSError:
            self.note(Message("answers.unreadable", file=path.name))
            return self.files.get(path.name, (None, None))[1]
        if content.foreign:
            self.note(Message("answers.foreign", file=path.name))
            return None
        self.note(*content.notes(path.name))
        if opening and content.torn:
            self._set_aside(path.with_suffix(".torn"), content.torn, path.name)
        return [answer for answer in content.answers if (answer.room, answer.group) == (self.room, self.group)]

    def _set_aside(self, aside: Path, torn: bytes, name: str) -> None:
        with suppress(OSError):
            if not (aside.exists() and torn in aside.read_bytes()):
                self.note(Message("answers.torn", file=name))
                disk.append(aside, torn + b"\n")

    def drop(self, gone: set[tuple], own: str) -> int:
        """Take records out of the own file and of those long left alone; says how many files that changed."""
        count, before = 0, time.time() - QUIET
        for name, (stamp, answers) in list(self.files.items()):
            left = name == own or (stamp and stamp[2] / 1e9 < before)
            if left and any(answer.mark in gone for answer in answers or []):
                with suppress(OSError):
                    count += disk.keep_lines(
                        self.path / name, lambda _, answer: answer is None or answer.mark not in gone
                    )
        with suppress(OSError):
            for path in self.path.glob("*.tmp"):
                if path.stat().st_mtime < before:
                    path.unlink()
        return count

    def clear(self, match: Callable[[Key], bool]) -> list[str]:
        """Take all versions of some answers out of every file; gives the names of files where that failed."""
        failed = []
        for path in sorted(self.path.glob("*.*")):
            try:
                if path.suffix == ".tmp":
                    path.unlink(missing_ok=True)
                elif path.suffix == ".torn" or self.files.get(path.name, (None, None))[1] is not None:
                    disk.keep_lines(path, lambda line, _: not self._concerns(line, match))
            except OSError:
                failed.append(path.name)
        return failed

    def _concerns(self, line: bytes, match: Callable[[Key], bool]) -> bool:
        """Whether a line holds what is to go; a line that cannot tell counts as if it did."""
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            start = _START.search(line)
            return not start or match(answer_key(json.loads(start[2]), json.loads(start[1])))
        if not isinstance(record, dict) or record.get("visibility") == DELETED:
            return False
        if record.get("room", self.room) != self.room or record.get("group", self.group) != self.group:
            return False
        person = record.get("person")
        return match(answer_key(str(record.get("item")), str(person) if person else None))
