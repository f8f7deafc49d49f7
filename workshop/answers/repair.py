"""What is done for the file of answers before any page opens: mend what is damaged, delete what is past its date."""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import closing, suppress
from datetime import UTC, date, datetime
from pathlib import Path

from workshop.answers.database import (
    ASIDE,
    BUSY_SECONDS,
    COPIES,
    FILE,
    FROM_START,
    connect,
    copy_to,
    finish_wiping,
    is_whole,
    path_of,
    transaction,
)
from workshop.answers.store import Store
from workshop.texts import Message, Problem

DAYS_OF_BOXES = 60
"""How long the numbers of boxes are remembered."""
BESIDE_ANSWERS = {
    "seats": "1",
    "room_tables": "1",
    "spreads": "1",
    "files": "1",
    "kit": "key LIKE 'room %' OR key LIKE 'group of %'",
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
        connect(path).close()
        damaged = not is_whole(path)
    except sqlite3.OperationalError as error:
        raise Problem(Message("answers.not-opened", folder=str(work), reason=str(error))) from error
    except sqlite3.DatabaseError:
        damaged = True
    if damaged:
        said.append(mend(work))
    said += _purge(work)
    copy_to(path, Path(work) / COPIES / f"{FROM_START}.sqlite3")
    with closing(connect(path)) as connection:
        long_ago = datetime.fromtimestamp(time.time() - DAYS_OF_BOXES * 86_400, UTC).isoformat()
        connection.execute("DELETE FROM boxes WHERE used_at < ?", (long_ago,))
        finish_wiping(connection, path)
    return said


def mend(work: Path) -> Message:
    """Set a damaged file aside, take the newest whole copy, and add every row that can still be read."""
    path = path_of(work)
    aside = Path(work) / ASIDE
    aside.mkdir(parents=True, exist_ok=True)
    stamp = time.strftime("%Y%m%d-%H%M%S")
    broken = aside / f"{stamp}-{FILE}"
    for ending in ("", "-wal", "-shm"):
        with suppress(FileNotFoundError):
            os.replace(f"{path}{ending}", f"{broken}{ending}")
    copies = [copy for copy in (Path(work) / COPIES).glob("*.sqlite3") if is_whole(copy)]
    newest = max(copies, key=lambda copy: copy.stat().st_mtime, default=None)
    if newest:
        with closing(sqlite3.connect(newest)) as connection:
            connection.execute("VACUUM INTO ?", (str(path),))
    with closing(connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=WAL").fetchall()  # a copy starts without
        with transaction(connection):
            saved = _salvage(broken, connection)
            # what waits in browsers may have been applied already: it is asked about
            connection.execute("UPDATE groups SET generation = generation + 1, changes = changes + 1")
    return Message("answers.mended", folder=str(aside), n=saved)


def _salvage(broken: Path, connection: sqlite3.Connection) -> int:
    """Copy what can be read above the last version of the copy, row by row; how many rows that were."""
    last = connection.execute("SELECT coalesce(max(version), 0) FROM answers").fetchone()[0]
    columns = [row[1] for row in connection.execute("PRAGMA table_info(answers)")]
    holes = ", ".join("?" for _ in columns)
    found = 0
    with suppress(sqlite3.DatabaseError), closing(sqlite3.connect(broken, timeout=BUSY_SECONDS)) as source:
        for version in range(last + 1, _highest(source, last) + 1):
            with suppress(sqlite3.DatabaseError):
                query = f"SELECT {', '.join(columns)} FROM answers WHERE version = ?"
                row = source.execute(query, (version,)).fetchone()
                if row:
                    connection.execute(f"INSERT INTO answers VALUES ({holes})", row)
                    found += 1
        for group in source.execute("SELECT room, grp, generation FROM groups").fetchall():
            connection.execute("INSERT OR IGNORE INTO groups VALUES (?, ?, ?, 0, NULL)", group)
    with suppress(sqlite3.DatabaseError), closing(sqlite3.connect(broken, timeout=BUSY_SECONDS)) as source:
        for table, rows in BESIDE_ANSWERS.items():
            _salvage_beside(source, connection, f"{table} WHERE {rows}")
    _keep_newest(connection)
    return found


def _salvage_beside(source: sqlite3.Connection, connection: sqlite3.Connection, rows: str) -> None:
    """Copy the rows of a table as far as they can be read; they are newer than those of the copy."""
    table = rows.partition(" ")[0]
    with suppress(sqlite3.DatabaseError):
        for row in source.execute(f"SELECT * FROM {rows}"):
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
    today = date.today().isoformat()
    said = []
    with closing(connect(path_of(work))) as connection:
        due = connection.execute("SELECT room, grp FROM groups WHERE purge_on <= ?", (today,)).fetchall()
    for room, group in due:
        with closing(Store(path_of(work), room, group)) as store:
            store.delete_group()
        said.append(Message("answers.purged", group=group))
    return said
