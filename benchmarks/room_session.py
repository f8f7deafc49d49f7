"""A session of two hours played in ten minutes: thirty telephones, six tables, wifi that is gone three times.

Run: ``uv run python benchmarks/room_session.py [--minutes 10]``. People join during the first tenth; all answer, change
their minds and write; the trainer asks a question at a time and opens spreads; tables draw, type and turn pages. The
wifi is gone three times for a tenth of the time each. Telephones are loaded again, one is lost and its seat taken up by
code; the laptop of a table breaks and its card is opened on another one. In the end the room is closed, each answer
that was called kept is looked up in the store, the wall's numbers are counted again, and the report is made.
"""

import argparse
import asyncio
import json
import os
import random
import tempfile
import time

from room_clients import DOWN, ROOM, Phone, Server, Table, Trainer, Wifi, told

from workshop.answers import open_store
from workshop.answers.rooms import open_room
from workshop.domain.kept import KeptNetwork

CUTS = (0.25, 0.5, 0.75)
PAGES = ("notebooks/nl/1_network", "notebooks/nl/3_structure", "notebooks/nl/5_agreement")
TEXT = "Wij zijn de tafel van het Westland en wij spreken af dat het onthaal binnen de week terugbelt"


class Played:
    """The clock of the play, its wifi, and what was seen."""

    def __init__(self, seconds, server):
        self.seconds = seconds
        self.begun = time.perf_counter()
        self.phones_wifi = Wifi(server.phones_port)
        self.tables_wifi = Wifi(server.port)
        self.saves = []
        self.edits = []
        self.without_wifi = 0

    @property
    def part(self):
        """How much of the session is over, 0 to 1."""
        return (time.perf_counter() - self.begun) / self.seconds

    async def until(self, part):
        await asyncio.sleep(max(0, (part - self.part) * self.seconds))

    async def cut_the_wifi(self):
        for part in CUTS:
            await self.until(part)
            self.phones_wifi.cut(True)
            self.tables_wifi.cut(True)
            await self.until(part + 0.1)
            self.phones_wifi.cut(False)
            self.tables_wifi.cut(False)

    async def pause(self, most):
        await asyncio.sleep(random.random() * most)


class Person:
    """Somebody with a telephone; `kept` is what was called kept, by item."""

    def __init__(self, play, word, group):
        self.play = play
        self.word = word
        self.group = group
        self.phone = Phone(play.phones_wifi.port)
        self.kept = {}
        self.bases = {}
        self.asked = ""

    async def take_part(self, number):
        play = self.play
        await play.until(random.random() / 10)
        await self.phone.join(self.word, self.group)
        reload_at = random.uniform(0.2, 0.95)
        lost_at = 0.6 if number == 3 else 2
        while play.part < 1 or self.phone.outbox.waiting:
            if play.part < 1:
                self.answer()
            try:
                if play.part > reload_at:
                    await self.phone.look()
                    reload_at = 2
                if play.part > lost_at and not self.phone.outbox.waiting:
                    await self.take_another()
                    lost_at = 2
                await self.send()
            except DOWN:
                play.without_wifi += 1
                self.phone.close()
            await play.pause(4 if play.part < 1 else 0.5)

    def answer(self):
        phone = self.phone
        item = self.asked if self.asked in phone.choices else random.choice(list(phone.choices))
        if phone.texts and random.random() < 0.2:
            item = random.choice(phone.texts)
            text = f"{self.group} {random.randrange(10**9)}"
            phone.outbox.add(item, {"do": "text", "text": text}, self.bases.get(item, 0))
        else:
            phone.outbox.add(item, {"do": "put", "value": random.choice(phone.choices[item])})

    async def send(self):
        started = time.perf_counter()
        done, results, now = await self.phone.save()
        self.play.saves.append(time.perf_counter() - started)
        self.asked = now["asked"]
        versions = {result["n"]: result["version"] for result in results}
        for entry in done:
            self.kept[entry["item"]] = entry["what"].get("value", entry["what"].get("text"))
            self.bases[entry["item"]] = versions.get(entry["n"], 0) or self.bases.get(entry["item"], 0)

    async def take_another(self):
        """The telephone is lost: another one goes on with seat and code."""
        seat = self.phone.belongs["group"].rpartition("-")[2]
        code = self.phone.code
        before = self.phone.belongs["group"]
        self.phone.close()
        self.phone = Phone(self.play.phones_wifi.port)
        await self.phone.join(self.word, self.group, number=seat, code=code)
        assert self.phone.belongs["group"] == before

    def lost(self, work):
        """What was called kept and is not there."""
        group, seat = self.phone.belongs["group"].split("/")
        store = open_store(work, ROOM, group)
        missing = [item for item, value in self.kept.items() if store.get(item, seat) != value]
        store.close()
        return missing


class Group:
    """A table with its page; `added` are the organisations that were called kept, `name` the last name that was."""

    def __init__(self, play, key, group):
        self.play = play
        self.key = key
        self.group = group
        self.table = None
        self.base = 0
        self.added = {}
        self.name = None

    async def take_part(self, number):
        play = self.play
        await play.until(0.02 + random.random() / 20)
        turns = [(0, 0), (0.45, 1), (0.9, 2)]  # when to open which page
        breaks_at = 0.65 if number == 2 else 2
        while play.part < 1 or self.table.outbox.waiting:
            try:
                unsent = self.table.outbox.waiting if self.table else []
                if turns and play.part >= turns[0][0] and not unsent:
                    if self.table:
                        await self.table.leave()
                    await self.open(turns[0][1])
                    turns.pop(0)
                if play.part > breaks_at:  # with all that it had not sent
                    await self.open(0)
                    breaks_at = 2
                if play.part < 1:
                    self.work_on()
                await self.send()
            except DOWN:
                play.without_wifi += 1
            await play.pause(2 if play.part < 1 else 0.5)

    async def open(self, page):
        """Turn to a page, or open the card elsewhere: a new page load, that knows nothing of the earlier one."""
        fresh = Table(self.play.tables_wifi.port, self.key)
        await fresh.open(PAGES[page])
        if self.table:
            self.table.close()
        self.table = fresh

    def work_on(self):
        outbox = self.table.outbox
        chance = random.random()
        ids = list(self.added)
        if chance < 0.3:
            text = TEXT[: random.randrange(1, len(TEXT))]
            outbox.add("table-name", {"do": "text", "text": text}, self.base)
        elif len(ids) < 5 or (chance < 0.45 and len(ids) < 30):
            outbox.add("network", {"do": "add", "text": f"Dienst {random.randrange(10**6)}"})
        elif chance < 0.9:
            source, target = random.sample(ids, 2)
            outbox.add("network", {"do": "tie", "source": source, "target": target})
        else:
            places = {random.choice(ids): [random.random(), random.random()]}
            outbox.add("map", {"do": "place", "places": places})

    async def send(self):
        started = time.perf_counter()
        done, results = await self.table.save()
        self.play.edits.append(time.perf_counter() - started)
        by_number = {result["n"]: result for result in results}
        for entry in done:
            result = by_number.get(entry["n"], {"state": "done", "new": [], "version": 0})
            there_already = entry["what"]["do"] == "tie" and result["state"] == "refused"
            assert result["state"] == "done" or there_already, result
            if entry["item"] == "table-name":
                self.name = entry["what"]["text"]
                self.base = result["version"] or self.base
            for id in result["new"]:
                self.added[id] = entry["what"]["text"]

    def lost(self, work):
        """What was called kept and is not there."""
        store = open_store(work, ROOM, self.group)
        names = {one.name for one in KeptNetwork.from_dict(store.get("network")).network.organisations}
        missing = [name for name in self.added.values() if name not in names]
        missing += [self.name] if store.get("table-name") != self.name else []
        store.close()
        return missing


async def lead(play, trainer, persons):
    """The trainer: a question at a time on the telephones, then its spread; texts from the middle on."""
    items = list(persons[0].phone.choices)
    opened = 0
    for number, item in enumerate(items):
        await play.until(0.12 + 0.8 * number / len(items))
        await trainer.do("ask", item)
        if number == len(items) // 2:
            await trainer.do("texts", "yes")
        await play.until(0.12 + 0.8 * (number + 0.8) / len(items))
        await trainer.do("spread", item)
        opened += 1
    return opened


async def main(minutes):
    work = tempfile.mkdtemp(prefix="bench-room-")
    room = open_room(work, ROOM, 6)
    server = Server(work, whole=True)
    try:
        await play_session(minutes, work, room, server)
    finally:
        server.stop()


async def play_session(minutes, work, room, server):
    trainer = Trainer(server)
    await trainer.begin()
    play = Played(60 * minutes, server)
    await play.phones_wifi.start()
    await play.tables_wifi.start()
    groups = list(room.tables())
    persons = [Person(play, room.state.word, groups[number % 6]) for number in range(30)]
    tables = [Group(play, key, group) for group, key in room.tables().items()]

    async def look():
        for part in (0.12, 0.5, 0.98):
            await play.until(part)
            kernels = server.kernels()
            print(
                f"{100 * part:.0f} %: server {server.memory():.0f} MB, {len(kernels)} kernels of"
                f" {min(kernels):.0f} to {max(kernels):.0f} MB, load {os.getloadavg()[0]:.1f}",
                flush=True,
            )

    async def led():
        await play.until(0.11)
        return await lead(play, trainer, persons)

    everybody = [one.take_part(number) for each in (persons, tables) for number, one in enumerate(each)]
    opened, *_ = await asyncio.gather(led(), look(), play.cut_the_wifi(), *everybody)

    await trainer.do("open", "no")
    persons[0].answer()
    done, _, now = await persons[0].phone.save()
    assert not done and now["open"] is False, "a closed room took an answer"
    await play.phones_wifi.stop()
    await play.tables_wifi.stop()
    shown = json.loads(await trainer.get("/room/state"))["asked"]
    wrong = [item for item, (total, _) in shown.items() if total != sum(item in one.kept for one in persons)]
    lost = [one.lost(work) for one in [*persons, *tables]]
    started = time.perf_counter()
    await trainer.do("report", "")
    took = time.perf_counter() - started
    reports = sorted(path.name for path in (server.work / "reports" / ROOM).glob("*"))
    print(
        f"{minutes} minutes, 30 telephones, 6 tables, wifi gone 3 times: {len(play.saves)} sends of telephones,"
        f" {told('each', play.saves)}; {len(play.edits)} of tables, {told('each', play.edits)}; without wifi"
        f" {play.without_wifi} times; {sum(len(one.kept) for one in persons)} answers and"
        f" {sum(len(one.added) for one in tables)} organisations called kept, lost {sum(map(len, lost))};"
        f" {opened} questions asked and shown, numbers on the wall wrong {len(wrong)};"
        f" report in {took:.1f} s: {', '.join(reports)}"
    )
    assert not any(lost) and not wrong and reports


if __name__ == "__main__":
    made = argparse.ArgumentParser(description=__doc__)
    made.add_argument("--minutes", type=float, default=10)
    asyncio.run(main(made.parse_args().minutes))
