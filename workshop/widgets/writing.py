"""What people write: private reflections, the agreement."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

import ipywidgets as w

from workshop.domain import governance
from workshop.domain.questions import questions
from workshop.session import Session
from workshop.texts import Message
from workshop.widgets.answer_field import AnswerField
from workshop.widgets.base import Parts, View, row, say, sentence
from workshop.widgets.header import SeatPicker

ISO = "%Y-%m-%d"


class Reflection(View):
    """One round of reflection: alone, in pairs, at the table; released or deleted by its author only.

    Parameters
    ----------
    session : Session
    round : {1, 2}
    """

    def __init__(self, session: Session, round: int):
        super().__init__(session)
        self.steps = [(step, w.VBox()) for step in governance.reflection_steps(round)]
        asked = {question["id"]: question["question"] for step, _ in self.steps for question in step["questions"]}
        self.alone = say(Message("seat.private"), "gbo-hint")
        parts: list[w.Widget] = [say(Message("reflection.private"), "gbo-hint"), self.alone, SeatPicker(session)]
        for step, box in self.steps:
            parts += [say(step["title"], tag="h3"), say(step["text"]), box]
        self.watch("seat", self._sit)
        self._sit()
        self.children = [*parts, self.live(lambda: released(session, asked), items="reflection")]

    def _sit(self) -> None:
        seat = self.session.seat
        self.alone.layout.display = "none" if seat else ""
        for step, box in self.steps:
            together = step["id"] == "table"
            shown = step["questions"] if seat or together else []
            box.children = [
                own_text(self, asked["id"], asked["question"], asked.get("help", ""), None if together else seat)
                for asked in shown
            ]


def own_text(
    view: View, item: str, label: Message | str, hint: Message | str = "", person: str | None = None
) -> w.VBox:
    """An `AnswerField` in a view, with what its author may do: release it, take that back, delete it for good.

    Without a person the whole table is the author.
    """
    session, store, who = view.session, view.session.store, "own" if person else "table"
    field = AnswerField(session, item, label, hint, person=person)
    state = w.HTML()

    def tell(_change: Any = None) -> None:
        out = any(head.visibility == "released" for head in store.heads(item, person))
        state.value = sentence(Message(f"own_text.{who}.{'shared' if out else 'hidden'}"), "gbo-hint")

    def button(word: str, act: Callable[[str, str | None], Any], look: str = "") -> w.Button:
        def changed() -> None:
            act(item, person)
            tell()
            session.touched(item)

        return view.button(Message(word), changed, look)

    def delete(item: str, person: str | None) -> None:
        store.delete(item, person)
        field.clear_drafts(field.key)
        session.notice = Message("reflection.deleted")

    tell()
    field.observe(session.guard(tell), "acked")
    buttons = (
        button(f"own_text.{who}.release", store.release),
        button("reflection.withdraw", store.withdraw),
        button(f"own_text.{who}.delete", delete, "gbo-danger"),
    )
    return w.VBox([field, state, row(*buttons)])


def released(session: Session, questions: Mapping[str, str]) -> str:
    """Texts that their authors released, as HTML: item to its question."""
    told = ""
    for item, question in questions.items():
        texts = session.store.released(item)
        told += sentence(question, tag="h4") if texts else ""
        told += "".join(sentence(text, "gbo-released", "div") for text in texts)
    return sentence(Message("reflection.released"), tag="h3") + told if told else ""


class Agreement(View):
    """One agreement, with an owner and a date."""

    def _parts(self) -> Parts:
        parts: list[w.Widget] = []
        for entry in questions("agreement"):
            look: dict[str, Any] = {"single_line": entry.more["lines"] == 1}
            if entry.kind == "date":
                look |= {"shown": lambda kept: day(kept) or kept, "kept": lambda text: day(text, ISO) or text}
            parts.append(AnswerField(self.session, entry.id, entry.text, entry.hint, **look))
            if entry.kind == "date":
                parts.append(self.live(self._no_day, items=entry.id))
        return parts

    def _no_day(self) -> str:
        kept = str(self.session.store.get("agreement.date") or "").strip()
        return sentence(Message("agreement.no_day"), "gbo-hint") if kept and not day(kept) else ""


def day(text: str, form: str = "%d/%m/%Y") -> str:
    """A day as people here write it or as it is kept, in another form; empty where the text is no day."""
    for known in ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", ISO):
        with suppress(ValueError):
            return datetime.strptime(text.strip(), known).strftime(form)
    return ""
