"""What the wall shows of a room, in parts that are made anew when the answers changed.

A number of answers moves live. What was answered stands still: a spread is shown as it was opened, by hand, from five
people on, since whoever watches a bar grow while a neighbour taps would read that answer.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import jinja2
import segno

from workshop.answers import Answer, privacy
from workshop.answers.rooms import RoomStore, open_room
from workshop.answers.store import Store
from workshop.answers.tables import Room, TableAnswers
from workshop.blocks import html
from workshop.domain import runbook
from workshop.domain.questions import RegisterEntry, register
from workshop.dots import dots
from workshop.pictures import picture
from workshop.room.asked import on_telephones
from workshop.room_report import compared_blocks, merged_blocks
from workshop.texts import Message
from workshop.work import LOGGER

PARTS = ("join", "now", "maps", "merged", "spreads", "texts", "clock")
DRAWN = ("table-name", "network", "structure", "map")
LOOK_SECONDS = 0.2
REST_SECONDS = 0.5
"""Between two times that parts are made: saves come first."""
WAIT_SECONDS = 10
TRAINER = "trainer"
"""The group in which the trainer's pages keep run sheet and clock."""
TEMPLATES = jinja2.Environment(loader=jinja2.FileSystemLoader(Path(__file__).parent), autoescape=True, trim_blocks=True)
TEMPLATES.globals["say"] = Message


class Asked(NamedTuple):
    """How far a question is: answers in all, by table, and whether a spread may be opened somewhere."""

    total: int
    by_table: dict[str, int]
    ready: bool


class Given(NamedTuple):
    """What was answered at a table, read at one moment.

    Parameters
    ----------
    answers : dict
        Of persons, by item.
    own : dict
        Of the table itself, by item: the private texts that it may release.
    spreads : dict
        The spreads that are open, by item.
    counted : dict
        By item, the versions that were counted in the spread that was opened last.
    """

    answers: dict[str, list[Answer]]
    own: dict[str, Answer]
    spreads: dict[str, dict[Any, int]]
    counted: dict[str, set[int]]

    @classmethod
    def read(cls, store: Store) -> Given:
        """From the answers of a table."""
        rows = store.spread_rows()
        own = {entry.id: answer for entry in released_entries() if (answer := store.newest(entry.id))}
        spreads = {item: privacy.counts_from(counts) for item, counts, _ in rows if counts}
        return cls(
            store.answers_by_item(), own, spreads, {item: set(json.loads(who).values()) for item, _, who in rows}
        )

    def may_open(self, item: str) -> bool:
        """As `Store.may_open`."""
        return privacy.may_open(self.answers.get(item, ()), self.counted.get(item, set()))


def released_entries() -> list[RegisterEntry]:
    """The questions whose texts their authors may release for all to read."""
    return [entry for entry in register() if entry.written and entry.visibility == "private" and entry.counted]


def qr(address: str) -> str:
    """A code to scan, as SVG."""
    return segno.make(address, micro=False).svg_inline(omitsize=True)


class Wall:
    """What wall and trainer's page know of a room; it reads over a connection of its own.

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
        self.version = int(time.time() * 1000)  # above what a page saw of a server that was killed
        self.parts: dict[str, tuple[int, str]] = {}
        self.asked: dict[str, Asked] = {}
        self._seen: Any = None
        self._made_at = 0.0
        self._drawn: dict[str, tuple[Any, TableAnswers, str]] = {}
        self._one_at_a_time = asyncio.Lock()

    @cached_property
    def join_address(self) -> str:
        """What the code of the room leads to."""
        return f"{self.phones_at}/?word={self.room.state.word}"

    def stores(self) -> dict[str, Store]:
        """The answers of each table, by group."""
        return {group: self.room.store.beside(group) for group in self.room.tables()}

    def names(self) -> dict[str, str]:
        """What the tables call themselves, by group; their numbers where they did not say so yet."""
        found = {}
        for number, (group, store) in enumerate(self.stores().items(), 1):
            name = store.get("table-name")
            found[group] = name if isinstance(name, str) and name.strip() else str(Message("wall.table", n=number))
        return found

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
        """All parts as HTML, and how far each question is."""
        stores = self.stores()
        names = self.names()
        tables = {group: self._table(group, store) for group, store in stores.items()}
        given = {group: Given.read(store) for group, store in stores.items()}
        asked = {entry.id: how_far(entry, given) for entry in on_telephones()}
        made: dict[str, dict[str, Any]] = {
            "join": self._join(names),
            "now": self._now(names, given, asked),
            "maps": {"maps": [(name, self._drawn[group][2]) for group, name in names.items()]},
            "merged": self._merged(names, list(tables.values())),
            "spreads": {"spreads": spreads_of(on_telephones(), given.values())},
            "texts": {"texts": released_in(given.values())},
            "clock": {"said": self._clock()},
        }
        template = TEMPLATES.get_template("wall_part.html")
        return {name: template.render(part=name, **values) for name, values in made.items()}, asked

    def _table(self, group: str, store: Store) -> TableAnswers:
        """What a table calls itself and drew; its picture is made anew only when one of these changed."""
        key = tuple(store.version(item) for item in DRAWN)
        if self._drawn.get(group, (None,))[0] != key:
            kept = [answer for item in DRAWN if (answer := store.newest(item))]
            table = TableAnswers(store.room, group, kept)
            self._drawn[group] = (key, table, small_map(table))
        return self._drawn[group][1]

    def _join(self, names: dict[str, str]) -> dict[str, Any]:
        state = self.room.state
        there = self.room.telephones()
        rows = [(name, there.get(group, 0), self.pages_of(group)) for group, name in names.items()]
        return {"state": state, "address": self.phones_at, "code": qr(self.join_address), "tables": rows}

    def _now(self, names: dict[str, str], given: dict[str, Given], asked: dict[str, Asked]) -> dict[str, Any]:
        item = self.room.state.asked
        entry = next((entry for entry in on_telephones() if entry.id == item), None)
        if entry is None:
            return {"entry": None}
        rows = [(names[group], n) for group, n in asked[item].by_table.items()]
        return {
            "entry": entry,
            "total": asked[item].total,
            "tables": rows,
            "spreads": spreads_of([entry], given.values()),
        }

    def _merged(self, names: dict[str, str], tables: list[TableAnswers]) -> dict[str, Any]:
        drawn = {table.group: table for table in tables if table.networks}
        room = Room(drawn.values())
        if not set(self.compared) <= set(drawn):
            return {"names": None, "html": html(merged_blocks(room))}
        a, b = (drawn[group] for group in self.compared)
        return {"names": (names[a.group], names[b.group]), "html": html(compared_blocks(a.networks[0], b.networks[0]))}

    def _clock(self) -> list[Message]:
        store = self.room.store.beside(TRAINER)
        return runbook.clock_says(store.get(runbook.KEPT), store.get(runbook.CLOCK))


def small_map(table: TableAnswers) -> str:
    """The map of a table for a wall of maps, without names; empty where nothing is drawn."""
    lead = table.structures[0].lead if table.structures else None
    drawn = [picture(n, places=table.positions, lead=lead, names=False, legend=False) for n in table.networks]
    return "".join(drawn)


def how_far(entry: RegisterEntry, given: dict[str, Given]) -> Asked:
    """How far a question is, from what was given at each table."""
    by_table = {group: len(table.answers.get(entry.id, ())) for group, table in given.items()}
    ready = not entry.written and any(table.may_open(entry.id) for table in given.values())
    return Asked(sum(by_table.values()), by_table, ready)


def spreads_of(entries: Iterable[RegisterEntry], given: Iterable[Given]) -> list[tuple[list[str], str]]:
    """Questions and the dots of what was chosen, all tables together, where a spread was opened."""
    together: dict[str, Counter] = {}
    for table in given:
        for item, counts in table.spreads.items():
            together.setdefault(item, Counter()).update(counts)
    made = dots([entry for entry in entries if not entry.written], together.get)
    return [([entry.text for entry in each.entries], each.picture) for each in made]


def released_in(given: Iterable[Given]) -> list[tuple[str, list[str]]]:
    """Released texts by question, in an order that says nothing of who wrote them."""
    every = list(given)
    found = []
    for entry in released_entries():
        answers = [answer for table in every for answer in table.answers.get(entry.id, ())]
        answers += [table.own[entry.id] for table in every if entry.id in table.own]
        said = [a.value for a in answers if a.visibility == "released" and isinstance(a.value, str)]
        if said:
            found.append((entry.label, sorted(said)))
    return found
