"""The site that works from a link: made once, then driven in a real browser that reaches nothing but this computer."""

import json
import os
import re
import shutil
import subprocess
import sys
import threading
import tomllib
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import pytest
from viewing import heading, said

from conftest import SWITCHES, find_chromium
from workshop import site, texts
from workshop.answers.tables import read_room
from workshop.domain.questions import question
from workshop.texts import LANGUAGES, Message, Problem, data_root

TOP = Path(__file__).parents[1]
PAGES = [f"notebooks/nl/{name}" for name in ("0_start", "1_network", "2_forms", "3_structure", "4_role", "5_agreement")]


def browsing(test):
    return pytest.mark.browser(pytest.mark.long(test))


# -- what needs no browser ---------------------------------------------------------------------------------------------


def test_a_folder_with_something_else_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("x")
    with pytest.raises(Problem, match=re.escape(str(tmp_path))):
        site.make_site(tmp_path)
    assert (tmp_path / "mine.txt").read_text() == "x"


def test_a_file_in_the_place_of_the_folder_is_said(tmp_path):
    (tmp_path / "file").write_text("iets")
    for out in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(Problem) as told:
            site.make_site(out)
        assert told.value.message.key == "report.not_written"
    assert (tmp_path / "file").read_text() == "iets"


def test_where_node_is_missing_that_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(site, "find_spec", lambda _: None)
    monkeypatch.setattr(site.shutil, "which", lambda _: None)
    with pytest.raises(Problem) as told:
        site.node_command("npm")
    assert told.value.message == Message("site.no_node") and "--group" in str(told.value)


@pytest.mark.parametrize("folder", [site.PAGE, TOP / "tests/axe"], ids=lambda folder: folder.name)
def test_packages_are_pinned_by_version_and_hash_and_name_no_address(folder):
    text = (folder / "package-lock.json").read_text()
    wanted = json.loads((folder / "package.json").read_text())["dependencies"]
    lock = json.loads(text)["packages"]
    found = {name: about for name, about in lock.items() if name}
    assert "://" not in text and found
    assert all(re.match("sha512-", about["integrity"]) for about in found.values())
    assert {name: found[f"node_modules/{name}"]["version"] for name in wanted} == wanted


def test_what_is_said_instead_has_a_sentence_that_it_replaces():
    with (data_root() / "texts" / "site.toml").open("rb") as file:
        instead = dict(texts._flatten(tomllib.load(file)["instead"]))
    keys = texts.message_keys()
    assert len(instead) > 10 and not set(instead) - keys
    for key, entry in instead.items():
        for spoken in LANGUAGES:
            assert (
                not re.search("laptop|logboek|log file|--work|{folder}|{path}", entry[spoken])
                or key == "report.no_word"
            )


# -- the site ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """The site, by the command itself; skipped where it cannot be made here, but not where CI=true.

    ``WORKSHOP_SITE`` may name one that was made before, by `workshop site --zip`.
    """
    if before := os.environ.get("WORKSHOP_SITE"):
        yield Path(before)
        return
    folder = tmp_path_factory.mktemp("site") / "site"
    told = subprocess.run(
        [sys.executable, "-m", "workshop", "site", "--out", str(folder), "--zip"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1"},
    )
    if told.returncode:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(f"the site cannot be made here: {told.stderr}")
    yield folder
    shutil.rmtree(folder.parent)


@pytest.fixture
def served(made):
    """The address of a plain web server with the site; `asked` are the paths that were asked for."""
    asked = []

    class Noting(site.Handler):
        def send_response(self, code, message=None):
            asked.append((self.path, code))
            super().send_response(code, message)

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Noting, directory=made))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    server.address = f"http://127.0.0.1:{server.server_port}/"
    server.asked = asked
    yield server
    server.shutdown()
    server.server_close()


def opened(page, server, path=PAGES[0]):
    """A page of the site once its widgets stand: what is in the frame."""
    page.goto(f"{server.address}#{path}.html")
    return stands(page)


def stands(page):
    frame = page.frame_locator("iframe")
    frame.locator("body:not(.waiting) .gbo-status").wait_for()
    return frame


def inside(page):
    return page.frames[-1]


def write(frame, label, text):
    field = frame.get_by_label(label, exact=True)
    field.fill(text)
    field.blur()
    frame.locator(".gbo-field", has=field).get_by_text(said("field.kept"), exact=True).wait_for()


def go(page, path):
    """Follow a link of the page, as a person does; Python stays."""
    inside(page).evaluate("path => { location.href = path; }", f"/{path}.html")
    page.wait_for_url(re.compile(re.escape(f"#{path}.html")))
    return stands(page)


NAME = question("table-name").text
PLAIN = "kit.test"
"""A host that is no localhost: over http a browser gives a page less there, such as no locks."""


@browsing
def test_the_site_holds_each_page_once_and_all_links_lead_somewhere(made):
    sources = [
        *TOP.glob("notebooks/*/[0-9]_*.ipynb"),
        *(path for path in TOP.glob("exercises/*/*.ipynb") if not path.name.startswith("deeper_")),
    ]
    there = {path.relative_to(made).with_suffix("").as_posix() for path in made.glob("*/*/*.html")}
    assert {path.relative_to(TOP).with_suffix("").as_posix() for path in sources} <= there
    for path in [made / "index.html", *made.glob("[en]*/*/*.html")]:
        text = path.read_text(encoding="utf-8")
        for address in re.findall(r'(?:href|src)="([^"#:?]+)[^":]*"', text):
            assert (path.parent / address).is_file(), (path, address)
    assert made.with_suffix(".zip").stat().st_size > 5_000_000
    assert "deze laptop" not in "".join(path.read_text(encoding="utf-8") for path in made.glob("notebooks/nl/*.html"))


@browsing
def test_every_page_opens_without_the_internet_and_python_stays_between_them(page, served, made):
    frame = opened(page, served)
    for path in sorted(path.relative_to(made).with_suffix("").as_posix() for path in made.glob("[en]*/*/*.html")):
        if path.endswith("program"):
            continue
        frame = go(page, path)
        assert frame.locator(".failure").count() == 0, path
        assert frame.locator(".widgets > *").count() > 0, path
    assert sum(path.endswith("worker.js") for path, _ in served.asked) == 1


@browsing
def test_what_is_said_to_be_kept_is_there_after_a_reload_and_in_a_later_visit(page, served):
    frame = opened(page, served)
    write(frame, NAME, "De <b>pioniers</b>")
    page.reload()
    assert stands(page).get_by_label(NAME, exact=True).input_value() == "De <b>pioniers</b>"
    frame = go(page, PAGES[1])
    entry = frame.locator(".gbo-map-entry")
    entry.fill("OCMW")
    entry.press("Enter")
    frame.locator(".gbo-map-node", has_text="OCMW").wait_for()
    frame.locator("#top-status [data-state=kept]").wait_for()
    context = page.context
    page.close()
    later = context.new_page()
    frame = opened(later, served, PAGES[1])
    frame.locator(".gbo-map-node", has_text="OCMW").wait_for()
    assert "De <b>pioniers</b>" in frame.locator("#top-status").inner_text()


HOLD = """() => new Promise((held) => {
  const asked = indexedDB.open("gbo-workshop");
  asked.onsuccess = () => {
    const files = asked.result.transaction("files", "readwrite").objectStore("files");
    const wait = () => { if (!window.letGo) files.get("stamp").onsuccess = wait; };
    wait();
    held();
  };
})"""
"""Nobody else can write in the browser's storage until the page lets go."""


@browsing
def test_a_file_is_read_and_a_map_is_shown_at_once_and_called_kept_only_when_it_is(page, served):
    frame = opened(page, served, PAGES[1])
    with page.expect_file_chooser() as chooser:
        frame.get_by_role("button", name=said("source.word.choose")).click()
    ties = {"name": "ties.csv", "mimeType": "text/csv", "buffer": b"van,naar\nSociaal Huis,CAW\n"}  # plain letters
    chooser.value.set_files([ties])
    frame.get_by_role("button", name=said("source.use")).wait_for()
    inside(page).evaluate(HOLD)
    entry = frame.locator(".gbo-map-entry")
    entry.fill("OCMW")
    entry.press("Enter")
    frame.locator(".gbo-map-node", has_text="OCMW").wait_for()
    page.wait_for_timeout(500)  # in which it would be said
    assert frame.locator("#top-status [data-state=kept]").count() == 0
    inside(page).evaluate("letGo = true")
    frame.locator("#top-status [data-state=kept]").wait_for()


@browsing
def test_two_tabs_lose_nothing_and_the_second_takes_over(page, served):
    first, second, _ = two_tabs(page, served)
    first.get_by_role("button", name=said("start.more")).click()
    first.get_by_role("button", name=said("start.new")).click()
    first.get_by_text(said("start.new_done")).wait_for()
    page.reload()  # the second writes now, and the first stands at a table that is not known yet
    stands(page).get_by_text(said("header.unnamed")).first.wait_for()
    write(second, NAME, "Van wie overblijft")
    assert second.locator("body.trouble").count() == 0, "who only looks wrote nothing"


@browsing
def test_two_tabs_over_plain_http_lose_nothing_either(browser, served):
    path = find_chromium(SimpleNamespace(chromium=browser.browser_type))
    rules = f"--host-resolver-rules=MAP {PLAIN} 127.0.0.1"
    with browser.browser_type.launch(executable_path=path, args=[*SWITCHES, rules]) as own:
        page = own.new_context().new_page()
        page.goto(served.address.replace("127.0.0.1", PLAIN))
        assert page.evaluate("[isSecureContext, 'locks' in navigator]") == [False, False]
        _, second, other = two_tabs(page, SimpleNamespace(address=served.address.replace("127.0.0.1", PLAIN)))
        page.close()
        write(second, NAME, "Van wie overblijft")
        other.reload()
        assert stands(other).get_by_label(NAME, exact=True).input_value() == "Van wie overblijft"


def two_tabs(page, server):
    """Both, as people see them, and the page of the second."""
    first = opened(page, server)
    other = page.context.new_page()
    second = opened(other, server)
    write(first, NAME, "Van de eerste")
    second.get_by_text(said("header.table", name="Van de eerste")).wait_for()
    field = second.get_by_label(NAME, exact=True)
    field.fill("Van de tweede")
    field.blur()
    first.get_by_text(said("header.table", name="Van de tweede")).wait_for()
    second.locator(".gbo-field", has=field).get_by_text(said("field.kept"), exact=True).wait_for()
    return first, second, other


DEAF = """
const { prototype } = BroadcastChannel;
const post = prototype.postMessage;
prototype.postMessage = function (data) { if (data !== "hello") post.call(this, data); };
const { set } = Object.getOwnPropertyDescriptor(prototype, "onmessage");
const hears = (hear) => (event) => { if (event.data !== "kept") hear(event); };
Object.defineProperty(prototype, "onmessage", { set(hear) { set.call(this, hears(hear)); } });
"""


@browsing
def test_two_tabs_that_both_began_to_write_lose_nothing(browser, served):
    """Without a lock neither hears of the other in time; each does one thing, which counts alike in both files."""
    from playwright.sync_api import expect

    path = find_chromium(SimpleNamespace(chromium=browser.browser_type))
    rules = f"--host-resolver-rules=MAP {PLAIN} 127.0.0.1"
    local = "--disable-features=BlockInsecurePrivateNetworkRequests,LocalNetworkAccessChecks"  # the changed worker
    with browser.browser_type.launch(executable_path=path, args=[*SWITCHES, rules, local]) as own:
        context = own.new_context()
        page = context.new_page()
        address = SimpleNamespace(address=served.address.replace("127.0.0.1", PLAIN))
        first = opened(page, address)
        write(first, NAME, "De brug")
        other = context.new_page()
        with_worker(other, DEAF)
        second = opened(other, address)
        people = question("people").text
        first.get_by_label(f"{people} – 5", exact=True).check()
        first.locator("#top-status [data-state=kept]").wait_for()
        second.get_by_label(f"{people} – 6", exact=True).check()
        second.locator("#bar-text", has_text=str(Message("site.other_tab"))[:30]).wait_for()
        first.locator("body").evaluate("() => gboOutbox.sweep()")
        expect(first.get_by_label(f"{people} – 6", exact=True)).to_be_checked(timeout=20_000)
        page.reload()
        expect(stands(page).get_by_label(f"{people} – 6", exact=True)).to_be_checked()


def with_worker(page, before):
    """Let the worker of a page begin with some lines of our own."""

    def answer(route):
        found = route.fetch(url=route.request.url.replace(PLAIN, "127.0.0.1"))
        route.fulfill(response=found, body=before + found.text())

    page.route("**/worker.js", answer)


def tell_worker(page, what):
    """Until it has heard."""
    page.evaluate(
        """(what) => new Promise((heard) => {
          const line = new BroadcastChannel("test");
          line.onmessage = heard;
          line.postMessage(what);
        })""",
        what,
    )


@browsing
def test_a_browser_that_may_store_nothing_says_so(page, served):
    with_worker(page, "indexedDB.open = () => { throw new DOMException('no', 'SecurityError'); };\n")
    page.goto(served.address)
    frame = page.frame_locator("iframe")
    frame.get_by_text(str(Message("site.refused"))).first.wait_for()
    assert frame.get_by_role("heading", name=heading("0_start")).is_visible()
    page.errors.clear()  # the traceback is in the console


@browsing
def test_where_the_browsers_disk_is_full_nothing_is_said_to_be_kept(page, served):
    full = "const put = IDBObjectStore.prototype.put; IDBObjectStore.prototype.put = function (value, key) {"
    full += " if (self.fullNow) throw new DOMException('full', 'QuotaExceededError');"
    full += " return put.call(this, value, key); };\n"
    full += "const begin = IDBDatabase.prototype.transaction; IDBDatabase.prototype.transaction = function (...more) {"
    full += " if (self.lostNow && this === self.lostNow) throw new DOMException('lost', 'InvalidStateError');"
    full += " if (self.losesNow) { self.losesNow = false; self.lostNow = this; return this.transaction(...more); }"
    full += " return begin.apply(this, more); };\n"
    full += "const test = new BroadcastChannel('test');"
    full += "test.onmessage = ({ data }) => { self[data] = true; test.postMessage('heard'); };\n"
    with_worker(page, full)
    frame = opened(page, served)
    write(frame, NAME, "Bewaard")
    tell_worker(page, "losesNow")
    write(frame, NAME, "Bewaard, over een nieuwe lijn")
    tell_worker(page, "fullNow")
    field = frame.get_by_label(NAME, exact=True)
    field.fill("Niet bewaard")
    field.blur()
    frame.locator("#bar-text", has_text=str(Message("site.full"))[:30]).wait_for()
    assert frame.locator(".gbo-field", has=field).get_by_text(said("field.kept"), exact=True).count() == 0
    assert frame.locator("#top-status [data-state=kept]").count() == 0
    field.evaluate("gboOutbox.flush()")  # it asks again, of a Python that has taken it in
    field.evaluate("new Promise((heard) => gboOutbox.watch(() => gboOutbox.trouble && heard()))")
    assert field.evaluate("gboOutbox.mine.length") == 1
    assert frame.locator("#top-status [data-state=kept]").count() == 0
    page.reload()  # there is room again: the outbox still has it
    frame = stands(page)
    frame.locator("#top-status [data-state=kept]").wait_for()
    frame.get_by_text(said("header.table", name="Niet bewaard")).wait_for()
    tell_worker(page, "fullNow")
    draft = "{ model: gboOutbox.channels[0], item: 'network', what: {}, place: 'entry/1', draft: true }"
    frame.locator("body").evaluate(f"() => {{ gboOutbox.add({draft}); }}")
    frame.get_by_role("button", name=said("start.more")).click()
    frame.get_by_label(said("start.sure")).check()
    frame.get_by_role("button", name=said("start.delete")).click()
    frame.locator("#bar-text", has_text=str(Message("site.full"))[:30]).wait_for()
    assert frame.locator("body").evaluate("() => gboOutbox.mine.length") == 1, "nothing was deleted"
    page.errors.clear()


@browsing
def test_what_is_handed_in_is_read_by_the_trainer_and_a_copy_goes_on_elsewhere(page, browser, served, tmp_path):
    frame = opened(page, served)
    write(frame, NAME, "De pioniers")
    frame.get_by_role("button", name=said("start.more")).click()
    frame.get_by_role("button", name=said("start.copy")).click()
    with page.expect_download() as copy:
        frame.get_by_role("link", name=said("start.copy_download")).click()
    copy.value.save_as(tmp_path / "copy.json")
    frame = go(page, PAGES[5])
    frame.get_by_role("button", name=said("report_button.hand_in")).click()
    with page.expect_download() as handed:
        frame.get_by_role("link", name=said("report_button.take")).click()
    (tmp_path / "in").mkdir()
    handed.value.save_as(tmp_path / "in" / handed.value.suggested_filename)
    (table,) = read_room(tmp_path / "in").tables
    assert table.name == "De pioniers"
    frame.get_by_role("button", name=said("report_button.make"), exact=True).click()
    with page.expect_download() as report:
        frame.get_by_role("link", name=said("report_button.download")).first.click()
    report.value.save_as(tmp_path / "report.html")
    assert "De pioniers" in (tmp_path / "report.html").read_text(encoding="utf-8")
    frame.get_by_role("button", name=said("report_button.make_word")).click()
    frame.get_by_text(said("instead.report.no_word")).first.wait_for()

    elsewhere = browser.new_context()
    other = elsewhere.new_page()
    frame = opened(other, served)
    frame.get_by_role("button", name=said("start.more")).click()
    with other.expect_file_chooser() as chooser:
        frame.get_by_role("button", name=said("start.copy_take")).click()
    chooser.value.set_files(tmp_path / "copy.json")
    frame.get_by_text(said("header.table", name="De pioniers")).wait_for()
    elsewhere.close()


@browsing
def test_a_page_of_a_newer_site_asks_to_start_again(page, served, made):
    opened(page, served)
    name = json.loads((made / site.MARK).read_text())["kit"]

    def newer(route):
        found = route.fetch(url=route.request.url.replace(PLAIN, "127.0.0.1"))
        route.fulfill(response=found, body=found.text().replace(f'"version": "{name}"', '"version": "kit-newer"'))

    page.route("**/1_network.html", newer)
    inside(page).evaluate("location.href = '1_network.html'")
    frame = page.frame_locator("iframe")
    frame.get_by_text(str(Message("site.newer"))).wait_for()
    page.unroute("**/1_network.html")
    frame.locator("#reload").click()
    stands(page)
    assert page.url.endswith(f"#{PAGES[1]}.html")


@browsing
def test_an_old_browser_and_one_without_javascript_are_told_in_a_sentence(page, browser, served):
    page.add_init_script("delete Array.prototype.toSorted;")
    page.goto(served.address)
    page.frame_locator("iframe").get_by_text(str(Message("site.old"))).wait_for()
    without = browser.new_context(java_script_enabled=False)
    plain = without.new_page()
    plain.goto(served.address)
    plain.get_by_role("link", name=said("page.language")).click()
    assert plain.locator(".failure").inner_text() == str(Message("page.no_script"))
    assert plain.get_by_role("heading", name=heading("0_start")).is_visible()
    without.close()


@browsing
def test_while_python_loads_prose_and_questions_can_be_read(page, served):
    page.route("**/site.zip", lambda route: None)  # never comes
    page.goto(served.address)
    frame = page.frame_locator("iframe")
    frame.get_by_text(str(Message("site.kit"))).wait_for()
    frame.get_by_text(NAME).wait_for()
    assert frame.get_by_role("heading", name=heading("0_start")).is_visible()
    assert frame.locator("#progress").get_attribute("value") == "2"
    assert frame.locator(".widgets textarea:enabled").count() == 0
    page.goto("about:blank")  # nobody is left who would say that it did not come
    page.unroute_all(behavior="ignoreErrors")


@browsing
def test_a_notebook_for_students_runs_with_the_kit_and_without_the_answers(page, served, made):
    notebooks = sorted((made / "lab" / "files").glob("exercises/*/deeper_*.ipynb"))
    if not notebooks:
        pytest.skip("made without JupyterLite: uv run --group site")
    for path in notebooks:
        text = path.read_text(encoding="utf-8")
        assert "BEGIN SOLUTION" not in text and "BEGIN HIDDEN" not in text and "Een antwoord dat telt" not in text
    page.goto(f"{served.address}lab/notebooks/index.html?path=exercises/nl/deeper_structure.ipynb")
    page.locator(".jp-Notebook .jp-CodeCell").first.wait_for()
    page.get_by_role("menuitem", name="Run").first.click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    page.get_by_text(re.compile("^✗ ")).first.wait_for(timeout=90_000)  # the kit checks, and says what is missing
    page.errors.clear()
