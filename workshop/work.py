"""Where a group's work is kept on this laptop: the folder, its locks, the group of the day, the log files."""

from __future__ import annotations

import errno
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from logging.handlers import RotatingFileHandler
from pathlib import Path

from workshop.texts import Message, Problem

LOGGER = logging.getLogger("workshop")
FULL_LOG = 1_000_000
"""Bytes after which a log file begins anew."""


def work_folder() -> Path:
    """Where answers and logs are kept: ``WORKSHOP_WORK``, else ``gbo-workshop`` in the person's own folder."""
    return Path(os.environ.get("WORKSHOP_WORK") or Path.home() / "gbo-workshop")


def typed() -> str:
    """What people type in place of ``workshop``: a start file says how they call it."""
    return os.environ.get("WORKSHOP_COMMAND", "workshop")


def prepare(work: Path, command: str = "start") -> Path:
    """Make the work folder; its folder for logs. Raises `Problem` if nothing can be kept there."""
    logs = work / "log"
    try:
        logs.mkdir(parents=True, exist_ok=True)
        for folder in (work, logs):
            trial = folder / f".trial-{os.getpid()}"
            trial.write_bytes(b"1")
            trial.unlink()
        for file in (*work.glob("*.sqlite3"), *work.glob("*.lock"), *logs.glob("*.log")):
            if not os.access(file, os.R_OK | os.W_OK):
                raise PermissionError(errno.EACCES, f"{file.name}: {os.strerror(errno.EACCES)}")
    except OSError as error:
        raise _cannot_write(work, error, command) from None
    return logs


def _cannot_write(work: Path, error: OSError, command: str) -> Problem:
    reason = error.strerror or type(error).__name__
    return Problem(Message("server.cannot_write", folder=work, reason=reason, command=command))


# -- one at a time -------------------------------------------------------------------------------------------------


class Lock:
    """A lock that the operating system holds for this process, so that a process that is killed leaves none behind.

    Parameters
    ----------
    path : Path
        The file that is locked; it is made, stays, and is empty.
    """

    def __init__(self, path: Path):
        self.path = path
        self._held: int | None = None

    def take(self) -> bool:
        """Take the lock, where no other process holds it; whether we hold it now."""
        if self._held is None:
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                _lock(descriptor)
            except (BlockingIOError, PermissionError):  # what Linux and macOS say, what Windows says
                os.close(descriptor)
                return False
            self._held = descriptor
        return True

    def release(self) -> None:
        """Let another process have it."""
        if self._held is not None:
            os.close(self._held)
            self._held = None


def _lock(descriptor: int) -> None:
    """Lock an open file, or raise `OSError` at once."""
    if os.name == "nt":
        import msvcrt

        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def lock_folder(work: Path) -> Lock:
    """The lock of the one program that shows pages on a work folder; `Problem` where another holds it."""
    lock = Lock(work / "start.lock")
    try:
        free = lock.take()
    except OSError as error:
        raise _cannot_write(work, error, "start") from None
    if not free:
        raise Problem(Message("server.folder_taken", folder=work, command="start"))
    return lock


# -- network folders -----------------------------------------------------------------------------------------------

NETWORK_MOUNTS = {"nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afpfs", "webdav", "davfs", "fuse.sshfs", "9p"}


def refuse_network(work: Path) -> None:
    """A `Problem` where the folder is on a network share, where SQLite's locks cannot be trusted."""
    if is_network_folder(work):
        raise Problem(Message("answers.network-folder", folder=str(work)))


def is_network_folder(folder: Path) -> bool:
    """Whether a folder lies on a mounted network share, or has a UNC path."""
    return str(folder).startswith(("\\\\", "//")) or _file_system(folder) in NETWORK_MOUNTS | {"remote"}


def _file_system(folder: Path) -> str:
    """The kind of file system that a folder is on, "remote" for a network drive of Windows; empty where unknown."""
    import psutil

    real = Path(os.path.abspath(folder) if os.name == "nt" else os.path.realpath(folder))
    try:
        mounted = psutil.disk_partitions(all=True)
    except OSError:
        return ""
    above = [part for part in mounted if real.is_relative_to(part.mountpoint)]
    if not above:
        return ""
    longest = max(reversed(above), key=lambda part: len(part.mountpoint))  # the last one hides those before it
    return "remote" if "remote" in longest.opts.split(",") else longest.fstype


# -- writing files -------------------------------------------------------------------------------------------------


WRITTEN: ContextVar[list[Path] | None] = ContextVar("written", default=None)


@contextmanager
def listing_files() -> Iterator[list[Path]]:
    """The files that are written whole inside, as far as it came where an error ends it."""
    listed: list[Path] = []
    before = WRITTEN.set(listed)
    try:
        yield listed
    finally:
        WRITTEN.reset(before)


def write_whole(path: Path, raw: bytes) -> Path:
    """Write a file so that it is whole or not there; OSError where the folder or the file is closed to us."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(raw)
        os.replace(part, path)
        listed = WRITTEN.get()
        if listed is not None:
            listed.append(path)
    finally:
        part.unlink(missing_ok=True)
    return path


# -- logs ----------------------------------------------------------------------------------------------------------


def log_to(path: Path) -> None:
    """Write what a session has to report to a file; nothing where that cannot be."""
    if any(getattr(handler, "baseFilename", None) == str(path.absolute()) for handler in LOGGER.handlers):
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(path, maxBytes=FULL_LOG, backupCount=2, encoding="utf-8", delay=True)
    except OSError:
        return
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    LOGGER.addHandler(handler)
    LOGGER.propagate = False


def errors_to(path: Path) -> Path:
    """From now on, whatever this process and its kernels write to standard error goes to this file."""
    if path.is_file() and path.stat().st_size > FULL_LOG:
        path.replace(path.with_suffix(".old.log"))
    with path.open("ab") as file:
        os.dup2(file.fileno(), 2)
    return path
