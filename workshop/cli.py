"""The command ``workshop``: opens the pages, opens JupyterLab, says whether everything is there."""

from __future__ import annotations

import argparse
import os
import sys
import threading
import traceback
from collections.abc import Iterable
from contextlib import suppress
from importlib import import_module
from itertools import pairwise
from pathlib import Path

from workshop.command_line import Command, NotUnderstood, not_understood, parser
from workshop.server import places
from workshop.texts import LANGUAGES, Message, Problem, language, set_language
from workshop.work import lock_folder, prepare, typed, work_folder


def tell(messages: Iterable[object]) -> None:
    """Print sentences at once, a line each; that nobody reads along any more is no reason to stop."""
    with suppress(BrokenPipeError):
        for message in messages:
            print(message, flush=True)


def say(key: str, **values: object) -> None:
    """Print one sentence at once."""
    tell([Message(key, **values)])


def announce(options: argparse.Namespace, address: str, log: Path | None = None, *more: str) -> None:
    """Print where pages are and what is good to know, and open the browser; `more` are keys of sentences."""
    tell([address])
    if log:
        say("server.kept", folder=options.work)
        say("server.log", path=log)
    for key in (*more, "server.stop"):
        say(key)
    if not options.no_browser:
        open_browser(address)


def serve(options: argparse.Namespace) -> int:
    """Serve the pages without code (``start``), or JupyterLab (``lab``)."""
    from workshop.server.keeper import Keeper

    work = options.work
    root = places.pages_root()
    command = options.command
    prepare(work, command)
    places.start_page(language(), root)
    lock = lock_folder(work) if command == "start" else None
    listening = places.claim(options.port, command)
    keeper = Keeper(work)
    tell(keeper.look_after_at_start())

    def ready(address: str, log: Path) -> None:
        say("server.ready")
        announce(options, address, log)

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
    from workshop.room.earlier import earlier
    from workshop.room.phones import Phones, listen
    from workshop.server.keeper import Keeper

    work = options.work
    root = places.pages_root()
    prepare(work, "room")
    places.start_page(language(), root)
    address = addresses.choose(options.address)
    lock = lock_folder(work)  # pages of one table and a room never share a folder
    listening = places.claim(options.port, "room", "")
    for_phones = places.claim(options.port and options.port + 1, "room", "")
    keeper = Keeper(work)
    tell(keeper.look_after_at_start())
    name = rooms.next_room(work) if options.new else rooms.current_room(work)
    os.environ["WORKSHOP_ROOM"] = name
    opened = rooms.open_room(work, name, options.tables)
    phones = Phones(opened)
    phones_at = f"http://{address}:{for_phones.getsockname()[1]}"

    def ready(trainer: str, log: Path) -> None:
        before = earlier(opened)
        tell([before] if before else [])
        say("room.ready", word=opened.state.word, address=phones_at)
        announce(options, trainer, log, "room.hotspot")

    tables.serve(opened, phones_at, lambda: listen(phones, for_phones), root, work, keeper, listening, ready)
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
    if options.room:
        ports.pop("room", None)  # `check_room` tries them
    faults = faults_among(findings(options.work, ports))
    if options.room:
        faults += check_room()
    say("check.bad" if faults else "check.good", command=typed())
    return 1 if faults else 0


def faults_among(findings: Iterable[tuple[bool, Message]]) -> int:
    """Print what was found, with a mark at what is wrong; how much that is."""
    faults = 0
    for good, message in findings:
        faults += not good
        print("  " if good else "! ", message, sep="", flush=True)
    return faults


def check_room() -> int:
    """Say whether telephones will find this laptop, and let one try; how many faults there are."""
    from workshop.room import addresses

    port = COMMANDS["room"].port or 0
    faults = faults_among(addresses.findings((port, port + 1)))
    if faults:
        return faults
    say("room.try_it", minutes=addresses.WAIT_SECONDS // 60)
    print(f"http://{addresses.choose(None)}:{port + 1}", flush=True)
    came = addresses.visitor(places.claim(port + 1, "room", ""))
    return faults_among([(bool(came), Message("room.reached" if came else "room.not_reached", address=came))])


def papers(options: argparse.Namespace) -> int:
    """Write the papers of a workshop, or its slides, as PDF."""
    from workshop.answers.files import noting_files
    from workshop.answers.store import PAPERS
    from workshop.output import handouts, slides
    from workshop.session import open_session

    make = {"handouts": handouts.make_handouts, "slides": slides.make_slides}[options.command]
    folder = (options.out or options.work / PAPERS).expanduser().absolute()
    # Slides hold nothing of a table; papers hold names, and only those in the work folder are promised to go with them.
    noted = options.command == "handouts" and folder.is_relative_to(options.work)
    session = open_session() if options.work.is_dir() else None
    if session and noted:
        with noting_files(options.work) as made_of:
            made_of.append(session.store.where)
            made = make(folder, session=session)
    else:
        made = make(folder, session=session)
    say("handout.written", n=len(made), folder=folder)
    return 0


def report(options: argparse.Namespace) -> int:
    """Write the report of what tables handed in, or of the work folder."""
    from workshop.answers.database import path_of
    from workshop.answers.files import groups_of, noting_files
    from workshop.answers.tables import of_one_room, read_room
    from workshop.output.report import write_report
    from workshop.output.totals import write_totals

    given = options.files
    if not given and options.work.is_dir():
        given = [options.work]
        if path_of(options.work).exists():  # an empty folder stays empty
            prepare(options.work, "report")
    folder = (options.out or options.work / "reports").expanduser().absolute()
    with noting_files(options.work) as made_of:
        tables = read_room(*given)
        tell(tables.notes)
        if options.room or not options.files:
            tables, left_out = of_one_room(tables, options.work, options.room)
            tell(left_out)
        made_of += groups_of(tables.tables, options.work)
        if not tables.tables:
            say("report.nothing")
            return 1
        made = [*write_report(tables, folder), *write_totals(tables, folder)]
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
        announce(options, address)
        serve_site(folder, listening)
    return 0


COMMANDS = {
    "start": Command(serve, 8867),
    "lab": Command(serve, 8868),
    "room": Command(serve_room, 8870, switches=("new",)),
    "check": Command(check),
    "handouts": Command(papers, writes=True),
    "slides": Command(papers, writes=True),
    "report": Command(report, writes=True),
    "site": Command(site, 8869, writes=True, switches=("serve", "zip")),
}


def main(arguments: list[str] | None = None) -> int:
    """Run one command: 0 when all went well, 1 when something is missing, 2 when something has to be done first."""
    arguments = sys.argv[1:] if arguments is None else arguments
    for given, value in pairwise(arguments):
        if given == "--language" and value in LANGUAGES:
            set_language(value)  # before the words of the help are made
    try:
        options = parser(COMMANDS).parse_args(arguments)
    except NotUnderstood:
        print(not_understood(arguments, list(COMMANDS)), file=sys.stderr, flush=True)
        return 2
    if options.command is None:
        parser(COMMANDS).print_help()
        return 2
    if options.language:
        set_language(options.language)  # also where it was written as --language=en
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
