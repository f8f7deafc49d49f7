"""One group's state at one page: what widgets show, and what they call."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import weakref
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import wraps
from pathlib import Path
from typing import Any

from traitlets import Any as AnyTrait
from traitlets import Dict, Enum, HasTraits, Tuple, Unicode

from workshop import entries as entries_of_pages
from workshop.answers import boxes, copies, database, open_store, rooms, steps
from workshop.answers.change import Change
from workshop.answers.store import NotKept, Store
from workshop.domain.kept import KeptNetwork, KeptStructure, Places
from workshop.domain.network import Network
from workshop.domain.structure import Structure
from workshop.texts import Message, Problem, set_language
from workshop.work import LOGGER, log_to, work_folder

SEATS = tuple(f"seat-{number}" for number in range(1, 9))
LOOK_SECONDS = 0.4
"""How often a page looks for what other pages wrote."""
DRAWN = ("network", "structure", "map")


class Session(HasTraits):
    """State of one group at one page.

    Attributes
    ----------
    network, structure : Network, Structure
        As they were last kept; the structure's partners are the organisations of the network.
    case : str or None
        Id of the shipped case that the network started from.
    places : dict
        Organisation to its place on the map, ``[x, y]``.
    hidden_kinds : tuple of str
        Kinds of tie that the map does not show.
    seat : str or None
        Who sits at the keyboard: a seat such as ``"seat-3"``; None is the whole table.
    saved : {"saved", "unsaved"}
        Whether all that the kernel was asked to keep is on the disk.
    held : tuple of str
        Seats that telephones have: nobody takes them at this page, and it shows nothing that they answered.
    notice : Message or None
        The last thing a person should read.
    answered : tuple
        (item, count): changes each time an answer is kept or deleted; the item is None where that may be any.
    failures : list of Exception
        Faults of the program itself; tests assert that it is empty.
    """

    network = AnyTrait()
    structure = AnyTrait()
    case = Unicode(None, allow_none=True)
    places = Dict()
    hidden_kinds = Tuple()
    seat = Unicode(None, allow_none=True)
    held = Tuple()
    saved = Enum(["saved", "unsaved"], default_value="saved")
    notice = AnyTrait(None, allow_none=True)
    answered = Tuple((None, 0))

    def __init__(self, store: Store, seat: str | None = None):
        super().__init__(network=Network(), structure=Structure(()), seat=seat)
        self.store = store
        self.failures: list[Exception] = []
        self.following: asyncio.Task | None = None
        self.room = rooms.RoomStore(store) if rooms.read_state(store) else None
        self._seen: dict[str, int] = {}
        self._state = (0, 0, 0)
        self._data_version = -1
        self._read_drawn()
        self._state = store.state()
        self._data_version = store.data_version
        self._look_who_sits()

    @property
    def work(self) -> Path:
        """The work folder: answers, logs and reports of all groups of this laptop."""
        return self.store.folder

    @property
    def belongs(self) -> dict[str, Any]:
        """Where what a browser holds belongs: the folder, the generation that this page knows, the table."""
        store = self.store
        return {"store": store.id, "generation": self._state[1], "room": store.room, "group": store.group}

    @property
    def lead(self) -> str | None:
        """Id of the lead organisation, where the group said which one it is."""
        return self.structure.lead

    # -- who sits here -------------------------------------------------------------------------------------------------

    @property
    def seats(self) -> tuple[str, ...]:
        """The seats that somebody may take at this page: those that no telephone has."""
        if self.room is None:
            return SEATS
        free = [f"seat-{number}" for number in range(1, rooms.MOST_SEATS + 1)]
        return tuple([seat for seat in free if seat not in self.held][: len(SEATS)])

    def may_sit(self, seat: str) -> bool:
        """Whether somebody may take a seat at this page; no telephone gets it any more then."""
        room = self.room
        if seat not in self.seats or room is None:
            return seat in self.seats
        number = int(seat.removeprefix("seat-"))
        free = self._kept_or_said(lambda: room.sit(self.store.group, number))
        self._look_who_sits()
        return bool(free)

    def _look_who_sits(self) -> None:
        if self.room:
            self.held = tuple(f"seat-{number}" for number in self.room.held(self.store.group))

    # -- what other pages write ----------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Look for what other pages wrote, and show it; where the disk is gone, nothing changes."""
        with suppress(sqlite3.Error):
            version = self.store.data_version
            if version != self._data_version:
                self._data_version = version
                self._look_who_sits()
                self._show_changes()

    def _show_changes(self) -> None:
        """Bring everything that was changed since the last look to the views."""
        newest, generation, changes = self._state
        self._state = self.store.state()
        changed = self.store.changed_since(newest)
        if any(item in DRAWN for item, _ in changed) or self._state[1:] != (generation, changes):
            self._read_drawn()
        if self._state[1:] != (generation, changes):
            self.touched(None)
        else:
            for item in dict.fromkeys(item for item, _ in changed):
                self.touched(item)

    def _read_drawn(self) -> None:
        self._seen = {item: self.store.version(item) for item in DRAWN}
        kept = KeptNetwork.from_dict(self.store.get("network"))
        structure = KeptStructure.from_dict(self.store.get("structure"), kept).structure
        places = Places.from_dict(self.store.get("map"))
        with self.hold_trait_notifications():
            self.network = kept.network
            self.case = kept.case
            self.structure = structure
            self.places = places.of(kept.network)
            self.hidden_kinds = places.hidden_kinds

    # -- drawing: each edit is one transaction on the newest value -----------------------------------------------------

    def change_network(
        self, edited: Callable[..., Network], *args: Any, step: Message | None = None, **kwargs: Any
    ) -> bool:
        """Apply a function of `workshop.domain.edit` to the newest network; False, and a `notice`, where it cannot be.

        `step` is what undoing calls it.
        """

        def act(change: Change) -> None:
            kept = KeptNetwork.from_dict(change.read("network"))
            network = edited(kept.network, *args, **kwargs)
            label = step or Message("step.network.changed")
            change.write("network", kept.changed(network, kept.case).to_dict(), label=label)

        return self._change(act)

    def change_structure(
        self, edited: Callable[..., Structure], *args: Any, step: Message | None = None, **kwargs: Any
    ) -> bool:
        """Apply a function of `workshop.domain.edit` to the newest structure; see `change_network`."""

        def act(change: Change) -> None:
            network = KeptNetwork.from_dict(change.read("network"))
            kept = KeptStructure.from_dict(change.read("structure"), network)
            structure = edited(kept.structure, *args, **kwargs)
            label = step or Message("step.structure.changed")
            change.write("structure", kept.changed(structure).to_dict(), label=label)

        return self._change(act)

    def replace(
        self,
        network: Network | None = None,
        structure: Structure | None = None,
        case: Any = ...,
        step: Message | None = None,
    ) -> bool:
        """Put another network or structure in the place of the present one, as one step that can be undone.

        Parameters
        ----------
        network, structure : Network, Structure, optional
            None stays as it is.
        case : str or None, optional
            The shipped case that the network comes from; ``...`` leaves it as it was.
        step : Message, optional
            What undoing calls it.
        """

        def act(change: Change) -> None:
            kept = KeptNetwork.from_dict(change.read("network"))
            if network is not None or case is not ...:
                after = kept.changed(network or kept.network, kept.case if case is ... else case)
                change.write("network", after.to_dict(), label=step or Message("step.network.changed"))
                kept = after
            if structure is not None:
                before = KeptStructure.from_dict(change.read("structure"), kept)
                after_it = before.changed(structure)
                change.write("structure", after_it.to_dict(), label=step or Message("step.structure.changed"))

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
        return self._travel(steps.undo, items or DRAWN)

    def redo(self, *items: str) -> Message | None:
        """Do again what was undone last in these items; see `undo`."""
        return self._travel(steps.redo, items or DRAWN)

    def _travel(self, way: Callable[..., Message], items: Iterable[str]) -> Message | None:
        said = self._kept_or_said(lambda: way(self.store, {item: self._seen.get(item, 0) for item in items}))
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
            self._kept_or_said(lambda item=item: self.store.open_spread(item))  # type: ignore[misc]

    def delete(self, item: str, person: str | None = None) -> Message:
        """Really delete an answer; what to say of it."""
        return self._deleted(lambda: self.store.delete(item, person))

    def delete_group(self) -> Message:
        """Really delete everything of the group; what to say of it."""
        return self._deleted(self.store.delete_group)

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
        reply = {"kind": "boxed", "box": box, "upto": -1, "generation": self._state[1], "results": []}
        store = self.store
        if (content.get("store"), content.get("room"), content.get("group")) != (store.id, store.room, store.group):
            return reply
        sent = content.get("entries")
        entries = boxes.read_entries(sent)
        generation = content.get("generation")
        known = generation if isinstance(generation, int) else 0
        upto, results, written = boxes.receive(store, box, known, entries, self._apply)
        if written or any(result.state == "done" for result in results):  # choosing a text may write no version
            self._kept()
        for result in results:
            self._heed(result)
        return {
            **reply,
            "upto": upto,
            "generation": self._state[1],
            "results": [
                {
                    "n": result.n,
                    "state": result.state,
                    "text": str(result.text or ""),
                    "reason": result.reason if result.state == "asked" else "",
                    "version": result.version,
                    "new": result.new,
                }
                for result in results
            ],
        }

    def _apply(self, change: Change, entry: boxes.Entry) -> boxes.Result:
        if self.room and entry.person and entry.person not in self.seats:
            raise Problem(Message("seat.on_telephone"))
        return entries_of_pages.apply(change, entry)

    def _heed(self, result: boxes.Result) -> None:
        if result.state == "later":
            self.saved = "unsaved"
            self.notice = result.text
        elif result.state == "failed":
            LOGGER.error("an entry failed: %s", result.reason)
        elif result.state == "done":
            self.saved = "saved"

    def _kept_or_said(self, act: Callable[[], Any]) -> Any:
        """What `act` gave, once it is kept; None, and a `notice`, where it was refused or could not be kept."""
        try:
            done = act()
        except NotKept as problem:
            LOGGER.error("not kept: %s %s", problem, problem.cause)
            self.saved = "unsaved"
            self.notice = problem.message
            return None
        except Problem as problem:
            self.notice = problem.message
            return None
        self._kept()
        return done

    def _kept(self) -> None:
        """After a write of our own: everything is on the disk, and the views of this page show it."""
        if self.saved == "unsaved":
            self.notice = None  # what it said is over
        self.saved = "saved"
        self._show_changes()

    def touched(self, item: str | None) -> None:
        """Tell all views that an answer changed."""
        self.answered = (item, self.answered[1] + 1)

    # -- the error channel ---------------------------------------------------------------------------------------------

    def guard(self, handler: Callable[..., Any]) -> Callable[..., Any]:
        """Wrap a handler, since ipywidgets swallows its errors: what goes wrong is shown plainly and logged in full."""

        @wraps(handler)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            try:
                return handler(*args, **kwargs)
            except Problem as problem:
                self.notice = problem.message
            except Exception as error:
                LOGGER.exception("a handler failed")
                self.failures.append(error)
                self.notice = Message("session.unexpected")
            return None

        return guarded


async def follow(session: Session) -> None:
    """Look for what other pages write, as long as the session is there."""
    watched = weakref.ref(session)
    del session
    while (alive := watched()) is not None:
        alive.guard(alive.refresh)()
        del alive
        await asyncio.sleep(LOOK_SECONDS)


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
        session.following = asyncio.get_running_loop().create_task(follow(session))
    return session
