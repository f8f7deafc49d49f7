"""GraphML, yEd's kind included, and GEXF."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from workshop.exchange.questions import refuse
from workshop.exchange.sheets import Figure, Sheet
from workshop.exchange.tables import ENDS, role

DRAWN = ("nodelabel", "edgelabel", "label", "label.text")
NAMES = ("label", "name", "organisation")


def read(name: str, raw: bytes) -> list[Sheet]:
    """A sheet of nodes and a sheet of edges; refused with a DOCTYPE, damaged, or as another kind of XML."""
    if re.search(rb"<!\s*(DOCTYPE|ENTITY)", raw.replace(b"\0", b""), re.IGNORECASE):
        raise refuse("fault.doctype", name=name)
    try:
        root = ET.fromstring(raw)
    except (ET.ParseError, ValueError, LookupError) as problem:
        raise refuse("fault.damaged", name=name) from problem
    if _tag(root) not in ("graphml", "gexf"):
        raise refuse("refuse.xml", name=name)
    keys: dict[str, str] = {}
    nodes: dict[str, dict[str, str]] = {}
    groups: set[str] = set()
    edges: list[dict[str, str]] = []
    default = "undirected"
    for item in root.iter():
        tag, id = _tag(item), item.get("id", "")
        if tag in ("key", "attribute"):
            keys[id] = item.get("attr.name") or item.get("title") or ""
        elif tag == "graph":
            default = (item.get("edgedefault") or item.get("defaultedgetype") or default).lower()
        elif tag == "node":
            found, drawn = _values(item, keys)
            named = {role(key): value for key, value in reversed(found.items()) if value}
            title = next((named[part] for part in NAMES if part in named), drawn or id)
            nodes[id] = {**found, "name": title, "id": id}
            if any(_tag(part) == "graph" for part in item):
                groups.add(id)
        elif tag == "edge":
            found, drawn = _values(item, keys)
            edges.append({**({"kind": drawn} if drawn else {}), **found, **_ends(item, default)})
    groups -= {edge[end] for edge in edges for end in ENDS}
    if default == "directed" and not edges:
        edges.append({"source": "", "target": "", "direction": "directed"})
    boxes = [("groups", nodes.pop(id)["name"]) for id in sorted(groups)]
    return [
        _sheet("nodes", ("name", "id"), nodes.values(), ("label", "organisation", "kind", *ENDS), boxes),
        _sheet("edges", (*ENDS, "direction"), edges, ("label", "organisation", "name", "id")),
    ]


def _tag(item: ET.Element) -> str:
    return str(item.tag).rpartition("}")[2].lower()


def _values(item: ET.Element, keys: dict[str, str]) -> tuple[dict[str, str], str]:
    """What is said of a node or an edge, by the name of its attribute, and the label that it is drawn with."""
    found = {"label": item.get("label", "")} if item.get("label") else {}
    drawn = ""
    for part in item.iter():
        tag, text = _tag(part), " ".join((part.text or part.get("Text") or "").split())
        if part is not item and tag in ("node", "edge", "graph"):
            break
        if tag == "data" and text:
            found[keys.get(part.get("key", ""), "") or part.get("key", "")] = text
        elif tag == "attvalue":
            found[keys.get(part.get("for", ""), "")] = part.get("value", "")
        elif tag in DRAWN:
            drawn = drawn or text
    return found, drawn


def _ends(item: ET.Element, default: str) -> dict[str, str]:
    """Both ends of an edge, its direction and its weight; in yEd the heads of an arrow say the direction."""
    ends = [item.get(end, "") for end in ENDS]
    direction = (item.get("directed") or item.get("type") or default).lower()
    direction = {"true": "directed", "false": "undirected", "mutual": "undirected"}.get(direction, direction)
    heads = next(
        ([part.get(end, "none") != "none" for end in ENDS] for part in item.iter() if _tag(part) == "arrows"), []
    )
    if heads == [True, False]:
        ends.reverse()
    elif heads and heads[0] == heads[1]:
        direction = "undirected"
    weight = {"strength": item.get("weight", "")} if item.get("weight") else {}
    return {**dict(zip(ENDS, ends, strict=True)), "direction": direction, **weight}


def _sheet(name: str, first: tuple[str, ...], items, barred: tuple[str, ...], remarks=()) -> Sheet:
    """Items as rows, each attribute a column; attributes may not take over what the format itself says."""
    others = dict.fromkeys(key for item in items for key in item if key and role(key) not in (*first, *barred))
    header = [*first, *(key for key in others if key not in first)]
    rows = [(0, header)]
    for number, item in enumerate(items, start=1):
        rows.append((number, [_figure(item.get(key, "")) for key in header]))
    return Sheet(name, rows, origin="graph", point=True, remarks=list(remarks))


def _figure(text: str) -> str:
    return Figure(text) if re.fullmatch(r"-?\d+(\.\d+)?([eE][+-]?\d+)?", text) else text
