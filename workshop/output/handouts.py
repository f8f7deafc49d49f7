"""Paper: one PDF for each kind of sheet, made by Typst from the same data and texts as the pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from workshop.domain import governance, roles, runbook
from workshop.output.pdf import Content, sourced, with_pictures, words, write_pdfs
from workshop.session import Session
from workshop.texts import Message, either, in_language, load
from workshop.texts import language as in_force


def make_handouts(
    folder: str | Path,
    language: str | None = None,
    session: Session | None = None,
    only: Iterable[str] | None = None,
) -> list[Path]:
    """Write all papers of a workshop, one PDF for each kind of sheet, directly in a folder.

    Parameters
    ----------
    folder : str or Path
        Made where it is not there; files of the same name are replaced.
    language : {"nl", "en"}, optional
        None: the language in force.
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
    with in_language(language or in_force()):
        wanted = set(SHEETS if only is None else only)
        common = {"table-name": session.store.get("table-name") if session else None}
        documents = {}
        for name, (template, texts, builder) in SHEETS.items():
            if name in wanted:
                said = {
                    "title": str(Message(f"handout.sheet.{name}")),
                    "sheet": name,
                    "t-sheet": words(f"handout.{texts}" if texts else "runbook"),
                }
                documents[f"{name}.pdf"] = (template, {**builder(session), **common, **said})
        return write_pdfs(folder, documents)


# -- cards ------------------------------------------------------------------------------------------------------------


def _cards(cards: list[Content], shape: tuple[int, int], largest: int, empty: Content | None = None) -> Content:
    """Cards in so many columns and rows, the page filled up with empty ones."""
    blanks = [empty] * (-len(cards) % (shape[0] * shape[1])) if empty else []
    return {"cards": [*cards, *blanks], "columns": shape[0], "rows": shape[1], "sizes": list(range(largest, 8, -1))}


def _word(key: str, **values: Any) -> Message:
    return Message(f"handout.card.{key}", **values)


def _task_cards(id: str, **same: Any) -> list[Content]:
    return [{**same, "text": row["label"]} for row in governance.task(id)["rows"]]


def _partner_cards(session: Session | None) -> Content:
    if session and session.network.organisations:
        partners = [(o.name, o.sector, o.layer) for o in session.network.organisations]
    else:
        partners = [(p["name"], p["sector"], p["layer"]) for p in governance.partner_list()]
    cards = [
        {"title": name, "foot": governance.sector_label(sector), "layer": layer} for name, sector, layer in partners
    ]
    return _cards(cards, (4, 8), 15, {"head": _word("empty"), "lines": 2})


def _who_does_what() -> Content:
    """Two sets on one page, so that the cards are small enough for the four-part sheet."""
    cards = _task_cards("who-does-what", head=_word("task"))
    empty = {"head": _word("own_task"), "lines": 2}
    return _cards([*cards, *[empty] * (16 - len(cards))] * 2, (4, 8), 14)


def _situation_cards() -> Content:
    question = governance.localise(load("situations.toml")["question"])
    cards = [
        {
            "head": _word("situation", number=n),
            "star": row["core"],
            "title": row["title"],
            "text": row["text"],
            "foot": question,
        }
        for n, row in enumerate(governance.situations(), 1)
    ]
    return _cards([*cards, *[{"head": _word("own_situation"), "lines": 8}] * 4], (2, 2), 23)


def _factor_cards() -> Content:
    fronts, backs = [], []
    for row in roles.factor_table():
        front = {"title": row.label, "text": row.level_label, "loud": True}
        fronts.append({"head": _word("factor"), **front, "foot": _word("factor_front")})
        text = f"{row.label}: {row.level_label}"
        backs.append(
            {"head": _word("in_slides"), "title": either(row.role_labels), "text": text, "foot": _word("no_advice")}
        )
    return {**_cards(fronts, (2, 3), 24), "backs": backs}


# -- boards and sheets ------------------------------------------------------------------------------------------------


def _map() -> Content:
    return {"layers": [(id, governance.layer_label(id)) for id in ("core", "basic", "specialised")]}


def _forms() -> Content:
    known = governance.forms()
    return {**known, "form": with_pictures(known["form"]), "sources": sourced("provan-kenis-2008")}


def _role_line() -> Content:
    known = roles.roles()
    return {**known, "about": f"{known['about']} {sourced('seed-slides')}"}


def _own_sheet() -> Content:
    known = governance.opening()
    return {**known, "option": with_pictures(known["option"]), "reflections": governance.reflections()}


def _agreement() -> Content:
    asked = {"what": 3, "why": 2, "owner": 1, "date": 1, "first-step": 2}
    return {
        "lines": [
            {"label": Message(f"agreement.{key}"), "hint": Message(f"agreement.{key}_hint"), "lines": lines}
            for key, lines in asked.items()
        ]
    }


def _sheet_texts() -> Content:
    return governance.localise(load("handouts.toml"))


# -- for the trainer --------------------------------------------------------------------------------------------------


def _blocks() -> tuple[list[Content], dict[str, str]]:
    """The blocks with what must lie ready in words, and what each material is called."""
    book = runbook.runbook()
    names = {item["id"]: item["name"] for item in book["material"]}
    return [{**block, "materials": ", ".join(names[id] for id in block["materials"])} for block in book["block"]], names


def _run_sheet(session: Session | None) -> Content:
    plans = [
        (str(Message("handout.runsheet.variant", minutes=variant)), runbook.plan(runbook.blocks_of(variant), variant))
        for variant in runbook.variants()
    ]
    if session and (kept := session.store.get(runbook.KEPT)):
        plans.append((str(Message("handout.runsheet.yours")), runbook.plan(kept["blocks"], kept["variant"])))
    starts = [{p.block["id"]: (runbook.clock(p.start), p.minutes) for p in planned} for _label, planned in plans]
    return {
        "plans": [{"label": label, "end": runbook.clock(sum(p.minutes for p in planned))} for label, planned in plans],
        "blocks": [
            {
                **{key: block[key] for key in ("core", "title", "short", "materials")},
                "page": f"{Message('handout.runsheet.page')} {block['page'][0]}" if block["page"] else "",
                "times": [start.get(block["id"]) for start in starts],
            }
            for block in _blocks()[0]
        ],
    }


def _runbook() -> Content:
    book, (blocks, names) = runbook.runbook(), _blocks()
    played = runbook.played(runbook.standard())
    return {
        "intro": Message("runbook.intro"),
        "quotes": list({"nl": "‘’", "en": "“”"}[in_force()]),
        "texts": [{"letter": False, **text} for text in book["text"]],
        "doing": [runbook.doing(by) for by in runbook.DOING],
        "played": [(runbook.clock(p.start), p.block["title"], p.minutes, *each) for p, each in played],
        "materials": [
            {"name": names[item["id"]], "file": f"{item['id']}.pdf" if item.get("sheet") else "–", "many": item["many"]}
            for item in book["material"]
        ],
        "blocks": [
            {"objections": [], "debrief": [], **block}
            | {"about": runbook.about(block), "answers": runbook.worked_answers(block)}
            for block in blocks
        ],
        "sources": [row for row in governance.localise(load("sources.csv")) if row["uncertain"]],
    }


SHEETS: dict[str, tuple[str, str, Callable[[Session | None], Content]]] = {
    "run-sheet": ("sheets", "runsheet", _run_sheet),
    "runbook": ("runbook", "", lambda _: _runbook()),
    "own-sheet": ("sheets", "own", lambda _: _own_sheet()),
    "network-cards": (
        "cards",
        "card",
        lambda _: _cards(_task_cards("is-a-network", head=_word("network")), (2, 4), 20),
    ),
    "partner-cards": ("cards", "card", _partner_cards),
    "map": ("boards", "map", lambda _: _map()),
    "forms": ("boards", "forms", lambda _: _forms()),
    "four-parts": ("boards", "parts", lambda _: governance.parts()),
    "task-cards": ("cards", "card", lambda _: _who_does_what()),
    "role-line": ("boards", "role", lambda _: _role_line()),
    "role-cards": (
        *("cards", "card"),
        lambda _: _cards(_task_cards("last-word", head=_word("coordinator"), foot=_word("who_decides")), (2, 2), 25),
    ),
    "factor-cards": ("cards", "card", lambda _: _factor_cards()),
    "situation-cards": ("cards", "card", lambda _: _situation_cards()),
    "agreement": ("sheets", "agreement", lambda _: _agreement()),
    "glossary": ("sheets", "", lambda _: {"words": governance.glossary()}),
    "privacy": ("sheets", "privacy", lambda _: _sheet_texts()),
    "evaluation": ("sheets", "evaluation", lambda _: _sheet_texts()),
}
"""Each sheet: its template, where its texts stand below ``handout``, and what fills it."""
