"""The run sheet: one table of blocks, in step with the pages, in both languages, and ticked without code."""

import json
import re
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from viewing import press, said, shown

from workshop import open_session
from workshop.answers.batches import batches
from workshop.answers.store import NotKept
from workshop.domain import runbook
from workshop.domain.questions import register
from workshop.output.handouts import SHEETS
from workshop.texts import Message, in_language, load
from workshop.widgets.trainer import Papers, Promised, Runbook, RunClock, RunSheet

ROOT = Path(__file__).resolve().parent.parent
BLOCKS = load("runbook.toml")["block"]


def tagged_cells(page, tag):
    cells = json.loads((ROOT / f"notebooks/nl/{page}.ipynb").read_text(encoding="utf-8"))["cells"]
    return {cell["id"]: cell["metadata"]["minutes"] for cell in cells if tag in cell["metadata"].get("tags", ())}


PAGES = sorted(path.stem for path in (ROOT / "notebooks/nl").glob("[0-9]_*.ipynb"))


STANDARD = runbook.variants().index(runbook.standard())


def played(variant=None):
    return runbook.plan(runbook.blocks_of(variant or runbook.standard()), variant or runbook.standard())


def steps(variant=None):
    return [(item.block, step) for item in played(variant) for step in item.block["steps"]]


@pytest.mark.parametrize("variant", runbook.variants())
def test_each_variant_lasts_as_long_as_it_says(variant):
    planned = played(variant)
    assert sum(item.minutes for item in planned) == variant
    ends = [0, *(item.start + item.minutes for item in planned)]
    assert [item.start for item in planned] == ends[:-1]
    core = {block["id"] for block in BLOCKS if block["core"]}
    shown = {item.block["id"] for item in planned}
    assert core <= shown or variant < runbook.standard()


def test_an_hour_holds_map_structure_and_agreement():
    assert {"map", "structure", "agreement"} <= set(runbook.blocks_of(60)) and runbook.variants() == (60, 120, 150, 180)


@pytest.mark.parametrize("variant", runbook.variants())
def test_few_core_blocks_leave_time_to_spare(variant):
    place = runbook.variants().index(variant)
    core = [block["minutes"][place] for block in BLOCKS if block["core"]]
    assert len([minutes for minutes in core if minutes]) <= 12
    assert sum(core) <= 110


def test_a_core_block_is_played_minute_by_minute():
    """What five tables of five do in a block fills its minutes, whatever the length of the session."""
    for block in runbook.runbook()["block"]:
        assert all(step["by"] in runbook.DOING and step["min"] > 0 for step in block["steps"])
        if block["core"] or block["steps"]:
            assert {sum(step["min"] for step in block["steps"])} == set(block["minutes"]) - {0}, block["id"]


@pytest.mark.parametrize("variant", runbook.variants())
def test_minutes_for_each_way_of_working(variant):
    """A trainer who talks longer takes it from the tables; what tables found is talked over by the whole room."""
    ways = runbook.ways(played(variant))
    assert sum(ways.values()) == sum(item.minutes for item in played(variant) if item.block["steps"])
    assert ways["trainer"] <= 15 and ways["table"] > 2 * ways["trainer"]
    if variant >= runbook.standard():
        assert ways["room"] >= 14 and ways["alone"] >= 8
    print(variant, ways)


def test_the_whole_room_talks_about_map_forms_structure_and_factors():
    told = {block["id"] for block, step in steps() if step["by"] == "room"}
    assert {"two-maps", "forms", "structure", "balance", "roles", "factors", "agreement"} <= told


def test_every_slide_is_shown_and_put_in_the_standard_length():
    """A slide belongs to a block of the page where its cell stands."""
    pages = {row["id"]: row["place"] for row in load("slides.csv")}
    shown = [(id, block["page"]) for block, step in steps() for id in step.get("slides", ())]
    assert sorted(shown) == sorted(pages.items())
    with_question = {slide["id"] for slide in load("slides.toml")["slide"] if "ask" in slide}
    assert with_question <= {id for id, _ in shown}
    assert all(len(step["label"].split()) > 12 for _, step in steps() if "slides" in step)
    assert all("asks" in step for _, step in steps() if set(step.get("slides", ())) & {"reflection-1", "reflection-2"})


def test_all_reflection_questions_and_both_conclusions_are_put():
    asked = [id for _, step in steps() for id in step.get("asks", ())]
    assert set(asked) == {
        entry.id for entry in register() if entry.set.startswith("reflection-") and entry.more.get("step") == "alone"
    }
    for question in set(asked):
        assert {step["by"] for _, step in steps() if question in step.get("asks", ())} == {"alone", "room"}
    assert {"balance", "conclusions"} <= {id for _, step in steps() for id in step.get("slides", ())}


def test_nadia_comes_back():
    for code in ("nl", "en"):
        with in_language(code):
            told = {block["id"] for block in runbook.runbook()["block"] if "Nadia" in " ".join(block["do"])}
        assert {"welcome", "read", "structure", "agreement"} <= told


def test_nobody_judges_the_own_coordinator():
    for name in ("data/runbook.toml", "data/texts/handouts.toml"):
        said = (ROOT / name).read_text(encoding="utf-8")
        assert not re.search(r"waar jullie (eigen )?coördinator|tegen je coördinator|onze coördinator, en ziet", said)


def text_of(id):
    return next(text for text in runbook.runbook()["text"] if text["id"] == id)["lines"]


def figures(text):
    return [int(found) for found in re.findall(r"\d+", text)]


@pytest.mark.parametrize("code", ["nl", "en"])
def test_what_a_trainer_wins_back_by_leaving_out_is_what_those_steps_take(code):
    """Never by leaving out the agreement or the closing, and both texts name the same blocks and minutes."""
    with in_language(code):
        blocks = {block["id"]: block for block in runbook.runbook()["block"]}
        (plan,) = [line for line in text_of("played") if blocks["two-maps"]["title"] in line]
        sheet = str(Message("handout.runsheet.late"))
        pause = blocks["break"]["title"].lower()
    minutes = {id: blocks[id]["minutes"][STANDARD] for id in ("two-maps", "break")}
    rounds = [step["min"] for step in blocks["roles"]["steps"] if step.get("slides") == ["co-producer"]]
    written = [step["min"] for _, step in steps() if step["by"] == "alone" and "asks" in step]
    assert figures(plan) == figures(sheet) == [minutes["two-maps"], minutes["break"], *rounds, sum(written)]
    assert blocks["two-maps"]["title"] in sheet and pause in plan and pause in sheet


@pytest.mark.parametrize("code", ["nl", "en"])
def test_the_break_of_a_session_online_is_as_long_as_in_that_length(code):
    with in_language(code):
        variant, minutes = figures(text_of("online")[0])
    (pause,) = [item for item in played(variant) if item.block["id"] == "break"]
    assert pause.minutes == minutes


@pytest.mark.parametrize("code", ["nl", "en"])
def test_what_puts_private_choices_in_a_report_is_said_beforehand(code):
    """From five people on, and once somebody showed them: with the button that does it."""
    with in_language(code):
        show = str(Message("spread.open"))
        (block,) = [block for block in runbook.runbook()["block"] if block["id"] == "opening"]
        assert show in " ".join(block["do"]) and show in str(Message("report_button.in_it"))
    cells = json.loads((ROOT / f"notebooks/{code}/0_start.ipynb").read_text(encoding="utf-8"))["cells"]
    assert show in next("".join(cell["source"]) for cell in cells if cell["id"] == "task-opening")


def test_slides_are_named_by_their_number():
    shape = re.escape(said("runbook.step_slides", n="0000", by="1111", slides="2222", text="3333"))
    for place, form in (("0000", r"\d+"), ("1111", "[^*]*"), ("2222", r"\d.*"), ("3333", ".*")):
        shape = shape.replace(place, form)
    for block in runbook.runbook()["block"]:
        shown = [step for step in block["steps"] if "slides" in step]
        numbered = [line for line in block["do"] if re.fullmatch(shape, line, re.DOTALL)]
        assert len(numbered) == len(shown), block["id"]
    assert runbook.slide_number("cooperation") == 2
    with pytest.raises(ValueError, match="nonsense"):
        runbook.slide_number("nonsense")


def test_core_blocks_are_the_core_tasks_of_the_pages():
    cells = [(block["page"], cell) for block in BLOCKS if block["core"] for cell in block["cells"]]
    assert sorted(cells) == sorted((page, id) for page in PAGES for id in tagged_cells(page, "core"))
    extra = [(block["page"], cell) for block in BLOCKS if not block["core"] for cell in block["cells"]]
    assert sorted(extra) == sorted((page, id) for page in PAGES for id in tagged_cells(page, "extra"))
    for block in BLOCKS:
        if block["core"]:
            minutes = tagged_cells(block["page"], "core")
            assert block["minutes"][STANDARD] == sum(minutes[cell] for cell in block["cells"]), block["id"]
        else:
            assert block["usual"] > 0


def test_every_paper_of_a_block_is_made():
    sheets = {item["id"] for item in load("runbook.toml")["material"] if item.get("sheet")}
    assert sheets <= set(SHEETS)
    assert {"role-play", "gbo", "attendance", "attest", "aldermen", "return"} <= sheets


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
    standard = runbook.standard()
    assert str(Message("trainer.exact", n=standard, variant=standard)) in view.total.value
    starts = {item.block["id"]: item.start for item in played()}
    assert rows(view)["agreement"]["start"] == runbook.clock(starts["agreement"])
    assert "start" not in rows(view)["gallery"] and rows(view)["gallery"]["minutes"] == "(10)"  # what it would take
    view.grid._on_edit("gallery", "chosen", True)
    assert rows(view)["agreement"]["start"] == runbook.clock(starts["agreement"] + 10)
    assert str(Message("trainer.over", n=standard + 10, variant=standard, more=10)) in view.total.value
    view.grid._on_edit("map", "chosen", False)
    title = next(block["title"] for block in runbook.runbook()["block"] if block["id"] == "map")
    assert str(Message("trainer.without_core", blocks=[title])) in view.total.value
    assert rows(RunSheet(open_session(store=session.work, room="r", group="g"))) == rows(view)
    assert not session.failures


@pytest.mark.parametrize("place", range(len(runbook.variants())))
def test_a_length_and_a_clock(session, place):
    view, length = RunSheet(session), runbook.variants()[place]
    view.lengths[length].click()
    assert sum(cells["minutes"] for cells in rows(view).values() if cells["chosen"]) == length
    marked = [minutes for minutes, button in view.lengths.items() if "gbo-main" in button._dom_classes]
    assert marked == [length] and view.lengths[length].description == said("trainer.chosen_variant", minutes=length)
    assert str(Message("trainer.without_core", blocks=[])).split(":")[0] not in view.total.value
    view.begins.value = time(9, 30)
    ends = 9 * 60 + 30 + length
    assert rows(view)["welcome"]["start"] == "09:30" and f"{ends // 60:02d}:{ends % 60:02d}" in view.total.value
    assert not session.failures


@pytest.mark.parametrize("code", ["nl", "en"])
def test_runbook_on_the_screen(session, code):
    with in_language(code):
        shown = "".join(Runbook(session, moment).children[0].value for moment in (None, "before", "during", "after"))
    book = load("runbook.toml")
    assert shown.count("<details>") == len(book["block"]) + len(book["text"])
    assert "[nl]" not in shown and "**" not in shown


def test_the_clock_says_what_is_on_what_comes_and_what_is_over(session):
    view = RunClock(session)
    assert said("clock.idle") in shown(view)
    press(view, "clock.done")
    assert said("clock.idle") in shown(view), "nothing runs yet"
    first, second, *_ = played()
    press(view, "clock.begin")
    assert said("clock.now", block=first.block["title"], told=Message("clock.left", n=first.minutes)) in shown(view)
    began = datetime.now() - timedelta(minutes=second.start + second.minutes + 4)
    session.save(runbook.CLOCK, {"began": began.isoformat(), "at": 1})
    assert said("clock.now", block=second.block["title"], told=Message("clock.over", n=4)) in shown(view)
    third = played()[2]
    at = f"{began + timedelta(minutes=third.start):%H:%M}"
    assert said("clock.next", block=third.block["title"], time=at) in shown(view)
    assert shown(RunClock(session)) == shown(view), "a page that is loaded again goes on"
    for _ in played():
        press(view, "clock.done")
    assert said("clock.over_and_out", n=int((datetime.now() - began).total_seconds() // 60)) in shown(view)
    session.save(runbook.CLOCK, {"began": "gisteren", "at": {}})
    assert said("clock.idle") in shown(view) and not session.failures


def test_a_clock_that_ticks_bothers_nothing_else_on_the_page(session):
    view = RunClock(session)
    heard = []
    session.observe(heard.append, "answered")
    view.shown.value = ""
    view.tick()
    assert said("clock.idle") in shown(view) and heard == []


def test_papers_are_made_in_the_work_folder(session):
    (session.work / "handouts").mkdir()
    (session.work / "handouts" / "a.pdf").write_bytes(b"%PDF-")
    view = Papers(session, lambda folder, session: [folder / "a.pdf"])
    view.children[0].click()
    assert str(session.work / "handouts") in view.result.value and not session.failures
    assert 'download="a.pdf"' in view.result.value


def test_trainer_page():
    content = json.loads((ROOT / "notebooks/nl/trainer.ipynb").read_text(encoding="utf-8"))
    cells = content["cells"]
    assert [cell["id"] for cell in cells][:2] == ["setup", "header"]
    assert 8 <= len(cells) <= 20
    for cell in cells:
        if cell["cell_type"] == "code":
            assert cell["outputs"] == [] and "hide-input" in cell["metadata"]["tags"]
            assert len([line for line in cell["source"] if line.strip()]) <= 3


def test_what_was_promised_is_deleted_now_or_on_a_day(session):
    session.save("agreement.what", "weg ermee")
    session.store.beside("earlier").put("agreement.what", "van vroeger")
    view = Promised(session)
    view.batch.index = [batch.group for _, batch in view.batch.options].index("earlier")
    view.day.value = date(2, 1, 1)  # on the way to 2090
    assert said("promised.past") in shown(view)
    view.day.value = date(2090, 1, 1)
    assert {batch.group: batch.purge_on for batch in batches(session.store)} == {"g": None, "earlier": date(2090, 1, 1)}
    press(view, "promised.delete")
    assert said("start.not_sure") in shown(view) and len(batches(session.store)) == 2
    view.sure.value = True
    press(view, "promised.delete")
    assert [batch.group for batch in batches(session.store)] == ["g"] and not view.sure.value
    view.sure.value = True
    press(view, "promised.delete")
    assert view.batch.value is None and view.shown.layout.display == "none" and not session.failures
    assert session.store.get("agreement.what") is None


def test_where_what_was_picked_is_gone_nothing_else_is_deleted(session):
    session.save("agreement.what", "blijft")
    session.store.beside("earlier").put("agreement.what", "van vroeger")
    view = Promised(session)
    view.batch.index = [batch.group for _, batch in view.batch.options].index("earlier")
    session.store.beside("earlier").delete_group()
    view.sure.value = True
    assert view.batch.value.group == "g" and not view.sure.value
    press(view, "promised.delete")
    assert session.store.get("agreement.what") == "blijft" and said("start.not_sure") in shown(view)


def test_a_day_that_could_not_be_kept_is_not_said_to_be(session, monkeypatch):
    session.save("agreement.what", "x")
    view = Promised(session)

    def busy(*_):
        raise NotKept(Message("answers.not-saved", folder="x"))

    monkeypatch.setattr("workshop.answers.batches.promise", busy)
    view.day.value = date(2090, 1, 1)
    assert said("answers.not-done", folder="x") in shown(view)
