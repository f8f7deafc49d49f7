"""What tables filled in and may show: one table by itself, and all of them together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import InitVar, dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from workshop.answers.items import TRAINERS_NOTES
from workshop.answers.versions import Answer, time_of
from workshop.domain import kept
from workshop.domain.governance import case_ids
from workshop.domain.kept import KeptNetwork, KeptStructure, Places
from workshop.domain.maps import Merged, merge_maps
from workshop.domain.network import Network, name_key
from workshop.domain.structure import Structure
from workshop.texts import Message

FAR = 20_000
LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


class Answers:
    """Answers that may be shown, found by item; of what persons answered only opened spreads and released texts.

    Parameters
    ----------
    answers : iterable of Answer
        What belongs to tables, and what was released.
    """

    def __init__(self, answers: Iterable[Answer]):
        self.by_item: dict[str, list[Answer]] = {}
        for answer in answers:
            self.by_item.setdefault(answer.item, []).append(answer)

    def shown(self) -> list[Answer]:
        """All that may be shown."""
        return [answer for answers in self.by_item.values() for answer in answers]

    def released(self, item: str) -> list[Any]:
        """What its authors released, without saying who they are."""
        found = (answer.value for answer in self.by_item.get(item, []) if answer.visibility == "released")
        return sorted(found, key=str)


@dataclass(eq=False, repr=False)
class TableAnswers(Answers):
    """What one table filled in; the versions in a conflict are all there, the newest first.

    Where the newest was emptied, no other is there: see `workshop.answers.handin.shown_by`.

    Parameters
    ----------
    room, group : str
    answers : iterable of Answer
    spreads : mapping
        Item to an opened spread.
    counts : mapping of str to int
        Item to how many persons answered.
    handed_in : str
        When the newest file that it handed in was made (ISO); empty where there is none.
    apart : str
        What tells it from another table of the same name; `Room` fills it in.
    """

    room: str
    group: str
    answers: InitVar[Iterable[Answer]]
    spreads: Mapping[str, dict]
    counts: Mapping[str, int]
    handed_in: str = ""
    apart: str = field(default="", init=False)

    def __post_init__(self, answers: Iterable[Answer]):
        super().__init__(answers)

    def answered(self, item: str) -> int:
        """How many persons answered."""
        return self.counts.get(item, 0)

    def spread(self, item: str) -> dict[Any, int] | None:
        """How often each value was given when the spread was opened; None where it was not."""
        return self.spreads.get(item)

    def values(self, item: str) -> list[Any]:
        """The table's own versions of an answer."""
        return [a.value for a in self.by_item.get(item, []) if a.person is None]

    def texts(self, item: str) -> list[str]:
        """The table's own versions that are text and not empty."""
        return [value for value in self.values(item) if isinstance(value, str) and value.strip()]

    def text(self, item: str) -> str:
        """The newest of `texts`; empty where there is none."""
        return next(iter(self.texts(item)), "")

    @property
    def called(self) -> str:
        """What the table calls itself."""
        return self.text("table-name") or str(Message("dashboard.nameless", group=self.group))

    @property
    def name(self) -> str:
        """What the table is called among the others of its `Room`: its id beside it where one is called the same."""
        return f"{self.called} ({self.apart})" if self.apart else self.called

    @property
    def saved(self) -> datetime:
        """When the table last saved something; the year 1 where that is not known."""
        newest = max((time_of(answer.saved_at) for answer in self.shown()), default="")
        return datetime.fromisoformat(newest) if newest else LONG_AGO

    @property
    def conflicts(self) -> list[str]:
        """Items of which the table has more than one version; an empty text stands for one with others beside it."""
        return [item for item in self.by_item if len(self.values(item)) > 1 or "" in self.values(item)]

    def _newest(self, item: str) -> Any:
        return next(iter(self.values(item)), None)

    @cached_property
    def _network(self) -> KeptNetwork:
        return KeptNetwork.from_dict(self._newest("network"))

    @property
    def network(self) -> Network:
        """The table's network; without organisations where nothing is drawn."""
        return self._network.network

    @property
    def case(self) -> str | None:
        """Id of the shipped case that the network started from."""
        return self._network.case if self._network.case in case_ids() else None

    @property
    def positions(self) -> dict[str, list[float]]:
        """Where the table put its organisations on the map; empty where no sheet could hold that."""
        found = Places.from_dict(self._newest("map")).of(self.network)
        across = [place[0] for place in found.values()]
        down = [place[1] for place in found.values()]
        if not found or max(map(abs, across + down)) >= FAR:
            return {}
        fits = max(down) - min(down) < 2 * (max(across) - min(across)) + 300
        return found if fits else {}

    @cached_property
    def structure(self) -> Structure:
        """Who sits where; without tables where nothing is built."""
        return KeptStructure.from_dict(self._newest("structure"), self._network).structure

    def judgement(self, structure: Structure) -> Mapping[str, Any]:
        """What the table thought of this very structure: efficiency and inclusion to a level; empty where not given."""
        return kept.judgement(self._newest("structure.judgement"), structure)

    @property
    def variants(self) -> list[tuple[str, Structure]]:
        """Named variants of the structure."""
        return kept.variants(self._newest("structure.variants"), self._network)


class Room(Answers):
    """The answers of all tables.

    Parameters
    ----------
    tables : iterable of TableAnswers
    notes : sequence of Message
        What was left out or refused.
    """

    def __init__(self, tables: Iterable[TableAnswers] = (), notes: Sequence[Message] = ()):
        self.tables = [
            table for table in tables if any(item not in TRAINERS_NOTES for item in table.by_item) or table.counts
        ]
        self.notes = list(notes)
        _tell_apart(self.tables)
        super().__init__(answer for table in self.tables for answer in table.shown())

    def answered(self, item: str) -> int:
        """How many persons of all tables answered."""
        return sum(table.answered(item) for table in self.tables)

    def spread(self, item: str) -> dict[Any, int] | None:
        """The opened spreads of all tables together; None where no table opened one."""
        found: Counter = Counter()
        for table in self.tables:
            found.update(table.spread(item) or {})
        return dict(sorted(found.items(), key=lambda pair: str(pair[0]))) or None

    def texts(self, item: str) -> list[str]:
        """The newest answer of each table that is text and not empty."""
        return [table.text(item) for table in self.tables if table.text(item)]

    @cached_property
    def merged(self) -> Merged:
        """All tables' maps in one."""
        return merge_maps([table.network for table in self.tables if table.network.organisations])


def _tell_apart(tables: Sequence[TableAnswers]) -> None:
    """Note of tables of one name their groups; where these are the same too, in several rooms, also the rooms."""
    named = Counter(name_key(table.called) for table in tables)
    grouped = Counter((name_key(table.called), table.group) for table in tables)
    for table in tables:
        name = name_key(table.called)
        if named[name] == 1:
            table.apart = ""
        elif grouped[name, table.group] == 1:
            table.apart = table.group
        else:
            table.apart = f"{table.room}, {table.group}"
