"""What people write: private reflections, notes of the table, the agreement."""

from __future__ import annotations

import ipywidgets as w

from workshop.domain import governance
from workshop.session import Session
from workshop.texts import Message
from workshop.widgets.answer_field import AnswerField
from workshop.widgets.base import View, row, say, sentence
from workshop.widgets.header import needs_seat

AGREEMENT = ("what", "why", "owner", "date", "first-step")
NOTES = {"balance": ("size", "diversity", "power", "trust")}


class Reflection(View):
    """One round of reflection questions: each person in private, released or deleted by its author only.

    Parameters
    ----------
    session : Session
    round : {1, 2}
    """

    def __init__(self, session: Session, round: int):
        super().__init__(session)
        self.questions = [question for question in governance.reflections() if question["round"] == round]
        self.own = w.VBox()
        self.released = w.HTML()
        self.watch("seat", self._show)
        self.watch_answers("reflection.", self._show_released)
        self.children = [self.own, self.released]
        self._show()
        self._show_released()

    def _show(self) -> None:
        seat = self.session.seat
        if seat is None:
            self.own.children = needs_seat(self.session)
            return
        fields: list[w.Widget] = []
        for question in self.questions:
            field = AnswerField(self.session, question["id"], question["question"], question.get("help", ""), person=seat)
            fields += [
                field,
                row(
                    self.button(Message("reflection.release"), lambda field=field: self._release(field)),
                    self.button(Message("reflection.withdraw"), lambda field=field: self._withdraw(field)),
                    self.button(Message("reflection.delete"), lambda field=field: self._delete(field), "gbo-danger"),
                ),
            ]
        self.own.children = [say(Message("reflection.private"), "gbo-hint"), *fields, *needs_seat(self.session)[1:]]

    def _release(self, field: AnswerField) -> None:
        self.session.store.release(field.item, field.person)
        self.session.touched(field.item)

    def _withdraw(self, field: AnswerField) -> None:
        self.session.store.withdraw(field.item, field.person)
        self.session.touched(field.item)

    def _delete(self, field: AnswerField) -> None:
        self.session.store.delete(field.item, field.person)
        field.clear_drafts(field.key)
        self.session.touched(field.item)
        self.session.notice = Message("reflection.deleted")

    def _show_released(self) -> None:
        parts = []
        for question in self.questions:
            texts = self.session.store.released(question["id"])
            if texts:
                parts.append(sentence(question["question"], tag="h4"))
                parts += [sentence(text, "gbo-released", "div") for text in texts]
        self.released.value = sentence(Message("reflection.released"), tag="h3") + "".join(parts) if parts else ""


class Notes(View):
    """Questions that the table answers together in writing.

    Parameters
    ----------
    session : Session
    topic : str
        A topic of `NOTES`.
    """

    def __init__(self, session: Session, topic: str):
        super().__init__(session)
        self.children = [
            AnswerField(session, f"note.{topic}.{key}", Message(f"notes.{topic}.{key}"), Message(f"notes.{topic}.{key}_hint"))
            for key in NOTES[topic]
        ]


class Agreement(View):
    """One agreement, with an owner and a date.

    Parameters
    ----------
    session : Session
    """

    def __init__(self, session: Session):
        super().__init__(session)
        self.children = [
            AnswerField(
                session,
                f"agreement.{key}",
                Message(f"agreement.{key}"),
                Message(f"agreement.{key}_hint"),
                single_line=key in ("owner", "date"),
                input_type="date" if key == "date" else "text",
            )
            for key in AGREEMENT
        ]
