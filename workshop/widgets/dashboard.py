"""All tables on the trainer's page: who handed in, maps, structures, spreads, released texts; files to take along."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ipywidgets as w

from workshop.answers.overview import FEW, by_question, merged_map, sheet, texts
from workshop.answers.tables import Room, read_room
from workshop.domain.maps import overlay
from workshop.domain.network import Network, Tie
from workshop.pictures import Line, count_lines, picture
from workshop.session import Session
from workshop.texts import Message, Problem, number
from workshop.widgets.base import View, fold, row, say, sentence, sentences, table_html

FOLDER = "note.dashboard"
MOST_ROWS = 40
LOOKS: dict[str, dict[str, Any]] = {
    "both": {"width": 4.0},
    "a": {"width": 2.0, "dashes": "9 5", "text": "A"},
    "b": {"width": 2.0, "dashes": "2 5", "text": "B"},
}
LARGE = '<div style="font-size:2rem;line-height:1.4;max-width:32em">{}</div>'
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
        folder = kept if isinstance(kept, str) and kept else str(session.work)
        self.folder = self._wide(w.Text(folder), "folder")
        self.notes, self.made, self.map, self.texts = w.HTML(), w.HTML(), w.HTML(), w.HTML()
        self.shown = {name: w.HTML() for name in ("who", "organisations", "ties", "structures", "spread", "agreements")}
        self.first, self.second = (self._wide(w.Dropdown(), name, self._show_map) for name in ("first", "second"))
        self.question = self._wide(w.Dropdown(), "question", self._show_texts)
        buttons = [self.button(Message(f"dashboard.make.{name}"), self._maker(make)) for name, make in makers.items()]
        parts = {
            "who": [self.shown["who"]],
            "map": [row(self.first, self.second), self.map, self.shown["ties"], self.shown["organisations"]],
            "structures": [self.shown["structures"]],
            "spread": [self.shown["spread"]],
            "released": [self.question, self.texts],
            "agreements": [self.shown["agreements"]],
        }
        self.children = [
            say(Message("dashboard.hint"), "gbo-hint"),
            self.folder,
            row(self.button(Message("dashboard.read"), self.read, "gbo-main"), *buttons),
            self.made,
            self.notes,
            *(fold(Message(f"dashboard.part.{name}"), *inside) for name, inside in parts.items()),
        ]
        session.guard(self._read)()

    def _wide(self, made: w.Widget, name: str, handler: Callable[[], None] | None = None) -> Any:
        made.layout.width = "100%"
        return self.field(made, Message(f"dashboard.{name}"), handler)

    def read(self) -> None:
        """Read the folder again, and remember which it is."""
        self._read()
        self.session.save(FOLDER, self.folder.value)

    def _read(self) -> None:
        collecting = gc.isenabled()
        gc.disable()  # a million small values that all stay: looking for garbage among them takes a third of the time
        try:
            self.room = self._handed_in()
            self._show()
        finally:
            if collecting:
                gc.enable()

    def _handed_in(self) -> Room:
        try:
            return read_room(self.folder.value.strip() or self.session.work)
        except Problem as problem:
            return Room(notes=getattr(problem, "faults", [problem.message]))

    def _show(self) -> None:
        count = len(self.room.tables)
        told = Message("dashboard.told", n=count) if count else Message("dashboard.empty")
        self.notes.value = sentence(told, tag="h3") + sentences(
            self.room.notes, "gbo-notice" if self.room.notes else ""
        )
        for name, shown in self.shown.items():
            made = by_question(self.room) if name == "spread" else sheet(name, self.room, MOST_ROWS + 1)
            rows = (
                [number(cell) if isinstance(cell, float) else cell for cell in line] for line in made.rows[:MOST_ROWS]
            )
            parts = [f'<div style="white-space: pre-line">{table_html(made.title, made.head, rows)}</div>']
            if not made.rows:
                parts = [sentence(Message("report.nothing_yet"), "gbo-hint")]
            if len(made.rows) > MOST_ROWS:
                parts.append(sentence(Message("dashboard.more", shown=MOST_ROWS), "gbo-hint"))
            if any(FEW in line for line in made.rows):
                parts.append(sentence(Message("report.few", few=FEW), "gbo-hint"))
            shown.value = "".join(parts)
        self.maps: list[Network] = []
        options = [(str(Message("dashboard.all")), -1)]
        for table in self.room.tables:
            for which, network in enumerate(table.networks, 1):
                version = Message("report.version", n=which, total=len(table.networks))
                options.append((f"{table.name} · {version}" if len(table.networks) > 1 else table.name, len(self.maps)))
                self.maps.append(network)
        for field in (self.first, self.second):
            field.options, field.value = options, -1
        self.asked = texts(self.room)
        self.question.options = [(question, at) for at, (question, _) in enumerate(self.asked)]
        self.question.value = 0 if self.asked else None
        self._show_map()
        self._show_texts()

    def _show_map(self) -> None:
        a, b = self.first.value, self.second.value
        if not self.maps:
            self.map.value = sentence(Message("report.nothing_yet"), "gbo-hint")
        elif a == b == -1 or a is None or b is None:
            network, said = merged_map(self.room)
            drawn = picture(network, str(said), lines=count_lines(network, self.room.merged.ties))
            self.map.value = drawn + sentence(said)
        else:
            together = merged_map(self.room)[0]
            self.map.value = _compared(*(together if at == -1 else self.maps[at] for at in (a, b)))

    def _show_texts(self) -> None:
        if self.question.value is None:
            self.texts.value = sentence(Message("dashboard.no_texts"), "gbo-hint")
        else:
            said = self.asked[self.question.value][1]
            self.texts.value = LARGE.format("".join(sentence(text, "gbo-released", "div") for text in said))

    def _maker(self, make: Maker) -> Callable[[], None]:
        def run() -> None:
            self._read()
            paths = make(self.room, self.session.work / "reports")
            self.made.value = sentence(Message("dashboard.kept", paths=[str(path) for path in paths[:4]]))

        return run


def _compared(network: Network, other: Network) -> str:
    """Two maps in one picture, with what is on both and on one only."""
    people, sides, pairs = overlay(network, other)
    counted = Counter(pairs.values())
    told = [Message("dashboard.compared", **{side: counted[side] for side in LOOKS})]
    for side in ("a", "b"):
        names = [organisation.name for organisation in people.organisations if sides[organisation.id] == side]
        told += [Message("dashboard.only", side=side.upper(), names=names)] if names else []
    drawn = Network(people.organisations, (Tie(*pair) for pair in pairs))
    lines = [Line(*pair, **LOOKS[side]) for pair, side in pairs.items()]
    return picture(drawn, str(told[0]), lines=lines) + sentences(told)
