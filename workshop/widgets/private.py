"""What one seat answers alone: choices with their spread, and texts that only their author releases or deletes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import ipywidgets as w

from workshop.session import Session
from workshop.texts import Message
from workshop.widgets.answer_field import AnswerField
from workshop.widgets.base import View, row, sentence, sentences
from workshop.widgets.grid import Grid
from workshop.widgets.header import needs_seat


class OwnChoices(View):
    """Questions with one choice each that a seat answers alone; below them the spread, from five people on.

    Parameters
    ----------
    session : Session
    questions : sequence of dict
        ``id`` (of the item), ``label``, ``names`` (kept value to what it is called) and, where the same columns mean
        other things in other rows, ``places`` (column to kept value).
    columns : mapping of str to str
        Column to its heading.
    spread : bool, default True
        Whether the spread is shown at all.
    """

    def __init__(
        self, session: Session, questions: Sequence[dict[str, Any]], columns: Mapping[str, str], spread: bool = True
    ):
        super().__init__(session)
        self.questions: dict[str, dict[str, Any]] = {}
        self.columns = [{"id": id, "label": label, "type": "radio"} for id, label in columns.items()]
        self.grid: Grid | None = None
        self.own, self.seen = w.VBox(), w.HTML()
        self.spread = spread
        self.watch("seat", self._show)
        self.watch("answered", self._heard)
        self.children = [self.own, self.seen]
        self.ask(questions)

    def ask(self, questions: Sequence[dict[str, Any]]) -> None:
        """Ask these questions from now on."""
        self.questions = {question["id"]: question for question in questions}
        self._show()

    def _heard(self) -> None:
        if self.session.answered[0] in (None, *self.questions):
            self._fill()

    def _show(self) -> None:
        if self.session.seat is None:
            self.grid, self.own.children = None, needs_seat(self.session)
        else:
            self.grid = Grid(self.session, self._edited, columns=self.columns)
            self.own.children = [self.grid, *needs_seat(self.session)[1:]]
        self._fill()

    def _fill(self) -> None:
        store, seat = self.session.store, self.session.seat
        if self.grid is not None:
            self.grid.rows = [self._row(question, store.get(id, seat)) for id, question in self.questions.items()]
        if self.spread:
            few = all(store.spread(id) is None for id in self.questions)
            first = max(self.questions, key=store.answered)
            told = [
                sentence(question["label"], tag="h4") + spread(self.session, id, question["names"])
                for id, question in self.questions.items()
            ]
            self.seen.value = spread(self.session, first, {}) if few else "".join(told)

    def _row(self, question: dict[str, Any], value: str | None) -> dict[str, Any]:
        places, names = question.get("places", {}), question["names"]
        choice = next((place for place, kept in places.items() if kept == value), value)
        texts = {place: names[kept] for place, kept in places.items()}
        return {"id": question["id"], "label": question["label"], "choice": choice, "texts": texts}

    def _edited(self, item: str, _column: str, place: str) -> None:
        value = self.questions[item].get("places", {}).get(place, place)
        self.session.save(item, value, person=self.session.person_for(True))


def spread(session: Session, item: str, names: Mapping[str, str]) -> str:
    """How often each answer was given, as HTML; below five people only how many answered."""
    counts = session.store.spread(item)
    if counts is None:
        return sentence(Message("opening.too_few", n=session.store.answered(item)), "gbo-hint")
    return sentences(Message("opening.counted", n=counts.get(value, 0), option=name) for value, name in names.items())


def own_text(
    view: View, item: str, label: Message | str, hint: Message | str = "", person: str | None = None
) -> w.VBox:
    """A text field with what its author may do: release it, take that back, delete it for good.

    Parameters
    ----------
    view : View
        Where it stands.
    item, label, hint, person
        As for `AnswerField`; without a person the whole table is the author.
    """
    session, who = view.session, "own" if person else "table"
    field = AnswerField(session, item, label, hint, person=person)
    state = w.HTML()

    def tell(_change: Any = None) -> None:
        out = any(head.visibility == "released" for head in session.store.heads(item, person))
        state.value = sentence(Message(f"own_text.{who}.{'shared' if out else 'hidden'}"), "gbo-hint")

    def changed(act: Callable[[str, str | None], Any]) -> None:
        act(item, person)
        tell()
        session.touched(item)

    def delete() -> None:
        changed(session.store.delete)
        field.clear_drafts(field.key)
        session.notice = Message("reflection.deleted")

    tell()
    field.observe(session.guard(tell), "acked")
    release, withdraw = session.store.release, session.store.withdraw
    buttons = row(
        view.button(Message(f"own_text.{who}.release"), lambda: changed(release)),
        view.button(Message("reflection.withdraw"), lambda: changed(withdraw)),
        view.button(Message(f"own_text.{who}.delete"), delete, "gbo-danger"),
    )
    return w.VBox([field, state, buttons])


def released(session: Session, questions: Mapping[str, str]) -> str:
    """Texts that their authors released, as HTML: item to its question."""
    parts = []
    for item, question in questions.items():
        texts = session.store.released(item)
        if texts:
            parts.append(sentence(question, tag="h4"))
            parts += [sentence(text, "gbo-released", "div") for text in texts]
    return sentence(Message("reflection.released"), tag="h3") + "".join(parts) if parts else ""
