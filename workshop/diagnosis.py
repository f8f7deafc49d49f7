"""``workshop check``: what is there, what is missing, and where things are kept."""

from __future__ import annotations

import re
import sqlite3
import sys
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from workshop.domain.questions import register
from workshop.server import places
from workshop.texts import Message, Problem, data_root
from workshop.work import Lock, is_network_folder, prepare

RARE_LOSS = ((3, 7, 0), (3, 51, 2))
"""First and last SQLite that can lose what is written while the file is tidied ..."""
MENDED = ((3, 44, 6), (3, 50, 7))
"""... but for these two, where that was mended."""

Finding = tuple[bool, Message]


def findings(work: Path, room: str, ports: Mapping[str, int]) -> Iterator[Finding]:
    """All findings: whether it is good, and the sentence.

    Parameters
    ----------
    work : Path
        The work folder.
    room : str
        Its room of today.
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


def kernel(work: Path) -> Iterator[Finding]:
    """Whether the program behind a page can start."""
    from workshop.server.kernels import cannot_start

    if reason := cannot_start(work):
        yield False, Message("check.no_kernel", reason=reason)
    else:
        yield True, Message("check.kernel")


def servers(work: Path, ports: Mapping[str, int]) -> Iterator[Finding]:
    """Whether the kit is running on this folder, else whether its ports are free."""
    lock = Lock(work / "start.lock")
    if not lock.take():
        yield True, Message("check.running")
        return
    lock.release()
    for command, port in ports.items():
        try:
            places.claim(port, command).close()
            yield True, Message("check.port_free", port=str(port), command=command)
        except Problem as problem:
            yield False, problem.message
