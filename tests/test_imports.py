"""Imports run downwards only, and nothing heavy is loaded before it is needed."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "workshop"
LEVELS = [
    {"texts"},
    {"domain", "work"},
    {"exchange"},
    {"answers"},  # only for `ImportProblem`
    {"entries"},
    {"state"},
    {"session"},
    {"svg"},
    {"oval"},
    {"pictures", "course"},
    {"dots"},
    {"blocks"},
    {"room_report"},
    {"widgets"},
    {"output", "server", "page"},
    {"room"},
    {"diagnosis", "site_lab", "command_line"},
    {"site_pages"},
    {"site"},
    {"cli"},
    {"__main__"},
]
LEVEL = {name: number for number, names in enumerate(LEVELS) for name in names}
HEAVY = {"pandas", "numpy", "openpyxl", "sqlalchemy", "igraph"}
SOURCES = sorted(path for path in PACKAGE.rglob("*.py") if path.name != "__init__.py" or path.parent != PACKAGE)


def part(path):
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def imports(path):
    """(name, at import time) of everything that a module imports."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inside = {
        id(child)
        for node in ast.walk(tree)
        if hasattr(node, "body") and isinstance(node, ast.FunctionDef)
        for child in ast.walk(node)
    }
    typing_only = {
        id(child)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING"
        for child in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import) and id(node) not in typing_only:
            yield from ((alias.name, id(node) not in inside) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and id(node) not in typing_only:
            assert node.level == 0, f"{path}: import by the full name"
            name = node.module or ""
            deeper = [f"workshop.{alias.name}" for alias in node.names] if name == "workshop" else [name]
            yield from ((each, id(node) not in inside) for each in deeper)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_run_downwards(path):
    own = part(path)
    assert own in LEVEL, f"{own}: say in LEVELS where it stands"
    for name, at_once in imports(path):
        top, _, rest = name.partition(".")
        if at_once:
            assert top not in HEAVY, f"{path.name} imports {top} at once"
        if top in ("ipywidgets", "anywidget"):
            assert own in ("widgets", "page"), f"{path.name} imports {top}"
        below = rest.split(".")[0]
        if top == "workshop" and below in LEVEL and below != own:
            assert LEVEL[below] < LEVEL[own], f"{own} imports {below}"
            assert (own, below) != ("server", "widgets")


def loaded(*names):
    """The modules that a fresh Python has after importing these."""
    code = f"import sys\nfor name in {names!r}: __import__(name)\nprint(' '.join(sys.modules))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    return {name.partition(".")[0] for name in told.stdout.split()}


def modules(*parts):
    for path in SOURCES:
        if part(path) in parts:
            name = ".".join(("workshop", *path.relative_to(PACKAGE).with_suffix("").parts))
            yield name.removesuffix(".__init__")


def test_the_package_itself_is_light():
    assert not loaded("workshop", "workshop.texts") & (HEAVY | {"networkx", "ipywidgets", "traitlets"})


def test_what_every_kernel_loads_is_light():
    names = [
        *modules("domain", "answers", "exchange"),
        "workshop.session",
        *modules("svg", "oval", "pictures", "dots", "blocks", "room_report", "widgets"),
    ]
    assert len(names) > 10
    assert not loaded(*names) & HEAVY


def test_below_the_widgets_nothing_knows_them():
    names = [*modules("domain", "answers", "exchange"), "workshop.session"]
    assert not loaded(*names) & (HEAVY | {"ipywidgets", "anywidget"})


def test_the_command_is_quick():
    assert not loaded("workshop.cli") & (HEAVY | {"networkx", "ipywidgets", "voila", "tornado", "jupyter_server"})


def test_heavy_ones_would_be_noticed():
    assert "numpy" in loaded("pandas")
