"""What the file holds of one group: the connection, and all that is read over it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from workshop.answers import database, privacy
from workshop.answers.change import STEPPED
from workshop.answers.items import item_rules, whose
from workshop.answers.versions import COLUMNS, EMPTY, GROUP, ONE, Answer, is_blank, packed, read_row, unpacked
from workshop.texts import Message, Problem


@dataclass
class OpenFile:
    """A connection, and to which file; groups beside each other share one, also after the file came back."""

    connection: sqlite3.Connection
    identity: tuple[int, int] | None


class Rows:
    """What the file holds of one group, to be read; `workshop.answers.store.Store` writes as well.

    Parameters
    ----------
    path : Path
        The file.
    room, group : str
        Whose answers.
    """

    def __init__(self, path: Path, room: str, group: str):
        self.path = path
        self.room = room
        self.group = group
        self.where = (room, group)
        self._open = OpenFile(database.open_file(self.path), database.identity(self.path))
        try:
            self.id = _store_id(self._connection)
            self._be_known()
        except sqlite3.Error as error:
            reason = str(error)
            raise Problem(Message("answers.not-opened", folder=str(self.path.parent), reason=reason)) from error

    @property
    def _connection(self) -> sqlite3.Connection:
        return self._open.connection

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
        if database.identity(self.path) != self._open.identity:
            connection = database.open_file(self.path)
            if _store_id(connection) != self.id:
                connection.close()
                raise Problem(Message("answers.other-file", folder=str(self.folder)))
            self._connection.close()
            self._open.connection = connection
            self._open.identity = database.identity(self.path)
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

    def changed_since(self, version: int) -> list[str]:
        """Items that got a newer version, of whoever."""
        query = f"SELECT DISTINCT item FROM answers WHERE {GROUP} AND version>:version"
        return [item for (item,) in self.query(query, version=version)]

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
        """Ids of all items that anybody has an answer to, or wrote something of that gave way in a conflict."""
        newest = f"SELECT max(version) FROM answers WHERE {GROUP} AND state='counts' GROUP BY item, person"
        answers = f"SELECT DISTINCT item FROM answers WHERE {GROUP} AND (state<>'counts' OR version IN ({newest}))"
        empty = {f"empty_{number}": packed(value) for number, value in enumerate(EMPTY)}
        given = f"{answers} AND value NOT IN ({', '.join(f':{name}' for name in empty)})"
        return {item for (item,) in self.query(given, **empty)}

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
        given = [answer for answer in self.everything("item=:item", item=item) if answer.visibility == "released"]
        return sorted((answer.value for answer in given if not is_blank(answer.value)), key=str)

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


def _store_id(connection: sqlite3.Connection) -> str:
    return connection.execute("SELECT value FROM kit WHERE key='store'").fetchone()[0]
