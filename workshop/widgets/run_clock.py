"""The clock of a session that runs: which block is on, how long it still has, and what comes next."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import datetime
from functools import partial

from workshop.domain import runbook
from workshop.session import Session, repeat
from workshop.texts import Message
from workshop.widgets.base import Parts, View, row, sentence

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
        """Show it again; what goes wrong is said."""
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
