"""Where servers find their pages, keep their logs, and listen; light, so that what is wrong is said at once."""

from __future__ import annotations

import errno
import os
import socket
from pathlib import Path

from workshop.texts import Message, Problem, data_root

HOST = "127.0.0.1"
START = "0_start"
FULL_LOG = 1_000_000


def pages_root() -> Path:
    """The folder that holds ``notebooks``, ``exercises`` and ``data``: the installed package, else the repository."""
    return data_root().parent


def start_page(language: str, root: Path) -> str:
    """Path below `root` of the first page, in Dutch where the language has none; `Problem` if it is not there."""
    for path in (f"notebooks/{code}/{START}.ipynb" for code in (language, "nl")):
        if (root / path).is_file():
            return path
    raise Problem(Message("server.no_pages", path=root / "notebooks"))


def prepare(work: Path, command: str = "start") -> Path:
    """Make the work folder; its folder for logs. Raises `Problem` if nothing can be kept there."""
    logs = work / "log"
    try:
        logs.mkdir(parents=True, exist_ok=True)
        for folder in (work, logs):
            trial = folder / f".trial-{os.getpid()}"
            trial.write_bytes(b"1")
            trial.unlink()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise Problem(Message("server.cannot_write", folder=work, reason=reason, command=command)) from None
    return logs


def claim(port: int, command: str = "start") -> socket.socket:
    """Listen on a port of this computer only, 0 for a free one. Raises `Problem` if it is taken or may not be used."""
    try:
        listening = socket.create_server((HOST, port), backlog=128)
    except (OSError, OverflowError) as error:
        taken = getattr(error, "errno", None) in (errno.EADDRINUSE, getattr(errno, "WSAEADDRINUSE", 0))
        key = "server.port_taken" if taken else "server.port_refused"
        reason = getattr(error, "strerror", None) or str(error)
        other = port + 10 if 1024 <= port < 65000 else 8890
        raise Problem(Message(key, port=str(port), other=str(other), reason=reason, command=command)) from None
    listening.setblocking(False)
    return listening


def log_to(path: Path) -> Path:
    """From now on, whatever this process and its kernels have to complain about goes to this file."""
    if path.is_file() and path.stat().st_size > FULL_LOG:
        path.replace(path.with_suffix(".old.log"))
    with path.open("ab") as file:
        os.dup2(file.fileno(), 2)
    return path
