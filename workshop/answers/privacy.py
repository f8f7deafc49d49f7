"""What may be shown of several people's answers: the rule for few people stands here, not in the views."""

from __future__ import annotations

from collections import Counter
from typing import Any

from workshop.answers.items import item_rules
from workshop.answers.merge import Answer

FEWEST = 5
"""From how many people on their unreleased ratings may be counted together."""


class Together:
    """What may be shown of several people's answers; the rule for few people stands here and nowhere else."""

    def current(self, item: str) -> list[Answer]:
        """The answers of all persons, conflicts included, newest first for each."""
        raise NotImplementedError

    def _one_each(self, item: str) -> list[Answer]:
        given: dict[tuple, Answer] = {}
        for answer in self.current(item):
            if answer.person is not None and answer.value not in (None, "", [], {}):
                given.setdefault((answer.room, answer.group, answer.person), answer)
        return list(given.values())

    def answered(self, item: str) -> int:
        """How many persons answered."""
        return len(self._one_each(item))

    def spread(self, item: str) -> dict[Any, int] | None:
        """How often each value was given, or None while fewer than five persons answered.

        Unreleased free text is counted under ``""`` and never shown. Of several tables together, those with fewer than
        five are left out where they have fewer than five persons among them: else who lays the spread of the other
        tables beside it reads what those few answered.
        """
        given = self._one_each(item)
        at = Counter((answer.room, answer.group) for answer in given)
        few = {table for table, n in at.items() if n < FEWEST}
        if sum(at[table] for table in few) < FEWEST:
            given = [answer for answer in given if (answer.room, answer.group) not in few]
        if len(given) < FEWEST:
            return None
        counts: dict[Any, int] = {}
        for answer in given:
            value = answer.value if isinstance(answer.value, (str, int, float)) else answer.text
            if item_rules(item).text and answer.visibility != "released":
                value = ""
            counts[value] = counts.get(value, 0) + 1
        return dict(sorted(counts.items(), key=lambda pair: str(pair[0])))

    def released(self, item: str) -> list[Any]:
        """What its authors released, without saying who they are."""
        return sorted((answer.value for answer in self.current(item) if answer.visibility == "released"), key=str)
