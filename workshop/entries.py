"""What an entry of a browser's outbox does: edits by id, applied to the newest value, each with a sentence.

An entry says what to ``do`` and names organisations, ties and tables by their ids, so that it means the same whatever
other pages did meanwhile. See CONTRIBUTING for the list.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from workshop.answers.boxes import Entry, Result
from workshop.answers.change import Change
from workshop.domain import edit, governance
from workshop.domain.kept import KeptNetwork, KeptStructure, Places, hidden_kinds, position, positions
from workshop.domain.maps import add_ties, change_tie, set_directed
from workshop.domain.network import Network, name_key
from workshop.domain.structure import TABLE_KINDS, Structure
from workshop.texts import Message, Problem

LONGEST_TEXT = 20_000
DEEPEST_PATH = 4


def apply(change: Change, entry: Entry) -> Result:
    """Do what an entry says, inside a transaction.

    Raises
    ------
    Problem
        If it cannot be done; nothing is written then.
    ValueError, TypeError, KeyError
        If the browser sent something that makes no sense.
    """
    do = entry.what.get("do")
    act = ACTS.get((entry.item, do)) or ACTS.get(("", do))
    if act is None:
        raise ValueError(f"nothing known as {do!r} for {entry.item!r}")
    return act(change, entry)


# -- answers -----------------------------------------------------------------------------------------------------------


def _text(change: Change, entry: Entry) -> Result:
    text = _string(entry, "text")[:LONGEST_TEXT]
    version = change.write_text(entry.item, text, entry.person, entry.base)
    return Result(entry.n, "done", version=version)


def _choose(change: Change, entry: Entry) -> Result:
    text = _string(entry, "text")[:LONGEST_TEXT]
    return Result(entry.n, "done", version=change.choose(entry.item, text, entry.person))


def _put(change: Change, entry: Entry) -> Result:
    value = entry.what.get("value")
    before = change.newest(entry.item, entry.person)
    theirs = before is not None and before.version != entry.base and before.box not in ("", change.box)
    version = change.write(entry.item, value, entry.person)
    said = Message("outbox.chosen_meanwhile") if theirs and before and before.value != value else None
    return Result(entry.n, "done", said, version)


def _set(change: Change, entry: Entry) -> Result:
    """Set one part of a value that has parts, such as the judgement of one structure."""
    path = entry.what.get("path")
    if not isinstance(path, list) or not 0 < len(path) <= DEEPEST_PATH:
        raise ValueError("a part has a path")
    kept = change.read(entry.item, entry.person)
    whole: dict[str, Any] = dict(kept) if isinstance(kept, Mapping) else {}
    part = whole
    for key in path[:-1]:
        inner = part.get(str(key))
        part[str(key)] = dict(inner) if isinstance(inner, Mapping) else {}
        part = part[str(key)]
    part[str(path[-1])] = entry.what.get("value")
    return Result(entry.n, "done", version=change.write(entry.item, whole, entry.person))


# -- the network -------------------------------------------------------------------------------------------------------


def network_of(change: Change) -> KeptNetwork:
    """The newest network."""
    return KeptNetwork.from_dict(change.read("network"))


def _network(
    change: Change, entry: Entry, edited: Callable[[Network], Network], said: Message | Callable[[Network], Message]
) -> Result:
    """Keep an edited network, and say what was done."""
    kept = network_of(change)
    network = edited(kept.network)
    done = said if isinstance(said, Message) else said(network)
    version = change.write("network", kept.changed(network, kept.case).to_dict(), label=step_of(done))
    return Result(entry.n, "done", done, version)


def step_of(done: Message) -> Message:
    """What undoing calls a step, in a few words: ``map.done.add`` is ``step.map.add``."""
    view, _, act = done.key.split(".")
    return Message(f"step.{view}.{act}", **done.values)


def _add(change: Change, entry: Entry) -> Result:
    line = _string(entry, "text")
    kept = network_of(change)
    same = [item for item in kept.network.organisations if name_key(item.name) == name_key(line)]
    if same and _unseen(change, entry, same[0].id):
        return Result(entry.n, "done", Message("map.done.same", name=same[0].name), new=[same[0].id])
    partner = partners().get(name_key(line), {})
    network = edit.add_organisation(kept.network, line, partner.get("sector"), partner.get("layer"), kept.removed)
    new = network.organisations[-1]
    done = Message("map.done.add", name=new.name)
    version = change.write("network", kept.changed(network, kept.case).to_dict(), label=step_of(done))
    spot = position(entry.what.get("at"))
    if spot:
        _keep_places(change, {new.id: spot}, step_of(done))
    return Result(entry.n, "done", done, version, [new.id])


def _unseen(change: Change, entry: Entry, id: str) -> bool:
    """Whether somebody added an organisation after the page had last looked: then both meant the same one."""
    seen = change.store.by_version(entry.base)
    if seen is None:
        return entry.base == 0
    return id not in {item.id for item in KeptNetwork.from_dict(seen.value).network.organisations}


def _ties(change: Change, entry: Entry) -> Result:
    ids = entry.what.get("ids")
    if not isinstance(ids, list):
        raise ValueError("ties have ids")
    numbers = re.findall("[0-9]+", _string(entry, "text"))
    most = entry.what.get("most")
    for number, id in zip(numbers, ids, strict=False):
        if id is None:
            known = isinstance(most, int) and most > 0
            raise Problem(Message("map.no_number", number=number, most=most) if known else Message("map.no_number_yet"))
    if len(ids) < 2:
        raise Problem(Message("map.one_number", number=numbers[0] if numbers else ""))
    before = len(network_of(change).network.ties)
    return _network(
        change,
        entry,
        lambda network: add_ties(network, [str(id) for id in ids], kind_of(entry.what.get("of"))),
        lambda network: Message("map.done.ties", n=len(network.ties) - before),
    )


def _tie(change: Change, entry: Entry) -> Result:
    ends = _ends(change, entry)
    kind = kind_of(entry.what.get("of"))
    return _network(
        change,
        entry,
        lambda network: edit.add_tie(network, _string(entry, "source"), _string(entry, "target"), kind),
        Message("map.done.tie", **ends),
    )


def _untie(change: Change, entry: Entry) -> Result:
    ends = _ends(change, entry)
    kind = kind_of(entry.what.get("of"))
    return _network(
        change,
        entry,
        lambda network: edit.remove_tie(network, _string(entry, "source"), _string(entry, "target"), kind),
        Message("map.done.untie", **ends),
    )


def _set_tie(change: Change, entry: Entry) -> Result:
    what = entry.what
    source = _string(entry, "source")
    target = _string(entry, "target")
    kind = kind_of(what.get("of"))

    def edited(network: Network) -> Network:
        if what.get("turn"):
            return change_tie(network, (source, target, kind), (target, source, kind))
        if "to" in what:
            return change_tie(network, (source, target, kind), (source, target, kind_of(what["to"])))
        if "trust" in what:
            return edit.set_tie(network, source, target, kind, trust=_level(what["trust"]))
        strength = str(what.get("strength") or "").strip().replace(",", ".") or None
        return edit.set_tie(network, source, target, kind, strength=strength)  # type: ignore[arg-type]

    return _network(change, entry, edited, Message("map.done.set_tie", **_ends(change, entry)))


def _level(value: Any) -> Any:
    text = str(value or "")
    return int(text) if re.fullmatch("[0-9]{1,3}", text) else text or None


def _rename(change: Change, entry: Entry) -> Result:
    id = _string(entry, "id")
    return _network(
        change,
        entry,
        lambda network: edit.rename(network, id, _string(entry, "name")),
        lambda network: Message("map.done.rename", name=network.name(id)),
    )


def _sector(change: Change, entry: Entry) -> Result:
    id = _string(entry, "id")
    word = _string(entry, "sector")
    labels = {name_key(sector["label"]): sector["id"] for sector in governance.sectors()}
    return _network(
        change,
        entry,
        lambda network: edit.set_organisation(network, id, sector=labels.get(name_key(word), word) or None),
        lambda network: Message("map.done.sector", name=network.name(id)),
    )


def _layer(change: Change, entry: Entry) -> Result:
    id = _string(entry, "id")
    return _network(
        change,
        entry,
        lambda network: edit.set_organisation(network, id, layer=_string(entry, "layer") or None),
        lambda network: Message("map.done.layer", name=network.name(id)),
    )


def _remove(change: Change, entry: Entry) -> Result:
    id = _string(entry, "id")
    name = _name(network_of(change).network, id)
    return _network(
        change, entry, lambda network: edit.remove_organisation(network, id), Message("map.done.remove", name=name)
    )


def _directed(change: Change, entry: Entry) -> Result:
    yes = entry.what.get("yes") is True
    said = Message("map.done.directed" if yes else "map.done.undirected")
    return _network(change, entry, lambda network: set_directed(network, yes), said)


# -- places ------------------------------------------------------------------------------------------------------------


def _place(change: Change, entry: Entry) -> Result:
    fresh = positions(entry.what.get("places"))
    network = network_of(change).network
    label = None
    if entry.what.get("quiet") is not True:
        names = [_name(network, id) for id in fresh]
        label = Message("step.map.place", n=len(names), name=names[0] if names else "")
    return Result(entry.n, "done", version=_keep_places(change, fresh, label))


def _keep_places(change: Change, fresh: Mapping[str, list[float]], label: Message | None) -> int:
    kept = Places.from_dict(change.read("map"))
    moved = Places({**kept.positions, **fresh}, kept.hidden_kinds)
    return change.write("map", moved.to_dict(), label=label)


def _hide(change: Change, entry: Entry) -> Result:
    kept = Places.from_dict(change.read("map"))
    hidden = Places(kept.positions, hidden_kinds(entry.what.get("kinds")))
    return Result(entry.n, "done", version=change.write("map", hidden.to_dict()))


# -- the structure -----------------------------------------------------------------------------------------------------


def structure_of(change: Change) -> KeptStructure:
    """The newest structure, with the newest network's organisations as partners."""
    return KeptStructure.from_dict(change.read("structure"), network_of(change))


def person_of(structure: Structure) -> str:
    """Id of the coordinator as a person who is no partner."""
    if structure.coordinator and structure.coordinator not in structure.partner_ids:
        return structure.coordinator
    return next(id for id in ("coordinator", "coordinator-person", "-") if id not in structure.partner_ids)


def _structure(change: Change, entry: Entry, edited: Callable[[Structure], Structure], said: Message) -> Result:
    kept = structure_of(change)
    after = kept.changed(edited(kept.structure))
    version = change.write("structure", after.to_dict(), label=step_of(said))
    new = [table.id for table in after.structure.tables if table.id not in {t.id for t in kept.structure.tables}]
    return Result(entry.n, "done", said, version, new)


def _seat(change: Change, entry: Entry) -> Result:
    kept = structure_of(change)
    card = _string(entry, "card")
    target = _string(entry, "to")
    source = _string(entry, "from")
    name = _card_name(kept.structure, card)
    return _structure(
        change,
        entry,
        lambda structure: _seated(structure, card, source, target, kept.removed),
        Message("board.done.seat", name=name),
    )


def _seated(structure: Structure, card: str, source: str, target: str, taken: frozenset[str]) -> Structure:
    person = person_of(structure)
    if card not in {*structure.partner_ids, person}:
        raise Problem(Message("edit.organisation_gone"))
    if target == "lead":
        return edit.set_lead(structure, card)
    if target == "coordinator":
        return edit.set_coordinator(structure, card)
    if card == person and structure.coordinator is None:
        structure = edit.set_coordinator(structure, person)
    if target.startswith("new-"):
        structure = _with_table(structure, target.removeprefix("new-"), taken)
        target = structure.tables[-1].id
    if source in {table.id for table in structure.tables}:
        structure = edit.unseat(structure, source, card)
    return edit.seat(structure, target, card)


def _with_table(structure: Structure, kind: str, taken: frozenset[str]) -> Structure:
    if kind not in TABLE_KINDS:
        raise Problem(Message("edit.table_gone"))
    return edit.add_table(structure, kind, taken=taken)


def _unseat(change: Change, entry: Entry) -> Result:
    card = _string(entry, "card")
    source = _string(entry, "from")

    def edited(structure: Structure) -> Structure:
        if source == "lead":
            return edit.set_lead(structure, None)
        if source == "coordinator":
            return edit.set_coordinator(structure, None)
        return edit.unseat(structure, source, card)

    name = _card_name(structure_of(change).structure, card)
    return _structure(change, entry, edited, Message("board.done.unseat", name=name))


def _theme(change: Change, entry: Entry) -> Result:
    table = _string(entry, "table")
    theme = _string(entry, "theme")
    return _structure(
        change,
        entry,
        lambda structure: edit.set_table_theme(structure, table, theme),
        Message("board.done.theme", theme=theme),
    )


def _remove_table(change: Change, entry: Entry) -> Result:
    table = _string(entry, "table")
    return _structure(
        change, entry, lambda structure: edit.remove_table(structure, table), Message("board.done.remove")
    )


def _add_table(change: Change, entry: Entry) -> Result:
    kept = structure_of(change)
    kind = _string(entry, "kind")
    return _structure(
        change, entry, lambda structure: _with_table(structure, kind, kept.removed), Message("board.done.add")
    )


# -- reading what the browser sent -------------------------------------------------------------------------------------


def _string(entry: Entry, field: str) -> str:
    """A text that the browser sent, without halves of characters; empty where it is no text."""
    value = entry.what.get(field)
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else ""


def _name(network: Network, id: str) -> str:
    return next((item.name for item in network.organisations if item.id == id), "")


def _card_name(structure: Structure, card: str) -> str:
    return structure.name(card) if card in structure.partner_ids else str(Message("board.coordinator"))


def _ends(change: Change, entry: Entry) -> dict[str, str]:
    network = network_of(change).network
    return {end: _name(network, _string(entry, end)) for end in ("source", "target")}


def kind_of(word: Any) -> str | None:
    """A kind of tie by its id, by its name in the language in force, or a word of the group's own."""
    text = word if isinstance(word, str) else ""
    names = {name_key(governance.kind_label(kind)): kind for kind in ("communication", "referral", "knowing")}
    return names.get(name_key(text), text) or None


@cache
def partners() -> dict[str, dict]:
    """Usual partners by their name, and by the short names that stand in it."""
    found: dict[str, dict] = {}
    for item in governance.partner_list():
        for word in (item["name"], *re.split("[(),]", item["name"])):
            found.setdefault(name_key(word), item)
    return found


ACTS: dict[tuple[str, Any], Callable[[Change, Entry], Result]] = {
    ("", "text"): _text,
    ("", "choose"): _choose,
    ("", "put"): _put,
    ("", "set"): _set,
    ("network", "add"): _add,
    ("network", "ties"): _ties,
    ("network", "tie"): _tie,
    ("network", "untie"): _untie,
    ("network", "set_tie"): _set_tie,
    ("network", "rename"): _rename,
    ("network", "sector"): _sector,
    ("network", "layer"): _layer,
    ("network", "remove"): _remove,
    ("network", "directed"): _directed,
    ("map", "place"): _place,
    ("map", "hide"): _hide,
    ("structure", "seat"): _seat,
    ("structure", "unseat"): _unseat,
    ("structure", "theme"): _theme,
    ("structure", "remove"): _remove_table,
    ("structure", "add"): _add_table,
}
