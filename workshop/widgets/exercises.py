"""Exercises on one's own: a question to compare with points, a map of an example, seats that are counted."""

from __future__ import annotations

import ipywidgets as w

from workshop.domain import governance
from workshop.domain.decisions import cost, reach
from workshop.domain.questions import question, questions
from workshop.domain.structure import Structure, Table
from workshop.pictures import pair_lines, picture
from workshop.session import Session
from workshop.texts import Message
from workshop.widgets.ask import written
from workshop.widgets.base import View, row, say, sentence, sentences
from workshop.widgets.choices import Choices
from workshop.widgets.structure import counts

COORDINATOR = "coordinator"
TABLES = {"steering": "steering", "first": "working", "second": "working"}
"""Words in the ids of options, and the kind of table that each stands for."""


class Compare(View):
    """An open question; once something is written, points to hold it against. Nothing is marked right or wrong.

    Parameters
    ----------
    session : Session
    id : str
        A text of the table in ``data/questions`` that has ``points``.
    """

    def __init__(self, session: Session, id: str):
        super().__init__(session)
        self.entry = question(id)
        self.opened = False
        self.first = say(Message("exercise.first_write"), "gbo-hint")
        self.told = self.button("", self._turn)
        self.points = w.HTML()
        self.watch_answers(id, self._tell)
        self._tell()
        self.children = [*written(self, self.entry), self.first, row(self.told), self.points]

    def _turn(self) -> None:
        self.opened = not self.opened
        self._tell()

    def _tell(self) -> None:
        tried = bool(str(self.session.store.get(self.entry.id) or "").strip())
        self.first.layout.display = "none" if tried else ""
        self.told.layout.display = "" if tried else "none"
        self.told.description = str(Message("task.hide" if self.opened else "exercise.show_points"))
        shown = tried and self.opened
        self.points.value = sentences(self.entry.more["points"]) if shown else ""


class CaseMap(View):
    """The map of an example, not of the table's own network.

    Parameters
    ----------
    session : Session
    case : str
        One of `workshop.domain.governance.case_ids`.
    kind : str, optional
        Only ties of this kind; empty: all.
    title : str, optional
        What stands above it.
    """

    def __init__(self, session: Session, case: str, kind: str = "", title: str = ""):
        super().__init__(session)
        shown = governance.case(case)
        network = shown.network
        if kind:
            network = network.only(kind)
        drawn = picture(network, lead=shown.lead, lines=pair_lines(network), title=title)
        self.children = [w.HTML(str(drawn)), say(shown.mark, "gbo-hint")]


class Seats(View):
    """Give each partner of an example a seat; once all have one, whom a decision reaches and what it costs.

    Parameters
    ----------
    session : Session
    pattern : str
        Questions of ``data/questions`` with a row for each partner. Ids of options say the tables: ``steering``,
        ``first`` and ``second`` (working groups), both with a hyphen between them, or none of these.
    case : str
        Whose partners they are. The coordinator sits at each table.
    limit : float, optional
        Hours of all people together that a decision may cost.
    """

    def __init__(self, session: Session, pattern: str, case: str, limit: float | None = None):
        super().__init__(session)
        self.entries = questions(pattern)
        self.partners = governance.case(case).network.organisations
        self.limit = limit
        self.choices = Choices(session, self.entries, caption=self.entries[0].label)
        self.counts = self.live(self._counts, items=pattern.rstrip("*"))
        self.children = [self.choices, self.counts]

    def structure(self) -> Structure:
        """The structure that the seats make; a table without partners is not there."""
        seats: dict[str, list[str]] = {name: [] for name in TABLES}
        for entry in self.entries:
            chosen = str(self.session.store.get(entry.id) or "").split("-")
            for name in TABLES:
                if name in chosen:
                    seats[name].append(entry.row)
        tables = []
        for name, kind in TABLES.items():
            if seats[name]:
                tables.append(Table(kind, seats=(*seats[name], COORDINATOR), id=name))
        return Structure(self.partners, tuple(tables), coordinator=COORDINATOR)

    def _counts(self) -> str:
        left = sum(not self.session.store.get(entry.id) for entry in self.entries)
        if left:
            return sentence(Message("exercise.seats_left", n=left), "gbo-hint")
        structure = self.structure()
        if structure.deciding()[0] == "nobody":
            return sentence(Message("exercise.no_steering"), "gbo-hint")
        costs = cost(structure)
        told = counts(structure, reach(structure), costs)
        if self.limit is None:
            return told
        within = costs.person_hours <= self.limit
        hours = round(costs.person_hours, 1)
        word = "exercise.within" if within else "exercise.above"
        return sentence(Message(word, hours=hours, limit=self.limit), tag="h3") + told
