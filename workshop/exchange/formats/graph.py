"""GraphML, yEd's kind included, and GEXF: an attribute counts where its name says what it is.

networkx refuses graphs in which only some edges have a direction, or an attribute has no key, and does not know that
yEd draws a tie without a direction as a line without heads: more would have to be put right for it than is read here.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from workshop.exchange.headings import ENDS, NAMES, role
from workshop.exchange.questions import refuse
from workshop.exchange.sheets import Remark, Sheet

WAYS = {"true": "directed", "false": "undirected", "mutual": "undirected"}
NODE_ROLES = ("sector", "layer", "lead", "type")
EDGE_ROLES = ("kind", "strength", "trust", "type")
NO_ATTRIBUTES = ("id", "source", "target", "directed", "type", "for", "pid", "start", "end")
"""Of the XML attributes, these say where a node or an edge belongs, and nothing about it."""
LIMIT_TAGS = 500_000
Attributes = dict[str, str]
Keys = dict[tuple[str, str], str]
"""Title of an attribute, by the part that has it (node or edge) and its code."""
Defaults = dict[tuple[str, str], tuple[str, str]]
"""Title and default of the first attribute of each role, by part and role: however many there are, few count."""


def read(name: str, raw: bytes, limit_rows: int) -> list[Sheet]:
    """A sheet of nodes and a sheet of edges; refused with a DOCTYPE, damaged, or as another kind of XML."""
    if re.search(rb"<!\s*(DOCTYPE|ENTITY)", raw.replace(b"\0", b""), re.IGNORECASE):
        raise refuse("fault.doctype", name=name)
    ties = raw.count(b"<edge ")
    if ties > limit_rows or raw.count(b"<") > LIMIT_TAGS:
        raise refuse("fault.too_many_rows", name=name, rows=ties, limit=limit_rows)
    try:
        root = ET.fromstring(raw)
    except (ET.ParseError, ValueError, LookupError) as problem:
        raise refuse("fault.damaged", name=name) from problem
    if tag(root) not in ("graphml", "gexf"):
        raise refuse("refuse.xml", name=name)
    return sheets_of(root, *keys_of(root))


def tag(item: ET.Element) -> str:
    """The name of an element without its namespace."""
    return str(item.tag).rpartition("}")[2].lower()


def keys_of(root: ET.Element) -> tuple[Keys, Defaults]:
    """What the attributes are called, and what holds where a node or an edge does not say it."""
    found: Keys = {}
    defaults: Defaults = {}
    for item in root.iter():
        for key in item:
            code = key.get("id", "")
            title = key.get("attr.name") or key.get("yfiles.type") or key.get("title") or code
            default = next((part.text or "" for part in key if tag(part) == "default"), "")
            parts = {"key": ["node", "edge"], "attribute": [item.get("class", "")]}.get(tag(key), [])
            for part in parts:
                found[part, code] = title
                if default and (meaning := role(title)):
                    defaults.setdefault((part, meaning), (title, default))
    return found, defaults


def attributes_of(item: ET.Element, keys: Keys, defaults: Defaults) -> Attributes:
    """What a node or an edge says about itself; yEd puts the name in what it draws."""
    part = tag(item)
    found = {key: text for key, text in item.attrib.items() if key not in NO_ATTRIBUTES}
    for data in item:
        if tag(data) == "attvalues":
            for value in data:
                found[keys.get((part, value.get("for", "")), "")] = value.get("value", "")
        elif tag(data) == "data" and len(data):
            labels = [drawn.text or "" for drawn in data.iter() if tag(drawn) == f"{part}label"]
            if labels:
                found["label"] = labels[0]
        elif tag(data) == "data":
            code = data.get("key", "")
            found[keys.get((part, code), code)] = data.text or ""
    for (owner, _), (title, default) in defaults.items():
        if owner == part:
            found.setdefault(title, default)
    return found


def edge_of(item: ET.Element, default: str) -> list[str]:
    """Source, target and direction of an edge; in yEd the heads of the line say which way it goes."""
    said = (item.get("directed") or item.get("type") or default).lower()
    ends = [item.get(end, "") for end in ENDS]
    arrows = next((part for part in item.iter() if tag(part) == "arrows"), None)
    if arrows is not None:
        heads = [arrows.get(end, "none") != "none" for end in ENDS]
        if heads == [True, False]:
            ends.reverse()
        elif heads[0] == heads[1]:
            said = "undirected"
    return [*ends, WAYS.get(said, said)]


def sheets_of(root: ET.Element, keys: Keys, defaults: Defaults) -> list[Sheet]:
    """Nodes and edges as rows; a node that holds others and has no ties is a box around them, no organisation."""
    default = "undirected"
    nodes: dict[str, Attributes] = {}
    boxes: set[str] = set()
    edges = []
    for item in root.iter():
        if tag(item) == "graph":
            default = (item.get("edgedefault") or item.get("defaultedgetype") or default).lower()
        elif tag(item) == "edge":
            edges.append((edge_of(item, default), attributes_of(item, keys, defaults)))
        elif tag(item) == "node" and item.get("id"):
            id = item.get("id", "")
            nodes[id] = attributes_of(item, keys, defaults)
            boxes |= {id for part in item if tag(part) == "graph"}
    tied = {end for ends, _ in edges for end in ends[:2] if end}
    for id in sorted(tied - nodes.keys()):
        nodes[id] = {}
    remarks: list[Remark] = [("groups", label_of(nodes.pop(id)) or id) for id in sorted(boxes - tied)]
    labels = {id: label_of(attributes) for id, attributes in nodes.items()}
    remarks += [("no_label", id) for id in nodes if not labels[id] and "label" in map(role, nodes[id])]
    titles = dict.fromkeys(title for attributes in nodes.values() for title in attributes)
    for _, attributes in edges:
        if attributes.get("label"):
            attributes.setdefault("kind", attributes["label"])
    named = [[labels[id] or id, id] for id in nodes]
    people = made_sheet("nodes", ["name", "id"], named, NODE_ROLES, list(nodes.values()))
    people.remarks = remarks
    people.unread = [title for title in titles if title and role(title) is None]
    rows = [ends for ends, _ in edges]
    ties = made_sheet("edges", [*ENDS, "direction"], rows, EDGE_ROLES, [attributes for _, attributes in edges])
    if not edges and default == "directed":  # a directed network without ties
        ties.rows.append((1, ["", "", default]))
    return [people, ties]


def made_sheet(
    title: str, header: list[str], rows: list[list[str]], wanted: tuple[str, ...], items: list[Attributes]
) -> Sheet:
    """A sheet with a column for each wanted role of which some attribute says something."""
    by_role = [values_of(attributes) for attributes in items]
    parts = [part for part in wanted if any(values.get(part) for values in by_role)]
    made = [(0, [*header, *parts])]
    for number, (row, values) in enumerate(zip(rows, by_role, strict=True), start=1):
        made.append((number, [*row, *(values.get(part, "") for part in parts)]))
    return Sheet(title, made, origin="graph", point=True)


def values_of(attributes: Attributes) -> dict[str, str]:
    """What attributes say of each role."""
    found: dict[str, str] = {}
    for title, text in attributes.items():
        found.setdefault(role(title) or "", " ".join(text.split()))
    return found


def label_of(attributes: Attributes) -> str:
    """The name of a node, by the attribute that holds it."""
    named = values_of(attributes)
    return next((named[part] for part in ("label", *NAMES) if part != "id" and named.get(part)), "")
