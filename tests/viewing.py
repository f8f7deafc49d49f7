"""What tests do with a view: read it, and press, choose and type in it as the browser tells the kernel."""

import json

import ipywidgets as w

from workshop.texts import Message
from workshop.widgets.answer_field import AnswerField
from workshop.widgets.grid import Grid


def everything(widget):
    """A widget and all that stands in it."""
    yield widget
    for child in getattr(widget, "children", ()):
        yield from everything(child)


def find(view, kind):
    """The first widget of a kind."""
    return next(child for child in everything(view) if isinstance(child, kind))


def grid_of(view, row):
    """The table that shows a row."""
    grids = [child for child in everything(view) if isinstance(child, Grid)]
    return next(grid for grid in grids if any(shown["id"] == row for shown in grid.rows))


def field_of(view, item):
    """The text field of an item."""
    return next(child for child in everything(view) if isinstance(child, AnswerField) and child.item == item)


def shown(view):
    """All that a person can read in a view."""
    parts = []
    for child in everything(view):
        if isinstance(child, w.HTML):
            parts.append(child.value)
        elif isinstance(child, Grid) and child.layout.display != "none":
            parts.append(json.dumps([child.caption, child.columns, child.rows], ensure_ascii=False))
        elif isinstance(child, AnswerField):
            parts += [child.label, child.value]
    return "\n".join(parts)


def said(key, /, **values):
    """The sentence of a message, as HTML has it where it has no hostile words in it."""
    return str(Message(key, **values))


def press(view, key, nth=0):
    """Press the button that says this message."""
    buttons = [child for child in everything(view) if isinstance(child, w.Button)]
    [button for button in buttons if button.description == said(key)][nth].click()


def choose(grid, row, value, column="choice"):
    """Choose, tick or fill in a cell."""
    grid._handle_custom_msg({"kind": "edit", "row": row, "column": column, "value": value, "n": "1"}, [])
    assert grid.acked == "1"


def answer(view, row, value):
    """Choose a column in the table that shows a row."""
    choose(grid_of(view, row), row, value)


def type_in(field, text, **more):
    """Type a text, and leave the field."""
    content = {"kind": "draft", "text": text, "n": f"n-{text}", "base": field.version, "sent": None, **more}
    field._handle_custom_msg(content, [])
