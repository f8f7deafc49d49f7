"""Slides for the wall as one PDF that needs no server, in the order of the seed."""

from __future__ import annotations

from pathlib import Path

from workshop.output.pdf import write_pdfs
from workshop.session import Session
from workshop.texts import in_language
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
        return write_pdfs(folder, {"slides": "slides"})
