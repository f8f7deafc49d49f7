"""What an entry of a browser's outbox does: edits by id, applied to the newest value, each with a sentence.

An entry says what to ``do`` and names organisations, ties and tables by their ids, so that it means the same whatever
other pages did meanwhile. See CONTRIBUTING for the list.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from workshop.answers.boxes import Entry, Result
from workshop.answers.change import Change
from workshop.domain.questions import question
from workshop.domain.values import mapping
from workshop.entries import network, structure
from workshop.entries.structure import STRUCTURE_EDITS, person_of
from workshop.texts import Message, Problem, day

__all__ = ["ACTS", "STRUCTURE_EDITS", "apply", "person_of"]

LONGEST_TEXT = 20_000
DEEPEST_PATH = 4
ISO = "%Y-%m-%d"
PARTED = ("structure.judgement", "structure.dials")
"""Items whose value has parts that are set one by one."""


def apply(change: Change, entry: Entry) -> Result:
    """Do what an entry says, inside a transaction.

    Raises
    ------
    Problem
        If it cannot be done; nothing is written then.
    ValueError, TypeError, KeyError
        If the browser sent something that makes no sense.
    """
    do = entry.text("do")
    act = ACTS.get((entry.item, do)) or ACTS.get(("", do))
    if act is None:
        raise ValueError(f"nothing known as {do!r} for {entry.item!r}")
    return act(change, entry)


def _text(change: Change, entry: Entry) -> Result:
    version = change.write_text(entry.item, _written(entry), entry.person, entry.base)
    return Result(entry.n, "done", version=version)


def _choose(change: Change, entry: Entry) -> Result:
    return Result(entry.n, "done", version=change.choose(entry.item, _written(entry), entry.person))


def _written(entry: Entry) -> str:
    """A text as it is kept; of a date its ISO form, and what is no date is refused."""
    asked = question(entry.item)
    if not asked.written:
        raise ValueError("a text for a question that people do not write an answer to")
    text = entry.text("text")[:LONGEST_TEXT]
    if asked.kind != "date" or not text.strip():
        return text
    if not day(text):
        raise Problem(Message("agreement.no_day"))
    return day(text, ISO)


def _put(change: Change, entry: Entry) -> Result:
    value = entry.what.get("value")
    if value not in [option.id for option in question(entry.item).options]:
        raise ValueError("an answer that no page offers")
    before = change.store.newest(entry.item, entry.person)
    theirs = before is not None and before.version != entry.base and before.box not in ("", change.box)
    version = change.write(entry.item, value, entry.person)
    said = Message("outbox.chosen_meanwhile") if theirs and before and before.value != value else None
    return Result(entry.n, "done", said, version)


def _set(change: Change, entry: Entry) -> Result:
    """Set one part of a value that has parts, such as the judgement of one structure."""
    path = entry.what.get("path")
    if entry.item not in PARTED:
        raise ValueError("a value without parts")
    if not isinstance(path, list) or not 0 < len(path) <= DEEPEST_PATH:
        raise ValueError("a part has a path")
    whole = dict(mapping(change.store.get(entry.item, entry.person)))
    part = whole
    for key in path[:-1]:
        part[str(key)] = dict(mapping(part.get(str(key))))
        part = part[str(key)]
    part[str(path[-1])] = entry.what.get("value")
    return Result(entry.n, "done", version=change.write(entry.item, whole, entry.person))


ACTS: dict[tuple[str, Any], Callable[[Change, Entry], Result]] = {
    ("", "text"): _text,
    ("", "choose"): _choose,
    ("", "put"): _put,
    ("", "set"): _set,
    ("network", "add"): network.add,
    ("map", "place"): network.place,
    ("map", "hide"): network.hide,
}
ACTS |= {("network", do): network.edited for do in network.NETWORK_EDITS}
ACTS |= {("structure", do): structure.edited for do in STRUCTURE_EDITS}
