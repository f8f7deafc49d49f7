"""Edits of the network and of places on the map; the sentence of each names who it was about."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from itertools import product
from typing import Any

from workshop.answers.boxes import Entry, Result
from workshop.answers.change import Change, step_of
from workshop.domain import edit, governance
from workshop.domain.kept import KeptNetwork, Places, hidden_kinds, position, positions
from workshop.domain.maps import add_ties, change_tie, set_directed
from workshop.domain.network import Network, name_key
from workshop.texts import Message, Problem


def add(change: Change, entry: Entry) -> Result:
    """Add an organisation; one of that name that its page had not seen yet is the same one."""
    line = entry.text("text")
    kept = change.network()
    same = [item for item in kept.network.organisations if name_key(item.name) == name_key(line)]
    if same and _unseen(change, entry, same[0].id):
        return Result(entry.n, "done", Message("map.done.same", name=same[0].name), new=[same[0].id])
    partner = partners().get(name_key(line), {})
    network = edit.add_organisation(
        kept.network, line, partner.get("sector") or governance.sector_of(line), partner.get("layer"), kept.removed
    )
    new = network.organisations[-1]
    done = Message("map.done.add", name=new.name)
    version = change.draw("network", kept.changed(network), step_of(done))
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


def edited(change: Change, entry: Entry) -> Result:
    """Any other edit of the network; the sentence names who it was about."""
    kept = change.network()
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
    version = change.draw("network", kept.changed(network), step_of(done))
    return Result(entry.n, "done", done, version)


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
    pairs = zip(ids[::2], ids[1::2], strict=False) if entry.what.get("pairs") else product(ids[:1], ids[1:])
    return add_ties(network, [(str(one), str(other)) for one, other in pairs], kind_of(entry.what.get("of")))


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


def place(change: Change, entry: Entry) -> Result:
    """Move organisations on the map."""
    network = change.network().network
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
    kept = Places.from_dict(change.store.get("map"))
    moved = Places({**kept.positions, **fresh}, kept.hidden_kinds)
    return change.write("map", moved.to_dict(), label=label)


def hide(change: Change, entry: Entry) -> Result:
    """Hide kinds of tie on the map."""
    kept = Places.from_dict(change.store.get("map"))
    hidden = Places(kept.positions, hidden_kinds(entry.what.get("kinds")))
    return Result(entry.n, "done", version=change.write("map", hidden.to_dict()))


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
