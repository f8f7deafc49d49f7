"""All tables side by side, as rows: for the dashboard, the report of a session and the spreadsheet alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from workshop.answers.shown import LONG_AGO, Room, TableAnswers
from workshop.domain import governance
from workshop.domain.decisions import REACH, cost, reach
from workshop.domain.network import Network, Tie
from workshop.domain.questions import questions, register
from workshop.domain.structure import TABLE_KINDS, Structure
from workshop.texts import Message, day, number

COUNTED = ("pairs_met", "pairs_never", "meetings", "minutes", "person_hours")
STRUCTURE = ("lead", "coordinator", *TABLE_KINDS, *REACH, *COUNTED)
MOST_DRAWN = 40
DOT = "●"
MOST_DOTS = 30
FEW = "…"
"""Stands where fewer than five persons answered."""
Row = list[Any]
Heads = list[Message | str]
Columns = tuple[Heads, list[Row]]


class Sheet(NamedTuple):
    """A table to show: its heading, those of its columns, its rows."""

    title: Message
    head: Heads
    rows: list[Row]


def _heads(*names: str) -> Heads:
    return [Message(f"dashboard.head.{name}") for name in names]


def who(room: Room) -> Columns:
    """Who handed in, when, and how much."""
    rows: list[Row] = []
    for table in room.tables:
        handed_in = str(Message("dashboard.not_yet"))
        if table.handed_in:
            handed_in = f"✓ {_time(datetime.fromisoformat(table.handed_in))}"
        saved = _time(table.saved) if table.saved > LONG_AGO else "–"
        rows.append([table.name, handed_in, table.group, saved, len(table.by_item), len(table.conflicts) or ""])
    return _heads("table", "handed_in", "group", "saved", "answers", "conflicts"), rows


def organisations(room: Room) -> Columns:
    """Which organisations were drawn, by how many tables."""
    merged = room.merged
    rows = [
        [o.name, governance.sector_label(o.sector), merged.organisations[o.id]] for o in merged.network.organisations
    ]
    return _heads("organisation", "sector", "tables"), rows


def ties(room: Room) -> Columns:
    """Which pairs have a tie, and how many tables drew it."""
    network = room.merged.network
    return _heads("from", "to", "tables"), [
        [network.name(a), network.name(b), n] for (a, b), n in room.merged.ties.items()
    ]


def drawn(room: Room) -> Columns:
    """Every tie that each table drew."""
    rows = [[table.name, *row] for table in room.tables for row in drawn_ties(table.network)]
    return _heads("table", "from", "to", "kind", "strength", "trust"), rows


def drawn_ties(network: Network) -> list[Row]:
    """A row for each pair: names, kinds, and what is known of strength and trust."""
    pairs: dict[tuple, list[Tie]] = {}
    for tie in network.ties:
        pairs.setdefault(network.tie_key(tie)[0], []).append(tie)
    labels = {kind: governance.kind_label(kind) for kind in {tie.kind for tie in network.ties}}
    rows = []
    for (source, target), found in pairs.items():
        kinds = ", ".join(labels[tie.kind] for tie in found)
        known = ([value for tie in found if (value := getattr(tie, f)) is not None] for f in ("strength", "trust"))
        figures = (", ".join(map(number, dict.fromkeys(each))) for each in known)
        rows.append([network.name(source), network.name(target), kinds, *figures])
    return rows


def merged_map(room: Room) -> tuple[Network, Message]:
    """The part of all maps together that can be drawn, and what it says."""
    shown = room.merged.most_drawn(MOST_DRAWN)
    total = len(room.merged.network.organisations)
    return shown, Message("report.merged_said", n=room.merged.tables, drawn=len(shown.organisations), total=total)


def structures(room: Room) -> Columns:
    """Who leads, how many tables there are of each kind, reach and cost for the vision."""
    rows = [[table.name, *structure_row(table.structure)] for table in room.tables if table.structure.tables]
    return _heads("table", *STRUCTURE), rows


def structure_row(structure: Structure) -> Row:
    """One structure as a row of `structures`, without the name of the table: what `STRUCTURE` lists."""
    reached, costs = reach(structure), cost(structure)
    kinds = Counter(table.kind for table in structure.tables)
    counted = [getattr(reached if hasattr(reached, name) else costs, name) for name in COUNTED]
    return [
        structure.name(structure.lead) if structure.lead else "–",
        str(Message(f"dashboard.{'yes' if structure.coordinator else 'no'}")),
        *(kinds[kind] for kind in TABLE_KINDS),
        *(len(getattr(reached, place)) for place in REACH),
        *(round(value, 1) if isinstance(value, float) else value for value in counted),
    ]


def spread(room: Room) -> Columns:
    """How many tables, and from five persons on how many persons, gave each answer; only what was answered.

    Each table counts once, with its newest answer.
    """
    rows: list[Row] = []
    beside = set()  # the table's own question stands beside that of its persons
    for entry in register():
        if not (entry.options and entry.counted) or "*" in entry.id or entry.id in beside:
            continue
        beside.add(entry.beside)
        persons = "" if entry.owner == "table" else entry.id
        tables = entry.beside or ("" if entry.owner == "person" else entry.id)
        by_table = Counter(room.texts(tables) if tables else ())
        by_person = room.spread(persons) if persons else {}
        answered = room.answered(persons) if persons else 0
        if not answered and not any(by_table[option.id] for option in entry.options):
            continue
        for option in entry.options:
            counted = (FEW if answered else "") if by_person is None else by_person.get(option.id, 0)
            rows.append([entry.label, option.text, by_table[option.id] if tables else "", counted])
    return _heads("question", "answer", "tables", "persons"), rows


def by_question(room: Room) -> Sheet:
    """A row for each question: how many tables, and how many persons, gave what."""
    rows = []
    for question, given in groupby(spread(room)[1], itemgetter(0)):
        found = list(given)
        tables = [f"{n} × {answer}" for _, answer, n, _ in found if n]
        persons = [dotted(n, answer) for _, answer, _, n in found if n and n != FEW]
        few = [FEW] if any(n == FEW for *_, n in found) else []
        rows.append([question, "\n".join(tables), "\n".join(persons or few)])
    return Sheet(Message("dashboard.sheet.spread"), _heads("question", "tables", "persons"), rows)


def dotted(n: int, answer: str) -> str:
    """How many persons gave an answer, with a dot for each where these still can be told at a glance."""
    dots = DOT * n if n <= MOST_DOTS else ""
    return f"{n} × {answer} {dots}".rstrip()


def agreements(room: Room) -> Columns:
    """What was agreed; two versions saved at once both."""
    asked = questions("agreement")
    rows = []
    for table in room.tables:
        said = [" / ".join(day(text) or text for text in table.texts(entry.id)) for entry in asked]
        if any(said):
            rows.append([table.name, *said])
    return [*_heads("table"), *(entry.label for entry in asked)], rows


def texts(answers: Room | TableAnswers) -> list[tuple[str, list[str]]]:
    """Released texts by question, without saying whose they are."""
    found = []
    for entry in register():
        if entry.written and entry.visibility == "private" and entry.counted:
            said = [text for text in answers.released(entry.id) if isinstance(text, str)]
            if said:
                found.append((entry.label, said))
    return found


def released(room: Room) -> Columns:
    """Released texts, a row each."""
    return _heads("question", "text"), [[question, text] for question, said in texts(room) for text in said]


SHEETS: dict[str, Callable[[Room], Columns]] = {
    made.__name__: made for made in (who, organisations, ties, drawn, structures, spread, agreements, released)
}


def sheet(name: str, room: Room) -> Sheet:
    """One of `SHEETS`, with its headings."""
    return Sheet(Message(f"dashboard.sheet.{name}"), *SHEETS[name](room))


def _time(moment: datetime) -> str:
    return moment.astimezone().strftime("%d/%m/%Y %H:%M")
