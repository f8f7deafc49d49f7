"""The factor-to-role table as a conversation: what each row says, and where rows pull apart. Nothing is added up."""

from __future__ import annotations

from collections.abc import Iterable

import ipywidgets as w

from workshop.domain import governance, roles
from workshop.session import Session
from workshop.texts import Message, either
from workshop.widgets.answer_field import AnswerField
from workshop.widgets.base import View, details, fold, say, sentence, sentences, table_html
from workshop.widgets.choices import Choices, Question

PLACES = ("first", "second")
OPEN_ANSWERS = ("unknown", "differ")
NOW, LATER = "", ".in-two-years"


class FactorTable(View):
    """Judge each factor, alone and as a table, now, in two years and per partner; see what the rows say."""

    def __init__(self, session: Session):
        super().__init__(session)
        self.levels: dict[str, list[roles.FactorRow]] = {}
        for row in roles.factor_table():
            self.levels.setdefault(row.factor, []).append(row)
        own = {place: str(Message(f"factors.column.{place}")) for place in PLACES}
        own["unknown"] = str(Message("factors.own_unknown"))
        asked = [*self._questions(NOW, "factors.now"), *self._questions(LATER, "factors.in_two_years")]
        self.alone = Choices(session, asked, own, own=True)
        self.now = self._choices("caption", self._questions(NOW))
        self.later = self._choices("later", self._questions(LATER))
        self.partners = self._choices("partners", ())
        factors = [(rows[0].label, factor) for factor, rows in self.levels.items()]
        self.factor = self.select(Message("factors.which"), self._ask_partners, factors)
        self.told = self.live(lambda: factor_findings(self._standing(NOW)), items="factor.")
        self.told_later = self.live(lambda: factor_findings(self._standing(LATER)), items="factor.")
        self.told_partners = w.HTML()
        self.watch("network", self._ask_partners)
        self.watch_answers("factor.", self._compare_partners)
        self._ask_partners()
        partners = (self.factor, self.partners, self.told_partners)
        self.children = [
            fold(Message("factors.fold.alone"), self.alone, say(Message("factors.see_differently"))),
            self.now,
            self.told,
            AnswerField(session, "note.factor-change", Message("why.change"), Message("factors.change_hint")),
            fold(Message("factors.fold.later"), self.later, self.told_later),
            fold(Message("factors.fold.partners"), *partners),
            w.HTML(self._whole()),
            say(roles.roles()["no_ideal"]),
        ]

    def _choices(self, name: str, questions: Iterable[Question]) -> Choices:
        columns = {place: str(Message(f"factors.column.{place}")) for place in (*PLACES, *OPEN_ANSWERS)}
        return Choices(
            self.session,
            questions,
            columns,
            note=self._note if name != "partners" else None,
            key=f"factor-{name}",
            caption=str(Message(f"factors.{name}")),
            empty=str(Message("structure.no_network")),
        )

    def _questions(self, when: str, said: str = "") -> list[Question]:
        return [
            self._question(factor, when, Message(said, factor=rows[0].label) if said else rows[0].label)
            for factor, rows in self.levels.items()
        ]

    def _question(self, factor: str, suffix: str, label: Message | str) -> Question:
        places = dict(zip(PLACES, self.levels[factor], strict=True))
        texts = {place: row.level_label for place, row in places.items()}
        values = {place: row.level for place, row in places.items()}
        return Question(f"factor.{factor}{suffix}", label, texts, values, group=factor)

    def _note(self, question: Question, level: str) -> str:
        if level in OPEN_ANSWERS:
            return str(Message(f"factor.{level}"))
        row = next((row for row in self.levels[question.group] if row.level == level), None)
        return f"{_row_says(row)}\n{governance.cite(row.source)}" if row else ""

    def _standing(self, when: str) -> dict[str, str | None]:
        return {factor: self.session.store.get(f"factor.{factor}{when}") for factor in self.levels}

    def _ask_partners(self) -> None:
        partners = self.session.network.organisations
        asked = [self._question(factor, f".partner.{o.id}", o.name) for factor in self.levels for o in partners]
        self.partners.ask(asked, self.factor.value)
        self._compare_partners()

    def _compare_partners(self) -> None:
        told = []
        for row in self.levels[self.factor.value]:
            asked = [question for question in self.partners.questions.values() if question.group == row.factor]
            names = [question.label for question in asked if self.partners.kept(question) == row.level]
            if names:
                told.append(Message("factors.partners_at", names=names, says=_row_says(row)))
        apart = sentence(Message("factors.partners_differ"), "gbo-notice") if len(told) > 1 else ""
        self.told_partners.value = sentences(told) + apart

    def _whole(self) -> str:
        table = roles.factor_table()
        rows = [[row.label, row.level_label, either(row.role_labels)] for row in table]
        caption = Message("factors.whole", source=governance.cite(table[0].source))
        return details(Message("factors.show_whole"), table_html(caption, [], rows) + sentence(Message("why.history")))


def _row_says(row: roles.FactorRow) -> Message:
    return Message("factor.row", factor=row.label, level=row.level_label, roles=either(row.role_labels))


def factor_findings(standing: dict[str, str | None]) -> str:
    """What the rows that apply have in common or not, as HTML; never a role.

    Parameters
    ----------
    standing : dict
        Factor to level; None, ``"unknown"`` and ``"differ"`` have no row.
    """
    rows = roles.rows_for(standing)
    if len(rows) < 2:
        return sentence(Message("factors.more_rows"), "gbo-hint")
    listed = [_row_says(row) for row in rows]
    shared = [role for role in roles.ROLES if all(role in row.roles for row in rows)]
    names = either(Message(f"role.{role}") for role in shared)
    closing = Message("factor.pull_apart") if roles.pull_apart(rows) else Message("factor.agree", roles=names)
    asked = [Message("why.change")]
    if any(row.factor == "history" for row in rows):
        asked.insert(0, Message("why.history"))
    return sentences(listed) + sentence(closing, "gbo-notice") + sentences(asked)
