"""The network map of a page: drawn in the browser, kept by the session; and another map to lay over it.

The kernel sends the map whole when it changes.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

import ipywidgets as w
import traitlets as t

from workshop.answers.versions import time_of
from workshop.domain import governance
from workshop.domain.kept import KeptNetwork
from workshop.domain.maps import cut_sentence, overlay
from workshop.domain.measures import cut_off, measure, what_if
from workshop.domain.network import Network
from workshop.domain.values import mapping
from workshop.pictures import kind_looks, sector_signs
from workshop.session import Session
from workshop.texts import Message, Problem, words
from workshop.widgets.base import FOLDER, Boxed, Parts, View, boxed, fold, row, say

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


# -- the canvas --------------------------------------------------------------------------------------------------------

PAUSE = 0.1
"""Seconds between two states that are sent."""


class MapCanvas(Boxed):
    """The map in the browser, which draws `state` and sends what a person did through its outbox.

    Parameters
    ----------
    session : Session
    """

    _esm = boxed("map_layout.js", "map_draw.js", "map_panels.js", "map_hands.js", "network_map.js")
    _css = FOLDER / "network_map.css"

    lists = t.Dict().tag(sync=True)
    state = t.Dict().tag(sync=True)
    steps = ("network", "map")

    def __init__(self, session: Session):
        self.session = session
        self.other: tuple[Network, str] | None = None
        self._sent = 0.0
        self._later: asyncio.TimerHandle | None = None
        sectors = [[item["id"], item["label"]] for item in governance.sectors()]
        kinds = [[kind["id"], kind["label"]] for kind in governance.tie_kinds()]
        steps = [[kind["id"], kind.get("step", kind["label"])] for kind in governance.tie_kinds()]
        trust = [[str(level), str(Message(f"trust.level_{level}"))] for level in range(1, 6)]
        super().__init__(
            session,
            words=words("map.word."),
            lists={
                "partners": [item["name"] for item in governance.partner_list()],
                "sectors": [["", governance.sector_label(None)], *sectors],
                "kinds": [["", governance.kind_label(None)], *kinds],
                "steps": steps,
                "trust": [["", str(Message("network.unknown"))], *trust],
            },
            state=self._whole(),
        )
        self.hear(self.refresh, "seen", "network", "structure", "places", "hidden_kinds")

    def refresh(self) -> None:
        """Send what there is now; where it was sent just before, a moment later."""
        if self._later:
            return
        wait = self._sent + PAUSE - time.monotonic()
        if wait > 0:
            with suppress(RuntimeError):  # where no loop runs, nothing would wake us
                self._later = asyncio.get_running_loop().call_later(wait, self.session.guard(self._show))
                return
        self._show()

    def compare(self, other: Network | None, name: str = "") -> None:
        """Lay another network (B) over the group's own (A); None takes it off again."""
        self.other = None if other is None else (other, name)
        self.refresh()

    def heard(self, content: dict[str, Any]) -> None:
        """The question who loses touch when somebody leaves."""
        if content.get("kind") == "about":
            network, id = self.session.network, content.get("id")
            if any(item.id == id for item in network.organisations):
                gone = cut_off(self._visible(), str(id))
                self.send({"kind": "about", "id": id, "gone": gone, "text": str(cut_sentence(network, str(id), gone))})

    def _visible(self) -> Network:
        """The network as the map shows it: without the kinds of tie that are hidden."""
        network, hidden = self.session.network, self.session.hidden_kinds
        if not hidden:
            return network
        shown = (tie for tie in network.ties if (tie.kind or "") not in hidden)
        return Network(network.organisations, shown, network.directed)

    def _show(self) -> None:
        self._later = None
        self.state = self._whole()
        self._sent = time.monotonic()

    def _whole(self) -> dict[str, Any]:
        session = self.session
        network, hidden = session.network, set(session.hidden_kinds)
        looks = kind_looks(network)
        kinds = [[kind or "", governance.kind_label(kind or None), *look] for kind, look in looks.items()]
        visible = self._visible()
        lines = [measure("ties", visible).message, *what_if(visible)]
        names = [label for kind, label, *_ in kinds if kind in hidden]
        if names:
            lines.append(Message("map.hidden", kinds=names))
        return {
            **_parts(network),
            "ties": _ties(network, {kind or "": at for at, kind in enumerate(looks)}),
            "kinds": kinds,
            "places": [session.places.get(item.id) for item in network.organisations],
            "lead": session.lead,
            "directed": network.directed,
            "hidden": sorted(hidden),
            "lines": [str(line) for line in lines],
            "over": _over(network, *self.other) if self.other else None,
            "version": session.seen["network"],
            "map": session.seen["map"],
        }


def _parts(network: Network) -> dict[str, Any]:
    """Organisations in order, with the number of their sector; and the sectors with their signs."""
    signs = sector_signs(network)
    numbers = {sector: number for number, sector in enumerate(signs)}
    sectors = [[id or "", governance.sector_label(id), sign.shape, sign.colour] for id, sign in signs.items()]
    orgs = [[item.id, item.name, numbers[item.sector or None]] for item in network.organisations]
    return {"orgs": orgs, "sectors": sectors}


def _ties(network: Network, kinds: Mapping[str, int]) -> list[list[Any]]:
    """Ties as the numbers of their ends and of their kind, with strength and trust where they are known."""
    at = {item.id: number for number, item in enumerate(network.organisations)}
    rows = []
    for tie in network.ties:
        (source, target), kind = network.tie_key(tie)
        more = [tie.strength, tie.trust] if tie.trust is not None else [tie.strength] if tie.strength else []
        rows.append([at[source], at[target], kinds[kind or ""], *more])
    return rows


def _over(network: Network, other: Network, name: str) -> dict[str, Any]:
    """Two maps in one, with the side of each organisation and tie, and what that says in sentences."""
    together, sides, pairs = overlay(network, other)
    parts = _parts(together)
    at = {item.id: number for number, item in enumerate(together.organisations)}
    counted = Counter(pairs.values())
    lines = [Message("map.compare.result", name=name, **{side: counted[side] for side in ("both", "a", "b")})]
    for side in ("a", "b"):
        only = [item.name for item in together.organisations if sides[item.id] == side]
        if only:
            lines.append(Message(f"map.compare.only_{side}", names=only))
    return {
        "orgs": [[*org, sides[org[0]]] for org in parts["orgs"]],
        "sectors": parts["sectors"],
        "ties": [[at[a], at[b], side] for (a, b), side in pairs.items()],
        "lines": [str(line) for line in lines],
    }
