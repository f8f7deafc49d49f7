"""Writing a network: a workbook, CSV, or what Kumu, Gephi and others read; rows that spreadsheets open without harm."""

from __future__ import annotations

import csv
import io
import re
import textwrap
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from workshop.domain.network import Network, name_key
from workshop.exchange.formats.csv import protected
from workshop.exchange.formats.xlsx import fast_openpyxl
from workshop.exchange.sheets import vocabulary
from workshop.texts import Message, Problem, language, load, pick
from workshop.work import write_whole

UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
"""Characters that neither a workbook nor XML can hold."""
TITLE_UNFIT = re.compile(r"[\\/*?:\[\]]")
"""Characters that the title of a sheet may not have."""
TITLE = 31
"""As many characters as it may have."""
CELL = 32_767
"""As many characters as a cell of a workbook holds."""
Row = list[Any]
Changes = dict[str, set[str]]
"""The texts that had to be changed: ``replaced`` or ``cut``."""


def safe(value: Any, changes: Changes, cell: bool = True) -> Any:
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


def sheet_title(text: str) -> str:
    """A text as the title of a sheet: cut between words."""
    fit = TITLE_UNFIT.sub(" ", text)
    return textwrap.shorten(fit, TITLE, placeholder="") or fit[:TITLE]


def workbook(sheets: dict[str, list[Row]], changes: Changes) -> bytes:
    """A workbook, by title and rows of its sheets, in which every text is text, whatever it begins with."""
    fast_openpyxl()
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(sheet_title(title))
        sheet.freeze_panes = "A2"
        for at, row in enumerate(rows, start=1):
            for column, value in enumerate(row, start=1):
                value = safe(value, changes)
                if value == "":
                    continue
                if isinstance(value, float) and float(f"{value:.16g}") != value:
                    value = cell_text(value, True)  # a workbook keeps 16 digits: the rest would be lost
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


def rows_as_text(
    rows: Iterable[Sequence[Any]], changes: Changes, separator: str = ",", *, whole: bool = False
) -> bytes:
    """Rows as text; with semicolons also a byte order mark and decimal commas, as Excel in Belgium reads them.

    Texts are cut as in a workbook, since `read_network` refuses longer ones; `whole` where no network is written.
    """
    made = io.StringIO(newline="")
    out = csv.writer(made, delimiter=separator, lineterminator="\r\n")
    for row in rows:
        out.writerow([cell_text(safe(value, changes, cell=not whole), separator == ";") for value in row])
    return made.getvalue().encode("utf-8-sig" if separator == ";" else "utf-8")


def cell_text(value: Any, comma: bool) -> str:
    """A cell of a text file; a fraction never has exactly three decimals, since that may be read as thousands."""
    if isinstance(value, str):
        return protected(value)
    shown = repr(int(value)) if float(value).is_integer() and value < 1e15 else repr(value)
    shown += "0" if re.fullmatch(r"\d+\.\d{3}", shown) else ""
    return shown.replace(".", ",") if comma else shown


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
    if chosen not in FORMATS.values() and chosen not in ("kumu", "gephi"):
        raise Problem(Message("import.fault.ending", name=path.suffix or format or path.name))
    changes: Changes = defaultdict(set)
    files = {path: _graphml(network, changes)} if chosen == "graphml" else _tables(network, path, chosen, changes)
    for target, content in files.items():
        try:
            write_whole(target, content)
        except PermissionError as problem:
            raise Problem(Message("import.fault.locked", name=target.name)) from problem
    return Written(list(files), [Message(f"import.note.{key}", n=len(texts)) for key, texts in sorted(changes.items())])


def _word(group: str, value: Any) -> Any:
    """How an id is written in the language in force: its first word; a text of the group's own stays."""
    known = vocabulary(group).get(value)
    return known[language()].split("|")[0] if known else value


def _rows(network: Network, codes: bool) -> tuple[list[Row], list[Row]]:
    """Organisations and ties below a header; ends are ids where asked, or where names are not enough."""
    sectors = {row["id"]: pick(row) for row in load("sectors.csv")}
    owner: dict[str, str] = {}
    for text in ("name", "id"):
        for o in network.organisations:
            codes = codes or owner.setdefault(name_key(getattr(o, text)), o.id) != o.id
    people: list[Row] = [[_word("words", part) for part in ("id", "name", "sector", "layer")]]
    for o in network.organisations:
        people.append([o.id, o.name, sectors.get(o.sector or "", o.sector), _word("layers", o.layer)])
    head = [_word("words", part) for part in ("source", "target", "kind", "strength", "trust", "direction")]
    ties: list[Row] = [[*(f"{part}_id" if codes else part for part in head[:2]), *head[2:]]]
    way = _word("directions", _way(network))
    for t in network.ties:
        ends = [t.source, t.target] if codes else [network.name(t.source), network.name(t.target)]
        ties.append([*ends, _word("kinds", t.kind), t.strength, t.trust, way])
    if network.directed and not network.ties:
        ties.append([None] * 5 + [way])
    return people, ties


def _way(network: Network) -> str:
    """Whether the ties have a direction."""
    return "directed" if network.directed else "undirected"


def _tables(network: Network, path: Path, format: str, changes: Changes) -> dict[Path, bytes]:
    """The files with a table of organisations and one of ties."""
    people, ties = _rows(network, codes=format == "gephi")
    if format == "xlsx":
        sheets = {_word("sheets", "organisations"): people, _word("sheets", "ties"): ties}
        return {path: workbook(sheets, changes)}
    if format == "csv":
        both = [[*people[0], *ties[0]]]
        both += [[*row] + [None] * 6 for row in people[1:]]
        both += [[None] * 4 + row for row in ties[1:]]
        return {path: rows_as_text(both, changes, ";")}
    if format == "kumu":
        elements = [["Label", "Type", "Layer", "ID"]]
        elements += [[name, sector, layer, id] for id, name, sector, layer in people[1:]]
        connections = [["From", "To", "Type", "Strength", "Trust", "direction"]]
        connections += [[*row[:5], _way(network)] for row in ties[1:]]
        return {path: workbook({"Elements": elements, "Connections": connections}, changes)}
    nodes = [["Id", "Label", "sector", "layer"], *people[1:]]
    edges = [["Source", "Target", "Kind", "Weight", "Trust", "Type"]]
    edges += [[*row[:5], _way(network).capitalize()] for row in ties[1:]]
    return {
        path.with_name(f"{path.stem}-nodes.csv"): rows_as_text(nodes, changes),
        path.with_name(f"{path.stem}-edges.csv"): rows_as_text(edges, changes),
    }


def _graphml(network: Network, changes: Changes) -> bytes:
    """GraphML; networkx would turn the ends of undirected ties around."""
    root = ET.Element("graphml", xmlns="http://graphml.graphdrawing.org/xmlns")
    keys = (("node", "label sector layer"), ("edge", "kind weight trust"))
    for owner, names in keys:
        for key in names.split():
            kind = {"weight": "double", "trust": "int"}.get(key, "string")
            ET.SubElement(root, "key", {"id": key, "for": owner, "attr.name": key, "attr.type": kind})
    graph = ET.SubElement(root, "graph", id="G", edgedefault=_way(network))
    items: list[tuple[str, dict[str, str], tuple[Any, ...]]] = []
    for o in network.organisations:
        items.append(("node", {"id": o.id}, (o.name, o.sector, o.layer)))
    for t in network.ties:
        items.append(("edge", {"source": t.source, "target": t.target}, (t.kind, t.strength, t.trust)))
    for tag, attributes, values in items:
        item = ET.SubElement(graph, tag, attributes)
        for key, value in zip(dict(keys)[tag].split(), values, strict=True):
            if value is not None:
                ET.SubElement(item, "data", key=key).text = str(safe(value, changes, cell=False))
    return ET.tostring(root, encoding="utf-8", xml_declaration=True)
