"""A large network on the page "Ons netwerk": read from files, drawn, one organisation more, dragged, loaded anew.

Run: python benchmarks/bench_large.py [--root CHECKOUT]. Goals at 300 organisations and 1,000 ties: preview 1.5 s,
drawn 2 s, one organisation more 0.3 s, loaded anew 3 s; 1,283 work.
"""

import argparse
import random
import tempfile
import time
from pathlib import Path

from serving import browser_page, network_file, serving


def made(folder, organisations, ties):
    """Two CSV files of a network in which a few are tied to many."""
    draw = random.Random(5)
    ids = [f"Organisatie {draw.choice(('Noord', 'Zuid', 'Oost'))} {i}" for i in range(organisations)]
    pairs = {tuple(sorted((i, draw.randrange(max(1, i))))) for i in range(1, organisations)}
    while len(pairs) < ties:
        a, b = draw.randrange(organisations), draw.randrange(organisations)
        if a != b:
            pairs.add((min(a, b), max(a, b)))
    sectors = ["welzijn", "zorg", "wonen", "onderwijs", "cultuur", "werk", "jeugd"]
    return network_file(folder, [(name, draw.choice(sectors)) for name in ids], [(ids[a], ids[b]) for a, b in pairs])


def measure(root, organisations, ties):
    """Seconds of each step."""
    took = {}
    with tempfile.TemporaryDirectory() as folder:
        files = made(Path(folder), organisations, ties)
        with serving(root, Path(folder) / "work") as address, browser_page() as page:
            there = address.replace("0_start", "1_network")
            page.goto(there)
            page.locator(".gbo-map-svg").wait_for()
            page.locator("button", has_text="Hebben jullie al een bestand").first.click()
            with page.expect_file_chooser() as chooser:
                page.get_by_role("button", name="Kies een bestand").click()
            start = time.perf_counter()
            chooser.value.set_files(files)
            page.get_by_role("button", name="Gebruik dit netwerk").wait_for(timeout=120_000)
            took["preview"] = time.perf_counter() - start
            start = time.perf_counter()
            page.get_by_role("button", name="Gebruik dit netwerk").click()
            drawn = f"document.querySelectorAll('.gbo-map-node').length === {organisations}"
            page.wait_for_function(drawn, timeout=120_000)
            took["drawn"] = time.perf_counter() - start
            page.wait_for_timeout(4000)
            field = page.get_by_label("Typ een organisatie, of nummers voor lijnen")
            field.fill("Nieuw")
            start = time.perf_counter()
            field.press("Enter")
            more = drawn.replace(str(organisations), str(organisations + 1))
            page.wait_for_function(more, timeout=120_000)
            took["one more"] = time.perf_counter() - start
            page.wait_for_timeout(4000)
            page.locator(".gbo-map-svg").evaluate("one => one.scrollIntoView({ block: 'end' })")
            box = page.locator(".gbo-map-node .gbo-map-sign").first.bounding_box()
            x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
            start = time.perf_counter()
            page.mouse.move(x, y)
            page.mouse.down()
            page.mouse.move(x + 60, y + 40, steps=10)
            page.mouse.up()
            took["drag in 10 steps"] = time.perf_counter() - start
            page.wait_for_timeout(2000)
            start = time.perf_counter()
            page.goto(there)
            page.wait_for_function(more, timeout=120_000)
            took["loaded anew"] = time.perf_counter() - start
    return took


def main():
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument(
        "--root", default=str(Path(__file__).parents[1]), help="checkout with an environment of its own"
    )
    given = options.parse_args()
    for organisations, ties in ((300, 1000), (1283, 2688)):
        took = measure(given.root, organisations, ties)
        told = ", ".join(f"{what} {seconds:.2f} s" for what, seconds in took.items())
        print(f"{organisations} organisations, {ties} ties: {told}", flush=True)


if __name__ == "__main__":
    main()
