"""Who plays a room without a browser: its server, a wifi that fails, telephones, tables, and the trainer."""

import asyncio
import ctypes
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import uuid
from contextlib import suppress
from pathlib import Path

import psutil
from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest
from tornado.websocket import WebSocketClosedError, websocket_connect

ROOM = "room-1"
PHONES_ONLY = """
import asyncio, sys
from pathlib import Path
from workshop.answers.rooms import open_room
from workshop.room.phones import Phones, listen
from workshop.server import places

async def serve(work, port):
    listen(Phones(open_room(work, sys.argv[3])), places.claim(port, "room", ""))
    print("ready", flush=True)
    await asyncio.Event().wait()

asyncio.run(serve(Path(sys.argv[1]), int(sys.argv[2])))
"""
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
DOWN = (OSError, asyncio.IncompleteReadError, asyncio.TimeoutError, HTTPClientError, WebSocketClosedError)
"""What a client hears when there is no wifi, or no server."""


def slow_sync():
    """A library that makes each fsync of a process slower."""
    folder = Path(tempfile.mkdtemp())
    (folder / "slow.c").write_text(SLOW_SYNC)
    subprocess.run(["cc", "-shared", "-fPIC", "-o", folder / "slow.so", folder / "slow.c", "-ldl"], check=True)
    ctypes.CDLL(str(folder / "slow.so"))
    return folder / "slow.so"


def free_port():
    """A port of which the next one is free too: that is the telephones'."""
    while True:
        with socket.create_server(("127.0.0.1", 0)) as one:
            port = one.getsockname()[1]
            with suppress(OSError), socket.create_server(("127.0.0.1", port + 1)):
                return port


def megabytes(pid):
    """Proportional set size."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("Pss:")).split()[1]) / 1024


def told(name, took):
    took = sorted(took)
    part = [1000 * took[min(len(took) - 1, int(len(took) * share))] for share in (0.5, 0.95, 0.99, 1)]
    return f"{name} p50 {part[0]:.0f}, p95 {part[1]:.0f}, p99 {part[2]:.0f}, most {part[3]:.0f} ms"


class Server:
    """The telephones' application in a process of its own; or the whole room, with the tables' pages."""

    def __init__(self, work, port=0, fsync=0, whole=False):
        self.work = Path(work)
        self.port = port or free_port()
        self.phones_port = self.port + 1 if whole else self.port
        self.address = ""
        environment = {**os.environ, "PYTHONUTF8": "1"}
        if fsync:
            environment |= {"LD_PRELOAD": str(slow_sync()), "SLOW_SYNC": str(fsync)}
        if whole:
            arguments = ["-m", "workshop", "room", "--no-browser", "--address", "127.0.0.1"]
            arguments += ["--work", str(work), "--port", str(self.port)]
        else:
            arguments = ["-c", PHONES_ONLY, str(work), str(self.port), ROOM]
        self.process = subprocess.Popen(
            [sys.executable, *arguments], stdout=subprocess.PIPE, text=True, env=environment
        )
        ready = "http" if whole else "ready"
        self.address = next(line.strip() for line in self.process.stdout if line.startswith(ready))
        self.seen = psutil.Process(self.process.pid)

    def memory(self):
        """Megabytes of the server."""
        return megabytes(self.process.pid)

    def kernels(self):
        """Megabytes of each kernel."""
        found = []
        for child in self.seen.children(recursive=True):
            with suppress(OSError):
                found.append(megabytes(child.pid))
        return found

    def seconds(self):
        """Processor time that it took."""
        return sum(self.seen.cpu_times()[:2])

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        self.process.terminate()
        self.process.wait(30)


class Wifi:
    """What lies between a device and a port of the laptop; ``down`` breaks all lines and lets no new one through."""

    def __init__(self, port):
        self.to = port
        self.down = False
        self.lines = set()

    async def start(self):
        self.server = await asyncio.start_server(self._came, "127.0.0.1", 0)
        self.port = self.server.sockets[0].getsockname()[1]
        return self

    def cut(self, down):
        self.down = down
        for writer in self.lines if down else ():
            writer.transport.abort()

    async def stop(self):
        """Let nobody through any more, and wait until all lines are gone."""
        self.cut(True)
        self.server.close()
        while self.lines:
            await asyncio.sleep(0.05)

    async def _came(self, reader, writer):
        if self.down:
            writer.transport.abort()
            return
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self.to)
        except OSError:
            writer.transport.abort()
            return
        self.lines |= {writer, back}
        await asyncio.gather(self._pass(reader, back), self._pass(there, writer))
        self.lines -= {writer, back}

    async def _pass(self, reader, writer):
        with suppress(OSError):
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        writer.close()


class Outbox:
    """What a device holds on to until it is kept; as `outbox.js`, one box for each page load."""

    def __init__(self):
        self.box = uuid.uuid4().hex[:24]
        self.n = 0
        self.waiting = []

    def add(self, item, what, base=0):
        self.n += 1
        self.waiting.append({"n": self.n, "item": item, "what": what, "base": base, "age": 0})

    def heard(self, upto):
        """The entries that are kept now."""
        done = [entry for entry in self.waiting if entry["n"] <= upto]
        self.waiting = [entry for entry in self.waiting if entry["n"] > upto]
        return done


class Phone:
    """A telephone: one kept connection, and a cookie."""

    def __init__(self, port):
        self.port = port
        self.origin = f"http://127.0.0.1:{port}"
        self.cookie = ""
        self.line = None
        self.outbox = Outbox()

    async def ask(self, method, path, body="", kind="application/x-www-form-urlencoded"):
        """Status and body of an answer."""
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

    async def join(self, word, group, **more):
        """From the QR code to the questions, script and look included; the size of the page."""
        status, page = await self.ask("GET", f"/?word={word}")
        assert status == 200 and b'name="table"' in page, (status, page)
        fields = {"word": word, "table": group, **more}
        status, page = await self.ask("POST", "/", "&".join(f"{name}={value}" for name, value in fields.items()))
        assert status == 303, (status, page)
        return await self.look()

    async def look(self):
        """Load the page of questions: a new box from now on."""
        status, raw = await self.ask("GET", "/questions")
        page = raw.decode()
        assert status == 200 and "opening.on-paper" in page, (status, page)
        for path in re.findall(r'(?:href|src)="(/phone[^"]+)"', page):
            assert (await self.ask("GET", path))[0] == 200
        self.belongs = json.loads(re.search(r'data-outbox="([^"]+)"', page)[1].replace("&#34;", '"'))
        self.code = re.search(r'class="code">(\w+)<', page)[1]
        self.choices = {}
        for item, value in re.findall(r'type="radio" name="([^"]+)" value="([^"]+)"', page):
            self.choices.setdefault(item, []).append(value)
        self.texts = re.findall(r'<textarea name="([^"]+)"', page)
        waiting = self.outbox.waiting
        self.outbox = Outbox()
        for entry in waiting:
            self.outbox.add(entry["item"], entry["what"], entry["base"])
        return len(page)

    async def save(self):
        """Send what waits; what is kept now, what became of it, and what is to be known of the room."""
        content = {**self.belongs, "kind": "box", "box": self.outbox.box, "entries": self.outbox.waiting}
        status, answer = await self.ask("POST", "/box", json.dumps(content))
        if status != 200:
            raise OSError(f"status {status}")
        said = json.loads(answer)
        return self.outbox.heard(said["upto"]), said["results"], said["now"]

    def close(self):
        if self.line:
            self.line[1].close()
            self.line = None


class Table:
    """A table's page without a browser: it speaks with the page's kernel as the front end does."""

    def __init__(self, port, key):
        self.origin = f"http://127.0.0.1:{port}"
        self.key = key
        self.cookie = ""
        self.line = None
        self.new_ids = []
        self.outbox = Outbox()

    async def get(self, path):
        asked = HTTPRequest(
            self.origin + path, headers={"Cookie": self.cookie}, follow_redirects=False, request_timeout=120
        )
        return await AsyncHTTPClient().fetch(asked, raise_error=False)

    async def open(self, page="notebooks/nl/1_network"):
        """Load a page with the key of the card, up to its kernel's line."""
        answer = await self.get(f"/?token={self.key}")
        self.cookie = "; ".join(cookie.partition(";")[0] for cookie in answer.headers.get_list("Set-Cookie"))
        answer = await self.get(f"/voila/render/{page}.ipynb")
        assert answer.code == 200, answer.code
        self.kernel = re.search(r'"kernelId": ?"([^"]+)"', answer.body.decode())[1]
        await self.connect()

    async def leave(self):
        """Say goodbye, as a page does that is turned: its kernel ends."""
        headers = {"Cookie": self.cookie, "Origin": self.origin}
        said = HTTPRequest(f"{self.origin}/voila/api/presence/{self.kernel}", "POST", headers, body="")
        await AsyncHTTPClient().fetch(said)
        self.close()

    async def connect(self):
        address = f"{self.origin}/api/kernels/{self.kernel}/channels?session_id={uuid.uuid4().hex}"
        asked = HTTPRequest(address.replace("http", "ws", 1), headers={"Cookie": self.cookie, "Origin": self.origin})
        self.line = await websocket_connect(asked, max_message_size=2**26)
        control = uuid.uuid4().hex
        opened = {"comm_id": control, "target_name": "jupyter.widget.control", "data": {}}
        await self.send("comm_open", opened, {"version": "1.0.0"})
        await self.send("comm_msg", {"comm_id": control, "data": {"method": "request_states"}})
        while True:
            said = await asyncio.wait_for(self.hear(), 60)
            if said.get("method") == "update_states":
                break
        states = {model: about["state"] for model, about in said["states"].items()}
        self.model = next(model for model, state in states.items() if "outbox" in state)
        self.belongs = states[self.model]["outbox"]

    async def send(self, kind, content, metadata=None):
        header = {"msg_id": uuid.uuid4().hex, "session": "s", "username": "u", "version": "5.4", "msg_type": kind}
        header["date"] = "2026-01-01T00:00:00Z"
        sent = {"header": header, "parent_header": {}, "metadata": metadata or {}, "content": content}
        await self.line.write_message(json.dumps({**sent, "channel": "shell", "buffers": []}))

    async def hear(self):
        """Data of the next message of a widget."""
        while True:
            raw = await self.line.read_message()
            if raw is None:
                raise OSError("the line is down")
            if isinstance(raw, bytes):  # how many parts, where each begins, and the first is the message
                raw = raw[int.from_bytes(raw[4:8], "big") : int.from_bytes(raw[8:12], "big")]
            said = json.loads(raw)
            if said["header"]["msg_type"] == "comm_msg":
                return said["content"]["data"]

    async def save(self, seconds=8):
        """Send what waits; what is kept now, with what became of it."""
        if self.line is None:
            await self.connect()
        try:
            entries = list(self.outbox.waiting)
            content = {**self.belongs, "kind": "box", "box": self.outbox.box, "entries": entries}
            await self.send("comm_msg", {"comm_id": self.model, "data": {"method": "custom", "content": content}})
            said = await asyncio.wait_for(self._answer(), seconds)
        except DOWN:
            self.close()
            raise OSError("the line is down") from None
        return self.outbox.heard(said["upto"]), said["results"]

    async def _answer(self):
        while True:
            said = await self.hear()
            content = said.get("content", {})
            if content.get("kind") == "boxed" and content.get("box") == self.outbox.box:
                return content

    def close(self):
        if self.line:
            self.line.close()
            self.line = None


class Trainer:
    """The trainer's page: what her buttons send, and what the wall shows."""

    def __init__(self, server):
        self.origin, _, key = server.address.partition("/room")
        self.key = key.partition("token=")[2]

    async def begin(self):
        asked = HTTPRequest(f"{self.origin}/room?token={self.key}", follow_redirects=False)
        answer = await AsyncHTTPClient().fetch(asked, raise_error=False)
        cookies = answer.headers.get_list("Set-Cookie")
        self.cookie = "; ".join(cookie.partition(";")[0] for cookie in cookies)

    async def get(self, path):
        asked = HTTPRequest(self.origin + path, headers={"Cookie": self.cookie}, request_timeout=60)
        return (await AsyncHTTPClient().fetch(asked)).body.decode()

    async def do(self, what, *values):
        body = "&".join([f"do={what}", *(f"value={value}" for value in values)])
        headers = {"Cookie": self.cookie, "Origin": self.origin}
        asked = HTTPRequest(
            f"{self.origin}/room/do", "POST", headers, body, follow_redirects=False, request_timeout=120
        )
        answer = await AsyncHTTPClient().fetch(asked, raise_error=False)
        assert answer.code == 303, (what, answer.code)
