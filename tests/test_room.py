"""The room: what it keeps, and what a telephone can and cannot do, over real requests."""

import asyncio
import http.client
import json
import re
import socket
import threading
import time
from html import unescape
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlencode

import pytest

from workshop.answers import database, open_store, upkeep
from workshop.answers.change import Change
from workshop.answers.rooms import MOST_SEATS, MOST_TABLES, TRIES, RoomStore, current_room, next_room, open_room
from workshop.room import addresses, asked
from workshop.room.phones import (
    BODY_BYTES,
    MOST_ENTRIES,
    SEATS_A_MINUTE,
    SENDS_A_MINUTE,
    TRIES_A_MINUTE,
    Phones,
    listen,
)
from workshop.room.tables import make_reports
from workshop.room.writer import Writer
from workshop.server import places
from workshop.texts import LANGUAGES, Message, Problem, in_language, message_keys

ROOM = "room-1"
CHOICE = "opening.on-paper"
TEXT = "reflection.1.own-experience"


@pytest.fixture
def room(tmp_path):
    made = open_room(tmp_path, ROOM, tables=3)
    yield made
    made.store.close()


@pytest.fixture
def server(room):
    """The telephones' application in a thread; `forget` lets everybody be wrong again."""
    started = threading.Event()
    made = SimpleNamespace(room=room)

    async def serve():
        listening = places.claim(0, "room", "")
        made.phones = Phones(open_room(room.store.folder, ROOM))
        made.port = listening.getsockname()[1]
        made.listening = listen(made.phones, listening)
        made.stop = asyncio.Event()
        made.loop = asyncio.get_running_loop()
        started.set()
        await made.stop.wait()
        made.listening.stop()

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    assert started.wait(10)
    yield made
    made.loop.call_soon_threadsafe(made.stop.set)
    thread.join(10)


class Phone:
    """A telephone that reads no scripts."""

    source = "127.0.0.1"

    def __init__(self, server):
        self.server = server
        self.host = f"127.0.0.1:{server.port}"
        self.cookies = {}
        self.n = 0

    def ask(self, method, path, body=None, **headers):
        line = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=20, source_address=(self.source, 0))
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = {"Host": self.host, "Cookie": cookie, "Origin": f"http://{self.host}", **headers}
        if isinstance(body, dict):
            body = urlencode(body)
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        line.request(method, path, body, {name: value for name, value in sent.items() if value})
        answer = line.getresponse()
        page = answer.read().decode()
        for name, value in re.findall(
            r"(seat|language)=([^;]*)", "; ".join(answer.headers.get_all("Set-Cookie") or ())
        ):
            self.cookies[name] = value
        line.close()
        self.headers = answer.headers
        return answer.status, page

    def join(self, group="table-1"):
        word = self.server.room.state.word
        assert self.ask("POST", "/", {"word": word, "table": group})[0] == 303
        return self.read()

    def read(self):
        status, page = self.ask("GET", "/questions")
        assert status == 200
        self.page = unescape(page)
        self.outbox = json.loads(re.search(r"data-outbox=\"({.*?})\"", self.page)[1])
        self.group, self.person = self.outbox["group"].split("/")
        return self

    @property
    def code(self):
        return re.search(r'class="code">(\w{6})<', self.page)[1]

    def box(self, *entries, box="b1", **other):
        content = {**self.outbox, "kind": "box", "box": box, "entries": list(entries), **other}
        status, answer = self.ask("POST", "/box", json.dumps(content))
        return status, json.loads(answer)

    def does(self, item, what, n=None, box="b1", **other):
        """What became of one entry."""
        self.n = n or self.n + 1
        status, answer = self.box({"n": self.n, "item": item, "what": what, "base": 0, "age": 0, **other}, box=box)
        assert status == 200
        return answer["results"][0] if answer["results"] else {"state": f"known up to {answer['upto']}"}

    def puts(self, value, item=CHOICE, **other):
        return self.does(item, {"do": "put", "value": value}, **other)["state"]

    def types(self, text, item=TEXT, **other):
        return self.does(item, {"do": "text", "text": text}, **other)["state"]


@pytest.fixture
def phone(server):
    return Phone(server).join()


def kept(phone, item=CHOICE):
    """What is kept of a telephone's seat, read by another connection."""
    store = open_store(phone.server.room.store.folder, ROOM, phone.group)
    found = store.newest(item, phone.person)
    store.close()
    return found


# -- what a room keeps -------------------------------------------------------------------------------------------------


def test_a_room_is_there_again_tomorrow_with_the_same_words_and_keys(tmp_path):
    room = open_room(tmp_path, ROOM, tables=4)
    seat = room.give_seat("table-2")
    again = open_room(tmp_path, ROOM)
    assert again.state == room.state and again.tables() == room.tables()
    assert len(again.state.word) == 4 and list(again.tables()) == ["table-1", "table-2", "table-3", "table-4"]
    assert again.seat("table-2", 1, seat.secret) == seat


def test_a_new_room_has_other_keys_and_leaves_the_old_one(tmp_path):
    old = open_room(tmp_path, current_room(tmp_path), tables=2)
    new = open_room(tmp_path, next_room(tmp_path), tables=2)
    assert (old.name, new.name) == ("room-1", "room-2") and current_room(tmp_path) == "room-2"
    assert not set(old.tables().values()) & set(new.tables().values())
    assert new.state.secret != old.state.secret


def test_ten_tables_at_most_each_with_its_key(room):
    while len(room.tables()) < MOST_TABLES:
        room.add_table()
    with pytest.raises(Problem):
        room.add_table()
    assert len(set(room.tables().values())) == MOST_TABLES
    assert room.table_of(room.tables()["table-3"]) == "table-3"
    assert room.table_of("") is None and room.table_of("één") is None


def test_seats_are_1_to_99_and_never_given_again(room):
    given = [room.give_seat("table-1").number for _ in range(MOST_SEATS)]
    assert given == list(range(1, 100))
    with pytest.raises(Problem):
        room.give_seat("table-1")
    assert room.give_seat("table-2").number == 1
    with pytest.raises(Problem):
        room.give_seat("table-9")


def test_a_telephone_never_gets_a_seat_from_which_the_keyboard_answers(room):
    store = open_store(room.store.folder, ROOM, "table-1")
    store.put(CHOICE, "lead", "seat-2")
    assert room.sit("table-1", 1)
    assert room.give_seat("table-1").number == 3
    assert not room.sit("table-1", 3) and room.sit("table-1", 1)
    assert room.held("table-1") == [3] and room.telephones() == {"table-1": 1, "table-2": 0, "table-3": 0}


def test_a_file_of_the_kit_before_gets_what_a_room_needs(tmp_path):
    store = open_store(tmp_path)
    store.put("agreement.what", "blijft")
    for name in ("seats", "room_tables"):
        store.execute(f"DROP TABLE {name}")
    store.execute("PRAGMA user_version=1")
    store.close()
    assert open_room(tmp_path, ROOM, tables=1).give_seat("table-1").number == 1
    assert open_store(tmp_path).get("agreement.what") == "blijft"


# -- in and back -------------------------------------------------------------------------------------------------------


def test_the_qr_code_leads_to_the_tables_and_one_tap_to_the_questions(server):
    open_store(server.room.store.folder, ROOM, "table-2").put("table-name", "Westrand")
    phone = Phone(server)
    status, page = phone.ask("GET", f"/?{urlencode({'word': server.room.state.word.upper()})}")
    assert status == 200 and page.count('name="table" value="table-') == 3
    assert '<b translate="no">Westrand</b>' in page
    phone.join("table-2")
    assert phone.outbox["group"] == "table-2/seat-1" and "Westrand" in phone.page
    assert phone.ask("GET", "/")[0] == 302


def test_without_the_word_nobody_gets_in(server):
    phone = Phone(server)
    assert "table-1" not in phone.ask("GET", "/")[1]
    status, page = phone.ask("POST", "/", {"word": "neen", "table": "table-1"})
    assert status == 403 and "table-1" not in page and not phone.cookies
    assert phone.ask("GET", "/questions")[0] == 302
    assert phone.ask("POST", "/box", "{}")[0] == 403


def test_wrong_words_slow_down(server):
    phone = Phone(server)
    for _ in range(TRIES_A_MINUTE):
        server.phones.minute = int(time.monotonic() // 60)  # the test may run over the end of a minute
        assert phone.ask("GET", "/?word=neen")[0] == 403
    server.phones.minute = int(time.monotonic() // 60)
    assert phone.ask("GET", f"/?{urlencode({'word': server.room.state.word})}")[0] == 429


def test_a_telephone_has_one_seat_whatever_its_tabs_ask(server, phone):
    assert phone.puts("lead") == "done"
    word = server.room.state.word
    for table in ("table-1", "table-2"):
        assert phone.ask("POST", "/", {"word": word, "table": table})[0] == 303
        assert phone.headers["Location"] == "/questions"
    assert server.room.telephones() == {"table-1": 1, "table-2": 0, "table-3": 0}
    assert (phone.read().group, phone.person) == ("table-1", "seat-1")
    mine = Phone(server).join("table-2")
    back = {"word": word, "table": "table-1", "number": "1", "code": phone.code}
    assert mine.ask("POST", "/", back)[0] == 303 and mine.read().group == "table-1", "with the code of another"
    assert mine.ask("POST", "/", {"leave": "1"})[0] == 303
    assert mine.join("table-3").group == "table-3", "the telephone is somebody else's now"


def test_one_address_gets_sixty_seats_a_minute_at_most(server):
    phones = [Phone(server), Phone(server)]
    for phone in phones:
        phone.source = "127.0.0.2"  # somebody else's, for the server
    form = {"word": server.room.state.word, "table": "table-1"}
    server.phones.minute = int(time.monotonic() // 60)
    server.phones.times["seat", "127.0.0.2"] = SEATS_A_MINUTE - 1
    assert [phone.ask("POST", "/", form)[0] for phone in phones] == [303, 429]


def test_back_on_another_telephone_with_the_code(server, phone):
    assert phone.puts("lead") == "done"
    other = Phone(server)
    word = server.room.state.word
    back = {"word": word, "table": "table-1", "number": "1", "code": phone.code.upper()}
    assert other.ask("POST", "/", back)[0] == 303
    other.read()
    assert other.person == phone.person
    assert re.search(r'value="lead" checked', other.page)
    assert phone.puts("nao") == "done"  # the first one still has it


def test_after_five_wrong_codes_the_trainer_has_to_open_the_seat(server, phone):
    other = Phone(server)
    good = {"word": server.room.state.word, "table": "table-1", "number": "1", "code": phone.code}
    wrong = {**good, "code": "aaaaaa" if phone.code != "aaaaaa" else "bbbbbb"}
    for _ in range(TRIES):
        server.phones.times.clear()
        assert other.ask("POST", "/", wrong)[0] == 200
    server.phones.times.clear()
    assert str(Message("room.seat_locked")) in unescape(other.ask("POST", "/", good)[1]) and not other.cookies
    assert server.room.locked() == [("table-1", 1)]
    server.room.let_try("table-1", 1)
    assert other.ask("POST", "/", good)[0] == 303


# -- answers -----------------------------------------------------------------------------------------------------------


def test_a_telephone_asks_only_what_is_of_persons(server, phone):
    server.room.set(texts=True)
    on_page = set(re.findall(r'data-item="([^"]+)"', phone.read().page))
    assert on_page == set(asked.by_item()) and len(on_page) > 30
    for entry in asked.by_item().values():
        assert entry.phone and entry.owner in ("person", "either")
    assert phone.does("agreement.what", {"do": "text", "text": "x"})["state"] == "refused"
    assert phone.does("network", {"do": "add", "text": "OCMW"})["state"] == "refused"
    assert phone.does("structure.dials", {"do": "set", "path": ["a"], "value": 1})["state"] == "refused"
    assert phone.puts("differ", "factor.commitment") == "refused"  # only a table may say so
    assert phone.puts("geen antwoord") == "refused"
    store = open_store(server.room.store.folder, ROOM, "table-1")
    assert store.rows("1") == []


def test_what_is_answered_is_private_and_there_after_a_reload(phone):
    assert phone.puts("lead") == "done"
    assert kept(phone).value == "lead" and kept(phone).visibility == "private"
    assert re.search(r'value="lead" checked', phone.read().page)


def test_it_works_without_javascript(server, phone):
    server.room.set(texts=True)
    form = {CHOICE: "nao", TEXT: "Met </textarea><script>alert(1)</script>\r\nen meer", f"share {TEXT}": "on"}
    assert phone.ask("POST", "/questions", form)[0] == 303
    assert kept(phone).value == "nao"
    assert kept(phone, TEXT).value == form[TEXT].replace("\r\n", "\n") and kept(phone, TEXT).visibility == "released"
    page = phone.ask("GET", "/questions?said=saved")[1]
    assert "<script>alert" not in page and str(Message("phone.saved")) in page
    version = kept(phone, TEXT).version
    assert phone.ask("POST", "/questions", form)[0] == 303
    assert kept(phone, TEXT).version == version  # the same again changes nothing
    assert phone.ask("POST", "/questions", {TEXT: form[TEXT]})[0] == 303
    assert kept(phone, TEXT).visibility == "private"
    assert phone.ask("POST", "/questions", {TEXT: form[TEXT] + "!", f"share {TEXT}": "on"})[0] == 303
    assert kept(phone, TEXT).visibility == "released" and kept(phone, TEXT).value.endswith("!")


def test_texts_only_where_the_trainer_allows_them_and_shown_only_when_released(server, phone):
    assert "<textarea" not in phone.page
    assert phone.types("te vroeg") == "asked" and kept(phone, TEXT) is None, "it stays with who typed it"
    server.room.set(texts=True)
    assert "<textarea" in phone.read().page
    assert phone.types("van mij") == "done" and kept(phone, TEXT).visibility == "private"
    store = open_store(server.room.store.folder, ROOM, "table-1")
    assert store.released(TEXT) == []
    assert phone.does(TEXT, {"do": "release"})["state"] == "done" and store.released(TEXT) == ["van mij"]
    assert phone.types("anders") == "done" and store.released(TEXT) == []
    phone.does(TEXT, {"do": "release"})
    server.room.set(texts=False)
    assert phone.does(TEXT, {"do": "withdraw"})["state"] == "done" and store.released(TEXT) == []


@pytest.fixture
def shared(server, phone):
    """The version of a text that a telephone shares, its box at number 2."""
    server.room.set(texts=True)
    phone.types("van mij", n=1)
    assert phone.does(TEXT, {"do": "release"}, n=2)["state"] == "done"
    return kept(phone, TEXT).version


def test_a_shared_text_is_taken_back_in_a_closed_room(server, phone, shared):
    server.room.set(open=False)
    assert phone.does(TEXT, {"do": "release"}, n=3)["state"] == "later"
    assert phone.does(TEXT, {"do": "withdraw"}, n=3)["state"] == "done"
    assert (kept(phone, TEXT).value, kept(phone, TEXT).visibility) == ("van mij", "private")


def test_in_a_closed_room_it_is_taken_back_behind_what_waits(server, phone, shared):
    server.room.set(open=False)
    choice = {"n": 3, "item": CHOICE, "what": {"do": "put", "value": "lead"}}
    _, answer = phone.box(choice, {"n": 4, "item": TEXT, "what": {"do": "withdraw"}})
    assert [result["state"] for result in answer["results"]] == ["later"] and answer["upto"] == 2
    assert kept(phone, TEXT).visibility == "private" and kept(phone) is None


def test_a_shared_text_that_goes_on_in_a_closed_room_is_shared_no_more(server, phone, shared):
    server.room.set(open=False)
    assert phone.types("van mij alleen", n=3, base=shared - 1) == "later"
    assert kept(phone, TEXT).visibility == "released", "another page of the seat shared it since"
    assert phone.types("van mij alleen", n=3, base=shared) == "later"
    assert (kept(phone, TEXT).value, kept(phone, TEXT).visibility) == ("van mij", "private")
    server.room.set(open=True)
    assert phone.types("van mij alleen", n=3, base=shared) == "done"
    assert kept(phone, TEXT).value == "van mij alleen" and "van mij</q>" not in phone.read().page


@pytest.mark.parametrize("age", [0, 700_000])
def test_what_goes_on_after_a_reload_in_a_closed_room_is_no_other_page(server, phone, shared, age):
    server.room.set(open=False)
    assert phone.types("van mij, en meer", n=1, base=shared, box="b2") == "later"
    server.room.set(open=True)
    assert phone.types("van mij, en meer", n=1, base=shared, box="b2", age=age) == "done"
    assert server.room.store.beside(phone.group).others(TEXT, phone.person) == []


def test_what_was_taken_back_and_shared_again_stays_shared_in_a_closed_room(server, phone, shared):
    back = {"n": 3, "item": TEXT, "what": {"do": "withdraw"}}
    again = {"n": 4, "item": TEXT, "what": {"do": "release"}}
    assert phone.box(back, again)[1]["upto"] == 4
    server.room.set(open=False)
    phone.box(back, again)  # the answer to the first was lost
    assert kept(phone, TEXT).visibility == "released"


def test_without_a_script_too_a_shared_text_is_taken_back_in_a_closed_room(server, phone, shared):
    server.room.set(open=False)
    page = phone.ask("POST", "/questions", {TEXT: "van mij", f"base {TEXT}": shared})[1]
    assert kept(phone, TEXT).visibility == "private" and f'name="share {TEXT}" checked' not in page


@pytest.mark.parametrize("open", [True, False])
def test_a_shared_text_is_taken_back_where_nobody_writes_any_more(server, phone, shared, open):
    other = Phone(server).join()
    other.types("van een ander", n=1)
    other.does(TEXT, {"do": "release"}, n=2)
    assert 'name="withdraw"' not in phone.read().page, "it stands in its field"
    server.room.set(texts=False, open=open)
    page = phone.read().page
    assert f'name="withdraw" value="{TEXT}"' in page and "van mij</q>" in page and "van een ander" not in page
    assert phone.ask("POST", "/questions", {"withdraw": TEXT})[0] == 303
    assert kept(phone, TEXT).visibility == "private" and kept(other, TEXT).visibility == "released"
    page = phone.ask("GET", phone.headers["Location"])[1]
    assert str(Message("phone.withdrawn")) in page and 'name="withdraw"' not in page
    for nothing in (CHOICE, TEXT):
        assert phone.ask("POST", "/questions", {"withdraw": nothing})[0] == 303
    assert phone.ask("POST", "/questions", {"withdraw": "agreement.what"})[0] == 400


def test_a_box_that_is_sent_again_counts_once(phone):
    assert phone.puts("lead", n=1) == "done"
    assert phone.puts("nao", n=2) == "done"
    version = kept(phone).version
    assert phone.puts("lead", n=1) == "known up to 2"
    assert (kept(phone).value, kept(phone).version) == ("nao", version)


def test_a_closed_room_answers_later_and_deletes_all_the_same(server, phone):
    assert phone.puts("lead") == "done"
    server.room.set(open=False)
    assert phone.puts("nao", n=2) == "later" and kept(phone).value == "lead"
    assert str(Message("room.closed")) in unescape(phone.ask("POST", "/questions", {CHOICE: "nao"})[1])
    late = Phone(server)
    late.ask("POST", "/", {"word": server.room.state.word, "table": "table-1"})
    assert not late.cookies
    with pytest.raises(Problem):
        open_store(server.room.store.folder, ROOM, "table-1").put("agreement.what", "te laat")
    server.room.set(open=True)
    assert phone.puts("nao", n=2) == "done"
    server.room.set(open=False)
    assert phone.ask("POST", "/wipe", {})[0] == 303 and kept(phone) is None


def test_what_is_wiped_is_gone_from_every_file_within_a_second(server, phone):
    server.room.set(texts=True)
    phone.types("Dit mag niemand ooit nog lezen")
    upkeep.roll_copy(server.room.store.folder)
    started = time.perf_counter()
    assert phone.ask("POST", "/wipe", {})[0] == 303
    assert time.perf_counter() - started < 1
    files = [path for path in server.room.store.folder.rglob("*") if path.is_file()]
    assert files and not [path for path in files if b"ooit nog lezen" in path.read_bytes()]
    assert phone.types("opnieuw", box="b2", n=1) == "done"
    assert server.room.give_seat("table-1").number == 2  # a wiped seat is never given to somebody else


def test_what_a_telephone_wipes_is_in_no_report_that_was_made_before(server, phone):
    server.room.set(texts=True)
    phone.types("Dit stond al in een verslag")
    phone.does(TEXT, {"do": "release"})
    work = server.room.store.folder
    made = make_reports(server.room, work / "reports")
    assert [path for path in made if b"stond al in" in path.read_bytes()]
    other = Phone(server).join("table-2")
    other.puts("lead")
    map_of_it = work / "exports" / "kaart.svg"
    map_of_it.parent.mkdir()
    map_of_it.write_text("<svg/>")
    open_store(work, ROOM, "table-1").note_file(map_of_it)
    assert phone.ask("POST", "/wipe", {})[0] == 303
    assert not [path for path in made if path.exists()] and map_of_it.exists()
    assert kept(other).value == "lead"


def test_reports_of_which_one_could_not_be_written_go_with_the_answers_too(server, phone, monkeypatch):
    assert phone.puts("lead") == "done"

    def locked(*_):
        raise Problem(Message("report.not_written", file="totalen.xlsx", why="open in Excel"))

    monkeypatch.setattr("workshop.room.tables.write_totals", locked)
    folder = server.room.store.folder / "reports"
    with pytest.raises(Problem):
        make_reports(server.room, folder)
    assert list(folder.iterdir())
    open_store(server.room.store.folder, ROOM, "table-1").delete_group()
    assert list(folder.iterdir()) == []


def test_a_report_that_is_made_while_somebody_wipes_is_not_kept(server, phone, monkeypatch):
    from workshop.room import tables

    server.room.set(texts=True)
    phone.types("Net gewist")
    phone.does(TEXT, {"do": "release"})
    write = tables.write_report

    def slowly(about, folder):
        assert phone.ask("POST", "/wipe", {})[0] == 303  # it was read already
        return write(about, folder)

    monkeypatch.setattr(tables, "write_report", slowly)
    folder = server.room.store.folder / "reports"
    with pytest.raises(Problem, match=str(Message("answers.deleted-meanwhile"))):
        make_reports(server.room, folder)
    assert list(folder.iterdir()) == []
    monkeypatch.undo()
    assert phone.read().puts("lead", box="b2", n=1) == "done"
    made = make_reports(server.room, folder)
    assert made and not [path for path in made if b"Net gewist" in path.read_bytes()]


def test_a_report_that_is_open_elsewhere_is_said_to_who_wipes(server, phone, monkeypatch):
    assert phone.puts("lead") == "done"
    made = make_reports(server.room, server.room.store.folder / "reports")

    unlink = Path.unlink

    def locked(path, missing_ok=False):
        if path in made:
            raise PermissionError("open in Word")
        unlink(path, missing_ok)

    monkeypatch.setattr(Path, "unlink", locked)
    status, _ = phone.ask("POST", "/wipe", {})
    assert status == 303 and phone.headers["Location"].endswith("said=wiped-open")
    assert str(Message("phone.wiped_open")) in phone.ask("GET", phone.headers["Location"])[1]
    monkeypatch.undo()
    phone.ask("POST", "/wipe", {})
    assert not [path for path in made if path.exists()], "the next time it goes"


def test_a_form_of_an_older_page_of_the_same_seat_deletes_no_text(server, phone):
    server.room.set(texts=True)
    base = {f"base {TEXT}": "0"}
    phone.ask("POST", "/questions", {TEXT: "in het ene tabblad", **base})
    phone.ask("POST", "/questions", {TEXT: "in het andere", **base})
    page = phone.read().page
    assert kept(phone, TEXT).value == "in het andere"
    assert f'{Message("phone.other_text")} <q translate="no">in het ene tabblad</q>' in page
    version = kept(phone, TEXT).version
    assert f'name="base {TEXT}" value="{version}"' in page
    phone.ask("POST", "/questions", {TEXT: "en verder", f"base {TEXT}": version})
    assert "in het andere" not in phone.read().page, "what stood in the form was read by who wrote on"


def test_a_form_that_comes_back_from_a_closed_room_is_as_old_as_it_was(server, phone):
    server.room.set(texts=True)
    phone.ask("POST", "/questions", {TEXT: "in het ene tabblad", f"base {TEXT}": "0"})
    server.room.set(open=False)
    page = phone.ask("POST", "/questions", {TEXT: "in het andere", f"base {TEXT}": "0"})[1]
    assert f'name="base {TEXT}" value="0"' in page and "in het andere</textarea>" in page
    server.room.set(open=True)
    phone.ask("POST", "/questions", {TEXT: "in het andere", f"base {TEXT}": "0"})
    assert "in het ene tabblad" in phone.read().page


def test_a_form_with_text_where_none_is_wanted_any_more_comes_back_with_it(server, phone):
    status, page = phone.ask("POST", "/questions", {TEXT: "al getypt"})
    assert status == 200 and "al getypt</textarea>" in page and str(Message("room.no_texts")) in page


def test_what_was_sent_before_everything_was_deleted_is_asked_about(server, phone):
    open_store(server.room.store.folder, ROOM, "table-1").delete_group()
    assert phone.puts("lead") == "asked" and kept(phone) is None
    assert phone.read().puts("lead", n=1, box="b2") == "done"


def test_the_trainers_question_is_told_and_stands_on_top(server, phone):
    assert phone.box()[1]["now"]["asked"] == ""
    server.room.set(asked="role.taken")
    assert phone.box()[1]["now"]["asked"] == "role.taken"
    page = phone.read().page
    assert '<a href="#q-role.taken">' in page and "hidden" not in re.search('<section id="now".*?>', page)[0]


def test_the_page_speaks_the_language_that_is_chosen(server, phone):
    status, page = phone.ask("GET", "/questions?language=en")
    assert status == 200 and '<html lang="en">' in page and "What do you think?" in page
    assert "What do you think?" in phone.ask("GET", "/questions")[1]
    page = phone.ask("GET", "/questions")[1]
    with in_language("en"):
        assert str(Message("phone.now")) in page
    assert str(Message("phone.now")) not in page


def test_each_sentence_of_the_pages_exists():
    used = set()
    for path in (Path(asked.__file__).parent).glob("*.html"):
        used |= set(re.findall(r'say\("([\w.]+[\w])"[,)]', path.read_text(encoding="utf-8")))
    used |= {f"phone.to_{code}" for code in LANGUAGES} | {"phone.state.lost", "phone.state.closed"}
    assert len(used) > 40 and not used - message_keys()


def test_names_are_never_translated_nor_run(server, phone):
    open_store(server.room.store.folder, ROOM, "table-1").put("table-name", "<img src=x onerror=alert(1)>")
    page = phone.ask("GET", "/questions")[1]
    assert "<img" not in page and '<b translate="no">&lt;img' in page
    assert "<img" not in Phone(server).ask("GET", f"/?{urlencode({'word': server.room.state.word})}")[1]


# -- promises of SECURITY.md -------------------------------------------------------------------------------------------


def test_no_seat_reads_or_writes_another_s(server, phone):
    other = Phone(server).join("table-1")
    far = Phone(server).join("table-2")
    assert phone.puts("lead", box="same") == "done"
    assert other.puts("nao", box="same", person=phone.person) == "done"  # the name in it is of no account
    assert far.puts("shared", box="same", person=phone.person) == "done"
    assert [kept(one).value for one in (phone, other, far)] == ["lead", "nao", "shared"]
    assert 'value="lead" checked' not in other.read().page
    stolen = {"n": 9, "item": CHOICE, "what": {"do": "put", "value": "unsure"}, "base": 0}
    assert other.box(stolen, box="x", group=phone.outbox["group"])[1]["upto"] == -1
    assert kept(phone).value == "lead"
    for cookie in ("", "2|1:0|10:1|4:seat|4:YWJj|aa", "table-1/1/x", other.cookies["seat"][:-1] + "0"):
        forged = Phone(server)
        forged.cookies["seat"] = cookie
        if cookie != other.cookies["seat"]:
            assert forged.ask("GET", "/questions")[0] == 302 and forged.ask("POST", "/box", "{}")[0] == 403


def test_a_box_of_one_seat_cannot_use_up_the_numbers_of_another(server, phone):
    other = Phone(server).join()
    assert other.puts("nao", n=10**6, box="same") == "done"
    assert phone.puts("lead", n=1, box="same") == "done"


def test_how_old_an_entry_is_tells_nothing_of_other_seats(server, phone):
    other = Phone(server).join()
    phone.puts("lead")
    assert other.does(CHOICE, {"do": "put", "value": "nao"}, person=phone.person, age=10**9)["state"] == "done"


@pytest.mark.parametrize("host", ["evil.example", "192.168.1.5", "127.0.0.1.evil.example"])
def test_strange_hosts_are_refused(server, phone, host):
    for path in ("/", "/questions", "/phone.js"):
        assert phone.ask("GET", path, Host=f"{host}:{server.port}")[0] == 403


@pytest.mark.parametrize("origin", ["", "null", "http://evil.example", "https://127.0.0.1"])
def test_what_other_sites_send_is_refused(server, phone, origin):
    phone.puts("lead")
    for path, body in (("/wipe", {}), ("/questions", {CHOICE: "nao"}), ("/", {"leave": "1"}), ("/box", "{}")):
        assert phone.ask("POST", path, body, Origin=origin)[0] == 403
    assert kept(phone).value == "lead"


@pytest.mark.parametrize("broken", [{"n": "x"}, "no entry", {"age": 10**400}, {"what": None}], ids=str)
def test_an_entry_that_cannot_be_read_does_not_hold_up_the_others(server, phone, broken):
    entry = {"n": 2, "item": CHOICE, "what": {"do": "put", "value": "lead"}, "base": 0, "age": 0}
    first = {**entry, "n": 1, **broken} if isinstance(broken, dict) else broken
    status, answer = phone.box(first, entry)
    assert status == 200
    if answer["results"][0]["state"] == "failed":  # the telephone sets it aside at the third time
        assert phone.box(entry)[1]["results"][0]["state"] == "done"
    assert kept(phone).value == "lead"


def test_sizes_rates_and_items_are_bounded(server, phone):
    server.room.set(texts=True)
    assert phone.types("x" * (asked.LONGEST + 1)) == "refused"
    assert phone.types("x" * asked.LONGEST) == "done"
    entry = {"n": 1, "item": CHOICE, "what": {"do": "put", "value": "lead"}}
    assert phone.box(*[entry] * (MOST_ENTRIES + 1))[0] == 400
    with pytest.raises((OSError, http.client.HTTPException, AssertionError)):
        assert phone.ask("POST", "/box", "x" * (BODY_BYTES + 1))[0] == 200
    for nonsense in (
        "",
        "[]",
        "{",
        "null",
        '{"entries": 1}',
        "[" * 5000,
        '{"entries": [], "box": "../x", "generation": 1}',
    ):
        assert phone.ask("POST", "/box", nonsense)[0] == 400
    server.phones.minute = int(time.monotonic() // 60)
    server.phones.times["send", f"table-1 {phone.person[5:]}"] = SENDS_A_MINUTE
    assert phone.box()[0] == 429
    assert server.phones.writer.store.rows("1")  # the server is there still


@pytest.mark.parametrize(
    "path",
    [
        "/api/kernels",
        "/voila/render/notebooks/nl/0_start.ipynb",
        "/../answers.sqlite3",
        "/phone.js/../answers.sqlite3",
        "/%2e%2e/answers.sqlite3",
        "/phone.py",
        "/questions/",
        "/room",
        "/static/x",
        "//evil.example/",
    ],
)
def test_there_is_nothing_but_five_routes(server, phone, path):
    for method in ("GET", "POST"):
        assert phone.ask(method, path, {} if method == "POST" else None)[0] == 404


def test_nothing_comes_from_elsewhere_and_nothing_is_kept_on_the_way(server, phone):
    server.room.set(texts=True)
    for path in ("/", "/questions", "/phone.js", "/phone.css"):
        page = phone.ask("GET", path)[1]
        assert not re.search(r"(?:src|href)=\"?(?:https?:)?//", page)
        assert "default-src 'none'" in phone.headers["Content-Security-Policy"]
    phone.ask("GET", "/questions")
    assert phone.headers["Cache-Control"] == "no-store" and "Server" not in phone.headers
    assert len(phone.read().page) < 50_000


# -- one commit for what arrives together ------------------------------------------------------------------------------


def test_what_arrives_during_a_commit_goes_into_the_next_one(room):
    begun = []
    go_on = threading.Event()

    def slow(store):
        begun.append(store.is_writing)
        assert go_on.wait(10)

    def put(number):
        def job(store):
            return Change(store, "").write(CHOICE, "lead", f"seat-{number}")

        return job

    def refused(store):
        Change(store, "").write(CHOICE, "nao", "seat-50")
        raise Problem(Message("room.not_here"))

    def broken(store):
        Change(store, "").write(CHOICE, "nao", "seat-51")
        raise KeyError("a fault of ours")

    async def all_of_it():
        writer = Writer(open_store(room.store.folder, ROOM, "table-1"))
        commits = []
        writer.store._connection.set_trace_callback(lambda said: commits.append(said) if said == "COMMIT" else None)
        first = asyncio.create_task(writer.do(slow))
        while not begun:
            await asyncio.sleep(0)
        others = [asyncio.create_task(writer.do(job)) for job in (*map(put, range(1, 31)), refused, broken)]
        await asyncio.sleep(0)
        go_on.set()
        await first
        results = await asyncio.gather(*others, return_exceptions=True)
        return results, len(commits)

    results, commits = asyncio.run(all_of_it())
    assert commits == 2
    assert len({result for result in results if isinstance(result, int)}) == 30
    assert isinstance(results[-2], Problem) and isinstance(results[-1], KeyError)
    store = open_store(room.store.folder, ROOM, "table-1")
    assert store.answered(CHOICE) == 31 and store.get(CHOICE, "seat-51") is None


def test_where_nothing_can_be_kept_telephones_keep_it(server, phone, monkeypatch):
    blocking = database.connect(database.path_of(server.room.store.folder))
    server.phones.writer.store.execute("PRAGMA busy_timeout=50").fetchall()
    blocking.execute("BEGIN IMMEDIATE")
    assert phone.puts("lead", n=1) == "later"
    blocking.execute("ROLLBACK")
    assert phone.puts("lead", n=1) == "done"


def test_a_room_store_can_be_part_of_a_larger_commit(room):
    with room.store.change():
        seat = RoomStore(room.store.beside("table-2")).give_seat("table-2")
        assert seat.number == 1
    assert room.held("table-2") == [1]


# -- whether telephones find the laptop --------------------------------------------------------------------------------


def test_the_address_on_the_wall_is_one_of_the_laptops_own(monkeypatch):
    known = {
        "docker0": "172.17.0.1",
        "wlan0": "192.168.1.20",
        "ap0": "192.168.137.1",
        "eth1": "169.254.3.3",
        "off": "10.0.0.9",
        "lo": "127.0.0.1",
    }
    one = SimpleNamespace
    there = {name: [one(family=socket.AF_INET, address=address)] for name, address in known.items()}
    monkeypatch.setattr(addresses.psutil, "net_if_addrs", lambda: there)
    monkeypatch.setattr(addresses.psutil, "net_if_stats", lambda: {name: one(isup=name != "off") for name in known})
    assert addresses.own_addresses() == ["192.168.137.1", "192.168.1.20", "169.254.3.3", "172.17.0.1"]
    assert addresses.choose(None) == "192.168.137.1" and addresses.choose("192.168.1.20") == "192.168.1.20"
    with pytest.raises(Problem):
        addresses.choose("10.9.9.9")
    there.clear()
    assert addresses.choose(None) == "127.0.0.1"
    assert (False, Message("room.no_network")) in addresses.findings((0, 0))


@pytest.mark.parametrize(("source", "counts"), [("127.0.0.2", True), ("127.0.0.1", False)])
def test_the_test_page_waits_for_another_device(source, counts):
    listening = places.claim(0, "room", "")
    found = []
    waiting = threading.Thread(target=lambda: found.append(addresses.visitor(listening, 20 if counts else 1)))
    waiting.start()
    port = listening.getsockname()[1]
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=20, source_address=(source, 0))
    line.request("GET", "/")
    assert "✓" in line.getresponse().read().decode()
    line.close()
    waiting.join(20)
    assert found == [source if counts else None]
