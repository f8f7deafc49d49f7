"""Undoing and redoing: going back is a new version too, so that every page and every reload sees the same.

Each version of a stepped item (network, structure, map) has the version before it as its ``parent``. What undoing
writes has the version whose value it took as its ``origin``, and in ``redo`` the versions that were undone, the last
one first.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from workshop.answers.change import STEPPED
from workshop.answers.store import Store
from workshop.answers.versions import GROUP, Answer
from workshop.domain.kept import KeptNetwork, Places
from workshop.texts import Message, Problem


class Move(NamedTuple):
    """What undoing or redoing a step would do to one item: where to go, and which steps could then be redone."""

    step: Answer
    target: Answer
    waiting: tuple[int, ...]


Way = Callable[[Answer], Move | None]


def undo(store: Store, seen: Mapping[str, int]) -> Message:
    """Take back the last step in what a page shows; says which.

    Parameters
    ----------
    store : Store
    seen : mapping of str to int
        Items that the page shows, and the version that it has seen of each.

    Raises
    ------
    Problem
        If there is nothing to take back, a page wrote something newer meanwhile, or the trainer closed the room.
    """

    def back(newest: Answer) -> Move | None:
        now = store.by_version(newest.origin) if newest.origin else newest
        before = store.by_version(now.parent) if now and now.parent else None
        return Move(now, before, (now.version, *newest.redo)) if now and before else None

    return Message("session.undone", what=_travel(store, seen, back))


def redo(store: Store, seen: Mapping[str, int]) -> Message:
    """Do again what was undone last; see `undo`."""

    def on(newest: Answer) -> Move | None:
        target = store.by_version(newest.redo[0]) if newest.redo else None
        return Move(target, target, newest.redo[1:]) if target else None

    return Message("session.redone", what=_travel(store, seen, on, again=True))


def _travel(store: Store, seen: Mapping[str, int], way: Way, again: bool = False) -> str:
    """Go back, or on again, in all items that were changed in one step; what that step is called."""
    with store.change() as change:
        if store.is_closed:
            raise Problem(Message("room.closed"))
        newest = {item: answer for item in STEPPED if (answer := store.newest(item))}
        moves = {item: move for item, answer in newest.items() if (move := way(answer))}
        shown = [move.step for item, move in moves.items() if item in seen]
        if again:  # what was done since, in whatever item, ended the others
            last = _last_turn(store)
            moves = {item: move for item, move in moves.items() if _turn(newest[item]) > last}
            shown = [move.step for item, move in moves.items() if item in seen and _whole(store, move.step, moves)]
        if not shown:
            raise Problem(Message("session.nothing_to_redo" if again else "session.nothing_to_undo"))
        chosen = min(shown, key=_turn) if again else max(shown, key=_turn)
        together = {item: move for item, move in moves.items() if move.step.step == chosen.step}
        if any(item in seen and store.version(item) > seen[item] for item in together):
            raise Problem(Message("session.newer_step"))
        if not _whole(store, chosen, moves):  # half of it would stay
            raise Problem(Message("session.step_apart"))
        for item, (step, target, waiting) in together.items():
            value = _value(store, item, target.value)
            change.insert(Answer(item, value, label=step.label, origin=target.version, redo=waiting))
    return str(chosen.label or "…")


def _whole(store: Store, step: Answer, moves: Mapping[str, Move]) -> bool:
    """Whether every item that was changed in a step can go with it."""
    items = {answer.item for answer in store.rows("step=:step", step=step.step)}
    return items <= {item for item, move in moves.items() if move.step.step == step.step}


def _value(store: Store, item: str, value: Any) -> Any:
    """What is written of an item that goes back to a value, with what no step is about as it is now."""
    if item == "map":
        hidden = Places.from_dict(store.get(item)).hidden_kinds
        if value is None and not hidden:  # from before the first step: as if nothing was ever there
            return None
        return Places(Places.from_dict(value).positions, hidden).to_dict()
    if item == "network":  # who is gone by it is no person on the board
        if value is None and store.get("structure") is None:
            return None
        then = KeptNetwork.from_dict(value)
        now = KeptNetwork.from_dict(store.get(item))
        return dataclasses.replace(now.changed(then.network), case=then.case).to_dict()
    return value


def _last_turn(store: Store) -> int:
    """When the last step was done that is not undone or redone; 0 where there is none."""
    items = ", ".join(f"'{item}'" for item in STEPPED)
    query = f"SELECT coalesce(max(coalesce(step, version)), 0) FROM answers WHERE {GROUP} AND origin IS NULL"
    return store.query(f"{query} AND item IN ({items})")[0][0]


def _turn(answer: Answer) -> int:
    """When a step was done; one that was amended keeps its turn."""
    return answer.step or answer.version
