"""A kernel in few lines: Jupyter's messages to and from the page, cells run from top to bottom."""

from __future__ import annotations

import gc
import importlib
import json
import os
import sqlite3
import sys
import traceback
import types
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.machinery import PathFinder
from pathlib import Path
from typing import Any

import comm
from comm.base_comm import BaseComm, CommManager
from js import kit
from pyodide.ffi import to_js

from workshop.answers import change, database
from workshop.answers.store import NotKept
from workshop.page import run_cell, speak_of_the_browser
from workshop.texts import Message, Problem
from workshop.work import LOGGER

MANAGER = CommManager()
LATER = ("networkx", "openpyxl", "et_xmlfile", "jinja2", "markupsafe", "workshop.output")
"""Packages of the second half, which is fetched when one of them is first wanted."""
STEPS = 20
"""How many steps can be undone: the whole file is written with each answer."""
parent: dict[str, Any] = {}


def send(msg_type: str, content: dict, metadata: dict | None = None, buffers: list | None = None) -> None:
    """A Jupyter message to the page."""
    message = {
        "header": {"msg_type": msg_type},
        "parent_header": parent,
        "metadata": metadata or {},
        "content": content,
    }
    kit.send(json.dumps(message), to_js([bytes(each) for each in buffers]) if buffers else None)


class Comm(BaseComm):
    """A widget's line to the page."""

    def publish_msg(self, msg_type: str, data=None, metadata=None, buffers=None, **keys: Any) -> None:
        """Send what the widget says."""
        send(msg_type, {"comm_id": self.comm_id, "data": data or {}, **keys}, metadata, buffers)


def stand_in_for_ipython() -> None:
    """The few names that ipywidgets asks IPython for; IPython itself is heavy."""
    for name in ("", ".display", ".core", ".core.getipython", ".core.interactiveshell"):
        module: Any = types.ModuleType(f"IPython{name}")
        module.get_ipython = lambda: None
        module.display = module.clear_output = lambda *_, **__: None
        module.InteractiveShell = type("InteractiveShell", (), {})
        sys.modules[module.__name__] = module


class Later:
    """Finds what stands in the second half of the packages."""

    @classmethod
    def find_spec(cls, name: str, path: Any = None, target: Any = None) -> Any:
        """Unpack that half, once, and look again."""
        if not name.startswith(LATER):
            return None
        sys.meta_path.remove(cls)  # type: ignore[arg-type]
        kit.later()
        importlib.invalidate_caches()
        return PathFinder.find_spec(name, path, target)


@contextmanager
def transaction(connection: sqlite3.Connection, _plain: Any = database.transaction) -> Iterator[None]:
    """A transaction, where this tab may write and the browser keeps what is written."""
    why = kit.why_not()
    if why:
        raise NotKept(Message(f"site.{why}"))
    with _plain(connection):
        yield


def make(connection: sqlite3.Connection, _plain: Any = database._make) -> None:
    """A new file, without a second one beside it: the browser keeps it as one piece."""
    _plain(connection)
    connection.execute("PRAGMA journal_mode=MEMORY").fetchall()


comm.create_comm = Comm  # type: ignore[assignment]
comm.get_comm_manager = lambda: MANAGER  # type: ignore[assignment]
stand_in_for_ipython()
sys.meta_path.append(Later)  # type: ignore[arg-type]
database.transaction = transaction  # type: ignore[assignment]
database._make = make
change.STEPS = STEPS
speak_of_the_browser()

import ipywidgets  # noqa: E402 - it looks for a kernel, which now is there

MANAGER.register_target("jupyter.widget.control", ipywidgets.Widget.handle_control_comm_opened)


def look_after(work: str) -> None:
    """What a server does before any page opens: mend, delete what is past its date."""
    from workshop.answers.repair import look_after_at_start

    with suppress(Problem):  # the page itself says it
        if not kit.why_not() and database.path_of(Path(work)).is_file():
            look_after_at_start(Path(work))


def hear(text: str, buffers: Any) -> None:
    """A message from the page."""
    global parent
    message = json.loads(text)
    parent = message["header"]
    message["buffers"] = [memoryview(each.to_bytes()) for each in buffers]
    try:
        getattr(MANAGER, parent["msg_type"])(None, None, message)
    except Exception:
        LOGGER.exception("a message")
    finally:
        send("status", {"execution_state": "idle"})
        parent = {}


def show(index: int, value: Any) -> None:
    """An output of a cell."""
    found = value._repr_mimebundle_() if hasattr(value, "_repr_mimebundle_") else {"text/plain": repr(value)}
    data = found[0] if isinstance(found, tuple) else found
    kit.send(json.dumps({"kind": "output", "index": index, "data": data}), None)


def run(cells: str, language: str) -> None:
    """Run the cells of a page; the first that fails is the last."""
    ipywidgets.Widget.close_all()  # the page before, if any
    gc.collect()
    os.environ["WORKSHOP_LANGUAGE"] = language
    names: dict[str, Any] = {"__name__": "__main__"}
    for index, source in json.loads(cells):
        try:
            value = run_cell(source, names, f"<cell {index}>")
            if value is not None:
                show(index, value)
        except Exception as error:
            LOGGER.exception("cell %s", index)
            said = str(error) if isinstance(error, Problem) else ""
            told = {"kind": "failed", "index": index, "said": said, "trace": traceback.format_exc()}
            kit.send(json.dumps(told), None)
            return
