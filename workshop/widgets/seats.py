"""Who sits at the keyboard for private questions: a button for each seat, and who answered."""

from __future__ import annotations

from collections.abc import Iterable

import anywidget
import traitlets as t

from workshop.domain.questions import RegisterEntry
from workshop.session import SEATS, Session
from workshop.texts import Message
from workshop.widgets.base import kit

PEOPLE = "people"
"""The question how many people sit at the table."""


class SeatBar(anywidget.AnyWidget):
    """Take a seat, see who answered, and give the laptop on, which hides the answers; nothing passes on by itself.

    Parameters
    ----------
    session : Session
    entries : iterable of RegisterEntry
        The questions that the seats answer here; a tick says that somebody did, never what.
    """

    _esm = kit("seats.js")

    seat = t.Enum([None, *SEATS], None, allow_none=True).tag(sync=True)
    seats: t.List = t.List().tag(sync=True)
    answered: t.List = t.List().tag(sync=True)
    told = t.Unicode().tag(sync=True)
    words = t.Dict().tag(sync=True)

    def __init__(self, session: Session, entries: Iterable[RegisterEntry]):
        self.session = session
        self.entries = list(entries)
        words = {word: str(Message(f"seat.{word}")) for word in ("label", "done", "answered")}
        named = [(seat, str(Message("seat.number", number=number))) for number, seat in enumerate(SEATS, 1)]
        super().__init__(words=words, seats=named)
        t.link((session, "seat"), (self, "seat"))
        items = {None, PEOPLE, *(entry.id for entry in self.entries)}
        show = session.guard(self.refresh)
        session.observe(lambda change: show() if change.new[0] in items else None, "answered")
        self.refresh()

    def refresh(self) -> None:
        """Show who answered."""
        self.answered = sorted(who_answered(self.session, self.entries))
        self.told = str(counted(self.session, len(self.answered)))


def who_answered(session: Session, entries: Iterable[RegisterEntry]) -> set[str]:
    """The seats that made each choice that is asked; where there is only writing, those that wrote something."""
    entries = list(entries)
    choices = [entry for entry in entries if not entry.written]
    seats = []
    for entry in choices or entries:
        seats.append({str(answer.person) for answer in session.store.answers_of_persons(entry.id)})
    if choices:
        return set.intersection(*seats)
    return set().union(*seats)


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
