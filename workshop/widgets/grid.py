"""A table that people fill in: choices, ticks, short texts and buttons in one light widget."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import anywidget
import traitlets as t

from workshop.session import Session
from workshop.widgets.base import kit


class Grid(anywidget.AnyWidget):
    """Rows and columns to fill in; holds no state of its own.

    Parameters
    ----------
    session : Session
        Its error channel guards the handlers.
    on_edit : callable, optional
        Called with (row id, column id, value); for a choice the column is ``"choice"`` and the value a column's id.
    on_press : callable, optional
        Called with (row id, column id) when a button is pressed.
    key : str, optional
        Where the browser keeps choices until the kernel has them; empty: not at all.
    **look
        ``caption``, ``corner``, ``empty``, ``columns``, ``rows``. A column is a dict with ``id``, ``label`` and
        ``type`` ("radio", "check", "text", "number", "select" with ``options``, "button" with ``text``, "label");
        a row has ``id``, ``label`` and, where they apply, ``cells``, ``choice``, ``texts``, ``note``, ``fixed``,
        ``mark``.
    """

    _esm = kit("grid.js")

    key = t.Unicode().tag(sync=True)
    caption = t.Unicode().tag(sync=True)
    corner = t.Unicode().tag(sync=True)
    empty = t.Unicode().tag(sync=True)
    columns: t.List = t.List().tag(sync=True)
    rows: t.List = t.List().tag(sync=True)
    acked = t.Unicode().tag(sync=True)

    def __init__(
        self,
        session: Session,
        on_edit: Callable[[str, str, Any], Any] | None = None,
        on_press: Callable[[str, str], Any] | None = None,
        **look: Any,
    ):
        super().__init__(**look)
        self._on_edit, self._on_press = on_edit, on_press
        self.on_msg(session.guard(self._received))

    def _received(self, _widget, content: dict, _buffers) -> None:
        if content.get("kind") == "press" and self._on_press:
            self._on_press(content["row"], content["column"])
        elif content.get("kind") == "edit" and self._on_edit:
            try:
                self._on_edit(content["row"], content["column"], content["value"])
            finally:
                self.acked = str(content.get("n", ""))
