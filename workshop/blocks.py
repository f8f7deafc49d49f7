"""What a report is made of: blocks that become part of a page, a web page to take along or a Word document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from workshop import __version__
from workshop.exchange.writer import UNFIT
from workshop.texts import Message, language, number

FOLDER = Path(__file__).parent
MANY_COLUMNS = 8
"""With more columns, a chapter gets landscape pages."""
MOST_ROWS = 40


class Block(NamedTuple):
    """A part of a report.

    Parameters
    ----------
    kind : {"heading", "text", "hint", "notice", "list", "quote", "terms", "table", "picture"}
    text : str
        What it says; the caption of a table, the description of a picture.
    rows : list
        Lines of a list; label and text of terms; cells of a table.
    header : list
        The header row of a table; without one, its first column is the header.
    level : int
        Of a heading; a chapter has 2.
    svg : str
        The picture.
    page : bool
        Whether a heading begins a new page.
    """

    kind: str
    text: str = ""
    rows: Any = ()
    header: Any = ()
    level: int = 0
    svg: str = ""
    page: bool = False

    @property
    def wide(self) -> bool:
        """Whether it has so many columns that its pages are landscape."""
        return len(self.header) > MANY_COLUMNS


class Report(NamedTuple):
    """Title and blocks."""

    title: str
    blocks: list[Block]

    def sections(self) -> Iterator[tuple[bool, list[Block]]]:
        """All blocks, title and what it is for among them, by page orientation: whether landscape, and the blocks."""
        time = datetime.now().astimezone().strftime("%d/%m/%Y %H:%M")
        made = say("hint", "made", time=time, version=__version__)
        chapters = [[Block("heading", self.title, level=1), made, say("hint", "use")]]
        for block in self.blocks:
            if block.kind == "heading" and block.level == 2:
                chapters.append([])
            chapters[-1].append(block)
        for landscape, run in groupby(chapters, lambda chapter: any(block.wide for block in chapter)):
            yield landscape, [block for chapter in run for block in chapter]


def html(blocks: Iterable[Block]) -> str:
    """Blocks as HTML; everything but the drawing of a picture is escaped."""
    return UNFIT.sub("\ufffd", _template("blocks.html.j2").render(blocks=blocks))


def html_page(report: Report) -> str:
    """A report as one page that prints well on A4 and needs nothing from outside."""
    return UNFIT.sub("\ufffd", _template("report.html.j2").render(report=report, language=language()))


@cache
def _template(name: str) -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    folders = FileSystemLoader([FOLDER, FOLDER / "output" / "templates"])
    environment = Environment(
        loader=folders, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template(name)


# -- blocks of the words below ``report`` in data/texts ------------------------------------------------------------


def words(key: str, **values: Any) -> str:
    """A sentence of the report."""
    return str(Message(f"report.{key}", **values))


def say(kind: str, key: str, **values: Any) -> Block:
    """A block with a sentence of the report."""
    return Block(kind, words(key, **values))


def heading(key: str, level: int = 2, **values: Any) -> Block:
    """A heading; a chapter has level 2."""
    return Block("heading", words(key, **values), level=level)


def nothing() -> Block:
    """What stands where nothing was filled in."""
    return say("hint", "nothing_yet")


def listed(lines: Iterable[Any]) -> list[Block]:
    """A list, if there is anything on it."""
    rows = [str(line) for line in lines]
    return [Block("list", rows=rows)] if rows else []


def terms(rows: Iterable[tuple[Any, str]]) -> list[Block]:
    """Labels and what belongs to them, if there are any."""
    found = [(str(label), text) for label, text in rows]
    return [Block("terms", rows=found)] if found else []


def table(caption: Any, rows: Iterable[Iterable[Any]], header: Iterable[Any] = (), file: str = "") -> list[Block]:
    """A table, if there are rows, without columns in which nothing stands.

    Of many rows only `MOST_ROWS` are shown where there is a `file` that holds the others.
    """
    texts = [[number(cell) if isinstance(cell, float) else str(cell) for cell in row] for row in rows]
    if not texts:
        return []
    total = len(texts)
    if file:
        texts = texts[:MOST_ROWS]
    filled = [place for place in range(len(texts[0])) if any(row[place] for row in texts)]
    columns = [str(column) for column in header]
    shown = [[row[place] for place in filled] for row in texts]
    blocks = [Block("table", str(caption), shown, [columns[place] for place in filled] if columns else [])]
    if total > len(texts):
        blocks.append(say("hint", "more", shown=len(texts), total=total, file=file))
    return blocks
