"""A network as a still picture: plain SVG, safe to show, good in black and white."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from html import escape

from workshop.domain import governance
from workshop.domain.network import Network
from workshop.texts import Message

OKABE_ITO = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#999999")
SHAPES = ("circle", "square", "diamond", "triangle", "hexagon")
WIDTH, HEIGHT, MARGIN = 960, 640, 250
CORNERS = {"square": (4, math.pi / 4), "diamond": (4, 0.0), "triangle": (3, -math.pi / 2), "hexagon": (6, 0.0)}
DOTS = (None, "#ffffff", "#000000")
FAMILY = "DejaVu Sans, Verdana, sans-serif"
Spot = tuple[float, float]


class Picture(str):
    """SVG text that a notebook shows as a picture."""

    def _repr_svg_(self) -> str:
        return str(self)

    def __repr__(self) -> str:
        return f"<Picture: {len(self):,} characters of SVG>"


def layout(network: Network, centre: str | None = None) -> dict[str, tuple[float, float]]:
    """Places on an oval, partners of one sector beside each other, the lead organisation in the middle.

    Parameters
    ----------
    network : Network
    centre : str, optional
        Id of the organisation in the middle.

    Returns
    -------
    dict
        Id to (x, y) in a frame of 960 by `frame_height`. The same network always gives the same places; rows on both
        sides are evenly spaced, so that labels beside them do not overlap.
    """
    ring = [o for o in network.organisations if o.id != centre]
    ring.sort(key=lambda o: (o.sector is None, o.sector or ""))
    places: dict[str, tuple[float, float]] = {}
    if centre is not None and len(ring) < len(network.organisations):
        places[centre] = (WIDTH / 2, frame_height(network) / 2)
    right = (len(ring) + 1) // 2
    half = frame_height(network) / 2 - 40
    for index, organisation in enumerate(ring):
        row, side = (index, 1) if index < right else (len(ring) - 1 - index, -1)
        count = right if side == 1 else len(ring) - right
        y = 0.0 if count == 1 else -half + 2 * half * row / (count - 1)
        bend = math.sqrt(max(0.0, 1 - (y / (half * 1.12)) ** 2))
        places[organisation.id] = (WIDTH / 2 + side * (WIDTH / 2 - MARGIN) * bend, frame_height(network) / 2 + y)
    return places


def frame_height(network: Network) -> float:
    """Height of the picture: room for one label a row at both sides, at least 360."""
    return max(360.0, min(HEIGHT, len(network.organisations) * 24.0), len(network.organisations) * 13.0)


def sector_signs(network: Network) -> dict[str | None, tuple[str, str]]:
    """Shape and colour of each sector, in order of first use; unknown sectors are a white circle."""
    found = dict.fromkeys(o.sector for o in network.organisations if o.sector)
    signs: dict[str | None, tuple[str, str]] = {None: ("circle", "#ffffff")}
    for index, sector in enumerate(found):
        signs[sector] = (SHAPES[index % len(SHAPES)], OKABE_ITO[index % len(OKABE_ITO)])
    return signs


def sign(
    shape: str, colour: str, x: float, y: float, radius: float = 9, heavy: bool = False, dot: str | None = None
) -> str:
    """One mark: shape, colour and dot together tell the sector, a heavy line the lead organisation."""
    style = f'fill="{colour}" stroke="#1a1a1a" stroke-width="{3.5 if heavy else 1.5}"'
    inside = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius / 3:.1f}" fill="{dot}"/>' if dot else ""
    if shape == "circle":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" {style}/>{inside}'
    corners, turn = CORNERS[shape]
    angles = [turn + 2 * math.pi * corner / corners for corner in range(corners)]
    far = radius * 1.25
    return f"{_polygon(((x + far * math.cos(a), y + far * math.sin(a)) for a in angles), style)}{inside}"


def marks(network: Network) -> dict[str | None, Callable[..., str]]:
    """How to draw the sign of each sector: from the sixth on with a dot in it, so that no two are alike in grey."""
    looks = enumerate(sector_signs(network).items(), -1)
    return {sector: partial(sign, *look, dot=DOTS[number // len(SHAPES) % 3]) for number, (sector, look) in looks}


def _polygon(points: Iterable[Spot], style: str) -> str:
    return f'<polygon points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in points)}" {style}/>'


def wrapped(name: str, width: int = 17, most: int = 3) -> list[str]:
    """A name in a few lines, as the map on the screen wraps it; what is longer ends in "…"."""
    lines = [""]
    for word in name.split():
        if lines[-1] and len(lines[-1]) + len(word) < width:
            lines[-1] += f" {word}"
            continue
        while len(word) > width + 6:
            lines.append(f"{word[:width]}-")
            word = word[width:]
        lines.append(word)
    lines = [line for line in lines if line] or [""]
    return lines if len(lines) <= most else [*lines[: most - 1], f"{lines[most - 1][: width - 2]}…"]


def words(
    lines: Iterable[str], x: float, y: float, anchor: str = "start", bold: bool = False, over: bool = True
) -> str:
    """Lines of text below each other; on white where they may stand `over` something."""
    look, made = ' font-weight="bold"' if bold else "", []
    for row, line in enumerate(lines):
        width, down = len(line) * (7.2 if bold else 6.6) + 4, y + 15 * row
        left = x - (width / 2 if anchor == "middle" else width - 2 if anchor == "end" else 2)
        if over:
            made.append(
                f'<path d="M{left:.1f} {down - 11:.1f}h{width:.1f}v14h-{width:.1f}z" fill="#fff" fill-opacity=".75"/>'
            )
        made.append(f'<text x="{x:.1f}" y="{down:.1f}" text-anchor="{anchor}"{look}>{escape(line)}</text>')
    return "".join(made)


def stroke(one: Spot, other: Spot, width: float, dashes: str = "", colour: str = "#444", arrow: bool = False) -> str:
    """A line between two organisations; an arrow ends at the sign of the second."""
    (x1, y1), (x2, y2) = one, other
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    drawn = f'<path d="M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}" stroke="{colour}" stroke-width="{width:.1f}"{dashed}/>'
    if not arrow:
        return drawn
    long = math.hypot(x2 - x1, y2 - y1) or 1.0
    ux, uy = (x2 - x1) / long, (y2 - y1) / long
    x, y = x2 - 15 * ux, y2 - 15 * uy
    points = ((x, y), (x - 10 * ux - 5 * uy, y - 10 * uy + 5 * ux), (x - 10 * ux + 5 * uy, y - 10 * uy - 5 * ux))
    return drawn + _polygon(points, f'fill="{colour}"')


def together(lines: list[str]) -> str:
    """All lines of a picture, fainter where there are many."""
    faint = 0.85 if len(lines) < 60 else 0.6 if len(lines) < 250 else 0.4
    return f'<g stroke-opacity="{faint}" fill-opacity="{faint}">{"".join(lines)}</g>'


def sector_entries(network: Network, lead: str | None) -> list[tuple[str, str]]:
    """Signs and what they mean: the sectors that occur, and the lead organisation."""
    occur = {o.sector or None for o in network.organisations}
    signs = [(sector, mark) for sector, mark in marks(network).items() if sector in occur and occur != {None}]
    entries = [(mark(15, 0), governance.sector_label(sector)) for sector, mark in signs]
    if any(o.id == lead for o in network.organisations):
        entries.append((sign("circle", "#ffffff", 15, 0, 9, True), str(Message("report.legend_lead"))))
    return entries


def framed(
    inside: str,
    size: Spot,
    description: str,
    entries: Iterable[tuple[str, str]] = (),
    title: str = "",
    source: str = "",
    letters: int = 13,
) -> Picture:
    """A picture with what stands around it.

    Parameters
    ----------
    inside : str
        SVG, drawn from (0, 0).
    size : tuple of float
        Width and height of `inside`.
    description : str
        The sentence that says the same.
    entries : iterable of (str, str)
        The legend: SVG around (15, 0), and what it means.
    title, source : str
        What stands above and below a picture that hangs on a wall.
    letters : int, default 13
        Height of the letters in `inside`.
    """
    (width, height), listed, above = size, list(entries), 78 if title else 0
    column = min(width - 40, 62 + 7 * max((len(meaning) for _, meaning in listed), default=0))
    columns = max(1, int((width - 40) // column))
    legend = "".join(
        f'<g transform="translate({20 + column * (i % columns):.0f} {24 + 26 * (i // columns)})">{mark}'
        f"{words([meaning], 44, 5, over=False)}</g>"
        for i, (mark, meaning) in enumerate(listed)
    )
    below = 26 * -(-len(listed) // columns) + 12 if listed else 0
    total = above + height + below + (34 if source else 0)
    alone = f' width="{width:.0f}" height="{total:.0f}"' if title else ""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="gbo-picture" role="img" viewBox="0 0 {width:.0f} {total:.0f}"'
        f'{alone} font-family="{FAMILY}" font-size="{letters}" aria-label="{escape(description)}">'
        f"<title>{escape(description)}</title>"
    ]
    if title:
        parts.append(f'<rect{alone} fill="#ffffff"/>')
        size_of = max(14.0, min(28.0, (width - 40) / (0.56 * len(title))))
        parts.append(f'<g font-size="{size_of:.0f}">{words([title], 20, 38, bold=True, over=False)}</g>')
        parts.append(f'<g font-size="15">{words([description], 20, 62, over=False)}</g>')
    parts += [f'<g transform="translate(0 {above})">{inside}</g>'] if above else [inside]
    parts += [f'<g transform="translate(0 {above + height:.0f})" font-size="13">{legend}</g>'] if listed else []
    parts += [f'<g font-size="11">{words([source], 20, total - 14, over=False)}</g>'] if source else []
    return Picture("".join(parts) + "</svg>")


def network_svg(
    network: Network,
    description: str,
    *,
    centre: str | None = None,
    lines: Mapping[tuple[str, str], tuple[float, str, str]] | None = None,
    badges: Mapping[str, tuple[str, str]] | None = None,
    legend: bool = False,
    title: str = "",
    source: str = "",
) -> Picture:
    """The network on an oval, a line for each pair, as an SVG element.

    Parameters
    ----------
    network : Network
    description : str
        The sentence that says the same; read out instead of the picture.
    centre : str, optional
        Id of the lead organisation: in the middle, with a heavy line.
    lines : mapping, optional
        Pair (sorted ids) to width, dashes ("" is a whole line) and what is written on it.
    badges : mapping, optional
        Id to a letter and its colour, in place of the sign of the sector.
    legend : bool, default False
        Whether to say which sign is which sector.
    title, source : str
        See `framed`.

    Returns
    -------
    str
        SVG text. Names are escaped; nothing in it refers to anything outside.
    """
    places, signs, crowded = layout(network, centre), marks(network), len(network.organisations) > 44
    drawn, parts = list[str](), list[str]()
    for pair in sorted(network.pairs()):
        (x1, y1), (x2, y2) = one, other = places[pair[0]], places[pair[1]]
        width, dashes, text = (lines or {}).get(pair, (1.6, "", ""))
        drawn.append(stroke(one, other, width, dashes, arrow=network.directed))
        parts += [words([text], x1 + (x2 - x1) * 0.4, y1 + (y2 - y1) * 0.4 + 4, "middle", True)] if text else []
    for organisation in network.organisations:
        (x, y), bold = places[organisation.id], organisation.id == centre
        mark = signs[organisation.sector or None](x, y, 12 if bold else 9, bold)
        if badges and organisation.id in badges:
            letter, ground = badges[organisation.id]
            mark = sign("square", ground, x, y, 11, bold) + (
                f'<text x="{x:.1f}" y="{y + 5:.1f}" text-anchor="middle" font-weight="bold" paint-order="stroke" '
                f'stroke="#fff" stroke-width="3">{escape(letter)}</text>'
            )
        name, left = organisation.name, x < WIDTH / 2 - 1
        if bold:
            named = words(wrapped(name), x, y + 30, "middle", True)
        else:
            shown = wrapped(name, 30, 1 if crowded else 2)
            named = words(
                shown, x + (-16 if left else 16), y + 12 - 7 * len(shown), "end" if left else "start", over=False
            )
        parts.append(f"<g><title>{escape(name)}</title>{mark}{named}</g>")
    inside, size = together(drawn) + "".join(parts), (WIDTH, frame_height(network))
    entries = sector_entries(network, centre) if legend else []
    return framed(inside, size, description, entries, title, source, 11 if crowded else 13)


def merged_svg(network: Network, counts: Mapping[tuple[str, str], int], description: str) -> str:
    """Maps of several tables in one: the more tables drew a tie, the wider it is; their number stands on it."""
    most = max(counts.values(), default=1)
    lines = {pair: (1.2 + 6 * (n - 1) / max(1, most - 1), "", str(n)) for pair, n in counts.items()}
    return network_svg(network, description, lines=lines, legend=True)


def form_picture(form: str) -> str:
    """A small drawing of a way of being steered: ``shared``, ``lead``, ``nao`` or ``unsure``."""
    ring = [(60 + 38 * math.cos(a), 52 + 38 * math.sin(a)) for a in (math.pi / 6 + i * math.pi / 3 for i in range(6))]
    spokes: dict[str, list] = {
        "shared": [(p, q) for i, p in enumerate(ring) for q in ring[i + 1 :]],
        "lead": [((60, 52), p) for p in ring],
        "nao": [(p, ring[(i + 1) % 6]) for i, p in enumerate(ring)] + [((150, 52), p) for p in ring if p[0] > 60],
        "unsure": [],
    }
    drawn = [
        f'<line x1="{a:.0f}" y1="{b:.0f}" x2="{c:.0f}" y2="{d:.0f}" stroke="#555"/>' for (a, b), (c, d) in spokes[form]
    ]
    dashes = ' stroke-dasharray="2 2"' if form == "unsure" else ""
    drawn += [f'<circle cx="{x:.0f}" cy="{y:.0f}" r="8" fill="#fff" stroke="#1a1a1a"{dashes}/>' for x, y in ring]
    if form == "lead":
        drawn.append(sign("square", OKABE_ITO[0], 60, 52, 12, True))
    elif form == "nao":
        drawn.append(sign("diamond", OKABE_ITO[1], 150, 52, 12, True))
    elif form == "unsure":
        drawn.append('<text x="60" y="63" text-anchor="middle" font-size="32" fill="#1a1a1a">?</text>')
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" class="gbo-form" viewBox="0 0 180 104" aria-hidden="true" '
        f'width="180" height="104">{"".join(drawn)}</svg>'
    )
