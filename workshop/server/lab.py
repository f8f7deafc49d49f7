"""``workshop lab``: JupyterLab as a process of its own, in Dutch, with settings of its own and nothing from outside."""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
from collections.abc import Callable
from pathlib import Path

from workshop.server.folder import private_folder
from workshop.server.keeper import Keeper
from workshop.server.places import HOST, start_page
from workshop.texts import Message, language
from workshop.work import errors_to

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


def first_line(work: Path) -> None:
    """Let a line stand above each notebook that says which keys run it."""
    sheet = work / "lab" / "config" / "custom" / "custom.css"
    sheet.parent.mkdir(parents=True, exist_ok=True)
    line = json.dumps(str(Message("server.keys")), ensure_ascii=False)
    look = "display: block; padding: 8px; font: 600 14px var(--jp-ui-font-family); background: #fff3c4; color: #222"
    sheet.write_text(f".jp-Notebook::before {{ content: {line}; {look} }}\n", encoding="utf-8")


def own_folders(root: Path, work: Path) -> None:
    """Jupyter's folders in the work folder: what a laptop has of its own is neither needed nor changed."""
    lab = work / "lab"
    for kind in ("config", "data"):
        os.environ[f"JUPYTER_{kind.upper()}_DIR"] = str(lab / kind)
    os.environ["IPYTHONDIR"] = str(lab / "ipython")
    for folder in (*root.glob("notebooks/*"), *root.glob("exercises/*")):  # Jupyter makes none but the last folder
        if folder.is_dir():
            (lab / "checkpoints" / folder.relative_to(root)).mkdir(parents=True, exist_ok=True)


def serve(root: Path, work: Path, keeper: Keeper, listening: socket.socket, ready: Callable[[str, Path], None]) -> None:
    """Run JupyterLab on the folder `root` until Ctrl-C or SIGTERM; settings, drafts and log are kept in `work`.

    The port that is listened on is freed and taken again; `ready` gets the address, key included, and where the log is.
    """
    log = errors_to(work / "log" / "lab.log")
    port = listening.getsockname()[1]
    listening.close()
    own_folders(root, work)
    first_line(work)
    with private_folder(work):
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
            "AsyncMappingKernelManager.kernel_manager_class": "workshop.server.kernels.Kernel",
            "ContentsManager.checkpoints_class": CHECKPOINTS,
            "FileCheckpoints.root_dir": work / "lab" / "checkpoints",
            "LabApp.default_url": page,
            "LabApp.extension_manager": "readonly",
            "LanguageServerManager.autodetect": False,  # it asks npm, where there is one, for servers that nobody needs
            "LabApp.custom_css": True,
        }
        app = LabApp.initialize_server(argv=[f"--{name}={value}" for name, value in options.items()])
        signal.signal(signal.SIGINT, app._signal_stop)  # at once, even where a script had switched Ctrl-C off
        app.io_loop.add_callback(keeper.begin)
        address = f"http://{HOST}:{app.port}{page}?token={key}"
        app.io_loop.add_callback(ready, address, log)  # once it listens
        app.start()
