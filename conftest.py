"""Tests keep nothing in the home folder: each run, and each notebook, has a work folder of its own."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import urllib.request
import uuid
from collections import Counter
from contextlib import contextmanager, suppress
from pathlib import Path

import forking
import pytest
from jupyter_client import launcher

SWITCHES = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
SWITCHES = f"{SWITCHES} --disable-component-update --disable-sync".split()
SWITCHES.append("--v8-cache-options=none")  # no test reads a cache again; making it takes a fifth of a page's time
SECONDS_TO_START = 60
MEMORY = Path("/dev/shm")
ROOM_IN_MEMORY = 2 * 10**9


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config):
    """All tests together run in two processes, each file in one of them, where pytest-xdist is there."""
    asked = getattr(config.option, "numprocesses", ...)
    first = "PYTEST_XDIST_WORKER" not in os.environ  # else each of the two would start two more
    if first and asked is None and config.args_source is config.ArgsSource.TESTPATHS and not config.option.usepdb:
        config.option.numprocesses, config.option.dist = 2, "loadfile"
        config.option.loadscopereorder = False  # by how many tests a file has; see `pytest_collection_modifyitems`


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Files that take long begin first, so that the two processes end together."""
    weights = Counter()
    for item in items:
        server = "running" in getattr(item, "fixturenames", ())
        weights[item.path] += 20 if item.get_closest_marker("browser") else 5 if server else 0.1
    items.sort(key=lambda item: weights[item.path], reverse=True)  # tests of one file stay in their order


def pytest_configure(config):
    if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM_IN_MEMORY:  # each answer waits for the disk
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))
    config.work = tempfile.mkdtemp(prefix="workshop-tests-", dir=os.environ.get("PYTEST_DEBUG_TEMPROOT"))
    if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):  # set in many images: each process would compile all anew
        os.environ["PYTHONPYCACHEPREFIX"] = str(Path(config.work) / "compiled")
    reach_kernels_by_sockets(Path(config.work) / "run")
    if forking.WORKS:
        launcher.Popen = forking.popen
    os.environ["WORKSHOP_WORK"] = str(Path(config.work) / "all")
    for name in ("ROOM", "GROUP", "PERSON", "LANGUAGE"):
        os.environ.pop(f"WORKSHOP_{name}", None)


def reach_kernels_by_sockets(folder):
    """Notebooks that are tested side by side would take each other's TCP ports; Windows has nothing else."""
    nbval = pytest.importorskip("nbval.kernel", exc_type=ImportError) if os.name != "nt" else None
    if nbval is None:
        return
    folder.mkdir()

    class Kernel(nbval.KernelManager):
        def __init__(self, **settings):
            super().__init__(transport="ipc", ip=str(folder / uuid.uuid4().hex[:8]), **settings)

    nbval.KernelManager = Kernel


def pytest_unconfigure(config):
    shutil.rmtree(config.work, ignore_errors=True)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """The kernel of a notebook starts with its first cell, and takes over the folder that is then set."""
    own = f"{item.path.parent.name}-{item.path.stem}" if item.path.suffix == ".ipynb" else "all"
    os.environ["WORKSHOP_WORK"] = str(Path(item.config.work) / own)


@pytest.fixture
def session(tmp_path):
    """The session of one table; the test fails where a handler did."""
    from workshop.session import open_session

    opened = open_session(store=tmp_path, room="room", group="table-1")
    yield opened
    assert opened.failures == []


@pytest.fixture(scope="session")
def filled_folder(tmp_path_factory):
    """A work folder with an answer to everything, written by people who try things out."""
    from viewing import filled

    return filled(tmp_path_factory.mktemp("filled"))


def no_redirect():
    class Still(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_):
            return None

    return Still()


class Running:
    """A server in a process of its own, and a browser of the simplest kind."""

    def __init__(self, process, work):
        self.process, self.work, self.lines = process, Path(work), []
        watchdog = threading.Timer(SECONDS_TO_START, process.kill)
        watchdog.start()
        for line in process.stdout:
            self.lines.append(line.rstrip("\n"))
            if line.startswith("http"):
                break
        watchdog.cancel()
        assert self.lines and self.lines[-1].startswith("http"), (self.lines, process.stderr.read())
        self.address = self.lines[-1]
        self.origin, self.key = re.match(r"(http://[^/]+).*token=(.+)", self.address).groups()
        self.cookies = ""

    def get(self, path, *, cookies=True, follow=True, headers=None, data=None):
        """Status, headers and text of an answer; `path` may be a whole address."""
        wanted = path if path.startswith("http") else self.origin + path
        request = urllib.request.Request(wanted, headers=headers or {}, data=data)
        if cookies and self.cookies:
            request.add_header("Cookie", self.cookies)
        opener = urllib.request.build_opener(*([] if follow else [no_redirect()]))
        try:
            answer = opener.open(request, timeout=60)
        except urllib.error.HTTPError as error:
            answer = error
        return answer.status, answer.headers, answer.read().decode("utf-8", "replace")

    def log_in(self):
        """Open the printed address, and keep the cookies; its text."""
        status, headers, text = self.get(self.address)
        assert status == 200
        given = [cookie.partition(";")[0] for cookie in headers.get_all("Set-Cookie") or ()]
        self.cookies = "; ".join(given) or self.cookies
        return text

    def kernels(self):
        """The kernel processes of this server; each leads a session of its own."""
        import psutil

        found = []
        for child in psutil.Process(self.process.pid).children(recursive=True):
            with suppress(psutil.Error, OSError):  # it has just ended
                if "ipykernel" in " ".join(child.cmdline()) or os.getsid(child.pid) == child.pid:
                    found.append(child)
        return found

    def stop(self, how=signal.SIGTERM, seconds=20):
        """End the server; its exit code."""
        self.process.send_signal(how)
        return self.process.wait(seconds)


@pytest.fixture(scope="session")
def running():
    """``with running(work) as server``: `workshop start`, on the pages in `root` where given.

    `limits` are settings of modules of the server, such as ``{"kernels.LOST_SECONDS": 2}``; no kernel waits for the
    next page, unless they say so. It is forked off a Python that has read all it needs; a `fresh` one reads it itself,
    as on a laptop.
    """

    @contextmanager
    def run(work, *more, command="start", root=None, limits=None, fresh=False):
        code = "import sys; from pathlib import Path; from workshop import cli; "
        code += f"cli.places.pages_root = lambda: Path({str(root)!r}); " if root else ""
        for name, value in ({"kernels.SPARES": False} | (limits or {})).items():
            module, _, setting = name.rpartition(".")
            code += f"from workshop.server import {module}; {module}.{setting} = {value!r}; "
        arguments = [command, "--no-browser", "--port", "0", "--work", str(work), *more]
        process = (subprocess.Popen if fresh else forking.popen)(
            [sys.executable, "-c", f"{code}sys.exit(cli.main({arguments!r}))"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env={**os.environ, "PYTHONUTF8": "1"},
        )
        try:
            yield Running(process, work)
        finally:
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(20)
                except subprocess.TimeoutExpired:
                    process.kill()

    return run


class Wire:
    """A line to a server that can be cut: an address of its own that passes everything on."""

    def __init__(self, server):
        self.open = threading.Event()
        self.ends = []
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        self.lead_to(server)
        self.address = re.sub(r"(?<=//)[^/]+", f"127.0.0.1:{self.port}", server.address)
        self.mend()
        threading.Thread(target=self._serve, daemon=True).start()

    def lead_to(self, server):
        self.to = int(re.search(r":(\d+)/", server.address)[1])

    def cut(self):
        self.open.clear()
        while self.ends:
            with suppress(OSError):
                self.ends.pop().shutdown(socket.SHUT_RDWR)

    def mend(self):
        self.open.set()

    def close(self):
        self.cut()
        self.listening.close()

    def _serve(self):
        with suppress(OSError):
            while True:
                near, _ = self.listening.accept()
                try:
                    if not self.open.is_set():
                        raise OSError("cut")
                    far = socket.create_connection(("127.0.0.1", self.to))
                except OSError:  # nobody there either
                    near.close()
                    continue
                self.ends += [near, far]
                for source, target in ((near, far), (far, near)):
                    threading.Thread(target=self._pass_on, args=(source, target), daemon=True).start()

    def _pass_on(self, source, target):
        with suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def wire():
    """``with wire(server) as line``: a line that can be cut and mended."""

    @contextmanager
    def lay(server):
        line = Wire(server)
        try:
            yield line
        finally:
            line.close()

    return lay


def find_chromium(playwright):
    """The headless shell is Chromium without its windows and menus: the same pages for two thirds of the work."""
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
    found = [os.environ.get("CHROMIUM"), *map(shutil.which, names), playwright.chromium.executable_path]
    return next((path for path in found if path and Path(path).exists()), None)


@pytest.fixture(scope="module")
def browser():
    """A Chromium; without one a test is skipped, but fails where CI=true."""
    api = pytest.importorskip("playwright.sync_api")
    with api.sync_playwright() as playwright:
        path = find_chromium(playwright)
        if path is None:
            (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("no Chromium on this computer")
        chromium = playwright.chromium.launch(executable_path=path, args=SWITCHES)
        yield chromium
        chromium.close()


TOO_EARLY = "Error: widget model not found"
"""What the front end says where a very busy kernel answers late; `line.js` then loads the page again by itself."""
HEALED = "!document.body.innerText.includes('Error displaying widget')"


@pytest.fixture
def page(browser):
    """A browser page; the test fails where it asks for anything from outside, or has `errors` left."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.set_default_timeout(30_000)
    outside, errors = [], []
    local = re.compile(r"(https?|wss?)://127\.0\.0\.1[:/]|data:|blob:|about:|file:")
    context.on("request", lambda request: local.match(request.url) or outside.append(request.url))
    page.on("websocket", lambda socket: local.match(socket.url) or outside.append(socket.url))

    early = []

    def said(message):
        if message.type == "error":
            (early if message.text.startswith(TOO_EARLY) else errors).append(message.text)

    page.on("console", said)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.errors = errors
    yield page
    if early and not page.is_closed():
        page.wait_for_function(HEALED)
    context.close()
    assert not outside and not errors
