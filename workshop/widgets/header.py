"""What the bar on top of a page says of its table: its name, what is done, kept or not; and terms explained."""

from __future__ import annotations

import anywidget
import ipywidgets as w
import traitlets as t

from workshop.answers.names import own_name
from workshop.domain import governance
from workshop.domain.questions import register
from workshop.session import Session
from workshop.texts import Message, words
from workshop.widgets.base import EVERY, FOLDER, Boxed, Parts, View, boxed, kit, sentence, style

DRAWN_ON = {"network": "1_network", "structure": "3_structure"}
"""The pages of what people draw; questions say their page themselves."""


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
    """Which table it is, which pages hold something, and whether all is kept, safe in this browser, or not safe yet.

    It stands in the bar on top where the page has one. It also asks about what waited so long in this browser that a
    person has to say whether it shall still be applied.
    """

    _esm = boxed("status.js")

    table = t.Unicode().tag(sync=True)
    begun: t.List = t.List().tag(sync=True)
    saved = t.Unicode().tag(sync=True)
    seat = t.Unicode(None, allow_none=True).tag(sync=True)

    def __init__(self, session: Session):
        super().__init__(session, words=words("header.word."))
        t.dlink((session, "saved"), (self, "saved"))
        t.dlink((session, "seat"), (self, "seat"))
        self.follow(self.refresh, items=EVERY)

    def refresh(self) -> None:
        """Show the name of the table as it is kept, and which pages hold something of it."""
        store = self.session.store
        self.table = str(Message("header.table", name=own_name(store) or Message("header.unnamed")))
        known = store.answered_items()
        pages = {entry.page for entry in register() if entry.id in known}
        self.begun = sorted(pages | {page for item, page in DRAWN_ON.items() if item in known})


class Header(View):
    """What stands in the bar on top, the last notice, and the glossary."""

    def _parts(self) -> Parts:
        self.notice = self.live(self._notice, "notice")
        return [w.HTML(style()), Status(self.session), self.notice, Glossary()]

    def _notice(self) -> str:
        notice = self.session.notice
        return f'<div class="gbo-notice" role="alert">{sentence(notice)}</div>' if notice else ""
