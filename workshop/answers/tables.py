"""Answers by table: what each table filled in and released, and what all tables have in common."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from workshop.answers import database
from workshop.answers.handin import SHOWN, hand_in_document, read_hand_in
from workshop.answers.privacy import counts_of_pairs
from workshop.answers.store import Store
from workshop.answers.versions import Answer
from workshop.domain import kept
from workshop.domain.kept import KeptNetwork, KeptStructure, Places
from workshop.domain.network import Network, Organisation, Tie, name_key
from workshop.domain.structure import Structure
from workshop.exchange.questions import ImportProblem
from workshop.texts import Message, Problem, data_root

TRAINER = ("note.run-sheet", "note.run-clock", "note.dashboard")
"""What a trainer keeps; a laptop with nothing else is no table."""
FAR = 20_000
LIVE = "9"
"""When what stands in a work folder was made: after any file."""
LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)
SKIPPED = {database.COPIES, database.ASIDE, "lab", "log"}
"""Folders of a work folder in which nothing was handed in."""


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

    def current(self, item: str) -> list[Answer]:
        """The answers to one item that may be shown."""
        return self.by_item.get(item, [])

    def shown(self) -> list[Answer]:
        """All that may be shown."""
        return [answer for answers in self.by_item.values() for answer in answers]

    def released(self, item: str) -> list[Any]:
        """What its authors released, without saying who they are."""
        found = (answer.value for answer in self.current(item) if answer.visibility == "released")
        return sorted(found, key=str)


class TableAnswers(Answers):
    """What one table filled in; two versions in a conflict are both there, the newest first.

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
    """

    def __init__(
        self,
        room: str,
        group: str,
        answers: Iterable[Answer],
        spreads: Mapping[str, dict] | None = None,
        counts: Mapping[str, int] | None = None,
        handed_in: str = "",
    ):
        super().__init__(answers)
        self.handed_in = handed_in
        self.room = room
        self.group = group
        self.spreads = dict(spreads or {})
        self.counts = dict(counts or {})

    def answered(self, item: str) -> int:
        """How many persons answered."""
        return self.counts.get(item, 0)

    def spread(self, item: str) -> dict[Any, int] | None:
        """How often each value was given when the spread was opened; None where it was not."""
        return self.spreads.get(item)

    def values(self, item: str) -> list[Any]:
        """The table's own versions of an answer."""
        return [a.value for a in self.current(item) if a.person is None and a.visibility in SHOWN]

    def texts(self, item: str) -> list[str]:
        """The table's own versions that are text and not empty."""
        return [value for value in self.values(item) if isinstance(value, str) and value.strip()]

    def text(self, item: str) -> str:
        """The newest of `texts`; empty where there is none."""
        return next(iter(self.texts(item)), "")

    @property
    def name(self) -> str:
        """What the table calls itself."""
        return self.text("table-name") or str(Message("dashboard.nameless", group=self.group))

    @property
    def saved(self) -> datetime:
        """When the table last saved something; the year 1 where that is not known."""
        times = [answer.saved_at for answer in self.shown() if answer.saved_at]
        return datetime.fromisoformat(max(times)) if times else LONG_AGO

    @property
    def conflicts(self) -> list[str]:
        """Items of which the table has more than one version."""
        return [item for item in self.by_item if len(self.values(item)) > 1]

    def _newest(self, item: str) -> Any:
        return next(iter(self.values(item)), None)

    @cached_property
    def _network(self) -> KeptNetwork:
        return KeptNetwork.from_dict(self._newest("network"))

    @property
    def networks(self) -> list[Network]:
        """The table's network, in a list; empty where nothing is drawn."""
        return [self._network.network] if self._network.network.organisations else []

    @property
    def case(self) -> str | None:
        """Id of the shipped case that the network started from."""
        return self._network.case if self._network.case in _cases() else None

    @property
    def positions(self) -> dict[str, list[float]]:
        """Where the table put its organisations on the map; empty where no sheet could hold that."""
        found = Places.from_dict(self._newest("map")).of(self._network.network)
        across = [place[0] for place in found.values()]
        down = [place[1] for place in found.values()]
        if not found or max(map(abs, across + down)) >= FAR:
            return {}
        fits = max(down) - min(down) < 2 * (max(across) - min(across)) + 300
        return found if fits else {}

    @cached_property
    def structures(self) -> list[Structure]:
        """Who sits where, in a list; empty where nothing is kept."""
        value = self._newest("structure")
        return [KeptStructure.from_dict(value, self._network).structure] if isinstance(value, dict) else []

    def judgement(self, structure: Structure) -> dict[str, Any]:
        """What the table thought of this very structure: efficiency and inclusion to a level; empty where not given."""
        value = self._newest("structure.judgement")
        given = value.get(kept.mark(structure)) if isinstance(value, dict) else None
        return given if isinstance(given, dict) else {}

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
        self.tables = [table for table in tables if any(item not in TRAINER for item in table.by_item) or table.counts]
        self.notes = list(notes)
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
        return merge_maps([table.networks[0] for table in self.tables if table.networks])


# -- reading -----------------------------------------------------------------------------------------------------------


def read_room(*paths: str | Path) -> Room:
    """The answers of all tables in files and folders; an empty room where there are none at all.

    Parameters
    ----------
    *paths : str or Path
        Files that tables handed in, folders of such files at any depth, or work folders.

    Raises
    ------
    ImportProblem
        If there are files, and none can be read.
    """
    reading = _Reading()
    for path in map(Path, paths):
        if path.is_dir():
            reading.read_folder(path)
        else:
            reading.read_file(path)
    if not reading.tables and reading.notes and reading.files:
        raise ImportProblem(reading.notes)
    if not reading.tables and not reading.files:
        reading.notes += [Message("answers.no-files", folder=Path(path).name) for path in paths]
    return Room(reading.tables.values(), reading.notes)


class _Reading:
    """Tables as they are found; of a table that is there twice, what was made last."""

    def __init__(self) -> None:
        self.tables: dict[tuple[str, str, str], TableAnswers] = {}
        self.made: dict[tuple[str, str, str], str] = {}
        self.notes: list[Message] = []
        self.files = 0

    def read_folder(self, folder: Path) -> None:
        """A work folder, or files at any depth."""
        own = database.path_of(folder)
        if own.is_file():
            self.files += 1
            self.read_database(own)
        for path in sorted(folder.rglob("*.json")):
            if not SKIPPED & set(path.relative_to(folder).parts[:-1]) and path.is_file():
                self.read_file(path)

    def read_database(self, path: Path) -> None:
        """The tables of a work folder, as they are now."""
        try:
            with closing(database.connect(path)) as connection:
                groups = connection.execute("SELECT DISTINCT room, grp FROM answers ORDER BY room, grp").fetchall()
            for room, group in groups:
                store = Store(path, room, group)
                self.tables[store.id, room, group] = table_of(store)
                self.made[store.id, room, group] = LIVE
                store.close()
        except Problem as problem:
            self.notes.append(problem.message)
        except sqlite3.Error:
            self.notes.append(Message("answers.unreadable", file=path.name))

    def read_file(self, path: Path) -> None:
        """One file that a table handed in."""
        self.files += 1
        try:
            document = read_hand_in(path)
        except Problem as problem:
            self.notes.append(problem.message)
            return
        key = (document["store"], document["room"], document["group"])
        if not document["answers"] and not document["spreads"] and not document["answered"]:
            self.notes.append(Message("answers.nothing-in-it", file=path.name))
        if document.left_out:
            self.notes.append(Message("answers.parts_left_out", file=path.name, n=document.left_out))
        if key in self.made and self.made[key] >= document["made"]:
            if self.made[key] == LIVE:
                self.tables[key].handed_in = max(document["made"], self.tables[key].handed_in)
            else:
                self.notes.append(Message("answers.older", file=path.name))
            return
        self.made[key] = document["made"]
        group = f"{document['group']}-{document['store'][:4]}"
        self.tables[key] = TableAnswers(
            document["room"],
            group,
            document["answers"],
            document["spreads"],
            document["answered"],
            handed_in=document["made"],
        )


def table_of(store: Store) -> TableAnswers:
    """The table whose answers a store keeps: what it would hand in."""
    document = hand_in_document(store)
    answers = [
        Answer(one["item"], one["value"], None, one["visibility"], saved_at=one["saved_at"])
        for one in document["answers"]
    ]
    answers += [Answer(one["item"], one["value"], "released", "released") for one in document["released"]]
    spreads = {item: counts_of_pairs(pairs) for item, pairs in document["spreads"].items()}
    return TableAnswers(store.room, store.group, answers, spreads, document["answered"])


@dataclass(frozen=True)
class Merged:
    """Maps of several tables in one; organisations with the same name are the same, direction and kind do not count.

    Parameters
    ----------
    network : Network
        Those that most tables drew come first.
    ties, organisations : dict
        By how many tables each pair (sorted ids) and each organisation was drawn.
    tables : int
        How many tables have a map.
    """

    network: Network
    ties: dict[tuple[str, str], int]
    organisations: dict[str, int]
    tables: int

    def most_drawn(self, most: int) -> Network:
        """Only the organisations that most tables drew."""
        kept = self.network.organisations[:most]
        ids = {organisation.id for organisation in kept}
        return Network(kept, (tie for tie in self.network.ties if {tie.source, tie.target} <= ids))


def merge_maps(networks: Sequence[Network]) -> Merged:
    """See `Merged`; a table counts once for a pair, whatever it drew between the two."""
    key = cache(name_key)
    first: dict[str, Organisation] = {}
    named: Counter[str] = Counter()
    drawn: Counter[tuple[str, ...]] = Counter()
    for network in networks:
        keys = {organisation.id: key(organisation.name) for organisation in network.organisations}
        for organisation in network.organisations:
            known = first.setdefault(keys[organisation.id], organisation)
            if organisation.sector and not known.sector:
                first[keys[organisation.id]] = organisation
        named.update(dict.fromkeys(keys.values(), 1))
        drawn.update({tuple(sorted({keys[tie.source], keys[tie.target]})) for tie in network.ties})
    order = [name for name, _ in named.most_common()]
    ids = {name: f"o{number}" for number, name in enumerate(order)}
    ties = {
        (min(ids[ends[0]], ids[ends[1]]), max(ids[ends[0]], ids[ends[1]])): n
        for ends, n in drawn.most_common()
        if len(ends) == 2
    }
    people = [Organisation(ids[name], first[name].name, first[name].sector, first[name].layer) for name in order]
    together = Network(people, (Tie(*pair, strength=float(n)) for pair, n in ties.items()))
    return Merged(together, ties, {ids[name]: n for name, n in named.items()}, len(networks))


@cache
def _cases() -> frozenset[str]:
    return frozenset(path.parent.name for path in data_root().glob("cases/*/case.toml"))
