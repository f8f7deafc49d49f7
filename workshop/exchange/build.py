"""From organisations and ties as they stand in a file to one network: unknown and similar names, direction, doubles."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from workshop.domain.network import Network, Tie
from workshop.domain.structure import Table
from workshop.exchange.cells import tokens
from workshop.exchange.gathered import Entry, Gathered, RawTie, name_words, near_groups
from workshop.exchange.questions import ImportProblem, Listed, Result
from workshop.exchange.sheets import name_key, words
from workshop.texts import Message

GUESSED = 50
"""So many organisations that are not in the list are asked one by one."""
COMPARED = 5000
"""Names are compared with each other where there are no more than so many."""
ASKED = 40
"""Names that look alike are asked as long as there are no more than so many questions."""
WAYS_OUT = ("without", "decimal", "matrix", "column", "header", "more", "persons", "kind_column", "joined", "list")
Goes = dict[int, int | None]
"""Which organisation another one is, or None where it is left out."""


def build(read: Gathered) -> Result:
    """The result of an import, or an `ImportProblem` with all faults."""
    notes, entries = read.notes, read.entries
    goes: Goes = {}
    groups = near_groups([entry.name for entry in entries]) if len(entries) <= COMPARED else []
    for key in ("date", "missing"):
        if places := notes.spots.get(f"{key}_name"):
            notes.ask(key, (f"{key}_name", "leave"), f"{key}_name", places=places)
    _unknown(read, goes, groups)
    _alike(read, goes, groups)
    ties = _between(read, goes)
    directed = _directed(read, ties)
    if directed:
        both = [tie for tie in ties if tie.direction == "undirected"]
        ties += [replace(tie, source=tie.target, target=tie.source) for tie in both]
    _doubles(read, ties, directed)
    if notes.faults:
        ways_out = [question for question in notes.questions if question.key.split(".")[0] in WAYS_OUT]
        raise ImportProblem(notes.faults, ways_out)
    made = read.organisations(index for index in range(len(entries)) if index not in goes)
    drawn = (Tie(made[tie.source].id, made[tie.target].id, tie.kind, tie.strength, tie.trust) for tie in ties)
    network = Network(made.values(), drawn, directed)
    leads = [index for index in made if entries[index].lead]
    if len(leads) > 1:
        for index in leads:
            notes.spot("leads", entries[index].name)
    lead = made[leads[0]].id if len(leads) == 1 else None
    tables = []
    for name, seated in read.tables:
        seats = [_final(goes, index) for index in seated]
        tables.append(_table(name, [made[index].id for index in seats if index is not None]))
    _summary(read, network)
    return Result(network, notes.all_notes(), notes.questions, notes.summary, lead, tables)


def _final(goes: Goes, index: int | None) -> int | None:
    """Which organisation one is in the end; None where it is left out."""
    while index is not None and index in goes:
        index = goes[index]
    return index


def _table(name: str, seats: list[str]) -> Table:
    """A table of the structure, of the kind that its name says, else a working group with its name as theme."""
    said = {words("meetings").get(word) for word in tokens(name)}
    kind = next((kind for kind in ("steering", "plenary") if kind in said), "working")
    return Table(kind, name, tuple(seats))


def _between(read: Gathered, goes: Goes) -> list[RawTie]:
    """The ties between organisations that stay; a tie of one with itself does not count."""
    ties = []
    for tie in read.ties:
        source, target = _final(goes, tie.source), _final(goes, tie.target)
        if source is None or target is None:
            continue
        if source == target:
            name = read.entries[source].name
            read.notes.spot("self_ties", Message("import.name_at", place=tie.sheet.place(tie.row), name=name))
            continue
        tie.source = source
        tie.target = target
        ties.append(tie)
    return ties


def _unknown(read: Gathered, goes: Goes, groups: list[list[int]]) -> None:
    """Organisations of ties that are not in the list: asked, with those of the list that they may be."""
    notes, entries = read.notes, read.entries
    listed = {index: set(name_words(entry.name)) for index, entry in enumerate(entries) if entry.listed}
    strange = [index for index in range(len(entries)) if listed and index not in listed]
    new_or_not = {choice: Message(f"import.ask.{choice}") for choice in ("new", "leave")}
    rest = strange[GUESSED:]
    for index in strange[:GUESSED]:
        name = entries[index].name
        mine = set(name_words(name))
        found = [at for at, other in listed.items() if mine and other and (mine <= other or other <= mine)]
        close = [at for group in groups if index in group for at in group if at in listed and at not in found]
        same = {f"={name_key(entries[at].name)}": at for at in (found + close)[:3]}
        if not same:
            rest.append(index)
            continue
        guess = Message("import.ask.unknown_guess", name=name, candidates=[entries[at].name for at in same.values()])
        choices = {key: Message("import.ask.unknown_same", name=entries[at].name) for key, at in same.items()}
        choices |= new_or_not
        answer = notes.ask(f"unknown.{name_key(name)}", choices, place=entries[index].place, name=name, guess=guess)
        if answer and answer != "new":
            goes[index] = same.get(answer)
    if rest:
        places = Listed(_at(entries[at]) for at in rest)
        if notes.ask("unknown", new_or_not, text="unknown_all", places=places) == "leave":
            goes.update(dict.fromkeys(rest))


def _at(entry: Entry, quoted: str = "{}") -> Message:
    """A name, and where it stands first."""
    return Message("import.name_at", place=entry.place, name=quoted.format(entry.name))


def _alike(read: Gathered, goes: Goes, groups: list[list[int]]) -> None:
    """Names that look alike, and one name with several codes: asked, never merged by itself."""
    entries = read.entries
    any_listed = any(entry.listed for entry in entries)
    same: dict[str, list[int]] = {}
    for index, entry in enumerate(entries):
        if entry.listed or not any_listed:
            same.setdefault(name_key(entry.name), []).append(index)
    for key, members in same.items():
        if len(members) > 1:
            places = Listed(entries[index].place for index in members)
            _ask_same(read, f"name.{key}", members, goes, name=entries[members[0]].name, places=places)
            _tell_apart(read, [index for index in members if index not in goes])
    firsts = {members[0] for members in same.values()}
    for group in groups:
        members = [index for index in group if index in firsts]
        if len(members) > 1:
            shown = Listed(_at(entries[index], "“{}”") for index in members)
            _ask_same(read, f"near.{name_key(entries[members[0]].name)}", members, goes, names=shown)


def _tell_apart(read: Gathered, members: list[int]) -> None:
    """Put its sector behind the name of an organisation where another one without a code has the same name."""
    entries = [read.entries[index] for index in members]
    sectors = {entry.sector for entry in entries}
    if len(entries) == len(sectors) > 1 and not any(entry.id for entry in entries):
        for entry in entries:
            if entry.sort:
                entry.name = f"{entry.name} ({entry.sort})"


def _ask_same(read: Gathered, key: str, members: list[int], goes: Goes, **values: Any) -> None:
    """Ask whether these are one organisation; the first keeps what it is called."""
    entries = read.entries
    first = members[0]
    if len(read.notes.questions) >= ASKED and key not in read.notes.answers:
        read.notes.spot("near_more", entries[first].name)
        return
    choices = {"same": Message("import.ask.near_same", name=entries[first].name)}
    if len(members) > 2:
        for index in members[1:]:
            only = Message("import.ask.near_only", spelling=entries[index].name, name=entries[first].name)
            choices[f"={name_key(entries[index].name)}"] = only
    choices["different"] = Message("import.ask.different")
    advice = "near" if len(members) > 2 else ""
    answer = read.notes.ask(key, choices, "different", advice=advice, **values)
    for index in members[1:]:
        if answer in ("same", f"={name_key(entries[index].name)}"):
            goes[index] = first
            mine = entries[first]
            other = entries[index]
            mine.sector = mine.sector or other.sector
            mine.layer = mine.layer or other.layer
            mine.lead = mine.lead or other.lead


def _directed(read: Gathered, ties: list[RawTie]) -> bool:
    """Whether the network is directed: as the caller or the file says, else if a pair stands in both directions."""
    notes, entries = read.notes, read.entries
    if notes.directed is not None:
        return notes.directed
    if "directed" in read.directions:
        if "undirected" in read.directions:
            notes.notes.append(Message("import.note.mixed"))
        return True
    arcs: dict[tuple[int, int], RawTie] = {}
    mutual = []
    for tie in ties:
        new = tie.direction is None and arcs.setdefault((tie.source, tie.target), tie) is tie
        if new and (back := arcs.get((tie.target, tie.source))):
            mutual.append((back, tie))
    if not mutual:
        if read.says_from_and_to and ties and not read.directions:
            notes.notes.append(Message("import.note.as_lines"))
        return False

    sides = ((entries[tie.source].name, entries[tie.target].name) for tie, _ in mutual)
    shown = (Message("import.ask.pair", source=source, target=target) for source, target in sides)
    answer = notes.ask_direction("direction", "direction", pairs=Listed(shown))
    if "direction" not in notes.answers:
        for back, tie in mutual:
            first = back.sheet.place(back.row)
            notes.spot("both_ways", Message("import.same_pair", first=first, place=tie.sheet.place(tie.row)))
    return answer == "directed"


def _doubles(read: Gathered, ties: list[RawTie], directed: bool) -> None:
    """Say which ties were there already, with the row that they repeat; the network keeps each once."""
    kept: dict[tuple, RawTie] = {}
    weighed = False
    for tie in ties:
        ends = (tie.source, tie.target)
        known = kept.setdefault((ends if directed else tuple(sorted(ends)), tie.kind), tie)
        if known is not tie:
            first = known.sheet.place(known.row)
            read.notes.spot("doubled", Message("import.same_as", place=tie.sheet.place(tie.row), first=first))
            weighed = weighed or tie.strength is not None or tie.trust is not None
    if weighed:
        read.notes.notes.append(Message("import.note.first_weight"))


def _summary(read: Gathered, network: Network) -> None:
    """What was read, in plain sentences."""
    notes = read.notes
    names = [organisation.name for organisation in network.organisations]
    if not names or not network.ties:
        notes.notes.append(Message("import.note.no_ties" if names else "import.note.no_organisations"))
    lines = [Message("import.summary.read", organisations=len(names), ties=len(network.ties))]
    if network.directed:
        lines.append(Message("import.summary.directed"))
    if accents := [name for name in names if not name.isascii()][:3]:
        lines.append(Message("import.summary.accents", names=accents))
    if notes.unused:
        notes.summary.append(Message("import.summary.unused", columns=notes.unused))
    notes.summary[:0] = lines
