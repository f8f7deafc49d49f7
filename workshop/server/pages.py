"""One page: the prose at once, then each cell's output as soon as its kernel has it."""

from __future__ import annotations

import asyncio
import json
import re
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
from jupyter_core.utils import ensure_async
from jupyter_server.base.handlers import FileFindHandler, JupyterHandler
from markupsafe import escape
from mistune import HTMLRenderer
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from tornado.iostream import StreamClosedError
from tornado.web import HTTPError, authenticated
from voila.utils import get_page_config

from workshop.texts import Message, in_language, message_keys

if TYPE_CHECKING:
    from workshop.server.app import Server

STARTUP_SECONDS = 60
CELL_SECONDS = 120
LAST_WORDS_SECONDS = 1.0


class Prose(IPythonRenderer):
    """Markdown with its pictures inside; HTML stays as written, since an element may run over several blocks."""

    block_html = HTMLRenderer.block_html
    inline_html = HTMLRenderer.inline_html


class Own(JupyterHandler):
    """What all our answers share: who has no key is refused, and a refusal is a plain sentence."""

    @property
    def server(self) -> Server:
        """The server that this request came to."""
        return self.settings["voila"]

    @property
    def content_security_policy(self) -> str:
        """Whatever a page tries, the browser fetches nothing from elsewhere."""
        own = f"'self' ws://{self.request.host}"
        return (
            "default-src 'self' data: blob: 'unsafe-inline' 'unsafe-eval'; "
            f"connect-src {own} data: blob:; frame-ancestors 'self'; form-action 'self'; base-uri 'self'"
        )

    def get_login_url(self) -> str:
        """There is no form to log in: the key is in the address."""
        raise HTTPError(403)

    def spoken(self) -> str:
        """The language of the page that was asked for."""
        return "en" if "/en/" in self.request.path else "nl"

    def fill(self, template: str, **values: Any) -> str:
        """A template of ours, in the language of the page."""
        with in_language(self.spoken()):
            made = self.server.templates.get_template(template)
            return made.render(lang=self.spoken(), say=Message, css=self.server.assets["css"], **values)

    def write_error(self, status_code: int, **_: Any) -> None:
        """A page that says in plain words what is wrong."""
        known = f"page.error.{status_code}"
        sentence = Message(known if known in message_keys() else "page.error.other")
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(self.fill("error.html", status=status_code, sentence=sentence))

    async def end(self, kernel_id: str) -> None:
        """End a kernel, if it is still there."""
        if kernel_id in self.kernel_manager:
            await ensure_async(self.kernel_manager.shutdown_kernel(kernel_id, now=True))


class Asset(Own, FileFindHandler):
    """A file of the front end for widgets; Jupyter would hand these out without the key."""

    get = authenticated(FileFindHandler.get)  # type: ignore[assignment]
    head = authenticated(FileFindHandler.head)  # type: ignore[assignment]


class Missing(Own):
    """Whatever is not a page."""

    async def prepare(self) -> None:  # type: ignore[override]
        """Refuse: 403 without the key, else 404."""
        await super().prepare()
        raise HTTPError(404)


class Home(Own):
    """The bare address leads to the first page."""

    @authenticated
    def get(self) -> None:
        """Redirect, once the key has become a cookie."""
        self.redirect(self.server.first())


class Shutdown(Own):
    """A page that is left ends its kernel, a moment later, so that its last words are still heard."""

    @authenticated
    def post(self, kernel_id: str) -> None:
        """End the kernel of a page."""
        asyncio.get_running_loop().call_later(LAST_WORDS_SECONDS, asyncio.ensure_future, self.end(kernel_id))
        self.set_status(204)


class Page(Own):
    """A notebook as a page without code."""

    @authenticated
    async def get(self, path: str) -> None:
        """Send the page, bit by bit."""
        source = Path(self.server.root_dir) / path
        if not source.is_file():
            raise HTTPError(404)
        self.xsrf_token  # noqa: B018 - sets the cookie that the page needs to end its kernel
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        notebook = nbformat.read(source, as_version=4)
        kernel_id = str(uuid.uuid4())
        try:
            await self.send(self.frame(notebook, kernel_id, source))
            await self.run(notebook, kernel_id, path)
            await self.send("<script>kit.done()</script>\n</body>\n</html>\n")
        except StreamClosedError:  # the page was left before it was there
            await self.end(kernel_id)

    async def send(self, html: str) -> None:
        """Write, and see to it that it goes out."""
        self.write(html)
        await self.flush()

    def frame(self, notebook: Any, kernel_id: str, source: Path) -> str:
        """The whole page but for the outputs: prose, and an empty place for each code cell."""
        prose = [cell for cell in notebook.cells if cell.cell_type == "markdown"]
        for cell in prose:
            renderer = Prose(escape=False, embed_images=True, exclude_anchor_links=True, path=str(source.parent))
            cell.html = MarkdownWithMath(renderer=renderer).render(cell.source)
            cell.last = cell is prose[-1]
        heading = re.search(r"^# +(.+)$", "\n".join(cell.source for cell in prose), re.MULTILINE)
        config = get_page_config(
            base_url=self.base_url,
            settings=self.settings,
            log=self.log,
            voila_configuration=self.server.voila_configuration,
        )
        config |= {"kernelId": kernel_id, "baseUrl": self.base_url, "jupyterLabTheme": "light"}
        return self.fill(
            "page.html",
            title=heading[1] if heading else source.stem,
            cells=notebook.cells,
            config=config,
            script=self.server.assets["js"],
        )

    async def run(self, notebook: Any, kernel_id: str, path: str) -> None:
        """Run the cells, and send what each one shows; the first that fails is the last."""
        client, index = None, next((n for n, cell in enumerate(notebook.cells) if cell.cell_type == "code"), 0)
        try:
            folder = path.rpartition("/")[0]
            await self.kernel_manager.start_kernel(kernel_id=kernel_id, kernel_name="python3", path=folder)  # type: ignore[arg-type]
            client = NotebookClient(
                notebook,
                km=self.kernel_manager.get_kernel(kernel_id),
                timeout=CELL_SECONDS,
                startup_timeout=STARTUP_SECONDS,
            )
            client.reset_execution_trackers()
            await client.async_start_new_kernel_client()
            for index, cell in enumerate(notebook.cells):
                if cell.cell_type == "code":
                    await client.async_execute_cell(cell, index, store_history=False)
                    await self.send(piece(index, shown(cell.outputs)))
        except StreamClosedError:
            raise
        except Exception as error:
            self.log.exception("%s, cell %s", path, index)
            await self.send(piece(index, f'<p class="failure" role="alert">{escape(self.excuse(error))}</p>'))
        finally:
            if client is not None and client.kc is not None:
                client.kc.stop_channels()

    def excuse(self, error: Exception) -> str:
        """What to say when a cell fails: the sentence itself where the kit raised one."""
        if isinstance(error, CellExecutionError) and error.ename.endswith("Problem"):
            return error.evalue
        with in_language(self.spoken()):
            return str(Message("page.failed", path=self.server.log_path))


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
