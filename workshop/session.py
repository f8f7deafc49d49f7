"""One group's session at one page: what widgets and exercises call."""

from __future__ import annotations

import asyncio
import dataclasses
import os
import weakref
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from workshop import entries
from workshop.answers import batches, boxes, copies, database, open_store, steps
from workshop.answers.batches import Batch
from workshop.answers.change import STEPPED, Change
from workshop.answers.store import NotKept
from workshop.domain.network import Network
from workshop.domain.structure import Structure
from workshop.state import SEATS, State
from workshop.texts import Message, Problem, set_language
from workshop.work import LOGGER, log_to, work_folder

__all__ = ["SEATS", "Session", "open_session"]

LOOK_SECONDS = 0.4
"""How often a page looks for what other pages wrote."""


class Session(State):
    """State of one group at one page, and what may be done with it; see `State` for what it shows."""

    # -- drawing: each edit is one transaction on the newest value -----------------------------------------------------

    def change_network(
        self, edited: Callable[..., Network], *args: Any, step: Message | None = None, **kwargs: Any
    ) -> bool:
        """Apply a function of `workshop.domain.edit` to the newest network; False, and a `notice`, where it cannot be.

        `step` is what undoing calls it.
        """

        def act(change: Change) -> None:
            kept = change.network()
            change.draw("network", kept.changed(edited(kept.network, *args, **kwargs)), step)

        return self._change(act)

    def change_structure(
        self, edited: Callable[..., Structure], *args: Any, step: Message | None = None, **kwargs: Any
    ) -> bool:
        """Apply a function of `workshop.domain.edit` to the newest structure; see `change_network`."""

        def act(change: Change) -> None:
            kept = change.structure()
            change.draw("structure", kept.changed(edited(kept.structure, *args, **kwargs)), step)

        return self._change(act)

    def replace(
        self,
        network: Network | None = None,
        structure: Structure | None = None,
        case: str | None = None,
        step: Message | None = None,
    ) -> bool:
        """Put another network or structure in the place of the present one, as one step that can be undone.

        Parameters
        ----------
        network, structure : Network, Structure, optional
            None stays as it is.
        case : str or None, optional
            The shipped case that the network comes from.
        step : Message, optional
            What undoing calls it.
        """

        def act(change: Change) -> None:
            if network is not None:
                kept = dataclasses.replace(change.network(), case=case)
                change.draw("network", kept.changed(network), step)
            if structure is not None:
                change.draw("structure", change.structure().changed(structure), step)

        return self._change(act)

    def _change(self, act: Callable[[Change], None]) -> bool:
        def change_and_tell() -> bool:
            with self.store.change() as change:
                act(change)
            return True

        if not self._kept_or_said(change_and_tell):
            return False
        self.notice = None
        return True

    def undo(self, *items: str) -> Message | None:
        """Take back the last step in these items, by whatever page; says which. None, and a `notice`, where refused."""
        return self._travel(steps.undo, items or STEPPED)

    def redo(self, *items: str) -> Message | None:
        """Do again what was undone last in these items; see `undo`."""
        return self._travel(steps.redo, items or STEPPED)

    def _travel(self, way: Callable[..., Message], items: Iterable[str]) -> Message | None:
        said = self._kept_or_said(lambda: way(self.store, {item: self.seen.get(item, 0) for item in items}))
        if said:
            self.notice = said
        return said

    # -- answers -------------------------------------------------------------------------------------------------------

    def save(self, item: str, value: Any, person: str | None = None) -> int | None:
        """Keep an answer; its version, or None and a `notice` where that cannot be now."""
        return self._kept_or_said(lambda: self.store.put(item, value, person))

    def open_spread(self, *items: str) -> None:
        """Open the spreads of these items that may be opened."""
        for item in items:
            self._kept_or_said(partial(self.store.open_spread, item))

    def delete(self, item: str, person: str | None = None) -> Message:
        """Really delete an answer; what to say of it."""
        return self._deleted(lambda: self.store.delete(item, person))

    def delete_group(self) -> Message:
        """Really delete everything of the group; what to say of it."""
        return self._deleted(self.store.delete_group)

    def promise(self, batch: Batch, on: date | None) -> bool:
        """Note from which day a batch is deleted; False, and a `notice`, where that cannot be kept now."""

        def act() -> bool:
            batches.promise(self.store, batch, on)
            return True

        return bool(self._kept_or_said(act))

    def delete_batch(self, batch: Batch) -> Message:
        """Really delete a whole room, or a group of this laptop; what to say of it."""
        return self._deleted(lambda: batches.delete(self.store, batch))

    def take_copy(self, raw: bytes, name: str = "") -> Message:
        """Go on with a copy that was made elsewhere; what to say of it."""
        return self._deleted(lambda: copies.take_copy(self.store, raw, name))

    def _deleted(self, act: Callable[[], Message]) -> Message:
        try:
            said = act()
        except NotKept as problem:
            LOGGER.error("not done: %s %s", problem, problem.cause)
            return Message("answers.nothing-done", folder=str(self.work))
        except Problem as problem:  # deleted from the kit, but a file could not be wiped yet
            said = problem.message
        self._kept()
        return said

    def receive(self, content: dict[str, Any]) -> dict[str, Any]:
        """Apply what a browser held on to; see `workshop.answers.boxes` and CONTRIBUTING for what is sent.

        Parameters
        ----------
        content : dict
            ``box``, ``store``, ``generation``, ``room``, ``group``, ``entries``.

        Returns
        -------
        dict
            ``box``, ``upto``, ``generation``, ``results``; ``upto`` is -1 where the box belongs elsewhere.
        """
        box = str(content.get("box", ""))[:64]
        store = self.store
        upto = -1
        sent: list[boxes.Entry] = []
        results: list[boxes.Result] = []
        if (content.get("store"), content.get("room"), content.get("group")) == (store.id, store.room, store.group):
            generation = content.get("generation")
            known = generation if isinstance(generation, int) else 0
            sent = boxes.read_entries(content.get("entries"))
            upto, results = boxes.receive(store, box, known, sent, self._apply)
        if any(result.state == "done" for result in results):
            self._kept()
        else:
            self.look()  # what another page sent for this one is shown before it is called kept
        drawn = {entry.n for entry in sent if entry.item in ("network", "structure")}
        if any(result.state == "done" and result.n in drawn for result in results):
            self._be_past_refusal()  # not after a letter, which may still be on its way when a button is refused
        for result in results:
            self._heed(result)
        told = [result.told() for result in results]
        return {"kind": "boxed", "box": box, "upto": upto, "generation": self._state[1], "results": told}

    def look(self) -> None:
        """Show what other pages wrote; what goes wrong is said."""
        self.guard(self.refresh)()

    def _apply(self, change: Change, entry: boxes.Entry) -> boxes.Result:
        if self.room and entry.person and entry.person not in self.seats:
            raise Problem(Message("seat.on_telephone"))
        return entries.apply(change, entry)

    def _heed(self, result: boxes.Result) -> None:
        if result.state == "later":
            self.saved = "unsaved"
            self.notice = result.text
        elif result.state == "failed":
            LOGGER.error("an entry failed: %s", result.reason)
        elif result.state == "done":
            self.saved = "saved"


async def repeat(method: Callable[[], Any], seconds: float) -> None:
    """Call a method again and again, as long as what it belongs to is there."""
    watched = weakref.WeakMethod(method)
    del method
    while (alive := watched()) is not None:
        alive()
        del alive
        await asyncio.sleep(seconds)


def open_session(*, store=None, room=None, group=None, person=None, language=None) -> Session:
    """Open the session of one group.

    Parameters
    ----------
    store : workshop.answers.Store or path, optional
        A store, or the folder to keep answers in. None: ``WORKSHOP_WORK``, else a folder of the person's own.
    room, group : str, optional
        None: ``WORKSHOP_ROOM`` and ``WORKSHOP_GROUP``, else ``workshop`` and the group last used on this laptop.
    person : str, optional
        Seat at the table, for private questions. None: ``WORKSHOP_PERSON``, else the whole table.
    language : {"nl", "en"}, optional
        None: that of the folder of the page, such as ``notebooks/en``, ``WORKSHOP_LANGUAGE``, else Dutch.

    Returns
    -------
    Session

    Raises
    ------
    Problem
        If the answers cannot be opened.

    Examples
    --------
    >>> import tempfile
    >>> session = open_session(store=tempfile.mkdtemp())
    >>> from workshop.domain import edit
    >>> session.change_network(edit.add_organisation, "OCMW")
    True
    >>> session.network
    <Network: 1 organisations, 0 ties, undirected>
    """
    set_language(language)
    if store is None or isinstance(store, (str, Path)):
        folder = Path(store or work_folder())
        room = room or os.environ.get("WORKSHOP_ROOM") or "workshop"
        group = group or os.environ.get("WORKSHOP_GROUP") or database.current_group(folder, room)
        store = open_store(folder, room=room, group=group)
    session = Session(store, person or os.environ.get("WORKSHOP_PERSON") or None)
    log_to(session.work / "log" / "workshop.log")
    with suppress(RuntimeError):  # a plain script has no loop, and calls `refresh` itself
        session.following = asyncio.get_running_loop().create_task(repeat(session.look, LOOK_SECONDS))
    return session
