"""What people can read of a page's questions while Python is still loading: no button, no answer."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any

import ipywidgets as w

from workshop.widgets.answer_field import AnswerField
from workshop.widgets.grid import Grid


def preview(widget: Any) -> str:
    """A widget as HTML to read, as it is on an empty sheet; what is folded away stays away."""
    return "".join(_parts(widget))


def _parts(widget: Any) -> Iterator[str]:
    if isinstance(widget, w.HTML):
        if "<style" not in widget.value:
            yield widget.value
    elif isinstance(widget, AnswerField):
        yield f"<p><strong>{escape(widget.label)}</strong></p>"
        if widget.hint:
            yield f"<p>{escape(widget.hint)}</p>"
        yield f'<textarea disabled rows="{1 if widget.single_line else 3}"></textarea>'
    elif isinstance(widget, Grid):
        yield "".join(f"<p>{escape(str(row.get('label', '')))}</p>" for row in widget.rows)
    elif isinstance(widget, w.Box) and widget.layout.display != "none":
        for child in widget.children:
            yield from _parts(child)
