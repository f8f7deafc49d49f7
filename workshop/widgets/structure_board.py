"""The structure board: partners as cards on the tables where they sit, and what is counted beside it."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import Any

import ipywidgets as w
import traitlets as t

from workshop.answers.boxes import Entry
from workshop.domain import governance
from workshop.domain.decisions import REACH, Cost, Reach, questions
from workshop.domain.differences import Place, compared
from workshop.domain.kept import KeptStructure
from workshop.domain.structure import Structure, Table
from workshop.entries import STRUCTURE_EDITS, person_of
from workshop.session import Session
from workshop.texts import Message, Problem, number, words
from workshop.widgets.base import FOLDER, Boxed, Parts, View, boxed, row, say, sentence, sentences
from workshop.widgets.network_source import NetworkSource
from workshop.widgets.structure import Judgement, against, counted, dials, judged, undecided
from workshop.widgets.variants import VariantBar

PARTS = {"steering": ("steering",), "working": ("working",), "together": ("plenary", "bilateral")}


class Board(Boxed):
    """Four areas and the cards; shows `state`, and sends what people do through the page's outbox."""

    _esm = boxed("structure_board.js")
    _css = FOLDER / "structure_board.css"

    state = t.Dict().tag(sync=True)
    steps = ("structure",)

    def __init__(self, session: Session):
        far = {f"reach.{key}": text for key, text in words("reach.").items()}
        super().__init__(session, words=words("board.word.") | far, state=board_state(session))

    def heard(self, content: dict[str, Any]) -> None:
        """The question what a card would change at another table."""
        if content.get("kind") == "weigh" and judged(self.session):
            with suppress(Problem):
                told = {key: content.get(key) for key in ("card", "to")}
                self.send({"kind": "weighed", **told, "text": str(weighed(self.session, content))})

    def refresh(self) -> None:
        """Show the session as it is now."""
        self.state = board_state(self.session)


def weighed(session: Session, move: dict[str, Any]) -> Message:
    """How many pairs more would meet, and how many hours more it takes, if this card went to that table.

    No hours where it is the last one of the group that decides: another decision is counted then.
    """
    moved = STRUCTURE_EDITS["seat"](KeptStructure(session.structure), Entry(1, "structure", move))
    reached, costs = counted(session, session.structure)
    then, later = counted(session, moved)
    pairs = then.pairs_met - reached.pairs_met
    met = {"n": abs(pairs), "pairs": number(pairs, "+d")}
    if undecided(session, moved):
        return Message("board.weighed_pairs", **met)
    hours = later.person_hours - costs.person_hours
    return Message("board.weighed", **met, hours=number(hours, "+.1f"))


def board_state(session: Session) -> dict[str, Any]:
    """What the board shows: cards, the parts with their tables and seats, legend and figures."""
    structure, shown = session.structure, judged(session)
    reached, costs = counted(session, structure)
    far = {id: word for word in REACH for id in getattr(reached, word) if shown}
    person, seated = person_of(structure), [id for table in structure.tables for id in table.seats]
    names = {person: str(Message("board.coordinator"))} | {id: structure.name(id) for id in structure.partner_ids}
    base = against(session)
    earlier = base[1] if base else structure
    places = compared(earlier, structure)
    here = {place.now: place for place in places}
    gone = [earlier.table(str(place.was)) for place in places if place.now is None]
    cards = {}
    for id, name in names.items():
        n, sector = seated.count(id), structure.sector_of(id)
        at_work = id == structure.coordinator and not n
        cards[id] = {
            "name": name,
            "sector": governance.sector_label(sector) if sector else "",
            "reach": far.get(id),
            "tables": str(Message("board.coordinates" if at_work else "board.tables", n=n)),
        }
    parts = []
    for part, id in (("lead", structure.lead), ("coordinator", structure.coordinator)):
        title = str(Message(f"board.{part}"))
        seats = [{"id": id, "also": ""}] if id else []
        area = {"id": part, "title": title, "seats": seats, "count": "", **_marks(here[part], names)}
        parts.append({"id": part, "title": title, "areas": [area], "add": [], "gone": []})
    for part, kinds in PARTS.items():
        tables = [table for table in structure.tables if table.kind in kinds]
        areas = [_area(structure, table) | _marks(here[table.id], names) for table in tables]
        once = {table.kind for table in tables} & {"steering", "plenary"}
        add = [kind for kind in kinds if kind not in once]
        left = [table.title for table in gone if table.kind in kinds]
        title = str(Message(f"board.{part}"))
        parts.append({"id": part, "title": title, "areas": areas, "add": add, "gone": left})
    tray = [id for id in names if id != person or structure.coordinator in (None, person)]
    legend, figures = [], [Message("board.judge_first")] if structure.tables else []
    if shown and structure.tables:
        legend = [{"reach": word, "n": len(getattr(reached, word))} for word in REACH]
        figures = _figures(reached, costs, dials(session)[2])
    if base and structure.tables:
        figures.append(Message("board.against", n=sum(place.differs for place in places), name=base[0]))
    told = {"legend": legend, "figures": [str(figure) for figure in figures]}
    return {"cards": cards, "parts": parts, "tray": tray, **told, "version": session.seen["structure"]}


def _marks(place: Place, names: dict[str, str]) -> dict[str, Any]:
    """What is different at a place, for the board: who came, the names of who went, whether the table is new."""
    went = [names.get(id, str(Message("board.coordinator"))) for id in place.went]
    return {"came": [*place.came], "went": went, "new": str(Message("board.new_table")) if place.was is None else ""}


def _area(structure: Structure, table: Table) -> dict[str, Any]:
    """A table on the board, and at which other tables those who sit there sit too."""
    seats = []
    for id in table.seats:
        others = [o.theme or o.title for o in structure.tables if o.id != table.id and id in o.seats]
        also = str(Message("board.also", tables=others)) if others and table.kind != "working" else ""
        seats.append({"id": id, "also": also})
    named = {"named": table.kind != "steering", "theme": table.theme or "", "removable": True}
    count = str(Message("board.seats", n=len(seats)))
    return {"id": table.id, "title": table.title, "count": count, "seats": seats, **named}


def _figures(reached: Reach, costs: Cost, mandate: str) -> list[Message]:
    """What a decision takes, in a few words each."""
    told = [
        Message("board.figure.pairs", n=reached.pairs_met, total=reached.pairs_met + reached.pairs_never),
        Message("board.figure.meetings", n=costs.meetings),
        Message("board.figure.hours", hours=round(costs.person_hours, 1)),
    ]
    if costs.minutes_at_table is not None:
        told.append(Message("board.figure.talking", minutes=round(costs.minutes_at_table, 1)))
    return [*told, Message(f"board.figure.mandate_{mandate}")]


class StructureBoard(View):
    """Build the structure: who leads, who coordinates, who sits where; it asks, and counts after the own judgement."""

    def _parts(self) -> Parts:
        self.board, self.source = Board(self.session), w.VBox()
        self.example = self.button(Message("board.example"), self._example)
        self.variants = VariantBar(self.session)
        self.tools = row(
            self.button(Message("undo"), partial(self.session.undo, "structure")),
            self.button(Message("redo"), partial(self.session.redo, "structure")),
            self.button(Message("board.blank"), self._blank),
            self.example,
            self.variants,
        )
        self.asked = self.live(self._asked, "structure")
        self.follow(self._show, "structure", "network", "case")
        self.hear(self.board.refresh, items="structure.")
        self.side = w.VBox([Judgement(self.session), self.asked])
        self.side.add_class("gbo-side")
        return [self.source, self.tools, row(self.board, self.side, look="gbo-columns")]

    def _example(self) -> None:
        if self.session.case:
            structure = governance.case(self.session.case).structure
            self.session.replace(structure=structure, step=Message("step.board.example"))

    def _blank(self) -> None:
        empty = Structure(self.session.network.organisations)
        self.session.replace(structure=empty, step=Message("step.board.blank"))

    def _asked(self) -> str:
        if not self.session.structure.tables:
            return ""
        asked = questions(self.session.structure)
        told = sentences(asked) if asked else sentence(Message("board.asks_nothing"), "gbo-hint")
        return sentence(Message("board.asks"), tag="h3") + told

    def _show(self) -> None:
        self.board.refresh()
        some, case = bool(self.session.network.organisations), self.session.case
        self.board.layout.display = self.tools.layout.display = "" if some else "none"
        if some == bool(self.source.children):
            self.source.children = () if some else (say(Message("board.no_network")), NetworkSource(self.session))
        self.example.layout.display = "" if case and governance.case(case).structure else "none"
