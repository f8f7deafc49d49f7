"""The exercises for students: every solution passes, and every release fails exactly where it is checked."""

import ast
import json
import re
import runpy
from pathlib import Path
from types import SimpleNamespace

import pytest

from workshop import case
from workshop.texts import in_language

ROOT = Path(__file__).resolve().parent.parent
DEEPER = sorted(ROOT.glob("exercises/*/deeper_*.ipynb"))
by_name = pytest.mark.parametrize("path", DEEPER, ids=lambda path: f"{path.parent.name}-{path.stem}")
STUBS = {"nl": "# Schrijf hier je code", "en": "# Write your code here"}
SOLUTION = re.compile(r"^( *)### BEGIN SOLUTION\n.*?### END SOLUTION$", re.MULTILINE | re.DOTALL)
HIDDEN = re.compile(r"^ *### BEGIN HIDDEN TESTS\n.*?### END HIDDEN TESTS\n?", re.MULTILINE | re.DOTALL)


def cells(path):
    content = json.loads(path.read_text(encoding="utf-8"))
    return [{**cell, "text": "".join(cell["source"])} for cell in content["cells"]]


def grading(cell):
    return cell["metadata"].get("nbgrader", {})


def released(text, stub):
    """A code cell as a student gets it, as nbgrader makes it."""
    return HIDDEN.sub("", SOLUTION.sub(rf"\1{stub}", text))


def stub(path):
    return STUBS[path.parent.name]


class Run:
    """All code cells of a notebook, run in one namespace: what each gave and shows, or how it failed, by cell id."""

    def __init__(self, path, change=lambda text: text):
        from IPython.core.interactiveshell import InteractiveShell

        shell = InteractiveShell()
        self.results, self.shown, self.errors = {}, {}, {}
        displayed = []
        shell.user_ns["display"] = displayed.append
        for cell in cells(path):
            if cell["cell_type"] == "code":
                with in_language(path.parent.name):
                    done = shell.run_cell(change(cell["text"]))
                    self.shown[cell["id"]] = " ".join(map(shown, [*displayed, done.result]))
                    displayed.clear()
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


@pytest.mark.long
@by_name
def test_every_solution_passes(path, solved):
    assert not solved(path).errors


@pytest.mark.long
@by_name
def test_every_release_fails_exactly_where_it_is_checked(path):
    from workshop.course import NotYet

    checks = [cell["id"] for cell in cells(path) if grading(cell).get("grade") and cell["cell_type"] == "code"]
    run = Run(path, lambda text: released(text, stub(path)))
    assert checks and sorted(run.errors) == sorted(checks)
    for id, error in run.errors.items():
        assert isinstance(error, NotYet), (id, error)
        with in_language(path.parent.name):
            assert len(str(error).splitlines()) == 1 and "[nl]" not in str(error)


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


@by_name
def test_every_check_that_passes_ends_in_a_tick(path):
    for cell in cells(path):
        if cell["cell_type"] == "code" and grading(cell).get("grade"):
            last = ast.parse(HIDDEN.sub("", cell["text"])).body[-1]
            names = [part.id for part in ast.walk(last) if isinstance(part, ast.Name)]
            assert isinstance(last, ast.Expr) and any(name.startswith("check") for name in names), cell["id"]


def test_a_release_has_neither_solutions_nor_hidden_tests():
    text = "def f():\n    '''Say.'''\n    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION\n"
    assert released(text, "# Write") == "def f():\n    '''Say.'''\n    # Write\n"
    assert released("check(1)\n### BEGIN HIDDEN TESTS\ncheck(2)\n### END HIDDEN TESTS\n", "") == "check(1)\n"


@by_name
def test_the_text_names_the_stub_of_the_release(path, monkeypatch):
    """`nbgrader generate_assignment en` writes English stubs."""
    config = SimpleNamespace(CourseDirectory=SimpleNamespace(), ClearSolutions=SimpleNamespace())
    monkeypatch.setattr("sys.argv", ["nbgrader", "generate_assignment", path.parent.name])
    runpy.run_path(str(ROOT / "exercises/nbgrader_config.py"), {"get_config": lambda: config})
    assert config.ClearSolutions.code_stub == {"python": stub(path)}
    assert f"`{stub(path)}`" in cells(path)[0]["text"]


@pytest.mark.long
@by_name
def test_nbgrader_makes_the_same_release(path):
    nbformat = pytest.importorskip("nbformat")
    preprocessors = pytest.importorskip("nbgrader.preprocessors", reason="only where the group course is installed")
    content = nbformat.read(path, as_version=4)
    for step in (preprocessors.ClearSolutions(code_stub={"python": stub(path)}), preprocessors.ClearHiddenTests()):
        content, _ = step.preprocess(content, {})
    for cell, source in zip(content.cells, cells(path), strict=True):
        if cell.cell_type == "code":
            assert cell.source.strip() == released(source["text"], stub(path)).strip()


def shown(result):
    """What a notebook shows of a value."""
    for form in ("_repr_html_", "_repr_svg_"):
        if hasattr(result, form):
            return getattr(result, form)()
    return repr(result)


@pytest.mark.long
@by_name
def test_figures_are_written_as_in_the_text(path, solved):
    """With a comma in Dutch, a point in English."""
    other = {"nl": r"\d\.\d", "en": r"\d,\d"}[path.parent.name]
    for id, text in solved(path).shown.items():
        text = re.sub(r"<svg.*?</svg>|style=\"[^\"]*\"", "", text, flags=re.DOTALL)
        assert not re.search(other, text) and "[nl]" not in text, (id, text)


in_both = pytest.mark.parametrize("code", STUBS)


def exercise(name, code):
    return ROOT / "exercises" / code / f"deeper_{name}.ipynb"


@pytest.mark.long
@in_both
def test_what_is_left_out_is_compared_with_who_stays(code, solved):
    found = solved(exercise("structure", code)).results["counted-by-hand"]
    assert [re.findall(r"\d+", text) for text in found.values()] == 2 * [["120", "120"]] + 2 * [["105", "105"]]


@pytest.mark.long
@in_both
def test_the_tables_are_shown_with_names_before_pairs_are_counted_by_hand(code, solved):
    run = solved(exercise("structure", code))
    ids = list(run.results)
    assert ids.index("show-tables") < ids.index("by-hand-fill")
    structure = case("town").structure
    for table, seats in zip(structure.tables, run.results["show-tables"].values(), strict=True):
        partners = [structure.name(id) for id in table.seats if id != structure.coordinator]
        assert set(partners) < set(seats)
    assert {"nl": "coördinator", "en": "coordinator"}[code] in run.shown["show-tables"]


@pytest.mark.long
@in_both
def test_without_news_some_figures_fall_and_others_rise(code, solved):
    found = solved(exercise("knoke", code)).results["without-news"]
    figures = [re.findall(r"\d[.,]\d+", text) for text in found.values()]
    assert [after > before for before, after in figures] == [False, True, True]


@pytest.mark.parametrize("name", [path.stem.removeprefix("deeper_") for path in DEEPER if path.parent.name == "nl"])
def test_both_languages_have_the_same_figures(name):
    dutch, english = ([re.findall(r"\d+", cell["text"]) for cell in cells(exercise(name, code))] for code in STUBS)
    assert dutch == english


def answered(name, cell, answer):
    """A run of the solutions, with another answer in one cell."""
    path = exercise(name, "nl")
    own = next(one["text"] for one in cells(path) if one["id"] == cell)
    return Run(path, lambda text: answer if text == own else text)


KANSAS = """measures = measure_all(example("kansas"))
names = ["ties", "density", "mean_path", "degree_centralisation", "cut_organisations"]
chosen = {name: measures[name].value for name in names}
network = example("kansas")"""
SPAN = (
    "def span(name, network):\n    found = [measure(name, wipe(network, o.id)).value for o in network.organisations]\n"
)
REVERSED = """def wipe(network, id):
    return Network(network.organisations, [tie for tie in network.ties if tie.target != id], True)"""
ANY_ORDER = """def wipe(network, id):
    return Network(network.organisations, reversed([tie for tie in network.ties if tie.source != id]), True)"""
BY_SET = """def wipe(network, id):
    return Network(network.organisations, {tie for tie in network.ties if tie.source != id}, True)"""
UNSAID = """def multiplexity(network):
    kinds = {}
    for tie in network.ties:
        kinds.setdefault(frozenset((tie.source, tie.target)), set()).add(tie.kind)
    several = sum(len(found) > 1 for found in kinds.values())
    return several / len(kinds) if len(network.kinds) > 1 else None"""
ONLY_SAID = UNSAID.replace("in network.ties", "in [tie for tie in network.ties if tie.kind]")
COUNTED = "from collections import Counter\nper_kind = Counter(tie.kind for tie in network.ties)"
HELD = "sets = [set(measure('cut_organisations', network, kind=kind).items) for kind in network.kinds]\n"
HELD += "most = max(network.kinds, key=lambda kind: measure('cut_organisations', network, kind=kind).value)\n"


@pytest.mark.long
@pytest.mark.parametrize(
    ("name", "cell", "answer"),
    [
        ("own_network", "five-fill", KANSAS),
        ("who_holds", "hub-fill", "hub_lindekerke, hub_kansas = 'ocmw', 'highwayp'"),
        ("knoke", "news-fill", "falls = ['density']"),
        ("kinds", "cut-fill", HELD + "always = list(set.intersection(*sets))"),
        ("missing", "wipe-fill", ANY_ORDER),
        ("missing", "wipe-fill", BY_SET),
        ("missing", "span-fill", SPAN + "    return [min(found), max(found)]"),
        ("real_data", "kinds-fill", COUNTED),
        ("centralisation", "third-fill", "third = 31 / 0.3444"),
    ],
)
def test_a_right_answer_in_another_form_passes(name, cell, answer):
    assert cell.replace("-fill", "-check") not in answered(name, cell, answer).errors


@pytest.mark.long
@pytest.mark.parametrize(
    ("name", "cell", "answer"),
    [
        *(("evidence", "claims-fill", f"answers = {wrong}") for wrong in ("None", "[1, 2]", "{'1': 'steunt'}", "{}")),
        *(("evidence", "limits-fill", f"limits = {wrong}") for wrong in ("None", "['few']", "{'A': 'few'}")),
        *(("survey", "privacy-fill", f"allowed = {wrong}") for wrong in ("None", "[True]", "{'map': True}")),
        *(
            ("real_data", "back-fill", f"mean_ties = {wrong}")
            for wrong in ("None", "{'Gemeente': 1}", "pd.DataFrame()")
        ),
        *(("own_network", "five-fill", f"chosen = {wrong}") for wrong in ("None", "dict.fromkeys('abcde', 1)")),
        *(
            ("own_network", "what-if-fill", f"gone, which, difference = {wrong}, 1")
            for wrong in ("None, []", "'x', 'y'")
        ),
        ("own_network", "what-if-fill", "gone, which, difference = 'ocmw-kouterbeke', 'dichtheid', 1"),
        (
            "kinds",
            "table-fill",
            "names = ['density']\ntable = {(kind, name): 1 for name in names for kind in network.kinds}",
        ),
        *(("kinds", "multiplexity-fill", wrong) for wrong in (UNSAID, ONLY_SAID)),
        ("weights", "sweep-fill", "sweep = {}"),
        ("two_relations", "back-fill", "answered = {'geld': 1}"),
        ("missing", "wipe-fill", REVERSED),
        ("centralisation", "excess-fill", "excess = sum"),
    ],
)
def test_a_wrong_answer_is_one_line_and_no_traceback(name, cell, answer):
    from workshop.course import NotYet

    errors = answered(name, cell, answer).errors
    assert next(iter(errors)) == cell.replace("-fill", "-check")
    assert isinstance(next(iter(errors.values())), NotYet)
