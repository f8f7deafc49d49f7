"""Papers and slides: all made, as many pages as meant, and nothing that people typed is read as code."""

import re
import time

import pytest

from workshop import open_session
from workshop.domain.network import Network, Organisation
from workshop.output.handouts import SHEETS, make_handouts
from workshop.output.slides import make_slides
from workshop.texts import Problem, load

HOSTILE = '#panic("x") $x^2$ *vet* [#read("/etc/passwd")] \\ " <script>alert(1)</script> 🙂 ' + "lang " * 40
A4, A4_WIDE, A3_WIDE = (595, 842), (842, 595), (1191, 842)
PAGES = {
    "run-sheet": (1, A4),
    "runbook": (range(10, 20), A4),
    "own-sheet": (2, A4),
    "network-cards": (1, A4),
    "partner-cards": (2, A4),
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
}


def pages(path):
    """Size of each page, in points, as the file itself says."""
    raw = path.read_bytes()
    assert raw.startswith(b"%PDF-") and raw.rstrip().endswith(b"%%EOF")
    boxes = re.findall(rb"/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)\s*\]", raw)
    return [(round(float(width)), round(float(height))) for width, height in boxes]


@pytest.mark.parametrize("code", ["nl", "en"])
def test_all_sheets(code, tmp_path):
    begun = time.monotonic()
    made = make_handouts(tmp_path / "papers", language=code)
    assert time.monotonic() - begun < 30
    assert {path.name for path in (tmp_path / "papers").iterdir()} == {f"{name}.pdf" for name in PAGES}
    assert [path.stem for path in made] == list(SHEETS)
    for path in made:
        wanted, size = PAGES[path.stem]
        found = pages(path)
        assert set(found) == {size}, path.name
        assert len(found) in wanted if isinstance(wanted, range) else len(found) == wanted, path.name


def test_sheets_that_the_runbook_names():
    named = {item["id"] for item in load("runbook.toml")["material"] if item.get("sheet")}
    assert named == set(SHEETS) - {"run-sheet", "runbook"}


def test_what_people_typed_is_only_text(tmp_path):
    session = open_session(store=tmp_path / "work", room="r", group="g")
    session.save("table-name", HOSTILE[:80])
    people = tuple(Organisation(f"o{n}", HOSTILE, HOSTILE[:60], "core" if n else None) for n in range(12))
    session.replace(network=Network(people, ()))
    session.save("note.run-sheet", {"variant": 120, "blocks": ["welcome", "agreement"]})
    made = make_handouts(tmp_path / "out", session=session)
    assert len(pages(made[list(SHEETS).index("partner-cards")])) == 1
    for name in ("task-cards", "map", "four-parts", "role-line", "forms", "agreement", "run-sheet"):
        assert len(pages(tmp_path / "out" / f"{name}.pdf")) == 1, name


def test_no_key_without_its_words(monkeypatch, tmp_path):
    import json

    from workshop.output import handouts, slides

    seen = []
    for module in (handouts, slides):
        monkeypatch.setattr(
            module, "write_pdfs", lambda folder, documents: seen.append(json.dumps(documents, default=str))
        )
    for code in ("nl", "en"):
        make_handouts(tmp_path, language=code)
        make_slides(tmp_path, language=code)
    assert len(seen) == 4
    named = [json.loads(content)[f"{name}.pdf"][1]["title"] for content in seen[::2] for name in SHEETS]
    assert len(set(named)) == len(named)  # each sheet has its own name, and none comes from what it is filled with
    for content in seen:
        assert not re.search(r"(handout|runbook|agreement|part|role|layer|sector)\.(?!pdf)[a-z_]+", content)
        assert "[nl]" not in content


def test_only_some(tmp_path):
    assert [path.name for path in make_handouts(tmp_path, only=["map"])] == ["map.pdf"]


def test_a_folder_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(Problem, match="niet schrijven"):
        make_handouts(tmp_path / "file" / "below", only=["map"])


def test_one_slide_for_each_slide_taught(tmp_path):
    assert [slide["id"] for slide in load("slides.toml")["slide"]] == [row["id"] for row in load("slides.csv")]
    for code in ("nl", "en"):
        (path,) = make_slides(tmp_path / code, language=code)
        found = pages(path)
        assert len(found) == 1 + len(load("slides.csv"))
        assert {round(width / height, 2) for width, height in found} == {1.78}
