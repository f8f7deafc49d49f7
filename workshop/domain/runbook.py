"""The trainer's run sheet: which blocks, when each starts, and the worked answers; from ``data/runbook.toml``."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from workshop.domain import governance
from workshop.domain.questions import RegisterEntry, questions
from workshop.domain.questions import about as about_set
from workshop.domain.roles import factor_table
from workshop.texts import Message, either, language, load

KEPT = "note.run-sheet"
"""The item that keeps which blocks a trainer chose: a variant and the ids of the blocks."""

CLOCK = "note.run-clock"
"""The item that keeps when a session began, and how many of its blocks are done."""

DOING = ("trainer", "alone", "table", "laptop", "room")
"""Who is busy in a step of a block; the words stand below ``runbook.by``."""


class Planned(NamedTuple):
    """A block of a plan: starts so many minutes after the beginning, and takes so many minutes."""

    block: dict[str, Any]
    start: int
    minutes: int


def runbook() -> dict[str, Any]:
    """All of it in the language in force, not to be changed in place: ``variants``, ``block``, ``material``, ``text``.

    A block's ``do`` are sentences; its ``steps`` are those with minutes (``min``), who is busy (``by``), the ``slides``
    shown and the reflection questions put (``asks``).
    """
    return _book(language())


@cache
def _book(_language: str) -> dict[str, Any]:
    book: dict[str, Any] = governance.table("runbook.toml")
    for block in book["block"]:
        block["steps"] = [line for line in block["do"] if isinstance(line, dict)]
        block["do"] = [_sentence(line) for line in block["do"]]
    return book


def _sentence(line: dict[str, Any] | str) -> str:
    if isinstance(line, str):
        return line
    said = {"n": line["min"], "by": doing(line["by"]), "text": line["label"]}
    if "slides" not in line:
        return str(Message("runbook.step", **said))
    numbers = [str(slide_number(id)) for id in line["slides"]]
    return str(Message("runbook.step_slides", slides=numbers, **said))


def slide_number(id: str) -> int:
    """Where a slide stands in the PDF, whose first page is the title; ValueError if unknown."""
    return [row["id"] for row in load("slides.csv")].index(id) + 2


def doing(by: str) -> str:
    """What one of `DOING` is called."""
    return str(Message(f"runbook.by.{by}"))


def standard() -> int:
    """The length, in minutes, that the pages are made for."""
    return int(load("runbook.toml")["standard"])


def variants() -> tuple[int, ...]:
    """Lengths of the session, in minutes."""
    return tuple(load("runbook.toml")["variants"])


def blocks_of(variant: int) -> tuple[str, ...]:
    """Ids of the blocks that a variant has, in order.

    Parameters
    ----------
    variant : int
        One of `variants`; ValueError if it is not.
    """
    place = variants().index(variant)
    return tuple(block["id"] for block in load("runbook.toml")["block"] if block["minutes"][place])


def plan(chosen: Iterable[str], variant: int) -> list[Planned]:
    """When each chosen block starts.

    Parameters
    ----------
    chosen : iterable of str
        Ids of blocks, in any order.
    variant : int
        The variant whose minutes count; a block that it leaves out gets its usual minutes, a core block those of the
        standard length.
    """
    place = variants().index(variant)
    usual = variants().index(standard())
    wanted = set(chosen)
    planned = []
    start = 0
    for block in runbook()["block"]:
        if block["id"] in wanted:
            minutes = block["minutes"][place] or block.get("usual") or block["minutes"][usual]
            planned.append(Planned(block, start, minutes))
            start += minutes
    return planned


def chosen(kept: Any) -> tuple[int, list[str]] | None:
    """What a trainer chose, as `KEPT` keeps it: a variant and ids of blocks; None where it is not that."""
    if not isinstance(kept, dict) or kept.get("variant") not in variants():
        return None
    blocks = kept.get("blocks", blocks_of(kept["variant"]))
    return (kept["variant"], [str(id) for id in blocks]) if isinstance(blocks, (list, tuple)) else None


def chosen_or_usual(kept: Any) -> tuple[int, list[str]]:
    """What a trainer chose, else the standard length."""
    return chosen(kept) or (standard(), list(blocks_of(standard())))


def clock_of(kept: Any) -> tuple[datetime | None, int]:
    """When a session began, as `CLOCK` keeps it, and how many blocks are done; None where it did not begin."""
    try:
        return datetime.fromisoformat(kept["began"]).replace(tzinfo=None), max(0, int(kept["at"]))
    except (TypeError, ValueError, KeyError):
        return None, 0


def clock_says(kept: Any, running: Any) -> list[Message]:
    """What the clock says, from what a store has for `KEPT` and `CLOCK`, most important first; empty: not begun."""
    began, at = clock_of(running)
    if not began:
        return []
    variant, blocks = chosen_or_usual(kept)
    planned = plan(blocks, variant)
    minutes = int((datetime.now() - began).total_seconds() // 60)
    if at >= len(planned):
        return [Message("clock.over_and_out", n=minutes)]
    now = planned[at]
    left = now.start + now.minutes - minutes
    told = Message("clock.left", n=left) if left >= 0 else Message("clock.over", n=-left)
    said = [Message("clock.now", block=now.block["title"], told=told)]
    if at + 1 == len(planned):
        return [*said, Message("clock.last")]
    after = planned[at + 1]
    time = f"{began + timedelta(minutes=after.start):%H:%M}"
    return [*said, Message("clock.next", block=after.block["title"], time=time)]


def ways(planned: Iterable[Planned]) -> dict[str, int]:
    """Minutes of each of `DOING`; blocks without steps count nowhere."""
    minutes = dict.fromkeys(DOING, 0)
    for item in planned:
        for step in item.block["steps"]:
            minutes[step["by"]] += step["min"]
    return minutes


def clock(minutes: int) -> str:
    """Minutes as hours and minutes: 75 is ``1:15``."""
    return f"{minutes // 60}:{minutes % 60:02d}"


def worked_answers(block: dict[str, Any]) -> list[str]:
    """What a trainer may say when a table asks for the answer: the block's own lines and those of its task."""
    answers = list(block.get("answers", ()))
    if "task" in block:
        for entry in questions(block["task"]):
            answers.append(_task_answer(entry))
    elif block.get("from") == "situations":
        for situation in about_set("situations")["row"]:
            if "trainer" in situation:
                answers.append(f"**{situation['title']}.** {situation['trainer']}")
    elif block.get("from") == "factors":
        answers += [str(row.sentence) for row in factor_table()]
    return answers


def _task_answer(entry: RegisterEntry) -> str:
    """A card of a task with its key, or that it is open."""
    key = either(option.text for option in entry.options if option.id in entry.key)
    form = "runbook.answer" if key else "runbook.open_answer"
    label = entry.text if entry.text.endswith("?") else f"{entry.text.rstrip('.')}:"
    return str(Message(form, label=label, key=key, feedback=entry.feedback))


def about(block: dict[str, Any]) -> str:
    """Whether a block is core, how long it takes in each variant, and where its page is."""
    kind = Message("handout.runsheet.core" if block["core"] else "handout.runsheet.extra")
    times = {variant: n for variant, n in zip(variants(), block["minutes"], strict=True) if n}
    if not times:
        length = [Message("runbook.in_none", n=block["usual"])]
    elif len(times) == len(variants()) and len(set(times.values())) == 1:
        length = [Message("runbook.minutes", n=block["minutes"][0])]
    else:
        length = [Message("runbook.of_variant", n=n, variant=variant) for variant, n in times.items()]
    page = Message("runbook.page", page=block["page"][0]) if block["page"] else Message("runbook.no_page")
    return f"{kind} · {', '.join(map(str, length))} · {page}"
