"""From a drawn tie to the changed sentence, in Chromium on the code-free page.

Two clicks draw a tie between two organisations; the time runs from the release of the second click to the sentence in
the page. Goal: no slower than commit acd0588 in the same run, and the same after 3,000 edits.

Run: python benchmarks/bench_map.py [--root CHECKOUT] [--edits 3000]
"""

import argparse
import json
import statistics
import subprocess
import tempfile
from pathlib import Path

from serving import browser_page, serving

MADE = """
import random
from workshop import open_session, widgets
from workshop.domain import edit
from workshop.domain.network import Network, Organisation, Tie
session = open_session(%s)
draw = random.Random(1)
ids = [f"o{i}" for i in range(%d)]
ties = [Tie(*draw.sample(ids, 2)) for _ in range(%d)]
organisations = [Organisation(id, f"Organisatie {id}", f"sector {int(id[1:]) %% 9}") for id in ids]
session.replace(network=Network(organisations, ties))
for step in range(%d):
    session.change_network(edit.set_organisation, ids[step %% len(ids)], sector=f"sector {step %% 7}")
"""
WATCH = """() => {
  window.took = [];
  const said = document.querySelector(".gbo-map-told");
  let start = null;
  addEventListener("pointerup", () => { start = performance.now(); }, true);
  new MutationObserver(() => {
    if (start !== null && said.textContent !== window.old) { took.push(performance.now() - start); start = null; }
    window.old = said.textContent;
  }).observe(said, { childList: true, subtree: true, characterData: true });
  window.old = said.textContent;
}"""
CENTRES = """all => Object.fromEntries(all.map((one) => {
  const box = one.querySelector(".gbo-map-sign").getBoundingClientRect();
  return [one.dataset.id, [box.x + box.width / 2, box.y + box.height / 2]];
}))"""


def notebook(folder, views):
    """A first page with these views of the session."""
    codes = ["from workshop import open_session, widgets\nsession = open_session()", *views]
    cells = [
        {"cell_type": "code", "id": f"c{i}", "source": c, "metadata": {}, "outputs": [], "execution_count": None}
        for i, c in enumerate(codes)
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    (folder / "notebooks" / "nl").mkdir(parents=True)
    (folder / "exercises").mkdir()
    text = json.dumps({"cells": cells, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5})
    (folder / "notebooks" / "nl" / "0_start.ipynb").write_text(text)


def draw_ties(page, draws, pause):
    """Draw ties that are not there yet."""
    places = page.eval_on_selector_all(".gbo-map-node", CENTRES)
    known = set(page.eval_on_selector_all(".gbo-map-tie", "all => all.map((one) => one.dataset.key)"))
    ids = sorted(places)
    pairs = [(ids[i], ids[i + step]) for step in range(1, len(ids)) for i in range(0, len(ids) - step, 7)]
    for one, other in [pair for pair in pairs if "\n".join(sorted(pair)) + "\n" not in known][:draws]:
        page.mouse.click(*places[one])
        page.mouse.click(*places[other])
        page.keyboard.press("Escape")
        page.wait_for_timeout(pause)


def measure(root, organisations, ties, edits, views, given):
    """Times in ms of drawn ties, on a page with the views named."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder) / "work"
        work.mkdir()
        notebook(Path(folder), views)
        made = MADE % (f"store={str(work)!r}", organisations, ties, edits)
        subprocess.run([Path(root) / ".venv" / "bin" / "python", "-c", made], cwd=root, check=True)
        with serving(root, work, folder) as address, browser_page() as page:
            page.goto(address)
            page.locator(".gbo-map-node").first.wait_for(timeout=60_000)
            page.wait_for_timeout(2000)
            page.locator(".gbo-map-svg").evaluate("one => one.scrollIntoView({ block: 'end' })")
            page.evaluate(WATCH)
            draw_ties(page, given.draws, given.pause)
            return page.evaluate("took")


def main():
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument(
        "--root", default=str(Path(__file__).parents[1]), help="checkout with an environment of its own"
    )
    options.add_argument("--draws", type=int, default=60)
    options.add_argument("--pause", type=int, default=250, help="ms between two ties")
    options.add_argument("--edits", type=int, nargs="*", default=[0, 3000], help="edits kept before")
    given = options.parse_args()
    alone = ["from workshop.widgets.network_map import NetworkMap\nNetworkMap(session)"]
    page = ["widgets.NetworkEditor(session)", "widgets.NetworkMeasures(session)"]
    for edits in given.edits:
        for what, views in (("map alone", alone), ("map, tables and measures", page)):
            for organisations, ties in ((60, 120), (200, 400)):
                took = sorted(measure(given.root, organisations, ties, edits, views, given))
                median, late = statistics.median(took), took[int(0.95 * len(took)) - 1]
                told = f"after {edits} edits, {what}, {organisations} organisations, {ties} ties: {len(took)} drawn"
                print(f"{told}, median {median:.0f} ms, p95 {late:.0f} ms, highest {took[-1]:.0f} ms", flush=True)


if __name__ == "__main__":
    main()
