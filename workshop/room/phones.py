"""The application for telephones: five routes on a port of its own, nothing of Jupyter, no Python on a telephone.

It gives a seat to who knows the word of the room, and asks what is private. Pages work without JavaScript too.
"""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator
from itertools import count
from secrets import compare_digest, token_hex
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.web import Application, HTTPError

from workshop.answers import Answer
from workshop.answers.boxes import Entry, Result, read_entries
from workshop.answers.names import own_name
from workshop.answers.rooms import RoomStore, Seat
from workshop.answers.store import NotKept
from workshop.room import asked
from workshop.room.plain import COOKIE, TEMPLATES, Nothing, Plain, Script, version
from workshop.room.seats import Phones, now, outbox_of, receive, wipe, withdraw
from workshop.texts import LANGUAGES, Message, Problem, in_language

BODY_BYTES = 300_000
MOST_ENTRIES = 200
TRIES_A_MINUTE = 5
"""So often may an address be wrong about the word or a code, then it waits a minute."""
SEATS_A_MINUTE = 60
SENDS_A_MINUTE = 300
SAID = {
    "saved": Message("phone.saved"),
    "withdrawn": Message("phone.withdrawn"),
    "wiped": Message("phone.wiped"),
    "wiped-soon": Message("answers.not-wiped-yet"),
    "wiped-open": Message("phone.wiped_open"),
    "failed": Message("phone.failed"),
}
"""What a page may say after something was done."""


class Join(Plain):
    """Who knows the word chooses a table and gets a seat; or comes back to a seat with its code."""

    def get(self) -> None:
        """Ask for the word, or for the table where the word is in the address, as in the QR code."""
        if self.seat():
            return self.redirect("/questions")
        return self.show(self.get_query_argument("word", ""))

    def show(self, word: str, notice: Message | None = None, back: bool = False) -> None:
        """The page, with the tables where the word is right; `back` is somebody with a code."""
        right = bool(word) and self.knows(word)
        if word and not right:
            self.set_status(403)
            notice = notice or Message("phone.wrong_word")
        tables = self.phones.names() if right else {}
        self.fill("join.html", word=word if right else "", tables=tables, notice=notice, back=back)

    def knows(self, word: str) -> bool:
        """Whether the word is right; who is wrong too often waits a minute, right or not."""
        who = str(self.request.remote_ip)
        if self.phones.count("wrong", who, more=0) >= TRIES_A_MINUTE:
            raise HTTPError(429)
        right = compare_digest(word.strip().lower().encode(), self.phones.room.state.word.encode())
        if not right:
            self.phones.count("wrong", who)
        return right

    async def post(self) -> None:
        """Give a seat, or give one back."""
        if self.get_body_argument("leave", ""):
            self.clear_cookie(COOKIE)
            return self.redirect("/", status=303)
        code = self.get_body_argument("code", "")
        if self.seat() and not code:  # another tab chose a table
            return self.redirect("/questions", status=303)
        word = self.get_body_argument("word", "")
        if not self.knows(word):
            return self.show(word)
        group = self.get_body_argument("table", "")
        who = str(self.request.remote_ip)
        if who != self.arrived and self.phones.too_often("seat", who, SEATS_A_MINUTE):
            raise HTTPError(429)
        try:
            if code:
                number = self.get_body_argument("number", "")
                found = int(number) if number.isdecimal() and len(number) < 4 else 0
                seat = await self.phones.writer.do(lambda store: RoomStore(store).seat_by_code(group, found, code))
            else:
                seat = await self.phones.writer.do(lambda store: RoomStore(store).give_seat(group))
        except Problem as problem:
            if code:
                self.phones.count("wrong", who)
            return self.show(word, problem.message, bool(code))
        return self.sit(seat)


class Questions(Plain):
    """The questions with what this seat answered; a form that is sent whole where there is no JavaScript."""

    def get(self) -> None:
        """Show them."""
        seat = self.seat()
        if seat is None:
            return self.redirect("/")
        return self.show(seat, SAID.get(self.get_query_argument("said", "")))

    def show(self, seat: Seat, notice: Message | None, sent: dict[str, str] | None = None) -> None:
        """The page of questions; `sent` was not kept, and stands in the fields with the versions it builds on."""
        phones = self.phones
        store = phones.reader(seat.group)
        state = phones.room.state
        kept = store.answers_of(seat.person)
        others: dict[str, list[Any]] = {}
        for one in store.rows("state='conflict' AND person=:person", "version DESC", person=seat.person):
            others.setdefault(one.item, []).append(one.value)
        released = {item for item, one in kept.items() if one.visibility == "released"}
        with in_language(self.language):
            found = list(asked.parts(state.texts or sent is not None))
            shared = [entry for item, entry in asked.by_item().items() if item in released and not state.texts]
        self.fill(
            "phone.html",
            parts=found,
            seat=seat,
            name=own_name(store),
            table=list(phones.room.tables()).index(seat.group) + 1,
            values={item: one.value for item, one in kept.items()} | (sent or {}),
            versions={item: one.version for item, one in kept.items()}
            | {item: self.shown(item) for item in sent or ()},
            others=others,
            released=released,
            shared=shared,
            state=state,
            outbox=json.dumps(outbox_of(store, seat)),
            notice=notice,
            longest=asked.LONGEST,
        )

    async def post(self) -> None:
        """Keep what differs from what is kept."""
        seat = self.seat()
        if seat is None:
            return self.redirect("/")
        if self.has("withdraw"):
            return await self.withdraw(seat, self.get_body_argument("withdraw"))
        sent = {item: self.get_body_argument(item, strip=False) for item in asked.by_item() if self.has(item)}
        store = self.phones.reader(seat.group)
        made = list(self.entries(sent, store.answers_of(seat.person)))
        _, results = await receive(self.phones, seat, f"form-{token_hex(12)}", store.generation, made)
        said = next((result.text for result in results if result.state != "done"), None)
        if said:
            return self.show(seat, said, sent)
        return self.redirect("/questions?said=saved", status=303)

    async def withdraw(self, seat: Seat, item: str) -> None:
        """Take back a text that stands in no field, since nobody writes any more."""
        if item not in asked.by_item():
            raise HTTPError(400)
        said = "withdrawn"
        try:
            await withdraw(self.phones, seat, item)
        except NotKept:
            said = "failed"
        return self.redirect(f"/questions?said={said}", status=303)

    def entries(self, sent: dict[str, str], kept: dict[str, Answer]) -> Iterator[Entry]:
        """What the form changes."""
        numbers = count(1)
        for item, value in sent.items():
            before = kept.get(item)
            written = asked.by_item()[item].written
            value = value.replace("\r\n", "\n")
            changed = value != (before.value if before else "")
            if changed:
                what = {"do": "text", "text": value} if written else {"do": "put", "value": value}
                yield Entry(next(numbers), item, what, base=self.shown(item))
            share = self.has(f"share {item}")
            shared = bool(before and before.visibility == "released")
            if written and value.strip() and (share != shared or (share and changed)):
                yield Entry(next(numbers), item, {"do": "release" if share else "withdraw"})

    def shown(self, item: str) -> int:
        """The version that stood in the form; another tab may have written since."""
        version = self.get_body_argument(f"base {item}", "")
        return int(version) if re.fullmatch("[0-9]{1,15}", version) else 0

    def has(self, name: str) -> bool:
        """Whether a field was sent."""
        return name in self.request.body_arguments


class Box(Plain):
    """What a telephone held on to, and what it should know now; when this answers, it is on the disk."""

    async def post(self) -> None:
        """Apply a box; one without entries only looks."""
        seat = self.seat()
        if seat is None:
            raise HTTPError(403)
        if self.phones.too_often("send", f"{seat.group} {seat.number}", SENDS_A_MINUTE):
            raise HTTPError(429)
        try:
            content = json.loads(self.request.body)
            sent = content["entries"]
            entries = read_entries(sent)
            box = content["box"]
            generation = int(content["generation"])
            named = re.fullmatch("[0-9a-z-]{1,40}", box)
        except (ValueError, KeyError, TypeError, RecursionError, OverflowError):
            raise HTTPError(400) from None
        if not named or not isinstance(sent, list) or len(sent) > MOST_ENTRIES:
            raise HTTPError(400)
        store = self.phones.reader(seat.group)
        here = outbox_of(store, seat)
        upto = -1
        results: list[Result] = []
        if entries and all(content.get(key) == here[key] for key in ("store", "room", "group")):
            upto, results = await receive(self.phones, seat, box, generation, entries)
        with in_language(self.language):
            self.finish(
                {
                    "kind": "boxed",
                    "box": box,
                    "upto": upto,
                    "results": [result.told() for result in results],
                    "now": now(self.phones, seat),
                    "outbox": outbox_of(store, seat),
                }
            )

    def write_error(self, status_code: int, **_: Any) -> None:
        """Only the number: a script reads it."""
        self.finish({"failed": status_code})


class Wipe(Plain):
    """Take back all that was answered on this telephone: really gone."""

    async def post(self) -> None:
        """Delete the seat's answers, in a closed room too."""
        seat = self.seat()
        if seat is None:
            return self.redirect("/")
        said = "wiped"
        try:
            await self.phones.writer.alone(lambda: wipe(self.phones, seat))
        except NotKept:
            said = "failed"
        except Problem as problem:
            said = "wiped-open" if problem.message.key == "answers.not-deleted" else "wiped-soon"
        return self.redirect(f"/questions?said={said}", status=303)


def application(phones: Phones) -> Application:
    """The application, five routes and nothing else."""
    routes = [
        (r"/", Join),
        (r"/questions", Questions),
        (r"/box", Box),
        (r"/wipe", Wipe),
        (r"/phone\.(js|css)", Script),
    ]
    return Application(
        routes,
        phones=phones,
        cookie_secret=phones.room.state.secret,
        default_handler_class=Nothing,
        compress_response=True,
        log_function=lambda handler: None,
    )


def listen(phones: Phones, listening: socket.socket) -> HTTPServer:
    """Serve telephones on a socket that is listening already; inside a running loop."""
    version()  # what the first thirty would wait for together
    for code in LANGUAGES:
        with in_language(code):
            list(asked.parts(True))
    for name in ("join.html", "phone.html"):
        TEMPLATES.get_template(name)
    server = HTTPServer(application(phones), max_body_size=BODY_BYTES, idle_connection_timeout=60, body_timeout=20)
    server.add_socket(listening)
    return server
