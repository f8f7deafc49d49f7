"""Six tables of a room that open the same page at once, each in a browser of its own; and answers that reach the wall.

Run: ``uv run python benchmarks/bench_room_tables.py [6] [1_network]``. Server and browsers share the cores. Told are
the seconds until every widget of the last table stands there, megabytes (proportional set size) of server and kernels,
and the seconds from an answer that is kept to its number on the wall.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import psutil
from playwright.sync_api import sync_playwright

from workshop.answers.rooms import open_room
from workshop.texts import Message

CHROMIUM = "/usr/bin/chromium"
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
CHOICE = "opening.on-paper"


@contextmanager
def serving(work: Path, tables: int, *more: str):
    """A room; the trainer's address and the process."""
    arguments = ["room", "--no-browser", "--port", "0", "--work", str(work), "--tables", str(tables)]
    command = [sys.executable, "-m", "workshop", *arguments, "--address", "127.0.0.1", *more]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUTF8": "1"})
    try:
        yield next(line.strip() for line in process.stdout if line.startswith("http")), psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(30)


def megabytes(process: psutil.Process) -> float:
    return process.memory_full_info().pss / 2**20


def until(true, seconds=60):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.2)


def main(tables: int, page: str) -> None:
    print("load", os.getloadavg()[0])
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder), tables) as (address, server):
        room = open_room(folder, "room-1")
        origin = re.match(r"http://[^/]+", address)[0]
        until(lambda: len(server.children(recursive=True)) >= 6)
        time.sleep(5)  # the last spare imports the kit
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
            opened = [chromium.new_context().new_page() for _ in range(tables)]
            for each, key in zip(opened, room.tables().values(), strict=True):
                each.request.get(f"{origin}/?token={key}", max_redirects=0)  # the key is a cookie from now on
            begun = time.monotonic()
            for each in opened:
                each.goto(f"{origin}/voila/render/notebooks/nl/{page}.ipynb", wait_until="commit")
            for each in opened:
                each.locator("body:not(.waiting)").wait_for(timeout=120_000)
            print(f"all {tables} tables usable     {time.monotonic() - begun:.1f} s")
            used = [megabytes(kernel) for kernel in server.children(recursive=True)]
            print(f"server {megabytes(server):.0f} MB; {len(used)} kernels {median(used):.0f} MB, most {max(used):.0f}")
            wall = chromium.new_context().new_page()
            wall.goto(address.replace("/room", "/room/wall"))
            room.set(asked=CHOICE)
            wall.locator("#part-now .total").wait_for(state="attached")
            wall.keyboard.press("ArrowRight")
            seconds = []
            for number in range(10):
                seat = room.give_seat("table-2")
                store = room.store.beside("table-2")
                begun = time.monotonic()
                store.put(CHOICE, "lead", seat.person)
                told = str(Message("wall.answered", n=number + 1))
                wall.locator("#part-now").get_by_text(told, exact=True).wait_for()
                seconds.append(time.monotonic() - begun)
            print(f"answer to wall: median {median(seconds):.2f}, most {max(seconds):.2f} s")
            chromium.close()


if __name__ == "__main__":
    main(int((sys.argv[1:] or ["6"])[0]), (sys.argv[2:] or ["1_network"])[0])
