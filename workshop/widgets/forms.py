"""How are we steered: the private opening question, and the three forms as ideal types."""

from __future__ import annotations

import ipywidgets as w

from workshop.domain import governance
from workshop.drawing import form_picture
from workshop.session import Session
from workshop.texts import Message
from workshop.widgets.base import View, say, sentence, sentences
from workshop.widgets.grid import Grid
from workshop.widgets.header import needs_seat


class Opening(View):
    """The private opening question by pictures: on paper, and in practice.

    Parameters
    ----------
    session : Session
    """

    def __init__(self, session: Session):
        super().__init__(session)
        self.asked = governance.opening()
        figures = "".join(
            f"<figure>{form_picture(option['id'])}<figcaption>{sentence(option['name'], tag='strong')}"
            f"{sentence(option['text'])}</figcaption></figure>"
            for option in self.asked["option"]
        )
        self.pictures = w.HTML(f'<div class="gbo-pictures">{figures}</div>')
        self.own = w.VBox()
        self.watch("seat", self._show)
        self.watch_answers("opening.", self._fill)
        self.children = [say(self.asked["intro"]), self.pictures, self.own]
        self.grid: Grid | None = None
        self._show()

    def _show(self) -> None:
        if self.session.seat is None:
            self.grid, self.own.children = None, needs_seat(self.session)
            return
        columns = [{"id": option["id"], "label": option["name"], "type": "radio"} for option in self.asked["option"]]
        self.grid = Grid(self.session, self._edited, columns=columns)
        self._fill()
        self.own.children = [self.grid, *needs_seat(self.session)[1:]]

    def _fill(self) -> None:
        if self.grid is not None:
            self.grid.rows = [
                {
                    "id": question["id"],
                    "label": question["label"],
                    "choice": self.session.store.get(f"opening.{question['id']}", self.session.seat),
                }
                for question in self.asked["question"]
            ]

    def _edited(self, question: str, _column: str, value: str) -> None:
        self.session.save(f"opening.{question}", value, person=self.session.person_for(True))


class OpeningBack(View):
    """The opening answers back on screen, as a spread, from five people on.

    Parameters
    ----------
    session : Session
    """

    def __init__(self, session: Session):
        super().__init__(session)
        self.shown = w.HTML()
        self.watch_answers("opening.", self._show)
        self.children = [self.shown]
        self._show()

    def _show(self) -> None:
        asked = governance.opening()
        store = self.session.store
        parts = []
        for question in asked["question"]:
            spread = store.spread(f"opening.{question['id']}")
            parts.append(sentence(question["label"], tag="h4"))
            if spread is None:
                parts.append(sentence(Message("opening.too_few", n=store.answered(f"opening.{question['id']}")), "gbo-hint"))
                continue
            counted = [
                Message("opening.counted", n=spread.get(option["id"], 0), option=option["name"]) for option in asked["option"]
            ]
            parts.append(sentences(counted))
        self.shown.value = "".join(parts) + sentence(Message("opening.differ"))


class Forms(View):
    """Three forms as ideal types: what each asks for, its tensions, and where the group sees itself.

    Parameters
    ----------
    session : Session
    """

    def __init__(self, session: Session):
        super().__init__(session)
        self.forms = governance.forms()
        store = session.store
        columns = [{"id": form["id"], "label": form["name"], "type": "radio"} for form in self.forms["form"]]
        columns.append({"id": "unknown", "label": str(Message("forms.unknown")), "type": "radio"})
        self.fit = Grid(
            session,
            self._edited,
            key=f"{store.room}/{store.group}/form-standing",
            caption=str(Message("forms.fit")),
            columns=columns,
        )
        self.watch_answers("form-standing.", self._show)
        told = "".join(
            f"<li>{sentence(form['name'], tag='strong')} {sentence(form['text'], tag='span')}</li>" for form in self.forms["form"]
        )
        self.children = [
            w.HTML(f"{sentence(self.forms['about'])}<ul>{told}</ul>"),
            say(Message("forms.mark")),
            self.fit,
            w.HTML(self._tensions()),
            w.HTML(sentence(self.forms["hypothesis"], "gbo-hint") + sentence(self.forms["hybrid"], "gbo-hint")),
        ]
        self._show()

    def _show(self) -> None:
        self.fit.rows = [
            {
                "id": criterion["id"],
                "label": criterion["name"],
                "choice": self.session.store.get(f"form-standing.{criterion['id']}"),
                "texts": {form["id"]: criterion[form["id"]] for form in self.forms["form"]},
            }
            for criterion in self.forms["criterion"]
        ]

    def _edited(self, criterion: str, _column: str, value: str) -> None:
        self.session.save(f"form-standing.{criterion}", value)

    def _tensions(self) -> str:
        forms = self.forms["form"]
        head = "".join(sentence(text, tag="th") for text in ("", *(form["name"] for form in forms)))
        rows = ""
        for tension in self.forms["tension"]:
            poles = sentence(f"{tension['left']} ↔ {tension['right']}", tag="th")
            rows += f"<tr>{poles}{''.join(sentence(tension[form['id']], tag='td') for form in forms)}</tr>"
        caption = sentence(Message("forms.tensions"), tag="caption")
        return f'<table class="gbo-table">{caption}<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
