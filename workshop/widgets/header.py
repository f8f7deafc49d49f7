"""Top of every page: which table, kept or not, what went wrong, who sits at the keyboard, and terms explained."""

from __future__ import annotations

import anywidget
import ipywidgets as w
import traitlets as t

from workshop.domain import governance
from workshop.session import SEATS, Session
from workshop.texts import Message
from workshop.widgets.base import FOLDER, Parts, View, kit, sentence, style
from workshop.widgets.outbox import Boxed, boxed

LEVELS = ("kept", "busy", "safe", "unsafe", "lost", "unsaved")
ASKED = ("yes_generation", "yes_overtaken", "yes_failed", "no", "others", "drawn", "seen")


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


class Status(Boxed):
    """Which table it is, and whether all that was done is kept, safe in this browser, or not safe yet.

    It also asks about what waited so long in this browser that a person has to say whether it shall still be applied.
    """

    _esm = boxed("status.js")

    table = t.Unicode().tag(sync=True)
    saved = t.Unicode().tag(sync=True)
    seat = t.Unicode(None, allow_none=True).tag(sync=True)
    words = t.Dict().tag(sync=True)

    def __init__(self, session: Session):
        super().__init__(session, words={word: str(Message(f"header.word.{word}")) for word in LEVELS + ASKED})
        t.dlink((session, "saved"), (self, "saved"))
        t.dlink((session, "seat"), (self, "seat"))
        show = session.guard(self.refresh)
        session.observe(lambda change: show() if change.new[0] in (None, "table-name") else None, "answered")
        self.refresh()

    def refresh(self) -> None:
        """Show the name of the table as it is kept."""
        name = self.session.store.get("table-name")
        named = isinstance(name, str) and name.strip()
        self.table = str(Message("header.table", name=name if named else Message("header.unnamed")))


class Header(View):
    """Name of the table, whether all is kept, the last notice, the seats, and the glossary."""

    def _parts(self) -> Parts:
        self.notice = self.live(self._notice, "notice")
        return [w.HTML(style()), Status(self.session), self.notice, SeatPicker(self.session), Glossary()]

    def _notice(self) -> str:
        notice = self.session.notice
        return f'<div class="gbo-notice" role="alert">{sentence(notice)}</div>' if notice else ""
