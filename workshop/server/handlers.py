"""What all answers of the server share, and those that are no page: files, the kernel's line, whether it is there."""

from __future__ import annotations

from typing import Any

from jupyter_server.base.handlers import FileFindHandler, JupyterHandler
from jupyter_server.services.kernels.handlers import KernelHandler
from tornado.web import HTTPError, authenticated
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from workshop.server.kernels import Kernels
from workshop.server.keys import OwnName
from workshop.server.places import HOST
from workshop.texts import Message, in_language, message_keys

FOREVER = "private, max-age=31536000, immutable"


class Own(OwnName, JupyterHandler):
    """What all our answers share: who has no key is refused, and a refusal is a plain sentence."""

    async def prepare(self) -> None:  # type: ignore[override]
        """Send who came as ``localhost`` to the printed address: what waits in a browser belongs to one address."""
        if self.request.host_name == "localhost" and self.request.method == "GET":
            port = self.request.host.removeprefix("localhost")
            self.redirect(f"http://{HOST}{port}{self.request.uri}")
            return
        await super().prepare()

    @property
    def server(self) -> Any:
        """The server, with what all pages share: `workshop.server.app.Server`, or that of a room."""
        return self.settings["voila"]

    @property
    def kernels(self) -> Kernels:
        """The kernels behind the pages."""
        return self.settings["kernel_manager"]

    @property
    def content_security_policy(self) -> str:
        """Whatever a page tries, the browser fetches nothing from elsewhere."""
        own = f"'self' ws://{self.request.host}"
        return (
            "default-src 'self' data: blob: 'unsafe-inline' 'unsafe-eval'; "
            f"connect-src {own} data: blob:; frame-ancestors 'self'; form-action 'self'; base-uri 'self'"
        )

    @property
    def who(self) -> str:
        """Whose key the browser has: a table's, or that of who sits at this laptop."""
        return self.current_user.username

    def check_xsrf_cookie(self) -> None:
        """Only our own pages send anything.

        A browser says itself which page sends. Jupyter's cookie against forgery is shared by all servers on this
        computer, whatever their port: JupyterLab beside us would overwrite ours, and we its.
        """
        if self.request.headers.get("Origin") != f"http://{self.request.host}":
            raise HTTPError(403)

    def get_login_url(self) -> str:
        """There is no form to log in: the key is in the address."""
        raise HTTPError(403)

    def address(self, path: str) -> str:
        """Where the page of a notebook is."""
        return f"{self.base_url}voila/render/{path}"

    def spoken(self) -> str:
        """The language of the page that was asked for."""
        return "en" if "/en/" in self.request.path else "nl"

    def fill(self, template: str, **values: Any) -> str:
        """A template of ours, in the language of the page."""
        with in_language(self.spoken()):
            made = self.server.templates.get_template(template)
            return made.render(lang=self.spoken(), **self.server.look, **values)

    def write_error(self, status_code: int, **_: Any) -> None:
        """A page that says in plain words what is wrong."""
        known = f"page.error.{status_code}"
        sentence = Message(known if known in message_keys() else "page.error.other")
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(self.fill("error.html", status=status_code, sentence=sentence))


class Asset(Own, FileFindHandler):
    """A file of the front end for widgets; Jupyter would hand these out without the key."""

    get = authenticated(FileFindHandler.get)  # type: ignore[assignment]
    head = authenticated(FileFindHandler.head)  # type: ignore[assignment]


class Fixed(Asset):
    """A file whose address has the version in it: a browser need not ask for it again at each page."""

    def set_headers(self) -> None:
        """Let the browser keep it."""
        super().set_headers()
        self.set_header("Cache-Control", FOREVER)


class Scripts(Own):
    """Most of the front end for widgets, in one file."""

    @authenticated
    def get(self, version: str) -> None:
        """Send it; a page that asks for another version asks for the parts by itself then."""
        if version != self.server.bundle.version:
            raise HTTPError(404)
        self.set_header("Content-Type", "text/javascript; charset=utf-8")
        self.set_header("Content-Encoding", "gzip")
        self.set_header("Cache-Control", FOREVER)
        self.finish(self.server.bundle.packed)

    head = get


class Missing(Own):
    """Whatever is not a page."""

    async def prepare(self) -> None:  # type: ignore[override]
        """Refuse: 403 without the key, else 404."""
        await super().prepare()
        if not self._finished:
            raise HTTPError(404)


class Home(Own):
    """The bare address leads to the first page."""

    @authenticated
    def get(self) -> None:
        """Redirect, once the key has become a cookie."""
        self.redirect(self.address(self.server.first))


class Model(OwnName, KernelHandler):
    """What the front end asks about a kernel; only a page that is left ends one."""

    SUPPORTED_METHODS = ("GET",)  # type: ignore[assignment]


class Presence(Own):
    """Whether the kernel of a page is still there, and the goodbye of a page that is left."""

    @authenticated
    def get(self, kernel_id: str) -> None:
        """Say whether a page can be connected with its kernel again."""
        self.set_header("Cache-Control", "no-store")
        self.finish({"there": kernel_id in self.kernels and self.kernels.is_of(kernel_id, self.who)})

    @authenticated
    def post(self, kernel_id: str) -> None:
        """End the kernel of a page, as soon as it has done what the page sent last."""
        if not self.kernels.is_of(kernel_id, self.who):
            raise HTTPError(403)
        self.kernels.page_left(kernel_id)
        self.set_status(204)


class Channels(OwnName, VoilaKernelWebsocketHandler):
    """The page's line to its kernel; small messages go out at once."""

    async def open(self, *args: Any, **more: Any) -> None:
        """Do not wait for more to send (Nagle), which costs a change some 25 ms."""
        self.set_nodelay(True)
        await super().open(*args, **more)

    def on_message(self, ws_message: Any) -> None:
        """Pass a message on; one that is none is left out, and the line stays open."""
        try:
            if isinstance(ws_message, bytes) and not self.has_its_parts(ws_message):
                raise ValueError("parts")
            super().on_message(ws_message)
        except Exception as error:
            self.log.warning("No message: %s", type(error).__name__)

    def has_its_parts(self, raw: bytes) -> bool:
        """Whether a binary message is as long as the number of parts in it asks; Jupyter would count to that number."""
        return bool(self.selected_subprotocol) and 8 * int.from_bytes(raw[:8], "little") < len(raw)
