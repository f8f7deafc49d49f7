"""The parts of Jupyter's scripts that each page needs, in one file.

A page would ask for 70 of them by itself, one group after the other, over the wifi of a room too.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

PARTS = {
    "": (
        "73 143 431 457 630 1187 1601 1621 1670 2930 3144 3249 3307 3311 3459 3649 3916 3989 3992 4041 4135 4173 4222 "
        "4653 4729 4972 5044 5312 5688 5764 5767 6008 6049 6382 6468 6573 7155 7483 7556 7598 7770 7883 8017 8135 8487 "
        "8766 8773 8862 8925 9081 9151 9212 9582 9684 9890 9981"
    ),
    "anywidget": "2 528",
    "@jupyter-widgets/jupyterlab-manager": "7 32 84 121 160 170 452 704 718 967",
    "@voila-dashboards/widgets-manager8": "496 883",
}
"""Numbers of the parts, of Voila itself and of what it loads. Where one is missing, the page asks for it by itself; the
test of this module says which they are in other versions."""


MAP = re.compile(rb"\n//# sourceMappingURL=\S+\s*$")


class Bundle:
    """All parts, one behind the other, as they are sent.

    Parameters
    ----------
    static, extensions : iterable of str
        Folders of Voila's own scripts, and of what it loads; the first that has something counts, as for Jupyter.
    """

    def __init__(self, static: Iterable[str], extensions: Iterable[str]):
        parts = []
        for name, numbers in PARTS.items():
            folders = [Path(one, name) for one in (extensions if name else static)]
            for folder in _first(folders, "package.json" if name else "voila.js"):
                files = folder / "static" if name else folder
                parts += [_part(path) for number in numbers.split() for path in files.glob(f"{number}.*.js")]
        script = b"".join(parts)
        self.version = hashlib.sha256(script).hexdigest()[:12]
        self.packed = gzip.compress(script, 1)  # what a better one saves costs the first page more


def _first(folders: list[Path], name: str) -> list[Path]:
    """The first folder that has such a file, if any."""
    return [folder for folder in folders if (folder / name).is_file()][:1]


def _part(path: Path) -> bytes:
    """A part in a function of its own: what one says of strict code must not hold for the others."""
    return b"(() => {" + MAP.sub(b"", path.read_bytes()) + b"\n})();\n"
