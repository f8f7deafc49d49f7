"""Time and memory of reading files: usual ones, and ones that were made to take the laptop's memory.

Run: ``uv run python benchmarks/bench_files.py [NAME ...]``. Each file is read in a fresh process; printed are its size,
seconds of processor time, how much the memory of the process grew at most, and what came of it.

Goals: 10,000 ties of CSV under 0.5 s; 100,000 ties among 1,000 organisations within 5 s; every hostile file read or
refused within 5 s and 500 MB.
"""

import io
import json
import resource
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData>{}</worksheet>'
GRAPHML = (
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">{}<graph edgedefault="undirected">{}</graph></graphml>'
)


def ties(count, names=1000):
    """Rows of a list of ties."""
    for at in range(count):
        yield f"Organisatie {at % names}", f"Organisatie {(at * 7 + at // names) % names}", at % 5 + 1


def csv_ties(count):
    """A list of ties as CSV."""
    rows = "".join(f"{source};{target};overleg;{weight}\n" for source, target, weight in ties(count))
    return "ties.csv", f"van;naar;soort;sterkte\n{rows}".encode()


def xlsx_ties(count):
    """A list of ties as a workbook."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.append(["van", "naar", "sterkte"])
    for row in ties(count):
        sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    return "ties.xlsx", content.getvalue()


def graphml_ties(count):
    """A list of ties as GraphML."""
    nodes = "".join(f'<node id="Organisatie {at}"/>' for at in range(1000))
    edges = "".join(f'<edge source="{source}" target="{target}"/>' for source, target, _ in ties(count))
    return "ties.graphml", GRAPHML.format("", nodes + edges).encode()


def matrix(count):
    """A matrix that is not the same on both sides."""
    names = [f"Organisatie {at}" for at in range(count)]
    rows = (
        ";".join([name, *("01"[(row + 2 * at) % 19 == 1] for at in range(count))]) for row, name in enumerate(names)
    )
    return "matrix.csv", "\n".join([";".join(["", *names]), *rows]).encode()


def workbook(sheet):
    """A workbook with this XML as its sheet."""
    from openpyxl import Workbook

    plain = io.BytesIO()
    Workbook().save(plain)
    made = io.BytesIO()
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            new.writestr(member, sheet if member.endswith("sheet1.xml") else old.read(member))
    return "hostile.xlsx", made.getvalue()


def sheet_rows(count, last="B", first=1):
    """Rows of XML with two cells each."""
    one = '<row r="{0}"><c r="A{0}" t="inlineStr"><is><t>a{0}</t></is></c>'
    other = '<c r="{1}{0}" t="inlineStr"><is><t>b</t></is></c></row>'
    return "".join((one + other).format(at, last) for at in range(first, count + 1))


def wide_first_row():
    """One row of 5,000 cells above 199,000 short ones."""
    return "wide.csv", (";".join(f"k{at}" for at in range(5000)) + "\n" + "a;b\n" * 199_000).encode()


def names_apart():
    """A name of its own in each of 398,000 cells."""
    rows = "".join(f"Organisatie nummer {at} van de stad;Dienst welzijn {at * 7} oost\n" for at in range(199_000))
    return "names.csv", f"van;naar\n{rows}".encode()


def joined_names():
    """Sixty names in a cell, and that 20,000 times."""
    rows = (f"Org {at};" + ", ".join(f"Org {at * k % 5000}" for k in range(1, 60)) for at in range(20_000))
    return "joined.csv", ("Organisatie;Werkt samen met\n" + "\n".join(rows)).encode()[:19_999_999]


def all_faults():
    """A strength and a trust that are none, in each of 199,000 rows."""
    rows = "".join(f"Org {at % 999};Dienst {at % 998};v{at};w{at}\n" for at in range(199_000))
    return "faults.csv", f"van;naar;sterkte;vertrouwen\n{rows}".encode()


def own_keys():
    """20,000 nodes with an attribute of their own each."""
    keys = "".join(f'<key id="k{at}" for="node" attr.name="a{at}" attr.type="string"/>' for at in range(20_000))
    nodes = "".join(f'<node id="n{at}"><data key="k{at}">x</data></node>' for at in range(20_000))
    return "keys.graphml", GRAPHML.format(keys, nodes).encode()


FILES = {
    "10,000 ties, CSV": lambda: csv_ties(10_000),
    "100,000 ties, CSV": lambda: csv_ties(100_000),
    "100,000 ties, XLSX": lambda: xlsx_ties(100_000),
    "100,000 ties, GraphML": lambda: graphml_ties(100_000),
    "matrix of 1,000": lambda: matrix(1000),
    "matrix of 1,500": lambda: matrix(1500),
    "1,000,000 rows": lambda: ("rows.csv", b"van;naar\n" + b"ab;cd\n" * 1_000_000),
    "20 MB of semicolons": lambda: ("signs.csv", b";" * 20_000_000),
    "one cell of 19 MB": lambda: ("cell.csv", b"van;naar\na;" + b"x" * 19_000_000),
    "5,000 cells above 199,000 rows": wide_first_row,
    "398,000 names": names_apart,
    "20,000 cells of 60 names": joined_names,
    "398,000 faults": all_faults,
    "a cell in XFD1": lambda: workbook(SHEET.format(sheet_rows(1, "XFD") + sheet_rows(40_000, first=2), "")),
    "cells in XFD in 40,000 rows": lambda: workbook(SHEET.format(sheet_rows(40_000, "XFD"), "")),
    "20,000 merged columns": lambda: workbook(
        SHEET.format(sheet_rows(20_000), "<mergeCells>" + '<mergeCell ref="A1:A1048576"/>' * 20_000 + "</mergeCells>")
    ),
    "150,000 formulas in a comment": lambda: workbook(
        SHEET.format(sheet_rows(100), "<!--" + '<c r="A1"><f>' * 150_000 + "-->")
    ),
    "98 MB of blanks, unpacked": lambda: workbook(SHEET.format(" " * 98_000_000, "")),
    "290 MB of blanks, unpacked": lambda: workbook(SHEET.format(" " * 290_000_000, "")),
    "20,000 attributes": own_keys,
    "4,900,000 elements": lambda: ("tags.graphml", GRAPHML.format("", "<a/>" * 4_900_000).encode()),
}


def read(path):
    """Read one file in this process; print what it took."""
    from workshop.exchange import ImportProblem, read_uploads

    read_uploads([("warm.csv", b"van;naar\nA;B\n")])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    content = path.read_bytes()
    started = time.process_time()
    try:
        network = read_uploads([(path.name, content)]).network
        outcome = f"{len(network.organisations):,} organisations, {len(network.ties):,} ties"
    except ImportProblem as problem:
        outcome = f"refused: {problem.faults[0].key.removeprefix('import.')}"
    seconds = time.process_time() - started
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(json.dumps([len(content) / 1e6, seconds, grown, outcome]))


def main():
    """Make each file, read it in a fresh process, and print a line."""
    chosen = sys.argv[1:] or list(FILES)
    print(f"{'file':>32} {'MB':>6} {'s':>6} {'+MB':>5}")
    with TemporaryDirectory() as folder:
        for title in chosen:
            name, content = FILES[title]()
            path = Path(folder) / name
            path.write_bytes(content)
            del content
            command = [sys.executable, __file__, "--read", str(path)]
            done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
            if done.returncode:
                print(f"{title:>32} failed: {done.stderr[-200:]}")
                continue
            megabytes, seconds, grown, outcome = json.loads(done.stdout)
            print(f"{title:>32} {megabytes:6.1f} {seconds:6.2f} {grown:5.0f} {outcome}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--read"]:
        read(Path(sys.argv[2]))
    else:
        main()
