"""Top of every page: which table, kept or not, what went wrong, and who sits at the keyboard."""

from __future__ import annotations

import ipywidgets as w

from workshop.session import SEATS, Session
from workshop.texts import Message
from workshop.widgets.base import View, sentence, style
from workshop.widgets.glossary import Glossary


class SeatPicker(View):
    """Take a seat for private questions; leaving it hides its answers."""

    def __init__(self, session: Session):
        super().__init__(session)
        names = [(str(Message("seat.table")), "")]
        names += [(str(Message("seat.number", number=index)), seat) for index, seat in enumerate(SEATS, 1)]
        self.choice = self.select(Message("seat.label"), self._chosen, names)
        self.watch("seat", self._show)
        self._show()
        self.children = [self.choice]

    def _chosen(self) -> None:
        self.session.seat = self.choice.value or None

    def _show(self) -> None:
        self.choice.value = self.session.seat or ""


class Header(View):
    """Name of the table, whether all is kept, the last notice, the seats, and the glossary."""

    def __init__(self, session: Session):
        super().__init__(session)
        self.status = self.live(self._status, "saved", items="table-name")
        self.notice = self.live(self._notice, "notice")
        self.retry = self.button(Message("header.retry"), self._retry)
        self.watch("saved", self._show)
        self.children = [w.HTML(style()), self.status, self.notice, self.retry, SeatPicker(session), Glossary()]
        self._show()

    def _status(self) -> str:
        name = self.session.store.get("table-name") or Message("header.unnamed")
        table = sentence(Message("header.table", name=name), tag="strong")
        kept = sentence(Message(f"header.{self.session.saved}"), tag="span")
        return f'<div class="gbo-status">{table}{kept}</div>'

    def _notice(self) -> str:
        notice = self.session.notice
        return f'<div class="gbo-notice" role="alert">{sentence(notice)}</div>' if notice else ""

    def _show(self) -> None:
        self.retry.layout.display = "" if self.session.saved == "unsaved" else "none"

    def _retry(self) -> None:
        self.session.store.retry()
        self.session.saved, self.session.notice = "saved", None
