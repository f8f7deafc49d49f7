"""GraphML, yEd's kind included, and GEXF: an attribute counts where its name says what it is.

networkx refuses graphs in which only some edges have a direction, or an attribute has no key, and does not know that
yEd draws a tie without a direction as a line without heads: more would have to be put right for it than is read here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.etree import ElementTree as ET

from workshop.exchange.headings import ENDS, NAMES, role
from workshop.exchange.questions import refuse
from workshop.exchange.sheets import Sheet

WAYS = {"true": "directed", "false": "undirected", "mutual": "undirected"}
NODE_ROLES = ("sector", "layer", "lead", "type")
EDGE_ROLES = ("kind", "strength", "trust", "type")
NO_ATTRIBUTES = ("id", "source", "target", "directed", "type", "for", "pid", "start", "end")
"""Of the XML attributes, these say where a node or an edge belongs, and nothing about it."""
LIMIT_TAGS = 500_000
Attributes = dict[str, str]
Keys = dict[tuple[str, str], tuple[str, str]]
"""Title and default of an attribute, by the part that has it (node or edge) and its code."""


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
    keys = keys_of(root)
    edges = edges_of(root, keys)
    return [node_sheet(root, keys, {end for ends, _ in edges for end in ends[:2]}), edge_sheet(root, edges)]


def tag(item: ET.Element) -> str:
    """The name of an element without its namespace."""
    return str(item.tag).rpartition("}")[2].lower()


def keys_of(root: ET.Element) -> Keys:
    """What the attributes are called."""
    found: Keys = {}
    for item in root.iter():
        for key in item:
            code = key.get("id", "")
            title = key.get("attr.name") or key.get("yfiles.type") or key.get("title") or code
            default = next((part.text or "" for part in key if tag(part) == "default"), "")
            if tag(key) == "key":
                found["node", code] = found["edge", code] = (title, default)
            elif tag(key) == "attribute":
                found[item.get("class", ""), code] = (title, default)
    return found


def attributes_of(item: ET.Element, keys: Keys) -> Attributes:
    """What a node or an edge says about itself; yEd puts the name in what it draws."""
    part = tag(item)
    found = {key: text for key, text in item.attrib.items() if key not in NO_ATTRIBUTES}
    for data in item:
        if tag(data) == "attvalues":
            for value in data:
                title, _ = keys.get((part, value.get("for", "")), ("", ""))
                found[title] = value.get("value", "")
        elif tag(data) == "data" and len(data):
            labels = [drawn.text or "" for drawn in data.iter() if tag(drawn) == f"{part}label"]
            if labels:
                found["label"] = labels[0]
        elif tag(data) == "data":
            code = data.get("key", "")
            title, _ = keys.get((part, code), (code, ""))
            found[title] = data.text or ""
    for (owner, _), (title, default) in keys.items():
        if owner == part and default:
            found.setdefault(title, default)
    return found


def edges_of(root: ET.Element, keys: Keys) -> list[tuple[list[str], Attributes]]:
    """Source, target and direction of each edge, and its attributes."""
    found = []
    default = "undirected"
    for item in root.iter():
        if tag(item) == "graph":
            default = default_of(item, default)
        elif tag(item) == "edge":
            said = (item.get("directed") or item.get("type") or default).lower()
            ends = [item.get(end, "") for end in ENDS]
            arrows = next((part for part in item.iter() if tag(part) == "arrows"), None)
            if arrows is not None:
                heads = [arrows.get(end, "none") != "none" for end in ENDS]
                if heads == [True, False]:
                    ends.reverse()
                elif heads[0] == heads[1]:
                    said = "undirected"
            found.append(([*ends, WAYS.get(said, said)], attributes_of(item, keys)))
    return found


def default_of(graph: ET.Element, otherwise: str) -> str:
    """The direction of the edges of a graph that say nothing."""
    return (graph.get("edgedefault") or graph.get("defaultedgetype") or otherwise).lower()


def node_sheet(root: ET.Element, keys: Keys, tied: set[str]) -> Sheet:
    """Nodes as rows; one that holds other nodes and has no ties is a box around them, and no organisation."""
    nodes: dict[str, Attributes] = {}
    remarks = []
    for item in root.iter():
        if tag(item) != "node" or not item.get("id"):
            continue
        id = item.get("id", "")
        attributes = attributes_of(item, keys)
        if id not in tied and any(tag(part) == "graph" for part in item):
            remarks.append(("groups", label_of(attributes) or id))
        else:
            nodes[id] = attributes
    for id in sorted(tied - nodes.keys() - {""}):
        nodes[id] = {}
    rows = []
    for id, attributes in nodes.items():
        label = label_of(attributes)
        if not label and "label" in map(role, attributes):
            remarks.append(("no_label", id))
        rows.append([label or id, id])
    said = [title for attributes in nodes.values() for title in attributes]
    unread = [title for title in dict.fromkeys(said) if title and role(title) is None]
    made = made_sheet("nodes", ["name", "id"], rows, NODE_ROLES, nodes.values())
    made.remarks = remarks
    made.unread = unread
    return made


def edge_sheet(root: ET.Element, edges: list[tuple[list[str], Attributes]]) -> Sheet:
    """Edges as rows; their label is the kind of tie."""
    for _, attributes in edges:
        if attributes.get("label"):
            attributes.setdefault("kind", attributes["label"])
    rows = [ends for ends, _ in edges]
    made = made_sheet("edges", [*ENDS, "direction"], rows, EDGE_ROLES, [attributes for _, attributes in edges])
    default = next((default_of(item, "") for item in root.iter() if tag(item) == "graph"), "")
    if not edges and default == "directed":  # a directed network without ties
        made.rows.append((1, ["", "", default]))
    return made


def made_sheet(
    title: str, header: list[str], rows: list[list[str]], wanted: tuple[str, ...], items: Iterable[Attributes]
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
