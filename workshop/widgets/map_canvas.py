"""The network map: drawn in the browser, kept by the session; only what changed goes over the line."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anywidget
import traitlets as t

from workshop.domain import governance
from workshop.domain.maps import cut_off, cut_sentence, overlay
from workshop.domain.measures import measure, what_if
from workshop.domain.network import Network, Tie, clean_name, new_id
from workshop.pictures import kind_looks, sector_signs
from workshop.session import Session
from workshop.texts import Message, Problem, message_keys
from workshop.widgets.base import kit
from workshop.widgets.map_edits import MapEdits

PLAIN = ("tie", "untie", "rename", "sector", "remove", "travel")
KEYED = ("orgs", "ties", "kinds", "places")
# filled in by the browser
HOLES = {hole: f"{{{hole}}}" for hole in ("name", "n", "sector", "ties", "source", "target", "text", "label")}


def _organisations(network: Network, lead: str | None) -> dict[str, dict[str, Any]]:
    signs = sector_signs(network)
    labels = {sector: governance.sector_label(sector) for sector in signs}
    found = {}
    for number, item in enumerate(network.organisations, 1):
        sign = signs[item.sector or None]
        looks = {
            "shape": sign.shape,
            "colour": sign.colour,
            "label": labels[item.sector or None],
            "lead": item.id == lead,
        }
        found[item.id] = {"n": number, "name": item.name, "sector": item.sector or "", **looks}
    return found


def _tie(network: Network, tie: Tie) -> tuple[str, dict[str, Any]]:
    (source, target), kind = network.tie_key(tie)
    values = {"source": source, "target": target, "kind": kind or "", "strength": tie.strength, "trust": tie.trust}
    return f"{source}\n{target}\n{kind or ''}", values


def _over(network: Network, other: Network, name: str) -> dict[str, Any]:
    together, sides, pairs = overlay(network, other)
    orgs = _organisations(together, None)
    for id, item in orgs.items():
        item["side"] = sides[id]
    ties = {f"{a}\n{b}\n": {"source": a, "target": b, "kind": "", "side": side} for (a, b), side in pairs.items()}
    counted = Counter(pairs.values())
    lines = [Message("map.compare.result", name=name, **{side: counted[side] for side in ("both", "a", "b")})]
    for side in ("a", "b"):
        only = [item["name"] for item in orgs.values() if item["side"] == side]
        lines += [Message(f"map.compare.only_{side}", names=only)] if only else []
    return {"orgs": orgs, "ties": ties, "lines": [str(line) for line in lines]}


def _spot(value: Any) -> list[float] | None:
    if not isinstance(value, (list, tuple)) or len(value) != 2:
        return None
    good = all(isinstance(number, (int, float)) and math.isfinite(number) and abs(number) < 1e6 for number in value)
    return [round(float(number), 1) for number in value] if good else None


def _spots(value: Any) -> dict[str, list[float]]:
    found = ((str(id), _spot(spot)) for id, spot in value.items()) if isinstance(value, dict) else ()
    return {id: spot for id, spot in found if spot}


class MapCanvas(anywidget.AnyWidget):
    """The map in the browser. It gets the whole once, then only what changed; it sends what a person did.

    Parameters
    ----------
    session : Session
    """

    _esm = kit("map_layout.js", "map_draw.js", "map_wire.js", "map_panels.js", "map_hands.js", "network_map.js")
    _css = Path(__file__).parent / "network_map.css"

    key = t.Unicode().tag(sync=True)
    words = t.Dict().tag(sync=True)
    lists = t.Dict().tag(sync=True)
    # never set: a page that opens gets what the map shows at that moment
    whole = t.Int(0).tag(sync=True, to_json=lambda _value, canvas: canvas.shown)

    def __init__(self, session: Session):
        self.session, self.edits = session, MapEdits(session)
        self.places: dict[str, list[float]] = {}
        self.hidden: list[str] = []
        self.other: tuple[Network, str] | None = None
        self.upto, self._acting = "", False  # the last edit, as the browser numbers it
        self._read()
        self.shown: dict[str, Any] = self._now()
        sectors = [[item["id"], item["label"]] for item in governance.sectors()]
        kinds = [[kind["id"], kind["label"]] for kind in governance.tie_kinds()]
        trust = [[str(level), str(Message(f"trust.level_{level}"))] for level in range(1, 6)]
        super().__init__(
            key=f"{session.store.room}/{session.store.group}/table/map",
            words={key[9:]: str(Message(key, **HOLES)) for key in message_keys() if key.startswith("map.word.")},
            lists={
                "partners": [item["name"] for item in governance.partner_list()],
                "sectors": [["", governance.sector_label(None)], *sectors],
                "kinds": [["", governance.kind_label(None)], *kinds],
                "trust": [["", str(Message("network.unknown"))], *trust],
            },
        )
        self.on_msg(session.guard(self._received))
        show, read = session.guard(self.refresh), session.guard(self._read)
        session.observe(lambda _change: show(), ("network", "structure"))
        session.observe(lambda change: None if change.new[0] else (read(), show()), "answered")
        session.observe(lambda _change: self._tell_kept(), "answered")

    def refresh(self) -> None:
        """Send what differs from what the browser has."""
        new, old = self._now(), self.shown
        changes: dict[str, Any] = {}
        for part, value in new.items():
            if part in KEYED:
                fresh = {key: item for key, item in value.items() if old[part].get(key) != item}
                gone = {key: None for key in old[part] if key not in value}
                if fresh or gone:
                    changes[part] = {**fresh, **gone}
            elif value != old[part]:
                changes[part] = value
        self.shown = new
        if changes:
            self.send({"kind": "patch", "changes": changes})

    def compare(self, other: Network | None, name: str = "") -> None:
        """Lay another network (B) over the group's own (A); None takes it off again."""
        self.other = None if other is None else (other, name)
        self.refresh()

    def _now(self) -> dict[str, Any]:
        network = self.session.network
        kinds = {
            kind: {"dash": dash, "colour": colour, "label": governance.kind_label(kind or None)}
            for kind, (dash, colour) in kind_looks(network).items()
        }
        hidden, visible = [kind for kind in kinds if kind in self.hidden], network
        if hidden:
            stay = (tie for tie in network.ties if (tie.kind or "") not in hidden)
            visible = Network(network.organisations, stay, network.directed)
        lines = [measure("ties", visible).message, *what_if(visible)]
        if hidden:
            lines.append(Message("map.hidden", kinds=[kinds[kind]["label"] for kind in hidden]))
        return {
            "orgs": _organisations(network, self.session.lead),
            "ties": dict(_tie(network, tie) for tie in network.ties),
            "kinds": kinds,
            "places": dict(self.places),
            "directed": network.directed,
            "hidden": self.hidden,
            "lines": [str(line) for line in lines],
            "over": _over(network, *self.other) if self.other else None,
        }

    def _read(self) -> None:
        kept = self.session.store.get("map")
        kept = kept if isinstance(kept, dict) else {}
        self.places, hidden = _spots(kept.get("positions")), kept.get("hidden_kinds")
        self.hidden = [str(kind) for kind in hidden] if isinstance(hidden, list) else []

    def _save(self) -> None:
        kept = {"positions": self.places, "hidden_kinds": self.hidden, "upto": self.upto}
        self.session.keep("map", lambda: kept)

    def _tell_kept(self) -> None:
        if not (self._acting or self.session.waiting):
            self.send({"kind": "kept", "n": self.upto})

    def _done(self, n: str) -> bool:
        """Whether an edit of a page that was open before is on the disk."""
        page, _, number = n.rpartition("-")
        if not number.isdecimal():
            return False
        kept = (answer.value for answer in self.session.store.history("map") if isinstance(answer.value, dict))
        marks = (str(value.get("upto")).rpartition("-") for value in kept)
        return any(where == page and last.isdecimal() and int(last) >= int(number) for where, _, last in marks)

    def _act(self, what: str) -> Callable[[dict[str, str], dict], Message | None] | None:
        if what in PLAIN:
            return lambda text, _content: getattr(self.edits, what)(text)
        return getattr(self, f"_do_{what}", None)

    def _received(self, _widget, content: Any, _buffers) -> None:
        if not isinstance(content, dict) or not isinstance(content.get("do"), str):
            return
        act, n = self._act(content["do"]), str(content.get("n", ""))
        if act is None or (n and n == self.upto):  # the same message twice does nothing twice
            return
        self.upto, self._acting, told, ok = n, True, None, False
        text = {key: value if isinstance(value, str) else "" for key, value in content.items()}
        known = {item.id for item in self.session.network.organisations}
        try:
            if not self._done(text.get("again", "")):
                with self.session.drawing(content["do"] != "travel"):
                    told = act(text, content)
                    if content["do"] != "about":
                        self._save()
            ok = True
        except Problem as problem:
            self.session.notice = told = problem.message
        finally:
            self._acting = False
        new = [item.id for item in self.session.network.organisations if item.id not in known]
        kept = not self.session.waiting
        self.send({"kind": "reply", "n": n, "ok": ok, "kept": kept, "text": str(told or ""), "new": new})

    def _do_enter(self, text: dict[str, str], content: dict) -> Message:
        before, spot, people = self.places, _spot(content.get("at")), self.session.network.organisations
        id = new_id(clean_name(text.get("text", "")), (item.id for item in people))  # as it will be called
        self.places = {key: place for key, place in before.items() if key != id} | ({id: spot} if spot else {})
        try:
            told = self.edits.enter(text)
        except Problem:
            self.places = before
            raise
        if len(self.session.network.organisations) == len(people):
            self.places = before
        return told

    def _do_set_tie(self, text: dict[str, str], content: dict) -> Message:
        return self.edits.set_tie(text, content)

    def _do_directed(self, _text: dict[str, str], content: dict) -> Message:
        return self.edits.directed(bool(content.get("yes")))

    def _do_place(self, _text: dict[str, str], content: dict) -> None:
        fresh = {id: spot for id, spot in _spots(content.get("places")).items() if self.places.get(id) != spot}
        if fresh:
            self.places = {**self.places, **fresh}
            self.refresh()

    def _do_hide(self, _text: dict[str, str], content: dict) -> None:
        kinds = content.get("kinds")
        self.hidden = [str(kind) for kind in kinds][:100] if isinstance(kinds, list) else []
        self.refresh()

    def _do_about(self, text: dict[str, str], _content: dict) -> None:
        if (id := text.get("id", "")) in self.shown["orgs"]:
            gone, network = cut_off(self.session.network, id), self.session.network
            self.send({"kind": "about", "id": id, "gone": gone, "text": str(cut_sentence(network, id, gone))})
