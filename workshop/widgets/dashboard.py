"""All tables on the trainer's page: the chapters of the session's report, two maps compared, texts for the room."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import ipywidgets as w

from workshop.answers.files import groups_of, noting_files
from workshop.answers.overview import DOT, merged_map, texts
from workshop.answers.rooms import of_room
from workshop.answers.shown import Room, TableAnswers
from workshop.answers.tables import read_room
from workshop.blocks import Block, html, words
from workshop.domain.questions import question
from workshop.exchange import ImportProblem
from workshop.room_report import compared_blocks, map_tables, merged_blocks, room_chapters, small_map
from workshop.session import Session
from workshop.texts import Message
from workshop.widgets.base import View, fold, row, sentence, sentences

FOLDER = "note.dashboard"
PRACTICE = "opening.in-practice"
"""The question whose answers stand on the wall."""
FIGURES = '<div class="gbo-pictures">{}</div>'
MOST_ON_WALL = 24
ALL = "all"
"""What stands for all maps together in a list of maps."""
LARGE = '<div style="font-size:2rem;line-height:1.4;max-width:32em">{}</div>'
USUAL = ("Downloads", "Desktop", "Bureaublad", "Documents", "Documenten")
"""Folders in which people put what they got."""
STICKS = ("media/*/*", "run/media/*/*", "Volumes/*")
MOST = 40
"""So many of the folders in a folder are shown."""
Maker = Callable[[Room, Path], list[Path]]


class Dashboard(View):
    """What all tables handed in, read from a folder when the trainer asks for it; nothing private is in it.

    Parameters
    ----------
    session : Session
    **makers
        ``report``, ``totals``: take the room and a folder, write files there and return their paths.
    """

    def __init__(self, session: Session, **makers: Maker):
        super().__init__(session)
        self.room = Room()
        kept = session.store.get(FOLDER)
        self.folder = Folders(session, kept if isinstance(kept, str) else "")
        self.notes = w.HTML()
        self.made = w.HTML()
        self.wall = w.HTML()
        self.first = self._list("first", self._show_map)
        self.second = self._list("second", self._show_map)
        self.question = self._list("question", self._show_texts)
        self.chapters = {name: w.HTML() for name in room_chapters(self.room)}
        above = {"merged": [row(self.first, self.second)], "reflections": [self.question]}
        buttons = [
            self.button(Message(f"dashboard.make.{name}"), partial(self._make, make)) for name, make in makers.items()
        ]
        folds = [fold(words(name), *above.get(name, []), shown) for name, shown in self.chapters.items()]
        self.children = [
            self.folder,
            row(self.button(Message("dashboard.read"), self.read, "gbo-main"), *buttons),
            self.made,
            self.notes,
            self.wall,
            row(*folds, look="gbo-folds"),
        ]
        session.guard(self._read)()

    def _list(self, name: str, handler: Callable[[], None]) -> Any:
        return self.field(w.Dropdown(layout=w.Layout(width="100%")), Message(f"dashboard.{name}"), handler)

    def read(self) -> None:
        """Read the folder again, and remember which it is."""
        self._read()
        self.session.save(FOLDER, str(self.folder.at))

    def _read(self) -> None:
        try:
            self.room = read_room(self.folder.at)
            if self.session.room and self.folder.at == self.session.work:
                self.room = of_room(self.room, self.session.room.name)
        except ImportProblem as problem:
            self.room = Room(notes=problem.faults)
        self._show()

    def _show(self) -> None:
        count = len(self.room.tables)
        handed_in = sum(bool(table.handed_in) for table in self.room.tables)
        told = Message("dashboard.told", n=count, handed_in=handed_in) if count else Message("dashboard.empty")
        notes = sentences(self.room.notes, "gbo-notice") if self.room.notes else ""
        self.notes.value = sentence(told, tag="h3") + notes
        small = "".join(_small(table) for table in self.room.tables[:MOST_ON_WALL])
        chosen = sentence(Message("dashboard.dots", question=question(PRACTICE).label), "gbo-hint")
        self.wall.value = FIGURES.format(small) + (chosen if DOT in small else "")
        for name, blocks in room_chapters(self.room).items():
            self.chapters[name].value = html(blocks)
        maps = [(table.name, table.network) for table in self.room.tables if table.network.organisations]
        with self.filling():
            for field in (self.first, self.second):
                field.options = [(str(Message("dashboard.all")), ALL), *maps]
                field.index = 0
            self.question.options = texts(self.room)
            self.question.index = 0 if self.question.options else None
        self._show_texts()

    def _show_map(self) -> None:
        chosen = [self.first.value, self.second.value]
        if chosen == [ALL, ALL]:
            maps = merged_blocks(self.room)
        else:
            together, _ = merged_map(self.room)
            network, other = (together if one == ALL else one for one in chosen)
            maps = compared_blocks(network, other)
        self.chapters["merged"].value = html([*maps, *map_tables(self.room)])

    def _show_texts(self) -> None:
        if self.question.value:
            told = LARGE.format(html(Block("quote", text) for text in self.question.value))
        else:
            told = sentence(Message("dashboard.no_texts"), "gbo-hint")
        self.chapters["reflections"].value = told

    def _make(self, make: Maker) -> None:
        with noting_files(self.session.work) as made_of:
            self._read()
            made_of += groups_of(self.room.tables, self.session.work)
            paths = make(self.room, self.session.work / "reports")
        self.made.value = sentence(Message("dashboard.kept", paths=[str(path) for path in paths[:4]]))


def _small(table: TableAnswers) -> str:
    """A table on the wall: its name, whether it handed in, its map without names, and how its people chose."""
    told = sentence(f"✓ {table.name}" if table.handed_in else table.name, tag="strong")
    told += small_map(table)
    counts = table.spread(question(PRACTICE).id) or {}
    for option in question(PRACTICE).options:
        if counts.get(option.id):
            told += sentence(f"{option.text} {DOT * counts[option.id]}")
    return f"<figure>{told}</figure>"


# -- which folder ------------------------------------------------------------------------------------------------------


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
