"""Files from the laptop: chosen, or dropped anywhere on the page; never kept in the state of a widget."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import anywidget
import traitlets as t

from workshop.exchange.reader import LIMIT_MB
from workshop.session import Session
from workshop.texts import Message, words
from workshop.widgets.base import FOLDER, kit


class Upload(anywidget.AnyWidget):
    """A button that takes files, on a page that takes them as well; their sizes are checked before they are sent.

    Parameters
    ----------
    session : Session
        Its error channel guards the handler.
    on_files : callable
        Called with (name, content) of each file.
    """

    _esm = kit("upload.js")
    _css = (FOLDER / "upload.css").read_text(encoding="utf-8")

    words = t.Dict().tag(sync=True)
    limit = t.Int(LIMIT_MB * 10**6).tag(sync=True)
    together = t.Int(2 * LIMIT_MB * 10**6).tag(sync=True)
    done = t.Int(0).tag(sync=True)

    def __init__(self, session: Session, on_files: Callable[[list[tuple[str, bytes]]], Any]):
        super().__init__()
        self._on_files = on_files
        self.words = {
            **words("source.word."),
            "too_big": str(Message("import.fault.too_big", name="{name}", limit=LIMIT_MB)),
            "too_much": str(Message("source.too_much", limit=2 * LIMIT_MB)),
        }
        self.on_msg(session.guard(self._received))

    def _received(self, _widget, content: dict, buffers: Sequence[Any]) -> None:
        """Give the files on; the page hears that they were read, also where that failed."""
        try:
            names = [str(name) for name in content.get("names", ())]
            self._on_files([(name, bytes(buffer)) for name, buffer in zip(names, buffers, strict=False)])
        finally:
            self.done = int(content.get("n", 0))
