"""The answers of persons and groups: one SQLite file in the work folder, edits as transactions, deletions that last."""

from __future__ import annotations

import re
from pathlib import Path

from workshop.answers.database import path_of
from workshop.answers.store import Store
from workshop.answers.versions import Answer
from workshop.work import work_folder

__all__ = ["Answer", "Store", "open_store"]

ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
"""Of rooms and groups."""


def open_store(folder: str | Path | None = None, room: str = "workshop", group: str = "table-1") -> Store:
    """Open the answers of one group.

    Parameters
    ----------
    folder : path, optional
        The work folder; None is ``WORKSHOP_WORK``, else ``gbo-workshop`` in the home folder.
    room, group : str
        ASCII ids: letters, digits, ``-`` and ``_``, at most 64.

    Returns
    -------
    Store

    Raises
    ------
    ValueError
        If an id is none: what people type is never one.
    Problem
        If the file cannot be opened, or a newer kit made it.

    Examples
    --------
    >>> import tempfile
    >>> store = open_store(tempfile.mkdtemp())
    >>> store.put("agreement.what", "Elke maand overleg")
    1
    >>> store.get("agreement.what")
    'Elke maand overleg'
    """
    for name in (room, group):
        if not ID.fullmatch(name):
            raise ValueError(f"{name!r} is no id: use letters, digits, - and _, at most 64")
    return Store(path_of(Path(folder or work_folder()).expanduser()), room, group)
