"""The network map of a page: the canvas to draw on, and another map to lay over it."""

from __future__ import annotations

import re
from datetime import datetime

import ipywidgets as w

from workshop.domain.network import Network
from workshop.texts import Message, Problem
from workshop.widgets.base import Parts, View, fold, row, say
from workshop.widgets.map_canvas import MapCanvas

MOST_VERSIONS = 8


class NetworkMap(View):
    """The group's network as a map to draw on, and two maps laid over each other."""

    def _parts(self) -> Parts:
        self.canvas = MapCanvas(self.session)
        self.versions: dict[str, tuple[Network, str]] = {}
        self.name = self.field(w.Text(), Message("map.compare.name"))
        self.choice = self.field(w.Dropdown(), Message("map.compare.choose"), self._chosen)
        self._list()
        keep = self.button(Message("map.compare.keep"), self._keep)
        inside = (say(Message("map.compare.about")), row(self.name, keep), self.choice)
        self.watch_answers("network.", self._list)
        return [self.canvas, fold(Message("map.compare.title"), *inside)]

    def compare(self, other: Network | None, name: str = "") -> None:
        """Lay another network over the group's own, such as an uploaded one; None takes it off."""
        self.canvas.compare(other, name)

    def _keep(self) -> None:
        name = self.name.value.strip()[:80]
        if not name:
            raise Problem(Message("map.compare.unnamed"))
        self._keep_as(name)
        self.name.value = ""

    def _keep_as(self, name: str) -> None:
        numbers = [
            int(i.rsplit("-", 1)[1]) for i in self.session.store.items() if re.fullmatch(r"network\.map-[0-9]+", i)
        ]
        value = {"network": self.session.network.to_dict(), "case": self.session.case, "name": name}
        self.session.save(f"network.map-{max(numbers, default=0) + 1}", value)
        self.session.notice = Message("map.done.keep", name=name)

    def _list(self) -> None:
        store, found = self.session.store, {}
        for item in store.items():
            head = store.heads(item)[0] if item.startswith("network.map-") else None
            if head:
                found[item] = ("named", str(head.value.get("name", item)), Network.from_dict(head.value["network"]))
        quarters = {answer.saved_at[:15]: answer for answer in store.history("network")}
        for answer in list(quarters.values())[-MOST_VERSIONS:]:
            time = datetime.fromisoformat(answer.saved_at).astimezone().strftime("%d/%m %H:%M")
            found[answer.ref] = ("version", time, Network.from_dict(answer.value["network"]))
        self.versions = {ref: (network, name) for ref, (_, name, network) in found.items()}
        options = [(str(Message("map.compare.none")), "")]
        for ref, (key, name, network) in found.items():
            counts = {"organisations": len(network.organisations), "ties": len(network.ties)}
            options.append((str(Message(f"map.compare.{key}", name=name, time=name, **counts)), ref))
        kept = self.choice.value
        self.choice.options = options
        self.choice.value = kept if kept in self.versions else ""

    def _chosen(self) -> None:
        self.compare(*self.versions.get(self.choice.value, (None, "")))
