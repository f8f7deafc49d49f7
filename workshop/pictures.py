"""The map as the group laid it out: one picture to print, to hang on a wall or to send."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from html import escape
from pathlib import Path

from workshop.domain import governance
from workshop.domain.measures import measure
from workshop.domain.network import Network
from workshop.drawing import layout, sector_signs, sign

DASHES = ("", "9 5", "2 5", "12 4 2 4", "6 3 2 3 2 3")
EDGE, LINE, WIDE = 90.0, 16.0, 19


def wrapped(name: str) -> list[str]:
    """A name in at most three lines under its sign; what is longer ends in "…"."""
    import textwrap

    lines = textwrap.wrap(name, WIDE, break_long_words=True) or [""]
    return lines if len(lines) < 4 else [*lines[:2], f"{lines[2][: WIDE - 1]}…"]


def map_svg(
    network: Network, positions: Mapping[str, tuple[float, float]] | None = None, lead: str | None = None
) -> str:
    """The map with its legend as SVG text.

    Parameters
    ----------
    network : Network
    positions : mapping, optional
        Id to (x, y) as the group placed them; who has no place stands on an oval.
    lead : str, optional
        Id of the lead organisation: a heavy sign, a bold name.

    Returns
    -------
    str
        Names are escaped; nothing in it refers to anything outside.
    """
    known = {o.id for o in network.organisations}
    oval = {
        id: (1.4 * x, 2.4 * y) for id, (x, y) in layout(network, lead).items()
    }  # names stand below, so it is taller
    places = {**oval, **{id: tuple(at) for id, at in (positions or {}).items() if id in known}}
    left = min((x for x, _ in places.values()), default=0.0) - EDGE
    top = min((y for _, y in places.values()), default=0.0) - 40
    width = max((x for x, _ in places.values()), default=0.0) - left + EDGE
    below = max((y for _, y in places.values()), default=0.0) - top + EDGE
    signs = {
        key: look for key, look in sector_signs(network).items() if any(o.sector == key for o in network.organisations)
    }
    kinds = tuple(dict.fromkeys(tie.kind for tie in network.ties))
    legend = [
        _line(30, 0, DASHES[i % len(DASHES)]) + _text(governance.kind_label(kind), 44, 5)
        for i, kind in enumerate(kinds)
    ]
    legend += [sign(*look, 15, 0, 9) + _text(governance.sector_label(sector), 44, 5) for sector, look in signs.items()]
    columns = max(1, int(width // 360))
    height = below + 26 * (-(-len(legend) // columns)) + 20
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {width:.0f} {height:.0f}" '
        f'width="{width:.0f}" height="{height:.0f}" font-family="DejaVu Sans, Verdana, sans-serif" font-size="13">'
        f"<title>{escape(str(measure('ties', network).message))}</title>"
        f'<rect width="{width:.0f}" height="{height:.0f}" fill="#ffffff"/>'
    ]
    at = {id: (x - left, y - top) for id, (x, y) in places.items()}
    beside: dict[tuple, int] = {}
    for tie in network.ties:
        pair = tuple(sorted((tie.source, tie.target)))
        beside[pair] = shift = beside.get(pair, -1) + 1
        parts.append(_tie(at[pair[0]], at[pair[1]], shift * 6, DASHES[kinds.index(tie.kind) % len(DASHES)]))
        if network.directed:
            parts.append(_arrow(at[tie.source], at[tie.target]))
    for organisation in network.organisations:
        x, y = at[organisation.id]
        bold = organisation.id == lead
        names = "".join(
            _text(line, x, y + 30 + LINE * i, "middle", bold) for i, line in enumerate(wrapped(organisation.name))
        )
        parts.append(f"<g>{sign(*signs[organisation.sector or None], x, y, 12, bold)}{names}</g>")
    for index, entry in enumerate(legend):
        x, y = 20 + 360 * (index % columns), below + 26 * (index // columns)
        parts.append(f'<g transform="translate({x} {y:.0f})">{entry}</g>')
    return "".join(parts) + "</svg>"


def _text(text: str, x: float, y: float, anchor: str = "start", bold: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    halo = 'paint-order="stroke" stroke="#fff" stroke-width="3" stroke-linejoin="round"'
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{weight} {halo}>{escape(text)}</text>'


def _line(x: float, y: float, dashes: str) -> str:
    return f'<path d="M0 {y}H{x}" stroke="#1a1a1a" stroke-width="2.2" stroke-dasharray="{dashes or "none"}"/>'


def _tie(one: tuple[float, float], other: tuple[float, float], off: float, dashes: str) -> str:
    (x1, y1), (x2, y2) = one, other
    long = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5 or 1.0
    dx, dy = -(y2 - y1) / long * off, (x2 - x1) / long * off
    return (
        f'<path d="M{x1 + dx:.1f} {y1 + dy:.1f}L{x2 + dx:.1f} {y2 + dy:.1f}" stroke="#444" stroke-width="1.8" '
        f'stroke-opacity="0.75" stroke-dasharray="{dashes or "none"}"/>'
    )


def _arrow(source: tuple[float, float], target: tuple[float, float]) -> str:
    (x1, y1), (x2, y2) = source, target
    long = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5 or 1.0
    ux, uy = (x2 - x1) / long, (y2 - y1) / long
    x, y = x2 - 15 * ux, y2 - 15 * uy
    points = ((x, y), (x - 10 * ux - 5 * uy, y - 10 * uy + 5 * ux), (x - 10 * ux + 5 * uy, y - 10 * uy - 5 * ux))
    return f'<polygon points="{" ".join(f"{a:.1f},{b:.1f}" for a, b in points)}" fill="#444"/>'


def map_png(svg: str, dots_per_inch: int = 200, width: str = "auto") -> bytes:
    """An SVG as PNG bytes, drawn by Typst: no system library, nothing fetched.

    Parameters
    ----------
    svg : str
        As `map_svg` or `workshop.drawing` makes it.
    dots_per_inch : int, default 200
        50 to 400.
    width : str, default "auto"
        Width in the words of Typst, as ``"17cm"``.
    """
    import typst

    page = f'#set page(width: auto, height: auto, margin: 2mm)\n#image("map.svg", width: {width})'
    drawing = re.sub('font-family="[^"]*"', 'font-family="Atkinson Hyperlegible"', svg, count=1)
    files = {"main.typ": page.encode(), "map.svg": drawing.encode()}
    made = typst.compile(files, format="png", ppi=dots_per_inch, font_paths=_fonts())
    assert isinstance(made, bytes)
    return made


@cache
def _fonts():
    import typst

    return typst.Fonts(font_paths=[str(Path(__file__).parent / "output" / "fonts")])
