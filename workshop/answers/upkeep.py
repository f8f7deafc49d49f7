"""What one process does for all: checkpoints, copies of the file of answers, and that what was deleted really goes."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Mapping
from contextlib import closing, suppress
from pathlib import Path

from workshop.answers.database import ASIDE, COPIES, connect, is_whole, path_of, shows_no_damage

ROLLING = ("copy-1.sqlite3", "copy-2.sqlite3")
FROM_START = "start.sqlite3"
Deletions = list[tuple[str, Mapping[str, str | int]]]


def checkpoint(work: Path) -> bool:
    """Bring the write-ahead log into the file and empty it; False where somebody was reading or writing too long."""
    path = path_of(work)
    if not path.is_file():
        return True
    with closing(connect(path)) as connection:
        return _truncate(connection) and finish_wiping(connection, path)


def _truncate(connection: sqlite3.Connection) -> bool:
    try:
        busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.OperationalError:
        return False
    return not busy


def roll_copy(work: Path) -> None:
    """Make the older of the two rolling copies anew, checked before it takes its place."""
    found = [work / COPIES / name for name in ROLLING]
    oldest = min(found, key=lambda path: path.stat().st_mtime if path.is_file() else 0)
    copy_to(path_of(work), oldest)


def copy_to(source: Path, target: Path) -> None:
    """A copy without freed pages; only a whole one takes the place of what is there."""
    if not source.is_file():  # somebody threw it away: connecting would make an empty one
        return
    part = target.with_suffix(".part")
    with suppress(sqlite3.Error, OSError):
        target.parent.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        with closing(connect(source)) as connection:
            connection.execute("VACUUM INTO ?", (str(part),))
        if is_whole(part):
            os.replace(part, target)
    with suppress(OSError):
        part.unlink(missing_ok=True)


# -- deleting ----------------------------------------------------------------------------------------------------------


def purge_key(room: str, group: str) -> str:
    """Under which it is kept from which day a group is deleted, or without a group a whole room."""
    return f"purge {room} {group}"


def want_wipe(connection: sqlite3.Connection, deletion: str, values: Mapping[str, str | int]) -> None:
    """Note, in the transaction that deletes, which statement did so, and that files still hold what was deleted."""
    mark = os.urandom(8).hex()
    connection.execute("INSERT INTO kit VALUES (?, ?)", (f"wipe {mark}", json.dumps([deletion, values])))
    connection.execute("INSERT OR REPLACE INTO kit VALUES ('deleted', ?)", (mark,))


def note_file(connection: sqlite3.Connection, group: tuple[str, str], path: Path, work: Path) -> None:
    """Note, in a transaction, a file that was made of a group's answers; below the work folder wherever that moves."""
    whole = path.absolute()
    noted = whole.relative_to(work.absolute()).as_posix() if whole.is_relative_to(work.absolute()) else str(whole)
    connection.execute("DELETE FROM kit WHERE key=?", (f"gone {noted}",))  # it is another one now
    connection.execute("INSERT OR IGNORE INTO files VALUES (?, ?, ?)", (*group, noted))


def noted_file(noted: str, work: Path) -> Path:
    """The file that was noted so."""
    return work.absolute() / noted  # one outside is noted whole


def want_gone(connection: sqlite3.Connection, noted: str) -> None:
    """Note, in the transaction that deletes, a file that was made of what is deleted."""
    connection.execute("INSERT OR REPLACE INTO kit VALUES (?, '')", (f"gone {noted}",))


def deletions_in(connection: sqlite3.Connection) -> Deletions:
    """What was deleted in a file and is still to be wiped: statements and their values, as far as they can be read."""
    found = []
    for (kept,) in connection.execute("SELECT value FROM kit WHERE key LIKE 'wipe %'").fetchall():
        with suppress(ValueError):  # damaged
            deletion, values = json.loads(kept)
            found.append((deletion, values))
    return found


def delete_again(deletions: Deletions, connection: sqlite3.Connection) -> None:
    """Do to an older copy of a file what was deleted in it; spreads may have counted it."""
    for deletion, values in deletions:
        connection.execute(deletion, values)
        connection.execute("DELETE FROM spreads WHERE room=:room AND grp=:grp", values)


def finish_wiping(connection: sqlite3.Connection, path: Path) -> bool:
    """Remove and wipe what is still to be removed and wiped; False where not all of that can be done now."""
    try:
        gone = _all_gone(connection, path.parent)
        if not connection.execute("SELECT 1 FROM kit WHERE key LIKE 'wipe%'").fetchone():
            return gone
        if not shows_no_damage(connection):  # the next start needs the copies
            deletions = deletions_in(connection)
            for copy in list((path.parent / COPIES).glob("*.sqlite3")):
                _delete_in(copy, deletions)
            return False
        for folder in (COPIES, ASIDE):  # first, since they give room on a full disk
            for old in list((path.parent / folder).glob("*")):
                old.unlink(missing_ok=True)
        connection.execute("VACUUM")
        if not _truncate(connection):
            return False
        connection.execute("DELETE FROM kit WHERE key LIKE 'wipe%'")
    except (sqlite3.Error, OSError):  # full, busy, or damaged where it says what to delete
        return False
    copy_to(path, path.parent / COPIES / FROM_START)
    return gone


def _all_gone(connection: sqlite3.Connection, work: Path) -> bool:
    """Remove the files that are noted for it, as far as nobody holds them; whether all of them are gone."""
    held = False
    for (key,) in connection.execute("SELECT key FROM kit WHERE key LIKE 'gone %'").fetchall():
        try:
            noted_file(key.removeprefix("gone "), work).unlink(missing_ok=True)
            connection.execute("DELETE FROM kit WHERE key=?", (key,))
        except OSError:
            held = True
    return not held


def _delete_in(copy: Path, deletions: Deletions) -> None:
    """Do to a copy what was deleted in the file. A damaged copy is of no use: it goes.

    When it was made stays as it was: that tells which copy is the newest.
    """
    made = copy.stat()
    try:
        with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
            delete_again(deletions, connection)
            connection.execute("VACUUM")
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError:
        copy.unlink()
        return
    os.utime(copy, ns=(made.st_atime_ns, made.st_mtime_ns))
