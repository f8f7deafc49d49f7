"""The command line as words: which commands and settings there are, and what is said of one that is none."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple, NoReturn

from workshop import __version__
from workshop.texts import LANGUAGES, Message


class Command(NamedTuple):
    """A sub-command; its help is the sentence ``cli.<name>``. One that serves has a port; others write files."""

    run: Callable[[argparse.Namespace], int]
    port: int | None = None
    writes: bool = False
    switches: tuple[str, ...] = ()


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


def parser(commands: Mapping[str, Command]) -> Parser:
    """The command line, built from the table of commands."""
    made = Parser(prog="workshop", description=str(Message("cli.about")))
    made.add_argument("--version", action="version", version=__version__, help=str(Message("cli.version")))
    below = made.add_subparsers(dest="command", metavar="|".join(commands), parser_class=Parser)
    for name, command in commands.items():
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
        if name == "check":
            one.add_argument("--room", action="store_true", help=str(Message("cli.check_room")))
        if name == "report":
            one.add_argument("--room", default="", metavar=str(Message("cli.name")), help=str(Message("cli.one_room")))
            one.add_argument(
                "files", type=Path, nargs="*", metavar=str(Message("cli.file")), help=str(Message("cli.files"))
            )
        for switch in command.switches:
            one.add_argument(f"--{switch}", action="store_true", help=str(Message(f"cli.{switch}")))
        if command.writes:
            one.add_argument("--out", type=Path, metavar=str(Message("cli.folder")), help=str(Message("cli.out")))
    return made


def not_understood(arguments: list[str], commands: list[str]) -> Message:
    """What to say where a command line cannot be followed."""
    given = " ".join(arguments)
    for word in arguments:
        if word in commands:
            return Message("cli.wrong_setting", given=given, command=word)
        if near := get_close_matches(word.lower(), commands, 1):
            return Message("cli.near", given=given, command=near[0])
    return Message("cli.wrong", given=given, commands=", ".join(commands))
