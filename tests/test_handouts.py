"""Papers and slides: all made, as many pages as meant, and nothing that people typed is read as code."""

import json
import re
import shutil

import pytest

from workshop import open_session, texts
from workshop.domain import governance
from workshop.domain.network import Network, Organisation
from workshop.output import pdf
from workshop.output.handouts import SHEETS, make_handouts
from workshop.output.slides import make_slides
from workshop.texts import Message, Problem, data_root, in_language, load, message_keys

HOSTILE = '#panic("x") $x^2$ *vet* [#read("/etc/passwd")] \\ " <script>alert(1)</script> 🙂 ' + "lang " * 40
A4, A4_WIDE, A3_WIDE = (595, 842), (842, 595), (1191, 842)
PAGES = {
    "run-sheet": (1, A4),
    "runbook": (range(10, 25), A4),
    "own-sheet": (2, A4),
    "network-cards": (1, A4),
    "partner-cards": (range(1, 3), A4),
    "map": (1, A3_WIDE),
    "forms": (1, A4_WIDE),
    "four-parts": (1, A3_WIDE),
    "task-cards": (1, A4),
    "role-line": (1, A4_WIDE),
    "role-cards": (1, A4),
    "factor-cards": (2, A4),
    "situation-cards": (4, A4),
    "agreement": (1, A4),
    "glossary": (2, A4),
    "privacy": (1, A4),
    "evaluation": (1, A4),
    "role-play": (2, A4),
    "gbo": (1, A4),
    "attendance": (1, A4),
    "attest": (1, A4_WIDE),
    "aldermen": (1, A4),
    "return": (1, A4),
}
READ = ["forms.toml", "parts.toml", "roles.toml", "runbook.toml", "slides.toml", "handouts.toml"]
READ += [f"questions/{name}.toml" for name in ("opening", "factors", "own-form", "situations", "who-does-what")]
READ += ["texts/handouts.toml", "texts/field.toml", "glossary.csv", "partners.csv", "sources.csv"]


def pages(path):
    """Size of each page, in points, as the file itself says."""
    raw = path.read_bytes()
    assert raw.startswith(b"%PDF-") and raw.rstrip().endswith(b"%%EOF")
    boxes = re.findall(rb"/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)\s*\]", raw)
    return [(round(float(width)), round(float(height))) for width, height in boxes]


def file(name, code="nl"):
    with in_language(code):
        return f"{Message(f'handout.file.{name}')}.pdf"


def check(folder, code="nl"):
    assert {path.name for path in folder.iterdir()} == {file(name, code) for name in PAGES}
    for name, (wanted, size) in PAGES.items():
        found = pages(folder / file(name, code))
        assert set(found) == {size}, name
        assert len(found) in wanted if isinstance(wanted, range) else len(found) == wanted, name


def test_all_sheets(tmp_path):
    made = make_handouts(tmp_path / "papers")
    assert [path.name for path in made] == [file(name) for name in SHEETS]
    check(tmp_path / "papers")
    assert len(pages(tmp_path / "papers" / file("partner-cards"))) == 2
    assert {f"handout.sheet.{name}" for name in SHEETS} <= message_keys()


def test_what_people_typed_is_only_text_and_takes_no_extra_page(tmp_path):
    session = open_session(store=tmp_path / "work", room="r", group="g")
    session.save("table-name", HOSTILE[:80])
    people = tuple(Organisation(f"o{n}", HOSTILE, HOSTILE[:60], "core" if n else None) for n in range(12))
    session.replace(network=Network(people, ()))
    session.save("note.run-sheet", {"variant": 120, "blocks": ["welcome", "agreement", HOSTILE]})
    with in_language("en"):
        make_handouts(tmp_path / "out", session=session)
    check(tmp_path / "out", "en")
    assert len(pages(tmp_path / "out" / file("partner-cards", "en"))) == 1


UNFIT_RUN_SHEETS = [7, "x", [], {"variant": 7}, {"variant": [120], "blocks": []}, {"variant": 120, "blocks": 3}]


@pytest.mark.parametrize("kept", UNFIT_RUN_SHEETS, ids=str)
def test_answers_of_any_shape_stop_no_paper(tmp_path, kept):
    session = open_session(store=tmp_path / "work", room="r", group="g")
    for item in ("note.run-sheet", "table-name"):
        session.save(item, kept)
    usual = make_handouts(tmp_path / "usual", only=["run-sheet"])[0]
    assert pages(make_handouts(tmp_path, session=session, only=["run-sheet"])[0]) == pages(usual)


def test_sheets_that_the_runbook_names():
    named = {item["id"] for item in load("runbook.toml")["material"] if item.get("sheet")}
    assert named == set(SHEETS) - {"run-sheet", "runbook"}


@pytest.mark.parametrize("organisations, blank", [(28, 4), (29, 35), (31, 33), (32, 32), (33, 31), (64, 32)])
def test_there_are_always_blank_partner_cards(tmp_path, organisations, blank):
    import typst

    named = [{"name": f"Organisatie {n}", "sector": "", "layer": "core"} for n in range(organisations)]
    count = 'partners().filter(card => "lines" in card).len()'
    main = f'#import "cards.typ": partners\n#assert.eq({count}, {blank})'
    inputs = {"language": "nl", "sheet": "partner-cards", "session": json.dumps({"partners": named})}
    assert typst.compile(pdf.typst_files() | {"main.typ": main.encode()}, format="pdf", sys_inputs=inputs)


@pytest.mark.parametrize("code", ["nl", "en"])
def test_cards_of_a_block_are_called_as_that_block(code):
    """Cards to be laid on the role line are no role cards: those are in the role play."""
    with in_language(code):
        (block,) = [block for block in governance.table("runbook.toml")["block"] if block["id"] == "last-word"]
        (cards,) = [item for item in governance.table("runbook.toml")["material"] if item["id"] == "role-cards"]
        assert block["title"] in cards["name"]


@pytest.mark.parametrize("code", ["nl", "en"])
def test_paper_reads_the_same_data_as_the_pages(code):
    import typst

    with in_language(code):
        wanted = {name: governance.table(name) for name in READ}
    checks = [
        f'#assert.eq({"data" if name.endswith("toml") else "csv-rows"}("{name}"), wanted.at("{name}"))' for name in READ
    ]
    main = '#import "kit.typ": *\n#let wanted = json(bytes(sys.inputs.wanted))\n' + "\n".join(checks)
    inputs = {"language": code, "sheet": "map", "session": "{}", "wanted": json.dumps(wanted)}
    assert typst.compile(pdf.typst_files() | {"main.typ": main.encode()}, format="pdf", sys_inputs=inputs)


def test_data_that_excel_or_a_notepad_saved_in_its_own_way(tmp_path, monkeypatch):
    shutil.copytree(data_root(), tmp_path / "data")
    one_partner = "id,name_nl,name_en,sector,layer\nx,Vzw Één,Eén,welfare,core\n"
    (tmp_path / "data/partners.csv").write_bytes(one_partner.encode("cp1252"))
    for name in ("texts/handouts.toml", "sectors.csv"):
        path = tmp_path / "data" / name
        path.write_bytes(b"\xef\xbb\xbf" + path.read_text("utf-8-sig").encode())
    monkeypatch.setattr(texts, "data_root", lambda: tmp_path / "data")
    assert len(pages(make_handouts(tmp_path / "out", only=["partner-cards"])[0])) == 1


def test_a_paper_that_cannot_be_made_is_named_and_the_others_are_made(tmp_path, monkeypatch):
    shutil.copytree(data_root(), tmp_path / "data")
    with (tmp_path / "data/partners.csv").open("a", encoding="utf-8") as file_of_partners:
        file_of_partners.write("ours;Ons huis\n")
    monkeypatch.setattr(texts, "data_root", lambda: tmp_path / "data")
    with pytest.raises(Problem) as problem:
        make_handouts(tmp_path / "out", only=["partner-cards", "map", "gbo"])
    told = problem.value.message
    assert told.key == "handout.not_made" and told.values["names"] == [file("partner-cards")]
    assert "data/partners.csv" in told.values["why"]
    assert {path.name for path in (tmp_path / "out").iterdir()} == {file("map"), file("gbo")}


def test_a_folder_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(Problem) as problem:
        make_handouts(tmp_path / "file" / "below", only=["map"])
    assert problem.value.message.key == "handout.not_written"


@pytest.mark.parametrize("code", ["nl", "en"])
def test_one_slide_for_each_slide_taught(tmp_path, code):
    assert [slide["id"] for slide in load("slides.toml")["slide"]] == [row["id"] for row in load("slides.csv")]
    with in_language(code):
        (path,) = make_slides(tmp_path)
    found = pages(path)
    assert len(found) == 1 + len(load("slides.csv"))
    assert {round(width / height, 2) for width, height in found} == {1.78}
