"""Many edits in a row are one record: what is drawn waits a moment before it is written."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

QUIET, LONGEST = 0.3, 1.0
"""Seconds without a further edit after which it is written, and the most that an edit waits."""


class Later:
    """What is to be written soon, the newest of each item.

    Parameters
    ----------
    write : callable
        Takes an item and its value.
    """

    def __init__(self, write: Callable[[str, Any], None]):
        self.write = write
        self.waiting: dict[str, Callable[[], Any]] = {}
        self._since = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def put(self, item: str, value: Callable[[], Any], soon: bool) -> None:
        """Write a value, which is made then: `soon`, or at once where nothing would wake us later."""
        self.waiting[item] = value
        try:
            loop = asyncio.get_running_loop() if soon else None
        except RuntimeError:
            loop = None
        if loop is None:
            self.flush()
            return
        now = time.monotonic()
        if self._timer:
            self._timer.cancel()
        else:
            self._since = now
        self._timer = loop.call_later(min(QUIET, max(0.0, self._since + LONGEST - now)), self.flush)

    def flush(self) -> None:
        """Write all that waits."""
        if self._timer:
            self._timer.cancel()
            self._timer = None
        while self.waiting:
            item = next(iter(self.waiting))
            self.write(item, self.waiting.pop(item)())
