"""Lists of organisations and lists of ties: one on each row."""

from __future__ import annotations

from functools import partial
from itertools import product

from workshop.exchange.cells import answer, tokens
from workshop.exchange.columns import Columns
from workshop.exchange.gathered import Gathered, RawTie
from workshop.exchange.headings import ENDS, NAMES, PERSONAL, role
from workshop.exchange.joined import Joined
from workshop.exchange.numbers import values_by_row
from workshop.exchange.questions import KEPT, Listed
from workshop.exchange.sheets import Row, after_blank, cell, clean_name, filled, name_key, words
from workshop.texts import Message

WAYS = {"yes": "directed", "no": "undirected"}


def read_list(read: Gathered, columns: Columns) -> None:
    """A list of organisations, one a row; in a sheet that holds ties as well, the rows without ends."""
    notes = read.notes
    sheet = columns.sheet
    if not columns.mixed:
        read.check(columns)
    if may_be_persons(read, columns):
        return
    parts = [part for part in NAMES if part in columns.roles]
    if "organisation" in parts:  # other names are those of persons
        parts = ["organisation"]
    for row, cells in without_footnotes(read, columns):
        if any(columns.text(cells, end).strip() for end in ENDS):
            continue
        part = next((part for part in parts if clean_name(columns.text(cells, part))), None)
        known = len(read.entries)
        code = clean_name(columns.text(cells, "id")) if part != "id" else ""
        place = partial(columns.place, row, part or "")
        index = read.end(columns.text(cells, part), place, None, coded=bool(code)) if part else None
        if part is None or index is None:
            if not columns.mixed:
                notes.spot("no_ends", sheet.place(row))
            continue
        sort = clean_name(columns.text(cells, "sector"))
        sector = read.spelled(sort, "sector")
        if index < known:
            entry = read.entries[index]
            other_code = code and entry.id and code != entry.id
            other_sort = sector and entry.sector and sector != entry.sector
            if not (other_code or other_sort):
                same = Message("import.same_as", place=sheet.place(row), first=entry.place)
                notes.spot("double_row", same)
                continue
            # the same name with another code or sector: another organisation, until somebody says it is not
            index = read.add(entry.name, columns.place(row, part))
        if read.by_id.get(code, index) != index:
            notes.fault("id_twice", place=columns.place(row, "id"), value=code)
        read.code(index, code)
        layer = clean_name(columns.text(cells, "layer"))
        if layer and name_key(layer) not in words("layers"):
            notes.spot("layers", layer)
        entry = read.entries[index]
        entry.sort = sort
        entry.sector = sector
        entry.layer = words("layers").get(name_key(layer))
        entry.lead = answer(columns.text(cells, "lead")) == "yes"
        entry.listed = True


def without_footnotes(read: Gathered, columns: Columns) -> list[Row]:
    """The rows of a list; asked of those behind a blank row at its end in which nothing stands but one text.

    Not where most rows above hold no more, nor where a blank row stands below each.
    """
    rows = columns.body
    gaps = [at for at in range(1, len(rows)) if after_blank(rows, at)]
    full = [at for at, (_, cells) in enumerate(rows) if len(filled(cells)) > 1]
    start = next((at for at in gaps if at > max(full, default=0)), len(rows))
    if start == len(rows) or 2 * len(full) <= start or len(gaps) == len(rows) - 1:
        return rows
    texts = Listed(clean_name("".join(cells)) for _, cells in rows[start:])
    chosen = read.notes.ask("below", ("below_names", "leave"), "below_names", about=columns.sheet, texts=texts)
    return rows if chosen == "below_names" else rows[:start]


def grouped_at(columns: Columns) -> int | None:
    """The column of names that stand behind something else, such as a project: a cell may hold several there.

    What stands on several rows, such as a town, has one name on each.
    """
    at = next((columns.roles[part] for part in NAMES if part in columns.roles), 0)
    before = [other for other in range(at) if role(columns.header[other]) is None and columns.content(other) == "name"]
    texts = [columns.sample(other) for other in before]
    return at if any(len(held) == len(set(map(name_key, held))) for held in texts) else None


def split_names(columns: Columns, at: int, joined: Joined) -> None:
    """Give each name in a cell a row of its own."""
    body = []
    for row, cells in columns.body:
        body += [(row, [*cells[:at], name, *cells[at + 1 :]]) for name in joined.parts(cell(cells, at))]
    columns.body = body


def may_be_persons(read: Gathered, columns: Columns) -> bool:
    """Whether names stand beside what belongs to persons, and nobody has said yet that they are organisations."""
    if not names_persons(columns):
        return False
    part = next((part for part in ("source", *NAMES) if part in columns.roles), None)
    title = columns.title(columns.personal[0] if part is None else columns.roles[part])
    if part and read.notes.ask("persons", ["organisations"], about=columns.sheet, column=title) == "organisations":
        return False
    read.notes.fault("persons", column=title)
    return True


def names_persons(columns: Columns) -> bool:
    """Whether the names may be those of persons: they have a function, an address or a first name beside them."""
    if columns.mixed and names_beside_ends(columns):
        return True
    part = next((part for part in NAMES if part in columns.roles), None)
    if part not in PERSONAL:
        return part is None and bool(columns.personal) and not columns.ties
    beside = [at for at in range(len(columns.header)) if at != columns.roles[part]]
    told = any(words("personal").get(word) for at in beside for word in tokens(columns.header[at]))
    return told or bool(columns.personal) or any(columns.content(at) == "address" for at in beside)


def names_beside_ends(columns: Columns) -> bool:
    """Whether rows name an organisation that is neither end, so that the ends may be persons."""
    for _, cells in columns.body:
        named = name_key(columns.text(cells, "organisation"))
        ends = [name_key(columns.text(cells, end)) for end in ENDS]
        if named and any(ends) and named not in ends:
            return True
    return False


def read_ties(read: Gathered, columns: Columns, kind: str | None, joined: Joined) -> None:
    """A list of ties, one or more a row."""
    if may_be_persons(read, columns) or not both_ends(read, columns):
        read.check(columns)
        return
    columns.find_kinds()
    keep_kinds(read, columns)
    add_more_partners(read, columns)
    for group in columns.groups:
        read.notes.spot("partner_columns", columns.title(group["target"]))
    read.check(columns)
    for reading in columns.readings():
        read_rows(read, reading, kind, joined)


def keep_kinds(read: Gathered, columns: Columns) -> None:
    """Say which columns are read as a kind of tie; asked where it is only one that is not known."""
    titles = list(columns.kinds.values())
    if len(titles) == 1 and name_key(titles[0]) not in words("kinds"):
        choices = ("kind_yes", "kind_no")
        chosen = read.notes.ask("kind_column", choices, "kind_yes", about=columns.sheet, column=titles[0])
        if chosen == "kind_no":
            columns.kinds = {}
    for title in columns.kinds.values():
        read.notes.spot("kind_columns", title)


def add_more_partners(read: Gathered, columns: Columns) -> None:
    """Columns without a header behind the last one that hold further partners; asked where they are known names."""
    target = columns.roles["target"]
    titled = filled(columns.header)
    if target != max(titled, default=-1):
        return
    behind = [(at, cells[at]) for _, cells in columns.body for at in filled(cells) if at > target]
    if not behind:
        return
    known = columns.keys(target) | columns.keys(columns.roles["source"]) | set(read.by_name)
    recognised = sum(name_key(text) in known for _, text in behind)
    sure = 2 * recognised >= len(behind)
    choices = ["partners_too", "no_partners"] if sure else ["partners_too"]
    default = "partners_too" if sure else ""
    chosen = read.notes.ask("more", choices, default, about=columns.sheet, column=columns.title(target))
    if chosen == "partners_too":
        columns.groups += [{"target": at} for at in sorted({at for at, _ in behind})]
    elif chosen == "no_partners":
        columns.sheet.strict = False


def read_rows(read: Gathered, columns: Columns, kind: str | None, joined: Joined) -> None:
    """The ties of all rows, for one partner on each."""
    spot, sheet = read.notes.spot, columns.sheet
    strength = values_by_row(columns, "strength", read.notes)
    trust = values_by_row(columns, "trust", read.notes)
    if len(read.notes.faults) > KEPT:  # refused in any case
        return
    codes = all_codes(read, columns)
    order = sorted(ENDS, key=columns.roles.__getitem__)
    for row, cells in columns.body:
        ends = {end: ends_in(read, columns, row, cells, end, codes, joined) for end in order}
        direction = direction_of(read, columns.text(cells, "direction"))
        named = bool(ends["source"] or ends["target"])
        if columns.further and not (ends["source"] and ends["target"]):
            continue  # not every organisation has so many partners
        if direction:  # a row without ends may say it too, for a network without ties
            read.directions.add(direction)
        elif not named and not columns.mixed:
            spot("no_ends", sheet.place(row))
        if named:
            for end in order:
                if not ends[end]:
                    spot("empty_end", columns.place(row, end))
        value = strength.get(row)
        trusted = int(trust[row]) if row in trust else None
        if value == 0:
            spot("zero", columns.place(row, "strength"))
            continue
        for sort in kinds_of(read, columns, cells, kind):
            for source, target in product(ends["source"], ends["target"]):
                read.add_tie(RawTie(source, target, sheet, row, sort, value, trusted, direction))


def ends_in(
    read: Gathered, columns: Columns, row: int, cells: list[str], end: str, codes: bool, joined: Joined
) -> list[int]:
    """The organisations that a cell names."""
    text = columns.text(cells, end)
    place = partial(columns.place, row, end)
    parts = joined.parts(text)
    if "|" in text and text not in joined.signs and read.find(text) is None:  # as Kumu writes several names
        parts = text.split("|")
        if not columns.sheet.kumu:
            read.notes.spot("split", place())
    found = [read.end(part, place, codes) for part in parts]
    return [index for index in found if index is not None]


def all_codes(read: Gathered, columns: Columns) -> bool:
    """Whether all ends are codes that a list gives."""
    texts = (text for end in ENDS for text in columns.texts(end) if clean_name(text))
    return all(read.coded(text) is not None for text in texts)


def direction_of(read: Gathered, text: str) -> str | None:
    """What a cell says of the direction of its tie."""
    if not text.strip():
        return None
    direction = words("directions").get(name_key(text)) or WAYS.get(answer(text) or "")
    if not direction:
        read.notes.spot("ways", clean_name(text))
    return direction


def kinds_of(read: Gathered, columns: Columns, cells: list[str], kind: str | None) -> list[str | None]:
    """The kinds of the ties on a row; none at all where every column of a kind says no."""
    if columns.kinds:
        said = [title for at, title in columns.kinds.items() if answer(cell(cells, at)) == "yes"]
        return [read.spelled(title, "kind") for title in said]
    if "kind" in columns.roles:
        return [read.spelled(columns.text(cells, "kind"), "kind")]
    return [kind]


def both_ends(read: Gathered, columns: Columns) -> bool:
    """Find the column of an end that the header does not name; else a fault with a question."""
    notes = read.notes
    titled = filled(columns.header)
    for end in ENDS:
        if end in columns.roles:
            continue
        free = [at for at in titled if at not in columns.roles.values()]
        named = [columns.roles[part] for part in NAMES if part in columns.roles]
        if not named and len(free) == 1 and columns.content(free[0]) in ("name", "number", ""):
            named = free
        which = Message(f"import.fault.which_{end}")
        if named:
            column: int | None = named[0]
            notes.spot("guessed_end", columns.title(named[0]))
        else:
            column = ask_column(read, columns, end, which, free)
        if column is None:
            notes.fault("no_column", which=which, columns=[columns.title(at) for at in titled])
            return False
        columns.roles = {part: at for part, at in columns.roles.items() if at != column} | {end: column}
    return True


def ask_column(read: Gathered, columns: Columns, end: str, which: Message, free: list[int]) -> int | None:
    """Ask which column an end is, among those that may hold names; None until it is said."""
    held = {at: columns.content(at) for at in free}
    texts = [at for at in free if held[at] == "name"] or [at for at in free if held[at] == "number"]
    if not texts:
        return None
    choices = {f"{at}": Message("import.place_column", column=columns.title(at)) for at in texts}
    given = read.notes.ask(f"column.{end}", choices, about=columns.sheet, which=which)
    return int(given) if given else None
