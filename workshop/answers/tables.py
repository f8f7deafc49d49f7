"""Reading what tables handed in, and what stands in a work folder now."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Collection, Iterable
from contextlib import closing
from pathlib import Path

from workshop.answers import database
from workshop.answers.handin import read_hand_in, shown_by
from workshop.answers.items import TRAINERS_NOTES
from workshop.answers.rooms import of_room
from workshop.answers.shown import LONG_AGO, Room, TableAnswers
from workshop.answers.store import Store
from workshop.exchange.questions import ImportProblem
from workshop.texts import Message, Problem, day

SKIPPED = {database.COPIES, database.ASIDE, "lab", "log"}
"""Folders of a work folder in which nothing was handed in."""
Key = tuple[str, str, str]
"""Store, room and group."""


def read_room(*paths: str | Path) -> Room:
    """The answers of all tables in files and folders; an empty room where there are none at all.

    Of a table that is there twice counts what stands in a work folder, else what was made last.

    Parameters
    ----------
    *paths : str or Path
        Files that tables handed in, folders of such files at any depth, or work folders.

    Raises
    ------
    ImportProblem
        If there are files, and none can be read.
    """
    tables: dict[Key, TableAnswers] = {}
    notes: list[Message] = []
    given = [Path(path) for path in paths]
    works = [database.path_of(path) for path in given if database.path_of(path).is_file()]
    files = [file for path in given for file in _handed_in(path)]
    for work in works:
        notes += _read_work(work, tables)
    live = set(tables)
    for file in files:
        notes += _read_file(file, tables, live)
    if notes and not tables:
        raise ImportProblem(notes)
    if not works and not files:
        notes = [Message("answers.no-files", folder=path.name) for path in given]
    return Room(tables.values(), notes)


def _handed_in(path: Path) -> list[Path]:
    """A file, or the files in a folder at any depth."""
    if not path.is_dir():
        return [path]
    found = sorted(path.rglob("*.json"))
    return [file for file in found if file.is_file() and not SKIPPED & set(file.relative_to(path).parts[:-1])]


def _read_work(path: Path, tables: dict[Key, TableAnswers]) -> list[Message]:
    """Add the tables of a work folder, as they are now; what is wrong with it."""
    try:
        with closing(database.connect(path)) as connection:
            groups = connection.execute("SELECT DISTINCT room, grp FROM answers").fetchall()
        for room, group in sorted(groups, key=_in_order):
            with closing(Store(path, room, group)) as store:
                tables[store.id, room, group] = table_of(store)
    except Problem as problem:
        return [problem.message]
    except sqlite3.Error:
        return [Message("answers.unreadable", file=path.name)]
    return []


def _in_order(ids: Iterable[str]) -> list[list[str | int]]:
    """A key to sort by: of table-2 and table-10, the second one comes last."""
    parts = [re.split("([0-9]+)", id) for id in ids]
    return [[int(part) if part.isdecimal() else part for part in each] for each in parts]


def _read_file(path: Path, tables: dict[Key, TableAnswers], live: Collection[Key]) -> list[Message]:
    """Add what a table handed in, where it counts; what there is to say of it."""
    try:
        sent = read_hand_in(path)
    except Problem as problem:
        return [problem.message]
    key = (sent["store"], sent["room"], sent["group"])
    made = sent["made"]
    known = tables.get(key)
    notes = []
    if not sent["answers"] and not sent["spreads"] and not sent["answered"]:
        notes.append(Message("answers.nothing-in-it", file=path.name))
    if sent["left_out"]:
        notes.append(Message("answers.parts_left_out", file=path.name, n=sent["left_out"]))
    if known and key in live:
        known.handed_in = max(made, known.handed_in)
    elif known and known.handed_in >= made:
        notes.append(Message("answers.older", file=path.name))
    else:
        group = f"{sent['group']}-{sent['store'][:4]}"
        tables[key] = TableAnswers(sent["room"], group, sent["answers"], sent["spreads"], sent["answered"], made)
    return notes


def of_one_room(everything: Room, work: Path, name: str = "") -> tuple[Room, list[Message]]:
    """The tables of one room, and what to say of the others: the texts of one group are not for another one.

    Parameters
    ----------
    everything : Room
        From `read_room`.
    work : Path
        The work folder, which knows when its rooms were used.
    name : str, optional
        Id of the room; usually the one of these tables that was used last.
    """
    used: dict[str, str] = {}
    for table in sorted(everything.tables, key=lambda table: table.saved):
        used[table.room] = table.saved.isoformat() if table.saved > LONG_AGO else table.handed_in
    for room, moment in _last_used(work).items():
        if room in used:  # it has something to report
            used[room] = moment
    order = sorted(used, key=lambda room: used[room])
    chosen = name or (order[-1] if order else "")
    others = [f"{room} ({day(used[room][:10])})" for room in order if room != chosen]
    said = [Message("report.one_room", room=chosen, others=others)] if others else []
    return of_room(everything, chosen), said


def _last_used(work: Path) -> dict[str, str]:
    """When something was last kept in each room of a work folder, also what only counts in a spread."""
    if not database.path_of(work).is_file():
        return {}
    try:
        with closing(database.connect(database.path_of(work))) as connection:
            places = ", ".join("?" for _ in TRAINERS_NOTES)
            query = f"SELECT room, max(saved_at) FROM answers WHERE item NOT IN ({places}) GROUP BY room"
            return dict(connection.execute(query, TRAINERS_NOTES).fetchall())
    except (sqlite3.Error, Problem):  # what can be read of it was read
        return {}


def table_of(store: Store) -> TableAnswers:
    """The table whose answers a store keeps: what it would hand in."""
    return TableAnswers(store.room, store.group, shown_by(store), store.spreads(), store.answered_counts())
