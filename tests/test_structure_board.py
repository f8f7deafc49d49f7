"""The structure board: what a message does, what the group sees and when, and a journey by keyboard alone."""

import json
import re
from dataclasses import replace

import ipywidgets as w
import pytest
from viewing import box, choose, everything, said, shown, take_case, until
from viewing import press as press_button

from workshop import widgets
from workshop.answers.rooms import open_room
from workshop.domain import edit, governance
from workshop.domain.decisions import REACH, joined, questions, reach, without
from workshop.domain.differences import compared
from workshop.domain.kept import judgement, mark
from workshop.domain.measures import measure
from workshop.domain.network import Network, Organisation
from workshop.domain.questions import question
from workshop.domain.questions import questions as asked
from workshop.domain.structure import Structure, Table
from workshop.session import open_session
from workshop.texts import Message
from workshop.widgets.structure import counted, judged, kept_variants
from workshop.widgets.structure_board import weighed

HIGHEST = 4800
"""Pixels, 1280 wide, with twelve organisations at three tables, everything answered and all folds shut."""
HOSTILE = "<img src=x onerror=alert(1)>"


def send(board, do, **content):
    """What somebody does on the board; a number is the table that stands there."""
    tables = board.session.structure.tables
    named = {key: tables[value].id if isinstance(value, int) else value for key, value in content.items()}
    return box(board, "structure", {"do": do, **named}, base=board.state["version"])


def judge(session, efficiency="3", inclusion="4"):
    view = widgets.Judgement(session)
    for pole, level in (("efficiency", efficiency), ("inclusion", inclusion)):
        choose(view.table.grid, pole, level)


def dial(counts, column, value):
    choose(counts.dials, "dials", value, column)


def keep(view, name=None):
    """Keep what is on the board as a variant, under this name or the one that is proposed."""
    if name is not None:
        view.variants.name.value = name
    press_button(view.variants, "variants.keep")


def cells(row):
    return re.findall("<td[^>]*>(.*?)</td>", row, re.DOTALL)


def seats(session, index):
    return session.structure.tables[index].seats


def test_cards_move_between_areas_and_one_sits_at_several_tables(session):
    take_case(session, "town")
    board = widgets.StructureBoard(session).board
    send(board, "seat", card="library", to=0)
    assert "library" in seats(session, 0) and "library" in seats(session, 2)
    send(board, "seat", card="library", to=1, **{"from": 2})
    assert "library" in seats(session, 1) and "library" not in seats(session, 2)
    send(board, "unseat", card="library", **{"from": 1})
    assert "library" not in seats(session, 1) and "library" in seats(session, 0)
    send(board, "seat", card="caw", to="lead")
    assert session.lead == "caw" and "caw" in seats(session, 0)
    session.undo()
    assert session.lead == "ocmw"
    assert board.state["parts"][0]["areas"][0]["seats"][0]["id"] == "ocmw"


def test_tables_come_and_go_and_get_a_theme(session):
    take_case(session, "rural")
    board = widgets.StructureBoard(session).board
    send(board, "add", kind="steering")
    send(board, "seat", card="caw", to="new-working")
    send(board, "theme", table=3, theme="  Wonen ")
    steering, working = session.structure.tables[2:]
    assert (steering.kind, working.kind, working.theme, working.seats) == ("steering", "working", "Wonen", ("caw",))
    there = next(table.theme for table in session.structure.tables if table.kind == "working")
    refused = send(board, "theme", table=3, theme=there.upper())
    assert session.structure.tables[3].theme == "Wonen" and refused["text"] == said("edit.theme_taken", theme=there)
    send(board, "remove", table=2)
    assert send(board, "remove", table=steering.id)["state"] == "refused", "a table is removed once"
    assert [table.kind for table in session.structure.tables] == ["plenary", "working", "working"]
    assert all(area["id"] != "new-steering" for part in board.state["parts"] for area in part["areas"])


def test_there_is_one_steering_group_and_one_plenary_and_a_talk_between_two_takes_the_place_of_neither(session):
    session.change_network(edit.add_organisation, "CAW")
    board = widgets.StructureBoard(session).board

    def offered():
        return [kind for part in board.state["parts"] for kind in part["add"]]

    send(board, "add", kind="bilateral")
    assert offered() == ["steering", "working", "plenary", "bilateral"]
    send(board, "add", kind="plenary")
    send(board, "add", kind="steering")
    assert offered() == ["working", "bilateral"]


def test_the_coordinator_is_a_person_or_a_partner(session):
    session.change_network(edit.add_organisation, "Coordinator")
    session.change_network(edit.add_organisation, "CAW")
    own, caw = (o.id for o in session.network.organisations)
    board = widgets.StructureBoard(session).board
    person = board.state["tray"][0]
    assert person not in (own, caw)
    send(board, "seat", card=person, to="new-steering")
    assert session.structure.coordinator == person and seats(session, 0) == (person,)
    send(board, "unseat", card=person, **{"from": 0})
    assert board.state["cards"][person]["tables"] == str(Message("board.coordinates"))
    send(board, "seat", card=caw, to="coordinator")
    assert session.structure.coordinator == caw
    send(board, "unseat", card=caw, **{"from": "coordinator"})
    assert session.structure.coordinator is None


@pytest.mark.parametrize(
    "what",
    [
        {}, {"do": None}, {"do": ["seat"]}, {"do": "seat"}, {"do": "seat", "card": {}, "to": []},
        {"do": "seat", "card": "caw", "to": "99"}, {"do": "seat", "card": "caw", "to": "9" * 5000},
        {"do": "seat", "card": "nobody", "to": "steering"}, {"do": "seat", "card": "nobody", "to": "coordinator"},
        {"do": "seat", "card": "caw", "to": "new-throne"}, {"do": "unseat", "card": "caw"},
        {"do": "unseat", "card": "caw", "from": "1e3"}, {"do": "add", "kind": ""}, {"do": "add", "kind": None},
        {"do": "remove", "table": "abc"}, {"do": "theme", "table": 1}, {"do": "theme", "table": None, "theme": 7},
        {"do": "theme", "table": "gezondheid", "theme": "x" * 10**6}, {"do": "__class__"},
    ],
)  # fmt: skip
def test_entries_that_no_board_sends_do_no_harm(session, what):
    take_case(session, "town")
    board = widgets.StructureBoard(session).board
    assert box(board, "structure", what)["state"] in ("refused", "failed", "done")
    assert session.failures == [] and len(session.structure.tables) == 4
    json.dumps(board.state)


@pytest.mark.parametrize("content", [None, [], "seat", 7, {}, {"kind": None}, {"kind": "box"}, {"kind": ["seat"]}])
def test_messages_that_no_board_sends_do_no_harm(session, content):
    take_case(session, "town")
    board = widgets.StructureBoard(session).board
    board._handle_custom_msg(content, [])
    assert session.failures == [] and len(session.structure.tables) == 4


def test_two_pages_that_remove_and_add_tables_by_turns_mean_the_tables_that_they_see(session, tmp_path):
    take_case(session, "town")
    here = widgets.StructureBoard(session).board
    elsewhere = open_session(store=tmp_path, room="room", group="table-1")
    there = widgets.StructureBoard(elsewhere).board
    second, third = (table.id for table in session.structure.tables[1:3])
    send(here, "remove", table=second)
    send(there, "remove", table=second)  # the same one, still on the other page
    send(there, "theme", table=third, theme="Nog steeds deze")
    send(here, "add", kind="working")
    session.refresh()
    tables = session.structure.tables
    assert len(tables) == 4 and second not in {table.id for table in tables}
    assert next(table.theme for table in tables if table.id == third) == "Nog steeds deze"


def test_names_go_to_the_browser_as_text_only(session):
    session.change_network(edit.add_organisation, HOSTILE, sector=HOSTILE)
    (only,) = (o.id for o in session.network.organisations)
    view, variants, balance = widgets.StructureBoard(session), widgets.Variants(session), widgets.Balance(session)
    send(view.board, "seat", card=only, to="new-working")
    send(view.board, "theme", table=0, theme=HOSTILE)
    send(view.board, "seat", card=only, to="lead")
    judge(session)
    keep(view, HOSTILE)
    send(view.board, "unseat", card=only, **{"from": 0})
    views = (view, variants, balance, widgets.Forms(session))
    told = "".join(child.value for some in views for child in everything(some) if isinstance(child, w.HTML))
    assert "alert" in told and "<img" not in told
    assert view.board.state["cards"][only]["name"] == HOSTILE
    assert view.board.state["parts"][3]["areas"][0]["went"] == [HOSTILE]


def test_the_board_asks_and_never_warns():
    sector = {"a": "welfare", "b": "education", "c": "poverty-association", "d": "housing"}
    partners = [Organisation(id, id.upper(), sector[id]) for id in "abcd"]
    structure = Structure(partners, (Table("steering", seats="ab"), Table("working", "x", "bd")))
    keys = [message.key for message in questions(structure)]
    assert keys == ["board.ask.nowhere", "board.ask.poverty"]
    full = Structure(partners, (Table("steering", seats="abd"),))
    assert [m.key for m in questions(full)] == ["board.ask.nowhere", "board.ask.poverty", "board.ask.steering"]
    fewer = Structure(partners, (Table("steering", seats="ac"),))
    assert [m.key for m in questions(fewer)] == ["board.ask.nowhere", "board.ask.sectors"]
    assert questions(Structure(partners, (Table("plenary", seats="abcd"),))) == questions(Structure(partners)) == []
    assert all(str(message).endswith("?") for s in (structure, full, fewer) for message in questions(s))


def test_counts_unfold_after_the_own_judgement_and_letters_with_them(session):
    take_case(session, "town")
    view = widgets.StructureBoard(session)
    counts = widgets.Variants(session).counts
    assert counts.told.value == "" and counts.dials.layout.display == "none" and view.board.state["legend"] == []
    assert {card["reach"] for card in view.board.state["cards"].values()} == {None}
    judge(session, "2", "unknown")
    assert said("decision.pairs", n=40, total=153, never=113) in counts.told.value and "<svg" in counts.drawn.value
    assert [entry["n"] for entry in view.board.state["legend"]] == [6, 10, 0, 2]
    assert view.board.state["cards"]["library"]["reach"] == "one_step"
    assert view.board.state["cards"]["coordinator"]["reach"] is None
    send(view.board, "seat", card="library", to=0)
    assert view.board.state["cards"]["library"]["reach"] == "at_table"
    assert "Bibliotheek" in counts.shown.value
    dial(counts, "decision", "Gezondheid")
    assert view.board.state["cards"]["doctors"]["reach"] == "at_table"
    dial(counts, "mandate", "bound")
    assert said("board.figure.mandate_bound") in view.board.state["figures"]
    assert widgets.StructureCounts(session).dials.rows[0]["cells"]["mandate"] == "bound"
    dial(counts, "minutes", "12")
    assert counts.dials.rows[0]["cells"]["minutes"] == 12
    assert session.store.get("structure.dials") == {"decision": "Gezondheid", "mandate": "bound", "minutes": "12"}
    for nonsense in ("", "99999", "x", None):
        dial(counts, "minutes", nonsense)
        assert counts.dials.rows[0]["cells"]["minutes"] == 5
    assert "score" not in counts.shown.value + json.dumps(view.board.state)


def test_private_judgements_stay_private_and_spread_from_five(session):
    take_case(session, "town")
    view = widgets.Judgement(session)
    mine = view.own.grid
    levels = {option.id: option.text for option in question("judgement.efficiency").options}
    one = {level: said("opening.counted", n=1, option=text) for level, text in levels.items()}
    assert mine.layout.display == "none"
    for number in range(1, 6):
        assert not any(told in shown(view.own.seen) for told in one.values())
        session.seat = f"seat-{number}"
        choose(mine, "judgement.efficiency", "2" if number == 5 else "4")
    assert mine.rows[0]["choice"] == "2"
    session.seat = None
    press_button(view.own, "spread.open")
    press_button(view.own, "spread.yes")
    assert said("opening.counted", n=4, option=levels["4"]) in shown(view.own.seen) and one["2"] in shown(view.own.seen)
    assert mine.layout.display == "none" and mine.rows[0]["choice"] is None
    assert all(row["choice"] is None for row in view.table.grid.rows)


def test_variants_stand_side_by_side_with_the_judgement_of_each(session, tmp_path):
    take_case(session, "town")
    view, beside = widgets.StructureBoard(session), widgets.Variants(session)
    which = view.variants.which
    judge(session, "4", "2")
    assert view.variants.name.value == said("variants.now") and view.variants.kept.layout.display == "none"
    keep(view)
    send(view.board, "seat", card="library", to=0)
    assert said("judgement.none") in beside.trail.value and said("variants.on_board") in beside.trail.value
    judge(session, "1", "5")
    assert view.variants.name.value == said("variants.proposal", letter="A")
    keep(view)
    rows = re.findall("<tr>(.*?)</tr>", beside.trail.value, re.DOTALL)
    head, changes, efficiency, inclusion, at_table, *_ = rows
    assert head.index(f">{said('variants.now')}<") < head.index(f">{said('variants.proposal', letter='A')}<")
    assert cells(changes)[0] == "–" and "Bibliotheek" in cells(changes)[1]
    assert cells(efficiency) == ["goed", "helemaal niet"] and cells(inclusion) == ["weinig", "heel goed"]
    assert cells(at_table) == ["6", "7 (+1)"] and "+ Bibliotheek" in beside.seats.value
    assert said("variants.on_board") not in beside.trail.value
    assert which.options == (said("variants.now"), said("variants.proposal", letter="A")) and which.value == said(
        "variants.now"
    )
    press_button(view.variants, "variants.take")
    assert "library" not in seats(session, 0)
    which.value = said("variants.proposal", letter="A")
    later = widgets.StructureBoard(open_session(store=tmp_path, room="room", group="table-1"))
    assert later.variants.which.options == which.options and later.variants.which.value == said(
        "variants.proposal", letter="A"
    )
    keep(view, said("variants.now").upper())
    assert which.options == (
        said("variants.now").upper(),
        said("variants.proposal", letter="A"),
    ) and which.value == said("variants.proposal", letter="A")
    for _ in range(2):
        view.variants.drop.click()
    assert which.options == () and view.variants.kept.layout.display == "none"
    keep(view, " ")
    assert session.notice.key == "variants.nameless"


def figures(beside, label):
    """What stands in the columns of a row of the trail, or of what is left when somebody drops out."""
    row = next(row for row in re.findall("<tr>(.*?)</tr>", beside, re.DOTALL) if f">{Message(label)}<" in row)
    return cells(row)


def test_two_different_decisions_are_never_held_against_each_other(session):
    take_case(session, "town")
    view, beside = widgets.StructureBoard(session), widgets.Variants(session)
    judge(session)
    keep(view)
    send(view.board, "add", kind="working")
    last = len(session.structure.tables) - 1
    send(view.board, "theme", table=last, theme="Jeugd")
    dial(beside.counts, "decision", "Jeugd")
    hours = figures(beside.trail.value, "variants.hours")
    assert hours[0] == hours[1] != "–", "nobody sits there: the vision is counted, and that is what the dial says"
    assert beside.counts.dials.rows[0]["cells"]["decision"] == "vision"
    for card in ("library", "school"):
        send(view.board, "seat", card=card, to=last)
    assert beside.counts.dials.rows[0]["cells"]["decision"] == "Jeugd"
    assert figures(beside.trail.value, "reach.at_table") == ["–", "2"]
    assert figures(beside.trail.value, "variants.hours") == ["–", "0,3"]
    assert "–" not in figures(beside.trail.value, "variants.pairs"), "of no decision"
    undecided = Message("variants.undecided", theme="Jeugd", names=[said("variants.now")])
    assert str(undecided) in beside.trail.value and str(undecided) not in beside.trial.value
    dial(beside.counts, "decision", "vision")
    assert "–" not in figures(beside.trail.value, "variants.hours") and str(undecided) not in beside.trail.value


def test_who_drops_out_as_the_last_of_a_group_leaves_no_figures_of_another_decision(session):
    take_case(session, "town")
    view, beside = widgets.StructureBoard(session), widgets.Variants(session)
    judge(session)
    send(view.board, "add", kind="working")
    last = len(session.structure.tables) - 1
    send(view.board, "theme", table=last, theme="Jeugd")
    send(view.board, "seat", card=session.lead, to=last)
    dial(beside.counts, "decision", "Jeugd")
    at_table = figures(beside.trial.value, "reach.at_table")
    assert at_table[0] == "1" and at_table[-1] == "–"


def test_a_second_press_keeps_no_board_twice_and_deletes_no_other_variant(session):
    take_case(session, "town")
    view = widgets.StructureBoard(session)
    keep(view)
    keep(view)  # the same board, and the name that is proposed now
    assert view.variants.which.options == (said("variants.now"),)
    assert session.notice == Message("variants.twice", name=said("variants.now"))
    send(view.board, "seat", card="library", to=0)
    keep(view)
    pressed = view.variants.drop
    pressed.click()
    assert len(view.variants.which.options) == 1
    assert pressed.comm is None, "what a browser still sends to that button is heard by nobody"
    assert view.variants.name.continuous_update is False, "the whole name comes before the press that keeps it"


def test_a_card_that_is_moved_away_and_put_back_leaves_the_same_structure(session):
    take_case(session, "town")
    view, beside = widgets.StructureBoard(session), widgets.Variants(session)
    judgement = next(part for part in everything(view) if isinstance(part, widgets.Judgement))
    judge(session, "4", "2")
    keep(view)
    before = session.structure
    first = next(id for id in seats(session, 0) if id not in seats(session, 1))
    send(view.board, "seat", card=first, to=1, **{"from": 0})
    assert str(Message("variants.on_board")) in beside.trail.value
    assert str(Message("judgement.changed")) in shown(judgement)
    send(view.board, "seat", card=first, to=0, **{"from": 1})
    assert session.structure != before, "the card stands at the end of its table"
    assert str(Message("variants.on_board")) not in beside.trail.value
    assert str(Message("judgement.changed")) not in shown(judgement)
    assert [row["choice"] for row in judgement.table.grid.rows] == ["4", "2"]
    keep(view)
    assert session.notice == Message("variants.twice", name=said("variants.now"))


def test_a_mark_tells_who_sits_where_and_not_who_came_first():
    town = Structure("abc", (Table("steering", None, "ab", "t1"), Table("working", None, "c", "t2")), "a")
    tables = town.tables
    assert mark(replace(town, tables=(replace(tables[0], seats="ba"), tables[1]))) == mark(town)
    others = (
        replace(town, tables=(replace(tables[0], seats="c"), replace(tables[1], seats="ab"))),
        replace(town, tables=(replace(tables[0], seats="a"), replace(tables[1], seats="bc"))),
        replace(town, lead="b"),
        replace(town, partners="abcd"),
    )
    assert len({mark(town), *map(mark, others)}) == 5


def test_a_judgement_from_when_marks_told_the_order_of_seats_still_counts():
    town = Structure("abc", (Table("steering", None, "ba", "t1"),), "a")
    value = {"bc17f1e8fe62": {"efficiency": "4", "inclusion": "2"}, mark(town): {"inclusion": "3"}}
    assert judgement(value, town) == {"efficiency": "4", "inclusion": "3"}
    assert judgement({}, town) == {}


def test_a_judgement_of_which_one_half_was_kept_under_an_earlier_mark_is_one(session):
    network = Network([Organisation(id, id) for id in "abc"])
    session.replace(network=network, structure=Structure("abc", (Table("steering", None, "ba", "t1"),), "a"))
    session.save("structure.judgement", {"bc17f1e8fe62": {"efficiency": "4"}})
    assert not judged(session)
    choose(widgets.Judgement(session).table.grid, "inclusion", "2")
    assert judged(session)
    session.save("structure.judgement", {"bc17f1e8fe62": {"efficiency": "4"}, "of another": {"inclusion": "2"}})
    assert not judged(session), "half of one and half of another"


def test_a_card_that_was_put_down_elsewhere_meanwhile_sits_at_no_second_table(session):
    take_case(session, "town")
    board = widgets.StructureBoard(session).board
    card = next(id for id in seats(session, 0) if id in session.structure.partner_ids)
    free = next(n for n in range(len(session.structure.tables)) if card not in seats(session, n))
    before = board.state["version"]
    assert send(board, "seat", card=card, to=free, **{"from": 0})["state"] == "done"
    tables = session.structure.tables
    late = {"do": "seat", "card": card, "from": tables[0].id, "to": next(t.id for t in tables if card not in t.seats)}
    told = box(board, "structure", late, base=before)
    assert told["state"] == "refused" and session.structure.name(card) in told["text"]
    assert session.structure.tables == tables


def test_who_is_taken_off_is_who_was_pressed(session):
    take_case(session, "town")
    board = widgets.StructureBoard(session).board
    before = board.state["version"]
    was = session.lead
    send(board, "seat", card="caw", to="lead")
    told = box(board, "structure", {"do": "unseat", "card": was, "from": "lead"}, base=before)
    assert told["state"] == "refused" and session.structure.name(was) in told["text"] and session.lead == "caw"
    assert send(board, "unseat", card="caw", **{"from": "lead"})["state"] == "done" and session.lead is None


def test_a_refusal_goes_when_it_is_done_after_all_or_something_else_is(session):
    take_case(session, "town")
    view = widgets.StructureBoard(session)
    keep(view, " ")
    assert session.notice == Message("variants.nameless")
    keep(view, "ideaal")
    assert session.notice is None and view.variants.which.options == ("ideaal",)
    keep(view)
    keep(view)
    assert session.notice.key == "variants.twice"
    send(view.board, "add", kind="bilateral")
    assert session.notice is None
    keep(view, " ")
    box(view.board, "table-name", {"do": "text", "text": "De brug"})
    assert session.notice == Message("variants.nameless"), "a letter that was on its way takes no refusal away"
    for _ in range(9):
        session.undo("structure")
    assert session.notice == Message("session.nothing_to_undo")
    assert session.redo("structure") and session.notice.key == "session.redone", "what was done is still said"


def test_the_name_that_is_proposed_is_that_of_no_variant(session):
    take_case(session, "town")
    view = widgets.StructureBoard(session)
    shapes = []
    for number in range(14):
        send(view.board, "add", kind="working")
        shapes.append(session.structure)
        keep(view)
        assert len(view.variants.which.options) == number + 1
    view.variants.which.value = said("variants.proposal", letter="A")
    view.variants.drop.click()
    assert view.variants.name.value == said("variants.proposal", letter="A")
    view.variants.which.value = said("variants.now")
    view.variants.drop.click()
    send(view.board, "add", kind="working")
    keep(view)
    kept = dict(kept_variants(session))
    assert len(kept) == 13 and kept[said("variants.proposal", letter="B")] == shapes[2]


def test_a_variant_keeps_its_seats_while_others_come_and_go(session):
    take_case(session, "town")
    view = widgets.StructureBoard(session)
    keep(view)
    whole = dict(kept_variants(session))[said("variants.now")]
    session.change_network(edit.remove_organisation, "ocmw")
    keep(view, "anders")
    keep(view, "nog anders")
    view.variants.which.value = "anders"
    view.variants.drop.click()
    session.undo("network", "map")
    assert dict(kept_variants(session))[said("variants.now")] == whole


def test_a_list_shows_what_is_kept_where_a_choice_was_not_taken(tmp_path):
    room = open_room(tmp_path, "room-1", tables=1)
    session = open_session(store=tmp_path, room="room-1", group="table-1")
    take_case(session, "town")
    view = widgets.StructureBoard(session)
    network = widgets.NetworkEditor(session)
    keep(view)
    keep(view, "anders")
    room.set(open=False)
    network.lead.value = "caw"
    assert network.lead.value == session.lead == "ocmw" and session.notice == Message("room.not_now")
    chosen = view.variants.which.value
    view.variants.which.value = next(name for name in view.variants.which.options if name != chosen)
    assert view.variants.which.value == chosen


def test_what_differs_from_the_chosen_variant_is_marked_on_the_board(session):
    take_case(session, "town")
    view = widgets.StructureBoard(session)
    keep(view)
    first, second = session.structure.tables[:2]
    assert not any(area[key] for area in areas(view) for key in ("came", "went", "new"))
    send(view.board, "seat", card="library", to=0)
    gone = next(id for id in second.seats if id in session.structure.partner_ids)
    send(view.board, "unseat", card=gone, **{"from": 1})
    send(view.board, "seat", card="caw", to="lead")
    send(view.board, "remove", table=3)
    send(view.board, "add", kind="plenary")
    marked = {area["id"]: area for area in areas(view)}
    assert marked[first.id]["came"] == ["library"] and marked["lead"]["came"] == ["caw"]
    assert marked[second.id]["went"] == [session.structure.name(gone)]
    assert [area["id"] for area in areas(view) if area["new"]] == [session.structure.tables[-1].id]
    assert [len(part["gone"]) for part in view.board.state["parts"]] == [0, 0, 0, 1, 0]
    assert view.board.state["figures"][-1] == str(Message("board.against", n=5, name=said("variants.now")))
    keep(view, "later")
    view.variants.which.value = "later"
    assert view.board.state["figures"][-1] == str(Message("board.against", n=0, name="later"))


def areas(view):
    return [area for part in view.board.state["parts"] for area in part["areas"]]


def test_a_table_is_the_same_by_its_id_else_by_its_kind_and_theme():
    before = Structure("abc", (Table("working", "Wonen", "ab", id="x"), Table("steering", seats="a", id="y")), "a")
    after = Structure("abc", (Table("working", "Huis", "a", id="x"), Table("steering", seats="ab", id="z")), "a")
    told = {place.now: (place.was, place.came, place.went, place.renamed) for place in compared(before, after)}
    assert told["x"] == ("x", (), ("b",), True) and told["z"] == ("y", ("b",), (), False)
    assert told["lead"] == ("lead", (), (), False) and len(told) == 4
    lost = compared(after, Structure("abc"))
    assert [place.was for place in lost if place.differs] == ["lead", "x", "z"]
    assert not any(place.differs for place in compared(after, after))


def test_try_without_the_coordinator_or_the_lead_organisation(session):
    structure = governance.case("cluster").structure
    assert joined(structure) == 276 and joined(without(structure, "coordinator")) == 181
    alone = without(structure, "coordinator")
    assert alone.coordinator is None and reach(alone).only_coordinator == ()
    gone = without(structure, "ocmw-kouterbeke")
    assert gone.lead is None and len(gone.partners) == 27
    assert all("ocmw-kouterbeke" not in table.seats for table in gone.tables)
    take_case(session, "cluster")
    judge(session)
    told = widgets.Variants(session).trial.value
    assert all(said("variants.of", n=n, total=378) in told for n in (276, 181))
    assert said("variants.without_lead", name=structure.name("ocmw-kouterbeke")) in told


def test_four_questions_beside_what_the_own_network_shows(session):
    view = widgets.Balance(session)
    assert said("board.no_network") in view.picture.value
    take_case(session, "town")
    shown = {key: widget.value for key, widget in view.shows.items()}
    assert said("balance.size", n=18, minutes=90, hours=27) in shown["size"]
    counted, alone = (measure("degree_centralisation", session.network, without=gone) for gone in (None, "ocmw"))
    with_lead = said("balance.with_lead", name="OCMW Lindekerke", told=counted.message)
    without_lead = said("balance.without_lead", name="OCMW Lindekerke", told=round(100 * alone.value))
    assert with_lead in shown["power"] and without_lead in shown["power"]
    for row, name in (("diversity", "sectors"), ("trust", "trust_share")):
        assert str(measure(name, session.network)) in shown[row]


def test_three_forms_of_the_own_network_and_a_quadrant_of_its_own(session):
    view = widgets.Forms(session)
    assert "<svg" not in view.pictures.value
    take_case(session, "town")
    assert view.pictures.value.count("<svg") == 3
    assert said("own_forms.lead", n=13, total=39, name="OCMW Lindekerke") in view.pictures.value
    assert said("own_forms.centrality", n=13, total=17, name="OCMW Lindekerke") in view.figures.value
    choose(view.quadrants.grid, "central", "dense")
    assert session.store.get("form-standing.quadrant") == "central-dense"
    choose(view.quadrants.grid, "aside", "loose")
    assert [row["choice"] for row in view.quadrants.grid.rows] == [None, "loose"]
    choose(view.history["stage"].grid, "form-standing.stage", "growing")
    assert view.history["stage"].grid.rows[0]["choice"] == "growing"
    session.change_structure(edit.set_lead, None)
    assert said("own_forms.no_lead") in view.figures.value and "OCMW Lindekerke" not in view.figures.value


def test_what_a_card_would_change_is_weighed_as_it_is_counted_after_the_move(session):
    take_case(session, "town")
    board, sent = widgets.StructureBoard(session).board, []
    board.send = sent.append
    weigh = {"kind": "weigh", "card": "library", "from": "", "to": session.structure.tables[0].id}
    board._handle_custom_msg(weigh, [])
    assert sent == [], "nothing is counted before the own judgement"
    judge(session)
    before = counted(session, session.structure)
    board._handle_custom_msg(weigh, [])
    assert len(session.structure.tables) == 4 and "library" not in seats(session, 0)
    send(board, "seat", card="library", to=0)
    after = counted(session, session.structure)
    pairs = after[0].pairs_met - before[0].pairs_met
    hours = after[1].person_hours - before[1].person_hours
    told = next(one["text"] for one in sent if one.get("kind") == "weighed")
    assert told == said("board.weighed", n=pairs, pairs=f"{pairs:+d}", hours=f"{hours:+.1f}".replace(".", ","))
    assert pairs > 1 and hours > 0
    for nonsense in ({}, {"card": [], "to": {}}, {"card": "library", "to": "new-throne"}, {"card": "x", "to": "lead"}):
        board._handle_custom_msg({"kind": "weigh", **nonsense}, [])
    assert session.failures == []


def test_no_hours_are_weighed_of_a_card_whose_move_leaves_nobody_who_decides(session):
    take_case(session, "town")
    view, counts = widgets.StructureBoard(session), widgets.StructureCounts(session)
    judge(session)
    send(view.board, "add", kind="working")
    last = len(session.structure.tables) - 1
    send(view.board, "theme", table=last, theme="Jeugd")
    for card in ("library", "school"):
        send(view.board, "seat", card=card, to=last)
    steering, youth = session.structure.tables[0].id, session.structure.tables[last].id
    move = {"do": "seat", "card": "library", "from": youth, "to": steering}
    dial(counts, "decision", "Jeugd")
    assert weighed(session, move).key == "board.weighed", "somebody stays there"
    send(view.board, "unseat", card="school", **{"from": youth})
    alone = weighed(session, move)
    assert alone == Message("board.weighed_pairs", n=5, pairs="+5")
    assert weighed(session, {**move, "card": "school", "from": ""}).key == "board.weighed", "one who was not there"
    dial(counts, "decision", "vision")
    assert weighed(session, move).key == "board.weighed" and weighed(session, move).values["n"] == 5


def test_a_page_that_is_loaded_again_on_a_living_kernel_gets_what_stands_there_now(session):
    """As in JupyterLab, where the kernel stays: the browser asks for the state that the widget has."""
    take_case(session, "town")
    board = widgets.StructureBoard(session).board
    first = board.get_state()["state"]
    send(board, "seat", card="library", to=0)
    table = session.structure.tables[0].id
    session.change_structure(edit.set_table_theme, table, "Wonen")
    asked = board.get_state()["state"]
    assert asked == board.state != first
    area = next(area for part in asked["parts"] for area in part["areas"] if area["id"] == table)
    assert "library" in [seat["id"] for seat in area["seats"]]


@pytest.mark.browser
def test_undo_by_key_and_the_focus_never_falls_off_the_board(board_page):
    page, kept = board_page
    live, inside = page.locator(".gbo-board-live"), "document.activeElement.closest('.gbo-board') !== null"
    page.locator("[data-area=new-steering]").click()
    page.locator("[data-part=steering] .gbo-area").wait_for()
    assert page.evaluate(inside), "the button is gone, the focus is not"
    page.locator(".gbo-board-tray .gbo-card[data-card=school]").press("Enter")
    page.locator("[data-area=new-working]").press("Enter")
    page.locator("[data-part=working] .gbo-card").wait_for()
    page.keyboard.press("Control+z")
    wait_for(live, said("session.undone", what=Message("step.board.seat", name=kept().name("school"))))
    page.locator("[data-part=working] .gbo-area").wait_for(state="detached")
    assert page.evaluate(inside) and len(kept().tables) == 1
    page.keyboard.press("Control+y")
    page.locator("[data-part=working] .gbo-card").wait_for()
    page.locator("[data-part=steering] .gbo-area-remove").click()
    page.locator("[data-part=steering] .gbo-area").wait_for(state="detached")
    assert page.evaluate(inside) and [table.seats for table in kept().tables] == [("school",)]


@pytest.mark.browser
def test_a_structure_is_built_by_keyboard_alone(board_page):
    page, kept = board_page
    live, card = page.locator(".gbo-board-live"), page.locator(".gbo-board-tray .gbo-card").first
    focused = "document.activeElement.dataset"
    card.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.evaluate(f"{focused}.card") == "caw"
    page.keyboard.press("Enter")
    wait_for(live, said("board.word.picked", name="CAW Lindekerke"))
    page.keyboard.press("Escape")
    wait_for(live, said("board.word.stopped"))
    assert page.evaluate(f"{focused}.card") == "caw"
    page.keyboard.press("Enter")
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    assert page.evaluate(f"{focused}.area") == "new-steering"
    wait_for(live, said("board.word.over", area=said("board.word.new-steering")))
    page.keyboard.press("Enter")
    wait_for(page.locator("[data-part=steering] .gbo-card"), "CAW Lindekerke")
    page.wait_for_function(f"{focused}.card === 'caw' && {focused}.from !== ''")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    wait_for(page.locator("[data-part=lead] .gbo-card"), "CAW Lindekerke")
    page.locator("[data-part=steering] .gbo-card").focus()
    page.keyboard.press("Delete")
    page.locator("[data-part=steering] .gbo-card").wait_for(state="detached")
    wait_for(live, said("board.word.taken", name="CAW Lindekerke", area=said("board.steering")))
    page.locator("[data-area=new-working]").click()
    page.get_by_placeholder(said("board.word.theme")).fill("Wonen")
    page.keyboard.press("Enter")
    page.locator("[data-part=working] .gbo-area[aria-label*=Wonen]").wait_for()
    page.locator("[data-area=new-working]").click()
    page.get_by_placeholder(said("board.word.theme")).nth(1).fill("wonen")
    page.keyboard.press("Enter")
    wait_for(live, said("edit.theme_taken", theme="Wonen"))
    structure = kept()
    assert structure.lead == "caw" and [table.seats for table in structure.tables] == [(), (), ()]
    assert [table.theme for table in structure.tables] == [None, "Wonen", None]


@pytest.mark.browser
def test_a_card_is_dragged_a_count_follows_and_the_page_is_no_longer_than_it_may_be(board_page, tmp_path):
    page, kept = board_page
    page.locator(".gbo-area-new[data-area=new-steering]").click()
    page.locator(".gbo-area[data-area]").nth(2).wait_for()
    page.get_by_role("button", name=str(Message("variants.keep"))).click()
    wait_for(
        page.locator(".gbo-board-strip"), str(Message("board.against", n=0, name=said("variants.now")))
    )  # drawn: nothing shifts
    drag(
        page,
        page.locator(".gbo-board-tray .gbo-card[data-card=school]"),
        page.locator("[data-part=steering] .gbo-area"),
    )
    wait_for(page.locator("[data-part=steering] .gbo-card"), "De Toren")
    half = next(option.heading for option in question("structure.judgement").options if option.id == "3")
    for radio in page.locator(f"input[type=radio][aria-label*='{half}']").locator("visible=true").all():
        radio.check()
    wait_for(page.locator(".gbo-board-strip"), f"{said('reach.at_table')}: 1")
    wait_for(page.locator(".gbo-board-tray .gbo-card[data-card=school]"), said("board.word.letter.at_table"))
    assert kept().tables[0].seats == ("school",)
    wait_for(page.locator("[data-part=steering] .gbo-came"), "De Toren")
    board, side = (page.locator(place).bounding_box() for place in (".gbo-board", ".gbo-side"))
    assert side["x"] >= board["x"] + board["width"], "the judgement stands beside the board"
    answer_everything(tmp_path)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.reload()
    page.locator("body:not(.waiting) [data-part=working] .gbo-card").nth(9).wait_for()
    page.locator(".gbo-trail table").wait_for()
    assert page.evaluate("document.documentElement.scrollHeight") <= HIGHEST


def answer_everything(work):
    """Twelve organisations at three tables, and an answer to whatever the page asks."""
    opened = open_session(store=work)
    partners = opened.network.organisations[:12]
    ids = [partner.id for partner in partners]
    seats = {"": ids[:5], "Wonen": ids[3:8], "School": ids[7:12]}
    tables = [Table("working" if theme else "steering", theme or None, who) for theme, who in seats.items()]
    structure = Structure(partners, tuple(tables), ids[0], "kim")
    opened.replace(network=Network(partners), structure=structure)
    for entry in asked("3_structure"):
        value = entry.options[0].id if entry.options else "We spreken elkaar elke maand. " * 4
        if entry.id == "structure.judgement":
            value = {mark(structure): {"efficiency": "4", "inclusion": "2"}}
        for person in ("seat-1", "seat-2") if entry.owner == "person" else (None,):
            opened.save(entry.id, value, person)
    opened.save("structure.variants", [{"name": name, "structure": structure.to_dict()} for name in ("nu", "A")])
    opened.store.close()


def wait_for(locator, text):
    locator.filter(has_text=text).first.wait_for()


def drag(page, card, area):
    area.evaluate("node => scrollBy(0, node.getBoundingClientRect().top - 120)")  # so that both are in sight
    start, end = card.bounding_box(), area.bounding_box()
    page.mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] / 2)
    page.mouse.down()
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + end["height"] / 2, steps=6)
    page.mouse.up()


@pytest.fixture
def board_page(running, page, tmp_path):
    """The page on structure, for the town without tables, in a browser; and what is kept of its structure."""
    town = governance.case("town")
    opened = open_session(store=tmp_path)
    opened.replace(network=town.network, structure=Structure(town.network.organisations), case="town")
    with running(tmp_path) as server:
        page.goto(server.address.replace("0_start", "3_structure"))
        page.locator(".gbo-board-tray .gbo-card").first.wait_for()
        yield page, lambda: open_session(store=tmp_path).structure
        page.goto("about:blank")


@pytest.mark.browser
def test_nobody_judges_a_board_that_is_just_changing(board_page):
    page, kept = board_page
    shut = "[...document.querySelectorAll('.gbo-side *')].some((one) => one.inert)"
    page.locator(".gbo-board-tray .gbo-card").first.click()
    page.locator("[data-area=new-steering]").click()
    page.locator("[data-part=steering] .gbo-card").wait_for()
    page.wait_for_function(f"!{shut}")
    page.locator(".gbo-board-tray .gbo-card").nth(1).click()
    moved = f"(area) => {{ area.click(); return {shut}; }}"
    assert page.locator("[data-part=steering] [data-area]").first.evaluate(moved), "before the kernel knows of it"
    page.wait_for_function(f"!{shut}")
    assert until(lambda: len(kept().tables[0].seats) == 2)


@pytest.mark.browser
def test_a_card_that_another_page_takes_away_under_the_mouse_is_let_go(board_page, tmp_path):
    page, kept = board_page
    page.locator(".gbo-board-tray .gbo-card").first.click()
    page.locator("[data-area=new-steering]").click()
    page.locator("[data-part=steering] .gbo-card").wait_for()
    card = page.locator(".gbo-board-tray .gbo-card").nth(1)
    gone = card.get_attribute("data-card")
    area = page.locator("[data-part=steering] .gbo-area")
    start, end = card.bounding_box(), area.bounding_box()
    page.mouse.move(start["x"] + 9, start["y"] + 9)
    page.mouse.down()
    page.mouse.move(end["x"] + 20, end["y"] + 9, steps=4)
    page.locator(".gbo-ghost").wait_for()
    open_session(store=tmp_path).change_network(edit.remove_organisation, gone)
    page.locator(f".gbo-card[data-card='{gone}']").first.wait_for(state="detached")
    page.locator(".gbo-ghost").wait_for(state="detached")
    page.mouse.move(end["x"] + 40, end["y"] + 20, steps=4)
    page.mouse.up()
    page.locator(".gbo-board-tray .gbo-card").nth(1).click()
    area.click()
    assert until(lambda: len(kept().tables[0].seats) == 2)


@pytest.mark.browser
def test_who_stands_at_what_another_page_takes_off_the_board_takes_nothing_else_off(board_page, tmp_path):
    page, kept = board_page
    other = open_session(store=tmp_path)
    ids = [partner.id for partner in other.network.organisations[:2]]

    def sit(*seats):
        other.replace(structure=replace(other.structure, tables=(Table("steering", None, seats),)))

    sit(*ids)
    page.locator(f".gbo-card-off[data-off='{ids[0]}']").focus()
    sit(ids[1])
    page.locator(f".gbo-card-off[data-off='{ids[0]}']").wait_for(state="detached")
    assert page.evaluate("document.activeElement.tagName") == "LI"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.card") == ids[1], "from here it goes on"
    assert kept().tables[0].seats == (ids[1],)


@pytest.mark.browser
def test_a_card_that_is_let_go_by_escape_is_not_picked_up_by_the_mouse_that_still_holds_it(board_page):
    page, _ = board_page
    card = page.locator(".gbo-board-tray .gbo-card").nth(1)
    card.scroll_into_view_if_needed()
    box = card.bounding_box()
    page.mouse.move(box["x"] + 9, box["y"] + 9)
    page.mouse.down()
    page.mouse.move(box["x"] + 40, box["y"] + 12, steps=4)
    page.locator(".gbo-ghost").wait_for()
    page.keyboard.press("Escape")
    page.mouse.up()
    assert not page.locator("[data-picking]").count()
    card.click()
    assert page.locator("[data-picking]").count(), "the next click counts"


def test_the_letters_of_the_board_stand_on_the_network_too(tmp_path):
    from workshop.domain.governance import case
    from workshop.widgets.structure import reach_picture

    town = case("town")
    drawn = reach_picture(town.network, town.structure.lead, reach(town.structure, "vision"))
    words = {said(f"board.word.letter.{word}"): word for word in REACH}
    badges = [words[text] for text in re.findall(">([^<]+)</text>", drawn) if text in words]
    assert len(badges) == len(town.network.organisations) and set(badges) == {"at_table", "one_step", "nowhere"}
    assert badges.count("at_table") == 6 and said("reach.at_table") in drawn
