"""Where servers find their pages and where they listen; light, so that what is wrong is said at once."""

from __future__ import annotations

import errno
import socket
from pathlib import Path

from workshop.texts import Message, Problem, data_root

HOST = "127.0.0.1"
START = "0_start"
Finding = tuple[bool, Message]
"""What `workshop check` says: whether it is good, and the sentence."""


def pages_root() -> Path:
    """The folder that holds ``notebooks``, ``exercises`` and ``data``: the installed package, else the repository."""
    return data_root().parent


def start_page(language: str, root: Path) -> str:
    """Path below `root` of the first page, in Dutch where the language has none; `Problem` if it is not there."""
    for path in (f"notebooks/{code}/{START}.ipynb" for code in (language, "nl")):
        if (root / path).is_file():
            return path
    raise Problem(Message("server.no_pages", path=root / "notebooks"))


def claim(port: int, command: str = "start", host: str = HOST) -> socket.socket:
    """Listen on a port, 0 for a free one, of this computer only unless `host` is "".

    Raises `Problem` if it is taken or may not be used.
    """
    try:
        listening = socket.create_server((host, port), backlog=128)
    except (OSError, OverflowError) as error:
        taken = getattr(error, "errno", None) in (errno.EADDRINUSE, getattr(errno, "WSAEADDRINUSE", 0))
        key = "server.port_taken" if taken else "server.port_refused"
        reason = getattr(error, "strerror", None) or str(error)
        other = port + 10 if 1024 <= port < 65000 else 8890
        raise Problem(Message(key, port=str(port), other=str(other), reason=reason, command=command)) from None
    listening.setblocking(False)
    return listening


def try_port(port: int, command: str, host: str = HOST) -> Finding:
    """Whether a command may listen on its port, in a sentence; see `claim`."""
    try:
        claim(port, command, host).close()
    except Problem as problem:
        return False, problem.message
    return True, Message("check.port_free", port=str(port), command=command)
