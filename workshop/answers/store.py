"""Answers of one group, kept in the file of the work folder: each edit is one transaction on the newest value."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from copy import copy
from pathlib import Path
from typing import Any

from workshop.answers import database, deleting, privacy
from workshop.answers.change import STEPPED, Change, insert
from workshop.answers.items import answer_key, first_visibility, item_rules
from workshop.answers.versions import COLUMNS, EMPTY, Answer, read_row
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
        if not self._one("SELECT 1 FROM groups WHERE room=? AND grp=?", self.where):  # who only looks waits for nobody
            self.execute("INSERT OR IGNORE INTO groups (room, grp) VALUES (?, ?)", self.where)

    # -- the connection ------------------------------------------------------------------------------------------------

    def execute(self, query: str, values: Iterable[Any] = ()) -> sqlite3.Cursor:
        """Run one statement."""
        return self._connection.execute(query, tuple(values))

    def _one(self, query: str, values: Iterable[Any] = ()) -> tuple | None:
        found = self.execute(query, values).fetchall()  # to the end, so that nothing stays locked
        return found[0] if found else None

    def rows(self, where: str, values: Iterable[Any] = (), order: str = "version") -> list[Answer]:
        """The rows of this group for which a condition holds."""
        query = f"SELECT {COLUMNS} FROM answers WHERE room=? AND grp=? AND {where} ORDER BY {order}"
        return [read_row(row) for row in self.execute(query, (*self.where, *values)).fetchall()]

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

    def beside(self, group: str) -> Store:
        """Another group of the room, on the same connection, so that one transaction may write for several."""
        other = copy(self)
        other.group = group
        other.where = (self.room, group)
        other._be_known()
        return other

    @property
    def is_writing(self) -> bool:
        """Whether a transaction is open."""
        return self._connection.in_transaction

    @property
    def is_closed(self) -> bool:
        """Whether the trainer closed the room, see `workshop.answers.rooms`; a laptop of its own has none."""
        row = self._one("SELECT value FROM kit WHERE key=?", (f"room {self.room}",))
        return row is not None and not json.loads(row[0])["open"]

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
        return self.execute("PRAGMA data_version").fetchall()[0][0]

    def state(self) -> tuple[int, int, int]:
        """Newest version, generation, and how often something changed that is no new version."""
        newest = self._one("SELECT max(version) FROM answers WHERE room=? AND grp=?", self.where)
        generation, changes = self._one(
            "SELECT generation, changes FROM groups WHERE room=? AND grp=?", self.where
        ) or (
            1,
            0,
        )
        return (newest and newest[0]) or 0, generation, changes

    def changed_since(self, version: int) -> list[tuple[str, str | None]]:
        """Item and person of what got a newer version."""
        query = "SELECT DISTINCT item, person FROM answers WHERE room=? AND grp=? AND version>?"
        return [(item, person or None) for item, person in self.execute(query, (*self.where, version)).fetchall()]

    @property
    def generation(self) -> int:
        """Goes up when everything of the group is deleted, or the file was mended from a copy."""
        return self.state()[1]

    # -- reading -------------------------------------------------------------------------------------------------------

    def newest(self, item: str, person: str | None = None) -> Answer | None:
        """The version that counts; None where there is none."""
        person, item = answer_key(item, person)
        query = (
            f"SELECT {COLUMNS} FROM answers WHERE room=? AND grp=? AND item=? AND person=? AND state='counts'"
            " ORDER BY version DESC LIMIT 1"
        )
        row = self._one(query, (*self.where, item, person or ""))
        if row is None:
            return None
        found = read_row(row)
        damaged = found.value is None and row[3] != "null"
        if damaged and item in STEPPED:  # the one before it can be read
            return next((answer for answer in reversed(self.history(item)) if answer.value is not None), found)
        return found

    def by_version(self, version: int) -> Answer | None:
        """One version, by its number."""
        found = self.rows("version=?", (version,))
        return found[0] if found else None

    def get(self, item: str, person: str | None = None, default: Any = None) -> Any:
        """The value of an answer."""
        found = self.newest(item, person)
        return default if found is None else found.value

    def version(self, item: str, person: str | None = None) -> int:
        """Number of the version that counts; 0 where there is none."""
        person, item = answer_key(item, person)
        query = "SELECT max(version) FROM answers WHERE room=? AND grp=? AND item=? AND person=? AND state='counts'"
        row = self._one(query, (*self.where, item, person or ""))
        return (row and row[0]) or 0

    def visibility(self, item: str, person: str | None = None) -> str | None:
        """Who may see an answer; None where there is none."""
        found = self.newest(item, person)
        return found.visibility if found else None

    def history(self, item: str) -> list[Answer]:
        """The versions of a group's item that are kept as steps, oldest first."""
        return [answer for answer in self.rows("item=? AND person='' AND state='counts'", (item,)) if not answer.origin]

    def others(self, item: str, person: str | None = None) -> list[Any]:
        """What was written at the same time, in a conflict that nobody settled yet."""
        return [answer.value for answer in self.in_conflict(item, person)]

    def earlier(self, item: str, person: str | None = None) -> list[Any]:
        """What was not chosen when a conflict was settled."""
        return [answer.value for answer in self._in_state("kept", item, person)]

    def in_conflict(self, item: str, person: str | None) -> list[Answer]:
        """The versions that `others` gives, newest first."""
        return self._in_state("conflict", item, person)

    def _in_state(self, state: str, item: str, person: str | None) -> list[Answer]:
        person, item = answer_key(item, person)
        return self.rows("item=? AND person=? AND state=?", (item, person or "", state), "version DESC")

    def items(self, person: str | None = None) -> list[str]:
        """Ids of all items that a person, or the group, has an answer to."""
        query = "SELECT DISTINCT item FROM answers WHERE room=? AND grp=? AND person=? ORDER BY item"
        return [item for (item,) in self.execute(query, (*self.where, person or "")).fetchall()]

    def answered_items(self) -> set[str]:
        """Ids of all items that anybody has an answer to."""
        query = "SELECT DISTINCT item FROM answers WHERE room=? AND grp=?"
        return {item for (item,) in self.execute(query, self.where).fetchall()}

    def answers_of(self, person: str) -> dict[str, Answer]:
        """What one seat answered, by item."""
        return {answer.item: answer for answer in self.rows("person=? AND state='counts'", (person,))}

    def current(self, item: str) -> list[Answer]:
        """The answers of all persons and of the group to one item."""
        return _newest(self.rows("item=? AND state='counts'", (item,)))

    def everything(self) -> list[Answer]:
        """Each answer that counts, of every person and of the group."""
        counting = (
            "version IN (SELECT max(version) FROM answers"
            " WHERE room=? AND grp=? AND state='counts' GROUP BY item, person)"
        )
        return self.rows(counting, self.where)

    def table_conflicts(self) -> list[Answer]:
        """What stands beside the table's own answers, in conflicts that nobody settled yet."""
        return self.rows("state='conflict' AND person=''")

    def all_rows(self) -> list[Answer]:
        """Every row, as a copy of the table holds it."""
        return self.rows("1")

    def spread_rows(self) -> list[tuple[str, str, str]]:
        """Item, counts and who was counted, as a copy of the table holds it."""
        return self.execute("SELECT item, counts, counted FROM spreads WHERE room=? AND grp=?", self.where).fetchall()

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

    def put(
        self, item: str, value: Any, person: str | None = None, visibility: str | None = None, box: str = ""
    ) -> int:
        """Keep an answer; it is on the disk when this returns.

        Parameters
        ----------
        item, value, person
            Id of the item, anything that JSON holds, and the seat whose answer it is (of no account for the group's).
        visibility : {"private", "group", "released"}, optional
            None is what the register of questions says.

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
        with self.change(box) as change:
            return change.write(item, value, person, visibility=visibility)

    def apply(
        self, item: str, edit: Callable[[Any], Any], label: Message | None = None, person: str | None = None
    ) -> int:
        """Keep what a pure function makes of the newest value; see `put`."""
        with self.change() as change:
            return change.write(item, edit(change.read(item, person)), person, label=label)

    def release(self, item: str, person: str | None, visibility: str = "released") -> int | None:
        """Let everybody read an answer; None where there is none. A later change is private again."""
        with self.change() as change:
            found = change.newest(item, person)
            if found is None:
                return None
            change.bump()
            return change.write(item, found.value, person, visibility=visibility)

    def withdraw(self, item: str, person: str | None) -> int | None:
        """Take back a release; None where there is no answer."""
        return self.release(item, person, first_visibility(item, answer_key(item, person)[0]))

    # -- spreads -------------------------------------------------------------------------------------------------------

    def answered(self, item: str) -> int:
        """How many persons answered."""
        return len(self.answers_of_persons(item))

    def answers_of_persons(self, item: str) -> list[Answer]:
        """What persons answered that is not empty."""
        given = _newest(self.rows("item=? AND person<>'' AND state='counts'", (item,)))
        return [answer for answer in given if answer.value not in EMPTY]

    def spread(self, item: str) -> dict[Any, int] | None:
        """How often each value was given when the spread was last opened; None where it never was."""
        row = self._one("SELECT counts FROM spreads WHERE room=? AND grp=? AND item=?", (*self.where, item))
        return privacy.counts_from(row[0]) if row and row[0] else None

    def may_open(self, item: str) -> bool:
        """Whether the spread may be opened (again): five persons who are not in the one that is open."""
        return privacy.may_open(self.answers_of_persons(item), self._counted(item))

    def _counted(self, item: str) -> set[int]:
        row = self._one("SELECT counted FROM spreads WHERE room=? AND grp=? AND item=?", (*self.where, item))
        return set(json.loads(row[0]).values()) if row else set()

    def open_spread(self, item: str) -> bool:
        """Open the spread of an item: a copy that no later answer changes. False where too few answered."""
        with self.change() as change:
            given = self.answers_of_persons(item)
            if item_rules(item).text or not privacy.may_open(given, self._counted(item)):
                return False
            counted = {answer.person: answer.version for answer in given}
            self.execute(
                "INSERT OR REPLACE INTO spreads VALUES (?, ?, ?, ?, ?, ?)",
                (*self.where, item, privacy.counts_of(given), json.dumps(counted), database.now()),
            )
            change.bump()
            return True

    def opened_spreads(self) -> dict[str, list]:
        """All spreads that are open, by item, as value and count."""
        query = "SELECT item, counts FROM spreads WHERE room=? AND grp=? AND counts<>'' ORDER BY item"
        found = self.execute(query, self.where).fetchall()
        return {item: privacy.pairs_of(privacy.counts_from(counts)) for item, counts in found}

    def answered_counts(self) -> dict[str, int]:
        """How many persons answered, by item."""
        return {item: len(answers) for item, answers in sorted(self.answers_by_item().items())}

    def answers_by_item(self) -> dict[str, list[Answer]]:
        """What persons answered that is not empty."""
        newest = {(answer.item, answer.person): answer for answer in self.rows("person<>'' AND state='counts'")}
        found: dict[str, list[Answer]] = {}
        for answer in newest.values():
            if answer.value not in EMPTY:
                found.setdefault(answer.item, []).append(answer)
        return found

    def released(self, item: str) -> list[Any]:
        """What its authors released, without saying who they are."""
        return sorted((answer.value for answer in self.current(item) if answer.visibility == "released"), key=str)

    # -- deleting ------------------------------------------------------------------------------------------------------

    def delete(self, item: str, person: str | None = None) -> Message:
        """Really delete an answer, with all its versions and the spread that it was counted in.

        Raises
        ------
        Problem
            If a file could not be wiped yet; it is tried again.
        """
        person, item = answer_key(item, person)
        return deleting.delete_rows(self, "item=? AND person=?", (item, person or ""))

    def delete_person(self, person: str) -> Message:
        """Really delete all answers of one seat; see `delete`."""
        return deleting.delete_rows(self, "person=?", (person,))

    def delete_group(self) -> Message:
        """Really delete everything of this group: answers, spreads, and the files that were made of them.

        Files outside the work folder are named, not touched.
        """
        return deleting.delete_group(self)

    def wipe(self) -> None:
        """Leave nothing of what was deleted in the file or its copies; `Problem` where that cannot be yet."""
        try:
            database.wipe(self._connection, self.path)
        except sqlite3.Error as error:
            raise Problem(Message("answers.not-wiped-yet")) from error

    def want_wipe(self) -> None:
        """Remember that something was deleted, until it is wiped; inside a `change`."""
        database.want_wipe(self._connection)

    def note_file(self, path: str | Path) -> None:
        """Note a file that was made of the group's answers, so that it goes when they go."""
        with self.change():
            self.execute("INSERT OR IGNORE INTO files VALUES (?, ?, ?)", (*self.where, str(Path(path).absolute())))

    # -- going on with a copy ------------------------------------------------------------------------------------------

    def insert_row(self, answer: Answer) -> int:
        """Put a row of a copy in as it was, under a new number; inside a `change`."""
        return insert(self, answer, answer.saved_at or database.now())

    def insert_spread(self, item: str, counts: str, counted: str) -> None:
        """Put a spread of a copy in; inside a `change`."""
        values = (*self.where, item, counts, counted, database.now())
        self.execute("INSERT OR REPLACE INTO spreads VALUES (?, ?, ?, ?, ?, ?)", values)

    @property
    def purge_on(self) -> str | None:
        """Day (ISO) on which everything of the group is deleted at the next start; None: never."""
        row = self._one("SELECT purge_on FROM groups WHERE room=? AND grp=?", self.where)
        return row[0] if row else None

    @purge_on.setter
    def purge_on(self, day: str | None) -> None:
        with self.change() as change:
            self.execute("UPDATE groups SET purge_on=? WHERE room=? AND grp=?", (day, *self.where))
            change.bump()


def _store_id(connection: sqlite3.Connection) -> str:
    return connection.execute("SELECT value FROM kit WHERE key='store'").fetchone()[0]


def _newest(rows: Iterable[Answer]) -> list[Answer]:
    """The newest row of each person and of the group."""
    return list({answer.person: answer for answer in rows}.values())
