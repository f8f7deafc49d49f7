"""What the wall shows of a room, in parts that are made anew when the answers changed.

A number of answers moves live. What was answered stands still: a spread is shown as it was opened, by hand, from five
people on, since whoever watches a bar grow while a neighbour taps would read that answer.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import segno

from workshop.answers.change import STEPPED
from workshop.answers.names import own_name
from workshop.answers.overview import merged_map, texts
from workshop.answers.rooms import TRAINER, RoomStore, open_room
from workshop.answers.shown import Room, TableAnswers
from workshop.answers.store import Store
from workshop.answers.tables import table_of
from workshop.blocks import html
from workshop.domain import runbook
from workshop.domain.questions import RegisterEntry
from workshop.dots import dots
from workshop.room.addresses import own_addresses
from workshop.room.asked import by_item
from workshop.room.plain import TEMPLATES
from workshop.room_report import compared_blocks, merged_blocks, small_map
from workshop.server.places import HOST
from workshop.texts import Message
from workshop.work import LOGGER

PARTS = ("join", "now", "maps", "merged", "spreads", "texts", "clock")
LOOK_SECONDS = 0.2
REST_SECONDS = 0.5
"""Between two times that parts are made: saves come first."""
WAIT_SECONDS = 10


class Asked(NamedTuple):
    """How far a question is: answers in all, by table, and whether a spread may be opened somewhere."""

    total: int
    by_table: dict[str, int]
    ready: bool


def qr(address: str) -> str:
    """A code to scan, as SVG."""
    return segno.make(address, micro=False).svg_inline(omitsize=True)


def stores_of(room: RoomStore) -> dict[str, Store]:
    """The answers of each table, by group."""
    return {group: room.store.beside(group) for group in room.tables()}


def names_of(room: RoomStore) -> dict[str, str]:
    """What the tables call themselves, by group; their numbers where they did not say so yet."""
    stores = enumerate(stores_of(room).items(), 1)
    return {group: own_name(store) or str(Message("wall.table", n=number)) for number, (group, store) in stores}


class Wall:
    """What wall and trainer's page know of a room; it reads over a connection of its own, in a thread.

    Parameters
    ----------
    room : RoomStore
    phones_at : str
        Address of the telephones' pages.
    pages_of : callable
        Takes a group; how many pages its table has open.
    """

    def __init__(self, room: RoomStore, phones_at: str, pages_of: Callable[[str], int]):
        self.room = open_room(room.store.folder, room.name)
        self.phones_at = phones_at
        self.pages_of = pages_of
        self.compared = ("", "")
        self.moved = False
        self.version = int(time.time() * 1000)  # above what a page saw of a server that was killed
        self.parts: dict[str, tuple[int, str]] = {}
        self.asked: dict[str, Asked] = {}
        self._seen: Any = None
        self._made_at = 0.0
        self._drawn: dict[str, tuple[Any, str]] = {}
        self._one_at_a_time = asyncio.Lock()

    @property
    def host(self) -> str:
        """The address of this laptop that people use."""
        return urlsplit(self.phones_at).hostname or ""

    # -- what changed --------------------------------------------------------------------------------------------------

    async def newer(self, seen: int) -> dict[str, Any]:
        """What is newer than `seen`; where nothing is, that is waited for a while."""
        end = time.monotonic() + WAIT_SECONDS
        while True:
            async with self._one_at_a_time:
                await self._look()
            if self.version > seen or time.monotonic() > end:
                break
            await asyncio.sleep(LOOK_SECONDS)
        return {
            "version": self.version,
            "parts": {name: text for name, (version, text) in self.parts.items() if version > seen},
            "moved": self.moved,
            "asked": {item: [found.total, found.ready] for item, found in self.asked.items()},
        }

    async def _look(self) -> None:
        pages = tuple(self.pages_of(group) for group in self.room.tables())
        key = (self.room.store.data_version, self.compared, pages, int(time.time() // 15))
        if key == self._seen or time.monotonic() - self._made_at < REST_SECONDS:
            return
        try:
            parts, asked = await asyncio.to_thread(self.make)
        except Exception:
            LOGGER.exception("the wall")  # what stands there stays; it is tried again
            return
        finally:
            self._made_at = time.monotonic()
        self._seen = key
        changed = {name: text for name, text in parts.items() if self.parts.get(name, (0, ""))[1] != text}
        if changed or asked != self.asked:
            self.version += 1
        self.parts |= {name: (self.version, text) for name, text in changed.items()}
        self.asked = asked

    # -- the parts -----------------------------------------------------------------------------------------------------

    def make(self) -> tuple[dict[str, str], dict[str, Asked]]:
        """All parts as HTML, and how far each question is; it also looks whether the laptop has its address still."""
        self.moved = self.host not in (HOST, *own_addresses())
        stores = stores_of(self.room)
        names = names_of(self.room)
        tables = {group: table_of(store) for group, store in stores.items()}
        room = Room(tables.values())
        asked = how_far(tables, set().union(*(store.openable() for store in stores.values())))
        maps = [(names[group], self._small_map(store, tables[group])) for group, store in stores.items()]
        made: dict[str, dict[str, Any]] = {
            "join": self._join(names),
            "now": self._now(names, room, asked),
            "maps": {"maps": maps},
            "merged": self._merged(names, room),
            "spreads": {"spreads": spreads_of(by_item().values(), room)},
            "texts": {"texts": texts(room)},
            "clock": {"said": self._clock()},
        }
        template = TEMPLATES.get_template("wall_part.html")
        return {name: template.render(part=name, **values) for name, values in made.items()}, asked

    def _small_map(self, store: Store, table: TableAnswers) -> str:
        """What a table drew; made anew only when that changed."""
        key = tuple(store.version(item) for item in STEPPED)
        if self._drawn.get(store.group, (None,))[0] != key:
            self._drawn[store.group] = (key, small_map(table))
        return self._drawn[store.group][1]

    def _join(self, names: dict[str, str]) -> dict[str, Any]:
        state = self.room.state
        code = qr(f"{self.phones_at}/?word={state.word}")
        there = self.room.telephones()
        rows = [(name, there.get(group, 0), self.pages_of(group)) for group, name in names.items()]
        return {"state": state, "address": self.phones_at, "code": code, "tables": rows}

    def _now(self, names: dict[str, str], room: Room, asked: dict[str, Asked]) -> dict[str, Any]:
        item = self.room.state.asked
        entry = by_item().get(item)
        if entry is None:
            return {"entry": None}
        rows = [(names[group], n) for group, n in asked[item].by_table.items()]
        return {"entry": entry, "total": asked[item].total, "tables": rows, "spreads": spreads_of([entry], room)}

    def _merged(self, names: dict[str, str], room: Room) -> dict[str, Any]:
        drawn = {table.group: table.network for table in room.tables if table.network.organisations}
        chosen = [group for group in names if group in self.compared]
        missing = [names[group] for group in chosen if group not in drawn]
        if missing or not chosen:
            notice = Message("wall.no_map", names=missing) if missing else None
            return {"names": None, "notice": notice, "html": html(merged_blocks(room))}
        together, _ = merged_map(room)
        a, b = (drawn.get(group, together) for group in self.compared)
        shown = [names.get(group, Message("control.all")) for group in self.compared]
        return {"names": shown, "html": html(compared_blocks(a, b))}

    def _clock(self) -> list[Message]:
        store = self.room.store.beside(TRAINER)
        return runbook.clock_says(store.get(runbook.KEPT), store.get(runbook.CLOCK))


def how_far(tables: dict[str, TableAnswers], openable: set[str]) -> dict[str, Asked]:
    """How far each question of the telephones is."""
    found = {}
    for item in by_item():
        by_table = {group: table.answered(item) for group, table in tables.items()}
        found[item] = Asked(sum(by_table.values()), by_table, item in openable)
    return found


def spreads_of(entries: Iterable[RegisterEntry], room: Room) -> list[tuple[list[str], str]]:
    """Questions and the dots of what was chosen, all tables together, where a spread was opened."""
    made = dots([entry for entry in entries if not entry.written], room.spread)
    return [([entry.text for entry in each.entries], each.picture) for each in made]
