"""A table's whole session in a real browser: from the first page to its report, and nothing typed is ever lost."""

import os
import re
import signal
from contextlib import contextmanager
from pathlib import Path

import pytest

from workshop.session import open_session
from workshop.texts import Message

pytestmark = [pytest.mark.browser, pytest.mark.slow]
INDIANA = Path(__file__).parents[2] / "shared" / "data" / "indiana-tobacco-control"


@contextmanager
def table(running, page, work, *more):
    """A server, and a page that is left before the server stops."""
    with running(work, *more) as server:
        yield server
        page.goto("about:blank")


def go(page, name):
    """Follow the link at the foot of a page, as a person does."""
    page.get_by_role("link", name=name).last.click()
    page.wait_for_load_state()
    page.locator(".gbo-status").wait_for()


def write(page, label, text):
    field = page.get_by_label(label, exact=True)
    field.fill(text)
    field.blur()
    page.locator(".gbo-field", has=field).get_by_text("Bewaard.", exact=True).wait_for()


def pick(page, row, column, *, nth=0):
    page.get_by_label(f"{row} – {column}", exact=True).nth(nth).check()


def start(page, server, name="De pioniers"):
    page.goto(server.address)
    page.locator(".gbo-status").wait_for()
    write(page, "Hoe heet jullie tafel?", name)
    page.get_by_text(f"Tafel: {name}").wait_for()


def finish(page, folder):
    """Pages 4 and 5: factors, agreement, report; the report's text."""
    go(page, re.compile("De rol van de coördinator"))
    table = page.locator(".gbo-grid", has=page.get_by_text("Hoe is het in jullie netwerk?"))
    table.locator("input[type=radio]").first.check()
    table.locator(".gbo-note").first.wait_for()
    go(page, re.compile("Onze afspraak"))
    write(page, "Wat spreken we af?", "We bellen elkaar <b>elke</b> maand")
    write(page, "Wie zorgt ervoor?", "de coördinator")
    write(page, "Tegen wanneer?", "15/1/2027")
    page.get_by_role("button", name="Maak ons verslag", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download het verslag").first.click()
    path = folder / "report.html"
    download.value.save_as(path)
    return path.read_text(encoding="utf-8")


def test_from_the_first_page_to_the_report_on_a_real_network(running, page, tmp_path):
    if not INDIANA.is_dir():
        pytest.skip("the Indiana files are not beside this project")
    with table(running, page, tmp_path / "work") as server:
        start(page, server)
        go(page, re.compile("Ons netwerk"))
        page.get_by_role("button", name=re.compile("Hebben jullie al een bestand")).click()
        with page.expect_file_chooser() as chooser:
            page.get_by_role("button", name=re.compile("Kies een bestand")).click()
        chooser.value.set_files([INDIANA / "organisations.csv", INDIANA / "ties.csv"])
        page.get_by_text(re.compile("De kit las 25 organisaties")).wait_for()
        page.get_by_role("button", name="Gebruik dit netwerk").click()
        page.locator(".gbo-map-told").get_by_text("van de 300").first.wait_for()
        assert page.locator(".gbo-map-node").count() == 25
        go(page, re.compile("Drie vormen"))
        page.get_by_role("button", name=str(Message("task.show"))).click()
        pick(page, "Vertrouwen", "Zelfsturend netwerk")
        go(page, re.compile("De structuur"))
        page.locator(".gbo-board").get_by_text("ITPC").first.wait_for()
        report = finish(page, tmp_path)
    assert "ITPC" in report and "25" in report and "van de 300" in report
    assert "&lt;b&gt;elke&lt;/b&gt;" in report and "<b>elke" not in report and "15/01/2027" in report
    kept = open_session(store=tmp_path / "work")
    assert len(kept.network.organisations) == 25 and kept.lead and kept.network.name(kept.lead) == "ITPC"
    assert len(kept.network.pairs("contact")) == 175


def test_from_the_first_page_to_the_report_on_a_network_typed_by_hand(running, page, tmp_path):
    with table(running, page, tmp_path / "work") as server:
        start(page, server, "Tafel <script>alert(1)</script>")
        go(page, re.compile("Ons netwerk"))
        field = page.get_by_label("Typ een organisatie, of nummers voor lijnen")
        for number, name in enumerate(
            ("OCMW Meerlo", "CAW De Brug", "Inloophuis Zoë", "<img src=x onerror=alert(1)>"), 1
        ):
            field.fill(name)
            field.press("Enter")
            page.locator(".gbo-map-node").nth(number - 1).wait_for()
        for line in ("1 2 3", "2 3"):
            field.fill(line)
            field.press("Enter")
        page.locator(".gbo-map-told").get_by_text("3 van de 6").first.wait_for()
        go(page, re.compile("Drie vormen"))
        go(page, re.compile("De structuur"))
        report = finish(page, tmp_path)
    assert "Inloophuis Zoë" in report and "<img src=x" not in report and "<script" not in report
    kept = open_session(store=tmp_path / "work")
    assert len(kept.network.organisations) == 4 and len(kept.network.ties) == 3


def agreement(page, server):
    page.goto(server.address.replace("0_start", "5_agreement"))
    field = page.get_by_label("Wat spreken we af?", exact=True)
    field.wait_for()
    return field


def kept_text(work):
    return open_session(store=work).store.get("agreement.what")


def test_a_server_killed_while_typing_loses_nothing(running, page, tmp_path):
    from playwright.sync_api import expect

    work = tmp_path / "work"
    with running(work) as server:
        agreement(page, server).press_sequentially("We bellen elkaar elke maand, ook in de zomer", delay=5)
        os.kill(server.process.pid, signal.SIGKILL)
        server.process.wait(10)
        port = server.origin.rpartition(":")[2]
        page.get_by_label("Wat spreken we af?", exact=True).press_sequentially(" en met Kerstmis", delay=5)
    text = "We bellen elkaar elke maand, ook in de zomer en met Kerstmis"
    with table(running, page, work, "--port", port) as server:
        field = agreement(page, server)
        expect(field).to_have_value(text)
        page.locator(".gbo-field").get_by_text("Bewaard.", exact=True).first.wait_for()
    assert kept_text(work) == text
    page.errors.clear()  # the browser said that the connection was lost, and rightly so


def test_a_page_reloaded_while_typing_loses_nothing(running, page, tmp_path):
    from playwright.sync_api import expect

    with table(running, page, tmp_path / "work") as server:
        agreement(page, server).press_sequentially("Nog niet bewaard, wel getypt", delay=5)
        page.reload()
        field = page.get_by_label("Wat spreken we af?", exact=True)
        field.wait_for()
        expect(field).to_have_value("Nog niet bewaard, wel getypt")
        page.wait_for_function("async () => (await gboOutbox.read()).length === 0")
    assert kept_text(tmp_path / "work") == "Nog niet bewaard, wel getypt"
    page.errors.clear()


def test_a_kernel_that_dies_is_said_and_a_reload_brings_all_back(running, page, tmp_path):
    from playwright.sync_api import expect

    with table(running, page, tmp_path / "work") as server:
        field = agreement(page, server)
        field.press_sequentially("Eerst dit")
        page.locator(".gbo-field").get_by_text("Bewaard.", exact=True).first.wait_for()
        for kernel in server.kernels():
            kernel.kill()
        field.press_sequentially(", dan dat")
        page.wait_for_timeout(500)
        page.reload()
        field = page.get_by_label("Wat spreken we af?", exact=True)
        field.wait_for()
        expect(field).to_have_value("Eerst dit, dan dat")
        page.locator(".gbo-field").get_by_text("Bewaard.", exact=True).first.wait_for()
    assert kept_text(tmp_path / "work") == "Eerst dit, dan dat"
    page.errors.clear()


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="this system cannot hold a process still")
def test_a_connection_that_hangs_is_said_and_the_text_follows_later(running, page, tmp_path):
    with table(running, page, tmp_path / "work") as server:
        field = agreement(page, server)
        server.process.send_signal(signal.SIGSTOP)
        field.press_sequentially("Getypt zonder verbinding")
        page.locator(".gbo-field").get_by_text("Geen verbinding").first.wait_for(timeout=20_000)
        server.process.send_signal(signal.SIGCONT)
        page.locator(".gbo-field").get_by_text("Bewaard.", exact=True).first.wait_for()
    assert kept_text(tmp_path / "work") == "Getypt zonder verbinding"
    page.errors.clear()


def test_the_projector_shows_one_part_at_a_time_with_live_widgets(running, page, tmp_path):
    with table(running, page, tmp_path / "work") as server:
        page.goto(server.address.replace("0_start", "3_structure"))
        page.locator("body:not(.waiting)").wait_for()
        page.get_by_role("button", name="Toon op de projector").click()
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
        page.get_by_role("button", name=str(Message("task.show_source"))).click()
        page.locator(".gbo-note").first.wait_for()
        card.press("ArrowRight")  # moves the choice, not the page
        assert page.locator("#wall-place").inner_text().startswith("1 /")
        page.keyboard.press("Escape")
        assert len(headings.all_inner_texts()) > 6
        page.get_by_role("button", name="Toon op de projector").click()
        for _ in range(40):
            if "4_role" not in page.url:
                page.locator("#wall-next").click()
        page.wait_for_url("**/4_role.ipynb#wall")
        page.locator(".gbo-status").wait_for(state="attached")
