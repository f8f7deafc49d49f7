"""What a structure costs and whom it reaches, after the own judgement: counted, never scored."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any

import ipywidgets as w

from workshop.domain import governance
from workshop.domain.decisions import MANDATES, REACH, cost, reach
from workshop.domain.network import Network
from workshop.domain.structure import Structure, Table
from workshop.drawing import network_svg
from workshop.session import Session
from workshop.texts import Message
from workshop.widgets.base import View, row, say, sentence, sentences
from workshop.widgets.grid import Grid
from workshop.widgets.header import needs_seat

VISION = "vision"
POLES = ("efficiency", "inclusion")
LEVELS = ("1", "2", "3", "4", "5", "unknown")
REACH_COLOURS = dict(zip(REACH, ("#0072b2", "#56b4e9", "#e69f00", "#ffffff"), strict=True))


def table_name(table: Table) -> str:
    """What a table is called: its theme, or its kind."""
    kind = str(Message(f"table_kind.{table.kind}"))
    return f"{kind}: {table.theme}" if table.theme else kind


def plain(structure: Structure) -> dict[str, Any]:
    """A structure as it is kept: partners by their ids."""
    return {**structure.to_dict(), "partners": list(structure.partner_ids)}


def dials(session: Session) -> tuple[str, int, str]:
    """Which decision is counted, minutes to speak each, and the mandate, as the group set them."""
    kept = session.store.get("structure.dials")
    decision, minutes, mandate = kept if isinstance(kept, list) and len(kept) == 3 else (VISION, 5, "free")
    return (
        decision if decision in session.structure.themes else VISION,
        minutes if isinstance(minutes, int) and 1 <= minutes <= 60 else 5,
        mandate if mandate in MANDATES else "free",
    )


def _mark(structure: Structure) -> str:
    return hashlib.sha256(json.dumps(plain(structure), sort_keys=True).encode()).hexdigest()[:12]


def _judgements(session: Session) -> dict[str, dict[str, str]]:
    kept = session.store.get("structure.judgement")
    return kept if isinstance(kept, dict) else {}


def judgement(session: Session, structure: Structure) -> dict[str, str]:
    """The table's own judgement of this very structure: pole to level; empty where not given."""
    return _judgements(session).get(_mark(structure), {})


def judged(session: Session) -> bool:
    """Whether the table gave its own judgement of any structure: the counts may then be seen."""
    return any(all(pole in given for pole in POLES) for given in _judgements(session).values())


class Judgement(View):
    """What people think of the structure before anything is counted: each privately, then the table.

    Parameters
    ----------
    session : Session
    """

    def __init__(self, session: Session):
        super().__init__(session)
        columns = [
            {"id": level, "label": str(Message(f"judgement.level.{level}")), "type": "radio"} for level in LEVELS
        ]
        self.grid = Grid(session, self._edited, columns=columns)
        self.mine = Grid(session, self._edited_mine, columns=columns[:-1])
        self.own, self.spread, self.changed = w.VBox(), w.HTML(), w.HTML()
        self.watch("seat", self._show_own)
        self.watch_answers("judgement.", self._show_mine)
        self.watch_answers("structure.judgement", self._show)
        self.watch("structure", self._show)
        together = say(Message("judgement.table"), tag="h4")
        self.children = [
            say(Message("judgement.private"), tag="h4"),
            self.own,
            self.spread,
            together,
            self.changed,
            self.grid,
        ]
        self._show_own()
        self._show()

    def _show_own(self) -> None:
        picker = needs_seat(self.session)
        self.own.children = picker if self.session.seat is None else [self.mine, *picker[1:]]
        self._show_mine()

    def _show_mine(self) -> None:
        store, seat = self.session.store, self.session.seat
        self.mine.rows = [_pole(pole, store.get(f"judgement.{pole}", seat) if seat else None) for pole in POLES]
        told = ""
        for pole in POLES:
            spread = store.spread(f"judgement.{pole}")
            if spread is not None:
                counted = (
                    Message("judgement.counted", n=spread.get(level, 0), option=Message(f"judgement.level.{level}"))
                    for level in LEVELS[:-1]
                )
                told += sentence(Message(f"judgement.{pole}"), tag="h5") + sentences(counted)
        fewer = Message("opening.too_few", n=store.answered("judgement.efficiency"))
        self.spread.value = told or sentence(fewer, "gbo-hint")

    def _show(self) -> None:
        self.layout.display = "" if self.session.structure.tables else "none"
        given = judgement(self.session, self.session.structure)
        self.grid.rows = [_pole(pole, given.get(pole)) for pole in POLES]
        stale = judged(self.session) and not given
        self.changed.value = sentence(Message("judgement.changed"), "gbo-hint") if stale else ""

    def _edited_mine(self, pole: str, _column: str, level: str) -> None:
        if pole in POLES and level in LEVELS:
            self.session.save(f"judgement.{pole}", level, person=self.session.person_for(True))

    def _edited(self, pole: str, _column: str, level: str) -> None:
        if pole in POLES and level in LEVELS:
            known, mark = _judgements(self.session), _mark(self.session.structure)
            self.session.save("structure.judgement", {**known, mark: {**known.get(mark, {}), pole: level}})


def _pole(pole: str, level: str | None) -> dict[str, Any]:
    return {"id": pole, "label": str(Message(f"judgement.{pole}")), "choice": level}


class StructureCounts(View):
    """Reach and cost of the structure for a decision, in sentences and one table, once the table gave its judgement.

    Parameters
    ----------
    session : Session
    """

    def __init__(self, session: Session):
        super().__init__(session)
        wide = {"style": {"description_width": "initial"}}
        self.decision = w.Dropdown(description=str(Message("counts.decision")), **wide)
        self.minutes = w.BoundedIntText(5, min=1, max=60, description=str(Message("counts.minutes")), **wide)
        mandates = [(str(Message(f"counts.mandate_{mandate}")), mandate) for mandate in MANDATES]
        self.mandate = w.Dropdown(options=mandates, description=str(Message("counts.mandate")), **wide)
        self.shown, self.dials = w.HTML(), row(self.decision, self.minutes, self.mandate)
        self._busy = False
        for field in (self.decision, self.minutes, self.mandate):
            field.observe(session.guard(self._dialled), "value")
        self.watch(("structure", "network"), self._show)
        self.watch_answers("structure.", self._show)
        self.children = [self.dials, self.shown]
        self._show()

    def _dialled(self, _change) -> None:
        if not self._busy:
            self.session.save("structure.dials", [self.decision.value, self.minutes.value, self.mandate.value])

    def _show(self) -> None:
        structure, seen = self.session.structure, judged(self.session)
        self._busy = True
        options = [(str(Message("counts.vision")), VISION)]
        options += [(str(Message("counts.theme", theme=theme)), theme) for theme in structure.themes]
        if list(self.decision.options) != options:
            self.decision.options = options
        self.decision.value, self.minutes.value, self.mandate.value = dials(self.session)
        self._busy = False
        self.dials.layout.display = "" if seen else "none"
        if not structure.partners or not structure.tables:
            self.shown.value = sentence(Message("board.no_tables"), "gbo-hint")
        elif not seen:
            self.shown.value = sentence(Message("judgement.folded"), "gbo-hint")
        else:
            drawn = reach_picture(self.session.network, structure, self.decision.value)
            self.shown.value = counts(structure, *dials(self.session)) + drawn


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
    rows = []
    for word in REACH:
        ids = getattr(reached, word)
        rows.append([Message(f"reach.{word}"), len(ids), ", ".join(map(structure.name, ids)) or "–"])
    told = sentences([*reached.messages, *costs.messages]) + sentence(Message("counts.no_score"), "gbo-hint")
    return table_html(Message("counts.caption"), [], rows) + told


def reach_picture(network: Network, structure: Structure, decision: str) -> str:
    """The group's own network with the letters of the board: who is how far from the deciding table.

    Parameters
    ----------
    network : Network
    structure : Structure
    decision : str
        ``"vision"``, or the theme of a working group.
    """
    reached = reach(structure, decision)
    letters = {word: str(Message(f"board.letter.{word}")) for word in REACH}
    badges = {id: (letters[word], REACH_COLOURS[word]) for word in REACH for id in getattr(reached, word)}
    told = str(Message("counts.picture", letters=[f"{letters[word]}: {Message(f'reach.{word}')}" for word in REACH]))
    return sentence(told) + network_svg(network, told, centre=structure.lead, badges=badges)


def table_html(caption: Message | str, heads: Sequence[Any], rows: Iterable[Sequence[Any]]) -> str:
    """An HTML table whose rows start with a head; everything escaped."""
    head = "".join(sentence(text, tag="th") for text in heads)
    body = "".join(
        f"<tr>{sentence(first, tag='th')}{''.join(sentence(cell, tag='td') for cell in rest)}</tr>"
        for first, *rest in rows
    )
    return (
        f'<div class="gbo-grid-wrap"><table class="gbo-table">{sentence(caption, tag="caption")}'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
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
        done = all(
            self.session.store.get(f"task.count-lines.{card['id']}") for card in governance.task("count-lines")["rows"]
        )
        self.figures.value = self._table() if done else sentence(Message("lines.first_count"), "gbo-hint")

    @staticmethod
    def _table() -> str:
        partners = tuple(f"p{number}" for number in range(24))
        groups = [Table("working", str(i), partners[6 * i : 6 * i + 6]) for i in range(4)]
        steering = Table("steering", seats=tuple(group.seats[0] for group in groups))
        talks = tuple(Table("bilateral", seats=("p0", other)) for other in partners[1:])
        shapes = {
            "plenary": Structure(partners, (Table("plenary", seats=partners),), "p0"),
            "groups": Structure(partners, (steering, *groups), "p0"),
            "star": Structure(partners, talks, "p0"),
        }
        heads = [Message(f"lines.head.{key}") for key in ("shape", "met", "never", "meetings", "hours")]
        rows: list[list] = []
        for name, structure in shapes.items():
            reached, costs = reach(structure), cost(structure)
            hours = Message("lines.hours", hours=round(costs.person_hours, 1))
            rows.append([Message(f"lines.{name}"), reached.pairs_met, reached.pairs_never, costs.meetings, hours])
        return table_html("", heads, rows) + sentence(Message("lines.price"))
