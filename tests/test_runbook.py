"""The run sheet: one table of blocks, in step with the pages, in both languages, and ticked without code."""

import json
from datetime import time
from pathlib import Path

import pytest

from workshop import open_session
from workshop.domain import runbook
from workshop.texts import in_language, load
from workshop.widgets.trainer import Papers, Runbook, RunSheet

ROOT = Path(__file__).resolve().parent.parent
BLOCKS = load("runbook.toml")["block"]


def tagged_cells(page, tag):
    cells = json.loads((ROOT / f"notebooks/nl/{page}.ipynb").read_text(encoding="utf-8"))["cells"]
    return {cell["id"]: cell["metadata"]["minutes"] for cell in cells if tag in cell["metadata"].get("tags", ())}


PAGES = sorted(path.stem for path in (ROOT / "notebooks/nl").glob("[0-9]_*.ipynb"))


@pytest.mark.parametrize("variant", runbook.variants())
def test_each_variant_lasts_as_long_as_it_says(variant):
    planned = runbook.plan(runbook.blocks_of(variant), variant)
    assert sum(item.minutes for item in planned) == variant
    assert {block["id"] for block in BLOCKS if block["core"]} <= {item.block["id"] for item in planned}
    ends = [0, *(item.start + item.minutes for item in planned)]
    assert [item.start for item in planned] == ends[:-1]


def test_core_blocks_leave_time_to_spare():
    for place in range(3):
        assert sum(block["minutes"][place] for block in BLOCKS if block["core"]) <= 110


def test_a_core_block_is_played_minute_by_minute():
    """What five tables of five do in a block fills its minutes, whatever the length of the session."""
    for block in runbook.runbook()["block"]:
        assert all(step["by"] in runbook.DOING and step["min"] > 0 for step in block["steps"])
        if block["core"] or block["steps"]:
            assert {sum(step["min"] for step in block["steps"])} == set(block["minutes"]), block["id"]
    played = runbook.played(120)
    assert sum(planned.minutes for planned, _ in played) == 120
    by = dict(zip(runbook.DOING, map(sum, zip(*(each for _, each in played), strict=True)), strict=True))
    assert by["trainer"] <= 15 and by["table"] > 60  # a trainer who talks longer takes it from the tables


def test_core_blocks_are_the_core_tasks_of_the_pages():
    cells = [(block["page"], cell) for block in BLOCKS if block["core"] for cell in block["cells"]]
    assert sorted(cells) == sorted((page, id) for page in PAGES for id in tagged_cells(page, "core"))
    for block in BLOCKS:
        if block["core"]:
            minutes = tagged_cells(block["page"], "core")
            assert block["minutes"][0] == sum(minutes[cell] for cell in block["cells"]), block["id"]
        else:
            assert all(cell in tagged_cells(block["page"], "extra") for cell in block["cells"])
            assert block["usual"] > 0


def test_blocks_follow_the_pages():
    order = [PAGES.index(block["page"]) for block in BLOCKS if block["page"]]
    assert order == sorted(order)


def test_each_block_has_what_a_trainer_needs():
    known = {item["id"] for item in load("runbook.toml")["material"]}
    for block in BLOCKS:
        assert set(block["materials"]) <= known
        assert block["do"] and block["key"] and block["short"]
        if block["core"]:
            assert block["say"] and block["debrief"]
    with_task = [block for block in runbook.runbook()["block"] if "task" in block or "from" in block]
    assert len(with_task) >= 6 and all(runbook.worked_answers(block) for block in with_task)


# -- the trainer's page -----------------------------------------------------------------------------------------------


@pytest.fixture
def session(tmp_path):
    return open_session(store=tmp_path, room="r", group="g")


def rows(view):
    return {row["id"]: row["cells"] for row in view.grid.rows}


def test_ticking_gives_minutes(session):
    view = RunSheet(session)
    assert "150" in view.total.value and rows(view)["agreement"]["start"] == "2:17"
    view.grid._on_edit("gallery", "chosen", False)
    assert "140" in view.total.value and "10" in view.total.value
    assert rows(view)["agreement"]["start"] == "2:07" and "start" not in rows(view)["gallery"]
    assert rows(view)["gallery"]["minutes"] == "(10)"  # what it would take
    view.grid._on_edit("count-lines", "chosen", True)
    assert rows(view)["count-lines"]["minutes"] == 6 and rows(view)["agreement"]["start"] == "2:13"
    view.grid._on_edit("map", "chosen", False)
    assert "Breng jullie netwerk in beeld" in view.total.value
    assert rows(RunSheet(open_session(store=session.work, room="r", group="g"))) == rows(view)
    assert not session.failures


def test_a_length_and_a_clock(session):
    view = RunSheet(session)
    view.children[1].children[0].click()
    assert sum(cells["minutes"] for cells in rows(view).values() if cells["chosen"]) == 120
    view.begins.value = time(9, 30)
    assert rows(view)["welcome"]["start"] == "09:30" and "11:30" in view.total.value
    assert not session.failures


@pytest.mark.parametrize("code", ["nl", "en"])
def test_runbook_on_the_screen(session, code):
    with in_language(code):
        shown = "".join(Runbook(session, moment).children[0].value for moment in (None, "before", "during", "after"))
    book = load("runbook.toml")
    assert shown.count("<details>") == len(book["block"]) + len(book["text"])
    assert "[nl]" not in shown and "**" not in shown


def test_papers_are_made_in_the_work_folder(session):
    view = Papers(session, lambda folder, session: [folder / "a.pdf"])
    view.children[0].click()
    assert str(session.work / "handouts") in view.result.value and not session.failures


def test_trainer_page():
    content = json.loads((ROOT / "notebooks/nl/trainer.ipynb").read_text(encoding="utf-8"))
    cells = content["cells"]
    assert [cell["id"] for cell in cells][:2] == ["setup", "header"]
    assert 8 <= len(cells) <= 20
    for cell in cells:
        if cell["cell_type"] == "code":
            assert cell["outputs"] == [] and "hide-input" in cell["metadata"]["tags"]
            assert len([line for line in cell["source"] if line.strip()]) <= 3
