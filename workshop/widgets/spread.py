"""What several people chose, together: opened by hand, from five people on; later answers do not move it."""

from __future__ import annotations

from collections.abc import Iterable

import ipywidgets as w

from workshop.domain.questions import RegisterEntry
from workshop.session import Session
from workshop.texts import Message
from workshop.widgets.base import View, sentence, sentences


class Spread(View):
    """How many answered, a button that opens the spreads, and what was opened.

    Parameters
    ----------
    session : Session
    entries : iterable of RegisterEntry
        Questions that persons answered.
    """

    def __init__(self, session: Session, entries: Iterable[RegisterEntry] = ()):
        super().__init__(session)
        self.shown = w.HTML()
        self.open = self.button(Message("spread.open"), self._open)
        self.before = w.HTML()
        self.children = [self.shown, self.before, self.open]
        self.watch("answered", self._heard)
        self.show(entries)

    def show(self, entries: Iterable[RegisterEntry]) -> None:
        """Show these questions from now on."""
        self.entries = list(entries)
        self._fill()

    def _heard(self) -> None:
        if self.session.answered[0] in (None, *(entry.id for entry in self.entries)):
            self._fill()

    def _open(self) -> None:
        self.session.open_spread(*(entry.id for entry in self.entries))

    def _fill(self) -> None:
        store = self.session.store
        ready = [entry.id for entry in self.entries if store.may_open(entry.id)]
        opened = any(store.spread(entry.id) for entry in self.entries)
        self.open.layout.display = "" if ready else "none"
        self.open.description = str(Message("spread.open_again" if opened else "spread.open"))
        answered = max((store.answered(id) for id in ready), default=0)
        self.before.value = sentence(Message("spread.before", n=answered), "gbo-hint") if ready else ""
        self.shown.value = self._told(bool(ready))

    def _told(self, ready: bool) -> str:
        store = self.session.store
        told = ""
        for entry in self.entries:
            answered = store.answered(entry.id)
            counts = store.spread(entry.id)
            if counts:
                told += sentence(entry.text, tag="h4")
                options = entry.options_for(person=True)
                told += sentences(Message("opening.counted", n=counts.get(o.id, 0), option=o.text) for o in options)
                if answered != sum(counts.values()):
                    told += sentence(Message("spread.later", n=answered), "gbo-hint")
            elif answered and not ready:
                told += sentence(entry.text, tag="h4") + sentence(Message("opening.too_few", n=answered), "gbo-hint")
        if told or ready:
            return told
        return sentence(Message("opening.too_few", n=0), "gbo-hint") if self.entries else ""
