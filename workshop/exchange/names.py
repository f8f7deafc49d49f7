"""The organisations of a file: one for each name, whatever its spelling; names that look alike are only pointed out."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from workshop.domain.network import Organisation, new_id
from workshop.exchange.questions import Notebook
from workshop.exchange.sheets import CELL_ERROR, DATE, clean_name, fillers, name_key
from workshop.texts import Message

Where = Callable[[], Message]


@dataclass
class Entry:
    """An organisation while a file is read."""

    name: str
    id: str = ""
    sector: str | None = None
    layer: str | None = None
    lead: bool = False
    listed: bool = False
    places: list[Message] = field(default_factory=list)


class Names:
    """Gathers the organisations of a file."""

    def __init__(self, notebook: Notebook):
        self.notebook = notebook
        self.entries: list[Entry] = []
        self.by_name: dict[str, int] = {}
        self.by_id: dict[str, int] = {}
        self.by_code: dict[str, int] = {}
        self._known: dict[tuple[str, bool | None], tuple[int | None, list[str], str]] = {}

    def add(self, name: str) -> int:
        """A new organisation; its index."""
        self.entries.append(Entry(name))
        index = len(self.entries) - 1
        self.by_name.setdefault(name_key(name), index)
        return index

    def code(self, index: int, id: str) -> None:
        """Give an organisation the code that a list gives it."""
        self.entries[index].id = id
        if id:
            self.by_id.setdefault(id, index)
            self.by_code.setdefault(name_key(id), index)

    def find(self, text: str, codes: bool | None = False) -> int | None:
        """The organisation with this name or code: codes first if True, names first if False, names only if None."""
        by_id = self.by_id.get(clean_name(text), self.by_code.get(name_key(text)))
        by_name = self.by_name.get(name_key(text))
        if codes is None:
            return by_name
        first, second = (by_id, by_name) if codes else (by_name, by_id)
        return second if first is None else first

    def end(self, text: str, where: Where, codes: bool | None = False) -> int | None:
        """The organisation that a cell names, added if it is new; None for an empty cell. `codes` as for `find`."""
        known = self._known.get((text, codes))
        if known is None:
            known = self._known[text, codes] = self._look(text, codes)
        index, remarks, spelling = known
        for remark in remarks:
            place = where()
            if remark == "cell_error":
                self.notebook.faults.append(Message("import.fault.cell_error", place=place, value=spelling))
                continue
            if remark == "merged" and index is not None:
                name = self.entries[index].name
                place = Message("import.note.merged_item", place=place, spelling=spelling, name=name)
            self.notebook.spot(remark, place)
        if index is not None and not self.entries[index].places:
            self.entries[index].places.append(where())
        return index

    def _look(self, text: str, codes: bool | None) -> tuple[int | None, list[str], str]:
        name = clean_name(text)
        remarks = []
        if any(unicodedata.category(character) == "Cc" and not character.isspace() for character in text):
            remarks.append("control")
        elif name and text != name:
            remarks.append("spaces")
        if not name:
            return None, remarks, ""
        if CELL_ERROR.fullmatch(name.upper()):
            return None, ["cell_error"], name
        if DATE.fullmatch(name):
            remarks.append("date_name")
        index = self.find(name, codes)
        if index is None:
            index = self.add(name)
        elif name_key(name) == name_key(self.entries[index].name) and name != self.entries[index].name:
            remarks.append("merged")
        return index, remarks, name

    def organisations(self, keep: Iterable[int]) -> dict[int, Organisation]:
        """The organisations that stay: with their own id where it is short and plain, else one made of the name."""
        made: dict[int, Organisation] = {}
        order = list(keep)
        own = [self.entries[index].id for index in order]
        taken = {id for id in own if usable(id)}
        counts: dict[str, int] = defaultdict(lambda: 1)
        for index, id in zip(order, own, strict=True):
            entry = self.entries[index]
            if not usable(id):
                stem = id = new_id(entry.name, ())
                while id in taken:
                    counts[stem] += 1
                    id = f"{stem}-{counts[stem]}"
                taken.add(id)
            made[index] = Organisation(id, entry.name, entry.sector, entry.layer)
        return made


def usable(id: str) -> bool:
    """Whether a code of a file can be an id: short, plain ASCII."""
    return bool(re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}", id))


def tokens(name: str) -> tuple[str, ...]:
    """The words of a name without accents, dots and small words."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(character for character in plain if not unicodedata.combining(character))
    found = re.findall(r"[^\W_]+", re.sub(r"[.'’]", "", plain))
    return tuple(word for word in found if word not in fillers("small")) or tuple(found)


def alike(first: Sequence[str], second: Sequence[str]) -> bool:
    """Whether two names differ by one typing error, word order, spaces or signs only."""
    if "".join(first) == "".join(second) or sorted(first) == sorted(second):
        return True
    if len(first) != len(second):
        return False
    pairs = [(one, other) for one, other in zip(first, second, strict=True) if one != other]
    return len(pairs) == 1 and _typing_error(*pairs[0])


def _typing_error(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    if short[0] != long[0] or any(character.isdigit() for character in short + long):
        return False
    if len(short) + 1 == len(long):
        return any(long[:at] + long[at + 1 :] == short for at in range(len(long)))
    if len(short) != len(long):
        return False
    wrong = [at for at, (a, b) in enumerate(zip(short, long, strict=True)) if a != b]
    swapped = len(wrong) == 2 and wrong[1] == wrong[0] + 1
    return len(wrong) == 1 or (swapped and short[wrong[0]] == long[wrong[1]] and short[wrong[1]] == long[wrong[0]])


def near_groups(names: Sequence[str]) -> list[list[int]]:
    """Groups of names that look alike, as indices, first spelling first; no name is compared with all others."""
    split = [tokens(name) for name in names]
    group = list(range(len(names)))
    shared: dict[tuple, list[int]] = defaultdict(list)
    rests: dict[tuple, list[tuple[int, str]]] = defaultdict(list)
    for index, words in enumerate(split):
        for mark in {("".join(words),), ("sorted", *sorted(words))} if words else ():
            shared[mark].append(index)
        for at, word in enumerate(words[:12]):
            if (5 if len(words) == 1 else 4) <= len(word) <= 30 and not any(sign.isdigit() for sign in word):
                rests[*words[:at], "", *words[at + 1 :]].append((index, word))
    for rest, members in rests.items():
        for index, word in members if len(members) > 1 else ():
            for variant in {word, *(word[:cut] + word[cut + 1 :] for cut in range(len(word)))}:
                shared[rest, variant].append(index)

    def root(index: int) -> int:
        while group[index] != index:
            index = group[index] = group[group[index]]
        return index

    for bucket in shared.values():
        for at, index in enumerate(bucket):
            for other in bucket[: min(at, 8)]:
                low, high = sorted((root(other), root(index)))
                if low != high and alike(split[index], split[other]):
                    group[high] = low
    found: dict[int, list[int]] = defaultdict(list)
    for index in range(len(names)):
        found[root(index)].append(index)
    return [members for members in found.values() if len(members) > 1]


class Guesses:
    """Finds which organisations of a list an unknown name may mean."""

    def __init__(self, names: dict[int, str]):
        self.split = {index: tokens(name) for index, name in names.items()}
        self.by_word: dict[str, set[int]] = defaultdict(set)
        for index, words in self.split.items():
            for word in words:
                self.by_word[word].add(index)

    def of(self, name: str) -> list[int]:
        """At most three organisations whose name holds this one, is held by it, or looks like it."""
        mine = tokens(name)
        if not mine:
            return []
        sharing = sorted(set().union(*(self.by_word.get(word, set()) for word in mine)))[:2000]
        found = [at for at in sharing if set(mine) <= set(self.split[at]) or set(self.split[at]) <= set(mine)]
        close = [at for at in list(self.split)[:2000] if at not in found and alike(mine, self.split[at])]
        return (found + close)[:3]
