"""The answers of one group as one writer (one open page) sees and changes them."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from workshop.answers import changes, merge
from workshop.answers.disk import File, append
from workshop.answers.items import Key, answer_key, first_visibility, item_rules
from workshop.answers.merge import Answer
from workshop.answers.privacy import Together
from workshop.texts import Message, Problem


class Store(Together):
    """The answers of one group; `workshop.answers.open_store` makes one.

    Attributes
    ----------
    folder : pathlib.Path
        ``<work folder>/<room>/<group>``.
    writer : str
        Name of the own file; another one than was asked for where that cannot be used.
    notes : list of Message
        What people must know of the files: a torn line, a newer kit, a file that cannot be read.
    """

    def __init__(self, folder: Path, writer: str):
        self.folder, self.room, self.group = folder, folder.parent.name, folder.name
        self.writer = writer
        self.notes: list[Message] = []
        self._files: dict[Path, File] = {}
        self._index: dict[Key, dict[tuple, Answer]] = {}  # all that was ever read or written here
        self._seen: dict[Key, list[str]] = {}  # the versions last given out
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            self._note(Message("answers.folder", folder=str(folder)))
        self.refresh()
        if self.path.exists() and not self._file.marks:  # not ours, or closed to us
            self.writer = os.urandom(6).hex()
        self.compact()

    @property
    def path(self) -> Path:
        """The own file."""
        return self.folder / f"{self.writer}.jsonl"

    @property
    def _file(self) -> File:
        return self._files.setdefault(self.path, File(self.path, self.room, self.group))

    @property
    def pending(self) -> list[Answer]:
        """What is not on the disk yet; `get` sees it."""
        there, found = self._file.marks, []
        for records in self._index.values():
            lost = [answer for mark, answer in records.items() if answer.writer == self.writer and mark not in there]
            found += [answer for answer in lost if answer in merge.needed(list(records.values()))]
        return sorted(found, key=lambda answer: answer.seq)

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
        kept = merge.standing(self._records(answer_key(item, person)))
        return sorted((a for a in kept if not a.deleted), key=lambda answer: (answer.seq, answer.time, answer.writer))

    def items(self, person: str | None = None) -> list[str]:
        """Ids of all items that a person, or the group, has an answer to."""
        self.refresh()
        heads = (merge.shown_heads(self._raw(key)) for key in self._index if key[0] == person)
        return sorted(shown[0].item for shown in heads if shown)

    def current(self, item: str) -> list[Answer]:
        """The answers of all persons, conflicts included, newest first for each."""
        self.refresh()
        return [answer for key in self._index if key[1] == item for answer in merge.shown_heads(self._raw(key))]

    def everything(self) -> list[list[Answer]]:
        """For each answer of each person and of the group: its heads, marks of deletion among them."""
        self.refresh()
        return [self._raw(key) for key in self._index]

    def refresh(self) -> None:
        """Read what other writers added meanwhile; cheap where they did not."""
        if self._scan():
            with suppress(Problem):  # somebody may have put back an older copy of the own file
                self.retry()

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
        item, value, person
            Id of the item, anything that JSON holds, and the seat whose answer it is (of no account for the group's).
        base : list of str, optional
            The versions that this one replaces. None: the one that this store last gave out or saved; what others
            wrote meanwhile stays beside it, as a conflict. All heads: chooses between them.
        visibility : {"private", "group", "released"}, optional
            None is what the registry says.

        Raises
        ------
        Problem
            If the disk fails (the answer stays in `pending`), or if the answer was deleted after `base`.
        """
        key = answer_key(item, person)
        value = json.loads(json.dumps(value, allow_nan=False))
        if base is None:
            base = self._seen[key] if key in self._seen else [head.ref for head in self._raw(key)]
        self.refresh()
        heads = self._raw(key)
        for head in merge.shown_heads(heads):
            same = visibility in (None, head.visibility) and not changes.difference(head.value, value)
            if same and all(ref == head.ref or head.replaces(ref) for ref in base):
                self._give(key, head)
                return head
        stones = [answer.seq for answer in self._records(key) if answer.deleted]
        if max(stones, default=0) > max((int(ref.rpartition(":")[2]) for ref in base), default=0):
            raise Problem(Message("answers.deleted-meanwhile"))
        new = self._new(key, value, visibility or first_visibility(item, key[0]), base)
        self._add([new])
        self._seen[key] = [new.ref]
        self.retry()
        return new

    def release(self, item: str, person: str | None, visibility: str = "released") -> Answer | None:
        """Let everybody read an answer; None where there is none. A later change is private again."""
        head = self._head(answer_key(item, person))
        return head and self.put(item, head.value, person, visibility=visibility)

    def withdraw(self, item: str, person: str | None) -> Answer | None:
        """Take back a release; None where there is no answer."""
        return self.release(item, person, first_visibility(item, person))

    def retry(self) -> int:
        """Write what could not be written before; says how many answers that were. A `Problem` if it still fails."""
        if waiting := self.pending:
            with suppress(OSError):
                append(self.path, b"".join(answer.line(self._before(answer)) for answer in waiting))
            self._scan()  # somebody may have replaced and wiped out already what was written just now
            if self.pending:
                raise Problem(Message("answers.not-saved", folder=str(self.folder)))
        return len(waiting)

    def delete(self, item: str, person: str | None = None) -> Message:
        """Really delete all versions of an answer, in every file; a `Problem` names the files where that failed."""
        return self._delete(lambda key: key == answer_key(item, person))

    def delete_person(self, person: str) -> Message:
        """Really delete all answers of one seat; see `delete`."""
        return self._delete(lambda key: key[0] == person)

    def delete_group(self) -> Message:
        """Really delete everything of this group, of every seat too; see `delete`."""
        return self._delete(lambda key: True)

    def compact(self) -> None:
        """Drop older versions of what keeps only its newest, in all files."""
        self.refresh()
        if self.pending:  # what replaces them must be there first
            return
        gone: set[tuple] = set()
        for key, records in self._index.items():
            self._index[key] = {answer.mark: answer for answer in merge.needed(self._records(key))}
            gone |= records.keys() - self._index[key].keys()
        for file in self._files.values():
            if not gone.isdisjoint(file.marks):
                with suppress(OSError):
                    file.wipe(lambda _, answer: answer is not None and answer.mark in gone, self._file)

    def close(self) -> None:
        """Leave: write what waits, then tidy up."""
        with suppress(Problem):
            self.retry()
        self.compact()

    def _scan(self) -> bool:
        """Read on in all files, the own one first: who wiped a line out of it said why in another one before."""
        try:
            others = sorted(path for path in self.folder.iterdir() if path.suffix == ".jsonl" and path != self.path)
        except OSError:  # the stick is out: go on with what is known
            return False
        self._files = {
            path: self._files.get(path) or File(path, self.room, self.group) for path in [self.path, *others]
        }
        came = []
        for path, file in self._files.items():
            try:
                came += file.read()
            except OSError:
                self._note(Message("answers.unreadable", file=path.name))
            self._note(*file.notes)
        self._add(came)
        return bool(came)

    def _add(self, answers: list[Answer]) -> None:
        for answer in filter(self._ours, answers):
            self._index.setdefault(answer.key, {})[answer.mark] = answer

    def _records(self, key: Key) -> list[Answer]:
        return list(self._index.get(key, {}).values())

    def _raw(self, key: Key) -> list[Answer]:
        return merge.raw_heads(self._records(key))

    def _before(self, new: Answer) -> Answer | None:
        """What a large value may be compared with: what stays in the own file, since no deletion takes it back."""
        records = self._records(new.key) if item_rules(new.item).keep == "history" else []
        own = (answer for answer in records if answer.writer == self.writer and answer.seq < new.seq)
        stones = [answer.ref for answer in records if answer.deleted]
        stay = (answer for answer in own if all(map(answer.replaces, stones)))
        return max(stay, key=lambda answer: answer.seq, default=None)

    def _head(self, key: Key) -> Answer | None:
        self.refresh()
        shown = merge.shown_heads(self._raw(key))
        head = next((answer for answer in shown if answer.writer == self.writer), shown[0] if shown else None)
        self._give(key, head)
        return head

    def _give(self, key: Key, head: Answer | None) -> None:
        """Remember what was given out: with it goes what says the same, and that there was something before."""
        same = (each for each in self._raw(key) if each is head or each.deleted or (head and each.text == head.text))
        self._seen[key] = [each.ref for each in same]

    def _new(self, key: Key, value: Any, visibility: str, refs: list[str]) -> Answer:
        records = self._records(key)
        seq, base = 1 + max((answer.seq for answer in records), default=0), merge.full_base(refs, records, self.writer)
        now = datetime.now(UTC).isoformat(timespec="microseconds")
        return Answer(key[1], value, key[0], self.room, self.group, visibility, self.writer, seq, base, now)

    def _delete(self, match: Callable[[Key], bool]) -> Message:
        self.refresh()
        keys = [key for key in self._index if match(key) and merge.shown_heads(self._raw(key))]
        stones = [self._new(key, None, merge.DELETED, [head.ref for head in self._raw(key)]) for key in keys]
        before = {key: dict(self._index[key]) for key in keys}
        self._add(stones)
        try:
            self.retry()
        except Problem:  # nothing is wiped out before it is said
            self._index |= before
            raise
        self._seen |= {stone.key: [stone.ref] for stone in stones}
        failed = []
        for file in [*self._files.values(), *map(File, self.folder.glob("*.torn"))]:
            try:
                if not file.foreign:
                    file.wipe(lambda line, answer: self._concerns(line, answer, match), self._file)
            except OSError:
                failed.append(file.path.name)
        self.compact()
        if failed:
            raise Problem(Message("answers.not-deleted", files=failed))
        return Message("answers.deleted", n=len(keys))

    def _concerns(self, line: bytes, answer: Answer | None, match: Callable[[Key], bool]) -> bool:
        """Whether a line holds what is to go; a line that cannot tell counts as if it did."""
        if answer:
            return self._ours(answer) and not answer.deleted and match(answer.key)
        item, person = (re.search(rb'"%b": ?"([^"\\]*)"' % name, line) for name in (b"item", b"person"))
        said = [found and str(found[1], errors="replace") for found in (item, person)]
        return not said[0] or match(answer_key(said[0], said[1]))

    def _ours(self, answer: Answer) -> bool:
        return (answer.room, answer.group) == (self.room, self.group)

    def _note(self, *notes: Message) -> None:
        self.notes += [note for note in notes if note not in self.notes]
