"""From one page to the next: milliseconds until the first widget stands, and until all do, with a kernel that waits.

Run: ``uv run python benchmarks/bench_pages.py [checkout]``, with another checkout (with its own ``.venv``) to compare.
A person reads a page for a while; here each is left five seconds after its widgets stand.
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

from serving import browser_page, serving

PAGES = ["0_start", "1_network", "2_forms", "3_structure", "4_role", "5_agreement"]
TIMES = 3


def main():
    root = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent.parent).absolute()
    first, whole = {name: [] for name in PAGES}, {name: [] for name in PAGES}
    with tempfile.TemporaryDirectory() as work, serving(root, work) as address, browser_page() as page:
        page.goto(address)
        page.locator("body:not(.waiting)").wait_for()
        for _ in range(TIMES):
            for name in PAGES:
                time.sleep(5)
                begun = time.perf_counter()
                page.goto(page.url.rpartition("/")[0] + f"/{name}.ipynb", wait_until="commit")
                page.locator(".jupyter-widgets:visible").first.wait_for()
                first[name].append(time.perf_counter() - begun)
                page.locator("body:not(.waiting)").wait_for()
                whole[name].append(time.perf_counter() - begun)
    for name in PAGES:
        stands, done = (1000 * statistics.median(taken[name]) for taken in (first, whole))
        print(f"{name:12} first widget {stands:5.0f} ms, all {done:5.0f} ms")


if __name__ == "__main__":
    main()
