"""Sentences: keys and placeholders in both languages, numbers and lists as people write them."""

import ast
import json
import re
from pathlib import Path

import pytest

from workshop import texts
from workshop.texts import Message, data_root, either, in_language, message_keys

TOP = Path(__file__).parents[1]


def entries():
    root = data_root() / "texts"
    return [
        (p.name, key, entry)
        for p in sorted(root.glob("*.toml"))
        for key, entry in texts._flatten(texts.load(f"texts/{p.name}"))
    ]


def fields(form):
    forms = form.values() if isinstance(form, dict) else [form]
    return set().union(*(set(re.findall(r"{(\w+)", text)) for text in forms))


def test_every_sentence_is_there_in_both_languages_with_the_same_placeholders():
    wrong = [
        (name, key)
        for name, key, entry in entries()
        if set(entry) != {"nl", "en"} or fields(entry["nl"]) - {"n"} != fields(entry["en"]) - {"n"}
    ]
    assert not wrong and len(entries()) > 100


def test_every_key_in_the_code_exists():
    keys, used = message_keys(), set()
    for path in (TOP / "workshop").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Message" and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant):
                    used.add(first.value)
    assert not {key for key in used if key not in keys}
    assert len(used) > 60


def test_english_numbers_and_lists():
    says = texts.load("texts/field.toml")["law"]["says"]["nl"]
    assert str(Message("law.says", sentence="X", where="1")) == says.format(sentence="X", where="1")
    assert texts.number(0.5) == "0,5" and texts.number(3) == "3"
    assert texts.enumerate_names(["a", "b", "c"]) == "a, b en c" and either(["a", "b"]) == "a of b"
    with in_language("en"):
        assert texts.number(0.5) == "0.5" and texts.enumerate_names(["a", "b"]) == "a and b"


def test_plural_forms_follow_n():
    forms = texts.load("texts/answers.toml")["answers"]["deleted"]["nl"]
    for n, form in ((0, "zero"), (1, "one"), (3, "other")):
        assert str(Message("answers.deleted", n=n)) == forms[form].format(n=n)
    assert "3" in str(Message("answers.deleted", n=3)) and len(set(forms.values())) == 3


def test_braces_in_a_name_are_not_filled_in():
    assert "{0.__class__}" in str(Message("header.table", name="{0.__class__}"))


def test_missing_english_falls_back_to_dutch_visibly():
    with in_language("en"):
        assert texts.pick({"nl": "hallo"}) == "[nl] hallo"
    assert texts.pick({"nl": "hallo"}) == "hallo"


def test_an_unknown_language_is_refused():
    with pytest.raises(ValueError, match="nl, en"):
        texts.set_language("fr")


@pytest.mark.parametrize(
    "raw", ["Zoë".encode("cp1252"), "Zoë".encode("utf-8-sig"), "Zoë".encode(), "Zoë".encode("utf-16")]
)
def test_decode_reads_what_excel_writes(raw):
    assert texts.decode(raw) == "Zoë"


# One word for one thing: what is written beside it is written nowhere in texts that people read.
ONE_WORD = {
    "de kit": r"(?<!Excel-)\b[Ww]erkmap\b",  # "Excel-werkmap" is what Excel itself says when it saves
    "begeleider": r"\b[Tt]rainer\b",
    "overleg met iedereen": r"\bplenai?re?\b|vergadering met allen",
    "commissioner, co-producer": r"\b([Oo]pdrachtgever|[Cc]oproducent)\b",
    "apart bureau (NAO)": r"netwerkorganisatie",
    "je kan, je wil": r"\b(kunt|wilt|kun je)\b",
    "tekening": r"\bprent",
    "mijn blad": r"\b(het|je|jouw|een) eigen blad\b",
    "Excel-bestand": r"\b[Ww]erkboek",
    "lijn": r"\b[Bb]and(en)?\b",
}
# What a file holds rather than says: names of columns and sheets, and what others wrote.
HELD = {"import", "tie_kinds.toml"}
MESSAGES = re.compile(r"import\.(place|more|name|same|summary|note|fault|refuse|ask|near)")


EXPLAINED = {"import.note.no_ties"}
"""Says the word of many files beside ours."""


def said():
    """Each Dutch text of data and of the pages, with where it stands."""
    for path in sorted(data_root().rglob("*.toml")):
        name = path.relative_to(data_root()).as_posix()
        for key, entry in texts._flatten(texts.load(name)):
            held = key.split(".")[0] in HELD or name in HELD or key in EXPLAINED
            if not held or (MESSAGES.match(key) and key not in EXPLAINED):
                yield from ((f"{name} {key}", text) for text in dutch_of(entry))
    for row in texts.load("glossary.csv"):
        if row["id"] not in ("commissioner", "co-producer"):  # these name the Dutch word, to say why it is not used
            yield f"glossary.csv {row['id']}", f"{row['term_nl']} {row['definition_nl']}"
    for path in [*(TOP / "notebooks/nl").glob("*.ipynb"), *(TOP / "exercises/nl").glob("[!d]*.ipynb")]:
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "markdown":
                yield f"{path.name} {cell['id']}", re.sub(r"\]\([^)]*\)", "]", "".join(cell["source"]))


def dutch_of(node, dutch=False):
    if isinstance(node, str):
        if dutch:
            yield node
    elif isinstance(node, dict):
        for key, value in node.items():
            yield from dutch_of(value, dutch or key == "nl")
    elif isinstance(node, list):
        for value in node:
            yield from dutch_of(value, dutch)


@pytest.mark.parametrize("word", ONE_WORD)
def test_one_word_for_one_thing(word):
    texts_read = list(said())
    assert len(texts_read) > 1000
    wrong = [(place, found[0]) for place, text in texts_read if (found := re.search(ONE_WORD[word], text))]
    assert not wrong


def test_roles_stand_in_one_order_everywhere():
    order = ["facilitator", "co-producer", "commissioner"]
    assert [role["id"] for role in texts.load("roles.toml")["role"]] == order
    assert [role["id"] for role in texts.load("role-play.toml")["role"]] == order
    assert [row["id"] for row in texts.load("slides.csv") if row["id"] in order] == order
    for name in ("last-word", "who-are-we", "regie-verbs"):
        ids = [option["id"] for option in texts.load(f"questions/{name}.toml")["option"]]
        assert [id for id in ids if id in order] == order, name
