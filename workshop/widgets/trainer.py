"""For the trainer: the clock of a session that runs, a run sheet, the runbook, the papers, and deleting as promised."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import ipywidgets as w

from workshop.answers.batches import batches
from workshop.answers.files import noting_files
from workshop.answers.store import PAPERS
from workshop.domain import runbook
from workshop.session import Session, repeat
from workshop.texts import Message
from workshop.widgets.base import EVERY, Parts, View, details, fold, offered, row, say, sentence, sentences
from workshop.widgets.grid import Grid

LINKS = '<div class="gbo-folds">{}</div>'
TICK_SECONDS = 5


class RunClock(View):
    """Now, next, minutes left or over; the trainer says when a block is done."""

    def __init__(self, session: Session):
        super().__init__(session)
        with suppress(RuntimeError):  # a plain script has no loop
            self.ticking = asyncio.get_running_loop().create_task(repeat(self.tick, TICK_SECONDS))

    def _parts(self) -> Parts:
        self.shown = self.live(self._told, items=(runbook.KEPT, runbook.CLOCK))
        return [
            self.shown,
            row(
                self.button(Message("clock.begin"), self._begin),
                self.button(Message("clock.done"), partial(self._move, 1), "gbo-main"),
                self.button(Message("clock.back"), partial(self._move, -1)),
            ),
        ]

    def show(self) -> None:
        """Show what it is time for."""
        self.shown.value = self._told()

    def tick(self) -> None:
        """Show it again, and nothing else; what goes wrong is said."""
        self.session.guard(self.show)()

    def _begin(self) -> None:
        self._keep(datetime.now(), 0)

    def _move(self, steps: int) -> None:
        store = self.session.store
        began, at = runbook.clock_of(store.get(runbook.CLOCK))
        variant, blocks = runbook.chosen_or_usual(store.get(runbook.KEPT))
        if began:
            self._keep(began, max(0, min(at + steps, len(runbook.plan(blocks, variant)))))

    def _keep(self, began: datetime, at: int) -> None:
        self.session.save(runbook.CLOCK, {"began": began.isoformat(timespec="seconds"), "at": at})

    def _told(self) -> str:
        store = self.session.store
        said = runbook.clock_says(store.get(runbook.KEPT), store.get(runbook.CLOCK))
        if not said:
            return sentence(Message("clock.idle"), "gbo-hint")
        first, *rest = said
        return f'<div role="status">{sentence(first, "gbo-clock")}{"".join(map(sentence, rest))}</div>'


class RunSheet(View):
    """Choose a length, tick blocks, read when each starts; what is chosen is kept and comes on paper."""

    def _parts(self) -> Parts:
        columns = {"chosen": "check", "kind": "label", "start": "label", "minutes": "label"}
        looks = [{"id": id, "label": str(Message(f"trainer.{id}")), "type": kind} for id, kind in columns.items()]
        self.grid = Grid(self.session, self._edited, corner=str(Message("trainer.block")), columns=looks)
        self.begins, self.total = self.field(w.TimePicker(), Message("trainer.begins"), self._show), w.HTML()
        self.lengths = {
            length: self.button(Message("trainer.variant", minutes=length), partial(self._take, length))
            for length in runbook.variants()
        }
        self.follow(self._show, items=runbook.KEPT)
        return [
            row(*self.lengths.values(), self.begins),
            self.total,
            fold(Message("trainer.blocks"), self.grid),
        ]

    def _kept(self) -> tuple[int, list[str]]:
        return runbook.chosen_or_usual(self.session.store.get(runbook.KEPT))

    def _take(self, variant: int) -> None:
        self._keep(variant, list(runbook.blocks_of(variant)))

    def _edited(self, block: str, _column: str, chosen: bool) -> None:
        variant, blocks = self._kept()
        self._keep(variant, [id for id in blocks if id != block] + ([block] if chosen else []))

    def _keep(self, variant: int, blocks: list[str]) -> None:
        self.session.save(runbook.KEPT, {"variant": variant, "blocks": blocks})

    def _time(self, minutes: int) -> str:
        if self.begins.value is None:
            return runbook.clock(minutes)
        return f"{datetime.combine(datetime.min, self.begins.value) + timedelta(minutes=minutes):%H:%M}"

    def _show(self) -> None:
        variant, chosen = self._kept()
        for length, button in self.lengths.items():
            marked = Message("trainer.chosen_variant" if length == variant else "trainer.variant", minutes=length)
            button.description = button.tooltip = str(marked)
            (button.add_class if length == variant else button.remove_class)("gbo-main")
        planned = {item.block["id"]: item for item in runbook.plan(chosen, variant)}
        blocks = runbook.runbook()["block"]
        would = {item.block["id"]: item.minutes for item in runbook.plan([block["id"] for block in blocks], variant)}
        self.grid.rows = [self._row(block, planned.get(block["id"]), would[block["id"]]) for block in blocks]
        n = sum(item.minutes for item in planned.values())
        fit = "exact" if n == variant else "over" if n > variant else "under"
        said = [Message(f"trainer.{fit}", n=n, variant=variant, more=n - variant, less=variant - n)]
        if self.begins.value is not None:
            said.append(Message("trainer.ends", time=self._time(n)))
        missing = set(runbook.blocks_of(variant)) - set(planned)
        if left_out := [block["title"] for block in blocks if block["core"] and block["id"] in missing]:
            said.append(Message("trainer.without_core", blocks=left_out))
        counted = runbook.ways(planned.values()).items()
        ways = [Message("trainer.way", n=minutes, by=runbook.doing(by)) for by, minutes in counted]
        said.append(Message("trainer.ways", ways=ways))
        self.total.value = f'<div role="status">{"".join(sentence(message) for message in said)}</div>'

    def _row(self, block: dict[str, Any], planned: runbook.Planned | None, would: int) -> dict[str, Any]:
        cells: dict[str, Any] = {"chosen": planned is not None, "minutes": f"({would})"}
        cells["kind"] = str(Message("handout.runsheet.core" if block["core"] else "handout.runsheet.extra"))
        if planned:
            cells |= {"start": self._time(planned.start), "minutes": planned.minutes}
        return {"id": block["id"], "label": block["title"], "cells": cells}


class Runbook(View):
    """The runbook to read on the screen: each block folded, or the texts for one moment.

    Parameters
    ----------
    session : Session
    moment : {"before", "during", "after"}, optional
        None: the blocks.
    """

    def __init__(self, session: Session, moment: str | None = None):
        super().__init__(session)
        self.book = runbook.runbook()
        folded = {text["title"]: self._text(text) for text in self.book["text"] if text["when"] == moment}
        if moment is None:
            folded = {block["title"]: self._block(block) for block in self.book["block"]}
        folds = "".join(details(title, html) for title, html in folded.items())
        self.children = [w.HTML(f'<div class="gbo-folds">{folds}</div>')]

    def _text(self, text: dict[str, Any]) -> str:
        if text.get("letter"):
            return f"<blockquote>{''.join(sentence(line) for line in text['lines'])}</blockquote>"
        return _bold(sentences(text["lines"]))

    def _block(self, block: dict[str, Any]) -> str:
        names = {item["id"]: item["name"] for item in self.book["material"]}
        parts = {
            "key": [block["key"]],
            "materials": [", ".join(names[id] for id in block["materials"])] if block["materials"] else [],
            "do": block["do"],
            "say": [str(Message("runbook.quote", text=line)) for line in block["say"]],
            "answers": runbook.worked_answers(block),
            "objections": [f"‘{said['label']}’ {said['answer']}" for said in block.get("objections", ())],
            "debrief": block.get("debrief", ()),
        }
        told = sentence(runbook.about(block), "gbo-hint")
        for name, lines in parts.items():
            if lines:
                told += sentence(Message(f"runbook.{name}"), tag="h3") + _bold(sentences(lines))
        return told


class Papers(View):
    """Make all papers as PDF in the work folder.

    Parameters
    ----------
    session : Session
    makers : callable
        Each takes a folder and ``session``, and returns the files that it made.
    """

    def __init__(self, session: Session, *makers: Callable[..., list]):
        super().__init__(session)
        self.makers, self.result = makers, w.HTML()
        button = self.button(Message("trainer.make"), self._make, "gbo-main")
        button.layout.align_self = "flex-start"
        self.children = [button, self.result]

    def _make(self) -> None:
        folder = self.session.work / PAPERS
        with noting_files(self.session.work) as made_of:
            made_of.append(self.session.store.where)
            made = [path for maker in self.makers for path in maker(folder, session=self.session)]
        links = [offered(path.name, path.read_bytes(), path.name) for path in made]
        self.result.value = sentence(Message("trainer.made", n=len(made), folder=folder)) + LINKS.format("".join(links))


class Promised(View):
    """What is still kept of all sessions on this laptop: delete it now, or let it go by itself from a day on."""

    def _parts(self) -> Parts:
        self.batch = self.field(w.Dropdown(layout=w.Layout(width="100%")), Message("promised.which"), self._picked)
        self.day = self.field(w.DatePicker(), Message("promised.from"), self._promise)
        shown = self.session.guard(self._show)
        self.sure = w.Checkbox(description=str(Message("promised.sure")), indent=False, layout=w.Layout(width="auto"))
        self.result = w.HTML()
        self.empty = say(Message("promised.nothing"))
        self.shown = w.VBox(
            [
                self.batch,
                self.day,
                say(Message("promised.how"), "gbo-hint"),
                row(self.sure, self.button(Message("promised.delete"), self._delete, "gbo-danger")),
            ]
        )
        self.sure.observe(lambda change: change.new and shown(), "value")  # who came to it meanwhile
        self.follow(shown, items=EVERY)
        title = say(Message("promised.title"), tag="h3")
        return [title, say(Message("promised.why")), self.shown, self.empty, self.result]

    def _show(self) -> None:
        found = batches(self.session.store)
        picked = self.batch.value
        with self.filling():
            self.batch.options = [(str(batch.name), batch) for batch in found]
            same = [at for at, batch in enumerate(found) if picked and batch.key == picked.key]
            self.batch.index = same[0] if same else 0 if found else None
            if not same:  # what was picked is gone: nothing else is meant
                self.sure.value = False
        self.shown.layout.display = "" if found else "none"
        self.empty.layout.display = "none" if found else ""
        self._show_day()

    def _show_day(self) -> None:
        with self.filling():
            self.day.value = self.batch.value.purge_on if self.batch.value else None

    def _picked(self) -> None:
        self._show_day()
        self.sure.value = False

    def _promise(self) -> None:
        on = self.day.value
        if on and on <= date.today():  # a year that is being typed is one of long ago first
            told = Message("promised.past")
        elif not self.session.promise(self.batch.value, on):
            told = self.session.notice
        else:
            told = Message("promised.on", day=f"{on:%d/%m/%Y}") if on else Message("promised.never")
            self._show()
        self.result.value = sentence(told, "gbo-notice")

    def _delete(self) -> None:
        if not self.sure.value:
            told = Message("start.not_sure")
        else:
            told = self.session.delete_batch(self.batch.value)
            self.sure.value = False
            self._show()
        self.result.value = sentence(told, "gbo-notice")


def _bold(html: str) -> str:
    return re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", html)
