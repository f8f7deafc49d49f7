"""What one table found, as blocks: map, structure beside variants, factors, what persons chose, and the rest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from workshop.answers import names, overview
from workshop.answers.overview import dotted
from workshop.answers.shown import TableAnswers
from workshop.blocks import Block, heading, listed, say, table, words
from workshop.domain import governance, roles
from workshop.domain.decisions import REACH, cost, reach
from workshop.domain.measures import measure
from workshop.domain.network import Network
from workshop.domain.questions import RegisterEntry, about, question, questions, register
from workshop.domain.structure import TABLE_KINDS, Structure
from workshop.pictures import picture
from workshop.texts import Message

SHOWN = (
    "sectors",
    "ties",
    "connectedness",
    "isolates",
    "mean_path",
    "degree_centralisation",
    "cut_organisations",
    "trust_share",
)
"""Measures that have a sentence in the report."""
REPEATED = ("decision.reach.",)
"""Sentences that say what the table beside them says."""
SAID_ONCE = (*REPEATED, "decision.pairs", "decision.poverty.")
"""Those, and sentences on all tables together, which stand at the first decision only."""
MOST_PICTURED = 120
QUADRANT = "form-standing.quadrant"
"""The choice among four boxes, which stands with the map."""
SAID_ABOVE = ("lead", "coordinator", *TABLE_KINDS)
"""What the words above the counts say; it stands there again only where a variant differs."""
IN_APPENDIX = ("pairs_never", "meetings", "minutes")
"""What is counted of the board's structure in the appendix only."""
LATER = ("situations", "who-are-we")
"""Sets of questions of which what persons chose stands in the appendix."""
NOTHING = ("", "–", "0")
CHOSEN_ELSEWHERE = ("own-form", "factors", "judgement")
"""Sets of questions whose answers of the table have a chapter of their own; counted or not, they are in its report."""


def chosen(entry: RegisterEntry, answers: TableAnswers, item: str = "") -> str:
    """The words of what the table chose; empty where it did not choose."""
    names = {option.id: option.text for option in entry.options}
    return names.get(answers.text(item or entry.id), "")


# -- the network -------------------------------------------------------------------------------------------------------


def map_blocks(answers: TableAnswers) -> list[Block]:
    """The map as a picture, if there is one; of a shipped case it says that it is one."""
    network = answers.network
    blocks = []
    if answers.case and network.organisations:
        blocks.append(Block("notice", str(governance.case(answers.case).mark)))
    if 0 < len(network.organisations) <= MOST_PICTURED:
        summary = str(measure("ties", network).message)
        drawn = picture(network, summary, places=answers.positions, lead=answers.structure.lead)
        blocks.append(Block("picture", summary, svg=drawn))
    return blocks


def network_blocks(answers: TableAnswers) -> list[Block]:
    """The map, and what it says in counted sentences."""
    network = answers.network
    if not network.organisations:
        return []
    measured = [measure(name, network) for name in SHOWN]
    said = [found.message for found in measured if found.value is not None]
    lead = answers.structure.lead
    if lead:
        told = measure("connectedness", network, without=lead).message
        said.append(Message("report.without_lead", name=network.name(lead), told=told))
    likened = [f"{asked} {box}." for asked, box, *_ in form_rows(answers, QUADRANT)]
    return [*map_blocks(answers), *listed([*said, *likened])]


def lists_of(network: Network) -> list[Block]:
    """All organisations and all ties, as tables."""
    people = []
    for organisation in network.organisations:
        sector = governance.sector_label(organisation.sector) if organisation.sector else ""
        layer = governance.layer_label(organisation.layer) if organisation.layer else ""
        people.append([organisation.name, sector, layer])
    caption = words("ties_directed" if network.directed else "ties")
    header = [words(column) for column in ("from", "to", "kind", "strength", "trust")]
    return [
        *table(words("organisations"), people, [words("organisation"), words("sector"), words("layer")]),
        *table(caption, overview.drawn_ties(network), header, names.of_session("ties", "csv")),
    ]


# -- the structure -----------------------------------------------------------------------------------------------------


def _names(structure: Structure, ids: Iterable[str]) -> str:
    return ", ".join(map(structure.name, ids)) or "–"


def structure_blocks(answers: TableAnswers) -> list[Block]:
    """Who sits where; what the table thinks of it and what is counted, beside its variants."""
    structure = answers.structure
    if not structure.tables:
        return []
    led = words("lead", name=_names(structure, [structure.lead] if structure.lead else []))
    coordinated = words("coordinator" if structure.coordinator else "no_coordinator")
    seats = [[met.title, _names(structure, met.seats)] for met in structure.tables]
    columns = [(words("on_board"), structure), *answers.variants]
    said = judged(answers, [structure for _, structure in columns])
    caption = words("variants" if answers.variants else "counts")
    header = ["", *(name for name, _ in columns)] if answers.variants else []
    return [
        Block("text", f"{led} {coordinated}"),
        *table(words("seats"), seats),
        *table(caption, [*said, *_counted(columns)], header),
        say("hint", "no_score"),
    ]


def judged(answers: TableAnswers, structures: Iterable[Structure]) -> list[list[str]]:
    """What the table thought of each of these structures, a row for each question that it answered."""
    levels = {option.id: option.text for option in question("structure.judgement").options}
    given = [answers.judgement(structure) for structure in structures]
    rows = []
    for entry in questions("judgement.*"):
        said = [levels.get(str(one.get(entry.row, "")), "") for one in given]
        if any(said):
            rows.append([entry.text, *said])
    return rows


def _counted(columns: Sequence[tuple[str, Structure]]) -> list[list[str]]:
    """What is counted of each structure, without rows in which nothing stands."""
    rows = []
    found = zip(*(overview.structure_row(structure) for _, structure in columns), strict=True)
    for name, cells in zip(overview.STRUCTURE, found, strict=True):
        said_above = name in SAID_ABOVE and len(set(cells)) == 1
        if name not in IN_APPENDIX and not said_above and any(str(cell) not in NOTHING for cell in cells):
            rows.append([str(Message(f"dashboard.head.{name}")), *cells])
    return rows


def decision_blocks(structure: Structure) -> list[Block]:
    """Each decision: who is how far from the table that takes it, and what it costs."""
    if not structure.tables:
        return []
    decisions = {"vision": Message("counts.vision")}
    decisions |= {theme: Message("counts.theme", theme=theme) for theme in structure.themes}
    blocks = []
    for decision, label in decisions.items():
        reached = reach(structure, decision)
        places = [(place, getattr(reached, place)) for place in REACH]
        known = REPEATED if decision == "vision" else SAID_ONCE
        messages = [message for message in reached.messages if not message.key.startswith(known)]
        blocks.append(heading("decision", 3, decision=label))
        blocks += table("", [[Message(f"reach.{place}"), len(ids), _names(structure, ids)] for place, ids in places])
        blocks += listed([*messages, *cost(structure, decision).messages])
    return blocks


# -- factors and choices -----------------------------------------------------------------------------------------------


def factor_blocks(answers: TableAnswers) -> list[Block]:
    """Where the factors stand now and in two years, and the roles that the table of the slides names beside that."""
    now = questions("factor.*")
    later = {entry.row: chosen(entry, answers) for entry in questions("factor.*.in-two-years")}
    found = roles.rows_for({entry.row: answers.text(entry.id) for entry in now})
    named = {row.factor: row.role_labels for row in found}
    rows = [[entry.text, chosen(entry, answers), later[entry.row], named.get(entry.row, "")] for entry in now]
    answered = [row for row in rows if any(row[1:])]
    if not answered:
        return []
    blocks = table("", answered, [words(f"factor_{column}") for column in ("factor", "now", "later", "roles")])
    if roles.pull_apart(found):
        blocks.append(Block("text", str(Message("factor.pull_apart"))))
    return [*blocks, say("hint", "factor_source", source=governance.cite(roles.factor_table()[0].source))]


def form_rows(answers: TableAnswers, *ids: str) -> list[list[str]]:
    """What the table chose on these questions about its form: question, answer, and what more is said of it."""
    rows = []
    for entry in map(question, ids):
        for option in entry.options:
            if option.id == answers.text(entry.id):
                more = option.about if option.text == option.heading else option.text
                rows.append([entry.text, option.heading, more])
    return rows


def alone_blocks(answers: TableAnswers, later: bool) -> list[Block]:
    """What persons chose, where the table opened that, beside what the table chose; `later`: on roles and situations.

    Those are many, and stand in the appendix.
    """
    rows, hidden = [], 0
    for entry in register():
        if not entry.options or entry.owner == "table" or "*" in entry.id or (entry.set in LATER) != later:
            continue
        if not entry.counted and entry.set not in CHOSEN_ELSEWHERE:
            continue
        counts = answers.spread(entry.id)
        if counts:
            named = [dotted(counts[o.id], o.text) for o in entry.options_for(person=True) if counts.get(o.id)]
            together = chosen(entry, answers, entry.beside) if entry.beside else ""
            rows.append([entry.label, " · ".join(named), together])
        else:
            hidden += answers.answered(entry.id) > 0
    header = [Message(f"dashboard.head.{name}") for name in ("question", "persons", "our_table")]
    blocks = table(words("alone_later" if later else "alone"), rows, header)
    if hidden:
        blocks.append(say("hint", "hidden", n=hidden))
    return blocks


def task_blocks(answers: TableAnswers) -> list[Block]:
    """What the table chose in its exercises, but for what stands beside the choices of persons."""
    shown = {entry.beside for entry in register() if answers.spread(entry.id)}
    found: dict[str, list[list[str]]] = {}
    for entry in register():
        if entry.owner != "table" or not entry.counted or entry.set in CHOSEN_ELSEWHERE or entry.id in shown:
            continue
        if said := chosen(entry, answers):
            found.setdefault(entry.set, []).append([entry.label, said])
    blocks = []
    for name, rows in found.items():
        blocks += table(about(name).get("title", ""), rows)
    return blocks
