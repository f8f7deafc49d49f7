"""What all answers to a telephone share: our own address only, the seat of who asks, its language, script and look."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from tornado.web import HTTPError, RequestHandler

from workshop.answers.rooms import Seat
from workshop.room.seats import Phones
from workshop.server.keys import arrived_at
from workshop.server.prose import templates
from workshop.texts import LANGUAGES, Message, in_language, language

COOKIE = "seat"
DAYS = 3
HERE = Path(__file__).parent
TEMPLATES = templates(HERE)
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'"
)


class Plain(RequestHandler):
    """What all answers to a telephone share: our own address only, nothing kept, nothing from elsewhere."""

    def set_default_headers(self) -> None:
        """Headers of every answer."""
        self.set_header("Content-Security-Policy", POLICY)
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Referrer-Policy", "same-origin")
        self.set_header("Cache-Control", "no-store")
        self.clear_header("Server")

    @property
    def phones(self) -> Phones:
        """What all requests share."""
        return self.settings["phones"]

    def prepare(self) -> None:
        """Refuse other names than the address at which the request arrived, and what another site sends."""
        self.arrived = arrived_at(self.request)
        if self.request.host_name not in (self.arrived, "localhost"):
            raise HTTPError(403)
        if self.request.method == "POST" and self.request.headers.get("Origin") != f"http://{self.request.host}":
            raise HTTPError(403)
        wanted = self.get_query_argument("language", "") or self.get_cookie("language") or language()
        self.language = wanted if wanted in LANGUAGES else "nl"
        if self.get_query_argument("language", "") in LANGUAGES:
            self.set_cookie("language", self.language, httponly=True, samesite="Lax")

    def seat(self) -> Seat | None:
        """The seat of this telephone."""
        kept = (self.get_signed_cookie(COOKIE, max_age_days=DAYS) or b"").decode()
        group, _, rest = kept.partition("/")
        number, _, secret = rest.partition("/")
        return self.phones.room.seat(group, int(number), secret) if number.isdecimal() else None

    def sit(self, seat: Seat) -> None:
        """Remember a seat in this telephone."""
        kept = f"{seat.group}/{seat.number}/{seat.secret}"
        self.set_signed_cookie(COOKIE, kept, expires_days=DAYS, httponly=True, samesite="Lax")
        self.redirect("/questions", status=303)

    def fill(self, template: str, **values: Any) -> None:
        """Answer with a page, in the language of the telephone."""
        with in_language(self.language):
            page = TEMPLATES.get_template(template).render(
                language=self.language, languages=LANGUAGES, version=version(), **values
            )
        self.finish(page)

    def write_error(self, status_code: int, **_: Any) -> None:
        """A refusal in a plain sentence; `fill` needs no seat."""
        self.language = getattr(self, "language", language())
        key = {403: "phone.refused", 404: "phone.nothing_here", 429: "phone.slowly"}.get(status_code, "phone.failed")
        self.fill("join.html", word="", tables={}, notice=Message(key))


class Nothing(Plain):
    """Every other address."""

    def prepare(self) -> None:
        """There is nothing here."""
        raise HTTPError(404)


class Script(Plain):
    """The script and the look of the page; a new kit has a new address for them."""

    def get(self, kind: str) -> None:
        """One of the two."""
        self.set_header("Content-Type", {"js": "text/javascript", "css": "text/css"}[kind] + "; charset=utf-8")
        self.set_header("Cache-Control", "private, max-age=86400")
        self.finish(script() if kind == "js" else read("phone.css"))


@cache
def script() -> str:
    """The outbox of the pages, and what uses it on a telephone."""
    outbox = (HERE.parent / "widgets" / "outbox.js").read_text(encoding="utf-8")
    return outbox + read("phone.js")


@cache
def read(name: str) -> str:
    """A file beside this one."""
    return (HERE / name).read_text(encoding="utf-8")


@cache
def version() -> str:
    """Changes with script and look."""
    return sha256((script() + read("phone.css")).encode()).hexdigest()[:8]
