"""What a column is for, by the words above it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import pairwise

from workshop.exchange.cells import tokens
from workshop.exchange.sheets import Sheet, clean_name, name_key, words

ENDS = ("source", "target")
NAMES = ("organisation", "label", "name", "partner", "member", "id")
"""What may hold the name of an organisation, the surest first: where organisations are named, a name is a person's."""
PERSONAL = ("name", "member")
"""Words that people write above organisations as well as above persons."""
SIDE = ("strength", "trust", "kind", "type", "direction", "sector", "layer", "lead")
NAMES_TOO = ("kind", "layer", "sector")
"""Those of `SIDE` whose words stand in names as well: Kind en Gezin, De Link."""
ASIDE = ("person", "other")
NUMBERED = re.compile(r"(.*[^\W\d_])[\s_.-]*(\d{1,3}|(?<=[\s_.-])[a-h])", re.IGNORECASE | re.DOTALL)
CODES = {"id", "code", "nr", "nummer", "number"}
LONGEST = 400
LONGEST_WORD = 60
HEADER_WITHIN = 12
"""The header is one of the first so many rows that are not blank: above it may stand a title."""
MOST_COLUMNS = 500
"""A header of a list has no more columns."""
SENTENCE = 3
"""A header of so many words may be a question."""


def parts_of(header: str) -> list[str]:
    """The words of a header, without its number, without what stands in brackets, ``LinkType`` as two words."""
    plain = re.sub(r"\(.*?\)|\[.*?\]|^\s*\d+[.)]\s|(?<=[a-z])(?=[A-Z])", " ", header[:LONGEST])
    return tokens(plain)


@cache
def role(header: str) -> str | None:
    """What a column with this header holds: ``"source"``, ``"strength"``, …; None where the header says nothing."""
    meanings = words("words")
    parts = parts_of(header)
    side = [meanings.get(part) for part in parts]
    inner = [at for at, meaning in enumerate(side) if meaning in ENDS and 0 < at < len(parts) - 1]
    core = [part for at, part in enumerate(parts) if part not in words("header_noise") and at not in inner]
    for attempt in (parts, core):
        if found := meanings.get(" ".join(attempt)):
            return found
    if "person" in side and side[0] != "organisation":
        return "person"
    if end := asked_end(parts):
        return end
    if not core:
        return next((part for part in ("id", "label", *NAMES) if part in side), None)
    of_an_end = side[0] in ENDS or side[-1] in ENDS
    for meaning in side:
        if meaning in ("type", "sector", "layer", "lead") and of_an_end:
            return "other"  # "From Type": of an organisation, not of the tie
        if meaning in SIDE:
            return meaning
    if side[-1] == "target":  # "werkt samen met"
        return "target"
    named = not {"name", "organisation", "partner", "member"}.isdisjoint(side)
    return "target" if side[0] == "target" and named else None


def asked_end(parts: Sequence[str]) -> str | None:
    """The end of a tie that a question asks for: ``"target"`` for "Met welke organisaties werk je samen?"."""
    asked = words("asked")
    for before, after in pairwise(parts):
        if asked.get(after) == "who" and asked.get(before) in ENDS:
            return asked[before]
    return None


def ends_on_end(header: str) -> bool:
    """Whether a header ends as no name does: "Werkt structureel samen met"."""
    parts = parts_of(header)
    return bool(parts) and words("asked").get(parts[-1]) in ENDS


@cache
def meaning_of(header: str) -> str | None:
    """The role of a header; that of an organisation too for a sentence such as "Voor welke organisatie werk je?"."""
    parts = parts_of(header)
    if role(header) or len(parts) < SENTENCE or any(part.isdigit() for part in parts):
        return role(header)
    meanings = {words("words").get(part) for part in parts}
    if meanings.isdisjoint((*SIDE, *ASIDE, *ENDS)):
        return next((part for part in ("organisation", "partner") if part in meanings), None)
    return None


@cache
def asks(header: str) -> bool:
    """Whether a header asks something of somebody."""
    asked = words("asked")
    own = re.findall(r"[^\W_]+", header[:LONGEST])  # in capitals these are part of a name: Ons Huis
    return "?" in header or "who" in map(asked.get, parts_of(header)) or "you" in map(asked.get, own)


@cache
def says_no_name(header: str) -> bool:
    """Whether a header of several words asks something, or holds no words but those of headers: else it is a name."""
    known = words("words").keys() | words("header_noise").keys() | words("name_noise").keys()
    return asks(header) or known.issuperset(parts_of(header))


@cache
def of_header_words(header: str) -> bool:
    """Whether a header holds nothing but words of headers: "De Bron" and "Huis van het Kind" are names as well."""
    parts = parts_of(header)
    articles = words("header_noise").keys() & words("name_noise").keys()
    known = (words("words").keys() | words("header_noise").keys()) - articles
    return known.issuperset(parts) or " ".join(parts) in words("words")


@cache
def numbered(header: str) -> tuple[str, str] | None:
    """What is numbered and its number: ``("partner", "2")`` for ``"Partner 2"``; None where nothing is."""
    found = NUMBERED.fullmatch(clean_name(header)[:LONGEST])
    meaning = role(found[1]) if found else None
    return (meaning, found[2].casefold()) if found and meaning else None


def numbers_names(header: str) -> bool:
    """Whether a header is a numbered organisation: ``"Partner 2"``, ``"NodeNumber1"``."""
    found = numbered(header)
    return found is not None and found[0] in (*NAMES, "number")


def plainness(header: str) -> tuple[bool, bool]:
    """How plainly a header says its role, to sort by: known words first, codes last."""
    return name_key(header) not in words("words"), not CODES.isdisjoint(tokens(header))


def columns_by_role(cells: Sequence[str]) -> dict[str, list[int]]:
    """The columns of each role in a header, the plainest first, and those with codes last."""
    found: dict[str, list[int]] = {}
    columns = range(min(len(cells), MOST_COLUMNS))
    for column in sorted(columns, key=lambda at: plainness(cells[at])):
        if meaning := role(cells[column]):
            found.setdefault(meaning, []).append(column)
    return found


def header_index(sheet: Sheet) -> int | None:
    """Which row is the header: the one of the first rows that says most; not a title above it."""
    best = 0
    found = None
    for index, (_, cells) in enumerate(sheet.rows[:HEADER_WITHIN]):
        cells = cells[:MOST_COLUMNS]
        roles = [role(text) for text in cells]
        if is_header(cells) and set(ENDS) <= set(roles):
            return index
        texts = [text for text in cells if text.strip()]
        if index and len(texts) == 1 and meaning_of(texts[0]) not in NAMES:
            continue  # a name in a list of one column
        if len({*ENDS, *NAMES}.intersection(roles)) == 1:
            sure = [of_header_words(text) or asked_end(parts_of(text)) or ends_on_end(text) for text in cells]
            roles = [part if plain or part not in ENDS else None for part, plain in zip(roles, sure, strict=True)]
        plain = any(role(text) and of_header_words(text) for text in cells)
        of_names = [text for text in cells if role(text) is None and meaning_of(text) is not None]
        sentences = sum(plain or says_no_name(text) for text in of_names)
        several = sum(map(numbers_names, cells))
        named = not {*ENDS, *NAMES}.isdisjoint(roles) or roles.count("person") > 1
        count = len(set(roles) - {None}) + several + sentences
        if count > best and (named or several or sentences):
            best = count
            found = index
        if len(texts) > 1:
            best = max(best, 1)  # below a row of several cells, one word is no header
    return found


def same_texts(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two rows hold the same texts, whatever their capitals and spaces."""
    return len(one) == len(other) and all(name_key(a) == name_key(b) for a, b in zip(one, other, strict=True))


def is_header(cells: Sequence[str]) -> bool:
    """Whether all cells of a row are words that stand above columns, two at least."""
    texts = [text for text in cells if text.strip()]
    if len(texts) < 2 or not all(map(heads_columns, texts)):
        return False
    roles = {role(text) for text in texts}
    return len(roles) == len(texts) and not roles.isdisjoint((*ENDS, *NAMES))


def heads_names(cells: Sequence[str]) -> bool:
    """Whether a row is one word that stands above a list of names."""
    texts = [text for text in cells if text.strip()]
    return len(texts) == 1 and heads_columns(texts[0]) and role(texts[0]) in NAMES


@lru_cache(65536)
def heads_columns(text: str) -> bool:
    """Whether a text is a word that stands above columns."""
    return len(text) < LONGEST_WORD and " ".join(tokens(text)) in words("words")
