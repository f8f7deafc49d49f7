"""What several people chose, as a picture: opened by hand, from five people on; later answers do not move it."""

from __future__ import annotations

from collections.abc import Iterable

import ipywidgets as w

from workshop.answers.privacy import FEWEST
from workshop.domain.questions import RegisterEntry
from workshop.dots import dots
from workshop.session import Session
from workshop.texts import Message
from workshop.widgets.base import View, row, sentence
from workshop.widgets.seats import PEOPLE, counted


class Spread(View):
    """How many answered, a button that asks before it opens the spreads, and the dots of what was opened.

    Parameters
    ----------
    session : Session
    entries : iterable of RegisterEntry
        Questions that persons answered.
    """

    def __init__(self, session: Session, entries: Iterable[RegisterEntry] = ()):
        super().__init__(session)
        self.shown = w.HTML()
        self.open = self.button(Message("spread.open"), self._ask)
        self.before = w.HTML()
        yes = self.button(Message("spread.yes"), self._open, "gbo-main")
        self.sure = w.VBox([self.before, row(yes, self.button(Message("spread.no"), self._fill))])
        self.children = [self.shown, self.open, self.sure]
        self.hear(self._fill, items=lambda: (PEOPLE, *(entry.id for entry in self.entries)))
        self.show(entries)

    def show(self, entries: Iterable[RegisterEntry]) -> None:
        """Show these questions from now on."""
        self.entries = list(entries)
        self._fill()

    def _ready(self) -> list[RegisterEntry]:
        openable = self.session.store.openable()
        return [entry for entry in self.entries if entry.id in openable]

    def _answered(self, entries: Iterable[RegisterEntry]) -> int:
        return max((self.session.store.answered(entry.id) for entry in entries), default=0)

    def _ask(self) -> None:
        said = counted(self.session, self._answered(self._ready()))
        self.before.value = sentence(Message("spread.before", counted=said), "gbo-notice")
        self.sure.layout.display = ""
        self.open.layout.display = "none"

    def _open(self) -> None:
        self.session.open_spread(*(entry.id for entry in self.entries))
        self._fill()

    def _fill(self) -> None:
        store = self.session.store
        opened = [entry for entry in self.entries if store.spread(entry.id)]
        ready = self._ready()
        self.open.layout.display = "" if ready else "none"
        self.open.description = str(Message("spread.open_again" if opened else "spread.open"))
        self.sure.layout.display = "none"
        self.shown.value = self._told(opened)
        if self.entries and not opened and not ready:
            answered = self._answered(self.entries)
            # enough people, but they were counted before, in a spread that somebody took back by a deletion
            why = "spread.again" if answered >= FEWEST else "opening.too_few"
            told = Message(why, counted=counted(self.session, answered))
            self.shown.value = sentence(told, "gbo-hint")

    def _told(self, opened: list[RegisterEntry]) -> str:
        store = self.session.store
        told = ""
        for made in dots(opened, store.spread):
            told += "".join(sentence(entry.text, tag="h3") for entry in made.entries)
            told += f'<div class="gbo-dots">{"".join(made.pieces)}</div>'
        # always, also while nothing changed: said only later, it would tell that somebody chose something else
        return told + sentence(Message("spread.then"), "gbo-hint") if told else ""
