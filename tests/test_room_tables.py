"""Tables of a room, its wall and the trainer's page: whose key opens what, and that nothing tells on a person."""

import asyncio
import json
import re
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from html import unescape

import nbformat
import pytest
import websocket
from test_server import config, connect, message
from viewing import everything, press, said, until

from workshop import widgets
from workshop.answers import open_store
from workshop.answers.rooms import MOST_TABLES, next_room, open_room
from workshop.answers.tables import Room, read_room, table_of
from workshop.domain import edit
from workshop.domain.questions import question
from workshop.output.report import room_report
from workshop.room.addresses import own_addresses
from workshop.room.asked import by_item
from workshop.room.earlier import earlier
from workshop.room.tables import make_reports
from workshop.room.wall import Wall
from workshop.server.pages import MOST_PAGES, is_there
from workshop.session import open_session
from workshop.texts import Message
from workshop.widgets.answer_field import AnswerField
from workshop.widgets.network_export import NetworkExport
from workshop.widgets.seats import SeatBar

ROOM = "room-1"
CHOICE = "opening.on-paper"
VALUES = ("shared", "lead", "lead", "nao", "shared")
TEXT = "reflection.2.role-experience"
SECRET = "een heel eigen zin"
RENDER = "/voila/render/notebooks/nl/"
WHO = """import os
print('pid', os.getpid(), '|', os.environ['WORKSHOP_ROOM'], '|', os.environ['WORKSHOP_GROUP'])"""


# -- keys, over real requests ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    for name in ("0_start", "trainer"):
        path = folder / "notebooks" / "nl" / f"{name}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        made = nbformat.v4.new_notebook()
        made.cells = [nbformat.v4.new_markdown_cell("# Blad"), nbformat.v4.new_code_cell(WHO)]
        nbformat.write(made, path)
    return folder


@pytest.fixture(scope="module")
def server(running, root, tmp_path_factory):
    work = tmp_path_factory.mktemp("work")
    here = ("--tables", "2", "--address", "127.0.0.1")
    with running(work, *here, command="room", root=root, limits={"kernels.SPARES": False}) as server:
        server.log_in()
        server.room = open_room(work, ROOM)
        yield server


class Visitor:
    """A browser of its own at the same server."""

    def __init__(self, server, key="", host=""):
        self.server, self.origin = server, server.origin.replace("127.0.0.1", host or "127.0.0.1")
        self.cookies = ""
        if key:
            status, headers, _ = self.get(f"/?token={key}", follow=False)
            assert status == 302
            self.cookies = "; ".join(cookie.partition(";")[0] for cookie in headers.get_all("Set-Cookie"))

    def get(self, path, **more):
        more.setdefault("headers", {}).setdefault("Cookie", self.cookies)
        return self.server.get(self.origin + path, cookies=False, **more)

    def page(self, name="0_start"):
        status, _, text = self.get(f"{RENDER}{name}.ipynb")
        assert status == 200
        return text

    def leave(self, kernel):
        return self.get(f"/voila/api/presence/{kernel}", data=b"", headers={"Origin": self.origin})[0]


@pytest.fixture(scope="module")
def tables(server):
    """A browser with the key of each table."""
    return {group: Visitor(server, key) for group, key in server.room.tables().items()}


def test_the_page_of_a_table_keeps_its_answers_and_the_trainers_page_its_own(server, tables):
    for group, table in tables.items():
        text = table.page()
        assert f"| {ROOM} | {group}" in text
        assert table.leave(config(text)["kernelId"]) == 204
    text = server.get(RENDER + "trainer.ipynb")[2]
    assert f"| {ROOM} | trainer" in text


def test_the_card_of_a_table_opens_it_on_another_laptop_too(server, tables):
    key = server.room.tables()["table-1"]
    other = Visitor(server, key.upper() + " ")
    text = other.page()
    assert f"| {ROOM} | table-1" in text
    assert other.leave(config(text)["kernelId"]) == 204


def test_no_other_key_reaches_a_kernel_its_line_or_its_end(server, tables):
    kernel = config(tables["table-1"].page())["kernelId"]
    trainer = Visitor(server)
    trainer.cookies = server.cookies
    for other in (tables["table-2"], trainer, Visitor(server)):
        assert other.get(f"/api/kernels/{kernel}")[0] == 403
        assert other.leave(kernel) == 403
        status, _, text = other.get(f"/voila/api/presence/{kernel}")
        assert status == 403 or json.loads(text) == {"there": False}
        with pytest.raises(websocket.WebSocketBadStatusException) as refused:
            connect(server, kernel, cookie=other.cookies)
        assert refused.value.status_code == 403
        gone = urllib.request.Request(f"{server.origin}/api/kernels/{kernel}", method="DELETE")
        gone.add_header("Cookie", f"{other.cookies}; _xsrf=x")
        gone.add_header("X-XSRFToken", "x")
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(gone)
        assert refused.value.code in (403, 405)
    assert json.loads(tables["table-1"].get(f"/voila/api/presence/{kernel}")[2]) == {"there": True}
    connect(server, kernel, cookie=tables["table-1"].cookies).close()
    assert tables["table-1"].leave(kernel) == 204


def test_a_table_runs_no_code(server, tables, tmp_path):
    kernel = config(tables["table-1"].page())["kernelId"]
    line = connect(server, kernel, cookie=tables["table-1"].cookies)
    code = f"open({str(tmp_path / 'ran')!r}, 'w')"
    tried = {"code": code, "silent": False, "store_history": False, "user_expressions": {"x": code}}
    asked = message("comm_info_request", {})
    for channel, sent in (("control", message("execute_request", tried)), ("shell", message("execute_request", tried))):
        line.send(json.dumps({**sent, "channel": channel, "buffers": []}))
    line.send(json.dumps({**asked, "channel": "shell", "buffers": []}))
    while "comm_info_reply" not in str(line.recv()):
        pass
    assert not (tmp_path / "ran").exists()
    line.close()
    assert tables["table-1"].leave(kernel) == 204


TRAINERS = ("/room", "/room/wall", "/room/state", "/room/cards", "/room/reports/x.html", RENDER + "trainer.ipynb")


def test_what_is_the_trainers_opens_for_no_table(server, tables):
    for path in TRAINERS:
        for other in (tables["table-1"], Visitor(server)):
            assert other.get(path)[0] == 403, path
    for other in (tables["table-1"], Visitor(server)):
        sent = {"data": b"do=open&value=no", "headers": {"Origin": server.origin}}
        assert other.get("/room/do", **sent)[0] == 403
    assert server.room.state.open
    for path in TRAINERS[:2]:
        assert server.get(path)[0] == 200


def test_a_disk_that_takes_capitals_for_the_same_opens_no_page_by_another_name(root, monkeypatch):
    folder = root / "notebooks" / "nl"
    monkeypatch.setattr("pathlib.Path.is_file", lambda path: True)  # as NTFS says of Trainer.ipynb
    assert is_there(folder / "trainer.ipynb") and not is_there(folder / "Trainer.ipynb")


def test_what_is_the_trainers_opens_only_on_this_laptop(server):
    elsewhere = own_addresses()
    if not elsewhere:
        pytest.skip("this computer is on no network")
    table = Visitor(server, server.room.tables()["table-1"], elsewhere[0])
    text = table.page()
    assert f"| {ROOM} | table-1" in text and table.leave(config(text)["kernelId"]) == 204
    stranger = Visitor(server, host=elsewhere[0])
    stranger.cookies = server.cookies
    for path in TRAINERS:
        for ending in ("", f"?token={server.key}"):
            assert stranger.get(path + ending)[0] == 403, path


def test_names_and_pages_of_elsewhere_are_refused(server, tables):
    table = tables["table-1"]
    for host in ("kwaad.be", "192.0.2.1", "127.0.0.1.kwaad.be", "localhost.kwaad.be"):
        assert table.get(RENDER + "0_start.ipynb", headers={"Cookie": table.cookies, "Host": host})[0] == 403
    for origin in ("http://kwaad.be", "null", ""):
        sent = {"data": b"do=open&value=no", "headers": {"Origin": origin}}
        assert server.get("/room/do", **sent)[0] == 403
    assert server.room.state.open


@pytest.mark.parametrize("path", ["/room/reports/..%2f..%2fanswers.sqlite3", "/room/reports/%2e%2e", "/files/x"])
def test_path_tricks_lead_nowhere(server, path):
    assert server.get(path)[0] in (400, 403, 404)


def test_who_typed_the_bare_address_is_asked_for_the_key(server):
    status, _, text = Visitor(server).get("/")
    assert status == 403 and 'name="token"' in text and str(Message("card.ask")) in text
    for wrong in ("fout", "%00", "%c3%a9", "x" * 5000):
        assert Visitor(server).get(f"/?token={wrong}")[0] in (400, 403)


def test_a_table_has_so_many_pages_and_no_more(server, tables):
    kernels = []

    def opens():
        status, _, text = tables["table-2"].get(RENDER + "0_start.ipynb")
        if status == 200:
            kernels.append(config(text)["kernelId"])
        return status == 200

    with ThreadPoolExecutor(MOST_PAGES + 2) as at_once:
        opened = list(at_once.map(lambda _: opens(), range(MOST_PAGES + 2)))
    assert sum(opened) == len(kernels) == MOST_PAGES
    status, _, text = tables["table-2"].get(RENDER + "0_start.ipynb")
    assert status == 503 and str(Message("page.error.503")) in unescape(text)
    assert tables["table-1"].get(RENDER + "0_start.ipynb")[0] == 200
    assert tables["table-2"].leave(kernels[0]) == 204
    assert until(lambda: len(kernels) > MOST_PAGES or opens()) and not opens()
    for kernel in kernels[1:]:
        assert tables["table-2"].leave(kernel) == 204


def done(server, do, *values):
    """Press a button on the trainer's page; the page that follows."""
    data = "&".join([f"do={do}", *(f"value={value}" for value in values)]).encode()
    status, headers, _ = server.get("/room/do", data=data, headers={"Origin": server.origin}, follow=False)
    assert status == 303 and headers["Location"] == "/room"
    return server.get("/room")[2]


def test_the_trainer_asks_lets_write_closes_and_opens(server):
    room = server.room
    text = done(server, "ask", CHOICE)
    assert room.state.asked == CHOICE and str(Message("control.asked")) in text
    done(server, "ask", "")
    assert room.state.asked == ""
    done(server, "texts", "yes")
    assert room.state.texts
    done(server, "texts", "no")
    assert not room.state.texts
    assert str(Message("wall.closed")) in done(server, "open", "no")
    assert not room.state.open
    done(server, "open", "yes")
    assert room.state.open
    for wrong in (b"do=ask&value=network", b"do=serve&value=", b"do=__class__&value="):
        assert server.get("/room/do", data=wrong, headers={"Origin": server.origin})[0] == 400
    assert str(Message("control.no_spread")) in done(server, "spread", CHOICE)


def test_no_written_question_stays_asked_where_no_telephone_shows_it(server):
    room = server.room
    done(server, "texts", "yes")
    done(server, "ask", CHOICE)
    done(server, "texts", "no")
    assert room.state.asked == CHOICE, "it is chosen"
    assert str(Message("control.no_writing")) in done(server, "ask", TEXT) and room.state.asked == CHOICE
    done(server, "texts", "yes")
    done(server, "ask", TEXT)
    done(server, "texts", "yes")
    assert room.state.asked == TEXT
    done(server, "texts", "no")
    assert (room.state.asked, room.state.texts) == ("", False)


def test_there_are_ten_tables_at_most_each_with_a_card(server):
    for _ in range(MOST_TABLES + 1):
        text = done(server, "table", "")
    assert str(Message("room.no_more_tables", n=MOST_TABLES)) in text
    cards = server.get("/room/cards")[2]
    keys = server.room.tables().values()
    assert len(set(keys)) == MOST_TABLES and all(re.fullmatch(r"(\w{4}-){2}\w{4}", key) for key in keys)
    assert cards.count("<svg") == MOST_TABLES and all(key in cards for key in keys)


# -- what a wall tells -------------------------------------------------------------------------------------------------


@pytest.fixture
def room(tmp_path):
    return open_room(tmp_path, ROOM, tables=2)


def look(room):
    """All that a wall shows now: its parts, and numbers."""
    wall = Wall(open_room(room.store.folder, ROOM), "http://127.0.0.1:1", lambda group: 0)
    return wall.make()


def answer(room, values, group="table-1", item=CHOICE):
    """Telephones at a table answer; their seats."""
    store = open_store(room.store.folder, ROOM, group)
    seats = []
    for value in values:
        seat = room.give_seat(group)
        store.put(item, value, seat.person)
        seats.append(seat.person)
    store.close()
    return seats


def test_the_number_moves_and_what_was_chosen_does_not(room):
    room.set(asked=CHOICE)
    store = room.store.beside("table-1")
    answer(room, VALUES)
    before, asked = look(room)
    assert asked[CHOICE].total == 5 and asked[CHOICE].ready
    assert "<svg" not in before["now"] and "<svg" not in before["spreads"]
    assert store.open_spread(CHOICE)
    opened, asked = look(room)
    assert "<svg" in opened["now"] and not asked[CHOICE].ready
    answer(room, ["nao"])
    later, asked = look(room)
    assert asked[CHOICE].total == 6 and not asked[CHOICE].ready and not store.open_spread(CHOICE)
    assert later["spreads"] == opened["spreads"]
    figure = re.compile(r"<figure>.*</figure>", re.DOTALL)
    assert figure.search(later["now"])[0] == figure.search(opened["now"])[0]


@pytest.mark.parametrize("n", [1, 4, 5, 9])
def test_before_it_is_opened_a_wall_is_the_same_whatever_people_chose(tmp_path, n):
    shown = []
    for value in ("shared", "nao"):
        room = open_room(tmp_path / value, ROOM, tables=2)
        room.set(asked=CHOICE, word="boom")
        answer(room, [value] * n)
        shown.append(look(room))
    assert shown[0] == shown[1]


def test_watching_one_person_change_or_delete_an_answer_tells_nothing(room):
    room.set(asked=CHOICE)
    store = room.store.beside("table-1")
    seats = answer(room, VALUES)
    store.open_spread(CHOICE)
    opened, _ = look(room)
    store.put(CHOICE, "nao", seats[0])
    assert look(room)[0]["spreads"] == opened["spreads"]
    store.delete_person(seats[1])
    after, asked = look(room)
    assert "<svg" not in after["spreads"] and asked[CHOICE].total == 4 and not asked[CHOICE].ready
    answer(room, ["nao"])
    assert not look(room)[1][CHOICE].ready and not store.open_spread(CHOICE), "one newcomer would be the difference"


def test_the_report_counts_what_the_wall_showed(room):
    store = room.store.beside("table-1")
    answer(room, VALUES)
    store.open_spread(CHOICE)
    shown = store.spread(CHOICE)
    seats = answer(room, ["nao", "nao"])
    store.put(CHOICE, "unsure", seats[0])
    answer(room, ["lead"] * 4, "table-2")
    (table,) = (t for t in read_room(room.store.folder).tables if t.group == "table-1")
    assert table.spread(CHOICE) == shown == table_of(store).spread(CHOICE)
    rows = json.dumps([list(block.rows) for block in room_report(Room([table])).blocks], ensure_ascii=False)
    assert "unsure" not in rows and question(CHOICE).label in rows
    (other,) = (t for t in read_room(room.store.folder).tables if t.group == "table-2")
    assert other.spread(CHOICE) is None


def test_texts_stand_on_the_wall_only_while_they_are_released(room):
    store = room.store.beside("table-1")
    (seat,) = answer(room, [SECRET], item=TEXT)
    assert SECRET not in json.dumps(look(room)[0])
    store.release(TEXT, seat)
    assert SECRET in look(room)[0]["texts"] and seat not in look(room)[0]["texts"]
    store.withdraw(TEXT, seat)
    assert SECRET not in json.dumps(look(room)[0])


def test_what_people_typed_is_escaped_on_wall_and_trainers_page(room):
    hostile = '<img src=x onerror="alert(1)">'
    session = open_session(store=room.store.folder, room=ROOM, group="table-1")
    session.save("table-name", hostile)
    session.change_network(edit.add_organisation, f"OCMW {hostile}")
    (seat,) = answer(room, [hostile], item=TEXT)
    session.store.release(TEXT, seat)
    room.set(asked=CHOICE)
    for name, text in look(room)[0].items():
        assert "<img" not in text, name
    assert "&lt;img" in look(room)[0]["join"]


@pytest.mark.parametrize("host", ["192.168.1.20", "127.0.0.1"])
def test_a_wall_knows_whether_the_laptop_still_has_its_address(room, monkeypatch, host):
    wall = Wall(open_room(room.store.folder, ROOM), f"http://{host}:8871", lambda group: 0)
    now = ["10.42.0.1", "192.168.1.20"]
    monkeypatch.setattr("workshop.room.wall.own_addresses", lambda: now)
    wall.make()
    assert not wall.moved
    now.pop()
    wall.make()
    assert wall.moved == (host != "127.0.0.1")
    assert asyncio.run(wall.newer(0))["moved"] == wall.moved
    now.append(host)
    wall.make()
    assert not wall.moved, "it is back"


@pytest.mark.browser
@pytest.mark.parametrize("path", ["/room", "/room/wall"])
def test_an_address_that_is_gone_is_said_on_wall_and_trainers_page(server, page, path):
    moved = [True]
    state = {"version": 1, "parts": {}, "asked": {}}
    page.route("**/room/state*", lambda route: route.fulfill(json=state | {"moved": moved[0]}))
    page.goto(f"{server.origin}{path}?token={server.key}")
    page.locator("#moved").wait_for()
    moved[0] = False
    page.locator("#moved").wait_for(state="hidden")


def test_the_maps_of_tables_grow_on_the_wall(room):
    session = open_session(store=room.store.folder, room=ROOM, group="table-2")
    before = look(room)[0]
    session.change_network(edit.add_organisation, "OCMW")
    session.change_network(edit.add_organisation, "CAW")
    after = look(room)[0]
    assert after["maps"] != before["maps"] and after["merged"] != before["merged"]
    assert after["maps"].count("<svg") == 1


def test_two_maps_over_each_other_on_the_wall_or_one_and_all_together(room):
    room.add_table()
    for group, name in (("table-1", "OCMW"), ("table-2", "CAW")):
        open_session(store=room.store.folder, room=ROOM, group=group).change_network(edit.add_organisation, name)
    wall = Wall(open_room(room.store.folder, ROOM), "http://127.0.0.1:1", lambda group: 0)
    one, two, three = (str(Message("wall.table", n=n)) for n in (1, 2, 3))
    everything = str(Message("control.all"))

    def shown(*compared):
        wall.compared = compared
        return unescape(wall.make()[0]["merged"])

    def only(side, name):
        return str(Message("dashboard.only", side=side, names=[name]))

    merged = shown("", "")
    assert str(Message("wall.merged")) in merged and str(Message("control.compare")) not in merged
    both = shown("table-1", "table-2")
    assert (
        str(Message("wall.compared", a=one, b=two)) in both and only("A", "OCMW") in both and only("B", "CAW") in both
    )
    for compared, a, b, side in ((("table-1", ""), one, everything, "B"), (("", "table-1"), everything, one, "A")):
        page = shown(*compared)
        assert str(Message("wall.compared", a=a, b=b)) in page and only(side, "CAW") in page
    for compared in (("table-3", ""), ("table-1", "table-3"), ("table-3", "table-3")):
        page = shown(*compared)
        assert (
            page.count(three) == 1
            and str(Message("wall.no_map", names=[three])) in page
            and str(Message("wall.merged")) in page
        )
    assert shown("table-9", "") == merged, "a table that is not there"


def test_the_report_of_the_room_is_of_this_room_only(room):
    answer(room, VALUES)
    elsewhere = open_store(room.store.folder, "workshop", "table-1")
    elsewhere.put("table-name", "Van gisteren")
    open_session(store=room.store.folder, room=ROOM, group="table-1").save("table-name", "Van vandaag")
    made = make_reports(room, room.store.folder / "reports" / ROOM)
    html = "".join(path.read_text(encoding="utf-8") for path in made if path.suffix == ".html")
    assert "Van vandaag" in html and "Van gisteren" not in html


def test_a_room_with_answers_of_an_earlier_day_says_so_and_how_to_begin_another(room, monkeypatch):
    monkeypatch.setenv("WORKSHOP_COMMAND", "sh start-workshop.sh")
    answer(room, VALUES)
    answer(room, VALUES, "table-2")
    open_store(room.store.folder, ROOM, "trainer").put("note.run-clock", {})
    assert earlier(room) is None, "of today"
    with room.store.change():
        room.store.query(
            "UPDATE answers SET saved_at='2026-03-04T11:00:00.000+00:00' WHERE grp IN ('table-1', 'trainer')"
        )
    found = Message("room.earlier", day="04/03/2026", n=1, command="sh start-workshop.sh")
    assert earlier(room) == found
    answer(room, VALUES[:1])
    assert earlier(room) == found, "the first answers of today take it away from nobody who looks later"
    assert earlier(open_room(room.store.folder, next_room(room.store.folder), tables=2)) is None


def test_who_opens_a_room_of_an_earlier_day_reads_it_at_the_start_and_on_the_trainers_page(running, root, tmp_path):
    made = open_room(tmp_path, ROOM, tables=2)
    answer(made, VALUES)
    with made.store.change():
        made.store.query("UPDATE answers SET saved_at='2026-03-04T11:00:00.000+00:00' WHERE room=:room")
    with running(tmp_path, "--tables", "2", "--address", "127.0.0.1", command="room", root=root) as server:
        found = str(Message("room.earlier", day="04/03/2026", n=1, command="workshop"))
        assert found in server.lines and found in unescape(server.log_in())


# -- what a table's page shows -----------------------------------------------------------------------------------------


def of_table(room, group="table-1"):
    return open_session(store=room.store.folder, room=ROOM, group=group)


def test_seat_buttons_offer_only_seats_that_no_telephone_has(room):
    answer(room, VALUES[:3])
    session = of_table(room)
    bar = SeatBar(session, [question(CHOICE)])
    assert [name for name, _ in bar.seats] == [f"seat-{n}" for n in range(4, 12)]
    bar.seat = "seat-4"
    assert session.seat == "seat-4"
    assert room.give_seat("table-1").number == 5, "nobody gets the seat of who sits at the keyboard"
    session.refresh()
    assert [name for name, _ in bar.seats] == ["seat-4", *(f"seat-{n}" for n in range(6, 13))]
    for taken in ("seat-1", "seat-5", "seat-99", "phone", ""):
        bar.seat = taken
        assert bar.seat == session.seat == "seat-4"
    assert bar.answered == [] and bar.told == str(Message("seat.answered_n", n=3))
    assert session.failures == []


def test_a_page_of_a_table_never_shows_what_a_telephone_wrote(room):
    (seat,) = answer(room, [SECRET], item=TEXT)
    session = of_table(room)
    asks = [
        widgets.Ask(session, name) for name in ("reflection-1", "reflection-2", "who-are-we", "judgement", "opening")
    ]
    views = [*asks, widgets.StartTable(session), widgets.Header(session)]
    for bar in [w for view in views for w in everything(view) if isinstance(w, SeatBar)]:
        bar.seat = seat
    fields = [w for view in views for w in everything(view) if isinstance(w, AnswerField)]
    for field in fields:  # as a page may that is not ours
        field.set_state({"person": seat, "item": TEXT})
    session.touched(None)
    seen = "".join(str(w.get_state()) for view in views for w in everything(view))
    assert fields and SECRET not in seen
    hidden = [w.description for view in views for w in everything(view) if hasattr(w, "on_click")]
    assert str(Message("start.copy")) not in hidden, "a copy has everything in it"


def test_a_table_of_a_room_hands_in_nothing_and_reads_of_no_folder(room):
    session = of_table(room)
    session.save("table-name", "De pioniers")
    view = widgets.ReportButton(session, lambda session: "<p>verslag</p>", lambda session: b"")
    press(view, "report_button.make")
    export = NetworkExport(session)
    session.change_network(edit.add_organisation, "OCMW")
    press(export, "export.make")
    seen = "".join(str(w.get_state()) for part in (view, export) for w in everything(part))
    assert said("report_button.in_room") in seen and said("report_button.hand_in") not in seen
    assert str(room.store.folder) not in seen and session.failures == []


def sent(session, n, item, what, person=None, box="box"):
    """What a page of a table sends; what became of it."""
    store = session.store
    content = {"box": box, "store": store.id, "room": store.room, "group": store.group}
    entry = {"n": n, "item": item, "what": what, "person": person, "base": 0, "age": 0}
    return session.receive({**content, "generation": store.generation, "entries": [entry]})["results"]


def test_a_page_of_a_table_writes_for_no_telephone(room):
    (seat,) = answer(room, ["lead"])
    session = of_table(room)
    (result,) = sent(session, 1, CHOICE, {"do": "put", "value": "nao"}, seat)
    assert result["state"] == "refused" and result["text"] == str(Message("seat.on_telephone"))
    assert session.store.get(CHOICE, seat) == "lead"
    (result,) = sent(session, 2, CHOICE, {"do": "put", "value": "nao"}, "seat-4")
    assert result["state"] == "done"


def test_a_closed_room_answers_later_and_nothing_counts_twice(room):
    session = of_table(room)
    room.set(open=False)
    (result,) = sent(session, 1, "network", {"do": "add", "text": "OCMW"})
    assert result["state"] == "later" and not session.network.organisations
    room.set(open=True)
    for _ in range(2):
        sent(session, 1, "network", {"do": "add", "text": "OCMW"})
    assert [item.name for item in session.network.organisations] == ["OCMW"]


def test_at_a_table_without_a_room_nothing_is_different(session):
    assert session.room is None and session.held == () and len(session.seats) == 8
    assert str(Message("start.copy")) in str([w.get_state() for w in everything(widgets.StartTable(session))])
    (result,) = sent(session, 1, CHOICE, {"do": "put", "value": "lead"}, "seat-8")
    assert result["state"] == "done" and session.store.get(CHOICE, "seat-8") == "lead"


def test_every_question_of_a_telephone_can_be_asked_on_the_trainers_page(server):
    done(server, "texts", "yes")
    text = done(server, "ask", "")
    done(server, "texts", "no")
    assert CHOICE in by_item() and TEXT in by_item()
    for item in by_item():
        assert f'data-count="{item}"' in text and f'value="{item}"' in text
