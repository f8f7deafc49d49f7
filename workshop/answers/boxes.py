"""What a browser held on to, applied once: the store keeps one number for each box (page load).

A send carries all that its box still holds, in order; the number is written in the same transaction as the answers, so
that whatever line loses, doubles or reorders sends, nothing is lost and nothing counts twice.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from workshop.answers import database
from workshop.answers.change import Change
from workshop.answers.store import NotKept, Store
from workshop.texts import Message, Problem

OLD_SECONDS = 600
"""From what age on an entry that another page overtook is asked about."""


@dataclass(frozen=True)
class Entry:
    """One thing that somebody did or typed.

    Parameters
    ----------
    n : int
        Its number in the box, from 1.
    item : str
        What it changes.
    what : dict
        ``do`` and what belongs to it, see `workshop.entries`.
    person : str, optional
        The seat that did it.
    base : int
        The version of the item that its page had seen.
    age : float
        Seconds since it was made, as the browser counts them.
    confirmed : bool
        Whether somebody said that it shall be applied although it is old.
    """

    n: int
    item: str
    what: dict[str, Any]
    person: str | None = None
    base: int = 0
    age: float = 0
    confirmed: bool = False

    def text(self, field: str) -> str:
        """A text that was sent; empty where it is no text."""
        value = self.what.get(field)
        return _whole(value) if isinstance(value, str) else ""

    @classmethod
    def read(cls, sent: Any) -> Entry:
        """From what a browser sent; ValueError where it is no entry."""
        if not isinstance(sent, dict):
            raise ValueError("no entry")
        n = sent.get("n")
        what = sent.get("what")
        base = sent.get("base")
        age = sent.get("age")
        person = sent.get("person")
        if not isinstance(n, int) or isinstance(n, bool) or not 0 < n < 2**53:
            raise ValueError("an entry without a number")
        return cls(
            n,
            _whole(str(sent.get("item", ""))[:200]),
            what if isinstance(what, dict) else {},  # fails when it is applied, and the browser sets it aside
            _whole(str(person)[:64]) if person else None,
            base if isinstance(base, int) and 0 <= base < 2**62 else 0,
            age / 1000 if isinstance(age, (int, float)) and abs(age) < 2**53 else 0,
            sent.get("confirmed") is True,
        )


def _whole(text: str) -> str:
    """A text without halves of characters, which no file can hold."""
    return text.encode("utf-8", "replace").decode()


def read_entries(sent: Any) -> list[Entry]:
    """All entries that a browser sent; what has no number cannot be answered, and is left out."""
    entries = []
    for one in sent if isinstance(sent, list) else ():
        with suppress(ValueError):
            entries.append(Entry.read(one))
    return entries


@dataclass
class Result:
    """What became of an entry: "done", "refused", "later", "asked" or "failed", and a sentence where there is one."""

    n: int
    state: str
    text: Message | None = None
    version: int = 0
    new: list[str] = field(default_factory=list)
    reason: str = ""

    def told(self) -> dict[str, Any]:
        """As a browser hears it; why an entry failed is for the log."""
        return {
            "n": self.n,
            "state": self.state,
            "text": str(self.text or ""),
            "reason": self.reason if self.state == "asked" else "",
            "version": self.version,
            "new": self.new,
        }


Apply = Callable[[Change, Entry], Result]


def receive(store: Store, box: str, generation: int, entries: list[Entry], apply: Apply) -> tuple[int, list[Result]]:
    """Apply what is above the box's number, in one transaction.

    Parameters
    ----------
    store : Store
    box : str
        Id of the page load.
    generation : int
        The generation that the browser knew; what belongs to an older one is asked about.
    entries : list of Entry
        In order.
    apply : callable
        Takes the change and an entry. What it raises as a `Problem` refuses the entry; anything else fails it.

    Returns
    -------
    upto : int
        The number up to which the browser may forget.
    results : list of Result
    """
    try:
        with store.change(box) as change:
            return apply_box(change, generation, entries, apply)
    except NotKept as problem:  # another tab may have kept it meanwhile, as in the pages of a link
        upto = 0
        with suppress(Exception):  # whatever the disk does, the browser keeps what it has
            upto = number_of(store, box)
        return upto, [later(entries, upto, problem.message)]


def later(entries: list[Entry], upto: int, why: Message) -> Result:
    """Of the first entry that is still to be done: the browser keeps it, and all after it."""
    return Result(next((entry.n for entry in entries if entry.n > upto), 0), "later", why)


def apply_box(change: Change, generation: int, entries: list[Entry], apply: Apply) -> tuple[int, list[Result]]:
    """As `receive`, inside a transaction: up to which number, and what became of the entries.

    In a closed room a release is taken back, and all else waits.
    """
    store = change.store
    box = change.box
    results: list[Result] = []
    upto = before = number_of(store, box)
    closed = store.is_closed
    for entry in entries:
        if entry.n <= upto:
            continue
        if closed and entry.text("do") != "withdraw":
            results.append(Result(entry.n, "later", Message("room.closed")))
            break
        result = _asked(store, box, generation, entry) or _tried(store, change, entry, apply)
        results.append(result)
        if result.state not in ("done", "refused"):
            break
        upto = entry.n
    if upto > before:
        store.execute("INSERT OR REPLACE INTO boxes VALUES (?, ?, ?)", (box, upto, database.now()))
    return upto, results


def number_of(store: Store, box: str) -> int:
    """Up to which number a box was applied."""
    found = store.execute("SELECT n FROM boxes WHERE box=?", (box,)).fetchall()
    return found[0][0] if found else 0


def _tried(store: Store, change: Change, entry: Entry, apply: Apply) -> Result:
    """Apply one entry; what is refused leaves no trace."""
    step = change.step
    store.execute("SAVEPOINT entry")
    change.step = None  # each entry is a step of its own
    try:
        result = apply(change, entry)
    except Problem as problem:
        result = Result(entry.n, "refused", problem.message)
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError, OverflowError) as error:
        result = Result(entry.n, "failed", Message("outbox.failed"))
        result.reason = f"{type(error).__name__}: {error}"
    if result.state != "done":
        change.step = step
        store.execute("ROLLBACK TO entry")
    store.execute("RELEASE entry")
    return result


def _asked(store: Store, box: str, generation: int, entry: Entry) -> Result | None:
    """Whether a person has to say first that an entry shall be applied."""
    if generation != store.generation:
        return Result(entry.n, "asked", Message("outbox.generation"), reason="generation")
    if entry.age > OLD_SECONDS and not entry.confirmed:
        newest = store.newest(entry.item, entry.person)
        if newest and newest.version > entry.base and newest.box != box:
            return Result(entry.n, "asked", Message("outbox.overtaken"), reason="overtaken")
    return None
