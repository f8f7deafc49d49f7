"""What each item is: whose it is, who may see it, and what is kept of it. Questions say so in ``data/questions``."""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from typing import Literal, NamedTuple

from workshop import texts
from workshop.domain.questions import register


class Item(NamedTuple):
    """The rules for one item.

    Parameters
    ----------
    owner
        Whose answer it is. The group's answers have no person; with ``"either"`` a person may have one too.
    visibility
        Who sees a new answer, until its author releases it.
    text
        Free text: nobody else sees it, not among five people either, until its author releases it.
    """

    owner: Literal["person", "group", "either"]
    visibility: Literal["private", "group"]
    text: bool = False


UNKNOWN = Item("person", "private", text=True)
"""For ids that this kit does not know: kept, and shown to nobody else, not among five people either."""

TRAINERS_NOTES = ("note.run-sheet", "note.run-clock", "note.dashboard")
"""What a trainer notes; what a table notes, such as ``note.factor-change``, is an answer."""
_SHARED = Item("group", "group")
NO_QUESTIONS: dict[str, Item] = {
    "network": _SHARED,
    "map": _SHARED,
    "structure": _SHARED,
    "structure.variants": _SHARED,
    "structure.dials": _SHARED,
    **dict.fromkeys(TRAINERS_NOTES, _SHARED),
}
"""What people draw, set or choose without being asked. All other items are questions, see `domain.questions`."""
NAMED_MAPS = "network.map-"
"""Maps that the table kept under a name."""


def item_rules(item: str) -> Item:
    """The rules for an item: of its question, else those of questions that begin alike, else the cautious ones."""
    if item.startswith(NAMED_MAPS):
        return _SHARED
    return NO_QUESTIONS.get(item) or _rules(item, texts.data_root())


@lru_cache(10_000)
def _rules(item: str, _root: Path) -> Item:
    known = _questions(_root)
    if item in known:
        return known[item]
    # A question that was taken out, or that another version asks: all questions below the same words may agree.
    start = item
    while "." in start:
        start = start.rpartition(".")[0]
        alike = {rules for id, rules in known.items() if id.startswith(f"{start}.")}
        if alike:
            return alike.pop() if len(alike) == 1 else UNKNOWN
    return UNKNOWN


@cache
def _questions(_root: Path) -> dict[str, Item]:
    return {
        entry.id: Item(
            owner="group" if entry.owner == "table" else entry.owner,
            visibility="group" if entry.visibility == "table" else "private",
            text=entry.written and entry.visibility == "private",
        )
        for entry in register()
    }


def whose(item: str, person: str | None) -> str | None:
    """Whose answer it is when this person gives it: the group's items have no person."""
    return None if item_rules(item).owner == "group" else person


def first_visibility(item: str, person: str | None) -> str:
    """Who sees a new answer: what one person says of a shared item is that person's own at first."""
    rules = item_rules(item)
    return "private" if person is not None and rules.owner == "either" else rules.visibility
