"""Folders in which files that tables handed in may lie, to pick from: nobody has to type a path."""

from __future__ import annotations

import os
from pathlib import Path

import ipywidgets as w

from workshop.session import Session
from workshop.texts import Message
from workshop.widgets.base import View

USUAL = ("Downloads", "Desktop", "Bureaublad", "Documents", "Documenten")
STICKS = ("media/*/*", "run/media/*/*", "Volumes/*")
MOST = 40


class Folders(View):
    """A list of folders: the kit's own, with the tables of this laptop as they are now, usual ones, and sticks.

    Parameters
    ----------
    session : Session
    at : str
        The folder that was picked before; the kit's own where that is empty.
    """

    def __init__(self, session: Session, at: str = ""):
        super().__init__(session)
        self.list = self.field(w.Dropdown(layout=w.Layout(width="100%")), Message("dashboard.folder"), self._picked)
        self.children = [self.list]
        self.go(at or session.work)

    @property
    def at(self) -> Path:
        """The folder that is picked."""
        return Path(self.list.value)

    def go(self, at: str | Path) -> None:
        """Pick a folder; the list then has what lies in it, and what it lies in."""
        with self.filling():
            self.list.options = self._options(Path(at))
            self.list.value = str(at)

    def _picked(self) -> None:
        if self.list.value is not None:
            self.go(self.list.value)

    def _options(self, at: Path) -> list[tuple[str, str]]:
        work = self.session.work
        found = {str(work): str(Message("dashboard.live"))}
        if at != work:
            found[str(at)] = str(at)
            found[str(at.parent)] = str(Message("dashboard.above", name=at.parent.name or str(at.parent)))
        for folder in _inside(at):
            found.setdefault(str(folder), f"{at.name} › {folder.name}")
        for folder in _usual():
            found.setdefault(str(folder), str(folder))
        return [(name, path) for path, name in found.items()]


def _inside(at: Path) -> list[Path]:
    """Folders in a folder; none where it cannot be read."""
    try:
        found = [path for path in at.iterdir() if path.is_dir() and not path.name.startswith(".")]
    except OSError:
        return []
    return sorted(found)[:MOST]


def _usual() -> list[Path]:
    """Folders in which people put what they got, and what is plugged in."""
    found = [Path.home() / name for name in USUAL]
    if os.name == "nt":
        found += [Path(f"{letter}:\\") for letter in "DEFGHIJKL"]
    for pattern in STICKS:
        found += sorted(Path(Path.cwd().anchor).glob(pattern))
    return [path for path in found if path.is_dir()]
