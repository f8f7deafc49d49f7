"""The factor-to-role table as a conversation: what each row says, and where rows pull apart. Nothing is added up."""

from __future__ import annotations

from functools import partial

import ipywidgets as w

from workshop.domain import governance, roles
from workshop.texts import Message, either
from workshop.widgets.answer_field import AnswerField
from workshop.widgets.base import Parts, View, details, fold, say, sentence, sentences, table_html
from workshop.widgets.choices import Choices, Question

OPEN_ANSWERS = ("unknown", "differ")
NOW, LATER = "", ".in-two-years"


class FactorTable(View):
    """Judge each factor, alone and as a table, now, in two years and per partner; see what the rows say."""

    def _parts(self) -> Parts:
        self.levels: dict[str, list[roles.FactorRow]] = {}
        for row in roles.factor_table():
            self.levels.setdefault(row.factor, []).append(row)
        names = {factor: rows[0].label for factor, rows in self.levels.items()}
        asked = {when: [self._question(factor, when, name) for factor, name in names.items()] for when in (NOW, LATER)}
        self.now, self.later = self._choices("caption", asked[NOW]), self._choices("later", asked[LATER])
        self.told, told_later = (self.live(partial(self._findings, when), items="factor.") for when in (NOW, LATER))
        said = {NOW: "factors.now", LATER: "factors.in_two_years"}
        alone = [q._replace(label=Message(said[when], factor=q.label)) for when in said for q in asked[when]]
        own = {**self._columns("first", "second"), "unknown": str(Message("factors.own_unknown"))}
        self.alone = Choices(self.session, alone, own, own=True)
        self.partners, self.told_partners = self._choices("partners", []), w.HTML()
        which = w.Dropdown(options=[(name, factor) for factor, name in names.items()])
        self.factor = self.field(which, Message("factors.which"), self._ask_partners)
        self.watch("network", self._ask_partners)
        self.watch_answers("factor.", self._compare_partners)
        self._ask_partners()
        change = Message("why.change"), Message("factors.change_hint")
        return [
            fold(Message("factors.fold.alone"), self.alone, say(Message("factors.see_differently"))),
            self.now,
            self.told,
            AnswerField(self.session, "note.factor-change", *change),
            fold(Message("factors.fold.later"), self.later, told_later),
            fold(Message("factors.fold.partners"), self.factor, self.partners, self.told_partners),
            w.HTML(self._whole()),
            say(roles.roles()["no_ideal"]),
        ]

    @staticmethod
    def _columns(*names: str) -> dict[str, str]:
        return {name: str(Message(f"factors.column.{name}")) for name in names}

    def _choices(self, name: str, asked: list[Question]) -> Choices:
        columns, note = self._columns("first", "second", *OPEN_ANSWERS), None if name == "partners" else self._note
        caption, empty = str(Message(f"factors.{name}")), str(Message("structure.no_network"))
        return Choices(self.session, asked, columns, note=note, caption=caption, empty=empty)

    def _question(self, factor: str, suffix: str, label: str) -> Question:
        places = dict(zip(("first", "second"), self.levels[factor], strict=True))
        texts = {place: row.level_label for place, row in places.items()}
        values = {place: row.level for place, row in places.items()}
        return Question(f"factor.{factor}{suffix}", label, texts, values, group=factor)

    def _note(self, question: Question, level: str) -> str:
        if level in OPEN_ANSWERS:
            said = str(Message(f"factor.{level}"))
            return said[:1].upper() + said[1:]
        row = next((row for row in self.levels[question.group] if row.level == level), None)
        return f"{_row_says(row)}\n{governance.cite(row.source)}" if row else ""

    def _findings(self, when: str) -> str:
        return factor_findings({factor: self.session.store.get(f"factor.{factor}{when}") for factor in self.levels})

    def _ask_partners(self) -> None:
        partners = self.session.network.organisations
        asked = [self._question(factor, f".partner.{o.id}", o.name) for factor in self.levels for o in partners]
        self.partners.ask(asked, self.factor.value)
        self._compare_partners()

    def _compare_partners(self) -> None:
        told, asked = [], self.partners.questions.values()
        for row in self.levels[self.factor.value]:
            mine = (question for question in asked if question.group == row.factor)
            names = [question.label for question in mine if self.partners.kept(question) == row.level]
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
    """What the rows that apply (factor to level) have in common or not, as HTML; never a role."""
    rows = roles.rows_for(standing)
    if len(rows) < 2:
        return sentence(Message("factors.more_rows"), "gbo-hint")
    shared = [Message(f"role.{role}") for role in roles.ROLES if all(role in row.roles for row in rows)]
    closing = Message("factor.pull_apart") if roles.pull_apart(rows) else Message("factor.agree", roles=either(shared))
    surprise = [Message("why.history")] if any(row.factor == "history" for row in rows) else []
    asked = sentences([*surprise, Message("why.change")])
    return sentences(_row_says(row) for row in rows) + sentence(closing, "gbo-notice") + asked
