"""The register of questions: all that the kit asks, each question once, from the files in ``data/questions``.

Views, rules of who may see what, the trainer's page, the report and the papers are made from it.
A file is a set of questions, and its name without ending is the name of the set.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

from workshop import texts
from workshop.texts import Message, Problem, localise

FOLDER = "questions"
ALLOWED = {
    "owner": ("table", "person", "either"),
    "visibility": ("table", "private"),
    "kind": ("choice", "scale", "text", "date"),
}
"""What a question may say of itself; ``data/questions`` knows no other words."""
WRITTEN = ("text", "date")
USUAL = {"page": "", "hint": "", "phone": False, "counted": True, "source": "kit", "feedback": ""}
"""What holds where a question does not say it."""
INHERITED = (*ALLOWED, "page", "phone", "counted")
"""What a file says once, at its top, for all of its questions."""
ON_PAPER = {"step", "lines", "short"}
ASKED = {*ALLOWED, *USUAL, *ON_PAPER, "id", "text", "label", "heading", "above", "key", "option", "table", "points"}
KEYS = {
    "file": {*INHERITED, "title", "intro", "core", "drawings", "options", "option", "row", "question"},
    "question": ASKED,
    "row": ASKED | {"title", "core", "trainer", "suspected", "suspected_source"},
    "option": {"id", "text", "about", "own", "only", "source", "roles"},
}
"""What may stand in each kind of block: a mistyped ``visibility`` would show everybody what is private."""


class Option(NamedTuple):
    """One of the answers that people may choose; `id` is what is kept.

    `column` and `heading` are the id and the text of the option of the file in whose place it stands. `own` is its text
    where one person answers, `only` says whether the table or a person alone may choose it (empty: both), and `about`
    is a sentence more.
    """

    id: str
    column: str
    text: str
    heading: str
    own: str
    only: str
    about: str


@dataclass(frozen=True)
class RegisterEntry:
    """One question, with its texts in the language in force.

    Parameters
    ----------
    id : str
        The item under which answers are kept. A ``*`` that is left stands for what only the table knows, such as each
        organisation of its network: see `named`.
    pattern : str
        The id as the file has it: with a ``*`` where the question is put once for each ``[[row]]``.
    set, row : str
        Name of the file, and id of the row; no row is "".
    page : str
        Name of the notebook that asks it.
    owner : {"table", "person", "either"}
        Whose answer it is.
    visibility : {"table", "private"}
        Who sees a new answer until its author releases it.
    kind : {"choice", "scale", "text", "date"}
        A choice and a scale have `options`.
    text, label, hint : str
        The question on its page, its name in a list of questions, and a line below it.
    options : tuple of Option
        In the order of the file.
    phone, counted : bool
        Whether a telephone may ask it; whether the answers are counted for the trainer.
    key, source, feedback : tuple of str, str, str
        Of a card: the options that a source names (none: no fixed answer), that source, and the kit's own explanation.
    more : mapping
        All else that the file says of the question and its row, such as ``lines`` or ``heading``.

    Examples
    --------
    >>> question("opening.on-paper").owner
    'person'
    """

    id: str
    pattern: str
    set: str
    row: str
    page: str
    owner: Literal["table", "person", "either"]
    visibility: Literal["table", "private"]
    kind: Literal["choice", "scale", "text", "date"]
    text: str
    label: str
    hint: str
    options: tuple[Option, ...]
    phone: bool
    counted: bool
    key: tuple[str, ...]
    source: str
    feedback: str
    more: Mapping[str, Any] = field(compare=False)

    @property
    def written(self) -> bool:
        """Whether people write the answer themselves."""
        return self.kind in WRITTEN

    @property
    def beside(self) -> str:
        """Item of the table's own question that stands beside one of persons; empty where it has none."""
        return str(self.more.get("table", "")).replace("*", self.row)

    def named(self, id: str, text: str) -> RegisterEntry:
        """The question put for one thing that only the table knows, such as an organisation of its network."""
        return replace(self, id=self.id.replace("*", id, 1), text=text)

    def options_for(self, person: bool) -> tuple[Option, ...]:
        """The options that one person may choose, or the table, in words for them."""
        answering = "person" if person else "table"
        found = []
        for option in self.options:
            if option.only in ("", answering):
                if person and option.own:
                    option = option._replace(text=option.own, heading=option.own)
                found.append(option)
        return tuple(found)


def register() -> tuple[RegisterEntry, ...]:
    """All questions, in the order of pages and files.

    Raises
    ------
    Problem
        If a file cannot be read or a question is not whole; the message says which, and what to do.
    """
    return _register(texts.data_root(), texts.language())


def questions(name: str) -> list[RegisterEntry]:
    """The questions of a set or of a page, in their order; those of one pattern where `name` is that.

    Parameters
    ----------
    name : str
        Name of a file in ``data/questions``, such as ``"opening"``; of a page, such as ``"4_role"``; or an id as a file
        has it, such as ``"factor.*"``. KeyError where there are none.
    """
    found = [entry for entry in register() if name in (entry.set, entry.page, entry.pattern)]
    if not found:
        raise KeyError(f"no question in data/{FOLDER} belongs to {name!r}")
    return found


def question(id: str) -> RegisterEntry:
    """The question of an item; KeyError where the register has none."""
    found = _by_id(texts.data_root(), texts.language()).get(id)
    if found is None:
        fitting = [entry for entry in register() if fnmatchcase(id, entry.id)]
        if not fitting:
            raise KeyError(f"no question in data/{FOLDER} has the id {id!r}")
        found = replace(max(fitting, key=lambda entry: len(entry.id)), id=id)
    return found


def about(name: str) -> dict[str, Any]:
    """What a file says besides its questions: ``title``, ``intro`` and the like, and its ``row`` as they stand."""
    return localise(_files(texts.data_root())[name])


@cache
def _files(_root: Path) -> dict[str, dict[str, Any]]:
    """The files by name, in the order of the pages that ask them."""
    files = texts.load_folder(FOLDER)
    return dict(sorted(files.items(), key=lambda named: (str(named[1].get("page", "")), named[0])))


@cache
def _register(root: Path, _language: str) -> tuple[RegisterEntry, ...]:
    found: list[RegisterEntry] = []
    for name in _files(root):
        found += _entries(name, about(name))
    for id, times in Counter(entry.id for entry in found).items():
        if times > 1:
            raise Problem(Message("questions.twice", id=id, files=[e.set for e in found if e.id == id]))
    return tuple(found)


@cache
def _by_id(_root: Path, _language: str) -> dict[str, RegisterEntry]:
    return {entry.id: entry for entry in register()}


def _entries(name: str, file: dict[str, Any]) -> Iterator[RegisterEntry]:
    """The questions of one file; one with a ``*`` in its id is put once for each row."""
    _check(name, file)
    inherited = {key: file[key] for key in INHERITED if key in file}
    shared = about(file["options"])["option"] if "options" in file else file.get("option", [])
    for asked in file.get("question", []):
        if not asked.get("id"):
            raise Problem(Message("questions.no_id", file=name))
        rows = file["row"] if "*" in asked["id"] and "row" in file else [{}]
        for row in rows:
            said = {**USUAL, **inherited, **row, "text": "{row}", **asked}
            if "option" in asked:
                options = _options(asked["option"], asked["option"])
            else:  # the row's own options come in the place of the first ones
                own = row.get("option", [])
                options = _options([*own, *shared[len(own) :]], shared)
            yield _entry(name, said, row, options)


def _check(name: str, file: dict[str, Any]) -> None:
    """Whether each block of a file has an id and a text where it needs them, and no key that nobody reads."""
    blocks: dict[str, list[dict[str, Any]]] = {
        "file": [file],
        "question": file.get("question", []),
        "row": file.get("row", []),
        "option": [*file.get("option", [])],
    }
    for holder in (*blocks["row"], *blocks["question"]):
        blocks["option"] += holder.get("option", [])
    for part in (*blocks["option"], *blocks["row"]):
        if not part.get("id") or not part.get("text"):
            raise Problem(Message("questions.not_whole", file=name))
    for kind, found in blocks.items():
        for key in sorted({key for block in found for key in block} - KEYS[kind]):
            near = get_close_matches(key, KEYS[kind], 1)
            raise Problem(Message("questions.unknown_key", file=name, key=key, words=near or sorted(KEYS[kind])))


def _options(options: list[dict[str, Any]], headings: list[dict[str, Any]]) -> tuple[Option, ...]:
    """The options as they are read, each below its heading."""
    return tuple(
        Option(
            id=option["id"],
            column=heading["id"],
            text=option["text"],
            heading=heading["text"],
            own=option.get("own", ""),
            only=option.get("only", ""),
            about=option.get("about", ""),
        )
        for option, heading in zip(options, headings, strict=True)
    )


def _entry(name: str, said: dict[str, Any], row: dict[str, Any], options: tuple[Option, ...]) -> RegisterEntry:
    def filled(words: str) -> str:
        return words.replace("{row}", row.get("text", "")).replace("{title}", row.get("title", ""))

    pattern = said["id"]
    id = pattern.replace("*", row["id"], 1) if row else pattern
    for key, words in ALLOWED.items():
        if said.get(key) not in words:
            raise Problem(Message("questions.unknown_word", file=name, id=id, key=key, words=words))
    entry = RegisterEntry(
        id=id,
        pattern=pattern,
        set=name,
        row=row.get("id", ""),
        text=filled(said["text"]),
        label=filled(said.get("label", "")) or filled(said["text"]),
        options=() if said["kind"] in WRITTEN else options,
        key=tuple(said.get("key", ())),
        more=said,
        **{name: said[name] for name in (*USUAL, *ALLOWED)},
    )
    if not entry.text:
        raise Problem(Message("questions.no_text", file=name, id=id))
    if not entry.written and len(options) < 2:
        raise Problem(Message("questions.no_options", file=name, id=id))
    return entry
