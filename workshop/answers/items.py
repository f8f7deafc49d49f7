"""What each item is: whose it is, who may see it, what is kept of it, and how older values are brought up to date."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

FORMAT = 1
"""Goes up by one when the shape of any item's value changes."""
CHANGED = 2
"""The format of a line that says what changed since an earlier one; it is no value's format."""


@dataclass(frozen=True, slots=True)
class Item:
    """The rules for one item, or for all items whose id starts alike.

    Parameters
    ----------
    owner : {"person", "group", "either"}
        Whose answer it is. The group's answers have no person; with ``"either"`` a person may have one too.
    visibility : {"private", "group"}
        Who sees a new answer, until its author releases it.
    keep : {"newest", "history"}
        Whether older versions stay.
    text : bool
        Free text: nobody else sees it, not among five people either, until its author releases it.
    version : int
        The `FORMAT` since which values have their present shape.
    migrations : mapping of int to callable
        ``migrations[n]`` takes a value of format `n` to the next shape.
    """

    owner: Literal["person", "group", "either"]
    visibility: Literal["private", "group"]
    keep: Literal["newest", "history"] = "newest"
    text: bool = False
    version: int = 1
    migrations: Mapping[int, Callable[[Any], Any]] = field(default_factory=dict)


_GROUP = Item("group", "group")
_HISTORY = Item("group", "group", keep="history")
_PRIVATE = Item("person", "private")
UNKNOWN = _PRIVATE
"""For ids that this kit does not know: kept, and shown to nobody else."""

ITEMS: dict[str, Item] = {
    "table-name": _GROUP,
    "network": _HISTORY,
    "network.*": _HISTORY,
    "structure": _HISTORY,
    "structure.*": _HISTORY,
    "structure.dials": _GROUP,
    "structure.judgement": _GROUP,
    "map": _GROUP,
    "judgement.*": _PRIVATE,
    "opening.on-paper": _PRIVATE,
    "opening.in-practice": _PRIVATE,
    "form-standing.*": _GROUP,
    "task.*": _GROUP,
    "role.*": _PRIVATE,
    "factor.*": Item("either", "group"),
    "reflection.*": Item("person", "private", text=True),
    "reflection-table.*": Item("group", "private", text=True),
    "agreement.*": _GROUP,
    "note.*": _GROUP,
}


def item_rules(item: str) -> Item:
    """The rules for an item: its own, else those of the longest pattern that fits, else the cautious ones."""
    if item in ITEMS:
        return ITEMS[item]
    parts = item.split(".")
    patterns = (".".join(parts[:length]) + ".*" for length in range(len(parts) - 1, 0, -1))
    return next((ITEMS[pattern] for pattern in patterns if pattern in ITEMS), UNKNOWN)


def first_visibility(item: str, person: str | None) -> str:
    """Who sees a new answer: what one person says of a shared item is that person's own at first."""
    rules = item_rules(item)
    return "private" if person is not None and rules.owner == "either" else rules.visibility


def migrate(item: str, form: int, value: Any) -> Any:
    """A value as the present kit reads it.

    Parameters
    ----------
    item : str
        Id of the item.
    form : int
        The format in which the value was written.
    value
        Anything that JSON holds.
    """
    steps = item_rules(item).migrations
    for step in sorted(steps):
        if step >= form:
            value = steps[step](value)
    return value
