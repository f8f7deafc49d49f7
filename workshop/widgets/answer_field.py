"""A text field that loses nothing: the browser's outbox holds what is typed until it is on the disk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import traitlets as t

from workshop.session import Session
from workshop.texts import Message
from workshop.widgets.outbox import Boxed, boxed

LONGEST = 20_000
WORDS = ("busy", "safe", "unsafe", "lost", "asked", "kept", "refused", "conflict", "choose", "earlier", "pick")


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
    shown : callable, optional
        From what is kept to what stands in the field.
    **look
        ``single_line`` (default False): one line instead of a box. ``date``: a day can be picked beside typing it.
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
    longest = t.Int(LONGEST).tag(sync=True)
    words = t.Dict().tag(sync=True)

    def __init__(
        self,
        session: Session,
        item: str,
        label: Message | str,
        hint: Message | str = "",
        *,
        person: str | None = None,
        shown: Callable[[str], str] = str,
        **look: Any,
    ):
        self.shown = shown
        self.key = (item, person)  # whatever a browser says of the traits
        words = {word: str(Message(f"field.{word}")) for word in WORDS}
        known = {"item": item, "person": person, "label": str(label), "hint": str(hint), "words": words}
        super().__init__(session, **known, **look)
        self.follow(session.guard(self._heard))
        self.refresh()

    def _heard(self, change) -> None:
        if change.new[0] in (None, self.key[0]):
            self.refresh()

    def refresh(self) -> None:
        """Show the answer as it is kept, and the other versions of it where two were made at once."""
        store = self.session.store
        item, person = self.key
        with self.hold_sync():
            self.version = store.version(item, person)
            self.value = self.shown(self._text(store.get(item, person)))
            self.others = [self.shown(self._text(text)) for text in store.others(item, person)]
            self.earlier = [self.shown(self._text(text)) for text in store.earlier(item, person)]

    def forget(self) -> None:
        """Delete what this browser still holds of this text."""
        self.send({"kind": "forget", "item": self.item, "person": self.person})

    @staticmethod
    def _text(value: Any) -> str:
        return "" if value is None else str(value)
