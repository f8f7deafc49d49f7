"""What people write: private reflections, notes of the table, the agreement."""

from __future__ import annotations

from pathlib import Path

import anywidget
import ipywidgets as w
import traitlets as t

from workshop.domain import governance
from workshop.session import Session
from workshop.texts import Message
from workshop.widgets.answer_field import AnswerField
from workshop.widgets.base import View, say
from workshop.widgets.header import needs_seat
from workshop.widgets.private import own_text, released

AGREEMENT = ("what", "why", "owner", "date", "first-step")
NOTES = {"balance": ("size", "diversity", "power", "trust")}


class Clock(anywidget.AnyWidget):
    """A countdown that runs in the browser and can be stopped.

    Parameters
    ----------
    minutes : float
        How long.
    name : str
        What it is for, for screen readers.
    """

    _esm = Path(__file__).parent / "clock.js"

    minutes = t.Float().tag(sync=True)
    words = t.Dict().tag(sync=True)

    def __init__(self, minutes: float, name: str):
        words = {word: str(Message(f"clock.{word}")) for word in ("start", "stop", "again", "over")}
        super().__init__(minutes=minutes, words={**words, "name": name})


class Reflection(View):
    """One round of reflection: alone, in pairs, at the table; released or deleted by its author only.

    Parameters
    ----------
    session : Session
    round : {1, 2}
    """

    def __init__(self, session: Session, round: int):
        super().__init__(session)
        self.seats, self.released = w.VBox(), w.HTML()
        self.own: list[tuple[w.VBox, list[dict]]] = []
        self.questions: dict[str, str] = {}
        children: list[w.Widget] = [say(Message("reflection.private"), "gbo-hint"), self.seats]
        for step in governance.reflection_steps(round):
            box = w.VBox()
            head = [say(step["title"], tag="h3"), say(step["text"]), Clock(step["minutes"], step["title"])]
            children += [*head, box]
            self.questions |= {question["id"]: question["question"] for question in step["questions"]}
            if step["id"] == "table":
                box.children = [self._field(question, None) for question in step["questions"]]
            else:
                self.own.append((box, step["questions"]))
        self.watch("seat", self._show)
        self.watch_answers("reflection", self._show_released)
        self.children = [*children, self.released]
        self._show()
        self._show_released()

    def _field(self, question: dict, person: str | None) -> w.Widget:
        return own_text(self, question["id"], question["question"], question.get("help", ""), person)

    def _show(self) -> None:
        seat = self.session.seat
        self.seats.children = needs_seat(self.session)[1 if seat else 0 :]
        for box, questions in self.own:
            box.children = [self._field(question, seat) for question in questions] if seat else []

    def _show_released(self) -> None:
        self.released.value = released(self.session, self.questions)


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
            AnswerField(
                session, f"note.{topic}.{key}", Message(f"notes.{topic}.{key}"), Message(f"notes.{topic}.{key}_hint")
            )
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
