"""One answer, and which of its versions count: a pure function of the records, whatever order they come in.

A record replaces the earlier ones of its own writer and those that its ``base`` names (``"writer:seq"``, and what that
writer wrote before). What nobody replaces is a head. Two heads that differ are a conflict: both are kept and shown.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from workshop.answers import changes
from workshop.answers.items import CHANGED, FORMAT, Key, first_visibility, item_rules

DELETED = "deleted"
VISIBILITIES = ("private", "group", "released", DELETED)
FIELDS = ("format", "room", "group", "person", "item", "value", "visibility", "writer", "seq", "base", "saved_at")
ANYBODY = "*"


class NewerFormat(ValueError):
    """A record that a newer kit wrote: it is left as it is."""


class Answer(NamedTuple):
    """One version of one answer.

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
    base : sequence of str
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
    base: Sequence[str] = ()
    saved_at: str = ""
    format: int = FORMAT

    @property
    def key(self) -> Key:
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

    @property
    def text(self) -> str:
        """The value as text that is the same for equal values."""
        return json.dumps(self.value, sort_keys=True)

    @property
    def mark(self) -> tuple:
        """What two copies of one record have in common; its text too where others did not number it."""
        text = "" if self.seq and self.saved_at else self.text
        return (self.room, self.group, *self.key, self.writer, self.seq, self.saved_at, text)

    @property
    def time(self) -> datetime:
        """When it was saved; long ago where that cannot be read."""
        try:
            read = datetime.fromisoformat(self.saved_at)
        except ValueError:
            return datetime.min.replace(tzinfo=UTC)
        return read if read.tzinfo else read.replace(tzinfo=UTC)

    def replaces(self, ref: str) -> bool:
        """Whether this version was made in the knowledge of another one, named by its `ref`."""
        return _covers(_known([self]), *_split(ref))

    def line(self, before: Answer | None = None) -> bytes:
        """The record as it stands in a file; where `before` stands there too, perhaps only what changed since."""
        record = {name: getattr(self, name) for name in FIELDS}
        whole = _dumped(record)
        if before is None or len(whole) < changes.LARGE or before.format != self.format:
            return whole
        del record["value"]
        change = changes.difference(before.value, self.value)
        less = _dumped(record | {"format": CHANGED, "since": before.ref, "change": change})
        return less if len(less) < len(whole) / 2 else whole


def _dumped(record: dict[str, Any]) -> bytes:
    try:
        return json.dumps(record, ensure_ascii=False, allow_nan=False).encode() + b"\n"
    except UnicodeEncodeError:  # half a character, as browsers may send it
        return json.dumps(record, allow_nan=False).encode() + b"\n"


def read_record(raw: Any, writer: str = "", room: str = "", group: str = "") -> Answer:
    """An answer from what stands on one line of a file; `writer`, `room` and `group` where the line says none.

    A ValueError if it is none, or an older value cannot be brought up to date; `NewerFormat` if a newer kit wrote it.
    """
    if not isinstance(raw, dict):
        raise ValueError("no record")
    said = raw.get
    form, item, seq, visibility = said("format", 0), said("item"), said("seq"), said("visibility")
    if not isinstance(form, int) or form > FORMAT:
        raise NewerFormat(form) if isinstance(form, int) else ValueError("no record")
    if not (item and isinstance(item, str) and "value" in raw):
        raise ValueError("no record")
    value, rules = raw["value"], item_rules(item)
    for step in sorted(rules.migrations):
        if step >= form:
            try:
                value = rules.migrations[step](value)
            except Exception as error:
                raise ValueError(f"{item}: format {form} cannot be read") from error
    person = None if rules.owner == "group" else str(said("person") or "") or None
    seq = seq if isinstance(seq, int) and seq > 0 else 0
    base = said("base", seq - 1)  # where it says none: all that have a lower number
    return Answer(
        item,
        value,
        person,
        str(said("room") or room),
        str(said("group") or group),
        visibility if visibility in VISIBILITIES else first_visibility(item, person),
        str(said("writer") or writer),
        seq,
        _refs(base) if base else [],
        str(said("saved_at") or ""),
        form,
    )


def _refs(base: Any) -> list[str]:
    """A base as others may write it (a number, a text, a list) as references."""
    found = []
    for part in base if isinstance(base, list) else [base]:
        writer, _, seq = str(part).rpartition(":")
        if seq.isdecimal() and len(seq) < 16:
            found.append(f"{writer or ANYBODY}:{int(seq)}")
    return found


def _split(ref: str) -> tuple[str, int]:
    writer, _, seq = ref.rpartition(":")
    return writer, int(seq)


def _known(answers: Iterable[Answer]) -> dict[str, int]:
    """The highest ``seq`` of each writer that some answers replace; what they are themselves is not among it."""
    found: dict[str, int] = {}
    for answer in answers:
        for writer, seq in [(answer.writer, answer.seq - 1), *map(_split, answer.base)]:
            found[writer] = max(found.get(writer, -1), seq)
    return found


def _covers(known: dict[str, int], writer: str, seq: int) -> bool:
    return seq <= max(known.get(writer, -1), known.get(ANYBODY, -1))


def _order(answer: Answer) -> tuple:
    return (answer.time, answer.mark[4:])


def standing(records: Iterable[Answer]) -> list[Answer]:
    """Versions without those that a deletion took back: it knew them, or they did not know it and are no later."""
    records = list(records)
    stones = [answer for answer in records if answer.deleted]

    def gone(answer: Answer) -> bool:
        unaware = (stone for stone in stones if not answer.replaces(stone.ref))
        return any(stone.replaces(answer.ref) or answer.time <= stone.time for stone in unaware)

    return [answer for answer in records if answer.deleted or not gone(answer)] if stones else records


def raw_heads(records: list[Answer]) -> list[Answer]:
    """Those of all versions of one answer that nothing replaces, marks of deletion among them, newest first."""
    if len(records) < 2:
        return list(records)
    known, left = _known(records), standing(records)
    heads = [answer for answer in left if not _covers(known, answer.writer, answer.seq)] or left
    heads.sort(key=_order, reverse=True)
    return [answer for answer in heads if answer.seq or answer is heads[0]]  # unnumbered: the newest time wins


def shown_heads(heads: list[Answer]) -> list[Answer]:
    """Heads to show: without marks of deletion, equal values once (as the most private of them)."""
    if len(heads) < 2:
        return [answer for answer in heads if not answer.deleted]
    found: dict[str, list[Answer]] = {}
    for answer in heads:
        if not answer.deleted:
            found.setdefault(answer.text, []).append(answer)
    return [min(same, key=lambda answer: VISIBILITIES.index(answer.visibility)) for same in found.values()]


def full_base(refs: Sequence[str], records: list[Answer], writer: str) -> list[str]:
    """What a new version replaces: `refs`, and all that was replaced before, so that this may be dropped.

    Earlier versions of its own `writer` need not be named.
    """
    known = _known(records)
    for name, seq in map(_split, refs):
        if known.get(name, -1) <= seq:
            known.pop(name, None)
    return [*refs, *(f"{name}:{seq}" for name, seq in sorted(known.items()) if name != writer and seq > 0)]


def needed(records: list[Answer]) -> list[Answer]:
    """Versions of one answer that must be kept: not those taken back, nor older ones where only the newest counts."""
    keep = standing(records) if item_rules(records[0].item).keep == "history" else raw_heads(records)
    kept = set(map(id, keep))
    return [answer for answer in records if answer.deleted or id(answer) in kept]


def distinct(answers: Iterable[Answer]) -> list[Answer]:
    """Every record once."""
    return list({answer.mark: answer for answer in answers}.values())
