"""One answer, and which of its versions count: a pure function of the records, whatever order they come in.

A record replaces the earlier ones of its own writer and those that its ``base`` names (``"writer:seq"``, and what that
writer wrote before). What nobody replaces is a head. Two heads that differ are a conflict: both are kept and shown.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from workshop.answers import changes
from workshop.answers.items import CHANGED, FORMAT, first_visibility, item_rules, migrate

DELETED = "deleted"
VISIBILITIES = ("private", "group", "released", DELETED)
FIELDS = ("format", "room", "group", "person", "item", "value", "visibility", "writer", "seq", "base", "saved_at")


class NewerFormat(ValueError):
    """A record that a newer kit wrote: it is left as it is."""


@dataclass(frozen=True)
class Answer:
    """One version of one answer; never changed in place.

    Parameters
    ----------
    item : str
        Id of the item, see `workshop.answers.items`.
    value
        Anything that JSON holds; do not change it in place. None where the answer was deleted.
    person : str or None
        A seat such as ``"seat-1"``; None for the group's own answer.
    visibility : {"private", "group", "released", "deleted"}
        Who may see it; ``"deleted"`` marks that there was an answer and that it is gone.
    seq : int
        Counts the versions of this answer from 1; 0 for files of others that do not count.
    base : list of str
        The versions that this one replaces, as ``"writer:seq"``; ``"*:seq"`` for any writer (files of others).
    saved_at : str
        ISO time with offset.
    """

    item: str
    value: Any
    person: str | None = None
    room: str = ""
    group: str = ""
    visibility: str = "private"
    writer: str = ""
    seq: int = 0
    base: list[str] = field(default_factory=list)
    saved_at: str = ""
    format: int = FORMAT

    @property
    def key(self) -> tuple[str | None, str]:
        """What it answers, within a group."""
        return (self.person, self.item)

    @property
    def ref(self) -> str:
        """How later versions name this one."""
        return f"{self.writer}:{self.seq}"

    @property
    def deleted(self) -> bool:
        """Whether this only says that the answer was deleted."""
        return self.visibility == DELETED

    @cached_property
    def text(self) -> str:
        """The value as text that is the same for equal values."""
        return json.dumps(self.value, sort_keys=True)

    @property
    def mark(self) -> tuple:
        """What two copies of one record have in common."""
        return (self.room, self.group, *self.key, self.writer, self.seq, self.visibility, self.tie_break, self.saved_at)

    @cached_property
    def tie_break(self) -> str:
        """Tells records apart that their writer did not number: their text. Empty where it is not needed."""
        return "" if self.seq and self.writer and self.saved_at else self.text

    @cached_property
    def time(self) -> datetime:
        """When it was saved; long ago where that cannot be read."""
        try:
            read = datetime.fromisoformat(self.saved_at)
        except ValueError:
            return datetime.min.replace(tzinfo=UTC)
        return read if read.tzinfo else read.replace(tzinfo=UTC)

    @cached_property
    def replaced(self) -> dict[str, int]:
        """Highest ``seq`` replaced, by writer."""
        found: dict[str, int] = {}
        for ref in self.base:
            writer, _, seq = ref.rpartition(":")
            limit = self.seq - 1 if writer in ("*", self.writer) else int(seq)
            found[writer] = max(found.get(writer, -1), min(int(seq), limit))
        return found

    def replaces(self, ref: str) -> bool:
        """Whether this version was made in the knowledge of another one, named by its `ref`."""
        writer, _, seq = ref.rpartition(":")
        known = self.seq - 1 if writer == self.writer else self.replaced.get(writer, -1)
        return int(seq) <= max(known, self.replaced.get("*", -1))

    def line(self, before: Answer | None = None) -> bytes:
        """The record as it stands in a file; where `before` stands there too, perhaps only what changed since."""
        record = {name: getattr(self, name) for name in FIELDS}
        whole = _dumped(record)
        if before is None or len(whole) < changes.LARGE or before.format != self.format:
            return whole
        change = {"format": CHANGED, "since": before.ref, "change": changes.difference(before.value, self.value)}
        less = _dumped({name: change.get(name, value) for name, value in record.items() if name != "value"} | change)
        return less if len(less) < len(whole) / 2 else whole


def _dumped(record: dict[str, Any]) -> bytes:
    try:
        return json.dumps(record, ensure_ascii=False, allow_nan=False).encode() + b"\n"
    except UnicodeEncodeError:  # half a character, as browsers may send it
        return json.dumps(record, allow_nan=False).encode() + b"\n"


def read_record(raw: Any, writer: str = "", room: str = "", group: str = "") -> Answer:
    """An answer from what stands on one line of a file; `writer`, `room` and `group` where the line says none.

    Raises
    ------
    NewerFormat
        If a newer kit wrote it.
    ValueError
        If it is no record of an answer, or an older value cannot be brought up to date.
    """
    form = raw.get("format", 0) if isinstance(raw, dict) else None
    if isinstance(form, int) and form > FORMAT:
        raise NewerFormat(str(form))
    if not (isinstance(form, int) and isinstance(raw.get("item"), str) and raw["item"] and "value" in raw):
        raise ValueError("no record")
    said = {name: str(raw[name]) for name in ("room", "group", "person", "writer", "saved_at") if raw.get(name)}
    item, seq = raw["item"], raw.get("seq")
    person = None if item_rules(item).owner == "group" else said.get("person")
    seq = seq if isinstance(seq, int) and seq > 0 else 0
    visibility = raw.get("visibility")
    try:
        value = migrate(item, form, raw["value"])
    except Exception as error:
        raise ValueError(f"{item}: format {form} cannot be read") from error
    return Answer(
        item=item,
        value=value,
        person=person,
        room=said.get("room", room),
        group=said.get("group", group),
        visibility=visibility if visibility in VISIBILITIES else first_visibility(item, person),
        writer=said.get("writer", writer),
        seq=seq,
        base=_refs(raw["base"]) if "base" in raw else [f"*:{seq - 1}"] if seq > 1 else [],
        saved_at=said.get("saved_at", ""),
        format=form,
    )


def _refs(base: Any) -> list[str]:
    """A base as others may write it (a number, a text, a list, nothing) as references."""
    found = []
    for part in base if isinstance(base, list) else [base]:
        writer, _, seq = str(part).rpartition(":")
        if not isinstance(part, bool) and seq.isdecimal():
            found.append(f"{writer or '*'}:{int(seq)}")
    return found


def distinct(answers: Iterable[Answer]) -> list[Answer]:
    """Every record once, in an order of its own."""
    found = list(answers)
    return sorted({answer.mark: answer for answer in found}.values(), key=_order) if len(found) > 1 else found


def _order(answer: Answer) -> tuple:
    return (answer.time, answer.seq, answer.writer, answer.tie_break, answer.visibility)


def taken_back(records: list[Answer]) -> list[Answer]:
    """Versions that are gone because their answer was deleted, or that did not know so and were saved before."""
    stones = [answer for answer in records if answer.deleted]

    def by(stone: Answer, answer: Answer) -> bool:
        return not answer.replaces(stone.ref) and (stone.replaces(answer.ref) or answer.time <= stone.time)

    return [answer for answer in records if not answer.deleted and any(by(stone, answer) for stone in stones)]


def raw_heads(records: list[Answer]) -> list[Answer]:
    """The versions of one answer that nothing replaces, marks of deletion among them, newest first.

    Parameters
    ----------
    records : list of Answer
        All known versions of one answer (one key of one group).
    """
    if len(records) == 1:
        return list(records)
    gone = {id(answer) for answer in taken_back(records)}
    last: dict[str, int] = {}
    covered: dict[str, int] = {}
    for answer in records:
        last[answer.writer] = max(last.get(answer.writer, 0), answer.seq)
        for writer, seq in answer.replaced.items():
            covered[writer] = max(covered.get(writer, -1), seq)
    everyone = covered.get("*", -1)
    final = [answer for answer in records if answer.seq == last[answer.writer] and id(answer) not in gone]
    heads = [answer for answer in final if answer.seq > max(covered.get(answer.writer, -1), everyone)] or final
    counted = [answer for answer in heads if answer.seq]
    loose = max((answer for answer in heads if not answer.seq), key=_order, default=None)
    if loose and all(loose.time > answer.time for answer in counted):
        counted.append(loose)
    return sorted(counted, key=_order, reverse=True)


def shown_heads(heads: list[Answer]) -> list[Answer]:
    """Heads to show: without marks of deletion, equal values once (as the most private of them)."""
    if len(heads) < 2:
        return [answer for answer in heads if not answer.deleted]
    found: dict[str, Answer] = {}
    for answer in heads:
        if not answer.deleted:
            known = found.setdefault(answer.text, answer)
            if VISIBILITIES.index(answer.visibility) < VISIBILITIES.index(known.visibility):
                found[answer.text] = answer
    return list(found.values())


def full_base(refs: list[str], records: list[Answer], writer: str) -> list[str]:
    """References to what a new version replaces, with all that was replaced before, so that this may be dropped.

    Parameters
    ----------
    refs : list of str
        The versions that it replaces. Other heads stay what they are.
    records : list of Answer
        All known versions.
    writer : str
        Who writes the new version; its own earlier ones need not be named.
    """
    heads = raw_heads(records)
    chosen = {answer.text for answer in heads if answer.ref in refs}
    beside = {
        id(answer) for answer in heads if answer.ref not in refs and (answer.deleted or answer.text not in chosen)
    }
    seen: dict[str, int] = {}
    for answer in records:
        for name, seq in [*answer.replaced.items(), *([] if id(answer) in beside else [(answer.writer, answer.seq)])]:
            seen[name] = max(seen.get(name, -1), seq)
    for ref in refs:
        name, _, said = ref.rpartition(":")
        if seen.get(name, -1) <= int(said):
            seen.pop(name, None)
    return [*refs, *(f"{name}:{seq}" for name, seq in sorted(seen.items()) if name != writer)]


def superseded(records: list[Answer]) -> list[Answer]:
    """Versions of one answer that need not be kept: taken back, or replaced where only the newest counts."""
    if item_rules(records[0].item).keep == "history":
        return taken_back(records)
    heads = {id(answer) for answer in raw_heads(records)}
    return [answer for answer in records if not answer.deleted and id(answer) not in heads]
