"""A text field that loses nothing: the browser's outbox holds what is typed until it is on the disk."""

from __future__ import annotations

from typing import Any

import traitlets as t

from workshop.domain.questions import RegisterEntry
from workshop.entries import LONGEST_TEXT
from workshop.session import Session
from workshop.texts import Message, day, words
from workshop.widgets.base import Boxed, boxed


class AnswerField(Boxed):
    """One text answer, kept while it is typed.

    Parameters
    ----------
    session : Session
        Where the answer goes.
    item : str
        Id of the item.
    label : Message or str
        Stands above the field and names it for screen readers.
    hint : Message or str, optional
        A line below the label.
    person : str, optional
        Seat whose answer it is; None for the table's.
    more : dict, optional
        Words for the script beside those of every field.
    **look
        ``single_line`` (default False): one line instead of a box. ``date``: a day, which can be picked beside typing
        it.
    """

    _esm = boxed("answer_field.js")

    item = t.Unicode().tag(sync=True)
    person = t.Unicode(None, allow_none=True).tag(sync=True)
    label = t.Unicode().tag(sync=True)
    hint = t.Unicode().tag(sync=True)
    value = t.Unicode().tag(sync=True)
    version = t.Int().tag(sync=True)
    others: t.List = t.List(t.Unicode()).tag(sync=True)
    earlier: t.List = t.List(t.Unicode()).tag(sync=True)
    single_line = t.Bool(False).tag(sync=True)
    date = t.Bool(False).tag(sync=True)
    longest = t.Int(LONGEST_TEXT).tag(sync=True)

    def __init__(
        self,
        session: Session,
        item: str,
        label: Message | str,
        hint: Message | str = "",
        *,
        person: str | None = None,
        more: dict[str, str] | None = None,
        **look: Any,
    ):
        self.key = (item, person)  # whatever a browser says of the traits
        known = {"item": item, "person": person, "label": str(label), "hint": str(hint)}
        super().__init__(session, words=words("field.") | (more or {}), **known, **look)
        self.follow(lambda: self.refresh(), items=item)

    def refresh(self) -> None:
        """Show the answer as it is kept, and the other versions of it where two were made at once."""
        store = self.session.store
        item, person = self.key
        with self.hold_sync():
            self.version = store.version(item, person)
            self.value = self._shown(store.get(item, person))
            self.others = [self._shown(text) for text in store.others(item, person)]
            self.earlier = [self._shown(text) for text in store.earlier(item, person)]

    def _shown(self, kept: Any) -> str:
        """What is kept, as it stands in the field."""
        text = "" if kept is None else str(kept)
        return day(text) or text if self.date else text


class OwnText(AnswerField):
    """A text, and what its author may do with it: release it, take that back, delete it for good.

    Parameters
    ----------
    session : Session
    entry : RegisterEntry
        The question.
    person : str, optional
        Seat that is its author; None where the whole table is.
    """

    released = t.Bool(False).tag(sync=True)
    left = False
    """Whether nobody sits there."""

    def __init__(self, session: Session, entry: RegisterEntry, person: str | None = None):
        own = words("own_text.own." if person else "own_text.table.")
        own["withdraw"] = str(Message("reflection.withdraw"))
        super().__init__(session, entry.id, entry.text, entry.hint, person=person, more=own)

    def refresh(self) -> None:
        """Show the text as it is kept, and who may read it."""
        if self.left:
            return
        with self.hold_sync():
            super().refresh()
            self.released = self.session.store.visibility(*self.key) == "released"

    def sit(self, person: str | None) -> None:
        """Be the field of another seat; of nobody, and empty, for None."""
        self.left = person is None
        with self.hold_sync():
            self.key = (self.key[0], person)
            self.person = person
            self.version = 0  # nothing of who sat there before, even where the disk fails now
            self.value = ""
            self.others = []
            self.earlier = []
            self.released = False
            self.refresh()

    def heard(self, content: dict[str, Any]) -> None:
        """Do what the author pressed, unless somebody else has sat down meanwhile."""
        item, person = self.key
        if self.left or content.get("kind") != "own" or content.get("person") != person:
            return
        session = self.session
        store = session.store
        if content.get("act") == "release":
            store.release(item, person)
        elif content.get("act") == "withdraw":
            store.withdraw(item, person)
        elif content.get("act") == "delete":
            session.notice = session.delete(item, person)
            if store.newest(item, person) is None:
                self.send({"kind": "forget", "item": item, "person": person})  # nor does this browser hold it any more
        session.touched(item)
