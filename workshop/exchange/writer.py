"""Writing a network: a workbook, CSV, or what Kumu, Gephi and others read."""

from __future__ import annotations

import os
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from workshop.domain.network import Network, name_key
from workshop.exchange.sheets import first_word, vocabulary
from workshop.exchange.workbooks import UNFIT, Changes, Row, rows_as_text, safe, workbook
from workshop.texts import Message, Problem, language, load, pick

__all__ = ["UNFIT", "Changes", "Written", "rows_as_text", "workbook", "write_network"]
FORMATS = {".xlsx": "xlsx", ".csv": "csv", ".graphml": "graphml"}


@dataclass(frozen=True)
class Written:
    """What was written.

    Parameters
    ----------
    paths : list of pathlib.Path
        One file, or two for Gephi.
    notes : list of Message
        What had to be changed on the way.
    """

    paths: list[Path]
    notes: list[Message] = field(default_factory=list)


def write_network(network: Network, path: str | Path, format: str | None = None) -> Written:
    """Write a network, so that `read_network` of the same file (or pair) gives it back.

    Parameters
    ----------
    network : Network
        What to write.
    path : str or Path
        Where; an existing file is replaced once all is ready.
    format : {"xlsx", "csv", "graphml", "kumu", "gephi"}, optional
        By the ending of `path` if left out. ``kumu`` makes a workbook; ``gephi`` makes two files, ``<name>-nodes.csv``
        and ``<name>-edges.csv``.

    Returns
    -------
    Written
        The files, and notes on control characters that were replaced and texts that were cut.

    Raises
    ------
    texts.Problem
        If the ending is unknown, or the file is open in another program.
    """
    path = Path(path)
    chosen = format or FORMATS.get(path.suffix.lower(), "")
    if chosen not in _WRITERS:
        raise Problem(Message("import.fault.ending", name=path.suffix or format or path.name))
    changes: Changes = defaultdict(set)
    files = _WRITERS[chosen](network, path, changes)
    for target, content in files.items():
        draft = target.with_name(f".{target.name}.new")
        try:
            draft.write_bytes(content)
            os.replace(draft, target)
        except PermissionError as problem:
            draft.unlink(missing_ok=True)
            raise Problem(Message("import.fault.locked", name=target.name)) from problem
    return Written(list(files), [Message(f"import.note.{key}", n=len(texts)) for key, texts in sorted(changes.items())])


def _word(group: str, value: str | None) -> str | None:
    """How an id is written in the language in force; a text of the group's own stays."""
    known = value in vocabulary(group)
    return first_word(group, value, language()) if value and known else value


def _tables(network: Network, codes: bool = False) -> tuple[list[Row], list[Row]]:
    """Organisations and ties below a header; ends are ids where asked, or where names are not enough."""
    sectors = {row["id"]: pick(row) for row in load("sectors.csv")}
    owner: dict[str, str] = {}
    for text in ("name", "id"):
        for o in network.organisations:
            codes = codes or owner.setdefault(name_key(getattr(o, text)), o.id) != o.id
    way = "directed" if network.directed else "undirected"
    people = [[_word("words", part) for part in ("id", "name", "sector", "layer")]]
    people += [
        [o.id, o.name, sectors.get(o.sector or "", o.sector), _word("layers", o.layer)] for o in network.organisations
    ]
    head = [_word("words", part) for part in ("source", "target", "kind", "strength", "trust", "direction")]
    ties: list[Row] = [[*(f"{part}_id" if codes else part for part in head[:2]), *head[2:]]]
    for t in network.ties:
        ends = [t.source, t.target] if codes else [network.name(t.source), network.name(t.target)]
        ties.append([*ends, _word("kinds", t.kind), t.strength, t.trust, _word("directions", way)])
    if network.directed and not network.ties:
        ties.append([None] * 5 + [_word("directions", way)])
    return people, ties


def _xlsx(network: Network, path: Path, changes: Changes) -> dict[Path, bytes]:
    titles = [first_word("sheets", part, language()) for part in ("organisations", "ties")]
    return {path: workbook(dict(zip(titles, _tables(network), strict=True)), changes)}


def _csv(network: Network, path: Path, changes: Changes) -> dict[Path, bytes]:
    people, ties = _tables(network)
    rows = [
        [*people[0], *ties[0]],
        *([*row] + [None] * 6 for row in people[1:]),
        *([None] * 4 + row for row in ties[1:]),
    ]
    return {path: rows_as_text(rows, changes, ";")}


def _kumu(network: Network, path: Path, changes: Changes) -> dict[Path, bytes]:
    people, ties = _tables(network)
    elements = [
        ["Label", "Type", "Layer", "ID"],
        *([name, sector, layer, id] for id, name, sector, layer in people[1:]),
    ]
    ways = ["directed" if network.directed else "undirected"]
    connections = [["From", "To", "Type", "Strength", "Trust", "direction"], *(row[:5] + ways for row in ties[1:])]
    return {path: workbook({"Elements": elements, "Connections": connections}, changes)}


def _gephi(network: Network, path: Path, changes: Changes) -> dict[Path, bytes]:
    people, ties = _tables(network, codes=True)
    ways = ["Directed" if network.directed else "Undirected"]
    files = {
        "nodes": [["Id", "Label", "sector", "layer"], *people[1:]],
        "edges": [["Source", "Target", "Kind", "Weight", "Trust", "Type"], *(row[:5] + ways for row in ties[1:])],
    }
    return {path.with_name(f"{path.stem}-{part}.csv"): rows_as_text(rows, changes) for part, rows in files.items()}


def _graphml(network: Network, path: Path, changes: Changes) -> dict[Path, bytes]:
    root = ET.Element("graphml", xmlns="http://graphml.graphdrawing.org/xmlns")
    kinds = {"weight": "double", "trust": "int"}
    for at, key in enumerate(("label", "sector", "layer", "kind", "weight", "trust")):
        said = {"id": key, "for": "node" if at < 3 else "edge", "attr.name": key, "attr.type": kinds.get(key, "string")}
        ET.SubElement(root, "key", said)
    graph = ET.SubElement(root, "graph", id="G", edgedefault="directed" if network.directed else "undirected")

    def put(tag: str, attributes: dict[str, str], values: dict[str, Any]) -> None:
        item = ET.SubElement(graph, tag, attributes)
        for key, value in values.items():
            if value is not None:
                ET.SubElement(item, "data", key=key).text = str(safe(value, changes, cell=False))

    for o in network.organisations:
        put("node", {"id": o.id}, {"label": o.name, "sector": o.sector, "layer": o.layer})
    for t in network.ties:
        put("edge", {"source": t.source, "target": t.target}, {"kind": t.kind, "weight": t.strength, "trust": t.trust})
    return {path: ET.tostring(root, encoding="utf-8", xml_declaration=True)}


_WRITERS = {"xlsx": _xlsx, "csv": _csv, "graphml": _graphml, "kumu": _kumu, "gephi": _gephi}
