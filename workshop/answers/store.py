"""Answers of one group, kept in the file of the work folder: each edit is one transaction on the newest value."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from copy import copy
from pathlib import Path
from typing import Any, Self

from workshop.answers import database, privacy
from workshop.answers.change import STEPPED, Change
from workshop.answers.items import item_rules, whose
from workshop.answers.versions import COLUMNS, EMPTY, GROUP, ONE, Answer, read_row, unpacked
from workshop.texts import Message, Problem


class NotKept(Problem):
    """It cannot be kept now: busy, full, read-only. What was asked for is still in the browser."""

    def __init__(self, message: Message, cause: Exception | None = None):
        super().__init__(message)
        self.cause = cause


class Store:
    """The answers of one group; see `workshop.answers.open_store`.

    Parameters
    ----------
    path : Path
        The file.
    room, group : str
        Whose answers.
    """

    def __init__(self, path: Path, room: str, group: str):
        self.path = Path(path)
        self.room = room
        self.group = group
        self.where = (room, group)
        self._connection = database.open_file(self.path)
        self._identity = database.identity(self.path)
        try:
            self.id = _store_id(self._connection)
            self._be_known()
        except sqlite3.Error as error:
            reason = str(error)
            raise Problem(Message("answers.not-opened", folder=str(self.path.parent), reason=reason)) from error

    def _be_known(self) -> None:
        if not self.query(f"SELECT 1 FROM groups WHERE {GROUP}"):  # who only looks waits for nobody
            self.query("INSERT OR IGNORE INTO groups (room, grp) VALUES (:room, :grp)")

    # -- the connection ------------------------------------------------------------------------------------------------

    def execute(self, query: str, values: Iterable[Any] = ()) -> sqlite3.Cursor:
        """Run one statement."""
        return self._connection.execute(query, tuple(values))

    def query(self, query: str, **values: Any) -> list[tuple]:
        """Run a statement on this group, which it calls ``:room`` and ``:grp``, see `GROUP`."""
        named = {"room": self.room, "grp": self.group, **values}
        return self._connection.execute(query, named).fetchall()  # to the end, so that nothing stays locked

    def rows(self, where: str, order: str = "version", **values: Any) -> list[Answer]:
        """The rows of this group for which a condition holds."""
        found = self.query(f"SELECT {COLUMNS} FROM answers WHERE {GROUP} AND {where} ORDER BY {order}", **values)
        return [read_row(row) for row in found]

    def key(self, item: str, person: str | None) -> dict[str, str]:
        """What `ONE` needs to mean this answer."""
        return {"item": item, "person": whose(item, person) or ""}

    def _stay_with_the_file(self) -> None:
        """Where somebody threw the file away, put it back: this page still holds all of it open."""
        if not self.path.exists():
            database.put_back(self._connection, self.path)
        if database.identity(self.path) != self._identity:
            connection = database.open_file(self.path)
            if _store_id(connection) != self.id:
                connection.close()
                raise Problem(Message("answers.other-file", folder=str(self.folder)))
            self._connection.close()
            self._connection = connection
            self._identity = database.identity(self.path)
            self._be_known()

    def beside(self, group: str, room: str = "") -> Self:
        """Another group, of this room or another, on the same connection: one transaction may write for several."""
        other = copy(self)
        other.room = room or self.room
        other.group = group
        other.where = (other.room, group)
        other._be_known()
        return other

    @property
    def is_writing(self) -> bool:
        """Whether a transaction is open."""
        return self._connection.in_transaction

    @property
    def is_closed(self) -> bool:
        """Whether the trainer closed the room, see `workshop.answers.rooms`; a laptop of its own has none."""
        found = self.query("SELECT value FROM kit WHERE key='room ' || :room")
        state = unpacked(found[0][0]) if found else None
        return isinstance(state, dict) and not state.get("open", True)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    @property
    def folder(self) -> Path:
        """The work folder."""
        return self.path.parent

    @property
    def data_version(self) -> int:
        """Changes when another connection wrote to the file."""
        return self.query("PRAGMA data_version")[0][0]

    def state(self) -> tuple[int, int, int]:
        """Newest version, generation, and how often something changed that is no new version."""
        newest = "SELECT max(version) FROM answers WHERE answers.room=groups.room AND answers.grp=groups.grp"
        found = self.query(f"SELECT coalesce(({newest}), 0), generation, changes FROM groups WHERE {GROUP}")
        return found[0] if found else (0, 1, 0)

    def changed_since(self, version: int) -> list[tuple[str, str | None]]:
        """Item and person of what got a newer version."""
        query = f"SELECT DISTINCT item, person FROM answers WHERE {GROUP} AND version>:version"
        return [(item, person or None) for item, person in self.query(query, version=version)]

    @property
    def generation(self) -> int:
        """Goes up when everything of the group is deleted, or the file was mended from a copy."""
        return self.state()[1]

    # -- reading -------------------------------------------------------------------------------------------------------

    def newest(self, item: str, person: str | None = None) -> Answer | None:
        """The version that counts; None where there is none."""
        of_it = self.rows(f"{ONE} AND state='counts'", "version DESC LIMIT 1", **self.key(item, person))
        if not of_it:
            return None
        found = of_it[0]
        if item in STEPPED and found.value is None and self.rows("version=:n AND value<>'null'", n=found.version):
            # it is damaged: the one before it can be read
            return next((answer for answer in reversed(self.history(item)) if answer.value is not None), found)
        return found

    def by_version(self, version: int) -> Answer | None:
        """One version, by its number."""
        found = self.rows("version=:version", version=version)
        return found[0] if found else None

    def get(self, item: str, person: str | None = None) -> Any:
        """The value of an answer; None where there is none."""
        found = self.newest(item, person)
        return found.value if found else None

    def version(self, item: str, person: str | None = None) -> int:
        """Number of the version that counts; 0 where there is none."""
        query = f"SELECT coalesce(max(version), 0) FROM answers WHERE {ONE} AND state='counts'"
        return self.query(query, **self.key(item, person))[0][0]

    def visibility(self, item: str, person: str | None = None) -> str | None:
        """Who may see an answer; None where there is none."""
        found = self.newest(item, person)
        return found.visibility if found else None

    def history(self, item: str) -> list[Answer]:
        """The versions of a group's item that are kept as steps, oldest first."""
        return self.rows(f"{ONE} AND state='counts' AND origin IS NULL", **self.key(item, None))

    def others(self, item: str, person: str | None = None) -> list[Any]:
        """What was written at the same time, in a conflict that nobody settled yet."""
        return [answer.value for answer in self.in_state("conflict", item, person)]

    def earlier(self, item: str, person: str | None = None) -> list[Any]:
        """What was not chosen when a conflict was settled."""
        return [answer.value for answer in self.in_state("kept", item, person)]

    def in_state(self, state: str, item: str, person: str | None) -> list[Answer]:
        """The versions of an answer that gave way, newest first; see `Answer.state`."""
        return self.rows(f"{ONE} AND state=:state", "version DESC", state=state, **self.key(item, person))

    def answered_items(self) -> set[str]:
        """Ids of all items that anybody has an answer to."""
        return {item for (item,) in self.query(f"SELECT DISTINCT item FROM answers WHERE {GROUP}")}

    def everything(self, where: str = "1", **values: Any) -> list[Answer]:
        """Each answer that counts, of every person and of the group, for which a condition holds."""
        newest = f"SELECT max(version) FROM answers WHERE {GROUP} AND state='counts'"
        return self.rows(f"version IN ({newest} AND {where} GROUP BY item, person)", **values)

    def answers_of(self, person: str) -> dict[str, Answer]:
        """What one seat answered, by item."""
        return {answer.item: answer for answer in self.everything("person=:person", person=person)}

    def answers_of_persons(self, item: str) -> list[Answer]:
        """What persons answered that is not empty."""
        return self.answers_by_item("item=:item AND person<>''", item=item).get(item, [])

    def answers_by_item(self, where: str = "person<>''", **values: Any) -> dict[str, list[Answer]]:
        """As `answers_of_persons`, of all items."""
        found: dict[str, list[Answer]] = {}
        for answer in self.everything(where, **values):
            if answer.value not in EMPTY:
                found.setdefault(answer.item, []).append(answer)
        return found

    def answered(self, item: str) -> int:
        """How many persons answered."""
        return len(self.answers_of_persons(item))

    def answered_counts(self) -> dict[str, int]:
        """How many persons answered, by item."""
        return {item: len(answers) for item, answers in sorted(self.answers_by_item().items())}

    def released(self, item: str) -> list[Any]:
        """What its authors released, without saying who they are."""
        given = self.everything("item=:item", item=item)
        return sorted((answer.value for answer in given if answer.visibility == "released"), key=str)

    # -- spreads -------------------------------------------------------------------------------------------------------

    def spread(self, item: str) -> dict[Any, int] | None:
        """How often each value was given when the spread was last opened; None where it never was."""
        return self.spreads().get(item)

    def spreads(self) -> dict[str, dict[Any, int]]:
        """All spreads that are open, by item."""
        return {item: privacy.counts_from(counts) for item, counts, _ in self.spread_rows() if counts}

    def spread_rows(self) -> list[tuple[str, str, str]]:
        """Item, counts and who was counted, as a copy of the table holds it."""
        return self.query(f"SELECT item, counts, counted FROM spreads WHERE {GROUP} ORDER BY item")

    def openable(self) -> set[str]:
        """All items of which the spread may be opened (again): five persons who are not in the one that is open."""
        counted = {item: set(json.loads(kept).values()) for item, _, kept in self.spread_rows()}
        found = set()
        for item, given in self.answers_by_item().items():
            if not item_rules(item).text and privacy.may_open(given, counted.get(item, set())):
                found.add(item)
        return found

    # -- writing -------------------------------------------------------------------------------------------------------

    @contextmanager
    def change(self, box: str = "") -> Iterator[Change]:
        """One transaction: what is read inside is the newest, and all that is written is kept, or nothing.

        Where one is open on this connection, this is a part of it.

        Raises
        ------
        NotKept
            If it cannot be kept now: the disk is full or read-only, others write for more than five seconds, or
            something else stands in the place of the file.
        """
        made = Change(self, box)
        if self.is_writing:
            yield made
            return
        try:
            self._stay_with_the_file()
        except Problem as problem:
            raise NotKept(problem.message, problem) from problem
        except (sqlite3.Error, OSError) as error:
            raise NotKept(Message("answers.not-saved", folder=str(self.folder)), error) from error
        try:
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
            self.query(f"DELETE FROM answers WHERE {GROUP} AND {where}", **values)
            change.bump()
            database.want_wipe(self._connection)
        self.wipe()
        return Message("answers.deleted", n=len({(answer.person, answer.item) for answer in gone}))

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
        with self.change() as change:
            n = len(self.everything())
            files = self.query(f"SELECT path FROM files WHERE {GROUP}")
            for table in ("answers", "spreads", "files"):
                self.query(f"DELETE FROM {table} WHERE {GROUP}")
            self.query(f"UPDATE groups SET generation=generation+1, purge_on=NULL WHERE {GROUP}")
            change.bump()
            database.want_wipe(self._connection)
        stuck, outside = self._remove_files(Path(path) for (path,) in files)
        self.wipe()
        if stuck:
            raise Problem(Message("answers.not-deleted", files=stuck))
        if outside:
            return Message("answers.deleted-but-outside", n=n, files=outside)
        return Message("answers.deleted", n=n)

    def _remove_files(self, paths: Iterable[Path]) -> tuple[list[str], list[str]]:
        """Remove files, and name those that could not be, and those that lie outside the work folder."""
        stuck = []
        outside = []
        for path in filter(Path.exists, paths):
            if not path.resolve().is_relative_to(self.folder.resolve()):
                outside.append(str(path))
                continue
            try:
                path.unlink()
            except OSError:
                stuck.append(str(path))
                self.note_file(path)  # so that it goes with the next try
        return stuck, outside

    def wipe(self) -> None:
        """Leave nothing of what was deleted in the file or its copies.

        Raises
        ------
        Problem
            If somebody is reading, or the disk is full: not wiped yet. It is tried again by the process that looks
            after the file, and at the next start.
        """
        if not database.finish_wiping(self._connection, self.path):
            raise Problem(Message("answers.not-wiped-yet"))

    def note_file(self, path: str | Path) -> None:
        """Note a file that was made of the group's answers, so that it goes when they go."""
        with self.change():
            self.query("INSERT OR IGNORE INTO files VALUES (:room, :grp, :path)", path=str(Path(path).absolute()))

    def insert_spread(self, item: str, counts: str, counted: str) -> None:
        """Put a spread in; inside a `change`."""
        query = "INSERT OR REPLACE INTO spreads VALUES (:room, :grp, :item, :counts, :counted, :opened_at)"
        self.query(query, item=item, counts=counts, counted=counted, opened_at=database.now())

    @property
    def purge_on(self) -> str | None:
        """Day (ISO) on which everything of the group is deleted at the next start; None: never."""
        return self.query(f"SELECT purge_on FROM groups WHERE {GROUP}")[0][0]

    @purge_on.setter
    def purge_on(self, day: str | None) -> None:
        with self.change() as change:
            self.query(f"UPDATE groups SET purge_on=:day WHERE {GROUP}", day=day)
            change.bump()


def _store_id(connection: sqlite3.Connection) -> str:
    return connection.execute("SELECT value FROM kit WHERE key='store'").fetchone()[0]
