"""The browser's outbox: what people do and type is in the answers once, in order, whatever fails on the way."""

import http.server
import json
import random
import shutil
import subprocess
import threading
from functools import partial
from pathlib import Path

import pytest
from viewing import until

from conftest import SWITCHES, find_chromium
from workshop.session import open_session
from workshop.widgets.base import FOLDER

pytestmark = pytest.mark.browser
SCRIPT = "".join((FOLDER / name).read_text(encoding="utf-8") for name in ("kit.js", "outbox.js"))
SCRIPT = SCRIPT.partition("const outbox =")[0]  # the tests make pages of their own
KERNEL = """
window.models = [];
window.pages = [];
window.line = [];
window.told = [];
window.makeModel = (outbox) => {
  const handlers = {};
  const model = {
    state: { outbox },
    get: (name) => model.state[name],
    on: (name, handler) => (handlers[name] ??= []).push(handler),
    off: (name, handler) => { handlers[name] = handlers[name].filter((one) => one !== handler); },
    send: (content) => { line.push(content); },
    say: (content) => (handlers["msg:custom"] ?? []).forEach((handler) => handler(content)),
  };
  models.push(model);
  return model;
};
window.makePage = (outbox, limits) => {
  const page = new Outbox(limits);
  const model = makeModel(outbox);
  page.join(model);
  pages.push(page);
  return { page, model };
};
"""
NEVER = 10**8
QUIET = {"again": NEVER, "old": NEVER, "typing": NEVER}


def table_of(session):
    store = session.store
    return {"store": store.id, "generation": store.generation, "room": store.room, "group": store.group}


def script(page, address):
    """An empty page of that address with the outbox in it, and kernels that the test plays."""
    page.goto(address)
    page.add_script_tag(content=f"{KERNEL}\n{SCRIPT}\nwindow.Outbox = Outbox;")


def open_page(page, address, session):
    """An empty page with the outbox of a table in it."""
    script(page, address)
    page.evaluate("([outbox, limits]) => { window.one = makePage(outbox, limits); }", [table_of(session), QUIET])


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    folder = tmp_path_factory.mktemp("www")
    (folder / "index.html").write_text("<!doctype html><link rel=icon href=data:,><title>x</title>", encoding="utf-8")

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


@pytest.fixture
def alone(page, address, session):
    """A page with the outbox alone, whose kernel is `session.receive`; ``add(text)`` does one thing in it."""
    open_page(page, address, session)
    page.expose_function("kernel", session.receive)
    return page


def add(page, item, what, who="one", **more):
    page.evaluate(
        "([who, entry]) => { const { page, model } = window[who]; page.add({ model, ...entry },"
        " (result) => told.push(result)); }",
        [who, {"item": item, "what": what, **more}],
    )


def deliver(page):
    """All that is sent now reaches the kernel, and its answers the pages."""
    page.evaluate(
        """async () => {
          for (const page of pages) page.flush();
          for (const sent of line.splice(0)) {
            const answer = await kernel(sent);
            for (const model of models) model.say(answer);
          }
        }"""
    )


def level(page, who="one"):
    return page.evaluate(
        "(who) => { const { page, model } = window[who]; return page.level(page.pending(model.get('outbox'))); }", who
    )


def records(page):
    return page.evaluate("one.page.read()")


# -- nothing lost, nothing twice -------------------------------------------------------------------------------------

LOSSY = """async ([outbox, seed, steps]) => {
  let state = seed;
  const chance = () => { // the same run for the same seed
    state = (state * 1664525 + 1013904223) % 4294967296;
    return state / 4294967296;
  };
  const limits = { again: 1e8, old: -1, typing: 1e8 };
  const pages = [makePage(outbox, limits), makePage(outbox, limits)];
  await pages[1].page.sweep();
  let n = 0;
  const entries = [];
  for (let step = 0; step < steps; step++) {
    if (chance() < 0.4) {
      const text = `o${++n}`;
      entries.push(text);
      pages[0].page.add({ model: pages[0].model, item: "network", what: { do: "add", text } });
    }
    if (chance() < 0.3) await pages[1].page.sweep(); // sends what the first page holds
    for (const { page } of pages) if (chance() < 0.3) page.flush();
    if (line.length && chance() < 0.6) {
      const late = chance() < 0.7 ? 0 : Math.floor(chance() * line.length);
      const [sent] = line.splice(late, 1);
      if (chance() < 0.3) continue; // lost
      const answer = await kernel(sent);
      if (chance() < 0.7) for (const { model } of pages) if (chance() < 0.8) model.say(answer);
    }
  }
  line.splice(0);
  for (let last = 0; last < 3; last++) {
    for (const { page } of pages) page.flush();
    for (const sent of line.splice(0)) {
      const answer = await kernel(sent);
      for (const { model } of pages) model.say(answer);
    }
  }
  return { entries, left: pages[0].page.mine.length };
}"""


def test_nothing_is_lost_or_doubled_over_a_line_that_loses_and_reorders(page, address, tmp_path):
    sessions = {}
    refused = []

    def kernel(content):
        reply = sessions[content["group"]].receive(content)
        refused.extend(result for result in reply["results"] if result["state"] != "done")
        return reply

    script(page, address)
    page.expose_function("kernel", kernel)
    for seed in range(1, 7):
        group = f"table-{seed}"
        sessions[group] = open_session(store=tmp_path, room="room", group=group)
        done = page.evaluate(LOSSY, [table_of(sessions[group]), seed, 80])
        sessions[group].refresh()
        assert [item.name for item in sessions[group].network.organisations] == done["entries"]
        assert done["left"] == 0 and len(done["entries"]) > 15
    assert refused == []


def test_entries_that_arrive_twice_count_once(alone, session):
    add(alone, "network", {"do": "add", "text": "OCMW"})
    add(alone, "network", {"do": "add", "text": "CAW"})
    alone.evaluate("line.push(...line, ...line)")
    deliver(alone)
    assert [item.name for item in session.network.organisations] == ["OCMW", "CAW"]
    assert [one["state"] for one in alone.evaluate("told")] == ["done", "done"] and level(alone) == "kept"


def test_typing_replaces_the_entry_of_its_field(alone, session):
    for text in ("W", "We", "We bellen"):
        add(alone, "agreement.what", {"do": "text", "text": text}, place="agreement.what")
    assert len(records(alone)) == 1
    alone.evaluate("one.page.flush()")
    deliver(alone)
    assert session.store.get("agreement.what") == "We bellen" and records(alone) == []


# -- how safe it is said to be ---------------------------------------------------------------------------------------


def until_level(page, wanted):
    page.wait_for_function(
        "(wanted) => { const { page, model } = one; return page.level(page.pending(model.get('outbox'))) === wanted; }",
        arg=wanted,
    )


def test_safe_is_said_when_it_is_on_the_browsers_disk_and_kept_when_the_kernel_has_it(alone):
    add(alone, "agreement.what", {"do": "text", "text": "x"}, place="agreement.what")
    assert level(alone) == "busy"
    until_level(alone, "safe")
    assert [record["what"]["text"] for record in records(alone)] == ["x"]
    deliver(alone)
    assert level(alone) == "kept" and records(alone) == []


@pytest.mark.parametrize(
    "broken",
    [
        "() => { indexedDB.open = () => { throw new Error('off'); }; }",
        "() => { IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError'); }; }",
    ],
    ids=["off", "full"],
)
def test_where_the_browser_cannot_keep_it_that_is_said_and_it_is_sent_all_the_same(page, address, session, broken):
    script(page, address)
    page.evaluate(broken)
    page.evaluate("([outbox, limits]) => { window.one = makePage(outbox, limits); }", [table_of(session), QUIET])
    page.expose_function("kernel", session.receive)
    add(page, "agreement.what", {"do": "text", "text": "Bellen"}, place="agreement.what")
    until_level(page, "unsafe")
    deliver(page)
    assert session.store.get("agreement.what") == "Bellen" and level(page) == "kept"


def test_what_one_person_alone_may_see_is_on_the_disk_only_when_nobody_answers(page, address, session):
    script(page, address)
    limits = {**QUIET, "alone": 400}
    page.evaluate("([outbox, limits]) => { window.one = makePage(outbox, limits); }", [table_of(session), limits])
    page.expose_function("kernel", session.receive)
    private = {"person": "seat-2", "place": "reflection.1.own-experience"}
    add(page, "reflection.1.own-experience", {"do": "text", "text": "geheim"}, **private)
    assert records(page) == []
    deliver(page)
    page.evaluate("new Promise((good) => setTimeout(good, one.page.limits.alone + 50))")  # when it would be written
    assert records(page) == [] and session.store.get("reflection.1.own-experience", "seat-2") == "geheim"
    add(page, "reflection.1.own-experience", {"do": "text", "text": "nog iets"}, **private)
    page.wait_for_function("async () => (await one.page.read()).length === 1")


# -- what the kernel says --------------------------------------------------------------------------------------------


def test_a_box_of_another_table_or_folder_is_never_applied(alone, session, tmp_path):
    other = open_session(store=tmp_path / "other", room="room", group="table-1")
    for table in ({**table_of(session), "group": "table-2"}, {**table_of(session), "room": "hall"}, table_of(other)):
        alone.evaluate("(outbox) => { window.two = makePage(outbox, { again: 1e8, old: 1e8 }); }", table)
        add(alone, "agreement.what", {"do": "text", "text": "niet hier"}, who="two", place="agreement.what")
        deliver(alone)
        assert session.store.get("agreement.what") is None and level(alone, "two") != "kept"


def test_what_waits_for_the_disk_stays_and_what_failed_three_times_lets_the_rest_go_on(alone, session):
    add(alone, "network", {"do": "nonsense"})
    add(alone, "network", {"do": "add", "text": "OCMW"})
    for _ in range(3):
        alone.evaluate("one.page.flush()")
        deliver(alone)
    alone.evaluate("one.page.flush()")
    deliver(alone)
    assert [item.name for item in session.network.organisations] == ["OCMW"] and level(alone) == "asked"
    (aside,) = records(alone)
    assert aside["aside"]["reason"] == "failed" and aside["what"]["do"] == "nonsense"


def test_what_is_older_than_the_answers_is_asked_about_and_then_kept_or_thrown_away(alone, session):
    add(alone, "agreement.what", {"do": "text", "text": "van vroeger"}, place="agreement.what")
    add(alone, "network", {"do": "add", "text": "OCMW"})
    session.delete_group()
    deliver(alone)
    alone.evaluate("one.page.flush()")
    deliver(alone)
    assert session.store.get("agreement.what") is None and level(alone) == "asked"
    alone.evaluate("(outbox) => { one.model.state.outbox = outbox; }", table_of(session))
    add(alone, "agreement.what", {"do": "text", "text": "van vroeger en nu"}, place="agreement.what")
    deliver(alone)
    assert session.store.get("agreement.what") is None  # the text in the question grew, and nothing was applied
    asked = "one.page.mine.map(({ record }) => record).filter((record) => record.aside)"
    assert len(alone.evaluate(asked)) == 2
    alone.evaluate(f"{asked}.forEach((record) => one.page.decide(one.model, record, record.item === 'agreement.what'))")
    alone.evaluate("one.page.flush()")
    deliver(alone)
    assert session.store.get("agreement.what") == "van vroeger en nu" and not session.network.organisations
    assert level(alone) == "kept" and records(alone) == []


def test_after_ten_minutes_what_another_page_overtook_is_asked_about(alone, session):
    add(alone, "agreement.what", {"do": "text", "text": "voor de lunch"}, place="agreement.what")
    add(alone, "agreement.why", {"do": "text", "text": "nergens anders"}, place="agreement.why")
    alone.evaluate("one.page.mine.forEach(({ record }) => { record.made -= 11 * 60 * 1000; }); line.splice(0)")
    session.save("agreement.what", "na de lunch")
    for _ in range(2):
        alone.evaluate("one.page.flush()")
        deliver(alone)
    assert (
        session.store.get("agreement.what") == "na de lunch" and session.store.get("agreement.why") == "nergens anders"
    )
    assert level(alone) == "asked"


# -- a field in two pages, and what an earlier page left --------------------------------------------------------------


def test_a_page_sends_what_a_page_before_it_left_and_builds_on_it(page, address, session):
    open_page(page, address, session)
    add(page, "agreement.what", {"do": "text", "text": "Eerst"}, place="agreement.what")
    add(page, "structure", {"do": "theme", "table": "working", "theme": "Wo"}, place="theme/working", hold=True)
    add(page, "map", {"text": "half"}, place="map-entry/1", draft=True)
    until_level(page, "safe")
    page.reload()
    open_page(page, address, session)
    page.expose_function("kernel", session.receive)
    page.wait_for_function("one.page.found.length === 3")
    builds = "one.page.found.find(({ item }) => item === 'agreement.what')"
    add(
        page,
        "agreement.what",
        {"do": "text", "text": "Eerst, en dan"},
        place="agreement.what",
        after=page.evaluate(builds),
    )
    page.evaluate("line.splice(0); one.page.flush()")
    sent = [entry["what"]["do"] for content in page.evaluate("line") for entry in content["entries"]]
    assert sorted(sent) == ["text", "theme"], "what was held counts, and the new text waits for the one before it"
    deliver(page)
    deliver(page)
    assert session.store.get("agreement.what") == "Eerst, en dan" and session.store.others("agreement.what") == []
    assert [record["draft"] for record in records(page)] == [True]
    drafts = page.evaluate("one.page.drafts(one.model, 'map-entry')")
    assert [draft["what"]["text"] for draft in drafts] == ["half"]


def test_what_was_half_typed_before_all_was_deleted_does_not_come_back(page, address, session):
    open_page(page, address, session)
    add(page, "map", {"text": "Jan"}, place="map-entry/1", draft=True)
    page.wait_for_function("one.page.safe")
    session.delete_group()  # on another laptop: this browser hears nothing of it
    open_page(page, address, session)
    assert page.evaluate("one.page.drafts(one.model, 'map-entry')") == []
    assert until(lambda: records(page) == [])


GIVEN_UP = "IDBDatabase.prototype.transaction = () => { throw new Error('the page is going'); }; 0"


def test_what_the_browser_gives_up_writing_as_a_page_goes_is_there_for_the_next(page, address, session):
    open_page(page, address, session)
    page.expose_function("kernel", session.receive)
    page.evaluate("one.page.leave()")
    assert page.evaluate("localStorage.length") == 0, "nothing was typed"
    add(page, "agreement.what", {"do": "text", "text": "Samen"}, place="agreement.what")
    add(page, "network", {"do": "add", "text": "Een"}, place="map", hold=True)
    page.wait_for_function("one.page.safe")
    page.evaluate(GIVEN_UP)
    add(page, "agreement.what", {"do": "text", "text": "Samen bellen"}, place="agreement.what")
    add(page, "network", {"do": "add", "text": "Eerste"}, place="map", hold=True)
    add(page, "agreement.owner", {"do": "text", "text": "Ik"}, place="agreement.owner")
    open_page(page, address, session)
    page.wait_for_function("one.page.found.length > 0")
    typed = [[record["what"]["text"], record["hold"]] for record in records(page)]
    assert sorted(typed) == [["Eerste", False], ["Ik", False], ["Samen bellen", False]], "nothing stands there twice"
    assert page.evaluate("localStorage.length") == 0
    page.evaluate("one.page.limits.old = -1; one.page.flush()")
    deliver(page)
    assert [session.store.get(f"agreement.{name}") for name in ("what", "owner")] == ["Samen bellen", "Ik"]
    assert [each.name for each in session.network.organisations] == ["Eerste"]


def test_what_was_released_and_not_yet_written_so_counts_once(page, address, session):
    open_page(page, address, session)
    page.expose_function("kernel", session.receive)
    add(page, "network", {"do": "add", "text": "Een"}, place="map", hold=True)
    page.wait_for_function("one.page.safe")
    page.evaluate(GIVEN_UP)
    open_page(page, address, session)
    page.wait_for_function("one.page.found.length > 0")
    assert [(record["what"]["text"], record["hold"]) for record in records(page)] == [("Een", False)]


def test_what_a_page_set_down_as_it_went_is_deleted_with_the_rest(page, address, session):
    open_page(page, address, session)
    page.evaluate(GIVEN_UP)
    add(page, "agreement.what", {"do": "text", "text": "Geheim"}, place="agreement.what")
    page.goto(address)
    assert "Geheim" in page.evaluate("JSON.stringify({ ...localStorage })")
    page.add_script_tag(content=f"{KERNEL}\n{SCRIPT}\nwindow.Outbox = Outbox;")
    page.evaluate(
        """([outbox, limits]) => {
          window.one = makePage(outbox, limits);
          one.model.say({ kind: "forget", generation: outbox.generation + 1 });
        }""",
        [table_of(session), QUIET],
    )
    page.wait_for_function("localStorage.length === 0")
    assert until(lambda: records(page) == [])


def test_what_is_half_typed_in_a_page_that_lives_is_left_to_that_page(page, address, session):
    open_page(page, address, session)
    page.evaluate(
        """([outbox, limits]) => {
          window.two = makePage(outbox, { ...limits, old: 5000 });
          const now = Date.now;
          window.later = 0;
          Date.now = () => now() + later;
        }""",
        [table_of(session), QUIET],
    )
    add(page, "network", {"do": "add", "text": "Huis van"}, place="name/a", hold=True)
    add(page, "map", {"text": "Bib"}, place="map-entry/1", draft=True)
    page.wait_for_function("one.page.safe")
    drafts = "async () => (await two.page.drafts(two.model, 'map-entry')).map(({ what }) => what.text)"
    page.evaluate("() => { later = 60000; one.page.beat(); }")  # somebody thinks for a minute
    assert page.evaluate(drafts) == [], "swept, and left where it is"
    page.evaluate("() => { later = 66000; two.page.flush(); }")  # before it looks at the disk anew
    assert page.evaluate("line") == [] and len(records(page)) == 2
    page.evaluate("() => { later = 120000; }")  # and then that page is no more
    assert page.evaluate(drafts) == ["Bib"]
    assert [[entry["what"]["text"] for entry in sent["entries"]] for sent in page.evaluate("line")] == [["Huis van"]]


def test_a_page_that_nobody_sees_holds_nothing(alone, session):
    add(alone, "network", {"do": "add", "text": "Huis van"}, place="name/a", hold=True)
    alone.evaluate(
        """() => {
          Object.defineProperty(document, "hidden", { value: true });
          document.dispatchEvent(new Event("visibilitychange"));
        }"""
    )
    deliver(alone)
    assert [item.name for item in session.network.organisations] == ["Huis van"]


def test_what_a_page_had_begun_when_it_went_is_there_at_once_for_another(alone, address, session):
    add(alone, "map", {"text": "Huis van het K"}, place="map-entry/1", draft=True)
    alone.wait_for_function("one.page.safe")
    alone.evaluate(
        """() => {
          dispatchEvent(new Event("pagehide"));
          Object.defineProperty(document, "hidden", { value: true });
          document.dispatchEvent(new Event("visibilitychange")); // as browsers do it, one after the other
          sessionStorage.clear(); // the other one is another tab
        }"""
    )
    assert until(lambda: [record["alive"] for record in records(alone)] == [0])


def test_two_pages_that_type_in_one_field_lose_nothing(page, address, session):
    script(page, address)
    page.expose_function("kernel", session.receive)
    for who in ("one", "two"):
        page.evaluate(
            "([who, outbox, limits]) => { window[who] = makePage(outbox, limits); }", [who, table_of(session), QUIET]
        )
        add(page, "agreement.what", {"do": "text", "text": f"van {who}"}, who=who, place="agreement.what")
    deliver(page)
    assert {session.store.get("agreement.what"), *session.store.others("agreement.what")} == {"van one", "van two"}
    add(page, "agreement.what", {"do": "choose", "text": "van one"}, place="agreement.what")
    page.evaluate("one.page.flush()")
    deliver(page)
    assert session.store.get("agreement.what") == "van one" and session.store.others("agreement.what") == []
    assert session.store.earlier("agreement.what") == ["van two"]


# -- a browser that is killed ----------------------------------------------------------------------------------------


class Killed:
    """A Chromium of this test alone, on a profile that stays."""

    def __init__(self, playwright, profile):
        port = Path(profile) / "DevToolsActivePort"
        port.unlink(missing_ok=True)
        switches = [*SWITCHES, "--headless=new", "--remote-debugging-port=0", f"--user-data-dir={profile}"]
        self.process = subprocess.Popen(
            [find_chromium(playwright), *switches, "about:blank"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        assert until(lambda: port.exists() and port.read_text().strip(), 30)
        number = port.read_text().splitlines()[0]
        self.browser = playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{number}")
        self.page = self.browser.contexts[0].new_page()

    def kill(self):
        import psutil

        for child in psutil.Process(self.process.pid).children(recursive=True):
            child.kill()
        self.process.kill()
        self.process.wait(10)


@pytest.mark.long
def test_what_was_typed_is_there_after_the_browser_is_killed(browser, address, session, tmp_path):
    playwright = browser.browser_type
    starter = type("Starter", (), {"chromium": playwright})
    draw = random.Random(3)
    for _ in range(3):
        killed = Killed(starter, tmp_path / "profile")
        page = killed.page
        open_page(page, address, session)
        typed = "".join(draw.choice("abcdef ") for _ in range(40))
        page.evaluate(
            """async (typed) => {
              for (let end = 1; end <= typed.length; end++) {
                const what = { do: "text", text: typed.slice(0, end) };
                one.page.add({ model: one.model, item: "agreement.what", what, place: "agreement.what" });
                await new Promise((good) => setTimeout(good, 5));
              }
            }""",
            typed,
        )
        page.wait_for_function("one.page.safe")
        killed.kill()
        again = Killed(starter, tmp_path / "profile")
        try:
            open_page(again.page, address, session)
            again.page.wait_for_function("one.page.found.length > 0")
            texts = again.page.evaluate("one.page.found.map(({ what }) => what.text)")
            again.page.evaluate("one.page.limits.old = -1; one.page.flush()")
            sent = again.page.evaluate("line.splice(0)")
        finally:
            again.kill()
        for content in sent:
            session.receive(json.loads(json.dumps(content)))
        assert texts[-1] == typed and session.store.get("agreement.what") == typed
        shutil.rmtree(tmp_path / "profile")
