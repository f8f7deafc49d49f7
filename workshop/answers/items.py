"""What each item is: whose it is, who may see it, what is kept of it, and how older values are brought up to date."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Literal, NamedTuple

FORMAT = 1
"""Goes up by one when the shape of any item's value changes."""
CHANGED = 2
"""The format of a line that says what changed since an earlier one; it is no value's format."""
Key = tuple[str | None, str]
"""What an answer answers, within a group: the person (None for the group) and the item."""


class Item(NamedTuple):
    """The rules for one item, or for all items whose id starts alike.

    Parameters
    ----------
    owner
        Whose answer it is. The group's answers have no person; with ``"either"`` a person may have one too.
    visibility
        Who sees a new answer, until its author releases it.
    keep
        Whether older versions stay.
    text
        Free text: nobody else sees it, not among five people either, until its author releases it.
    migrations
        ``migrations[n]`` takes a value of format `n` to the next shape.
    """

    owner: Literal["person", "group", "either"]
    visibility: Literal["private", "group"]
    keep: Literal["newest", "history"] = "newest"
    text: bool = False
    migrations: Mapping[int, Callable[[Any], Any]] = {}


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
    "map": _HISTORY,
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
    return ITEMS.get(item) or _by_pattern(item)


@lru_cache(10_000)
def _by_pattern(item: str) -> Item:
    while "." in item:
        item = item.rpartition(".")[0]
        if rules := ITEMS.get(f"{item}.*"):
            return rules
    return UNKNOWN


def answer_key(item: str, person: str | None) -> Key:
    """Under which an answer is found: the group's items have no person."""
    return (None if item_rules(item).owner == "group" else person, item)


def first_visibility(item: str, person: str | None) -> str:
    """Who sees a new answer: what one person says of a shared item is that person's own at first."""
    rules = item_rules(item)
    return "private" if person is not None and rules.owner == "either" else rules.visibility
