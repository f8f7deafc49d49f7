"""Changes to a network or a structure: each gives a new one, or a `Problem` that says what to do instead."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from types import EllipsisType
from typing import Any

from workshop.domain.network import Network, Organisation, Tie, clean_name, name_key, new_id
from workshop.domain.structure import Structure, Table
from workshop.domain.values import LONGEST
from workshop.texts import Message, Problem

LAYERS = ("core", "basic", "specialised")
# ``...`` as a value leaves what is there as it is
Text = str | EllipsisType | None
Number = float | EllipsisType | None


def _problem(key: str, **values: Any) -> Problem:
    return Problem(Message(f"edit.{key}", **values))


def _text(value: str) -> str:
    text = clean_name(value)
    if len(text) > LONGEST:
        raise _problem("too_long", length=len(text), limit=LONGEST)
    return text


def _strength(value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not 0 < number < math.inf:
        raise _problem("strength", given=str(value))
    return number


def _set(item: Any, **values: Any) -> Any:
    """The item with these values, each checked; None and an empty text empty it, ``...`` leaves what is there."""
    given = {field: value for field, value in values.items() if value is not ...}
    for field, value in given.items():
        if value is None:
            continue
        if field == "strength":
            given[field] = _strength(value)
        elif field == "trust":
            if value not in (1, 2, 3, 4, 5):
                raise _problem("trust", given=str(value))
            given[field] = int(value)
        elif field == "layer":
            if value not in LAYERS:
                raise _problem("layer", layer=str(value))
        else:
            given[field] = _text(value) or None
    return replace(item, **given)


def _name(network: Network, text: str, own: str | None = None) -> str:
    name = _text(text)
    if not name:
        raise _problem("name_empty")
    key = name_key(name)
    for other in network.organisations:
        if other.id != own and name_key(other.name) == key:
            raise _problem("name_taken", known=other.name)
    return name


def _organisation(network: Network, id: str) -> Organisation:
    try:
        return network.organisation(id)
    except KeyError:
        raise _problem("organisation_gone") from None


def _swap(network: Network, new: Organisation) -> Network:
    return replace(network, organisations=tuple(new if old.id == new.id else old for old in network.organisations))


def add_organisation(
    network: Network, name: str, sector: str | None = None, layer: str | None = None, taken: Iterable[str] = ()
) -> Network:
    """Add an organisation, last in the row, with an id made from its name.

    Parameters
    ----------
    name : str
        1 to 200 characters; not yet in the network, whatever the case and spaces.
    sector : str, optional
        Id of a usual sector, or the group's own word.
    layer : {"core", "basic", "specialised"}, optional
    taken : iterable of str
        Ids that may not be given again, since another page may still mean by them what was removed.

    Raises
    ------
    Problem
        If the name is empty, taken or too long, or the layer is unknown.
    """
    name = _name(network, name)
    id = new_id(name, {*taken, *(item.id for item in network.organisations)})
    new = _set(Organisation(id, name), sector=sector, layer=layer)
    return replace(network, organisations=(*network.organisations, new))


def rename(network: Network, id: str, name: str) -> Network:
    """Give an organisation another name; its id, ties and seats stay. Raises `Problem` as `add_organisation`."""
    return _swap(network, replace(_organisation(network, id), name=_name(network, name, own=id)))


def set_organisation(network: Network, id: str, sector: Text = ..., layer: Text = ...) -> Network:
    """Set the sector or layer of an organisation; None empties it, ``...`` keeps it. May raise `Problem`."""
    return _swap(network, _set(_organisation(network, id), sector=sector, layer=layer))


def remove_organisation(network: Network, id: str) -> Network:
    """Take an organisation out, and its ties with it. Raises `Problem` if it is not there."""
    return network.without(_organisation(network, id).id)


def add_tie(
    network: Network, source: str, target: str, kind: str | None = None, strength: Number = None, trust: Number = None
) -> Network:
    """Add a tie between two organisations.

    Parameters
    ----------
    source, target : str
        Ids of two different organisations; their order matters only in a directed network.
    kind : str, optional
        ``"communication"``, ``"referral"``, ``"knowing"`` or the group's own word.
    strength : float, optional
        Above 0, in the group's own unit.
    trust : int, optional
        1 to 5.

    Raises
    ------
    Problem
        If the two are the same, one is unknown, the tie is there already, or a number is out of range.
    """
    names = [_organisation(network, end).name for end in (source, target)]
    if source == target:
        raise _problem("tie_to_itself", name=names[0])
    tie = _set(Tie(source, target), kind=kind, strength=strength, trust=trust)
    if network.tie_key(tie) in map(network.tie_key, network.ties):
        raise _problem("tie_twice_directed" if network.directed else "tie_twice", source=names[0], target=names[1])
    return replace(network, ties=(*network.ties, tie))


def find_tie(network: Network, source: str, target: str, kind: str | None = None) -> Tie:
    """The tie of this kind between two. Raises `Problem` if there is none."""
    key = network.tie_key(Tie(source, target, kind))
    for tie in network.ties:
        if network.tie_key(tie) == key:
            return tie
    raise _problem("tie_gone")


def set_tie(
    network: Network, source: str, target: str, kind: str | None = None, strength: Number = ..., trust: Number = ...
) -> Network:
    """Set strength or trust of the tie of this kind; None empties it, ``...`` keeps it. May raise `Problem`."""
    found = find_tie(network, source, target, kind)
    new = _set(found, strength=strength, trust=trust)
    return replace(network, ties=tuple(new if tie is found else tie for tie in network.ties))


def remove_tie(network: Network, source: str, target: str, kind: str | None = None) -> Network:
    """Take out the tie of this kind. Raises `Problem` if there is none."""
    gone = find_tie(network, source, target, kind)
    return replace(network, ties=tuple(tie for tie in network.ties if tie is not gone))


def _table(structure: Structure, table: str) -> Table:
    try:
        return structure.table(table)
    except KeyError:
        raise _problem("table_gone") from None


def _put(structure: Structure, new: Table) -> Structure:
    return replace(structure, tables=tuple(new if old.id == new.id else old for old in structure.tables))


def _themed(structure: Structure, old: Table, theme: str | None) -> Table:
    """The table with this theme, which no other working group has."""
    new = _set(old, theme=theme)
    if new.kind == "working" and new.theme:
        key = name_key(new.theme)
        if key == "vision":
            raise _problem("theme_vision")
        for other in structure.tables:
            if other.id != old.id and other.kind == "working" and name_key(other.theme or "") == key:
                raise _problem("theme_taken", theme=other.theme)
    return new


def add_table(structure: Structure, kind: str, theme: str | None = None, taken: Iterable[str] = ()) -> Structure:
    """Add a table, last in the row.

    Parameters
    ----------
    kind : {"steering", "working", "plenary", "bilateral"}
        ValueError if it is none of these.
    theme : str, optional
        At most 200 characters; two working groups cannot have the same theme. May raise `Problem`.
    taken : iterable of str
        Ids that may not be given again, see `add_organisation`.
    """
    id = new_id(theme or kind, {*taken, *(table.id for table in structure.tables)})
    new = _themed(structure, Table(kind, id=id), theme)
    return replace(structure, tables=(*structure.tables, new))


def remove_table(structure: Structure, table: str) -> Structure:
    """Take out the table with this id. Raises `Problem` if there is none."""
    gone = _table(structure, table)
    return replace(structure, tables=tuple(other for other in structure.tables if other.id != gone.id))


def set_table_theme(structure: Structure, table: str, theme: str | None) -> Structure:
    """Give a table another theme, or none. Raises `Problem` as `add_table`."""
    return _put(structure, _themed(structure, _table(structure, table), theme))


def seat(structure: Structure, table: str, id: str) -> Structure:
    """Give somebody a seat at a table.

    Raises `Problem` if there is no such table, they are unknown or sit there already, or a talk between two is full.
    """
    old = _table(structure, table)
    if id not in {*structure.partner_ids, structure.lead, structure.coordinator}:
        raise _problem("organisation_gone")
    if id in old.seats:
        raise _problem("seat_taken", name=structure.name(id))
    if old.kind == "bilateral" and len(old.seats) >= 2:
        raise _problem("bilateral_full")
    return _put(structure, replace(old, seats=(*old.seats, id)))


def unseat(structure: Structure, table: str, id: str) -> Structure:
    """Take somebody's seat at a table away; nothing changes where they have none. May raise `Problem`."""
    old = _table(structure, table)
    return _put(structure, replace(old, seats=tuple(other for other in old.seats if other != id)))


def _hand_over(structure: Structure, part: str, new: str | None) -> Structure:
    """Change who leads or coordinates; seats of one who is then no longer known go to the successor."""
    changes: dict[str, Any] = {part: new}
    old, other = getattr(structure, part), structure.coordinator if part == "lead" else structure.lead
    if old not in (*structure.partner_ids, other):
        tables = []
        for table in structure.tables:
            seats = [new if id == old else id for id in table.seats]
            tables.append(replace(table, seats=tuple(id for id in seats if id)))
        changes["tables"] = tuple(tables)
    return replace(structure, **changes)


def set_lead(structure: Structure, id: str | None) -> Structure:
    """Choose the lead organisation among the partners, or none. Raises `Problem` if it is no partner."""
    if id is not None and id not in structure.partner_ids:
        raise _problem("organisation_gone")
    return _hand_over(structure, "lead", id)


def set_coordinator(structure: Structure, id: str | None) -> Structure:
    """Choose the coordinator: a partner, a person who is no partner (any other id), or none."""
    return _hand_over(structure, "coordinator", id or None)
