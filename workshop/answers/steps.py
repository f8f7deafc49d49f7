"""Undoing and redoing: going back is a new version too, so that every page and every reload sees the same.

Each version of a stepped item (network, structure, map) has the version before it as its ``parent``. What undoing
writes has the version whose value it took as its ``origin``, and in ``redo`` the versions that were undone, the last
one first.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from workshop.answers.change import STEPPED, Change
from workshop.answers.store import Store
from workshop.answers.versions import Answer
from workshop.texts import Message, Problem


class Move(NamedTuple):
    """What undoing or redoing a step would do to one item: where to go, and which steps could then be redone."""

    step: Answer
    target: Answer
    waiting: tuple[int, ...]


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
        If there is nothing to take back, or a page wrote something newer meanwhile.
    """
    with store.change() as change:
        moves: dict[str, Move] = {}
        for item in STEPPED:
            newest = store.newest(item)
            now = store.by_version(newest.origin) if newest and newest.origin else newest
            before = store.by_version(now.parent) if now and now.label and now.parent else None
            if newest and now and before:
                moves[item] = Move(now, before, (now.version, *newest.redo))
        shown = [move.step for item, move in moves.items() if item in seen]
        if not shown:
            raise Problem(Message("session.nothing_to_undo"))
        last = max(shown, key=_turn)
        _go(change, moves, last, seen)
    return Message("session.undone", what=str(last.label))


def redo(store: Store, seen: Mapping[str, int]) -> Message:
    """Do again what was undone last; see `undo`."""
    with store.change() as change:
        moves: dict[str, Move] = {}
        for item in STEPPED:
            newest = store.newest(item)
            target = store.by_version(newest.redo[0]) if newest and newest.redo else None
            if newest and target:
                moves[item] = Move(target, target, newest.redo[1:])
        shown = [move.step for item, move in moves.items() if item in seen]
        if not shown:
            raise Problem(Message("session.nothing_to_redo"))
        first = min(shown, key=_turn)
        _go(change, moves, first, seen)
    return Message("session.redone", what=str(first.label))


def _turn(answer: Answer) -> int:
    """When a step was done; one that was amended keeps its turn."""
    return answer.step or answer.version


def _go(change: Change, moves: Mapping[str, Move], chosen: Answer, seen: Mapping[str, int]) -> None:
    """Go back or on in all items that were changed in one step."""
    together = {item: move for item, move in moves.items() if move.step.step == chosen.step}
    if any(item in seen and change.store.version(item) > seen[item] for item in together):
        raise Problem(Message("session.newer_step"))
    for item, (step, target, waiting) in together.items():
        gone_to = Answer(item, target.value, label=step.label, origin=target.version, redo=waiting)
        change.insert(gone_to)
