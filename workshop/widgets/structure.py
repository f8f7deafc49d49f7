"""What a structure costs and whom it reaches, after the own judgement: counted, never scored."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import ipywidgets as w

from workshop.domain import kept
from workshop.domain.decisions import MANDATES, REACH, Cost, Reach, cost, reach
from workshop.domain.kept import KeptNetwork, mark, variants
from workshop.domain.network import Network
from workshop.domain.questions import RegisterEntry, question, questions
from workshop.domain.structure import Structure, Table
from workshop.domain.values import mapping
from workshop.domain.weights import unknown_theme
from workshop.pictures import Badge, pair_lines, picture
from workshop.session import Session
from workshop.texts import Message
from workshop.widgets.ask import Ask
from workshop.widgets.base import Parts, View, details, fold, row, say, sentence, sentences, table_html
from workshop.widgets.cards import Task
from workshop.widgets.choices import Choices
from workshop.widgets.grid import Grid

VISION = "vision"
POLES = ("efficiency", "inclusion")
REACH_COLOURS = dict(zip(REACH, ("#0072b2", "#56b4e9", "#e69f00", "#ffffff"), strict=True))


def dials(session: Session) -> tuple[str, int, str]:
    """Which decision is counted, minutes to speak each, and the mandate, as the group set them."""
    set_by_group = _dials(session)
    decision = set_by_group.get("decision")
    mandate = set_by_group.get("mandate")
    minutes = str(set_by_group.get("minutes"))
    return (
        str(decision) if decision in session.structure.themes else VISION,
        int(minutes) if re.fullmatch("[0-9]{1,2}", minutes) and 1 <= int(minutes) <= 60 else 5,
        str(mandate) if mandate in MANDATES else "free",
    )


def _dials(session: Session) -> Mapping[str, Any]:
    return mapping(session.store.get("structure.dials"))


def kept_variants(session: Session) -> list[tuple[str, Structure]]:
    """Name and structure of each variant, brought in line with the network."""
    network = KeptNetwork.from_dict(session.store.get("network"))
    return variants(session.store.get("structure.variants"), network)


def against(session: Session) -> tuple[str, Structure] | None:
    """The variant that the board is compared with: the chosen one, else the first; None where there are none."""
    there = kept_variants(session)
    chosen = _dials(session).get("against")
    return next((variant for variant in there if variant[0] == chosen), there[0] if there else None)


def compare_with(session: Session, name: str) -> bool:
    """Compare the board with this variant from now on, on every page of the table; whether that is kept."""
    return session.save("structure.dials", {**_dials(session), "against": name}) is not None


def counted(session: Session, structure: Structure) -> tuple[Reach, Cost]:
    """Whom the decision reaches and what it costs, with the dials as the group set them."""
    decision, minutes, mandate = dials(session)
    return reach(structure, decision), cost(structure, decision, minutes_each=minutes, mandate=mandate)


def undecided(session: Session, structure: Structure) -> bool:
    """Whether the group that decides is not there in this structure: what is counted is then another decision."""
    decision, _, _ = dials(session)
    return bool(unknown_theme(structure, decision))


def judgement(session: Session, structure: Structure) -> Mapping[str, str]:
    """The table's own judgement of this very structure: pole to level; empty where not given."""
    return kept.judgement(session.store.get("structure.judgement"), structure)


def judged(session: Session) -> bool:
    """Whether the table gave its own judgement of any structure: the counts may then be seen."""
    given = mapping(session.store.get("structure.judgement")).values()
    present = judgement(session, session.structure)  # one half may be kept under an earlier mark
    return any(all(pole in mapping(one) for pole in POLES) for one in (*given, present))


class Judgement(View):
    """What people think of the structure before anything is counted: each privately, then the table."""

    def _parts(self) -> Parts:
        alone = questions("judgement.*")
        together = question("structure.judgement")
        asked = Ask(self.session, alone)
        self.own = asked.choices[0]
        rows = {entry.row: replace(together, text=entry.text) for entry in alone}
        self.table = TableJudgement(self.session, rows)
        self.follow(self._show, "structure")
        return [
            say(Message("judgement.private"), tag="h3"),
            asked,
            w.HTML(details(Message("judgement.kept"), sentence(Message("judgement.latest")))),
            say(together.text, tag="h3"),
            self.live(self._changed, "structure", items="structure.judgement"),
            self.table,
        ]

    def _show(self) -> None:
        self.layout.display = "" if self.session.structure.tables else "none"
        self.table.fill()

    def _changed(self) -> str:
        stale = judged(self.session) and not judgement(self.session, self.session.structure)
        return sentence(Message("judgement.changed"), "gbo-hint") if stale else ""


class TableJudgement(Choices):
    """The table's judgement of the structure on the board; one item holds those of all structures."""

    def kept(self, row: str, _entry: RegisterEntry) -> str | None:
        """What the table thinks of this very structure."""
        return judgement(self.session, self.session.structure).get(row)

    def kept_as(self, row: str, entry: RegisterEntry) -> dict[str, Any]:
        """Beside the judgements of other structures; while this one changes, nobody can tell which is meant."""
        return {
            "edit": {"item": entry.id, "do": "set", "path": [mark(self.session.structure), row]},
            "about": "structure",
        }


class StructureCounts(View):
    """Reach and cost of the structure for a decision, in sentences and one table, once the table gave its judgement."""

    def _parts(self) -> Parts:
        self.dials = Grid(self.session)
        self.dials.add_class("gbo-dials")
        self.shown = w.HTML()
        self.told = w.HTML()
        self.drawn = w.HTML()
        folds = (fold(Message("counts.told"), self.told), fold(Message("counts.on_network"), self.drawn))
        self.more = row(*folds, look="gbo-folds")
        self.follow(self._show, "structure", "network", "places", items="structure.")
        return [self.dials, self.shown, self.more]

    def _show(self) -> None:
        structure = self.session.structure
        ready = bool(structure.partners and structure.tables) and judged(self.session)
        self.dials.layout.display = self.more.layout.display = "" if ready else "none"
        self._show_dials()
        if not ready:
            missing = "judgement.folded" if structure.partners and structure.tables else "board.no_tables"
            self.shown.value = sentence(Message(missing), "gbo-hint")
            self.told.value = self.drawn.value = ""
            return
        reached, costs = counted(self.session, structure)
        self.shown.value = reach_table(structure, reached) + sentence(Message("counts.no_score"), "gbo-hint")
        self.told.value = sentences([*reached.messages, *costs.messages])
        network = self.session.network
        self.drawn.value = reach_picture(network, structure.lead, reached, self.session.places)

    def _show_dials(self) -> None:
        themes = [(theme, str(Message("counts.theme", theme=theme))) for theme in self.session.structure.themes]
        decisions = [(VISION, str(Message("counts.vision"))), *themes]
        mandates = [(mandate, str(Message(f"counts.mandate_{mandate}"))) for mandate in MANDATES]
        options = {"decision": decisions, "minutes": [], "mandate": mandates}
        columns = []
        for id, some in options.items():
            edit = {"item": "structure.dials", "do": "set", "path": [id]}
            column = {"id": id, "label": str(Message(f"counts.{id}")), "options": some, "edit": edit}
            columns.append({**column, "type": "select" if some else "number"})
        self.dials.columns, self.dials.base = columns, self.session.store.version("structure.dials")
        cells = dict(zip(options, dials(self.session), strict=True))
        self.dials.rows = [{"id": "dials", "label": str(Message("counts.dials")), "cells": cells}]


def reach_table(structure: Structure, reached: Reach) -> str:
    """Who is how far from the deciding table, as HTML."""
    rows = []
    for word in REACH:
        ids = getattr(reached, word)
        rows.append([Message(f"reach.{word}"), len(ids), ", ".join(map(structure.name, ids)) or "–"])
    return table_html(Message("counts.caption"), [], rows)


def reach_picture(
    network: Network, lead: str | None, reached: Reach, places: Mapping[str, Sequence[float]] | None = None
) -> str:
    """The group's own network with the letters of the board: who is how far from the deciding table."""
    letters = {word: str(Message(f"board.word.letter.{word}")) for word in REACH}
    badges = {id: Badge(letters[word], REACH_COLOURS[word]) for word in REACH for id in getattr(reached, word)}
    told = str(Message("counts.picture", letters=[f"{letters[word]}: {Message(f'reach.{word}')}" for word in REACH]))
    drawn = picture(network, told, places=places, lead=lead, lines=pair_lines(network), badges=badges, legend=False)
    return sentence(told) + drawn


class CountLines(View):
    """Count the lines: what a plenary, groups with delegates and a star cost, counted by hand first."""

    def _parts(self) -> Parts:
        self.task = Task(self.session, "count-lines")
        self.figures = self.live(self._figures, items="task.count-lines.")
        return [self.task, self.figures]

    def _figures(self) -> str:
        if not all(self.session.store.get(item) for item in self.task.entries):
            return sentence(Message("lines.first_count"), "gbo-hint")
        partners = tuple(f"p{number}" for number in range(24))
        shapes = {
            "plenary": [Table("plenary", seats=partners)],
            "groups": [Table("steering", seats=partners[::6])],
            "star": [Table("bilateral", seats=("p0", other)) for other in partners[1:]],
        }
        shapes["groups"] += [Table("working", partners[i], partners[i : i + 6]) for i in range(0, 24, 6)]
        heads = [Message(f"lines.head.{key}") for key in ("shape", "met", "never", "meetings", "hours")]
        rows = []
        for name, tables in shapes.items():
            structure = Structure(partners, tuple(tables), "p0")
            reached, costs = reach(structure), cost(structure)
            hours = Message("lines.hours", hours=round(costs.person_hours, 1))
            rows.append([Message(f"lines.{name}"), reached.pairs_met, reached.pairs_never, costs.meetings, hours])
        return table_html("", heads, rows) + sentence(Message("lines.price"))
