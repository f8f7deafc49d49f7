"""What a table takes home and hands in, made when it asks for it: kept in the work folder, and offered as a file."""

from __future__ import annotations

import base64
import os
import time
from collections.abc import Callable
from functools import partial

import ipywidgets as w

from workshop.answers.handin import hand_in
from workshop.session import Session
from workshop.texts import Message
from workshop.widgets.base import View, row, say, sentence

HTML, ANY = "text/html;charset=utf-8", "application/octet-stream"
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
        self.result, self.handed_in = w.HTML(), w.HTML()
        report = partial(self._report, "html", HTML, lambda: make_report(session).encode("utf-8"))
        buttons = [self.button(Message("report_button.make"), report, "gbo-main")]
        if make_word:
            word = partial(self._report, "docx", WORD, partial(make_word, session))
            buttons.append(self.button(Message("report_button.make_word"), word))
        hand = row(self.button(Message("report_button.hand_in"), self._hand_in))
        in_it = say(Message("report_button.in_it"), "gbo-hint")
        self.children = [row(*buttons), self.result, in_it, hand, self.handed_in]

    def _report(self, ending: str, kind: str, make: Callable[[], bytes]) -> None:
        name = f"report-{self.session.store.group}-{time.strftime('%Y%m%d-%H%M%S')}.{ending}"
        self.result.value = self._offer("reports", name, make(), kind, ("download", "kept"))

    def _hand_in(self) -> None:
        name, raw = hand_in(self.session.store)
        self.handed_in.value = self._offer("handin", name, raw, ANY, ("take", "handed_in"))

    def _offer(self, folder: str, name: str, raw: bytes, kind: str, words: tuple[str, str]) -> str:
        """Keep a file, and give the HTML to download it and to say where it is."""
        path = self.session.work / folder / name
        link, kept = words
        told = Message(f"report_button.{kept}", path=path)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_suffix(".part")
            part.write_bytes(raw)
            os.replace(part, path)
        except OSError:
            told = Message("report_button.not_kept")
        address = f"data:{kind};base64,{base64.b64encode(raw).decode()}"
        offer = sentence(Message(f"report_button.{link}"), tag="span")
        return f'<p><a download="{name}" href="{address}">{offer}</a></p>{sentence(told)}'
