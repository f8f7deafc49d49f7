"""Numbers as people and programs write them: decimal commas, thousands points, and what may be either."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from workshop.exchange.questions import Notebook
from workshop.exchange.sheets import DATE, Figure, clean_name
from workshop.exchange.tables import Table
from workshop.texts import Message


def number(text: str, mark: str | None = None) -> float | None:
    """A number such as ``"1.250,5"``; `mark` says what marks decimals where the text alone does not; None if none."""
    return float(text) if isinstance(text, Figure) else _number(text, mark)


@lru_cache(4096)
def _number(text: str, mark: str | None) -> float | None:
    plain = re.sub(r"(?<=\d)[\s'’](?=\d{3}(?!\d))", "", re.sub("^[−–]", "-", text.strip()))
    for group, decimal in (".,", ",."):
        grouped = re.fullmatch(rf"[+-]?\d{{1,3}}(\{group}\d{{3}})+(\{decimal}\d+)?", plain)
        if grouped and (mark == decimal or decimal in plain or plain.count(group) > 1):
            plain = plain.replace(group, "").replace(decimal, ".")
            break
    else:
        plain = plain.replace(",", ".")
    if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?", plain, re.IGNORECASE | re.ASCII):
        return None
    value = float(plain)
    return value if abs(value) < float("inf") else None


def doubtful(text: str) -> bool:
    """Whether a text may be a thousand or a fraction: ``"1.250"``."""
    return not isinstance(text, Figure) and bool(re.fullmatch(r"[+-]?[1-9]\d{0,2}[.,]\d{3}", text.strip()))


def decimal_mark(texts: Iterable[str]) -> str | None:
    """What marks decimals in a column, where its texts leave no doubt."""
    marks = set()
    for text in texts:
        last = max(text.rfind(","), text.rfind("."))
        if last >= 0 and not isinstance(text, Figure) and not doubtful(text) and number(text) is not None:
            marks.add(text[last] if text.count(text[last]) == 1 else ".,"[text[last] == "."])
    return marks.pop() if len(marks) == 1 else None


def strength(text: str, mark: str | None, place: Message, notebook: Notebook) -> float | Message:
    """A strength of 0 or more, or what is wrong with it."""
    shown = clean_name(text)
    if mark is None and doubtful(text):
        readings = {sign: number(text, sign) or 0 for sign in (",", ".")}
        choices = {sign: Message("import.ask.decimal_as", value=value) for sign, value in readings.items()}
        mark = notebook.ask("decimal", Message("import.ask.decimal", value=shown), choices)
        if not mark:
            low, high = sorted(readings.values())
            return Message("import.fault.doubtful", place=place, value=shown, thousands=high, decimal=low)
    value = number(text, mark)
    if value is None:
        key = "weight_date" if DATE.fullmatch(shown) else "weight"
        return Message(f"import.fault.{key}", place=place, value=shown)
    return value if value >= 0 else Message("import.fault.negative", place=place, value=shown)


def figures(table: Table, part: str, notebook: Notebook) -> dict[int, float]:
    """The numbers of a column by row; what is none is a fault, unless the column is left out on request."""
    found: dict[int, float] = {}
    faults = []
    mark = decimal_mark(table.texts(part)) or ("." if table.sheet.point else None)
    for row, cells in table.body:
        text = table.text(cells, part)
        if not text.strip():
            continue
        place = table.place(row, part)
        read: float | Message = strength(text, mark, place, notebook) if part == "strength" else number(text) or 0.0
        if part == "trust" and read not in (1, 2, 3, 4, 5):
            read = Message("import.fault.trust", place=place, value=clean_name(text))
        if isinstance(read, Message):
            faults.append(read)
        else:
            found[row] = read
    if faults and part == "strength" and table.sheet.kumu:
        notebook.summary.append(Message("import.summary.words"))
    elif faults:
        if notebook.ask(f"without.{part}", Message(f"import.ask.without_{part}"), ["without"]):
            return {row: value for row, value in found.items() if value == 0}
        notebook.faults += faults
    return found
