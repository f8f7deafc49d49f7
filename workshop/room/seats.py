"""What a telephone reads and writes, for the seat that it has: through the store, never past it."""

from __future__ import annotations

import time
from collections import Counter
from contextlib import closing
from dataclasses import replace
from typing import Any

from workshop.answers import Store, boxes, open_store
from workshop.answers.boxes import Entry, Result
from workshop.answers.change import Change
from workshop.answers.names import own_name
from workshop.answers.rooms import RoomStore, Seat
from workshop.room import asked
from workshop.room.writer import Writer
from workshop.texts import Problem


class Phones:
    """What all requests of telephones share.

    Parameters
    ----------
    room : RoomStore
        Read only here; what is written goes through the `Writer`.
    """

    def __init__(self, room: RoomStore):
        self.room = room
        self.writer = Writer(open_store(room.store.folder, room.name, room.store.group))
        self.minute = 0
        self.times: Counter[tuple[str, str]] = Counter()

    def reader(self, group: str) -> Store:
        """The answers of a table, to look at."""
        return self.room.store.beside(group)

    def names(self) -> dict[str, str]:
        """What the tables call themselves, by group; empty where a table did not say so yet."""
        return {group: own_name(self.reader(group)) for group in self.room.tables()}

    def too_often(self, what: str, who: str, most: int) -> bool:
        """Whether somebody does something more than `most` times in this minute."""
        return self.count(what, who) > most

    def count(self, what: str, who: str, more: int = 1) -> int:
        """How often somebody did something in this minute, with this time; without it where `more` is 0."""
        minute = int(time.monotonic() // 60)
        if minute != self.minute:
            self.minute = minute
            self.times.clear()
        self.times[what, who] += more
        return self.times[what, who]


def own(entry: Entry, seat: Seat) -> Entry:
    """An entry as one of this seat, whatever the telephone says of itself; other items have no name here."""
    return replace(entry, person=seat.person, item=entry.item if entry.item in asked.by_item() else "")


async def receive(
    phones: Phones, seat: Seat, box: str, generation: int, entries: list[Entry]
) -> tuple[int, list[Result]]:
    """Apply entries of a seat; boxes of one seat never meet those of another, whatever a telephone calls them."""
    entries = [own(entry, seat) for entry in entries]

    def job(store: Store) -> tuple[int, list[Result]]:
        change = Change(store.beside(seat.group), f"{seat.group} {seat.number} {box}")
        if change.store.is_closed:
            asked.take_back(change, entries, seat.person)
        return boxes.apply_box(change, generation, entries, asked.apply_of(seat.person, RoomStore(store).state.texts))

    try:
        return await phones.writer.do(job)
    except Problem as problem:  # not kept now
        return 0, [boxes.later(entries, 0, problem.message)]


async def withdraw(phones: Phones, seat: Seat, item: str) -> None:
    """Take back a text that a seat shared, in a closed room too; `NotKept` where that cannot be kept now."""
    await phones.writer.do(lambda store: Change(store.beside(seat.group), "").withdraw(item, seat.person))


def now(phones: Phones, seat: Seat) -> dict[str, Any]:
    """What a telephone should know at any time."""
    state = phones.room.state
    return {"asked": state.asked, "texts": bool(state.texts), "open": state.open, "seat": seat.number}


def outbox_of(store: Store, seat: Seat) -> dict[str, Any]:
    """Where the entries of a telephone belong: two seats of one browser never mix."""
    group = f"{seat.group}/{seat.person}"
    return {"store": store.id, "room": store.room, "group": group, "generation": store.generation}


def wipe(phones: Phones, seat: Seat) -> None:
    """Really delete what a seat answered, over a connection of its own."""
    with closing(open_store(phones.room.store.folder, phones.room.name, seat.group)) as store:
        store.delete_person(seat.person)
