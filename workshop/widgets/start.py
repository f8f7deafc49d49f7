"""First page: the table's name, a clean sheet, and taking everything back."""

from __future__ import annotations

import ipywidgets as w

from workshop.session import Session
from workshop.texts import Message
from workshop.widgets.answer_field import AnswerField
from workshop.widgets.base import View, fold, row, say
from workshop.work import next_group

COPIES = ("reports", "exports", "handin")
"""Folders in the work folder with files that were made of a table's answers."""


class StartTable(View):
    """Name of the table, what is kept and where, start anew, delete all."""

    def __init__(self, session: Session):
        super().__init__(session)
        self.name = AnswerField(
            session, "table-name", Message("start.name"), Message("start.name_hint"), single_line=True
        )
        self.sure = w.Checkbox(description=str(Message("start.sure")), indent=False, layout=w.Layout(width="auto"))
        self.result = w.HTML()
        self.children = [
            self.name,
            say(Message("start.kept", folder=session.store.folder)),
            fold(
                Message("start.more"),
                say(Message("start.new_why")),
                row(self.button(Message("start.new"), self._new)),
                say(Message("start.delete_why")),
                row(self.sure, self.button(Message("start.delete"), self._delete, "gbo-danger")),
            ),
            self.result,
        ]

    def _new(self) -> None:
        store = self.session.store
        next_group(self.session.work, store.room)
        self._told(Message("start.new_done"))

    def _delete(self) -> None:
        if not self.sure.value:
            self._told(Message("start.not_sure"))
            return
        store = self.session.store
        told = store.delete_group()
        stuck = []
        for path in (p for name in COPIES for p in (self.session.work / name).glob(f"*{store.group}-*")):
            try:
                path.unlink()
            except OSError:
                stuck.append(path.name)
        if stuck:
            told = Message("answers.not-deleted", files=stuck)
        self.sure.value = False
        self.session.reload()
        self.name.clear_drafts(f"{store.room}/{store.group}/")
        self.session.touched(None)
        self._told(told)

    def _told(self, message: Message) -> None:
        self.result.value = say(message, "gbo-notice").value
