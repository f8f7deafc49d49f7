"""What a structure costs and whom it reaches, for one kind of decision. No score: cost and reach stand side by side."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from workshop.domain.governance import POVERTY, SectorName
from workshop.domain.structure import Structure, Table, people
from workshop.domain.weights import MANDATES, weights
from workshop.texts import Message

__all__ = ["Cost", "Reach", "cost", "joined", "pairs", "questions", "reach", "weights", "without"]

without = Structure.without
REACH = ("at_table", "one_step", "only_coordinator", "nowhere")


@dataclass(frozen=True)
class Reach:
    """Whom a decision reaches. `deciding` may name people who are no partners; the other ids are of partners."""

    deciding: tuple[str, ...]
    at_table: tuple[str, ...]
    one_step: tuple[str, ...]
    only_coordinator: tuple[str, ...]
    nowhere: tuple[str, ...]
    sectors: dict[str, str]
    poverty_seat: bool | None
    pairs_met: int
    pairs_never: int
    messages: list[Message]


@dataclass(frozen=True)
class Cost:
    """What a decision costs. `steps` are (label, tables that meet at the same time, minutes), one after another."""

    steps: list[tuple[Message, tuple[Table, ...], float]]
    meetings: int
    minutes: float
    person_hours: float
    minutes_each: float | None
    messages: list[Message]


def pairs(n: int) -> int:
    """Number of pairs among `n`: the lines there are when everybody is tied to everybody, n(n-1)/2."""
    return n * (n - 1) // 2


def reach(structure: Structure, decision: str = "vision") -> Reach:
    """How far each partner is from a decision.

    Parameters
    ----------
    structure : Structure
    decision : str, default "vision"
        ``"vision"``: the steering group decides, else the plenary, else the lead organisation alone. Or the theme of a
        working group, which then decides; a theme that no working group has goes as the vision.

    Returns
    -------
    Reach
        A partner is *at the table*; *one step away*: shares a table with somebody who decides, other than a coordinator
        who is not the lead organisation; reached *only through the coordinator*: shares a table with the coordinator;
        or *nowhere*. A sector is as near as its nearest partner. ``poverty_seat`` says whether an association where
        people in poverty speak has a seat at any table, None where sectors are missing to tell.
    """
    who, tables = structure.deciding(decision)
    deciding, seated = people(tables), people(structure.tables)
    links = set(deciding) - ({structure.coordinator} - {structure.lead})
    together = [set(table.seats) for table in structure.tables]
    beside = {
        "at_table": set(deciding),
        "one_step": set[str]().union(*(seats for seats in together if seats & links)),
        "only_coordinator": set[str]().union(*(seats for seats in together if structure.coordinator in seats)),
    }
    far = {id: next((word for word in beside if id in beside[word]), "nowhere") for id in structure.partner_ids}
    groups = {word: tuple(id for id in far if far[id] == word) for word in REACH}
    sectors: dict[str, str] = {}
    for id, word in far.items():
        if sector := structure.sector_of(id):
            sectors[sector] = min(word, sectors.get(sector, word), key=REACH.index)
    met = {pair for seats in together for pair in combinations(sorted(seats & far.keys()), 2)}
    never = pairs(len(far)) - len(met)
    heard = {structure.sector_of(id) for id in seated if id in far}
    poverty = True if POVERTY in heard else None if None in heard or not sectors else False
    name = structure.name(structure.lead) if structure.lead else ""
    messages = [Message(f"decision.who.{who}", n=len(deciding), theme=decision, name=name)]
    if far:
        counts = {word: len(ids) for word, ids in groups.items() if ids or word == "at_table"}
        messages += [Message(f"decision.reach.{word}", n=n, total=len(far)) for word, n in counts.items()]
        absent = [SectorName(sector) for sector, word in sectors.items() if word == "nowhere"]
        messages += [Message("decision.sectors_nowhere", sectors=absent, n=len(absent))] if absent else []
        messages.append(Message("decision.pairs", n=len(met), total=pairs(len(far)), never=never))
        messages.append(Message(f"decision.poverty.{'unknown' if poverty is None else 'yes' if poverty else 'no'}"))
    at_table, one_step, only_coordinator, nowhere = groups.values()
    return Reach(deciding, at_table, one_step, only_coordinator, nowhere, sectors, poverty, len(met), never, messages)


def _rounds(tables: Iterable[Table]) -> list[tuple[Table, ...]]:
    """Tables that share nobody meet at the same time; the table that can join the fewest rounds chooses first."""
    import networkx as nx

    meeting = [table for table in tables if len(table.seats) > 1]
    graph = nx.empty_graph(len(meeting))
    graph.add_edges_from((a, b) for a, b in combinations(graph, 2) if {*meeting[a].seats} & {*meeting[b].seats})
    rounds: dict[int, list[Table]] = {}
    for place, number in sorted(nx.greedy_color(graph, "DSATUR").items()):
        rounds.setdefault(number, []).append(meeting[place])
    return [tuple(together) for together in rounds.values()]


def cost(
    structure: Structure,
    decision: str = "vision",
    minutes_each: float = 5,
    mandate: str = "free",
    meeting_minutes: float = 120,
) -> Cost:
    """What it takes to come to a decision.

    Parameters
    ----------
    structure : Structure
    decision : str, default "vision"
        As for `reach`. Before a vision is decided, the working groups and talks between two that share a person with
        the deciding table meet; nobody sits in two of them at once.
    minutes_each : float, default 5
        Minutes that each person at a table speaks; above 0.
    mandate : {"free", "bound"}
        Bound: those who decide first take the proposal back to their groups, which meet once more.
    meeting_minutes : float, default 120
        Length in minutes of a meeting at the deciding table, for the talking time of each person there; above 0.

    Returns
    -------
    Cost
        A table of s people takes s times `minutes_each`, and that time of each of them. Somebody who decides alone
        holds no meeting: talking time is then None.

    Raises
    ------
    ValueError
        If the mandate is unknown, or minutes are not above 0.
    """
    if mandate not in MANDATES:
        raise ValueError(f"mandate {mandate!r}: choose one of {', '.join(MANDATES)}")
    if not (minutes_each > 0 and meeting_minutes > 0):
        raise ValueError("minutes must be above 0")
    deciding, feeders = structure.deciding(decision)[1], _rounds(structure.feeding(decision))
    back = feeders if mandate == "bound" else []
    stages = {"before": feeders, "decide": _rounds(deciding), "back": back}
    steps: list[tuple[Message, tuple[Table, ...], float]] = []
    for stage, rounds in stages.items():
        for tables in rounds:
            minutes = minutes_each * max(len(table.seats) for table in tables)
            steps.append((Message(f"decision.step.{stage}", n=len(tables)), tables, minutes))
    total = sum(minutes for *_, minutes in steps)
    hours = sum(len(table.seats) ** 2 * minutes_each for _, tables, _ in steps for table in tables) / 60
    largest = max((len(table.seats) for table in deciding), default=0)
    talking = meeting_minutes / largest if largest > 1 else None
    messages = [
        Message("decision.meetings", n=len(steps), minutes=round(total, 1)),
        Message("decision.hours", hours=round(hours, 1)),
    ]
    if talking is not None:
        values = {"minutes": round(talking, 1), "length": round(meeting_minutes, 1), "people": largest}
        messages.append(Message("decision.talking", **values))
    if back:
        messages.append(Message("decision.bound", n=len(back)))
    return Cost(steps, len(steps), total, hours, talking, messages)


def questions(structure: Structure) -> list[Message]:
    """What one may ask about who sits where; questions, not faults. None while there are no tables."""
    seated, ids = set(people(structure.tables)), structure.partner_ids
    if not seated:
        return []
    heard = {structure.sector_of(id) for id in seated} | {POVERTY}
    outside = [structure.name(id) for id in ids if id not in seated]
    sectors = dict.fromkeys(map(structure.sector_of, ids))
    silent = [SectorName(sector) for sector in sectors if sector and sector not in heard]
    steering = {*people(table for table in structure.tables if table.kind == "steering")} & {*ids}
    poverty = reach(structure).poverty_seat
    asked = [Message("board.ask.nowhere", n=len(outside), names=outside)] if outside else []
    asked += [Message("board.ask.sectors", n=len(silent), sectors=silent)] if silent else []
    if not poverty:
        asked.append(Message("board.ask.poverty_unknown" if poverty is None else "board.ask.poverty"))
    if 2 * len(steering) > len(ids):
        asked.append(Message("board.ask.steering", n=len(steering), total=len(ids)))
    return asked


def joined(structure: Structure) -> int:
    """Number of pairs of partners that can reach each other over shared tables, the coordinator's among them."""
    import networkx as nx

    graph, partners = nx.Graph(), set(structure.partner_ids)
    for table in structure.tables:
        nx.add_path(graph, table.seats)
    return sum(pairs(len(partners & part)) for part in nx.connected_components(graph))
