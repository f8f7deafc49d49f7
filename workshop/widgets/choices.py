"""Questions with fixed choices: of the table, or of each seat alone with their spread; and the tasks made of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

import ipywidgets as w

from workshop.domain import governance
from workshop.session import Session
from workshop.texts import Message
from workshop.widgets.base import View, say, sentence, sentences
from workshop.widgets.grid import Grid
from workshop.widgets.header import SeatPicker


class Question(NamedTuple):
    """A row with one choice, kept under an item.

    Where they are not the column's own: `texts` is what stands in its cell, `values` what is kept. `row` is the id of
    the row where several rows share an item; `group` what it belongs to where not all rows are shown at a time.
    """

    item: str
    label: Message | str
    texts: Mapping[str, str] = {}
    values: Mapping[str, str] = {}
    row: str = ""
    group: str = ""

    @property
    def id(self) -> str:
        """Id of the row."""
        return self.row or self.item

    def value(self, column: str) -> str:
        """What is kept when this column is chosen."""
        return self.values.get(column, column)


class Choices(View):
    """Questions with one choice each; where seats answer alone, the spread stands below, from five people on.

    Parameters
    ----------
    session : Session
    questions : iterable of Question
    columns : mapping of str to str
        Column to its heading.
    own : bool, default False
        Whether each seat answers for itself alone; else it is the table's answer.
    spread : bool, default True
        Whether the spread of what seats answered is shown.
    note : callable, optional
        Takes a question and what is kept, and gives what stands below the row.
    **look
        ``caption`` and ``empty`` of the `Grid`.
    """

    def __init__(
        self,
        session: Session,
        questions: Iterable[Question],
        columns: Mapping[str, str],
        *,
        own: bool = False,
        spread: bool = True,
        note: Callable[[Question, str], str] | None = None,
        **look: Any,
    ):
        super().__init__(session)
        self.columns, self.own, self.note, self.spread = dict(columns), own, note, own and spread
        radios = [{"id": id, "label": label, "type": "radio"} for id, label in columns.items()]
        self.grid, self.seen = Grid(session, columns=radios, **look), w.HTML()
        self.below = [SeatPicker(session), self.seen] if own else []
        self.watch("answered", self._heard)
        self.watch("seat", self._sit)
        self.ask(questions)
        self._sit()

    def ask(self, questions: Iterable[Question], group: str | None = None) -> None:
        """Ask these questions from now on, and show those of one group only where that is said."""
        self.questions, self.group = {question.id: question for question in questions}, group
        self.fill()

    def fill(self) -> None:
        """Show what is kept."""
        shown = [question for question in self.questions.values() if self.group in (None, question.group)]
        self.grid.rows = [self._row(question) for question in shown]
        if self.spread:
            self.seen.value = spread(self.session, shown, self.columns)

    def kept(self, question: Question) -> Any:
        """The answer of the table, or of who sits at the keyboard."""
        seat = self.session.seat if self.own else None
        return None if self.own and seat is None else self.session.store.get(question.item, seat)

    def kept_as(self, question: Question) -> dict[str, Any]:
        """What a choice in this row is kept as, for the `Grid`."""
        seat = self.session.seat if self.own else None
        version = self.session.store.version(question.item, seat)
        return {"item": question.item, "person": seat, "version": version}

    def _sit(self) -> None:
        hidden = self.own and self.session.seat is None
        self.children = [say(Message("seat.private"), "gbo-hint") if hidden else self.grid, *self.below]
        self.fill()

    def _heard(self) -> None:
        if self.session.answered[0] in (None, *(question.item for question in self.questions.values())):
            self.fill()

    def _row(self, question: Question) -> dict[str, Any]:
        kept = self.kept(question)
        choice = next((column for column in self.columns if question.value(column) == kept), None)
        note = self.note(question, kept) if self.note and kept else ""
        shown = {"id": question.id, "label": str(question.label), "choice": choice, "texts": dict(question.texts)}
        shown |= {"values": dict(question.values), **self.kept_as(question)}
        return {**shown, "note": note} if note else shown


def spread(session: Session, questions: Iterable[Question], columns: Mapping[str, str]) -> str:
    """How often each answer was given, as HTML; below five people only how many answered."""
    told, most, enough = "", 0, False
    for question in questions:
        counts, answered = session.store.spread(question.item), session.store.answered(question.item)
        most, enough = max(most, answered), enough or counts is not None
        if not answered:
            continue
        names = {question.value(id): question.texts.get(id, name) for id, name in columns.items()}
        counted = sentence(Message("opening.too_few", n=answered), "gbo-hint")
        if counts is not None:
            counted = sentences(Message("opening.counted", n=counts.get(id, 0), option=names[id]) for id in names)
        told += sentence(question.label, tag="h4") + counted
    return told if enough else sentence(Message("opening.too_few", n=most), "gbo-hint")


class Task(View):
    """A task of ``data/tasks``: choose a column for each row; then see what the source says, never a score.

    Parameters
    ----------
    session : Session
    id : str
        Name of the task, such as ``"who-does-what"``.
    """

    def __init__(self, session: Session, id: str):
        super().__init__(session)
        self.task = governance.task(id)
        self.rows = {f"task.{id}.{row['id']}": row for row in self.task["rows"]}
        self.names = {column["id"]: column["label"] for column in self.task["columns"]}
        asked = [Question(item, row["label"]) for item, row in self.rows.items()]
        self.choices = Choices(session, asked, self.names, note=self._note, caption=self.task["title"])
        self.children = [say(self.task["instruction"]), self.choices]

    def _note(self, question: Question, choice: str) -> str:
        row, said = self.rows[question.item], Message("task.open")
        if row["key"]:
            key = "task.same" if choice in row["key"] else "task.other"
            said = Message(key, choice=self.names.get(choice, choice), key=[self.names[id] for id in row["key"]])
        return f"{said} {row['feedback']}\n{governance.cite(row['source'])}"
