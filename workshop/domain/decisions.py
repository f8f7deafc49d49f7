"""What a structure costs and whom it reaches, for one kind of decision. No score: cost and reach stand side by side."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from workshop.domain.governance import POVERTY, SectorName
from workshop.domain.show import Sentences
from workshop.domain.structure import Structure, Table, people
from workshop.domain.weights import MANDATES, unknown_theme, weights
from workshop.texts import Message

__all__ = ["Cost", "Reach", "cost", "joined", "pairs", "questions", "reach", "weights", "without"]

without = Structure.without
REACH = ("at_table", "one_step", "only_coordinator", "nowhere")


@dataclass(frozen=True, repr=False)
class Reach(Sentences):
    """Whom a decision reaches.

    Parameters
    ----------
    deciding : tuple of str
        Ids of those who decide; some may be no partners.
    at_table, one_step, only_coordinator, nowhere : tuple of str
        Ids of partners, by how far they are from the decision; each partner stands in one of them.
    sectors : dict
        Each sector, and the word for how near its nearest partner is.
    poverty_seat : bool or None
        Whether an association that gives people in poverty a voice sits at a table; None where it cannot be told.
    pairs_met, pairs_never : int
        Pairs of partners that share a table somewhere, and that never do.
    messages : list of Message
        The same in sentences.
    """

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


@dataclass(frozen=True, repr=False)
class Cost(Sentences):
    """What a decision costs.

    Parameters
    ----------
    steps : list of (Message, tuple of Table, float)
        What happens, the tables that meet at the same time, and how many minutes that takes; one after another.
    meetings : int
        Number of steps.
    minutes : float
        Minutes of all steps together.
    person_hours : float
        Hours of all people together.
    minutes_at_table : float or None
        Minutes that each person at the deciding table can speak in one meeting; None where nobody meets.
    messages : list of Message
        The same in sentences.
    """

    steps: list[tuple[Message, tuple[Table, ...], float]]
    meetings: int
    minutes: float
    person_hours: float
    minutes_at_table: float | None
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
        working group, which then decides; a theme that no working group has goes as the vision, and the first message
        says so.

    Returns
    -------
    Reach
        A partner is *at the table*; *one step away*: shares a table with somebody who decides, other than a coordinator
        who is not the lead organisation; reached *only through the coordinator*: shares a table with the coordinator;
        or *nowhere*. A sector is as near as its nearest partner.

    Examples
    --------
    >>> town = Structure("abcd", [Table("steering", seats="ab"), Table("working", "x", seats="bc")], lead="a")
    >>> reach(town).at_table, reach(town).one_step, reach(town).nowhere
    (('a', 'b'), ('c',), ('d',))
    """
    who, tables = structure.deciding(decision)
    deciding = people(tables)
    partners = structure.partner_ids
    together = [set(table.seats) for table in structure.tables]
    far = _distances(structure, set(deciding))
    groups = {word: tuple(id for id in partners if far[id] == word) for word in REACH}
    sectors = _nearest(structure, far)
    met = {pair for seats in together for pair in combinations(sorted(seats & far.keys()), 2)}
    never = pairs(len(partners)) - len(met)
    poverty = _poverty_seat(structure, bool(sectors))

    name = structure.name(structure.lead) if structure.lead else ""
    messages = unknown_theme(structure, decision)
    messages.append(Message(f"decision.who.{who}", n=len(deciding), theme=decision, name=name))
    if partners:
        for word, ids in groups.items():
            if ids or word == "at_table":
                messages.append(Message(f"decision.reach.{word}", n=len(ids), total=len(partners)))
        absent = [SectorName(sector) for sector, word in sectors.items() if word == "nowhere"]
        if absent:
            messages.append(Message("decision.sectors_nowhere", sectors=absent, n=len(absent)))
        messages.append(Message("decision.pairs", n=len(met), total=pairs(len(partners)), never=never))
        known = {True: "yes", False: "no", None: "unknown"}[poverty]
        messages.append(Message(f"decision.poverty.{known}"))
    return Reach(
        deciding=deciding,
        sectors=sectors,
        poverty_seat=poverty,
        pairs_met=len(met),
        pairs_never=never,
        messages=messages,
        **groups,
    )


def _distances(structure: Structure, deciding: set[str]) -> dict[str, str]:
    """One word of `REACH` for each partner."""
    # a coordinator who is not the lead organisation carries words, but does not bring a partner one step from deciding
    links = deciding - ({structure.coordinator} - {structure.lead})
    one_step: set[str] = set()
    only_coordinator: set[str] = set()
    for table in structure.tables:
        if links.intersection(table.seats):
            one_step.update(table.seats)
        if structure.coordinator in table.seats:
            only_coordinator.update(table.seats)
    near = {"at_table": deciding, "one_step": one_step, "only_coordinator": only_coordinator}
    far = {}
    for id in structure.partner_ids:
        far[id] = next((word for word, ids in near.items() if id in ids), "nowhere")
    return far


def _nearest(structure: Structure, far: dict[str, str]) -> dict[str, str]:
    """For each known sector how near its nearest partner is."""
    sectors: dict[str, str] = {}
    for id, word in far.items():
        sector = structure.sector_of(id)
        if sector:
            sectors[sector] = min(word, sectors.get(sector, word), key=REACH.index)
    return sectors


def _poverty_seat(structure: Structure, any_sector: bool) -> bool | None:
    """Whether people in poverty have a seat; None where a partner at a table has no known sector."""
    seated = people(structure.tables)
    heard = {structure.sector_of(id) for id in structure.partner_ids if id in seated}
    if POVERTY in heard:
        return True
    return None if None in heard or not any_sector else False


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

    Examples
    --------
    >>> cost(Structure("abcdef", [Table("plenary", seats="abcdef")])).person_hours
    3.0
    """
    if mandate not in MANDATES:
        raise ValueError(f"mandate {mandate!r}: choose one of {', '.join(MANDATES)}")
    if not (minutes_each > 0 and meeting_minutes > 0):
        raise ValueError("minutes must be above 0")
    deciding = structure.deciding(decision)[1]
    before = _rounds(structure.feeding(decision))
    back = before if mandate == "bound" else []
    steps: list[tuple[Message, tuple[Table, ...], float]] = []
    for stage, rounds in (("before", before), ("decide", _rounds(deciding)), ("back", back)):
        for tables in rounds:
            minutes = minutes_each * max(len(table.seats) for table in tables)
            steps.append((Message(f"decision.step.{stage}", n=len(tables)), tables, minutes))
    total = sum(minutes for _, _, minutes in steps)
    # s people who each speak sit through s turns each: s times s times the minutes of a turn
    hours = sum(len(table.seats) ** 2 * minutes_each for _, tables, _ in steps for table in tables) / 60
    largest = max((len(table.seats) for table in deciding), default=0)
    talking = meeting_minutes / largest if largest > 1 else None
    messages = [
        *unknown_theme(structure, decision),
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
    ids = structure.partner_ids
    seated = set(people(structure.tables))
    if not seated:
        return []
    asked = []
    outside = [structure.name(id) for id in ids if id not in seated]
    if outside:
        asked.append(Message("board.ask.nowhere", n=len(outside), names=outside))
    heard = {structure.sector_of(id) for id in seated}
    silent = []
    for sector in dict.fromkeys(map(structure.sector_of, ids)):
        if sector and sector not in heard and sector != POVERTY:
            silent.append(SectorName(sector))
    if silent:
        asked.append(Message("board.ask.sectors", n=len(silent), sectors=silent))
    poverty = reach(structure).poverty_seat
    if poverty is None:
        asked.append(Message("board.ask.poverty_unknown"))
    elif not poverty:
        asked.append(Message("board.ask.poverty"))
    steering = people(table for table in structure.tables if table.kind == "steering")
    partners = [id for id in steering if id in ids]
    if 2 * len(partners) > len(ids):
        asked.append(Message("board.ask.steering", n=len(partners), total=len(ids)))
    return asked


def joined(structure: Structure) -> int:
    """Number of pairs of partners that can reach each other over shared tables, the coordinator's among them."""
    import networkx as nx

    graph = nx.Graph()
    partners = set(structure.partner_ids)
    for table in structure.tables:
        nx.add_path(graph, table.seats)
    return sum(pairs(len(partners & part)) for part in nx.connected_components(graph))
