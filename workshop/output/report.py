"""What a table or a whole session takes home: made from answers alone, as one HTML page and as a Word document."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from workshop.answers import names
from workshop.answers.shown import Room, TableAnswers
from workshop.answers.tables import table_of
from workshop.blocks import Block, Report, heading, html, html_page, listed, nothing, say, table, terms, words
from workshop.domain.questions import questions
from workshop.domain.roles import partners_at
from workshop.output import results
from workshop.room_report import released_blocks, room_chapters, texts_of_tables
from workshop.session import Session
from workshop.texts import Message, Problem, day
from workshop.work import write_whole


def report_html(session: Session) -> str:
    """The report of one table as a whole HTML page; everything that people typed is escaped.

    Only what belongs to the table and what authors released is in it: private answers never are.
    """
    return html_page(table_report(table_of(session.store)))


def report_docx(session: Session) -> bytes:
    """The report of one table as a Word document; see `report_html`."""
    from workshop.output.word import render_docx

    return render_docx(table_report(table_of(session.store)))


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

    reports = {names.stem(words("session"), "report"): room_report(room)}
    known = [names.plain(answers.called).casefold() for answers in room.tables]
    for answers, name in zip(room.tables, known, strict=True):
        group = answers.group if known.count(name) > 1 else ""
        stem = names.stem(answers.called, "report", group)
        if stem.casefold() in map(str.casefold, reports):  # table-1 of two laptops, or a table called as the session
            stem = f"{stem}-{len(reports)}"
        reports[stem] = table_report(answers)
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
    """Two pages: agreement, map, structure, factors, choices; then an appendix with all the rest."""
    blocks = []
    if answers.conflicts:
        blocks.append(say("hint", "conflicts", n=len(answers.conflicts)))
    agreed = [(entry.label, day(text) or text) for entry in questions("agreement") for text in answers.texts(entry.id)]
    blocks += [heading("agreement"), *(table("", agreed) or [nothing()])]
    blocks += [heading("network"), *(results.network_blocks(answers) or [nothing()])]
    blocks += [heading("structure"), *(results.structure_blocks(answers) or [nothing()])]
    blocks += [heading("factors"), *(results.factor_blocks(answers) or [nothing()])]
    blocks += results.alone_blocks(answers, later=False)
    appendix = results.lists_of(answers.network)
    others = [entry.id for entry in questions("own-form") if entry.id != results.QUADRANT]
    appendix += _below(heading("forms", 3), table("", results.form_rows(answers, *others)))
    appendix += results.decision_blocks(answers.structure)
    appendix += _below(heading("partners", 3), listed(partners_at(answers.network, answers.text)))
    appendix += results.alone_blocks(answers, later=True)
    appendix += _below(heading("tasks", 3), results.task_blocks(answers))
    appendix += _below(heading("also_written", 3), terms(_written(answers)))
    appendix += _below(heading("reflections", 3), released_blocks(answers, 4))
    blocks += _below(heading("appendix")._replace(page=True), appendix)
    return Report(words("title", name=answers.name), blocks)


def results_html(session: Session) -> str:
    """What the table found, in short, for the page on which it agrees: its map, judgement, factors and choices."""
    answers = table_of(session.store)
    blocks = results.map_blocks(answers)
    rows = results.judged(answers, [answers.structure])
    rows += [[asked, said] for asked, said, *_ in results.form_rows(answers, results.QUADRANT)]
    rows += [[entry.label, said] for entry in questions("factor.*") if (said := results.chosen(entry, answers))]
    alone = results.alone_blocks(answers, later=False) + results.alone_blocks(answers, later=True)
    folded = f"<details><summary>{words('alone')}</summary>{html(alone)}</details>" if alone else ""
    return html([*blocks, *table("", rows)]) + folded


def _below(title: Block, blocks: list[Block]) -> list[Block]:
    """Blocks below a heading that stands there only if there are any."""
    return [title, *blocks] if blocks else []


def _written(answers: TableAnswers) -> Iterable[tuple[str, str]]:
    """What else the table wrote: question and text."""
    for entry in texts_of_tables("table-name", "agreement"):
        for text in answers.texts(entry.id):
            yield entry.text, text
