"""The room under load: telephones that join at once, and saves at a steady rate while the server is slowed or killed.

Run: ``uv run python benchmarks/bench_room.py join 300`` (five times, on a new room each), ``… save 30 60`` (telephones,
seconds; two saves a second each) and ``… kill 30 20`` (the server is killed in the middle and started again; every
answer that was acknowledged has to be there). ``--cuts 3`` takes the wifi away three times, for a tenth of the time
each; ``--fsync 5`` makes each fsync of the server so many milliseconds slower.
The telephones are those of `Phone`: plain HTTP over kept connections, no browser.
"""

import argparse
import asyncio
import ctypes
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from workshop.answers import open_store
from workshop.answers.rooms import open_room

ROOM = "room-1"
SLOW_SYNC = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>
static int slow(const char *name, int fd) {
    usleep(1000 * atoi(getenv("SLOW_SYNC")));
    return ((int (*)(int)) dlsym(RTLD_NEXT, name))(fd);
}
int fsync(int fd) { return slow("fsync", fd); }
int fdatasync(int fd) { return slow("fdatasync", fd); }
"""


class Server:
    """The telephones' application in a process of its own."""

    def __init__(self, work, port=0, fsync=0):
        self.work = work
        self.port = port or free_port()
        environment = dict(os.environ)
        if fsync:
            environment |= {"LD_PRELOAD": str(slow_sync()), "SLOW_SYNC": str(fsync)}
        command = [sys.executable, __file__, "serve", str(work), str(self.port)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
        assert self.process.stdout.readline() == "ready\n"
        self.seen = psutil.Process(self.process.pid)

    def memory(self):
        """Proportional set size in MB."""
        lines = Path(f"/proc/{self.process.pid}/smaps_rollup").read_text().splitlines()
        return int(next(line for line in lines if line.startswith("Pss:")).split()[1]) / 1024

    def seconds(self):
        """Processor time that it took."""
        return sum(self.seen.cpu_times()[:2])

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


def slow_sync():
    """A library that makes each fsync of a process slower."""
    folder = Path(tempfile.mkdtemp())
    (folder / "slow.c").write_text(SLOW_SYNC)
    subprocess.run(["cc", "-shared", "-fPIC", "-o", folder / "slow.so", folder / "slow.c", "-ldl"], check=True)
    ctypes.CDLL(str(folder / "slow.so"))
    return folder / "slow.so"


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as one:
        return one.getsockname()[1]


async def serve(work, port):
    from workshop.room.phones import Phones, listen
    from workshop.server import places

    listen(Phones(open_room(work, ROOM)), places.claim(port, "room", ""))
    print("ready", flush=True)
    await asyncio.Event().wait()


class Phone:
    """A telephone: one kept connection, and a cookie."""

    def __init__(self, port):
        self.port = port
        self.origin = f"http://127.0.0.1:{port}"
        self.cookie = ""
        self.line = None

    async def ask(self, method, path, body="", kind="application/x-www-form-urlencoded"):
        """Status, headers and body of an answer."""
        if self.line is None:
            self.line = await asyncio.open_connection("127.0.0.1", self.port)
        reader, writer = self.line
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nOrigin: {self.origin}\r\n"
        head += f"Cookie: {self.cookie}\r\nContent-Type: {kind}\r\nContent-Length: {len(body.encode())}\r\n\r\n"
        writer.write(head.encode() + body.encode())
        try:
            raw = (await reader.readuntil(b"\r\n\r\n")).decode()
            size = re.search(r"content-length: (\d+)", raw, re.I)
            answer = await reader.readexactly(int(size[1])) if size else b""
        except (OSError, asyncio.IncompleteReadError):
            self.line = None
            raise OSError("the line is down") from None
        for name, value in re.findall(r"set-cookie: (seat)=([^;]+)", raw, re.I):
            self.cookie = f"{name}={value}"
        return int(raw.split()[1]), answer

    async def join(self, word, group):
        """From the QR code to the questions, script and look included; the size of the page."""
        status, page = await self.ask("GET", f"/?word={word}")
        assert status == 200 and b'name="table"' in page, (status, page)
        status, _ = await self.ask("POST", "/", f"word={word}&table={group}")
        assert status == 303, status
        status, page = await self.ask("GET", "/questions")
        assert status == 200 and b"opening.on-paper" in page, (status, page)
        for path in re.findall(r'(?:href|src)="(/phone[^"]+)"', page.decode()):
            assert (await self.ask("GET", path))[0] == 200
        self.outbox = json.loads(re.search(r'data-outbox="([^"]+)"', page.decode())[1].replace("&#34;", '"'))
        found = re.findall(r'type="radio" name="([^"]+)" value="([^"]+)"', page.decode())
        self.choices = {}
        for item, value in found:
            self.choices.setdefault(item, []).append(value)
        return len(page)

    async def save(self, box, waiting):
        """Send what waits; the entries that are still to be kept."""
        content = {**self.outbox, "kind": "box", "box": box, "entries": waiting}
        status, answer = await self.ask("POST", "/box", json.dumps(content))
        if status != 200:
            raise OSError(f"status {status}")
        upto = json.loads(answer)["upto"]
        return [entry for entry in waiting if entry["n"] > upto]

    def close(self):
        if self.line:
            self.line[1].close()


def new_room(tables=6):
    """A work folder with a room; its word."""
    work = tempfile.mkdtemp(prefix="bench-room-")
    room = open_room(work, ROOM, tables)
    return work, room.state.word, list(room.tables())


def told(name, took):
    took = sorted(took)
    part = [1000 * took[min(len(took) - 1, int(len(took) * share))] for share in (0.5, 0.95, 0.99, 1)]
    return f"{name} p50 {part[0]:.0f}, p95 {part[1]:.0f}, p99 {part[2]:.0f}, most {part[3]:.0f} ms"


async def join(n, fsync, times=5):
    for _ in range(times):
        work, word, groups = new_room(10)
        server = Server(work, fsync=fsync)
        phones = [Phone(server.port) for _ in range(n)]
        took = []

        async def one(phone, group, took=took, word=word):
            started = time.perf_counter()
            phone.size = await phone.join(word, group)
            took.append(time.perf_counter() - started)

        before, busy, started = server.memory(), server.seconds(), time.perf_counter()
        together = (one(phone, groups[number % len(groups)]) for number, phone in enumerate(phones))
        results = await asyncio.gather(*together, return_exceptions=True)
        whole = time.perf_counter() - started
        failed = [result for result in results if result is not None]
        each = 1000 * (server.memory() - before) / n
        page = phones[0].size / 1000
        print(
            f"{n} join at once: all in {whole:.2f} s, failed {len(failed)}, {told('each', took)}, page {page:.0f} kB,"
            f" server {server.seconds() - busy:.2f} s of a core, {server.memory():.0f} MB, {each:.0f} kB each,"
            f" load {os.getloadavg()[0]:.1f}",
            flush=True,
        )
        for phone in phones:
            phone.close()
        server.kill()


async def save(n, seconds, fsync, killed=False, cuts=0):
    work, word, groups = new_room()
    server = Server(work, fsync=fsync)
    phones = [Phone(server.port) for _ in range(n)]
    for number, phone in enumerate(phones):
        await phone.join(word, groups[number % len(groups)])
    kept = [{} for _ in phones]  # item to the value that was acknowledged last
    took = []
    retried = 0
    begin = time.perf_counter()
    stop = begin + seconds

    def cut():
        """Whether there is no wifi now."""
        part = (time.perf_counter() - begin) / seconds * (cuts + 1)
        return part > 1 and part < cuts + 1 and part % 1 < (cuts + 1) / 10

    async def one(phone, kept):
        nonlocal retried
        box = os.urandom(12).hex()
        waiting = []
        n = 0
        await asyncio.sleep(random.random() / 2)
        while time.perf_counter() < stop or waiting:
            started = time.perf_counter()
            if started < stop:
                n += 1
                item = random.choice(list(phone.choices))
                what = {"do": "put", "value": random.choice(phone.choices[item])}
                waiting.append({"n": n, "item": item, "what": what, "base": 0, "age": 0})
            sent = list(waiting)
            try:
                if cut():
                    raise OSError("no wifi")
                waiting = await phone.save(box, sent)
                took.append(time.perf_counter() - started)
            except OSError:
                retried += 1
            for entry in sent[: len(sent) - len(waiting)]:
                kept[entry["item"]] = entry["what"]["value"]
            await asyncio.sleep(max(0.01, 0.5 - (time.perf_counter() - started)))

    async def murder():
        await asyncio.sleep(seconds / 2)
        server.kill()
        again.append(Server(work, server.port, fsync))

    again = [server]
    busy, memory = server.seconds(), server.memory()
    await asyncio.gather(*(one(*pair) for pair in zip(phones, kept, strict=True)), *([murder()] if killed else []))
    last = again[-1]
    lost = 0
    for phone, answers in zip(phones, kept, strict=True):
        group, seat = phone.outbox["group"].split("/")
        store = open_store(work, ROOM, group)
        lost += sum(store.get(item, seat) != value for item, value in answers.items())
        store.close()
    share = "" if killed else f", {100 * (last.seconds() - busy) / seconds:.0f} % of a core"
    print(
        f"{n} telephones, two saves a second, {seconds} s, fsync {fsync} ms slower, {cuts} cuts:"
        f" {len(took)} saves, lost {lost},"
        f" sent again {retried}, {told('saved', took)}{share}, {memory:.0f} to {last.memory():.0f} MB,"
        f" load {os.getloadavg()[0]:.1f}"
    )
    last.kill()
    assert not lost


def main():
    made = argparse.ArgumentParser(description=__doc__)
    made.add_argument("what", choices=["serve", "join", "save", "kill"])
    made.add_argument("first")
    made.add_argument("second", nargs="?", type=int, default=60)
    made.add_argument("--fsync", type=int, default=0)
    made.add_argument("--cuts", type=int, default=0)
    options = made.parse_args()
    if options.what == "serve":
        asyncio.run(serve(Path(options.first), options.second))
    elif options.what == "join":
        asyncio.run(join(int(options.first), options.fsync))
    else:
        asyncio.run(save(int(options.first), options.second, options.fsync, options.what == "kill", options.cuts))


if __name__ == "__main__":
    main()
