"""A table that people fill in: choices, ticks, short texts and buttons in one light widget."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import traitlets as t

from workshop.session import Session
from workshop.widgets.base import Boxed, boxed


class Grid(Boxed):
    """Rows and columns to fill in; holds no state of its own.

    What goes through the browser's outbox is kept from the first letter and applied once: choices of a row that has
    an ``item``, and whatever has an ``edit`` template. The rest is handed to `on_edit`.

    Parameters
    ----------
    session : Session
        Takes what the outbox sends; its error channel guards the handlers.
    on_edit : callable, optional
        Called with (row id, column id, value).
    **look
        ``caption``, ``corner``, ``empty``, ``columns``, ``rows``, ``base``. A column is a dict with ``id``, ``label``
        and ``type`` ("radio", "check", "text", "number", "select" with ``options``, "button" with ``text``, "label"),
        may have a ``picture`` (SVG of the kit) with words ``about`` it, and an ``edit``: ``{item, do, key}``, where
        `key` is the field that takes the value, or ``{item, do: "set", path}``; a column to type in or with buttons
        has one; ``names`` where edits name a row by what stands in that column. A row has ``id``, ``label`` and, where
        they apply, ``hint`` (below its label), ``cells``, ``choice``, ``texts``, ``note``; ``item``, ``person``,
        ``version`` and ``values`` (column to what is kept) where its choice is an answer; an ``edit`` where the choice
        is a part of one; ``ids``, what an edit names it by, where that is not ``{id}``; ``about`` the item that it is
        about, where that may change while somebody chooses.
        `base` is the version of what the columns' edits change.
    """

    _esm = boxed("grid.js")

    caption = t.Unicode().tag(sync=True)
    corner = t.Unicode().tag(sync=True)
    empty = t.Unicode().tag(sync=True)
    columns: t.List = t.List().tag(sync=True)
    rows: t.List = t.List().tag(sync=True)
    base = t.Int().tag(sync=True)

    def __init__(self, session: Session, on_edit: Callable[[str, str, Any], Any] | None = None, **look: Any):
        self._on_edit = on_edit
        super().__init__(session, **look)

    def heard(self, content: dict[str, Any]) -> None:
        """Hand what is no entry of the outbox to the view."""
        if content.get("kind") == "edit" and self._on_edit:
            self._on_edit(content["row"], content["column"], content["value"])
