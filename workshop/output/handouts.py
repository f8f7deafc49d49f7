"""Paper: one PDF for each kind of sheet, made by Typst from the same data and texts as the pages."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from workshop.answers.names import own_name
from workshop.domain import runbook
from workshop.output.pdf import write_pdfs
from workshop.session import Session
from workshop.texts import Message

SHEETS = {
    "run-sheet": "sheets",
    "runbook": "runbook",
    "own-sheet": "sheets",
    "network-cards": "cards",
    "partner-cards": "cards",
    "map": "boards",
    "forms": "boards",
    "four-parts": "boards",
    "task-cards": "cards",
    "role-line": "boards",
    "role-cards": "cards",
    "role-play": "cards",
    "factor-cards": "cards",
    "situation-cards": "cards",
    "agreement": "sheets",
    "glossary": "sheets",
    "privacy": "sheets",
    "evaluation": "sheets",
    "gbo": "sheets",
    "attendance": "sheets",
    "attest": "sheets",
    "aldermen": "sheets",
    "return": "sheets",
}
"""Each sheet, in the order of a session, and its template; what it is called stands below ``handout.sheet``, its file
below ``handout.file``."""


def make_handouts(folder: str | Path, session: Session | None = None, only: Iterable[str] | None = None) -> list[Path]:
    """Write all papers of a workshop, in the language in force: one PDF for each kind of sheet, directly in a folder.

    Parameters
    ----------
    folder : str or Path
        Made where it is not there; files of the same name are replaced.
    session : Session, optional
        Its table name, its organisations as partner cards, and the trainer's own choice of blocks go on the papers.
    only : iterable of str, optional
        Names of sheets, see `SHEETS`; None makes all.

    Returns
    -------
    list of Path
        In the order of a session.

    Raises
    ------
    Problem
        If the folder cannot be written to or Typst is not installed.
    """
    wanted = set(SHEETS if only is None else only)
    papers = {name: template for name, template in SHEETS.items() if name in wanted}
    return write_pdfs(folder, papers, _made_in(session))


def _made_in(session: Session | None) -> dict[str, Any]:
    """What a session and its run sheet put on papers; all else stands in ``data/``."""
    name = own_name(session.store) if session else ""
    organisations = session.network.organisations if session else ()
    return {
        "table-name": name or None,
        "partners": [{"name": o.name, "sector": o.sector, "layer": o.layer} for o in organisations] or None,
        "plans": _plans(session),
        "runbook": _runbook(),
    }


def _plans(session: Session | None) -> list[dict[str, Any]]:
    """When each block starts and how long it takes, in each length of the session and as the trainer chose it."""
    plans = []
    for variant in runbook.variants():
        label = Message("handout.runsheet.variant", minutes=variant)
        plans.append((label, runbook.plan(runbook.blocks_of(variant), variant)))
    chosen = runbook.chosen(session.store.get(runbook.KEPT)) if session else None
    if chosen:
        variant, blocks = chosen
        plans.append((Message("handout.runsheet.yours"), runbook.plan(blocks, variant)))
    return [
        {
            "label": label,
            "end": runbook.clock(sum(item.minutes for item in planned)),
            "starts": {item.block["id"]: (runbook.clock(item.start), item.minutes) for item in planned},
        }
        for label, planned in plans
    ]


def _runbook() -> dict[str, Any]:
    """The runbook with what is put together for the screen too, and how its standard length runs minute by minute."""
    book = dict(runbook.runbook())
    book["block"] = [
        {**block, "about": runbook.about(block), "answers": runbook.worked_answers(block)} for block in book["block"]
    ]
    book["doing"] = [runbook.doing(by) for by in runbook.DOING]
    book["played"] = [
        (runbook.clock(planned.start), planned.block["title"], planned.minutes, *runbook.ways([planned]).values())
        for planned in runbook.plan(runbook.blocks_of(runbook.standard()), runbook.standard())
    ]
    return book
