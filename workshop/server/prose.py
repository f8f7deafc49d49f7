"""The prose of a page, the same for `workshop start` and for the static site."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jinja2
from mistune import HTMLRenderer
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from workshop.texts import LANGUAGES, Message, in_language, message_keys

TEMPLATES = Path(__file__).parent / "templates"


def templates(*before: Path) -> jinja2.Environment:
    """The templates of pages, after those of other folders; in each, ``say`` makes a sentence."""
    loader = jinja2.FileSystemLoader([*before, TEMPLATES])
    made = jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    made.globals["say"] = Message
    return made


def look(*scripts: str) -> dict[str, str]:
    """What a page brings with it: its style, and these scripts as one."""
    text = {name: (TEMPLATES / name).read_text(encoding="utf-8") for name in ("page.css", *scripts)}
    return {"css": text.pop("page.css"), "script": "\n".join(text.values())}


class Prose(IPythonRenderer):
    """Markdown with its pictures inside; HTML stays as written, since an element may run over several blocks."""

    block_html = HTMLRenderer.block_html
    inline_html = HTMLRenderer.inline_html


def render_prose(notebook: Any, source: Path) -> str:
    """Give each Markdown cell of a notebook its `html`, and mark the `last` one; the title of the page."""
    prose = [cell for cell in notebook.cells if cell.cell_type == "markdown"]
    for cell in prose:
        renderer = Prose(escape=False, embed_images=True, exclude_anchor_links=True, path=str(source.parent))
        cell.html = MarkdownWithMath(renderer=renderer).render(cell.source)
        cell.last = cell is prose[-1]
    heading = re.search(r"^# +(.+)$", "\n".join(cell.source for cell in prose), re.MULTILINE)
    return heading[1] if heading else source.stem


Address = Callable[[str], str]
"""From the path of a notebook below the root to where its page is."""


def journey(root: Path, spoken: str, address: Address) -> list[tuple[str, str, str]]:
    """The pages of the journey: their names, addresses, and what the bar calls them."""
    folder = f"notebooks/{spoken}"
    found = []
    with in_language(spoken):
        for path in sorted((root / folder).glob("[0-9]_*.ipynb")):
            key = f"page.step.{path.stem}"
            name = str(Message(key)) if key in message_keys() else path.stem
            found.append((path.stem, address(f"{folder}/{path.name}"), name))
    return found


def twin_of(root: Path, source: Path, address: Address) -> tuple[str, str, str] | None:
    """The same page in the other language, if there is one: that language, the address and what the bar says."""
    (other,) = set(LANGUAGES) - {source.parent.name}
    path = source.parent.parent / other / source.name
    if not path.is_file():
        return None
    with in_language(other):
        name = str(Message("page.language"))
    return other, address(path.relative_to(root).as_posix()), name
