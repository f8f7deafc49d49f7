"""Reading network files: bytes become sheets, sheets become one network."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from workshop.exchange.build import build
from workshop.exchange.formats import csv
from workshop.exchange.interpret import interpret
from workshop.exchange.questions import ImportProblem, Notebook, Result, refuse
from workshop.exchange.sheets import Sheet
from workshop.texts import Message

LIMIT_MB = 20
ENDINGS = {"gephi": "gephi", "netcanvas": "canvas", "net": "pajek", "paj": "pajek", "vna": "vna", "gml": "other"}
ENDINGS |= {
    "##h": "ucinet",
    "##d": "ucinet",
    "dl": "ucinet",
    "xls": "xls",
    "ods": "ods",
    "json": "json",
    "dot": "other",
}
STARTS = (
    (rb"\xd0\xcf\x11\xe0", "xls"),
    (rb"%PDF|\x89PNG|\xff\xd8\xff|GIF8", "pdf"),
    (rb"(\s*[#!*;%][^\n]*\n)*\s*\*?dl[\s,;]+(n|nr|nc|nm|format|labels?|row|col|matrix|matrixlabels|data)\b", "ucinet"),
    (rb"\s*\*(vertices|network|arcs|edges)\b", "pajek"),
    (rb"\s*\*(node|tie) (data|properties)", "vna"),
    (rb'\s*(\{|\[\s*[\[{"\]])', "json"),
    (rb"(\s*(creator|version|comment)\b[^\n]*\n)*\s*(graph\s*\[|(strict\s+)?(di)?graph\b[^\n;,]*\{)", "other"),
)


def read_network(path: str | Path, *more: str | Path) -> Result:
    """Read a network from one or more files.

    Parameters
    ----------
    path, *more : str or Path
        An edge list, list of organisations, matrix or adjacency list (text or XLSX), a Kumu workbook, a pair of Gephi
        files, GraphML or GEXF; in any order.

    Returns
    -------
    Result
        The network, notes on what was merged or left out, and questions where a silent choice would be wrong.

    Raises
    ------
    ImportProblem
        If a file cannot be read as it is: all faults at once, and nothing is imported.
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
    return read_uploads((item.name, item.read_bytes()) for item in paths)


def read_uploads(uploads: Iterable[tuple[str, bytes]]) -> Result:
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

    def answered(answers: Mapping[str, str]) -> Result:
        notebook = Notebook(answers, lambda key, choice: answered({**answers, key: choice}))
        used = [sheet for sheet in sheets if sheet.rows]
        if not used:
            raise refuse("fault.empty", name=title)
        return build(interpret(used, notebook, title))

    return answered({})


def sheets_of(name: str, content: bytes) -> list[Sheet]:
    """The sheets of one file, by what is in it rather than by its ending."""
    if len(content) > LIMIT_MB * 10**6:
        raise refuse("fault.too_big", name=name, limit=LIMIT_MB)
    if content.startswith(b"PK\x03\x04"):
        from workshop.exchange.formats import xlsx

        return xlsx.read(name, content)
    ending = Path(name).suffix.lower().removeprefix(".")
    if ending in ENDINGS:
        raise refuse(f"refuse.{ENDINGS[ending]}", name=name)
    start = content[:400] if b"\0" not in content[:400] else csv.text_of(name, content[:400]).encode()
    start = start.removeprefix(b"\xef\xbb\xbf")
    for pattern, reason in STARTS:
        if re.match(pattern, start, re.IGNORECASE):
            raise refuse(f"refuse.{reason}", name=name)
    if re.match(rb"\s*<(\?xml|graphml|gexf|!)", start, re.IGNORECASE):
        from workshop.exchange.formats import graph

        return graph.read(name, content)
    return csv.read(name, content)
