"""Pieces of a picture as SVG: lines, signs and words, the frame around them, and the whole as a bitmap."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import cache
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

INK = "#1a1a1a"
CORNERS = {"square": (4, math.pi / 4), "diamond": (4, 0.0), "triangle": (3, -math.pi / 2), "hexagon": (6, 0.0)}
"""Of each shape but the circle: how many corners, and the angle of the first."""
FAMILY = "DejaVu Sans, Verdana, sans-serif"
ROW = 15
"""From one line of text to the next."""
HALO = 'paint-order="stroke" stroke="#fff" stroke-width="3"'
"""White around letters, so that they can be read over lines."""
Spot = tuple[float, float]


class Sign(NamedTuple):
    """How a sector is marked: shape and colour, and a dot in it where these occur already."""

    shape: str
    colour: str
    dot: str | None = None


def polygon(points: Iterable[Spot], style: str) -> str:
    """A closed figure."""
    corners = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polygon points="{corners}" {style}/>'


def draw_sign(sign: Sign, spot: Spot, radius: float = 9, heavy: bool = False) -> str:
    """A sign at a spot; a heavy line for the lead organisation."""
    x, y = spot
    style = f'fill="{sign.colour}" stroke="{INK}" stroke-width="{3.5 if heavy else 1.5}"'
    if sign.shape == "circle":
        drawn = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" {style}/>'
    else:
        corners, first = CORNERS[sign.shape]
        reach = radius * 1.25
        angles = [first + 2 * math.pi * corner / corners for corner in range(corners)]
        drawn = polygon([(x + reach * math.cos(angle), y + reach * math.sin(angle)) for angle in angles], style)
    if sign.dot:
        drawn += f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius / 3:.1f}" fill="{sign.dot}"/>'
    return drawn


def draw_line(start: Spot, end: Spot, width: float, dashes: str = "", colour: str = "#444", arrow: bool = False) -> str:
    """A line from one spot to another; an arrow ends at the sign of the second."""
    (x1, y1), (x2, y2) = start, end
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    drawn = f'<path d="M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}" stroke="{colour}" stroke-width="{width:.1f}"{dashed}/>'
    if not arrow:
        return drawn
    length = math.hypot(x2 - x1, y2 - y1) or 1.0
    ux, uy = (x2 - x1) / length, (y2 - y1) / length
    tip = (x2 - 15 * ux, y2 - 15 * uy)
    left = (tip[0] - 10 * ux - 5 * uy, tip[1] - 10 * uy + 5 * ux)
    right = (tip[0] - 10 * ux + 5 * uy, tip[1] - 10 * uy - 5 * ux)
    return drawn + polygon([tip, left, right], f'fill="{colour}"')


def beside(start: Spot, end: Spot, distance: float) -> tuple[Spot, Spot]:
    """The ends of a line beside another one."""
    (x1, y1), (x2, y2) = start, end
    length = math.hypot(x2 - x1, y2 - y1) or 1.0
    dx, dy = -(y2 - y1) / length * distance, (x2 - x1) / length * distance
    return (x1 + dx, y1 + dy), (x2 + dx, y2 + dy)


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
    if len(lines) <= most:
        return lines
    return [*lines[: most - 1], f"{lines[most - 1][: width - 2]}…"]


def draw_words(lines: Iterable[str], x: float, y: float, anchor: str = "start", bold: bool = False) -> str:
    """Lines of text below each other."""
    weight = ' font-weight="bold"' if bold else ""
    drawn = []
    for row, line in enumerate(lines):
        place = f'x="{x:.1f}" y="{y + ROW * row:.1f}" text-anchor="{anchor}"'
        drawn.append(f"<text {place}{weight} {HALO}>{escape(line)}</text>")
    return "".join(drawn)


class Picture(str):
    """SVG text that a notebook shows as a picture."""

    def _repr_svg_(self) -> str:
        return str(self)

    def __repr__(self) -> str:
        return f"<Picture: {len(self):,} characters of SVG>"


def framed(
    inside: str,
    size: Spot,
    description: str,
    legend: Iterable[tuple[str, str]] = (),
    title: str = "",
    source: str = "",
    letters: int = 13,
) -> Picture:
    """A whole picture: what is drawn, and what stands around it.

    Parameters
    ----------
    inside : str
        SVG, drawn from (0, 0).
    size : tuple of float
        Width and height of `inside`.
    description : str
        The sentence that says the same; read out instead of the picture.
    legend : iterable of (str, str)
        SVG around (15, 0), and what it means.
    title, source : str
        What stands above and below a picture that hangs on a wall.
    letters : int, default 13
        Height of the letters in `inside`.
    """
    width, height = size
    above = 78 if title else 0
    entries, below = _legend(list(legend), width)
    total = above + height + below + (34 if source else 0)
    alone = f' width="{width:.0f}" height="{total:.0f}"' if title else ""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="gbo-picture" role="img" viewBox="0 0 {width:.0f} {total:.0f}"'
        f'{alone} font-family="{FAMILY}" font-size="{letters}" aria-label="{escape(description)}">'
        f"<title>{escape(description)}</title>"
    ]
    if title:
        title_size = max(14.0, min(28.0, (width - 40) / (0.56 * len(title))))
        parts.append(f'<rect{alone} fill="#ffffff"/>')
        parts.append(f'<g font-size="{title_size:.0f}">{draw_words([title], 20, 38, bold=True)}</g>')
        parts.append(f'<g font-size="15">{draw_words([description], 20, 62)}</g>')
    parts.append(f'<g transform="translate(0 {above})">{inside}</g>')
    parts.append(f'<g transform="translate(0 {above + height:.0f})" font-size="13">{entries}</g>')
    if source:
        parts.append(f'<g font-size="11">{draw_words([source], 20, total - 14)}</g>')
    return Picture("".join(parts) + "</svg>")


def _legend(entries: list[tuple[str, str]], width: float) -> tuple[str, float]:
    """The entries in as many columns as the width holds, and how high they stand."""
    if not entries:
        return "", 0
    column = min(width - 40, 62 + 7 * max(len(meaning) for _, meaning in entries))
    columns = max(1, int((width - 40) // column))
    drawn = []
    for number, (sign, meaning) in enumerate(entries):
        row, place = divmod(number, columns)
        words = draw_words([meaning], 44, 5)
        drawn.append(f'<g transform="translate({20 + column * place:.0f} {24 + 26 * row})">{sign}{words}</g>')
    rows = math.ceil(len(entries) / columns)
    return "".join(drawn), 26 * rows + 12


def png(svg: str, dots_per_inch: int = 200, width: str = "40cm") -> bytes:
    """An SVG as PNG bytes, drawn by Typst: no system library, nothing fetched.

    Parameters
    ----------
    svg : str
        As `workshop.pictures.picture` makes it.
    dots_per_inch : int, default 200
        50 to 400.
    width : str, default "40cm"
        Width on paper in the words of Typst; an A3 sheet in landscape holds 40 centimetres.
    """
    import typst

    page = f'#set page(width: auto, height: auto, margin: 0pt)\n#image("map.svg", width: {width})'
    drawing = svg.replace(f'font-family="{FAMILY}"', 'font-family="Atkinson Hyperlegible"', 1)
    files = {"main.typ": page.encode(), "map.svg": drawing.encode()}
    made = typst.compile(files, format="png", ppi=dots_per_inch, font_paths=fonts())
    assert isinstance(made, bytes)
    return made


@cache
def fonts() -> Any:
    """The fonts that ship with the kit, for Typst."""
    import typst

    return typst.Fonts(font_paths=[str(Path(__file__).parent / "output" / "fonts")])
