"""The store: milliseconds of a put, of an edit now and after 3,000 edits, and what a slow disk adds.

``python benchmarks/bench_store.py`` prints medians and 95th percentiles. With ``--slow 5`` each fsync waits 5 ms more
(needs gcc and Linux): the program then starts itself once more with a small library in front of fsync.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SLOW = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>
static void wait_a_bit(void) { char *us = getenv("FSYNC_US"); if (us) usleep(atoi(us)); }
int fsync(int fd) {
  static int (*real)(int); if (!real) real = dlsym(RTLD_NEXT, "fsync"); wait_a_bit(); return real(fd);
}
int fdatasync(int fd) {
  static int (*real)(int); if (!real) real = dlsym(RTLD_NEXT, "fdatasync"); wait_a_bit(); return real(fd);
}
"""


def timed(act, times):
    taken = []
    for n in range(times):
        start = time.perf_counter()
        act(n)
        taken.append((time.perf_counter() - start) * 1e3)
    return taken


def show(label, taken):
    ordered = sorted(taken)
    p95 = ordered[int(len(ordered) * 0.95)]
    print(f"{label:44} median {statistics.median(taken):6.2f} ms   p95 {p95:6.2f} ms   ({len(taken)} times)")


def fsync_alone(folder):
    path = folder / "fsync"
    with path.open("wb") as file:

        def act(n):
            file.write(b"x" * 4096)
            file.flush()
            os.fdatasync(file.fileno())

        return timed(act, 200)


def measure():
    from workshop.domain import edit
    from workshop.session import open_session

    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        show("fsync of this disk alone", fsync_alone(work))
        session = open_session(store=work / "work")
        show("put of a text", timed(lambda n: session.store.put("agreement.what", f"tekst {n}"), 300))
        for size in (60, 200):
            table = open_session(store=work / f"network-{size}")
            for n in range(size):
                table.change_network(edit.add_organisation, f"Organisatie nummer {n}")
            ids = [item.id for item in table.network.organisations]
            pairs = [(a, b) for i, a in enumerate(ids) for b in ids[i + 1 :]]

            def tie(n, table=table, pairs=pairs):
                table.change_network(edit.add_tie, *pairs[n])

            show(f"a tie among {size} organisations", timed(tie, 100))

            def turn(n, table=table, pairs=pairs):
                source, target = pairs[n % 100]
                table.change_network(edit.set_tie, source, target, trust=n % 5 + 1)

            started = time.perf_counter()
            for n in range(3000):
                turn(n)
            print(f"{'  3,000 edits':44} {time.perf_counter() - started:6.1f} s")
            show(f"a tie among {size} after 3,000 edits", timed(lambda n: tie(n + 100), 100))
            size_of_file = sum(path.stat().st_size for path in (work / f"network-{size}").glob("answers.sqlite3*"))
            print(f"{'  the file and its log':44} {size_of_file / 1e6:6.2f} MB")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--slow", type=float, default=0, help="milliseconds that each fsync waits more")
    options = parser.parse_args()
    if options.slow and "LD_PRELOAD" not in os.environ:
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder) / "slow.c"
            source.write_text(SLOW, encoding="utf-8")
            library = Path(folder) / "slow.so"
            subprocess.run(["gcc", "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True)
            wait = {"LD_PRELOAD": str(library), "FSYNC_US": str(int(options.slow * 1000))}
            subprocess.run([sys.executable, __file__], env={**os.environ, **wait}, check=True)
        return
    measure()


if __name__ == "__main__":
    main()
