"""What benchmarks in a browser share: the server of a checkout, a Chromium page, files of a network."""

import csv
import os
import subprocess
from contextlib import contextmanager
from pathlib import Path

SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
START = "import sys; from workshop import cli; sys.exit(cli.main(sys.argv[1:]))"


@contextmanager
def serving(root, work, pages=None):
    """The printed address of `workshop start` of a checkout, on the pages of another folder where given."""
    python = Path(root) / ".venv" / "bin" / "python"
    code = START
    if pages:
        root_of_pages = f"cli.places.pages_root = lambda: Path({str(pages)!r})"
        code = f"from pathlib import Path; from workshop import cli; {root_of_pages}; {START}"
    command = [python, "-c", code, "start", "--no-browser", "--port", "0", "--work", str(work)]
    environment = {**os.environ, "PYTHONUTF8": "1"}
    with subprocess.Popen(
        command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment
    ) as server:
        try:
            yield next(line.strip() for line in server.stdout if line.startswith("http"))
        finally:
            server.terminate()


@contextmanager
def browser_page():
    """A page of a Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = "/usr/bin/chromium" if Path("/usr/bin/chromium").exists() else None
        browser = playwright.chromium.launch(executable_path=path, args=SWITCHES)
        page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
        try:
            yield page
        finally:
            page.goto("about:blank")
            browser.close()


def network_file(folder, organisations, ties):
    """Two CSV files: names with sectors, and pairs of names."""
    files = []
    for name, head, rows in (
        ("organisations", ("naam", "sector"), organisations),
        ("ties", ("van", "naar"), ties),
    ):
        files.append(folder / f"{name}.csv")
        with files[-1].open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([head, *rows])
    return files
