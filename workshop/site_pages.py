"""The pages of the static site: what a notebook shows before Python is there, and where its links lead."""

from __future__ import annotations

import os
import re
import tempfile
from functools import cached_property
from pathlib import Path
from typing import Any

import jinja2
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


def address(path: str) -> str:
    """Where the page of a notebook is, from another page."""
    return TOP + path.replace(".ipynb", ".html")


class Pages:
    """Makes the pages of the site.

    Parameters
    ----------
    root : Path
        The folder that holds ``notebooks`` and ``exercises``.
    made : Path
        The folder for the site.
    kit : str
        Name of the folder in it that holds scripts and Python.
    """

    def __init__(self, root: Path, made: Path, kit: str):
        self.root = root
        self.made = made
        self.kit = kit

    def make(self) -> None:
        """Make all of them, and the file that is opened first."""
        for source in [*self.sources, *self.programs]:
            self.page(source)
        self.frame()

    @cached_property
    def sources(self) -> list[Path]:
        """The notebooks that become pages."""
        found = []
        for spoken in LANGUAGES:
            found += sorted((self.root / "notebooks" / spoken).glob("[0-9]_*.ipynb"))
            exercises = sorted((self.root / "exercises" / spoken).glob("*.ipynb"))
            found += [path for path in exercises if not path.name.startswith("deeper_")]
        return found

    @cached_property
    def students(self) -> list[Path]:
        """The notebooks that open in JupyterLite."""
        return students_pages(self.root)

    @property
    def programs(self) -> list[Path]:
        """Where a page says what needs the program: no notebook, but beside them."""
        return sorted({path.with_name(PROGRAM) for path in self.sources if path.parent.parent.name == "notebooks"})

    @cached_property
    def templates(self) -> jinja2.Environment:
        """The server's templates, and those of the site."""
        return templates(PAGE)

    @cached_property
    def look(self) -> dict[str, str]:
        """Style and scripts of a page, as `start` has them."""
        return {name: text.replace(".ipynb", ".html") for name, text in look(*SCRIPTS).items()}

    def page(self, source: Path) -> None:
        """One notebook as a page."""
        spoken = source.parent.name
        with in_language(spoken):
            notebook = nbformat.read(source, as_version=4) if source.is_file() else self.program()
            for cell in notebook.cells:
                key = f"site.prose.{source.stem}.{cell.id}"
                if key in message_keys():
                    cell.source = str(Message(key))
            title = render_prose(notebook, source)
        cells = [[n, cell.source] for n, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
        previews = self.previews(cells, spoken)
        for n, cell in enumerate(notebook.cells):
            cell.before = previews.get(n, "")
            if cell.cell_type == "markdown":
                cell.html = re.sub(
                    r'href="([^":]+\.ipynb)', lambda found: f'href="{self.link(source, found[1])}', cell.html
                )
        path = source.relative_to(self.root).with_suffix(".html").as_posix()
        values = {
            "twin": twin_of(self.root, source, address),
            "lang": spoken,
            "title": title,
            "page": source.stem,
            "path": path,
            "top": TOP,
            "kit": self.kit,
            "words": WORDS,
            "steps": journey(self.root, spoken, address),
            "cells": notebook.cells,
            "config": {"version": self.kit, "cells": cells, "language": spoken, "later": source.stem != places.START},
        }
        with in_language(spoken):
            made = self.templates.get_template("static.html").render(**values, **self.look)
        (self.made / path).parent.mkdir(parents=True, exist_ok=True)
        (self.made / path).write_text(made, encoding="utf-8")

    def link(self, source: Path, address: str) -> str:
        """Where a link to a notebook leads: to its page, or to what says that it needs the program."""
        target = Path(os.path.normpath(source.parent / address))
        if target in self.students:
            return f'../../{address_of(target, self.root)}" target="_blank'  # beside the page, with a Python of its own
        if target not in self.sources:
            target = self.root / "notebooks" / source.parent.name / PROGRAM
        return Path(os.path.relpath(target, source.parent)).with_suffix(".html").as_posix()

    def program(self) -> Any:
        """What is said of what needs the program, as a notebook."""
        repository = os.environ.get("GITHUB_REPOSITORY")
        address = f"{os.environ.get('GITHUB_SERVER_URL')}/{repository}"
        where = Message("site.program.address", address=address) if repository else Message("site.program.ask")
        prose = nbformat.v4.new_markdown_cell(str(Message("site.program.about", where=where)))
        return nbformat.v4.new_notebook(cells=[prose])

    def previews(self, cells: list, spoken: str) -> dict[int, str]:
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

    def frame(self) -> None:
        """The first file that is opened: it keeps Python while pages come and go in it."""
        firsts = []
        for spoken in LANGUAGES:
            path = f"notebooks/{spoken}/{places.START}"
            if (self.root / f"{path}.ipynb").is_file():
                with in_language(spoken):
                    firsts.append((f"{path}.html", str(Message("page.language"))))
        values = {"lang": LANGUAGES[0], "kit": self.kit, "firsts": firsts}
        made = self.templates.get_template("index.html").render(**values)
        (self.made / "index.html").write_text(made, encoding="utf-8")
