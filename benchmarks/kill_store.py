"""Processes killed at random moments: all that the store called kept is there, and the file is whole.

``python benchmarks/kill_store.py --kills 200``: two processes write to one work folder, texts and edits of a network;
one of them is killed with SIGKILL after a random time, the folder is looked after as at a start, and everything that
was printed as kept is looked for. The suite runs ten kills.
"""

import argparse
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

WRITER = """
import sys
from workshop.domain import edit
from workshop.session import open_session
session = open_session(store=sys.argv[1])
start = int(sys.argv[3])
print("ready", flush=True)
for n in range(start, start + 100_000):
    if session.save(f"note.{sys.argv[2]}.{n}", "woord " * (n % 200)) is not None:
        print("text", n, flush=True)
    name = f"{sys.argv[2]} {n}"
    if n % 10 == 0 and session.change_network(edit.add_organisation, name):
        print("organisation", n, flush=True)
"""


def start(work, name, first):
    command = [sys.executable, "-c", WRITER, str(work), name, str(first)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "ready\n"
    return process


def lost_after(work, kills, seed=0, seconds=0.4):
    """Kill writers so many times; what was called kept and is not there, and how much was kept."""
    from workshop.answers import open_store, repair
    from workshop.session import open_session

    luck = random.Random(seed)
    kept = {"text": set(), "organisation": set()}
    first = dict.fromkeys("ab", 0)
    for _ in range(kills):
        writers = {name: start(work, name, first[name]) for name in "ab"}
        time.sleep(luck.random() * seconds)
        for process in writers.values():
            process.send_signal(signal.SIGKILL)
        for name, process in writers.items():
            for line in process.stdout.read().splitlines():
                if len(line.split()) == 2:
                    kind, n = line.split()
                    kept[kind].add((name, int(n)))
                    first[name] = max(first[name], int(n) + 1)
            first[name] += 2  # what was kept and not printed any more
            process.wait()
        repair.look_after_at_start(work)
    store = open_store(work)
    names = {item.name for item in open_session(store=store).network.organisations}
    lost = [one for one in kept["text"] if store.get(f"note.{one[0]}.{one[1]}") is None]
    lost += [one for one in kept["organisation"] if f"{one[0]} {one[1]}" not in names]
    return lost, sum(map(len, kept.values()))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        lost, kept = lost_after(Path(folder), options.kills)
        took = time.perf_counter() - started
        print(f"{options.kills} kills, {kept} answers called kept, {len(lost)} lost, {took:.0f} s")
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
