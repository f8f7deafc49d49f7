"""Terms that explain themselves: links such as ``[dichtheid](#term-density)``, from the one glossary."""

from __future__ import annotations

import anywidget
import traitlets as t

from workshop.domain import governance
from workshop.texts import Message
from workshop.widgets.base import FOLDER, kit


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
