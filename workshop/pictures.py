"""The map as the group laid it out: one picture to print, to hang on a wall or to send."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from html import escape
from itertools import cycle
from pathlib import Path

from workshop.domain import governance
from workshop.domain.measures import measure
from workshop.domain.network import Network
from workshop.drawing import (
    FAMILY,
    Picture,
    Spot,
    framed,
    layout,
    marks,
    network_svg,
    sector_entries,
    stroke,
    together,
    words,
    wrapped,
)
from workshop.texts import Message

LOOKS = {
    "": ("18 3", "#555"),
    "communication": ("", "#1a1a1a"),
    "referral": ("9 5", "#0072b2"),
    "knowing": ("2 5", "#00785a"),
}
OWN_LOOKS = (("14 4 2 4", "#a3480a"), ("6 3 2 3 2 3", "#7a3b8f"), ("22 5 6 5", "#7a6000"), ("4 8", "#a02050"))
"""Dashes and colour of the kinds that a group names itself, in order of first use."""
EDGE = 80.0
MANY = 150
"""Ties from which a pair of organisations has one line, wider for more kinds."""


def map_svg(
    network: Network,
    positions: Mapping[str, tuple[float, float]] | None = None,
    lead: str | None = None,
    *,
    title: str = "",
    source: str = "",
) -> Picture:
    """The map with its legend as SVG text.

    Parameters
    ----------
    network : Network
    positions : mapping, optional
        Id to (x, y) as the group placed them; where nobody has a place, all stand on an oval, with one
        line for each pair.
    lead : str, optional
        Id of the lead organisation: a heavy sign in a ring, a bold name.
    title, source : str
        What stands above and below it on a wall.

    Returns
    -------
    Picture
        A text that a notebook shows as a picture. Names are escaped; nothing in it refers to anything outside.
    """
    said, oval = str(measure("ties", network).message), layout(network, lead)
    places = oval | {id: (x, y) for id, (x, y) in (positions or {}).items() if id in oval}
    if places == oval:
        return network_svg(network, said, centre=lead, legend=True, title=title, source=source)
    across, down = ([at[axis] for at in places.values()] or [0.0] for axis in (0, 1))
    places = {id: (x - min(across) + EDGE, y - min(down) + 30) for id, (x, y) in places.items()}
    size = (max(max(across) - min(across) + 2 * EDGE, 480.0), max(down) - min(down) + 100)
    looks, signs = kind_looks(network), marks(network)
    joined: dict[tuple[str, str], list[str]] = {}
    for tie in network.ties:
        joined.setdefault(network.tie_key(tie)[0], []).append(tie.kind or "")
    bundled = len(network.ties) > MANY
    drawn, several = list[str](), set[int]()
    for (a, b), kinds in joined.items():
        one, other = places[a], places[b]
        if bundled and len(kinds) > 1:
            several.add(len(kinds))
            drawn.append(stroke(one, other, 0.5 + 0.6 * len(kinds), arrow=network.directed))
            continue
        for shift, kind in enumerate(kinds):
            line = _moved(one, other, 6 * shift)
            drawn.append(stroke(*line, 1.3 if bundled else 2.2, *looks[kind], arrow=network.directed))
    parts = [together(drawn)]
    for organisation in network.organisations:
        (x, y), bold = places[organisation.id], organisation.id == lead
        ring = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="19" fill="#fff" stroke="#1a1a1a"/>' if bold else ""
        mark = signs[organisation.sector or None](x, y, 12, bold)
        named = words(wrapped(organisation.name), x, y + 31, "middle", bold)
        parts.append(f"<g><title>{escape(organisation.name)}</title>{ring}{mark}{named}</g>")
    entries = [
        (stroke((0, 0), (34, 0), 2.2, *look), governance.kind_label(kind or None)) for kind, look in looks.items()
    ]
    entries += [
        (stroke((0, 0), (34, 0), 0.5 + 0.6 * n), str(Message("report.legend_kinds", n=n))) for n in sorted(several)
    ]
    return framed("".join(parts), size, said, [*sector_entries(network, lead), *entries], title, source)


def kind_looks(network: Network) -> dict[str, tuple[str, str]]:
    """Dashes and colour of each kind of tie that occurs, "" where none was said; the only kind is a whole line."""
    used = dict.fromkeys(tie.kind or "" for tie in network.ties)
    looks = {**LOOKS, **dict(zip((kind for kind in used if kind not in LOOKS), cycle(OWN_LOOKS), strict=False))}
    return {kind: ("" if len(used) == 1 else looks[kind][0], looks[kind][1]) for kind in used}


def _moved(one: Spot, other: Spot, off: float) -> tuple[Spot, Spot]:
    """A line beside another one."""
    (x1, y1), (x2, y2) = one, other
    long = math.hypot(x2 - x1, y2 - y1) or 1.0
    dx, dy = -(y2 - y1) / long * off, (x2 - x1) / long * off
    return (x1 + dx, y1 + dy), (x2 + dx, y2 + dy)


def map_png(svg: str, dots_per_inch: int = 200, width: str = "40cm") -> bytes:
    """An SVG as PNG bytes, drawn by Typst: no system library, nothing fetched.

    Parameters
    ----------
    svg : str
        As `map_svg` or `workshop.drawing` makes it.
    dots_per_inch : int, default 200
        50 to 400.
    width : str, default "40cm"
        Width on paper in the words of Typst; an A3 that lies holds 40 centimetres.
    """
    import typst

    page = f'#set page(width: auto, height: auto, margin: 0pt)\n#image("map.svg", width: {width})'
    drawing = svg.replace(f'font-family="{FAMILY}"', 'font-family="Atkinson Hyperlegible"', 1)
    files = {"main.typ": page.encode(), "map.svg": drawing.encode()}
    made = typst.compile(files, format="png", ppi=dots_per_inch, font_paths=_fonts())
    assert isinstance(made, bytes)
    return made


@cache
def _fonts():
    import typst

    return typst.Fonts(font_paths=[str(Path(__file__).parent / "output" / "fonts")])
