"""Matrices, and sheets without header: adjacency lists, bare edge lists, bare names."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import combinations, product

from workshop.exchange.interpret import Interpreter, Raw
from workshop.exchange.numbers import decimal_mark, number, strength
from workshop.exchange.questions import Listed
from workshop.exchange.sheets import Sheet, clean_name, letter, mark, name_key
from workshop.exchange.tables import ENDS, SIDE, Table, role
from workshop.texts import Message

NOTHING = "-–—./"


def find_matrix(sheet: Sheet, spot: Callable[[str, Message], None]) -> Table | None:
    """The sheet as a matrix: names before the rows that also stand above the columns, figures between them."""
    used = sorted({at for _, cells in sheet.rows for at, cell in enumerate(cells) if cell.strip()})
    wide = (at for at, (_, cells) in enumerate(sheet.rows[:12]) if any(cell.strip() for cell in cells[used[0] + 1 :]))
    start = next(wide, None)
    if start is None or sheet.origin == "graph":
        return None
    (row, head), below = sheet.rows[start], sheet.rows[start + 1 :]
    heads = {at: name_key(cell) for at, cell in enumerate(head) if cell.strip()}
    labels = {at: {name_key(cells[at]) for _, cells in below} for at in used[:3]}
    shared, left = max((len(labels[at] & {heads[other] for other in heads if other > at}), -at) for at in labels)
    left = -left if shared else used[0]
    body = [(at, cells) for at, cells in below if cells[left].strip()]
    before = {name_key(cells[left]) for _, cells in body}
    above = [at for at in heads if at > left and (heads[at] in before or role(head[at]) not in SIDE)]
    if left in heads:
        codes = all(number(head[at]) is not None for at in heads)
        if len(above) < 2 or codes or not shared or 2 * shared < max(len(above), len(before)):
            return None
    cells = [cells[at] for _, cells in body for at in above if cells[at].strip()]
    figures = sum(_value(cell) is not None or number(cell) is not None for cell in cells)
    named = any(name_key(cell) in before for cell in cells)
    if 2 * figures <= len(cells) and (named or shared < 2):
        return None
    totals = [at for at in above if mark(head[at]) == "total"]
    for at in totals:
        spot("total", sheet.place(row, letter(at)))
    return Table(sheet, head, body, {"label": left} | {str(at): at for at in above if at not in totals}, row)


def _value(text: str) -> float | None:
    """0 for an empty cell or no, 1 for a cross or yes; None where the cell must be read as a number."""
    said = mark(text)
    return 1.0 if said == "yes" else 0.0 if said == "no" or not text.strip() or text.strip() in NOTHING else None


def read_matrix(read: Interpreter, table: Table, kind: str | None) -> None:
    """Rows and columns are matched by name; asked where both halves differ."""
    sheet, notebook, entries = table.sheet, read.notebook, read.names.entries
    read.check(table)
    left = table.roles.pop("label")
    columns = _labels(read, sheet, [(table.row, at, table.header[at]) for at in table.roles.values()])
    rows = _labels(read, sheet, [(row, left, cells[left]) for row, cells in table.body])
    lone = sorted(rows.keys() ^ columns.keys())
    if lone and not notebook.ask("matrix", Message("import.ask.matrix_labels"), ["every"]):
        for index in lone:
            row, at = (rows | columns)[index]
            notebook.fault("matrix_label", place=sheet.place(row, letter(at)), name=entries[index].name)
    texts = dict(table.body)
    sign = decimal_mark(cell for cells in texts.values() for cell in cells[left + 1 :]) or (
        "." if sheet.point else None
    )
    values: dict[tuple[int, int], float] = {}
    places: dict[tuple[int, int], Message] = {}
    empty = set()
    for (source, (row, _)), (target, (_, at)) in product(rows.items(), columns.items()):
        pair, text = (source, target), texts[row][at]
        places[pair] = sheet.place(row, table.title(at))
        value: float | Message | None = _value(text)
        if value is None:
            value = strength(text, sign, places[pair], notebook)
        if isinstance(value, Message):
            notebook.faults.append(value)
        elif value:
            values[pair] = value
        elif not text.strip():
            empty.add(pair)
    one_way = [pair for pair, value in values.items() if values.get(pair[::-1]) != value]
    direction = "undirected"
    both = [index for index in columns if index in rows]
    halves = {((one, other) in empty, (other, one) in empty) for one, other in combinations(both, 2)}
    if one_way and len(both) > 2 and halves in ({(True, False)}, {(False, True)}):
        notebook.spot("half", clean_name(sheet.name))
    elif one_way:
        shown = tuple(
            Message(
                "import.ask.one_way", source=entries[pair[0]].name, target=entries[pair[1]].name, place=places[pair]
            )
            for pair in one_way
        )
        direction = read.ask_direction(Message("import.ask.matrix", pairs=Listed(shown)))
    read.directions.add(direction)
    plain = all(value == 1 for value in values.values())
    for (source, target), value in values.items():
        if one_way or source <= target:
            row = rows[source][0]
            read.ties.append(Raw(source, target, sheet, row, kind, None if plain else value, None, direction))


def _labels(read: Interpreter, sheet: Sheet, cells: Iterable[tuple[int, int, str]]) -> dict[int, tuple[int, int]]:
    """Row and column of each organisation that stands along one side of a matrix."""
    found: dict[int, tuple[int, int]] = {}
    for row, at, text in cells:
        place = sheet.place(row, letter(at))
        index = read.names.end(text, place)
        if index is not None and found.setdefault(index, (row, at)) != (row, at):
            read.notebook.fault("matrix_double", place=place, name=clean_name(text))
    return found


def read_bare(read: Interpreter, sheet: Sheet, name: str) -> None:
    """A sheet without header: the reading that loses nothing, and a question."""
    filled = [[at for at, cell in enumerate(cells) if clean_name(cell)] for _, cells in sheet.rows]
    used = sorted(set().union(*filled))
    if not used or (len(used) != 2 and len(sheet.rows) == 1):
        read.notebook.fault("unreadable", name=name)
        return
    columns = {at: {name_key(cells[at]) for _, cells in sheet.rows} - {""} for at in used}
    texts = [at for at in used if any(number(text) is None for text in columns[at])]
    ends = texts[:2] if len(texts) > 1 else used[:2]
    firsts = set().union(*(columns[at] for at in ends))
    beyond = [text for at in texts if at not in ends for text in columns[at]]
    if beyond and (len(set(map(len, filled))) > 1 or 2 * len(firsts.intersection(beyond)) > len(beyond)):
        read_adjacency(read, sheet)
        return
    row, cells = sheet.rows[0]
    message = Message(
        "import.ask.header" if len(used) < 3 else "import.ask.header_wide",
        row=sheet.place(row),
        cells=[clean_name(cell) for cell in cells if cell.strip()],
        source=letter(ends[0]),
        target=letter(ends[-1]),
    )
    titles = read.notebook.ask("header", message, ("data", "titles"), "data") == "titles"
    table = Table(sheet, [], sheet.rows[titles:], {"name": ends[0]})
    if len(used) == 1:
        read.read_list(table)
        return
    rest = [at for at in used if at not in ends]
    table.roles = dict(zip(ENDS, ends, strict=True))
    if len(rest) == 1 and rest[0] not in texts:
        table.roles["strength"] = rest[0]
    else:
        read.unused += [letter(at) for at in rest]
    read.read_ties(table, None)


def read_adjacency(read: Interpreter, sheet: Sheet) -> None:
    """Rows of names: the first is tied to each of the next, or all to each other; asked."""
    read.check(Table(sheet, [], [], {}))
    found: dict[int, list[int]] = {}
    for row, cells in sheet.rows:
        named = [read.names.end(cell, sheet.place(row)) for cell in cells]
        found[row] = [index for index in named if index is not None]
    example = [read.names.entries[index].name for index in max(found.values(), key=len)]
    pairs = Listed(tuple(Message("import.ask.pair", source=example[0], target=other) for other in example[1:]))
    answer = read.notebook.ask("adjacency", Message("import.ask.adjacency", pairs=pairs), ("first", "all"), "first")
    for row, ends in found.items():
        pairs_of = combinations(ends, 2) if answer == "all" else product(ends[:1], ends[1:])
        read.ties += [Raw(source, target, sheet, row) for source, target in pairs_of]
