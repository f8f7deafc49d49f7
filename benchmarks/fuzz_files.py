"""Thousands of damaged and odd files, each read in a process of its own: what crashes, hangs, or takes too much memory.

Run: ``nice uv run python benchmarks/fuzz_files.py [--files 5000] [--seed 1] [--keep FOLDER]``. Half of the files are
mutations of the shared cases (where they lie beside the project) and of files that the kit writes itself; half are
tables that hypothesis makes of the words, values and signs that the reader knows. After reading, every answer to every
question is tried. Prints the counts, and exits with 1 where a file crashed, took over 10 seconds of processor time or
over 500 MB.
"""

import argparse
import io
import os
import random
import resource
import signal
import sys
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from workshop.domain import governance
from workshop.exchange import ImportProblem, read_uploads, write_network

ROOT = Path(__file__).resolve().parent.parent
SHARED = [ROOT.parent / "shared" / name for name in ("cases", "cases-files")]
SECONDS = 10
MEGABYTES = 500
ANSWERS = 12
ODD = [
    *(b"\0", b'"', b"'", b";", b",", b"\t", b"|", b"\r", b"\n", b"\r\n", b"\xef\xbb\xbf", b"\xff\xfe", b"\xe2\x80\xae"),
    *(b"<!DOCTYPE x>", b"&a;", b"]]>", b"<edge source='a'/>", b"=1+1", b"#REF!", b"1e999", b"9" * 400, b"-0", b"%"),
    *(b"van", b"naar", b"naam", b"Organisatie", b"Partner 1", b"ja", b"nee", b"nooit", b"n.v.t.", b"2024-03-10", b"x"),
    *(b" -> ", b" - ", b" [x]", b"a/b", b"{}", b"(", b")", b": ", b" en ", b"x" * 5000, b";" * 3000, b"\n" * 2000),
]
HEADS = [
    *("van", "naar", "naam", "organisatie", "Met wie werk je samen?", "vraag [A-huis]", "vraag [B-huis]", "type", "id"),
    *("sterkte", "vertrouwen", "soort", "richting", "Partner 1", "Partner 2", "Frequentie 1", "Frequentie 2", "kennen"),
    *("e-mail", "Naam", "Functie", "sector", "laag", "A-huis", "B-huis", "C-huis", "", "stuurgroep", "werkgroep", "Q1"),
]
CELLS = [
    *("A-huis", "B-huis", "C-huis", "A-huis; B-huis", "A-huis, C-huis", "A-huis\nB-huis", "ja", "nee", "nooit", "soms"),
    *("x", "1", "0", "0,5", "1.250", "25%", "", "", "NA", "n.v.t.", "2024-03-10", "an@huis.be", "0478 12 34 56", "-1"),
    *("A-huis -> B-huis", "A-huis (kent) B-huis", "A-huis: B-huis", "{}", "van", "naar", "totaal", "=1+1", "\x00", "C"),
]


def seeds() -> list[tuple[str, bytes]]:
    """The files to begin with: the shared cases, and a shipped network in every format."""
    found = []
    for folder in SHARED:
        if folder.is_dir():
            found += [(path.name, path.read_bytes()) for path in sorted(folder.glob("*.*")) if path.suffix != ".py"]
    network = governance.case("rural").network
    with tempfile.TemporaryDirectory() as folder:
        for kind, ending in (("xlsx", "xlsx"), ("csv", "csv"), ("graphml", "graphml"), ("gephi", "csv")):
            for path in write_network(network, Path(folder) / f"{kind}.{ending}", kind).paths:
                found.append((path.name, path.read_bytes()))
    return found


def mutated(draw: random.Random, files: list[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
    """One or two files, damaged in one to four ways."""
    chosen = draw.sample(files, 2 if draw.random() < 0.1 else 1)
    return [(renamed(draw, name, files), damaged(draw, content, files)) for name, content in chosen]


def renamed(draw: random.Random, name: str, files: list[tuple[str, bytes]]) -> str:
    """Now and then the ending of another file."""
    other = draw.choice(files)[0]
    return Path(name).stem + Path(other).suffix if draw.random() < 0.1 else name


def damaged(draw: random.Random, content: bytes, files: list[tuple[str, bytes]]) -> bytes:
    """The content after some damage; a workbook is damaged inside, or it would only be a broken zip file."""
    if content.startswith(b"PK") and draw.random() < 0.85:
        return damaged_zip(draw, content)
    for _ in range(draw.randint(1, 4)):
        content = draw.choice(DAMAGES)(draw, content, files)
    return content[:2_000_000]


def damaged_zip(draw: random.Random, content: bytes) -> bytes:
    """A workbook of which one part is damaged."""
    made = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
            names = old.namelist()
            sheets = [name for name in names if "sheet" in name.lower()]
            target = draw.choice(sheets if sheets and draw.random() < 0.8 else names)
            for name in names:
                part = old.read(name)
                new.writestr(name, damaged(draw, part, []) if name == target else part)
    except (zipfile.BadZipFile, NotImplementedError):
        return content[: draw.randrange(len(content))]
    return made.getvalue()


def cut(draw, content, _files):
    """Without what follows, or without a piece."""
    start, end = sorted(draw.choices(range(len(content) + 1), k=2))
    return content[:start] if draw.random() < 0.3 else content[:start] + content[end:]


def twice(draw, content, _files):
    """With a piece of it once more, or many times."""
    start, end = sorted(draw.choices(range(len(content) + 1), k=2))
    return content[:end] + content[start:end] * draw.choice((1, 1, 5, 50)) + content[end:]


def inserted(draw, content, _files):
    """With something odd in it."""
    at = draw.randrange(len(content) + 1)
    return content[:at] + draw.choice(ODD) * draw.choice((1, 1, 1, 20)) + content[at:]


def flipped(draw, content, _files):
    """With some bytes of another value."""
    made = bytearray(content)
    for _ in range(draw.randint(1, 20)):
        if made:
            made[draw.randrange(len(made))] = draw.randrange(256)
    return bytes(made)


def other_signs(draw, content, _files):
    """With other separators, line ends or quotes."""
    old, new = draw.sample([b";", b",", b"\t", b"\n", b"\r\n", b'"', b" ", b"0", b"1", b"<", b"/"], 2)
    return content.replace(old, new)


def spliced(draw, content, files):
    """Half of it, and half of another file."""
    other = draw.choice(files)[1] if files else content
    return content[: draw.randrange(len(content) + 1)] + other[draw.randrange(len(other) + 1) :]


def lines_moved(draw, content, _files):
    """With its lines in another order."""
    lines = content.split(b"\n")
    draw.shuffle(lines)
    return b"\n".join(lines)


def columns_moved(draw, content, _files):
    """With its columns in another order, or one of them many times."""
    sign = draw.choice((b";", b",", b"\t"))
    rows = [line.split(sign) for line in content.split(b"\n")]
    width = max(map(len, rows))
    order = [draw.randrange(width) for _ in range(draw.choice((width, width, 3 * width)))]
    return b"\n".join(sign.join(row[at] for at in order if at < len(row)) for row in rows)


def other_encoding(draw, content, _files):
    """In another encoding."""
    return content.decode("utf-8", errors="replace").encode(
        draw.choice(("utf-16", "utf-16-be", "cp1252", "cp850")), "replace"
    )


DAMAGES = (cut, twice, inserted, flipped, other_signs, spliced, lines_moved, columns_moved, other_encoding)


@st.composite
def tables(draw) -> list[tuple[str, bytes]]:
    """A table of the words, values and signs that the reader knows, as a text file."""
    width = draw(st.integers(1, 9))
    heads = draw(st.lists(st.lists(st.sampled_from(HEADS), min_size=width, max_size=width), max_size=3))
    row = st.lists(st.sampled_from(CELLS), max_size=width + 1)
    rows = draw(st.lists(st.one_of(row, st.lists(st.sampled_from(HEADS), max_size=width)), max_size=9))
    sign = draw(st.sampled_from(";,\t"))
    quoted = [[f'"{text}"' if "\n" in text or sign in text else text for text in cells] for cells in [*heads, *rows]]
    text = "\n".join(sign.join(cells) for cells in quoted)
    return [(draw(st.sampled_from(["x.csv", "x.txt", "lijst.tsv"])), text.encode())]


def try_all(files: list[tuple[str, bytes]]) -> str:
    """Read files and try every answer to every question; what came of it, or an exception that nobody should see."""
    try:
        found = read_uploads(files)
    except ImportProblem as problem:
        found = problem
        assert problem.faults and str(problem)
    outcome = "refused" if isinstance(found, ImportProblem) else "asked" if found.questions else "read"
    if outcome != "refused":
        assert all(map(str, [*found.notes, *found.summary]))
    for question in found.questions[:ANSWERS]:
        assert question.text and question.options
        for choice in question.choices:
            try:
                question.choose(choice)
            except ImportProblem as problem:
                assert problem.faults and str(problem)
    return outcome


class Fuzz:
    """Counts, each file in a process of its own."""

    def __init__(self, keep: Path | None):
        self.counts: Counter[str] = Counter()
        self.keep = keep
        self.most = {"seconds": 0.0, "megabytes": 0.0}

    def one(self, files: list[tuple[str, bytes]]) -> None:
        """Try one file, or a pair."""
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            self._child(files, writing)
        os.close(writing)
        outcome, used = self._wait(child, reading)
        self.counts["files"] += 1
        self.counts[outcome] += 1
        seconds = used.ru_utime + used.ru_stime
        megabytes = used.ru_maxrss / 1024
        self.most = {
            "seconds": max(seconds, self.most["seconds"]),
            "megabytes": max(megabytes, self.most["megabytes"]),
        }
        too_much = [name for name, bad in (("hang", seconds > SECONDS), ("memory", megabytes > MEGABYTES)) if bad]
        self.counts.update(too_much)
        if self.keep and (outcome == "crash" or too_much):
            for name, content in files:
                (self.keep / f"{self.counts['files']}-{outcome}-{name}").write_bytes(content)

    @staticmethod
    def _child(files: list[tuple[str, bytes]], writing: int) -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (3 * SECONDS, 3 * SECONDS))
        try:
            outcome = try_all(files)
        except BaseException:
            traceback.print_exc()
            outcome = "crash"
        os.write(writing, outcome.encode())
        os._exit(0)

    @staticmethod
    def _wait(child: int, reading: int) -> tuple[str, resource.struct_rusage]:
        with os.fdopen(reading, "rb") as pipe:
            outcome = pipe.read().decode()
        _, status, used = os.wait4(child, 0)
        if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU:
            outcome = "hang"
        return outcome or "crash", used


def main() -> int:
    """Run, and print the counts."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--files", type=int, default=5000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--keep", type=Path)
    chosen = options.parse_args()
    if chosen.keep:
        chosen.keep.mkdir(parents=True, exist_ok=True)
    read_uploads([("warm.csv", b"van;naar\nA;B\n")])
    fuzz = Fuzz(chosen.keep)
    files = seeds()
    draw = random.Random(chosen.seed)
    started = time.perf_counter()
    for _ in range(chosen.files // 2):
        fuzz.one(mutated(draw, files))

    @seed(chosen.seed)
    @settings(
        max_examples=chosen.files - chosen.files // 2,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(tables())
    def made(table):
        fuzz.one(table)

    made()
    took = time.perf_counter() - started
    print(f"{took:.0f} s; at most {fuzz.most['seconds']:.1f} s and {fuzz.most['megabytes']:.0f} MB a file")
    print(", ".join(f"{count:,} {name}" for name, count in sorted(fuzz.counts.items())))
    return int(any(fuzz.counts[name] for name in ("crash", "hang", "memory")))


if __name__ == "__main__":
    sys.exit(main())
