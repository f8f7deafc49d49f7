"""What a table or a whole session takes home: made from answers alone, as one HTML page and as a Word document."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from workshop.answers import overview
from workshop.answers.overview import day, drawn_ties
from workshop.answers.tables import Room, TableAnswers, table_of
from workshop.blocks import Block, Report, heading, html_page, listed, nothing, say, table, terms, words
from workshop.domain import governance, roles
from workshop.domain.decisions import REACH, cost, reach
from workshop.domain.measures import measure
from workshop.domain.network import Network, new_id
from workshop.domain.questions import RegisterEntry, questions
from workshop.domain.structure import Structure
from workshop.pictures import picture
from workshop.room_report import released_blocks, room_chapters, spread_blocks, texts_of_tables
from workshop.session import Session
from workshop.texts import Message, Problem, either
from workshop.work import write_whole

Shown = TypeVar("Shown")
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


def report_html(about: Session | TableAnswers) -> str:
    """The report of one table as a whole HTML page; everything that people typed is escaped.

    Only what belongs to the table and what authors released is in it: private answers never are.
    """
    return html_page(table_report(_answers(about)))


def report_docx(about: Session | TableAnswers) -> bytes:
    """The report of one table as a Word document; see `report_html`."""
    from workshop.output.word import render_docx

    return render_docx(table_report(_answers(about)))


def _answers(about: Session | TableAnswers) -> TableAnswers:
    return table_of(about.store) if isinstance(about, Session) else about


def write_report(room: Room, folder: str | Path) -> list[Path]:
    """Write the report of a whole session, and one for each table; all as HTML and as Word.

    Parameters
    ----------
    room : Room
        From `workshop.answers.tables.read_room`.
    folder : str or Path
        Made where it is not there; files of the same name are replaced once the new ones are whole.

    Raises
    ------
    Problem
        If nothing can be written there.
    """
    from workshop.output.word import render_docx

    reports = {"report": room_report(room)}
    for answers in room.tables:
        reports[new_id(f"report-{answers.group}", reports)] = table_report(answers)
    written = []
    for name, report in reports.items():
        written.append(write_file(Path(folder) / f"{name}.html", html_page(report).encode("utf-8")))
        written.append(write_file(Path(folder) / f"{name}.docx", render_docx(report)))
    return written


def write_file(path: Path, raw: bytes) -> Path:
    """Write a file whole; a `Problem` where the folder or the file is closed to us."""
    try:
        return write_whole(path, raw)
    except OSError as error:
        raise Problem(Message("report.not_written", file=path, why=error.strerror)) from error


def room_report(room: Room) -> Report:
    """All tables side by side: maps merged, structures, spreads, released texts, agreements."""
    blocks = []
    for chapter, inside in room_chapters(room).items():
        blocks += [heading(chapter), *inside]
    return Report(words("title_room"), blocks)


# -- one table -----------------------------------------------------------------------------------------------------


def table_report(answers: TableAnswers) -> Report:
    """Agreement, network, structure with reach and cost, factors, what was released; all versions of a conflict."""
    blocks = []
    if answers.conflicts:
        blocks.append(say("hint", "conflicts", n=len(answers.conflicts)))
    networks = _versions(answers.networks, partial(_network, answers))
    structures = _versions([structure for structure in answers.structures if structure.tables], _structure)
    agreed = terms((question, day(text)) for question, text in _written(questions("agreement"), answers))
    blocks += [heading("agreement"), *(agreed or [nothing()])]
    blocks += [heading("network"), *(networks or [nothing()])]
    blocks += _below(heading("forms"), table("", _chosen("own-form", answers)))
    blocks += [heading("structure"), *(structures or [nothing()])]
    blocks += _below(heading("variants", 3), _variants(answers))
    blocks += _below(heading("notes", 3), terms(_written(questions("balance"), answers)))
    blocks += [heading("factors"), *(_factors(answers) or [nothing()])]
    others = texts_of_tables("table-name", "agreement", "balance", "factors")
    blocks += _below(heading("also_written"), terms(_written(others, answers)))
    blocks += _below(heading("reflections"), released_blocks(answers))
    return Report(words("title", name=answers.name), blocks)


def _below(title: Block, blocks: list[Block]) -> list[Block]:
    """Blocks below a heading that stands there only if there are any."""
    return [title, *blocks] if blocks else []


def _versions(found: Sequence[Shown], show: Callable[[Shown], list[Block]]) -> list[Block]:
    """Each of the versions that were saved at once."""
    blocks = []
    for number, version in enumerate(found, 1):
        if len(found) > 1:
            blocks.append(heading("version", 3, n=number, total=len(found)))
        blocks += show(version)
    return blocks


def _written(asked: list[RegisterEntry], answers: TableAnswers) -> list[tuple[str, str]]:
    """What the table wrote in answer to these questions: question and text."""
    return [(entry.text, text) for entry in asked for text in answers.texts(entry.id)]


def _chosen(name: str, answers: TableAnswers) -> list[list[str]]:
    """What the table chose in answer to a set of questions: question, answer, and what more is said of it."""
    rows = []
    for entry in questions(name):
        for option in entry.options:
            if option.id == answers.text(entry.id):
                more = option.about if option.text == option.heading else option.text
                rows.append([entry.text, option.heading, more])
    return rows


def _network(answers: TableAnswers, network: Network) -> list[Block]:
    ids = {organisation.id for organisation in network.organisations}
    lead = next((structure.lead for structure in answers.structures if structure.lead in ids), None)
    blocks = []
    if answers.case:
        blocks.append(Block("notice", str(governance.case(answers.case).mark)))
    if len(network.organisations) <= MOST_PICTURED:
        summary = str(measure("ties", network).message)
        drawn = picture(network, summary, places=answers.positions, lead=lead)
        blocks.append(Block("picture", summary, svg=drawn))
    measured = [measure(name, network) for name in SHOWN]
    blocks += listed(found.message for found in measured if found.value is not None)
    if lead:
        blocks.append(heading("without_lead", 3, name=network.name(lead)))
        blocks += listed(measure(name, network, without=lead).message for name in ("ties", "connectedness"))
    people = []
    for organisation in network.organisations:
        sector = governance.sector_label(organisation.sector) if organisation.sector else ""
        layer = governance.layer_label(organisation.layer) if organisation.layer else ""
        people.append([organisation.name, sector, layer])
    blocks += table(words("organisations"), people, [words("organisation"), words("sector"), words("layer")])
    caption = words("ties_directed" if network.directed else "ties")
    header = [words(column) for column in ("from", "to", "kind", "strength", "trust")]
    return [*blocks, *table(caption, drawn_ties(network), header, "ties.csv")]


def _structure(structure: Structure) -> list[Block]:
    def names(ids: Iterable[str]) -> str:
        found = [structure.name(id) for id in ids]
        coordinator = str(Message("part.coordinator"))
        return ", ".join(coordinator if name == structure.coordinator else name for name in found) or "–"

    led = words("lead", name=names([structure.lead] if structure.lead else []))
    coordinated = words("coordinator" if structure.coordinator else "no_coordinator")
    seats = []
    for met in structure.tables:
        kind = str(Message(f"table_kind.{met.kind}"))
        seats.append([f"{kind}: {met.theme}" if met.theme else kind, names(met.seats)])
    blocks = [Block("text", f"{led} {coordinated}"), *table(words("seats"), seats)]
    decisions = {"vision": Message("counts.vision")}
    decisions |= {theme: Message("counts.theme", theme=theme) for theme in structure.themes}
    for decision, label in decisions.items():
        reached = reach(structure, decision)
        places = [(place, getattr(reached, place)) for place in REACH]
        known = REPEATED if decision == "vision" else SAID_ONCE
        messages = [message for message in reached.messages if not message.key.startswith(known)]
        blocks.append(heading("decision", 3, decision=label))
        blocks += table("", [[Message(f"reach.{place}"), len(ids), names(ids)] for place, ids in places])
        blocks += listed([*messages, *cost(structure, decision).messages])
    return [*blocks, say("hint", "no_score")]


def _variants(answers: TableAnswers) -> list[Block]:
    """Named variants of the structure beside what is on the board, a column each."""
    if not answers.variants:
        return []
    on_board = [(words("on_board"), structure) for structure in answers.structures[:1] if structure.tables]
    columns = [*on_board, *answers.variants]
    counted = [overview.structure_row(structure) for _, structure in columns]
    labels = [Message(f"dashboard.head.{column}") for column in overview.STRUCTURE]
    rows = [[label, *cells] for label, *cells in zip(labels, *counted, strict=True)]
    return table("", rows, ["", *(name for name, _ in columns)])


def _factors(answers: TableAnswers) -> list[Block]:
    """What the table said of the factors, now and in two years, and partner by partner; then what was counted."""
    blocks = _standing("factor.*", answers)
    blocks += _below(heading("in_two_years", 3), _standing("factor.*.in-two-years", answers))
    blocks += _below(heading("partners", 3), listed(_partners(answers)))
    changed = _written(questions("note.factor-change"), answers)
    if blocks:
        source = governance.cite(roles.factor_table()[0].source)
        blocks += [*terms(changed), say("hint", "factor_source", source=source)]
    else:
        blocks = terms(changed)
    return [*blocks, *spread_blocks(answers)]


def _standing(pattern: str, answers: TableAnswers) -> list[Block]:
    """Where the factors stand, and what the table of the slides puts beside that."""
    asked = questions(pattern)
    rows = roles.rows_for({entry.row: answers.text(entry.id) for entry in asked})
    beside = {row.factor: _row(row) for row in rows}
    lines: list[Any] = []
    for entry in asked:
        names = {option.id: option.text for option in entry.options}
        level = answers.text(entry.id)
        if entry.row in beside:
            lines.append(beside[entry.row])
        elif level in names:
            lines.append(f"{entry.text}: {names[level]}")
    blocks = listed(lines)
    if roles.pull_apart(rows):
        blocks.append(Block("text", str(Message("factor.pull_apart"))))
    return blocks


def _row(row: roles.FactorRow) -> Message:
    return Message("factor.row", factor=row.label, level=row.level_label, roles=either(row.role_labels))


def _partners(answers: TableAnswers) -> list[Message]:
    """Each row of the factor table at which a partner stands by itself, and which partners."""
    partners = answers.networks[0].organisations if answers.networks else ()
    messages = []
    for row in roles.factor_table():
        item = f"factor.{row.factor}.partner"
        names = [partner.name for partner in partners if answers.text(f"{item}.{partner.id}") == row.level]
        if names:
            messages.append(Message("factors.partners_at", names=names, says=_row(row)))
    return messages
