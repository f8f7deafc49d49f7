"""A sheet whose columns are known: which row is the header, and what each column holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from workshop.exchange import headings
from workshop.exchange.cells import column_content, crossed, tokens
from workshop.exchange.headings import ENDS, NAMES, PERSONAL, columns_by_role, meaning_of, numbers_names, role
from workshop.exchange.sheets import Row, Sheet, cell, clean_name, letter, name_key, words
from workshop.texts import Message

OF_LISTS = (*NAMES, "row", "sector", "layer", "lead")


@dataclass(eq=False)
class Table:
    """The rows of a sheet below one of its rows, which is their header.

    `again` are rows that repeat the header, `personal` columns that name persons, which are never read.
    """

    sheet: Sheet
    header: list[str]
    body: list[Row]
    row: int = 0
    again: list[int] = field(default_factory=list)
    personal: list[int] = field(default_factory=list)

    def sample(self, column: int) -> list[str]:
        """So many cells of a column as tell what it holds."""
        return self.sheet.sample(column, self.row)

    def content(self, column: int) -> str:
        """What a column holds."""
        return column_content(self.sample(column))

    def title(self, column: int) -> str:
        """How a column is called: by its header, else by its letter."""
        return " ".join(cell(self.header, column).split()) or letter(column)

    def place_in(self, row: int, column: int) -> Message:
        """Where a cell is."""
        return self.sheet.place(row, self.title(column))


@dataclass(eq=False)
class Columns(Table):
    """A list, with the column of each role.

    `kinds` are columns that hold a kind of tie each, with yes or no in their cells; `groups` the roles of further
    partners on the same row ("Partner 2", "Frequentie 2"), and `further` whether these are the columns for one of them.
    """

    roles: dict[str, int] = field(default_factory=dict)
    kinds: dict[int, str] = field(default_factory=dict)
    groups: list[dict[str, int]] = field(default_factory=list)
    further: bool = False

    @classmethod
    def of(cls, sheet: Sheet) -> Columns | None:
        """A sheet with its header; None where it has none."""
        found = headings.header_index(sheet)
        if found is None:
            return None
        row, header = sheet.rows[found]
        below = sheet.rows[found + 1 :]
        again = [number for number, cells in below if headings.same_texts(cells, header)]
        repeated = set(again)
        body = [(number, cells) for number, cells in below if number not in repeated]
        columns = cls(sheet, header, body, row, again)
        if len(columns_by_role(header)) < 2 and columns.recurs():
            return None
        columns.assign_roles()
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
    def ends(self) -> set[int]:
        """The columns with both ends of a tie; none where the header does not give both."""
        if "row" not in self.roles and not self.roles.keys() >= set(ENDS):
            return set()
        partners = {group["target"] for group in self.groups}
        return partners | {self.roles[part] for part in ("row", *ENDS) if part in self.roles}

    @property
    def used(self) -> set[int]:
        """The columns that are read."""
        more = (column for group in self.groups for column in group.values())
        return {*self.roles.values(), *self.kinds, *more} - {self.roles.get("other", -1)}

    def assign_roles(self) -> None:
        """Give each role to the plainest column whose cells can be that; above addresses, a name is a person's."""
        candidates = columns_by_role(self.header)
        for column, text in enumerate(self.header):
            if role(text) is None and meaning_of(text) == "organisation" and self.content(column) == "name":
                candidates.setdefault("organisation", []).append(column)
        # both ends may be numbers, which a list of organisations explains
        codes = all(end in candidates and self.content(candidates[end][0]) == "number" for end in ENDS)
        for part, columns in candidates.items():
            fit = [column for column in columns if self.fits(part, column, codes)]
            if fit:
                self.roles[part] = min(fit, key=self.plainest) if part in ENDS else fit[0]
            elif "address" in map(self.content, columns):
                self.personal.append(columns[0])

    def fits(self, part: str, column: int, codes: bool) -> bool:
        """Whether a column may have a role: dates, addresses, yes and no are no names, nor numbers beside names."""
        held = self.content(column)
        if part not in (*ENDS, *NAMES) or self.sheet.origin == "graph":
            return True
        if part == "id":
            return held != "date"
        if held == "number":
            return codes or not self.other_names(part, column)
        return held not in ("date", "address", "code", "answer")

    def other_names(self, part: str, column: int) -> bool:
        """Whether another column is headed as names, or as organisations, and holds texts."""
        names = ("organisation", "partner") if part in ENDS else NAMES[:-1]
        return any(
            at != column and meaning_of(text) in names and self.content(at) == "name"
            for at, text in enumerate(self.header)
        )

    def plainest(self, column: int) -> int:
        """How far a column of an end is from the names of organisations: "Source Label" goes before "Source"."""
        meanings = [words("words").get(part) for part in tokens(self.header[column])]
        if self.content(column) != "name" or not {"organisation", "label"} & set(meanings):
            return 2
        return 0 if "organisation" in meanings else 1

    def set_persons_aside(self) -> None:
        """Where a column names organisations, one that is called "name" names persons."""
        if "organisation" not in self.roles:
            self.take_named_as_partners()
        parts = ["person"]
        if "organisation" in self.roles:
            parts += PERSONAL
        self.personal += [self.roles.pop(part) for part in parts if part in self.roles]

    def find_numbered(self) -> None:
        """Partners side by side: one organisation and its partners on a row, or two numbered ends."""
        groups: dict[str, dict[str, int]] = {}
        for column, text in enumerate(self.header):
            if found := headings.numbered(text):
                meaning, number = found
                part = "target" if numbers_names(text) else meaning
                groups.setdefault(number, {}).setdefault(part, column)
        partners = [group for group in groups.values() if "target" in group]
        if len(partners) < 2:
            return
        own = next((self.roles[part] for part in ("source", *NAMES) if part in self.roles), None)
        if own is None and len(partners) == 2:
            for end, group in zip(ENDS, partners, strict=True):
                self.roles.setdefault(end, group["target"])
        elif own is None or all(len(group) == 1 for group in partners):
            targets = {own, *(group["target"] for group in partners)}
            before = 0 if own is not None else min(group["target"] for group in partners)
            named = [at for at in range(self.sheet.width) if at in targets or self.may_name_partners(at, before)]
            first = named[0] if own is None else own
            self.roles = {"row": first}
            self.groups = [{"target": at} for at in named if at != first]
        else:
            taken = {column for group in partners for column in group.values()}
            rest = {part: at for part, at in self.roles.items() if at not in taken and part not in (*ENDS, *NAMES)}
            self.roles = {**rest, "source": own, **partners[0]}
            self.groups = partners[1:]

    def find_ends(self) -> None:
        """The ends that no header names outright: organisation and partner, or two columns of organisations."""
        if not self.roles.keys().isdisjoint(("row", *ENDS)):
            return
        own = next((part for part in ("organisation", "name", "member") if part in self.roles), None)
        if own and "partner" in self.roles:
            self.roles["source"] = self.roles.pop(own)
            self.roles["target"] = self.roles.pop("partner")
            return
        named = [at for at, text in enumerate(self.header) if role(text) in ("organisation", "partner")]
        named = [at for at in named if self.content(at) not in ("address", "code") and not crossed(self.sample(at))]
        if len(named) == 2 and ("sector" not in self.roles or self.share_names(*named)):
            self.roles.pop(role(self.header[named[0]]) or "", None)
            self.roles |= dict(zip(ENDS, named, strict=True))

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
        if "id" not in roles and "number" in roles and len(set(self.texts("number"))) == len(self.body):
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
            if known and column not in self.roles.values() and crossed(self.sample(column)):
                self.kinds[column] = clean_name(text)

    def recurs(self) -> bool:
        """Whether the words of the header stand among the names below, so that they are names themselves."""
        stems = [at for at, text in enumerate(self.header) if numbers_names(text)]
        if stems:  # "Partner 1" above "Partner 2" is a name
            rest = [cells for row, cells in self.sheet.rows if row != self.row]
            return any(numbers_names(cell(cells, at)) for cells in rest for at in stems)
        header = self.header[: headings.MOST_COLUMNS]
        heads = {name_key(text) for text in header if meaning_of(text) in (*ENDS, *NAMES)}
        beside = {at for at, text in enumerate(header) if role(text) in (*headings.SIDE, *headings.ASIDE)}
        return any(
            text and at not in beside and name_key(text) in heads
            for _, cells in self.body
            for at, text in enumerate(cells)
        )

    def may_name_partners(self, column: int, before: int) -> bool:
        """Whether a column beside numbered partners names another one, or whose partners they are: `before` them."""
        title = cell(self.header, column)
        if column >= before and title.strip() and meaning_of(title) not in NAMES and "partner" not in name_key(title):
            return False
        if column in self.personal or role(title) in (*headings.SIDE, *headings.ASIDE, "id", "number"):
            return False
        return self.content(column) in ("name", "")

    def row_and_partners(self) -> list[Row]:
        """Each row with nothing but its organisation and the partners beside it."""
        columns = [self.roles["row"], *(group["target"] for group in self.groups)]
        return [(row, [cell(cells, at) for at in columns]) for row, cells in self.body]

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

    def place(self, row: int, part: str) -> Message:
        """Where the cell of a role is."""
        return self.place_in(row, self.roles[part])

    def readings(self) -> list[Columns]:
        """These columns once for each partner on a row."""
        of_first = ("target", "strength", "trust", "kind")
        rest = {part: at for part, at in self.roles.items() if part not in of_first}
        return [self, *(replace(self, roles=rest | group, groups=[], further=True) for group in self.groups)]

    def names(self) -> Iterator[str]:
        """All cells that hold an end of a tie."""
        for reading in self.readings():
            for part in (*ENDS, *NAMES):
                yield from reading.texts(part)
