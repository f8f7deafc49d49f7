"""What the field knows, read from ``data/``: sectors, partners, forms, parts, tasks, words, sources, law, cases.

Everything comes back as plain values in the language in force at the time of the call: a text in two languages becomes
one, the columns ``name_nl`` and ``name_en`` become ``name``, the columns ``nl`` and ``en`` become ``label``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from workshop.domain.network import Network, name_key
from workshop.domain.structure import Structure
from workshop.texts import Message, data_root, load, localise, message_keys, pick

POVERTY = "poverty-association"


def table(name: str, part: str | None = None) -> Any:
    """A file of ``data/`` in the language in force.

    Parameters
    ----------
    name : str
        Path under ``data/``, with its ending, as for `workshop.texts.load`.
    part : str, optional
        Only what stands under this key.

    Returns
    -------
    dict or list
        A TOML file is a dict, a CSV file a list of dicts.
    """
    return localise(load(name)[part] if part else load(name))


sectors = partial(table, "sectors.csv")
"""The sectors of a GBO: ``id``, ``label``, ``usual`` (yes or no)."""
partner_list = partial(table, "partners.csv")
"""Kinds of partners of a Flemish GBO: ``id``, ``name``, ``sector``, ``layer``."""


def missing_sectors(present: Iterable[str]) -> tuple[str, ...]:
    """Usual sectors that are not among those present; none where the group uses words of its own only."""
    found, usual = set(present), {row["id"]: row["usual"] == "yes" for row in load("sectors.csv")}
    return () if found.isdisjoint(usual) else tuple(id for id in usual if usual[id] and id not in found)


def sector_of(name: str) -> str | None:
    """The sector of a name that begins as names of a sector do (``begins`` in ``data/sectors.csv``); None where unsure.

    Examples
    --------
    >>> sector_of("OCMW Westrand"), sector_of("De Brug")
    ('local-authority', None)
    """
    key = name_key(name)
    found = [(begin, id) for begin, id in _begins() if key.startswith(begin) and not key[len(begin) :][:1].isalnum()]
    return max(found, key=lambda one: len(one[0]))[1] if found else None


@cache
def _begins() -> tuple[tuple[str, str], ...]:
    rows = load("sectors.csv")
    return tuple((name_key(word), row["id"]) for row in rows for word in row["begins"].split("|") if word.strip())


def sector_label(value: str | None) -> str:
    """Name of a sector: of an id as the list has it, of a group's own words as they are."""
    if not value:
        return str(Message("sector.unknown"))
    return next((pick(row) for row in load("sectors.csv") if row["id"] == value), value)


@dataclass(frozen=True)
class SectorName:
    """A sector in a `Message`: named when the sentence is shown, in the language then in force."""

    id: str

    def __str__(self) -> str:
        return sector_label(self.id)


tie_kinds = partial(table, "tie_kinds.toml", "kind")
"""The kinds of ties that the map offers: ``id``, ``label``, ``dash``, ``colour``."""


def kind_label(value: str | None) -> str:
    """Name of a kind of tie: of an id as the list has it, of a group's own words as they are."""
    kinds = load("tie_kinds.toml")
    if not value:
        return pick(kinds["unsaid"])
    return next((pick(row) for row in kinds["kind"] if row["id"] == value), value)


def layer_label(value: str | None) -> str:
    """Name of a layer of a GBO; another word as it is."""
    key = f"layer.{value or 'unknown'}"
    return str(Message(key)) if key in message_keys() else str(value)


def forms() -> dict[str, Any]:
    """The three forms of network governance (Provan & Kenis 2008), as ideal types.

    ``form``: ``id``, ``name``, ``short``, ``text``; ``tension``: ``id``, ``name`` and one text for each form; texts
    ``about``, ``hypothesis``, ``hybrid``.
    """
    return table("forms.toml")


def parts() -> dict[str, Any]:
    """The four parts of a structure: ``part`` (``id``, ``name``, ``short``, ``tasks``), ``about``."""
    return table("parts.toml")


def glossary() -> list[dict[str, str]]:
    """Words explained: ``id``, ``term``, ``definition``; sorted by term in the language in force."""
    return sorted(table("glossary.csv"), key=lambda row: row["term"].casefold())


def cite(id: str) -> str:
    """A source in a few words, as in "Span e.a. (2012)"; KeyError if unknown."""
    return {row["id"]: pick(row, "short") for row in load("sources.csv")}[id]


def unread(id: str) -> str:
    """How the kit knows a source that it did not read, such as from general knowledge; empty if it read any of it."""
    return {row["id"]: pick(row, "known") for row in load("sources.csv")}[id]


def law() -> dict[str, Message]:
    """Sentences on law by id, each with where it stands; most of those pages carry no date."""
    rows = load("law.toml")["sentence"]
    return {row["id"]: Message("law.says", sentence=pick(row), where=pick(row["where"])) for row in rows}


@dataclass(frozen=True)
class Case:
    """A network to work with when a table has none of its own.

    Parameters
    ----------
    id, title, story, hints : str
        Name of the folder in ``data/cases``; what people read, look at and talk about, in the language in force.
    fictional, source : bool, str
        Whether it is made up; id of the source.
    network, structure, lead : Network, Structure, str
        Structure and id of the lead organisation are None where they are not known.
    places : mapping
        Where each organisation stands in a still picture; empty: wherever the picture puts it.
    """

    id: str
    title: str
    story: str
    fictional: bool
    lead: str | None
    network: Network
    structure: Structure | None
    hints: tuple[str, ...]
    source: str
    places: Mapping[str, Sequence[float]]

    @property
    def mark(self) -> Message:
        """The sentence that must stand beside the case: made up, or real with its source."""
        return Message("case.fictional") if self.fictional else Message("case.real", source=cite(self.source))


def case(id: str) -> Case:
    """One case from ``data/cases``; ValueError, with the ids that there are, where there is none."""
    folder = f"cases/{id}"
    if not (data_root() / folder / "case.toml").is_file():
        raise ValueError(f"case {id!r}: choose one of {', '.join(case_ids())}")
    about = table(f"{folder}/case.toml")
    network = read_network(folder, about.get("directed", False))
    structure = None
    if (data_root() / folder / "structure.toml").is_file():
        plain = table(f"{folder}/structure.toml")
        structure = Structure.from_dict({**plain, "tables": plain["table"]}, network.organisations)
    return Case(
        id=id,
        lead=about.get("lead"),
        places=about.get("place", {}),
        network=network,
        structure=structure,
        hints=tuple(about.get("hint", ())),
        **{field: about[field] for field in ("title", "story", "fictional", "source")},
    )


def read_network(folder: str, directed: bool) -> Network:
    """The network of a folder of ``data/``: its ``organisations.csv`` and ``ties.csv``."""
    people, ties = (_filled(f"{folder}/{name}.csv") for name in ("organisations", "ties"))
    return Network.from_dict({"organisations": people, "ties": ties, "directed": directed})


def _filled(name: str) -> list[dict[str, Any]]:
    """Rows of a CSV file without their empty cells, numbers as numbers."""
    read: dict[str, Callable[[str], Any]] = {"strength": lambda text: float(text.replace(",", ".")), "trust": int}
    return [{field: read.get(field, str)(text) for field, text in row.items() if text} for row in load(name)]


def case_ids() -> list[str]:
    """Ids of the cases, sorted."""
    return sorted(path.parent.name for path in (data_root() / "cases").glob("*/case.toml"))


def cases() -> tuple[Case, ...]:
    """All cases, the smallest first."""
    return tuple(sorted(map(case, case_ids()), key=lambda item: len(item.network.organisations)))
