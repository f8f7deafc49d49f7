"""The rule for few people: what may be shown of several people's answers together.

A live count tells on people: who watches it while a sixth person answers reads that answer. So the number of answers
moves, and a spread is opened once, as a copy that later answers do not change. It may be opened again when five other
persons answered or changed their answer, so that no difference between two spreads says what fewer than five said.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Set
from typing import Any

FEWEST = 5
"""From how many people on their unreleased answers may be counted together."""


def may_open(given: Iterable[Any], counted: Set[int]) -> bool:
    """Whether a spread may be opened: five persons whose answer (version) is not in the one that is open."""
    return sum(answer.version not in counted for answer in given) >= FEWEST


def counts_of(given: Iterable[Any]) -> str:
    """How often each value was given, as it is kept: sorted, so that the order says nothing."""
    counts = Counter(json.dumps(answer.value, sort_keys=True) for answer in given)
    return json.dumps(sorted(counts.items()))


def counts_from(kept: str) -> dict[Any, int]:
    """What `counts_of` kept, by value; a value that is no text or number stands as its JSON."""
    found = {}
    for text, n in json.loads(kept):
        value = json.loads(text)
        found[value if isinstance(value, (str, int, float)) else text] = n
    return found


def counts_of_pairs(pairs: Any) -> dict[Any, int]:
    """A spread from a file of others; ValueError, TypeError where it is none, or of fewer than five persons."""
    found: dict[Any, int] = {}
    for value, n in pairs:
        if not isinstance(n, int) or isinstance(n, bool) or not 0 < n < 1000:
            raise ValueError("no count")
        key = value if isinstance(value, str) else json.dumps(value, sort_keys=True)[:200]
        found[key[:200]] = n
    if sum(found.values()) < FEWEST:
        raise ValueError("too few")
    return found
