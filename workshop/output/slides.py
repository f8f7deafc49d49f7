"""Slides for the wall as one PDF that needs no server, in the order of the seed."""

from __future__ import annotations

from pathlib import Path

from workshop.output.pdf import write_pdfs
from workshop.session import Session


def make_slides(folder: str | Path, session: Session | None = None) -> list[Path]:
    """Write ``slides.pdf``: a title and one slide for each row of ``data/slides.csv``, in the language in force.

    Parameters
    ----------
    folder : str or Path
        Made where it is not there.
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
    return write_pdfs(folder, {"slides": "slides"})
