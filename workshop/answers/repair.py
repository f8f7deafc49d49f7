"""What is done for the file of answers before any page opens: mend what is damaged, delete what is past its date."""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import closing, suppress
from datetime import UTC, date, datetime
from pathlib import Path

from workshop.answers import batches
from workshop.answers.database import (
    ASIDE,
    BUSY_SECONDS,
    COPIES,
    FILE,
    connect,
    is_whole,
    letters,
    path_of,
    transaction,
)
from workshop.answers.store import Store
from workshop.answers.upkeep import FROM_START, copy_to, delete_again, deletions_in, finish_wiping
from workshop.texts import Message, Problem

DAYS_OF_BOXES = 60
"""How long the numbers of boxes are remembered."""
BESIDE_ANSWERS = {
    "seats": "1",
    "room_tables": "1",
    "spreads": "1",
    "files": "1",
    "kit": " OR ".join(
        f"key LIKE '{start}%'" for start in ("room ", "group of ", "purge ", "gone ", "wipe", "deleted")
    ),
}
"""What else is taken from a damaged file, and which rows: else a table could sit down on the seat of a telephone."""


def look_after_at_start(work: Path) -> list[Message]:
    """Before any page opens: mend what is damaged, delete what is past its date, make the copy of this start.

    Returns
    -------
    list of Message
        What a person should know.

    Raises
    ------
    Problem
        If the file cannot be opened, or a newer kit made it.
    """
    path = path_of(work)
    said = []
    try:
        if is_gone(path) or not _is_sound(path):
            said.append(mend(work))
        _mended(path).unlink(missing_ok=True)  # of a mend that was broken off, and was not needed any more
    except (sqlite3.OperationalError, OSError) as error:
        raise Problem(Message("answers.not-opened", folder=str(work), reason=str(error))) from error
    said += _purge(work)
    copy_to(path, work / COPIES / FROM_START)
    with closing(connect(path)) as connection:
        long_ago = datetime.fromtimestamp(time.time() - DAYS_OF_BOXES * 86_400, UTC).isoformat()
        connection.execute("DELETE FROM boxes WHERE used_at < ?", (long_ago,))
        finish_wiping(connection, path)
    return said


def is_gone(path: Path) -> bool:
    """Whether the file is not there, or empty, and a copy of it is: a mend was broken off, or somebody deleted it."""
    empty = not path.exists() or path.stat().st_size == 0
    return empty and (is_whole(_mended(path)) or bool(_whole_copies(path.parent)))


def _mended(path: Path) -> Path:
    """Where the new file waits that takes the place of a damaged one."""
    return path.with_name(f"{path.name}.mended")


def _is_sound(path: Path) -> bool:
    try:
        connect(path).close()
        return is_whole(path)
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError:
        return False


def _whole_copies(work: Path) -> list[Path]:
    return [copy for copy in (work / COPIES).glob("*.sqlite3") if is_whole(copy)]


def mend(work: Path) -> Message:
    """Set a damaged file aside, take the newest whole copy, and add every row that can still be read.

    The new file is made beside the damaged one, which leaves its place only when the new one is ready and whole; where
    that was broken off, the next start goes on with it.
    """
    path = path_of(work)
    aside = work / ASIDE
    aside.mkdir(parents=True, exist_ok=True)
    kind = "mended" if _whole_copies(work) else "mended-alone"
    if is_gone(path):
        kind = "back"
    saved = 0
    if not (kind == "back" and is_whole(_mended(path))):
        part = path.with_name(f"{path.name}.part")
        part.unlink(missing_ok=True)
        saved = _made_anew(part, path)
        os.replace(part, _mended(path))
    _take_place(path, aside)
    return Message(f"answers.{kind}", folder=str(aside), n=saved)


def _made_anew(part: Path, damaged: Path) -> int:
    """The newest whole copy, with what can be read of the damaged file; how many rows those were."""
    newest = max(_whole_copies(damaged.parent), key=lambda copy: copy.stat().st_mtime, default=None)
    if newest:
        with closing(sqlite3.connect(newest)) as connection:
            connection.execute("VACUUM INTO ?", (str(part),))
    with closing(connect(part)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE").fetchall()  # all of it in the one file that takes the place
        with transaction(connection):
            saved = _salvage(damaged, connection)
            # what waits in browsers may have been applied already: it is asked about
            connection.execute("UPDATE groups SET generation = generation + 1, changes = changes + 1")
        connection.execute("PRAGMA journal_mode=WAL").fetchall()
    return saved


def _take_place(path: Path, aside: Path) -> None:
    """Set the damaged file aside, and put the new one in its place."""
    broken = aside / f"{time.strftime('%Y%m%d-%H%M%S')}-{FILE}"
    for ending in ("", "-wal", "-shm"):  # the new file must not meet the log of the old one
        with suppress(FileNotFoundError):
            os.replace(f"{path}{ending}", f"{broken}{ending}")
    os.replace(_mended(path), path)


def _salvage(broken: Path, connection: sqlite3.Connection) -> int:
    """Copy what can be read above the last version of the copy, row by row; how many rows that were."""
    last = connection.execute("SELECT coalesce(max(version), 0) FROM answers").fetchone()[0]
    columns = [row[1] for row in connection.execute("PRAGMA table_info(answers)")]
    holes = ", ".join("?" for _ in columns)
    found = 0
    if not broken.exists():
        return 0
    with suppress(sqlite3.DatabaseError), closing(sqlite3.connect(broken, timeout=BUSY_SECONDS)) as source:
        source.text_factory = letters
        with suppress(sqlite3.DatabaseError):
            delete_again(deletions_in(source), connection)
        for version in range(last + 1, _highest(source, last) + 1):
            with suppress(sqlite3.DatabaseError):
                query = f"SELECT {', '.join(columns)} FROM answers WHERE version = ?"
                row = source.execute(query, (version,)).fetchone()
                if row:
                    connection.execute(f"INSERT INTO answers VALUES ({holes})", row)
                    found += 1
        with suppress(sqlite3.DatabaseError):
            for group in source.execute("SELECT room, grp, generation FROM groups"):
                connection.execute("INSERT OR IGNORE INTO groups (room, grp, generation) VALUES (?, ?, ?)", group)
        for table, where in BESIDE_ANSWERS.items():
            _salvage_beside(source, connection, table, where)
    _keep_newest(connection)
    return found


def _salvage_beside(source: sqlite3.Connection, connection: sqlite3.Connection, table: str, where: str) -> None:
    """Copy the rows of a table as far as they can be read; they are newer than those of the copy."""
    with suppress(sqlite3.DatabaseError):
        for row in source.execute(f"SELECT * FROM {table} WHERE {where}"):
            connection.execute(f"INSERT OR REPLACE INTO {table} VALUES ({', '.join('?' for _ in row)})", row)


def _highest(source: sqlite3.Connection, last: int) -> int:
    for query in (
        "SELECT seq FROM sqlite_sequence WHERE name = 'answers'",
        "SELECT max(version) FROM answers",
    ):
        with suppress(sqlite3.DatabaseError):
            row = source.execute(query).fetchone()
            if row and isinstance(row[0], int):
                return row[0]
    return last + 20_000


def _keep_newest(connection: sqlite3.Connection) -> None:
    """Of what people wrote, older versions go: the copy may have had them."""
    connection.execute(
        "DELETE FROM answers WHERE step IS NULL AND state = 'counts' AND version NOT IN ("
        "SELECT max(version) FROM answers WHERE state = 'counts' GROUP BY room, grp, person, item)"
    )


def _purge(work: Path) -> list[Message]:
    """Delete what was to go by now; a file that is open elsewhere is no reason not to start."""
    said = []
    with closing(Store(path_of(work), "workshop", "table-1")) as store:
        for batch in batches.batches(store):
            if batch.purge_on and batch.purge_on <= date.today():
                said.append(Message("answers.purged", name=batch.name))
                try:
                    batches.delete(store, batch)
                except Problem as problem:
                    said.append(problem.message)
    return said
