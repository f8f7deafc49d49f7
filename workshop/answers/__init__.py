"""The answers of persons and groups: kept in append-only files, merged when read, really gone when deleted."""

from __future__ import annotations

import os
import re
from pathlib import Path

from workshop.answers.log import Store
from workshop.answers.merge import Answer
from workshop.answers.reading import Reading, read_answers
from workshop.work import work_folder

__all__ = ["Answer", "Reading", "Store", "open_store", "read_answers"]

_SAFE = re.compile(r"(?!(?i:con|prn|aux|nul|com\d|lpt\d)$)[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


def open_store(
    folder: str | Path | None = None, room: str = "workshop", group: str = "table-1", writer: str | None = None
) -> Store:
    """Open the answers of one group, and tidy them up.

    Parameters
    ----------
    folder : path, optional
        The work folder; None is ``WORKSHOP_WORK``, else ``gbo-workshop`` in the home folder.
    room, group, writer : str
        ASCII ids: letters, digits, ``-`` and ``_``, at most 64. A new writer where None.

    Raises
    ------
    ValueError
        If an id cannot be the name of a file everywhere: what people type is never one.
    """
    for name in (room, group, writer or "new"):
        if not _SAFE.fullmatch(name):
            raise ValueError(f"{name!r} cannot be the name of a file: use letters, digits, - and _, at most 64")
    return Store(Path(folder or work_folder()).expanduser() / room / group, writer or os.urandom(6).hex())
