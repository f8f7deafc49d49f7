"""``workshop start``: pages without code, for one table on its own laptop.

A standalone Voila with a key, cut down to what a page needs: no file browser, no list of kernels, no login form.
Voila brings the kernels, the filter on what a page may send them, and the front end for widgets.
"""

from __future__ import annotations

import logging
import re
import secrets
import signal
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import tornado.ioloop
import tornado.web
from tornado.httpserver import HTTPServer
from traitlets.config import Config
from voila.app import Voila

from workshop.server import kernels, keys
from workshop.server.folder import private_folder
from workshop.server.handlers import Asset, Channels, Fixed, Home, Missing, Model, Presence, Scripts
from workshop.server.keeper import Keeper
from workshop.server.pages import Page
from workshop.server.places import HOST, start_page
from workshop.server.prose import look, templates
from workshop.server.scripts import Bundle
from workshop.texts import language
from workshop.work import errors_to

KERNEL_ID = r"(?P<kernel_id>\w+-\w+-\w+-\w+-\w+)"
FRONT_END = ["@jupyter-widgets/jupyterlab-manager", "@voila-dashboards/widgets-manager8", "anywidget"]
BODY_BYTES = 100_000
"""No page sends more than a form; files travel over its line."""
MESSAGE_BYTES = 44 * 10**6
"""Two files of 20 MB travel in one message; Tornado's own limit of 10 MiB would drop the line."""


class Server(Voila):
    """Voila as the kit needs it; its handlers find it as their `server`.

    It serves what is below `root` on a socket that is listening already, logs to `log_path`, keeps what servers tell
    their kernels in the folder `runtime`, and gives `ready` its address, key included, and where the log is, once it
    can be opened. `settings` are traits of Voila.
    """

    def __init__(
        self,
        root: Path,
        log_path: Path,
        runtime: Path,
        listening: socket.socket,
        ready: Callable[[str, Path], None],
        **settings: Any,
    ):
        super().__init__(root_dir=str(root), ip=HOST, token=secrets.token_urlsafe(24), config_file_paths=[], **settings)
        self.root = root
        self.log_path = log_path
        self.templates = templates()
        self.look = look("page.js", "line.js", "bar.js", "wall.js")
        self.listening = listening
        self.ready = ready
        self.port = listening.getsockname()[1]
        self.first = start_page(language(), root)
        self.opens = f"/voila/render/{self.first}"
        self.update_config(
            Config(
                Voila={
                    "connection_dir_root": str(runtime),
                    "identity_provider_class": keys.Keys,
                    "authorizer_class": keys.OwnKernels,
                },
                KernelRestarter={"restart_limit": 0},  # a new kernel knows nothing of the page: the page needs a reload
                VoilaConfiguration={
                    "extension_allowlist": FRONT_END,
                    "multi_kernel_manager_class": kernels.Kernels,
                },
            )
        )
        self.initialize([])
        self.bundle = Bundle(self.static_paths, self.labextensions_path)
        names = ("tornado.general", "tornado.application", "tornado.access")
        for log in (self.log, *map(logging.getLogger, names)):
            log.addFilter(without_key)

    def init_settings(self) -> dict[str, Any]:
        """Voila's settings; strangers' host names and forms are refused, errors are plain sentences."""
        settings = super().init_settings()
        self.kernel_spec_manager.kernel_dirs = []  # this very Python, whatever else the laptop has
        settings |= {
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
            (kernel, Model),
            (kernel + "/channels", Channels),
            (rf"/voila/api/presence/{KERNEL_ID}", Presence),
            (r"/voila/static/(\w+)/bundle.js", Scripts),
            (r"/voila/static/[\w.]+/(.*)", Fixed, {"path": static}),
            (r"/voila/labextensions/(.*)", Asset, {"path": self.labextensions_path}),
        ]

    def listen(self) -> None:
        """Serve until Ctrl-C or SIGTERM."""
        server = HTTPServer(self.app, max_body_size=BODY_BYTES)
        server.add_socket(self.listening)
        self.ioloop = tornado.ioloop.IOLoop.current()
        tornado.ioloop.PeriodicCallback(self.kernel_manager.look_round, 1000 * kernels.ROUND_SECONDS).start()
        address = f"http://{HOST}:{self.port}{self.opens}?token={self.token}"
        self.ioloop.add_callback(self.ready, address, self.log_path)
        self.ioloop.add_callback(self.kernel_manager.have_spares, self.first.rpartition("/")[0])
        signal.signal(signal.SIGINT, self._handle_signal_stop)  # as SIGTERM: no task is broken off in the middle
        try:
            self.ioloop.start()
        finally:
            self.stop()

    def stop(self) -> None:
        """End all kernels; who presses Ctrl-C once more meanwhile breaks nothing off."""
        for again in (signal.SIGINT, signal.SIGTERM):
            signal.signal(again, signal.SIG_IGN)
        self.ioloop.run_sync(self.kernel_manager.end_all)  # in the loop that some of them are ending in already


def without_key(record: logging.LogRecord) -> bool:
    """A filter that takes the key out of what is logged."""
    record.msg = re.sub(r"token=[^\s&'\"]+", "token=...", record.getMessage())
    record.args = ()
    return True


def log_request(handler: tornado.web.RequestHandler) -> None:
    """One line for each request."""
    request = handler.request
    level = logging.INFO if handler.get_status() < 400 else logging.WARNING
    took = 1000 * request.request_time()
    handler.settings["voila"].log.log(
        level, "%s %s %s %.0f ms", handler.get_status(), request.method, request.path, took
    )


def serve(
    root: Path,
    work: Path,
    keeper: Keeper,
    listening: socket.socket,
    ready: Callable[[str, Path], None],
    *,
    make: Callable[..., Server] = Server,
) -> None:
    """Serve pages until Ctrl-C or SIGTERM; see `Server`, or what `make` gives in its place."""
    log = errors_to(work / "log" / "server.log")
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a script that starts us may have switched Ctrl-C off
    with private_folder(work) as runtime:
        server = make(root, log, runtime, listening, ready)
        keeper.begin()
        server.start()
