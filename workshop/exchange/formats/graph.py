"""GraphML, yEd's kind included, and GEXF: networkx reads them, after what it refuses or drops is set aside."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from typing import Any
from xml.etree import ElementTree as ET

from workshop.exchange.headings import NAMES, role
from workshop.exchange.questions import refuse
from workshop.exchange.sheets import Figure, Sheet

GRAPHML = "http://graphml.graphdrawing.org/xmlns"
YED = "http://www.yworks.com/xml/graphml"
GEXF = "http://www.gexf.net/1.2draft"
WAYS = {"true": "directed", "false": "undirected", "mutual": "undirected"}
NODE_ROLES = ("sector", "layer", "lead", "type")
EDGE_ROLES = ("kind", "strength", "trust", "type")
LIMIT_TAGS = 500_000


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
    kind = tag(root)
    if kind not in ("graphml", "gexf"):
        raise refuse("refuse.xml", name=name)
    groups = prepare(root, kind)
    directions = take_directions(root)
    try:
        found = networkx_graph(root, kind)
    except Exception as problem:  # networkx raises whatever it meets: KeyError, TypeError, NetworkXError
        raise refuse("fault.damaged", name=name) from problem
    return sheets(found, groups, directions)


def networkx_graph(root: ET.Element, kind: str) -> Any:
    """The graph as networkx reads it."""
    import networkx as nx

    content = io.BytesIO(ET.tostring(root, encoding="utf-8"))
    if kind == "gexf":
        return nx.read_gexf(content)
    return nx.read_graphml(content, node_type=str, edge_key_type=str, force_multigraph=True)


def tag(item: ET.Element) -> str:
    """The name of an element without its namespace."""
    return str(item.tag).rpartition("}")[2].lower()


def prepare(root: ET.Element, kind: str) -> set[str]:
    """Make all attributes texts, on which networkx cannot fail; give back the nodes that hold others: boxes."""
    groups = set()
    space = GRAPHML if kind == "graphml" else GEXF
    known: set[str] = set()
    for item in root.iter():
        local = tag(item)
        if YED not in str(item.tag):
            item.tag = f"{{{space}}}{local}"
        if local == "key":
            item.set("attr.type", "string")
            known.add(item.get("id", ""))
            item.set("attr.name", item.get("attr.name") or item.get("yfiles.type") or item.get("id") or "")
        elif local == "attribute":
            item.set("type", "string")
            known.add(item.get("id", ""))
        elif local == "node" and any(tag(part) == "graph" for part in item):
            item.set("yfiles.foldertype", "group")
            groups.add(item.get("id", ""))
    for item in list(root.iter()):
        for part in list(item):
            local = tag(part)
            if local in ("hyperedge", "port") or (local == "attvalue" and part.get("for", "") not in known):
                item.remove(part)
            elif local == "data" and part.get("key", "") not in known:
                known.add(part.get("key", ""))
                key = part.get("key", "")
                said = {"id": key, "for": "all", "attr.name": key, "attr.type": "string"}
                ET.SubElement(root, f"{{{GRAPHML}}}key", said)
    return groups


def take_directions(root: ET.Element) -> list[str]:
    """The direction of each edge, in the order of the file, which is put into its id.

    networkx refuses a graph in which some edges have a direction and others have none, and does not know that yEd draws
    a tie without a direction as a line without heads.
    """
    directions: list[str] = []
    default = "undirected"
    for item in root.iter():
        if tag(item) == "graph":
            default = (item.get("edgedefault") or item.get("defaultedgetype") or default).lower()
            item.set("edgedefault", "directed")
            item.set("defaultedgetype", "directed")
        elif tag(item) == "edge":
            said = (item.attrib.pop("directed", "") or item.attrib.pop("type", "") or default).lower()
            ends = {end: item.get(end, "") for end in ("source", "target")}
            heads = [part for part in item.iter() if tag(part) == "arrows"]
            if heads:
                drawn = [heads[0].get(end, "none") != "none" for end in ends]
                if drawn == [True, False]:
                    ends = {"source": ends["target"], "target": ends["source"]}
                elif drawn[0] == drawn[1]:
                    said = "undirected"
            for end, text in ends.items():
                item.set(end, text)
            item.set("id", f"{len(directions)}")
            directions.append(WAYS.get(said, said))
    if not directions and default == "directed":
        directions.append("directed")
    return directions


def sheets(graph: Any, groups: set[str], directions: list[str]) -> list[Sheet]:
    """Nodes and edges as rows; an attribute counts where its name says what it is."""
    edges = numbered_edges(graph)
    tied = {end for _, source, target, _ in edges for end in (source, target)}
    boxes = groups - tied
    nodes = [(id, data) for id, data in graph.nodes(data=True) if id and id not in boxes]
    remarks = [("groups", label_of(graph.nodes[id]) or id) for id in sorted(boxes) if id in graph]
    node_parts = parts_said((data for _, data in nodes), NODE_ROLES)
    rows = [(0, ["name", "id", *node_parts])]
    for number, (id, data) in enumerate(nodes, start=1):
        label = label_of(data)
        if not label and "label" in map(role, data):
            remarks.append(("no_label", id))
        rows.append((number, [label or id, id, *values(data, node_parts)]))
    for *_, data in edges:
        if data.get("label"):
            data.setdefault("kind", data["label"])
    edge_parts = parts_said((data for *_, data in edges), EDGE_ROLES)
    ties = [(0, ["source", "target", "direction", *edge_parts])]
    for number, source, target, data in edges:
        ties.append((number + 1, [source, target, directions[number], *values(data, edge_parts)]))
    if not edges and directions:  # a directed network without ties
        ties.append((1, ["", "", directions[0]]))
    unread = unread_attributes(data for _, data in nodes)
    people = Sheet("nodes", rows, origin="graph", point=True, remarks=remarks, unread=unread)
    return [people, Sheet("edges", ties, origin="graph", point=True)]


def parts_said(items: Iterable[dict[str, Any]], wanted: tuple[str, ...]) -> tuple[str, ...]:
    """The roles of which some attribute says something."""
    keys = {key for data in items for key, text in data.items() if text not in (None, "")}
    said = set(map(role, keys))
    return tuple(part for part in wanted if part in said)


def numbered_edges(graph: Any) -> list[tuple[int, str, str, dict[str, Any]]]:
    """The edges in the order of the file, by the number that was put into their id."""
    if graph.is_multigraph():
        edges = [(int(key), source, target, data) for source, target, key, data in graph.edges(keys=True, data=True)]
    else:
        edges = [(int(data["id"]), source, target, data) for source, target, data in graph.edges(data=True)]
    return sorted(edges, key=lambda edge: edge[0])


def label_of(data: dict[str, Any]) -> str:
    """The name of a node, by the attribute that holds it."""
    named = {role(key): " ".join(str(text).split()) for key, text in reversed(data.items())}
    return next((named[part] for part in ("label", *NAMES) if part != "id" and named.get(part)), "")


def values(data: dict[str, Any], wanted: tuple[str, ...]) -> list[str]:
    """What attributes say of each role, as texts."""
    found = {role(key): str(text).strip() for key, text in reversed(data.items()) if text is not None}
    return [figure(found.get(part, "")) for part in wanted]


def figure(text: str) -> str:
    """A number as a figure, whose point is surely a decimal point."""
    return Figure(text) if re.fullmatch(r"-?\d{1,30}(\.\d{1,30})?([eE][+-]?\d{1,3})?", text) else text


def unread_attributes(items: Iterable[dict[str, Any]]) -> list[str]:
    """The attributes that are not read."""
    keys = dict.fromkeys(key for data in items for key in data if role(key) is None)
    return [key for key in keys if key not in ("x", "y", "shape_type", "viz")]
