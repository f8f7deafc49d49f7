"""One group's state: the only thing that widgets talk to.

A `Session` holds the network, the structure and the answers of one group, keeps them through the store, remembers
what can be undone, and is the one channel for everything that goes wrong.
"""

from __future__ import annotations

import asyncio
import atexit
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any

from traitlets import Any as AnyTrait
from traitlets import Enum, HasTraits, Tuple, Unicode

from workshop.answers import open_store
from workshop.domain import edit
from workshop.domain.network import Network
from workshop.domain.structure import Structure
from workshop.texts import Message, Problem, set_language
from workshop.work import LOGGER, current_group, log_to, work_folder

SEATS = tuple(f"seat-{number}" for number in range(1, 9))
MOST_UNDO = 100
WAIT = 0.5
"""Seconds that what is drawn may wait, so that many edits in a row are one record."""


class Session(HasTraits):
    """State of one group at one page.

    Attributes
    ----------
    network, structure : Network, Structure
        The structure's partners are always the organisations of the network.
    case : str or None
        Id of the shipped case that the network started from.
    seat : str or None
        Who sits at the keyboard: a seat such as ``"seat-3"``; None is the whole table.
    saved : {"saved", "unsaved"}
    notice : Message or None
        The last thing a person should read.
    answered : tuple
        (item, count): changes each time an answer is kept or deleted.
    failures : list of Exception
        Faults of the program itself; tests assert that it is empty.
    """

    network = AnyTrait()
    structure = AnyTrait()
    case = Unicode(None, allow_none=True)
    seat = Unicode(None, allow_none=True)
    saved = Enum(["saved", "unsaved"], default_value="saved")
    notice = AnyTrait(None, allow_none=True)
    answered = Tuple((None, 0))

    def __init__(self, store, seat: str | None = None):
        super().__init__(network=Network(), structure=Structure(()), seat=seat)
        self._store = store
        self._soon = False
        self._timer: asyncio.TimerHandle | None = None
        self._drawn: dict[str, Callable[[], Any]] = {}
        self.failures: list[Exception] = []
        self._undo: list[tuple] = []
        self._redo: list[tuple] = []
        self.reload()

    # -- network and structure -------------------------------------------------------------------------------------

    def reload(self) -> None:
        """Read network and structure from the store again, as they were last kept."""
        kept = self.store.get("network") or {}
        self.network, self.case = Network.from_dict(kept.get("network", {})), kept.get("case")
        self.structure = edit.structure_for(self.network, Structure.from_dict(self.store.get("structure") or {}))
        if self.store.notes:
            self.notice = self.store.notes[-1]

    def change_network(self, edited: Callable[..., Network], *args: Any, **kwargs: Any) -> bool:
        """Apply a function of `workshop.domain.edit` and keep the result; False, and a `notice`, where it cannot be."""
        return self._change(lambda: self.replace(network=edited(self.network, *args, **kwargs)))

    def change_structure(self, edited: Callable[..., Structure], *args: Any, **kwargs: Any) -> bool:
        """Apply a function of `workshop.domain.edit` to the structure; see `change_network`."""
        return self._change(lambda: self.replace(structure=edited(self.structure, *args, **kwargs)))

    def _change(self, act: Callable[[], bool]) -> bool:
        try:
            return act()
        except Problem as problem:
            self.notice = problem.message
            return False

    def replace(self, network: Network | None = None, structure: Structure | None = None, **more: Any) -> bool:
        """Put another network or structure in place of the present one, so that it can be undone.

        A structure is brought in line with the network; `more` may hold the ``case`` that the network comes from.
        """
        self._undo = [*self._undo, (self.network, self.structure, self.case)][-MOST_UNDO:]
        self._redo.clear()
        self._set(network or self.network, structure or self.structure, more.get("case", self.case))
        self.notice = None
        return True

    def undo(self) -> bool:
        """Go back one change; False where there is none."""
        return self._travel(self._undo, self._redo)

    def redo(self) -> bool:
        """Do again what was undone; False where there is nothing."""
        return self._travel(self._redo, self._undo)

    @property
    def store(self):
        """Where answers are kept; what was drawn and not written yet is written first."""
        self.flush()
        return self._store

    @property
    def work(self) -> Path:
        """The work folder: answers, logs and reports of all groups of this laptop."""
        return self._store.folder.parent.parent

    @property
    def lead(self) -> str | None:
        """Id of the lead organisation, where the group said which one it is."""
        return self.structure.lead

    def _travel(self, source: list[tuple], target: list[tuple]) -> bool:
        if not source:
            self.notice = Message("session.nothing_to_undo")
            return False
        target.append((self.network, self.structure, self.case))
        self._set(*source.pop())
        self.notice = None
        return True

    def _set(self, network: Network, structure: Structure, case: str | None) -> None:
        structure = edit.structure_for(network, structure)
        new_network, new_structure = network != self.network or case != self.case, structure != self.structure
        with self.hold_trait_notifications():
            self.network, self.structure, self.case = network, structure, case
        if new_network:
            self.keep("network", lambda: {"network": network.to_dict(), "case": case})
        if new_structure:
            self.keep("structure", lambda: {**structure.to_dict(), "partners": list(structure.partner_ids)})

    # -- what is drawn: many edits in a row are one record -----------------------------------------------------------

    @contextmanager
    def drawing(self, soon: bool = True) -> Iterator[None]:
        """What is kept inside may wait a moment: for a view that holds on to its edits until `waiting` is False."""
        self._soon, before = soon, self._soon
        try:
            yield
        finally:
            self._soon = before

    @property
    def waiting(self) -> bool:
        """Whether something is not on the disk yet."""
        return bool(self._drawn) or self.saved == "unsaved"

    def keep(self, item: str, value: Callable[[], Any]) -> None:
        """Keep a value of the table, made when it is written: at once, or soon while somebody is drawing."""
        self._drawn[item] = value
        try:
            loop = asyncio.get_running_loop() if self._soon else None
        except RuntimeError:  # nothing would wake us later
            loop = None
        if loop is None:
            self.flush()
        elif self._timer is None:
            self._timer = loop.call_later(WAIT, self.flush)

    def flush(self) -> None:
        """Write what was drawn."""
        if self._timer:
            self._timer.cancel()
            self._timer = None
        while self._drawn:
            item = next(iter(self._drawn))
            self.guard(self._save)(item, self._drawn.pop(item)())

    # -- answers ---------------------------------------------------------------------------------------------------

    def person_for(self, personal: bool) -> str | None:
        """The seat whose answer it is, or None for the table's; a `Problem` where nobody took a seat yet."""
        if personal and self.seat is None:
            raise Problem(Message("session.take_a_seat"))
        return self.seat if personal else None

    def save(self, item: str, value: Any, *, person: str | None = None, base: list[str] | None = None, **more: Any):
        """Keep an answer, see `workshop.answers.Store.put`; None, and a `notice`, where that cannot be now.

        It then stays in memory, and is tried again with the next one.
        """
        self.flush()  # what was drawn before goes first
        return self._save(item, value, person=person, base=base, **more)

    def _save(self, item: str, value: Any, **more: Any):
        answer = None
        try:
            answer = self._store.put(item, value, **more)
            self.saved = "saved"
        except Problem as problem:
            LOGGER.error("not kept: %s %s", item, problem)
            self.saved, self.notice = "unsaved", problem.message
        self.touched(item)
        return answer

    def touched(self, item: str | None) -> None:
        """Tell all views that an answer changed."""
        self.answered = (item, self.answered[1] + 1)

    # -- the error channel -----------------------------------------------------------------------------------------

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
        None: ``WORKSHOP_LANGUAGE``, else Dutch.
    """
    set_language(language)
    if store is None or isinstance(store, (str, Path)):
        folder, room = Path(store or work_folder()), room or os.environ.get("WORKSHOP_ROOM") or "workshop"
        group = group or os.environ.get("WORKSHOP_GROUP") or current_group(folder, room)
        store = open_store(folder, room=room, group=group)
        atexit.register(store.close)  # leaving a page drops older versions of what people wrote
    session = Session(store, person or os.environ.get("WORKSHOP_PERSON") or None)
    log_to(session.work / "log" / "workshop.log")
    atexit.register(session.flush)  # before the store is closed
    return session
