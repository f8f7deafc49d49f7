"""Where the network comes from: the group's own, a shipped case, or a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

import anywidget
import ipywidgets as w
import traitlets as t

from workshop.domain import governance
from workshop.domain.structure import Structure
from workshop.exchange import ImportProblem, Question, Result, read_uploads
from workshop.exchange.reader import LIMIT_MB
from workshop.session import Session
from workshop.texts import Message, Problem, words
from workshop.widgets.base import FOLDER, Parts, View, fold, kit, row, say, sentences

SHOWN = 20
"""So many faults of a file are shown."""


def first_of(faults: list[Message]) -> list[Message]:
    """The first faults, and how many there are besides."""
    if len(faults) <= SHOWN:
        return faults
    return [*faults[:SHOWN], Message("import.more", n=len(faults) - SHOWN)]


class NetworkSource(View):
    """Start from a case or read a file, with a preview before anything is replaced."""

    def _parts(self) -> Parts:
        cases = [(case.title, case.id) for case in governance.cases()]
        self.case = self.field(w.Dropdown(options=cases), Message("source.case"))
        self.upload = Upload(self.session, lambda files: self._read(partial(read_uploads, files)))
        self.preview = w.VBox()
        take = row(self.case, self.button(Message("source.take"), self._take))
        return [
            fold(Message("source.file"), say(Message("source.file_hint"))),
            self.upload,
            fold(Message("source.example"), say(Message("source.case_hint")), take),
            self.preview,
        ]

    def _take(self) -> None:
        case = governance.case(self.case.value)
        step = Message("step.network.case")
        self.session.replace(network=case.network, structure=case.structure, case=case.id, step=step)

    def _read(self, read: Callable[[], Result]) -> None:
        """Show what files hold, or why they cannot be used."""
        try:
            self._preview(read())
        except ImportProblem as problem:
            self.preview.children = [
                say(Message("source.refused"), "gbo-notice"),
                w.HTML(sentences(first_of(problem.faults))),
                *self._questions(problem.questions),
            ]
        except Problem as problem:
            self.preview.children = [say(problem.message, "gbo-notice")]

    def _preview(self, result: Result) -> None:
        network = result.network
        read = Message("source.read", organisations=len(network.organisations), ties=len(network.ties))
        self.preview.children = [
            say(read, "gbo-notice"),
            w.HTML(sentences([*result.summary, *result.notes])),
            *self._questions(result.questions),
            row(
                self.button(Message("source.use"), partial(self._use, result), "gbo-main"),
                self.button(Message("source.leave"), self._leave),
            ),
        ]

    def _questions(self, questions: Iterable[Question]) -> list[w.Widget]:
        asked: list[w.Widget] = []
        for question in questions:
            choices = {option: partial(question.choose, option) for option in question.options}
            buttons = [self.button(option, partial(self._read, read)) for option, read in choices.items()]
            asked += [say(question.text), row(*buttons)]
        return asked

    def _use(self, result: Result) -> None:
        structure = Structure(result.network.organisations, tuple(result.tables), lead=result.lead)
        step = Message("step.network.file")
        if self.session.replace(network=result.network, structure=structure, case=None, step=step):
            self._leave()

    def _leave(self) -> None:
        self.preview.children = ()


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
