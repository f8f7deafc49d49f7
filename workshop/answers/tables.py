"""Answers by table: what each table filled in and released, and what all tables have in common."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any

from workshop.answers.log import Store
from workshop.answers.merge import Answer, shown_heads
from workshop.answers.privacy import Together
from workshop.answers.reading import read_answers
from workshop.domain.edit import structure_for
from workshop.domain.network import Network, Organisation, Tie, clean_name, name_key
from workshop.domain.structure import Structure
from workshop.exchange.questions import ImportProblem
from workshop.texts import Message, data_root

SHOWN = ("group", "released")
HAND_IN = "note.hand-in"
"""The item that tells one table's hand-in from another's; laptops apart all call their table the same."""
TRAINER = ("note.run-sheet", "note.dashboard")
"""What a trainer keeps; a laptop with nothing else is no table."""
FAR = 20_000
_BROKEN = (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError)


class Answers(Together):
    """Answers that count, found by item; what is private shows only through `spread`.

    Parameters
    ----------
    answers : iterable of Answer
    """

    def __init__(self, answers: Iterable[Answer]):
        self.by_item: dict[str, list[Answer]] = {}
        for answer in answers:
            self.by_item.setdefault(answer.item, []).append(answer)

    def current(self, item: str) -> list[Answer]:
        """The answers of all persons and tables to one item."""
        return self.by_item.get(item, [])

    def shown(self) -> list[Answer]:
        """All that anybody may read: what belongs to a table, and what was released."""
        return [a for answers in self.by_item.values() for a in answers if a.visibility in SHOWN]


class TableAnswers(Answers):
    """What one table filled in; two versions that were saved at once are both there, the newest first."""

    def __init__(self, room: str, group: str, answers: Iterable[Answer]):
        super().__init__(answers)
        self.room, self.group = room, group

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
    def saved(self) -> Answer:
        """The answer that was saved last."""
        return max((a for answers in self.by_item.values() for a in answers), key=lambda answer: answer.time)

    @property
    def conflicts(self) -> list[str]:
        """Items of which the table has more than one version."""
        return [item for item in self.by_item if len(self.values(item)) > 1]

    @cached_property
    def networks(self) -> list[Network]:
        """The table's network; none, or several in a conflict."""
        found = (_read(_network, value) for value in self.values("network"))
        return [network for network in found if network and network.organisations]

    @property
    def case(self) -> str | None:
        """Id of the shipped case that the network started from."""
        kept = next((value for value in self.values("network") if isinstance(value, dict)), {}).get("case")
        return kept if isinstance(kept, str) and kept in _cases() else None

    @property
    def positions(self) -> dict[str, tuple[float, float]]:
        """Where the table put its organisations on the map; empty where no sheet could hold that."""
        kept: Any = next(
            (value["positions"] for value in self.values("map") if _read(lambda v: v["positions"], value)), {}
        )
        found = _read(lambda spots: {str(id): (float(x), float(y)) for id, (x, y) in spots.items()}, kept) or {}
        across, down = zip(*found.values(), strict=True) if found else ((0.0,), (0.0,))
        fits = (
            all(abs(at) < FAR for at in (*across, *down))
            and max(down) - min(down) < 2 * (max(across) - min(across)) + 300
        )
        return found if fits else {}

    @cached_property
    def structures(self) -> list[Structure]:
        """Who sits where; none, or several in a conflict."""
        network = next(iter(self.networks), Network())
        found = (
            _read(lambda value: structure_for(network, Structure.from_dict(value)), v) for v in self.values("structure")
        )
        return [structure for structure in found if structure]

    @property
    def variants(self) -> list[tuple[str, Structure]]:
        """Named variants of the structure."""
        network = next(iter(self.networks), Network())
        kept = next((value for value in self.values("structure.variants") if isinstance(value, list)), [])
        found = (
            _read(lambda v: (str(v["name"]), structure_for(network, Structure.from_dict(v["structure"]))), one)
            for one in kept
        )
        return [variant for variant in found if variant]


class Room(Answers):
    """The answers of all tables.

    Parameters
    ----------
    answers : iterable of Answer
    notes : sequence of Message
        What was set aside, counted once, brought up to date or refused.
    """

    def __init__(self, answers: Iterable[Answer] = (), notes: Sequence[Message] = ()):
        by_table: dict[tuple[str, str], list[Answer]] = {}
        for answer in answers:
            by_table.setdefault((answer.room, answer.group), []).append(answer)
        tables = [
            TableAnswers(*key, found) for key, found in by_table.items() if any(a.item not in TRAINER for a in found)
        ]
        copies = {(table.room, f"{table.group}-{table.text(HAND_IN)}") for table in tables if table.text(HAND_IN)}
        self.tables = [table for table in tables if (table.room, table.group) not in copies]
        self.notes = list(notes)
        super().__init__(a for table in self.tables for answers in table.by_item.values() for a in answers)

    def texts(self, item: str) -> list[str]:
        """The newest answer of each table that is text and not empty."""
        newest: dict[str, str] = {}
        for a in self.current(item):
            if a.person is None and a.visibility in SHOWN and isinstance(a.value, str) and a.value.strip():
                newest.setdefault(f"{a.room}/{a.group}", a.value)
        return list(newest.values())

    @cached_property
    def merged(self) -> Merged:
        """All tables' maps in one."""
        return merge_maps([table.networks[0] for table in self.tables if table.networks])


def read_room(*paths: str | Path) -> Room:
    """The answers of all tables in files and folders; an empty room where there are none at all.

    Parameters
    ----------
    *paths : str or Path
        Files that tables handed in, folders of such files, folders of tables or of whole rooms.

    Raises
    ------
    ImportProblem
        If there are files, and none can be read.
    """
    try:
        reading = read_answers(*paths)
    except ImportProblem as problem:
        if all(fault.key == "answers.no-files" for fault in problem.faults):
            return Room(notes=problem.faults)
        raise
    return Room(reading.answers, reading.notes)


def table_of(store: Store) -> TableAnswers:
    """The table whose answers a store keeps."""
    heads = [head for records in store.everything() for head in shown_heads(records)]
    return TableAnswers(store.room, store.group, heads)


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


# -- what others hand in may be anything ---------------------------------------------------------------------------


def _read(make: Any, value: Any) -> Any:
    try:
        return make(value)
    except _BROKEN:
        return None


def _word(value: Any) -> str | None:
    return _clean(value) or None if isinstance(value, str) else None


@lru_cache(10_000)
def _clean(value: str) -> str:
    return clean_name(value)[:200]


def _figure(value: Any) -> Any:
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _network(value: Any) -> Network:
    kept = value["network"]
    people = [
        Organisation(str(o["id"]), _word(o["name"]) or "?", _word(o.get("sector")), _word(o.get("layer")))
        for o in kept.get("organisations", ())
    ]
    ties = [
        Tie(
            str(t["source"]),
            str(t["target"]),
            _word(t.get("kind")),
            _figure(t.get("strength")),
            _figure(t.get("trust")),
        )
        for t in kept.get("ties", ())
    ]
    return Network(people, ties, bool(kept.get("directed")))


@cache
def _cases() -> frozenset[str]:
    return frozenset(path.parent.name for path in data_root().glob("cases/*/case.toml"))
