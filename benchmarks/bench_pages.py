"""From one page to the next: milliseconds until the first widget stands, and until all do, with a kernel that waits.

Run: ``uv run python benchmarks/bench_pages.py [checkout]``, with another checkout (with its own ``.venv``) to compare.
A person reads a page for a while; here each is left five seconds after its widgets stand. The page itself looks, at
each change of it: whoever asks from outside hears up to half a second late.
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

from serving import browser_page, serving

PAGES = ["0_start", "1_network", "2_forms", "3_structure", "4_role", "5_agreement"]
TIMES = 3
LOOK = """
window.seen = {};
new MutationObserver(() => {
  const widgets = [...document.querySelectorAll('.jupyter-widgets')];
  if (widgets.some((widget) => widget.checkVisibility())) seen.first ??= performance.now();
  if (seen.first && !document.body.classList.contains('waiting')) seen.all ??= performance.now();
}).observe(document, { subtree: true, childList: true, attributes: true });
"""


def main():
    root = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent.parent).absolute()
    first, whole = {name: [] for name in PAGES}, {name: [] for name in PAGES}
    with tempfile.TemporaryDirectory() as work, serving(root, work) as address, browser_page() as page:
        page.goto(address)
        page.locator("body:not(.waiting)").wait_for()
        page.add_init_script(LOOK)
        for _ in range(TIMES):
            for name in PAGES:
                time.sleep(5)
                page.goto(page.url.rpartition("/")[0] + f"/{name}.ipynb", wait_until="commit")
                page.wait_for_function("seen.all")
                first[name].append(page.evaluate("seen.first"))
                whole[name].append(page.evaluate("seen.all"))
    for name in PAGES:
        stands, done = (statistics.median(taken[name]) for taken in (first, whole))
        print(f"{name:12} first widget {stands:5.0f} ms, all {done:5.0f} ms")


if __name__ == "__main__":
    main()
