"""The pages of the static site: what a notebook shows before Python is there, and where its links lead."""

from __future__ import annotations

import os
import re
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import nbformat

from workshop import page
from workshop.server import places
from workshop.server.prose import journey, look, render_prose, templates, twin_of
from workshop.site_lab import address_of, students_pages
from workshop.texts import LANGUAGES, Message, in_language, message_keys

PAGE = Path(page.__file__).parent
SCRIPTS = ("page.js", "bar.js", "wall.js")
PROGRAM = "program.ipynb"
WORDS = ["python", "kit", "answers", "drawing", "failed", "full", "refused", "other_tab", "newer", "old"]
TOP = "../../"
"""From a page to the site."""
LINK = re.compile(r'href="([^":]+\.ipynb)')


def address(path: str) -> str:
    """Where the page of a notebook is, from another page."""
    return TOP + path.replace(".ipynb", ".html")


def make_pages(root: Path, made: Path, kit: str) -> None:
    """Make all pages, and the file that is opened first: it keeps Python while pages come and go in it.

    Parameters
    ----------
    root : Path
        The folder that holds ``notebooks`` and ``exercises``.
    made : Path
        The folder for the site.
    kit : str
        Name of the folder in it that holds scripts and Python.
    """
    environment = templates(PAGE)
    shared = {name: text.replace(".ipynb", ".html") for name, text in look(*SCRIPTS).items()}
    sources = pages_of(root)
    programs = {path.with_name(PROGRAM) for path in sources if path.parent.parent.name == "notebooks"}
    for source in [*sources, *sorted(programs)]:
        values = page_values(root, source, kit)
        path = made / values["path"]
        path.parent.mkdir(parents=True, exist_ok=True)
        with in_language(source.parent.name):
            path.write_text(environment.get_template("static.html").render(**values, **shared), encoding="utf-8")
    frame = environment.get_template("index.html").render(lang=LANGUAGES[0], kit=kit, firsts=first_pages(root))
    (made / "index.html").write_text(frame, encoding="utf-8")


@cache
def pages_of(root: Path) -> list[Path]:
    """The notebooks that become pages."""
    found = []
    for spoken in LANGUAGES:
        found += sorted((root / "notebooks" / spoken).glob("[0-9]_*.ipynb"))
        exercises = sorted((root / "exercises" / spoken).glob("*.ipynb"))
        found += [path for path in exercises if not path.name.startswith("deeper_")]
    return found


def page_values(root: Path, source: Path, kit: str) -> dict[str, Any]:
    """What the template of a page gets of one notebook."""
    spoken = source.parent.name
    with in_language(spoken):
        notebook = nbformat.read(source, as_version=4) if source.is_file() else program()
        for cell in notebook.cells:
            key = f"site.prose.{source.stem}.{cell.id}"
            if key in message_keys():
                cell.source = str(Message(key))
        title = render_prose(notebook, source)
    cells = [[n, cell.source] for n, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
    previews = previews_of(cells, spoken)
    for n, cell in enumerate(notebook.cells):
        cell.before = previews.get(n, "")
        if cell.cell_type == "markdown":
            cell.html = LINK.sub(lambda found: f'href="{link(root, source, found[1])}', cell.html)
    return {
        "twin": twin_of(root, source, address),
        "lang": spoken,
        "title": title,
        "page": source.stem,
        "path": source.relative_to(root).with_suffix(".html").as_posix(),
        "top": TOP,
        "kit": kit,
        "words": WORDS,
        "steps": journey(root, spoken, address),
        "cells": notebook.cells,
        "config": {"version": kit, "cells": cells, "language": spoken, "later": source.stem != places.START},
    }


def link(root: Path, source: Path, address: str) -> str:
    """Where a link to a notebook leads: to its page, or to what says that it needs the program."""
    target = Path(os.path.normpath(source.parent / address))
    if target in students_pages(root):
        return f'../../{address_of(target, root)}" target="_blank'  # beside the page, with a Python of its own
    if target not in pages_of(root):
        target = root / "notebooks" / source.parent.name / PROGRAM
    return Path(os.path.relpath(target, source.parent)).with_suffix(".html").as_posix()


def program() -> Any:
    """What is said of what needs the program, as a notebook: no file, but beside those that are."""
    repository = os.environ.get("GITHUB_REPOSITORY")
    address = f"{os.environ.get('GITHUB_SERVER_URL')}/{repository}"
    where = Message("site.program.address", address=address) if repository else Message("site.program.ask")
    prose = nbformat.v4.new_markdown_cell(str(Message("site.program.about", where=where)))
    return nbformat.v4.new_notebook(cells=[prose])


def previews_of(cells: list, spoken: str) -> dict[int, str]:
    """What can be read of the widgets of a page while Python is loading, by cell."""
    from workshop.page.preview import preview

    names: dict[str, Any] = {}
    found = {}
    with tempfile.TemporaryDirectory() as work:
        os.environ |= {"WORKSHOP_WORK": work, "WORKSHOP_LANGUAGE": spoken}
        for index, source in cells:
            found[index] = preview(page.run_cell(source, names))
        if "session" in names:
            names["session"].store.close()
    return found


def first_pages(root: Path) -> list[tuple[str, str]]:
    """The address of the first page in each language, and what that language is called."""
    firsts = []
    for spoken in LANGUAGES:
        path = f"notebooks/{spoken}/{places.START}"
        if (root / f"{path}.ipynb").is_file():
            with in_language(spoken):
                firsts.append((f"{path}.html", str(Message("page.language"))))
    return firsts
