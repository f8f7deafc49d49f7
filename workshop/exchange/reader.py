"""Reading network files: bytes become sheets, sheets become one network."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from workshop.exchange.build import build
from workshop.exchange.formats import csv, graph, kinds, xlsx
from workshop.exchange.interpret import interpret
from workshop.exchange.questions import ImportNotes, ImportProblem, Result, refuse
from workshop.exchange.sheets import Sheet
from workshop.texts import Message

LIMIT_MB = 20
LIMIT_ROWS = 200_000
"""More rows are not read: a network of organisations never has so many ties."""


def read_network(path: str | Path, *more: str | Path, directed: bool | None = None) -> Result:
    """Read a network from one or more files.

    Parameters
    ----------
    path, *more : str or Path
        An edge list, list of organisations, matrix, roster of a survey or adjacency list (text or XLSX), a Kumu or
        NodeXL workbook, a pair of Gephi files, GraphML or GEXF; in any order. At most 20 MB and 200,000 rows each.
    directed : bool, optional
        Whether a tie from A to B says nothing about B to A. None leaves it to the file: directed where a column or the
        format says so, or where pairs stand in both directions (then it is asked as well); else undirected, with a note
        where the headings say from and to.

    Returns
    -------
    Result
        The network, notes on what was merged or left out, and questions where a silent choice would be wrong.

    Raises
    ------
    ImportProblem
        If a file cannot be read as it is: all faults at once, and nothing is imported.

    Examples
    --------
    >>> from workshop.texts import data_root
    >>> result = read_network(data_root() / "cases" / "knoke" / "ties.csv", directed=True)
    >>> len(result.network.ties), result.questions
    (71, [])
    """
    paths = [Path(path), *(Path(other) for other in more)]
    faults = []
    for item in paths:
        if not item.is_file():
            faults.append(Message("import.fault.missing", name=item.name))
        elif item.stat().st_size > LIMIT_MB * 10**6:
            faults.append(Message("import.fault.too_big", name=item.name, limit=LIMIT_MB))
    if faults:
        raise ImportProblem(faults)
    return read_uploads(((item.name, item.read_bytes()) for item in paths), directed=directed)


def read_uploads(uploads: Iterable[tuple[str, bytes]], directed: bool | None = None) -> Result:
    """Read a network from files in memory (names and contents), as a page uploads them; as `read_network`."""
    files = [(Path(name).name, bytes(content)) for name, content in uploads]
    faults: list[Message] = []
    sheets: list[Sheet] = []
    for name, content in files:
        try:
            sheets += sheets_of(name, content)
        except ImportProblem as problem:
            faults += problem.faults
    if faults:
        raise ImportProblem(faults)
    title = ", ".join(name for name, _ in files)
    used = [sheet for sheet in sheets if sheet.rows]
    if not used:
        for sheet in sheets:
            for row, _ in sorted(sheet.broken):
                raise refuse("fault.formula", place=sheet.place(row))
        raise refuse("fault.empty", name=title)

    def answered(answers: Mapping[str, str]) -> Result:
        notes = ImportNotes(answers, lambda key, choice: answered({**answers, key: choice}), directed)
        return build(interpret(used, notes, title))

    return answered({})


def sheets_of(name: str, content: bytes) -> list[Sheet]:
    """The sheets of one file."""
    if len(content) > LIMIT_MB * 10**6:
        raise refuse("fault.too_big", name=name, limit=LIMIT_MB)
    if content.startswith(b"PK\x03\x04"):
        return xlsx.read(name, content, LIMIT_ROWS)
    kinds.refuse_binary(name, content)
    start = content[: kinds.LOOKED_AT]
    if b"\0" in start:
        start = csv.text_of(name, start).encode()
    kinds.refuse_text(name, start)
    if kinds.XML.match(start.removeprefix(b"\xef\xbb\xbf")):
        return graph.read(name, content, LIMIT_ROWS)
    return csv.read(name, content, LIMIT_ROWS)
