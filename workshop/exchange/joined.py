"""Cells in which several names stand: asked, where the parts are names elsewhere in the file."""

from __future__ import annotations

import re
from collections import defaultdict
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
BRACKETS = re.compile(r"\([^()]*\)")
BULLET = re.compile(r"\s*([•●▪◦*–-]|\d{1,2}[.)])\s+")
MOST_CELLS = 50_000
LONGEST = 6
"""A name with commas of its own has at most so many parts."""
ROUNDS = 6
"""So many times the cells are looked at, each time with the names that were found in cells with several."""


@dataclass
class Joined:
    """How cells with several names are split: by which sign, and which names are known as a whole.

    `single` are names that stand somewhere by themselves; `longest` is how many parts the known names have at most, for
    each sign.
    """

    known: set[str] = field(default_factory=set)
    single: set[str] = field(default_factory=set)
    signs: dict[str, str] = field(default_factory=dict)
    split: bool = False
    longest: dict[str, int] = field(default_factory=dict)

    def parts(self, text: str) -> list[str]:
        """The names in a cell: the cell itself where it is not to be split."""
        sign = self.signs.get(text) if self.split else None
        if sign is None:
            plain = BULLET.sub("", text, count=1)
            return [plain if self.split and name_key(plain) in self.single else text]
        return [name.strip() for part in self.pieces(text, sign) for name in self.apart(part)]

    def apart(self, part: str) -> list[str]:
        """The last part of ``CAW, VDAB en CM`` as two names, where both are known."""
        for sign in IN_NAMES[:-1]:
            names = self.pieces(part, sign)
            if name_key(part) not in self.single and self.single.issuperset(map(name_key, names)):
                return names
        return [part]

    def pieces(self, text: str, sign: str) -> list[str]:
        """The parts of a cell; parts that are a known name together stay together."""
        parts = cut(text, sign)
        if sign not in self.longest:
            own = max((key.count(sign.strip()) for key in self.known), default=0) if sign != " " else 0
            self.longest[sign] = min(own + 1, LONGEST)
        found = []
        at = 0
        while at < len(parts):
            end = at + 1
            for longer in range(min(len(parts), at + self.longest[sign]), at + 1, -1):
                whole = sign in IN_NAMES and longer - at == len(parts)
                if not whole and name_key(sign.join(parts[at:longer])) in self.known:
                    end = longer
                    break
            found.append(sign.join(parts[at:end]))
            at = end
        return found


def cut(text: str, sign: str) -> list[str]:
    """The parts of a cell, without what numbers them; between brackets nothing is cut."""
    covered = BRACKETS.sub(lambda found: found[0].replace(sign, "\0"), text)
    parts = [BULLET.sub("", part.replace("\0", sign), count=1) for part in covered.split(sign)]
    return [part for part in parts if clean_name(part)]


def find_joined(texts: Iterable[str], known: set[str], notes: ImportNotes) -> Joined:
    """Look for cells with several names, and ask whether they are to be split."""
    cells = [text for text in dict.fromkeys(texts) if text.strip()]
    if len(cells) > MOST_CELLS:
        return Joined(known)
    alone = {name_key(text) for text in cells if not any(sign in text for sign in (*SURE, *DOUBTFUL))}
    joined = look(cells, known | alone, known)
    pieces = {name_key(piece) for text, sign in joined.signs.items() for piece in joined.pieces(text, sign)}
    single = known | alone | listed_twice(cells, pieces)
    for _ in range(ROUNDS):
        joined = look(cells, single, known)
        added = set()
        for text, sign in joined.signs.items():
            parts = joined.pieces(text, sign)
            if sign in SURE or len(parts) > 2:  # "OCMW, dienst wonen" may be one name
                added |= {name_key(part) for part in parts if not any(other in part for other in IN_NAMES[:-1])}
        if added <= single:
            break
        single = single | added  # a new set: what was found keeps its own
    if not joined.signs:
        return joined
    extend(joined, cells)
    joined.signs = {text: joined.signs[text] for text in cells if text in joined.signs}
    named = known | alone | {name_key(text) for text in cells if text not in joined.signs}
    parts_of = {text: set(map(name_key, joined.pieces(text, sign))) for text, sign in joined.signs.items()}
    sure = all(joined.signs[text] in SURE or parts <= named for text, parts in parts_of.items())
    shown = Listed(f"“{clean_name(text)}”" for text in joined.signs)
    joined.split = notes.ask("joined", ("split", "keep"), "split" if sure else "keep", cells=shown) == "split"
    return joined


def look(cells: list[str], single: set[str], known: set[str]) -> Joined:
    """The cells that hold several names, as far as the names in `single` tell; `known` names are never several."""
    joined = Joined(single | whole_names(cells, single), single)
    for text in sorted(cells, key=len):
        sign = None if name_key(text) in known else sign_of(text, joined)
        if sign:
            joined.signs[text] = sign
        if sign in IN_NAMES:  # it is no name by itself, though it looked like one
            joined.known.discard(name_key(text))
            joined.single.discard(name_key(text))
    return joined


def sign_of(text: str, joined: Joined) -> str | None:
    """The sign between the names in a cell; None where it may be one name."""
    for sign in (*SURE, *DOUBTFUL, *IN_NAMES):
        if sign not in text:
            continue
        parts = joined.pieces(text, sign)
        closed = sign == ";" and text.rstrip().endswith(sign)  # as Microsoft Forms writes the ticked answers
        if len(parts) < 2 and not closed:
            continue
        recognised = sum(name_key(part) in joined.known for part in parts)
        needed = len(parts) if sign in IN_NAMES else 1
        if recognised >= needed or closed:
            return sign
    return None


def listed_twice(cells: list[str], pieces: set[str]) -> set[str]:
    """Names that stand in several cells with others, not always at one end, as a place does: CAW, Geel.

    A cell that is one of the `pieces` of others is itself a name, unless its parts begin and end other cells.
    """
    before: dict[str, set[str]] = defaultdict(set)
    after: dict[str, set[str]] = defaultdict(set)
    whole = []
    for text in cells:
        sign = next((sign for sign in (*SURE, *DOUBTFUL) if sign in text), None)
        keys = [name_key(part) for part in cut(text, sign)] if sign else []
        for key, previous, following in zip(keys, ["", *keys], [*keys[1:], ""], strict=False):
            before[key].add(previous)
            after[key].add(following)
        if keys and name_key(text) in pieces:
            whole.append(keys)
    twice = {key for key in before if len(before[key]) > 1 and len(after[key]) > 1}
    for keys in whole:
        if "" not in after[keys[0]] and "" not in before[keys[-1]]:
            twice -= set(keys)
    return twice


def whole_names(cells: list[str], single: set[str]) -> set[str]:
    """The cells with a sign that are one name: those of which no part is a name elsewhere."""
    whole = set()
    for text in cells:
        parts = {name_key(part) for sign in (*SURE, *DOUBTFUL) if sign in text for part in cut(text, sign)}
        if parts and parts.isdisjoint(single):
            whole.add(name_key(text))
    return whole


def extend(joined: Joined, cells: list[str]) -> None:
    """Where most cells with a sign hold several names, all of them do: it is a question with boxes to tick."""
    for sign in (*SURE, *DOUBTFUL):
        having = [text for text in cells if sign in text and len(joined.pieces(text, sign)) > 1]
        if 2 * sum(joined.signs.get(text) == sign for text in having) > len(having):
            for text in having:
                joined.signs.setdefault(text, sign)
