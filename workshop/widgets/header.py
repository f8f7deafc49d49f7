"""Top of every page: which table, kept or not, what went wrong, and who sits at the keyboard."""

from __future__ import annotations

import ipywidgets as w

from workshop.session import SEATS, Session
from workshop.texts import Message
from workshop.widgets.base import View, say, sentence, style
from workshop.widgets.glossary import Glossary


class SeatPicker(View):
    """Take a seat for private questions; leaving it hides its answers.

    Parameters
    ----------
    session : Session
    """

    def __init__(self, session: Session):
        super().__init__(session)
        names = [(str(Message("seat.table")), "")]
        names += [(str(Message("seat.number", number=index)), seat) for index, seat in enumerate(SEATS, 1)]
        self.choice = w.Dropdown(
            options=names, description=str(Message("seat.label")), style={"description_width": "initial"}
        )
        self.choice.observe(session.guard(self._chosen), "value")
        self.watch("seat", self._show)
        self._show()
        self.children = [self.choice]

    def _chosen(self, change) -> None:
        self.session.seat = change.new or None

    def _show(self) -> None:
        self.choice.value = self.session.seat or ""


class Header(View):
    """Name of the table, whether all is kept, the last notice, the seats, and the glossary.

    Parameters
    ----------
    session : Session
    """

    def __init__(self, session: Session):
        super().__init__(session)
        self.status, self.notice = w.HTML(), w.HTML()
        self.retry = self.button(Message("header.retry"), self._retry)
        self.watch(("notice", "saved"), self._show)
        self.watch_answers("table-name", self._show)
        self.children = [w.HTML(style()), self.status, self.notice, self.retry, SeatPicker(session), Glossary()]
        self._show()

    def _show(self) -> None:
        name = self.session.store.get("table-name") or Message("header.unnamed")
        kept = Message(f"header.{self.session.saved}", folder=self.session.store.folder)
        self.status.value = (
            f'<div class="gbo-status">{sentence(Message("header.table", name=name), tag="strong")}'
            f"{sentence(kept, tag='span')}</div>"
        )
        notice = self.session.notice
        self.notice.value = f'<div class="gbo-notice" role="alert">{sentence(notice)}</div>' if notice else ""
        self.retry.layout.display = "" if self.session.saved == "unsaved" else "none"

    def _retry(self) -> None:
        self.session.store.retry()
        self.session.saved, self.session.notice = "saved", None


def needs_seat(session: Session) -> list[w.Widget]:
    """What stands in place of a private question while nobody took a seat."""
    return [say(Message("seat.private"), "gbo-hint"), SeatPicker(session)]
