"""Exercises on one's own: an open question with points, a map of an example, seats that are counted, a clean sheet."""

from __future__ import annotations

import ipywidgets as w

from workshop.domain import governance
from workshop.domain.decisions import cost, reach
from workshop.domain.network import Network, Organisation
from workshop.domain.questions import question, questions, register
from workshop.domain.structure import Structure, Table
from workshop.pictures import pair_lines, picture, sector_signs
from workshop.session import Session
from workshop.texts import Message
from workshop.widgets.ask import written
from workshop.widgets.base import View, fold, row, say, sentence, sentences
from workshop.widgets.choices import Choices
from workshop.widgets.structure import reach_table

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
        self.follow(self._tell, items=id)
        self.hear(self._shut, "begun_again")
        self.children = [written(self, self.entry), self.first, row(self.told), self.points]

    def _turn(self) -> None:
        self.opened = not self.opened
        self._tell()

    def _shut(self) -> None:
        self.opened = False
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
        Only ties of this kind, and no word on sectors; empty: all.
    title : str, optional
        What stands above it.
    like : str, optional
        Another example on the same page: a sector has the same sign on both.
    """

    def __init__(self, session: Session, case: str, kind: str = "", title: str = "", like: str = ""):
        super().__init__(session)
        shown = governance.case(case)
        network = shown.network
        everyone = [*governance.case(like or case).network.organisations, *network.organisations]
        signs = sector_signs(Network([Organisation(str(n), "", one.sector) for n, one in enumerate(everyone)]))
        if kind:
            network = network.only(kind)
        lines = pair_lines(network)
        drawn = picture(
            network, places=shown.places, lead=shown.lead, lines=lines, signs=signs, legend=not kind, title=title
        )
        self.children = [w.HTML(str(drawn)), say(shown.mark, "gbo-hint")]


class Beside(View):
    """Views to read together; where there is room, the last stands beside the others and stays in sight.

    Parameters
    ----------
    session : Session
    *views : Widget
    """

    def __init__(self, session: Session, *views: w.Widget):
        super().__init__(session)
        self.add_class("gbo-beside")
        self.children = views


class StartAgain(View):
    """Delete the answers of this page, for who starts again or sits down next.

    Parameters
    ----------
    session : Session
    page : str
        Name of the notebook, as its questions say it.
    """

    def __init__(self, session: Session, page: str):
        super().__init__(session)
        self.page = page
        self.sure = w.Checkbox(description=str(Message("exercise.again_sure")), indent=False)
        self.sure.layout.width = "auto"
        self.result = w.HTML()
        delete = self.button(Message("exercise.again_do"), self._delete, "gbo-danger")
        why = say(Message("exercise.again_why"))
        self.children = [fold(Message("exercise.again"), why, row(self.sure, delete), self.result)]

    def _delete(self) -> None:
        if not self.sure.value:
            self.result.value = sentence(Message("start.not_sure"), "gbo-notice")
            return
        told = Message("exercise.again_done")
        for entry in register():
            if entry.page == self.page and self.session.store.newest(entry.id):
                said = self.session.delete(entry.id)
                if self.session.store.newest(entry.id):
                    told = said
        self.session.begun_again += 1
        self.sure.value = False
        self.result.value = sentence(told, "gbo-notice")


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
        Hours of all people together that a decision may cost. Everyone must then have a seat, and so must an
        association that gives people in poverty a voice, if there is one.
    below : Seats, optional
        A design that has to cost more hours than this one; everyone must then have a seat.
    """

    def __init__(
        self, session: Session, pattern: str, case: str, limit: float | None = None, below: Seats | None = None
    ):
        super().__init__(session)
        self.entries = questions(pattern)
        self.partners = governance.case(case).network.organisations
        self.associations = {partner.id for partner in self.partners if partner.sector == governance.POVERTY}
        self.limit = limit
        self.below = below
        self.choices = Choices(session, self.entries, caption=self.entries[0].label)
        items = [seats.entries[0].id.rpartition(".")[0] + "." for seats in (self, below) if seats]
        self.counts = self.live(self._counts, items=tuple(items))
        self.children = [self.choices, self.counts]

    def structure(self) -> Structure:
        """The structure that the seats make; a table without partners is not there."""
        chosen = {entry.row: str(self.session.store.get(entry.id) or "").split("-") for entry in self.entries}
        tables = []
        for name, kind in TABLES.items():
            seats = [row for row, names in chosen.items() if name in names]
            if seats:
                tables.append(Table(kind, seats=(*seats, COORDINATOR), id=name))
        return Structure(self.partners, tuple(tables), coordinator=COORDINATOR)

    def left(self) -> int:
        """How many partners have no place yet."""
        return sum(not self.session.store.get(entry.id) for entry in self.entries)

    def _counts(self) -> str:
        left = self.left()
        if left:
            return sentence(Message("exercise.seats_left", n=left), "gbo-hint")
        structure = self.structure()
        if structure.deciding()[0] == "nobody":
            return sentence(Message("exercise.no_steering"), "gbo-hint")
        unasked = {"decision.talking"}
        if not self.associations:
            unasked.add("decision.poverty.no")
        reached, costs = reach(structure), cost(structure)
        said = [message for message in (*reached.messages, *costs.messages) if message.key not in unasked]
        told = self._goals(structure, costs.person_hours) + reach_table(structure, reached) + sentences(said)
        return told + sentence(Message("counts.no_score"), "gbo-hint")

    def _goals(self, structure: Structure, hours: float) -> str:
        """Each condition of the task, and whether it is met; none where the task sets none."""
        if self.limit is None and self.below is None:
            return ""
        seated = {seat for table in structure.tables for seat in table.seats}
        left = [partner.name for partner in self.partners if partner.id not in seated]
        everyone = Message("exercise.not_seated", names=left) if left else Message("exercise.seated")
        goals = [self._hours(hours), (not left, everyone)]
        if self.associations:
            met = bool(self.associations & seated)
            goals.append((met, Message("exercise.poverty" if met else "exercise.no_poverty")))
        return sentences([f"{'✓' if met else '✗'} {told}" for met, told in goals], "gbo-goals")

    def _hours(self, hours: float) -> tuple[bool, Message]:
        said = {"hours": round(hours, 1)}
        if self.below is None:
            met = self.limit is not None and hours <= self.limit
            return met, Message("exercise.within" if met else "exercise.above", limit=self.limit, **said)
        other = self.below
        design = other.entries[0].label
        structure = other.structure()
        if other.left() or structure.deciding()[0] == "nobody":
            return False, Message("exercise.no_other", design=design)
        limit = cost(structure).person_hours
        word = "exercise.fewer" if hours < limit else "exercise.not_fewer"
        return hours < limit, Message(word, limit=round(limit, 1), design=design, **said)
