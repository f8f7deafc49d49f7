"""Five people and one keyboard: seats, private answers, the table after them, dots, and the bar on top."""

import json
from xml.etree import ElementTree

import pytest
from viewing import answer, everything, find, grid_of, press, said, shown

from workshop import widgets
from workshop.answers import open_store
from workshop.answers.rooms import open_room
from workshop.answers.tables import read_room
from workshop.domain.questions import about, question, questions
from workshop.dots import Chosen, dot_picture, dots
from workshop.session import SEATS
from workshop.texts import Message
from workshop.widgets.seats import SeatBar
from workshop.widgets.spread import Spread

ON_PAPER, IN_PRACTICE = (entry.id for entry in questions("opening"))
SITUATIONS = [situation["id"] for situation in about("situations")["row"]][:3]
TITLES = {situation["id"]: situation["title"] for situation in about("situations")["row"]}
FACTORS = ("commitment", "consensus")
SVG = "{http://www.w3.org/2000/svg}"


def give(session, people=5, values=("shared", "lead", "lead", "nao", "shared")):
    """Let seats answer the opening question, on paper as listed, in practice all alike."""
    for seat, value in zip(SEATS[:people], values, strict=False):
        session.save(ON_PAPER, value, seat)
        session.save(IN_PRACTICE, "unsure", seat)


# -- seats -------------------------------------------------------------------------------------------------------


def test_a_seat_has_a_tick_once_it_answered_everything_that_is_asked(session):
    view = widgets.Opening(session)
    bar = find(view, SeatBar)
    assert len(bar.seats) == 8 and bar.answered == []
    bar.seat = "seat-2"
    answer(view, ON_PAPER, "lead")
    assert session.seat == "seat-2" and bar.answered == []
    answer(view, IN_PRACTICE, "shared")
    assert bar.answered == ["seat-2"] and bar.seat == "seat-2", "nothing passes on by itself"
    answer(view, ON_PAPER, "nao")
    assert session.store.get(ON_PAPER, "seat-2") == "nao", "a choice can be corrected"
    assert bar.told == said("seat.answered_n", n=1)
    session.save("people", "5")
    assert bar.told == said("seat.answered_of", n=1, total=5)


def test_what_was_chosen_on_a_wrong_seat_is_taken_back(session):
    session.save("people", "5")
    give(session, 4)
    view = widgets.Opening(session)
    bar = find(view, SeatBar)
    session.seat = "seat-6"
    assert not bar.chose
    for item in (ON_PAPER, IN_PRACTICE):
        answer(view, item, "lead")
    session.save("reflection.2.role-experience", "blijft", "seat-6")
    assert bar.chose and bar.told == said("seat.answered_of", n=5, total=5)
    for content in ({"kind": "wipe", "seat": "seat-1"}, {"kind": "wipe"}, {}, None, "wipe"):
        bar._handle_custom_msg(content, [])
    assert bar.told == said("seat.answered_of", n=5, total=5), "somebody else sits there now"
    bar._handle_custom_msg({"kind": "wipe", "seat": "seat-6"}, [])
    assert bar.told == said("seat.answered_of", n=4, total=5) and not bar.chose
    assert grid_of(view, ON_PAPER).rows[0]["choice"] is None
    assert session.store.get("reflection.2.role-experience", "seat-6") == "blijft"
    assert session.store.answered(ON_PAPER) == 4 and session.failures == []
    answer(view, ON_PAPER, "nao")
    assert session.store.get(ON_PAPER, "seat-6") == "nao"


def test_no_seat_ever_shows_the_answers_of_another(session):
    view = widgets.Opening(session)
    give(session, 5)
    for seat in (*SEATS[:5], *SEATS[5:]):
        session.seat = seat
        rows = {row["id"]: row for row in grid_of(view, ON_PAPER).rows}
        assert rows[ON_PAPER]["choice"] == session.store.get(ON_PAPER, seat)
        assert rows[ON_PAPER]["person"] == seat
    session.seat = None
    assert grid_of(view, ON_PAPER).layout.display == "none"
    assert all(row["choice"] is None for row in grid_of(view, ON_PAPER).rows)


def test_the_table_answers_after_the_seats(session):
    session.save("people", "3")
    view = widgets.Situations(session)
    first = SITUATIONS[0]
    private, shared = f"role.situation.{first}", f"task.situation.{first}"
    together = view.ask.by_table[0]
    for number in range(1, 4):
        assert together.layout.display == "none"
        session.seat = f"seat-{number}"
        answer(view, private, "co-producer")
        assert together.layout.display == "none", "not while somebody sits there"
        session.seat = None
    assert together.layout.display == "" and view.next.layout.display == "none"
    answer(view, shared, "facilitator")
    assert view.next.layout.display == "" and view.next.words["label"]
    view.next.seat = "seat-2"
    assert view.picker.value == SITUATIONS[1] and session.seat == "seat-2" and view.next.seat is None
    assert view.next.layout.display == "none"


def test_a_table_that_chose_on_paper_need_not_wait(session):
    view = widgets.Situations(session)
    together = view.ask.by_table[0]
    assert together.layout.display == "none"
    press(view, "seat.skip")
    assert together.layout.display == ""
    session.save(f"task.situation.{SITUATIONS[0]}", "facilitator")
    assert together.layout.display == "", "until they start again"
    session.delete_group()
    assert together.layout.display == "none" and view.ask.later.layout.display == ""
    press(view, "seat.skip")
    assert together.layout.display == ""


# -- results -----------------------------------------------------------------------------------------------------


def test_below_five_the_page_says_so_and_points_to_the_paper(session):
    session.save("people", "4")
    give(session, 4)
    seen = shown(widgets.OpeningBack(session))
    assert said("opening.too_few", counted=Message("seat.answered_of", n=4, total=4)) in seen
    assert "<svg" not in seen


def test_the_spread_asks_before_it_opens_and_shows_dots_paper_beside_practice(session):
    session.save("people", "6")
    give(session)
    view = widgets.OpeningBack(session)
    spread = find(view, Spread)
    press(view, "spread.open")
    assert said("spread.before", counted=Message("seat.answered_of", n=5, total=6)) in shown(view)
    assert spread.sure.layout.display == "" and "<svg" not in shown(view)
    press(view, "spread.no")
    assert spread.sure.layout.display == "none" and session.store.spread(ON_PAPER) is None
    press(view, "spread.open")
    press(view, "spread.yes")
    assert shown(view).count('class="gbo-picture"') == len(question(ON_PAPER).options)
    assert said("seat.answered_of", n=5, total=6) not in spread.shown.value


def test_a_spread_that_a_deletion_took_back_says_when_it_can_be_opened_again(session):
    for number in range(1, 7):
        session.save(ON_PAPER, "lead", f"seat-{number}")
    session.open_spread(ON_PAPER)
    view = widgets.OpeningBack(session)
    session.delete(ON_PAPER, "seat-1")
    five = Message("seat.answered_n", n=5)
    assert said("spread.again", counted=five) in shown(view)
    assert said("opening.too_few", counted=five) not in shown(view)
    assert find(view, Spread).open.layout.display == "none"
    for number in range(2, 7):
        session.save(ON_PAPER, "nao", f"seat-{number}")
    assert said("spread.again", counted=five) not in shown(view)
    assert find(view, Spread).open.layout.display == ""


def test_an_open_spread_always_says_that_it_is_of_an_earlier_moment(session):
    give(session)
    view = widgets.OpeningBack(session)
    assert said("spread.then") not in shown(view)
    press(view, "spread.open")
    press(view, "spread.yes")
    opened = shown(view)
    assert opened.count(said("spread.then")) == 1
    session.save(ON_PAPER, "nao", SEATS[0])
    assert shown(view) == opened, "what would be said only now, would tell on who chose something else"


def marks(picture):
    """The dots in a picture: circles and polygons that stand in no drawing."""
    root = ElementTree.fromstring(picture)
    for inner in [child for child in root.iter() if child.tag == f"{SVG}g"]:
        for drawing in inner.findall(f"{SVG}svg"):
            inner.remove(drawing)
    return [sum(node.tag == f"{SVG}{tag}" for node in root.iter()) for tag in ("circle", "polygon")]


def test_a_dot_stands_for_each_answer_in_store_and_room(session):
    give(session)
    session.open_spread(ON_PAPER, IN_PRACTICE)
    for spread in (session.store.spread, read_room(session.work).spread):
        (made,) = dots(questions("opening"), spread)
        assert [answer.counts for answer in made.chosen] == [[2, 0], [2, 0], [1, 0], [0, 5]]
        assert marks(made.picture) == [5, 5], "a sign of its own for each question"
        assert [marks(piece) for piece in made.pieces] == [[2, 0], [2, 0], [1, 0], [0, 5]]
        assert all(name in made.picture for name in made.series)


def test_what_is_not_open_is_in_no_picture(session):
    give(session, 4)
    session.open_spread(ON_PAPER)
    assert dots(questions("opening"), session.store.spread) == []


def test_a_picture_of_dots_is_safe_and_counts_in_words():
    hostile = '<script>"&'
    picture = dot_picture([Chosen(hostile, [3]), Chosen("nee", [120])], [""])
    assert "<script>" not in picture and marks(picture) == [123, 0]
    assert said("opening.counted", n=120, option="nee") in ElementTree.fromstring(picture).get("aria-label")


def test_the_drawings_are_the_buttons(session):
    view = widgets.Opening(session)
    columns = grid_of(view, ON_PAPER).columns
    assert all(column["picture"].startswith("<svg") and column["about"] for column in columns)
    assert not any(column["picture"] for column in grid_of(widgets.Ask(session, "who-are-we"), "role.taken").columns)


# -- the bar on top ----------------------------------------------------------------------------------------------


def test_the_bar_knows_which_pages_hold_something(session):
    status = next(one for one in everything(widgets.Header(session)) if isinstance(one, widgets.header.Status))
    assert status.begun == []
    session.save(ON_PAPER, "lead", "seat-1")
    assert status.begun == ["0_start"]
    session.save("agreement.what", "Samen bellen")
    assert status.begun == ["0_start", "5_agreement"]
    session.save(ON_PAPER, "nao", "seat-2")
    session.save(ON_PAPER, None, "seat-1")
    assert status.begun == ["0_start", "5_agreement"], "somebody else chose there"
    session.save(ON_PAPER, None, "seat-2")
    session.save("agreement.what", "")
    assert status.begun == []
    session.save(IN_PRACTICE, 0, "seat-2")
    assert status.begun == ["0_start"], "nought is an answer"
    assert not any(isinstance(one, SeatBar) for one in everything(widgets.Header(session)))


# -- in a browser ------------------------------------------------------------------------------------------------

# as it bubbles: a press that the test's driver holds back, because the page moved under it, is not counted
COUNT = "window.clicks = 0; addEventListener('pointerdown', () => { window.clicks += 1; })"


@pytest.fixture
def kit(running, page, tmp_path):
    """A page of the kit by name, with every press of the mouse counted in `clicks`."""
    with running(tmp_path / "work") as server:
        page.add_init_script(COUNT)

        def show(name):
            page.goto(server.address.replace("0_start", name))
            page.locator("body:not(.waiting)").wait_for()
            return page

        yield show
        page.goto("about:blank")


def seats(page, nth=0):
    return page.locator(".gbo-seats").locator("visible=true").nth(nth)


def sit(page, number, nth=0):
    seats(page, nth).locator(f"[data-seat=seat-{number}]").click()
    seats(page).locator(f"[data-seat=seat-{number}][aria-pressed=true]").wait_for()


def option(page, item, value):
    asked = question(item)
    text = next(option.heading for option in asked.options_for(asked.owner == "person") if option.id == value)
    return page.get_by_label(f"{asked.text} – {text}", exact=True)


def hand_on(page):
    page.get_by_role("button", name=said("seat.done")).locator("visible=true").first.click()
    page.get_by_role("button", name=said("seat.done")).locator("visible=true").first.wait_for(state="hidden")


@pytest.mark.browser
def test_five_people_open_in_sixteen_clicks(kit):
    from playwright.sync_api import expect

    page = kit("0_start")
    for number in range(1, 6):
        sit(page, number)
        for item in (ON_PAPER, IN_PRACTICE):
            made = option(page, item, "lead" if number % 2 else "shared")
            expect(made).not_to_be_checked()  # nothing of the one before
            made.locator("xpath=..").locator("svg").click()
        seats(page).locator(f"[data-seat=seat-{number}].answered").wait_for()
    hand_on(page)
    assert page.evaluate("clicks") <= 16
    expect(page.locator("input[type=radio][aria-label*='–']:checked").locator("visible=true")).to_have_count(0)
    assert page.locator(".gbo-seats .answered").count() == 5
    assert page.evaluate("document.activeElement.dataset.seat") == "seat-6", "the next person begins here"
    sit(page, 1)
    expect(option(page, ON_PAPER, "lead")).to_be_checked()
    option(page, ON_PAPER, "nao").check()
    hand_on(page)
    sit(page, 1)
    expect(option(page, ON_PAPER, "nao"), "a choice can be corrected").to_be_checked()
    seats(page).get_by_role("button", name=said("seat.wipe")).click()
    expect(option(page, ON_PAPER, "nao"), "or taken back").not_to_be_checked()
    expect(page.locator(".gbo-seats .answered")).to_have_count(4)
    assert page.evaluate("document.activeElement.className") == "gbo-done"


AT_ONCE = """(labels) => {
  for (const label of labels) document.querySelector(`input[aria-label=${CSS.escape(label)}]`).click();
  [...document.querySelectorAll(".gbo-seats button")].find((one) => one.checkVisibility() && %s).click();
}"""


@pytest.mark.browser
def test_a_choice_of_just_now_is_taken_back_with_the_others(kit, tmp_path):
    page = kit("0_start")
    sit(page, 6)
    option(page, ON_PAPER, "lead").check()
    seats(page).get_by_role("button", name=said("seat.wipe")).wait_for()
    page.wait_for_function("!gboOutbox.mine.length && Date.now() - gboOutbox.sent > gboOutbox.limits.typing")
    labels = [option(page, *one).get_attribute("aria-label") for one in ((ON_PAPER, "nao"), (IN_PRACTICE, "lead"))]
    wipe = f"one.textContent === {json.dumps(said('seat.wipe'))}"
    page.evaluate(AT_ONCE % wipe, labels)
    seats(page).get_by_role("button", name=said("seat.wipe")).wait_for(state="hidden")
    page.wait_for_function("!gboOutbox.mine.length")
    store = open_store(tmp_path / "work")
    assert [store.get(item, "seat-6") for item in (ON_PAPER, IN_PRACTICE)] == [None, None]


PRESS = """(radio, button) => {
  const seats = [...document.querySelectorAll(".gbo-seats")].find((bar) => bar.checkVisibility());
  seats.querySelector(button).click();
  return [radio.checked, getComputedStyle(radio).visibility];
}"""


@pytest.mark.browser
@pytest.mark.parametrize("button", ["[data-seat=seat-2]", ".gbo-done"])
def test_what_one_person_chose_is_shut_at_once_when_another_sits_down(kit, button):
    from playwright.sync_api import expect

    page = kit("0_start")
    sit(page, 1)
    made = option(page, ON_PAPER, "lead")
    made.check()
    page.locator("#top-status [data-state=kept]").wait_for()
    assert made.evaluate(PRESS, button) == [True, "hidden"], "before the kernel knows of it"
    sit(page, 2)
    expect(made).not_to_be_checked()
    made.check()  # theirs, and not refused
    sit(page, 1)
    expect(made).to_be_checked()


@pytest.mark.browser
def test_what_is_shared_right_after_the_last_letter_is_shared_whole(kit, tmp_path):
    page = kit("4_role")
    field = page.get_by_label(question("reflection-table.2").text, exact=True)
    field.press_sequentially("Meer tijd")
    part = page.locator(".gbo-view", has=field).last
    part.get_by_role("button", name=said("own_text.table.release")).click()
    part.get_by_text(said("own_text.table.shared")).wait_for()
    page.locator("#top-status [data-state=kept]").wait_for()
    store = open_store(tmp_path / "work")
    assert store.released("reflection-table.2") == ["Meer tijd"]


WATCH = """(seat) => { // whether anything of a seat is ever open
  window.seen = false;
  const look = () => {
    const own = [...document.querySelectorAll(`[data-person=${seat}]`)];
    seen ||= own.some((one) => one.checkVisibility({ visibilityProperty: true }) && !one.inert);
    requestAnimationFrame(look);
  };
  look();
}"""


@pytest.mark.browser
def test_a_wrong_seat_that_is_corrected_at_once_opens_nothing(kit):
    page = kit("4_role")
    page.get_by_role("button", name=said("factors.fold.alone")).click()
    page.locator(".gbo-seats").nth(1).wait_for()
    page.evaluate(WATCH, "seat-1")
    page.evaluate(
        "() => { const bars = [...document.querySelectorAll('.gbo-seats')].filter((one) => one.checkVisibility());"
        " for (const seat of ['seat-1', 'seat-2']) bars[0].querySelector(`[data-seat=${seat}]`).click(); }"
    )
    page.locator(".gbo-field[data-person=seat-2]").first.wait_for()
    assert page.locator(".gbo-seats [aria-pressed=true]").all_inner_texts() == ["2", "2"]
    assert not page.evaluate("seen"), "what somebody else wrote"


@pytest.mark.browser
def test_a_click_counts_while_another_answer_is_drawn_below_the_finger(kit):
    from playwright.sync_api import expect

    page = kit("4_role")
    first, second = (page.locator(f".gbo-grid input[data-place^='factor.{name}']").first for name in FACTORS)
    second.scroll_into_view_if_needed()
    box = second.bounding_box()
    page.mouse.move(box["x"] + 5, box["y"] + 5)
    page.mouse.down()
    first.evaluate("one => one.click()")
    page.locator("#top-status [data-state=kept]").wait_for()
    page.wait_for_timeout(300)  # in which the table would be drawn anew
    page.mouse.up()
    expect(first).to_be_checked()
    expect(second).to_be_checked()


@pytest.mark.browser
def test_three_situations_by_five_people_and_the_table_in_thirty_six_clicks(kit):
    from playwright.sync_api import expect

    page = kit("0_start")
    page.get_by_label(f"{question('people').text} – 5", exact=True).check()
    page.locator("#top-status [data-state=kept]").wait_for()
    page = kit("4_role")
    page.get_by_role("button", name=said("task.show")).first.click()
    part = page.locator(".widgets", has=page.get_by_label(said("situations.which")))
    part.wait_for()
    page.evaluate("window.clicks = 0")

    def sit_here(number, which):
        part.locator(".gbo-seats").locator("visible=true").nth(which).locator(f"[data-seat=seat-{number}]").click()

    for place, id in enumerate(SITUATIONS):
        for number in range(1, 6):
            moves_on = place > 0 and number == 1
            sit_here(number, 1 if moves_on else 0)
            part.get_by_role("heading", name=TITLES[id]).wait_for()
            made = option(page, f"role.situation.{id}", "co-producer")
            expect(made).not_to_be_checked()
            if moves_on:
                page.wait_for_function("document.activeElement.dataset.seat === 'seat-1'")
            made.click()
            part.locator(f".gbo-seats [data-seat=seat-{number}].answered").first.wait_for()
        table = option(page, f"task.situation.{id}", "facilitator")
        assert not table.is_visible()
        hand_on(part)
        table.click()
        page.get_by_role("button", name=said("situations.show")).wait_for()
    assert page.evaluate("clicks") <= 36


@pytest.mark.browser
def test_the_bar_stays_on_top_and_says_where_and_what(kit):
    page = kit("0_start")
    bar = page.locator("#top")
    assert bar.locator("nav a").count() == 6
    assert bar.locator("[aria-current=page]").inner_text().startswith("0")
    page.get_by_label(question("table-name").text).fill("De brug")
    page.get_by_label(question("table-name").text).blur()
    bar.get_by_text(said("header.table", name="De brug")).wait_for()
    bar.locator("[data-page='0_start'].begun").wait_for()
    bar.get_by_text(said("header.word.kept"), exact=True).wait_for()
    page.locator(".prose.last").scroll_into_view_if_needed()
    box = bar.bounding_box()
    assert box["y"] == 0 and box["height"] <= 48
    bar.get_by_text(said("page.minutes", n=3), exact=True).wait_for()
    bar.get_by_text(said("glossary.title")).click()
    bar.locator("dt").first.wait_for()
    page.keyboard.press("Escape")
    bar.locator("dt").first.wait_for(state="hidden")
    bar.get_by_role("button", name=said("page.wall")).click()
    bar.wait_for(state="hidden")
    page.keyboard.press("Escape")
    bar.get_by_role("link", name="1").click()
    page.wait_for_url("**/1_network.ipynb")
    page.locator("body:not(.waiting)").wait_for()
    page.locator("[data-page='0_start'].begun").wait_for()
    page.set_viewport_size({"width": 390, "height": 844})
    assert bar.bounding_box()["height"] <= 48
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.browser
def test_the_trainers_page_has_no_table_and_no_seat(kit):
    page = kit("trainer")
    page.locator(".gbo-status").wait_for()
    assert not page.locator(".gbo-status strong").is_visible()
    assert page.locator(".gbo-seats").count() == 0


@pytest.mark.browser
def test_a_text_that_could_not_be_kept_stands_there_when_its_author_sits_down_again(kit, tmp_path):
    from playwright.sync_api import expect

    page = kit("4_role")
    field = page.get_by_label(question("reflection.2.role-experience").text, exact=True)
    sit(page, 1)
    field.fill("Van stoel een")
    field.blur()
    page.locator(".gbo-field", has=field).get_by_text(said("field.kept")).wait_for()
    room = open_room(tmp_path / "work")
    room.set(open=False)  # now nothing is kept
    field.fill("Langer, van stoel een")
    field.blur()
    page.locator("#top-status", has_text=said("room.closed")).wait_for()
    sit(page, 2)
    expect(field).to_have_value("")
    page.evaluate("gboOutbox.settle(gboOutbox.mine[0], { state: 'refused', text: 'Neen' })")
    assert page.evaluate("gboOutbox.refusals") == ["Neen"], "what is refused while nobody sees the field is said on top"
    sit(page, 1)
    expect(field).to_have_value("Langer, van stoel een")
    room.set(open=True)
    page.evaluate("gboOutbox.flush()")
    page.locator(".gbo-field", has=field).get_by_text(said("field.kept")).wait_for()
    assert room.store.beside("table-1").get("reflection.2.role-experience", "seat-1") == "Langer, van stoel een"
