"""Pages and exercises in both languages: what stands on them, and that they open on a full store.

On an empty one they run as part of the plain test run, and in a browser in `test_server`.
"""

import json
import os
import re
import warnings
from itertools import pairwise
from pathlib import Path

import pytest
import twins
from twins import notebook

from workshop.domain.governance import table
from workshop.texts import Message, in_language, load

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted((ROOT / "notebooks/nl").glob("[0-9]_*.ipynb"))
EXERCISES = sorted((ROOT / "exercises/nl").glob("*.ipynb"))
WITHOUT_CODE = [*PAGES, *(path for path in EXERCISES if not path.stem.startswith("deeper_"))]
ALL = [*PAGES, *EXERCISES]
ENGLISH = {path: twins.twin(path) for path in twins.DUTCH}
SLIDES = ROOT.parent / "shared/seed/slides-nl.txt"
TITLES = ("The governance of local networks in the fight against child poverty",)
CORE_MINUTES = 110
LABELS = {"nl": ("Kern", "Extra", "minu(?:ut|ten)"), "en": ("Core", "Extra", "minutes?")}
by_name = {"ids": lambda path: f"{path.parent.name}-{path.stem}"}


def both(paths):
    return [*paths, *map(ENGLISH.get, paths)]


def cells(path, kind):
    return [{**cell, "text": "".join(cell["source"])} for cell in notebook(path)["cells"] if cell["cell_type"] == kind]


def prose(path):
    return "\n\n".join(cell["text"] for cell in cells(path, "markdown"))


def tag(cell):
    return next((name for name in cell["metadata"].get("tags", ()) if name in ("core", "extra")), None)


def test_all_pages_are_there():
    assert [path.stem for path in PAGES] == ["0_start", "1_network", "2_forms", "3_structure", "4_role", "5_agreement"]
    assert {"0_course", "is_a_network", "self_test", "deeper_knoke"} <= {path.stem for path in EXERCISES}


@pytest.mark.parametrize("slide", load("slides.csv"), ids=lambda slide: slide["id"])
def test_every_slide_has_its_cell(slide):
    text = {cell["id"]: cell["text"] for cell in cells(ROOT / "notebooks/nl" / f"{slide['place']}.ipynb", "markdown")}
    assert len(text[slide["cell"]].split()) >= 20


@pytest.mark.parametrize("path", twins.DUTCH, **by_name)
def test_each_has_its_english_twin(path):
    missing, older = twins.faults(path)
    assert not missing
    assert not older or os.environ.get("CI") != "true", older
    for line in older:
        warnings.warn(f"{line}; see tests/twins.py", stacklevel=1)


def test_a_twin_that_fell_behind_is_found(tmp_path):
    dutch, english = (tmp_path / "notebooks" / code / "page.ipynb" for code in ("nl", "en"))

    def write(path, *sources, **more):
        cells = [{"cell_type": kind, "id": kind, "metadata": {}, "source": [text]} for kind, text in sources]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"cells": cells, "metadata": {"language": path.parent.name, **more}}))

    write(dutch, ("markdown", "Dag"), ("code", "say(f'Dag {name}: {n}', 1)  # groet"))
    assert twins.faults(dutch) == (["notebooks/en/page.ipynb: not there"], [])
    write(english, ("markdown", "Hello"), ("code", "say(f'{n}: hello {name}', 1)  # greet"))
    assert [line.rpartition(": ")[2] for line in twins.faults(dutch)[0]] == ["no stamp", "no stamp"]
    twins.stamp(english)
    assert twins.faults(dutch) == ([], [])
    write(dutch, ("markdown", "Hallo"), ("code", "say(f'Dag {name}: {n}', 1)  # groet"))
    assert twins.faults(dutch) == ([], ["notebooks/en/page.ipynb, markdown: made from an older Dutch text"])
    for code in ("say(f'{n}: hello {name}', 2)", "say(f'hello {name}', 1)", "say(f'{n}: hello {name}', 1) ### END"):
        write(english, ("markdown", "Hello"), ("code", code))
        twins.stamp(english)
        assert twins.faults(dutch) == (["notebooks/en/page.ipynb, code: other code or metadata"], [])
    write(english, ("markdown", "Hello"))
    assert "cells ['markdown']" in twins.faults(dutch)[0][0]


@pytest.mark.parametrize("path", both(ALL), **by_name)
def test_kept_without_output_and_in_good_form(path):
    import nbformat

    content = notebook(path)
    nbformat.validate(content)
    assert (content["nbformat"], content["nbformat_minor"]) == (4, 5)
    assert content["metadata"]["kernelspec"]["name"] == "python3"
    assert content["metadata"]["language"] == path.parent.name
    assert 8 <= len(content["cells"]) <= 20
    ids = [cell["id"] for cell in content["cells"]]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z][a-z0-9-]+", id) for id in ids)
    for cell in cells(path, "code"):
        assert cell["outputs"] == [] and cell["execution_count"] is None


@pytest.mark.parametrize("path", WITHOUT_CODE, **by_name)
def test_code_is_short_hidden_and_fit_for_the_small_page(path):
    code = cells(path, "code")
    assert [cell["id"] for cell in notebook(path)["cells"]][:2] == ["setup", "header"]
    for cell in code:
        assert "hide-input" in cell["metadata"]["tags"]
        assert cell["metadata"]["jupyter"]["source_hidden"] is True
        assert 1 <= len([line for line in cell["text"].splitlines() if line.strip()]) <= 3
        assert not re.search(r"^\s*[%!]|Output\(|interact|matplotlib|IPython", cell["text"], re.MULTILINE)


@pytest.mark.parametrize("path", both(ALL), **by_name)
def test_headings(path):
    levels = [len(marks) for marks in re.findall(r"^(#+) ", prose(path), re.MULTILINE)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("path", both(WITHOUT_CODE), **by_name)
def test_each_task_says_how_long_it_takes(path):
    core, extra, minutes = LABELS[path.parent.name]
    tasks = [cell for cell in cells(path, "markdown") if re.search(r"^## ", cell["text"], re.MULTILINE)]
    assert tasks and tasks == [cell for cell in cells(path, "markdown") if tag(cell)]
    for cell in tasks:
        shown = re.search(rf"^\*\*({core}|{extra}) · (\d+) {minutes}\*\* · ", cell["text"], re.MULTILINE)
        assert ({core: "core", extra: "extra"}[shown[1]], int(shown[2])) == (tag(cell), cell["metadata"]["minutes"])


def test_core_tasks_leave_time_to_spare():
    minutes = sum(
        cell["metadata"]["minutes"] for path in PAGES for cell in cells(path, "markdown") if tag(cell) == "core"
    )
    assert 80 <= minutes <= CORE_MINUTES


def test_tasks_are_core_where_the_data_say_so():
    seen, latest = {}, None
    for path in PAGES:
        for cell in notebook(path)["cells"]:
            latest = tag(cell) if cell["cell_type"] == "markdown" and tag(cell) else latest
            for name in re.findall(r'Task(?:\(session)?, "([a-z-]+)"\)', "".join(cell["source"])):
                seen[name] = latest
    assert set(seen) == {"is-a-network", "needs", "who-does-what", "poles"}
    assert seen == {name: "core" if load(f"questions/{name}.toml")["core"] else "extra" for name in seen}


@pytest.mark.parametrize("path", both(ALL), **by_name)
def test_links_lead_somewhere(path):
    links = re.findall(r"\]\(([^)\s]+)\)", prose(path))
    assert links
    assert not re.search(rf"(exercises|notebooks)/(?!{path.parent.name}/)\w\w/", prose(path))
    terms = {f"#term-{row['id']}" for row in load("glossary.csv")}
    for link in links:
        if link.startswith("#"):
            assert link in terms, link
            continue
        assert link.endswith(".ipynb") and (path.parent / link).is_file(), link


@pytest.mark.parametrize("code", ["nl", "en"])
def test_pages_follow_each_other_and_lead_to_the_exercises(code):
    folder = ROOT / "exercises" / code
    pages = sorted((ROOT / "notebooks" / code).glob("[0-9]_*.ipynb"))
    for before, after in pairwise(pages):
        assert f"({after.name})" in cells(before, "markdown")[-1]["text"]
        assert f"({before.name})" in cells(after, "markdown")[-1]["text"]
    linked = set(re.findall(rf"\(\.\./\.\./exercises/{code}/(\w+\.ipynb)\)", "".join(map(prose, pages))))
    assert "0_course.ipynb" in linked and len(linked) >= 7
    course = set(re.findall(r"\]\((\w+\.ipynb)\)", prose(folder / "0_course.ipynb")))
    assert {path.name for path in folder.glob("*.ipynb")} - course == {"0_course.ipynb"}


@pytest.mark.parametrize("path", both(WITHOUT_CODE), **by_name)
def test_no_page_says_to_type_what_only_some_can_type(path):
    """Whoever started by a double-click has no `uv` to type."""
    assert "uv run" not in prose(path)


@pytest.mark.parametrize("code", ["nl", "en"])
def test_whoever_presses_a_seat_reads_it_is_said_where_privacy_is_promised(code):
    with in_language(code):
        sheet = str(Message("handout.sheet.own-sheet")).lower()
        promised = [
            str(Message("reflection.private")),
            " ".join(row["sees"] for row in table("handouts.toml")["privacy"]),
        ]
        site = str(Message("site.prose.0_start.kept"))
        promised += [" ".join(text["lines"]) for text in table("runbook.toml")["text"] if text["id"] == "privacy"]
    pages = cells(ROOT / f"notebooks/{code}/0_start.ipynb", "markdown")
    (start,) = [cell["text"] for cell in pages if cell["id"] == "kept"]
    for text in (*promised, start, site):
        assert sheet in text.lower(), text
    assert "laptop" not in points(start)[0], "at a table in a room, answers are on the trainer's"
    assert points(start)[1:] == points(site)[1:], "the site says the same, but for where answers are kept"


def points(text):
    return re.findall(r"^- .*", text, re.MULTILINE)


def runs(text, length=8):
    words = re.findall(r"[^\W_]+", text.lower())
    return {" ".join(words[start : start + length]) for start in range(len(words) - length + 1)}


@pytest.mark.skipif(not SLIDES.is_file(), reason="the slides that the kit is made for are not part of the repository")
def test_own_words():
    taken = runs(SLIDES.read_text(encoding="utf-8"))
    assert len(taken) > 100
    for path in ALL:
        text = prose(path)
        for title in TITLES:
            text = text.replace(title, "")
        assert not runs(text) & taken, path.name


def kept(folder):
    return {path: path.read_bytes() for path in Path(folder).rglob("*.jsonl")}


@pytest.mark.parametrize("seat", [None, "seat-1"])
@pytest.mark.parametrize("path", WITHOUT_CODE, **by_name)
def test_opening_a_page_fails_nowhere_and_writes_nothing(path, seat, filled_folder, monkeypatch):
    monkeypatch.chdir(path.parent)
    monkeypatch.setenv("WORKSHOP_WORK", str(filled_folder))
    for variable in ("ROOM", "GROUP", "LANGUAGE"):
        monkeypatch.delenv(f"WORKSHOP_{variable}", raising=False)
    monkeypatch.setenv("WORKSHOP_PERSON", seat or "")
    before, names = kept(filled_folder), {}
    for cell in cells(path, "code"):
        exec(compile(cell["text"], f"{path.name}:{cell['id']}", "exec"), names)
    assert names["session"].network.organisations and names["session"].failures == []
    assert kept(filled_folder) == before
