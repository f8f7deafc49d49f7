"""A telephone with its script, in a real browser: what is chosen and typed, the line cut, what is deleted."""

import pytest
from test_room import CHOICE, ROOM, TEXT, room, server  # noqa: F401

from workshop.answers import open_store
from workshop.texts import Message, in_language

pytestmark = pytest.mark.browser


def says(word):
    return str(Message(f"phone.state.{word}"))


@pytest.fixture
def phone(browser, server):  # noqa: F811
    context = browser.new_context(viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.faults = []
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.on("console", lambda said: said.type == "error" and page.faults.append(said.text))
    page.goto(f"http://127.0.0.1:{server.port}/?word={server.room.state.word}")
    page.get_by_role("button", name=str(Message("phone.table", n=2))).click()
    page.locator("body.live").wait_for()
    yield page
    context.close()


def kept(server, item=CHOICE):  # noqa: F811
    store = open_store(server.room.store.folder, ROOM, "table-2")
    found = store.get(item, "seat-1")
    store.close()
    return found


def choose(page, item, value):
    page.locator(f'[name="{item}"][value="{value}"]').check()


def sets(server, page, **changed):  # noqa: F811
    """The trainer changes something, and the page looks and sends at once, not at its next round."""
    server.room.set(**changed)
    page.evaluate("look(); outbox.flush(); 0")


def unfolded(server, page):  # noqa: F811
    """The field of a text, once the trainer lets telephones write."""
    sets(server, page, texts=True)
    field = page.locator(f'[name="{TEXT}"]')
    field.wait_for(state="attached")
    page.locator("details", has=field).locator("summary").click()
    return field


def wait_for(page, word):
    page.locator(f"#state.{word}", has_text=says(word)).wait_for()


def test_a_tap_is_kept_and_there_after_a_reload(server, phone):  # noqa: F811
    choose(phone, CHOICE, "lead")
    wait_for(phone, "kept")
    assert kept(server) == "lead"
    phone.reload()
    assert phone.locator(f'[name="{CHOICE}"][value="lead"]').is_checked()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    assert not phone.faults


def test_without_a_line_answers_wait_here_and_go_by_themselves_later(server, phone):  # noqa: F811
    choose(phone, CHOICE, "lead")
    wait_for(phone, "kept")
    phone.context.set_offline(True)
    choose(phone, CHOICE, "nao")
    choose(phone, "opening.in-practice", "shared")
    wait_for(phone, "safe")
    assert kept(server) == "lead"
    phone.context.set_offline(False)
    wait_for(phone, "kept")
    assert (kept(server), kept(server, "opening.in-practice")) == ("nao", "shared")


def test_a_reload_in_a_closed_room_loses_nothing(server, phone):  # noqa: F811
    sets(server, phone, open=False)
    choose(phone, CHOICE, "nao")
    wait_for(phone, "closed")
    phone.reload()
    phone.locator(f'[name="{CHOICE}"][value="nao"]:checked').wait_for()
    assert kept(server) is None
    sets(server, phone, open=True)
    wait_for(phone, "kept")
    assert kept(server) == "nao"


def test_what_the_trainer_asks_comes_on_top_and_goes_back(server, phone):  # noqa: F811
    assert phone.locator("#now").is_hidden()
    server.room.set(asked="role.taken")  # found by itself
    field = phone.locator('#now [data-item="role.taken"]')
    field.wait_for()
    field.get_by_role("radio").first.check()
    wait_for(phone, "kept")
    sets(server, phone, asked="opening.in-practice")
    phone.locator('#now [data-item="opening.in-practice"]').wait_for()
    assert phone.locator('details [data-item="role.taken"]').count() == 1
    sets(server, phone, asked="")
    phone.locator("#now").wait_for(state="hidden")
    assert phone.locator('details [data-item="opening.in-practice"]').count() == 1
    assert kept(server, "role.taken") and not phone.faults


def test_the_next_question_waits_for_who_types_and_not_for_who_stands_in_a_field(server, phone):  # noqa: F811
    unfolded(server, phone)
    sets(server, phone, asked=TEXT)
    field = phone.locator(f'#now [name="{TEXT}"]')
    field.press_sequentially("Ik typ")
    server.room.set(asked=CHOICE)
    phone.evaluate("look()")
    assert phone.locator("#now [data-item]").first.get_attribute("data-item") == TEXT
    field.press_sequentially(" nog")
    phone.evaluate("{ const now = Date.now; Date.now = () => now() + 6000; look(); }")
    asked = phone.locator(f'#now [data-item="{CHOICE}"]')
    asked.wait_for()
    assert phone.locator(f'#now [name="{TEXT}"]').count() == 0
    wait_for(phone, "kept")
    assert kept(server, TEXT) == "Ik typ nog"
    asked.get_by_role("radio").first.check()
    wait_for(phone, "kept")
    assert kept(server) and not phone.faults


def test_a_tap_that_was_meant_for_what_stood_there_before_chooses_nothing(server, phone):  # noqa: F811
    phone.evaluate(
        """() => {
            const stage = document.querySelector("#now");
            new MutationObserver(() => {
                const { left, top } = stage.querySelector("label").getBoundingClientRect();
                window.hit = document.elementFromPoint(left + 5, top + 5);
                window.hitAt = Date.now();
            }).observe(stage, { attributes: true, attributeFilter: ["hidden"] });
        }"""
    )
    sets(server, phone, asked="role.taken")
    first = phone.locator('#now [data-item="role.taken"] label').first
    first.wait_for()
    assert phone.evaluate("window.hit.localName") == "html"
    first.click()  # waits until a tap counts
    assert phone.evaluate("Date.now() - window.hitAt") >= 400
    wait_for(phone, "kept")
    assert kept(server, "role.taken") and not phone.faults


def test_what_sharing_does_is_said_in_two_lines_on_a_narrow_telephone(server, phone):  # noqa: F811
    unfolded(server, phone)
    phone.set_viewport_size({"width": 360, "height": 800})
    label = phone.locator(f'label:has([name="share {TEXT}"]) span')
    for code in ("nl", "en"):
        with in_language(code):
            said = str(Message("phone.share"))
            assert str(Message("file.report")) in said
        label.evaluate("(span, said) => { span.textContent = said; }", said)
        height, line = label.evaluate("span => [span.offsetHeight, parseFloat(getComputedStyle(span).lineHeight)]")
        assert height <= 2 * line + 1, code


def test_a_text_is_shared_by_a_tick_and_private_again_when_it_changes(server, phone):  # noqa: F811
    store = open_store(server.room.store.folder, ROOM, "table-2")
    field = unfolded(server, phone)
    field.fill("Wat ik <b>denk</b>")
    share = phone.locator(f'[name="share {TEXT}"]')
    share.check()
    wait_for(phone, "kept")
    assert store.released(TEXT) == ["Wat ik <b>denk</b>"]
    field.press_sequentially("!")
    wait_for(phone, "kept")
    assert not share.is_checked() and store.released(TEXT) == []
    assert kept(server, TEXT).endswith("!")


def test_a_shared_text_is_taken_back_when_the_room_is_closed_or_nobody_writes_any_more(server, phone):  # noqa: F811
    store = open_store(server.room.store.folder, ROOM, "table-2")
    unfolded(server, phone).fill("Wat ik denk")
    share = phone.locator(f'[name="share {TEXT}"]')
    share.check()
    wait_for(phone, "kept")
    sets(server, phone, open=False)
    share.uncheck()
    wait_for(phone, "kept")
    assert store.released(TEXT) == []
    sets(server, phone, open=True)
    share.check()
    wait_for(phone, "kept")
    assert store.released(TEXT) == ["Wat ik denk"]
    sets(server, phone, open=False, texts=False)
    phone.get_by_role("button", name=str(Message("phone.withdraw"))).click()
    phone.locator("#state", has_text=str(Message("phone.withdrawn"))).wait_for()
    assert store.released(TEXT) == [] and kept(server, TEXT) == "Wat ik denk"
    assert phone.locator("[name=withdraw]").count() == 0 and not phone.faults


def test_a_text_typed_before_writing_was_turned_off_waits_for_its_author(server, phone):  # noqa: F811
    field = unfolded(server, phone)
    sets(server, phone, open=False)
    field.fill("een")
    wait_for(phone, "closed")
    sets(server, phone, texts=False, open=True)
    phone.locator("#asides q, #asides p", has_text="een").wait_for()
    assert field.count() == 0 and kept(server, TEXT) is None
    field = unfolded(server, phone)
    assert field.input_value() == "een"
    field.press_sequentially(" twee")  # saved by itself, since it is new
    wait_for(phone, "asked")
    phone.locator("#asides").get_by_role("button", name=str(Message("phone.keep_it"))).click()
    wait_for(phone, "kept")
    store = open_store(server.room.store.folder, ROOM, "table-2")
    assert {kept(server, TEXT), *store.others(TEXT, "seat-1")} == {"een", "een twee"}, "nothing of it is lost"
    assert not phone.faults


def test_the_newest_text_is_kept_where_it_was_asked_about_while_it_went_on(server, phone):  # noqa: F811
    field = unfolded(server, phone)
    sets(server, phone, open=False)
    field.fill("een")
    wait_for(phone, "closed")
    with open_store(server.room.store.folder, ROOM, "table-2").change() as change:
        change.store.query("UPDATE groups SET generation=generation+1 WHERE room=:room AND grp=:grp")
    sets(server, phone, open=True)
    wait_for(phone, "asked")
    field.press_sequentially(" twee")
    phone.locator("#asides", has_text="een twee").wait_for()
    phone.locator("#asides").get_by_role("button", name=str(Message("phone.keep_it"))).click()
    wait_for(phone, "kept")
    assert kept(server, TEXT) == "een twee"


def test_texts_that_are_allowed_before_a_page_first_looks_come_too(server, phone):  # noqa: F811
    def late(route):
        server.room.set(texts=True)
        route.continue_()

    assert phone.locator(f'[name="{TEXT}"]').count() == 0
    questions = phone.url
    phone.goto("about:blank")  # a look of the page that was there would be the one that is late
    phone.route("**/box", late)
    phone.goto(questions, wait_until="commit")
    phone.locator(f'[name="{TEXT}"]').wait_for(state="attached")


def test_another_seat_of_the_same_telephone_is_shown_in_each_tab(server, phone):  # noqa: F811
    asked = phone.context.request
    origin = phone.url.removesuffix("/questions")
    asked.post(f"{origin}/", form={"leave": "1"}, headers={"Origin": origin})
    asked.post(f"{origin}/", form={"word": server.room.state.word, "table": "table-1"}, headers={"Origin": origin})
    bar = phone.locator("#bar", has_text=str(Message("phone.table", n=1)))
    bar.wait_for()
    choose(phone, CHOICE, "lead")
    wait_for(phone, "kept")
    assert kept(server) is None, "the seat that it had before"


def test_deleting_takes_it_from_browser_and_kit(server, phone):  # noqa: F811
    choose(phone, CHOICE, "lead")
    wait_for(phone, "kept")
    sets(server, phone, open=False)  # and something that waits here only
    choose(phone, "opening.in-practice", "nao")
    wait_for(phone, "closed")
    phone.on("dialog", lambda asked: asked.accept())
    phone.locator("#mine summary").click()
    phone.get_by_role("button", name=str(Message("phone.wipe"))).click()
    said = phone.locator("#state", has_text=str(Message("phone.wiped")))
    said.wait_for()
    sets(server, phone, open=True)
    phone.reload()
    phone.locator("body.live").wait_for()
    assert said.count() == 0, "it was said once"
    assert phone.locator("input[type=radio]:checked").count() == 0
    assert phone.evaluate("outbox.read().then((all) => all.length)") == 0
    assert kept(server) is None and kept(server, "opening.in-practice") is None
