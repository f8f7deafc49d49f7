"""Start eight kernels side by side in two processes, again and again: how many do not come up, and how long they take.

Run: ``uv run python benchmarks/loop_kernels.py [rounds]``. TCP ports that are free when they are picked may be taken
by another kernel by the time that this one starts; sockets in a folder of one's own are not.
"""

import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

KERNELS = 8
PROCESSES = 2
SECONDS = 60


async def one(transport, folder):
    """Seconds until one kernel answers; None where it does not."""
    from jupyter_client.manager import AsyncKernelManager

    settings = {"transport": transport}
    if transport == "ipc":
        settings["ip"] = str(Path(folder) / uuid.uuid4().hex[:8])
    manager = AsyncKernelManager(kernel_name="python3", **settings)
    begun = time.perf_counter()
    await manager.start_kernel(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    client = manager.client()
    client.start_channels()
    try:
        await client.wait_for_ready(timeout=SECONDS)
        return time.perf_counter() - begun
    except RuntimeError:
        return None
    finally:
        client.stop_channels()
        await manager.shutdown_kernel(now=True)


async def side_by_side(transport, folder):
    return await asyncio.gather(*(one(transport, folder) for _ in range(KERNELS // PROCESSES)))


def main():
    if len(sys.argv) == 4:  # one of the processes
        print(json.dumps(asyncio.run(side_by_side(sys.argv[2], sys.argv[3]))))
        return
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    for transport in ["tcp"] if os.name == "nt" else ["tcp", "ipc"]:
        seconds, failed = [], 0
        with tempfile.TemporaryDirectory(prefix="gbo-") as folder:
            for _ in range(rounds):
                command = [sys.executable, __file__, "one", transport, folder]
                running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(PROCESSES)]
                for process in running:
                    for taken in json.loads(process.communicate()[0]):
                        if taken is None:
                            failed += 1
                        else:
                            seconds.append(taken)
            left = len(list(Path(folder).iterdir()))
        middle = statistics.median(seconds)
        told = f"{failed} failed, median {middle:.2f} s, {left} files left"
        print(f"{transport}: {rounds} x {KERNELS} kernels, {told}")


if __name__ == "__main__":
    main()
