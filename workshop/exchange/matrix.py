"""Reading matrices and rosters, and lists of who sits at which table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import combinations

from workshop.exchange.cells import answer
from workshop.exchange.gathered import Gathered, RawTie
from workshop.exchange.grids import Grid
from workshop.exchange.numbers import Values
from workshop.exchange.questions import Listed
from workshop.exchange.sheets import cell, clean_name, letter, name_key
from workshop.texts import Message

Pair = tuple[int, int]
Places = dict[int, list[tuple[int, int]]]
"""Row and column of each organisation along one side; in a roster one organisation may have answered twice."""


def read_grid(read: Gathered, grid: Grid, kind: str | None) -> None:
    """Rows and columns are matched by name; several questions on one sheet are a kind of tie each."""
    read.check(grid)
    for at in grid.totals:
        read.notes.spot("total", grid.sheet.place(grid.row, letter(at)))
    for at in grid.remarks:
        read.notes.spot("set_aside", grid.title(at))
    questions = list(dict.fromkeys(grid.questions.values()))
    if grid.meetings:
        read_meetings(read, grid)
    elif len(questions) < 2:
        read_values(read, grid, kind)
    else:
        for question in questions:
            read.notes.spot("kind_columns", question)
            heads = {at: text for at, text in grid.heads.items() if grid.questions[at] == question}
            read_values(read, replace(grid, heads=heads), read.spelled(question, "kind"))


@dataclass
class Pairs:
    """What stands between the names: values above 0 and where they stand, and pairs of which nothing is said.

    `position` is the place of an organisation along the side, `filled` how many cells above and below the diagonal say
    something.
    """

    position: dict[int, int]
    value: dict[Pair, float] = field(default_factory=dict)
    place: dict[Pair, tuple[int, int]] = field(default_factory=dict)
    missing: set[Pair] = field(default_factory=set)
    filled: dict[bool, int] = field(default_factory=lambda: {True: 0, False: 0})

    def take(self, pair: Pair, value: float | None, place: tuple[int, int]) -> None:
        """Keep what one cell says of a pair; of two rows of one organisation, the larger value."""
        if value is None:
            self.missing.add(pair)
        elif pair[0] in self.position and pair[1] in self.position:
            self.filled[self.position[pair[0]] < self.position[pair[1]]] += 1
        if value and value > self.value.get(pair, 0):
            self.value[pair] = value
            self.place[pair] = place

    def differs(self, pair: Pair) -> bool:
        """Whether the other side of the matrix says something else; where it says nothing at all, it does not."""
        back = (pair[1], pair[0])
        return back not in self.missing and self.value.get(back) != self.value[pair]

    def half(self) -> bool:
        """Whether all values stand on one side of the diagonal, and nothing at all on the other."""
        return len(self.position) > 2 and 0 in self.filled.values()

    def whole_half(self) -> bool:
        """Whether all cells on that side say something, if only 0."""
        pairs = len(self.position) * (len(self.position) - 1) // 2
        return self.half() and max(self.filled.values()) == pairs


def read_values(read: Gathered, grid: Grid, kind: str | None) -> None:
    """The ties of a matrix, or of one question of a survey."""
    columns = labels(read, grid, [(grid.row, at, text) for at, text in grid.heads.items()])
    rows = row_labels(read, grid, columns)
    check_lone(read, grid, columns, rows)
    heads = {name_key(text) for text in grid.heads.values()}  # below a name that was ticked the name itself stands
    texts = []
    for _, cells in grid.body:
        own = "" if grid.label is None else name_key(cell(cells, grid.label))
        here = [cell(cells, at) for at, head in grid.heads.items() if name_key(head) != own]
        texts += [text for text in here if text and name_key(text) not in heads]
    values = Values("matrix", texts, grid.sheet, read.notes)
    found = pairs_of(grid, columns, rows, values)
    weighed = values.settle() and any(value != 1 for value in found.value.values())
    one_way = [pair for pair in found.value if found.differs(pair)]
    direction = ask_direction(read, grid, found, one_way) if one_way else "undirected"
    read.directions.add(direction)
    for (source, target), value in found.value.items():
        mirrored = not one_way and (target, source) in found.value
        if not mirrored or source < target:
            row, _ = found.place[source, target]
            read.add_tie(RawTie(source, target, grid.sheet, row, kind, value if weighed else None, None, direction))


def labels(read: Gathered, grid: Grid, cells: Iterable[tuple[int, int, str]]) -> Places:
    """Where each organisation stands along one side of a matrix."""
    found: Places = {}
    for row, at, text in cells:
        place = partial(grid.sheet.place, row, letter(at))
        index = read.end(text, place)
        if index is None:
            continue
        if index in found and not grid.roster:
            read.notes.fault("matrix_double", place=place(), name=clean_name(text))
        found.setdefault(index, []).append((row, at))
    return found


def row_labels(read: Gathered, grid: Grid, columns: Places) -> Places:
    """The organisations of the rows; those of the columns, in the same order, where the rows have no names."""
    label = grid.label
    if label is not None:
        return labels(read, grid, [(row, label, cells[label]) for row, cells in grid.body])
    shown = [read.entries[index].name for index in columns]
    read.notes.ask("same_order", ["same_order_yes"], about=grid.sheet, names=shown)
    return {index: [(row, 0)] for index, (row, _) in zip(columns, grid.body, strict=False)}


def check_lone(read: Gathered, grid: Grid, columns: Places, rows: Places) -> None:
    """Names that stand along one side only: said in a roster, else asked, since a name may be misspelt."""
    lone = sorted(rows.keys() ^ columns.keys())
    one_side = rows.keys() <= columns.keys() or columns.keys() <= rows.keys()
    if grid.questions or grid.meetings or (grid.roster and one_side):
        for index in lone:
            read.notes.spot("one_side", read.entries[index].name)
    elif lone and not read.notes.ask("matrix", ["every"], text="matrix_labels"):
        for index in lone:
            row, at = (rows | columns)[index][0]
            name = read.entries[index].name
            read.notes.fault("matrix_label", place=grid.sheet.place(row, letter(at)), name=name)


def pairs_of(grid: Grid, columns: Places, rows: Places, values: Values) -> Pairs:
    """The cells of all pairs; the diagonal never counts, whatever stands there."""
    both = [index for index in rows if index in columns]
    found = Pairs({index: at for at, index in enumerate(both)})
    texts = dict(grid.body)
    targets = [(target, at) for target, places in columns.items() for _, at in places]
    for source, places in rows.items():
        for row, _ in places:
            cells = texts[row]
            for target, at in targets:
                text = cell(cells, at)
                if source == target or not text:
                    continue
                if name_key(text) == name_key(grid.heads[at]):
                    value: float | None = 1.0  # the answer itself stands below it where it is ticked
                else:
                    value = values.strength(text, partial(grid.place_in, row, at))
                found.take((source, target), value, (row, at))
    return found


def ask_direction(read: Gathered, grid: Grid, found: Pairs, one_way: list[Pair]) -> str:
    """Whether ties have a direction, where both halves of a matrix differ.

    A half in which nothing stands at all, beside one that is filled with 0 and 1, is half a matrix. Where the other
    half has gaps as well, nobody can tell: then it is asked.
    """
    if found.whole_half():
        read.notes.spot("half", clean_name(grid.sheet.name))
        return "undirected"
    names = read.entries
    pairs = Listed()
    for source, target in one_way:
        place = grid.place_in(*found.place[source, target])
        pairs.add(Message("import.ask.one_way", place=place, source=names[source].name, target=names[target].name))
    name = clean_name(grid.sheet.name)
    question = grid.questions.get(min(grid.heads), "")
    text = "half" if found.half() and not grid.roster else "matrix"
    return read.notes.ask_direction(f"direction.{name}.{question}", text, sheet=name, pairs=pairs)


def read_meetings(read: Gathered, grid: Grid) -> None:
    """Organisations and the tables at which they sit: asked, read as ties or as seats on the structure board."""
    shown = [clean_name(text) for text in grid.heads.values()]
    ways = ("meeting_ties", "meeting_seats", "meeting_partners")
    chosen = read.notes.ask("meetings", ways, about=grid.sheet, columns=shown)
    if chosen == "meeting_partners":
        read_values(read, grid, None)
        return
    rows = row_labels(read, grid, {})
    texts = dict(grid.body)
    for at, name in grid.heads.items():
        seats = []
        for index, places in rows.items():
            if any(answer(cell(texts[row], at)) == "yes" for row, _ in places):
                seats.append(index)
        if chosen == "meeting_seats":
            read.tables.append((clean_name(name), seats))
        elif chosen == "meeting_ties":
            for source, target in combinations(seats, 2):
                read.add_tie(RawTie(source, target, grid.sheet, rows[source][0][0], None, None, None, "undirected"))
