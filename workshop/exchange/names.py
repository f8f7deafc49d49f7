"""The organisations of a file: one for each name, whatever its spelling; names that look alike are only pointed out."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from workshop.domain.network import Organisation, new_id
from workshop.exchange.questions import Notebook
from workshop.exchange.sheets import CELL_ERROR, DATE, clean_name, name_key, noise
from workshop.texts import Message

Words = tuple[str, ...]


@dataclass
class Entry:
    """An organisation while a file is read."""

    name: str
    place: Message
    id: str = ""
    sector: str | None = None
    layer: str | None = None
    lead: bool = False
    listed: bool = False


class Names:
    """Gathers the organisations of a file."""

    def __init__(self, notebook: Notebook):
        self.notebook = notebook
        self.entries: list[Entry] = []
        self.by_name: dict[str, int] = {}
        self.by_id: dict[str, int] = {}
        self.by_code: dict[str, int] = {}

    def add(self, name: str, place: Message) -> int:
        """A new organisation, and where it stands first; its index."""
        self.entries.append(Entry(name, place))
        index = len(self.entries) - 1
        self.by_name.setdefault(name_key(name), index)
        return index

    def code(self, index: int, id: str) -> None:
        """Give an organisation the code that a list gives it."""
        self.entries[index].id = id
        if id:
            self.by_id.setdefault(id, index)
            self.by_code.setdefault(name_key(id), index)

    def coded(self, text: str) -> int | None:
        """The organisation with this code, as the list writes it, in other capitals, or ``2.0`` for ``2``."""
        name = clean_name(text)
        found = self.by_id.get(name, self.by_id.get(name.removesuffix(".0")))
        return self.by_code.get(name_key(name)) if found is None else found

    def find(self, text: str, codes: bool | None = False) -> int | None:
        """The organisation with this name or code: codes first if True, names first if False, names only if None."""
        named = self.by_name.get(name_key(text))
        order = [named] if codes is None else [self.coded(text), named] if codes else [named, self.coded(text)]
        return next((index for index in order if index is not None), None)

    def end(self, text: str, place: Message, codes: bool | None = False) -> int | None:
        """The organisation that a cell names, added if it is new; None for an empty cell. `codes` as for `find`."""
        name, remark = looked_at(text)
        if remark == "cell_error":
            self.notebook.fault("cell_error", place=place, value=name)
            return None
        if remark:
            self.notebook.spot(remark, place)
        if not name:
            return None
        index = self.find(name, codes)
        if index is None:
            index = self.add(name, place)
        entry = self.entries[index]
        if name != entry.name and name_key(name) == name_key(entry.name):
            self.notebook.spot(
                "merged", Message("import.note.merged_item", place=place, spelling=name, name=entry.name)
            )
        return index

    def organisations(self, keep: Iterable[int]) -> dict[int, Organisation]:
        """The organisations that stay: with their own id where it is short and plain, else one made of the name."""
        own = {index: self.entries[index].id for index in keep}
        taken = {id for id in own.values() if usable(id)}
        counts: dict[str, int] = defaultdict(lambda: 1)
        made: dict[int, Organisation] = {}
        for index, id in own.items():
            entry = self.entries[index]
            if not usable(id):
                stem = id = new_id(entry.name, ())
                while id in taken:
                    counts[stem] += 1
                    id = f"{stem}-{counts[stem]}"
                taken.add(id)
            made[index] = Organisation(id, entry.name, entry.sector, entry.layer)
        return made


@lru_cache(65536)
def looked_at(text: str) -> tuple[str, str]:
    """The name in a cell, "" where there is none, and what is to be said of it."""
    name = clean_name(text)
    if re.fullmatch(r"[-–—./?_* ]*", name):  # what people write where there is nothing
        name = ""
    if CELL_ERROR.fullmatch(name.upper()):
        return name, "cell_error"
    if any(unicodedata.category(character) == "Cc" and not character.isspace() for character in text):
        return name, "control"
    return name, "date_name" if DATE.fullmatch(name) else "spaces" if name and text != name else ""


def usable(id: str) -> bool:
    """Whether a code of a file can be an id: short, plain ASCII."""
    return bool(re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}", id))


def tokens(name: str) -> Words:
    """The words of a name without accents, dots and small words."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(character for character in plain if not unicodedata.combining(character))
    found = re.findall(r"[^\W_]+", re.sub(r"[.'’]", "", plain))
    return tuple(word for word in found if word not in noise("name")) or tuple(found)


def near_groups(names: Sequence[str]) -> list[list[int]]:
    """Groups of names that look alike, as indices, first spelling first.

    Alike are names that differ by word order, spaces or signs only, or by one typing error: a word of four letters or
    more (five where it stands alone) that is the same once one letter is left out of both, but not the first.
    """
    marks: dict[object, list[int]] = defaultdict(list)
    rests: dict[Words, list[tuple[int, str]]] = defaultdict(list)
    for index, words in enumerate(map(tokens, names)):
        for mark in {"".join(words), tuple(sorted(words))} if words else ():
            marks[mark].append(index)
        for at, word in enumerate(words[:12]):
            if (5 if len(words) == 1 else 4) <= len(word) <= 30 and not any(sign.isdigit() for sign in word):
                rests[*words[:at], "", *words[at + 1 :]].append((index, word))
    for rest, members in rests.items():
        for index, word in members if len(members) > 1 else ():
            for variant in {word, *(word[:cut] + word[cut + 1 :] for cut in range(1, len(word)))}:
                marks[rest, variant].append(index)
    group = list(range(len(names)))

    def root(index: int) -> int:
        while group[index] != index:
            index = group[index] = group[group[index]]
        return index

    for first, *others in marks.values():
        for other in others:
            low, high = sorted((root(first), root(other)))
            group[high] = low
    found: dict[int, list[int]] = defaultdict(list)
    for index in range(len(names)):
        found[root(index)].append(index)
    return [members for members in found.values() if len(members) > 1]
