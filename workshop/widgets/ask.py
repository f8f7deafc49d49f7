"""Questions of the register as people answer them: choices, texts and dates, of the table or of each seat alone."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from itertools import groupby

import ipywidgets as w

from workshop.domain.questions import RegisterEntry, about, questions
from workshop.session import Session
from workshop.texts import Message
from workshop.widgets.answer_field import AnswerField, OwnText
from workshop.widgets.base import View, row, say, sentence
from workshop.widgets.choices import Choices
from workshop.widgets.seats import PEOPLE, SeatBar, is_tables_turn


class Ask(View):
    """Some questions of ``data/questions``: what a trainer adds there, shows here.

    Parameters
    ----------
    session : Session
    what : str or iterable of RegisterEntry
        A set, a page or a pattern, as for `workshop.domain.questions.questions`; or the questions themselves.
    person : bool, default False
        Whether questions that table and persons both answer are asked of each seat alone.
    spread : bool, default True
        Whether the spread of what seats chose is shown, from five people on.

    Examples
    --------
    >>> Ask(session, "who-are-we")                                                        # doctest: +SKIP
    """

    def __init__(
        self, session: Session, what: str | Iterable[RegisterEntry], *, person: bool = False, spread: bool = True
    ):
        super().__init__(session)
        entries = questions(what) if isinstance(what, str) else list(what)
        self.entries = [entry for entry in entries if "*" not in entry.id]
        intro = about(what).get("intro") if entries[0].set == what else None
        self.person = person
        self.choices: list[Choices] = []
        self.own_texts: list[tuple[w.VBox, RegisterEntry]] = []
        self.made: dict[str, OwnText] = {}  # of these, since somebody first took a seat
        self.by_table: list[Choices] = []
        self.seated: str | None = None  # whose texts stand there
        self.on_paper = False  # the table said that it chose on paper
        self.seats = [entry for entry in self.entries if self._is_alone(entry)]
        self.hint = say(Message("seat.private"), "gbo-hint")
        texts = [entry for entry in self.entries if entry.written]
        private = [entry for entry in texts if entry.visibility == "private"]
        asked: list[w.Widget] = [say(intro)] if intro else []
        if private and private == texts:
            asked.append(say(Message("reflection.private"), "gbo-hint"))
        for (alone, _columns, _heading), group in groupby(self.entries, self._together):
            block = list(group)
            asked += _headings(block[0])
            if alone and self.hint not in asked:
                asked += [self.hint, SeatBar(session, self.seats)]
            if block[0].written:
                asked += [self._written(entry, alone) for entry in block]
            else:
                made = Choices(session, block, person=alone, spread=spread)
                self.choices.append(made)
                asked.append(made)
                if not alone and any(before.person for before in self.choices):
                    self.by_table.append(made)
        if private:
            asked.append(self.live(partial(released, session, private), items=tuple(entry.id for entry in private)))
        if self.by_table:
            skip = self.button(Message("seat.skip"), partial(self._choose_on_paper, True))
            self.later = w.VBox([say(Message("seat.table_later"), "gbo-hint"), row(skip)])
            asked.append(self.later)
        self.children = asked
        self.hear(partial(self._choose_on_paper, False), "begun_again")
        self.follow(self._sit, "seat", items=(PEOPLE, *(entry.id for entry in self.seats)))

    def _together(self, entry: RegisterEntry) -> tuple[bool, tuple[str, ...], str]:
        """What questions have in common that stand in one block."""
        alone = self._is_alone(entry)
        columns = tuple(option.column for option in entry.options_for(alone))
        return alone, columns, entry.more.get("heading", "")

    def _is_alone(self, entry: RegisterEntry) -> bool:
        return entry.owner == "person" or (entry.owner == "either" and self.person)

    def _choose_on_paper(self, on_paper: bool) -> None:
        self.on_paper = on_paper
        self._sit()

    def _written(self, entry: RegisterEntry, alone: bool) -> w.Widget:
        if alone:  # shown to who takes a seat
            box = w.VBox()
            self.own_texts.append((box, entry))
            return box
        return OwnText(self.session, entry) if entry.visibility == "private" else written(self, entry)

    def _sit(self) -> None:
        seat = self.session.seat
        self.hint.layout.display = "none" if seat else ""
        for made in self.choices:
            if made.person:
                made.grid.layout.display = "" if seat else "none"
        if self.by_table:
            turn = is_tables_turn(self.session, self.seats) or (self.on_paper and seat is None)
            self.later.layout.display = "none" if turn or seat else ""
            for part in self.by_table:
                part.layout.display = "" if turn else "none"
        if seat != self.seated:
            for box, entry in self.own_texts:
                box.children = [self._own_text(entry, seat)] if seat else []
            if seat is None:
                for text in self.made.values():
                    text.sit(None)
            self.seated = seat

    def _own_text(self, entry: RegisterEntry, seat: str) -> OwnText:
        if entry.id in self.made:
            self.made[entry.id].sit(seat)
        else:
            self.made[entry.id] = OwnText(self.session, entry, seat)
        return self.made[entry.id]


def _headings(entry: RegisterEntry) -> list[w.Widget]:
    tags = {"heading": "h3", "above": "p"}
    told = "".join(sentence(entry.more[key], tag=tag) for key, tag in tags.items() if key in entry.more)
    return [w.HTML(f'<div class="gbo-step">{told}</div>')] if told else []


def written(view: View, entry: RegisterEntry) -> AnswerField:
    """The field of a text or a date."""
    single = entry.more.get("lines") == 1
    return AnswerField(view.session, entry.id, entry.text, entry.hint, single_line=single, date=entry.kind == "date")


def released(session: Session, entries: Iterable[RegisterEntry]) -> str:
    """Texts that their authors released, as HTML, below their questions."""
    told = ""
    for entry in entries:
        texts = session.store.released(entry.id)
        if texts:
            told += sentence(entry.text, tag="h4")
            told += "".join(sentence(text, "gbo-released", "div") for text in texts)
    return sentence(Message("reflection.released"), tag="h3") + told if told else ""
