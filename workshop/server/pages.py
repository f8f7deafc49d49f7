"""One page: the prose at once, then each cell's output as soon as its kernel has it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import nbformat
import voila
from markupsafe import escape
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from tornado.iostream import StreamClosedError
from tornado.web import HTTPError, authenticated
from voila.utils import get_page_config

from workshop.server.handlers import Own
from workshop.server.kernels import Starting
from workshop.server.keys import OWNER
from workshop.server.prose import journey, render_prose, twin_of
from workshop.texts import Message, in_language

STARTUP_SECONDS = 60
CELL_SECONDS = 120
OWNERS_PAGES = ("trainer",)
"""Pages that no table opens."""
WITH_CODE = re.compile(r'<a href="[^"]*deeper_[^>]*>(.*?)</a>')
"""A link to an exercise that only JupyterLab opens: its name stays."""
MOST_PAGES = 8
"""So many pages may a table have open at once."""


class Page(Own):
    """A notebook as a page without code."""

    @authenticated
    async def get(self, path: str) -> None:
        """Send the page, bit by bit."""
        source = self.server.root / path
        if not is_there(source):
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
            voila_configuration=self.server.voila_configuration,
        )
        config |= {"kernelId": kernel_id, "baseUrl": self.base_url, "jupyterLabTheme": "light"}
        config["fullStaticUrl"] = f"{self.base_url}voila/static/{voila.__version__}"
        return self.fill(
            "page.html",
            title=title,
            page=source.stem,
            steps=journey(self.server.root, self.spoken(), self.address),
            twin=twin_of(self.server.root, source, self.address),
            cells=notebook.cells,
            config=config,
            bundle=f"{self.base_url}voila/static/{self.server.bundle.version}/bundle.js",
        )

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
            return str(Message("page.failed" if started else "page.no_kernel", path=self.server.log_path))


def is_there(source: Path) -> bool:
    """Whether a notebook is there by this very name: some disks open ``trainer`` for ``Trainer`` too."""
    return source.name in {found.name for found in source.parent.glob("*.ipynb")}


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
