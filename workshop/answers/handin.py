"""What a table hands in: one file that the trainer may read, with nothing in it that may not be shown."""

from __future__ import annotations

import os

from workshop.answers.items import item_rules
from workshop.answers.log import Store
from workshop.answers.merge import DELETED, Answer, shown_heads
from workshop.answers.privacy import FEWEST
from workshop.answers.tables import HAND_IN, SHOWN
from workshop.texts import Message, Problem

PLACES = 8
WRITER = "hand-in"


def hand_in(store: Store) -> tuple[str, bytes]:
    """The table's answers as one file: its name, always the same for the same table of a laptop, and what stands in it.

    Texts of persons are there only where released, ratings only where five people or more gave one. Nobody's seat is in
    it: those that answered an item are numbered by what they answered, so that two items cannot be laid side by side. A
    later file of the same table replaces an earlier one, and takes back what was taken back since. A `Problem` if there
    is nothing to hand in, or the disk fails.
    """
    if not any(shown_heads(heads) for heads in store.everything()):
        raise Problem(Message("report_button.nothing"))
    mark = store.get(HAND_IN)
    if not (isinstance(mark, str) and mark.isalnum()):
        mark = os.urandom(4).hex()
        store.put(HAND_IN, mark)
    records: list[Answer] = []
    persons: dict[str, list[list[Answer]]] = {}
    for heads in store.everything():
        if heads[0].person is None:
            records += [head if head.visibility in (*SHOWN, DELETED) else _gone(head) for head in heads]
        else:
            persons.setdefault(heads[0].item, []).append(heads)
    for item, each in sorted(persons.items()):
        records += _unnamed(item, each)
    name = f"{store.group}-{mark}"
    return f"{name}.jsonl", b"".join(record._replace(group=name).line() for record in records)


def _gone(answer: Answer) -> Answer:
    return answer._replace(value=None, visibility=DELETED)


def _unnamed(item: str, each: list[list[Answer]]) -> list[Answer]:
    """What persons answered to one item and may be handed in, in places that say nothing of who they are."""
    newest = [shown[0] for heads in each if (shown := shown_heads(heads)) and shown[0].value not in (None, "", [], {})]
    enough = len(newest) >= FEWEST and not item_rules(item).text
    given = [answer for answer in newest if enough or answer.visibility == "released"]
    given.sort(key=lambda answer: (answer.text, answer.visibility))
    last = max((head for heads in each for head in heads), key=lambda answer: answer.time)
    seq = sum(max(head.seq for head in heads) for heads in each)
    free = last._replace(value=None, visibility=DELETED, writer=WRITER, seq=seq, base=[])
    filled = [free._replace(value=answer.value, visibility=answer.visibility) for answer in given]
    places = [*filled, *[free] * (PLACES - len(filled))]
    return [place._replace(person=f"place-{number}") for number, place in enumerate(places, 1)]
