"""A private folder for what a server tells its kernels: their sockets and connection files."""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from workshop.work import Lock

PREFIX = "gbo-run-"


@contextmanager
def private_folder(work: Path) -> Iterator[Path]:
    """A folder for sockets and connection files of this process, whatever the laptop's own settings say.

    It is made in the folder for temporary files, else in the work folder, and is gone afterwards.
    """
    try:
        temporary = Path(tempfile.gettempdir())
        sweep(temporary)
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=temporary))
    except OSError:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=work))
    lock = Lock(folder / "lock")
    lock.take()  # as long as we live, nobody sweeps it away
    os.environ["JUPYTER_RUNTIME_DIR"] = str(folder)
    try:
        yield folder
    finally:
        lock.release()
        shutil.rmtree(folder, ignore_errors=True)


def runtime_folder() -> Path:
    """The private folder of this process."""
    return Path(os.environ["JUPYTER_RUNTIME_DIR"])


def sweep(folder: Path) -> None:
    """Throw away what servers that were killed left behind."""
    for left in folder.glob(f"{PREFIX}*"):
        try:
            lock = Lock(left / "lock")
            if time.time() - left.stat().st_mtime > 60 and lock.take():
                shutil.rmtree(left, ignore_errors=True)
                lock.release()
        except OSError:  # another person's
            continue


def has_sockets(folder: Path) -> bool:
    """Whether programs can reach each other by sockets in a folder: not on Windows, not where its name is too long."""
    if os.name == "nt":
        return False
    trial = folder / f"{uuid.uuid4().hex[:8]}-1"
    try:
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(str(trial))
        trial.unlink()
    except OSError:
        return False
    return True
