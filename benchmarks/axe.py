"""What axe-core finds on everything that the kit shows: `uv run python benchmarks/axe.py [--site FOLDER] [WORD]`.

Opened are all pages and exercises without code in Dutch, with nothing and with everything filled in, as they open,
with all folds open, at 390 px and on the projector; the pages filled in, in English; the room's pages, cards and wall,
and telephones, in both languages; the report; and the pages of a site that was made before. WORD: only what has it in
its name. Told are findings of weight moderate, serious and critical, by rule; the exit code says whether there are any.
"""

import argparse
import re
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from bench_room_tables import serving as serving_room
from playwright.sync_api import Browser, Page, sync_playwright
from serving import SWITCHES, serving

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT / "tests"))

from access import fetch_axe, findings, parts_of_the_wall, stands, unfold  # noqa: E402
from viewing import filled  # noqa: E402

from workshop.answers.rooms import RoomStore, open_room  # noqa: E402
from workshop.output.report import report_html  # noqa: E402
from workshop.session import open_session  # noqa: E402
from workshop.site import Handler  # noqa: E402

WIDE = {"width": 1280, "height": 800}
NARROW = {"width": 390, "height": 844}
ROOM = "room-1"
TABLE = "table-1"
CHOICE = "opening.on-paper"


class Sweep:
    """Looks at one page after another, and keeps what was found where."""

    def __init__(self, browser: Browser, word: str):
        self.browser = browser
        self.word = word
        self.axe = fetch_axe()
        self.looked = 0
        self.found: dict[tuple[str, str], list[tuple[str, str, str]]] = defaultdict(list)

    def wants(self, name: str) -> bool:
        """Whether a page was asked for."""
        return self.word in name

    @contextmanager
    def page(self, **look) -> Iterator[Page]:
        """A page in a browser of its own."""
        context = self.browser.new_context(**{"viewport": WIDE} | look)
        page = context.new_page()
        page.set_default_timeout(60_000)
        yield page
        page.goto("about:blank")
        context.close()

    def look(self, page: Page, name: str) -> None:
        """Keep what is found on what a page shows now."""
        seen = findings(page, self.axe)
        self.looked += 1
        for weight, rule, place, why in seen:
            self.found[weight, rule].append((name, place, why))
        print(f"{len(seen):4}  {name}", flush=True)

    def tell(self) -> int:
        """The table; whether anything was found."""
        print(f"\n{self.looked} states of pages")
        for (weight, rule), all_of_it in sorted(self.found.items()):
            where = sorted({name for name, _, _ in all_of_it})
            print(f"{weight:9} {rule:30} {len(all_of_it):4} in {len(where)} states: {', '.join(where[:4])}")
            for place, why in sorted({(place, why) for _, place, why in all_of_it})[:8]:
                print(f"          {place}: {why}")
        return int(bool(self.found))


def names(language: str) -> list[str]:
    """Pages, and in Dutch exercises, below the folder of the kit."""
    found = sorted((ROOT / "notebooks" / language).glob("*.ipynb"))
    if language == "nl":
        found += [path for path in sorted((ROOT / "exercises/nl").glob("*.ipynb")) if "deeper" not in path.name]
    return [path.relative_to(ROOT).as_posix() for path in found]


def look_at_page(sweep: Sweep, page: Page, address: str, name: str, projector: bool) -> None:
    page.goto("about:blank")  # with #wall, a page that is there would stay
    page.goto(address)
    stands(page)
    sweep.look(page, f"{name}, as it opens")
    seat = page.locator(".gbo-seats button:visible")
    if seat.count():
        seat.first.press("Enter")
    organisation = page.locator(".gbo-map-node")
    if organisation.count():
        organisation.first.press("Enter")
    unfold(page)
    sweep.look(page, f"{name}, all open")
    page.set_viewport_size(NARROW)
    sweep.look(page, f"{name}, narrow")
    page.set_viewport_size(WIDE)
    if projector:
        page.goto("about:blank")
        page.goto(f"{address}#wall")
        stands(page)
        for part in parts_of_the_wall(page):
            sweep.look(page, f"{name}, projector {part}")


def look_at_pages(sweep: Sweep, language: str, full: bool) -> None:
    """Pages and exercises, as a table with its own laptop sees them."""
    state = "filled" if full else "empty"
    wanted = {name: f"{state} {name.removesuffix('.ipynb')}" for name in names(language)}
    wanted = {name: title for name, title in wanted.items() if sweep.wants(title)}
    if not wanted:
        return
    with tempfile.TemporaryDirectory() as work:
        if full:
            filled(work)
        with serving(ROOT, work) as address, sweep.page() as page:
            page.goto(address)
            top = page.url.partition("notebooks/")[0]
            for name, title in wanted.items():
                look_at_page(sweep, page, f"{top}{name}", title, projector=full)
            page.goto(f"{top}notebooks/nl/nothing.ipynb")
            sweep.look(page, f"{state} {language} no such page")
        if full:
            with sweep.page() as page:
                page.set_content(report_html(open_session(store=work, language=language)))
                sweep.look(page, f"{language} report")


def look_at_room(sweep: Sweep, language: str) -> None:
    """What leads a room, cards, wall, and a telephone, which speaks its own language."""
    if not sweep.wants(f"room {language}"):
        return
    with tempfile.TemporaryDirectory() as work:
        filled(work, room=ROOM, group=TABLE)
        with serving_room(Path(work), 2, "--language", language) as (address, _), sweep.page() as page:
            room = open_room(work, ROOM)
            room.store.beside(TABLE).open_spread(CHOICE)
            page.goto(address)
            told = page.locator("p", has_text=room.state.word).first.inner_text()
            join = f"http://{re.search(r'127[.0-9]+:[0-9]+', told)[0]}/?language={language}"
            with sweep.page(viewport=NARROW) as phone:
                look_at_phone(sweep, phone, room, join, f"room {language} telephone")
            page.reload()
            unfold(page)
            sweep.look(page, f"room {language} trainer")
            page.goto(address.replace("/room", "/room/cards"))
            sweep.look(page, f"room {language} cards")
            page.goto(address.replace("/room", "/room/wall"))
            page.locator("#part-now .total").wait_for(state="attached")
            for part in page.locator("main > section").all():
                sweep.look(page, f"room {language} wall {part.get_attribute('id')}")
                page.keyboard.press("ArrowRight")


def look_at_phone(sweep: Sweep, phone: Page, room: RoomStore, join: str, name: str) -> None:
    phone.goto(join)
    sweep.look(phone, f"{name} asks for the word")
    phone.goto(f"{join}&word={room.state.word}")
    unfold(phone)
    sweep.look(phone, f"{name} joins")
    phone.locator("button[name=table]").first.click()
    phone.locator("body.live").wait_for()
    room.set(asked=CHOICE, texts=True)
    phone.locator("#now fieldset").wait_for()
    unfold(phone)
    sweep.look(phone, f"{name} asked")
    phone.context.set_offline(True)
    phone.locator("#now input").first.check()
    phone.locator("#state.safe").wait_for()
    sweep.look(phone, f"{name} without a line")
    phone.context.set_offline(False)


def look_at_site(sweep: Sweep, folder: Path) -> None:
    """The pages of a site; what is in its frame, and the frame."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=folder))
    Thread(target=server.serve_forever, daemon=True).start()
    with sweep.page() as page:
        for path in sorted(folder.glob("*/nl/*.html")):
            name = path.relative_to(folder).as_posix()
            if sweep.wants(f"site {name}"):
                page.goto("about:blank")
                page.goto(f"http://127.0.0.1:{server.server_port}/#{name}")
                frame = page.frame_locator("iframe")
                frame.locator("body:not(.waiting)").wait_for(timeout=120_000)
                unfold(page.frames[-1])
                sweep.look(page.frames[-1], f"site {name}")
        sweep.look(page, "site frame")
    server.shutdown()


def main(word: str, site: Path | None) -> int:
    with sync_playwright() as playwright:
        sweep = Sweep(playwright.chromium.launch(executable_path="/usr/bin/chromium", args=SWITCHES), word)
        for language, full in (("nl", False), ("nl", True), ("en", True)):
            look_at_pages(sweep, language, full)
        for language in ("nl", "en"):
            look_at_room(sweep, language)
        if site:
            look_at_site(sweep, site)
        sweep.browser.close()
        return sweep.tell()


if __name__ == "__main__":
    reader = argparse.ArgumentParser()
    reader.add_argument("word", nargs="?", default="")
    reader.add_argument("--site", type=Path)
    given = reader.parse_args()
    sys.exit(main(given.word, given.site))
