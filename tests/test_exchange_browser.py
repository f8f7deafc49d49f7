"""Files that are chosen, or dropped on the map: large ones arrive, and what is too large is said before it is sent."""

import io
import zipfile

import pytest

from workshop.texts import Message

pytestmark = pytest.mark.browser
TIES = [["van", "naar"], ["Werk", "Wonen"], ["Wonen", "Zorg"]]
DROP = """([text, name]) => {
  const files = new DataTransfer();
  files.items.add(new File([text], name));
  const target = document.querySelector(".gbo-map") ?? document.body;
  for (const type of ["dragover", "drop"]) {
    target.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: files }));
  }
}"""


def heavy_workbook(megabytes):
    """A workbook with photos in it, as people bring them."""
    from openpyxl import Workbook

    book = Workbook()
    for row in TIES:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    with zipfile.ZipFile(content, "a") as archive:
        archive.writestr("xl/media/image1.jpeg", b"\xff\xd8\xff" + bytes(megabytes * 10**6))
    return content.getvalue()


@pytest.fixture
def network_page(running, page, tmp_path):
    with running(tmp_path / "work") as server:
        page.goto(server.address.replace("0_start", "1_network"))
        page.locator(".gbo-upload button").wait_for()
        yield page
        page.goto("about:blank")


@pytest.mark.long
def test_large_files_arrive_and_larger_ones_are_refused_before_they_are_sent(network_page, tmp_path):
    page = network_page
    for megabytes in (12, 21):
        (tmp_path / f"{megabytes}.xlsx").write_bytes(heavy_workbook(megabytes))
    chosen = page.locator(".gbo-upload input[type=file]")
    chosen.set_input_files(tmp_path / "21.xlsx")
    page.get_by_text(str(Message("import.fault.too_big", name="21.xlsx", limit=20))).wait_for()
    chosen.set_input_files(tmp_path / "12.xlsx")
    page.get_by_text(str(Message("source.read", organisations=3, ties=2))).wait_for(timeout=60_000)


def test_a_file_dropped_on_the_map_is_shown_and_the_page_stays(network_page):
    page = network_page
    address = page.url
    page.evaluate(DROP, ["van;naar\nWerk;Wonen\n", "banden.csv"])
    page.get_by_text(str(Message("source.read", organisations=2, ties=1))).wait_for()
    assert page.url == address
    page.evaluate(DROP, ['{"nodes": []}', "kaart.json"])
    page.get_by_text(str(Message("import.refuse.json", name="kaart.json"))).wait_for()
