"""A table's whole session in a real browser: from the first page to its report, and nothing typed is ever lost."""

import os
import re
import signal
from contextlib import contextmanager
from pathlib import Path

import pytest
from viewing import said

from workshop.domain.questions import about, question
from workshop.session import open_session
from workshop.texts import LANGUAGES, Message, in_language, language

pytestmark = pytest.mark.browser
DUTCH = re.compile(r"\[nl\]|\b(het|een|jullie|niet|wordt|naar|deze)\b", re.IGNORECASE)
INDIANA = Path(__file__).parents[2] / "shared" / "data" / "indiana-tobacco-control"


@contextmanager
def table(running, page, work, *more):
    """A server, and a page that is left before the server stops."""
    with running(work, *more) as server:
        yield server
        page.goto("about:blank")


def go(page, name):
    """Follow the link at the foot of a page, as a person does."""
    page.locator(f'.prose.last a[href="{name}.ipynb"]').last.click()
    page.wait_for_url(f"**/{name}.ipynb")
    page.locator("body:not(.waiting) .gbo-status").wait_for()
    assert language() == "nl" or not DUTCH.search(page.locator("main").text_content())


def field_of(page, item):
    return page.get_by_label(question(item).text, exact=True)


def write(page, item, text):
    field = field_of(page, item)
    field.fill(text)
    field.blur()
    page.locator(".gbo-field", has=field).get_by_text(str(Message("field.kept")), exact=True).wait_for()


def pick(page, item, value, *, nth=0):
    asked = question(item)
    heading = next(option.heading for option in asked.options if option.id == value)
    page.get_by_label(f"{asked.text} – {heading}", exact=True).nth(nth).check()


def start(page, server, name="De pioniers"):
    page.goto(server.address)
    page.locator(".gbo-status").wait_for()
    write(page, "table-name", name)
    page.get_by_text(str(Message("header.table", name=name))).wait_for()


def finish(page, folder):
    """Pages 4 and 5: factors, agreement, report; the report's text."""
    go(page, "4_role")
    table = page.locator(".gbo-grid", has=page.get_by_text(about("factors")["title"]))
    table.locator("input[type=radio]").first.check()
    table.locator(".gbo-note").first.wait_for()
    go(page, "5_agreement")
    write(page, "agreement.what", "We bellen elkaar <b>elke</b> maand")
    write(page, "agreement.owner", "de coördinator")
    write(page, "agreement.date", "15/1/2027")
    page.get_by_role("button", name=str(Message("report_button.make")), exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("link", name=str(Message("report_button.download"))).first.click()
    path = folder / "report.html"
    download.value.save_as(path)
    return path.read_text(encoding="utf-8")


@pytest.mark.long
def test_from_the_first_page_to_the_report_on_a_real_network(running, page, tmp_path):
    if not INDIANA.is_dir():
        pytest.skip("the Indiana files are not beside this project")
    with table(running, page, tmp_path / "work") as server:
        start(page, server)
        go(page, "1_network")
        page.get_by_role("button", name=said("source.file")).click()
        with page.expect_file_chooser() as chooser:
            page.get_by_role("button", name=said("source.word.choose")).click()
        chooser.value.set_files([INDIANA / "organisations.csv", INDIANA / "ties.csv"])
        page.get_by_text(said("source.read", organisations=25, ties=439)).wait_for()
        page.get_by_role("button", name=said("source.use")).click()
        page.locator(".gbo-map-told").get_by_text(said("measure.ties.text", n=198, possible=300)).first.wait_for()
        assert page.locator(".gbo-map-node").count() == 25
        go(page, "2_forms")
        page.get_by_role("button", name=str(Message("task.show"))).click()
        pick(page, "form-standing.trust", "shared")
        go(page, "3_structure")
        page.locator(".gbo-board").get_by_text("ITPC").first.wait_for()
        report = finish(page, tmp_path)
    assert "ITPC" in report and "25" in report and said("measure.ties.text", n=198, possible=300) in report
    assert "&lt;b&gt;elke&lt;/b&gt;" in report and "<b>elke" not in report and "15/01/2027" in report
    kept = open_session(store=tmp_path / "work")
    assert len(kept.network.organisations) == 25 and kept.lead and kept.network.name(kept.lead) == "ITPC"
    assert len(kept.network.pairs("contact")) == 175


@pytest.mark.parametrize("code", LANGUAGES)
def test_from_the_first_page_to_the_report_on_a_network_typed_by_hand(code, running, page, tmp_path):
    with in_language(code), table(running, page, tmp_path / "work", "--language", code) as server:
        start(page, server, "Tafel <script>alert(1)</script>")
        go(page, "1_network")
        field = page.get_by_label(str(Message("map.word.add")))
        for number, name in enumerate(
            ("OCMW Meerlo", "CAW De Brug", "Inloophuis Zoë", "<img src=x onerror=alert(1)>"), 1
        ):
            field.fill(name)
            field.press("Enter")
            page.locator(".gbo-map-node").nth(number - 1).wait_for()
        for line in ("1 2 3", "2 3"):
            field.fill(line)
            field.press("Enter")
        page.locator(".gbo-map-told").get_by_text(said("measure.ties.text", n=3, possible=6)).first.wait_for()
        go(page, "2_forms")
        go(page, "3_structure")
        report = finish(page, tmp_path)
    assert f'<html lang="{code}"' in report and (code == "nl" or not DUTCH.search(report))
    assert "Inloophuis Zoë" in report and "<img src=x" not in report and "<script" not in report
    kept = open_session(store=tmp_path / "work")
    assert len(kept.network.organisations) == 4 and len(kept.network.ties) == 3


def test_the_other_language_keeps_place_answers_and_what_is_being_typed(running, page, tmp_path):
    from playwright.sync_api import expect

    with table(running, page, tmp_path / "work") as server:
        start(page, server)
        page.goto(server.address.replace("0_start", "5_agreement"))
        page.locator("body:not(.waiting) .gbo-status").wait_for()
        page.locator(".prose summary").first.click()
        field_of(page, "agreement.what").press_sequentially("Nog niet bewaard", delay=5)
        top = "document.querySelectorAll('.prose h2')[1].getBoundingClientRect().top"
        page.evaluate(f"scrollBy(0, {top} - 100)")
        page.locator("#top-language").evaluate("link => link.click()")  # a click of Playwright scrolls to the middle
        with in_language("en"):
            page.wait_for_url("**/notebooks/en/5_agreement.ipynb")
            expect(field_of(page, "agreement.what")).to_have_value("Nog niet bewaard")
            page.get_by_text(said("header.table", name="De pioniers")).wait_for()
            page.wait_for_function(f"() => Math.abs({top} - 100) < 4")
            assert page.locator(".prose details").first.get_attribute("open") is not None
            write(page, "agreement.what", "Saved in English")
        page.locator("#top-language").click()
        page.wait_for_url("**/notebooks/nl/5_agreement.ipynb")
        expect(field_of(page, "agreement.what")).to_have_value("Saved in English")
    assert kept_text(tmp_path / "work") == "Saved in English"


def agreement(page, server):
    page.goto(server.address.replace("0_start", "5_agreement"))
    field = page.get_by_label(question("agreement.what").text, exact=True)
    field.wait_for()
    return field


def kept_text(work):
    return open_session(store=work).store.get("agreement.what")


@pytest.mark.long
def test_a_server_killed_while_typing_loses_nothing(running, page, tmp_path):
    from playwright.sync_api import expect

    work = tmp_path / "work"
    with running(work) as server:
        agreement(page, server).press_sequentially("We bellen elkaar elke maand, ook in de zomer", delay=5)
        os.kill(server.process.pid, signal.SIGKILL)
        server.process.wait(10)
        port = server.origin.rpartition(":")[2]
        page.get_by_label(question("agreement.what").text, exact=True).press_sequentially(" en met Kerstmis", delay=5)
    text = "We bellen elkaar elke maand, ook in de zomer en met Kerstmis"
    with table(running, page, work, "--port", port) as server:
        field = agreement(page, server)
        expect(field).to_have_value(text)
        page.locator(".gbo-field").get_by_text(said("field.kept"), exact=True).first.wait_for()
    assert kept_text(work) == text
    page.errors.clear()  # the browser said that the connection was lost, and rightly so


def test_a_page_reloaded_while_typing_loses_nothing(running, page, tmp_path):
    from playwright.sync_api import expect

    with table(running, page, tmp_path / "work") as server:
        agreement(page, server).press_sequentially("Nog niet bewaard, wel getypt", delay=5)
        page.reload()
        field = page.get_by_label(question("agreement.what").text, exact=True)
        field.wait_for()
        expect(field).to_have_value("Nog niet bewaard, wel getypt")
        page.wait_for_function("async () => (await gboOutbox.read()).length === 0")
    assert kept_text(tmp_path / "work") == "Nog niet bewaard, wel getypt"
    page.errors.clear()


@pytest.mark.long
def test_a_kernel_that_dies_is_said_and_a_reload_brings_all_back(running, page, tmp_path):
    from playwright.sync_api import expect

    with table(running, page, tmp_path / "work") as server:
        field = agreement(page, server)
        field.press_sequentially("Eerst dit")
        page.locator(".gbo-field").get_by_text(said("field.kept"), exact=True).first.wait_for()
        for kernel in server.kernels():
            kernel.kill()
        field.press_sequentially(", dan dat")
        page.wait_for_function("gboOutbox.mine.length > 0 && gboOutbox.safe")
        page.reload()
        field = page.get_by_label(question("agreement.what").text, exact=True)
        field.wait_for()
        expect(field).to_have_value("Eerst dit, dan dat")
        page.locator(".gbo-field").get_by_text(said("field.kept"), exact=True).first.wait_for()
    assert kept_text(tmp_path / "work") == "Eerst dit, dan dat"
    page.errors.clear()


@pytest.mark.long
@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="this system cannot hold a process still")
def test_a_connection_that_hangs_is_said_and_the_text_follows_later(running, page, tmp_path):
    with table(running, page, tmp_path / "work") as server:
        field = agreement(page, server)
        server.process.send_signal(signal.SIGSTOP)
        field.press_sequentially("Getypt zonder verbinding")
        page.locator(".gbo-field").get_by_text(said("field.lost")).first.wait_for(timeout=20_000)
        server.process.send_signal(signal.SIGCONT)
        page.locator(".gbo-field").get_by_text(said("field.kept"), exact=True).first.wait_for()
    assert kept_text(tmp_path / "work") == "Getypt zonder verbinding"
    page.errors.clear()


def test_the_projector_shows_one_part_at_a_time_with_live_widgets(running, page, tmp_path):
    with table(running, page, tmp_path / "work") as server:
        page.goto(server.address.replace("0_start", "3_structure"))
        page.locator("body:not(.waiting) input[type=radio]").first.wait_for()  # without widgets it has fewer stops
        page.get_by_role("button", name=said("page.wall")).click()
        headings = page.locator("main :is(h1, h2, h3)").locator("visible=true")
        seen = [headings.all_inner_texts()]
        for _ in range(6):
            page.keyboard.press("PageDown")
            seen.append(headings.all_inner_texts())
        assert all(0 < len(texts) <= 2 for texts in seen[:3])
        assert len({str(texts) for texts in seen}) >= 4  # some steps go down to a widget of the same part
        while not page.locator("#wall-place").inner_text().startswith("1 /"):
            page.keyboard.press("ArrowLeft")
        card = page.locator("input[type=radio]").locator("visible=true").first
        card.check()
        page.get_by_role("button", name=str(Message("task.explain"))).click()
        page.locator(".gbo-note").first.wait_for()
        card.press("ArrowRight")  # moves the choice, not the page
        assert page.locator("#wall-place").inner_text().startswith("1 /")
        page.keyboard.press("Escape")
        assert len(headings.all_inner_texts()) > 6
        page.get_by_role("button", name=said("page.wall")).click()
        for _ in range(40):
            if "4_role" not in page.url:
                page.locator("#wall-next").click()
        page.wait_for_url("**/4_role.ipynb#wall")
        page.locator(".gbo-status").wait_for(state="attached")
