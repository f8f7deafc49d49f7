"""What once lost work, tried in a browser: dead kernels, lost messages, full disks, two tabs, stale pages."""

import resource
import shutil
import signal
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest
from viewing import said, until

from workshop.domain import edit
from workshop.domain.kept import mark
from workshop.domain.network import Network, Organisation
from workshop.domain.questions import question
from workshop.domain.structure import Structure
from workshop.session import open_session
from workshop.texts import Message

pytestmark = pytest.mark.browser
NAMES = ("OCMW", "CAW", "Bib")


def filled(work):
    """A table with three organisations and a working group."""
    session = open_session(store=work)
    network = Network([Organisation(name.lower(), name) for name in NAMES])
    session.replace(network=network, structure=Structure(network.organisations))
    session.change_structure(edit.add_table, "working")
    session.store.close()


def kept(work):
    """What is kept now."""
    return open_session(store=work)


def names(work):
    return [item.name for item in kept(work).network.organisations]


@contextmanager
def table(running, page, work):
    """A server on a filled table; ``go(name)`` opens a page of it, in this tab or another."""
    filled(work)
    with running(work) as server:

        def go(name, tab=page):
            tab.goto(server.address.replace("0_start", name))
            tab.locator(".gbo-status").wait_for()
            tab.wait_for_function("!document.body.classList.contains('waiting')")
            return tab

        go.server = server
        yield go
        for tab in page.context.pages:
            tab.goto("about:blank")
    page.errors.clear()  # where a kernel was killed the browser says so, and rightly


@pytest.fixture
def go(running, page):
    with tempfile.TemporaryDirectory() as folder:  # on the disk: what is in memory can be changed all the same
        work = Path(folder) / "work"
        with table(running, page, work) as go:
            go.work = work
            yield go


def kill_kernels(go):
    for kernel in go.server.kernels():
        kernel.kill()


def agreement(tab):
    return tab.get_by_label(question("agreement.what").text, exact=True)


LISTEN = """(field) => { // what a field and the top of the page ever say from now on, and how often a kernel answers
  window.answers = 0;
  const heard = gboOutbox.heard;
  gboOutbox.heard = function (...content) { answers += 1; return heard.apply(this, content); };
  const places = [field.querySelector(".gbo-state"), document.querySelector(".gbo-status")];
  window.states = [];
  const look = () => states.push(places.map((place) => place.innerText));
  look();
  const everything = { subtree: true, childList: true, characterData: true, attributes: true };
  new MutationObserver(look).observe(document.body, everything);
}"""


def written(tab):
    """Wait until what was typed is on the browser's own disk."""
    tab.wait_for_function("gboOutbox.mine.length > 0 && gboOutbox.safe")


# -- the disk --------------------------------------------------------------------------------------------------------


@contextmanager
def full(go):
    """No file of the kernels can grow."""
    if not hasattr(resource, "prlimit"):
        pytest.skip("this system cannot limit another process")
    kernels = go.server.kernels()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    for kernel in kernels:
        resource.prlimit(kernel.pid, resource.RLIMIT_FSIZE, (0, before[1]))
    yield
    for kernel in kernels:
        resource.prlimit(kernel.pid, resource.RLIMIT_FSIZE, before)


@contextmanager
def read_only(go):
    """Nothing in the work folder can be changed."""
    chattr = shutil.which("chattr")
    if not chattr or subprocess.run([chattr, "-R", "+i", str(go.work)], check=False).returncode:
        pytest.skip("this system cannot make a folder unchangeable")
    try:
        yield
    finally:
        subprocess.run([chattr, "-R", "-i", str(go.work)], check=True)


@pytest.mark.long
@pytest.mark.parametrize("broken", [full, read_only])
def test_a_disk_that_takes_nothing_is_never_called_kept_and_gets_it_later(go, page, broken):
    field = agreement(go("5_agreement"))
    field.fill("Voor")
    field.blur()
    page.locator(".gbo-field").get_by_text(said("field.kept"), exact=True).first.wait_for()
    with broken(go):
        field.fill("Dit past er niet bij")
        field.blur()
        page.locator(".gbo-status [data-state=safe]").wait_for()
        page.locator(".gbo-field", has=field).evaluate(LISTEN)
        page.wait_for_function("answers === 2")  # it was sent again, and again
        for field_says, page_says in page.evaluate("states"):
            assert said("field.kept") not in field_says and str(Message("header.word.kept")) not in page_says.split()
        assert said("header.word.safe") in page_says
        assert kept(go.work).store.get("agreement.what") == "Voor" if broken is full else True
    page.locator(".gbo-field").get_by_text(said("field.kept"), exact=True).first.wait_for()
    assert kept(go.work).store.get("agreement.what") == "Dit past er niet bij"


# -- the line --------------------------------------------------------------------------------------------------------


def test_an_edit_of_the_map_that_got_lost_on_the_line_is_sent_again(go, page):
    field = go("1_network").get_by_label(said("map.word.add"))
    page.evaluate("window.really = WebSocket.prototype.send; WebSocket.prototype.send = () => { window.lost = true; }")
    field.fill("Verloren")
    field.press("Enter")
    page.wait_for_function("window.lost")
    page.evaluate("() => { WebSocket.prototype.send = really; }")
    field.fill("Daarna")
    field.press("Enter")
    assert until(lambda: set(names(go.work)) == {*NAMES, "Verloren", "Daarna"})
    go("1_network")
    page.locator(".gbo-map-node").nth(4).wait_for()


def bars_at_each_width(page):
    """How high the bar on top is, from a projector to a telephone."""
    heights = {}
    for width in (1280, 1000, 800, 640, 500, 390):
        page.set_viewport_size({"width": width, "height": 800})
        heights[width] = page.locator("#top").bounding_box()["height"]
    page.set_viewport_size({"width": 1280, "height": 800})
    return heights


@pytest.mark.long
@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="this system cannot hold a process still")
def test_edits_before_during_and_after_a_server_that_stands_still(go, page):
    field = go("1_network").get_by_label(said("map.word.add"))

    def add(name):
        field.fill(name)
        field.press("Enter")

    add("Ervoor")
    page.locator(".gbo-status [data-state=kept]").wait_for()
    bars = bars_at_each_width(page)
    go.server.process.send_signal(signal.SIGSTOP)
    add("Tijdens")
    for state in ("safe", "lost"):
        page.locator(f".gbo-status [data-state={state}]").wait_for()
        assert bars_at_each_width(page) == bars, "the page moves under the mouse"
    go.server.process.send_signal(signal.SIGCONT)
    add("Erna")
    page.locator(".gbo-status [data-state=kept]").wait_for()
    assert names(go.work) == [*NAMES, "Ervoor", "Tijdens", "Erna"]


# -- a kernel that dies while somebody is at something -----------------------------------------------------------------


GONE = "document.body.classList.contains('trouble')"


def type_theme(page):
    page.get_by_placeholder(said("board.word.theme")).first.press_sequentially("Wonen")


def type_cell(page):
    cell = page.locator(".gbo-grid input[type=text]").first
    cell.press("End")
    cell.press_sequentially(" Meerlo")


def type_name(page):
    page.wait_for_function(GONE)  # a press that asks the kernel something meets with an error
    page.locator(".gbo-upload input").set_input_files({"name": "a.csv", "mimeType": "text/csv", "buffer": b"a,b"})
    page.locator(".gbo-map-node").first.focus()
    page.keyboard.press("F2")
    page.keyboard.press("End")
    page.keyboard.type(" Meerlo")


def move_card(page):
    page.wait_for_function(GONE)
    page.locator(".gbo-board-tray .gbo-card[data-card=caw]").click()
    page.keyboard.press("ArrowDown")  # over a table: what would the card change there?
    page.locator("[data-area=coordinator]").click()
    page.locator(
        ".gbo-board-live", has_text=said("board.word.dropped", name="CAW", area=said("board.coordinator"))
    ).wait_for()


@pytest.mark.parametrize(
    ("name", "do", "found"),
    [
        ("3_structure", type_theme, lambda session: session.structure.tables[0].theme == "Wonen"),
        ("1_network", type_cell, lambda session: session.network.organisations[0].name == "OCMW Meerlo"),
        ("1_network", type_name, lambda session: session.network.organisations[0].name == "OCMW Meerlo"),
        ("3_structure", move_card, lambda session: session.structure.coordinator == "caw"),
    ],
    ids=["theme", "cell", "name", "card"],
)
@pytest.mark.long
def test_a_kernel_killed_in_the_middle_loses_nothing(go, page, name, do, found):
    go(name)
    if do is type_cell:  # a table that a kernel fills
        page.get_by_role("button", name=said("network.organisations")).click()
        page.locator(".gbo-grid input[type=text]").first.wait_for()
    kill_kernels(go)
    do(page)
    assert "Cannot send" not in page.errors
    go(name)
    assert until(lambda: found(kept(go.work))), kept(go.work).network.organisations
    page.locator(".gbo-status [data-state=kept]").wait_for()


LAST = """(text) => { // typed, and the page left in the same moment
  const [model] = gboOutbox.channels;
  for (let n = 1; n <= text.length; n += 1) {
    const what = { do: "text", text: text.slice(0, n) };
    gboOutbox.add({ model, item: "agreement.what", what, place: "agreement.what" });
  }
  location.href = "about:blank";
}"""


@pytest.mark.long
def test_the_last_letters_before_a_page_is_left_are_on_the_disk(go, page):
    for text in ("Samen bellen", "Elke maand", "Met het CAW", "In de zomer"):
        go("5_agreement")
        kill_kernels(go)
        page.evaluate(LAST, text)
        page.wait_for_url("about:blank")
        go("5_agreement")
        assert until(lambda: kept(go.work).store.get("agreement.what") == text), text  # noqa: B023
        page.locator("#top-status [data-state=kept]").wait_for()


# -- two pages -------------------------------------------------------------------------------------------------------


def test_a_network_changed_in_one_page_and_a_structure_in_another_stay_both(go, page):
    go("1_network")
    board = go("3_structure", page.context.new_page())
    board.locator(".gbo-board-tray .gbo-card[data-card=ocmw]").click()
    board.locator("[data-area=lead]").click()
    board.locator("[data-part=lead] .gbo-card[data-card=ocmw]").wait_for()
    board.locator(".gbo-board-tray .gbo-card[data-card=caw]").click()
    board.locator("[data-area=new-steering]").click()
    board.locator("[data-part=steering] .gbo-card[data-card=caw]").wait_for()
    field = page.get_by_label(said("map.word.add"))
    field.fill("Nieuw")
    field.press("Enter")
    board.locator(".gbo-board-tray .gbo-card[data-card=nieuw]").wait_for()  # the other page sees it
    assert until(lambda: "Nieuw" in names(go.work))
    go("3_structure", board)
    board.locator("[data-part=lead] .gbo-card[data-card=ocmw]").wait_for()
    board.locator("[data-part=steering] .gbo-card[data-card=caw]").wait_for()
    assert kept(go.work).lead == "ocmw"


@pytest.mark.parametrize("opened", ["by hand", "by window.open"])
def test_two_tabs_with_one_field_do_not_lose_each_others_text(go, page, opened):
    go("5_agreement")
    if opened == "by hand":
        other = go("5_agreement", page.context.new_page())
    else:
        with page.context.expect_page() as made:
            page.evaluate("() => { window.open(location.href); }")
        other = made.value
        other.wait_for_function("!document.body.classList.contains('waiting')")
    agreement(other).wait_for()
    line_of_other_is_dead(other)
    agreement(other).press_sequentially("Q schreef dit")
    written(other)
    field = agreement(page)
    field.fill("P kort")
    field.blur()
    assert until(lambda: "P kort" in texts(go.work))
    other.reload()
    agreement(other).wait_for()
    assert until(lambda: set(texts(go.work)) == {"P kort", "Q schreef dit"}), texts(go.work)
    other.get_by_role("button", name=said("field.choose")).first.wait_for()
    seen = other.locator(".gbo-field", has=agreement(other)).locator(".gbo-others").inner_text()
    assert "P kort" in seen and "Q schreef dit" in seen
    other.locator(".gbo-others blockquote", has_text="Q schreef dit").locator("+ button").click()
    assert until(lambda: kept(go.work).store.others("agreement.what") == [])
    assert kept(go.work).store.get("agreement.what") == "Q schreef dit"
    fold = other.locator(".gbo-field", has=agreement(other)).locator("details")
    fold.locator("summary").click()
    assert "P kort" in fold.inner_text()


def line_of_other_is_dead(tab):
    """Nothing of this page reaches its kernel any more."""
    tab.evaluate("() => { WebSocket.prototype.send = () => {}; }")


def texts(work):
    store = kept(work).store
    return [store.get("agreement.what"), *store.others("agreement.what")]


@pytest.mark.parametrize("noticed", [False, True], ids=["at once", "later"])
def test_what_is_typed_in_a_page_after_all_was_deleted_elsewhere_is_asked_about(go, page, noticed):
    stale = go("5_agreement", page.context.new_page())
    field = agreement(stale)
    field.fill("Geheim van vroeger")
    field.blur()
    stale.locator(".gbo-field").get_by_text(said("field.kept"), exact=True).first.wait_for()
    line_of_other_is_dead(stale)
    generation = "gboOutbox.channels[0].get('outbox').generation"
    stale.evaluate(f"window.before = {generation}")
    field.press("End")
    field.press_sequentially(" en nog iets")
    go("0_start")
    page.get_by_role("button", name=said("start.more")).click()
    page.get_by_label(said("start.sure")).check()
    n = len(kept(go.work).store.everything())
    page.get_by_role("button", name=said("start.delete")).click()
    page.get_by_text(said("answers.deleted", n=n)).wait_for()
    assert kept(go.work).store.get("agreement.what") is None
    if noticed:  # its kernel told the page, which says nothing back
        stale.wait_for_function(f"{generation} > before")
    field.press_sequentially(", getypt erna")
    written(stale)
    stale.reload()
    asked = stale.locator(".gbo-asked section")
    asked.get_by_text("Geheim van vroeger en nog iets, getypt erna").wait_for()
    assert kept(go.work).store.get("agreement.what") is None
    asked.get_by_role("button", name=said("header.word.yes_generation")).click()
    assert until(lambda: kept(go.work).store.get("agreement.what") == "Geheim van vroeger en nog iets, getypt erna")
    asked.wait_for(state="detached")


def test_a_choice_that_is_asked_about_is_called_by_its_words(go, page):
    stale = go("4_role", page.context.new_page())
    line_of_other_is_dead(stale)
    asked = question("factor.commitment")
    option = asked.options[0]
    stale.get_by_label(f"{asked.text} – {option.heading}", exact=True).first.check()
    written(stale)
    kept(go.work).store.delete_group()
    stale.reload()
    quote = stale.locator(".gbo-asked blockquote")
    assert quote.inner_text() == f"{asked.text} – {option.heading}"
    stale.locator(".gbo-asked").get_by_role("button").first.click()
    assert until(lambda: kept(go.work).store.get(asked.id) == option.id)


def test_what_was_set_is_in_the_question_about_it(go, page):
    session = kept(go.work)
    session.save("structure.judgement", {mark(session.structure): {"efficiency": "3", "inclusion": "4"}})
    stale = go("3_structure", page.context.new_page())
    line_of_other_is_dead(stale)
    dials = stale.locator(".gbo-dials")
    dials.locator("input[type=number]").fill("17")
    mandate = dials.locator("select").last
    mandate.select_option(index=1)
    chosen = mandate.locator("option:checked").inner_text()
    written(stale)
    kept(go.work).store.delete_group()
    stale.reload()
    quotes = stale.locator(".gbo-asked blockquote")
    quotes.nth(1).wait_for()
    row = Message("counts.dials")
    expected = {
        f"{row} – {Message('counts.minutes')}: 17",
        f"{row} – {Message('counts.mandate')}: {chosen}",
    }
    assert set(quotes.all_inner_texts()) == expected


def test_going_back_right_after_typing_is_in_the_answers_without_coming_back(go, page):
    go("4_role")
    field = agreement(go("5_agreement"))
    field.press_sequentially("Net getypt")
    page.go_back()
    assert until(lambda: kept(go.work).store.get("agreement.what") == "Net getypt")
