"""From sheets to organisations and ties: which sheet holds what, lists of organisations, lists of ties."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from workshop.exchange.names import Names
from workshop.exchange.numbers import figures
from workshop.exchange.questions import Notebook
from workshop.exchange.sheets import ENDS, NAMES, Sheet, Table, clean_name, letter, name_key, words
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
    """Gathers the organisations and ties of one import."""

    def __init__(self, notebook: Notebook):
        self.notebook = notebook
        self.names = Names(notebook)
        self.ties: list[Raw] = []
        self.unused: list[str] = []

    def title(self, table: Table) -> None:
        """Say which rows above the header were skipped, and which columns are not used."""
        for row, _ in table.sheet.rows:
            if row < table.row:
                self.notebook.spot("title", table.sheet.place(row))
        for block in table.sheet.merged:
            self.notebook.spot("merged_cells", block)
        used = set(table.roles.values())
        self.unused += [clean_name(cell) for at, cell in enumerate(table.header) if at not in used and cell.strip()]

    def check(self, table: Table) -> None:
        """Faults of a table as a whole: rows that are too wide, formulas without a value."""
        for row, cells in table.body:
            if table.header and table.sheet.strict and any(cell.strip() for cell in cells[len(table.header) :]):
                place = table.sheet.place(row, letter(len(table.header)))
                self.notebook.faults.append(Message("import.fault.too_wide", place=place))
        for row, column in sorted(table.sheet.broken):
            if row > table.row and (column in table.roles.values() or not table.header):
                place = table.sheet.place(row, table.title(column))
                self.notebook.faults.append(Message("import.fault.formula", place=place))

    def read_list(self, table: Table) -> None:
        """A list of organisations, one a row; in a table that holds ties as well, the rows without ends."""
        sheet, names, spot = table.sheet, self.names, self.notebook.spot
        if not is_mixed(table):
            self.check(table)
        for row, cells in table.body:
            if any(table.text(cells, end).strip() for end in ENDS):
                continue
            part = next((part for part in NAMES if clean_name(table.text(cells, part))), None)
            if part is None:
                if not is_mixed(table):
                    spot("no_ends", sheet.place(row))
                continue
            known = len(names.entries)
            index = names.end(table.text(cells, part), lambda: table.place(row, part), None)  # noqa: B023
            if index is None:
                continue
            entry, code = names.entries[index], clean_name(table.text(cells, "id"))
            sector, layer = sector_of(table.text(cells, "sector")), clean_name(table.text(cells, "layer"))
            layer_id = words("layers").get(name_key(layer))
            if index < known and not (code and entry.id and code != entry.id):
                same = sector in (None, entry.sector) and layer_id in (None, entry.layer)
                place = Message("import.same_as", place=sheet.place(row), first=entry.places[0])
                spot("double_row" if same else "double_row_differs", place)
                continue
            if index < known:  # the same name with another code: another organisation, until somebody says it is not
                index = names.add(entry.name)
                entry = names.entries[index]
                entry.places.append(table.place(row, part))
            if names.by_id.get(code, index) != index:
                self.notebook.faults.append(Message("import.fault.id_twice", place=table.place(row, "id"), value=code))
            if layer and not layer_id:
                spot("layers", layer)
            names.code(index, code)
            entry.sector, entry.layer, entry.listed = sector, layer_id, True
            entry.lead = words("yes").get(name_key(table.text(cells, "lead"))) == "yes"

    def read_ties(self, table: Table, kind: str | None) -> None:
        """A list of ties, one a row."""
        if not self.both_ends(table):
            return
        self.check(table)
        names, spot = self.names, self.notebook.spot
        strengths, trusts = (figures(table, part, self.notebook) for part in ("strength", "trust"))
        codes = {clean_name(text) for end in ENDS for text in table.texts(end)} - {""} <= names.by_id.keys()
        order = sorted(ENDS, key=table.roles.__getitem__)
        for row, cells in table.body:
            ends: dict[str, list[int]] = {}
            for end in order:
                text = table.text(cells, end)
                parts = [text]
                if "|" in text and names.find(text) is None:
                    parts = text.split("|")
                    spot("split", None if table.sheet.kumu else table.place(row, end))
                found = [names.end(part, lambda: table.place(row, end), codes) for part in parts]  # noqa: B023
                ends[end] = [index for index in found if index is not None]
            direction = words("directions").get(name_key(table.text(cells, "direction")))
            if not any(ends.values()):
                if direction:  # the only way for a table to say that a network without ties is directed
                    self.ties.append(Raw(-1, -1, table.sheet, row, direction=direction))
                elif not is_mixed(table):
                    spot("no_ends", table.sheet.place(row))
            for end in order:
                if any(ends.values()) and not ends[end]:
                    spot("empty_end", table.place(row, end))
            if strengths.get(row) == 0:
                spot("zero", table.place(row, "strength"))
                continue
            sort = kind_of(table.text(cells, "kind")) if "kind" in table.roles else kind
            trust = int(trusts[row]) if row in trusts else None
            for source in ends["source"]:
                for target in ends["target"]:
                    self.ties.append(Raw(source, target, table.sheet, row, sort, strengths.get(row), trust, direction))

    def both_ends(self, table: Table) -> bool:
        """Find the column of an end that the header does not name; else a fault with a question."""
        columns = [at for at, cell in enumerate(table.header) if cell.strip()]
        for end in ENDS:
            if end in table.roles:
                continue
            free = [at for at in columns if at not in table.roles.values()]
            named = [table.roles[name] for name in NAMES if name in table.roles] or free
            which = Message(f"import.fault.which_{end}")
            choices = {f"{at}": Message("import.place_column", column=table.title(at)) for at in free}
            given = f"{named[0]}" if len(named) == 1 else ""
            if given:
                self.notebook.spot("guessed_end", table.title(int(given)))
            elif choices:
                given = self.notebook.ask(f"column.{end}", Message("import.ask.column", which=which), choices)
            if not given:
                titles = [table.title(at) for at in columns]
                self.notebook.faults.append(Message("import.fault.no_column", which=which, columns=titles))
                return False
            table.roles[end] = int(given)
        return True

    def ask_direction(self, message: Message) -> str:
        """Whether ties have a direction; directed until it is answered, since that loses nothing."""
        choices = {meaning: Message(f"import.ask.{meaning}") for meaning in ("directed", "undirected")}
        return self.notebook.ask("direction", message, choices, "directed")


def interpret(sheets: list[Sheet], notebook: Notebook, name: str) -> Interpreter:
    """Read all sheets that are not blank: lists of organisations first, so that ties can refer to them."""
    from workshop.exchange.matrix import find_matrix, read_bare, read_matrix

    read = Interpreter(notebook)
    for sheet in sheets:
        sheet.prefixed = len(sheets) > 1
    matrices = [table for sheet in sheets if (table := find_matrix(sheet))]
    squares = [table.sheet for table in matrices]
    tables = [table for sheet in sheets if sheet not in squares and (table := Table.of(sheet))]
    edges = [table for table in tables if not table.roles.keys().isdisjoint(ENDS)]
    for table in tables + matrices:
        read.title(table)
    for table in tables:
        if table not in edges or is_mixed(table):
            read.read_list(table)
    kinds: dict[Sheet, str] = {}
    if len(edges + matrices) > 1 and not all("kind" in table.roles for table in edges + matrices):
        kinds = {table.sheet: clean_name(table.sheet.name) for table in edges + matrices}
        for sheet_name in kinds.values():
            notebook.spot("sheet_kind", sheet_name)
    for table in edges:
        read.read_ties(table, kinds.get(table.sheet))
    for table in matrices:
        read_matrix(read, table, kinds.get(table.sheet))
    for sheet in sheets:
        if sheet not in squares and all(table.sheet is not sheet for table in tables):
            if not tables + matrices or _names_many(sheet, read.names):
                read_bare(read, sheet, name)
            else:
                notebook.spot("not_read", sheet.name)
    if read.unused:
        notebook.summary.append(Message("import.summary.unused", columns=read.unused))
    return read


def is_mixed(table: Table) -> bool:
    """Whether a table holds organisations and ties, each in rows of their own."""
    return table.roles.keys() >= set(ENDS) and bool(table.roles.keys() & {"name", "organisation"})


def _names_many(sheet: Sheet, names: Names) -> bool:
    """Whether most rows name two organisations that a list gives: ties below a header that says nothing."""
    rows = [sum(names.find(cell) is not None for cell in cells if cell.strip()) > 1 for _, cells in sheet.rows]
    return 2 * sum(rows) > len(rows)


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
