"""The report, made when the table asks for it and offered as a file."""

from __future__ import annotations

import base64
import os
import time
from collections.abc import Callable

import ipywidgets as w

from workshop.session import Session
from workshop.texts import Message
from workshop.widgets.base import View, sentence


class ReportButton(View):
    """Make the report: kept in the work folder, and a link to download it.

    Parameters
    ----------
    session : Session
    make_report : callable
        Takes the session and returns one self-contained HTML page.
    """

    def __init__(self, session: Session, make_report: Callable[[Session], str]):
        super().__init__(session)
        self.make_report = make_report
        self.result = w.HTML()
        self.children = [self.button(Message("report_button.make"), self._make, "gbo-main"), self.result]

    def _make(self) -> None:
        raw = self.make_report(self.session).encode("utf-8")
        name = f"report-{self.session.store.group}-{time.strftime('%Y%m%d-%H%M%S')}.html"
        path = self.session.work / "reports" / name
        told = sentence(Message("report_button.kept", path=path))
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_suffix(".part")
            part.write_bytes(raw)
            os.replace(part, path)
        except OSError:
            told = sentence(Message("report_button.not_kept"))
        link = f"data:text/html;charset=utf-8;base64,{base64.b64encode(raw).decode()}"
        words = sentence(Message("report_button.download"), tag="span")
        self.result.value = f'<p><a download="{name}" href="{link}">{words}</a></p>{told}'
