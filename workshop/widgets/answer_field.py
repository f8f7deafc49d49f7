"""A text field that loses nothing: a draft in the browser until the kernel has it on disk."""

from __future__ import annotations

import anywidget
import traitlets as t

from workshop.session import Session
from workshop.texts import Message
from workshop.widgets.base import kit

LONGEST = 20_000


class AnswerField(anywidget.AnyWidget):
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
    shown, kept : callable, optional
        From what is kept to what stands in the field, and back.
    single_line : bool, default False
        One line instead of a box.
    """

    _esm = kit("answer_field.js")

    key = t.Unicode().tag(sync=True)
    label = t.Unicode().tag(sync=True)
    hint = t.Unicode().tag(sync=True)
    value = t.Unicode().tag(sync=True)
    version = t.List(t.Unicode()).tag(sync=True)
    others = t.List(t.Unicode()).tag(sync=True)
    acked = t.Unicode().tag(sync=True)
    single_line = t.Bool(False).tag(sync=True)
    longest = t.Int(LONGEST).tag(sync=True)
    words = t.Dict().tag(sync=True)

    def __init__(
        self, session: Session, item: str, label, hint="", *, person: str | None = None, shown=str, kept=str, **look
    ):
        self.session, self.item, self.person, self.shown, self.kept = session, item, person, shown, kept
        words = ("saved", "unsaved", "restored", "failed", "lost", "none", "conflict", "choose")
        key = "/".join((session.store.room, session.store.group, person or "table", item))
        said = {word: str(Message(f"field.{word}")) for word in words}
        super().__init__(key=key, label=str(label), hint=str(hint), words=said, **look)
        self.refresh()
        self.on_msg(session.guard(self._received))

    def refresh(self) -> None:
        """Show the answer as it is kept, and other versions of it where two were made at once."""
        heads = self.session.store.heads(self.item, self.person)
        texts = [self.shown(str(head.value or "")) for head in heads]
        self.version = self.session.store.base(self.item, self.person)
        self.value = texts[0] if texts else ""
        self.others = texts[1:] if len(set(texts)) > 1 else []

    def clear_drafts(self, prefix: str) -> None:
        """Delete drafts from this browser: all keys that start with `prefix` (``room/group/``)."""
        self.refresh()
        self.send({"kind": "clear", "prefix": prefix})

    def _received(self, _widget, content: dict, _buffers) -> None:
        if content.get("kind") not in ("draft", "choose"):
            return
        value = self.kept(str(content.get("text", ""))[:LONGEST])
        heads = self.session.store.heads(self.item, self.person)
        grown = len(heads) == 1 and heads[0].value == content.get("sent")
        if content["kind"] == "choose" or grown:
            base = [head.ref for head in heads]
        else:
            base = [str(ref) for ref in content.get("base") or ()]
        answer = self.session.save(self.item, value, person=self.person, base=base)
        deleted = answer is None and self.session.notice.key == "answers.deleted-meanwhile"
        if answer is None:
            self.send({"kind": "deleted" if deleted else "failed"})
            if not deleted:
                return
        self.refresh()
        self.acked = str(content.get("n", ""))
