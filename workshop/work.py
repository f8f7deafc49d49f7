"""Where a group's work is kept on this laptop: the folder, the group of the day, the log file."""

from __future__ import annotations

import logging
import os
import re
from logging.handlers import RotatingFileHandler
from pathlib import Path

LOGGER = logging.getLogger("workshop")


def work_folder() -> Path:
    """Where answers and logs are kept: ``WORKSHOP_WORK``, else ``gbo-workshop`` in the person's own folder."""
    return Path(os.environ.get("WORKSHOP_WORK") or Path.home() / "gbo-workshop")


def current_group(folder: Path, room: str) -> str:
    """The group that this laptop was last used for, ``table-1`` to begin with."""
    pointer = folder / room / "current-group.txt"
    kept = pointer.read_text(encoding="utf-8").strip() if pointer.is_file() else ""
    return kept if re.fullmatch(r"[a-z0-9-]{1,40}", kept) else "table-1"


def next_group(folder: Path, room: str) -> str:
    """Start with a clean sheet: the next free ``table-N`` becomes the current group; others stay where they are."""
    number = 1
    while (folder / room / f"table-{number}").exists() or current_group(folder, room) == f"table-{number}":
        number += 1
    (folder / room).mkdir(parents=True, exist_ok=True)
    (folder / room / "current-group.txt").write_text(f"table-{number}", encoding="utf-8")
    return f"table-{number}"


def write_whole(path: Path, raw: bytes) -> Path:
    """Write a file so that it is whole or not there; OSError where the folder or the file is closed to us."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(raw)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
    return path


def log_to(path: Path) -> None:
    """Write what goes wrong to a file; nothing where that cannot be."""
    if any(getattr(handler, "baseFilename", None) == str(path.absolute()) for handler in LOGGER.handlers):
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(path, maxBytes=1_000_000, backupCount=2, encoding="utf-8", delay=True)
    except OSError:
        return
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    LOGGER.addHandler(handler)
    LOGGER.propagate = False
