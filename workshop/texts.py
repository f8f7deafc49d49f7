"""Where texts and tables come from, and how a sentence is made of them.

Every sentence that people read stands in ``data/``, Dutch and English side by side. Code holds keys only:
``Message("measure.ties", n=12, possible=28)`` becomes a sentence when it is shown, in the language then in force.
"""

from __future__ import annotations

import csv
import io
import os
import string
import tomllib
from collections.abc import Iterable, Mapping, Set
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

LANGUAGES = ("nl", "en")
_chosen: str | None = None  # a context variable would be lost between two cells of a notebook


@cache
def data_root() -> Path:
    """The folder with all texts, tables and cases: inside the installed package, else the repository's ``data``."""
    inside = Path(str(files("workshop"))) / "data"
    return inside if inside.is_dir() else Path(__file__).resolve().parent.parent / "data"


def language() -> str:
    """The language in force: the one chosen, that of the folder of a page, ``WORKSHOP_LANGUAGE``, else Dutch."""
    above, folder = os.path.split(os.getcwd())  # asked for each sentence; a Path takes three times as long
    of_page = folder if os.path.basename(above) in ("notebooks", "exercises") else None
    asked = (_chosen, of_page, os.environ.get("WORKSHOP_LANGUAGE"))
    return next((code for code in asked if code in LANGUAGES), "nl")


def set_language(code: str | None) -> None:
    """Choose the language from now on, None for the usual one; see `language`. ValueError if unknown."""
    if code is not None and code not in LANGUAGES:
        raise ValueError(f"language {code!r}: choose one of {', '.join(LANGUAGES)}")
    global _chosen
    _chosen = code


@contextmanager
def in_language(code: str):
    """Use another language for the length of a ``with`` block."""
    before = _chosen
    set_language(code)
    try:
        yield
    finally:
        set_language(before)


def decode(raw: bytes) -> str:
    """Bytes to text as Excel writes them: byte order mark, else UTF-8, else Windows-1252."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


@cache
def _toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(decode(path.read_bytes()))


@cache
def _csv(path: Path) -> tuple[dict[str, str], ...]:
    content = decode(path.read_bytes())
    head = content.split("\n", 1)[0]
    separator = ";" if head.count(";") >= head.count(",") else ","
    rows = csv.DictReader(io.StringIO(content, newline=""), delimiter=separator)
    return tuple({key: (value or "").strip() for key, value in row.items() if key} for row in rows)


def load(name: str) -> Any:
    """A file of ``data/``: a TOML file as a dict, a CSV file as a tuple of dicts (all values text).

    Parameters
    ----------
    name : str
        Path under ``data/``, with its ending: ``"roles.toml"``. FileNotFoundError if there is no such file.
    """
    path = data_root() / name
    return _toml(path) if path.suffix == ".toml" else _csv(path)


def load_folder(name: str) -> dict[str, dict[str, Any]]:
    """The TOML files of a folder of ``data/``, by name without ending; a `Problem` that says which cannot be read."""
    found = {}
    for path in sorted((data_root() / name).glob("*.toml")):
        try:
            found[path.stem] = _toml(path)
        except tomllib.TOMLDecodeError as error:
            raise Problem(Message("questions.unreadable", file=path.name, why=error)) from error
    return found


def pick(entry: Mapping[str, Any] | str | None, field: str | None = None) -> str:
    """The text of an entry in the language in force; Dutch, marked ``[nl]``, where English is missing.

    Parameters
    ----------
    entry : mapping or str or None
        Either ``{"nl": ..., "en": ...}``, or with `field` a row with columns ``<field>_nl`` and ``<field>_en``.
    field : str, optional
        Start of the column names.
    """
    if entry is None or isinstance(entry, str):
        return entry or ""
    start = f"{field}_" if field else ""
    code = language()
    found = entry.get(start + code)
    if found:
        return found
    dutch = entry.get(start + "nl") or ""
    return f"[nl] {dutch}" if dutch and code != "nl" else dutch


def localise(value: Any) -> Any:
    """A value as loaded from ``data/``, texts in the language in force; a mapping of ``nl`` and ``en`` is one text."""
    if isinstance(value, Mapping):
        if value.keys() <= {"nl", "en"}:
            return pick(value)
        found: dict[str, Any] = {}
        for key, entry in value.items():
            if key == "nl":
                found["label"] = pick(value)
            elif key.endswith("_nl"):
                found[key[:-3]] = pick(value, key[:-3])
            elif key != "en" and not key.endswith("_en"):
                found[key] = localise(entry)
        return found
    return [localise(entry) for entry in value] if isinstance(value, (list, tuple)) else value


@cache
def _messages(root: Path) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for path in sorted((root / "texts").glob("*.toml")):
        for key, entry in _flatten(_toml(path)):
            if key in found:
                raise ValueError(f"{path.name}: the key {key!r} stands in two files")
            found[key] = entry
    return found


def _flatten(node: Mapping[str, Any], start: str = "") -> Iterable[tuple[str, Any]]:
    for key, value in node.items():
        if isinstance(value, Mapping) and "nl" not in value:
            yield from _flatten(value, f"{start}{key}.")
        else:
            yield start + key, value


def message_keys() -> Set[str]:
    """All keys that a `Message` may have."""
    return _messages(data_root()).keys()


def words(start: str) -> dict[str, str]:
    """What a script says: texts by the rest of their key, which starts like this; the script fills in placeholders."""
    found = _messages(data_root()).items()
    return {key.removeprefix(start): pick(entry) for key, entry in found if key.startswith(start)}


def number(value: float, form: str = "") -> str:
    """A number as people write it: at most two decimals unless `form` says otherwise, a comma in Dutch."""
    plain = f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
    shown = format(value, form) if form else plain
    return shown.replace(".", ",") if language() == "nl" else shown


def day(text: str, form: str = "%d/%m/%Y") -> str:
    """A day as people here write it or as it is kept, in another form; empty where the text is no day."""
    for known in ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d"):
        with suppress(ValueError):
            return datetime.strptime(text.strip(), known).strftime(form)
    return ""


class _Sentence(string.Formatter):
    """Fills ``{placeholders}``: lists become "a, b en c", numbers get a decimal comma, messages are rendered."""

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return number(value, format_spec)
        if isinstance(value, (list, tuple)):
            return enumerate_names(value)
        return format(str(value), format_spec)


def enumerate_names(names: Iterable[Any], last: Mapping[str, str] = {"nl": "en", "en": "and"}) -> str:
    """Names in a row, the last one after "en" or "and", or after another word."""
    shown = [str(name) for name in names]
    if len(shown) < 2:
        return "".join(shown)
    return f"{', '.join(shown[:-1])} {last[language()]} {shown[-1]}"


def either(names: Iterable[Any]) -> str:
    """Names in a row, the last one after "of" or "or"."""
    return enumerate_names(names, {"nl": "of", "en": "or"})


class Message:
    """A sentence that is not written yet: a key in ``data/texts`` and the values to fill in.

    Parameters
    ----------
    key : str
        Key in one of the files of ``data/texts``, such as ``"measure.ties"``.
    **values
        What the placeholders stand for: text, numbers, lists of names, other messages. An entry may have forms
        ``one`` and ``other`` (and ``zero``), chosen by the value called ``n``.

    Notes
    -----
    ``str(message)`` is plain text. Whoever puts it into HTML escapes it, values and all.
    """

    __slots__ = ("key", "values")

    def __init__(self, key: str, /, **values: Any):
        self.key = key
        self.values = values

    def __str__(self) -> str:
        entry = _messages(data_root()).get(self.key)
        if entry is None:
            return self.key
        spoken = language()
        code = spoken if entry.get(spoken) else "nl"
        form = entry[code]
        if isinstance(form, Mapping):
            n = self.values.get("n")
            form = form.get("zero" if n == 0 else "one" if n == 1 else "other", form["other"])
        shown = _Sentence().vformat(form, (), self.values)
        return shown if code == spoken else f"[nl] {shown}"

    def __repr__(self) -> str:
        return repr(str(self))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Message) and (self.key, self.values) == (other.key, other.values)

    def __hash__(self) -> int:
        return hash(self.key)


class Problem(ValueError):
    """Something a person asked for cannot be done; the message says what is wrong, where, and what to do."""

    def __init__(self, message: Message):
        super().__init__(message)
        self.message = message
