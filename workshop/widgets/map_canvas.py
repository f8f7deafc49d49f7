"""The network map: drawn in the browser, kept by the session; only what changed goes over the line."""

from __future__ import annotations

import math
import re
from collections import Counter
from pathlib import Path
from typing import Any

import anywidget
import traitlets as t

from workshop.domain import edit, governance
from workshop.domain.maps import add_ties, change_tie, cut_off, cut_sentence, overlay, set_directed
from workshop.domain.measures import measure, what_if
from workshop.domain.network import Network, Tie, clean_name, name_key, new_id
from workshop.drawing import sector_signs
from workshop.pictures import LOOKS, kind_looks
from workshop.session import Session
from workshop.texts import Message, Problem, message_keys
from workshop.widgets.base import kit

NUMBERS = re.compile(r"\s*[0-9]{1,6}(?:[\s,;:>–-]+[0-9]{1,6})+\s*")
KEYED = ("orgs", "ties", "kinds", "places")
# filled in by the browser
HOLES = {hole: f"{{{hole}}}" for hole in ("name", "n", "sector", "ties", "source", "target", "text", "label")}


def _organisations(network: Network, lead: str | None) -> dict[str, dict[str, Any]]:
    signs = sector_signs(network)
    labels = {sector: governance.sector_label(sector) for sector in signs}
    found = {}
    for number, item in enumerate(network.organisations, 1):
        shape, colour = signs[item.sector or None]
        looks = {"shape": shape, "colour": colour, "label": labels[item.sector or None], "lead": item.id == lead}
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
        self.session = session
        self.places: dict[str, list[float]] = {}
        self.hidden: list[str] = []
        self.other: tuple[Network, str] | None = None
        self._acting = False
        partners = governance.partner_list()
        self.partners = {name_key(item["name"]): item for item in partners}
        for item in partners:  # the short names in it will do
            for word in re.split("[(),]", item["name"]):
                self.partners.setdefault(name_key(word), item)
        self._read()
        self.shown: dict[str, Any] = self._now()
        sectors = [[item["id"], item["label"]] for item in governance.sectors()]
        kinds = [[kind, governance.kind_label(kind)] for kind in LOOKS if kind]
        trust = [[str(level), str(Message(f"trust.level_{level}"))] for level in range(1, 6)]
        self.sectors = {name_key(label): id for id, label in sectors}
        self.kinds = {name_key(label): kind for kind, label in kinds}
        super().__init__(
            key=f"{session.store.room}/{session.store.group}/table/map",
            words={key[9:]: str(Message(key, **HOLES)) for key in message_keys() if key.startswith("map.word.")},
            lists={
                "partners": [item["name"] for item in partners],
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
        self.session.keep("map", lambda: {"positions": self.places, "hidden_kinds": self.hidden})

    def _tell_kept(self) -> None:
        if not (self._acting or self.session.waiting):
            self.send({"kind": "kept", "n": self.session.upto})

    def _done(self, n: str) -> bool:
        """Whether an edit of a page that was open before is on the disk."""
        page, _, number = n.rpartition("-")
        if not number.isdecimal():
            return False
        kept = [answer.value.get("upto") or "" for answer in self.session.store.history("network") if answer.value]
        marks = (mark.rpartition("-") for mark in kept)
        return any(where == page and int(last) >= int(number) for where, _, last in marks)

    def _received(self, _widget, content: Any, _buffers) -> None:
        if not isinstance(content, dict) or not isinstance(content.get("do"), str):
            return
        act, n = getattr(self, f"_do_{content['do']}", None), str(content.get("n", ""))
        if act is None or (n and n == self.session.upto):  # the same message twice does nothing twice
            return
        self.session.upto, self._acting, told, ok = n, True, None, False
        text = {key: value if isinstance(value, str) else "" for key, value in content.items()}
        known = {item.id for item in self.session.network.organisations}
        try:
            if not self._done(text.get("again", "")):
                with self.session.drawing(content["do"] != "travel"):
                    told = act(text, content)
            ok = True
        except Problem as problem:
            self.session.notice = told = problem.message
        finally:
            self._acting = False
        new = [item.id for item in self.session.network.organisations if item.id not in known]
        kept = not self.session.waiting
        self.send({"kind": "reply", "n": n, "ok": ok, "kept": kept, "text": str(told or ""), "new": new})

    def _change(self, act, *args: Any, **values: Any) -> None:
        if not self.session.change_network(act, *args, **values):
            raise Problem(self.session.notice)

    def _name(self, id: str) -> str:
        return self.session.network.name(id) if id in self.shown["orgs"] else ""

    def _ends(self, text: dict[str, str]) -> dict[str, str]:
        return {"source": self._name(text.get("source", "")), "target": self._name(text.get("target", ""))}

    def _kind(self, word: str) -> str | None:
        return self.kinds.get(name_key(word), word) or None

    def _do_enter(self, text: dict[str, str], content: dict) -> Message:
        line, kind, count = text.get("text", ""), self._kind(text.get("of", "")), len(self.session.network.ties)
        if NUMBERS.fullmatch(line):
            self._change(add_ties, [int(number) for number in re.findall("[0-9]+", line)], kind)
            return Message("map.done.ties", n=len(self.session.network.ties) - count)
        if (
            line.strip().isdecimal()
            and line.strip().isascii()
            and 1 <= int(line.strip()[:6]) <= len(self.shown["orgs"])
        ):
            raise Problem(Message("map.one_number", number=line.strip()[:6]))
        partner = self.partners.get(name_key(line), {"sector": None, "layer": None})
        before, spot = self.places, _spot(content.get("at"))
        id = new_id(clean_name(line), (item.id for item in self.session.network.organisations))
        self.places = {key: place for key, place in before.items() if key != id} | ({id: spot} if spot else {})
        try:
            self._change(edit.add_organisation, line, sector=partner["sector"], layer=partner["layer"])
        except Problem:
            self.places = before
            raise
        self._save() if spot else None
        return Message("map.done.add", name=self.session.network.organisations[-1].name)

    def _do_tie(self, text: dict[str, str], _content: dict) -> Message:
        source, target = text.get("source", ""), text.get("target", "")
        self._change(edit.add_tie, source, target, kind=self._kind(text.get("of", "")))
        return Message("map.done.tie", **self._ends(text))

    def _do_untie(self, text: dict[str, str], _content: dict) -> Message:
        self._change(edit.remove_tie, text.get("source", ""), text.get("target", ""), kind=text.get("of") or None)
        return Message("map.done.untie", **self._ends(text))

    def _do_set_tie(self, text: dict[str, str], content: dict) -> Message:
        source, target, kind = text.get("source", ""), text.get("target", ""), text.get("of") or None
        old = (source, target, kind)
        if content.get("turn"):
            self._change(change_tie, old, (target, source, kind))
        elif "to" in content:
            self._change(change_tie, old, (source, target, self._kind(text["to"])))
        elif "trust" in content:
            trust = text["trust"]
            self._change(edit.set_tie, *old, trust=int(trust) if re.fullmatch("[0-9]{1,3}", trust) else trust or None)
        else:
            self._change(edit.set_tie, *old, strength=text.get("strength", "").strip().replace(",", ".") or None)
        return Message("map.done.set_tie", **self._ends(text))

    def _do_rename(self, text: dict[str, str], _content: dict) -> Message:
        self._change(edit.rename, text.get("id", ""), text.get("name", ""))
        return Message("map.done.rename", name=self._name(text["id"]))

    def _do_sector(self, text: dict[str, str], _content: dict) -> Message:
        word = text.get("sector", "")
        self._change(edit.set_organisation, text.get("id", ""), sector=self.sectors.get(name_key(word), word) or None)
        return Message("map.done.sector", name=self._name(text["id"]))

    def _do_remove(self, text: dict[str, str], _content: dict) -> Message:
        name = self._name(text.get("id", ""))
        self._change(edit.remove_organisation, text.get("id", ""))
        return Message("map.done.remove", name=name)

    def _do_directed(self, _text: dict[str, str], content: dict) -> Message:
        self._change(set_directed, bool(content.get("yes")))
        return Message("map.done.directed" if content.get("yes") else "map.done.undirected")

    def _do_travel(self, text: dict[str, str], _content: dict) -> Message:
        way = "redo" if text.get("way") == "redo" else "undo"
        if not getattr(self.session, way)():
            raise Problem(self.session.notice)
        return Message(f"map.done.{way}")

    def _do_place(self, _text: dict[str, str], content: dict) -> None:
        fresh = {id: spot for id, spot in _spots(content.get("places")).items() if self.places.get(id) != spot}
        if fresh:
            self.places = {**self.places, **fresh}
            self.refresh()
            self._save()

    def _do_hide(self, _text: dict[str, str], content: dict) -> None:
        kinds = content.get("kinds")
        self.hidden = [str(kind) for kind in kinds][:100] if isinstance(kinds, list) else []
        self.refresh()
        self._save()

    def _do_about(self, text: dict[str, str], _content: dict) -> None:
        if (id := text.get("id", "")) in self.shown["orgs"]:
            gone, network = cut_off(self.session.network, id), self.session.network
            self.send({"kind": "about", "id": id, "gone": gone, "text": str(cut_sentence(network, id, gone))})
