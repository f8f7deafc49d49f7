"""GraphML, yEd's kind included, and GEXF."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from workshop.exchange.questions import refuse
from workshop.exchange.sheets import ENDS, Figure, Sheet, role

NAMES = ("label", "name", "naam", "organisation", "organisatie", "nodelabel")


def read(name: str, raw: bytes) -> list[Sheet]:
    """A sheet of nodes and a sheet of edges.

    Raises
    ------
    ImportProblem
        If it holds a DOCTYPE, is damaged, or is another kind of XML.
    """
    if re.search(rb"<!\s*(DOCTYPE|ENTITY)", raw.replace(b"\0", b""), re.IGNORECASE):
        raise refuse("fault.doctype", name=name)
    try:
        root = ET.fromstring(raw)
    except (ET.ParseError, ValueError, LookupError) as problem:
        raise refuse("fault.damaged", name=name) from problem
    if _tag(root) not in ("graphml", "gexf"):
        raise refuse("refuse.xml", name=name)
    keys: dict[str, str] = {}
    nodes: list[dict[str, str]] = []
    edges: list[dict[str, str]] = []
    default = "undirected"
    for item in root.iter():
        tag = _tag(item)
        if tag in ("key", "attribute"):
            keys[item.get("id", "")] = item.get("attr.name") or item.get("title") or ""
        elif tag == "graph":
            default = (item.get("edgedefault") or item.get("defaultedgetype") or default).lower()
        elif tag == "node":
            found = _values(item, keys)
            nodes.append({"name": _name(found) or item.get("id", ""), "id": item.get("id", ""), **found})
        elif tag == "edge":
            found = _values(item, keys)
            direction = (item.get("directed") or item.get("type") or default).lower()
            direction = {"true": "directed", "false": "undirected", "mutual": "undirected"}.get(direction, direction)
            weight = {"strength": item.get("weight", "")} if item.get("weight") else {}
            ends = {"source": item.get("source", ""), "target": item.get("target", "")}
            edges.append({**ends, "direction": direction, **weight, **found})
    if default == "directed" and not edges:
        edges.append({"source": "", "target": "", "direction": "directed"})
    return [
        _sheet("nodes", ("name", "id"), nodes, ("label", "organisation", "kind", *ENDS)),
        _sheet("edges", (*ENDS, "direction"), edges, ("label", "organisation", "name", "id")),
    ]


def _tag(item: ET.Element) -> str:
    return str(item.tag).rpartition("}")[2].lower()


def _values(item: ET.Element, keys: dict[str, str]) -> dict[str, str]:
    """What is said of a node or an edge, by the name of its attribute."""
    found: dict[str, str] = {}
    if item.get("label"):
        found["label"] = item.get("label", "")
    for part in item.iter():
        tag, text = _tag(part), (part.text or "").strip()
        if part is not item and tag in ("node", "edge", "graph"):
            break
        if tag == "data" and text:
            found[keys.get(part.get("key", ""), "") or part.get("key", "")] = text
        elif tag == "attvalue":
            found[keys.get(part.get("for", ""), "")] = part.get("value", "")
        elif tag in ("nodelabel", "edgelabel") and text:
            found.setdefault({"edgelabel": "kind"}.get(tag, tag), text)
    return found


def _name(found: dict[str, str]) -> str:
    """The name of a node: label, name, then yEd's own label."""
    lower = {key.lower(): value for key, value in found.items()}
    return next((lower[key] for key in NAMES if lower.get(key, "").strip()), "")


def _sheet(name: str, first: tuple[str, ...], items: list[dict[str, str]], barred: tuple[str, ...]) -> Sheet:
    """Items as rows, each attribute a column; attributes may not take over what the format itself says."""
    others = dict.fromkeys(key for item in items for key in item if key and role(key) not in (*first, *barred))
    header = [*first, *(key for key in others if key not in first)]
    rows = [(0, header)]
    for number, item in enumerate(items, start=1):
        rows.append((number, [_figure(item.get(key, "")) for key in header]))
    return Sheet(name, rows, origin="graph", point=True)


def _figure(text: str) -> str:
    return Figure(text) if re.fullmatch(r"-?\d+(\.\d+)?([eE][+-]?\d+)?", text) else text
