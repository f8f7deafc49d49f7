"""How plain pages and data are in both languages, as a figure for each: `pytest -s tests/test_readability.py`.

On these pages the Dutch figures lie within 4 of those of textstat, which brings eight packages along, and the English
ones within 6 of those by the syllables of the CMU Pronouncing Dictionary."""

import json
import re
from pathlib import Path

import pytest

from workshop.texts import LANGUAGES, data_root, load

ROOT = Path(__file__).resolve().parent.parent
PAGES = [
    *sorted(ROOT.glob("notebooks/*/[0-9]_*.ipynb")),
    *(path for path in sorted(ROOT.glob("exercises/*/*.ipynb")) if not path.stem.startswith("deeper_")),
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
# Names of the trade, such as "network administrative organisation", are a large part of some short English texts.
DATA_GOAL = {"nl": GOAL, "en": 50}
VOWELS = "aai|ooi|oei|eeu|ieu|aa|ee|oo|uu|ie|oe|eu|ui|ei|ij|au|ou|ai|oi|[aeiouyàâäéèêëïîôöùûü]"
SILENT = r"(?<=[^aeiouyl])e$|(?<=[aeiouy]l)e$|(?<=[^aeiouycghsxz])es$|(?<=[^aeiouydt])ed$"
WORD = {"nl": r"[^\W\d_]+", "en": r"[^\W\d_]+(?:['’][^\W\d_]+)?"}
WEIGHTS = {"nl": (0.93, 77), "en": (1.015, 84.6)}
"""What a word more in each sentence takes off, and a syllable more in each word: Douma's Flesch, and Flesch's own."""


def syllables(word, code):
    if code == "en":
        return max(1, len(re.findall("[aeiouy]+", re.sub(SILENT, "", word.lower()))))
    return max(1, len(re.findall(VOWELS, re.sub(r"([ëïöü])", r"-\1", word.lower()))))


def reading_ease(text, code):
    """How easy a text reads; 60 and more is plain."""
    lines = [line.strip("#-* ") for line in text.splitlines() if not line.startswith(("|", "*Bron", "*Source", "<"))]
    sentences = [part for line in lines for part in re.split(r"[.!?:]+(?:\s|$)", line) if re.search(r"\w", part)]
    words = [word for part in sentences for word in re.findall(WORD[code], re.sub(r"\]\([^)]*\)|`[^`]*`", "", part))]
    per_word, per_syllable = WEIGHTS[code]
    length = sum(syllables(word, code) for word in words) / len(words)
    return 206.84 - per_word * len(words) / len(sentences) - per_syllable * length


def sentences_in(node, code):
    """All sentences of a file in one language; placeholders stand for one short word."""
    if isinstance(node, dict):
        for key, value in node.items():
            if isinstance(value, str) and key in (code, f"definition_{code}"):
                yield re.sub(r"\{\w+\}", "dit", value)
            else:
                yield from sentences_in(value, code)
    elif isinstance(node, (list, tuple)):
        for value in node:
            yield from sentences_in(value, code)


def prose(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    text = "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    return re.sub(r"<details>.*?</details>", "", text, flags=re.DOTALL)


def test_reading_ease_tells_plain_from_stiff():
    assert reading_ease("De kat zit op de mat. Wie ziet haar?", "nl") > 100
    assert reading_ease("Organisatorische samenwerkingsverbanden veronderstellen coördinatiemechanismen.", "nl") < 0
    assert reading_ease("The cat sat on the mat. Who made it come?", "en") > 100
    assert reading_ease("Organisational collaborations necessitate coordinating mechanisms.", "en") < 0


@pytest.mark.parametrize("path", PAGES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_pages_are_plain(path):
    text = prose(path)
    ease = reading_ease(text, path.parent.name)
    print(f"{path.parent.name} {path.stem}: {ease:.0f}")
    assert ease >= GOAL
    longest = max(re.split(r"[.!?:]\s|\n", re.sub(r"\]\([^)]*\)", "]", text)), key=lambda part: len(part.split()))
    assert len(longest.split()) <= LONGEST, longest


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("name", READ)
def test_what_widgets_say_is_plain(name, code):
    sentences = list(sentences_in(load(name), code))
    ease = reading_ease("\n".join(sentences), code)
    print(f"{code} {name}: {ease:.0f}")
    worded = [sentence for sentence in sentences if len(sentence.split()) > 3]
    hardest = sorted(worded, key=lambda sentence: reading_ease(sentence, code))[:3]
    assert ease >= DATA_GOAL[code], f"make these easier to read: {hardest}"
