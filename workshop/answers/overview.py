"""All tables side by side, as rows: for the dashboard, the report of a session and the spreadsheet alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date
from functools import cache
from itertools import groupby, islice
from operator import itemgetter
from typing import Any, NamedTuple

from workshop.answers.tables import LONG_AGO, Room, TableAnswers
from workshop.domain import governance, roles
from workshop.domain.decisions import REACH, cost, reach
from workshop.domain.network import Network, Tie
from workshop.domain.structure import TABLE_KINDS, Structure
from workshop.texts import Message, language, number

AGREEMENT = ("what", "why", "owner", "date", "first-step")
COUNTED = ("pairs_met", "pairs_never", "meetings", "minutes", "person_hours")
STRUCTURE = ("lead", "coordinator", *TABLE_KINDS, *REACH, *COUNTED)
MOST_DRAWN = 40
FEW = "…"
"""Stands where fewer than five persons answered."""
Row = list[Any]


class Sheet(NamedTuple):
    """A table to show: its heading, those of its columns, its rows."""

    title: Message
    head: list[Message]
    rows: list[Row]


class Asked(NamedTuple):
    """A question with fixed answers: the items of persons and of tables (or None), kept value to its name."""

    label: str
    persons: str
    tables: str | None
    names: dict[str, str]


def who(room: Room) -> tuple[Iterable[str], Iterable[Row]]:
    """Who handed in, when, and how much; counted as it is asked for."""
    rows = (
        [table.name, table.group, _time(table), len(table.by_item), len(table.conflicts) or ""] for table in room.tables
    )
    return ("table", "group", "saved", "answers", "conflicts"), rows


def organisations(room: Room) -> tuple[Iterable[str], list[Row]]:
    """Which organisations were drawn, by how many tables."""
    merged = room.merged
    rows = [
        [o.name, governance.sector_label(o.sector), merged.organisations[o.id]] for o in merged.network.organisations
    ]
    return ("organisation", "sector", "tables"), rows


def ties(room: Room) -> tuple[Iterable[str], list[Row]]:
    """Which pairs have a tie, and how many tables drew it."""
    network = room.merged.network
    return ("from", "to", "tables"), [[network.name(a), network.name(b), n] for (a, b), n in room.merged.ties.items()]


def drawn(room: Room) -> tuple[Iterable[str], Iterable[Row]]:
    """Every tie that each table drew; of both maps where two were saved at once."""
    rows = ([table.name, *row] for table in room.tables for network in table.networks for row in drawn_ties(network))
    return ("table", "from", "to", "kind", "strength", "trust"), rows


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
    shown, total = room.merged.most_drawn(MOST_DRAWN), len(room.merged.network.organisations)
    return shown, Message("report.merged_said", n=room.merged.tables, drawn=len(shown.organisations), total=total)


def structures(room: Room) -> tuple[Iterable[str], Iterable[Row]]:
    """Who leads, how many tables there are of each kind, reach and cost for the vision; counted as it is asked for."""
    drawn = ((table, structure) for table in room.tables for structure in table.structures if structure.tables)
    return ("table", *STRUCTURE), ([table.name, *structure_row(structure)] for table, structure in drawn)


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


def questions() -> list[Asked]:
    """Factors now and in two years, roles, situations and the opening question."""
    return _questions(language())


@cache
def _questions(_language: str) -> list[Asked]:
    table = roles.factor_table()
    open_ = {level: str(Message(f"factor.{level}")) for level in ("unknown", "differ")}
    asked = []
    for when, suffix in (("now", ""), ("in_two_years", ".in-two-years")):
        for factor in dict.fromkeys(row.factor for row in table):
            levels = [row for row in table if row.factor == factor]
            label, item = str(Message(f"factors.{when}", factor=levels[0].label)), f"factor.{factor}{suffix}"
            asked.append(Asked(label, item, item, {row.level: row.level_label for row in levels} | open_))
    choices = {role["id"]: role["name"] for role in roles.roles()["role"]} | {"unsure": str(Message("roles.unsure"))}
    asked += [Asked(str(Message(f"who.{key}")), f"role.{key}", None, choices) for key in ("taken", "wanted")]
    for situation in governance.situations():
        item = f"situation.{situation['id']}"
        asked.append(Asked(situation["title"], f"role.{item}", f"task.{item}", choices))
    opening = governance.opening()
    options = {option["id"]: option["name"] for option in opening["option"]}
    asked += [Asked(question["label"], f"opening.{question['id']}", None, options) for question in opening["question"]]
    return asked


def spread(answers: Room | TableAnswers) -> tuple[Iterable[str], list[Row]]:
    """How many tables, and from five persons on how many persons, gave each answer; only what was answered.

    Of a room, each table counts once, with its newest answer; of one table, two versions saved at once count both.
    """
    rows: list[Row] = []
    for question in questions():
        by_table = Counter(answers.texts(question.tables) if question.tables else ())
        persons, answered = answers.spread(question.persons), answers.answered(question.persons)
        if not answered and not any(by_table[value] for value in question.names):
            continue
        for value, name in question.names.items():
            counted = (FEW if answered else "") if persons is None else persons.get(value, 0)
            rows.append([question.label, name, by_table[value] if question.tables else "", counted])
    return ("question", "answer", "tables", "persons"), rows


def by_question(answers: Room | TableAnswers) -> Sheet:
    """A row for each question: how many tables (of one table: what it answered), and how many persons, gave what."""
    one, rows = isinstance(answers, TableAnswers), []
    for question, given in groupby(spread(answers)[1], itemgetter(0)):
        found = list(given)
        tables = [answer if one else f"{n} × {answer}" for _, answer, n, _ in found if n]
        persons = [f"{n} × {answer}" for _, answer, _, n in found if n and n != FEW]
        few = [FEW] if any(n == FEW for *_, n in found) else []
        rows.append([question, "\n".join(tables), "\n".join(persons or few)])
    heads = ("question", "our_table" if one else "tables", "persons")
    return Sheet(Message("dashboard.sheet.spread"), [Message(f"dashboard.head.{head}") for head in heads], rows)


def day(text: str) -> str:
    """A date as people write it; other text as it is."""
    try:
        return date.fromisoformat(text).strftime("%d/%m/%Y")
    except ValueError:
        return text


def agreements(room: Room) -> tuple[Iterable[str], list[Row]]:
    """What was agreed; two versions saved at once both."""
    rows = [
        [table.name, *(" / ".join(map(day, table.texts(f"agreement.{key}"))) for key in AGREEMENT)]
        for table in room.tables
        if any(table.texts(f"agreement.{key}") for key in AGREEMENT)
    ]
    return ("table", *AGREEMENT), rows


def texts(answers: Room | TableAnswers) -> list[tuple[str, list[str]]]:
    """Released texts by question, without saying whose they are."""
    found = (
        (question, [text for text in answers.released(item) if isinstance(text, str)])
        for item, question in _reflections(language()).items()
    )
    return [(question, said) for question, said in found if said]


@cache
def _reflections(_language: str) -> dict[str, str]:
    steps = (step for round in (1, 2) for step in governance.reflection_steps(round))
    asked = {question["id"]: question["question"] for step in steps for question in step["questions"]}
    return asked | {f"reflection.situation.{item['id']}": item["title"] for item in governance.situations()}


def released(room: Room) -> tuple[Iterable[str], list[Row]]:
    """Released texts, a row each."""
    return ("question", "text"), [[question, text] for question, said in texts(room) for text in said]


SHEETS: dict[str, Callable[[Room], tuple[Iterable[str], Iterable[Row]]]] = {
    made.__name__: made for made in (who, organisations, ties, drawn, structures, spread, agreements, released)
}


def sheet(name: str, room: Room, most: int | None = None) -> Sheet:
    """One of `SHEETS`, with its headings; only the first rows where `most` says how many."""
    columns, rows = SHEETS[name](room)
    heads = [Message(f"dashboard.head.{column}") for column in columns]
    return Sheet(Message(f"dashboard.sheet.{name}"), heads, list(islice(rows, most)))


def _time(table: TableAnswers) -> str:
    return table.saved.astimezone().strftime("%d/%m/%Y %H:%M") if table.saved > LONG_AGO else "–"
