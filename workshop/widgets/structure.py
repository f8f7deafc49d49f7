"""Who sits where: the group's own structure, and what it costs and whom it reaches, counted and never scored."""

from __future__ import annotations

from html import escape

import ipywidgets as w

from workshop.domain import edit, governance
from workshop.domain.decisions import cost, reach
from workshop.domain.structure import Structure, Table
from workshop.session import Session
from workshop.texts import Message
from workshop.widgets.base import View, row, say, sentence, sentences
from workshop.widgets.grid import Grid

COORDINATOR = "coordinator"
VISION = "vision"


def table_name(table: Table) -> str:
    """What a table is called: its theme, or its kind."""
    kind = str(Message(f"table_kind.{table.kind}"))
    return f"{kind}: {table.theme}" if table.theme else kind


class StructureEditor(View):
    """Tables as columns, partners as rows: tick who sits where.

    Parameters
    ----------
    session : Session
    """

    def __init__(self, session: Session):
        super().__init__(session)
        wide = {"style": {"description_width": "initial"}}
        kinds = [(str(Message(f"table_kind.{kind}")), kind) for kind in ("working", "steering", "plenary", "bilateral")]
        self.kind = w.Dropdown(options=kinds, description=str(Message("structure.kind")), **wide)
        self.theme = w.Text(description=str(Message("structure.theme")), **wide)
        self.which = w.Dropdown(description=str(Message("structure.which")), **wide)
        self.lead = w.Dropdown(description=str(Message("structure.lead")), **wide)
        self.lead.observe(session.guard(self._lead_chosen), "value")
        self.coordinator = w.Checkbox(description=str(Message("structure.coordinator")), indent=False)
        self.coordinator.observe(session.guard(self._coordinator_chosen), "value")
        self.seats = Grid(session, self._seated, corner=str(Message("structure.partner")))
        self.empty = w.HTML()
        self._busy = False
        self.watch(("structure", "network"), self._show)
        self.children = [
            self.empty,
            row(self.lead, self.coordinator),
            row(self.kind, self.theme, self.button(Message("structure.add"), self._add, "gbo-main")),
            self.seats,
            row(self.which, self.button(Message("structure.remove"), self._remove)),
            row(self.button(Message("undo"), session.undo), self.button(Message("redo"), session.redo)),
        ]
        self._show()

    def _lead_chosen(self, change) -> None:
        if not self._busy:
            self.session.change_structure(edit.set_lead, change.new or None)

    def _coordinator_chosen(self, change) -> None:
        if not self._busy:
            self.session.change_structure(edit.set_coordinator, COORDINATOR if change.new else None)

    def _add(self) -> None:
        theme = self.theme.value if self.kind.value in ("working", "bilateral") else None
        if self.session.change_structure(edit.add_table, self.kind.value, theme):
            self.theme.value = ""

    def _remove(self) -> None:
        if self.which.value is not None:
            self.session.change_structure(edit.remove_table, self.which.value)

    def _seated(self, partner: str, column: str, sits: bool) -> None:
        self.session.change_structure(edit.seat if sits else edit.unseat, int(column), partner)

    def _show(self) -> None:
        structure, network = self.session.structure, self.session.network
        self._busy = True
        nobody = [(str(Message("network.nobody")), "")]
        self.lead.options = nobody + [(o.name, o.id) for o in network.organisations]
        self.lead.value = structure.lead or ""
        self.coordinator.value = structure.coordinator is not None
        self.which.options = [(table_name(table), index) for index, table in enumerate(structure.tables)]
        self._busy = False
        hint = "structure.no_network" if not network.organisations else "structure.no_tables" if not structure.tables else None
        self.empty.value = sentence(Message(hint), "gbo-hint") if hint else ""
        self.seats.columns = [
            {"id": str(index), "label": table_name(table), "type": "check"} for index, table in enumerate(structure.tables)
        ]
        people = [(o.id, o.name) for o in network.organisations]
        if structure.coordinator is not None and structure.coordinator not in {id for id, _ in people}:
            people.append((structure.coordinator, str(Message("part.coordinator"))))
        self.seats.rows = [
            {
                "id": id,
                "label": name,
                "cells": {str(index): id in table.seats for index, table in enumerate(structure.tables)},
            }
            for id, name in (people if structure.tables else [])
        ]


class StructureCounts(View):
    """Reach and cost of the structure for a decision, in sentences and one table.

    Parameters
    ----------
    session : Session
    """

    def __init__(self, session: Session):
        super().__init__(session)
        wide = {"style": {"description_width": "initial"}}
        self.decision = w.Dropdown(description=str(Message("counts.decision")), **wide)
        self.minutes = w.BoundedIntText(5, min=1, max=60, description=str(Message("counts.minutes")), **wide)
        mandates = [(str(Message(f"counts.mandate_{mandate}")), mandate) for mandate in ("free", "bound")]
        self.mandate = w.Dropdown(options=mandates, description=str(Message("counts.mandate")), **wide)
        self.shown = w.HTML()
        for field in (self.decision, self.minutes, self.mandate):
            field.observe(session.guard(lambda _change: self._count()), "value")
        self.watch(("structure", "network"), self._show)
        self.children = [row(self.decision, self.minutes, self.mandate), self.shown]
        self._show()

    def _show(self) -> None:
        options = [(str(Message("counts.vision")), VISION)]
        options += [(str(Message("counts.theme", theme=theme)), theme) for theme in self.session.structure.themes]
        kept = self.decision.value
        if list(self.decision.options) != options:
            self.decision.options = options
            self.decision.value = kept if kept in {value for _, value in options} else VISION
        self._count()

    def _count(self) -> None:
        structure = self.session.structure
        if not structure.partners or not structure.tables:
            self.shown.value = sentence(Message("structure.no_tables"), "gbo-hint")
            return
        self.shown.value = counts(structure, self.decision.value, self.minutes.value, self.mandate.value)


def counts(structure: Structure, decision: str, minutes: int = 5, mandate: str = "free") -> str:
    """Reach and cost as HTML: who is how far from the deciding table, and what it takes.

    Parameters
    ----------
    structure : Structure
    decision : str
        ``"vision"``, or the theme of a working group.
    minutes : int
        Talking time each, in minutes.
    mandate : {"free", "bound"}
    """
    reached = reach(structure, decision)
    costs = cost(structure, decision, minutes_each=minutes, mandate=mandate)
    names = {partner.id: partner.name for partner in structure.partners if not isinstance(partner, str)}
    cells = "".join(
        f"<tr>{sentence(Message(f'reach.{place}'), tag='th')}{sentence(str(len(ids)), tag='td')}"
        f"{sentence(', '.join(names.get(id, id) for id in ids) or '–', tag='td')}</tr>"
        for place, ids in (
            ("at_table", reached.at_table),
            ("one_step", reached.one_step),
            ("only_coordinator", reached.only_coordinator),
            ("nowhere", reached.nowhere),
        )
    )
    caption = escape(str(Message("counts.caption")))
    return (
        f'<table class="gbo-table"><caption>{caption}</caption><tbody>{cells}</tbody></table>'
        f"{sentences([*reached.messages, *costs.messages])}{sentence(Message('counts.no_score'), 'gbo-hint')}"
    )


class CountLines(View):
    """Count the lines: what a plenary, groups with delegates and a star cost, counted by hand first.

    Parameters
    ----------
    session : Session
    """

    def __init__(self, session: Session):
        from workshop.widgets.task import Task

        super().__init__(session)
        self.figures = w.HTML()
        self.watch_answers("task.count-lines.", self._show)
        self.children = [Task(session, "count-lines"), self.figures]
        self._show()

    def _show(self) -> None:
        done = all(self.session.store.get(f"task.count-lines.{card['id']}") for card in governance.task("count-lines")["rows"])
        self.figures.value = self._table() if done else sentence(Message("lines.first_count"), "gbo-hint")

    @staticmethod
    def _table() -> str:
        partners = [f"p{number}" for number in range(24)]
        groups = [Table("working", str(i), partners[6 * i : 6 * i + 6]) for i in range(4)]
        steering = Table("steering", seats=[group.seats[0] for group in groups])
        shapes = {
            "plenary": Structure(partners, (Table("plenary", seats=partners),), "p0"),
            "groups": Structure(partners, (steering, *groups), "p0"),
            "star": Structure(partners, [Table("bilateral", seats=("p0", other)) for other in partners[1:]], "p0"),
        }
        head = "".join(f"<th>{escape(str(Message(f'lines.head.{key}')))}</th>" for key in ("shape", "met", "never", "meetings", "hours"))
        rows = ""
        for name, structure in shapes.items():
            reached, costs = reach(structure), cost(structure)
            cells = (reached.pairs_met, reached.pairs_never, costs.meetings, Message("lines.hours", hours=round(costs.person_hours, 1)))
            rows += f"<tr>{sentence(Message(f'lines.{name}'), tag='th')}{''.join(sentence(cell, tag='td') for cell in cells)}</tr>"
        return f'<table class="gbo-table"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>{say(Message("lines.price")).value}'
