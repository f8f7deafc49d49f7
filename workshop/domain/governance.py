"""What the field knows, read from ``data/``: sectors, partners, forms, parts, tasks, words, sources, law, cases.

Everything comes back as plain values in the language in force at the time of the call: a text in two languages becomes
one, the columns ``name_nl`` and ``name_en`` become ``name``, the columns ``nl`` and ``en`` become ``label``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workshop.domain.network import Network, Organisation, Tie
from workshop.domain.structure import Structure, Table
from workshop.texts import Message, data_root, load, message_keys, pick


def localise(value: Any) -> Any:
    """A value as loaded from ``data/``, its texts in the language in force.

    Parameters
    ----------
    value : dict, list, tuple or plain value
        A mapping with nothing but ``nl`` and ``en`` becomes its text.
    """
    if isinstance(value, Mapping):
        if value.keys() <= {"nl", "en"}:
            return pick(value)
        found: dict[str, Any] = {}
        for key, entry in value.items():
            if key == "nl":
                found["label"] = pick(value)
            elif key.endswith("_nl"):
                found[key[:-3]] = pick(value, key[:-3])
            elif key != "en" and not key.endswith("_en"):
                found[key] = localise(entry)
        return found
    return [localise(entry) for entry in value] if isinstance(value, (list, tuple)) else value


def _named(name: str, id: str) -> dict[str, Any]:
    found = next((row for row in load(name) if row["id"] == id), None)
    if found is None:
        raise KeyError(f"{name} has no {id!r}")
    return localise(found)


def sectors() -> list[dict[str, str]]:
    """The sectors of a GBO: ``id``, ``label``, ``usual`` (yes or no)."""
    return localise(load("sectors.csv"))


def usual_sectors() -> tuple[str, ...]:
    """Ids of the sectors that most GBO networks have."""
    return tuple(row["id"] for row in load("sectors.csv") if row["usual"] == "yes")


def sector_label(value: str | None) -> str:
    """Name of a sector: of an id as the list has it, of a group's own words as they are."""
    if not value:
        return str(Message("sector.unknown"))
    return next((pick(row) for row in load("sectors.csv") if row["id"] == value), value)


def _label(prefix: str, value: str | None, unknown: str) -> str:
    key = f"{prefix}.{value or unknown}"
    return str(Message(key)) if key in message_keys() else str(value)


def kind_label(value: str | None) -> str:
    """Name of a kind of tie; a group's own kind as it is."""
    return _label("kind", value, "none")


def layer_label(value: str | None) -> str:
    """Name of a layer of a GBO."""
    return _label("layer", value, "unknown")


def partner_list() -> list[dict[str, str]]:
    """Kinds of partners of a Flemish GBO: ``id``, ``name``, ``sector``, ``layer``."""
    return localise(load("partners.csv"))


def forms() -> dict[str, Any]:
    """The three forms of network governance (Provan & Kenis 2008), as ideal types.

    Returns
    -------
    dict
        ``form``: ``id``, ``name``, ``short``, ``text``; ``criterion`` (the fit table) and ``tension``: ``id``, ``name``
        and one text for each form; ``inception``, ``stage``; texts ``about``, ``hypothesis``, ``hybrid``.
    """
    return localise(load("forms.toml"))


def parts() -> dict[str, Any]:
    """The four parts of a structure: ``part`` (``id``, ``name``, ``short``, ``tasks``), ``balance``, ``about``."""
    return localise(load("parts.toml"))


def opening() -> dict[str, Any]:
    """The opening question: ``question`` (on paper, in practice) and ``option`` (``id``, ``name``, ``text``)."""
    return localise(load("opening.toml"))


def reflections() -> list[dict[str, Any]]:
    """Questions of both rounds: ``id`` (of the answer item), ``round``, ``question``, ``help``."""
    return localise(load("reflections.toml")["question"])


def reflection_steps(round: int) -> list[dict[str, Any]]:
    """The steps of one round (alone, pair, table): ``id``, ``minutes``, ``title``, ``text``, ``questions``."""
    steps = localise(load("reflections.toml")["step"])
    for step in steps:
        item = f"reflection-table.{round}" if step["id"] == "table" else f"reflection.{round}.{step['id']}"
        together = [{"id": item, "round": round, "question": step.get("question")}]
        alone = [question for question in reflections() if question["round"] == round]
        step["questions"] = alone if step["id"] == "alone" else together
    return steps


def situations() -> list[dict[str, Any]]:
    """Situations of a coordinator: ``id``, ``core``, ``title``, ``text``, ``trainer`` (what the trainer may say)."""
    return localise(load("situations.toml")["situation"])


def task(id: str) -> dict[str, Any]:
    """A task in which each row gets one column.

    Parameters
    ----------
    id : str
        Name of a file in ``data/tasks``.

    Returns
    -------
    dict
        ``id``, ``core``, ``title``, ``instruction``; ``columns``: ``id``, ``label``; ``rows``: ``id``, ``label``,
        ``key`` (column ids; empty: no right answer, talk about it), ``feedback``, ``source``.

    Raises
    ------
    FileNotFoundError
        If there is no such task.
    """
    return localise(load(f"tasks/{id}.toml"))


def tasks() -> tuple[str, ...]:
    """Ids of all tasks."""
    return tuple(sorted(path.stem for path in (data_root() / "tasks").glob("*.toml")))


def glossary() -> list[dict[str, str]]:
    """Words explained: ``id``, ``term``, ``definition``; sorted by term in the language in force."""
    return sorted(localise(load("glossary.csv")), key=lambda row: row["term"].casefold())


def source(id: str) -> dict[str, str]:
    """A source: ``id``, ``short``, ``full``, ``uncertain`` and ``url`` (both may be empty); KeyError if unknown."""
    return _named("sources.csv", id)


def cite(id: str) -> str:
    """A source in a few words, as in "Span e.a. (2012)"."""
    return source(id)["short"]


def slides() -> list[dict[str, str]]:
    """Where each slide of the seed has its place: ``id``, ``place`` (notebook), ``cell`` (id of its cell)."""
    return localise(load("slides.csv"))


def law() -> dict[str, Message]:
    """Sentences on law by id, each with the date on which it was true."""
    return {
        row["id"]: Message("law.dated", sentence=pick(row), date=row["as_of"].strftime("%d/%m/%Y"))
        for row in load("law.toml")["sentence"]
    }


@dataclass(frozen=True)
class Case:
    """A network to work with when a table has none of its own.

    Parameters
    ----------
    id, title, story : str
        Name of the folder in ``data/cases``; what people read, in the language in force.
    fictional : bool
        Whether municipalities and organisations are made up.
    lead : str or None
        Id of the lead organisation.
    network : Network
        Organisations and ties.
    structure : Structure or None
        Tables and who sits at them; None where it is not known.
    hints : tuple of str
        What to look at and talk about.
    source : str
        Id of the source.
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

    @property
    def mark(self) -> Message:
        """The sentence that must stand beside the case: made up, or real with its source."""
        return Message("case.fictional") if self.fictional else Message("case.real", source=cite(self.source))


def case(id: str) -> Case:
    """One case from ``data/cases``; FileNotFoundError where there is none."""
    folder = f"cases/{id}"
    about = localise(load(f"{folder}/case.toml"))
    people = tuple(
        Organisation(row["id"], row["name"], row["sector"] or None, row["layer"] or None)
        for row in load(f"{folder}/organisations.csv")
    )
    ties = (_tie(row) for row in load(f"{folder}/ties.csv"))
    structure = None
    if (data_root() / folder / "structure.toml").is_file():
        plain = localise(load(f"{folder}/structure.toml"))
        tables = (Table(item["kind"], item.get("theme"), item["seats"]) for item in plain["table"])
        structure = Structure(people, tuple(tables), plain.get("lead"), plain.get("coordinator"))
    return Case(
        id=id,
        title=about["title"],
        story=about["story"],
        fictional=about["fictional"],
        lead=about.get("lead"),
        network=Network(people, ties, about.get("directed", False)),
        structure=structure,
        hints=tuple(about.get("hint", ())),
        source=about["source"],
    )


def _tie(row: Mapping[str, str]) -> Tie:
    strength = float(row["strength"].replace(",", ".")) if row["strength"] else None
    return Tie(row["source"], row["target"], row["kind"] or None, strength, int(row["trust"]) if row["trust"] else None)


def cases() -> tuple[Case, ...]:
    """All cases, the smallest first."""
    found = (case(path.parent.name) for path in (data_root() / "cases").glob("*/case.toml"))
    return tuple(sorted(found, key=lambda item: len(item.network.organisations)))


def fallback_case() -> Case:
    """The case for tables without a network of their own."""
    return next(item for item in cases() if load(f"cases/{item.id}/case.toml").get("fallback"))
