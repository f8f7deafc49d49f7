"""What tests do with a view: read it, and press, choose and type in it as the browser tells the kernel."""

import json
from itertools import count

import ipywidgets as w

from workshop.texts import Message
from workshop.widgets.answer_field import AnswerField
from workshop.widgets.grid import Grid

NUMBERS = count(1)


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


def box(widget, item, what, person=None, base=0, box=None):
    """Send one entry as the browser's outbox does; what the kernel says of it."""
    store = widget.session.store
    n = next(NUMBERS)
    entry = {"n": n, "item": item, "person": person, "base": base, "age": 0, "what": what}
    content = {"kind": "box", "store": store.id, "generation": store.generation, "room": store.room}
    content |= {"group": store.group, "box": box or f"box-{n}", "entries": [entry]}
    told = []
    real, widget.send = widget.send, told.append
    widget._handle_custom_msg(json.loads(json.dumps(content)), [])
    widget.send = real
    return next(one for reply in told for one in reply.get("results", ()) if one["n"] == n)


def unfold(view, key):
    """Open a part that stands under a button."""
    buttons = [child for child in everything(view) if isinstance(child, w.ToggleButton)]
    next(button for button in buttons if button.description.endswith(said(key))).value = True


def choose(grid, row, value, column="choice"):
    """Choose, tick or fill in a cell, or press the button in it; what the kernel says where it is an entry."""
    shown = next(one for one in grid.rows if one["id"] == row)
    column = next(one for one in grid.columns if one["id"] == (value if column == "choice" else column))
    radio = column["type"] == "radio"
    kept = shown["values"].get(value, value) if radio and "values" in shown else value
    edit = shown.get("edit") if radio else column.get("edit")
    if edit and "path" in edit:
        return box(grid, edit["item"], {"do": edit["do"], "path": edit["path"], "value": kept})
    if edit:
        named = shown.get("ids", {"id": row})
        return box(grid, edit["item"], {"do": edit["do"], **named, **({edit["key"]: kept} if edit["key"] else {})})
    if radio and "item" in shown:
        return box(grid, shown["item"], {"do": "put", "value": kept}, shown["person"], shown["version"])
    return grid._handle_custom_msg({"kind": "edit", "row": row, "column": column["id"], "value": value}, [])


def answer(view, row, value):
    """Choose a column in the table that shows a row."""
    choose(grid_of(view, row), row, value)


def type_in(field, text, base=None, do="text"):
    """Type a text; what the kernel says of it."""
    base = field.version if base is None else base
    return box(field, field.item, {"do": do, "text": text}, field.person, base, f"page-{id(field)}")
