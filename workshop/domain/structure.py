"""How a network is organised: who sits at which table, who leads, who coordinates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from workshop.domain.network import Organisation

TABLE_KINDS = ("steering", "working", "plenary", "bilateral")


def _id(item: Any) -> Any:
    return getattr(item, "id", item)


def _ids(items: Iterable[Any]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(_id, items)))


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

    Raises
    ------
    ValueError
        If the kind is not one of the four.
    """

    kind: str
    theme: str | None = None
    seats: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.kind not in TABLE_KINDS:
            raise ValueError(f"table kind {self.kind!r}: choose one of {', '.join(TABLE_KINDS)}")
        object.__setattr__(self, "seats", _ids(self.seats))


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
        If somebody has a seat who is neither partner, lead organisation nor coordinator.
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
        object.__setattr__(self, "tables", tuple(self.tables))
        for part in ("lead", "coordinator"):
            object.__setattr__(self, part, _id(getattr(self, part)) or None)
        known = {*self.partner_ids, self.lead, self.coordinator}
        for table in self.tables:
            for seat in table.seats:
                if seat not in known:
                    raise ValueError(f"{seat!r} has a seat but is no partner, lead organisation or coordinator")

    @property
    def partner_ids(self) -> tuple[str, ...]:
        """Ids of the partners, in order."""
        return _ids(self.partners)

    @property
    def themes(self) -> tuple[str, ...]:
        """Themes of the working groups, each once, in order."""
        return tuple(dict.fromkeys(table.theme for table in self.tables if table.kind == "working" and table.theme))

    def sector_of(self, id: str) -> str | None:
        """The sector of a partner; None where it is not known."""
        return next((p.sector for p in self.partners if isinstance(p, Organisation) and p.id == id), None)

    def name(self, id: str) -> str:
        """The name of a partner as people know it; the id where no name is known."""
        return next((p.name for p in self.partners if isinstance(p, Organisation) and p.id == id), id)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, as they are kept in the answers."""
        plain = [
            p if isinstance(p, str) else {k: v for k, v in asdict(p).items() if v is not None} for p in self.partners
        ]
        tables = [{"kind": t.kind, "theme": t.theme, "seats": list(t.seats)} for t in self.tables]
        return {"partners": plain, "tables": tables, "lead": self.lead, "coordinator": self.coordinator}

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> Structure:
        """The structure that `to_dict` was made from."""
        partners = (p if isinstance(p, str) else Organisation(**p) for p in value.get("partners", ()))
        tables = (Table(t["kind"], t.get("theme"), t.get("seats", ())) for t in value.get("tables", ()))
        return cls(tuple(partners), tuple(tables), value.get("lead"), value.get("coordinator"))
