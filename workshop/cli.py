"""The command ``workshop``: opens the pages, opens JupyterLab, says whether everything is there."""

from __future__ import annotations

import argparse
import os
import sys
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from difflib import get_close_matches
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple, NoReturn

from workshop import __version__
from workshop.server import places
from workshop.texts import LANGUAGES, Message, Problem, language, set_language
from workshop.work import lock_folder, prepare, work_folder


def say(key: str, **values: object) -> None:
    """Print a sentence at once; that nobody reads along any more is no reason to stop."""
    with suppress(BrokenPipeError):
        print(Message(key, **values), flush=True)


def room() -> str:
    """The room of today."""
    return os.environ.get("WORKSHOP_ROOM") or "workshop"


def serve(options: argparse.Namespace) -> int:
    """Serve the pages without code (``start``), or JupyterLab (``lab``)."""
    from workshop.server.keeper import Keeper

    work = options.work
    root = places.pages_root()
    command = options.command
    prepare(work, command)
    places.start_page(language(), root)
    lock = lock_folder(work, command) if command == "start" else None
    listening = places.claim(options.port, command)
    keeper = Keeper(work)
    notes = keeper.look_after_at_start()
    for note in notes:
        print(note, flush=True)

    def ready(address: str, log: Path) -> None:
        say("server.ready")
        print(address, flush=True)
        say("server.kept", folder=work)
        say("server.log", path=log)
        say("server.stop")
        if not options.no_browser:
            open_browser(address)

    server = import_module(f"workshop.server.{'app' if command == 'start' else 'lab'}")
    server.serve(root, work, keeper, listening, ready)
    if lock:
        lock.release()
    say("server.stopped")
    return 0


def serve_room(options: argparse.Namespace) -> int:
    """Serve tables and telephones over the network, the wall and the trainer's page on this laptop."""
    from workshop.answers import rooms
    from workshop.room import addresses, tables
    from workshop.room.phones import Phones, listen
    from workshop.server.keeper import Keeper

    work = options.work
    root = places.pages_root()
    prepare(work, "room")
    places.start_page(language(), root)
    address = addresses.choose(options.address)
    lock = lock_folder(work, "start")  # pages of one table and a room never share a folder
    listening = places.claim(options.port, "room", "")
    for_phones = places.claim(options.port and options.port + 1, "room", "")
    keeper = Keeper(work)
    for note in keeper.look_after_at_start():
        print(note, flush=True)
    name = rooms.next_room(work) if options.new else rooms.current_room(work)
    os.environ["WORKSHOP_ROOM"] = name
    opened = rooms.open_room(work, name, options.tables)
    phones = Phones(opened)
    phones_at = f"http://{address}:{for_phones.getsockname()[1]}"

    def ready(trainer: str, log: Path) -> None:
        say("room.ready", word=opened.state.word, address=phones_at)
        print(trainer, flush=True)
        say("server.kept", folder=work)
        say("server.log", path=log)
        say("room.hotspot")
        say("server.stop")
        if not options.no_browser:
            open_browser(trainer)

    tables.serve(
        root, work, keeper, listening, ready, opened, beside=lambda: listen(phones, for_phones), phones_at=phones_at
    )
    lock.release()
    say("server.stopped")
    return 0


def open_browser(address: str) -> None:
    """Open the trainer's own browser, without waiting for it."""
    import webbrowser

    threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()


def check(options: argparse.Namespace) -> int:
    """Say what is there, what is missing and where things are kept."""
    from workshop.diagnosis import findings

    ports = {name: command.port for name, command in COMMANDS.items() if command.port and not command.writes}
    faults = 0
    for good, message in findings(options.work, room(), ports):
        faults += not good
        print("  " if good else "! ", message, sep="", flush=True)
    if options.room:
        faults += check_room()
    say("check.bad" if faults else "check.good")
    return 1 if faults else 0


def check_room() -> int:
    """Say whether telephones will find this laptop, and let one try; how many faults there are."""
    from workshop.room import addresses

    port = COMMANDS["room"].port or 0
    faults = 0
    for good, message in addresses.findings((port, port + 1)):
        faults += not good
        print("  " if good else "! ", message, sep="", flush=True)
    if faults:
        return faults
    say("room.try_it", minutes=addresses.WAIT_SECONDS // 60)
    print(f"http://{addresses.choose(None)}:{port + 1}", flush=True)
    came = addresses.visitor(places.claim(port + 1, "room", ""))
    print("  " if came else "! ", Message("room.reached" if came else "room.not_reached", address=came), sep="")
    return 0 if came else 1


def papers(options: argparse.Namespace) -> int:
    """Write the papers of a workshop, or its slides, as PDF."""
    from workshop.answers.database import note_files
    from workshop.output import handouts, slides
    from workshop.session import open_session

    make = {"handouts": handouts.make_handouts, "slides": slides.make_slides}[options.command]
    folder = (options.out or options.work / "handouts").expanduser().absolute()
    made = make(folder, session=open_session() if options.work.is_dir() else None)
    note_files(options.work, made)
    say("handout.written", n=len(made), folder=folder)
    return 0


def report(options: argparse.Namespace) -> int:
    """Write the report of what tables handed in, or of the work folder."""
    from workshop.answers.database import note_files, path_of
    from workshop.answers.tables import read_room
    from workshop.output.report import write_report
    from workshop.output.totals import write_totals

    given = options.files
    if not given and options.work.is_dir():
        given = [options.work]
        if path_of(options.work).exists():  # an empty folder stays empty
            prepare(options.work, "report")
    tables = read_room(*given)
    for note in tables.notes:
        print(note, flush=True)
    if not tables.tables:
        say("report.nothing")
        return 1
    folder = (options.out or options.work / "reports").expanduser().absolute()
    made = [*write_report(tables, folder), *write_totals(tables, folder)]
    note_files(options.work, made)
    say("report.written", n=len(made), folder=folder, first=made[0].name)
    return 0


def site(options: argparse.Namespace) -> int:
    """Make the pages as static files, for any web server; serve them here where that was asked for."""
    from workshop.site import make_site, serve_site, zip_site

    folder = (options.out or Path("site")).expanduser().absolute()
    make_site(folder)
    say("site.written", folder=folder)
    if options.zip:
        say("site.zipped", path=zip_site(folder))
    if options.serve:
        listening = places.claim(options.port, "site")
        address = f"http://{places.HOST}:{listening.getsockname()[1]}/"
        say("server.ready")
        print(address, flush=True)
        say("server.stop")
        if not options.no_browser:
            open_browser(address)
        serve_site(folder, listening)
    return 0


class Command(NamedTuple):
    """A sub-command; its help is the sentence ``cli.<name>``. One that serves has a port; others write files."""

    run: Callable[[argparse.Namespace], int]
    port: int | None = None
    writes: bool = False
    reads: bool = False
    switches: tuple[str, ...] = ()


COMMANDS = {
    "start": Command(serve, 8867),
    "lab": Command(serve, 8868),
    "room": Command(serve_room, 8870),
    "check": Command(check),
    "handouts": Command(papers, writes=True),
    "slides": Command(papers, writes=True),
    "report": Command(report, writes=True, reads=True),
    "site": Command(site, 8869, writes=True, switches=("serve", "zip")),
}


class NotUnderstood(Exception):
    """What was typed is no command; argparse would say so in English."""


class Parser(argparse.ArgumentParser):
    """A parser that says in a plain sentence what it did not understand."""

    def __init__(self, **settings):
        super().__init__(add_help=False, **settings)
        self._positionals.title = str(Message("cli.commands"))
        self._optionals.title = str(Message("cli.options"))
        self.add_argument("-h", "--help", action="help", help=str(Message("cli.help")))

    def format_help(self) -> str:
        """The explanation, its first word too."""
        return super().format_help().replace("usage:", str(Message("cli.usage")), 1)

    def error(self, message: str) -> NoReturn:
        """Leave it to `main`, which knows all that was typed."""
        raise NotUnderstood(message)


def parser() -> Parser:
    """The command line, built from the table of commands."""
    made = Parser(prog="workshop", description=str(Message("cli.about")))
    made.add_argument("--version", action="version", version=__version__, help=str(Message("cli.version")))
    below = made.add_subparsers(dest="command", metavar="|".join(COMMANDS), parser_class=Parser)
    for name, command in COMMANDS.items():
        words = str(Message(f"cli.{name}"))
        one = below.add_parser(name, help=words, description=words)
        one.add_argument("--work", type=Path, metavar=str(Message("cli.folder")), help=str(Message("cli.work")))
        one.add_argument("--language", choices=LANGUAGES, help=str(Message("cli.language")))
        if command.port is not None:
            usual = str(Message("cli.port", port=str(command.port)))
            one.add_argument("--port", type=int, default=command.port, help=usual)
            one.add_argument("--no-browser", action="store_true", help=str(Message("cli.no_browser")))
        if name == "room":
            one.add_argument("--tables", type=int, default=6, help=str(Message("cli.tables")))
            one.add_argument("--address", help=str(Message("cli.address")))
            one.add_argument("--new", action="store_true", help=str(Message("cli.new")))
        if name == "check":
            one.add_argument("--room", action="store_true", help=str(Message("cli.check_room")))
        for switch in command.switches:
            one.add_argument(f"--{switch}", action="store_true", help=str(Message(f"cli.{switch}")))
        if command.reads:
            one.add_argument(
                "files", type=Path, nargs="*", metavar=str(Message("cli.file")), help=str(Message("cli.files"))
            )
        if command.writes:
            one.add_argument("--out", type=Path, metavar=str(Message("cli.folder")), help=str(Message("cli.out")))
    return made


def not_understood(arguments: list[str]) -> Message:
    """What to say where a command line cannot be followed."""
    given = " ".join(arguments)
    for word in arguments:
        if word in COMMANDS:
            return Message("cli.wrong_setting", given=given, command=word)
        if near := get_close_matches(word.lower(), COMMANDS, 1):
            return Message("cli.near", given=given, command=near[0])
    return Message("cli.wrong", given=given, commands=", ".join(COMMANDS))


def main(arguments: list[str] | None = None) -> int:
    """Run one command: 0 when all went well, 1 when something is missing, 2 when something has to be done first."""
    arguments = sys.argv[1:] if arguments is None else arguments
    for given, value in pairwise(arguments):
        if given == "--language" and value in LANGUAGES:
            set_language(value)  # before the words of the help are made
    try:
        options = parser().parse_args(arguments)
    except NotUnderstood:
        print(not_understood(arguments), file=sys.stderr, flush=True)
        return 2
    if options.command is None:
        parser().print_help()
        return 2
    if options.work is None:
        options.work = work_folder()
    options.work = options.work.expanduser().absolute()
    os.environ |= {"WORKSHOP_WORK": str(options.work), "WORKSHOP_LANGUAGE": language()}
    try:
        return COMMANDS[options.command].run(options)
    except Problem as problem:
        print(problem, file=sys.stderr, flush=True)
        return 2
    except KeyboardInterrupt:
        say("server.stopped")
        return 130
    except Exception:
        traceback.print_exc()  # to the log, once a server has one
        say("server.crashed", folder=options.work / "log")
        return 1
