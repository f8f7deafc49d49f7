"""From organisations and ties as they stand in a file to one network: unknown and similar names, direction, doubles."""

from __future__ import annotations

from workshop.domain.network import Network, Tie
from workshop.exchange.interpret import Interpreter, Raw
from workshop.exchange.names import Guesses, near_groups
from workshop.exchange.questions import ImportProblem, Listed, Result
from workshop.exchange.sheets import name_key
from workshop.texts import Message

GUESSED = 50
WAYS_OUT = ("without", "decimal", "matrix", "column", "header")


def build(read: Interpreter) -> Result:
    """The result of an import.

    Raises
    ------
    ImportProblem
        With all faults, if there is any.
    """
    notebook, names = read.notebook, read.names
    place = _unknown(read)
    _alike(read, place)
    for index in place:
        place[index] = _last(place, index)
    keep = [index for index in range(len(names.entries)) if place.get(index, index) == index]
    ties = []
    for tie in read.ties:
        source, target = place.get(tie.source, tie.source), place.get(tie.target, tie.target)
        if source is not None and target is not None and source >= 0:
            tie.source, tie.target = source, target
            ties.append(tie)
    for tie in ties:
        if tie.source == tie.target:
            at = Message("import.name_at", place=tie.sheet.place(tie.row), name=names.entries[tie.source].name)
            notebook.spot("self_ties", at)
    ties = [tie for tie in ties if tie.source != tie.target]
    directed = _directed(read, ties)
    for tie in [tie for tie in ties if directed and tie.direction == "undirected"]:
        ties.append(Raw(tie.target, tie.source, tie.sheet, tie.row, tie.kind, tie.strength, tie.trust))
    ties = _doubles(read, ties, directed)
    if notebook.faults:
        ways = [question for question in notebook.questions if question.key.split(".")[0] in WAYS_OUT]
        raise ImportProblem(notebook.faults, ways)
    made = names.organisations(keep)
    network = Network(
        made.values(),
        (Tie(made[t.source].id, made[t.target].id, t.kind, t.strength, t.trust) for t in ties),
        directed,
    )
    leads = [index for index in keep if names.entries[index].lead]
    for index in leads if len(leads) > 1 else ():
        notebook.spot("leads", names.entries[index].name)
    _summary(read, network)
    lead = made[leads[0]].id if len(leads) == 1 else None
    return Result(network, notebook.all_notes(), notebook.questions, notebook.summary, lead)


def _last(place: dict[int, int | None], index: int) -> int | None:
    """Where an organisation ends up that is the same as another, which may be the same as a third."""
    found = place.get(index, index)
    return found if found is None or found == index else _last(place, found)


def _unknown(read: Interpreter) -> dict[int, int | None]:
    """Organisations of ties that are not in the list: asked. Gives the place of those that are merged or left out."""
    notebook, entries = read.notebook, read.names.entries
    listed = {index: entry.name for index, entry in enumerate(entries) if entry.listed}
    strange = [index for index in range(len(entries)) if index not in listed]
    place: dict[int, int | None] = {}
    if not listed or not strange:
        return place
    guesses, rest = Guesses(listed), []
    new, leave = Message("import.ask.unknown_new"), Message("import.ask.unknown_leave")
    for at, index in enumerate(strange):
        name, found = entries[index].name, guesses.of(entries[index].name) if at < GUESSED else []
        if not found:
            rest.append(index)
            continue
        candidates = [entries[other].name for other in found]
        guess = Message("import.ask.unknown_guess", name=name, candidates=candidates)
        message = Message("import.ask.unknown", place=entries[index].places[0], name=name, guess=guess)
        same = {f"={name_key(entries[other].name)}": other for other in found}
        choices = {key: Message("import.ask.unknown_same", name=entries[other].name) for key, other in same.items()}
        answer = notebook.ask(f"unknown.{name_key(name)}", message, {**choices, "new": new, "leave": leave})
        if answer:
            place[index] = None if answer == "leave" else same.get(answer, index)
    if rest:
        places = Listed(Message("import.name_at", place=entries[at].places[0], name=entries[at].name) for at in rest)
        message = Message("import.ask.unknown_all", places=places)
        if notebook.ask("unknown", message, {"new": new, "leave": leave}) == "leave":
            place.update(dict.fromkeys(rest))
    return place


def _alike(read: Interpreter, place: dict[int, int | None]) -> None:
    """Names that look alike, and one name with several codes: asked, never merged by itself."""
    entries = read.names.entries
    listed = any(entry.listed for entry in entries)
    among = [index for index, entry in enumerate(entries) if entry.listed or not listed]
    groups: dict[str, list[int]] = {}
    for index in among:
        groups.setdefault(name_key(entries[index].name), []).append(index)
    for key, same in groups.items():
        if len(same) > 1:
            places = Listed(entries[index].places[0] for index in same)
            message = Message("import.ask.same_name", name=entries[same[0]].name, places=places)
            _ask_same(read, f"name.{key}", message, same, place)
    among = [same[0] for same in groups.values()]
    for group in near_groups([entries[index].name for index in among]):
        members = [among[at] for at in group]
        shown = Listed(
            Message("import.name_at", name=f"“{entries[index].name}”", place=entries[index].places[0])
            for index in members
        )
        message = Message("import.ask.near", names=shown)
        _ask_same(read, f"near.{name_key(entries[members[0]].name)}", message, members, place)


def _ask_same(read: Interpreter, key: str, message: Message, members: list[int], place: dict[int, int | None]) -> None:
    entries, first = read.names.entries, members[0]
    choices = {"same": Message("import.ask.near_same", name=entries[first].name)}
    for index in members[1:] if len(members) > 2 else ():
        only = Message("import.ask.near_only", spelling=entries[index].name, name=entries[first].name)
        choices[f"={name_key(entries[index].name)}"] = only
    choices["different"] = Message("import.ask.near_different")
    answer = read.notebook.ask(key, message, choices, "different")
    for index in members[1:]:
        if answer in ("same", f"={name_key(entries[index].name)}"):
            place[index] = first
            mine, other = entries[first], entries[index]
            mine.sector, mine.layer = mine.sector or other.sector, mine.layer or other.layer
            mine.lead = mine.lead or other.lead


def _directed(read: Interpreter, ties: list[Raw]) -> bool:
    """Whether the network is directed: as the file says, else if a pair stands in both directions."""
    notebook = read.notebook
    said = {tie.direction for tie in ties} or {tie.direction for tie in read.ties}
    if "directed" in said:
        if "undirected" in said:
            notebook.notes.append(Message("import.note.mixed"))
        return True
    arcs: dict[tuple[int, int], Raw] = {}
    for tie in ties:
        if tie.direction is None:
            arcs.setdefault((tie.source, tie.target), tie)
    mutual = [(arcs[target, source], tie) for (source, target), tie in arcs.items() if (target, source) in arcs]
    order = {id(tie): at for at, tie in enumerate(ties)}
    mutual = [(first, later) for first, later in mutual if order[id(first)] < order[id(later)]]
    if not mutual:
        return False
    name = lambda index: read.names.entries[index].name  # noqa: E731
    pairs = Listed(Message("import.ask.pair", source=name(tie.source), target=name(tie.target)) for tie, _ in mutual)
    answer = read.ask_direction(Message("import.ask.direction", pairs=pairs))
    for first, later in mutual if "direction" not in notebook.answers else ():
        start, place = first.sheet.place(first.row), later.sheet.place(later.row)
        notebook.spot("both_ways", Message("import.same_pair", first=start, place=place))
    return answer == "directed"


def _doubles(read: Interpreter, ties: list[Raw], directed: bool) -> list[Raw]:
    """Each tie once; what was doubled is noted, with the row that it repeats."""
    kept: dict[tuple, Raw] = {}
    weighed = False
    for tie in ties:
        ends = (tie.source, tie.target)
        key = (ends if directed else tuple(sorted(ends)), tie.kind)
        known = kept.setdefault(key, tie)
        if known is tie:
            continue
        first = known.sheet.place(known.row)
        read.notebook.spot("doubled", Message("import.same_as", place=tie.sheet.place(tie.row), first=first))
        for field in ("strength", "trust"):
            later = getattr(tie, field)
            weighed = weighed or later is not None
            if getattr(known, field) is None:
                setattr(known, field, later)
    if weighed:
        read.notebook.notes.append(Message("import.note.first_weight"))
    return list(kept.values())


def _summary(read: Interpreter, network: Network) -> None:
    """What was read, in plain sentences."""
    notebook, names = read.notebook, [organisation.name for organisation in network.organisations]
    if not names:
        notebook.notes.append(Message("import.note.no_organisations"))
    elif not network.ties:
        notebook.notes.append(Message("import.note.no_ties"))
    accents = [name for name in names if not name.isascii()][:3]
    lines = [Message("import.summary.read", organisations=len(names), ties=len(network.ties))]
    if network.directed:
        lines.append(Message("import.summary.directed"))
    if accents:
        lines.append(Message("import.summary.accents", names=accents))
    notebook.summary[:0] = lines
