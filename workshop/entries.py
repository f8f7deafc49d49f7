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
from workshop.domain.questions import question
from workshop.domain.structure import TABLE_KINDS, Structure
from workshop.texts import Message, Problem, day

LONGEST_TEXT = 20_000
DEEPEST_PATH = 4
ISO = "%Y-%m-%d"
PARTED = ("structure.judgement", "structure.dials")
"""Items whose value has parts that are set one by one."""


def apply(change: Change, entry: Entry) -> Result:
    """Do what an entry says, inside a transaction.

    Raises
    ------
    Problem
        If it cannot be done; nothing is written then.
    ValueError, TypeError, KeyError
        If the browser sent something that makes no sense.
    """
    do = entry.text("do")
    act = ACTS.get((entry.item, do)) or ACTS.get(("", do))
    if act is None:
        raise ValueError(f"nothing known as {do!r} for {entry.item!r}")
    return act(change, entry)


# -- answers -----------------------------------------------------------------------------------------------------------


def _text(change: Change, entry: Entry) -> Result:
    version = change.write_text(entry.item, _written(entry), entry.person, entry.base)
    return Result(entry.n, "done", version=version)


def _choose(change: Change, entry: Entry) -> Result:
    return Result(entry.n, "done", version=change.choose(entry.item, _written(entry), entry.person))


def _written(entry: Entry) -> str:
    """A text as it is kept; of a date its ISO form, and what is no date is refused."""
    asked = question(entry.item)
    if not asked.written:
        raise ValueError("a text for a question that people do not write an answer to")
    text = entry.text("text")[:LONGEST_TEXT]
    if asked.kind != "date" or not text.strip():
        return text
    if not day(text):
        raise Problem(Message("agreement.no_day"))
    return day(text, ISO)


def _put(change: Change, entry: Entry) -> Result:
    value = entry.what.get("value")
    if value not in [option.id for option in question(entry.item).options]:
        raise ValueError("an answer that no page offers")
    before = change.newest(entry.item, entry.person)
    theirs = before is not None and before.version != entry.base and before.box not in ("", change.box)
    version = change.write(entry.item, value, entry.person)
    said = Message("outbox.chosen_meanwhile") if theirs and before and before.value != value else None
    return Result(entry.n, "done", said, version)


def _set(change: Change, entry: Entry) -> Result:
    """Set one part of a value that has parts, such as the judgement of one structure."""
    path = entry.what.get("path")
    if entry.item not in PARTED:
        raise ValueError("a value without parts")
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


def _add(change: Change, entry: Entry) -> Result:
    line = entry.text("text")
    kept = network_of(change)
    same = [item for item in kept.network.organisations if name_key(item.name) == name_key(line)]
    if same and _unseen(change, entry, same[0].id):
        return Result(entry.n, "done", Message("map.done.same", name=same[0].name), new=[same[0].id])
    partner = partners().get(name_key(line), {})
    network = edit.add_organisation(
        kept.network, line, partner.get("sector") or governance.sector_of(line), partner.get("layer"), kept.removed
    )
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


def _network(change: Change, entry: Entry) -> Result:
    """Any other edit of the network; the sentence names who it was about."""
    kept = network_of(change)
    before = kept.network
    do = entry.what["do"]
    network = NETWORK_EDITS[do](before, entry)
    id = entry.text("id")
    values = {
        "name": _name(network, id) or _name(before, id),
        "source": _name(before, entry.text("source")),
        "target": _name(before, entry.text("target")),
        "kind": governance.kind_label(kind_of(entry.what.get("of"))),
        "n": len(network.ties) - len(before.ties),
    }
    act = "undirected" if do == "directed" and not network.directed else do
    done = Message(f"map.done.{act}", **values)
    version = change.write("network", kept.changed(network, kept.case).to_dict(), label=step_of(done))
    return Result(entry.n, "done", done, version)


def step_of(done: Message) -> Message:
    """What undoing calls a step, in a few words: ``map.done.add`` is ``step.map.add``."""
    view, _, act = done.key.split(".")
    return Message(f"step.{view}.{act}", **done.values)


def _ties(network: Network, entry: Entry) -> Network:
    ids = entry.what.get("ids")
    if not isinstance(ids, list):
        raise ValueError("ties have ids")
    numbers = re.findall("[0-9]+", entry.text("text"))
    most = entry.what.get("most")
    for number, id in zip(numbers, ids, strict=False):
        if id is None:
            known = isinstance(most, int) and most > 0
            raise Problem(Message("map.no_number", number=number, most=most) if known else Message("map.no_number_yet"))
    if len(ids) < 2:
        raise Problem(Message("map.one_number", number=numbers[0] if numbers else ""))
    return add_ties(network, [str(id) for id in ids], kind_of(entry.what.get("of")))


def _tie_named(entry: Entry) -> tuple[str, str, str | None]:
    return entry.text("source"), entry.text("target"), kind_of(entry.what.get("of"))


def _tie(network: Network, entry: Entry) -> Network:
    return edit.add_tie(network, *_tie_named(entry))


def _untie(network: Network, entry: Entry) -> Network:
    return edit.remove_tie(network, *_tie_named(entry))


def _set_tie(network: Network, entry: Entry) -> Network:
    source, target, kind = _tie_named(entry)
    what = entry.what
    if what.get("turn"):
        return change_tie(network, (source, target, kind), (target, source, kind))
    if "to" in what:
        return change_tie(network, (source, target, kind), (source, target, kind_of(what["to"])))
    if "trust" in what:
        given = str(what["trust"] or "")
        trust: Any = int(given) if re.fullmatch("[0-9]{1,3}", given) else given or None
        return edit.set_tie(network, source, target, kind, trust=trust)
    strength: Any = str(what.get("strength") or "").strip().replace(",", ".") or None
    return edit.set_tie(network, source, target, kind, strength=strength)


def _rename(network: Network, entry: Entry) -> Network:
    return edit.rename(network, entry.text("id"), entry.text("name"))


def _sector(network: Network, entry: Entry) -> Network:
    word = entry.text("sector")
    labels = {name_key(sector["label"]): sector["id"] for sector in governance.sectors()}
    return edit.set_organisation(network, entry.text("id"), sector=labels.get(name_key(word), word) or None)


def _layer(network: Network, entry: Entry) -> Network:
    return edit.set_organisation(network, entry.text("id"), layer=entry.text("layer") or None)


def _remove(network: Network, entry: Entry) -> Network:
    return edit.remove_organisation(network, entry.text("id"))


def _directed(network: Network, entry: Entry) -> Network:
    return set_directed(network, entry.what.get("yes") is True)


NETWORK_EDITS: dict[str, Callable[[Network, Entry], Network]] = {
    "ties": _ties,
    "tie": _tie,
    "untie": _untie,
    "set_tie": _set_tie,
    "rename": _rename,
    "sector": _sector,
    "layer": _layer,
    "remove": _remove,
    "directed": _directed,
}


# -- places ------------------------------------------------------------------------------------------------------------


def _place(change: Change, entry: Entry) -> Result:
    network = network_of(change).network
    here = {item.id for item in network.organisations}
    fresh = {id: place for id, place in positions(entry.what.get("places")).items() if id in here}
    if not fresh:
        return Result(entry.n, "done", version=change.store.version("map"))
    label = None
    if entry.what.get("quiet") is not True:
        names = [_name(network, id) for id in fresh]
        label = Message("step.map.place", n=len(names), name=names[0])
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


def _structure(change: Change, entry: Entry) -> Result:
    """Any edit of the structure; the sentence names the card."""
    kept = KeptStructure.from_dict(change.read("structure"), network_of(change))
    do = entry.what["do"]
    after = kept.changed(STRUCTURE_EDITS[do](kept, entry))
    card = entry.text("card")
    name = kept.structure.name(card) if card in kept.structure.partner_ids else str(Message("board.coordinator"))
    done = Message(f"board.done.{do}", name=name, theme=entry.text("theme"))
    version = change.write("structure", after.to_dict(), label=step_of(done))
    before = {table.id for table in kept.structure.tables}
    new = [table.id for table in after.structure.tables if table.id not in before]
    return Result(entry.n, "done", done, version, new)


def person_of(structure: Structure) -> str:
    """Id of the coordinator as a person who is no partner."""
    if structure.coordinator and structure.coordinator not in structure.partner_ids:
        return structure.coordinator
    return next(id for id in ("coordinator", "coordinator-person", "-") if id not in structure.partner_ids)


def _seat(kept: KeptStructure, entry: Entry) -> Structure:
    structure = kept.structure
    card = entry.text("card")
    source = entry.text("from")
    target = entry.text("to")
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
        structure = _with_table(structure, target.removeprefix("new-"), kept.removed)
        target = structure.tables[-1].id
    if source in {table.id for table in structure.tables}:
        structure = edit.unseat(structure, source, card)
    return edit.seat(structure, target, card)


def _with_table(structure: Structure, kind: str, taken: frozenset[str]) -> Structure:
    if kind not in TABLE_KINDS:
        raise Problem(Message("edit.table_gone"))
    return edit.add_table(structure, kind, taken=taken)


def _unseat(kept: KeptStructure, entry: Entry) -> Structure:
    source = entry.text("from")
    if source == "lead":
        return edit.set_lead(kept.structure, None)
    if source == "coordinator":
        return edit.set_coordinator(kept.structure, None)
    return edit.unseat(kept.structure, source, entry.text("card"))


def _theme(kept: KeptStructure, entry: Entry) -> Structure:
    return edit.set_table_theme(kept.structure, entry.text("table"), entry.text("theme"))


def _remove_table(kept: KeptStructure, entry: Entry) -> Structure:
    return edit.remove_table(kept.structure, entry.text("table"))


def _add_table(kept: KeptStructure, entry: Entry) -> Structure:
    return _with_table(kept.structure, entry.text("kind"), kept.removed)


STRUCTURE_EDITS: dict[str, Callable[[KeptStructure, Entry], Structure]] = {
    "seat": _seat,
    "unseat": _unseat,
    "theme": _theme,
    "remove": _remove_table,
    "add": _add_table,
}


# -- words and names ---------------------------------------------------------------------------------------------------


def _name(network: Network, id: str) -> str:
    return next((item.name for item in network.organisations if item.id == id), "")


def kind_of(word: Any) -> str | None:
    """A kind of tie by its id, by its name in the language in force, or a word of the group's own."""
    text = word if isinstance(word, str) else ""
    names = {name_key(kind["label"]): kind["id"] for kind in governance.tie_kinds()}
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
    ("map", "place"): _place,
    ("map", "hide"): _hide,
}
ACTS |= {("network", do): _network for do in NETWORK_EDITS}
ACTS |= {("structure", do): _structure for do in STRUCTURE_EDITS}
