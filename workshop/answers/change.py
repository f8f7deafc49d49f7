"""What happens inside one transaction: the newest value is read, and a new version written."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from workshop.answers import database
from workshop.answers.items import TRAINERS_NOTES, first_visibility, whose
from workshop.answers.versions import EMPTY, GROUP, ONE, Answer, is_blank, packed
from workshop.domain.kept import KeptNetwork, KeptStructure
from workshop.texts import Message, Problem

if TYPE_CHECKING:
    from workshop.answers.store import Store

STEPPED = ("network", "structure", "map")
"""Items of which the last hundred steps are kept, so that they can be undone."""
STEPS = 100


class Change:
    """What is read and written inside one transaction; see `Store.change`."""

    def __init__(self, store: Store, box: str):
        self.store = store
        self.box = box
        self.step: int | None = None

    def write(
        self,
        item: str,
        value: Any,
        person: str | None = None,
        *,
        visibility: str | None = None,
        label: Message | None = None,
    ) -> int:
        """Write a new version; its number. The same value and visibility again change nothing.

        Where steps are kept, `label` says in a few words what was done; without one the last step is amended, so that
        it cannot be undone by itself. A `Problem` where the trainer closed the room; what a trainer notes goes on, and
        so does taking back a release.
        """
        person = whose(item, person)
        before = self.store.newest(item, person)
        visibility = visibility or first_visibility(item, person)
        if before and before.value == value and before.visibility == visibility and type(before.value) is type(value):
            return before.version
        if not (before and before.value == value) and item not in TRAINERS_NOTES and self.store.is_closed:
            raise Problem(Message("room.closed"))
        box = self.box or (before.box if before and before.value == value else "")  # releasing is no writing
        new = Answer(item, value, person, visibility, box=box)
        if item in STEPPED:
            new = self._as_step(new, before, label)
        version = self.insert(new)
        if item not in STEPPED:
            older = f"DELETE FROM answers WHERE {ONE} AND state='counts' AND version<:version"
            self.store.query(older, version=version, **self.store.key(item, person))
        return version

    # -- what is drawn -------------------------------------------------------------------------------------------------

    def network(self) -> KeptNetwork:
        """The newest network."""
        return KeptNetwork.from_dict(self.store.get("network"))

    def structure(self) -> KeptStructure:
        """The newest structure, with the organisations of the newest network."""
        return KeptStructure.from_dict(self.store.get("structure"), self.network())

    def draw(self, item: str, after: KeptNetwork | KeptStructure, label: Message | None = None) -> int:
        """Write what the network or the structure became, as a step that undoing calls by its label."""
        return self.write(item, after.to_dict(), label=label or Message(f"step.{item}.changed"))

    # -- steps ---------------------------------------------------------------------------------------------------------

    def _as_step(self, new: Answer, before: Answer | None, label: Message | None) -> Answer:
        if label is not None:
            before = before or self._blank(new)
            return new._replace(label=label, parent=before.origin or before.version)
        if before is None:
            return new
        self._drop(before)
        return before._replace(value=new.value, box=new.box, saved_at="")

    def _blank(self, new: Answer) -> Answer:
        """What the first step of an item can be taken back to."""
        blank = new._replace(value=None)
        return blank._replace(version=self.insert(blank))

    def insert(self, new: Answer) -> int:
        """Put a row at the end; all rows of one change share a step."""
        version = insert(self.store, new._replace(step=new.step or self.step))
        if self.step is None:
            self.step = version
        if new.item in STEPPED and new.step is None:
            self.store.execute("UPDATE answers SET step=coalesce(step, ?) WHERE version=?", (self.step, version))
            self._prune(new.item, version)
        return version

    def _prune(self, item: str, newest: int) -> None:
        """Keep the last hundred steps; of what undoing and redoing wrote, only the newest row."""
        of_item = f"FROM answers WHERE {GROUP} AND item=:item"
        self.store.query(f"DELETE {of_item} AND origin IS NOT NULL AND version<:newest", item=item, newest=newest)
        last = f"SELECT version {of_item} AND origin IS NULL ORDER BY version DESC LIMIT 1 OFFSET :steps"
        self.store.query(f"DELETE {of_item} AND version<=coalesce(({last}), 0)", item=item, steps=STEPS)

    # -- texts and releases --------------------------------------------------------------------------------------------

    def write_text(self, item: str, text: str, person: str | None, base: int) -> int:
        """Write free text; what another page wrote meanwhile stays beside it, as a conflict.

        Parameters
        ----------
        base : int
            The version that the writer had before them, 0 for none.
        """
        before = self.store.newest(item, person)
        theirs = before and before.version != base and before.box != self.box
        if before and theirs and before.value not in EMPTY and before.value != text:
            self._set_aside(before)
        return self.write(item, text, person)

    def _set_aside(self, answer: Answer) -> None:
        """Keep a version beside the one that counts from now on; of one page, only its last."""
        earlier = f"DELETE FROM answers WHERE {ONE} AND state='conflict' AND box=:box"
        self.store.query(earlier, box=answer.box, **self.store.key(answer.item, answer.person))
        self._move(answer, "conflict")

    def _move(self, answer: Answer, state: str) -> None:
        self.store.execute("UPDATE answers SET state=? WHERE version=?", (state, answer.version))

    def _drop(self, answer: Answer) -> None:
        self.store.execute("DELETE FROM answers WHERE version=?", (answer.version,))

    def choose(self, item: str, text: str, person: str | None) -> int:
        """Settle a conflict: this text counts, the others stay where their author can find them."""
        before = self.store.newest(item, person)
        if before and before.value not in EMPTY and before.value != text:
            self._move(before, "conflict")
        for answer in self.store.in_state("conflict", item, person):
            if answer.value == text:
                self._drop(answer)
            else:
                self._move(answer, "kept")
        self.bump()
        return self.write(item, text, person)

    def release(self, item: str, person: str | None, visibility: str = "released") -> int | None:
        """Let everybody read an answer; None where there is nothing to read. A later change is private again."""
        found = self.store.newest(item, person)
        if found is None or (visibility == "released" and is_blank(found.value)):
            return None
        self.bump()
        return self.write(item, found.value, person, visibility=visibility)

    def withdraw(self, item: str, person: str | None) -> int | None:
        """Take back a release; None where there is no answer."""
        return self.release(item, person, first_visibility(item, whose(item, person)))

    def bump(self) -> None:
        """Tell other pages that something changed which is no new version: a deletion, an opened spread."""
        self.store.query(f"UPDATE groups SET changes=changes+1 WHERE {GROUP}")


def step_of(done: Message) -> Message:
    """What undoing calls a step, in a few words: ``map.done.add`` is ``step.map.add``."""
    view, _, act = done.key.split(".")
    return Message(f"step.{view}.{act}", **done.values)


def insert(store: Store, answer: Answer) -> int:
    """Put a row at the end of the file; its number."""
    row = {
        **answer._asdict(),
        "version": None,  # the next one
        "room": store.room,
        "grp": store.group,
        "person": answer.person or "",
        "value": packed(answer.value),
        "saved_at": answer.saved_at or database.now(),
        "redo": json.dumps(answer.redo) if answer.redo else None,
    }
    if answer.label is not None:
        row["label"] = json.dumps([answer.label.key, answer.label.values], default=str)
    query = f"INSERT INTO answers ({', '.join(row)}) VALUES ({', '.join('?' for _ in row)})"
    return int(store.execute(query, row.values()).lastrowid or 0)
