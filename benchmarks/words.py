"""Count the words that a participant sees on each page: `uv run python benchmarks/words.py`.

Counted as innerText of the rendered page on an empty store, folds shut, widgets and the bar on top included.
A page has 900 words at most.
"""

import re
import shutil
import subprocess
import sys
import tempfile

from playwright.sync_api import Page, sync_playwright

MOST = 900
PAGES = ("0_start", "1_network", "2_forms", "3_structure", "4_role", "5_agreement")
SWITCHES = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")


def words(text: str) -> int:
    """How many words a text has, as a word processor counts them."""
    return len(text.split())


def settled(page: Page) -> str:
    """The text of the page once it is the same three times in a row: widgets are drawn one after another."""
    seen: list[str] = []
    while len(seen) < 3 or len(set(seen[-3:])) > 1:
        page.wait_for_timeout(500)
        seen.append(page.locator("body").inner_text())
    return seen[-1]


def main() -> int:
    """Print the words of each page; the exit code is the number of pages that have too many."""
    work = tempfile.mkdtemp(prefix="workshop-words-")
    command = [sys.executable, "-m", "workshop", "start", "--no-browser", "--port", "0", "--work", work]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8")
    try:
        address = next(line.strip() for line in server.stdout or () if line.startswith("http"))
        with sync_playwright() as playwright:
            chromium = shutil.which("chromium") or playwright.chromium.executable_path
            page = playwright.chromium.launch(executable_path=chromium, args=list(SWITCHES)).new_page()
            page.goto(address)
            folder = re.sub(r"[^/]+$", "", page.url.split("?")[0])
            too_long = 0
            for name in PAGES:
                page.goto(f"{folder}{name}.ipynb")
                page.wait_for_selector("body:not(.waiting)", timeout=60_000)
                counted = words(settled(page))
                too_long += counted > MOST
                print(f"{name:14} {counted:5}{'  too many' if counted > MOST else ''}")
            return too_long
    finally:
        server.terminate()
        server.wait(20)
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    raise SystemExit(main())
