"""What a table or a whole session takes home: made from answers alone, as one HTML page and as a Word document."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

from workshop.answers import overview
from workshop.answers.overview import FEW, by_question, day, drawn_ties, merged_map, sheet, texts
from workshop.answers.tables import Room, TableAnswers, table_of
from workshop.domain import governance, roles
from workshop.domain.decisions import REACH, cost, reach
from workshop.domain.measures import measure
from workshop.domain.network import Network, new_id
from workshop.domain.questions import question, questions
from workshop.domain.structure import Structure
from workshop.exchange.writer import UNFIT
from workshop.output.blocks import MOST_ROWS, Block, Report, heading, listed, nothing, say, table, terms, words
from workshop.pictures import count_lines, picture
from workshop.session import Session
from workshop.texts import Message, Problem, either, language

SHOWN = (
    *("sectors", "ties", "connectedness", "isolates"),
    *("mean_path", "degree_centralisation", "cut_organisations", "trust_share"),
)
REPEATED = ("decision.reach.",)
"""Sentences that say what the table beside them says; those on all tables together are said once."""
OPEN = ("unknown", "differ")
"""Answers to a factor at which no row of the table stands."""
MOST_PICTURED = 120
SHARP, PLAIN, FEW_REPORTS = 180, 84, 30
"""Dots per inch of pictures in Word: sharp, or plain where a great many reports are made at once."""


def report_html(about: Session | TableAnswers) -> str:
    """The report of one table as a whole HTML page; everything that people typed is escaped.

    Only what belongs to the table and what authors released is in it: private answers never are.
    """
    return render_html(table_report(table_of(about.store) if isinstance(about, Session) else about))


def report_docx(about: Session | TableAnswers) -> bytes:
    """The report of one table as a Word document; see `report_html`."""
    from workshop.output.word import render_docx

    return render_docx(table_report(table_of(about.store) if isinstance(about, Session) else about), SHARP)


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

    folder = Path(folder)
    names: dict[str, TableAnswers | Room] = {"report": room}
    for one in room.tables:
        names[new_id(f"report-{one.group}", names)] = one
    dots = SHARP if len(names) < FEW_REPORTS else PLAIN

    def write(named: tuple[str, TableAnswers | Room]) -> list[Path]:
        name, about = named
        report = room_report(about) if isinstance(about, Room) else table_report(about)
        made = {f"{name}.html": render_html(report).encode("utf-8"), f"{name}.docx": render_docx(report, dots)}
        return [write_whole(folder / file, raw) for file, raw in made.items()]

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return [path for paths in pool.map(write, names.items()) for path in paths]


def write_whole(path: Path, raw: bytes) -> Path:
    """Write a file so that it is whole or not there; a `Problem` where the folder or the file is closed to us."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{path.name}.part")
        part.write_bytes(raw)
        os.replace(part, path)
    except OSError as error:
        raise Problem(Message("report.not_written", file=path, why=error.strerror)) from error
    return path


def render_html(report: Report) -> str:
    """A report as one page that prints well on A4 and needs nothing from outside."""
    return UNFIT.sub("\ufffd", _template().render(report=report, language=language()))


@cache
def _template():
    from jinja2 import Environment, PackageLoader, StrictUndefined

    loader = PackageLoader("workshop", "output/templates")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined).get_template("report.html.j2")


# -- a whole session -----------------------------------------------------------------------------------------------


def room_report(room: Room) -> Report:
    """All tables side by side: maps merged, structures, spreads, released texts, agreements."""
    blocks = [heading("who"), *listed(room.notes), *_sheet("who", room)]
    blocks += [heading("agreements"), *_sheet("agreements", room), heading("merged")]
    if room.merged.tables:
        network, said = merged_map(room)
        drawn = Block(
            "picture", str(said), svg=picture(network, str(said), lines=count_lines(network, room.merged.ties))
        )
        blocks += [drawn, Block("text", str(said))]
        blocks += [*_sheet("organisations", room, MOST_ROWS), *_sheet("ties", room, MOST_ROWS)]
    else:
        blocks.append(nothing())
    blocks += [heading("structures"), *_sheet("structures", room), say("hint", "no_score")]
    blocks += [heading("factors"), *(_spread(room) or [nothing()])]
    return Report(words("title_room"), [*blocks, *_texts(room)])


def _sheet(name: str, room: Room, most: int | None = None) -> list[Block]:
    made = sheet(name, room)
    caption = "" if str(made.title) == words(name) else made.title
    return table(caption, made.rows, made.head, most) + _rest(len(made.rows), most, "totals.xlsx") or [nothing()]


def _rest(total: int, most: int | None, file: str) -> list[Block]:
    return [say("hint", "more", shown=most, total=total, file=file)] if most and total > most else []


# -- one table -----------------------------------------------------------------------------------------------------


def table_report(answers: TableAnswers) -> Report:
    """Agreement, network, structure with reach and cost, factors, what was released; all versions of a conflict."""
    name = answers.name
    agreed = _written("agreement", answers)
    blocks = [say("hint", "conflicts", n=len(answers.conflicts))] if answers.conflicts else []
    blocks += [heading("agreement"), *(terms((asked, day(text)) for asked, text in agreed) or [nothing()])]
    blocks.append(heading("network"))
    for number, network in enumerate(answers.networks, 1):
        blocks += [*_version(number, answers.networks), *_network(network, answers)]
    blocks += [] if answers.networks else [nothing()]
    forms = table("", _forms(answers))
    blocks += [heading("forms"), *forms] if forms else []
    structures = []
    for number, structure in enumerate(answers.structures, 1):
        drawn = _structure(structure)
        structures += [*_version(number, answers.structures), *drawn] if drawn else []
    blocks += [heading("structure"), *(structures or [nothing()]), *_variants(answers)]
    notes = terms(_written("balance", answers))
    blocks += [heading("notes", 3), *notes] if notes else []
    blocks += [heading("factors"), *(_factors(answers) or [nothing()])]
    return Report(words("title", name=name), [*blocks, *_texts(answers)])


def _written(name: str, answers: TableAnswers) -> list[tuple[str, str]]:
    """What the table wrote in answer to the questions of a set: question and text."""
    return [(entry.text, text) for entry in questions(name) for text in answers.texts(entry.id)]


def _version(number: int, versions: Sequence[Any]) -> list[Block]:
    """Which of the versions that were saved at once."""
    return [heading("version", 3, n=number, total=len(versions))] if len(versions) > 1 else []


def _network(network: Network, answers: TableAnswers) -> list[Block]:
    lead = next((s.lead for s in answers.structures if s.lead in {o.id for o in network.organisations}), None)
    blocks = [Block("mark", str(governance.case(answers.case).mark))] if answers.case else []
    if len(network.organisations) <= MOST_PICTURED:
        said = str(measure("ties", network).message)
        blocks.append(Block("picture", said, svg=picture(network, said, places=answers.positions, lead=lead)))
    measured = (measure(key, network) for key in SHOWN)
    blocks += listed(found.message for found in measured if found.value is not None)
    if lead:
        without = (measure(key, network, without=lead).message for key in ("ties", "connectedness"))
        blocks += [heading("without_lead", 3, name=network.name(lead)), *listed(without)]
    people = [
        [
            o.name,
            governance.sector_label(o.sector) if o.sector else "",
            governance.layer_label(o.layer) if o.layer else "",
        ]
        for o in network.organisations
    ]
    blocks += table(words("organisations"), people, map(words, ("organisation", "sector", "layer")))
    ties, caption = drawn_ties(network), words("ties_directed" if network.directed else "ties")
    head = map(words, ("from", "to", "kind", "strength", "trust"))
    return [*blocks, *table(caption, ties, head, MOST_ROWS), *_rest(len(ties), MOST_ROWS, "ties.csv")]


def _forms(answers: TableAnswers) -> list[list[str]]:
    known = governance.forms()
    names = {option.id: option.heading for option in questions("form-standing.*")[0].options}
    chosen = ((row, answers.text(f"form-standing.{row['id']}")) for row in known["criterion"])
    rows = [[row["name"], names[form], row.get(form, "")] for row, form in chosen if form in names]
    for name in ("inception", "stage"):
        found = next((o for o in known[name] if o["id"] == answers.text(f"form-standing.{name}")), None)
        rows += [[question(f"form-standing.{name}").text, found["name"], found["text"]]] if found else []
    return rows


def _structure(structure: Structure) -> list[Block]:
    if not structure.tables:
        return []

    def name(id: str) -> str:
        known = structure.name(id)
        return str(Message("part.coordinator")) if known == structure.coordinator else known

    def named(ids: Iterable[str]) -> str:
        return ", ".join(map(name, ids)) or "–"

    said = [words("lead", name=name(structure.lead) if structure.lead else "–")]
    said.append(words("coordinator" if structure.coordinator else "no_coordinator"))
    kinds = (f"{Message(f'table_kind.{t.kind}')}{f': {t.theme}' if t.theme else ''}" for t in structure.tables)
    seats = [[kind, named(one.seats)] for kind, one in zip(kinds, structure.tables, strict=True)]
    blocks = [Block("text", " ".join(said)), *table(words("seats"), seats)]
    decisions: list[tuple[Message, str]] = [(Message("counts.vision"), "vision")]
    decisions += [(Message("counts.theme", theme=theme), theme) for theme in structure.themes]
    for label, decision in decisions:
        reached, costs = reach(structure, decision), cost(structure, decision)
        places = [(place, getattr(reached, place)) for place in REACH]
        blocks += [heading("decision", 3, decision=label)]
        blocks += table("", [[Message(f"reach.{place}"), len(ids), named(ids)] for place, ids in places])
        known = REPEATED if decision == "vision" else (*REPEATED, "decision.pairs", "decision.poverty.")
        told = (message for message in reached.messages if not message.key.startswith(known))
        blocks += listed([*told, *costs.messages])
    return [*blocks, say("hint", "no_score")]


def _variants(answers: TableAnswers) -> list[Block]:
    """Named variants of the structure beside what is on the board, a column each."""
    if not answers.variants:
        return []
    board = [(words("on_board"), structure) for structure in answers.structures[:1] if structure.tables]
    names, drawn = zip(*board, *answers.variants, strict=True)
    labels = (Message(f"dashboard.head.{column}") for column in overview.STRUCTURE)
    rows = zip(labels, *map(overview.structure_row, drawn), strict=True)
    return [heading("variants", 3), *table("", rows, ("", *names))]


def _factors(answers: TableAnswers) -> list[Block]:
    """What the table said of the factors, now and in two years, and partner by partner; then what was counted."""
    known, blocks = roles.factor_table(), []
    labels = {row.factor: row.label for row in known}
    for suffix in ("", ".in-two-years"):
        standing = {factor: answers.text(f"factor.{factor}{suffix}") for factor in labels}
        rows = roles.rows_for(standing)
        said: list[Any] = [_row(row) for row in rows]
        for factor, level in standing.items():
            if level in OPEN:
                names = {option.id: option.text for option in question(f"factor.{factor}{suffix}").options}
                said.append(f"{labels[factor]}: {names[level]}")
        if said and suffix:
            blocks.append(heading("in_two_years", 3))
        blocks += listed(said)
        blocks += [Block("text", str(Message("factor.pull_apart")))] if roles.pull_apart(rows) else []
    partners = [Message("factors.partners_at", names=names, says=_row(row)) for row, names in _partners(answers)]
    blocks += [heading("partners", 3), *listed(partners)] if partners else []
    changed = terms(_written("note.factor-change", answers))
    blocks += [*changed, say("hint", "factor_source", source=governance.cite(known[0].source))] if blocks else changed
    return blocks + _spread(answers)


def _row(row: roles.FactorRow) -> Message:
    return Message("factor.row", factor=row.label, level=row.level_label, roles=either(row.role_labels))


def _partners(answers: TableAnswers) -> Iterable[tuple[roles.FactorRow, list[str]]]:
    """Each row of the factor table at which a partner stands by itself, and which partners."""
    partners = [o for network in answers.networks[:1] for o in network.organisations]
    for row in roles.factor_table():
        item = f"factor.{row.factor}.partner"
        names = [o.name for o in partners if answers.text(f"{item}.{o.id}") == row.level]
        if names:
            yield row, names


def _spread(answers: Room | TableAnswers) -> list[Block]:
    _, head, rows = by_question(answers)
    caption = words("spread" if isinstance(answers, Room) else "spread_own")
    hidden = any(persons == FEW for *_, persons in rows)
    return [*table(caption, rows, head), *([say("hint", "few", few=FEW)] if hidden else [])]


def _texts(answers: Room | TableAnswers) -> list[Block]:
    blocks = []
    for asked, said in texts(answers):
        blocks += [Block("heading", asked, level=3), *(Block("quote", text) for text in said)]
    return [heading("reflections"), *blocks] if blocks else []
