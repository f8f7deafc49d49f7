"""The answers of one group as one writer (one open page) sees and changes them."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from workshop.answers import changes, disk, merge
from workshop.answers.folder import Folder, Key, answer_key
from workshop.answers.items import first_visibility
from workshop.answers.merge import Answer
from workshop.answers.privacy import Together
from workshop.texts import Message, Problem


class Store(Together):
    """The answers of one group; `workshop.answers.open_store` makes one.

    Parameters
    ----------
    folder : pathlib.Path
        ``<work folder>/<room>/<group>``.
    writer : str
        Name of the own file; another one is taken where that file cannot be used.

    Attributes
    ----------
    pending : list of Answer
        What is not on the disk yet; `get` sees it.
    notes : list of Message
        What people must know of the files: a torn line, a newer kit, a file that cannot be read.
    """

    def __init__(self, folder: Path, writer: str):
        self._folder = Folder(folder)
        self.folder, self.room, self.group = folder, folder.parent.name, folder.name
        self.notes = self._folder.notes
        self.pending: list[Answer] = []
        self._own: list[Answer] = []  # written since opening, in case somebody replaces the file
        self._seen: dict[Key, list[str]] = {}  # the versions last given out
        usable = self._folder.files.get(f"{writer}.jsonl", (None, []))[1] is not None
        self.writer = writer if usable else os.urandom(6).hex()
        self._reindex()
        self.compact()

    @property
    def path(self) -> Path:
        """The own file."""
        return self.folder / f"{self.writer}.jsonl"

    def get(self, item: str, person: str | None = None, default: Any = None) -> Any:
        """The value of an answer; in a conflict the writer's own version, else the newest."""
        head = self._head(answer_key(item, person))
        return default if head is None else head.value

    def heads(self, item: str, person: str | None = None) -> list[Answer]:
        """All versions that count, newest first: none, one, or several that are in conflict."""
        self.refresh()
        return merge.shown_heads(self._raw(answer_key(item, person)))

    def base(self, item: str, person: str | None = None) -> list[str]:
        """What a new version will replace: kept beside a draft, and handed to `put` together with it."""
        key = answer_key(item, person)
        self._head(key)
        return self._seen[key]

    def history(self, item: str, person: str | None = None) -> list[Answer]:
        """All versions that are kept, oldest first."""
        self.refresh()
        records = self._index.get(answer_key(item, person), [])
        gone = {id(answer) for answer in merge.taken_back(records)}
        kept = [answer for answer in records if not answer.deleted and id(answer) not in gone]
        return sorted(kept, key=lambda answer: (answer.seq, answer.time, answer.writer))

    def items(self, person: str | None = None) -> list[str]:
        """Ids of all items that a person, or the group, has an answer to."""
        self.refresh()
        return sorted(key[1] for key in self._index if key[0] == person and merge.shown_heads(self._raw(key)))

    def current(self, item: str) -> list[Answer]:
        """The answers of all persons, conflicts included, newest first for each."""
        self.refresh()
        return [answer for key in self._index if key[1] == item for answer in merge.shown_heads(self._raw(key))]

    def everything(self) -> list[list[Answer]]:
        """For each answer of each person and of the group: its heads, marks of deletion among them."""
        self.refresh()
        return [self._raw(key) for key in self._index]

    def refresh(self) -> bool:
        """Read what other writers changed meanwhile; says whether anything did. Cheap where nothing did."""
        name = self.path.name
        before = self._folder.stamp(name)
        if not self._folder.scan():
            return False
        if self._folder.stamp(name) != before:  # somebody replaced the own file
            self._folder.scan()  # a deletion is noted in the other's file before it touches ours
            self._reindex()
            self._forget()
            there = {answer.mark for answer in [*self._folder.answers(name), *self.pending]}
            self.pending += [answer for answer in self._own if answer.mark not in there]
            with suppress(Problem):
                self.retry()
        self._reindex()
        return True

    def put(
        self,
        item: str,
        value: Any,
        person: str | None = None,
        base: list[str] | None = None,
        visibility: str | None = None,
    ) -> Answer:
        """Save an answer; it is on the disk when this returns. The same value again is not saved again.

        Parameters
        ----------
        item : str
            Id of the item.
        value
            Anything that JSON holds.
        person : str, optional
            The seat whose answer it is; of no account for items of the group.
        base : list of str, optional
            The versions that this one replaces. None: the one that this store last gave out or saved; what others
            wrote meanwhile stays beside it, as a conflict. All heads: chooses between them.
        visibility : {"private", "group", "released"}, optional
            None is what the registry says.

        Raises
        ------
        Problem
            If the disk fails (the answer stays in `pending`), or if the answer was deleted after `base`.
        ValueError
            If the value is no JSON.
        """
        key = answer_key(item, person)
        value = json.loads(json.dumps(value, allow_nan=False))
        refs = self._seen.get(key) if base is None else base
        if refs is None:
            refs = [head.ref for head in self._raw(key)]
        self.refresh()
        records, heads = self._index.get(key, []), self._raw(key)
        mine = next((answer for answer in reversed(records) if answer.writer == self.writer), None)
        if mine:  # what stayed as it was is kept in memory once
            value = changes.apply(mine.value, changes.difference(mine.value, value))
        for head in merge.shown_heads(heads):
            same = visibility in (None, head.visibility) and not changes.difference(head.value, value)
            if same and all(ref == head.ref or head.replaces(ref) for ref in refs):
                self._give(key, head, heads)
                return head
        for stone in records:
            if stone.deleted and all(int(ref.rpartition(":")[2]) < stone.seq for ref in refs):
                raise Problem(Message("answers.deleted-meanwhile"))
        new = self._new(key, value, visibility or first_visibility(item, key[0]), refs)
        self._save([new])
        return new

    def release(self, item: str, person: str | None) -> Answer | None:
        """Let everybody read an answer; None where there is none. A later change is private again."""
        return self._show(item, person, "released")

    def withdraw(self, item: str, person: str | None) -> Answer | None:
        """Take back a release; None where there is no answer."""
        return self._show(item, person, first_visibility(item, person))

    def retry(self) -> int:
        """Write what could not be written before; says how many answers that were.

        Raises
        ------
        Problem
            If the disk still fails.
        """
        gone = {
            id(old) for key in {new.key for new in self.pending} for old in merge.taken_back(self._index.get(key, []))
        }
        self.pending = waiting = [answer for answer in self.pending if id(answer) not in gone]
        if not waiting:
            return 0
        name, data = self.path.name, disk.lines(waiting, self._folder.answers(self.path.name))
        try:
            disk.append(self.path, data)
        except OSError as error:
            raise Problem(Message("answers.not-saved", folder=str(self.folder))) from error
        self.pending = []
        before, after = self._folder.stamp(name) or (None, 0), disk.signature(self.path)
        if after and after[0] == (before[0] or after[0]) and after[1] == before[1] + len(data):
            self._folder.files[name] = (after, [*self._folder.answers(name), *waiting])
        return len(waiting)  # where the size surprises, the next refresh reads the own file again

    def delete(self, item: str, person: str | None = None) -> Message:
        """Really delete an answer and all its versions, in every writer's file; says how many answers went.

        Raises
        ------
        Problem
            If a file could not be changed: says which.
        """
        return self._delete(lambda key: key == answer_key(item, person))

    def delete_person(self, person: str) -> Message:
        """Really delete all answers of one seat; see `delete`."""
        return self._delete(lambda key: key[0] == person)

    def delete_group(self) -> Message:
        """Really delete everything of this group, of every seat too; see `delete`."""
        return self._delete(lambda key: True)

    def compact(self) -> int:
        """Drop older versions, in the own file and in those left alone for ten minutes; says in how many files."""
        self.refresh()
        count = self._folder.drop(self._forget(), self.path.name)
        self.refresh()
        return count

    def close(self) -> None:
        """Leave: write what waits, then tidy up."""
        with suppress(Problem):
            self.retry()
        self.compact()

    def _raw(self, key: Key) -> list[Answer]:
        return merge.raw_heads(self._index.get(key, []))

    def _reindex(self) -> None:
        self._index: dict[Key, list[Answer]] = {}
        on_disk = [answer for name in self._folder.files for answer in self._folder.answers(name)]
        for answer in merge.distinct([*on_disk, *self._own]):
            self._index.setdefault(answer.key, []).append(answer)

    def _forget(self) -> set[tuple]:
        """Let go of own versions that need not be kept; gives the marks of all such versions."""
        gone = {answer.mark for records in self._index.values() for answer in merge.superseded(records)}
        self._own = [answer for answer in self._own if answer.mark not in gone]
        return gone

    def _give(self, key: Key, head: Answer | None, heads: list[Answer]) -> None:
        self._seen[key] = [other.ref for other in heads if other is head or other.deleted]

    def _head(self, key: Key) -> Answer | None:
        self.refresh()
        heads = self._raw(key)
        shown = merge.shown_heads(heads)
        head = next((answer for answer in shown if answer.writer == self.writer), shown[0] if shown else None)
        self._give(key, head, heads)
        return head

    def _show(self, item: str, person: str | None, visibility: str) -> Answer | None:
        head = self._head(answer_key(item, person))
        return head and self.put(item, head.value, person, visibility=visibility)

    def _new(self, key: Key, value: Any, visibility: str, refs: list[str]) -> Answer:
        records = self._index.get(key, [])
        seq, now = 1 + max((answer.seq for answer in records), default=0), datetime.now(UTC)
        base, saved_at = merge.full_base(refs, records, self.writer), now.isoformat(timespec="microseconds")
        return Answer(key[1], value, key[0], self.room, self.group, visibility, self.writer, seq, base, saved_at)

    def _save(self, answers: list[Answer]) -> None:
        for answer in answers:
            self._index.setdefault(answer.key, []).append(answer)
            self._seen[answer.key] = [answer.ref]
        self._own += answers
        self.pending = [*self.pending, *answers]
        self.retry()

    def _delete(self, match: Callable[[Key], bool]) -> Message:
        self.refresh()
        keys = [key for key in self._index if match(key) and merge.shown_heads(self._raw(key))]
        stones = [self._new(key, None, merge.DELETED, [head.ref for head in self._raw(key)]) for key in keys]
        waiting = self.pending
        try:
            self._save(stones)
        except Problem:
            self._own, self.pending = [answer for answer in self._own if answer not in stones], waiting
            self._reindex()
            raise
        self._forget()
        failed = self._folder.clear(match)
        self.refresh()
        if failed:
            raise Problem(Message("answers.not-deleted", files=failed))
        return Message("answers.deleted", n=len(keys))
