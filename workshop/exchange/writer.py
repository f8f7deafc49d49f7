"""Writing a network: a workbook, CSV, or what Kumu, Gephi and others read."""

from __future__ import annotations

import csv
import io
import os
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from workshop.domain.network import Network, name_key
from workshop.exchange.formats.csv import protected
from workshop.exchange.sheets import first_word
from workshop.texts import Message, Problem, language, load, pick

FORMATS = {".xlsx": "xlsx", ".csv": "csv", ".graphml": "graphml"}
UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
CELL = 32_767
Row = list[Any]
Changes = dict[str, set[str]]


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


def _safe(value: Any, changes: Changes, cell: bool = True) -> Any:
    """A value that files can hold: control characters become U+FFFD, what does not fit a cell is cut."""
    if not isinstance(value, str):
        return "" if value is None else value
    fit = UNFIT.sub("�", value)
    if fit != value:
        changes["replaced"].add(value)
    if cell and len(fit) > CELL:
        changes["cut"].add(value)
        fit = fit[: CELL - 1] + "…"
    return fit


def _label(group: str, value: str | None) -> str | None:
    known = value in load("texts/import.toml")["import"][group]
    return first_word(group, value, language()) if value and known else value


def _rows(network: Network) -> tuple[list[Row], list[Row], bool]:
    """Rows of organisations and ties, and whether ties name ids: where names alone would not tell them apart."""
    sectors = {row["id"]: pick(row) for row in load("sectors.csv")}
    people = [
        [o.id, o.name, sectors.get(o.sector or "", o.sector), _label("layers", o.layer)] for o in network.organisations
    ]
    owner: dict[str, str] = {}
    codes = any(owner.setdefault(name_key(o.name), o.id) != o.id for o in network.organisations)
    codes = codes or any(owner.get(name_key(o.id), o.id) != o.id for o in network.organisations)
    end = (lambda id: id) if codes else network.name
    way = "directed" if network.directed else "undirected"
    ties = [[end(t.source), end(t.target), _label("kinds", t.kind), t.strength, t.trust, way] for t in network.ties]
    if network.directed and not ties:
        ties = [[None, None, None, None, None, way]]
    return people, ties, codes


def _headers(codes: bool) -> tuple[Row, Row]:
    """The headers of both sheets in the language in force."""
    word = lambda role: first_word("words", role, language())  # noqa: E731
    ends = [word(end) + ("_id" if codes else "") for end in ("source", "target")]
    return [word(part) for part in ("id", "name", "sector", "layer")], [
        *ends,
        *(word(part) for part in ("kind", "strength", "trust", "direction")),
    ]


def workbook(sheets: dict[str, list[Row]], changes: Changes) -> bytes:
    """A workbook, by title and rows of its sheets, in which every text is text, whatever it begins with."""
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        sheet.freeze_panes = "A2"
        for at, row in enumerate(rows, start=1):
            for column, value in enumerate(row, start=1):
                value = _safe(value, changes)
                if value == "":
                    continue
                if isinstance(value, float) and float(f"{value:.16g}") != value:
                    value = _cell(value, True)  # a workbook keeps 16 digits: the rest would be lost
                cell = sheet.cell(at, column, value)
                if isinstance(value, str):
                    cell.data_type = "s"
                    cell.quotePrefix = value[0] in "=+-@"
                if at == 1:
                    cell.font = Font(bold=True)
                    sheet.column_dimensions[cell.column_letter].width = 32 if column < 3 else 20
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _xlsx(network: Network, path: Path, changes: Changes) -> dict[Path, bytes]:
    people, ties, codes = _rows(network)
    heads = _headers(codes)
    ties = [[*row[:5], _label("directions", row[5])] for row in ties]
    titles = [first_word("sheets", part, language()) for part in ("organisations", "ties")]
    return {path: workbook({titles[0]: [heads[0], *people], titles[1]: [heads[1], *ties]}, changes)}


def _kumu(network: Network, path: Path, changes: Changes) -> dict[Path, bytes]:
    people, ties, _ = _rows(network)
    elements = [["Label", "Type", "Layer", "ID"], *([name, sector, layer, id] for id, name, sector, layer in people)]
    connections = [["From", "To", "Type", "Strength", "Trust", "Direction"], *ties]
    return {path: workbook({"Elements": elements, "Connections": connections}, changes)}


def rows_as_text(rows: Iterable[Sequence[Any]], changes: Changes, separator: str = ",") -> bytes:
    """Rows as text; with semicolons also a byte order mark and decimal commas, as Excel in Belgium reads them."""
    made = io.StringIO(newline="")
    out = csv.writer(made, delimiter=separator, lineterminator="\r\n")
    for row in rows:
        out.writerow([_cell(_safe(value, changes), separator == ";") for value in row])
    return made.getvalue().encode("utf-8-sig" if separator == ";" else "utf-8")


def _cell(value: Any, comma: bool) -> str:
    """A cell of a text file; a fraction never has exactly three decimals, since that may be read as thousands."""
    if isinstance(value, str):
        return protected(value)
    shown = repr(int(value)) if float(value).is_integer() and value < 1e15 else repr(value)
    shown += "0" if re.fullmatch(r"\d+\.\d{3}", shown) else ""
    return shown.replace(".", ",") if comma else shown


def _csv(network: Network, path: Path, changes: Changes) -> dict[Path, bytes]:
    people, ties, codes = _rows(network)
    left, right = _headers(codes)
    ties = [[*row[:5], _label("directions", row[5])] for row in ties]
    rows = [[*left, *right], *([*row] + [None] * 6 for row in people), *([None] * 4 + row for row in ties)]
    return {path: rows_as_text(rows, changes, ";")}


def _gephi(network: Network, path: Path, changes: Changes) -> dict[Path, bytes]:
    way = "Directed" if network.directed else "Undirected"
    nodes: list[Row] = [
        ["Id", "Label", "sector", "layer"],
        *([o.id, o.name, o.sector, o.layer] for o in network.organisations),
    ]
    edges: list[Row] = [[t.source, t.target, way, t.kind, t.strength, t.trust] for t in network.ties]
    if network.directed and not edges:
        edges = [[None, None, way, None, None, None]]
    files: dict[str, list[Row]] = {
        "nodes": nodes,
        "edges": [["Source", "Target", "Type", "Kind", "Weight", "Trust"], *edges],
    }
    return {path.with_name(f"{path.stem}-{part}.csv"): rows_as_text(rows, changes) for part, rows in files.items()}


def _graphml(network: Network, path: Path, changes: Changes) -> dict[Path, bytes]:
    root = ET.Element("graphml", xmlns="http://graphml.graphdrawing.org/xmlns")
    kinds = {
        "label": "string",
        "sector": "string",
        "layer": "string",
        "kind": "string",
        "weight": "double",
        "trust": "int",
    }
    for at, (key, kind) in enumerate(kinds.items()):
        domain = "node" if at < 3 else "edge"
        ET.SubElement(root, "key", {"id": key, "for": domain, "attr.name": key, "attr.type": kind})
    graph = ET.SubElement(root, "graph", id="G", edgedefault="directed" if network.directed else "undirected")

    def put(tag: str, attributes: dict[str, str], values: dict[str, Any]) -> None:
        item = ET.SubElement(graph, tag, attributes)
        for key, value in values.items():
            if value is not None:
                ET.SubElement(item, "data", key=key).text = str(_safe(value, changes, cell=False))

    for o in network.organisations:
        put("node", {"id": o.id}, {"label": o.name, "sector": o.sector, "layer": o.layer})
    for t in network.ties:
        put("edge", {"source": t.source, "target": t.target}, {"kind": t.kind, "weight": t.strength, "trust": t.trust})
    return {path: ET.tostring(root, encoding="utf-8", xml_declaration=True)}


_WRITERS = {"xlsx": _xlsx, "csv": _csv, "graphml": _graphml, "kumu": _kumu, "gephi": _gephi}
