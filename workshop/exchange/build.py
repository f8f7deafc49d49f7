"""From organisations and ties as they stand in a file to one network: unknown and similar names, direction, doubles."""

from __future__ import annotations

from workshop.domain.network import Network, Tie
from workshop.exchange.interpret import Interpreter, Raw
from workshop.exchange.names import Entry, near_groups, tokens
from workshop.exchange.questions import ImportProblem, Listed, Result
from workshop.exchange.sheets import name_key
from workshop.texts import Message

GUESSED = 50
WAYS_OUT = ("without", "decimal", "matrix", "column", "header")
Goes = dict[int, int | None]


def build(read: Interpreter) -> Result:
    """The result of an import, or an `ImportProblem` with all faults."""
    notebook, entries = read.notebook, read.names.entries
    goes: Goes = {}  # organisations that are another one, or are left out
    groups = near_groups([entry.name for entry in entries])
    _unknown(read, goes, groups)
    _alike(read, goes, groups)

    def final(index: int | None) -> int | None:
        while index in goes:
            index = goes[index]
        return index

    ties = []
    for tie in read.ties:
        source, target = final(tie.source), final(tie.target)
        if source is None or target is None:
            continue
        if source == target:
            at = Message("import.name_at", place=tie.sheet.place(tie.row), name=entries[source].name)
            notebook.spot("self_ties", at)
        else:
            ties.append(Raw(source, target, tie.sheet, tie.row, tie.kind, tie.strength, tie.trust, tie.direction))
    directed = _directed(read, ties)
    for tie in [tie for tie in ties if directed and tie.direction == "undirected"]:
        ties.append(Raw(tie.target, tie.source, tie.sheet, tie.row, tie.kind, tie.strength, tie.trust))
    _doubles(read, ties, directed)
    if notebook.faults:
        raise ImportProblem(notebook.faults, [q for q in notebook.questions if q.key.split(".")[0] in WAYS_OUT])
    made = read.names.organisations(index for index in range(len(entries)) if index not in goes)
    network = Network(
        made.values(),
        (Tie(made[t.source].id, made[t.target].id, t.kind, t.strength, t.trust) for t in ties),
        directed,
    )
    leads = [index for index in made if entries[index].lead]
    for index in leads if len(leads) > 1 else ():
        notebook.spot("leads", entries[index].name)
    _summary(read, network)
    lead = made[leads[0]].id if len(leads) == 1 else None
    return Result(network, notebook.all_notes(), notebook.questions, notebook.summary, lead)


def _unknown(read: Interpreter, goes: Goes, groups: list[list[int]]) -> None:
    """Organisations of ties that are not in the list: asked, with those of the list that they may be."""
    notebook, entries = read.notebook, read.names.entries
    listed = {index: set(tokens(entry.name)) for index, entry in enumerate(entries) if entry.listed}
    strange = [index for index in range(len(entries)) if listed and index not in listed]
    new_or_not = {choice: Message(f"import.ask.{choice}") for choice in ("new", "leave")}
    rest = strange[GUESSED:]
    for index in strange[:GUESSED]:
        name, mine = entries[index].name, set(tokens(entries[index].name))
        found = [at for at, words in listed.items() if mine and words and (mine <= words or words <= mine)]
        close = [at for group in groups if index in group for at in group if at in listed and at not in found]
        same = {f"={name_key(entries[at].name)}": at for at in (found + close)[:3]}
        if not same:
            rest.append(index)
            continue
        guess = Message("import.ask.unknown_guess", name=name, candidates=[entries[at].name for at in same.values()])
        message = Message("import.ask.unknown", place=entries[index].place, name=name, guess=guess)
        choices = {key: Message("import.ask.unknown_same", name=entries[at].name) for key, at in same.items()}
        answer = notebook.ask(f"unknown.{name_key(name)}", message, choices | new_or_not)
        if answer and answer != "new":
            goes[index] = same.get(answer)
    if rest:
        places = Listed(tuple(_at(entries[at]) for at in rest))
        message = Message("import.ask.unknown_all", places=places)
        if notebook.ask("unknown", message, new_or_not) == "leave":
            goes.update(dict.fromkeys(rest))


def _at(entry: Entry, quoted: str = "{}") -> Message:
    """A name, and where it stands first."""
    return Message("import.name_at", place=entry.place, name=quoted.format(entry.name))


def _alike(read: Interpreter, goes: Goes, groups: list[list[int]]) -> None:
    """Names that look alike, and one name with several codes: asked, never merged by itself."""
    entries = read.names.entries
    any_listed = any(entry.listed for entry in entries)
    same: dict[str, list[int]] = {}
    for index, entry in enumerate(entries):
        if entry.listed or not any_listed:
            same.setdefault(name_key(entry.name), []).append(index)
    for key, members in same.items():
        if len(members) > 1:
            places = Listed(tuple(entries[index].place for index in members))
            message = Message("import.ask.same_name", name=entries[members[0]].name, places=places)
            _ask_same(read, f"name.{key}", message, members, goes)
    firsts = {members[0] for members in same.values()}
    for group in groups:
        members = [index for index in group if index in firsts]
        if len(members) > 1:
            shown = Listed(tuple(_at(entries[index], "“{}”") for index in members))
            key = f"near.{name_key(entries[members[0]].name)}"
            _ask_same(read, key, Message("import.ask.near", names=shown), members, goes)


def _ask_same(read: Interpreter, key: str, message: Message, members: list[int], goes: Goes) -> None:
    entries, first = read.names.entries, members[0]
    choices = {"same": Message("import.ask.near_same", name=entries[first].name)}
    for index in members[1:] if len(members) > 2 else ():
        only = Message("import.ask.near_only", spelling=entries[index].name, name=entries[first].name)
        choices[f"={name_key(entries[index].name)}"] = only
    choices["different"] = Message("import.ask.different")
    answer = read.notebook.ask(key, message, choices, "different")
    for index in members[1:]:
        if answer in ("same", f"={name_key(entries[index].name)}"):
            goes[index] = first
            mine, other = entries[first], entries[index]
            mine.sector, mine.layer = mine.sector or other.sector, mine.layer or other.layer
            mine.lead = mine.lead or other.lead


def _directed(read: Interpreter, ties: list[Raw]) -> bool:
    """Whether the network is directed: as the file says, else if a pair stands in both directions."""
    notebook, entries = read.notebook, read.names.entries
    if "directed" in read.directions:
        if "undirected" in read.directions:
            notebook.notes.append(Message("import.note.mixed"))
        return True
    arcs: dict[tuple[int, int], Raw] = {}
    mutual = []
    for tie in ties:
        new = tie.direction is None and arcs.setdefault((tie.source, tie.target), tie) is tie
        if new and (back := arcs.get((tie.target, tie.source))):
            mutual.append((back, tie))
    if not mutual:
        return False
    names = [(entries[tie.source].name, entries[tie.target].name) for tie, _ in mutual]
    pairs = Listed(tuple(Message("import.ask.pair", source=source, target=target) for source, target in names))
    answer = read.ask_direction(Message("import.ask.direction", pairs=pairs))
    for back, tie in mutual if "direction" not in notebook.answers else ():
        start, place = back.sheet.place(back.row), tie.sheet.place(tie.row)
        notebook.spot("both_ways", Message("import.same_pair", first=start, place=place))
    return answer == "directed"


def _doubles(read: Interpreter, ties: list[Raw], directed: bool) -> None:
    """Say which ties were there already, with the row that they repeat; the network keeps each once."""
    kept: dict[tuple, Raw] = {}
    weighed = False
    for tie in ties:
        ends = (tie.source, tie.target)
        known = kept.setdefault((ends if directed else tuple(sorted(ends)), tie.kind), tie)
        if known is not tie:
            first = known.sheet.place(known.row)
            read.notebook.spot("doubled", Message("import.same_as", place=tie.sheet.place(tie.row), first=first))
            weighed = weighed or tie.strength is not None or tie.trust is not None
    if weighed:
        read.notebook.notes.append(Message("import.note.first_weight"))


def _summary(read: Interpreter, network: Network) -> None:
    """What was read, in plain sentences."""
    notebook, names = read.notebook, [organisation.name for organisation in network.organisations]
    if not names or not network.ties:
        notebook.notes.append(Message("import.note.no_ties" if names else "import.note.no_organisations"))
    lines = [Message("import.summary.read", organisations=len(names), ties=len(network.ties))]
    if network.directed:
        lines.append(Message("import.summary.directed"))
    if accents := [name for name in names if not name.isascii()][:3]:
        lines.append(Message("import.summary.accents", names=accents))
    notebook.summary[:0] = lines
