"""Numbers as people and programs write them: decimal commas, thousands points, and what may be either."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache, partial

from workshop.exchange.cells import DATE, LONGEST_NUMBER, answer, how_often
from workshop.exchange.columns import Columns
from workshop.exchange.notes import KEPT, ImportNotes
from workshop.exchange.sheets import Figure, clean_name
from workshop.texts import Message


def number(text: str, decimal: str | None = None) -> float | None:
    """A number such as ``"1.250,5"``; `decimal` marks decimals where the text alone does not say; None if none."""
    return float(text) if isinstance(text, Figure) else _number(text, decimal)


@lru_cache(4096)
def _number(text: str, decimal: str | None) -> float | None:
    if len(text) > LONGEST_NUMBER:
        return None
    if text.rstrip().endswith("%"):  # as a spreadsheet keeps it: 25% is 0.25
        share = _number(text.rstrip().removesuffix("%"), decimal)
        return None if share is None else share / 100
    plain = re.sub(r"(?<=\d)[\s'’](?=\d{3}(?!\d))", "", re.sub("^[−–]", "-", text.strip()))
    for group, point in (".,", ",."):
        grouped = re.fullmatch(rf"[+-]?\d{{1,3}}(\{group}\d{{3}})+(\{point}\d+)?", plain)
        if grouped and (decimal == point or point in plain or plain.count(group) > 1):
            plain = plain.replace(group, "").replace(point, ".")
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
    found = set()
    for text in texts:
        last = max(text.rfind(","), text.rfind("."))
        if last < 0 or isinstance(text, Figure) or doubtful(text) or number(text) is None:
            continue
        sign = text[last]
        if text.count(sign) > 1:  # a sign that stands twice parts thousands
            sign = "," if sign == "." else "."
        found.add(sign)
    return found.pop() if len(found) == 1 else None


def strength(text: str, decimal: str | None, at: Callable[[], Message], notes: ImportNotes) -> float | Message:
    """A strength of 0 or more, or what is wrong with it."""
    shown = clean_name(text)
    if decimal is None and doubtful(text):
        readings = {sign: number(text, sign) or 0 for sign in (",", ".")}
        choices = {sign: Message("import.ask.decimal_as", value=value) for sign, value in readings.items()}
        decimal = notes.ask("decimal", Message("import.ask.decimal", value=shown), choices)
        if not decimal:
            low, high = sorted(readings.values())
            return Message("import.fault.doubtful", place=at(), value=shown, thousands=high, decimal=low)
    value = number(text, decimal)
    if value is None:
        key = "weight_date" if DATE.fullmatch(shown) else "weight"
        return Message(f"import.fault.{key}", place=at(), value=shown)
    return value if value >= 0 else Message("import.fault.negative", place=at(), value=shown)


def strengths(columns: Columns, notes: ImportNotes) -> dict[int, float]:
    """The strengths of a list by row: 0 for words that say "no tie"; asked where they are words."""
    if "strength" not in columns.roles:
        return {}
    found: dict[int, float] = {}
    faults: list[Message] = []
    often: dict[str, None] = {}
    decimal = decimal_mark(columns.texts("strength")) or ("." if columns.sheet.point else None)
    for row, cells in columns.body:
        text = columns.text(cells, "strength")
        if not text.strip():
            continue
        said = answer(text)
        if said in ("no", "void"):
            found[row] = 0
        elif said == "missing":
            notes.spot("no_value", columns.place(row, "strength"))
        elif how_often(text) and number(text, decimal) is None:
            often[text] = None
        else:
            read = strength(text, decimal, partial(columns.place, row, "strength"), notes)
            if not isinstance(read, Message):
                found[row] = read
            elif len(faults) <= KEPT:
                faults.append(read)
    zeros = {row: value for row, value in found.items() if value == 0}
    if faults and columns.sheet.kumu:
        notes.summary.append(Message("import.summary.words"))
    elif faults:
        if notes.ask("without.strength", Message("import.ask.without_strength"), ["without"]):
            return zeros
        notes.add_faults(faults)
    elif often:
        ask_words(often, notes)
        return zeros
    return found


def ask_words(often: Iterable[str], notes: ImportNotes) -> None:
    """Ask whether words such as "wekelijks" may be read as ties without a strength."""
    shown = list(dict.fromkeys(map(clean_name, often)))
    notes.ask("words", Message("import.ask.words", words=shown[:12]), ["without_words"], advice="words")


def trusts(columns: Columns, notes: ImportNotes) -> dict[int, int]:
    """Trust from 1 to 5 by row; what is none is a fault, unless the column is left out on request."""
    if "trust" not in columns.roles:
        return {}
    found: dict[int, int] = {}
    faults: list[Message] = []
    for row, cells in columns.body:
        text = columns.text(cells, "trust")
        if not text.strip() or answer(text) in ("void", "missing"):
            continue
        value = number(text)
        if value in (1, 2, 3, 4, 5):
            found[row] = int(value)
        elif len(faults) <= KEPT:
            place = columns.place(row, "trust")
            faults.append(Message("import.fault.trust", place=place, value=clean_name(text)))
    if faults and notes.ask("without.trust", Message("import.ask.without_trust"), ["without"]):
        return {}
    notes.add_faults(faults)
    return found
