"""Time and memory of `open_session()` with one widget, as a ratio to `import pandas, networkx, ipywidgets`.

Run: ``uv run python benchmarks/bench_start.py``. Each figure is the median of seven fresh interpreters, after two
that only warm up the disk cache. Memory is the proportional set size where Linux tells it, else the resident size.
"""

import json
import statistics
import subprocess
import sys
import tempfile

TAIL = """
import json, os, time
def memory():
    try:
        rows = open("/proc/self/smaps_rollup").read().splitlines()
        return int(next(row for row in rows if row.startswith("Pss:")).split()[1]) / 1024
    except OSError:
        import resource
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps([time.perf_counter() - START, memory()]))
"""
HEAD = "import time; START = time.perf_counter()\n"
BASE = HEAD + "import pandas, networkx, ipywidgets" + TAIL
OURS = (
    HEAD
    + "from workshop import open_session, widgets\nsession = open_session(store={work!r})\n"
    + 'view = widgets.Task(session, "is-a-network")'
    + TAIL
)


def run(code: str) -> list[float]:
    return json.loads(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout)


def measure(code: str, times: int = 7) -> list[float]:
    for _ in range(2):
        run(code)
    found = [run(code) for _ in range(times)]
    return [statistics.median(row[i] for row in found) for i in (0, 1)]


def ratios() -> dict[str, float]:
    """Seconds and megabytes of both, and their ratios."""
    with tempfile.TemporaryDirectory() as work:
        ours = measure(OURS.format(work=work))
    base = measure(BASE)
    return {
        "base_seconds": base[0],
        "ours_seconds": ours[0],
        "seconds_ratio": ours[0] / base[0],
        "base_megabytes": base[1],
        "ours_megabytes": ours[1],
        "memory_ratio": ours[1] / base[1],
    }


if __name__ == "__main__":
    for name, value in ratios().items():
        print(f"{name:16} {value:.3f}")
