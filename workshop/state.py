"""One group's state at one page: what its views show, made anew when any page changes it."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from pathlib import Path
from typing import Any

from traitlets import Any as AnyTrait
from traitlets import Dict, Enum, HasTraits, Int, Tuple, Unicode

from workshop.answers import rooms
from workshop.answers.change import STEPPED
from workshop.answers.store import NotKept, Store
from workshop.domain.kept import KeptNetwork, KeptStructure, Places
from workshop.domain.network import Network
from workshop.domain.structure import Structure
from workshop.texts import Message, Problem
from workshop.work import LOGGER

SEATS = tuple(f"seat-{number}" for number in range(1, 9))


class State(HasTraits):
    """State of one group at one page; `workshop.session.Session` changes it.

    Attributes
    ----------
    seen : dict
        The version of network, structure and map that the following were read at, which may be older than the newest.
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
    begun_again : int
        Goes up when people start again: what they opened to look at shuts, for who sits down next.
    failures : list of Exception
        Faults of the program itself; tests assert that it is empty.
    """

    seen = Dict()
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
    begun_again = Int(0)

    def __init__(self, store: Store, seat: str | None = None):
        super().__init__(network=Network(), structure=Structure(()), seat=seat)
        self.store = store
        self.failures: list[Exception] = []
        self.following: asyncio.Task | None = None
        self._refusal: Message | None = None
        self.room = rooms.RoomStore(store) if rooms.read_state(store) else None
        self._data_version = store.data_version
        self._state = store.state()
        self._read_drawn()
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
        free = [f"seat-{number}" for number in range(1, rooms.MOST_SEATS + 1)]
        return tuple([seat for seat in free if seat not in self.held][: len(SEATS)])

    def may_sit(self, seat: str) -> bool:
        """Whether somebody may take a seat at this page; no telephone gets it any more then."""
        room = self.room
        if seat not in self.seats:
            return False
        if room is None:
            return True
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
        any_item = self._state[1:] != (generation, changes)  # a deletion, or a spread that was opened
        if any_item or any(item in STEPPED for item in changed):
            self._read_drawn()
        if any_item:
            self.touched(None)
        else:
            for item in changed:
                self.touched(item)
        if self._state[1] != generation:
            self.begun_again += 1

    def _read_drawn(self) -> None:
        seen = {item: self.store.version(item) for item in STEPPED}
        kept = KeptNetwork.from_dict(self.store.get("network"))
        structure = KeptStructure.from_dict(self.store.get("structure"), kept).structure
        places = Places.from_dict(self.store.get("map"))
        with self.hold_trait_notifications():
            self.seen = seen
            self.network = kept.network
            self.case = kept.case
            self.structure = structure
            self.places = places.of(kept.network)
            self.hidden_kinds = places.hidden_kinds

    def _kept_or_said(self, act: Callable[[], Any]) -> Any:
        """What `act` gave, once it is kept; None, and a `notice`, where it was refused or could not be kept.

        This is for buttons and lists: what is typed or drawn stays in the browser, which sends it again by itself.
        """
        try:
            done = act()
        except NotKept as problem:
            LOGGER.error("not kept: %s %s", problem, problem.cause)
            self.saved = "unsaved"
            self._refuse(_not_done(problem.message))
            return None
        except Problem as problem:
            self._refuse(_not_done(problem.message))
            return None
        self._kept()
        self._be_past_refusal()
        return done

    def _refuse(self, message: Message) -> None:
        """Say why something was not done."""
        self.notice = self._refusal = message

    def _be_past_refusal(self) -> None:
        """Say it no longer: it is done now, or something else is. What was said of things that were done stays."""
        if self.notice is self._refusal:
            self.notice = None

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
                self._refuse(problem.message)
            except Exception as error:
                LOGGER.exception("a handler failed")
                self.failures.append(error)
                self.notice = Message("session.unexpected")
            return None

        return guarded


PRESS_AGAIN = {"answers.not-saved": "answers.not-done", "room.closed": "room.not_now"}


def _not_done(message: Message) -> Message:
    """What is said of a button, which nobody presses again by itself."""
    return Message(PRESS_AGAIN.get(message.key, message.key), **message.values)
