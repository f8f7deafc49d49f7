"""What axe-core finds on a page; npm brings it, at one version and checked by its hash, for tests only."""

import shutil
import subprocess
import tempfile
from pathlib import Path

from workshop.site import node_command

PINNED = Path(__file__).parent / "axe"
WEIGHTS = ("critical", "serious", "moderate")
UNFOLD = """() => {
  for (const fold of document.querySelectorAll("details")) fold.open = true;
  const shut = [...document.querySelectorAll(".widget-toggle-button:not(.mod-active)")]
    .filter((button) => button.checkVisibility());
  for (const button of shut) button.click();
  return shut.length;
}"""
FIND = """async () => {
  const { violations } = await axe.run({ resultTypes: ["violations"] });
  return violations.flatMap(({ id, impact, nodes }) =>
    nodes.map(({ target, html, any }) => [impact, id, target.join(" "), any[0]?.message ?? html]));
}"""


def fetch_axe():
    """axe-core as one script; an error where npm or its registry is missing."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(PINNED / name, folder)
        command = [*node_command("npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
        return (Path(folder) / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")


def findings(page, axe):
    """What weighs on what is shown now: impact, rule, place, and why."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe)
    return [tuple(found) for found in page.evaluate(FIND) if found[0] in WEIGHTS]
