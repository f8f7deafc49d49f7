"""The server of a room: pages for tables over the network, each with a key; wall and trainer's page on this laptop."""

from __future__ import annotations

import asyncio
import mimetypes
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import tornado.ioloop
from jupyter_server.auth.decorator import allow_unauthenticated
from tornado.web import HTTPError

from workshop.answers.files import groups_of, noting_files
from workshop.answers.rooms import TRAINER, RoomStore, of_room
from workshop.answers.tables import read_room
from workshop.output.report import write_report
from workshop.output.totals import write_totals
from workshop.room import asked
from workshop.room.earlier import earlier
from workshop.room.plain import TEMPLATES, read
from workshop.room.wall import PARTS, Wall, names_of, qr
from workshop.server import app, kernels
from workshop.server.app import Server
from workshop.server.handlers import Home, Own
from workshop.server.keys import OWNER
from workshop.server.places import HOST
from workshop.texts import Message, Problem, language

SPARES = 6
"""So many kernels wait while the room is open: six tables go to the next page together."""


class Tables(Server):
    """Pages for all tables of a room; what only the trainer sees is below ``/room``.

    Parameters
    ----------
    room : RoomStore
    phones_at : str
        Address of the telephones' pages; tables come to the same host.
    *server
        Of `Server`.
    """

    def __init__(self, room: RoomStore, phones_at: str, *server: Any):
        self.room = room
        self.phones_at = phones_at
        super().__init__(*server, cookie_secret=room.state.secret.encode())
        self.opens = "/room"

    def have_spares(self) -> None:
        """As many kernels wait as tables may ask for at once."""
        self.kernel_manager.spares = kernels.SPARES * (SPARES if self.room.state.open else 1)

    def init_settings(self) -> dict[str, Any]:
        """The settings of `Server`, and the wall."""
        settings = super().init_settings()
        self.identity_provider.table_of = self.room.table_of
        self.have_spares()
        wall = Wall(self.room, self.phones_at, self.kernel_manager.pages_of)
        return settings | {"wall": wall}

    def init_handlers(self) -> list[tuple]:
        """The pages of `Server`, and what the trainer has."""
        return [
            (r"/", Door),
            (r"/room", Control),
            (r"/room/wall", OnWall),
            (r"/room/state", State),
            (r"/room/cards", Cards),
            (r"/room/do", Do),
            (r"/room/reports/([^/\\]+)", Report),
            *super().init_handlers()[1:],
        ]

    def address_of(self, key: str = "") -> str:
        """Where tables come in."""
        return f"http://{urlsplit(self.phones_at).hostname}:{self.port}/{'?token=' + key if key else ''}"

    @property
    def reports(self) -> Path:
        """Where the reports of this room come."""
        return self.room.store.folder / "reports" / self.room.name


class InRoom(Own):
    """What all pages of the room share."""

    @property
    def room(self) -> RoomStore:
        """What the room keeps."""
        return self.server.room

    @property
    def wall(self) -> Wall:
        """What the wall shows."""
        return self.settings["wall"]

    def show(self, template: str, **values: Any) -> None:
        """Answer with a page."""
        self.set_header("Cache-Control", "no-store")
        page = TEMPLATES.get_template(template)
        self.finish(page.render(language=language(), css=read("wall.css"), script=read("wall.js"), **values))


class Door(InRoom, Home):
    """Who has a key goes on; who typed the bare address is asked for the key on the card."""

    @allow_unauthenticated
    def get(self) -> None:
        """Lead a table to the first page, the trainer to the page of the room."""
        if self.current_user is None:
            self.set_status(403)
            self.show("cards.html", cards=[])
        elif self.who == OWNER:
            self.redirect("/room")
        else:
            self.redirect(self.address(self.server.first))


class Trainers(InRoom):
    """What only whoever sits at this laptop sees."""

    async def prepare(self) -> None:  # type: ignore[override]
        """Refuse everybody else."""
        await super().prepare()
        if not self._finished and (self.current_user is None or self.who != OWNER):
            raise HTTPError(403)


class Control(Trainers):
    """The page with which the trainer runs the room."""

    said: Message | None = None

    def get(self) -> None:
        """Show it, and once what the last thing done led to."""
        notice, Control.said = Control.said, None
        folder = self.server.reports
        self.show(
            "control.html",
            notice=notice,
            earlier=earlier(self.room),
            alone=self.wall.host == HOST,
            host=self.wall.host,
            state=self.room.state,
            address=self.wall.phones_at,
            parts=list(asked.parts(self.room.state.texts)),
            tables=names_of(self.room),
            compared=self.wall.compared,
            locked=self.room.locked(),
            folder=folder,
            reports=sorted(path.name for path in folder.glob("*")) if folder.is_dir() else [],
        )


class OnWall(Trainers):
    """The wall."""

    def get(self) -> None:
        """Show the frame; its parts follow."""
        self.show("wall.html", parts=PARTS, host=self.wall.host)


class State(Trainers):
    """What is new on the wall."""

    async def get(self) -> None:
        """Answer as soon as there is something newer than what was seen."""
        seen = self.get_query_argument("seen", "0")
        self.set_header("Cache-Control", "no-store")
        self.finish(await self.wall.newer(int(seen) if seen.isdecimal() else 0))


class Cards(Trainers):
    """A card for each table, to print."""

    def get(self) -> None:
        """Show them."""
        names = names_of(self.room)
        cards = [
            (names[group], self.server.address_of(), key, qr(self.server.address_of(key)))
            for group, key in self.room.tables().items()
        ]
        self.show("cards.html", cards=cards)


class Report(Trainers):
    """A report that was made of the room."""

    def get(self, name: str) -> None:
        """Hand out a file of the folder for reports, and no other."""
        found = {path.name: path for path in self.server.reports.glob("*")}
        if name not in found:
            raise HTTPError(404)
        self.set_header("Content-Type", mimetypes.guess_type(name)[0] or "application/octet-stream")
        self.finish(found[name].read_bytes())


class Do(Trainers):
    """What the trainer's page asks for."""

    async def post(self) -> None:
        """Do one thing, and show the page again."""
        values = self.get_body_arguments("value")
        act = getattr(self, f"do_{self.get_body_argument('do')}", None)
        if act is None:
            raise HTTPError(400)
        try:
            Control.said = await act(*values)
        except Problem as problem:
            Control.said = problem.message
        self.redirect("/room", status=303)

    async def do_ask(self, item: str) -> None:
        """Put a question on the telephones, or take it off."""
        entry = asked.by_item().get(item)
        if item and entry is None:
            raise HTTPError(400)
        if entry and entry.written and not self.room.state.texts:  # asked from a page of a moment ago
            raise Problem(Message("control.no_writing"))
        self.room.set(asked=item)

    async def do_texts(self, answer: str) -> None:
        """Let telephones write, or only choose; no telephone shows what is written any more then."""
        texts = answer == "yes"
        entry = asked.by_item().get(self.room.state.asked)
        if entry and entry.written and not texts:
            self.room.set(asked="")
        self.room.set(texts=texts)

    async def do_spread(self, item: str) -> Message | None:
        """Open the spread of a question at each table where it may be."""
        opened = [self.room.store.beside(group).open_spread(item) for group in self.room.tables()]
        return None if any(opened) else Message("control.no_spread")

    async def do_compare(self, first: str, second: str) -> None:
        """Show two maps over each other, or all of them."""
        self.wall.compared = (first, second)

    async def do_table(self, _value: str) -> None:
        """One table more."""
        self.room.add_table()

    async def do_seat(self, place: str) -> None:
        """Let a code be tried again."""
        group, _, number = place.partition("/")
        self.room.let_try(group, int(number))

    async def do_open(self, answer: str) -> None:
        """Open the room, or close it."""
        self.room.set(open=answer == "yes")
        self.server.have_spares()

    async def do_report(self, _value: str) -> Message | None:
        """Make the reports of the room; saves go on meanwhile."""
        made = await asyncio.to_thread(make_reports, self.room, self.server.reports)
        return None if made else Message("control.no_answers")


def make_reports(room: RoomStore, folder: Path) -> list[Path]:
    """The report of the room and of each table, kept in `folder`; nothing where there are no answers."""
    work = room.store.folder
    with noting_files(work) as made_of:
        about = of_room(read_room(work), room.name)
        made_of += groups_of(about.tables, work)
        if not about.tables:
            return []
        return [*write_report(about, folder), *write_totals(about, folder)]


def serve(room: RoomStore, phones_at: str, beside: Callable[[], Any], *server: Any) -> None:
    """Serve a room until Ctrl-C or SIGTERM; `beside` starts what runs beside it, the rest is of `app.serve`."""
    os.environ["WORKSHOP_GROUP"] = TRAINER  # of kernels, unless a table starts them
    tornado.ioloop.IOLoop.current().add_callback(beside)
    app.serve(*server, make=partial(Tables, room, phones_at))
