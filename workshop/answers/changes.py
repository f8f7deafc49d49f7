"""What changed between two values: so that a large network stands in the log once, and then only its edits."""

from __future__ import annotations

from typing import Any

LARGE = 2000
"""Bytes from which on a value is written as what changed; smaller ones stay whole, and easy to read by eye."""


def difference(old: Any, new: Any) -> dict[str, Any] | None:
    """What to do to `old` to get `new`, both as JSON holds them; None where they are equal.

    ``{"keys": {key: difference}, "without": [keys]}`` for two dicts; ``{"take": [index], "put": [[index, item]]}`` for
    two lists (first take out, by the old row; then put in, by the new row); else ``{"is": new}``.
    """
    if isinstance(old, dict) and isinstance(new, dict):
        changed = {key: difference(old[key], value) if key in old else {"is": value} for key, value in new.items()}
        keys = {key: change for key, change in changed.items() if change}
        gone = [key for key in old if key not in new]
        return {"keys": keys, "without": gone} if keys or gone else None
    if isinstance(old, list) and isinstance(new, list):
        return _rows(old, new)
    return None if old == new and type(old) is type(new) else {"is": new}


def apply(old: Any, change: dict[str, Any] | None) -> Any:
    """The new value, which shares with the old one what stayed; a ValueError if the change does not fit."""
    try:
        if change is None:
            return old
        if "is" in change:
            return change["is"]
        if "keys" in change:
            kept = {key: value for key, value in old.items() if key not in change["without"]}
            return kept | {key: apply(old.get(key), part) for key, part in change["keys"].items()}
        gone = set(change["take"])
        rows = [item for index, item in enumerate(old) if index not in gone]
        for index, item in change["put"]:
            rows.insert(index, item)
        return rows
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError("a change that fits no value") from error


def _rows(old: list, new: list) -> dict[str, Any] | None:
    """Rows that left and rows that came; whole where rows changed places."""
    was, now = list(map(repr, old)), list(map(repr, new))  # tells 0 from False, and is fast
    if was == now:
        return None
    stays, put = set(now), []
    take = [at for at, row in enumerate(was) if row not in stays]
    left = iter([row for row in was if row in stays])
    head = next(left, None)
    for at, row in enumerate(now):
        if row == head:
            head = next(left, None)
        else:
            put.append([at, new[at]])
    return {"take": take, "put": put} if head is None else {"is": new}
