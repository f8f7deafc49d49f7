"""``workshop lab``: JupyterLab as a process of its own, in Dutch, with settings of its own and nothing from outside."""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
from collections.abc import Callable
from pathlib import Path

from workshop.server.places import HOST, log_to, start_page
from workshop.texts import language

CHECKPOINTS = "jupyter_server.services.contents.filecheckpoints.AsyncGenericFileCheckpoints"
LOCALES = {"nl": "nl_NL", "en": "en"}


def settings_folder(work: Path) -> Path:
    """JupyterLab's settings in the work folder; what a person changed there stays, but for language and news."""
    folder = work / "lab" / "settings"
    wanted = {
        "translation-extension/plugin": {"locale": LOCALES[language()]},
        "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    }
    for name, settings in wanted.items():
        path = folder / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            kept = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):  # not there yet, or no longer plain JSON
            kept = {}
        path.write_text(json.dumps(kept | settings, indent=2), encoding="utf-8")
    return folder


def serve(root: Path, work: Path, listening: socket.socket, ready: Callable[[str, Path], None]) -> None:
    """Run JupyterLab on the folder `root` until Ctrl-C or SIGTERM; settings, drafts and log are kept in `work`.

    The port that is listened on is freed and taken again; `ready` gets the address, key included, and where the log is.
    """
    log, port = log_to(work / "log" / "lab.log"), listening.getsockname()[1]
    listening.close()
    os.environ["JUPYTER_CONFIG_DIR"] = str(work / "lab" / "config")
    os.environ["IPYTHONDIR"] = str(work / "lab" / "ipython")
    from jupyterlab.labapp import LabApp

    key = secrets.token_urlsafe(24)
    page = f"/lab/tree/{start_page(language(), root)}"
    options = {
        "ServerApp.ip": HOST,
        "ServerApp.port": port,
        "ServerApp.port_retries": 0,
        "ServerApp.root_dir": root,
        "ServerApp.open_browser": False,
        "ServerApp.answer_yes": True,
        "ServerApp.allow_root": True,
        "IdentityProvider.token": key,
        "LabApp.user_settings_dir": settings_folder(work),
        "LabApp.workspaces_dir": work / "lab" / "workspaces",
        "ContentsManager.checkpoints_class": CHECKPOINTS,
        "FileCheckpoints.root_dir": work / "lab" / "checkpoints",
        "LabApp.default_url": page,
        "LabApp.extension_manager": "readonly",
    }
    for folder in (*root.glob("notebooks/*"), *root.glob("exercises/*")):  # Jupyter makes none but the last folder
        if folder.is_dir():
            (work / "lab" / "checkpoints" / folder.relative_to(root)).mkdir(parents=True, exist_ok=True)
    app = LabApp.initialize_server(argv=[f"--{name}={value}" for name, value in options.items()])
    signal.signal(signal.SIGINT, app._signal_stop)  # at once, even where a script had switched Ctrl-C off
    app.io_loop.add_callback(ready, f"http://{HOST}:{app.port}{page}?token={key}", log)  # once it listens
    app.start()
