"""What is deleted as a whole, as promised: a room with all its tables, or one group of a table's own laptop."""

from __future__ import annotations

from dataclasses import dataclass

from workshop.answers.names import table_name
from workshop.answers.rooms import TRAINER, read_state
from workshop.answers.store import NotKept, Store
from workshop.answers.versions import GROUP
from workshop.texts import Message, Problem, day


@dataclass(frozen=True)
class Batch:
    """Answers that are deleted together.

    Parameters
    ----------
    key : tuple of str
        Id of the room, and of the group; of a whole room only the first.
    groups : tuple of str
        Ids of all its groups.
    name : Message
        What people call it: whose answers, and when the last of them was kept.
    purge_on : str or None
        Day (ISO) from which it is deleted at a start.
    """

    key: tuple[str, str]
    groups: tuple[str, ...]
    name: Message
    purge_on: str | None


def batches(store: Store) -> list[Batch]:
    """All batches in the file of a store; the one that was used last comes first."""
    query = "SELECT room, grp, max(saved_at) FROM answers GROUP BY room, grp ORDER BY max(saved_at) DESC, grp"
    found: dict[tuple[str, str], list[Store]] = {}
    last: dict[tuple[str, str], str] = {}
    for room, group, moment in store.query(query):
        beside = store.beside(group, room)
        key = (room, "" if read_state(beside) else group)
        found.setdefault(key, []).append(beside)
        last.setdefault(key, moment)
    return [_batch(key, stores, last[key]) for key, stores in found.items()]


def _batch(key: tuple[str, str], stores: list[Store], moment: str) -> Batch:
    first = stores[0]
    state = read_state(first)
    names = sorted(table_name(store) for store in stores if not state or store.group != TRAINER)
    if state:
        name = Message("batch.room", n=len(names), names=names, word=state.word, day=day(moment[:10]))
    else:
        name = Message("batch.table", name=names[0], day=day(moment[:10]))
    purge_on = first.query(f"SELECT purge_on FROM groups WHERE {GROUP}")[0][0]
    return Batch(key, tuple(store.group for store in stores), name, purge_on)


def promise(store: Store, batch: Batch, on: str | None) -> None:
    """Note from which day (ISO) a batch is deleted at a start; None: never."""
    room, group = batch.key
    with store.change():
        store.execute("UPDATE groups SET purge_on=? WHERE room=? AND (grp=? OR ?='')", (on, room, group, group))


def delete(store: Store, batch: Batch) -> Message:
    """Really delete a batch; what to say of it.

    Raises
    ------
    Problem
        If something of it could not be deleted (yet); all the rest is.
    """
    said = []
    problems = []
    for group in batch.groups:
        try:
            said.append(store.beside(group, batch.key[0]).delete_group())
        except NotKept:
            raise
        except Problem as problem:
            problems.append(problem)
    if problems:
        raise problems[-1]
    outside = [str(message) for message in said if "files" in message.values]
    return Message("batch.deleted", name=batch.name, outside=" ".join(outside))
