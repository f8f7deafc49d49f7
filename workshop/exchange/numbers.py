"""Numbers as people and programs write them: decimal commas, thousands points, and what may be either."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache, partial

from workshop.exchange.cells import DATE, LONGEST_NUMBER, NOTHING, answer, denies, how_often
from workshop.exchange.columns import Columns
from workshop.exchange.questions import KEPT, ImportNotes, Listed
from workshop.exchange.sheets import Figure, Sheet, clean_name
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


class Values:
    """Reads strengths or trust; what is neither a number nor a usual word is a fault, with a way out.

    `kind` is ``"strength"`` or ``"trust"`` for a column, ``"matrix"`` for what stands between names; `denied` are texts
    that may say that there is no tie, which is asked.
    """

    def __init__(self, kind: str, texts: Sequence[str], sheet: Sheet, notes: ImportNotes):
        self.kind = kind
        self.kumu = sheet.kumu
        self.notes = notes
        self.decimal = decimal_mark(texts) or ("." if sheet.point else None)
        self.figures = False
        self.faults: list[Message] = []
        self.often: dict[str, None] = {}
        self.starred = {text for text in texts if text.strip() == "*"}
        if self.starred and not any(map(number, texts)):  # without figures a star is a cross
            self.starred = set()
        self.denied = {} if kind == "trust" else {text: clean_name(text) for text in texts if denies(text)}
        if self.denied:
            shown = Listed(dict.fromkeys(self.denied.values()))
            choices = ("denied_no", "denied_yes")
            chosen = notes.ask("denied", choices, "denied_no", advice="words", about=sheet, words=shown)
            if chosen == "denied_yes":
                self.often = dict.fromkeys(self.denied.values())

    def strength(self, text: str, place: Callable[[], Message]) -> float | None:
        """0 for no tie, 1 for yes and for words that say how often, None where nothing is known."""
        matrix = self.kind == "matrix"
        said = answer(text)
        unknown = said == "missing" or text in self.starred
        if unknown or (matrix and (said == "void" or set(text.strip()) == {"?"})):
            self.notes.spot("no_value", place())
            return None
        if not (text.strip() or matrix):
            return None
        if said in ("no", "void") or (matrix and not text.strip(NOTHING)):
            return 0.0
        if said == "yes" and number(text) is None:
            return 1.0
        if text in self.denied:
            return float(self.denied[text] in self.often)
        if how_often(text) and number(text, self.decimal) is None:
            self.often[clean_name(text)] = None
            return 1.0
        self.figures = True
        return self.figure(text, place)

    def figure(self, text: str, place: Callable[[], Message]) -> float:
        """A number of 0 or more; 1 where it is none, or where nobody can tell which."""
        shown = clean_name(text)
        decimal = self.decimal
        if decimal is None and doubtful(text):
            readings = {sign: number(text, sign) or 0 for sign in (",", ".")}
            choices = {sign: Message("import.ask.decimal_as", value=value) for sign, value in readings.items()}
            decimal = self.notes.ask("decimal", choices, value=shown)
            if not decimal:
                low, high = sorted(readings.values())
                return self.fault("doubtful", place, shown, thousands=high, decimal=low)
        value = number(text, decimal)
        if value is None:
            return self.fault("weight_date" if DATE.fullmatch(shown) else "weight", place, shown)
        return value if value >= 0 else self.fault("negative", place, shown)

    def trust(self, text: str, place: Callable[[], Message]) -> float | None:
        """Trust from 1 to 5; None where nothing is said."""
        if not text.strip() or answer(text) in ("void", "missing"):
            return None
        self.figures = True
        value = number(text)
        return value if value in (1, 2, 3, 4, 5) else self.fault("trust", place, clean_name(text))

    def fault(self, key: str, place: Callable[[], Message], value: str, **more: float) -> float:
        """One more fault; what it counts for where strength is left out on request."""
        if len(self.faults) <= KEPT:
            self.faults.append(Message(f"import.fault.{key}", place=place(), value=value, **more))
        return 1.0

    def settle(self) -> bool:
        """Whether there are figures to be kept: words are asked, faults refuse the file or are left out on request."""
        if self.faults and self.kumu:
            self.notes.summary.append(Message("import.summary.words"))
        elif self.faults:
            if not self.notes.ask(f"without.{self.kind}", ["without"], text=f"without_{self.kind}"):
                self.notes.add_faults(self.faults)
        elif self.often:
            self.notes.ask("words", ["without_words"], words=list(self.often)[:12])
        return self.figures and not self.faults and not self.often


def values_by_row(columns: Columns, kind: str, notes: ImportNotes) -> dict[int, float]:
    """The strengths of a list, or its trust, by row; where they do not count, only those rows that are no tie."""
    values = Values(kind, list(columns.texts(kind)), columns.sheet, notes)
    read = values.trust if kind == "trust" else values.strength
    found: dict[int, float] = {}
    if kind in columns.roles:
        for row, cells in columns.body:
            value = read(columns.text(cells, kind), partial(columns.place, row, kind))
            if value is not None:
                found[row] = value
    return found if values.settle() else {row: value for row, value in found.items() if value == 0}
