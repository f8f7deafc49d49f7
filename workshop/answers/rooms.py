"""What a room keeps: its word, its tables and their keys, what is asked now, and who has which seat.

It stands in the file of answers, so that server and pages all see it, and that it is there again tomorrow. It never
says what somebody answered.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from workshop.answers import Store, database, open_store
from workshop.answers.shown import Room
from workshop.answers.versions import GROUP
from workshop.texts import Message, Problem

TRAINER = "trainer"
"""The group of a room in which the trainer's own page keeps what it keeps."""
MOST_TABLES = 10
MOST_SEATS = 99
TRIES = 5
"""How often a code may be wrong before the trainer has to open the seat."""
LETTERS = "abcdefghjkmnpqrstuvwxyz"
"""Of codes: without the letters that look like another one."""
SEAT = f"{GROUP} AND number=:number"
"""What a query says to mean one seat."""


@dataclass(frozen=True)
class RoomState:
    """What holds for the whole room.

    Parameters
    ----------
    word : str
        The word of four letters that the wall shows.
    secret : str
        Signs the cookies of telephones.
    open : bool
        Whether anybody may write; deleting always goes on.
    texts : bool
        Whether telephones may write free text.
    asked : str
        The question that stands on top on the telephones; empty: none.
    """

    word: str
    secret: str
    open: bool = True
    texts: bool = False
    asked: str = ""


class Seat(NamedTuple):
    """A seat that a telephone has, and how often its code was wrong; its answers are kept as those of `person`."""

    group: str
    number: int
    code: str
    secret: str
    wrong: int = 0

    @property
    def person(self) -> str:
        """As the store knows the seat."""
        return f"seat-{self.number}"


def open_room(folder: str | Path | None = None, room: str = "workshop", tables: int = 0) -> RoomStore:
    """Open what a room keeps; a room that is new gets its word.

    Parameters
    ----------
    folder : path, optional
        The work folder.
    room : str
        Id of the room.
    tables : int
        How many tables there are at least; ``table-1`` and so on, ten at most.

    Raises
    ------
    Problem
        If the file cannot be opened.
    """
    made = RoomStore(open_store(folder, room))
    _ = made.state  # is made with its word
    while len(made.tables()) < min(tables, MOST_TABLES):
        made.add_table()
    return made


def current_room(work: Path) -> str:
    """Id of the room that this laptop was last used for, ``room-1`` to begin with."""
    return database.of_the_day(work, "room of today", "room-[0-9]{1,9}", "room-1")


def next_room(work: Path) -> str:
    """Begin a new room, with a word and tables of its own; earlier ones stay where they are."""
    known = current_room(work)
    with closing(database.open_file(database.path_of(work))) as connection, database.transaction(connection):
        number = int(known.removeprefix("room-"))
        while connection.execute("SELECT 1 FROM kit WHERE key=?", (_key(f"room-{number}"),)).fetchall():
            number += 1
        new = f"room-{number}"
        connection.execute("INSERT OR REPLACE INTO kit VALUES ('room of today', ?)", (new,))
    return new


def of_room(found: Room, name: str) -> Room:
    """The tables of one room; what was read of a work folder has those of earlier rooms too."""
    tables = [table for table in found.tables if table.room == name and table.group != TRAINER]
    others = sum(table.room != name for table in found.tables)
    notes = list(found.notes)
    if others:
        notes.append(Message("dashboard.other_rooms", n=others))
    return Room(tables, notes)


class RoomStore:
    """What a room keeps. Each method that changes something is one transaction, or part of the one that is open.

    Parameters
    ----------
    store : Store
        Of any table of the room; whoever has one may look who holds a seat: ``RoomStore(session.store).sit(…)``.
    """

    def __init__(self, store: Store):
        self.store = store
        self.name = store.room

    @contextmanager
    def _writing(self) -> Iterator[None]:
        if self.store.is_writing:
            yield
        else:
            with self.store.change():
                yield

    # -- the whole room ------------------------------------------------------------------------------------------------

    @property
    def state(self) -> RoomState:
        """What holds now; a room that is new gets its word and its secret."""
        found = read_state(self.store)
        if not (found and found.word):
            with self._writing():
                found = read_state(self.store)
                if not (found and found.word):  # nobody was faster
                    word = secrets.choice(str(Message("room.words")).split())
                    found = RoomState(word, secrets.token_hex(32))
                    self._keep(found)
        return found

    def _keep(self, state: RoomState) -> None:
        self.store.execute("INSERT OR REPLACE INTO kit VALUES (?, ?)", (_key(self.name), json.dumps(asdict(state))))

    def set(self, **changed: Any) -> RoomState:
        """Change `open`, `texts`, `asked` or `word`: ``room.set(open=False)`` closes the room."""
        with self._writing():
            state = replace(self.state, **changed)
            self._keep(state)
        return state

    # -- tables --------------------------------------------------------------------------------------------------------

    def tables(self) -> dict[str, str]:
        """The key of each table, by group, in their order."""
        return dict(self.store.query("SELECT grp, key FROM room_tables WHERE room=:room ORDER BY rowid"))

    def add_table(self) -> str:
        """One table more; its group. Problem where there are ten."""
        with self._writing():
            taken = self.tables()
            if len(taken) >= MOST_TABLES:
                raise Problem(Message("room.no_more_tables", n=MOST_TABLES))
            group = f"table-{len(taken) + 1}"
            key = "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3))  # to be typed too
            self.store.query("INSERT INTO room_tables VALUES (:room, :grp, :key)", grp=group, key=key)
            self.store.beside(group)
        return group

    def table_of(self, key: str) -> str | None:
        """The group whose key this is; None where it is none."""
        right = [group for group, known in self.tables().items() if _same(known, key.strip().lower())]
        return right[0] if right else None

    # -- seats ---------------------------------------------------------------------------------------------------------

    def give_seat(self, group: str) -> Seat:
        """A seat for a telephone: the lowest number at the table that nobody ever had or answered from.

        Raises
        ------
        Problem
            If the room is closed, there is no such table, or it is full.
        """
        with self._writing():
            if not self.state.open:
                raise Problem(Message("room.closed"))
            if group not in self.tables():
                raise Problem(Message("room.no_table"))
            answered = f"SELECT person FROM answers WHERE {GROUP}"
            had = f"SELECT 'seat-' || number FROM seats WHERE {GROUP}"
            taken = {person for (person,) in self.store.query(f"{answered} UNION {had}", grp=group)}
            number = next((n for n in range(1, MOST_SEATS + 1) if f"seat-{n}" not in taken), None)
            if number is None:
                raise Problem(Message("room.table_full", n=MOST_SEATS))
            code = "".join(secrets.choice(LETTERS) for _ in range(6))
            seat = Seat(group, number, code, secrets.token_hex(16))
            self.store.execute("INSERT INTO seats VALUES (?, ?, ?, 'phone', ?, ?, ?)", (self.name, *seat))
        return seat

    def seat(self, group: str, number: int, secret: str) -> Seat | None:
        """The seat of a telephone that shows its secret; None where that is not right."""
        found = self._phone(group, number)
        return found if found and _same(found.secret, secret) else None

    def seat_by_code(self, group: str, number: int, code: str) -> Seat:
        """The seat for another telephone of the same person.

        Raises
        ------
        Problem
            If the code is wrong, or was so five times: then the trainer has to open the seat (`let_try`).
        """
        problem = Problem(Message("room.wrong_code"))
        with self._writing():
            seat = self._phone(group, number)
            if not seat:
                raise problem
            if seat.wrong >= TRIES:
                raise Problem(Message("room.seat_locked"))
            right = _same(seat.code, code.strip().lower())
            self._set_wrong(group, number, 0 if right else seat.wrong + 1)
        if not right:  # outside, else the count would be undone
            raise problem
        return seat

    def let_try(self, group: str, number: int) -> None:
        """The trainer opens a seat of which the code was wrong too often."""
        with self._writing():
            self._set_wrong(group, number, 0)

    def locked(self) -> list[tuple[str, int]]:
        """Group and number of the seats that the trainer has to open."""
        query = "SELECT grp, number FROM seats WHERE room=:room AND wrong>=:tries ORDER BY grp, number"
        return self.store.query(query, tries=TRIES)

    def sit(self, group: str, number: int) -> bool:
        """Take a seat at the table's own keyboard; False where a telephone has it. No telephone gets it from now on."""
        if not self.store.query(f"SELECT 1 FROM seats WHERE {SEAT}", grp=group, number=number):
            with self._writing():
                query = "INSERT OR IGNORE INTO seats VALUES (:room, :grp, :number, 'table', '', '', 0)"
                self.store.query(query, grp=group, number=number)
        return number not in self.held(group)

    def held(self, group: str) -> list[int]:
        """The seats of a table that telephones have."""
        query = f"SELECT number FROM seats WHERE {GROUP} AND holder='phone' ORDER BY number"
        return [number for (number,) in self.store.query(query, grp=group)]

    def telephones(self) -> dict[str, int]:
        """How many telephones are in, by table."""
        return {group: len(self.held(group)) for group in self.tables()}

    def _phone(self, group: str, number: int) -> Seat | None:
        query = f"SELECT grp, number, code, secret, wrong FROM seats WHERE {SEAT} AND holder='phone'"
        found = self.store.query(query, grp=group, number=number)
        return Seat(*found[0]) if found else None

    def _set_wrong(self, group: str, number: int, wrong: int) -> None:
        self.store.query(f"UPDATE seats SET wrong=:wrong WHERE {SEAT}", grp=group, number=number, wrong=wrong)


def read_state(store: Store) -> RoomState | None:
    """What holds in the room of a store; None where there is no room, as at a table's own laptop."""
    found = store.query("SELECT value FROM kit WHERE key=:key", key=_key(store.room))
    if not found:
        return None
    try:
        return RoomState(**json.loads(found[0][0]))
    except (ValueError, TypeError):  # damaged: it is a room still, and gets a word again where it is opened
        return RoomState("", "")


def _key(room: str) -> str:
    return f"room {room}"


def _same(known: str, given: str) -> bool:
    return secrets.compare_digest(known.encode(), given.encode("utf-8", "replace"))
