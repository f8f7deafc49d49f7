"""Whether the names of a map can be read: their size in CSS pixels, what overlaps or is cut off, how full the frame is.

Run: python benchmarks/map_names.py [--root CHECKOUT] [--organisations 12 40]
"""

import argparse
import json
import random
import subprocess
import tempfile
from pathlib import Path

from bench_map import notebook
from serving import browser_page, serving

SIZES = ((1280, 720), (640, 360), (390, 844))
MADE = """
import json, sys
from workshop import open_session
from workshop.domain.network import Network, Organisation, Tie
names, ties = json.loads(sys.argv[2])
organisations = [Organisation(f"o{i}", name) for i, name in enumerate(names)]
open_session(store=sys.argv[1]).replace(network=Network(organisations, [Tie(f"o{a}", f"o{b}") for a, b in ties]))
"""
WORDS = ["Samenlevingsopbouw", "OCMW", "Dienst maatschappelijk werk", "CLB", "Wijkgezondheidscentrum", "Bibliotheek"]
PLACES = ["Noord", "Zuid-Meerlo", "van de Kempen", "Oost", "de Brug"]
LOOK = """() => {
  const box = (one) => one.getBoundingClientRect();
  const svg = document.querySelector(".gbo-map-svg");
  const frame = box(svg);
  const all = [...svg.querySelectorAll(".gbo-map-name")];
  const shown = all.filter((one) => getComputedStyle(one).display !== "none");
  const names = shown.map(box);
  const signs = [...svg.querySelectorAll(".gbo-map-sign")].map(box);
  const hit = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
  const sizes = shown.map((one) => one.getScreenCTM().a * parseFloat(getComputedStyle(one).fontSize));
  const part = (from, to, size) => {
    const ends = [...names, ...signs];
    const long = Math.max(...ends.map((one) => one[to])) - Math.min(...ends.map((one) => one[from]));
    return Math.round((100 * long) / frame[size]);
  };
  return {
    organisations: all.length, names: shown.length, smallest: +Math.min(...sizes).toFixed(1),
    "names over names": names.flatMap((a, i) => names.slice(i + 1).filter((b) => hit(a, b))).length,
    "names over signs": names.flatMap((a) => signs.filter((b) => hit(a, b))).length,
    "cut off": names.filter((a) => a.left < frame.left || a.right > frame.right || a.top < frame.top
      || a.bottom > frame.bottom).length,
    shortened: shown.filter((one) => one.textContent.includes("…")).length,
    "% of the width": part("left", "right", "width"), "% of the height": part("top", "bottom", "height"),
  };
}"""


def made(count):
    """Long names, and as many ties as a table draws."""
    draw = random.Random(1)
    names = [f"{draw.choice(WORDS)} {draw.choice(PLACES)} {i}" for i in range(count)]
    return json.dumps([names, [draw.sample(range(count), 2) for _ in range(round(1.75 * count))]])


def main():
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--root", default=str(Path(__file__).parents[1]))
    options.add_argument("--organisations", type=int, nargs="*", default=[12, 40])
    given = options.parse_args()
    for count in given.organisations:
        with tempfile.TemporaryDirectory() as folder:
            work = Path(folder) / "work"
            work.mkdir()
            notebook(Path(folder), ["widgets.NetworkEditor(session)"])
            python = Path(given.root) / ".venv" / "bin" / "python"
            subprocess.run([python, "-c", MADE, work, made(count)], cwd=given.root, check=True)
            with serving(given.root, work, folder) as address, browser_page() as page:
                for wide, high in SIZES:
                    page.set_viewport_size({"width": wide, "height": high})
                    page.goto(address)
                    page.locator(".gbo-map-node").first.wait_for(timeout=60_000)
                    page.wait_for_timeout(2000)
                    print(f"{wide} x {high}: {page.evaluate(LOOK)}", flush=True)


if __name__ == "__main__":
    main()
