"""The factor-to-role table as a conversation: what each row says, and where rows pull apart. Nothing is added up."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import ipywidgets as w

from workshop.domain import governance, roles
from workshop.domain.questions import RegisterEntry, about, question, questions
from workshop.session import Session
from workshop.texts import Message, either
from workshop.widgets.ask import Ask
from workshop.widgets.base import Folded, Parts, View, details, say, sentence, sentences, table_html
from workshop.widgets.choices import Choices

NOW = "factor.*"
LATER = "factor.*.in-two-years"
PARTNER = "factor.*.partner.*"


class FactorTable(View):
    """Judge each factor, alone and as a table, now, in two years and per partner; see what the rows say."""

    def _parts(self) -> Parts:
        session = self.session
        self.now = Choices(session, questions(NOW), note=_note, caption=about("factors")["title"])
        return [
            Folded(session, OwnFactors, title=Message("factors.fold.alone")),
            self.now,
            self.live(partial(_findings, session, NOW), items="factor."),
            Ask(session, "note.factor-change"),
            Folded(session, LaterFactors, title=Message("factors.fold.later")),
            Folded(session, PartnerFactors, title=Message("factors.fold.partners")),
            w.HTML(_whole()),
            say(roles.roles()["no_ideal"]),
        ]


class OwnFactors(View):
    """Each factor as each seat sees it, now and in two years."""

    def _parts(self) -> Parts:
        asked = [replace(entry, text=entry.label) for name in (NOW, LATER) for entry in questions(name)]
        self.alone = Ask(self.session, asked, person=True)
        return [self.alone, say(Message("factors.see_differently"))]


class LaterFactors(View):
    """Each factor as the table expects it in two years, and what the rows say of that."""

    def _parts(self) -> Parts:
        self.later = Choices(self.session, questions(LATER), note=_note, caption=str(Message("factors.later")))
        return [self.later, self.live(partial(_findings, self.session, LATER), items="factor.")]


class PartnerFactors(View):
    """Each factor for each partner of the network; each has its own table, so that no choice goes to another factor."""

    def _parts(self) -> Parts:
        return [Folded(self.session, PartnerFactor, entry, title=entry.text) for entry in questions(PARTNER)]


class PartnerFactor(View):
    """One factor for each partner, and where partners differ."""

    def __init__(self, session: Session, factor: RegisterEntry):
        super().__init__(session)
        self.factor = factor
        empty = str(Message("structure.no_network"))
        self.partners = Choices(session, (), caption=str(Message("factors.partners")), empty=empty)
        self.told = w.HTML()
        self.children = [self.partners, self.told]
        self.hear(self._compare, items="factor.")
        self.follow(self._ask, "network")

    def _ask(self) -> None:
        self.partners.ask(self.factor.named(o.id, o.name) for o in self.session.network.organisations)
        self._compare()

    def _compare(self) -> None:
        """Which partners stand at which row of the table; said where they differ."""
        told = roles.partners_at(self.session.network, self.session.store.get, self.factor.row)
        apart = sentence(Message("factors.partners_differ"), "gbo-notice") if len(told) > 1 else ""
        self.told.value = sentences(told) + apart


def _note(entry: RegisterEntry, level: Any) -> str:
    for row in roles.rows_for({entry.row: level}):
        return f"{row.sentence}\n{governance.cite(row.source)}"
    return next((option.text for option in entry.options if option.id == level), "")


def _findings(session: Session, when: str) -> str:
    return factor_findings({entry.row: session.store.get(entry.id) for entry in questions(when)})


def _whole() -> str:
    table = roles.factor_table()
    rows = [[row.label, row.level_label, row.role_labels] for row in table]
    caption = Message("factors.whole", source=governance.cite(table[0].source))
    return details(Message("factors.show_whole"), table_html(caption, [], rows) + sentence(Message("why.history")))


def factor_findings(standing: dict[str, str | None]) -> str:
    """What the rows that apply (factor to level) have in common or not, as HTML; never a role."""
    rows = roles.rows_for(standing)
    if len(rows) < 2:
        return sentence(Message("factors.more_rows"), "gbo-hint")
    closing = Message("factor.pull_apart")
    if not roles.pull_apart(rows):
        shared = [Message(f"role.{role}") for role in roles.ROLES if all(role in row.roles for row in rows)]
        closing = Message("factor.agree", roles=either(shared))
    asked: list[Message | str] = [question("note.factor-change").text]
    if any(row.factor == "history" for row in rows):
        asked.insert(0, Message("why.history"))
    return sentences(row.sentence for row in rows) + sentence(closing, "gbo-notice") + sentences(asked)
