"""The structure board: partners as cards on the tables where they sit, and what is counted beside it."""

from __future__ import annotations

from typing import Any

import anywidget
import ipywidgets as w
import traitlets as t

from workshop.domain import edit, governance
from workshop.domain.decisions import REACH, cost, pairs, questions, reach
from workshop.domain.structure import TABLE_KINDS, Structure, Table
from workshop.session import Session
from workshop.texts import Message, Problem
from workshop.widgets.base import FOLDER, View, kit, row, say, sentence, sentences
from workshop.widgets.network_source import NetworkSource
from workshop.widgets.structure import Judgement, StructureCounts, dials, judged, table_name

PARTS = ("steering", "working", "together")
WORDS = ("cards", "help", "theme", "remove", "off", "empty", "picked", "over", "dropped", "stopped", "taken")
Sent = dict[str, str]


def _person(structure: Structure) -> str:
    """Id of the coordinator as a person who is no partner."""
    if structure.coordinator and structure.coordinator not in structure.partner_ids:
        return structure.coordinator
    return next(id for id in ("coordinator", "coordinator-person", "-") if id not in structure.partner_ids)


def _number(area: str) -> int:
    return int(area) if area.isascii() and area.isdigit() and len(area) < 4 else -1


def _seat(structure: Structure, sent: Sent) -> Structure:
    card, source, target = (sent.get(key, "") for key in ("card", "from", "to"))
    person = _person(structure)
    if card not in {*structure.partner_ids, person}:
        raise Problem(Message("edit.organisation_gone"))
    if target == "lead":
        return edit.set_lead(structure, card)
    if target == "coordinator":
        return edit.set_coordinator(structure, card)
    if card == person and structure.coordinator is None:
        structure = edit.set_coordinator(structure, person)
    if target.startswith("new-"):
        structure, target = _add(structure, sent), str(len(structure.tables))
    if source.isdigit():
        structure = edit.unseat(structure, _number(source), card)
    return edit.seat(structure, _number(target), card)


def _unseat(structure: Structure, sent: Sent) -> Structure:
    card, source = sent.get("card", ""), sent.get("from", "")
    if source in ("lead", "coordinator"):
        change = edit.set_lead if source == "lead" else edit.set_coordinator
        return change(structure, None)
    return edit.unseat(structure, _number(source), card)


def _add(structure: Structure, sent: Sent) -> Structure:
    kind = sent.get("to", "").removeprefix("new-")
    if kind not in TABLE_KINDS:
        raise Problem(Message("edit.table_gone"))
    return edit.add_table(structure, kind)


def _theme(structure: Structure, sent: Sent) -> Structure:
    return edit.set_table_theme(structure, _number(sent.get("to", "")), sent.get("theme", ""))


def _remove(structure: Structure, sent: Sent) -> Structure:
    return edit.remove_table(structure, _number(sent.get("to", "")))


ACTS = {"seat": _seat, "unseat": _unseat, "add": _add, "theme": _theme, "remove": _remove}


class Board(anywidget.AnyWidget):
    """Four areas and the cards; shows `state`, and hands what people do to the session.

    Parameters
    ----------
    session : Session
    """

    _esm = kit("structure_board.js")
    _css = FOLDER / "structure_board.css"

    words = t.Dict().tag(sync=True)
    state = t.Dict().tag(sync=True)

    def __init__(self, session: Session):
        self.session = session
        words = {word: _template(word) for word in WORDS}
        words |= {f"letter.{word}": str(Message(f"board.letter.{word}")) for word in REACH}
        words |= {f"reach.{word}": str(Message(f"reach.{word}")) for word in REACH}
        words |= {f"new-{kind}": str(Message(f"board.new.{kind}")) for kind in TABLE_KINDS}
        super().__init__(words=words, state=board_state(session))
        self.on_msg(session.guard(self._received))

    def refresh(self) -> None:
        """Show the session as it is now."""
        self.state = board_state(self.session)

    def _received(self, _widget, content: Any, _buffers) -> None:
        if not isinstance(content, dict):
            return
        sent = {str(key): str(value).encode("utf-8", "replace").decode() for key, value in content.items()}
        act = ACTS.get(sent.get("kind", ""))
        if act is None:
            return
        before = self.session.structure
        try:
            after = act(before, sent)
        except Problem as problem:
            self.session.notice = problem.message
            self.send({"kind": "say", "text": str(problem.message)})
        else:
            if after != before:
                self.session.replace(structure=after)


def _template(word: str) -> str:
    """A sentence whose placeholders the browser fills in."""
    return str(Message(f"board.{word}", name="{name}", area="{area}"))


def board_state(session: Session) -> dict[str, Any]:
    """What the board shows: cards, the parts with their tables and seats, legend and figures.

    Parameters
    ----------
    session : Session
    """
    structure, shown = session.structure, judged(session)
    decision, minutes, mandate = dials(session)
    reached = reach(structure, decision) if shown else None
    far = {id: word for word in REACH for id in getattr(reached, word, ())}
    person, seated = _person(structure), [id for table in structure.tables for id in table.seats]
    names = {id: structure.name(id) for id in structure.partner_ids} | {person: str(Message("board.coordinator"))}
    cards = {
        id: {
            "name": name,
            "sector": governance.sector_label(structure.sector_of(id)) if structure.sector_of(id) else "",
            "reach": far.get(id),
            "tables": str(Message("board.tables", n=seated.count(id))),
        }
        for id, name in names.items()
    }

    def seats(index: int, table: Table) -> list[dict[str, str]]:
        found = []
        for id in table.seats:
            others = [o.theme or table_name(o) for i, o in enumerate(structure.tables) if i != index and id in o.seats]
            also = str(Message("board.also", tables=others)) if others and table.kind != "working" else ""
            found.append({"id": id, "also": also})
        return found

    def single(part: str, id: str | None) -> dict[str, Any]:
        title = str(Message(f"board.{part}"))
        area = {"id": part, "title": title, "count": "", "seats": [{"id": id, "also": ""}] if id else []}
        return {"id": part, "title": title, "areas": [area], "add": []}

    parts = [single("lead", structure.lead), single("coordinator", structure.coordinator)]
    kinds = {"steering": ("steering",), "working": ("working",), "together": ("plenary", "bilateral")}
    for part in PARTS:
        tables = [(index, table) for index, table in enumerate(structure.tables) if table.kind in kinds[part]]
        areas = [
            {
                "id": str(index),
                "title": table_name(table),
                "count": str(Message("board.seats", n=len(table.seats))),
                "named": table.kind != "steering",
                "theme": table.theme or "",
                "removable": True,
                "seats": seats(index, table),
            }
            for index, table in tables
        ]
        add = [kind for kind in kinds[part] if not (kind in ("steering", "plenary") and tables)]
        parts.append({"id": part, "title": str(Message(f"board.{part}")), "areas": areas, "add": add})
    tray = [id for id in names if id != person or structure.coordinator in (None, person)]
    legend, figures = [], [str(Message("board.judge_first"))] if structure.tables else []
    if reached and structure.tables:
        legend = [{"reach": word, "n": len(getattr(reached, word))} for word in REACH]
        figures = [str(figure) for figure in figures_of(structure, decision, minutes, mandate)]
    return {"cards": cards, "parts": parts, "tray": tray, "legend": legend, "figures": figures}


def figures_of(structure: Structure, decision: str, minutes: int, mandate: str) -> list[Message]:
    """What a decision takes, in a few words each."""
    reached, costs = reach(structure, decision), cost(structure, decision, minutes_each=minutes, mandate=mandate)
    told = [
        Message("board.figure.pairs", n=reached.pairs_met, total=pairs(len(structure.partners))),
        Message("board.figure.meetings", n=costs.meetings),
        Message("board.figure.hours", hours=round(costs.person_hours, 1)),
        Message(f"board.figure.mandate_{mandate}"),
    ]
    if costs.minutes_each is not None:
        told.insert(3, Message("board.figure.talking", minutes=round(costs.minutes_each, 1)))
    return told


class StructureBoard(View):
    """Build the structure: who leads, who coordinates, who sits where; it asks, and counts after the own judgement.

    Parameters
    ----------
    session : Session
    """

    def __init__(self, session: Session):
        super().__init__(session)
        self.board, self.asked = Board(session), w.HTML()
        self.source = w.VBox()
        self.example = self.button(Message("board.example"), self._example)
        self.tools = row(
            self.button(Message("undo"), session.undo),
            self.button(Message("redo"), session.redo),
            self.button(Message("board.blank"), self._blank),
            self.example,
        )
        self.watch(("structure", "network", "case"), self._show)
        self.watch_answers("structure.", self.board.refresh)
        self.children = [self.source, self.tools, self.board, self.asked, Judgement(session), StructureCounts(session)]
        self._show()

    def _example(self) -> None:
        if self.session.case:
            self.session.replace(structure=governance.case(self.session.case).structure)

    def _blank(self) -> None:
        self.session.replace(structure=Structure(self.session.network.organisations))

    def _show(self) -> None:
        session = self.session
        self.board.refresh()
        some, case = bool(session.network.organisations), session.case
        self.board.layout.display = self.tools.layout.display = "" if some else "none"
        if some == bool(self.source.children):
            self.source.children = () if some else (say(Message("board.no_network")), NetworkSource(session))
        self.example.layout.display = "" if case and governance.case(case).structure else "none"
        asked = questions(session.structure)
        told = sentences(asked) if asked else sentence(Message("board.asks_nothing"), "gbo-hint")
        self.asked.value = sentence(Message("board.asks"), tag="h4") + told if session.structure.tables else ""
