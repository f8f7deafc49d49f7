"""The organisations and ties of one import: one organisation for each name, whatever its spelling."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache

from workshop.domain.network import Organisation, new_id
from workshop.exchange.cells import CELL_ERROR, DATE, NO_NAME, answer
from workshop.exchange.columns import Columns, Table
from workshop.exchange.grids import Grid
from workshop.exchange.questions import ImportNotes, refuse
from workshop.exchange.sheets import Sheet, clean_name, filled, letter, name_key, words
from workshop.texts import Message, load

Words = tuple[str, ...]
LIMIT_ORGANISATIONS = 20_000
LIMIT_TIES = 200_000
LONGEST_NAME = 12
"""So many words of a name are compared."""


@dataclass
class Entry:
    """An organisation while a file is read; `sort` is its sector as the file writes it."""

    name: str
    place: Message
    id: str = ""
    sector: str | None = None
    sort: str = ""
    layer: str | None = None
    lead: bool = False
    listed: bool = False


@dataclass(slots=True)
class RawTie:
    """A tie while a file is read: indices of organisations, and where it stands."""

    source: int
    target: int
    sheet: Sheet
    row: int
    kind: str | None = None
    strength: float | None = None
    trust: int | None = None
    direction: str | None = None


@dataclass(eq=False)
class Gathered:
    """What is read from all sheets together; `tables` are those at which organisations meet."""

    notes: ImportNotes
    entries: list[Entry] = field(default_factory=list)
    by_name: dict[str, int] = field(default_factory=dict)
    by_id: dict[str, int] = field(default_factory=dict)
    by_code: dict[str, int] = field(default_factory=dict)
    ties: list[RawTie] = field(default_factory=list)
    tables: list[tuple[str, list[int]]] = field(default_factory=list)
    directions: set[str] = field(default_factory=set)
    says_from_and_to: bool = False
    spellings: dict[tuple[str, str], str] = field(default_factory=dict)

    def add(self, name: str, place: Message) -> int:
        """A new organisation, and where it stands first; its index."""
        if len(self.entries) == LIMIT_ORGANISATIONS:
            raise refuse("fault.too_many_organisations", limit=LIMIT_ORGANISATIONS)
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
        if codes is None:
            return named
        coded = self.coded(text)
        first, second = (coded, named) if codes else (named, coded)
        return second if first is None else first

    def end(
        self, text: str, place: Callable[[], Message], codes: bool | None = False, coded: bool = False
    ) -> int | None:
        """The organisation that a cell names, added if it is new; None for an empty cell. `codes` as for `find`."""
        name, remark = looked_at(text)
        if remark == "cell_error":
            self.notes.fault("cell_error", place=place(), value=name)
            return None
        index = self.find(name, codes) if name else None
        listed = coded or (index is not None and self.entries[index].listed)
        if remark == "date_name" or (remark == "missing_name" and not listed):
            self.notes.spot(remark, Message("import.name_at", place=place(), name=name))
            if self.notes.answers.get(remark.removesuffix("_name")) == "leave":
                return None
        elif remark and remark != "missing_name":
            self.notes.spot(remark, place())
        if not name or (index is None and not coded and name_key(name) in words("nobody")):
            return None  # a list with codes may hold an organisation that is called "nobody"
        if index is None:
            index = self.add(name, place())
        entry = self.entries[index]
        if name not in (entry.name, entry.id) and name_key(name) == name_key(entry.name):
            values = {"place": place(), "spelling": name, "name": entry.name}
            self.notes.spot("merged", Message("import.note.merged_item", **values))
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

    def add_tie(self, tie: RawTie) -> None:
        """One more tie; refused where there are too many to draw."""
        if len(self.ties) == LIMIT_TIES:
            raise refuse("fault.too_many_ties", limit=LIMIT_TIES)
        self.ties.append(tie)

    def spelled(self, text: str, part: str) -> str | None:
        """The id of a usual sector or kind, else the text as it was spelled first; None where it is empty."""
        known = sectors() if part == "sector" else words("kinds")
        key = name_key(text)
        return known.get(key) or self.spellings.setdefault((part, key), clean_name(text)) or None

    def check(self, columns: Columns | Grid) -> None:
        """What is to be said of a sheet as a whole: rows and columns that are not read, formulas without a value."""
        sheet, used = columns.sheet, columns.used
        titled = set(filled(columns.header))
        for row, cells in sheet.rows:
            if row >= columns.row:
                break
            self.notes.spot("title", sheet.place(row))
            if len(filled(cells)) > 1:  # a header in two rows
                titled.update(filled(cells))
        for column in columns.personal:
            self.notes.spot("persons", columns.title(column))
        for row in columns.again:
            self.notes.spot("header_again", sheet.place(row))
        self.remarks(sheet)
        self.notes.unused += [clean_name(columns.header[at]) for at in filled(columns.header) if at not in used]
        if titled:
            self.check_untitled(columns, titled | used)
        for row, column in sorted(sheet.broken):
            if row == columns.row or (row > columns.row and (column in used or not titled)):
                self.notes.fault("formula", place=sheet.place(row, columns.title(column)))

    def remarks(self, sheet: Sheet) -> None:
        """What the format itself had to say of a sheet."""
        for key, what in sheet.remarks:
            self.notes.spot(key, sheet.place(what) if isinstance(what, int) else what)
        self.notes.unused += sheet.unread

    def check_untitled(self, columns: Table, known: set[int]) -> None:
        """Cells without a header above them: a fault in a text file, where a separator may stand in a name."""
        for row, cells in columns.body:
            stray = next((at for at in filled(cells) if at not in known), None)
            if stray is None:
                continue
            place = columns.sheet.place(row, letter(stray))
            if columns.sheet.strict:
                self.notes.fault("too_wide", place=place)
            else:
                self.notes.spot("no_header", place)


@lru_cache(65536)
def looked_at(text: str) -> tuple[str, str]:
    """The name in a cell, "" where there is none, and what is to be said of it."""
    name = clean_name(text)
    if not name.strip(NO_NAME):
        name = ""
    if CELL_ERROR.fullmatch(name.upper()):
        return name, "cell_error"
    if any(unicodedata.category(character) == "Cc" and not character.isspace() for character in text):
        return name, "control"
    if DATE.fullmatch(name):
        return name, "date_name"
    if answer(name) == "missing":
        return name, "missing_name"
    return name, "spaces" if name and text != name else ""


def usable(id: str) -> bool:
    """Whether a code of a file can be an id: short, plain ASCII."""
    return bool(re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}", id))


def name_words(name: str) -> Words:
    """The words of a name without accents, dots and small words."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(character for character in plain if not unicodedata.combining(character))
    found = re.findall(r"[^\W_]+", re.sub(r"[.'’]", "", plain))
    return tuple(word for word in found if word not in words("name_noise")) or tuple(found)


def near_groups(names: Sequence[str]) -> list[list[int]]:
    """Groups of names that look alike, as indices, first spelling first.

    Alike are names that differ by word order, spaces or signs only, or by one typing error: a word of four letters or
    more (five where it stands alone) that is the same once one letter is left out of both, but not the first.
    """
    import networkx as nx

    alike: dict[object, list[int]] = defaultdict(list)
    rests: dict[Words, list[tuple[int, str]]] = defaultdict(list)
    for index, spelled in enumerate(map(name_words, names)):
        if spelled:
            for key in {"".join(spelled), tuple(sorted(spelled))}:
                alike[key].append(index)
        # the rest of a name, with a hole where the misspelt word may stand, is what two spellings have in common
        for at, word in enumerate(spelled[:LONGEST_NAME]):
            shortest = 5 if len(spelled) == 1 else 4
            if shortest <= len(word) <= 30 and not any(sign.isdigit() for sign in word):
                rests[*spelled[:at], "", *spelled[at + 1 :]].append((index, word))
    for rest, members in rests.items():
        if len(members) < 2:
            continue
        for index, word in members:
            for variant in {word, *(word[:cut] + word[cut + 1 :] for cut in range(1, len(word)))}:
                alike[rest, variant].append(index)
    graph = nx.Graph()
    for same in alike.values():
        nx.add_path(graph, same)
    groups = (sorted(group) for group in nx.connected_components(graph))
    return sorted(group for group in groups if len(group) > 1)


@cache
def sectors() -> dict[str, str]:
    """Id of each usual sector by its id and its names."""
    return {name_key(row[key]): row["id"] for row in load("sectors.csv") for key in ("id", "nl", "en") if row[key]}
