"""Each kind of page, filled in and with all folds open: axe-core finds nothing moderate, serious or critical."""

import os
import re
import subprocess

import pytest
from access import fetch_axe, findings, parts_of_the_wall, stands, unfold
from playwright.sync_api import expect
from viewing import filled

from workshop.answers.rooms import open_room
from workshop.texts import Problem

pytestmark = [pytest.mark.browser, pytest.mark.long]
ROOM = "room-1"
CHOICE = "opening.on-paper"
NARROW = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def axe():
    """axe-core; where it cannot be fetched a test is skipped, but fails where CI=true."""
    try:
        return fetch_axe()
    except (Problem, OSError, subprocess.CalledProcessError) as error:
        said = getattr(error, "stderr", None) or error
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(f"axe-core cannot be fetched here: {said}")


@pytest.fixture(scope="module")
def room(running, tmp_path_factory):
    """A server with all kinds of pages, for the laptop of who leads the room, and a table that answered everything."""
    work = filled(tmp_path_factory.mktemp("work"), room=ROOM, group="table-1")
    here = ("--tables", "1", "--address", "127.0.0.1")
    with running(work, *here, command="room") as server:
        server.room = open_room(work, ROOM)
        server.room.store.beside("table-1").open_spread(CHOICE)
        server.phones = re.search(r"http://127\.0\.0\.1:\d+", "\n".join(server.lines))[0]
        yield server


@pytest.fixture
def go(room, page):
    """Open an address with the key of who leads the room, or of the table."""

    def opened(path, key=room.key):
        page.request.get(f"{room.origin}/?token={key}", max_redirects=0)  # a cookie from now on
        page.goto(f"{room.origin}/{path}")
        return page

    yield opened
    page.goto("about:blank")


def table_page(room, go, path):
    page = go(f"voila/render/{path}", room.room.tables()["table-1"])
    stands(page)
    return page


@pytest.mark.parametrize("path", ["nl/1_network", "nl/3_structure"])
def test_a_page_of_a_table(path, room, go, axe):
    page = table_page(room, go, f"notebooks/{path}.ipynb")
    page.locator(".gbo-seats button").first.or_(page.locator(".gbo-map-node").first).press("Enter")
    unfold(page)
    assert findings(page, axe) == []
    page.set_viewport_size(NARROW)
    assert findings(page, axe) == []


def test_an_exercise(room, go, axe):
    page = table_page(room, go, "exercises/nl/read_a_map.ipynb")
    unfold(page)
    assert findings(page, axe) == []
    wide = page.viewport_size
    page.set_viewport_size({"width": 390, "height": 800})  # the map scrolls sideways
    page.wait_for_function("document.querySelector('.gbo-beside .widget-html-content').scrollWidth > 390")
    assert findings(page, axe) == []
    page.set_viewport_size(wide)
    button = page.locator(".widgets button").first
    button.focus()
    button.evaluate("(button) => button.remove()")
    page.wait_for_function("document.activeElement.closest('.widgets')")  # who stood there stands beside it


def test_the_projector(room, go, axe):
    page = table_page(room, go, "notebooks/en/5_agreement.ipynb#wall")
    seen = [found for _ in parts_of_the_wall(page) for found in findings(page, axe)]
    assert seen == []


def test_the_trainers_page(go, axe):
    page = go("voila/render/notebooks/nl/trainer.ipynb")
    stands(page)
    unfold(page)
    assert findings(page, axe) == []


def test_wall_cards_and_what_leads_the_room(room, go, axe):
    room.room.set(asked=CHOICE)
    page = go("room")
    unfold(page)
    assert findings(page, axe) == []
    page = go("room/cards")
    assert findings(page, axe) == []
    page = go("room/wall")
    page.locator("#part-now .total").wait_for(state="attached")
    parts = page.locator("main > section").count()
    seen = []
    for number in range(1, parts + 1):
        expect(page.locator("#place")).to_have_text(f"{number} / {parts}")
        seen += findings(page, axe)
        page.keyboard.press("ArrowRight")
    assert seen == []


def test_a_telephone(room, page, axe):
    page.set_viewport_size(NARROW)
    room.room.set(asked=CHOICE, texts=True)
    page.goto(f"{room.phones}/?word={room.room.state.word}&language=en")
    unfold(page)
    assert findings(page, axe) == []
    page.locator("button[name=table]").click()
    page.locator("#now fieldset").wait_for()
    unfold(page)
    assert findings(page, axe) == []


def test_what_cannot_be_shown(go, page, axe):
    go("voila/render/notebooks/nl/nothing.ipynb")
    assert findings(page, axe) == []
    page.errors.clear()
