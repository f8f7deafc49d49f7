"""Kernel, server or browser killed at random moments of a script that draws and types: what is lost.

``python benchmarks/kill_pages.py --kills 200``: a table draws on page 1 and types on page 5. At a random moment one of
three is killed with SIGKILL, and started or loaded again. In the end map and field are compared with what was
typed: all that the page called kept must be there, and what was typed up to 50 ms before a kill.
"""

import argparse
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import psutil
from serving import START, SWITCHES

ROOT = Path(__file__).resolve().parent.parent
PAGES = {"draw": "1_network", "type": "5_agreement"}
READY = "body:not(.waiting)"
STATUS = ".gbo-status"
LATER = 0.05


class Table:
    """A server, a browser with a profile that stays, and what was done so far."""

    def __init__(self, work, playwright):
        self.work = work
        self.playwright = playwright
        self.port = 0
        self.names = []
        self.typed = ""
        self.moments = []
        self.start_server()
        self.start_browser()

    def start_server(self):
        command = [sys.executable, "-c", START, "start", "--no-browser", "--work", str(self.work / "kit")]
        command += ["--port", str(self.port)]
        self.server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.address = next(line.strip() for line in self.server.stdout if line.startswith("http"))
        self.port = int(re.search(r":(\d+)/", self.address)[1])

    def start_browser(self):
        self.context = self.playwright.chromium.launch_persistent_context(
            str(self.work / "profile"), executable_path="/usr/bin/chromium", args=SWITCHES
        )
        self.page = self.context.pages[0]

    def open(self, what):
        origin = self.address.partition("/voila")[0]
        key = self.address.partition("token=")[2]
        for _ in range(5):
            try:
                self.page.goto(f"{origin}/voila/render/notebooks/nl/{PAGES[what]}.ipynb?token={key}", timeout=60_000)
                self.page.wait_for_selector(READY, timeout=60_000)
                # a page that says that it has no kernel is loaded again, as a person would
                self.page.locator(STATUS).first.wait_for(timeout=10_000)
                return
            except Exception:
                time.sleep(1)
        raise RuntimeError("the page does not open")

    def kernels(self):
        children = psutil.Process(self.server.pid).children(recursive=True)
        return [child for child in children if "ipykernel" in " ".join(child.cmdline())]

    def kill(self, what):
        if what == "kernel":
            for kernel in self.kernels():
                kernel.send_signal(signal.SIGKILL)
        elif what == "server":
            kernels = self.kernels()
            self.server.send_signal(signal.SIGKILL)
            self.server.wait()
            for kernel in kernels:
                with suppress(psutil.NoSuchProcess):
                    kernel.kill()
            self.start_server()
        else:
            for process in psutil.process_iter(["cmdline"]):
                if str(self.work / "profile") in " ".join(process.info["cmdline"] or ()):
                    with suppress(psutil.NoSuchProcess):
                        process.kill()
            with suppress(Exception):  # it is gone already
                self.context.close()
            for lock in (self.work / "profile").glob("Singleton*"):
                lock.unlink(missing_ok=True)
            self.start_browser()


def draw(table, luck, seconds):
    """Add organisations until the time is over; when each was sent off."""
    field = table.page.locator(".gbo-map-entry, .gbo-map-add input").first
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        name = f"organisatie {len(table.names) + 1}"
        field.fill(name)
        field.press("Enter")
        table.names.append((name, time.monotonic()))
        time.sleep(luck.random() * 0.1)


def write(table, luck, seconds):
    """Type on in the first field of the agreement; when each letter was typed."""
    field = table.page.locator(".gbo-field textarea, .gbo-field input").first
    field.focus()
    field.press("Control+End")
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        letter = luck.choice("abcdefghij ")
        table.page.keyboard.type(letter)
        table.typed += letter
        table.moments.append(time.monotonic())
        time.sleep(luck.random() * 0.05)


def kept(table):
    """Names on the map, and the text of the agreement."""
    from workshop.answers import open_store
    from workshop.session import open_session

    store = open_store(table.work / "kit")
    session = open_session(store=store)
    found = {item.name for item in session.network.organisations}, str(store.get("agreement.what") or "")
    store.close()
    return found


def rounds(kills, seed, work):
    """Lost names and letters, of how many."""
    from playwright.sync_api import sync_playwright

    luck = random.Random(seed)
    lost = []
    counted = dict.fromkeys(("kernel", "server", "browser"), 0)
    with sync_playwright() as playwright:
        table = Table(work, playwright)
        for n in range(kills):
            what = luck.choice(["draw", "type"])
            victim = luck.choice(list(counted))
            table.open(what)
            {"draw": draw, "type": write}[what](table, luck, 0.2 + luck.random())
            killed = time.monotonic()
            table.kill(victim)
            counted[victim] += 1
            table.open(what)
            table.page.wait_for_timeout(7000)  # boxes of the page before are sent after five seconds
            names, text = kept(table)
            must = {name for name, moment in table.names if moment < killed - LATER}
            lost += sorted(must - names)
            table.names = [(name, moment) for name, moment in table.names if name in names]
            letters = sum(moment < killed - LATER for moment in table.moments)
            if what == "type" and not text.startswith(table.typed[:letters]):
                lost.append(f"round {n}: {victim}: {len(text)} of {letters} letters")
            if what == "type":
                table.typed = text
                table.moments = [0.0] * len(text)
        made = len(table.names) + len(table.typed)
        table.context.close()
        table.server.terminate()
    return lost, made, counted


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        lost, made, counted = rounds(options.kills, options.seed, Path(folder))
    print(f"{counted}: {made} names and letters kept, {len(lost)} lost", *lost[:20], sep="\n")
    return 1 if lost else 0


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUTF8", "1")
    sys.exit(main())
