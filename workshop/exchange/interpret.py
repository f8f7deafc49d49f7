"""From sheets to organisations and ties: which sheet holds what, lists of organisations, lists of ties."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from itertools import product

from workshop.exchange.names import Names
from workshop.exchange.numbers import figures
from workshop.exchange.questions import Notebook
from workshop.exchange.sheets import Sheet, clean_name, letter, mark, name_key, words
from workshop.exchange.tables import ENDS, NAMES, Table
from workshop.texts import Message, load

WAYS = {"yes": "directed", "no": "undirected"}


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
        self.directions: set[str] = set()
        self.unused: list[str] = []
        self._spelled: dict[str, str] = {}

    def spelled(self, text: str, known: dict[str, str]) -> str | None:
        """The id of a usual sector or kind, else the text as it was spelled first; None where it is empty."""
        key = name_key(text)
        return known.get(key) or self._spelled.setdefault(key, clean_name(text)) or None

    def check(self, table: Table) -> None:
        """What is to be said of a table as a whole: rows and columns that are not read, formulas without a value."""
        sheet, spot, used = table.sheet, self.notebook.spot, set(table.roles.values())
        for row, _ in sheet.rows:
            if row < table.row:
                spot("title", sheet.place(row))
        for row in table.again:
            spot("header_again", sheet.place(row))
        for key, text in sheet.remarks:
            spot(key, text)
        titled = {at for at, cell in enumerate(table.header) if cell.strip()}
        self.unused += [clean_name(table.header[at]) for at in sorted(titled - used)]
        for row, cells in table.body if titled else ():
            stray = next(
                (at for at, cell in enumerate(cells) if cell and at not in titled | used and cell.strip()), None
            )
            if stray is not None and sheet.strict:
                self.notebook.fault("too_wide", place=sheet.place(row, letter(stray)))
            elif stray is not None:
                spot("no_header", sheet.place(row, letter(stray)))
        for row, column in sorted(sheet.broken):
            if row == table.row or (row > table.row and (column in used or not titled)):
                self.notebook.fault("formula", place=sheet.place(row, table.title(column)))

    def read_list(self, table: Table) -> None:
        """A list of organisations, one a row; in a table that holds ties as well, the rows without ends."""
        sheet, names, notebook = table.sheet, self.names, self.notebook
        if not table.mixed:
            self.check(table)
        for row, cells in table.body:
            if any(table.text(cells, end).strip() for end in ENDS):
                continue
            part = next((part for part in NAMES if clean_name(table.text(cells, part))), None)
            known = len(names.entries)
            index = names.end(table.text(cells, part), table.place(row, part), None) if part else None
            if part is None or index is None:
                if not table.mixed:
                    notebook.spot("no_ends", sheet.place(row))
                continue
            code, layer = clean_name(table.text(cells, "id")), clean_name(table.text(cells, "layer"))
            if index < known:
                entry = names.entries[index]
                if not code or not entry.id or code == entry.id:
                    place = Message("import.same_as", place=sheet.place(row), first=entry.place)
                    notebook.spot("double_row", place)
                    continue
                # the same name with another code: another organisation, until somebody says it is not
                index = names.add(entry.name, table.place(row, part))
            if names.by_id.get(code, index) != index:
                notebook.fault("id_twice", place=table.place(row, "id"), value=code)
            names.code(index, code)
            entry = names.entries[index]
            entry.sector = self.spelled(table.text(cells, "sector"), sectors())
            entry.layer = words("layers").get(name_key(layer))
            entry.lead = mark(table.text(cells, "lead")) == "yes"
            entry.listed = True
            if layer and not entry.layer:
                notebook.spot("layers", layer)

    def read_ties(self, table: Table, kind: str | None) -> None:
        """A list of ties, one a row."""
        complete = self.both_ends(table)
        self.check(table)
        if not complete:
            return
        names, spot = self.names, self.notebook.spot
        strengths, trusts = (figures(table, part, self.notebook) for part in ("strength", "trust"))
        codes = all(names.coded(text) is not None for end in ENDS for text in table.texts(end) if clean_name(text))
        for row, cells in table.body:
            ends: dict[str, list[int]] = {}
            for end in sorted(ENDS, key=table.roles.__getitem__):
                text, place = table.text(cells, end), table.place(row, end)
                parts = [text]
                if "|" in text and names.find(text) is None:
                    parts = text.split("|")
                    spot("split", None if table.sheet.kumu else place)
                found = [names.end(part, place, codes) for part in parts]
                ends[end] = [index for index in found if index is not None]
            said = table.text(cells, "direction")
            direction = words("directions").get(name_key(said), WAYS.get(mark(said) or ""))
            if said.strip() and not direction:
                spot("ways", clean_name(said))
            if direction:  # a row without ends may say it too, for a network without ties
                self.directions.add(direction)
            elif not any(ends.values()) and not table.mixed:
                spot("no_ends", table.sheet.place(row))
            for end in ends:
                if any(ends.values()) and not ends[end]:
                    spot("empty_end", table.place(row, end))
            if strengths.get(row) == 0:
                spot("zero", table.place(row, "strength"))
                continue
            sort = self.spelled(table.text(cells, "kind"), words("kinds")) if "kind" in table.roles else kind
            trust = int(trusts[row]) if row in trusts else None
            for source, target in product(ends["source"], ends["target"]):
                self.ties.append(Raw(source, target, table.sheet, row, sort, strengths.get(row), trust, direction))

    def both_ends(self, table: Table) -> bool:
        """Find the column of an end that the header does not name; else a fault with a question."""
        columns = [at for at, cell in enumerate(table.header) if cell.strip()]
        for end in ENDS:
            if end in table.roles:
                continue
            free = [at for at in columns if at not in table.roles.values()]
            named = [table.roles[name] for name in NAMES if name in table.roles] or (free if len(free) == 1 else [])
            which = Message(f"import.fault.which_{end}")
            if named:
                given = f"{named[0]}"
                self.notebook.spot("guessed_end", table.title(named[0]))
            else:
                choices = {f"{at}": Message("import.place_column", column=table.title(at)) for at in free}
                message = Message("import.ask.column", which=which)
                given = self.notebook.ask(f"column.{end}", message, choices) if free else ""
            if not given:
                self.notebook.fault("no_column", which=which, columns=[table.title(at) for at in columns])
                return False
            table.roles = {part: at for part, at in table.roles.items() if at != int(given)} | {end: int(given)}
        return True

    def ask_direction(self, message: Message) -> str:
        """Whether ties have a direction; directed until it is answered, since that loses nothing."""
        return self.notebook.ask("direction", message, ("directed", "undirected"), "directed")


def interpret(sheets: list[Sheet], notebook: Notebook, name: str) -> Interpreter:
    """Read all sheets that are not blank: lists of organisations first, so that ties can refer to them."""
    from workshop.exchange.matrix import find_matrix, read_adjacency, read_bare, read_matrix

    read = Interpreter(notebook)
    sheets = [tidy(replace(sheet, prefixed=len(sheets) > 1), notebook.spot) for sheet in sheets]
    matrices = {sheet: table for sheet in sheets if (table := find_matrix(sheet, notebook.spot))}
    tables = {sheet: table for sheet in sheets if sheet not in matrices and (table := Table.of(sheet))}
    edges = {sheet: table for sheet, table in tables.items() if not table.roles.keys().isdisjoint(ENDS)}
    for sheet, table in tables.items():
        if "row" in table.roles:
            read_adjacency(read, replace(sheet, rows=table.body))
        elif sheet not in edges or table.mixed:
            read.read_list(table)
    kinds: dict[Sheet, str] = {}
    if len(edges | matrices) > 1 and not all("kind" in table.roles for table in (edges | matrices).values()):
        kinds = {sheet: clean_name(sheet.name) for sheet in edges | matrices}
        for sheet_name in kinds.values():
            notebook.spot("sheet_kind", sheet_name)
    for sheet, table in edges.items():
        read.read_ties(table, kinds.get(sheet))
    for sheet, table in matrices.items():
        read_matrix(read, table, kinds.get(sheet))
    for sheet in sheets:
        if sheet not in tables and sheet not in matrices:
            if not (tables or matrices) or _names_many(sheet, read.names):
                read_bare(read, sheet, name)
            else:
                notebook.spot("not_read", sheet.name)
    if read.unused:
        notebook.summary.append(Message("import.summary.unused", columns=read.unused))
    return read


def tidy(sheet: Sheet, spot: Callable[[str, Message], None]) -> Sheet:
    """A sheet without rows of comments, and without a last row of totals."""
    rows = []
    for row, cells in sheet.rows if sheet.origin != "graph" else ():
        first = next(cell for cell in cells if cell.strip()).strip()
        last = len(sheet.rows) > 2 and row == sheet.rows[-1][0]
        if first.startswith(("# ", "//")):
            spot("comment", sheet.place(row))
        elif last and mark(first.rstrip(" :=0123456789.,")) == "total":
            spot("total", sheet.place(row))
        else:
            rows.append((row, cells))
    return replace(sheet, rows=rows) if rows else sheet


def _names_many(sheet: Sheet, names: Names) -> bool:
    """Whether most rows name two organisations that a list gives: ties below a header that says nothing."""
    rows = [sum(names.find(cell) is not None for cell in cells if cell.strip()) > 1 for _, cells in sheet.rows]
    return 2 * sum(rows) > len(rows)


@cache
def sectors() -> dict[str, str]:
    """Id of each usual sector by its id and its names."""
    return {name_key(row[key]): row["id"] for row in load("sectors.csv") for key in ("id", "nl", "en") if row[key]}
