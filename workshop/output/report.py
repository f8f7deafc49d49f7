"""What a table or a whole session takes home: made from answers alone, as one HTML page and as a Word document.

A report is a list of blocks; the page and the document are the same blocks.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from workshop import __version__
from workshop.answers.overview import AGREEMENT, FEW, merged_map, sheet, spread, texts
from workshop.answers.tables import Room, TableAnswers, table_of
from workshop.domain import governance, roles
from workshop.domain.decisions import REACH, cost, reach
from workshop.domain.measures import measure
from workshop.domain.network import Network, Tie, new_id
from workshop.domain.structure import Structure
from workshop.drawing import merged_svg, network_svg
from workshop.exchange.writer import UNFIT
from workshop.pictures import map_svg
from workshop.session import Session
from workshop.texts import Message, Problem, either, language, number

SHOWN = (
    *("sectors", "ties", "connectedness", "isolates"),
    *("mean_path", "degree_centralisation", "cut_organisations", "trust_share"),
)
NOTES = ("size", "diversity", "power", "trust")
NOTHING = "nothing_yet"
MOST_PICTURED = 120


class Block(NamedTuple):
    """A part of a report.

    Parameters
    ----------
    kind : {"heading", "text", "hint", "mark", "list", "quote", "terms", "table", "picture"}
    text : str
        What it says; the caption of a table, the description of a picture.
    rows : list
        Lines of a list; label and text of terms; cells of a table.
    head : list
        Headings of the columns; a table without has headings at its rows.
    level : int
        Of a heading.
    svg : str
        The picture.
    """

    kind: str
    text: str = ""
    rows: Any = ()
    head: Any = ()
    level: int = 0
    svg: str = ""


class Report(NamedTuple):
    """Title and blocks."""

    title: str
    blocks: list[Block]

    @property
    def made(self) -> str:
        """When it was made, and by which version."""
        time = datetime.now().astimezone().strftime("%d/%m/%Y %H:%M")
        return str(Message("report.made", time=time, version=__version__))


def report_html(about: Session | TableAnswers) -> str:
    """The report of one table as a whole HTML page; everything that people typed is escaped.

    Only what belongs to the table and what authors released is in it: private answers never are.
    """
    return render_html(table_report(table_of(about.store) if isinstance(about, Session) else about))


def report_docx(about: Session | TableAnswers) -> bytes:
    """The report of one table as a Word document; see `report_html`."""
    from workshop.output.word import render_docx

    return render_docx(table_report(table_of(about.store) if isinstance(about, Session) else about))


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
    for table in room.tables:
        names[new_id(f"report-{table.group}", names)] = table

    def write(named: tuple[str, TableAnswers | Room]) -> list[Path]:
        name, about = named
        report = room_report(about) if isinstance(about, Room) else table_report(about)
        made = {f"{name}.html": render_html(report).encode("utf-8"), f"{name}.docx": render_docx(report)}
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
    words = {"footer": str(Message("report.footer")), "language": language()}
    return UNFIT.sub("\ufffd", _template().render(report=report, **words))


@cache
def _template():
    from jinja2 import Environment, PackageLoader, StrictUndefined

    loader = PackageLoader("workshop", "output/templates")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined).get_template("report.html.j2")


def _say(key: str, **values: Any) -> str:
    return str(Message(f"report.{key}", **values))


def _head(key: str, level: int = 2, **values: Any) -> Block:
    return Block("heading", _say(key, **values), level=level)


def _list(lines: Iterable[Any]) -> Block:
    return Block("list", rows=[str(line) for line in lines])


# -- a whole session -----------------------------------------------------------------------------------------------


def room_report(room: Room) -> Report:
    """All tables side by side: maps merged, structures, spreads, released texts, agreements."""
    blocks = [_head("who")]
    blocks += [_list(room.notes)] if room.notes else []
    blocks += [_sheet("who", room), _head("agreements"), _sheet("agreements", room), _head("merged")]
    if room.merged.tables:
        network, said = merged_map(room)
        drawn = Block("picture", str(said), svg=merged_svg(network, room.merged.ties, str(said)))
        blocks += [drawn, Block("text", str(said)), _sheet("organisations", room), _sheet("ties", room)]
    else:
        blocks.append(Block("hint", _say(NOTHING)))
    blocks += [_head("structures"), _sheet("structures", room), Block("hint", _say("no_score"))]
    blocks += [_head("factors"), _sheet("spread", room), Block("hint", _say("few", few=FEW))]
    return Report(_say("title_room"), [*blocks, *_texts(room)])


def _sheet(name: str, room: Room) -> Block:
    made = sheet(name, room)
    if not made.rows:
        return Block("hint", _say(NOTHING))
    rows = [[str(cell) for cell in row] for row in made.rows]
    return Block("table", str(made.title), rows, [str(column) for column in made.head])


# -- one table -----------------------------------------------------------------------------------------------------


def table_report(table: TableAnswers) -> Report:
    """Agreement, network, structure with reach and cost, factors, what was released; all versions of a conflict."""
    name = table.text("table-name") or str(Message("header.unnamed"))
    agreed = [
        (Message(f"agreement.{key}"), _date(key, text)) for key in AGREEMENT for text in table.texts(f"agreement.{key}")
    ]
    blocks = [Block("hint", _say("conflicts", n=len(table.conflicts)))] if table.conflicts else []
    blocks += [_head("agreement"), _terms(agreed), _head("network")]
    for network in table.networks:
        blocks += _network(network, table)
    blocks += [] if table.networks else [Block("hint", _say(NOTHING))]
    forms = _forms(table)
    blocks += [_head("forms"), Block("table", rows=forms)] if forms else []
    blocks.append(_head("structure"))
    for structure in table.structures:
        blocks += _structure(structure)
    if not any(structure.tables for structure in table.structures):
        blocks.append(Block("hint", _say(NOTHING)))
    notes = [(Message(f"notes.balance.{key}"), text) for key in NOTES for text in table.texts(f"note.balance.{key}")]
    blocks += [_head("notes", 3), _terms(notes)] if notes else []
    return Report(_say("title", name=name), [*blocks, _head("factors"), *_factors(table), *_texts(table)])


def _terms(rows: list[tuple[Any, str]]) -> Block:
    if not rows:
        return Block("hint", _say(NOTHING))
    return Block("terms", rows=[(str(label), text) for label, text in rows])


def _date(key: str, text: str) -> str:
    try:
        return date.fromisoformat(text).strftime("%d/%m/%Y") if key == "date" else text
    except ValueError:
        return text


def _network(network: Network, table: TableAnswers) -> list[Block]:
    lead = next((s.lead for s in table.structures if s.lead in {o.id for o in network.organisations}), None)
    said = str(measure("ties", network).message)
    blocks = [Block("mark", str(governance.case(table.case).mark))] if table.case else []
    if len(network.organisations) <= MOST_PICTURED:
        blocks.append(Block("picture", said, svg=_drawn(network, said, lead, table)))
    blocks.append(_list(measure(key, network).message for key in SHOWN))
    if lead:
        without = [measure(key, network, without=lead).message for key in ("ties", "connectedness")]
        blocks += [_head("without_lead", 3, name=network.name(lead)), _list(without)]
    people = [
        [o.name, governance.sector_label(o.sector), governance.layer_label(o.layer)] for o in network.organisations
    ]
    blocks.append(
        Block("table", _say("organisations"), people, [_say(key) for key in ("organisation", "sector", "layer")])
    )
    pairs: dict[tuple, list[Tie]] = {}
    for tie in network.ties:
        pairs.setdefault(network.tie_key(tie)[0], []).append(tie)
    rows = [[network.name(ties[0].source), network.name(ties[0].target), *_joined(ties)] for ties in pairs.values()]
    caption = _say("ties_directed" if network.directed else "ties")
    return [*blocks, Block("table", caption, rows, [_say(key) for key in ("from", "to", "kind", "strength", "trust")])]


def _joined(ties: list[Tie]) -> list[str]:
    """Kinds of one pair in one cell, and what is known of strength and trust, the same once."""
    kinds = ", ".join(governance.kind_label(tie.kind) for tie in ties)
    known = ((getattr(tie, field) for tie in ties) for field in ("strength", "trust"))
    figures = [", ".join(dict.fromkeys(number(value) for value in each if value is not None)) for each in known]
    return [kinds, *figures]


def _drawn(network: Network, said: str, lead: str | None, table: TableAnswers) -> str:
    """The map as the table laid it out; an oval where it did not."""
    known = all(o.id in table.positions for o in network.organisations)
    return map_svg(network, table.positions, lead) if known else network_svg(network, said, centre=lead)


def _forms(table: TableAnswers) -> list[list[str]]:
    known = governance.forms()
    names = {form["id"]: form["name"] for form in known["form"]} | {"unknown": str(Message("forms.unknown"))}
    chosen = ((row, table.text(f"form-standing.{row['id']}")) for row in known["criterion"])
    return [[row["name"], row.get(form, ""), names[form]] for row, form in chosen if form in names]


def _structure(structure: Structure) -> list[Block]:
    if not structure.tables:
        return []

    def name(id: str) -> str:
        known = structure.name(id)
        return str(Message("part.coordinator")) if known == structure.coordinator else known

    def named(ids: Iterable[str]) -> str:
        return ", ".join(map(name, ids)) or "–"

    said = [_say("lead", name=name(structure.lead) if structure.lead else "–")]
    said.append(_say("coordinator" if structure.coordinator else "no_coordinator"))
    kinds = (f"{Message(f'table_kind.{t.kind}')}{f': {t.theme}' if t.theme else ''}" for t in structure.tables)
    seats = [[kind, named(table.seats)] for kind, table in zip(kinds, structure.tables, strict=True)]
    blocks = [Block("text", " ".join(said)), Block("table", _say("seats"), seats)]
    decisions = [
        (Message("counts.vision"), "vision"),
        *((Message("counts.theme", theme=t), t) for t in structure.themes),
    ]
    for label, decision in decisions:
        reached, costs = reach(structure, decision), cost(structure, decision)
        places = [(Message(f"reach.{place}"), getattr(reached, place)) for place in REACH]
        rows = [[str(place), str(len(ids)), named(ids)] for place, ids in places]
        blocks += [_head("decision", 3, decision=label), Block("table", rows=rows)]
        blocks.append(_list([*reached.messages, *costs.messages]))
    return [*blocks, Block("hint", _say("no_score"))]


def _factors(table: TableAnswers) -> list[Block]:
    known = roles.factor_table()
    standing = {row.factor: table.text(f"factor.{row.factor}") for row in known}
    rows = roles.rows_for(standing)
    said = [Message("factor.row", factor=r.label, level=r.level_label, roles=either(r.role_labels)) for r in rows]
    labels = {row.factor: row.label for row in known}
    open_ = [
        f"{labels[f]}: {Message(f'factor.{level}')}" for f, level in standing.items() if level in ("unknown", "differ")
    ]
    blocks = [_list([*said, *open_])] if said or open_ else []
    blocks += [Block("text", str(Message("factor.pull_apart")))] if roles.pull_apart(rows) else []
    blocks += [Block("hint", _say("factor_source", source=governance.cite(known[0].source)))] if blocks else []
    counted = [[question, answer, str(n)] for question, answer, _, n in spread(table)[1] if isinstance(n, int)]
    if counted:
        head = [str(Message(f"dashboard.head.{column}")) for column in ("question", "answer", "persons")]
        blocks.append(Block("table", _say("spread"), counted, head))
    return blocks or [Block("hint", _say(NOTHING))]


def _texts(answers: Room | TableAnswers) -> list[Block]:
    blocks = []
    for question, said in texts(answers):
        blocks += [Block("heading", question, level=3), *(Block("quote", text) for text in said)]
    return [_head("reflections"), *blocks] if blocks else []
