"""Names of the files that people take along: whose they are, what they are and of which day, in plain letters."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from workshop.answers.store import Store
from workshop.texts import Message

LONGEST = 40


def own_name(store: Store) -> str:
    """What a table calls itself; empty where it did not say so."""
    name = store.get("table-name")
    return name if isinstance(name, str) and name.strip() else ""


def table_name(store: Store) -> str:
    """What a table calls itself; a table without a name is called by its group."""
    return own_name(store) or str(Message("dashboard.nameless", group=store.group))


def plain(name: str) -> str:
    """A name in letters, figures and hyphens that every system takes: Sint-Niklaas (één) is Sint-Niklaas-een."""
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub("[^A-Za-z0-9]+", "-", letters)[:LONGEST].strip("-") or str(Message("file.table"))


def stem(name: str, kind: str, group: str = "") -> str:
    """A file's name without its ending, such as ``GBO-Westrand-verslag-2026-11-26``.

    Parameters
    ----------
    name : str
        Of the table.
    kind : str
        What the file is; the word stands below ``file``.
    group : str, optional
        Of the table, where another one is called the same.
    """
    parts = [plain(name), plain(str(Message(f"file.{kind}"))), date.today().isoformat(), group]
    return "-".join(part for part in parts if part)


def own_stem(store: Store, kind: str) -> str:
    """`stem` for a table of this laptop, with its group where another table here is called the same."""
    mine = table_name(store)
    groups = store.query("SELECT room, grp FROM groups")
    others = [store.beside(group, room) for room, group in groups if (room, group) != store.where]
    taken = {plain(table_name(other)).casefold() for other in others}
    return stem(mine, kind, store.group if plain(mine).casefold() in taken else "")


def of_session(kind: str, ending: str) -> str:
    """The name of a file on all tables together, such as ``Sessie-totalen-2026-11-26.xlsx``."""
    return f"{stem(str(Message('report.session')), kind)}.{ending}"
