"""The students' notebooks of the site, in JupyterLite: code to write, Python in the browser, nothing from outside."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from functools import cache
from importlib.metadata import Distribution, distribution, distributions
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import nbformat

from workshop.texts import Message, Problem, in_language

FOLDER = "lab"
PYODIDE = "static/pyodide"
KERNEL = "@jupyterlite/pyodide-kernel-extension:kernel"
IPYTHON = ["ipython", "ipython-pygments-lexers", "asttokens", "executing", "jedi", "parso", "matplotlib-inline"]
IPYTHON += ["prompt-toolkit", "pure-eval", "pygments", "stack-data", "wcwidth", "typing-extensions", "traitlets"]
KIT = ["anywidget", "comm", "et-xmlfile", "ipywidgets", "jinja2", "markupsafe", "networkx", "openpyxl", "psygnal"]
NOT_THERE = re.compile(r"\b(pandas|numpy|matplotlib|measures_by_\w+|to_frames)\b")
"""What has no build for the browser that can be fetched from a registry."""
SOLUTION = re.compile(r"^( *)### BEGIN SOLUTION\n.*?### END SOLUTION$", re.MULTILINE | re.DOTALL)
HIDDEN = re.compile(r"^ *### BEGIN HIDDEN TESTS\n.*?### END HIDDEN TESTS\n?", re.MULTILINE | re.DOTALL)


@cache
def students_pages(root: Path) -> list[Path]:
    """Notebooks for students that need nothing but what the browser has; none without JupyterLite."""
    if not find_spec("jupyterlite_pyodide_kernel"):
        return []
    found = sorted(root.glob("exercises/*/deeper_*.ipynb"))
    return [path for path in found if not NOT_THERE.search(path.read_text(encoding="utf-8"))]


def address_of(path: Path, root: Path) -> str:
    """Where a notebook for students opens, below the site."""
    return f"{FOLDER}/notebooks/index.html?path={path.relative_to(root).as_posix()}"


def release(source: Path) -> Any:
    """A notebook as a student gets it: no solutions, no hidden tests, for the Python of the browser."""
    notebook = nbformat.read(source, as_version=4)
    with in_language(source.parent.name):
        code, text = str(Message("site.code_stub")), str(Message("site.text_stub"))
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.source = HIDDEN.sub("", SOLUTION.sub(rf"\1{code}", cell.source))
        elif cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = text
    notebook.metadata.kernelspec = {"name": "python", "display_name": "Python (Pyodide)", "language": "python"}
    return notebook


def run(bench: Path, *command: str | Path) -> None:
    """Run a command in a folder; a `Problem` shows what it said where it fails."""
    told = subprocess.run(list(map(str, command)), cwd=bench, capture_output=True, text=True, encoding="utf-8")
    if told.returncode:
        raise Problem(Message("site.build_failed", command=command[-1], said=(told.stderr or told.stdout)[-2000:]))


def make_lab(root: Path, target: Path, bench: Path) -> None:
    """Make the folder with JupyterLite.

    Parameters
    ----------
    root : Path
        The folder that holds ``exercises``.
    target : Path
        The folder to make.
    bench : Path
        Holds ``node_modules`` with Pyodide, and ``site-packages`` with the kit.
    """
    for path in students_pages(root):
        place = bench / "contents" / path.relative_to(root)
        place.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(release(path), place)
    lite = bench / "lite"
    distribute(lite / PYODIDE, bench)
    settings = {
        "pyodideUrl": f"./{PYODIDE}/pyodide.mjs",
        "disablePyPIFallback": True,
        "loadPyodideOptions": {"packages": ["gbo-workshop"], "lockFileURL": f"./{PYODIDE}/pyodide-lock.json"},
    }
    config = {"appName": "GBO", "litePluginSettings": {KERNEL: settings}}
    text = json.dumps({"jupyter-lite-schema-version": 0, "jupyter-config-data": config})
    (lite / "jupyter-lite.json").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "jupyter", "lite", "build", "--apps", "notebooks", "--no-sourcemaps"]
    run(bench, *command, "--lite-dir", lite, "--output-dir", target, "--contents", bench / "contents")


def distribute(folder: Path, bench: Path) -> None:
    """Pyodide with exactly the packages that are there, so that nothing is looked for elsewhere."""
    folder.mkdir(parents=True)
    pyodide = bench / "node_modules" / "pyodide"
    for path in pyodide.iterdir():
        if path.name.startswith("pyodide") and path.suffix in (".mjs", ".js", ".wasm"):
            shutil.copy(path, folder)
    shutil.copy(pyodide / "python_stdlib.zip", folder)
    lock = json.loads((pyodide / "pyodide-lock.json").read_text(encoding="utf-8"))
    kit = bench / "site-packages" / "workshop"
    files = [(path, f"workshop/{path.relative_to(kit).as_posix()}") for path in sorted(kit.rglob("*"))]
    packages = [
        wheel(folder, distribution("packaging")),
        wheel(folder, installer(bench, lock["packages"]["micropip"]["version"]), ["packaging"]),
        *(wheel(folder, distribution(name)) for name in [*IPYTHON[1:], *KIT]),
        wheel(folder, distribution("ipython"), IPYTHON[1:]),
        wheel(folder, distribution("gbo-workshop"), ["ipython", *KIT], files),
    ]
    locked = {"info": lock["info"], "packages": {package["name"]: package for package in packages}}
    (folder / "pyodide-lock.json").write_text(json.dumps(locked), encoding="utf-8")


def installer(bench: Path, version: str) -> Distribution:
    """Pyodide's own installer, which JupyterLite asks for; it runs in the browser only."""
    place = bench / "micropip"
    own = [uv, "pip"] if (uv := shutil.which("uv")) else [sys.executable, "-m", "pip"]
    python = ["--python-version", "3.14", "--only-binary", ":all:"]
    run(bench, *own, "install", "--no-deps", "--target", place, *python, f"micropip=={version}")
    return next(iter(distributions(path=[str(place)])))


def wheel(
    folder: Path, package: Distribution, depends: Sequence[str] = (), files: Sequence | None = None
) -> dict[str, Any]:
    """What is installed of a package, as a wheel; what the lock says of it."""
    name = re.sub(r"[-_.]+", "-", package.metadata["Name"]).lower()
    stem = f"{name.replace('-', '_')}-{package.version}"
    path = folder / f"{stem}-py3-none-any.whl"
    installed = [(Path(str(file.locate())), file.as_posix()) for file in package.files or ()]
    tops = set()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for file, inside in files or installed:
            if not file.is_file() or re.search(r"^\.\.|\.dist-info/|/tests?/|\.(so|pyd|pyc|pth)$", inside):
                continue
            made.writestr(zipfile.ZipInfo(inside), file.read_bytes(), zipfile.ZIP_DEFLATED)
            tops.add(inside.partition("/")[0].removesuffix(".py"))
        about = f"{stem}.dist-info"
        made.writestr(zipfile.ZipInfo(f"{about}/METADATA"), package.read_text("METADATA") or "")
        made.writestr(zipfile.ZipInfo(f"{about}/WHEEL"), "Wheel-Version: 1.0\nTag: py3-none-any\n")
    return {
        "name": name,
        "version": package.version,
        "file_name": path.name,
        "install_dir": "site",
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "package_type": "package",
        "imports": sorted(tops),
        "depends": list(depends),
    }
