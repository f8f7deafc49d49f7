"""Files that are made of answers: noted, so that they go when one of these goes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from workshop.answers.database import connect, is_whole, path_of, transaction
from workshop.texts import Message, Problem
from workshop.work import listing_files


@contextmanager
def noting_files(work: Path, whose: tuple[str, str] | None = None) -> Iterator[None]:
    """Note the files that are written inside, also where an error ends that: they hold answers all the same.

    What they are made of is read inside too.

    Parameters
    ----------
    work : Path
        The work folder.
    whose : tuple of str, optional
        Room and group of the table whose answers they are made of; None: those of all tables.

    Raises
    ------
    Problem
        If somebody deleted an answer meanwhile; the files, which may hold it, are gone then.
    """
    before = _last_deletion(work)
    with listing_files() as written:
        try:
            yield
        finally:
            _note(work, written, whose)
    if _last_deletion(work) != before:
        for path in written:
            path.unlink(missing_ok=True)
        raise Problem(Message("answers.deleted-meanwhile"))


def _note(work: Path, paths: list[Path], whose: tuple[str, str] | None) -> None:
    with _answers(work) as connection, suppress(sqlite3.OperationalError), transaction(connection):
        groups = [whose] if whose else connection.execute("SELECT room, grp FROM groups").fetchall()
        for path in paths:
            for group in groups:
                connection.execute("INSERT OR IGNORE INTO files VALUES (?, ?, ?)", (*group, str(path.absolute())))


def _last_deletion(work: Path) -> str:
    """A mark of the last time that answers were deleted."""
    with _answers(work) as connection:
        found = connection.execute("SELECT value FROM kit WHERE key='deleted'").fetchone()
    return str(found[0]) if found else ""


@contextmanager
def _answers(work: Path) -> Iterator[sqlite3.Connection]:
    """The file of answers; where there is none, or a damaged one, an empty one that nobody keeps."""
    path = path_of(work)
    with closing(connect(path if is_whole(path) else Path(":memory:"))) as connection:
        yield connection
