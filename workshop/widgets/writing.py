"""What people write: private reflections, the agreement; and the clock that goes with writing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

import anywidget
import ipywidgets as w
import traitlets as t

from workshop.domain import governance
from workshop.session import Session
from workshop.texts import Message
from workshop.widgets.answer_field import AnswerField
from workshop.widgets.base import View, kit, row, say, sentence
from workshop.widgets.header import SeatPicker

AGREEMENT = ("what", "why", "owner", "date", "first-step")


class Clock(anywidget.AnyWidget):
    """A countdown that runs in the browser and can be stopped.

    Parameters
    ----------
    minutes : float
        How long.
    name : str
        What it is for, for screen readers.
    """

    _esm = kit("clock.js")

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
        self.own: list[tuple[w.VBox, list[dict]]] = []
        self.alone = say(Message("seat.private"), "gbo-hint")
        parts: list[w.Widget] = [say(Message("reflection.private"), "gbo-hint"), self.alone, SeatPicker(session)]
        questions: dict[str, str] = {}
        for step in governance.reflection_steps(round):
            box, together = w.VBox(), step["id"] == "table"
            parts += [say(step["title"], tag="h3"), say(step["text"]), Clock(step["minutes"], step["title"]), box]
            questions |= {question["id"]: question["question"] for question in step["questions"]}
            if together:
                box.children = self._fields(step["questions"], None)
            else:
                self.own.append((box, step["questions"]))
        self.watch("seat", self._sit)
        self.children = [*parts, self.live(lambda: released(session, questions), items="reflection")]
        self._sit()

    def _fields(self, questions: list[dict], person: str | None) -> list[w.Widget]:
        return [own_text(self, asked["id"], asked["question"], asked.get("help", ""), person) for asked in questions]

    def _sit(self) -> None:
        seat = self.session.seat
        self.alone.layout.display = "none" if seat else ""
        for box, questions in self.own:
            box.children = self._fields(questions, seat) if seat else []


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
    """One agreement, with an owner and a date; the date is written as people here write it, and kept as written."""

    def _parts(self) -> Sequence[w.Widget]:
        fields = {
            key: AnswerField(
                self.session,
                f"agreement.{key}",
                Message(f"agreement.{key}"),
                Message(f"agreement.{key}_hint"),
                single_line=key in ("owner", "date"),
                shown=(lambda kept: day(kept) or kept) if key == "date" else str,
            )
            for key in AGREEMENT
        }
        no_day = self.live(self._no_day, items="agreement.date")
        return [w.VBox([field, no_day]) if key == "date" else field for key, field in fields.items()]

    def _no_day(self) -> str:
        kept = str(self.session.store.get("agreement.date") or "").strip()
        return sentence(Message("agreement.no_day"), "gbo-hint") if kept and not day(kept) else ""


def day(text: str) -> str:
    """A day as people here write it, such as ``15/01/2027``; empty where the text is no day.

    Parameters
    ----------
    text : str
        Such as ``"15/1/2027"``, or ``"2027-01-15"`` as older pages kept it.
    """
    for form in ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d"):
        with suppress(ValueError):
            return datetime.strptime(text.strip(), form).strftime("%d/%m/%Y")
    return ""
