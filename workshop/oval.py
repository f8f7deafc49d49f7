"""Where organisations stand in a picture: on an oval, or as people placed them, with room for names and a frame."""

from __future__ import annotations

import math
from collections.abc import Mapping

from workshop.domain.network import Network
from workshop.svg import ROW, Spot, wrapped

WIDTH = 960
HEIGHT = 640
MARGIN = 250
BELOW = 31
"""From the middle of a sign to the letters of the name below it."""
SIGN = 15
LETTER = 7.2
"""Width of a letter of a name, on average."""
WIDEST = 1.6
"""How much further apart organisations come to stand at most, as on the map itself: else all letters become small."""


def oval(network: Network, centre: str | None = None) -> dict[str, Spot]:
    """Places on an oval in a frame of 960 by `frame_height`, one organisation in the middle; always the same ones.

    Partners of one sector stand beside each other, and rows are evenly spaced, so that names do not overlap.
    """
    ring = [organisation for organisation in network.organisations if organisation.id != centre]
    ring.sort(key=lambda organisation: (organisation.sector is None, organisation.sector or ""))
    middle: Spot = (WIDTH / 2, frame_height(network) / 2)
    places: dict[str, Spot] = {}
    if centre is not None and len(ring) < len(network.organisations):
        places[centre] = middle
    half = middle[1] - 40
    split = (len(ring) + 1) // 2
    for side, row in ((1, ring[:split]), (-1, ring[split:][::-1])):  # down at the right, up at the left
        for number, organisation in enumerate(row):
            y = 0.0 if len(row) == 1 else -half + 2 * half * number / (len(row) - 1)
            bend = math.sqrt(max(0.0, 1 - (y / (half * 1.12)) ** 2))
            places[organisation.id] = (middle[0] + side * (middle[0] - MARGIN) * bend, middle[1] + y)
    return places


def frame_height(network: Network) -> float:
    """Height of the oval's frame: room for one name a row at both sides, at least 360."""
    count = len(network.organisations)
    return max(360.0, min(HEIGHT, count * 24.0), count * 13.0)


def to_the_corner(spots: dict[str, Spot], room: tuple[float, float, float]) -> tuple[dict[str, Spot], Spot]:
    """Places moved so that the picture starts at (0, 0), and its size."""
    across = [x for x, _ in spots.values()]
    down = [y for _, y in spots.values()]
    side, above, below = room
    left, top = min(across) - side, min(down) - above
    size = (max(max(across) + side - left, 6 * side), max(down) + below - top)
    return {id: (x - left, y - top) for id, (x, y) in spots.items()}, size


def apart(spots: Mapping[str, Spot], names: Mapping[str, str]) -> dict[str, Spot]:
    """Places as far apart as the names below the signs need; where all can be read, they stay as they are.

    Who lies so close to another that `WIDEST` would not help lies there on purpose, and counts for nothing.
    """
    looks = {id: wrapped(names[id]) for id in spots}
    half = {id: max(SIGN, LETTER / 2 * max(map(len, lines))) for id, lines in looks.items()}
    high = {id: BELOW + ROW * len(lines) - ROW / 2 + SIGN for id, lines in looks.items()}
    order = sorted(spots, key=lambda id: spots[id][1])
    factor = 1.0
    for number, upper in enumerate(order):
        for lower in order[number + 1 :]:
            across, down = abs(spots[upper][0] - spots[lower][0]), spots[lower][1] - spots[upper][1]
            if down >= high[upper]:
                break
            wide = half[upper] + half[lower]
            if across >= wide:
                continue
            needed = min(wide / across if across else math.inf, high[upper] / down if down else math.inf)
            if needed <= WIDEST:
                factor = max(factor, needed)
    return {id: (x * factor, y * factor) for id, (x, y) in spots.items()}
