"""Answers of one group, kept in the file of the work folder: each edit is one transaction on the newest value."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from workshop.answers import database, privacy, upkeep
from workshop.answers.change import Change
from workshop.answers.rows import Rows
from workshop.answers.versions import GROUP, ONE, Answer
from workshop.texts import Message, Problem

EXPORTS = "exports"
PAPERS = "handouts"
"""Folders with files that hold nobody's answers, but the network and names."""


class NotKept(Problem):
    """It cannot be kept now: busy, full, read-only. What was asked for is still in the browser."""

    def __init__(self, message: Message, cause: Exception | None = None):
        super().__init__(message)
        self.cause = cause


class Store(Rows):
    """The answers of one group; see `workshop.answers.open_store`."""

    # -- writing -------------------------------------------------------------------------------------------------------

    @contextmanager
    def change(self, box: str = "") -> Iterator[Change]:
        """One transaction: what is read inside is the newest, and all that is written is kept, or nothing.

        Raises
        ------
        NotKept
            If it cannot be kept now: the disk is full or read-only, others write for more than five seconds, or
            something else stands in the place of the file.
        """
        made = Change(self, box)
        try:
            try:
                self._stay_with_the_file()
            except Problem as problem:
                raise NotKept(problem.message, problem) from problem
            with database.transaction(self._connection):
                yield made
        except (sqlite3.Error, OSError) as error:
            raise NotKept(Message("answers.not-saved", folder=str(self.folder)), error) from error

    def put(self, item: str, value: Any, person: str | None = None) -> int:
        """Keep an answer; it is on the disk when this returns.

        Parameters
        ----------
        item, value, person
            Id of the item, anything that JSON holds, and the seat whose answer it is (of no account for the group's).

        Returns
        -------
        int
            Number of the version.

        Raises
        ------
        NotKept
            If it cannot be kept now.
        ValueError
            If JSON cannot hold the value.
        """
        with self.change() as change:
            return change.write(item, value, person)

    def release(self, item: str, person: str | None) -> int | None:
        """Let everybody read an answer; None where there is none. A later change is private again."""
        with self.change() as change:
            return change.release(item, person)

    def withdraw(self, item: str, person: str | None) -> int | None:
        """Take back a release; None where there is no answer."""
        with self.change() as change:
            return change.withdraw(item, person)

    def open_spread(self, item: str) -> bool:
        """Open the spread of an item: a copy that no later answer changes. False where too few answered."""
        with self.change() as change:
            if item not in self.openable():
                return False
            given = self.answers_of_persons(item)
            counted = {answer.person: answer.version for answer in given}
            self.insert_spread(item, privacy.counts_of(given), json.dumps(counted))
            change.bump()
            return True

    # -- deleting ------------------------------------------------------------------------------------------------------

    def delete(self, item: str, person: str | None = None) -> Message:
        """Really delete an answer, with all its versions and the spread that it was counted in.

        The reports and totals that were made of the group's answers go too.

        Raises
        ------
        Problem
            If a file could not be wiped yet; it is tried again.
        """
        return self._delete(ONE, **self.key(item, person))

    def delete_person(self, person: str) -> Message:
        """Really delete all answers of one seat; see `delete`."""
        return self._delete("person=:person", person=person)

    def _delete(self, where: str, **values: str) -> Message:
        """Delete the answers for which a condition holds, and say how many."""
        with self.change() as change:
            gone = self.rows(f"{where} AND state='counts'", **values)
            for answer in gone:
                self._close_spread(answer)
            self._delete_answers(where, **values)
            files = self._files_of_answers()
            self._want_gone(files)
            change.bump()
        return self.gone_too(files.values(), len({(answer.person, answer.item) for answer in gone}))

    def _delete_answers(self, where: str, **values: str) -> None:
        """Delete answers from the file, and note that they must go from copies of it; inside a `change`."""
        deletion = f"DELETE FROM answers WHERE {GROUP} AND version<=:upto AND {where}"
        upto = self.query("SELECT coalesce(max(version), 0) FROM answers")[0][0]
        self.query(deletion, upto=upto, **values)
        noted = {"room": self.room, "grp": self.group, "upto": upto, **values}
        upkeep.want_wipe(self._connection, deletion, noted)

    def _noted_files(self) -> dict[str, Path]:
        """The files that were made for the group, by how they are noted."""
        noted = self.query(f"SELECT path FROM files WHERE {GROUP}")
        return {kept: upkeep.noted_file(kept, self.folder) for (kept,) in noted}

    def _files_of_answers(self) -> dict[str, Path]:
        """Those that were made of the group's answers; those of its network and the papers hold none."""
        without = {self.folder.absolute() / name for name in (EXPORTS, PAPERS)}
        return {kept: path for kept, path in self._noted_files().items() if path.parent not in without}

    def _close_spread(self, gone: Answer) -> None:
        """Take a spread back; who was counted is remembered, else one new answer would show in the next one."""
        for item, _, kept in self.spread_rows():
            counted = json.loads(kept)
            if item == gone.item and gone.person in counted:
                del counted[gone.person]
                self.insert_spread(item, "", json.dumps(counted))

    def delete_group(self) -> Message:
        """Really delete everything of this group: answers, spreads, and the files that were made of them.

        Files outside the work folder are named, not touched.
        """
        with self.change():
            files, n = self.take_all()
        return self.gone_too(files, n)

    def take_all(self) -> tuple[list[Path], int]:
        """Delete everything of this group from the file; which files are to go, and how many answers went.

        It is called inside a `change`; `gone_too` comes after that.
        """
        n = len(self.everything())
        files = self._noted_files()
        self._delete_answers("1")
        self._want_gone(files)
        self.query(f"DELETE FROM spreads WHERE {GROUP}")
        self.query("UPDATE kit SET value='' WHERE key=:key", key=upkeep.purge_key(self.room, self.group))
        self.query(f"UPDATE groups SET generation=generation+1, changes=changes+1 WHERE {GROUP}")
        return [*files.values()], n

    def gone_too(self, files: Iterable[Path], n: int) -> Message:
        """Remove the files that were made of `n` deleted answers, and wipe; what to say of it all.

        Raises
        ------
        Problem
            If something could not be removed or wiped yet; that is tried again, see `workshop.answers.upkeep`.
        """
        wiped = upkeep.finish_wiping(self._connection, self.path)
        left = [path for path in dict.fromkeys(files) if path.exists()]
        stuck = [str(path) for path in left if self._is_own(path)]
        outside = [str(path) for path in left if not self._is_own(path)]
        if stuck or not wiped:
            late = Message("answers.not-deleted", files=stuck) if stuck else Message("answers.not-wiped-yet")
            also = Message("answers.outside", files=outside)
            raise Problem(Message("answers.late-and-outside", late=late, outside=also) if outside else late)
        if outside:
            return Message("answers.deleted-but-outside", n=n, files=outside)
        return Message("answers.deleted", n=n)

    def _want_gone(self, files: Mapping[str, Path]) -> None:
        """Note, inside a `change`, that files are to go; those outside the work folder are only named."""
        for noted, path in files.items():
            self.query(f"DELETE FROM files WHERE {GROUP} AND path=:path", path=noted)
            if self._is_own(path):
                upkeep.want_gone(self._connection, noted)

    def _is_own(self, path: Path) -> bool:
        """Whether a file lies in the work folder."""
        return path.resolve().is_relative_to(self.folder.resolve())

    def note_file(self, path: str | Path) -> None:
        """Note a file that was made of the group's answers, so that it goes when they go."""
        with self.change():
            upkeep.note_file(self._connection, self.where, Path(path), self.folder)

    def insert_spread(self, item: str, counts: str, counted: str) -> None:
        """Put a spread in; inside a `change`."""
        query = "INSERT OR REPLACE INTO spreads VALUES (:room, :grp, :item, :counts, :counted, :opened_at)"
        self.query(query, item=item, counts=counts, counted=counted, opened_at=database.now())
