"""``workshop start``: pages without code, for one table on its own laptop.

A standalone Voila with a key, cut down to what a page needs: no file browser, no list of kernels, no login form.
Voila brings the kernels, the filter on what a page may send them, and the front end for widgets.
"""

from __future__ import annotations

import logging
import os
import re
import secrets
import shutil
import signal
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jinja2
import tornado.ioloop
import tornado.web
from jupyter_core.utils import run_sync
from jupyter_server.services.kernels.handlers import KernelHandler
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from tornado.httpserver import HTTPServer
from traitlets.config import Config
from voila.app import Voila
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from workshop.server.pages import Asset, Home, Missing, Page, Shutdown
from workshop.server.places import HOST, log_to, start_page
from workshop.texts import LANGUAGES, language

KERNEL_ID = r"(?P<kernel_id>\w+-\w+-\w+-\w+-\w+)"
FRONT_END = ["@jupyter-widgets/jupyterlab-manager", "@voila-dashboards/widgets-manager8", "anywidget"]
IDLE_SECONDS = 900
MESSAGE_BYTES = 44 * 10**6
"""Two files of 20 MB travel in one message; Tornado's own limit of 10 MiB would drop the line."""


class Kernels(AsyncMappingKernelManager):
    """Kernels that know whose answers they keep and in which language, and that leave the terminal alone."""

    async def start_kernel(self, *, path: Any = "", **settings: Any) -> str:  # type: ignore[override]
        """Start a kernel for a page in the folder `path`, such as ``notebooks/nl``."""
        spoken = path.rpartition("/")[2]
        settings["env"] = {
            **os.environ,
            "WORKSHOP_LANGUAGE": spoken if spoken in LANGUAGES else language(),
            "IPYTHONDIR": str(Path(self.connection_dir) / "ipython"),
            "PYTHONUNBUFFERED": "1",
        }
        return await super().start_kernel(path=path, **settings)


class Channels(VoilaKernelWebsocketHandler):
    """The page's line to its kernel; small messages go out at once."""

    async def open(self, *args: Any, **more: Any) -> None:
        """Do not wait for more to send (Nagle), which costs a change some 25 ms."""
        self.set_nodelay(True)
        await super().open(*args, **more)


class Server(Voila):
    """Voila as the kit needs it.

    It serves what is below `root` on a socket that is listening already, logs to `log_path`, and gives `ready` its
    address, key included, and where the log is, once it can be opened.
    """

    def __init__(self, root: Path, log_path: Path, listening: socket.socket, ready: Callable[[str, Path], None]):
        super().__init__(root_dir=str(root), ip=HOST, token=secrets.token_urlsafe(24), config_file_paths=[])
        self.log_path, self.listening, self.ready = log_path, listening, ready
        self.port = listening.getsockname()[1]
        folder = Path(__file__).parent / "templates"
        self.templates = jinja2.Environment(loader=jinja2.FileSystemLoader(folder), autoescape=True, trim_blocks=True)
        self.assets = {kind: (folder / f"page.{kind}").read_text(encoding="utf-8") for kind in ("css", "js")}
        self.update_config(
            Config(
                VoilaConfiguration={"extension_allowlist": FRONT_END, "multi_kernel_manager_class": Kernels},
                MappingKernelManager={"cull_idle_timeout": IDLE_SECONDS, "cull_interval": 60},
            )
        )
        self.initialize([])
        for log in (self.log, *map(logging.getLogger, ("tornado.general", "tornado.application", "tornado.access"))):
            log.addFilter(without_key)

    def first(self) -> str:
        """Where the first page is."""
        return f"/voila/render/{start_page(language(), Path(self.root_dir))}"

    def init_settings(self) -> dict[str, Any]:
        """Voila's settings; strangers' host names and forms are refused, errors are plain sentences."""
        settings = super().init_settings()
        self.kernel_spec_manager.kernel_dirs = []  # this very Python, whatever else the laptop has
        settings |= {
            "allow_remote_access": False,
            "local_hostnames": ["localhost", HOST],
            "mathjax_url": "data:text/javascript,//",
            "mathjax_config": "none",
            "default_handler_class": Missing,
            "log_function": log_request,
            "ws_ping_timeout": 30_000,
            "websocket_max_message_size": MESSAGE_BYTES,
        }
        return settings

    def init_handlers(self) -> list[tuple]:
        """Only what a page needs."""
        static = [path for path in self.static_paths if Path(path).is_dir()]
        kernel = rf"/api/kernels/{KERNEL_ID}"
        return [
            (r"/", Home),
            (r"/voila/render/((?:notebooks|exercises)/(?:nl|en)/(?!deeper)\w+\.ipynb)", Page),
            (kernel, KernelHandler),
            (kernel + "/channels", Channels),
            (rf"/voila/api/shutdown/{KERNEL_ID}", Shutdown),
            (r"/voila/static/(.*)", Asset, {"path": static}),
            (r"/voila/labextensions/(.*)", Asset, {"path": self.labextensions_path}),
        ]

    def listen(self) -> None:
        """Serve until Ctrl-C or SIGTERM."""
        server = HTTPServer(self.app)
        server.add_socket(self.listening)
        self.ioloop = tornado.ioloop.IOLoop.current()
        address = f"http://{HOST}:{self.port}{self.first()}?token={self.token}"
        self.ioloop.add_callback(self.ready, address, self.log_path)
        try:
            self.ioloop.start()
        except KeyboardInterrupt:
            self.log.info("Ctrl-C")
        finally:
            self.stop()

    def stop(self) -> None:
        """End all kernels, then throw away their connection files."""
        run_sync(self.kernel_manager.shutdown_all)(now=True)
        shutil.rmtree(self.connection_dir, ignore_errors=True)


def without_key(record: logging.LogRecord) -> bool:
    """A filter that takes the key out of what is logged."""
    record.msg, record.args = re.sub(r"token=[^\s&'\"]+", "token=...", record.getMessage()), ()
    return True


def log_request(handler: tornado.web.RequestHandler) -> None:
    """One line for each request."""
    request = handler.request
    level = logging.INFO if handler.get_status() < 400 else logging.WARNING
    took = 1000 * request.request_time()
    handler.settings["voila"].log.log(
        level, "%s %s %s %.0f ms", handler.get_status(), request.method, request.path, took
    )


def serve(root: Path, work: Path, listening: socket.socket, ready: Callable[[str, Path], None]) -> None:
    """Serve pages until Ctrl-C or SIGTERM; see `Server`."""
    log = log_to(work / "log" / "server.log")
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a script that starts us may have switched Ctrl-C off
    Server(root, log, listening, ready).start()
