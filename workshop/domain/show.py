"""What a notebook shows of a value: sentences and small tables, as HTML in which every text is escaped."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

from workshop.texts import Message


def html_table(heads: Iterable[Any], rows: Iterable[Iterable[Any]]) -> str:
    """A table of HTML; cells are texts, numbers or messages."""
    head = _row("th", heads)
    body = "".join(_row("td", row) for row in rows)
    return f"<table><thead>{head}</thead><tbody>{body}</tbody></table>"


def _row(tag: str, cells: Iterable[Any]) -> str:
    inside = "".join(f'<{tag} style="text-align:left">{escape(str(cell))}</{tag}>' for cell in cells)
    return f"<tr>{inside}</tr>"


class Sentences:
    """A result that people read as sentences: its `messages` are what `str`, `repr` and a notebook show."""

    messages: list[Message]

    def __str__(self) -> str:
        return " ".join(map(str, self.messages))

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self}>"

    def _repr_html_(self) -> str:
        items = "".join(f"<li>{escape(str(message))}</li>" for message in self.messages)
        return f"<ul>{items}</ul>"
