"""The exercises for students: every solution passes, and every release fails exactly where it is checked."""

import json
import re
from pathlib import Path

import pytest

from workshop import case

ROOT = Path(__file__).resolve().parent.parent
DEEPER = sorted(ROOT.glob("exercises/*/deeper_*.ipynb"))
by_name = pytest.mark.parametrize("path", DEEPER, ids=lambda path: f"{path.parent.name}-{path.stem}")
STUB = "# Schrijf hier je code"
SOLUTION = re.compile(r"^( *)### BEGIN SOLUTION\n.*?### END SOLUTION$", re.MULTILINE | re.DOTALL)
HIDDEN = re.compile(r"^ *### BEGIN HIDDEN TESTS\n.*?### END HIDDEN TESTS\n?", re.MULTILINE | re.DOTALL)


def cells(path):
    content = json.loads(path.read_text(encoding="utf-8"))
    return [{**cell, "text": "".join(cell["source"])} for cell in content["cells"]]


def grading(cell):
    return cell["metadata"].get("nbgrader", {})


def released(text):
    """A code cell as a student gets it, as nbgrader makes it."""
    return HIDDEN.sub("", SOLUTION.sub(rf"\1{STUB}", text))


class Run:
    """All code cells of a notebook, run in one namespace: what each gave or how it failed, by cell id."""

    def __init__(self, path, change=lambda text: text):
        from IPython.core.interactiveshell import InteractiveShell

        shell = InteractiveShell()
        self.results, self.errors = {}, {}
        for cell in cells(path):
            if cell["cell_type"] == "code":
                done = shell.run_cell(change(cell["text"]))
                self.results[cell["id"]] = done.result
                if not done.success:
                    self.errors[cell["id"]] = done.error_in_exec or done.error_before_exec


@pytest.fixture(scope="module")
def solved():
    """Run a notebook with its solutions, once."""
    kept = {}

    def run(path):
        if path not in kept:
            kept[path] = Run(path)
        return kept[path]

    return run


@by_name
def test_every_solution_passes(path, solved):
    assert not solved(path).errors


@by_name
def test_every_release_fails_exactly_where_it_is_checked(path):
    from workshop.course import NotYet

    checks = [cell["id"] for cell in cells(path) if grading(cell).get("grade") and cell["cell_type"] == "code"]
    run = Run(path, released)
    assert checks and sorted(run.errors) == sorted(checks)
    for id, error in run.errors.items():
        assert isinstance(error, NotYet), (id, error)
        assert len(str(error).splitlines()) == 1


@by_name
def test_what_is_graded_is_marked_as_nbgrader_wants_it(path):
    found = cells(path)
    ids = [grading(cell)["grade_id"] for cell in found if grading(cell)]
    assert len(set(ids)) == len(ids)
    filled = asked = 0
    for cell in found:
        marks, code = grading(cell), cell["cell_type"] == "code"
        assert ("### BEGIN SOLUTION" in cell["text"]) == bool(code and marks.get("solution"))
        assert "### BEGIN HIDDEN TESTS" not in cell["text"] or (code and marks.get("grade"))
        assert cell["text"].count("### BEGIN") == cell["text"].count("### END")
        if marks:
            assert marks["grade_id"] == cell["id"] and marks["schema_version"] == 3
            assert ("points" in marks) == marks["grade"]
        filled += code and marks.get("solution", False)
        asked += not code and marks.get("grade", False)
    assert filled + asked >= 2 and asked >= 1


def test_a_release_has_neither_solutions_nor_hidden_tests():
    text = "def f():\n    '''Say.'''\n    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION\n"
    assert released(text) == f"def f():\n    '''Say.'''\n    {STUB}\n"
    assert released("check(1)\n### BEGIN HIDDEN TESTS\ncheck(2)\n### END HIDDEN TESTS\n") == "check(1)\n"


@by_name
def test_nbgrader_makes_the_same_release(path):
    nbformat = pytest.importorskip("nbformat")
    preprocessors = pytest.importorskip("nbgrader.preprocessors", reason="only where the group course is installed")
    content = nbformat.read(path, as_version=4)
    for step in (preprocessors.ClearSolutions(code_stub={"python": STUB}), preprocessors.ClearHiddenTests()):
        content, _ = step.preprocess(content, {})
    for cell, source in zip(content.cells, cells(path), strict=True):
        if cell.cell_type == "code":
            assert cell.source.strip() == released(source["text"]).strip()


def shown(result):
    """What a notebook shows of a value."""
    for form in ("_repr_html_", "_repr_svg_"):
        if hasattr(result, form):
            return getattr(result, form)()
    return repr(result)


@by_name
def test_figures_have_a_decimal_comma_as_in_the_text(path, solved):
    for id, result in solved(path).results.items():
        text = re.sub(r"<svg.*?</svg>|style=\"[^\"]*\"", "", shown(result), flags=re.DOTALL)
        assert not re.search(r"\d\.\d", text), (id, text)


STRUCTURE = ROOT / "exercises/nl/deeper_structure.ipynb"


def test_what_is_left_out_is_compared_with_who_stays(solved):
    found = solved(STRUCTURE).results["counted-by-hand"]
    assert list(found.values()) == ["120 van de 120 paren", "120 van de 120 paren", *2 * ["105 van de 105 paren"]]


def test_the_tables_are_shown_with_names_before_pairs_are_counted_by_hand(solved):
    ids = list(solved(STRUCTURE).results)
    assert ids.index("show-tables") < ids.index("by-hand-fill")
    tables = solved(STRUCTURE).results["show-tables"]
    structure = case("town").structure
    for table in structure.tables:
        partners = [structure.name(id) for id in table.seats if id != structure.coordinator]
        assert set(partners) < set(tables[table.theme or "stuurgroep"]) and "coordinator" not in str(tables)


def test_without_news_some_figures_fall_and_others_rise(solved):
    found = solved(ROOT / "exercises/nl/deeper_knoke.ipynb").results["without-news"]
    before, after = (found[column].str.replace(",", ".").astype(float) for column in found)
    rises = after > before
    assert len(rises) == 5 and rises.sum() == 3
