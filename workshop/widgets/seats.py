"""Who sits at the keyboard for private questions: a button for each seat, and who answered."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import anywidget
import traitlets as t

from workshop.domain.questions import RegisterEntry
from workshop.session import Session
from workshop.texts import Message
from workshop.widgets.base import Following, kit

PEOPLE = "people"
"""The question how many people sit at the table."""


class SeatBar(Following, anywidget.AnyWidget):
    """Take a seat, see who answered, and give the laptop on, which hides the answers; nothing passes on by itself.

    Parameters
    ----------
    session : Session
    entries : iterable of RegisterEntry
        The questions that the seats answer here; a tick says that somebody did, never what.
    move_on : callable, optional
        Where it stands below a question that is done: called when somebody takes a seat, to show the next one.
    """

    _esm = kit("seats.js")

    seat = t.Unicode(None, allow_none=True).tag(sync=True)
    seats: t.List = t.List().tag(sync=True)
    answered: t.List = t.List().tag(sync=True)
    told = t.Unicode().tag(sync=True)
    words = t.Dict().tag(sync=True)
    moves_on = t.Bool().tag(sync=True)
    chose = t.Bool().tag(sync=True)
    """Whether who sits there chose something here, which can be taken back."""

    def __init__(
        self,
        session: Session,
        entries: Iterable[RegisterEntry] = (),
        move_on: Callable[[], Any] | None = None,
    ):
        self.session = session
        self.move_on = move_on
        words = {word: str(Message(f"seat.{word}")) for word in ("label", "done", "wipe", "answered")}
        super().__init__(words=words, moves_on=move_on is not None)
        if move_on:
            self.observe(session.guard(self._moved_on), "seat")
        else:
            t.link((session, "seat"), (self, "seat"))
        self.entries = list(entries)
        self.on_msg(session.guard(self._pressed))
        self.follow(self.refresh, "held", "seat", items=lambda: (PEOPLE, *(entry.id for entry in self.entries)))

    @t.validate("seat")
    def _may_sit(self, proposal) -> str | None:
        seat = proposal["value"]
        if seat in (None, self.session.seat) or self.session.may_sit(seat):
            return seat
        self.send_state("seat")  # the page shows that nobody sits there
        return self.seat

    def ask(self, entries: Iterable[RegisterEntry], label: Message | None = None) -> None:
        """Ask these questions from now on."""
        self.entries = list(entries)
        if label:
            self.words = {**self.words, "label": str(label)}
        self.refresh()

    def _moved_on(self, change) -> None:
        if change.new and self.move_on:
            self.session.seat = change.new
            self.seat = None
            self.move_on()

    def _pressed(self, _widget, content: Any, _buffers) -> None:
        """Take back what this seat chose here, unless somebody else has sat down meanwhile."""
        if not isinstance(content, dict) or content.get("kind") != "wipe":
            return
        if self.seat and content.get("seat") == self.seat:
            for entry in self._chosen():
                self.session.save(entry.id, None, self.seat)

    def _chosen(self) -> list[RegisterEntry]:
        """The questions here on which who sits at this bar chose something."""
        given = self.session.store.answers_of(self.seat) if self.seat else {}
        return [entry for entry in self.entries if not entry.written and entry.id in given and given[entry.id].value]

    def refresh(self) -> None:
        """Show the seats, and who answered."""
        offered = self.session.seats
        self.seats = [(seat, str(Message("seat.number", number=seat.removeprefix("seat-")))) for seat in offered]
        answered = who_answered(self.session, self.entries)
        self.answered = sorted(answered & set(offered))
        self.told = str(counted(self.session, len(answered)))
        self.chose = bool(self._chosen())


def who_answered(session: Session, entries: Iterable[RegisterEntry]) -> set[str]:
    """The seats that made each choice that is asked; where there is only writing, those that wrote something."""
    entries = list(entries)
    choices = [entry for entry in entries if not entry.written]
    given = [session.store.answers_of_persons(entry.id) for entry in choices or entries]
    seats = [{str(answer.person) for answer in answers} for answers in given]
    return set.intersection(*seats) if choices else set().union(*seats)


def people(session: Session) -> int:
    """How many people sit at the table, as it said itself; 0 where it did not."""
    kept = str(session.store.get(PEOPLE) or "")
    return int(kept) if kept.isdecimal() else 0


def counted(session: Session, answered: int) -> Message:
    """How many answered, of how many where that is known."""
    total = people(session)
    if total and answered <= total:
        return Message("seat.answered_of", n=answered, total=total)
    return Message("seat.answered_n", n=answered)


def is_tables_turn(session: Session, entries: Iterable[RegisterEntry]) -> bool:
    """Whether nobody sits at the keyboard, and everybody answered (somebody, where nobody said how many they are)."""
    return session.seat is None and len(who_answered(session, entries)) >= (people(session) or 1)
