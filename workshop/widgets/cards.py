"""One card at a time: tasks with an answer in a source, and situations without one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import ipywidgets as w

from workshop.domain.governance import cite, unread
from workshop.domain.questions import RegisterEntry, about, question, questions
from workshop.session import Session
from workshop.texts import Message
from workshop.widgets.ask import Ask
from workshop.widgets.base import View, fold, row, say, sentence
from workshop.widgets.choices import Choices
from workshop.widgets.seats import SeatBar
from workshop.widgets.spread import Spread

COUNTED = "kit"
"""The source of a key that was counted or made up for the kit: no source says it."""


class CardPicker(View):
    """Which card is on the table: a list to choose from, and buttons to the one before and the one after.

    It also knows which cards somebody opened to read what is said of them; the view puts the button for that.

    Parameters
    ----------
    session : Session
    label : Message
        What stands beside the list.
    titles : mapping of str to str
        Id of a card to its title.
    show : callable
        Called when another card is chosen, when one is opened or shut, and when people start again.
    """

    def __init__(self, session: Session, label: Message, titles: Mapping[str, str], show: Callable[[], Any]):
        super().__init__(session)
        self.ids = list(titles)
        self.show = show
        self.opened: set[str] = set()
        options = [(title, id) for id, title in titles.items()]
        self.which = self.field(w.Dropdown(options=options), label, show)
        before = self.button(Message("task.before"), partial(self.step, -1))
        after = self.button(Message("task.after"), partial(self.step, 1))
        self.children = [row(self.which, before, after)]
        self.hear(self._begin_again, "begun_again")

    @property
    def value(self) -> str:
        """Id of the card."""
        return self.which.value

    def further(self, by: int) -> str:
        """Id of the card that is so many further; after the last one comes the first."""
        return self.ids[(self.ids.index(self.value) + by) % len(self.ids)]

    def step(self, by: int) -> None:
        """Show the card that is so many further."""
        self.which.value = self.further(by)

    def turn(self) -> None:
        """Open what is said of this card, or shut it."""
        self.opened ^= {self.value}
        self.show()

    def _begin_again(self) -> None:
        self.opened.clear()
        self.which.value = self.ids[0]
        self.show()


class Task(View):
    """A task: choose a column for each card; what the source says shows when the table asks for it, never a score.

    Parameters
    ----------
    session : Session
    id : str
        Name of a file in ``data/questions`` with a question of the table for each ``[[row]]``, such as
        ``"who-does-what"``.
    """

    def __init__(self, session: Session, id: str):
        super().__init__(session)
        known = about(id)
        self.entries = {entry.id: entry for entry in questions(f"task.{id}.*")}
        self.choices = Choices(session, (), note=self._note, caption=known["title"])
        total = len(self.entries)
        titles = {item: str(Message("task.place", n=n, total=total)) for n, item in enumerate(self.entries, 1)}
        self.picker = CardPicker(session, Message("task.card"), titles, self._show)
        self.told = self.button("", self.picker.turn)
        progress = self.live(self._progress, items=f"task.{id}.")
        self._show()
        parts = [say(known["intro"]), progress, self.picker, self.choices, row(self.told)]
        done = known.get("core") and all(map(session.store.get, self.entries))
        self.children = [fold(Message("task.done", title=known["title"]), *parts)] if done else parts

    def _show(self) -> None:
        item = self.picker.value
        self.choices.ask([self.entries[item]])
        self.told.description = str(Message("task.hide" if item in self.picker.opened else "task.explain"))

    def _progress(self) -> str:
        done = sum(bool(self.session.store.get(item)) for item in self.entries)
        return sentence(Message("task.progress", n=done, total=len(self.entries)), "gbo-hint")

    def _note(self, entry: RegisterEntry, kept: Any) -> str:
        if entry.id not in self.picker.opened:
            return ""
        told = [_answer(entry, kept)]
        if entry.key and unread(entry.source):
            told.append(Message("task.unread", source=cite(entry.source), known=unread(entry.source)))
        if entry.feedback:
            told.append(Message("task.own_feedback", feedback=entry.feedback))
        return "\n".join(map(str, told))


def _answer(entry: RegisterEntry, kept: Any) -> Message:
    """What a source says that the kit has read, or what the kit says, beside what was chosen."""
    if not entry.key:
        return Message("task.open")
    names = {option.id: option.text for option in entry.options}
    said = {"key": [names[id] for id in entry.key], "source": cite(entry.source)}
    start = "task.kit_" if entry.source == COUNTED or unread(entry.source) else "task."
    if kept not in names:
        return Message(f"{start}key", **said)
    word = "same" if kept in entry.key else "other"
    return Message(f"{start}{word}", choice=names[kept], **said)


class Situations(View):
    """One situation at a time: each seat's own choice and reason, the table's choice, then what the trainer may say."""

    def __init__(self, session: Session):
        super().__init__(session)
        self.known = {situation["id"]: situation for situation in about("situations")["row"]}
        titles = {}
        for n, (id, situation) in enumerate(self.known.items(), 1):
            kind = "core" if situation.get("core") else "extra"
            titles[id] = str(Message(f"situations.{kind}", n=n, title=situation.get("title", "")))
        self.asks: dict[str, Ask] = {}
        self.picker = CardPicker(session, Message("situations.which"), titles, self._show)
        self.story = w.HTML()
        self.told = self.button("", self.picker.turn)
        self.below = row(self.told)
        self.after = w.HTML()
        self.seen = Spread(session)
        self.next = SeatBar(session, move_on=partial(self.picker.step, 1))
        self.follow(self._tell, "seat", items=("task.situation.", "role.situation."))
        self._show()

    @property
    def ask(self) -> Ask:
        """The questions of the situation that is shown."""
        id = self.picker.value
        if id not in self.asks:
            asked = [entry for entry in questions("situations") if entry.row == id]
            self.asks[id] = Ask(self.session, asked, spread=False)
        return self.asks[id]

    def _show(self) -> None:
        situation = self.known[self.picker.value]
        self.story.value = sentence(situation.get("title", ""), tag="h3") + sentence(situation["text"])
        self.children = [self.picker, self.story, self.ask, self.below, self.after, self.seen, self.next]
        self._ask_next()
        self._tell()

    def _ask_next(self) -> None:
        """Let somebody take a seat for the next situation, once the table chose in this one."""
        following = self.picker.further(1)
        title = self.known[following].get("title", "")
        self.next.ask([question(f"role.situation.{following}")], Message("situations.next", title=title))

    def _tell(self) -> None:
        id = self.picker.value
        chosen = bool(self.session.store.get(f"task.situation.{id}"))
        opened = id in self.picker.opened
        self.told.layout.display = "" if chosen else "none"
        self.next.layout.display = "" if chosen and self.session.seat is None else "none"
        self.told.description = str(Message("task.hide" if opened else "situations.show"))
        told = ""
        if not chosen:
            told = sentence(Message("situations.first"), "gbo-hint")
        elif opened:
            told = sentence(Message("situations.trainer"), tag="h4")
            told += sentence(Message("task.own_feedback", feedback=self.known[id].get("trainer", "")))
        self.after.value = told
        own = replace(question(f"role.situation.{id}"), text=str(Message("situations.spread")))
        self.seen.show([own] if chosen else [])
