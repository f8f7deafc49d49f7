"""The network map of a page: the canvas to draw on, and another map to lay over it."""

from __future__ import annotations

import re
from datetime import datetime

import ipywidgets as w

from workshop.answers.versions import time_of
from workshop.domain.kept import KeptNetwork
from workshop.domain.network import Network
from workshop.domain.values import mapping
from workshop.texts import Message, Problem
from workshop.widgets.base import Parts, View, fold, row, say
from workshop.widgets.map_canvas import MapCanvas

MOST_VERSIONS = 8
NOTHING: tuple[Network | None, str] = (None, "")
"""What is laid over the map where nothing is chosen."""


class NetworkMap(View):
    """The group's network as a map to draw on, and two maps laid over each other."""

    def _parts(self) -> Parts:
        self.canvas = MapCanvas(self.session)
        self.name = self.field(w.Text(continuous_update=False), Message("map.compare.name"))
        self.choice = self.field(w.Dropdown(), Message("map.compare.choose"), self._chosen)
        keep = self.button(Message("map.compare.keep"), self._keep)
        inside = (say(Message("map.compare.about")), row(self.name, keep), self.choice)
        opened = self.session.guard(lambda is_open: self._list() if is_open else None)
        return [self.canvas, fold(Message("map.compare.title"), *inside, opened=opened)]

    def _keep(self) -> None:
        name = self.name.value.strip()[:80]
        if not name:
            raise Problem(Message("map.compare.unnamed"))
        numbers = [int(item.rsplit("-", 1)[1]) for item in self._named()]
        kept = KeptNetwork(self.session.network, self.session.case).to_dict()
        if self.session.save(f"network.map-{max(numbers, default=0) + 1}", {**kept, "name": name}) is None:
            return
        self.session.notice = Message("map.done.keep", name=name)
        self.name.value = ""
        self._list()

    def _named(self) -> list[str]:
        known = sorted(self.session.store.answered_items())
        return [item for item in known if re.fullmatch("network[.]map-[0-9]+", item)]

    def _list(self) -> None:
        store = self.session.store
        found = []
        for item in self._named():
            value = mapping(store.get(item))
            found.append(("named", str(value.get("name", item)), value))
        quarters = {answer.saved_at[:15]: answer for answer in store.history("network") if time_of(answer.saved_at)}
        for answer in list(quarters.values())[-MOST_VERSIONS:]:
            saved = datetime.fromisoformat(answer.saved_at).astimezone().strftime("%d/%m %H:%M")
            found.append(("version", saved, answer.value))
        options = [(str(Message("map.compare.none")), NOTHING)]
        for key, name, value in found:
            network = KeptNetwork.from_dict(value).network
            counts = {"organisations": len(network.organisations), "ties": len(network.ties)}
            options.append((str(Message(f"map.compare.{key}", name=name, time=name, **counts)), (network, name)))
        kept = self.choice.value
        self.choice.options = options
        self.choice.value = kept if kept in [other for _, other in options] else NOTHING

    def _chosen(self) -> None:
        self.canvas.compare(*self.choice.value)
