"""What tests do with a view: read it, and press, choose and type in it as the browser tells the kernel.

And `filled`, a work folder with an answer to everything; `until`, what a test waits for that no browser shows.
"""

import asyncio
import json
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

import ipywidgets as w
import nbformat

from workshop import open_session
from workshop.domain import governance
from workshop.domain.kept import mark
from workshop.domain.questions import register
from workshop.texts import Message
from workshop.widgets.answer_field import AnswerField, OwnText
from workshop.widgets.grid import Grid

ROOT = Path(__file__).parents[1]


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
            if isinstance(child, OwnText):
                parts.append(child.words["shared" if child.released else "hidden"])
    return "\n".join(parts)


def said(key, /, **values):
    """The sentence of a message, as HTML has it where it has no hostile words in it."""
    return str(Message(key, **values))


def press(view, key, nth=0):
    """Press the button that says this message."""
    buttons = [child for child in everything(view) if isinstance(child, w.Button)]
    [button for button in buttons if button.description == said(key)][nth].click()


def press_own(text, act):
    """Press a button of a text's author, as the script of the field says it."""
    text._arrived(text, {"kind": "own", "act": act, "person": text.person}, [])


def heading(name):
    """The heading of a Dutch page, as its notebook has it."""
    notebook = nbformat.read(ROOT / "notebooks" / "nl" / f"{name}.ipynb", as_version=4)
    return next(cell.source for cell in notebook.cells if cell.source.startswith("# ")).splitlines()[0].lstrip("# ")


BOXES = count()


def box(widget, item, what, person=None, base=None, load=None, n=1):
    """What the browser's outbox sends for a widget; what the kernel says became of it."""
    session = widget.session
    store = session.store
    entry = {"n": n, "item": item, "person": person, "age": 0, "what": what}
    entry["base"] = store.version(item, person) if base is None else base
    content = {"kind": "box", "box": load or f"box-{next(BOXES)}", "store": store.id, "room": store.room}
    content |= {"group": store.group, "generation": store.generation, "entries": [entry]}
    replies = []
    widget.send = replies.append
    widget._handle_custom_msg(content, [])
    del widget.send
    return next(reply for reply in replies if reply["kind"] == "boxed")["results"][0]


def choose(grid, row, value, column="choice"):
    """Choose, tick or fill in a cell, as the grid's script says it."""
    shown = next((one for one in grid.rows if one["id"] == row), {})
    made = next((one for one in grid.columns if one["id"] == column), {})
    if column == "choice" and "item" in shown:
        if value in shown["values"]:
            kept = {"do": "put", "value": shown["values"][value]}
            box(grid, shown["item"], kept, shown["person"], shown["version"])
    elif column == "choice" and "edit" in shown:
        if value in shown["values"]:
            edit = dict(shown["edit"])
            box(grid, edit.pop("item"), {**edit, "value": shown["values"][value]}, base=shown.get("version", 0))
    elif "edit" in made:
        edit = dict(made["edit"])
        key = edit.pop("key", "value")
        box(grid, edit.pop("item"), {**edit, **shown.get("ids", {"id": row}), key: value}, base=grid.base)
    else:
        grid._handle_custom_msg({"kind": "edit", "row": row, "column": column, "value": value}, [])


def unfold(view, key):
    """Open the fold with this title."""
    toggles = [child for child in everything(view) if isinstance(child, w.ToggleButton)]
    next(toggle for toggle in toggles if toggle.description.endswith(said(key))).value = True


def answer(view, row, value):
    """Choose a column in the table that shows a row."""
    choose(grid_of(view, row), row, value)


def type_in(field, text, base=None, load=None, n=1):
    """Type a text; what the kernel says became of it."""
    shown = field.version if base is None else base
    return box(field, field.item, {"do": "text", "text": text}, field.person, shown, load, n)


def take_case(session, id="town"):
    """Show an example network."""
    case = governance.case(id)
    session.replace(network=case.network, structure=case.structure, case=case.id)


def filled(folder, **place):
    """A store with an answer to everything, written by people who try things out."""
    session = open_session(store=folder, **place)
    take_case(session)
    session.save("table-name", "<script>alert(1)</script> & =1+1 🙂")
    for entry in register():
        if "*" in entry.id or entry.id == "structure.judgement":
            continue
        if entry.owner != "person":
            options = [option.id for option in entry.options_for(person=False)]
            session.save(entry.id, options[-1] if options else "</textarea><b>vet</b>")
        if entry.owner != "table":
            options = [option.id for option in entry.options_for(person=True)]
            for number in range(1, 6):
                session.save(entry.id, options[0] if options else "</textarea><b>vet</b>", person=f"seat-{number}")
        if entry.written and entry.owner == "person":
            session.store.release(entry.id, "seat-1")
    for item in ("note.balance.size", "note.balance.trust", "agreement.what", "agreement.owner"):
        session.save(item, "één ding\n" * 40)
    session.save("agreement.date", "2027-02-31")
    session.save("structure.judgement", {mark(session.structure): {"efficiency": "2", "inclusion": "4"}})
    session.save("structure.variants", [{"name": "<b>A</b>", "structure": session.structure.to_dict()}])
    assert session.saved == "saved" and not session.failures
    session.store.close()  # as a page that is left
    return folder


def until(true, seconds=20):
    """Whether that comes true."""
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.05)
    return true()


def run(coroutine):
    """What it gives; in a thread of its own, for a browser of this file keeps a loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()
