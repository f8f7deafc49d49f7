"""First page and last: the table's name, a clean sheet, taking everything back; the report, and handing in."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import ipywidgets as w

from workshop.answers.copies import copy_of
from workshop.answers.database import next_group
from workshop.answers.files import noting_files
from workshop.answers.handin import hand_in
from workshop.answers.names import own_stem
from workshop.domain.questions import question
from workshop.session import Session
from workshop.texts import Message
from workshop.widgets.answer_field import AnswerField
from workshop.widgets.base import Parts, View, fold, offered, row, say, sentence
from workshop.widgets.choices import Choices
from workshop.widgets.seats import PEOPLE
from workshop.work import write_whole

FOUND = ("structure.", "factor.", "form-standing.", "judgement.", "opening.", "role.", "task.situation.")
"""Beginnings of the items that `Results` shows."""


class StartTable(View):
    """Name of the table, what is kept and where, start anew, delete all."""

    def _parts(self) -> Parts:
        asked = question("table-name")
        self.name = AnswerField(self.session, asked.id, asked.text, asked.hint, single_line=True)
        self.people = Choices(self.session, [question(PEOPLE)])
        self.people.add_class("gbo-short")
        self.sure = w.Checkbox(description=str(Message("start.sure")), indent=False, layout=w.Layout(width="auto"))
        self.result = w.HTML()
        take = str(Message("start.copy_take"))
        self.upload = w.FileUpload(accept=".json", description=take, layout=w.Layout(width="auto"))
        self.upload.observe(self.session.guard(self._taken), "value")
        self.copy = w.HTML()
        if self.session.room:  # its copy would hold what telephones wrote, and its files are on the trainer's laptop
            return [self.name, self.people, say(Message("start.kept_in_room"))]
        more = fold(
            Message("start.more"),
            say(Message("start.new_why")),
            row(self.button(Message("start.new"), self._new)),
            say(Message("start.copy_why")),
            row(self.button(Message("start.copy"), self._copy), self.upload),
            self.copy,
            say(Message("start.delete_why")),
            row(self.sure, self.button(Message("start.delete"), self._delete, "gbo-danger")),
        )
        return [self.name, self.people, say(Message("start.kept", folder=self.session.store.folder)), more, self.result]

    def _new(self) -> None:
        next_group(self.session.work, self.session.store.room)
        self._tell(Message("start.new_done"))

    def _copy(self) -> None:
        name = f"{own_stem(self.session.store, 'copy')}.json"
        offer = offered(name, copy_of(self.session.store), Message("start.copy_download"))
        self.copy.value = offer + sentence(Message("start.copy_private"))

    def _taken(self, change) -> None:
        if not change.new:
            return
        sent, self.upload.value = change.new[0], ()  # a file's content must not stay in the page
        self._tell(self.session.take_copy(bytes(sent["content"]), sent["name"]))

    def _delete(self) -> None:
        if not self.sure.value:
            self._tell(Message("start.not_sure"))
            return
        told = self.session.delete_group()
        self.sure.value = False
        self.copy.value = ""
        self.name.send({"kind": "forget", "generation": self.session.store.generation})
        self._tell(told)

    def _tell(self, message: Message) -> None:
        self.result.value = sentence(message, "gbo-notice")


class Results(View):
    """What the table found today, in short, to have before its eyes when it agrees.

    Parameters
    ----------
    session : Session
    make : callable
        Takes the session; gives HTML, empty where nothing was found.
    """

    def __init__(self, session: Session, make: Callable[[Session], str]):
        super().__init__(session)
        self.make = make
        self.children = [self.live(self._found, "network", "structure", items=FOUND)]

    def _found(self) -> str:
        found = self.make(self.session)
        if not found:
            return sentence(Message("results.nothing"), "gbo-hint")
        return f'<div style="max-width:38rem">{sentence(Message("results.title"), tag="h3")}{found}</div>'


class ReportButton(View):
    """Make the report, and hand in the table's answers: each a file to download, kept in the work folder too.

    Parameters
    ----------
    session : Session
    make_report, make_word : callable
        Take the session; the first returns one self-contained HTML page, the second a Word document.
    """

    def __init__(self, session: Session, make_report: Callable[[Session], str], make_word: Callable[[Session], bytes]):
        super().__init__(session)
        self.result, self.handed_in = w.HTML(), w.HTML()
        report = partial(self._report, "html", lambda: make_report(session).encode("utf-8"))
        word = partial(self._report, "docx", partial(make_word, session))
        buttons = row(
            self.button(Message("report_button.make"), report, "gbo-main"),
            self.button(Message("report_button.make_word"), word),
        )
        self.children = [buttons, self.result]
        if not session.room:  # there the trainer has it already
            hand = row(self.button(Message("report_button.hand_in"), self._hand_in))
            self.children = [*self.children, say(Message("report_button.in_it"), "gbo-hint"), hand, self.handed_in]

    def _report(self, ending: str, make: Callable[[], bytes]) -> None:
        name = f"{own_stem(self.session.store, 'report')}.{ending}"
        self.result.value = self._offer("reports", lambda: (name, make()), ("download", "kept"))

    def _hand_in(self) -> None:
        self.handed_in.value = self._offer("handin", lambda: hand_in(self.session.store), ("take", "handed_in"))

    def _offer(self, folder: str, make: Callable[[], tuple[str, bytes]], words: tuple[str, str]) -> str:
        """Make a file, keep it, and give the HTML to download it and to say where it is."""
        with noting_files(self.session.work) as made_of:
            made_of.append(self.session.store.where)
            name, raw = make()
            path = self.session.work / folder / name
            told = Message("report_button.in_room" if self.session.room else f"report_button.{words[1]}", path=path)
            try:
                write_whole(path, raw)
            except OSError:
                told = Message("report_button.not_kept")
        return offered(name, raw, Message(f"report_button.{words[0]}")) + sentence(told)
