"""What a server does for the file of answers while it runs: one process at a time, whatever runs beside it."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tornado.ioloop import PeriodicCallback

from workshop.answers import upkeep
from workshop.answers.repair import look_after_at_start
from workshop.texts import Message
from workshop.work import LOGGER, Lock, refuse_network

ROUND_SECONDS = 60
"""How often what was written is put in its place in the file (a checkpoint)."""
COPY_ROUNDS = 10
"""Every so many rounds a whole copy is made: each ten minutes, and the two newest are kept."""


class Keeper:
    """Looks after the answers in a work folder, where no other server does.

    `workshop start` and `workshop lab` may run side by side; the first one holds the lock, and the other takes over
    when that one has ended, or was killed.
    """

    def __init__(self, work: Path):
        self.work = work
        self.lock = Lock(work / "keeper.lock")
        self.rounds = 0

    def look_after_at_start(self) -> list[Message]:
        """Before any kernel runs: is the file whole, may it be used; what is to be said."""
        refuse_network(self.work)
        return look_after_at_start(self.work) if self.lock.take() else []

    def begin(self) -> None:
        """Go round from now on."""
        PeriodicCallback(self.round, 1000 * ROUND_SECONDS).start()

    async def round(self) -> None:
        """One round; what goes wrong is for the log, and is tried again in the next."""
        try:
            if self.lock.take():
                self.rounds += 1
                await asyncio.to_thread(self._tidy)
        except Exception:
            LOGGER.exception("looking after the answers")

    def _tidy(self) -> None:
        upkeep.checkpoint(self.work)
        if self.rounds % COPY_ROUNDS == 0:
            upkeep.roll_copy(self.work)
