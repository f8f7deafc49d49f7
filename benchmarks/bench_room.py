"""The room under load: telephones that join at once, and saves at a steady rate while the server is slowed or killed.

Run: ``uv run python benchmarks/bench_room.py join 300`` (five times, on a new room each), ``… save 30 60`` (telephones,
seconds; two saves a second each) and ``… kill 30 20`` (the server is killed in the middle and started again; every
answer that was acknowledged has to be there). ``--cuts 3`` takes the wifi away three times, for a tenth of the time
each; ``--fsync 5`` makes each fsync of the server so many milliseconds slower; with ``--tables 6`` the whole room is
served, and six tables draw twice a second beside it, each with its kernel.
The telephones are those of `Phone`: plain HTTP over kept connections, no browser.
"""

import argparse
import asyncio
import os
import random
import tempfile
import time

from room_clients import DOWN, ROOM, Phone, Server, Table, told

from workshop.answers import open_store
from workshop.answers.rooms import open_room


def new_room(tables=6):
    """A work folder with a room; its word."""
    work = tempfile.mkdtemp(prefix="bench-room-")
    room = open_room(work, ROOM, tables)
    return work, room.state.word, list(room.tables())


async def join(n, fsync, times=5):
    for _ in range(times):
        work, word, groups = new_room(10)
        server = Server(work, fsync=fsync)
        phones = [Phone(server.phones_port) for _ in range(n)]
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


async def save(n, seconds, fsync, killed=False, cuts=0, tables=0):
    work, word, groups = new_room()
    server = Server(work, fsync=fsync, whole=tables > 0)
    phones = [Phone(server.phones_port) for _ in range(n)]
    for number, phone in enumerate(phones):
        await phone.join(word, groups[number % len(groups)])
    keys = list(open_room(work, ROOM).tables().values())[:tables]
    opened = [Table(server.port, key) for key in keys]
    await asyncio.gather(*(table.open() for table in opened))
    kept = [{} for _ in phones]  # item to the value that was acknowledged last
    took = []
    drawn = []
    retried = 0
    begin = time.perf_counter()
    stop = begin + seconds

    def cut():
        """Whether there is no wifi now."""
        part = (time.perf_counter() - begin) / seconds * (cuts + 1)
        return part > 1 and part < cuts + 1 and part % 1 < (cuts + 1) / 10

    async def one(phone, kept):
        nonlocal retried
        await asyncio.sleep(random.random() / 2)
        while time.perf_counter() < stop or phone.outbox.waiting:
            started = time.perf_counter()
            if started < stop:
                item = random.choice(list(phone.choices))
                phone.outbox.add(item, {"do": "put", "value": random.choice(phone.choices[item])})
            try:
                if cut():
                    raise OSError("no wifi")
                done, *_ = await phone.save()
                took.append(time.perf_counter() - started)
                for entry in done:
                    kept[entry["item"]] = entry["what"]["value"]
            except OSError:
                retried += 1
            await asyncio.sleep(max(0.01, 0.5 - (time.perf_counter() - started)))

    async def draw(table):
        """A table that adds an organisation or a tie twice a second."""
        await asyncio.sleep(random.random() / 2)
        ids = []
        while time.perf_counter() < stop or table.outbox.waiting:
            started = time.perf_counter()
            if started < stop:
                table.outbox.add("network", draws(ids))
            try:
                _, results = await table.save()
                drawn.append(time.perf_counter() - started)
                ids += [id for result in results for id in result["new"] if id not in ids]
            except DOWN:
                pass
            await asyncio.sleep(max(0.01, 0.5 - (time.perf_counter() - started)))

    async def murder():
        await asyncio.sleep(seconds / 2)
        server.kill()
        again.append(Server(work, server.port, fsync))

    again = [server]
    busy, memory = server.seconds(), server.memory()
    everybody = [one(*pair) for pair in zip(phones, kept, strict=True)] + [draw(table) for table in opened]
    await asyncio.gather(*everybody, *([murder()] if killed else []))
    last = again[-1]
    lost = 0
    for phone, answers in zip(phones, kept, strict=True):
        group, seat = phone.belongs["group"].split("/")
        store = open_store(work, ROOM, group)
        lost += sum(store.get(item, seat) != value for item, value in answers.items())
        store.close()
    share = "" if killed else f", {100 * (last.seconds() - busy) / seconds:.0f} % of a core"
    beside = f", {tables} tables: {len(drawn)} edits, {told('each', drawn)}" if tables else ""
    print(
        f"{n} telephones, two saves a second, {seconds} s, fsync {fsync} ms slower, {cuts} cuts:"
        f" {len(took)} saves, lost {lost},"
        f" sent again {retried}, {told('saved', took)}{share}, {memory:.0f} to {last.memory():.0f} MB{beside},"
        f" load {os.getloadavg()[0]:.1f}"
    )
    last.kill()
    assert not lost


def draws(ids):
    """What a table does next on its map of at most 30 organisations."""
    if len(ids) < 5 or (len(ids) < 30 and random.random() < 0.3):
        return {"do": "add", "text": f"Organisatie {random.randrange(10**6)}"}
    source, target = random.sample(ids, 2)
    return {"do": random.choice(["tie", "tie", "untie"]), "source": source, "target": target}


def main():
    made = argparse.ArgumentParser(description=__doc__)
    made.add_argument("what", choices=["join", "save", "kill"])
    made.add_argument("first")
    made.add_argument("second", nargs="?", type=int, default=60)
    made.add_argument("--fsync", type=int, default=0)
    made.add_argument("--cuts", type=int, default=0)
    made.add_argument("--tables", type=int, default=0)
    options = made.parse_args()
    if options.what == "join":
        asyncio.run(join(int(options.first), options.fsync))
    else:
        killed = options.what == "kill"
        asyncio.run(save(int(options.first), options.second, options.fsync, killed, options.cuts, options.tables))


if __name__ == "__main__":
    main()
