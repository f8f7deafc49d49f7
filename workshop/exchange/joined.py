"""Cells in which several names stand: asked, where the parts are names elsewhere in the file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from workshop.exchange.questions import ImportNotes, Listed
from workshop.exchange.sheets import clean_name, name_key

SURE = ("\n", ";")
"""Names do not hold these, so that one known part is enough; ``|`` is split without a question."""
DOUBTFUL = (",",)
"""Names may hold a comma: one known part is enough to ask, but only what is known is split."""
IN_NAMES = (" / ", "/", " + ", " & ", " en ", " and ", " ")
"""Names often hold these, so that all parts must be known."""
MOST_CELLS = 50_000
LONGEST = 6
"""A name with commas of its own has at most so many parts."""


@dataclass
class Joined:
    """How cells with several names are split: by which sign, and which names are known as a whole.

    `longest` is how many parts the known names have at most, for each sign.
    """

    known: set[str] = field(default_factory=set)
    signs: dict[str, str] = field(default_factory=dict)
    split: bool = False
    longest: dict[str, int] = field(default_factory=dict)

    def parts(self, text: str) -> list[str]:
        """The names in a cell: the cell itself where it is not to be split."""
        sign = self.signs.get(text) if self.split else None
        return [text] if sign is None else [part.strip() for part in self.pieces(text, sign)]

    def pieces(self, text: str, sign: str) -> list[str]:
        """The parts of a cell; parts that are a known name together stay together."""
        parts = [part for part in text.split(sign) if clean_name(part)]
        if sign not in self.longest:
            own = max((key.count(sign.strip()) for key in self.known), default=0) if sign not in IN_NAMES else 0
            self.longest[sign] = min(own + 1, LONGEST)
        found = []
        at = 0
        while at < len(parts):
            end = at + 1
            for longer in range(min(len(parts), at + self.longest[sign]), at + 1, -1):
                if name_key(sign.join(parts[at:longer])) in self.known:
                    end = longer
                    break
            found.append(sign.join(parts[at:end]))
            at = end
        return found


def find_joined(texts: Iterable[str], known: set[str], notes: ImportNotes) -> Joined:
    """Look for cells with several names, and ask whether they are to be split."""
    cells = [text for text in dict.fromkeys(texts) if text.strip()]
    if len(cells) > MOST_CELLS:
        return Joined(known)
    whole = known | whole_names(cells, known)
    joined = Joined(whole)
    sure = True
    for text in cells:
        if name_key(text) in known:
            continue
        for sign in (*SURE, *DOUBTFUL, *IN_NAMES):
            if sign not in text:
                continue
            parts = joined.pieces(text, sign)
            recognised = sum(name_key(part) in whole for part in parts)
            closed = sign == ";" and text.rstrip().endswith(sign)  # as Microsoft Forms writes the ticked answers
            if len(parts) < 2 and not closed:
                continue
            needed = len(parts) if sign in IN_NAMES else 1
            if recognised >= needed or closed:
                joined.signs[text] = sign
                sure = sure and (sign in SURE or recognised == len(parts))
                break
    if not joined.signs:
        return joined
    extend(joined, cells)
    shown = Listed(f"“{clean_name(text)}”" for text in joined.signs)
    joined.split = notes.ask("joined", ("split", "keep"), "split" if sure else "keep", cells=shown) == "split"
    return joined


def whole_names(cells: list[str], known: set[str]) -> set[str]:
    """The cells that are one name: those without a sign, and those of which no part is a name elsewhere."""
    signs = (*SURE, *DOUBTFUL)
    single = known | {name_key(text) for text in cells if not any(sign in text for sign in signs)}
    whole = set(single)
    for text in cells:
        if name_key(text) not in whole:
            parts = {name_key(part) for sign in signs if sign in text for part in text.split(sign)}
            if parts.isdisjoint(single):
                whole.add(name_key(text))
    return whole


def extend(joined: Joined, cells: list[str]) -> None:
    """Where most cells with a sign hold several names, all of them do: it is a question with boxes to tick."""
    for sign in (*SURE, *DOUBTFUL):
        having = [text for text in cells if sign in text and len(joined.pieces(text, sign)) > 1]
        if 2 * sum(joined.signs.get(text) == sign for text in having) > len(having):
            for text in having:
                joined.signs.setdefault(text, sign)
