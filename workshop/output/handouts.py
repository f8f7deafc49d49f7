"""Paper: one PDF for each kind of sheet, made by Typst from the same data and texts as the pages."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from workshop.domain import governance, roles, runbook
from workshop.drawing import form_picture
from workshop.session import Session
from workshop.texts import Message, Problem, enumerate_names, in_language, load, message_keys
from workshop.texts import language as in_force

TEMPLATES = Path(__file__).parent / "templates"
FONTS = Path(__file__).parent / "fonts"
Content = dict[str, Any]


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
                said = {"title": str(Message(f"handout.sheet.{name}")), "sheet": name, "t-sheet": words(texts)}
                documents[f"{name}.pdf"] = (template, {**common, **said, **builder(session)})
        return write_pdfs(folder, documents)


def write_pdfs(folder: str | Path, documents: dict[str, tuple[str, Content]]) -> list[Path]:
    """Compile templates to PDF files; a file is whole or not there.

    Parameters
    ----------
    folder : str or Path
        Made where it is not there.
    documents : dict
        File name to the name of a template and its content, plain values that JSON holds.
    """
    try:
        import typst
    except ImportError:
        raise Problem(Message("handout.no_typst")) from None
    folder, written = Path(folder), []
    fonts = typst.Fonts(font_paths=[str(FONTS)])
    said = {"language": in_force(), "t": words("handout")}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, (template, content) in documents.items():
            source = TEMPLATES / f"{template}.typ"
            compiler = typst.Compiler(str(source), root=str(TEMPLATES), font_paths=fonts)
            raw = compiler.compile(format="pdf", sys_inputs={"data": json.dumps({**said, **content}, default=str)})
            part = folder / f"{name}.part"
            part.write_bytes(raw)
            os.replace(part, folder / name)
            written.append(folder / name)
    except OSError as error:
        raise Problem(Message("handout.not_written", folder=folder, why=error.strerror)) from error
    return written


def words(start: str) -> dict[str, str]:
    """All sentences whose key begins like this, by the rest of their key; those one level down are left out."""
    keys = (key for key in message_keys() if key.startswith(f"{start}.") and "." not in key[len(start) + 1 :])
    return {key[len(start) + 1 :]: str(_entry(key)) for key in keys}


def _entry(key: str) -> str:
    try:
        return str(Message(key))
    except KeyError:  # a sentence with placeholders: code fills it in
        return key


# -- cards ------------------------------------------------------------------------------------------------------------


def _cards(cards: list[Content], columns: int, rows: int, sizes: range, **more: Any) -> Content:
    return {"cards": cards, "columns": columns, "rows": rows, "sizes": list(sizes), **more}


def _partner_cards(session: Session | None) -> Content:
    network = session.network if session else None
    if network and network.organisations:
        partners = [(o.name, governance.sector_label(o.sector), o.layer) for o in network.organisations]
    else:
        partners = [(p["name"], governance.sector_label(p["sector"]), p["layer"]) for p in governance.partner_list()]
    cards: list[Content] = [
        {"title": name, "head": sector, "layer": layer, "foot": _layer(layer)} for name, sector, layer in partners
    ]
    empty = {"head": Message("handout.card.empty"), "lines": 2}
    return _cards([*cards, *[empty] * (10 - len(cards) % 10)], 2, 5, range(19, 9, -1))


def _layer(layer: str | None) -> str:
    key = f"handout.card.layer_{layer}"
    return str(Message(key)) if key in message_keys() else ""


def _network_cards(_session: Session | None) -> Content:
    rows = governance.task("is-a-network")["rows"]
    head = Message("handout.card.network")
    return _cards([{"head": head, "text": row["label"]} for row in rows], 2, 4, range(17, 9, -1))


def _role_cards(_session: Session | None) -> Content:
    rows = governance.task("last-word")["rows"]
    said = {"head": Message("handout.card.coordinator"), "foot": Message("handout.card.who_decides")}
    return _cards([{**said, "text": row["label"]} for row in rows], 2, 2, range(22, 11, -1))


def _task_cards(_session: Session | None) -> Content:
    rows = governance.task("who-does-what")["rows"]
    cards: list[Content] = [{"head": Message("handout.card.task"), "text": row["label"]} for row in rows]
    empty = {"head": Message("handout.card.own_task"), "lines": 2}
    return _cards([*cards, *[empty] * (-len(cards) % 12)], 2, 6, range(17, 9, -1))


def _situation_cards(_session: Session | None) -> Content:
    question = load("situations.toml")["question"]
    cards: list[Content] = [
        {
            "head": Message("handout.card.situation", number=number),
            "star": row["core"],
            "title": row["title"],
            "text": row["text"],
            "foot": governance.localise(question),
        }
        for number, row in enumerate(governance.situations(), 1)
    ]
    empty = {"head": Message("handout.card.own_situation"), "lines": 8}
    return _cards([*cards, *[empty] * (-len(cards) % 4)], 2, 2, range(19, 10, -1))


def _factor_cards(_session: Session | None) -> Content:
    table = roles.factor_table()
    fronts = [
        {
            "head": Message("handout.card.factor"),
            "title": row.label,
            "text": row.level_label,
            "foot": Message("handout.card.factor_front"),
        }
        for row in table
    ]
    backs = [
        {
            "head": Message("handout.card.in_slides"),
            "title": enumerate_names(row.role_labels, {"nl": "of", "en": "or"}),
            "text": f"{row.label}: {row.level_label}",
            "foot": Message("handout.card.no_advice"),
        }
        for row in table
    ]
    return _cards(fronts, 2, 3, range(24, 13, -1), backs=backs)


# -- boards and sheets ------------------------------------------------------------------------------------------------


def _four_parts(_session: Session | None) -> Content:
    return {"parts": governance.parts()["part"]}


def _forms(_session: Session | None) -> Content:
    known = governance.forms()
    return {
        "forms": [{**form, "picture": form_picture(form["id"])} for form in known["form"]],
        "criteria": known["criterion"],
        "tensions": known["tension"],
        "inception": known["inception"],
        "stage": known["stage"],
        "hypothesis": known["hypothesis"],
        "sources": _source("provan-kenis-2008"),
    }


def _role_line(_session: Session | None) -> Content:
    known = roles.roles()
    about = f"{known['about']} {_source('seed-slides')}"
    return {**known, "roles": known["role"], "dimensions": known["dimension"], "about": about}


def _source(id: str) -> Message:
    return Message("handout.source", source=governance.cite(id))


def _own_sheet(_session: Session | None) -> Content:
    opening = governance.opening()
    return {
        "questions": opening["question"],
        "options": [{**option, "picture": form_picture(option["id"])} for option in opening["option"]],
        "reflections": governance.reflections(),
    }


def _agreement(_session: Session | None) -> Content:
    asked = {"what": 3, "why": 2, "owner": 1, "date": 1, "first-step": 2}
    return {
        "lines": [
            {"label": Message(f"agreement.{key}"), "hint": Message(f"agreement.{key}_hint"), "lines": lines}
            for key, lines in asked.items()
        ]
    }


def _glossary(_session: Session | None) -> Content:
    return {"words": governance.glossary()}


def _sheet_texts(_session: Session | None) -> Content:
    known = governance.localise(load("handouts.toml"))
    return {"privacy": known["privacy"], "rules": known["rule"], "statements": known["statement"], "open": known["open"]}


# -- for the trainer --------------------------------------------------------------------------------------------------


def _run_sheet(session: Session | None) -> Content:
    plans = [
        (str(Message("handout.runsheet.variant", minutes=variant)), runbook.plan(runbook.blocks_of(variant), variant))
        for variant in runbook.variants()
    ]
    if session and (kept := session.store.get(runbook.KEPT)):
        plans.append((str(Message("handout.runsheet.yours")), runbook.plan(kept["blocks"], kept["variant"])))
    starts = [{p.block["id"]: (runbook.clock(p.start), p.minutes) for p in planned} for _label, planned in plans]
    book = runbook.runbook()
    return {
        "plans": [{"label": label, "end": runbook.clock(sum(p.minutes for p in planned))} for label, planned in plans],
        "blocks": [
            {
                **{key: block[key] for key in ("core", "title", "short")},
                "page": f"{Message('handout.runsheet.page')} {block['page'][0]}" if block["page"] else "",
                "times": [start.get(block["id"]) for start in starts],
            }
            for block in book["block"]
        ],
        "ready": ", ".join(_material(item).lower() for item in book["material"] if not item.get("sheet")) + ".",
    }


def _material(item: Content) -> str:
    return item.get("name") or str(Message(f"handout.sheet.{item['id']}"))


def _runbook(_session: Session | None) -> Content:
    book = runbook.runbook()
    names = {item["id"]: _material(item) for item in book["material"]}
    return {
        "intro": Message("runbook.intro"),
        "quotes": list({"nl": "‘’", "en": "“”"}[in_force()]),
        "texts": [{"letter": False, **text} for text in book["text"]],
        "materials": [
            {"name": names[item["id"]], "file": f"{item['id']}.pdf" if item.get("sheet") else "–", "many": item["many"]}
            for item in book["material"]
        ],
        "blocks": [
            {
                **{"objections": [], "debrief": [], **block},
                "about": about_block(block),
                "materials": ", ".join(names[id] for id in block["materials"]),
                "answers": runbook.worked_answers(block),
            }
            for block in book["block"]
        ],
        "sources": [row for row in governance.localise(load("sources.csv")) if row["uncertain"]],
    }


def about_block(block: Content) -> str:
    """Whether a block is core, how long it takes in each variant, and where its page is."""
    kind = Message("handout.runsheet.core" if block["core"] else "handout.runsheet.extra")
    times = (f"{minutes or '–'}/{variant}" for variant, minutes in zip(runbook.variants(), block["minutes"], strict=True))
    page = Message("runbook.page", page=block["page"]) if block["page"] else Message("runbook.no_page")
    return f"{kind} · {' · '.join(times)} · {page}"


def _nothing(_session: Session | None) -> Content:
    return {}


SHEETS: dict[str, tuple[str, str, Callable[[Session | None], Content]]] = {
    "run-sheet": ("sheets", "handout.runsheet", _run_sheet),
    "runbook": ("runbook", "runbook", _runbook),
    "own-sheet": ("sheets", "handout.own", _own_sheet),
    "network-cards": ("cards", "handout.card", _network_cards),
    "partner-cards": ("cards", "handout.card", _partner_cards),
    "map": ("boards", "handout.map", _nothing),
    "forms": ("boards", "handout.forms", _forms),
    "four-parts": ("boards", "handout.parts", _four_parts),
    "task-cards": ("cards", "handout.card", _task_cards),
    "role-line": ("boards", "handout.role", _role_line),
    "role-cards": ("cards", "handout.card", _role_cards),
    "factor-cards": ("cards", "handout.card", _factor_cards),
    "situation-cards": ("cards", "handout.card", _situation_cards),
    "agreement": ("sheets", "handout.agreement", _agreement),
    "glossary": ("sheets", "handout", _glossary),
    "privacy": ("sheets", "handout.privacy", _sheet_texts),
    "evaluation": ("sheets", "handout.evaluation", _sheet_texts),
}
"""Each sheet: its template, the texts it uses, and what fills it."""
