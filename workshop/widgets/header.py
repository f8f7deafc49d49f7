"""Top of every page: which table, kept or not, what went wrong, who sits at the keyboard, and terms explained."""

from __future__ import annotations

import anywidget
import ipywidgets as w
import traitlets as t

from workshop.domain import governance
from workshop.session import SEATS
from workshop.texts import Message
from workshop.widgets.base import FOLDER, Parts, View, kit, sentence, style


class SeatPicker(View):
    """Take a seat for private questions; leaving it hides its answers."""

    def _parts(self) -> Parts:
        names = [(str(Message("seat.table")), "")]
        names += [(str(Message("seat.number", number=index)), seat) for index, seat in enumerate(SEATS, 1)]
        self.choice = self.field(w.Dropdown(options=names), Message("seat.label"), self._chosen)
        self.watch("seat", self._show)
        self._show()
        return [self.choice]

    def _chosen(self) -> None:
        self.session.seat = self.choice.value or None

    def _show(self) -> None:
        self.choice.value = self.session.seat or ""


class Glossary(anywidget.AnyWidget):
    """Explains each link to ``#term-<id>`` on its page on hover, focus and tap; and a list of all terms to unfold.

    Works wherever the page's prose and this widget stand in one document; without it the links are plain text.
    """

    _esm = kit("glossary.js")
    _css = FOLDER / "glossary.css"

    title = t.Unicode().tag(sync=True)
    terms = t.List(t.Dict()).tag(sync=True)

    def __init__(self) -> None:
        super().__init__(title=str(Message("glossary.title")), terms=governance.glossary())


class Header(View):
    """Name of the table, whether all is kept, the last notice, the seats, and the glossary."""

    def _parts(self) -> Parts:
        status = self.live(self._status, "saved", items="table-name")
        self.notice = self.live(self._notice, "notice")
        self.retry = self.button(Message("header.retry"), self._retry)
        self.watch("saved", self._show)
        self._show()
        return [w.HTML(style()), status, self.notice, self.retry, SeatPicker(self.session), Glossary()]

    def _status(self) -> str:
        name = self.session.store.get("table-name") or Message("header.unnamed")
        table = sentence(Message("header.table", name=name), tag="strong")
        return f'<div class="gbo-status">{table}{sentence(Message(f"header.{self.session.saved}"), tag="span")}</div>'

    def _notice(self) -> str:
        notice = self.session.notice
        return f'<div class="gbo-notice" role="alert">{sentence(notice)}</div>' if notice else ""

    def _show(self) -> None:
        self.retry.layout.display = "" if self.session.saved == "unsaved" else "none"

    def _retry(self) -> None:
        self.session.store.retry()
        self.session.saved, self.session.notice = "saved", None
