"""``workshop check``: what is there, what is missing, and where things are kept."""

from __future__ import annotations

import asyncio
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from jupyter_client.kernelspec import KernelSpecManager

from workshop.answers import database
from workshop.domain.questions import register
from workshop.server import places
from workshop.server.folder import private_folder
from workshop.server.kernels import READY_SECONDS, Kernel
from workshop.server.places import Finding
from workshop.texts import Message, Problem, data_root
from workshop.work import Lock, is_network_folder, prepare

RARE_LOSS = ((3, 7, 0), (3, 51, 2))
"""First and last SQLite that can lose what is written while the file is tidied ..."""
MENDED = ((3, 44, 6), (3, 50, 7))
"""... but for these two, where that was mended."""


def findings(work: Path, ports: Mapping[str, int]) -> Iterator[Finding]:
    """All findings: whether it is good, and the sentence.

    Parameters
    ----------
    work : Path
        The work folder.
    ports : mapping
        The usual port of each command that serves pages.
    """
    yield True, Message("check.version", python=sys.version.split()[0])
    yield True, Message("check.source", folder=Path(__file__).parent)
    yield from packages()
    yield from pages()
    yield from asked_questions()
    yield True, Message("check.work", folder=work)
    try:
        logs = prepare(work)
    except Problem as problem:
        yield False, problem.message
        return
    yield True, Message("check.logs", folder=logs)
    yield True, Message("check.writable")
    if is_network_folder(work):
        yield False, Message("answers.network-folder", folder=str(work))
    yield from database_program()
    yield from newer(work)
    yield from kernel(work)
    yield from servers(work, ports)


def asked_questions() -> Iterator[Finding]:
    """Whether the register of questions can be read, which trainers may edit."""
    try:
        yield True, Message("check.questions", n=len(register()))
    except Problem as problem:
        yield False, problem.message


def needed() -> list[str]:
    """The packages that the kit asks for when it is installed, itself first."""
    try:
        asked = [line for line in requires("gbo-workshop") or () if "extra ==" not in line]
    except PackageNotFoundError:
        asked = []
    return ["gbo-workshop", *(re.split(r"[^\w.-]", line)[0] for line in asked)]


def packages() -> Iterator[Finding]:
    """Whether what is needed is installed."""
    for name in needed():
        try:
            yield True, Message("check.package", name=name, version=version(name))
        except PackageNotFoundError:
            yield False, Message("check.missing", name=name)


def pages() -> Iterator[Finding]:
    """Whether texts and pages are there."""
    for folder in (data_root(), places.pages_root() / "notebooks" / "nl"):
        if not folder.is_dir():
            yield False, Message("check.no_data", folder=folder)


def database_program() -> Iterator[Finding]:
    """Which SQLite keeps the answers."""
    yield True, Message("check.sqlite", version=sqlite3.sqlite_version)
    if may_lose(sqlite3.sqlite_version_info):
        yield True, Message("check.sqlite_rare")


def may_lose(sqlite: tuple[int, ...]) -> bool:
    """Whether a SQLite can, very seldom, lose what is written at the moment that the file is tidied."""
    first, last = RARE_LOSS
    return first <= sqlite <= last and sqlite not in MENDED


def newer(work: Path) -> Iterator[Finding]:
    """That a newer kit made the file of answers, where it did; a start is then refused."""
    try:
        with suppress(sqlite3.DatabaseError):  # a damaged file is mended at a start
            database.refuse_newer(database.path_of(work))
    except Problem as problem:
        yield False, problem.message


def kernel(work: Path) -> Iterator[Finding]:
    """Whether the program behind a page can start."""
    try:
        asyncio.run(start_one(work))
    except Exception as error:
        yield False, Message("check.no_kernel", reason=str(error) or type(error).__name__)
    else:
        yield True, Message("check.kernel")


async def start_one(work: Path) -> None:
    """Start a kernel and end it."""
    with private_folder(work) as folder:
        specs = KernelSpecManager(kernel_dirs=[], data_dir=str(folder))
        manager = Kernel(kernel_name="python3", kernel_spec_manager=specs)
        env = {**os.environ, "IPYTHONDIR": str(folder / "ipython")}
        try:
            await manager.start_kernel(env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            client = manager.client()
            client.start_channels()
            try:
                await client.wait_for_ready(timeout=READY_SECONDS)
            finally:
                client.stop_channels()
        finally:
            if manager.has_kernel:
                await manager.shutdown_kernel(now=True)


def servers(work: Path, ports: Mapping[str, int]) -> Iterator[Finding]:
    """Whether the kit is running on this folder, else whether its ports are free."""
    lock = Lock(work / "start.lock")
    if not lock.take():
        yield True, Message("check.running")
        return
    lock.release()
    # Where a program listens on all addresses, a firewall may ask about it: only `check --room` does that.
    for command, port in ports.items():
        yield places.try_port(port, command)
        if command == "room":
            yield places.try_port(port + 1, command)
