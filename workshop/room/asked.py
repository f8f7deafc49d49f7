"""What a telephone asks: the questions of the register that say ``phone = true``, and what it may do with an answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from workshop.answers.boxes import Entry, Result, number_of
from workshop.answers.change import Change
from workshop.domain.questions import RegisterEntry, about, register
from workshop.entries import apply
from workshop.texts import Message, Problem, message_keys

LONGEST = 4_000
"""Characters of a text that is written on a telephone."""


@dataclass(frozen=True)
class Row:
    """Questions that stand together, such as which role and why; `heading` and `story` are of what they are about."""

    heading: str
    story: str
    entries: tuple[RegisterEntry, ...]


@dataclass(frozen=True)
class Part:
    """The rows of one file of questions, under its title."""

    title: str
    intro: str
    rows: tuple[Row, ...]

    @property
    def items(self) -> set[str]:
        """What is asked in it."""
        return {entry.id for row in self.rows for entry in row.entries}


def by_item() -> dict[str, RegisterEntry]:
    """The questions for telephones, which are always of persons, by item and in the order of the pages."""
    return {entry.id: entry for entry in register() if entry.phone and entry.owner != "table" and "*" not in entry.id}


def parts(written: bool) -> Iterator[Part]:
    """The questions by file; those that are written only where the trainer allows it."""
    for name, entries in groupby(by_item().values(), lambda entry: entry.set):
        rows: dict[str, list[RegisterEntry]] = {}
        for entry in entries:
            if written or not entry.written:
                rows.setdefault(entry.row or entry.id, []).append(entry)
        said = about(name)
        named = f"phone.part.{name}"
        title = said.get("title") or Message(named if named in message_keys() else "phone.part.other")
        known = {row["id"]: row for row in said.get("row", ())}
        if rows:
            found = tuple(_row(known.get(id, {}), together) for id, together in rows.items())
            yield Part(str(title), said.get("intro", ""), found)


def _row(said: Mapping[str, Any], entries: list[RegisterEntry]) -> Row:
    story = said.get("text", "")
    if story == entries[0].text:  # the row is the question
        return Row("", "", tuple(entries))
    return Row(said.get("title", ""), story, tuple(entries))


def waits(entry: Entry, written: bool) -> bool:
    """Whether this is a text that was typed before the trainer turned writing off: it stays with its author."""
    question = by_item().get(entry.item)
    return question is not None and question.written and not written and entry.text("do") == "text"


def refuse(entry: Entry, written: bool) -> None:
    """A `Problem` where a telephone may not do this: another question, another answer, a text where none is wanted."""
    asked = by_item().get(entry.item)
    if asked is None:
        raise Problem(Message("room.not_here"))
    do = entry.text("do")
    if asked.written:
        if not written and do != "withdraw":
            raise Problem(Message("room.no_texts"))
        if do not in ("text", "release", "withdraw") or len(entry.text("text")) > LONGEST:
            raise Problem(Message("room.too_long", n=LONGEST))
    elif do != "put" or entry.what.get("value") not in [option.id for option in asked.options_for(True)]:
        raise Problem(Message("room.not_here"))


def take_back(change: Change, entries: Iterable[Entry], seat: str) -> None:
    """End the release of what a telephone shows as private, also where entries wait: in a closed room, for one.

    Such a text was taken back, or went on from the version that was released.
    """
    upto = number_of(change.store, change.box)
    for entry in entries:
        found = change.store.newest(entry.item, seat)
        if entry.n <= upto or found is None or found.visibility != "released":
            continue
        do = entry.text("do")
        if do == "withdraw" or (do == "text" and entry.base == found.version):
            change.withdraw(entry.item, seat)


def apply_of(seat: str, written: bool) -> Callable[[Change, Entry], Result]:
    """What `workshop.answers.boxes` calls for each entry of a seat's telephone."""

    def applied(change: Change, entry: Entry) -> Result:
        if waits(entry, written):
            return Result(entry.n, "asked", Message("room.no_texts"), reason="texts")
        refuse(entry, written)
        acts = {"release": change.release, "withdraw": change.withdraw}
        act = acts.get(entry.text("do"))
        if act is None:
            return apply(change, entry)
        return Result(entry.n, "done", version=act(entry.item, seat) or 0)

    return applied
