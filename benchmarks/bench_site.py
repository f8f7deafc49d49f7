"""The site from a link, in Chromium: what comes over the wire, and how long people wait.

The server sends gzip and ETags, as a good host does, and takes 10 Mbit/s where asked. Each figure is a median of
``--n`` visits with a fresh profile (cold) and of as many later visits with the same one.

Run: uv run --group site python benchmarks/bench_site.py [--site FOLDER] [--n 5] [--slow]
"""

import argparse
import gzip
import hashlib
import mimetypes
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

from bench_map import WATCH, draw_ties
from serving import SWITCHES, network_file

PAGES = ["0_start", "1_network", "2_forms", "3_structure", "4_role", "5_agreement"]
SMALLER = {".html", ".js", ".mjs", ".css", ".wasm"}
MBIT = 10
PIECE = 16_384


class Host:
    """A web server that counts what it sends."""

    def __init__(self, folder, slow=False):
        self.files = {}
        for path in Path(folder).rglob("*"):
            if path.is_file():
                raw = path.read_bytes()
                packed = gzip.compress(raw, 6) if path.suffix in SMALLER else None
                kind = {".mjs": "text/javascript", ".js": "text/javascript", ".wasm": "application/wasm"}.get(
                    path.suffix, mimetypes.guess_type(path.name)[0] or "application/octet-stream"
                )
                tag = f'"{hashlib.sha256(raw).hexdigest()[:16]}"'
                self.files["/" + path.relative_to(folder).as_posix()] = (packed or raw, packed is not None, kind, tag)
        self.files["/"] = self.files["/index.html"]
        self.slow = slow
        self.free = 0.0  # when the line is free again
        self.lock = threading.Lock()
        self.sent = 0
        self.bodies = []
        host = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                body, packed, kind, tag = host.files.get(self.path.partition("?")[0], (None, False, "", ""))
                known = self.headers.get("If-None-Match") == tag
                self.send_response(404 if body is None else 304 if known else 200)
                self.send_header("Content-Type", kind)
                self.send_header("ETag", tag)
                self.send_header("Cache-Control", "no-cache")
                if packed:
                    self.send_header("Content-Encoding", "gzip")
                body = b"" if known or body is None else body
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if body:
                    host.bodies.append((self.path, len(body)))
                host.give(self.wfile, body)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def give(self, file, body):
        """Send, at the speed of the line."""
        for start in range(0, len(body), PIECE):
            piece = body[start : start + PIECE]
            if self.slow:
                with self.lock:
                    now = time.monotonic()
                    self.free = max(self.free, now) + len(piece) * 8 / (MBIT * 1e6)
                    wait = self.free - now
                time.sleep(wait)
            file.write(piece)
            self.sent += len(piece)


PROSE = "document.querySelector('iframe')?.contentDocument?.querySelector('h1')"
FIRST = "document.querySelector('iframe')?.contentWindow?.firstWidget"
STANDS = "document.querySelector('iframe')?.contentDocument?.querySelector('body:not(.waiting) .gbo-status')"


def visit(context, host, path):
    """Seconds to the first prose, the first widget and all widgets, and the bodies that came over the wire."""
    host.sent = 0
    host.bodies.clear()
    page = context.new_page()
    start = time.perf_counter()
    page.goto(f"{host.address}#{path}", wait_until="commit")
    found = []
    for wanted in (PROSE, FIRST, STANDS):
        page.wait_for_function(wanted, timeout=120_000, polling=20)
        found.append(time.perf_counter() - start)
    mega = host.sent / 1e6
    page.wait_for_timeout(3000)  # the rest is fetched while people read
    whole = host.sent / 1e6
    page.close()
    return [*found, mega, whole]


def middle(rows):
    return [statistics.median(column) for column in zip(*rows, strict=True)]


def told(what, row, load):
    prose, widget, all_of_them, mega, whole = row
    print(
        f"{what:34} prose {prose:5.2f} s, first widget {widget:5.2f} s, all {all_of_them:5.2f} s, "
        f"{mega:5.2f} MB by then, {whole:5.2f} MB in the end (load {load:.1f})",
        flush=True,
    )


def visits(playwright, host, n, path, what):
    """Cold and later visits to one page."""
    cold, later = [], []
    for _ in range(n):
        with tempfile.TemporaryDirectory() as profile:
            for rows in (cold, later):
                context = playwright.chromium.launch_persistent_context(
                    profile, executable_path="/usr/bin/chromium", args=SWITCHES, viewport={"width": 1280, "height": 800}
                )
                rows.append(visit(context, host, path))
                context.close()
    told(f"{what}, cold", middle(cold), os.getloadavg()[0])
    told(f"{what}, again", middle(later), os.getloadavg()[0])


def lab(playwright, host, n):
    """A notebook for students in JupyterLite: to its cells, to a kernel with the kit, and what came over the wire."""
    rows = []
    for _ in range(n):
        with tempfile.TemporaryDirectory() as profile:
            context = playwright.chromium.launch_persistent_context(
                profile, executable_path="/usr/bin/chromium", args=SWITCHES, viewport={"width": 1280, "height": 800}
            )
            host.sent = 0
            page = context.new_page()
            start = time.perf_counter()
            page.goto(f"{host.address}lab/notebooks/index.html?path=exercises/nl/deeper_structure.ipynb")
            page.locator(".jp-Notebook .jp-CodeCell").first.wait_for(timeout=120_000)
            cells = time.perf_counter() - start
            page.get_by_role("menuitem", name="Run").first.click()
            page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
            page.locator(".jp-OutputArea-output", has_text="✗").first.wait_for(timeout=120_000)
            rows.append((cells, time.perf_counter() - start, host.sent / 1e6))
            context.close()
    cells, answer, mega = middle(rows)
    load = os.getloadavg()[0]
    print(f"JupyterLite: cells {cells:.2f} s, first check {answer:.2f} s, {mega:.1f} MB (load {load:.1f})", flush=True)


def changes(page, host, n):
    """From a click on a link to all widgets, Python staying."""
    page.goto(host.address)
    page.wait_for_function(STANDS, timeout=120_000)
    page.wait_for_timeout(3000)
    took = {}
    for turn in range(n + 1):
        for name in [*PAGES[1:], PAGES[0]]:
            start = time.perf_counter()
            page.frames[-1].evaluate("name => { location.href = `${name}.html`; }", name)
            page.wait_for_url(f"**#notebooks/nl/{name}.html")
            page.wait_for_function(STANDS, timeout=60_000, polling=20)
            key = "first map" if turn == 0 and name == "1_network" else name if turn else None
            if key:
                took.setdefault(key, []).append(time.perf_counter() - start)
    for name, times in took.items():
        print(f"page change to {name}: {statistics.median(times):.2f} s (load {os.getloadavg()[0]:.1f})", flush=True)


def ties(page, host, folder):
    """From a drawn tie to the sentence, on a map of 60 organisations."""
    draw = random.Random(1)
    names = [f"Organisatie {number}" for number in range(60)]
    pairs = {tuple(sorted(draw.sample(names, 2))) for _ in range(120)}
    files = network_file(folder, [(name, f"sector {n % 9}") for n, name in enumerate(names)], sorted(pairs))
    page.goto(f"{host.address}#notebooks/nl/1_network.html")
    page.wait_for_function(STANDS, timeout=120_000)
    inside = page.frames[-1]
    inside.get_by_role("button", name="Hebben jullie al een bestand").click()
    with page.expect_file_chooser() as chooser:
        inside.get_by_role("button", name="Kies een bestand").click()
    chooser.value.set_files(files)
    inside.get_by_role("button", name="Gebruik dit netwerk").click()
    inside.locator(".gbo-map-node").nth(59).wait_for()
    page.wait_for_timeout(2000)
    inside.locator(".gbo-map-svg").evaluate("one => one.scrollIntoView({ block: 'end' })")
    inside.evaluate(WATCH)
    both = SimpleNamespace(
        eval_on_selector_all=inside.eval_on_selector_all,
        mouse=page.mouse,
        keyboard=page.keyboard,
        wait_for_timeout=page.wait_for_timeout,
    )
    draw_ties(both, 40, 250)
    took = sorted(inside.evaluate("took"))
    late = took[int(0.95 * len(took)) - 1]
    print(
        f"tie to sentence, 60 organisations: {len(took)} drawn, median {statistics.median(took):.0f} ms, p95 {late:.0f}"
    )


def main():
    """Measure and print."""
    from playwright.sync_api import sync_playwright

    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--site", type=Path, help="a site that was made before")
    options.add_argument("--n", type=int, default=5)
    options.add_argument("--pages", nargs="*", default=PAGES, help="visits to these only")
    options.add_argument("--slow", action="store_true", help=f"at {MBIT} Mbit/s only")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        made = given.site or Path(folder) / "site"
        if not given.site:
            subprocess.run([sys.executable, "-m", "workshop", "site", "--out", made], check=True)
        if given.slow:
            host = Host(made, slow=True)
            for name in ("0_start", "1_network"):
                visits(playwright, host, given.n, f"notebooks/nl/{name}.html", f"{name}, {MBIT} Mbit/s")
            return
        host = Host(made)
        for name in given.pages:
            visits(playwright, host, given.n, f"notebooks/nl/{name}.html", name)
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=SWITCHES)
        changes(browser.new_context().new_page(), host, given.n)
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        ties(context.new_page(), host, Path(folder))
        browser.close()
        if (made / "lab").is_dir():
            lab(playwright, host, given.n)


if __name__ == "__main__":
    main()
