"""Names and plain values, from whoever typed or kept them: what is not as it should be is left out, never an error."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

LONGEST = 200
"""Characters in a name."""


def clean_name(name: Any) -> str:
    """A name as it is kept: Unicode NFC, spaces collapsed, control characters left out."""
    return _clean(str(name))


@lru_cache(65_536)
def _clean(text: str) -> str:
    """As `clean_name`; the same words come back in each file and at each edit."""
    text = unicodedata.normalize("NFC", text)
    if text.isprintable():  # as most texts are
        return " ".join(text.split())
    text = "".join(
        " " if character.isspace() else character
        for character in text
        if character.isspace() or unicodedata.category(character) not in ("Cc", "Cf") or character == "\u200d"
    )
    return " ".join(text.split())


@lru_cache(65_536)
def name_key(name: str) -> str:
    """What two spellings of one name have in common: case and spaces do not count."""
    return unicodedata.normalize("NFC", clean_name(name).casefold())


def mapping(value: Any) -> Mapping[str, Any]:
    """A mapping; an empty one where it is none."""
    return value if isinstance(value, Mapping) else {}


def listed(value: Any) -> Sequence[Any]:
    """A list; an empty one where it is none."""
    return value if isinstance(value, (list, tuple)) else ()


def mappings(value: Any) -> list[Mapping[str, Any]]:
    """The mappings in a list; none where it is no list."""
    return [item for item in listed(value) if isinstance(item, Mapping)]


def word(value: Any) -> str | None:
    """A text as it is kept, at most 200 characters; None where it is no text or empty."""
    return clean_name(value)[:LONGEST] or None if isinstance(value, str) else None


def figure(value: Any, most: float) -> Any:
    """A number above 0 and at most `most`; None where it is none."""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return value if is_number and 0 < value <= most and value < 1e15 else None
