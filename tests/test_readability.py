"""How plain the Dutch of pages and data is, as a figure for each: `pytest -s tests/test_readability.py`.

On these pages the figures lie within 4 of those of textstat, which brings eight packages along."""

import json
import re
from pathlib import Path

import pytest

from workshop.texts import data_root, load

ROOT = Path(__file__).resolve().parent.parent
PAGES = [
    *sorted((ROOT / "notebooks/nl").glob("[0-9]_*.ipynb")),
    *(path for path in sorted((ROOT / "exercises/nl").glob("*.ipynb")) if not path.stem.startswith("deeper_")),
]
READ = [
    *("evidence.toml", "roles.toml", "forms.toml", "parts.toml", "law.toml", "role-play.toml", "glossary.csv"),
    *("runbook.toml", "slides.toml", "handouts.toml"),
    *(f"questions/{path.name}" for path in sorted((data_root() / "questions").glob("*.toml"))),
    *(f"texts/{path.name}" for path in sorted((data_root() / "texts").glob("*.toml")) if path.stem != "steps"),
    *(f"cases/{path.parent.name}/case.toml" for path in sorted((data_root() / "cases").glob("*/case.toml"))),
]
# steps.toml holds a few words after "Ongedaan:", no sentences.
GOAL, LONGEST = 60, 30
VOWELS = "aai|ooi|oei|eeu|ieu|aa|ee|oo|uu|ie|oe|eu|ui|ei|ij|au|ou|ai|oi|[aeiouyàâäéèêëïîôöùûü]"


def syllables(word):
    return max(1, len(re.findall(VOWELS, re.sub(r"([ëïöü])", r"-\1", word.lower()))))


def reading_ease(text):
    """Flesch-Douma: 206.84 - 0.93 words a sentence - 77 syllables a word; 60 and more is plain Dutch."""
    lines = [line.strip("#-* ") for line in text.splitlines() if not line.startswith(("|", "*Bron", "<"))]
    sentences = [part for line in lines for part in re.split(r"[.!?:]+(?:\s|$)", line) if re.search(r"\w", part)]
    words = [word for part in sentences for word in re.findall(r"[^\W\d_]+", re.sub(r"\]\([^)]*\)|`[^`]*`", "", part))]
    return 206.84 - 0.93 * len(words) / len(sentences) - 77 * sum(map(syllables, words)) / len(words)


def dutch(node):
    """All Dutch sentences of a file; placeholders stand for one short word."""
    if isinstance(node, dict):
        for key, value in node.items():
            if isinstance(value, str) and (key == "nl" or key == "definition_nl"):
                yield re.sub(r"\{\w+\}", "dit", value)
            else:
                yield from dutch(value)
    elif isinstance(node, (list, tuple)):
        for value in node:
            yield from dutch(value)


def prose(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    text = "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    return re.sub(r"<details>.*?</details>", "", text, flags=re.DOTALL)


def test_reading_ease_tells_plain_from_stiff():
    assert reading_ease("De kat zit op de mat. Wie ziet haar?") > 100
    assert reading_ease("Organisatorische samenwerkingsverbanden veronderstellen coördinatiemechanismen.") < 0


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_pages_are_plain(path):
    text = prose(path)
    print(f"{path.stem}: {reading_ease(text):.0f}")
    assert reading_ease(text) >= GOAL
    longest = max(re.split(r"[.!?:]\s|\n", re.sub(r"\]\([^)]*\)", "]", text)), key=lambda part: len(part.split()))
    assert len(longest.split()) <= LONGEST, longest


@pytest.mark.parametrize("name", READ)
def test_what_widgets_say_is_plain(name):
    text = "\n".join(dutch(load(name)))
    print(f"{name}: {reading_ease(text):.0f}")
    assert reading_ease(text) >= GOAL
