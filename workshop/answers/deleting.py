"""Deleting that deletes: rows, the spreads that counted them, and the files that were made of them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from workshop.answers.versions import Answer
from workshop.texts import Message, Problem

if TYPE_CHECKING:
    from workshop.answers.store import Store


def delete_rows(store: Store, where: str, values: Iterable[str]) -> Message:
    """Delete the answers of a group for which a condition holds, and say how many; see `Store.delete`."""
    values = tuple(values)
    with store.change() as change:
        gone = store.rows(f"{where} AND state='counts'", values)
        for answer in gone:
            if answer.person:
                _close_spread(store, answer)
        store.execute(f"DELETE FROM answers WHERE room=? AND grp=? AND {where}", (*store.where, *values))
        change.bump()
        store.want_wipe()
    store.wipe()
    return Message("answers.deleted", n=len({(answer.person, answer.item) for answer in gone}))


def _close_spread(store: Store, gone: Answer) -> None:
    """Take a spread back; who was counted in it is remembered, else one new answer would show in the next one."""
    key = (*store.where, gone.item)
    query = "SELECT counted FROM spreads WHERE room=? AND grp=? AND item=?"
    rows = store.execute(query, key).fetchall()
    counted = json.loads(rows[0][0]) if rows else {}
    if gone.person in counted:
        del counted[gone.person]
        query = "UPDATE spreads SET counts='', counted=? WHERE room=? AND grp=? AND item=?"
        store.execute(query, (json.dumps(counted), *key))


def delete_group(store: Store) -> Message:
    """Delete everything of a group, and say what could not be; see `Store.delete_group`."""
    with store.change() as change:
        n = len(store.everything())
        files = store.execute("SELECT path FROM files WHERE room=? AND grp=?", store.where).fetchall()
        for table in ("answers", "spreads", "files"):
            store.execute(f"DELETE FROM {table} WHERE room=? AND grp=?", store.where)
        query = "UPDATE groups SET generation=generation+1, purge_on=NULL WHERE room=? AND grp=?"
        store.execute(query, store.where)
        change.bump()
        store.want_wipe()
    stuck, outside = _remove_files(store, [Path(path) for (path,) in files])
    store.wipe()
    if stuck:
        raise Problem(Message("answers.not-deleted", files=stuck))
    if outside:
        return Message("answers.deleted-but-outside", n=n, files=outside)
    return Message("answers.deleted", n=n)


def _remove_files(store: Store, paths: list[Path]) -> tuple[list[str], list[str]]:
    """Remove files, and name those that could not be, and those that lie outside the work folder."""
    stuck = []
    outside = []
    for path in paths:
        if not path.exists():
            continue
        if not path.resolve().is_relative_to(store.folder.resolve()):
            outside.append(str(path))
            continue
        try:
            path.unlink()
        except OSError:
            stuck.append(str(path))
            store.note_file(path)  # so that it goes with the next try
    return stuck, outside
