"""A network as a still picture, alike on page, report and paper: plain SVG, safe to show, good in black and white."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from itertools import cycle
from typing import NamedTuple

from workshop.domain import governance
from workshop.domain.measures import measure
from workshop.domain.network import Network, Organisation, Tie
from workshop.oval import BELOW, WIDTH, apart, frame_height, oval, to_the_corner
from workshop.svg import INK, Picture, Sign, Spot, beside, draw_line, draw_sign, draw_words, framed, wrapped
from workshop.texts import Message, data_root, load

OKABE_ITO = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#999999")
SHAPES = ("circle", "square", "diamond", "triangle", "hexagon")
DOTS = (None, "#ffffff", "#000000")
UNKNOWN = Sign("circle", "#ffffff")
ROOM, BARE = (80.0, 30.0, 70.0), (25.0, 25.0, 25.0)
"""Room around the outermost places, at the sides, above and below: with names under the signs, and without."""
CROWDED = 44
"""With more organisations, names on the oval are small and take one line."""
MANY = 150
"""With more ties, a pair of organisations has one line, wider for more kinds."""
BESIDE = 6.0
"""From one line between two organisations to the next."""
OFFICE = Organisation("office:", "")
"""The office outside, in a picture of a network with one; no id of a network has a colon."""


class Line(NamedTuple):
    """A line between two organisations; in the legend, under its meaning, unless that is empty."""

    source: str
    target: str
    width: float = 1.6
    dashes: str = ""  # lengths of strokes and gaps; "" is a whole line
    colour: str = "#444"
    text: str = ""  # written on it
    meaning: str = ""
    shift: float = 0.0  # how far beside the straight line between the two


class Badge(NamedTuple):
    """A letter on a coloured ground in place of the sign of the sector."""

    letter: str
    colour: str


def picture(
    network: Network,
    description: str | None = None,
    *,
    places: Mapping[str, Sequence[float]] | None = None,
    lead: str | None = None,
    lines: Iterable[Line] | None = None,
    badges: Mapping[str, Badge] | None = None,
    signs: Mapping[str | None, Sign] | None = None,
    names: bool = True,
    legend: bool = True,
    title: str = "",
    source: str = "",
) -> Picture:
    """The picture of a network as SVG text: names are escaped, nothing in it refers to anything outside.

    Parameters
    ----------
    network : Network
    description : str, optional
        The sentence that says the same; None counts the ties.
    places : mapping, optional
        Id to (x, y), as the group placed them; further apart where names would lie over each other. Where nobody has
        a place, all stand on an oval, the lead organisation in the middle.
    lead : str, optional
        Id of the lead organisation: a heavy sign in a ring, a bold name.
    lines : iterable of Line, optional
        None: one for each kind of tie between two organisations, see `kind_lines`.
    badges : mapping, optional
        Id to what stands there in place of the sign of the sector.
    signs : mapping, optional
        Sector to its sign, where several pictures share them; None: see `sector_signs`.
    names : bool, default True
        Whether names stand beside the signs; without them they show where the mouse rests.
    legend : bool, default True
        Whether to say which sign is which sector, and which line is what.
    title, source : str
        What stands above and below it on a wall.

    Returns
    -------
    Picture
        A text that a notebook shows as a picture.

    Examples
    --------
    ``picture(session.network, lead=session.lead, title="Ons netwerk")``
    """
    lines = list(kind_lines(network) if lines is None else lines)
    description = str(measure("ties", network).message) if description is None else description
    spots = oval(network, lead)
    placed = {id: (float(x), float(y)) for id, (x, y) in (places or {}).items() if id in spots}
    size: Spot = (WIDTH, frame_height(network))
    if placed:
        spots |= placed
        if names:
            spots = apart(spots, {item.id: item.name for item in network.organisations})
        spots, size = to_the_corner(spots, ROOM if names else BARE)
    crowded = not placed and len(network.organisations) > CROWDED
    parts = [_draw_lines(lines, spots, network.directed)]
    signs = signs or sector_signs(network)
    for organisation in network.organisations:
        spot = spots[organisation.id]
        leads = organisation.id == lead
        badge = (badges or {}).get(organisation.id)
        drawn = _draw_organisation(signs[organisation.sector or None], badge, spot, leads, small=not (placed and names))
        if names and (placed or leads):
            drawn += draw_words(wrapped(organisation.name), spot[0], spot[1] + BELOW, "middle", leads)
        elif names:
            drawn += _name_beside(organisation.name, spot, rows=1 if crowded else 2)
        parts.append(f"<g><title>{escape(organisation.name)}</title>{drawn}</g>")
    entries = [*_sector_entries(network, lead, signs), *_line_entries(lines)] if legend else []
    return framed("".join(parts), size, description, entries, title, source, 11 if crowded else 13)


def sector_signs(network: Network) -> dict[str | None, Sign]:
    """The sign of each sector, in order of first use; an unknown sector (None) is a plain white circle.

    From the sixth sector on there is a dot in it, so that no two of the first fifteen are alike in grey.
    """
    sectors = dict.fromkeys(organisation.sector for organisation in network.organisations if organisation.sector)
    signs: dict[str | None, Sign] = {None: UNKNOWN}
    for number, sector in enumerate(sectors):
        dot = DOTS[number // len(SHAPES) % len(DOTS)]
        signs[sector] = Sign(SHAPES[number % len(SHAPES)], OKABE_ITO[number % len(OKABE_ITO)], dot)
    return signs


def _draw_organisation(sign: Sign, badge: Badge | None, spot: Spot, leads: bool, small: bool) -> str:
    x, y = spot
    ring = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="19" fill="#fff" stroke="{INK}"/>' if leads else ""
    if badge is None:
        return ring + draw_sign(sign, spot, 9 if small and not leads else 12, leads)
    letter = draw_words([badge.letter], x, y + 5, "middle", bold=True)
    return ring + draw_sign(Sign("square", badge.colour), spot, 11, leads) + letter


def _name_beside(name: str, spot: Spot, rows: int) -> str:
    """A name at the outer side of a sign on the oval."""
    x, y = spot
    lines = wrapped(name, 30, rows)
    side, anchor = (-16, "end") if x < WIDTH / 2 - 1 else (16, "start")
    return draw_words(lines, x + side, y + 12 - 7 * len(lines), anchor)


def _sector_entries(network: Network, lead: str | None, signs: Mapping[str | None, Sign]) -> list[tuple[str, str]]:
    """Signs and what they mean: the sectors that occur, and the lead organisation."""
    occurring = {organisation.sector or None for organisation in network.organisations}
    entries = []
    if occurring != {None}:
        for sector, sign in signs.items():
            if sector in occurring:
                entries.append((draw_sign(sign, (15, 0)), governance.sector_label(sector)))
    if any(organisation.id == lead for organisation in network.organisations):
        entries.append((draw_sign(UNKNOWN, (15, 0), heavy=True), str(Message("report.legend_lead"))))
    return entries


def pair_lines(network: Network) -> list[Line]:
    """A line for each pair that has a tie, whatever its kind."""
    return [Line(*pair) for pair in sorted(network.pairs())]


def count_lines(network: Network, counts: Mapping[tuple[str, str], int]) -> list[Line]:
    """Ties of several maps: thin and grey what one table drew; wide, dark and numbered what two or more did."""
    steps = max(1, max(counts.values(), default=1) - 1)
    once, often = [], []
    for line in pair_lines(network):
        tables = counts[line.source, line.target]
        if tables == 1:
            once.append(line._replace(width=1.0, dashes="3 4", colour="#999"))
        else:
            often.append(line._replace(width=2.0 + 5 * (tables - 1) / steps, colour=INK, text=str(tables)))
    return [*once, *often]


def kind_lines(network: Network) -> list[Line]:
    """A line for each kind of tie between two organisations; where there are `MANY`, one for each pair.

    In a directed network each direction of a pair has lines of its own.
    """
    looks = kind_looks(network)
    joined: dict[tuple[str, str], list[str]] = {}
    for tie in network.ties:
        joined.setdefault(network.tie_key(tie)[0], []).append(tie.kind or "")
    bundled = len(network.ties) > MANY
    both_ways: dict[frozenset[str], list[Line]] = {}
    for pair, kinds in joined.items():
        lines = both_ways.setdefault(frozenset(pair), [])
        if bundled and len(kinds) > 1:
            meaning = str(Message("report.legend_kinds", n=len(kinds)))
            lines.append(Line(*pair, width=0.5 + 0.6 * len(kinds), meaning=meaning))
            continue
        for kind in kinds:
            dashes, colour = looks[kind]
            meaning = governance.kind_label(kind)
            lines.append(Line(*pair, 1.3 if bundled else 2.2, dashes, colour, meaning=meaning))
    return [line for lines in both_ways.values() for line in _beside_each_other(lines)]


def _beside_each_other(lines: list[Line]) -> list[Line]:
    """Lines between two organisations around the middle, as on the map, whichever way each of them goes."""
    moved = []
    for number, line in enumerate(lines):
        shift = BESIDE * (number - (len(lines) - 1) / 2)
        moved.append(line._replace(shift=shift if line.source < line.target else -shift))
    return moved


def kind_looks(network: Network) -> dict[str, tuple[str, str]]:
    """Dashes and colour of each kind of tie that occurs, "" where none was said; the only kind is a whole line."""
    known = load("tie_kinds.toml")
    looks = {kind["id"]: kind for kind in known["kind"]} | {"": known["unsaid"]}
    used = dict.fromkeys(tie.kind or "" for tie in network.ties)
    own = [kind for kind in used if kind not in looks]
    looks |= dict(zip(own, cycle(known["own"]), strict=False))
    return {kind: ("" if len(used) == 1 else looks[kind]["dash"], looks[kind]["colour"]) for kind in used}


def _draw_lines(lines: list[Line], spots: Mapping[str, Spot], directed: bool) -> str:
    """All lines of a picture, fainter where there are many, and over them what is written on them."""
    faint = 0.85 if len(lines) < 60 else 0.6 if len(lines) < 250 else 0.4
    drawn, written = [], []
    for line in lines:
        start, end = spots[line.source], spots[line.target]
        ends = beside(start, end, line.shift)
        drawn.append(draw_line(*ends, line.width, line.dashes, line.colour, arrow=directed))
        if line.text:
            x, y = start[0] + (end[0] - start[0]) * 0.4, start[1] + (end[1] - start[1]) * 0.4
            written.append(draw_words([line.text], x, y + 4, "middle", bold=True))
    return f'<g stroke-opacity="{faint}" fill-opacity="{faint}">{"".join(drawn)}</g>{"".join(written)}'


def _line_entries(lines: list[Line]) -> list[tuple[str, str]]:
    """Lines that mean something, each once, the thinnest first."""
    kinds = {line.meaning: line for line in sorted(lines, key=lambda line: line.width) if line.meaning}
    return [(draw_line((0, 0), (34, 0), kind.width, kind.dashes, kind.colour), kind.meaning) for kind in kinds.values()]


def form_drawing(form: str) -> str:
    """The small drawing of a way of being steered, from ``data/forms``: ``shared``, ``lead``, ``nao``, ``unsure``."""
    return (data_root() / "forms" / f"{form}.svg").read_text(encoding="utf-8")


def network_as_form(
    network: Network, form: str, lead: str | None, description: str, places: Mapping[str, Sequence[float]] | None = None
) -> str:
    """The own network seen as one form, at the places of the own map.

    All its ties are dark, or those of the lead organisation, or those of an office outside. Without places, partners
    stand in a ring without names.
    """
    centre = lead if form == "lead" else None
    placed = dict(places or {})
    names = bool(placed) and all(item.id in placed for item in network.organisations)
    if not names:
        ring = [organisation.id for organisation in network.organisations if organisation.id != centre]
        turn = 2 * math.pi / max(1, len(ring))
        placed = {id: (105 * math.sin(n * turn), -105 * math.cos(n * turn)) for n, id in enumerate(ring)}
        placed |= {centre: (0.0, 0.0)} if centre else {}
    if form == "nao":
        across, down = zip(*placed.values(), strict=True) if placed else ((0.0,), (0.0,))
        right = max(across) + (170.0 if names else 75.0)
        ties = [*network.ties, *(Tie(OFFICE.id, organisation.id) for organisation in network.organisations)]
        network = Network([*network.organisations, OFFICE], ties)
        placed[OFFICE.id] = (right, (min(down) + max(down)) / 2)
    dark, light = [], []
    for line in pair_lines(network):
        if form == "shared" or {centre, OFFICE.id} & {line.source, line.target}:
            dark.append(line._replace(colour=INK))
        else:
            light.append(line._replace(width=0.7, colour="#999"))
    lines = [*light, *dark]
    office = {OFFICE.id: Badge("", "#ffffff")}
    return picture(
        network, description, places=placed, lead=centre, lines=lines, badges=office, names=names, legend=False
    )
