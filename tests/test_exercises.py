"""Exercises without code: keys that can be counted, views that answer after a try, nothing of them in a report."""

import json
import re
from html import escape
from itertools import product
from pathlib import Path

import networkx as nx
import pytest
from viewing import answer, choose, field_of, press, said, shown, type_in

from workshop import widgets
from workshop.answers.items import Item, item_rules
from workshop.answers.overview import sheet
from workshop.answers.tables import read_room, table_of
from workshop.blocks import html_page
from workshop.domain import governance, roles
from workshop.domain.measures import measure
from workshop.domain.questions import question, questions, register
from workshop.output.report import report_html, room_report, table_report
from workshop.site_lab import NOT_THERE

FOLDER = Path(__file__).parents[1] / "exercises/nl"
NOTEBOOKS = {path.stem for path in FOLDER.glob("*.ipynb")}
ENTRIES = [entry for entry in register() if entry.page in NOTEBOOKS]
OPEN = [entry for entry in ENTRIES if "points" in entry.more]
PRICE = "exercise.three-designs.price"


def key(id):
    return question(id).key


def graph(case, kind=None):
    network = governance.case(case).network
    made = nx.Graph()
    made.add_nodes_from(organisation.id for organisation in network.organisations)
    made.add_edges_from((tie.source, tie.target) for tie in network.ties if kind in (None, tie.kind))
    return made


def comes_loose(made, gone):
    """Who had a way to the largest part, and has none once `gone` is away."""
    left = made.subgraph(set(made) - {gone})
    before = max(nx.connected_components(made), key=len)
    return before - {gone} - max(nx.connected_components(left), key=len)


# -- the register ------------------------------------------------------------------------------------------------------


def test_exercises_are_of_the_table_and_counted_nowhere():
    assert len({entry.page for entry in ENTRIES}) == 12
    for entry in ENTRIES:
        assert entry.id.startswith((f"task.{entry.set}.", f"exercise.{entry.set}.")), entry.id
        assert item_rules(entry.id) == Item("group", "group") and not entry.counted and not entry.phone, entry.id
    assert item_rules("exercise.taken-out.card") == Item("group", "group")


def test_exercises_ask_nothing_that_the_session_asks():
    sessions = {entry.id for entry in register() if entry.page not in NOTEBOOKS}
    assert not sessions & {entry.id for entry in ENTRIES}


def fill(session):
    for entry in ENTRIES:
        session.save(entry.id, entry.options[0].id if entry.options else f"geschreven bij {entry.id}")


def test_neither_report_nor_dashboard_shows_an_answer_to_an_exercise(session):
    before = table_report(table_of(session.store)).blocks  # no time of printing in it
    fill(session)
    assert before and table_report(table_of(session.store)).blocks == before
    room = read_room(session.work)
    assert table_of(session.store).text(PRICE).startswith("geschreven bij")
    assert sheet("spread", room).rows == [] and sheet("released", room).rows == []
    assert "geschreven bij" not in html_page(room_report(room))
    assert "geschreven bij" not in shown(widgets.Dashboard(session))


def test_a_written_answer_that_counts_is_still_in_the_report(session):
    session.save("note.balance.power", "de penhouder")
    assert "de penhouder" in report_html(session)


# -- keys --------------------------------------------------------------------------------------------------------------


def test_rows_pull_apart_as_the_table_of_factors_does():
    levels = [("high", "low"), ("easy", "hard"), ("positive", "negative")]
    for profile in product(*levels):
        rows = roles.rows_for(dict(zip(("commitment", "consensus", "history"), profile, strict=True)))
        wanted = "apart" if roles.pull_apart(rows) else "same"
        assert key(f"task.rows-apart.{'-'.join(profile)}") == (wanted,)
    assert sum(entry.key == ("same",) for entry in questions("task.rows-apart.*")) == 2


def test_who_is_missing_can_be_counted():
    missing = {}
    for id in ("rural", "town"):
        sectors = [organisation.sector for organisation in governance.case(id).network.organisations]
        missing[id] = governance.missing_sectors(sectors)
    assert {"housing", "poverty-association"} <= set(missing["rural"]) and missing["town"] == ("work",)
    assert list(nx.isolates(graph("rural"))) == ["doctors"] and list(nx.isolates(graph("town"))) == ["youth-club"]
    assert key("task.who-is-missing.village-doctors") == ("unseen",)
    assert sum(sector["usual"] == "yes" for sector in governance.sectors()) == 13
    no = ("village-housing", "village-poverty", "town-work", "town-youth")
    assert all(key(f"task.who-is-missing.{row}") == ("no",) for row in no)
    assert key("task.who-is-missing.town-poverty") == ("yes",)


def test_the_map_of_kouterland_says_what_the_keys_say():
    made = graph("cluster")
    degrees = sorted((degree for _, degree in made.degree()), reverse=True)
    assert list(nx.isolates(made)) == ["pharmacists"] and degrees[:2] == [19, 9]
    assert (made.number_of_edges(), measure("density", governance.case("cluster").network).value) == (66, 66 / 378)
    assert comes_loose(made, "ocmw-marsdonk") == {"school-marsdonk"} and made.degree("school-marsdonk") == 1
    assert comes_loose(made, "work") == {"social-workplace"} and made.degree("social-workplace") == 1
    assert comes_loose(made, "ocmw-kouterbeke") == set()
    found = {entry.row: entry.key for entry in questions("task.read-map.*")}
    assert [row for row, key in found.items() if key == ("no",)] == ["full", "lead-gone"]
    assert [row for row, key in found.items() if key == ("unseen",)] == ["trusted", "decides"]


def test_three_maps_differ_as_the_keys_say():
    maps = {
        "map-a": graph("town", "knowing"),
        "map-b": graph("town", "referral"),
        "map-c": graph("town", "communication"),
    }
    assert [made.number_of_edges() for made in maps.values()] == [38, 25, 32]
    for row in ("knowing", "referral", "communication"):
        letter = key(f"task.three-maps.{row}")[0]
        assert nx.utils.graphs_equal(maps[letter], graph("town", row))
    loose = {letter: comes_loose(made, "ocmw") for letter, made in maps.items()}
    assert loose == {"map-a": set(), "map-b": {"house-of-the-child", "childcare", "school", "clb"}, "map-c": set()}
    assert key("task.three-maps.ocmw") == key("task.three-maps.library") == ("map-b",)
    assert {letter for letter, made in maps.items() if {"library", "police"} <= set(nx.isolates(made))} == {"map-b"}
    assert all(comes_loose(made, "house-of-the-child") == {"childcare"} for made in maps.values())
    assert key("task.three-maps.childcare") == ("all",)


def test_figures_of_the_self_test():
    found = questions("task.self-test.*")
    assert len(found) == 20 and all(entry.key for entry in found)
    open_ones = [entry.row for entry in found if entry.key == ("open",)]
    assert open_ones == ["hub", "bridge", "density-good", "star-map", "inclusion"]
    degrees = dict(graph("town").degree())
    assert max(degrees, key=degrees.get) == "ocmw" and degrees["ocmw"] == 13
    assert comes_loose(graph("town", "knowing"), "ocmw") == set()
    assert len(comes_loose(graph("town", "referral"), "ocmw")) == 4


# -- views -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("entry", OPEN, ids=[entry.set for entry in OPEN])
def test_points_show_only_after_something_is_written_and_asked_for(session, entry):
    view = widgets.Compare(session, entry.id)
    first = entry.more["points"][0]
    assert view.told.layout.display == "none" and first not in view.points.value
    type_in(field_of(view, entry.id), "een poging")
    assert session.store.get(entry.id) == "een poging" and first not in view.points.value
    press(view, "exercise.show_points")
    assert all(point in shown(view) for point in entry.more["points"])
    press(view, "task.hide")
    assert view.points.value == ""
    type_in(field_of(view, entry.id), "")
    assert view.told.layout.display == "none"


def test_an_exercise_opens_empty_and_explains_a_card_after_a_try(session):
    view = widgets.Task(session, "new-networks")
    assert len(view.entries) == 8 and "exercise.new-networks.ours" not in view.entries
    entry = question("task.new-networks.chat-group")
    assert session.store.get(entry.id) is None and entry.feedback not in shown(view)
    answer(view, entry.id, "discuss")
    press(view, "task.explain")
    assert entry.feedback in shown(view)


def test_a_map_of_an_example_leaves_the_own_network_alone(session):
    before = session.network
    view = widgets.CaseMap(session, "town", kind="referral", title="Kaart <B>")
    assert "<svg" in shown(view) and "Kaart &lt;B&gt;" in shown(view)
    assert str(governance.case("town").mark) in shown(view) and session.network == before


def test_a_sector_has_the_same_sign_on_two_maps_of_one_page(session):
    views = widgets.CaseMap(session, "town"), widgets.CaseMap(session, "rural", like="town")
    town, village = (dict(legend(view.children[0].value)) for view in views)
    both = set(town) & set(village)
    assert len(both) >= 7 and all(town[sector] == village[sector] for sector in both)


def legend(svg):
    """The sectors of a picture's legend, each with shape and colour of its sign."""
    for sector in governance.sectors():
        label = re.escape(escape(sector["label"]))
        sign = re.search(rf'<(\w+)[^>]* fill="(#\w+)"[^>]*/>(?:<circle[^>]*/>)?(?:</g>)?<text[^>]*>{label}<', svg)
        if sign:
            yield sector["id"], sign.groups()


def test_an_exercise_starts_again_and_leaves_the_rest_alone(session):
    session.save("task.nadia.line", "first")
    session.save("exercise.nadia.talk", "Dag")
    session.save("task.self-test.two", "no")
    view = widgets.StartAgain(session, "nadia")
    press(view, "exercise.again_do")
    assert session.store.get("exercise.nadia.talk") == "Dag", "not without the tick"
    view.sure.value = True
    press(view, "exercise.again_do")
    assert session.store.get("task.nadia.line") is None and session.store.get("exercise.nadia.talk") is None
    assert session.store.get("task.self-test.two") == "no" and said("exercise.again_done") in view.result.value


def test_who_sits_down_next_finds_no_key_and_no_points_open(session):
    again = widgets.StartAgain(session, "self_test")
    task = widgets.Task(session, "self-test")
    entry = question("exercise.nadia.talk")
    compare, nadia = widgets.Compare(session, entry.id), widgets.StartAgain(session, "nadia")
    first, second, third = list(task.entries.values())[:3]
    answer(task, first.id, first.options[0].id)
    for one in (first, second):  # the second is opened by who made no choice
        task.picker.which.value = one.id
        press(task, "task.explain")
    type_in(field_of(compare, entry.id), "een poging")
    press(compare, "exercise.show_points")
    for view in (again, nadia):
        view.sure.value = True
        press(view, "exercise.again_do")
    assert task.picker.value == first.id
    for one in (first, second, third):
        task.picker.which.value = one.id
        assert one.feedback not in shown(task) and task.told.description == said("task.explain")
    type_in(field_of(compare, entry.id), "J")
    assert compare.points.value == "" and compare.told.description == said("exercise.show_points")


def test_what_others_delete_share_or_open_shuts_nothing_here(session):
    task = widgets.Task(session, "self-test")
    one = list(task.entries.values())[1]
    task.picker.which.value = one.id
    press(task, "task.explain")
    session.save("reflection.2.role-experience", "iets", "seat-1")
    session.store.release("reflection.2.role-experience", "seat-1")
    session.refresh()
    session.delete("reflection.2.role-experience", "seat-1")
    assert task.picker.value == one.id and task.told.description == said("task.hide")
    session.delete_group()
    assert task.picker.value != one.id and task.told.description == said("task.explain")


def test_no_exercise_ticks_a_page_of_the_session(session):
    fill(session)
    pages = {path.stem for path in FOLDER.parents[1].glob("notebooks/nl/*.ipynb")}
    status = next(child for child in widgets.Header(session).children if hasattr(child, "begun"))
    assert status.begun and not pages & set(status.begun)
    exercises = "".join(path.read_text("utf-8") for path in FOLDER.glob("*.ipynb"))
    named = set(re.findall(r'(?:Task|Ask|questions)\((?:session, )?\\"([a-z-]+)', exercises)) | {"count-lines"}
    assert all(entry.page in NOTEBOOKS for name in named for entry in questions(name))


DESIGNS = {  # seats, hours, who is at the table, one step away, nowhere, pairs that never meet
    "fast": ({"steering": "ocmw caw dmw"}, 1.3, (3, 0, 6), 33),
    "everyone": (
        {"steering": "ocmw caw dmw school home-care service-centre doctors library food-aid"},
        8.3,
        (9, 0, 0),
        0,
    ),
    "both": (
        {
            "steering-first": "ocmw",
            "steering-second": "school",
            "first": "caw dmw doctors home-care",
            "second": "service-centre library food-aid",
        },
        5.8,
        (2, 7, 0),
        19,
    ),
}


def seat(session, start, seats):
    for option, ids in seats.items():
        for id in ids.split():
            session.save(f"{start}{id}", option)


@pytest.mark.parametrize("name", DESIGNS)
def test_the_examples_of_three_designs_are_counted_right(session, name):
    from workshop.domain.decisions import cost, reach

    seats, hours, places, never = DESIGNS[name]
    start = f"exercise.three-designs.{name}."
    view = widgets.Seats(session, f"{start}*", "rural")
    assert said("exercise.seats_left", n=9) in view.counts.value
    for entry in view.entries:
        session.save(entry.id, "nowhere")
    seat(session, start, seats)
    structure = view.structure()
    found = reach(structure)
    assert round(cost(structure).person_hours, 1) == hours
    assert (len(found.at_table), len(found.one_step), len(found.nowhere)) == places
    assert (found.pairs_never, found.only_coordinator) == (never, ())
    assert said("decision.hours", hours=hours) in view.counts.value


def test_twenty_hours_are_held_or_not(session):
    start = "exercise.draw-hours."
    view = widgets.Seats(session, f"{start}*", "town", limit=20)
    for entry in view.entries:
        choose(view.choices.grid, entry.id, "steering")
    assert said("exercise.above", hours=30.1, limit=20) in view.counts.value
    assert said("exercise.seated") in view.counts.value and said("exercise.poverty") in view.counts.value
    session.save(f"{start}poverty-association", "nowhere")
    assert said("exercise.no_poverty") in view.counts.value
    assert said("exercise.not_seated", names=["De Kering, vereniging waar armen het woord nemen"]) in view.counts.value
    first = "caw dmw-brug dmw-linde community-work housing-company police"
    second = "house-of-the-child childcare clb doctors cgg home-care library youth-club"
    seats = {"first": first, "second": second}
    seat(
        session,
        start,
        {**seats, "steering-first": "ocmw poverty-association health-centre", "steering-second": "school"},
    )
    assert said("exercise.within", hours=18.8, limit=20) in view.counts.value
    assert said("decision.reach.one_step", n=14) in view.counts.value
    assert said("decision.pairs", n=75, total=153, never=78) in view.counts.value


def test_the_third_design_is_held_against_the_second(session):
    start = "exercise.three-designs"
    second = widgets.Seats(session, f"{start}.everyone.*", "rural")
    third = widgets.Seats(session, f"{start}.both.*", "rural", below=second)
    seat(session, f"{start}.both.", {"steering": DESIGNS["everyone"][0]["steering"]})
    design = second.entries[0].label
    assert said("exercise.no_other", design=design) in third.counts.value
    seat(session, f"{start}.everyone.", DESIGNS["everyone"][0])
    assert said("exercise.not_fewer", hours=8.3, limit=8.3, design=design) in third.counts.value
    seat(session, f"{start}.both.", DESIGNS["both"][0])
    assert said("exercise.fewer", hours=5.8, limit=8.3, design=design) in third.counts.value
    assert said("exercise.seated") in third.counts.value
    assert said("decision.poverty.no") not in third.counts.value, "no partner of this example is one"


@pytest.mark.parametrize("option", ["nowhere", "first"])
def test_without_a_steering_group_nothing_is_counted(session, option):
    view = widgets.Seats(session, "exercise.draw-hours.*", "town", limit=20)
    for entry in view.entries:
        session.save(entry.id, option)
    assert view.counts.value.count("<p") == 1 and said("exercise.no_steering") in view.counts.value


# -- the course --------------------------------------------------------------------------------------------------------


def course(language):
    """The text of each cell of the course page."""
    cells = json.loads((FOLDER.parent / language / "0_course.ipynb").read_text("utf-8"))["cells"]
    return {cell["id"]: "".join(cell["source"]) for cell in cells}


def rows(text):
    """Minutes and words of each row of a table."""
    return re.findall(r"^\| (\d+) \| (.+) \|$", text, re.MULTILINE)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_lessons_take_two_hours_and_report_and_paper_have_twenty_points_each(language):
    text = course(language)
    for lesson in range(1, 5):
        assert sum(int(taken) for taken, _ in rows(text[f"lesson-{lesson}"])) == 120
    assert sum(map(int, re.findall(r"^\| [^|]+ \| (\d+) \|", text["rubric"], re.MULTILINE))) == 20
    report = json.loads((FOLDER.parent / language / "deeper_own_network.ipynb").read_text("utf-8"))["cells"]
    assert sum(cell["metadata"].get("nbgrader", {}).get("points", 0) for cell in report) == 20


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_course_names_each_exercise_that_the_site_does_not_have(language):
    text = course(language)
    titles = {page: title for title, page in re.findall(r"\[([^]]+)\]\((deeper_\w+)\.ipynb\)", "".join(text.values()))}
    paths = (FOLDER.parent / language).glob("deeper_*.ipynb")
    missing = {titles[path.stem] for path in paths if NOT_THERE.search(path.read_text("utf-8"))}
    site = next(line for line in text["aims"].splitlines() if "website" in line)
    assert set(re.findall(r"(?<!\*)\*([^*]+)\*(?!\*)", site)) == missing


def minutes(page):
    cells = json.loads((FOLDER / f"{page}.ipynb").read_text("utf-8"))["cells"]
    return sum(cell["metadata"].get("minutes", 0) for cell in cells)


SPOKEN = {"een half uur": 30, "vijfendertig minuten": 35, "veertig minuten": 40, "drie kwartier": 45}
SPOKEN |= {"vijfenvijftig minuten": 55, "een uur": 60, "iets meer dan een uur": 65}
LAST_QUESTION = 10
REQUIRED = {"nl": "Verplicht", "en": "Required"}


def asked(page):
    """Minutes of an exercise, with code or without."""
    if not page.startswith("deeper_"):
        return minutes(page)
    intro = json.loads((FOLDER / f"{page}.ipynb").read_text("utf-8"))["cells"][0]["source"]
    return SPOKEN[re.search(r"Reken op ([^.]+)\.", "".join(intro))[1]]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_lessons_home_and_reading_take_what_the_course_says(language):
    text = course(language)
    total = 0
    for lesson in range(1, 5):
        table, home = re.split(r"^\*\*(?=Thuis|At home)", text[f"lesson-{lesson}"], flags=re.MULTILINE)
        coded = re.findall(r"^\| (\d+) \| .*\((deeper_\w+)\.ipynb", table, re.MULTILINE)
        assert [int(taken) + LAST_QUESTION for taken, _ in coded] == [asked(page) for _, page in coded]
        at_home = sum(map(asked, re.findall(r"\((\w+)\.ipynb", home))) + LAST_QUESTION * len(coded)
        assert int(re.search(r"\d+", home)[0]) == round(at_home, -1)
        total += at_home
    required = sum(text[f"reading-{lesson}"].count("**" + REQUIRED[language]) for lesson in range(1, 5))
    hours = [8, round(total / 60), 2 * required, 6]
    work = next(line for line in text["aims"].splitlines() if "(8 " in line)
    assert [int(found) for found in re.findall(r"\d+", work)] == [*hours, sum(hours)]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_way_of_who_learns_alone_takes_what_its_exercises_take_and_each_leads_to_the_next(language):
    folder = FOLDER.parent / language
    cells = json.loads((folder / "0_course.ipynb").read_text("utf-8"))["cells"]
    way = next(cell for cell in cells if cell["id"] == "self-study")
    steps = [(int(taken), *re.findall(r"\]\((\w+)\.ipynb\)", text)) for taken, text in rows("".join(way["source"]))]
    assert sum(taken for taken, *_ in steps) == way["metadata"]["minutes"]
    for taken, *pages in steps[:-1]:
        assert [minutes(page) for page in pages] in ([], [taken])
    pages = [page for _, *linked in steps for page in linked]
    assert len(pages) == 9
    for page, following in zip(pages, [*pages[1:], None], strict=True):
        last = "".join(json.loads((folder / f"{page}.ipynb").read_text("utf-8"))["cells"][-1]["source"])
        exercises = set(re.findall(r"\]\((\w+)\.ipynb\)", last)) - {"0_course"}
        assert exercises == ({following} if following else set())


@pytest.mark.parametrize("page", sorted({entry.page for entry in ENTRIES}))
def test_an_exercise_takes_a_quarter_of_an_hour_or_so(page):
    assert 7 <= minutes(page) <= (20 if page == "self_test" else 17)
