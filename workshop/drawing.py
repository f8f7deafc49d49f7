"""A network as a still picture: plain SVG, safe to show, good in black and white."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Mapping
from html import escape

from workshop.domain.network import Network

OKABE_ITO = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#999999")
SHAPES = ("circle", "square", "diamond", "triangle", "hexagon")
WIDTH, HEIGHT, MARGIN = 960, 640, 250


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


def _polygon(x: float, y: float, radius: float, corners: int, turn: float) -> str:
    points = ((turn + 2 * math.pi * i / corners) for i in range(corners))
    return " ".join(f"{x + radius * math.cos(a):.1f},{y + radius * math.sin(a):.1f}" for a in points)


def sign(shape: str, colour: str, x: float, y: float, radius: float = 9, heavy: bool = False) -> str:
    """One mark: shape and colour together tell the sector, a heavy line the lead organisation."""
    style = f'fill="{colour}" stroke="#1a1a1a" stroke-width="{3.5 if heavy else 1.5}"'
    if shape == "circle":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" {style}/>'
    corners, turn = {
        "square": (4, math.pi / 4),
        "diamond": (4, 0.0),
        "triangle": (3, -math.pi / 2),
        "hexagon": (6, 0.0),
    }[shape]
    return f'<polygon points="{_polygon(x, y, radius * 1.25, corners, turn)}" {style}/>'


def _label(name: str, x: float, y: float, anchor: str, one_line: bool, bold: bool, halo: bool) -> str:
    lines = textwrap.wrap(name, 30, break_long_words=True) or [""]
    most = 1 if one_line else 2
    if len(lines) > most:
        lines = [*lines[: most - 1], textwrap.shorten(lines[most - 1], 29, placeholder="")[:28] + "…"]
    start = y + 4 - 7 * (len(lines) - 1)
    spans = "".join(
        f'<tspan x="{x:.1f}" y="{start + 14 * i:.1f}">{escape(line)}</tspan>' for i, line in enumerate(lines)
    )
    look = ' font-weight="bold"' if bold else ""
    look += ' paint-order="stroke" stroke="#fff" stroke-width="3"' if halo else ""  # slow to draw: only over lines
    return f'<text text-anchor="{anchor}"{look}>{spans}</text>'


def network_svg(
    network: Network,
    description: str,
    *,
    centre: str | None = None,
    positions: Mapping[str, tuple[float, float]] | None = None,
    marked: Iterable[str] = (),
    lines: Mapping[tuple[str, str], tuple[float, str, str]] | None = None,
    badges: Mapping[str, tuple[str, str]] | None = None,
) -> str:
    """The network as an SVG element.

    Parameters
    ----------
    network : Network
    description : str
        The sentence that says the same; read out instead of the picture.
    centre : str, optional
        Id of the lead organisation: in the middle, with a heavy line.
    positions : mapping, optional
        Id to (x, y), where the group placed its organisations itself.
    marked : iterable of str
        Ids to draw with a heavy line.
    lines : mapping, optional
        Pair (sorted ids) to width, dashes ("" is a whole line) and what is written on it.
    badges : mapping, optional
        Id to a letter and its colour, in place of the sign of the sector.

    Returns
    -------
    str
        SVG text. Names are escaped; nothing in it refers to anything outside.
    """
    places = {**layout(network, centre), **(positions or {})}
    heavy = {*marked, centre}
    signs = sector_signs(network)
    height = frame_height(network)
    crowded = len(network.organisations) > 44
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="gbo-picture" role="img" viewBox="0 0 {WIDTH} {height:.0f}" '
        f'font-family="system-ui, sans-serif" font-size="{11 if crowded else 13}" aria-label="{escape(description)}">'
        f"<title>{escape(description)}</title>"
        '<defs><marker id="gbo-arrow" viewBox="0 0 8 8" refX="16" refY="4" markerWidth="7" markerHeight="7" '
        'orient="auto-start-reverse"><path d="M0 0 8 4 0 8z" fill="#444"/></marker></defs>'
    ]
    faint = 0.75 if len(network.pairs()) < 60 else 0.35
    arrow = ' marker-end="url(#gbo-arrow)"' if network.directed else ""
    for source, target in sorted(network.pairs()):
        (x1, y1), (x2, y2) = places[source], places[target]
        width, dashes, text = (lines or {}).get((source, target), (1.6, "", ""))
        dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
        parts.append(
            f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="#444" '
            f'stroke-width="{width:.1f}" stroke-opacity="{faint}"{dashed}{arrow}/>'
        )
        if text:
            x, y = x1 + (x2 - x1) * 0.4, y1 + (y2 - y1) * 0.4
            parts.append(
                f'<text x="{x:.1f}" y="{y + 4:.1f}" text-anchor="middle" font-weight="bold" paint-order="stroke" '
                f'stroke="#fff" stroke-width="4">{escape(text)}</text>'
            )
    for organisation in network.organisations:
        x, y = places[organisation.id]
        shape, colour = signs[organisation.sector or None]
        left = x < WIDTH / 2 - 1
        middle = organisation.id == centre and not positions
        lx, ly, anchor = (x, y + 26, "middle") if middle else (x - 16, y, "end") if left else (x + 16, y, "start")
        bold = organisation.id in heavy
        mark = sign(shape, colour, x, y, 12 if middle else 9, bold)
        if badges and organisation.id in badges:
            letter, ground = badges[organisation.id]
            mark = sign("square", ground, x, y, 11, bold) + (
                f'<text x="{x:.1f}" y="{y + 5:.1f}" text-anchor="middle" font-weight="bold" paint-order="stroke" '
                f'stroke="#fff" stroke-width="3">{escape(letter)}</text>'
            )
        parts.append(
            f"<g><title>{escape(organisation.name)}</title>{mark}"
            f"{_label(organisation.name, lx, ly, anchor, crowded, bold, middle or bool(positions))}</g>"
        )
    return "".join(parts) + "</svg>"


def merged_svg(network: Network, counts: Mapping[tuple[str, str], int], description: str) -> str:
    """Maps of several tables in one: the more tables drew a tie, the wider it is; their number stands on it."""
    most = max(counts.values(), default=1)
    lines = {pair: (1.2 + 6 * (n - 1) / max(1, most - 1), "", str(n)) for pair, n in counts.items()}
    return network_svg(network, description, lines=lines)


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
