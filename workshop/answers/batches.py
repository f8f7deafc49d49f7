"""What is deleted as a whole, as promised: a room with all its tables, or one group of a table's own laptop."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from workshop.answers.names import table_name
from workshop.answers.rooms import TRAINER, read_state
from workshop.answers.store import Store
from workshop.answers.upkeep import purge_key
from workshop.texts import Message, day


@dataclass(frozen=True)
class Batch:
    """Answers that are deleted together.

    Parameters
    ----------
    room : str
        Id of the room that they belong to.
    group : str
        Id of the group; empty: all groups of the room.
    name : Message
        What people call it: whose answers, and when the last of them was kept.
    purge_on : date or None
        From which day it is deleted at a start.
    """

    room: str
    group: str
    name: Message
    purge_on: date | None

    @property
    def key(self) -> str:
        """Under which its day is kept."""
        return purge_key(self.room, self.group)


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
    return [_batch(*key, stores, day(last[key][:10])) for key, stores in found.items()]


def _batch(room: str, group: str, stores: list[Store], last_day: str) -> Batch:
    state = read_state(stores[0])
    if state:
        names = sorted(table_name(store) for store in stores if store.group != TRAINER)
        name = Message("batch.room", n=len(names), names=names, word=state.word, day=last_day)
    else:
        name = Message("batch.table", name=table_name(stores[0]), day=last_day)
    kept = stores[0].query("SELECT value FROM kit WHERE key=:key", key=purge_key(room, group))
    iso = day(str(kept[0][0]), "%Y-%m-%d") if kept else ""
    return Batch(room, group, name, date.fromisoformat(iso) if iso else None)


def promise(store: Store, batch: Batch, on: date | None) -> None:
    """Note from which day a batch is deleted at a start, whoever comes to it; None: never."""
    with store.change():
        _keep_day(store, batch, on)


def _keep_day(store: Store, batch: Batch, on: date | None) -> None:
    """Inside a change. That there is no day any more is kept too: an older copy of the file may have one."""
    store.execute("INSERT OR REPLACE INTO kit VALUES (?, ?)", (batch.key, on.isoformat() if on else ""))


def delete(store: Store, batch: Batch) -> Message:
    """Really delete a batch, all of it or nothing; what to say of it, see `Store.delete_group`."""
    with store.change():
        query = "SELECT grp FROM groups WHERE room=? AND ? IN ('', grp)"
        groups = store.execute(query, (batch.room, batch.group)).fetchall()
        taken = [store.beside(group, batch.room).take_all() for (group,) in groups]
        _keep_day(store, batch, None)
    files = [path for paths, _ in taken for path in paths]
    return store.gone_too(files, sum(n for _, n in taken))
