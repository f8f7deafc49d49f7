"""Matrices, and sheets without header: adjacency lists, bare edge lists, bare names."""

from __future__ import annotations

from collections.abc import Callable

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
    labels = {at: {name_key(cells[at]) for _, cells in below if at < len(cells)} for at in used[:3]}
    shared, left = max((len(labels[at] & {heads[other] for other in heads if other > at}), -at) for at in labels)
    left = -left if shared else used[0]
    body = [(at, cells) for at, cells in below if left < len(cells) and cells[left].strip()]
    before = {name_key(cells[left]) for _, cells in body}
    above = [at for at in heads if at > left and (heads[at] in before or role(head[at]) not in SIDE)]
    if left in heads:
        codes = all(number(head[at]) is not None for at in heads)
        if len(above) < 2 or codes or not shared or 2 * shared < max(len(above), len(before)):
            return None
    cells = [cells[at] for _, cells in body for at in above if at < len(cells)]
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
    left = table.roles["label"]
    rows: dict[int, tuple[int, list[str]]] = {}
    columns: dict[int, int] = {}
    places: dict[int, Message] = {}

    def label(text: str, row: int, at: int, known: dict) -> int | None:
        place = sheet.place(row, letter(at))
        index = read.names.end(text, lambda: place)
        if index in known:
            notebook.faults.append(Message("import.fault.matrix_double", place=place, name=clean_name(text)))
        if index is not None:
            places.setdefault(index, place)
        return index

    for at in table.roles.values():
        if at != left and (index := label(table.header[at], table.row, at, columns)) is not None:
            columns[index] = at
    for row, cells in table.body:
        if (index := label(cells[left], row, left, rows)) is not None:
            rows[index] = (row, cells)
    choices = {"all": Message("import.ask.matrix_all")}
    lone = sorted(rows.keys() ^ columns.keys())
    if lone and not notebook.ask("matrix", Message("import.ask.matrix_labels"), choices):
        for index in lone:
            name = entries[index].name
            notebook.faults.append(Message("import.fault.matrix_label", place=places[index], name=name))
    sign = decimal_mark(cell for _, cells in table.body for cell in cells[left + 1 :]) or ("." if sheet.point else None)
    values: dict[tuple[int, int], float] = {}
    empty = set()
    for source, (row, cells) in rows.items():
        for target, at in columns.items():
            text = cells[at] if at < len(cells) else ""
            value: float | Message | None = _value(text)
            if value is None:
                value = strength(text, sign, sheet.place(row, table.title(at)), notebook)
            if isinstance(value, Message):
                notebook.faults.append(value)
            elif value:
                values[source, target] = value
            elif not text.strip():
                empty.add((source, target))
    one_way = [pair for pair, value in values.items() if values.get(pair[::-1]) != value]
    direction = "undirected"
    both = [index for index in columns if index in rows]
    halves = {((one, other) in empty, (other, one) in empty) for at, other in enumerate(both) for one in both[:at]}
    if one_way and len(both) > 2 and halves in ({(True, False)}, {(False, True)}):
        notebook.spot("half", clean_name(sheet.name))
    elif one_way:
        pairs = [
            Message(
                "import.ask.one_way",
                source=entries[source].name,
                target=entries[target].name,
                place=sheet.place(rows[source][0], table.title(columns[target])),
            )
            for source, target in one_way
        ]
        direction = read.ask_direction(Message("import.ask.matrix", pairs=Listed(pairs)))
    read.directions.add(direction)
    plain = all(value == 1 for value in values.values())
    for (source, target), value in values.items():
        if one_way or source <= target:
            row = rows[source][0]
            read.ties.append(Raw(source, target, sheet, row, kind, None if plain else value, None, direction))


def read_bare(read: Interpreter, sheet: Sheet, name: str) -> None:
    """A sheet without header: the reading that loses nothing, and a question."""
    filled = [[at for at, cell in enumerate(cells) if clean_name(cell)] for _, cells in sheet.rows]
    used = sorted(set().union(*filled))
    if not used or (len(used) != 2 and len(sheet.rows) == 1):
        read.notebook.faults.append(Message("import.fault.unreadable", name=name))
        return
    texts = {
        at for at in used if any(at < len(c) and clean_name(c[at]) and number(c[at]) is None for _, c in sheet.rows)
    }
    ends = [at for at in used if at in texts][:2] if len(texts) > 1 else used[:2]
    column = lambda at: {name_key(cells[at]) for _, cells in sheet.rows if at < len(cells) and cells[at].strip()}  # noqa: E731
    firsts = set().union(*map(column, ends))
    beyond = [text for at in texts.difference(ends) for text in column(at)]
    if beyond and (len(set(map(len, filled))) > 1 or 2 * len(firsts.intersection(beyond)) > len(beyond)):
        read_adjacency(read, sheet)
        return
    row, cells = sheet.rows[0]
    shown = [clean_name(cell) for cell in cells if cell.strip()]
    key = "header" if len(used) < 3 else "header_wide"
    ends_at = {"source": letter(ends[0]), "target": letter(ends[-1])}
    message = Message(f"import.ask.{key}", row=sheet.place(row), cells=shown, **ends_at)
    choices = {answer: Message(f"import.ask.header_{answer}") for answer in ("data", "titles")}
    titles = read.notebook.ask("header", message, choices, "data") == "titles"
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
    found: list[tuple[int, list[int]]] = []
    for row, cells in sheet.rows:
        named = [read.names.end(cell, lambda: sheet.place(row)) for cell in cells]  # noqa: B023
        found.append((row, [index for index in named if index is not None]))
    example = next((ends for _, ends in found if len(ends) > 2), [])
    name = lambda index: read.names.entries[index].name  # noqa: E731
    pairs = Listed(Message("import.ask.pair", source=name(example[0]), target=name(other)) for other in example[1:])
    choices = {answer: Message(f"import.ask.adjacency_{answer}") for answer in ("first", "all")}
    answer = read.notebook.ask("adjacency", Message("import.ask.adjacency", pairs=pairs), choices, "first")
    for row, ends in found:
        for at, source in enumerate(ends if answer == "all" else ends[:1]):
            read.ties += [Raw(source, target, sheet, row) for target in ends[at + 1 :]]
