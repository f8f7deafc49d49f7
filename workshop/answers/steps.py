"""Undoing and redoing: going back is a new version too, so that every page and every reload sees the same.

Each version of a stepped item (network, structure, map) has the version before it as its ``parent``. What undoing
writes has the version whose value it took as its ``origin``, and in ``redo`` the versions that were undone, the last
one first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from workshop.answers.change import STEPPED, Change
from workshop.answers.store import Store
from workshop.answers.versions import Answer
from workshop.texts import Message, Problem


def undo(store: Store, seen: Mapping[str, int], box: str = "") -> Message:
    """Take back the last step in what a page shows; says which.

    Parameters
    ----------
    store : Store
    seen : mapping of str to int
        Items that the page shows, and the version that it has seen of each.
    box : str
        The page load that asks.

    Raises
    ------
    Problem
        If there is nothing to take back, or a page wrote something newer meanwhile.
    """
    with store.change(box) as change:
        standing = {item: _standing(store, item) for item in STEPPED}
        steps = {item: now for item, now in standing.items() if now and now.label and _parent(store, now)}
        shown = [now for item, now in steps.items() if item in seen]
        if not shown:
            raise Problem(Message("session.nothing_to_undo"))
        last = max(shown, key=lambda answer: answer.step or answer.version)  # an amended step keeps its turn
        together = [item for item, now in steps.items() if now.step == last.step]
        _refuse_unseen(store, together, seen)
        for item in together:
            now = steps[item]
            newest = store.newest(item)
            waiting = newest.redo if newest else ()
            target = _parent(store, now)
            assert target is not None
            _go_to(change, target, (now.version, *waiting), now.label)
    return Message("session.undone", what=str(last.label))


def redo(store: Store, seen: Mapping[str, int], box: str = "") -> Message:
    """Do again what was undone last; see `undo`."""
    with store.change(box) as change:
        waiting: dict[str, tuple[int, ...]] = {}
        targets: dict[str, Answer] = {}
        for item in STEPPED:
            newest = store.newest(item)
            target = store.by_version(newest.redo[0]) if newest and newest.redo else None
            if newest and target:
                waiting[item] = newest.redo[1:]
                targets[item] = target
        shown = [target for item, target in targets.items() if item in seen]
        if not shown:
            raise Problem(Message("session.nothing_to_redo"))
        first = min(shown, key=lambda answer: answer.step or answer.version)
        together = [item for item, target in targets.items() if target.step == first.step]
        _refuse_unseen(store, together, seen)
        for item in together:
            _go_to(change, targets[item], waiting[item], targets[item].label)
    return Message("session.redone", what=str(first.label))


def _standing(store: Store, item: str) -> Answer | None:
    """The step that an item stands at: its newest version, or the one that undoing went back to."""
    newest = store.newest(item)
    return store.by_version(newest.origin) if newest and newest.origin else newest


def _parent(store: Store, answer: Answer) -> Answer | None:
    """The version before a step; None where that is kept no more."""
    return store.by_version(answer.parent) if answer.parent else None


def _refuse_unseen(store: Store, items: Sequence[str], seen: Mapping[str, int]) -> None:
    if any(item in seen and store.version(item) > seen[item] for item in items):
        raise Problem(Message("session.newer_step"))


def _go_to(change: Change, target: Answer, waiting: tuple[int, ...], label: Message | None) -> None:
    change.insert(
        Answer(
            target.item,
            target.value,
            box=change.box,
            label=label,
            origin=target.version,
            redo=waiting,
        )
    )
