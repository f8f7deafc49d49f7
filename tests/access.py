"""What axe-core finds on a page; npm brings it, at one version and checked by its hash, for tests only."""

import shutil
import subprocess
import tempfile
from pathlib import Path

from workshop.site import node_command

PINNED = Path(__file__).parent / "axe"
WEIGHTS = ("critical", "serious", "moderate")
FOLDS = """[...document.querySelectorAll(".widget-toggle-button")]
  .filter((button) => button.checkVisibility() && button.textContent.startsWith("▸"))"""
SAME = """() => {
  const before = window.lengthBefore;
  window.lengthBefore = document.body.innerHTML.length;
  return before === window.lengthBefore;
}"""
FIND = """async () => {
  await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
  const { violations } = await axe.run({ resultTypes: ["violations"] });
  return violations.flatMap(({ id, impact, nodes }) =>
    nodes.map(({ target, any, html }) => [impact, id, target.join(" "), any[0]?.message ?? html]));
}"""


def fetch_axe():
    """axe-core as one script; an error where npm or its registry is missing."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(PINNED / name, folder)
        command = [*node_command("npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
        return (Path(folder) / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")


def stands(page):
    """Wait until all widgets of a page are drawn: nothing changes any more."""
    page.locator("body:not(.waiting) #top-words summary").wait_for(state="attached", timeout=60_000)
    page.wait_for_function(SAME, polling=400)


def unfold(page):
    """Open all that is folded, and what is folded in that."""
    while page.evaluate(f"() => {{ const shut = {FOLDS}; shut.forEach((one) => one.click()); return shut.length; }}"):
        page.wait_for_function(f"() => !{FOLDS}.some((button) => button.classList.contains('mod-active'))")
    page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
    page.wait_for_function(SAME, polling=400)


def parts_of_the_wall(page):
    """Turn the projector to each part in turn; which one it is."""
    place = ""
    while place != (place := page.locator("#wall-place").inner_text()):
        yield place
        now, _, last = place.partition(" / ")
        for _ in range(20):  # some steps go down in the same part
            if now != last and page.locator("#wall-place").inner_text() == place:
                page.keyboard.press("PageDown")


def findings(page, axe):
    """What weighs on what is shown now: impact, rule, place, and why."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe)
    return [tuple(found) for found in page.evaluate(FIND) if found[0] in WEIGHTS]
