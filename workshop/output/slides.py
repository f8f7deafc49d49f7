"""Slides for the wall as one PDF that needs no server, in the order of the seed."""

from __future__ import annotations

from pathlib import Path

from workshop.domain import governance, roles
from workshop.output.pdf import Content, sourced, with_pictures, write_pdfs
from workshop.session import Session
from workshop.texts import Message, either, in_language, load
from workshop.texts import language as in_force


def make_slides(folder: str | Path, language: str | None = None, session: Session | None = None) -> list[Path]:
    """Write ``slides.pdf``: a title and one slide for each row of ``data/slides.csv``.

    Parameters
    ----------
    folder : str or Path
        Made where it is not there.
    language : {"nl", "en"}, optional
        None: the language in force.
    session : Session, optional
        Not used, slides are the same for every table; taken so that all papers are made alike.

    Returns
    -------
    list of Path
        The one file.

    Raises
    ------
    Problem
        If the folder cannot be written to or Typst is not installed.
    """
    with in_language(language or in_force()):
        return write_pdfs(folder, {"slides.pdf": ("slides", _content())})


def _content() -> Content:
    known = {slide["id"]: slide for slide in governance.localise(load("slides.toml")["slide"])}
    parts = governance.parts()
    return {
        "title": Message("handout.slides.title"),
        "slides": [_slide(known[row["id"]]) for row in governance.slides()],
        "parts": parts["part"],
        "balance": parts["balance"],
        "poles": [Message(f"handout.parts.{pole}") for pole in ("efficiency", "inclusion", "both")],
        "forms": with_pictures(governance.forms()["form"]),
        "roles": roles.roles()["role"],
        "reflections": governance.reflections(),
        "factors": [
            {"factor": row.label, "level": row.level_label, "roles": either(row.role_labels)}
            for row in roles.factor_table()
        ],
    }


def _slide(slide: Content) -> Content:
    return {"figure": None, "ask": "", **slide, "source": sourced(slide["source"]) if "source" in slide else ""}
