"""What all telephones write, in one transaction at a time: what arrives during a commit goes into the next one."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from typing import Any

from workshop.answers.store import NotKept, Store
from workshop.texts import Message, Problem
from workshop.work import LOGGER

Job = Callable[[Store], Any]
MOST_WAITING = 2_000


class Writer:
    """Does jobs in a thread, so that a slow disk stops nobody who only looks.

    Parameters
    ----------
    store : Store
        Of any table of the room; used by the writer only.
    """

    def __init__(self, store: Store):
        self.store = store
        self.lock = asyncio.Lock()
        self.waiting: list[tuple[Job, asyncio.Future]] = []

    async def do(self, job: Job) -> Any:
        """What a job gives, once it is on the disk.

        Raises
        ------
        Problem
            What the job raised; what it wrote before that stays, such as the count of wrong codes.
        NotKept
            If nothing can be kept now.
        """
        if len(self.waiting) >= MOST_WAITING:
            raise NotKept(Message("room.busy"))
        done = asyncio.get_running_loop().create_future()
        self.waiting.append((job, done))
        async with self.lock:
            if not done.done():
                await self._commit_all()
        return done.result()

    async def _commit_all(self) -> None:
        batch = self.waiting
        self.waiting = []
        results = await asyncio.to_thread(self._commit, [job for job, _ in batch])
        for (_, done), result in zip(batch, results, strict=True):
            if isinstance(result, Exception):
                done.set_exception(result)
                done.exception()  # who asked may be gone: then nobody else looks at it
            else:
                done.set_result(result)

    async def alone(self, job: Callable[[], Any]) -> Any:
        """Do a job that has a connection of its own, between two commits."""
        async with self.lock:
            return await asyncio.to_thread(job)

    def _commit(self, jobs: list[Job]) -> list[Any]:
        try:
            with self.store.change():
                return [self._tried(job) for job in jobs]
        except NotKept as problem:
            LOGGER.error("not kept: %s %s", problem, problem.cause)
            return [problem] * len(jobs)

    def _tried(self, job: Job) -> Any:
        self.store.execute("SAVEPOINT job")
        try:
            result = job(self.store)
        except Problem as problem:
            result = problem
        except (sqlite3.Error, OSError):
            raise  # the disk: nothing of this commit is kept
        except Exception as error:
            LOGGER.exception("a telephone's request failed")
            self.store.execute("ROLLBACK TO job")
            result = error
        self.store.execute("RELEASE job")
        return result
