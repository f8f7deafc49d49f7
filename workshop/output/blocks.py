"""What a report is made of: blocks that become a web page and a Word document alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple

from workshop import __version__
from workshop.texts import Message, number

MANY_COLUMNS = 8
"""From more columns on, a chapter stands on pages that lie."""
MOST_ROWS = 40


class Block(NamedTuple):
    """A part of a report.

    Parameters
    ----------
    kind : {"heading", "text", "hint", "mark", "list", "quote", "terms", "table", "picture"}
    text : str
        What it says; the caption of a table, the description of a picture.
    rows : list
        Lines of a list; label and text of terms; cells of a table.
    head : list
        Headings of the columns; a table without has headings at its rows.
    level : int
        Of a heading.
    svg : str
        The picture.
    """

    kind: str
    text: str = ""
    rows: Any = ()
    head: Any = ()
    level: int = 0
    svg: str = ""

    @property
    def wide(self) -> bool:
        """Whether it has so many columns that its pages lie."""
        return len(self.head) > MANY_COLUMNS

    @property
    def shares(self) -> list[float]:
        """How wide each column is, of 1: room for its longest word, and the rest where there is most to say."""
        room, sides = (176, 1.3) if self.wide else (91, 2.5)
        least, more = [], []
        for cells in zip(*([self.head] if self.head else []), *self.rows, strict=True):
            word = min(20, max(len(word) for cell in cells for word in (cell.split() or [""])))
            least.append(sides + word)
            more.append(1 + max(0.0, sum(min(len(cell), 90) for cell in cells) / len(cells) - word))
        left = room - sum(least)
        if left < 0:
            return [need / sum(least) for need in least]
        return [(need + left * much / sum(more)) / room for need, much in zip(least, more, strict=True)]


class Report(NamedTuple):
    """Title and blocks."""

    title: str
    blocks: list[Block]

    def parts(self) -> Iterator[tuple[bool, list[Block]]]:
        """All blocks, title and foot among them, by pages that stand or lie: whether these lie, and their blocks."""
        time = datetime.now().astimezone().strftime("%d/%m/%Y %H:%M")
        chapters = [[Block("heading", self.title, level=1), say("hint", "made", time=time, version=__version__)]]
        for block in (*self.blocks, say("hint", "footer")):
            if block.kind == "heading" and block.level == 2:
                chapters.append([])
            chapters[-1].append(block)
        for lying, run in groupby(chapters, lambda chapter: any(block.wide for block in chapter)):
            yield lying, [block for chapter in run for block in chapter]


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


def table(
    caption: Any, rows: Iterable[Iterable[Any]], head: Iterable[Any] = (), most: int | None = None
) -> list[Block]:
    """A table, if there are rows, without columns in which nothing stands; of `most` rows at the most."""
    found = [[number(cell) if isinstance(cell, float) else str(cell) for cell in row] for row in rows]
    heads = [str(column) for column in head]
    filled = [at for at in range(len(found[0]) if found else 0) if any(row[at] for row in found)]
    shown = [[row[at] for at in filled] for row in found[:most]]
    return [Block("table", str(caption), shown, [heads[at] for at in filled] if heads else [])] if found else []
