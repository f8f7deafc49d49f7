"""A room from the code on the wall to its report: trainer, wall, two tables and four telephones, each a browser."""

import io
import re
from contextlib import contextmanager

import pytest
from test_journey import go, write
from viewing import said

from workshop.answers import names
from workshop.answers.rooms import open_room
from workshop.blocks import words
from workshop.domain.questions import question

pytestmark = [pytest.mark.browser, pytest.mark.long]
CHOICE = question("opening.on-paper")
TEXT = question("reflection.2.role-experience")
PHONE = {"width": 390, "height": 844}
SECONDS = 30


@pytest.fixture
def devices(browser, tmp_path):
    """``devices("wall")``: a page in a browser of its own; all of them leave before the server stops."""
    opened = {}
    errors = []

    def device(name, **look):
        context = browser.new_context(**({"viewport": {"width": 1280, "height": 800}} | look))
        opened[name] = page = context.new_page()
        page.set_default_timeout(1000 * SECONDS)
        page.on("console", lambda message: message.type == "error" and errors.append((name, message.text)))
        page.on("pageerror", lambda error: errors.append((name, str(error))))
        return page

    @contextmanager
    def room(server):
        yield
        for name, page in opened.items():
            page.screenshot(path=tmp_path / f"{name}.png", full_page=True)
            page.goto("about:blank")

    device.until_the_end_of = room
    device.errors = errors
    yield device
    for page in opened.values():
        page.context.close()


def read_code(part):
    """What a camera reads from the picture of a code."""
    images = pytest.importorskip("PIL.Image")
    reader = pytest.importorskip("zxingcpp")
    (found,) = reader.read_barcodes(images.open(io.BytesIO(part.screenshot())))
    return found.text


def turn_to(wall, part):
    """Turn the wall with the arrow keys until a part shows."""
    for _ in range(8):
        wall.keyboard.press("ArrowLeft")
    for _ in range(8):
        if wall.locator(f"#part-{part}").is_visible():
            return wall.locator(f"#part-{part}")
        wall.keyboard.press("ArrowRight")
    raise AssertionError(part)


def join(phone, address, table):
    phone.goto(address)
    phone.get_by_role("button", name=re.compile(f"^{said('phone.table', n=table)}")).click()
    phone.locator("#questions").wait_for()


def tap(phone, value, entry=CHOICE):
    phone.locator(f'[id="q-{entry.id}"] input[value="{value}"]').check()


def kept(phone):
    phone.locator("#state.kept").wait_for()


def press(trainer, key, row=None):
    """Press a button on the trainer's page, and wait for the page that follows."""
    where = trainer.locator("tr", has_text=row) if row else trainer
    with trainer.expect_navigation():
        where.get_by_role("button", name=said(key)).click()


def at_keyboard(table, seat, value):
    """Somebody answers on a seat of the table's own keyboard, and gives it on."""
    bar = table.locator(".gbo-seats").first
    bar.get_by_role("button", name=said("seat.number", number=seat)).click()
    heading = next(option.heading for option in CHOICE.options_for(True) if option.id == value)
    table.get_by_label(f"{CHOICE.text} – {heading}", exact=True).check()
    bar.get_by_role("button", name=said("seat.done")).click()


def test_a_room_from_the_code_on_the_wall_to_its_report(running, devices, tmp_path):
    here = ("--tables", "2", "--address", "127.0.0.1")
    with running(tmp_path / "work", *here, command="room") as server, devices.until_the_end_of(server):
        room = open_room(tmp_path / "work", "room-1")
        trainer, wall = devices("trainer"), devices("wall")
        trainer.goto(server.address)
        wall.goto(server.address.replace("/room", "/room/wall"))
        assert "token" not in trainer.url + wall.url
        address = read_code(wall.locator(".code svg"))
        assert address.endswith(f"/?word={room.state.word}") and wall.get_by_text(room.state.word, exact=True).count()

        phones = [devices(f"phone-{number}", viewport=PHONE, locale="nl-BE") for number in range(1, 5)]
        for phone, table in zip(phones, (1, 1, 1, 2), strict=True):
            join(phone, address, table)
        wall.get_by_text(said("wall.telephones", n=3)).wait_for()
        wall.get_by_text(said("wall.telephones", n=1)).wait_for()

        wall.screenshot(path=tmp_path / "wall-join.png")
        cards = devices("cards")
        cards.goto(f"{server.origin}/room/cards?token={server.key}")
        tables = []
        for number in (0, 1):
            table = devices(f"table-{number + 1}")
            table.goto(read_code(cards.locator(".card svg").nth(number)))
            table.locator(".gbo-status").wait_for()
            tables.append(table)
        write(tables[0], "table-name", "De pioniers")
        write(tables[1], "table-name", "<b>De buren</b>")
        wall.get_by_text("De pioniers", exact=True).first.wait_for()
        wall.get_by_text("<b>De buren</b>", exact=True).first.wait_for()

        # a question: numbers move, and nothing else until the trainer shows it
        press(trainer, "control.ask", CHOICE.text)
        now = turn_to(wall, "now")
        for phone, value in zip(phones, ("lead", "lead", "shared", "nao"), strict=True):
            phone.locator(f'#now [id="q-{CHOICE.id}"]').wait_for()
            tap(phone, value)
            kept(phone)
        now.get_by_text(said("wall.answered", n=4)).wait_for()
        spread = trainer.locator(f'button[data-spread="{CHOICE.id}"]')
        assert spread.is_disabled()
        offered = tables[0].locator(".gbo-seats").first.locator("[data-seat]")
        assert [button.inner_text() for button in offered.all()][:2] == ["4", "5"]
        for seat, value in ((4, "shared"), (5, "nao")):
            at_keyboard(tables[0], seat, value)
        now.get_by_text(said("wall.answered", n=6)).wait_for()
        assert now.locator("svg").count() == 0
        trainer.locator(f'button[data-spread="{CHOICE.id}"]:enabled').wait_for()
        press(trainer, "control.spread", CHOICE.text)
        now.locator("figure svg").first.wait_for()
        wall.screenshot(path=tmp_path / "wall-now.png")
        before = now.locator("figure").inner_html()
        tap(phones[0], "unsure")
        kept(phones[0])
        assert room.store.beside("table-1").get(CHOICE.id, "seat-1") == "unsure"
        assert now.locator("figure").inner_html() == before

        # maps grow on the wall
        maps = turn_to(wall, "maps")
        for table, name in zip(tables, ("OCMW Meerlo", "CAW De Brug"), strict=True):
            go(table, "1_network")
            field = table.get_by_label(said("map.word.add"))
            field.fill(name)
            field.press("Enter")
        maps.locator("figure svg").nth(1).wait_for()
        wall.screenshot(path=tmp_path / "wall-maps.png")

        # a text is its author's until released, and gone when its author says so
        press(trainer, "control.texts_on")
        phone = phones[3]
        field = phone.locator(f'[id="q-{TEXT.id}"] textarea')
        field.wait_for(state="attached")
        phone.locator("details", has=field).evaluate("part => { part.open = true; }")
        field.fill("Ik wik <i>en</i> weeg")
        kept(phone)
        texts = turn_to(wall, "texts")
        assert texts.get_by_text("Ik wik").count() == 0
        phone.locator(f'[id="q-{TEXT.id}"]').get_by_label(said("phone.share")).check()
        texts.get_by_text("Ik wik <i>en</i> weeg", exact=True).wait_for()
        phone.screenshot(path=tmp_path / "phone-text.png")
        phone.on("dialog", lambda dialog: dialog.accept())
        phone.locator("#mine").evaluate("part => { part.open = true; }")
        phone.get_by_role("button", name=said("phone.wipe")).click()
        texts.get_by_text(said("wall.no_texts")).wait_for()
        assert room.store.beside("table-2").rows("person='seat-1'") == []

        # closed: nothing is written, nothing is lost
        press(trainer, "control.close")
        tap(phones[1], "nao")
        phones[1].locator("#state.closed").wait_for()
        assert room.store.beside("table-1").get(CHOICE.id, "seat-2") == "lead"
        press(trainer, "control.open")
        kept(phones[1])
        assert room.store.beside("table-1").get(CHOICE.id, "seat-2") == "nao"

        press(trainer, "control.report")
        link = trainer.get_by_role("link", name=f"{names.stem(words('session'), 'report')}.html", exact=True)
        cookies = {"Cookie": cookies_of(trainer)}
        status, _, report = server.get(link.get_attribute("href"), headers=cookies, cookies=False)
        assert status == 200 and "De pioniers" in report and "&lt;b&gt;De buren" in report and "Ik wik" not in report
        assert not devices.errors


def cookies_of(page):
    return "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in page.context.cookies())
