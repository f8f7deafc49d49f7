"""From sheets to organisations and ties: lists, edge lists, matrices, and what has no header."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from workshop.exchange.names import Names
from workshop.exchange.questions import Listed, Notebook
from workshop.exchange.sheets import (
    DATE,
    ENDS,
    NAMES,
    Sheet,
    Table,
    clean_name,
    decimal_mark,
    doubtful,
    find_header,
    is_figure,
    letter,
    name_key,
    number,
    roles_of,
    words,
)
from workshop.texts import Message, load


@dataclass(slots=True)
class Raw:
    """A tie while a file is read: indices of organisations, and where it stands."""

    source: int
    target: int
    sheet: Sheet
    row: int
    kind: str | None = None
    strength: float | None = None
    trust: int | None = None
    direction: str | None = None


class Interpreter:
    """Reads the sheets of one import.

    Parameters
    ----------
    sheets : list of Sheet
        Everything that was found in the files, blank sheets left out.
    notebook : Notebook
        Where notes, faults and questions go.
    name : str
        What the import is called in messages.
    """

    def __init__(self, sheets: list[Sheet], notebook: Notebook, name: str):
        self.notebook = notebook
        self.names = Names(notebook)
        self.ties: list[Raw] = []
        self.unused: list[str] = []
        for sheet in sheets:
            sheet.prefixed = len(sheets) > 1
        matrices = [(sheet, start) for sheet in sheets if (start := find_matrix(sheet)) is not None]
        squares = [sheet for sheet, _ in matrices]
        tables = [table for sheet in sheets if sheet not in squares and (table := self.table(sheet))]
        lists = [table for table in tables if not any(end in table.roles for end in ENDS)]
        edges = [table for table in tables if table not in lists]
        read = [table.sheet for table in tables] + squares
        rest = [sheet for sheet in sheets if sheet not in read]
        for table in lists + [table for table in edges if is_mixed(table)]:
            self.read_list(table)
        several = [sheet.name for sheet in [table.sheet for table in edges] + squares]
        kinds = {id(s): clean_name(s.name) for s in [t.sheet for t in edges] + squares} if len(several) > 1 else {}
        if kinds and not all("kind" in table.roles or "type" in table.roles for table in edges):
            notebook.note("sheet_kind", several, sheets=several)
        for table in edges:
            self.read_ties(table, kinds.get(id(table.sheet)))
        for sheet, start in matrices:
            self.read_matrix(sheet, start, kinds.get(id(sheet)))
        if read and rest:
            notebook.note("not_read", [sheet.name for sheet in rest], sheets=[sheet.name for sheet in rest])
        elif rest:
            for sheet in rest:
                self.read_bare(sheet, name)
        for sheet in sheets:
            notebook.note("merged_cells", sheet.merged if sheet in read else ())
        self.names.finish()
        if self.unused:
            notebook.summary.append(Message("import.summary.unused", columns=self.unused))

    def table(self, sheet: Sheet) -> Table | None:
        """The sheet as a table with a header, None where it has none."""
        at = find_header(sheet)
        if at is None:
            return None
        self.notebook.note("title", [sheet.place(row) for row, _ in sheet.rows[:at]])
        header = sheet.rows[at][1]
        table = Table(sheet, header, sheet.rows[at + 1 :], roles_of(header))
        if "type" in table.roles:
            self.resolve_type(table)
        used = set(table.roles.values())
        self.unused += [clean_name(cell) for at, cell in enumerate(header) if clean_name(cell) and at not in used]
        return table

    @staticmethod
    def resolve_type(table: Table) -> None:
        """A column called Type is the direction (Gephi), the kind of tie, or the sector (Kumu)."""
        if any(end in table.roles for end in ENDS):
            given = [name_key(text) for text in table.texts("type") if text.strip()]
            meaning = "direction" if given and all(text in words("directions") for text in given) else "kind"
        else:
            meaning = "sector"
        table.roles.setdefault(meaning, table.roles["type"])

    def check(self, table: Table) -> None:
        """Faults of a table as a whole: rows that are too wide, formulas without a value."""
        for row, cells in table.body:
            if table.header and table.sheet.strict and any(cell.strip() for cell in cells[len(table.header) :]):
                place = table.sheet.place(row, letter(len(table.header)))
                self.notebook.faults.append(Message("import.fault.too_wide", place=place))
        first = table.body[0][0] if table.body else 0
        used = set(table.roles.values())
        for row, column in sorted(table.sheet.broken):
            if column in used or not table.header:
                place = table.sheet.place(row, table.title(column)) if row >= first else table.sheet.place(row)
                self.notebook.faults.append(Message("import.fault.formula", place=place))

    def read_list(self, table: Table) -> None:
        """A list of organisations, one a row."""
        mixed = any(end in table.roles for end in ENDS)
        if not mixed:
            self.check(table)
        double: list[Message] = []
        differs: list[Message] = []
        empty: list[Message] = []
        layers: list[str] = []
        for row, cells in table.body:
            if mixed and any(table.text(cells, end).strip() for end in ENDS):
                continue
            part = next((part for part in NAMES if clean_name(table.text(cells, part))), None)
            if part is None:
                if not (mixed and table.text(cells, "direction")):
                    empty.append(table.sheet.place(row))
                continue
            code = clean_name(table.text(cells, "id"))
            before = len(self.names.entries)
            index = self.names.end(table.text(cells, part), lambda: table.place(row, part), None)  # noqa: B023
            if index is None:
                continue
            sector = sector_of(table.text(cells, "sector"))
            layer = clean_name(table.text(cells, "layer"))
            known = words("layers").get(name_key(layer)) if layer else None
            if layer and not known:
                layers.append(layer)
            entry = self.names.entries[index]
            if index < before and code and entry.id and code != entry.id:
                index, before = self.names.add(entry.name), -1
                entry = self.names.entries[index]
                entry.places.append(table.place(row, part))
            if -1 < index < before:
                place = Message("import.same_as", place=table.sheet.place(row), first=entry.places[0])
                same = sector in (None, entry.sector) and known in (None, entry.layer)
                (double if same else differs).append(place)
                continue
            taken = self.names.by_id.get(code) if code else None
            if taken is not None and taken != index:
                place = table.place(row, "id")
                self.notebook.faults.append(Message("import.fault.id_twice", place=place, value=code))
            self.names.code(index, code)
            entry.sector, entry.layer, entry.listed = sector, known, True
            entry.lead = words("yes").get(name_key(table.text(cells, "lead"))) == "yes"
        self.notebook.note("double_row", double)
        self.notebook.note("double_row_differs", differs)
        self.notebook.note("no_ends", empty)
        self.notebook.note("layers", list(dict.fromkeys(layers)), names=list(dict.fromkeys(layers)))

    def read_ties(self, table: Table, kind: str | None) -> None:
        """An edge list, one tie a row."""
        if not self.both_ends(table):
            return
        self.check(table)
        strengths, trusts = self.figures(table, "strength"), self.figures(table, "trust")
        texts = {clean_name(text) for end in ENDS for text in table.texts(end)} - {""}
        codes = texts <= self.names.by_id.keys()
        own_kind, listed = table.roles.keys() & {"kind"}, is_mixed(table)
        empty, blank, zero, split = [], [], [], []
        for row, cells in table.body:
            ends: dict[str, list[int]] = {}
            for end in sorted(ENDS, key=table.roles.__getitem__):
                text = table.text(cells, end)
                parts = [text]
                if "|" in text and self.names.find(text) is None:
                    parts = text.split("|")
                    split.append(table.place(row, end))
                found = [self.names.end(part, lambda: table.place(row, end), codes) for part in parts]  # noqa: B023
                ends[end] = [index for index in found if index is not None]
            direction = words("directions").get(name_key(table.text(cells, "direction")))
            if not ends["source"] and not ends["target"]:
                said = any(clean_name(table.text(cells, part)) for part in ("kind", "strength", "trust"))
                if said and not listed:
                    blank.append(table.sheet.place(row))
                elif direction:
                    self.ties.append(Raw(-1, -1, table.sheet, row, direction=direction))
                continue
            empty += [table.place(row, end) for end in ENDS if not ends[end]]
            if strengths.get(row) == 0:
                zero.append(table.place(row, "strength"))
                continue
            sort = kind_of(table.text(cells, "kind")) if own_kind else kind
            trust = trusts.get(row)
            for source in ends["source"]:
                for target in ends["target"]:
                    rating = None if trust is None else int(trust)
                    tie = Raw(source, target, table.sheet, row, sort, strengths.get(row), rating, direction)
                    self.ties.append(tie)
        self.notebook.note("empty_end", empty)
        self.notebook.note("no_ends", blank)
        self.notebook.note("zero", zero)
        if not table.sheet.kumu:
            self.notebook.note("split", split)

    def both_ends(self, table: Table) -> bool:
        """Find the column of an end that the header does not name; else a fault with a question."""
        for end in ENDS:
            if end in table.roles:
                continue
            used = set(table.roles.values())
            free = [
                at
                for at, cell in enumerate(table.header)
                if at not in used and any(row[1][at : at + 1] for row in table.body)
            ]
            named = [table.roles[name] for name in NAMES if name in table.roles] or free
            which = Message(f"import.fault.which_{end}")
            choices = {f"{at}": Message("import.place_column", column=table.title(at)) for at in free}
            if len(named) == 1:
                table.roles[end] = named[0]
                column = table.title(named[0])
                self.notebook.notes.append(Message("import.note.guessed_end", column=column))
            elif choices and (
                given := self.notebook.ask(f"column.{end}", Message("import.ask.column", which=which), choices)
            ):
                table.roles[end] = int(given)
            else:
                columns = [clean_name(cell) for cell in table.header if clean_name(cell)]
                self.notebook.faults.append(Message("import.fault.no_column", which=which, columns=columns))
                return False
        return True

    def figures(self, table: Table, part: str) -> dict[int, float]:
        """The numbers of a column by row; what is no number is a fault, unless the column is left out on request."""
        if part not in table.roles:
            return {}
        cells = [(row, text) for row, cells in table.body if clean_name(text := table.text(cells, part))]
        mark = decimal_mark(text for _, text in cells) or ("." if table.sheet.point else None)
        found, faults = {}, []
        for row, text in cells:
            value, fault = self.figure(text, mark, part, table.place(row, part))
            if fault is not None and table.sheet.kumu and part == "strength":
                if all(str(line.key) != "import.summary.words" for line in self.notebook.summary):
                    self.notebook.summary.append(Message("import.summary.words"))
            elif fault is not None:
                faults.append(fault)
            elif value is not None:
                found[row] = value
        if faults:
            choices = {"yes": Message("import.ask.without")}
            if self.notebook.ask(f"without.{part}", Message(f"import.ask.without_{part}"), choices):
                return {row: value for row, value in found.items() if value == 0}
            self.notebook.faults += faults
        return found

    def figure(self, text: str, mark: str | None, part: str, place: Message) -> tuple[float | None, Message | None]:
        """One number, or what is wrong with it."""
        shown = clean_name(text)
        if mark is None and doubtful(text):
            readings = {sign: number(text, sign) for sign in (",", ".")}
            low, high = sorted(value for value in readings.values() if value is not None)
            choices = {sign: Message("import.ask.decimal_as", value=value) for sign, value in readings.items()}
            mark = self.notebook.ask("decimal", Message("import.ask.decimal", value=shown), choices) or None
            if mark is None:
                return None, Message("import.fault.doubtful", place=place, value=shown, thousands=high, decimal=low)
        value = number(text, mark)
        if part == "trust":
            fine = value in (1, 2, 3, 4, 5)
            return (value, None) if fine else (None, Message("import.fault.trust", place=place, value=shown))
        if value is None:
            key = "weight_date" if DATE.fullmatch(shown) else "weight"
            return None, Message(f"import.fault.{key}", place=place, value=shown)
        return (value, None) if value >= 0 else (None, Message("import.fault.negative", place=place, value=shown))

    def read_matrix(self, sheet: Sheet, start: int, kind: str | None) -> None:
        """A matrix: names before the rows and above the columns, matched by name."""
        header, body = sheet.rows[start][1], [row for row in sheet.rows[start + 1 :] if row[1][0].strip()]
        self.notebook.note("title", [sheet.place(row) for row, _ in sheet.rows[:start]])
        table = Table(sheet, header, body, {})
        table.roles = {str(at): at for at, cell in enumerate(header) if at and cell.strip()}
        self.check(table)
        rows: dict[int, tuple[int, list[str]]] = {}
        columns: dict[int, int] = {}
        place_of: dict[int, Message] = {}
        labels = [(sheet.rows[start][0], at, header[at]) for at in table.roles.values()]
        for row, at, text in labels + [(row, 0, cells[0]) for row, cells in body]:
            place = sheet.place(row, table.title(at) if at and row != sheet.rows[start][0] else letter(at))
            index = self.names.end(text, lambda: place, None)  # noqa: B023
            if index is None:
                continue
            if index in (columns if at else rows):
                name = self.names.entries[index].name
                self.notebook.faults.append(Message("import.fault.matrix_double", place=place, name=name))
            place_of.setdefault(index, place)
            if at:
                columns[index] = at
            else:
                rows[index] = (row, next(cells for number, cells in body if number == row))
        self.lone_labels(rows.keys() ^ columns.keys(), place_of)
        texts = [cell for _, cells in body for cell in cells[1:] if cell.strip()]
        mark = decimal_mark(texts) or ("." if sheet.point else None)
        values: dict[tuple[int, int], float] = {}
        faults = []
        for source, (row, cells) in rows.items():
            for target, at in columns.items():
                text = cells[at] if at < len(cells) else ""
                if not text.strip() or text.strip() in "-–—./":
                    continue
                if words("yes").get(name_key(text)) == "yes":
                    values[source, target] = 1.0
                    continue
                value, fault = self.figure(text, mark, "strength", sheet.place(row, table.title(at)))
                if fault:
                    faults.append(fault)
                elif value:
                    values[source, target] = value
        self.notebook.faults += faults
        self.matrix_ties(sheet, rows, columns, table, values, kind)

    def lone_labels(self, lone: Iterable[int], place_of: dict[int, Message]) -> None:
        """Names that a matrix has in its rows or in its columns only."""
        missing = sorted(lone)
        choices = {"all": Message("import.ask.matrix_all")}
        if missing and not self.notebook.ask("matrix", Message("import.ask.matrix_labels"), choices):
            for index in missing:
                name = self.names.entries[index].name
                self.notebook.faults.append(Message("import.fault.matrix_label", place=place_of[index], name=name))

    def matrix_ties(self, sheet, rows, columns, table, values, kind) -> None:
        """The ties of a matrix: undirected where both halves are equal, else asked."""
        plain = all(value == 1 for value in values.values())
        one_way = [pair for pair, value in values.items() if values.get(pair[::-1]) != value]
        direction = "undirected"
        if one_way:
            name = lambda index: self.names.entries[index].name  # noqa: E731
            places = {pair: sheet.place(rows[pair[0]][0], table.title(columns[pair[1]])) for pair in one_way}
            pairs = Listed(
                Message("import.ask.one_way", source=name(pair[0]), target=name(pair[1]), place=place)
                for pair, place in places.items()
            )
            direction = self.ask_direction(Message("import.ask.matrix", pairs=pairs))
        for (source, target), value in values.items():
            if not one_way and source > target and (target, source) in values:
                continue
            row, strength = rows[source][0], None if plain else value
            self.ties.append(Raw(source, target, sheet, row, kind, strength, None, direction))

    def ask_direction(self, message: Message) -> str:
        """Whether ties have a direction; directed until it is answered, since that loses nothing."""
        choices = {meaning: Message(f"import.ask.{meaning}") for meaning in ("directed", "undirected")}
        return self.notebook.ask("direction", message, choices, "directed")

    def read_bare(self, sheet: Sheet, name: str) -> None:
        """A sheet without header: names in one column, an edge list or an adjacency list."""
        self.check(Table(sheet, [], [], {}))
        filled = [[at for at, cell in enumerate(cells) if cell.strip()] for _, cells in sheet.rows]
        texts = {
            at
            for columns, (_, cells) in zip(filled, sheet.rows, strict=True)
            for at in columns
            if number(cells[at]) is None
        }
        widest = sorted(set().union(*filled))
        ends = [at for at in widest if at in texts][:2] if len(texts) > 1 else widest[:2]
        firsts = {name_key(cells[at]) for _, cells in sheet.rows for at in ends if at < len(cells)}
        beyond = [
            name_key(cells[at])
            for columns, (_, cells) in zip(filled, sheet.rows, strict=True)
            for at in columns[2:]
            if at in texts
        ]
        ragged = len({len(columns) for columns in filled}) > 1 and any(len(columns) > 2 for columns in filled)
        if len(widest) != 2 and len(sheet.rows) == 1:
            self.notebook.faults.append(Message("import.fault.unreadable", name=name))
            return None
        if beyond and (ragged or 2 * sum(text in firsts for text in beyond) > len(beyond)):
            return self.read_adjacency(sheet)
        row, cells = sheet.rows[0]
        key = "header" if len(widest) < 3 else "header_wide"
        columns = {"source": letter(ends[0]), "target": letter(ends[-1])} if len(widest) > 2 else {}
        shown = [clean_name(cell) for cell in cells if cell.strip()]
        message = Message(f"import.ask.{key}", row=sheet.place(row), cells=shown, **columns)
        choices = {answer: Message(f"import.ask.header_{answer}") for answer in ("data", "titles")}
        titles = self.notebook.ask("header", message, choices, "data") == "titles"
        table = Table(sheet, [], sheet.rows[titles:], {"name": ends[0]})
        if len(widest) == 1:
            return self.read_list(table)
        table.roles = dict(zip(ENDS, ends, strict=True))
        rest = [at for at in widest if at not in ends]
        if len(rest) == 1 and rest[0] not in texts:
            table.roles["strength"] = rest[0]
        elif rest:
            self.unused += [letter(at) for at in rest]
        return self.read_ties(table, None)

    def read_adjacency(self, sheet: Sheet) -> None:
        """Rows of names: the first is tied to each of the next, or all to each other; asked."""
        found = []
        for row, cells in sheet.rows:
            named = [self.names.end(cell, lambda: sheet.place(row), None) for cell in cells if cell.strip()]  # noqa: B023
            found.append((row, [index for index in named if index is not None]))
        name = lambda index: self.names.entries[index].name  # noqa: E731
        first = next((ends for _, ends in found if len(ends) > 2), [])
        pairs = Listed(Message("import.ask.pair", source=name(first[0]), target=name(other)) for other in first[1:])
        choices = {answer: Message(f"import.ask.adjacency_{answer}") for answer in ("first", "all")}
        answer = self.notebook.ask("adjacency", Message("import.ask.adjacency", pairs=pairs), choices, "first")
        for row, ends in found:
            for at, source in enumerate(ends if answer == "all" else ends[:1]):
                self.ties += [Raw(source, target, sheet, row) for target in ends[at + 1 :]]


def is_mixed(table: Table) -> bool:
    """Whether a table holds organisations and ties, each in rows of their own."""
    return ENDS[0] in table.roles and ENDS[1] in table.roles and bool(table.roles.keys() & {"name", "organisation"})


def find_matrix(sheet: Sheet) -> int | None:
    """Index of the row with the names above the columns; None where the sheet is no matrix."""
    if sheet.origin == "graph":
        return None
    wide = (at for at, (_, cells) in enumerate(sheet.rows[:12]) if sum(bool(cell.strip()) for cell in cells[1:]) > 0)
    start = next(wide, None)
    if start is None:
        return None
    head, body = sheet.rows[start][1], [cells for _, cells in sheet.rows[start + 1 :] if cells[0].strip()]
    above = {name_key(cell) for cell in head[1:] if cell.strip()}
    before = {name_key(cells[0]) for cells in body}
    corner = head[0].strip()
    if corner and (len(above) < 2 or all(number(cell) is not None for cell in head if cell.strip())):
        return None
    shared = len(above & before)
    if corner and (not shared or 2 * shared < max(len(above), len(before))):
        return None
    cells = [cell for row in body for cell in row[1:]]
    return start if 2 * sum(is_figure(cell) for cell in cells) > len(cells) else None


@cache
def sectors() -> dict[str, str]:
    """Id of each usual sector by its id and its names."""
    return {name_key(row[key]): row["id"] for row in load("sectors.csv") for key in ("id", "nl", "en") if row[key]}


def sector_of(text: str) -> str | None:
    """Id of a usual sector, else the text as it is; None where it is empty."""
    return sectors().get(name_key(text), clean_name(text)) or None


def kind_of(text: str) -> str | None:
    """Id of a usual kind of tie, else the text as it is; None where it is empty."""
    return words("kinds").get(name_key(text), clean_name(text)) or None
