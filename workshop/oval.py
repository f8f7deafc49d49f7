"""Where organisations stand in a picture of which nobody placed anything; and the frame around places."""

from __future__ import annotations

import math

from workshop.domain.network import Network
from workshop.svg import Spot

WIDTH = 960
HEIGHT = 640
MARGIN = 250


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
