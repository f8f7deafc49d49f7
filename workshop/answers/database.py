"""The one file that keeps all answers of a work folder: opening it, keeping it whole, really deleting.

Everything goes through Python's own ``sqlite3``. The file is opened in no other way by a process that holds it: closing
any other handle on it would drop SQLite's locks.
"""

from __future__ import annotations

import os
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, date, datetime
from pathlib import Path

from workshop.texts import Message, Problem

FILE = "answers.sqlite3"
COPIES = "copies"
ASIDE = "set-aside"
VERSION = 1
"""``PRAGMA user_version``; goes up when the tables change."""
BUSY_SECONDS = 5
ROLLING = ("copy-1", "copy-2")
FROM_START = "start"

SCHEMA = """
CREATE TABLE answers (
    version INTEGER PRIMARY KEY AUTOINCREMENT,
    room TEXT NOT NULL, grp TEXT NOT NULL, person TEXT NOT NULL, item TEXT NOT NULL,
    value BLOB NOT NULL, visibility TEXT NOT NULL, box TEXT NOT NULL, saved_at TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'counts',
    step INTEGER, label TEXT, parent INTEGER, origin INTEGER, redo TEXT
);
CREATE INDEX answers_by_key ON answers (room, grp, item, person, version);
CREATE TABLE groups (
    room TEXT NOT NULL, grp TEXT NOT NULL, generation INTEGER NOT NULL DEFAULT 1, changes INTEGER NOT NULL DEFAULT 0,
    purge_on TEXT, PRIMARY KEY (room, grp)
);
CREATE TABLE boxes (box TEXT PRIMARY KEY, n INTEGER NOT NULL, used_at TEXT NOT NULL);
CREATE TABLE spreads (
    room TEXT NOT NULL, grp TEXT NOT NULL, item TEXT NOT NULL, counts TEXT NOT NULL, counted TEXT NOT NULL,
    opened_at TEXT NOT NULL, PRIMARY KEY (room, grp, item)
);
CREATE TABLE files (room TEXT NOT NULL, grp TEXT NOT NULL, path TEXT NOT NULL, PRIMARY KEY (room, grp, path));
CREATE TABLE kit (key TEXT PRIMARY KEY, value TEXT NOT NULL);
"""

NETWORK_MOUNTS = {"nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afpfs", "webdav", "davfs", "fuse.sshfs", "9p"}


def path_of(work: Path) -> Path:
    """The file of a work folder."""
    return Path(work) / FILE


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
    try:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        connection.execute("PRAGMA secure_delete=ON").fetchall()
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA fullfsync=ON")
        connection.execute("PRAGMA temp_store=MEMORY")
        connection.execute("PRAGMA wal_autocheckpoint=0").fetchall()
        if version == 0:
            _make(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def refuse_newer(path: Path) -> None:
    """A `Problem` where a newer kit made the file, which is then not even opened for writing."""
    if not path.is_file():
        return
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as looking:
            version = looking.execute("PRAGMA user_version").fetchone()[0]
    except sqlite3.OperationalError:  # somebody has just begun to make it
        return
    if version > VERSION:
        raise Problem(Message("answers.newer", file=path.name, folder=str(path.parent)))


def _make(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA journal_mode=WAL").fetchall()
    with transaction(connection):
        if connection.execute("PRAGMA user_version").fetchone()[0] == 0:  # another process may have been faster
            for statement in SCHEMA.split(";"):
                if statement.strip():
                    connection.execute(statement)
            connection.execute("INSERT INTO kit VALUES ('store', ?)", (os.urandom(8).hex(),))
            connection.execute(f"PRAGMA user_version={VERSION}")


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """One write transaction: all of it is kept, or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # a full disk may have ended it already
            connection.execute("ROLLBACK")
        raise


# -- what one process does for all: checkpoints, copies, looking after -------------------------------------------------


def checkpoint(work: Path) -> bool:
    """Bring the write-ahead log into the file and empty it; False where somebody was reading or writing too long."""
    path = path_of(work)
    if not path.is_file():
        return True
    with closing(connect(path)) as connection:
        if _truncate(connection):
            return _finish_wiping(connection, path)
    return False


def _truncate(connection: sqlite3.Connection) -> bool:
    try:
        busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.OperationalError:
        return False
    return not busy


def roll_copy(work: Path) -> None:
    """Make the older of the two rolling copies anew, checked before it takes its place."""
    folder = Path(work) / COPIES
    found = [folder / f"{name}.sqlite3" for name in ROLLING]
    oldest = min(found, key=lambda path: path.stat().st_mtime if path.is_file() else 0)
    _copy(path_of(work), oldest)


def _copy(source: Path, target: Path) -> bool:
    """A copy without freed pages; only a whole one takes the place of what is there."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(".part")
    part.unlink(missing_ok=True)
    try:
        with closing(connect(source)) as connection:
            connection.execute("VACUUM INTO ?", (str(part),))
        if not is_whole(part):
            return False
        os.replace(part, target)
    except (sqlite3.Error, OSError):
        return False
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return True


def is_whole(path: Path) -> bool:
    """Whether SQLite finds no damage in a file."""
    if not path.is_file():
        return False
    try:
        with closing(sqlite3.connect(path, timeout=BUSY_SECONDS)) as connection:
            return connection.execute("PRAGMA quick_check(1)").fetchall() == [("ok",)]
    except sqlite3.DatabaseError:
        return False


def look_after_at_start(work: Path) -> list[Message]:
    """Before any page opens: mend what is damaged, delete what is past its date, make the copy of this start.

    Returns
    -------
    list of Message
        What a person should know.

    Raises
    ------
    Problem
        If the folder is on a network, where SQLite's locks cannot be trusted, or a newer kit made the file.
    """
    refuse_network(work)
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
    _copy(path, Path(work) / COPIES / f"{FROM_START}.sqlite3")
    with closing(connect(path)) as connection:
        month_ago = datetime.fromtimestamp(time.time() - 60 * 86_400, UTC).isoformat()
        connection.execute("DELETE FROM boxes WHERE used_at < ?", (month_ago,))
        if connection.execute("SELECT 1 FROM kit WHERE key = 'wipe'").fetchone():
            _finish_wiping(connection, path)
    return said


def refuse_network(work: Path) -> None:
    """A `Problem` where the folder is on a network share."""
    if is_network_folder(Path(work)):
        raise Problem(Message("answers.network-folder", folder=str(work)))


def is_network_folder(folder: Path) -> bool:
    """Whether a folder lies on a mounted network share, or has a UNC path."""
    text = str(folder)
    if text.startswith(("\\\\", "//")):
        return True
    if sys.platform == "win32":
        import ctypes

        drive = os.path.splitdrive(os.path.abspath(text))[0]
        remote = 4
        return bool(drive) and ctypes.windll.kernel32.GetDriveTypeW(f"{drive}\\") == remote
    return _file_system(folder) in NETWORK_MOUNTS


def _file_system(folder: Path) -> str:
    """The kind of file system, as Linux names it; empty where it does not say."""
    try:
        lines = Path("/proc/mounts").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    real = os.path.realpath(folder)
    best = ("", "")
    for line in lines:
        fields = line.split(" ")
        mount = fields[1].replace("\\040", " ")
        if (real == mount or real.startswith(mount.rstrip("/") + "/")) and len(mount) >= len(best[0]):
            best = (mount, fields[2])
    return best[1]


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
    try:
        with closing(sqlite3.connect(broken, timeout=BUSY_SECONDS)) as source:
            for version in range(last + 1, _highest(source, last) + 1):
                try:
                    query = f"SELECT {', '.join(columns)} FROM answers WHERE version = ?"
                    row = source.execute(query, (version,)).fetchone()
                    if row:
                        connection.execute(f"INSERT INTO answers VALUES ({holes})", row)
                        found += 1
                except sqlite3.DatabaseError:
                    continue
            with suppress(sqlite3.DatabaseError):
                for room, grp, generation in source.execute("SELECT room, grp, generation FROM groups").fetchall():
                    connection.execute(
                        "INSERT OR IGNORE INTO groups VALUES (?, ?, ?, 0, NULL)", (room, grp, generation)
                    )
    except sqlite3.DatabaseError:
        pass
    _keep_newest(connection)
    return found


def _highest(source: sqlite3.Connection, last: int) -> int:
    for query in (
        "SELECT seq FROM sqlite_sequence WHERE name = 'answers'",
        "SELECT max(version) FROM answers",
    ):
        try:
            row = source.execute(query).fetchone()
        except sqlite3.DatabaseError:
            continue
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
    from workshop.answers.store import Store

    today = date.today().isoformat()
    said = []
    with closing(connect(path_of(work))) as connection:
        due = connection.execute("SELECT room, grp FROM groups WHERE purge_on <= ?", (today,)).fetchall()
    for room, group in due:
        store = Store(path_of(work), room, group)
        store.delete_group()
        store.close()
        said.append(Message("answers.purged", group=group))
    return said


# -- deleting ----------------------------------------------------------------------------------------------------------


def wipe(connection: sqlite3.Connection, path: Path) -> None:
    """After rows were deleted: see to it that no file of the kit still holds what they said.

    Raises
    ------
    Problem
        If somebody is reading, or the disk is full: not wiped yet. It is tried again by the process that looks after
        the file, and at the next start.
    """
    if not _finish_wiping(connection, path):
        raise Problem(Message("answers.not-wiped-yet"))


def want_wipe(connection: sqlite3.Connection) -> None:
    """Note, in the transaction that deletes, that files still hold what was deleted."""
    connection.execute("INSERT OR REPLACE INTO kit VALUES ('wipe', ?)", (now(),))


def _finish_wiping(connection: sqlite3.Connection, path: Path) -> bool:
    if not connection.execute("SELECT 1 FROM kit WHERE key = 'wipe'").fetchone():
        return True
    copies = list((path.parent / COPIES).glob("*"))
    aside = list((path.parent / ASIDE).glob("*"))
    try:
        for old in (*copies, *aside):  # first, since they give room on a full disk
            old.unlink(missing_ok=True)
        connection.execute("VACUUM")
        if not _truncate(connection):
            return False
        connection.execute("DELETE FROM kit WHERE key = 'wipe'")
    except (sqlite3.OperationalError, OSError):
        return False
    _copy(path, path.parent / COPIES / f"{FROM_START}.sqlite3")
    return True
