"""One page: the prose at once, then each cell's output as soon as its kernel has it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
import nbformat
import voila
from jupyter_server.base.handlers import FileFindHandler, JupyterHandler
from jupyter_server.services.kernels.handlers import KernelHandler
from markupsafe import escape
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from tornado.iostream import StreamClosedError
from tornado.web import HTTPError, authenticated
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler
from voila.utils import get_page_config

from workshop.server.kernels import Kernels, Starting
from workshop.server.keys import OWNER, OwnName
from workshop.server.places import HOST
from workshop.server.prose import journey, render_prose, twin_of
from workshop.texts import Message, in_language, message_keys

STARTUP_SECONDS = 60
CELL_SECONDS = 120
OWNERS_PAGES = ("trainer",)
"""Pages that no table opens."""
WITH_CODE = re.compile(r'<a href="[^"]*deeper_[^>]*>(.*?)</a>')
"""A link to an exercise that only JupyterLab opens: its name stays."""
MOST_PAGES = 8
"""So many pages may a table have open at once."""


@dataclass(frozen=True)
class Site:
    """What all pages of one server share.

    Parameters
    ----------
    root : Path
        The folder that holds ``notebooks`` and ``exercises``.
    first : str
        Path below `root` of the first page.
    log : Path
        The file that says in full what went wrong.
    front_end : VoilaConfiguration
        What the front end for widgets is told.
    """

    root: Path
    first: str
    log: Path
    front_end: Any
    templates: jinja2.Environment
    style: str
    script: str


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
    def site(self) -> Site:
        """What all pages share."""
        return self.settings["site"]

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

    def spoken(self) -> str:
        """The language of the page that was asked for."""
        return "en" if "/en/" in self.request.path else "nl"

    def fill(self, template: str, **values: Any) -> str:
        """A template of ours, in the language of the page."""
        with in_language(self.spoken()):
            made = self.site.templates.get_template(template)
            return made.render(lang=self.spoken(), say=Message, css=self.site.style, **values)

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
        self.set_header("Cache-Control", "private, max-age=31536000, immutable")


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
        self.redirect(f"/voila/render/{self.site.first}")


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


class Page(Own):
    """A notebook as a page without code."""

    @authenticated
    async def get(self, path: str) -> None:
        """Send the page, bit by bit."""
        source = self.site.root / path
        if not source.is_file():
            raise HTTPError(404)
        if self.who != OWNER and source.stem in OWNERS_PAGES:
            raise HTTPError(403)
        if self.who != OWNER and self.kernels.pages_of(self.who) >= MOST_PAGES:
            raise HTTPError(503)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        notebook = nbformat.read(source, as_version=4)
        folder = path.rpartition("/")[0]
        if self.who != OWNER:
            first = next(cell for cell in notebook.cells if cell.cell_type == "code")
            first.source = f"import os\nos.environ['WORKSHOP_GROUP'] = {self.who!r}\n{first.source}"
        kernel = await self.kernels.take(folder, self.who)
        kernel_id = kernel.kernel_id
        try:
            await self.send(self.frame(notebook, kernel_id, source))
            await self.run(notebook, kernel, path)
            await self.send("<script>kit.done()</script>\n</body>\n</html>\n")
            self.kernels.page_sent(kernel_id, folder)
        except StreamClosedError:  # the page was left before it was there
            self.kernels.page_left(kernel_id)

    async def send(self, html: str) -> None:
        """Write, and see to it that it goes out."""
        self.write(html)
        await self.flush()

    def frame(self, notebook: Any, kernel_id: str, source: Path) -> str:
        """The whole page but for the outputs: prose, and an empty place for each code cell."""
        title = render_prose(notebook, source)
        for cell in notebook.cells:
            if cell.cell_type == "markdown":
                cell.html = WITH_CODE.sub(r"\1", cell.html)
        config = get_page_config(
            base_url=self.base_url,
            settings=self.settings,
            log=self.log,
            voila_configuration=self.site.front_end,
        )
        config |= {"kernelId": kernel_id, "baseUrl": self.base_url, "jupyterLabTheme": "light"}
        config["fullStaticUrl"] = f"{self.base_url}voila/static/{voila.__version__}"
        return self.fill(
            "page.html",
            title=title,
            page=source.stem,
            steps=self.steps(),
            twin=self.twin(source),
            cells=notebook.cells,
            config=config,
            script=self.site.script,
        )

    def steps(self) -> list[tuple[str, str, str]]:
        """The pages of the journey: their names, addresses, and what the bar calls them."""
        found = journey(self.site.root, self.spoken())
        return [(name, f"{self.base_url}voila/render/{path}", title) for name, path, title in found]

    def twin(self, source: Path) -> tuple[str, str, str] | None:
        """The same page in the other language, if there is one: that language, the address and what the bar says."""
        found = twin_of(self.site.root, source)
        return found and (found[0], f"{self.base_url}voila/render/{found[1]}", found[2])

    async def run(self, notebook: Any, kernel: Starting, path: str) -> None:
        """Run the cells, and send what each one shows; the first that fails is the last."""
        client = None
        started = False
        index = next((n for n, cell in enumerate(notebook.cells) if cell.cell_type == "code"), 0)
        try:
            ready = await kernel.started
            client = NotebookClient(
                notebook,
                km=self.kernels.get_kernel(kernel.kernel_id),
                timeout=CELL_SECONDS,
                startup_timeout=STARTUP_SECONDS,
            )
            client.reset_execution_trackers()
            if ready:
                ready.allow_stdin = False
                client.kc = ready
            else:
                await client.async_start_new_kernel_client()
            started = True
            for index, cell in enumerate(notebook.cells):
                if cell.cell_type == "code":
                    await client.async_execute_cell(cell, index, store_history=False)
                    await self.send(piece(index, shown(cell.outputs)))
        except StreamClosedError:
            raise
        except Exception as error:
            if kernel.kernel_id in self.kernels.left:  # the page was left before it was there
                raise StreamClosedError() from None
            self.log.exception("%s, cell %s", path, index)
            await self.send(piece(index, f'<p class="failure" role="alert">{escape(self.excuse(error, started))}</p>'))
        finally:
            if client is not None and client.kc is not None:
                client.kc.stop_channels()

    def excuse(self, error: Exception, started: bool) -> str:
        """What to say when a cell fails, or the kernel did not start: the sentence itself where the kit raised one."""
        if isinstance(error, CellExecutionError) and error.ename.endswith("Problem"):
            return error.evalue
        with in_language(self.spoken()):
            return str(Message("page.failed" if started else "page.no_kernel", path=self.site.log))


def piece(index: int, html: str) -> str:
    """What goes into the place of a cell."""
    return f'<template id="piece-{index}">{html}</template><script>kit.place({index})</script>\n' if html else ""


def shown(outputs: list[Any]) -> str:
    """The outputs of a cell as Voila's front end expects them; warnings are for the log, not for the page."""
    html = []
    for output in outputs:
        if output.output_type in ("display_data", "execute_result"):
            content = json.dumps({**output, "trusted": True}).replace("<", "\\u003c")
            html.append(f'<div><script type="application/vnd.voila.cell-output+json">{content}</script></div>')
        elif output.output_type == "stream" and output.name == "stdout":
            html.append(f"<pre>{escape(output.text)}</pre>")
    return "".join(html)
