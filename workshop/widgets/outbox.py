"""What all own widgets share: a line for the browser's outbox, which keeps what people do until the kernel has it."""

from __future__ import annotations

from typing import Any

import anywidget
import traitlets as t

from workshop.session import Session
from workshop.widgets.base import EVERY, Following, kit


class Boxed(Following, anywidget.AnyWidget):
    """A widget of which the page's outbox may send what any view of the page did (see `outbox.js`).

    Parameters
    ----------
    session : Session
        Takes what the outbox sends, and guards the handlers.
    **traits
        Of the widget.
    """

    outbox = t.Dict().tag(sync=True)
    words = t.Dict().tag(sync=True)
    steps: tuple[str, ...] = ()
    """Items of which its undo and redo take back steps."""

    def __init__(self, session: Session, **traits: Any):
        self.session = session
        super().__init__(outbox=session.belongs, **traits)
        self.on_msg(session.guard(self._arrived))
        self.hear(self._renew, items=EVERY)

    def heard(self, content: dict[str, Any]) -> None:
        """What the widget's own script sent, apart from what people did; nothing unless a widget says so."""

    def _arrived(self, _widget, content: Any, _buffers) -> None:
        if not isinstance(content, dict):
            return
        if content.get("kind") == "box":
            self.send(self.session.receive(content))
        elif content.get("kind") == "travel":
            way = self.session.redo if content.get("way") == "redo" else self.session.undo
            self.send({"kind": "said", "text": str(way(*self.steps) or self.session.notice)})
        else:
            self.heard(content)

    def _renew(self) -> None:
        """Tell the browser where its entries belong: the generation changes when all is deleted."""
        self.outbox = self.session.belongs


def boxed(*names: str) -> str:
    """Scripts of this folder as one module, after the outbox."""
    return kit("outbox.js", *names)
