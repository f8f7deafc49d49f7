"""Files that are made of answers: noted, so that they go when one of these goes."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from workshop.answers.database import connect, path_of, transaction
from workshop.answers.shown import TableAnswers
from workshop.answers.upkeep import note_file
from workshop.texts import Message, Problem
from workshop.work import listing_files


@contextmanager
def noting_files(work: Path) -> Iterator[list[tuple[str, str]]]:
    """Note the files that are written inside, also where an error ends that: they hold answers all the same.

    What they are made of is read inside too.

    Yields
    ------
    list of tuple of str
        To be filled with room and group of each table that they are made of; where it stays empty, that is all tables.

    Raises
    ------
    Problem
        If somebody deleted an answer meanwhile; the files, which may hold it, are gone then.
    """
    before = _last_deletion(work)
    made_of: list[tuple[str, str]] = []
    with listing_files() as written:
        try:
            yield made_of
        finally:
            _with_answers(work, lambda connection: _note(connection, written, made_of, work))
    if _last_deletion(work) != before:
        for path in written:
            path.unlink(missing_ok=True)
        raise Problem(Message("answers.deleted-meanwhile"))


def groups_of(tables: Iterable[TableAnswers], work: Path) -> list[tuple[str, str]]:
    """Room and group of tables, as the file of a work folder knows those of its own that were handed in."""
    found = _with_answers(work, lambda file: file.execute("SELECT value FROM kit WHERE key='store'").fetchone())
    own = f"-{found[0][:4]}" if found else ""
    return [(table.room, table.group.removesuffix(own)) for table in tables]


def _note(connection: sqlite3.Connection, paths: list[Path], made_of: list[tuple[str, str]], work: Path) -> None:
    with transaction(connection):
        groups = made_of or connection.execute("SELECT room, grp FROM groups").fetchall()
        for path in paths:
            for group in groups:
                note_file(connection, group, path, work)


def _last_deletion(work: Path) -> Any:
    """A mark of the last time that answers were deleted."""
    return _with_answers(work, lambda file: file.execute("SELECT value FROM kit WHERE key='deleted'").fetchone())


def _with_answers(work: Path, act: Callable[[sqlite3.Connection], Any]) -> Any:
    """What `act` gives of the file of answers; None where there is none, or a damaged or read-only one."""
    if not path_of(work).is_file():
        return None
    try:
        with closing(connect(path_of(work))) as connection:
            return act(connection)
    except sqlite3.DatabaseError:
        return None
