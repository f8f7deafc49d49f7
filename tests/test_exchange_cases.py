"""The shared cases: awkward files, each with what should come of it."""

import csv
import runpy
from pathlib import Path

import pytest

from workshop.exchange import ImportProblem, read_network

SHARED = Path(__file__).parents[2] / "shared"
WITHDRAWN = ("51", "52", "54", "58")  # answers of other programs, which are not read any more
pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared cases are not beside the repository")


def rows(folder):
    path = SHARED / folder / "expected.csv"
    return list(csv.DictReader(path.read_text("utf-8-sig").splitlines())) if path.is_file() else []


def judge(files, row):
    """What the checker beside the cases finds wrong; "" where all is right."""
    check = runpy.run_path(str(SHARED / "cases-files" / "check.py"))  # it leaves nothing compiled beside the cases
    return check["judge"](files, row)


@pytest.mark.parametrize("row", rows("cases-files"), ids=lambda row: row["file"][:40])
def test_files_that_people_really_bring(row):
    assert not judge([SHARED / "cases-files" / name for name in row["file"].split("+")], row)


@pytest.mark.parametrize(
    "row", [row for row in rows("cases") if row["file"][:2] not in WITHDRAWN], ids=lambda row: row["file"][:2]
)
def test_earlier_cases(row):
    paths = [SHARED / "cases" / name for name in row["file"].split(" + ")]
    try:
        result = read_network(*paths)
        network = result.network
        said = "".join(map(str, [*result.notes, *(question.text for question in result.questions)]))
        notes = [note for note in result.notes if note.key != "import.note.as_lines"]
        found = "ask" if result.questions else "ok_warn" if notes else "ok"
        arcs = {(tie.source, tie.target) for tie in network.ties}
        assert len(network.organisations) == int(row["organisations"])
        assert len(set(map(frozenset, arcs))) == int(row["ties"])
        assert not network.directed or len(arcs) == int(row["ties_if_directed"])
    except ImportProblem as problem:
        said = str(problem)
        found = "error"
    wanted = row["outcome"].split(" or ")
    if row["file"].startswith("12"):  # a pair in both directions without a direction column is asked as well
        wanted = ["ask"]
    assert found in wanted
    assert all(part in said for part in row["message_must_mention"].split("; "))
