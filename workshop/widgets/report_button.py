"""What a table takes home and hands in, made when it asks for it: kept in the work folder, and offered as a file."""

from __future__ import annotations

import base64
import os
import time
from collections.abc import Callable
from pathlib import Path

import ipywidgets as w

from workshop.answers.handin import hand_in
from workshop.session import Session
from workshop.texts import Message
from workshop.widgets.base import View, say, sentence

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class ReportButton(View):
    """Make the report, and hand in the table's answers: each a file to download.

    Parameters
    ----------
    session : Session
    make_report : callable
        Takes the session and returns one self-contained HTML page.
    make_word : callable, optional
        Takes the session and returns a Word document.
    """

    def __init__(
        self,
        session: Session,
        make_report: Callable[[Session], str],
        make_word: Callable[[Session], bytes] | None = None,
    ):
        super().__init__(session)
        self.make_report, self.make_word = make_report, make_word
        self.result, self.handed_in = w.HTML(), w.HTML()
        buttons = [self.button(Message("report_button.make"), self._make, "gbo-main")]
        if make_word:
            buttons.append(self.button(Message("report_button.make_word"), self._make_word))
        hand = self.button(Message("report_button.hand_in"), self._hand_in)
        self.children = [*buttons, self.result, say(Message("report_button.in_it"), "gbo-hint"), hand, self.handed_in]

    def _name(self, ending: str) -> Path:
        name = f"report-{self.session.store.group}-{time.strftime('%Y%m%d-%H%M%S')}.{ending}"
        return self.session.work / "reports" / name

    def _make(self) -> None:
        raw = self.make_report(self.session).encode("utf-8")
        self.result.value = _offer(self._name("html"), raw, "text/html;charset=utf-8", "download", "kept")

    def _make_word(self) -> None:
        assert self.make_word
        self.result.value = _offer(self._name("docx"), self.make_word(self.session), WORD, "download", "kept")

    def _hand_in(self) -> None:
        name, raw = hand_in(self.session.store)
        path = self.session.work / "handin" / name
        self.handed_in.value = _offer(path, raw, "application/octet-stream", "take", "handed_in")


def _offer(path: Path, raw: bytes, kind: str, link: str, kept: str) -> str:
    """Keep a file, and give the HTML to download it and to say where it is."""
    told = sentence(Message(f"report_button.{kept}", path=path))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        part.write_bytes(raw)
        os.replace(part, path)
    except OSError:
        told = sentence(Message("report_button.not_kept"))
    address = f"data:{kind};base64,{base64.b64encode(raw).decode()}"
    words = sentence(Message(f"report_button.{link}"), tag="span")
    return f'<p><a download="{path.name}" href="{address}">{words}</a></p>{told}'
