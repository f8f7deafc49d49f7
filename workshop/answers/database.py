"""The one file that keeps all answers of a work folder: opening it, keeping it whole, really deleting.

Everything goes through Python's own ``sqlite3``. The file is opened in no other way by a process that holds it: closing
any other handle on it would drop SQLite's locks.
"""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from workshop.texts import Message, Problem

FILE = "answers.sqlite3"
COPIES = "copies"
ASIDE = "set-aside"
VERSION = 2
"""``PRAGMA user_version``; goes up when the tables change. 2: what a room keeps."""
BUSY_SECONDS = 5

SCHEMA = """
CREATE TABLE IF NOT EXISTS answers (
    version INTEGER PRIMARY KEY AUTOINCREMENT,
    room TEXT NOT NULL, grp TEXT NOT NULL, person TEXT NOT NULL, item TEXT NOT NULL,
    value BLOB NOT NULL, visibility TEXT NOT NULL, box TEXT NOT NULL, saved_at TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'counts',
    step INTEGER, label TEXT, parent INTEGER, origin INTEGER, redo TEXT
);
CREATE INDEX IF NOT EXISTS answers_by_key ON answers (room, grp, item, person, version);
CREATE TABLE IF NOT EXISTS groups (
    room TEXT NOT NULL, grp TEXT NOT NULL, generation INTEGER NOT NULL DEFAULT 1, changes INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (room, grp)
);
CREATE TABLE IF NOT EXISTS boxes (box TEXT PRIMARY KEY, n INTEGER NOT NULL, used_at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS spreads (
    room TEXT NOT NULL, grp TEXT NOT NULL, item TEXT NOT NULL, counts TEXT NOT NULL, counted TEXT NOT NULL,
    opened_at TEXT NOT NULL, PRIMARY KEY (room, grp, item)
);
CREATE TABLE IF NOT EXISTS files (
    room TEXT NOT NULL, grp TEXT NOT NULL, path TEXT NOT NULL, PRIMARY KEY (room, grp, path)
);
CREATE TABLE IF NOT EXISTS kit (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS room_tables (
    room TEXT NOT NULL, grp TEXT NOT NULL, key TEXT NOT NULL, PRIMARY KEY (room, grp)
);
CREATE TABLE IF NOT EXISTS seats (
    room TEXT NOT NULL, grp TEXT NOT NULL, number INTEGER NOT NULL, holder TEXT NOT NULL,
    code TEXT NOT NULL, secret TEXT NOT NULL, wrong INTEGER NOT NULL, PRIMARY KEY (room, grp, number)
);
"""


def path_of(work: Path) -> Path:
    """The file of a work folder."""
    return work / FILE


def now() -> str:
    """The present moment, as it is kept."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


# -- opening -----------------------------------------------------------------------------------------------------------


def connect(path: Path) -> sqlite3.Connection:
    """Open the file, or make it.

    Raises
    ------
    Problem
        If a newer kit made the file; it is left alone.
    sqlite3.Error
        If the disk fails, or this is no such file.
    """
    refuse_newer(path)
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    connection.text_factory = letters
    try:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        connection.execute("PRAGMA secure_delete=ON").fetchall()
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA fullfsync=ON")
        connection.execute("PRAGMA temp_store=MEMORY")
        connection.execute("PRAGMA wal_autocheckpoint=0").fetchall()
        if version < VERSION:
            _make(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def letters(raw: bytes) -> str:
    """A text of the file: a bad byte costs a letter, never the table."""
    return raw.decode("utf-8", "replace")


def open_file(path: Path) -> sqlite3.Connection:
    """As `connect`, in a folder that is made where needed; a `Problem` says plainly what is wrong.

    A file that was thrown away is not made anew: pages that are open put it back, and so does the next start.
    """
    if not path.exists() and list((path.parent / COPIES).glob("*.sqlite3")):
        raise Problem(Message("answers.gone", folder=str(path.parent)))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return connect(path)
    except (sqlite3.Error, OSError) as error:
        raise Problem(Message("answers.not-opened", folder=str(path.parent), reason=str(error))) from error


def refuse_newer(path: Path) -> None:
    """A `Problem` where a newer kit made the file, which is then not even opened for writing."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as looking:
            version = looking.execute("PRAGMA user_version").fetchone()[0]
    except sqlite3.OperationalError:  # it is not there, or somebody has just begun to make it
        return
    if version > VERSION:
        raise Problem(Message("answers.newer", file=path.name, folder=str(path.parent)))


def _make(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA journal_mode=WAL").fetchall()
    with transaction(connection):
        if connection.execute("PRAGMA user_version").fetchone()[0] < VERSION:  # another process may have been faster
            for statement in SCHEMA.split(";"):
                if statement.strip():
                    connection.execute(statement)
            connection.execute("INSERT OR IGNORE INTO kit VALUES ('store', ?)", (os.urandom(8).hex(),))
            connection.execute(f"PRAGMA user_version={VERSION}")


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """One write transaction: all of it is kept, or nothing."""
    inside = connection.in_transaction  # of another one, which is not ended then
    try:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction and not inside:  # it may not have begun, or a full disk may have ended it
            connection.execute("ROLLBACK")
        raise


# -- the file itself ---------------------------------------------------------------------------------------------------


def identity(path: Path) -> tuple[int, int]:
    """Which file it is, whatever its name."""
    found = path.stat()
    return found.st_dev, found.st_ino


def put_back(connection: sqlite3.Connection, path: Path) -> None:
    """Make a file again that was thrown away while it was open; nothing where another page was faster."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        connection.execute("VACUUM INTO ?", (str(part),))
        with closing(sqlite3.connect(part)) as made:
            made.execute("PRAGMA journal_mode=WAL").fetchall()
        for ending in ("-wal", "-shm"):  # of the file that is gone
            Path(f"{path}{ending}").unlink(missing_ok=True)
        try:
            os.link(part, path)
        except FileExistsError:
            pass
        except OSError:  # a file system without links
            os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def is_whole(path: Path) -> bool:
    """Whether SQLite finds no damage in a file."""
    if not path.is_file():
        return False
    try:
        with closing(sqlite3.connect(path, timeout=BUSY_SECONDS)) as connection:
            return shows_no_damage(connection)
    except sqlite3.DatabaseError:
        return False


def shows_no_damage(connection: sqlite3.Connection) -> bool:
    """Whether SQLite finds no damage in the file of a connection."""
    try:
        return connection.execute("PRAGMA quick_check(1)").fetchall() == [("ok",)]
    except sqlite3.DatabaseError:
        return False


# -- the group of the day ------------------------------------------------------------------------------------------


def current_group(work: Path, room: str) -> str:
    """The group that this laptop was last used for, ``table-1`` to begin with."""
    return of_the_day(work, f"group of {room}", "[a-z0-9-]{1,40}", "table-1")


def of_the_day(work: Path, key: str, shape: str, usual: str) -> str:
    """The group or room that was noted; the usual one where there is none, or a damaged name."""
    if not path_of(work).is_file():
        return usual
    with closing(open_file(path_of(work))) as connection:
        row = connection.execute("SELECT value FROM kit WHERE key=?", (key,)).fetchone()
    return row[0] if row and re.fullmatch(shape, str(row[0])) else usual


def next_group(work: Path, room: str) -> str:
    """Start with a clean sheet: the next free ``table-N`` becomes the current group; others stay where they are."""
    with closing(open_file(path_of(work))) as connection, transaction(connection):
        used = {grp for (grp,) in connection.execute("SELECT grp FROM groups WHERE room=?", (room,)).fetchall()}
        number = 1
        while f"table-{number}" in used:
            number += 1
        connection.execute("INSERT OR REPLACE INTO kit VALUES (?, ?)", (f"group of {room}", f"table-{number}"))
    return f"table-{number}"
