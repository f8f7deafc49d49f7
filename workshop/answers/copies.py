"""A copy of everything of a table, seats and steps included, to go on with elsewhere."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from workshop.answers.change import insert
from workshop.answers.handin import COPY, SHOWN, head_of, read_document, tame
from workshop.answers.privacy import counts_from, counts_of_pairs
from workshop.answers.store import Store
from workshop.answers.versions import EMPTY, Answer, time_of
from workshop.domain.values import listed
from workshop.texts import Message, Problem


def copy_of(store: Store) -> bytes:
    """Everything of the table, private answers and steps too, to go on with on another laptop; see `take_copy`."""
    rows = [row._asdict() | {"label": row.label and [row.label.key, row.label.values]} for row in store.rows("1")]
    document = {**head_of(store, COPY), "rows": rows, "spreads": store.spread_rows()}
    return json.dumps(document, allow_nan=False).encode("ascii")


def take_copy(store: Store, raw: bytes, name: str = "") -> Message:
    """Go on with a copy in an empty table.

    Raises
    ------
    Problem
        If it is no copy, a newer kit made it, or the table has answers; nothing is changed then.
    """
    document = read_document(raw, name, COPY)
    if any(answer.value not in EMPTY for answer in store.everything()):
        raise Problem(Message("answers.copy-not-empty"))
    try:
        answers = [_row(kept) for kept in listed(document.get("rows"))]
        with store.change() as change:
            numbers = _put_in(store, answers)
            for item, counts, counted in _spread_rows(document.get("spreads"), numbers):
                store.insert_spread(item, counts, counted)
            change.bump()
    except Problem:
        raise
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError) as error:
        raise Problem(Message("answers.copy-refused", file=name)) from error
    given = [answer for answer in store.everything() if answer.value not in EMPTY]
    return Message("answers.copy-taken", n=len(given))


def _put_in(store: Store, answers: Iterable[Answer]) -> dict[int, int]:
    """Put all rows of a copy in; the new number of each."""
    numbers: dict[int, int] = {}
    steps: dict[int, int] = {}
    for answer in sorted(answers, key=lambda one: (one.step or one.version, one.version)):  # as they were done
        renumbered = answer._replace(
            step=steps.get(answer.step or 0),
            parent=numbers.get(answer.parent or 0),
            origin=numbers.get(answer.origin or 0),
            redo=tuple(numbers[one] for one in answer.redo if one in numbers),
        )
        new = insert(store, renumbered)
        numbers[answer.version] = new
        if answer.step and answer.step not in steps:  # its first row; the one that gave it its number may be gone
            steps[answer.step] = new
            store.execute("UPDATE answers SET step=? WHERE version=?", (new, new))
    return numbers


def _row(kept: Mapping[str, Any]) -> Answer:
    label = kept["label"]
    said = Message(str(label[0]), **{str(key): tame(value) for key, value in label[1].items()}) if label else None
    str(said)  # KeyError where a word is missing
    if kept["state"] not in ("counts", "conflict", "kept"):
        raise ValueError("an unknown state")
    if kept["visibility"] not in ("private", *SHOWN):
        raise ValueError("an unknown visibility")
    read = {name: kept[name] for name in Answer._fields}
    read["item"] = str(kept["item"])[:200]
    read["value"] = tame(kept["value"])
    read["person"] = str(kept["person"])[:64] if kept["person"] else None
    read["version"] = int(kept["version"])
    read["saved_at"] = time_of(kept["saved_at"])
    read["box"] = str(kept["box"])[:64]
    read["label"] = said
    read["redo"] = tuple(int(one) for one in kept["redo"])
    return Answer(**read)


def _spread_rows(value: Any, numbers: Mapping[int, int]) -> list[tuple[str, str, str]]:
    found = []
    for item, counts, counted in listed(value):
        if counts:
            counts_of_pairs(counts_from(counts).items())
        renumbered = {str(person): numbers.get(version, -1) for person, version in json.loads(counted).items()}
        found.append((str(item), str(counts), json.dumps(renumbered)))
    return found
