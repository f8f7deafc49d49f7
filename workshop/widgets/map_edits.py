"""What a person does on the map, as edits of the network."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from workshop.domain import edit, governance
from workshop.domain.maps import add_ties, change_tie, set_directed
from workshop.domain.network import Network, name_key
from workshop.session import Session
from workshop.texts import Message, Problem

NUMBERS = re.compile(r"\s*[0-9]{1,6}(?:[\s,;:>–-]+[0-9]{1,6})+\s*")
Texts = dict[str, str]


class MapEdits:
    """Changes the session's network as the browser asks; each edit gives the sentence that says what was done.

    Parameters
    ----------
    session : Session

    Notes
    -----
    Edits take what the browser sent, as texts only (anything else is an empty text), and raise a `Problem` where it
    cannot be done.
    """

    def __init__(self, session: Session):
        self.session = session
        self.partners: dict[str, dict] = {}
        for item in governance.partner_list():
            for word in (item["name"], *re.split("[(),]", item["name"])):  # the short names in it will do
                self.partners.setdefault(name_key(word), item)
        self.sectors = {name_key(item["label"]): item["id"] for item in governance.sectors()}
        self.kinds = {name_key(kind["label"]): kind["id"] for kind in governance.tie_kinds()}

    def enter(self, text: Texts) -> Message:
        """A name is a new organisation; numbers are ties from the first to all others."""
        line, network = text.get("text", ""), self.session.network
        if NUMBERS.fullmatch(line):
            self._change(add_ties, [int(number) for number in re.findall("[0-9]+", line)], self._kind(text))
            return Message("map.done.ties", n=len(self.session.network.ties) - len(network.ties))
        alone = line.strip()[:6]
        if re.fullmatch("[0-9]+", line.strip()) and 1 <= int(alone) <= len(network.organisations):
            raise Problem(Message("map.one_number", number=alone))
        partner = self.partners.get(name_key(line), {"sector": None, "layer": None})
        self._change(edit.add_organisation, line, sector=partner["sector"], layer=partner["layer"])
        return Message("map.done.add", name=self.session.network.organisations[-1].name)

    def tie(self, text: Texts) -> Message:
        """A new tie."""
        self._change(edit.add_tie, text.get("source", ""), text.get("target", ""), kind=self._kind(text))
        return Message("map.done.tie", **self._ends(text))

    def untie(self, text: Texts) -> Message:
        """A tie less."""
        self._change(edit.remove_tie, text.get("source", ""), text.get("target", ""), kind=text.get("of") or None)
        return Message("map.done.untie", **self._ends(text))

    def set_tie(self, text: Texts, content: dict[str, Any]) -> Message:
        """Turn a tie, or set its kind, trust or strength."""
        source, target, kind = text.get("source", ""), text.get("target", ""), text.get("of") or None
        old = (source, target, kind)
        if content.get("turn"):
            self._change(change_tie, old, (target, source, kind))
        elif "to" in content:
            self._change(change_tie, old, (source, target, self._kind(text, "to")))
        elif "trust" in content:
            trust = text["trust"]
            self._change(edit.set_tie, *old, trust=int(trust) if re.fullmatch("[0-9]{1,3}", trust) else trust or None)
        else:
            self._change(edit.set_tie, *old, strength=text.get("strength", "").strip().replace(",", ".") or None)
        return Message("map.done.set_tie", **self._ends(text))

    def rename(self, text: Texts) -> Message:
        """Another name."""
        self._change(edit.rename, text.get("id", ""), text.get("name", ""))
        return Message("map.done.rename", name=name_of(self.session.network, text["id"]))

    def sector(self, text: Texts) -> Message:
        """Another sector, by its id, its label or a word of the group's own."""
        word = text.get("sector", "")
        self._change(edit.set_organisation, text.get("id", ""), sector=self.sectors.get(name_key(word), word) or None)
        return Message("map.done.sector", name=name_of(self.session.network, text["id"]))

    def remove(self, text: Texts) -> Message:
        """An organisation less."""
        name = name_of(self.session.network, text.get("id", ""))
        self._change(edit.remove_organisation, text.get("id", ""))
        return Message("map.done.remove", name=name)

    def directed(self, yes: bool) -> Message:
        """Ties with or without a direction."""
        self._change(set_directed, yes)
        return Message("map.done.directed" if yes else "map.done.undirected")

    def travel(self, text: Texts) -> Message:
        """Undo or redo."""
        way = "redo" if text.get("way") == "redo" else "undo"
        if not getattr(self.session, way)():
            raise Problem(self.session.notice)
        return Message(f"map.done.{way}")

    def _change(self, act: Callable[..., Network], *args: Any, **values: Any) -> None:
        if not self.session.change_network(act, *args, **values):
            raise Problem(self.session.notice)

    def _kind(self, text: Texts, field: str = "of") -> str | None:
        word = text.get(field, "")
        return self.kinds.get(name_key(word), word) or None

    def _ends(self, text: Texts) -> dict[str, str]:
        return {end: name_of(self.session.network, text.get(end, "")) for end in ("source", "target")}


def name_of(network: Network, id: str) -> str:
    """The name of an organisation, or nothing where it is not on the map."""
    return next((item.name for item in network.organisations if item.id == id), "")
