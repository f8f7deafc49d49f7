"""A sheet whose columns are known: which row is the header, and what each column holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from workshop.exchange.cells import answer, column_content, tokens
from workshop.exchange.headings import (
    ASIDE,
    ENDS,
    NAMES,
    PERSONAL,
    SIDE,
    end_of,
    header_index,
    numbered,
    numbers_names,
    role,
    roles_of,
    same_texts,
    vague_role,
)  # fmt: skip
from workshop.exchange.sheets import Row, Sheet, cell, clean_name, letter, name_key, words
from workshop.texts import Message

OF_LISTS = (*NAMES, "row", "sector", "layer", "lead")


@dataclass(eq=False)
class Columns:
    """Header, rows below it, the column of each role, and the row of the header.

    `personal` are columns that name persons, which are never read; `kinds` columns that hold a kind of tie each, with
    yes or no in their cells; `groups` the roles of further partners on the same row ("Partner 2", "Frequentie 2"), and
    `further` whether these are the columns for one of them.
    """

    sheet: Sheet
    header: list[str]
    body: list[Row]
    roles: dict[str, int]
    row: int = 0
    again: list[int] = field(default_factory=list)
    personal: list[int] = field(default_factory=list)
    kinds: dict[int, str] = field(default_factory=dict)
    groups: list[dict[str, int]] = field(default_factory=list)
    further: bool = False

    @classmethod
    def of(cls, sheet: Sheet) -> Columns | None:
        """A sheet with its header; None where it has none."""
        found = header_index(sheet)
        if found is None:
            return None
        row, header = sheet.rows[found]
        below = sheet.rows[found + 1 :]
        again = [number for number, cells in below if same_texts(cells, header)]
        repeated = set(again)
        body = [(number, cells) for number, cells in below if number not in repeated]
        columns = cls(sheet, header, body, roles_of(header), row, again)
        known = {role(text) for text in header} - {None}
        if len(known) < 2 and columns.recurs():
            return None
        columns.drop_contents_that_are_no_names()
        columns.set_persons_aside()
        columns.find_numbered()
        columns.find_ends()
        columns.settle_type_and_id()
        named = columns.roles.keys() & {*ENDS, *NAMES, "row"}
        return columns if named or columns.personal else None

    @property
    def ties(self) -> bool:
        """Whether this holds ties."""
        return not self.roles.keys().isdisjoint(ENDS)

    @property
    def mixed(self) -> bool:
        """Whether this holds organisations and ties, each in rows of their own."""
        return self.roles.keys() >= set(ENDS) and not self.roles.keys().isdisjoint(("name", "organisation"))

    @property
    def used(self) -> set[int]:
        """The columns that are read."""
        more = (column for group in self.groups for column in group.values())
        return {*self.roles.values(), *self.kinds, *more} - {self.roles.get("other", -1)}

    def drop_contents_that_are_no_names(self) -> None:
        """A column of dates, addresses, codes or yes and no is no name; nor is one of numbers beside names."""
        for part in (*ENDS, *NAMES):
            if part not in self.roles or self.sheet.origin == "graph":
                continue
            held = self.content(self.roles[part])
            never = {"date", "address", "code", "answer"}
            if part != "id" and self.other_names(part) and not self.codes():
                never.add("number")
            if part == "id":
                never = {"date"}
            if held in never:
                column = self.roles.pop(part)
                self.take_next(part, never)
                if held == "address" and part not in self.roles:
                    self.personal.append(column)

    def codes(self) -> bool:
        """Whether both ends are numbers, which a list of organisations may explain."""
        return all(end in self.roles and self.content(self.roles[end]) == "number" for end in ENDS)

    def other_names(self, part: str) -> bool:
        """Whether another column than that of this role is headed as names, or as organisations, and holds texts."""
        names = ("organisation",) if part in ENDS else NAMES[:-1]
        for column, text in enumerate(self.header):
            headed = role(text) in names or vague_role(text)
            if column != self.roles[part] and headed and self.content(column) == "name":
                return True
        return False

    def take_next(self, part: str, never: set[str]) -> None:
        """Give a role to another column with such a header that does hold names."""
        for column, text in enumerate(self.header):
            if role(text) == part and self.content(column) not in never:
                self.roles[part] = column
                return

    def set_persons_aside(self) -> None:
        """Where a column names organisations, one that is called "name" names persons."""
        if "organisation" not in self.roles:
            self.take_vague("organisation")
        if "organisation" not in self.roles:
            self.take_named_as_partners()
        parts = ["person"]
        if "organisation" in self.roles:
            parts += PERSONAL
        for part in parts:
            if part in self.roles:
                self.personal.append(self.roles.pop(part))

    def find_numbered(self) -> None:
        """Partners side by side: one organisation and its partners on a row, or two numbered ends."""
        groups: dict[str, dict[str, int]] = {}
        for column, text in enumerate(self.header):
            if found := numbered(text):
                meaning, number = found
                part = "target" if numbers_names(text) or meaning == "target" else meaning
                groups.setdefault(number, {}).setdefault(part, column)
        partners = [group for group in groups.values() if "target" in group]
        if len(partners) < 2:
            return
        own = next((self.roles[part] for part in ("source", *NAMES) if part in self.roles), None)
        taken = {column for group in partners for column in group.values()}
        if own in taken:
            own = None
        if own is None and len(partners) == 2:
            for end, group in zip(ENDS, partners, strict=True):
                self.roles.setdefault(end, group["target"])
        elif own is None or all(len(group) == 1 for group in partners):
            first = partners[0]["target"] if own is None else own
            self.roles = {"row": first}
        else:
            rest = {part: at for part, at in self.roles.items() if at not in taken and part not in (*ENDS, *NAMES)}
            self.roles = {**rest, "source": own, **partners[0]}
            self.groups = partners[1:]

    def find_ends(self) -> None:
        """The ends that no header names outright: organisation and partner, or two columns of organisations."""
        if "row" in self.roles:
            return
        if not self.roles.keys().isdisjoint(ENDS):
            self.prefer_organisations()
            return
        own = next((part for part in ("organisation", "name", "member") if part in self.roles), None)
        if own and "partner" in self.roles:
            self.roles["source"] = self.roles.pop(own)
            self.roles["target"] = self.roles.pop("partner")
            return
        named = [at for at, text in enumerate(self.header) if role(text) in ("organisation", "partner")]
        if len(named) == 2 and ("sector" not in self.roles or self.share_names(*named)):
            del self.roles[role(self.header[named[0]]) or ""]
            self.roles |= dict(zip(ENDS, named, strict=True))

    def take_vague(self, part: str) -> None:
        """Give a role to a column of texts whose header is a sentence with that word in it."""
        for column, text in enumerate(self.header):
            if role(text) is None and vague_role(text) == part and self.content(column) == "name":
                self.roles[part] = column
                return

    def prefer_organisations(self) -> None:
        """Where an end has a column of names beside it, the names count: "Source Label" beside "Source"."""
        for end in ENDS:
            same = [at for at, text in enumerate(self.header) if end_of(text) == end and self.content(at) == "name"]
            for wanted in ("organisation", "label"):
                for column in same:
                    if wanted in {words("words").get(part) for part in tokens(self.header[column])}:
                        self.roles[end] = column
                        same = []

    def take_named_as_partners(self) -> None:
        """Names that never occur among the partners, beside a column of names that do: persons and where they work."""
        own = next((self.roles[part] for part in PERSONAL if part in self.roles), None)
        partner = next((self.roles[part] for part in ("target", "partner") if part in self.roles), None)
        if own is None or partner is None or self.share_names(own, partner):
            return
        for column, text in enumerate(self.header):
            if role(text) is None and self.content(column) == "name" and self.share_names(column, partner):
                self.roles["organisation"] = column
                return

    def share_names(self, one: int, other: int) -> bool:
        """Whether a name stands in both columns."""
        return not self.keys(one).isdisjoint(self.keys(other))

    def settle_type_and_id(self) -> None:
        """A type is Gephi's direction, else the kind of tie; in a list the sector. Running numbers may be codes."""
        roles = self.roles
        numbers = list(self.texts("number"))
        if "id" not in roles and "number" in roles and len(set(numbers)) == len(self.body):
            roles["id"] = roles["number"]
        given = {name_key(text) for text in self.texts("type") if text.strip()}
        sort = roles.pop("type", roles.get("kind"))
        if not self.ties:
            if sort is not None:
                roles.setdefault("sector", sort)
            self.roles = {part: at for part, at in roles.items() if part in OF_LISTS}
        elif sort is not None:
            directions = words("directions").keys()
            roles.setdefault("direction" if given and given <= directions else "kind", sort)

    def find_kinds(self) -> None:
        """Columns beside both ends that say yes or no: a kind of tie each."""
        if "kind" in self.roles or self.groups:
            return
        for column, text in enumerate(self.header):
            known = clean_name(text) and (role(text) is None or name_key(text) in words("kinds"))
            if known and column not in self.roles.values() and self.says_yes_or_no(column):
                self.kinds[column] = clean_name(text)

    def says_yes_or_no(self, column: int) -> bool:
        """Whether all cells of a column are yes, no or empty, and some are yes."""
        if not all(map(answer, self.sheet.sample(column, self.row))):
            return False
        answers = {answer(text) for _, cells in self.body if (text := cell(cells, column)).strip()}
        return "yes" in answers and answers <= {"yes", "no", "void", "missing"}

    def recurs(self) -> bool:
        """Whether the words of the header stand among the names below, so that they are names themselves."""
        named = [at for part, at in self.roles.items() if part in (*ENDS, *NAMES)]
        stems = [at for at in range(len(self.header)) if numbers_names(self.header[at])]
        others = {at for part, at in self.roles.items() if part in (*SIDE, *ASIDE)}
        if stems:  # "Partner 1" above "Partner 2" is a name
            rest = [cells for row, cells in self.sheet.rows if row != self.row]
            return any(numbers_names(cell(cells, at)) for cells in rest for at in stems)
        heads = {name_key(self.header[at]) for at in named}
        return any(
            name_key(text) in heads
            for _, cells in self.body
            for at, text in enumerate(cells)
            if at not in others and text
        )

    def content(self, column: int) -> str:
        """What a column holds."""
        return column_content(self.sheet.sample(column, self.row))

    def keys(self, column: int) -> set[str]:
        """The names in a column, as they are compared."""
        return {name_key(cell(cells, column)) for _, cells in self.body} - {""}

    def text(self, cells: Sequence[str], part: str) -> str:
        """The cell of a role, "" where there is none."""
        column = self.roles.get(part)
        return "" if column is None else cell(cells, column)

    def texts(self, part: str) -> Iterator[str]:
        """All cells of a role."""
        column = self.roles.get(part)
        if column is not None:
            for _, cells in self.body:
                yield cell(cells, column)

    def title(self, column: int) -> str:
        """How a column is called: by its header, else by its letter."""
        return " ".join(cell(self.header, column).split()) or letter(column)

    def place(self, row: int, part: str) -> Message:
        """Where the cell of a role is."""
        return self.sheet.place(row, self.title(self.roles[part]))

    def readings(self) -> list[Columns]:
        """These columns once for each partner on a row."""
        others = [replace(self, roles=self.without_group() | group, groups=[], further=True) for group in self.groups]
        return [self, *others]

    def without_group(self) -> dict[str, int]:
        """The roles without those of the first partner."""
        return {part: at for part, at in self.roles.items() if part not in ("target", "strength", "trust", "kind")}
