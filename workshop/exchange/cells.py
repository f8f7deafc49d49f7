"""What the text in one cell is: a number, a date, an address, an answer such as yes or never, or a name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

from workshop.exchange.sheets import Figure, clean_name, name_key, words

MONTH = r"(jan|feb|mrt|mar|apr|mei|may|jun|jul|aug|sep|okt|oct|nov|dec)\.?"
DATE = re.compile(
    rf"\d{{4}}-\d\d-\d\d([ T].*)?|\d{{1,2}}[-/.]\d{{1,2}}[-/.](\d{{2}}|\d{{4}})( .*)?|\d{{1,2}}[-/]\d{{1,2}}"
    rf"|\d{{1,2}}[-/ ]{MONTH}([-/ ]\d{{1,4}})?|{MONTH}[-/ ]\d{{1,4}}|\d{{1,2}}:\d\d(:\d\d)?([ap]m)?",
    re.IGNORECASE,
)
ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.\w+|(https?://|www\.)\S+", re.IGNORECASE)
TELEPHONE = re.compile(r"(\+|00?)[1-9][\d ./()-]{6,16}")
CODE = re.compile(r"\{.*\}|[0-9a-f]{8}-[0-9a-f-]{27}|uuid:.*", re.IGNORECASE | re.DOTALL)
CELL_ERROR = re.compile(r"#(REF!|N/A|N/B|NAAM\?|NAME\?|VALUE!|WAARDE!|VERW!|DIV/0!|DEEL/0!|NUM!|GETAL!|NULL!|LEEG!)")
NUMBER = re.compile(r"[+\-−–]?[\d.,'’\s]*\d([.,]\d*)?(e[+-]?\d{1,3})?\s*%?", re.IGNORECASE | re.ASCII)
LONGEST_NUMBER = 40
NOTHING = "-–—./?_ "
NO_NAME = NOTHING + "*"
ZERO = re.compile(r"0(?!\s*\S{1,3}\s*[1-9])\s*[^\d.,\s]*\s*[^\W\d]")
"""How an answer begins that explains its figure: ``"0 = nooit"``, not ``"0 tot 5 keer"``."""


def tokens(text: str) -> list[str]:
    """The words of a text: letters and figures only."""
    return re.findall(r"[^\W_]+", name_key(text))


def answer(text: str) -> str | None:
    """What a cell answers: ``"yes"``, ``"no"``, ``"void"`` (n/a), ``"missing"``, ``"total"``, ``"sum"``, or None."""
    return words("answers").get(name_key(text.rstrip(": ")))


@lru_cache(4096)
def how_often(text: str) -> bool:
    """Whether a cell says in words how often something happens: ``"enkele keren per jaar"``."""
    return not words("often").keys().isdisjoint(tokens(text))


@lru_cache(4096)
def denies(text: str) -> bool:
    """Whether a cell of several words may say that there is no tie: ``"zelden of nooit"``, ``"0 - geen"``."""
    parts = tokens(text)
    if len(parts) < 2 or answer(text) is not None:
        return False
    if ZERO.match(text.strip()):
        return True
    first, *rest = re.split("[,;()]", text)
    if answer(first) == "yes" or how_often(first) or re.search("[1-9]", first):
        parts = [*tokens(first), *map(str.strip, rest)]  # "ja, maar niet vaak" is a tie; "1 (nooit)" may be none
        for said in map(tokens, rest):
            parts += [word for word in said if said[0] in ("of", "or") or word not in ("niet", "not")]
    return any(len(part) > 1 and answer(part) == "no" for part in parts)


@lru_cache(65536)
def content(text: str) -> str:
    """What a cell holds: ``"number"``, ``"date"``, ``"address"``, ``"code"``, ``"answer"``, else ``"name"``."""
    if isinstance(text, Figure):
        return "number"
    plain = clean_name(text)
    if len(plain) > 1 and not plain.isdigit() and answer(plain) in ("yes", "no", "void"):
        return "answer"  # a single letter may be a name as well
    if DATE.fullmatch(plain):
        return "date"
    if ADDRESS.fullmatch(plain) or TELEPHONE.fullmatch(plain):
        return "address"
    if len(plain) < LONGEST_NUMBER and NUMBER.fullmatch(plain):
        return "number"
    return "code" if CODE.fullmatch(plain) else "name"


def column_content(texts: Iterable[str]) -> str:
    """What a column holds: what four fifths of its cells hold, else ``"name"``; ``""`` where it is empty."""
    held = [text for text in texts if text.strip(NO_NAME)]
    if not held:
        return ""
    kind, times = Counter(map(content, held)).most_common(1)[0]
    return kind if times >= 0.8 * len(held) else "name"


def is_value(text: str) -> bool:
    """Whether a cell may stand in a matrix."""
    return content(text) != "name" or answer(text) is not None or how_often(text)


def other_texts(texts: Iterable[str], names: set[str]) -> list[str]:
    """The texts that are neither values nor one of these names, as those are compared."""
    return [text for text in texts if not is_value(text) and name_key(text) not in names]


def crossed(texts: Sequence[str]) -> bool:
    """Whether a column holds crosses, or yes and no, and nothing else."""
    answers = set(map(answer, texts))
    return "yes" in answers and answers <= {"yes", "no", "void", "missing"}
