"""What leaves a table as a file: its hand-in, without seats, and a copy of everything to go on with elsewhere."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from workshop.answers import ID, database
from workshop.answers.items import first_visibility
from workshop.answers.names import own_stem
from workshop.answers.privacy import counts_of_pairs
from workshop.answers.store import Store
from workshop.answers.versions import EMPTY, Answer, is_blank, time_of
from workshop.domain.values import listed, mapping
from workshop.texts import Message, Problem

HAND_IN = "gbo-hand-in"
COPY = "gbo-copy"
FORMAT = 1
SHOWN = ("group", "released")
LIMIT_MB = 20
LONGEST_TEXT = 200_000
DEEPEST = 60
LARGEST = 10**15


# -- handing in --------------------------------------------------------------------------------------------------------


def hand_in(store: Store) -> tuple[str, bytes]:
    """The table's answers as one JSON document: its name, and what stands in it.

    In it are what belongs to the table, texts that their authors released, and spreads that were opened. Nobody's seat
    is in it. A later file of the same table replaces an earlier one.

    Raises
    ------
    Problem
        If there is nothing to hand in.
    """
    shown = shown_by(store)
    own = ("item", "value", "visibility", "saved_at")
    answers = [{name: getattr(answer, name) for name in own} for answer in shown if not answer.person]
    released = [{"item": answer.item, "value": answer.value} for answer in shown if answer.person]
    spreads = {item: list(counts.items()) for item, counts in store.spreads().items()}
    if not answers and not released and not spreads:
        raise Problem(Message("report_button.nothing"))
    document = head_of(store, HAND_IN) | {"answers": answers, "released": released, "spreads": spreads}
    document["answered"] = store.answered_counts()
    raw = json.dumps(document, allow_nan=False, indent=1).encode("ascii")
    return f"{own_stem(store, 'hand-in')}-{store.id[:6]}.json", raw


def head_of(store: Store, kit: str) -> dict[str, Any]:
    """What each file of a table begins with."""
    table = {"store": store.id, "room": store.room, "group": store.group}
    return {"kit": kit, "format": FORMAT, **table, "made": database.now()}


def shown_by(store: Store) -> list[Answer]:
    """What a table may show: its own answers, then what persons released, of which nothing says whose it is.

    Of its own, the versions in a conflict stand beside the one that counts, the newest first. Where that one was
    emptied, it stands alone, as an empty text: the others are offered on the table's page, and no report states them.
    """
    beside = store.rows("state='conflict' AND person=''", "version DESC")
    beside = [answer for answer in beside if first_visibility(answer.item, None) in SHOWN and answer.value not in EMPTY]
    torn = {answer.item for answer in beside}
    own = []
    released = []
    emptied = set()
    for answer in store.everything():
        if answer.visibility not in SHOWN:
            continue
        if answer.person is None and answer.item in torn and is_blank(answer.value):
            emptied.add(answer.item)
            own.append(answer._replace(value=""))
        elif is_blank(answer.value):
            continue
        elif answer.person is None:
            own.append(answer)
        elif answer.visibility == "released":
            released.append(Answer(answer.item, answer.value, "released", "released"))
    own += [answer for answer in beside if answer.item not in emptied]
    released.sort(key=lambda one: json.dumps([one.item, one.value]))  # not in the order of seats or of time
    return own + released


# -- reading what others made ------------------------------------------------------------------------------------------


def read_document(raw: bytes, name: str, kind: str) -> Mapping[str, Any]:
    """A hand-in or a copy, whatever somebody may have made of it.

    Raises
    ------
    Problem
        If it is none, or a newer kit made it.
    """
    if len(raw) > LIMIT_MB * 1_000_000:
        raise Problem(Message("answers.too-large", file=name, limit=LIMIT_MB))
    refused = Problem(Message("answers.copy-refused" if kind == COPY else "answers.foreign", file=name))
    try:
        document = mapping(json.loads(raw.decode("utf-8-sig")))
    except (ValueError, RecursionError):
        raise refused from None
    version = document.get("format")
    if document.get("kit") != kind or not isinstance(version, int):
        raise refused
    if version > FORMAT:
        raise Problem(Message("answers.newer-refused", file=name))
    return document


def read_hand_in(path: Path) -> dict[str, Any]:
    """A file that a table handed in, with every part of a known shape; see `read_document`.

    ``left_out`` counts the parts that could not be read.

    Raises
    ------
    Problem
        If it cannot be read, is no hand-in, or a newer kit made it.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(LIMIT_MB * 1_000_000 + 1)
    except OSError:
        raise Problem(Message("answers.unreadable", file=path.name)) from None
    sent = read_document(raw, path.name, HAND_IN)
    document: dict[str, Any] = {
        "store": _id(sent.get("store"), "unknown"),
        "room": _id(sent.get("room"), "workshop"),
        "group": _id(sent.get("group"), "table"),
        "made": time_of(sent.get("made")),
        "answers": [],
        "spreads": {},
        "left_out": 0,
    }
    for part, person in (("answers", None), ("released", "released")):
        for one in listed(sent.get(part)):
            try:
                document["answers"].append(_answer(one, person, document["made"]))
            except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
                document["left_out"] += 1
    for item, pairs in mapping(sent.get("spreads")).items():
        try:
            document["spreads"][item[:200]] = counts_of_pairs(pairs)
        except (ValueError, TypeError, KeyError):
            document["left_out"] += 1
    counts = mapping(sent.get("answered")).items()
    document["answered"] = {item[:200]: n for item, n in counts if isinstance(n, int) and 0 < n < 1000}
    return document


def _answer(one: Mapping[str, Any], person: str | None, made: str) -> Answer:
    visibility = "released" if person else one["visibility"]
    if visibility not in SHOWN or not isinstance(one["item"], str):
        raise ValueError("nothing that may be shown")
    saved_at = time_of(one.get("saved_at"), made)
    return Answer(one["item"][:200], tame(one["value"]), person, visibility, saved_at=saved_at)


def tame(value: Any, depth: int = 0) -> Any:
    """A value from a file of others, such that nothing that reads it can stumble: no huge numbers, no endless depth.

    Raises
    ------
    ValueError
        If it goes too deep.
    """
    if depth > DEEPEST:
        raise ValueError("too deep")
    if isinstance(value, str):
        return value[:LONGEST_TEXT].encode("utf-8", "replace").decode()
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        if abs(value) < LARGEST:
            return value
        return f"{value:.3e}" if abs(value) < 10**300 else "…"
    if isinstance(value, float):
        return value if math.isfinite(value) and abs(value) < LARGEST else None
    if isinstance(value, list):
        return [tame(part, depth + 1) for part in value]
    return {tame(str(key)): tame(part, depth + 1) for key, part in value.items()}


def _id(value: Any, usual: str) -> str:
    return value if isinstance(value, str) and ID.fullmatch(value) else usual
