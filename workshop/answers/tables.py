"""Reading what tables handed in, and what stands in a work folder now."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from workshop.answers import database
from workshop.answers.handin import read_hand_in, shown_by
from workshop.answers.shown import Room, TableAnswers
from workshop.answers.store import Store
from workshop.exchange.questions import ImportProblem
from workshop.texts import Message, Problem

SKIPPED = {database.COPIES, database.ASIDE, "lab", "log"}
"""Folders of a work folder in which nothing was handed in."""


def read_room(*paths: str | Path) -> Room:
    """The answers of all tables in files and folders; an empty room where there are none at all.

    Parameters
    ----------
    *paths : str or Path
        Files that tables handed in, folders of such files at any depth, or work folders.

    Raises
    ------
    ImportProblem
        If there are files, and none can be read.
    """
    reading = _Reading()
    for path in map(Path, paths):
        if path.is_dir():
            reading.read_folder(path)
        else:
            reading.read_file(path)
    if not reading.tables and reading.notes and reading.files:
        raise ImportProblem(reading.notes)
    if not reading.tables and not reading.files:
        reading.notes += [Message("answers.no-files", folder=Path(path).name) for path in paths]
    return Room(reading.tables.values(), reading.notes)


class _Reading:
    """Tables as they are found; of one that is there twice, what stands in a work folder, else what was made last."""

    def __init__(self) -> None:
        self.tables: dict[tuple[str, str, str], TableAnswers] = {}
        self.live: set[tuple[str, str, str]] = set()
        self.notes: list[Message] = []
        self.files = 0

    def read_folder(self, folder: Path) -> None:
        """A work folder, or files at any depth."""
        own = database.path_of(folder)
        if own.is_file():
            self.files += 1
            self.read_database(own)
        for path in sorted(folder.rglob("*.json")):
            if not SKIPPED & set(path.relative_to(folder).parts[:-1]) and path.is_file():
                self.read_file(path)

    def read_database(self, path: Path) -> None:
        """The tables of a work folder, as they are now."""
        try:
            with closing(database.connect(path)) as connection:
                groups = connection.execute("SELECT DISTINCT room, grp FROM answers ORDER BY room, grp").fetchall()
            for room, group in groups:
                store = Store(path, room, group)
                self.tables[store.id, room, group] = table_of(store)
                self.live.add((store.id, room, group))
                store.close()
        except Problem as problem:
            self.notes.append(problem.message)
        except sqlite3.Error:
            self.notes.append(Message("answers.unreadable", file=path.name))

    def read_file(self, path: Path) -> None:
        """One file that a table handed in."""
        self.files += 1
        try:
            document = read_hand_in(path)
        except Problem as problem:
            self.notes.append(problem.message)
            return
        key = (document["store"], document["room"], document["group"])
        made = document["made"]
        known = self.tables.get(key)
        if not document["answers"] and not document["spreads"] and not document["answered"]:
            self.notes.append(Message("answers.nothing-in-it", file=path.name))
        if document["left_out"]:
            self.notes.append(Message("answers.parts_left_out", file=path.name, n=document["left_out"]))
        if known and key in self.live:
            known.handed_in = max(made, known.handed_in)
        elif known and known.handed_in >= made:
            self.notes.append(Message("answers.older", file=path.name))
        else:
            group = f"{document['group']}-{document['store'][:4]}"
            counted = (document["spreads"], document["answered"])
            self.tables[key] = TableAnswers(document["room"], group, document["answers"], *counted, made)


def table_of(store: Store) -> TableAnswers:
    """The table whose answers a store keeps: what it would hand in."""
    return TableAnswers(store.room, store.group, shown_by(store), store.spreads(), store.answered_counts())
