"""The kernels behind pages: how they are reached, what the page still sends them, and when they end."""

from __future__ import annotations

import asyncio
import os
import uuid
from typing import Any, NamedTuple

from jupyter_core.utils import ensure_async
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager, ServerKernelManager
from traitlets import default

from workshop.server.folder import has_sockets, runtime_folder

ROUND_SECONDS = 15
"""How often we look which kernels have lost their page."""
LOST_SECONDS = 900
"""A kernel whose page lost its line waits this long for it."""
UNSEEN_SECONDS = 90
"""A kernel whose page never opened a line: a browser without script, or one that was closed very soon."""
LAST_WORDS_SECONDS = 7.0
"""A page that said goodbye is heard out this long ..."""
END_SECONDS = 3.0
"""... and then its kernel has this long to end by itself."""
READY_SECONDS = 60
ALIVE_SECONDS = 1.0
"""How often we look whether a kernel that starts is still there."""
SPARES = 1
"""How many kernels wait for the next pages of each folder that is used, so that a page need not wait for one."""
SPARE_AFTER_SECONDS = 1.0
"""Pages that have just come need the laptop for themselves."""
SPARE_CODE = "import networkx, workshop.widgets; from workshop.widgets.base import warm; warm()"


class Kernel(ServerKernelManager):
    """One kernel, reached by sockets in a private folder where the system has them.

    A free TCP port is picked before the kernel starts; a kernel that starts at the same time may have taken it by then.
    """

    @default("transport")
    def _transport(self) -> str:
        return "ipc" if has_sockets(runtime_folder()) else "tcp"

    @default("ip")
    def _address(self) -> str:
        if self.transport == "tcp":
            return "127.0.0.1"
        return str(runtime_folder() / uuid.uuid4().hex[:8])  # short: the system allows some hundred letters

    @default("shutdown_wait_time")
    def _time_to_end(self) -> float:
        return END_SECONDS


class Starting(NamedTuple):
    """A kernel, and what is done once it has started; a spare one's gives the client that waited for it."""

    kernel_id: str
    started: asyncio.Task


class Kernels(AsyncMappingKernelManager):
    """Kernels that know whose answers they keep, and how long to wait for their page."""

    def __init__(self, **settings: Any):
        super().__init__(**settings)
        self.kernel_manager_class = f"{__name__}.{Kernel.__name__}"
        self._patience: dict[str, float] = {}  # seconds that a kernel without a page still waits for it
        self._last_line: dict[str, Any] = {}  # what the page sent goes to the kernel through this
        self._ending: dict[str, asyncio.Task] = {}
        self.left: set[str] = set()  # whose page is gone
        self._owners: dict[str, str] = {}
        self._opening: set[str] = set()  # taken for a page, and not started yet
        self.spares = SPARES
        self._spares: dict[str, list[Starting]] = {}  # by folder
        self._filling: dict[str, asyncio.Task] = {}
        self._soon: dict[str, asyncio.TimerHandle] = {}

    async def start_kernel(self, *, path: Any = "", **settings: Any) -> str:  # type: ignore[override]
        """Start a kernel for a page in the folder `path`, such as ``notebooks/nl``."""
        settings["env"] = {
            **os.environ,
            "IPYTHONDIR": str(runtime_folder() / "ipython"),
            "PYTHONUNBUFFERED": "1",
        }
        return await super().start_kernel(path=path, **settings)

    # -- a kernel for a page ---------------------------------------------------------------------------------------

    async def take(self, folder: str, owner: str) -> Starting:
        """The kernel for a page in `folder`, from now on `owner`'s: one that waits, or a new one."""
        taken = await self._waiting(folder)
        if taken is None:
            kernel_id = str(uuid.uuid4())
            taken = Starting(kernel_id, asyncio.create_task(self._begin(kernel_id, folder)))
        self._owners[taken.kernel_id] = owner
        self._opening.add(taken.kernel_id)
        taken.started.add_done_callback(lambda _: self._opening.discard(taken.kernel_id))
        return taken

    async def _waiting(self, folder: str) -> Starting | None:
        waiting = self._spares.get(folder, [])
        while waiting:
            spare = next((spare for spare in waiting if spare.started.done()), waiting[0])
            waiting.remove(spare)
            if not spare.started.done():
                return spare
            if await self._lives(spare.kernel_id):
                return spare
        return None

    def is_of(self, kernel_id: str, owner: str) -> bool:
        """Whether a kernel was started for this owner's page, or is not there at all."""
        unknown = kernel_id not in self and kernel_id not in self._owners
        return unknown or self._owners.get(kernel_id) == owner

    def pages_of(self, owner: str) -> int:
        """How many kernels an owner has, with those that are starting."""
        return sum(self._owners.get(kernel_id) == owner for kernel_id in {*self.list_kernel_ids(), *self._opening})

    def have_spares(self, folder: str) -> None:
        """Have kernels wait for the next pages of `folder`, the kit imported."""
        if folder not in self._filling or self._filling[folder].done():
            self._filling[folder] = asyncio.create_task(self._fill(folder))

    async def _fill(self, folder: str) -> None:
        """Start what is missing one after the other: pages that are opening need the laptop too."""
        waiting = self._spares.setdefault(folder, [])
        while len(waiting) < self.spares:
            kernel_id = str(uuid.uuid4())
            spare = Starting(kernel_id, asyncio.create_task(self._warm(kernel_id, folder)))
            waiting.append(spare)
            await asyncio.wait([spare.started])

    async def _begin(self, kernel_id: str, folder: str) -> None:
        await self.start_kernel(kernel_id=kernel_id, kernel_name="python3", path=folder)

    async def _warm(self, kernel_id: str, folder: str) -> Any:
        """Start a kernel, and have it read what every page needs; the client that saw it do so, for its page.

        One that is killed meanwhile is started once more, under the same id: a page may know it already.
        """
        try:
            client = await self._read_in(kernel_id, folder)
        except Exception:
            self.log.exception("a spare kernel did not start")
            client = None
        if client or await self._lives(kernel_id):
            return client
        if kernel_id in self:
            await self.shutdown_kernel(kernel_id, now=True)
        return await self._read_in(kernel_id, folder)

    async def _read_in(self, kernel_id: str, folder: str) -> Any:
        """As `_warm`; None where the kernel is gone, or did not get so far."""
        await self._begin(kernel_id, folder)
        client: Any = self.get_kernel(kernel_id).client()
        client.start_channels()
        reading = asyncio.create_task(_read_kit(client))
        warm = False
        try:
            while not reading.done() and await self._lives(kernel_id):
                await asyncio.wait([reading], timeout=ALIVE_SECONDS)
            if reading.done():
                reading.result()
                warm = True
        except Exception:
            self.log.exception("a spare kernel")  # the page that takes it will say what is wrong
        finally:
            if not warm:
                reading.cancel()
                client.stop_channels()
        return client if warm else None

    async def _lives(self, kernel_id: str) -> bool:
        return kernel_id in self and await ensure_async(self.is_alive(kernel_id))

    # -- which pages are there -------------------------------------------------------------------------------------

    def page_sent(self, kernel_id: str, folder: str) -> None:
        """A page has all it needs to open its line; the next one of its folder may come."""
        if not self.has_line(kernel_id):
            self._patience[kernel_id] = UNSEEN_SECONDS
        if folder in self._soon:
            self._soon[folder].cancel()
        self._soon[folder] = asyncio.get_running_loop().call_later(SPARE_AFTER_SECONDS, self.have_spares, folder)

    def notify_connect(self, kernel_id: str) -> None:
        """A page opens its line."""
        super().notify_connect(kernel_id)
        self._patience.pop(kernel_id, None)

    def start_buffering(self, kernel_id: str, session_key: str, channels: dict[str, Any]) -> None:
        """The last line to a kernel is closed: all that came over it has been passed on."""
        super().start_buffering(kernel_id, session_key, channels)
        self._patience[kernel_id] = LOST_SECONDS
        self._last_line[kernel_id] = channels.get("shell")

    def has_line(self, kernel_id: str) -> bool:
        """Whether a page is connected to a kernel."""
        return self._kernel_connections.get(kernel_id, 0) > 0

    async def look_round(self) -> None:
        """End kernels that have been without a page too long.

        Rounds are counted instead of reading a clock: a laptop that slept for an hour made no rounds, so that its
        pages find their kernels again.
        """
        for kernel_id in list(self._patience):
            self._patience[kernel_id] -= ROUND_SECONDS
            if kernel_id not in self:  # it died
                del self._patience[kernel_id]
            elif self._patience[kernel_id] <= 0:
                self.log.info("Kernel %s has no page any more", kernel_id)
                self.page_left(kernel_id)

    # -- the end ---------------------------------------------------------------------------------------------------

    def page_left(self, kernel_id: str) -> asyncio.Task | None:
        """End a kernel as soon as it has done what its page sent, in ten seconds at most; None if it is not there."""
        if kernel_id in self._owners:
            self.left.add(kernel_id)
        if kernel_id in self and kernel_id not in self._ending:
            self._ending[kernel_id] = asyncio.create_task(self._end(kernel_id))
        return self._ending.get(kernel_id)

    async def _end(self, kernel_id: str) -> None:
        try:
            try:
                await asyncio.wait_for(self._heard_out(kernel_id), LAST_WORDS_SECONDS)
            except TimeoutError:
                self.log.warning("Kernel %s is still busy; it is ended", kernel_id)
            if kernel_id in self:
                await self.shutdown_kernel(kernel_id)
        except Exception:
            self.log.exception("ending kernel %s", kernel_id)
        finally:
            self._patience.pop(kernel_id, None)
            self._last_line.pop(kernel_id, None)
            self._ending.pop(kernel_id, None)
            self._owners.pop(kernel_id, None)

    async def _heard_out(self, kernel_id: str) -> None:
        """Wait until the line is closed and the kernel has done all that came over it.

        A kernel answers in order: what is asked last over the page's own line is answered last.
        """
        while self.has_line(kernel_id):  # the goodbye comes by another way, and may be the first to arrive
            await asyncio.sleep(0.02)
        line = self._last_line.get(kernel_id)
        if line is None or line.closed() or kernel_id not in self:
            return
        session = self.get_kernel(kernel_id).session.clone()
        answered = asyncio.get_running_loop().create_future()

        def hear(parts: list[Any]) -> None:
            answer = session.deserialize(session.feed_identities(parts)[1], content=False)
            if answer["parent_header"].get("msg_id") == asked["header"]["msg_id"] and not answered.done():
                answered.set_result(None)

        line.on_recv(hear)
        asked = session.send(line, "kernel_info_request")
        await answered

    async def end_all(self) -> None:
        """End all kernels, each in its own time."""
        starting = [spare.started for waiting in self._spares.values() for spare in waiting]
        for task in (*self._filling.values(), *starting):
            task.cancel()
        await asyncio.gather(*self._filling.values(), *starting, return_exceptions=True)
        for kernel_id in self.list_kernel_ids():
            self.page_left(kernel_id)
        await asyncio.gather(*self._ending.values())


async def _read_kit(client: Any) -> None:
    await client.wait_for_ready(timeout=READY_SECONDS)
    await client.execute(SPARE_CODE, silent=True, store_history=False, reply=True, timeout=READY_SECONDS)
