"""How a network is organised: who sits at which table, who leads, who coordinates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from workshop.domain.network import Organisation, new_id
from workshop.domain.values import listed, mapping, mappings, name_key, word
from workshop.texts import Message

TABLE_KINDS = ("steering", "working", "plenary", "bilateral")


def _id(item: Any) -> Any:
    return getattr(item, "id", item)


def _ids(items: Iterable[Any]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(_id, items)))


def people(tables: Iterable[Table]) -> tuple[str, ...]:
    """Ids of those who sit at these tables, each once, in order."""
    return _ids(id for table in tables for id in table.seats)


def _with_ids(tables: tuple[Table, ...]) -> tuple[Table, ...]:
    """The same tables, each with an id of its own."""
    taken = {table.id for table in tables if table.id}
    if len(taken) < sum(bool(table.id) for table in tables):
        raise ValueError("a table's id stands twice")
    named = []
    for table in tables:
        if not table.id:
            table = replace(table, id=new_id(table.theme or table.kind, taken))
            taken.add(table.id)
        named.append(table)
    return tuple(named)


@dataclass(frozen=True)
class Table:
    """People who meet: a steering group, a working group, everybody, or two who talk.

    Parameters
    ----------
    kind : {"steering", "working", "plenary", "bilateral"}
        What the table is for.
    theme : str, optional
        What a working group works on; a name for another table.
    seats : iterable of str
        Ids of those who sit here: partners, the lead organisation, the coordinator. One seat each.
    id : str, optional
        What edits name it by. Empty: a `Structure` gives it one, made from its theme or kind.

    Raises
    ------
    ValueError
        If the kind is not one of the four.
    """

    kind: str
    theme: str | None = None
    seats: tuple[str, ...] = ()
    id: str = ""

    def __post_init__(self) -> None:
        if self.kind not in TABLE_KINDS:
            raise ValueError(f"table kind {self.kind!r}: choose one of {', '.join(TABLE_KINDS)}")
        object.__setattr__(self, "seats", _ids(self.seats))

    @property
    def title(self) -> str:
        """What it is called: its kind, and its theme where it has one."""
        kind = str(Message(f"table_kind.{self.kind}"))
        return f"{kind}: {self.theme}" if self.theme else kind


@dataclass(frozen=True)
class Structure:
    """Partners and the tables they sit at.

    Parameters
    ----------
    partners : iterable of str or Organisation
        Ids, or organisations, whose sectors are then known. Each counts once.
    tables : iterable of Table
        In the order in which people see them.
    lead : str, optional
        Id of the lead organisation, usually one of the partners.
    coordinator : str, optional
        Id of the coordinator: a partner, or a person who is no partner.

    Raises
    ------
    ValueError
        If somebody has a seat who is neither partner, lead organisation nor coordinator, or a table's id stands twice.
    """

    partners: tuple[str | Organisation, ...]
    tables: tuple[Table, ...] = ()
    lead: str | None = None
    coordinator: str | None = None

    def __post_init__(self) -> None:
        once: dict[str, str | Organisation] = {}
        for partner in self.partners:
            once.setdefault(_id(partner), partner)
        object.__setattr__(self, "partners", tuple(once.values()))
        object.__setattr__(self, "tables", _with_ids(tuple(self.tables)))
        for part in ("lead", "coordinator"):
            object.__setattr__(self, part, _id(getattr(self, part)) or None)
        known = {*self.partner_ids, self.lead, self.coordinator}
        for seat in people(self.tables):
            if seat not in known:
                raise ValueError(f"{seat!r} has a seat but is no partner, lead organisation or coordinator")

    @property
    def partner_ids(self) -> tuple[str, ...]:
        """Ids of the partners, in order."""
        return _ids(self.partners)

    @property
    def themes(self) -> tuple[str, ...]:
        """Themes of the working groups, each once, in order; where nobody sits yet, nothing is decided."""
        working = [table for table in self.tables if table.kind == "working" and table.seats]
        return tuple(dict.fromkeys(table.theme for table in working if table.theme))

    def table(self, id: str) -> Table:
        """The table with this id; KeyError where there is none."""
        for table in self.tables:
            if table.id == id:
                return table
        raise KeyError(id)

    def sector_of(self, id: str) -> str | None:
        """The sector of a partner; None where it is not known."""
        return next((p.sector for p in self.partners if isinstance(p, Organisation) and p.id == id), None)

    def name(self, id: str) -> str:
        """The name of a partner as people know it, of a coordinator who is none that word; else the id."""
        if id == self.coordinator and id not in self.partner_ids:
            return str(Message("part.coordinator"))
        return next((p.name for p in self.partners if isinstance(p, Organisation) and p.id == id), id)

    def deciding(self, decision: str = "vision") -> tuple[str, tuple[Table, ...]]:
        """Who decides ("working", "steering", "plenary", "lead" or "nobody"), and at which tables.

        A lead organisation that decides alone is a table of one. The decision is as for `workshop.domain.decisions`.
        """
        theme = None if decision == "vision" else name_key(decision)
        seated = [table for table in self.tables if table.seats]
        for kind in ("working", "steering", "plenary"):
            found = [t for t in seated if t.kind == kind and (kind != "working" or name_key(t.theme or "") == theme)]
            if found:
                return kind, tuple(found)
        return ("lead", (Table("steering", seats=(self.lead,)),)) if self.lead else ("nobody", ())

    def feeding(self, decision: str = "vision") -> list[Table]:
        """Working groups and talks between two with somebody of the deciding table; none feed a working group."""
        who, deciding = self.deciding(decision)
        there = set() if who == "working" else set(people(deciding))
        return [table for table in self.tables if table.kind in ("working", "bilateral") and there & set(table.seats)]

    def without(self, *gone: str) -> Structure:
        """The same structure when these drop out, as partner, lead organisation or coordinator; their tables stay."""
        lead, coordinator = (None if id in gone else id for id in (self.lead, self.coordinator))
        tables = (replace(table, seats=tuple(id for id in table.seats if id not in gone)) for table in self.tables)
        return Structure(tuple(p for p in self.partners if _id(p) not in gone), tuple(tables), lead, coordinator)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, as they are kept in the answers: tables, lead organisation and coordinator, by ids."""
        tables = [{"id": t.id, "kind": t.kind, "theme": t.theme, "seats": list(t.seats)} for t in self.tables]
        return {"tables": tables, "lead": self.lead, "coordinator": self.coordinator}

    @classmethod
    def from_dict(cls, value: Any, partners: tuple[str | Organisation, ...]) -> Structure:
        """What `to_dict` gave, with these partners; what cannot be read is left out, since files may be anything."""
        kept = mapping(value)
        read = (kept.get(part) for part in ("lead", "coordinator"))
        lead, coordinator = (id if isinstance(id, str) and id else None for id in read)
        known = {*_ids(partners), lead, coordinator}
        tables: list[Table] = []
        for item in mappings(kept.get("tables")):
            if item.get("kind") in TABLE_KINDS:
                tables.append(_read_table(item, known, {table.id for table in tables}))
        return cls(partners, tuple(tables), lead, coordinator)


def _read_table(item: Mapping[str, Any], known: set, taken: set[str]) -> Table:
    theme = word(item.get("theme"))
    seats = tuple(seat for seat in listed(item.get("seats")) if isinstance(seat, str) and seat in known)
    id = item.get("id")
    return Table(item["kind"], theme, seats, id if isinstance(id, str) and id not in taken else "")
