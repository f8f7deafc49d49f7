"""Sentences: keys and placeholders in both languages, numbers and lists as people write them."""

import ast
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
    assert str(Message("law.says", sentence="X", where="1")) == "X (Bron: 1.)"
    assert texts.number(0.5) == "0,5" and texts.number(3) == "3"
    assert texts.enumerate_names(["a", "b", "c"]) == "a, b en c" and either(["a", "b"]) == "a of b"
    with in_language("en"):
        assert texts.number(0.5) == "0.5" and texts.enumerate_names(["a", "b"]) == "a and b"


def test_plural_forms_follow_n():
    assert "Eén" in str(Message("answers.deleted", n=1))
    assert "3" in str(Message("answers.deleted", n=3))


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
