"""One version of an answer, and how it lies in the file."""

from __future__ import annotations

import json
import zlib
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from workshop.texts import Message

COMPRESSED = 20_000
"""From how many characters on a value is kept compressed."""
EMPTY: tuple = (None, "", [], {})
"""Values that are no answer."""


class Answer(NamedTuple):
    """One version of an answer, as it is kept.

    Parameters
    ----------
    item : str
        Id of the question, see `workshop.answers.items`.
    value
        Anything that JSON holds; do not change it in place.
    person : str or None
        A seat such as ``"seat-1"``; None for the group's own answer.
    visibility : {"private", "group", "released"}
    version : int
        One number for each version in the file, never used again.
    saved_at : str
        ISO time with offset.
    box : str
        The page load that wrote it; empty where the program did.
    state : {"counts", "conflict", "kept"}
        Whether it counts, or gave way: in a conflict that is still open, or in one that was settled.
    step, label, parent, origin, redo
        What undoing needs, see `workshop.answers.steps`.
    """

    item: str
    value: Any
    person: str | None = None
    visibility: str = "group"
    version: int = 0
    saved_at: str = ""
    box: str = ""
    state: str = "counts"
    step: int | None = None
    label: Message | None = None
    parent: int | None = None
    origin: int | None = None
    redo: tuple[int, ...] = ()


def is_blank(value: Any) -> bool:
    """Whether there is nothing to read: no answer, or a text of spaces and line breaks."""
    return value in EMPTY or (isinstance(value, str) and not value.strip())


COLUMNS = ", ".join(Answer._fields)
GROUP = "room=:room AND grp=:grp"
"""What a query says to mean the rows of one group, see `workshop.answers.store.Store.query`."""
ONE = f"{GROUP} AND item=:item AND person=:person"
"""And to mean those of one answer."""


def packed(value: Any) -> str | bytes:
    """A value as it is kept: ASCII JSON, compressed where it is large. ValueError for what JSON cannot hold."""
    text = json.dumps(value, allow_nan=False, separators=(",", ":"))
    return zlib.compress(text.encode("ascii")) if len(text) > COMPRESSED else text


def _loaded(kept: str | bytes) -> Any:
    """What was kept as JSON; None where it cannot be read, since one bad value never stops a page."""
    try:
        return json.loads(zlib.decompress(kept) if isinstance(kept, bytes) else kept)
    except (TypeError, ValueError, zlib.error, RecursionError):
        return None


unpacked = lru_cache(64)(_loaded)
"""The value that was kept; see `_loaded`."""


def read_row(row: tuple) -> Answer:
    """An answer from a row of `COLUMNS`."""
    kept = dict(zip(Answer._fields, row, strict=True))
    label = _loaded(kept["label"]) if kept["label"] else None
    waiting = _loaded(kept["redo"]) if kept["redo"] else None
    kept["value"] = unpacked(kept["value"])
    kept["person"] = kept["person"] or None
    kept["label"] = None
    if isinstance(label, list) and len(label) == 2 and isinstance(label[1], dict):
        kept["label"] = Message(str(label[0]), **label[1])
    kept["redo"] = tuple(one for one in waiting if isinstance(one, int)) if isinstance(waiting, list) else ()
    return Answer(**kept)


def time_of(value: Any, usual: str = "") -> str:
    """An ISO time of this century; `usual` where it is none."""
    try:
        found = datetime.fromisoformat(value)
    except (ValueError, TypeError):
        return usual
    if not 2000 < found.year < 2100:
        return usual
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC).isoformat(timespec="milliseconds")
