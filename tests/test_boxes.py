"""What browsers held on to: nothing lost, nothing twice, nothing applied where it does not belong; undo and redo."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workshop.answers.copies import copy_of
from workshop.answers.rooms import open_room
from workshop.domain import edit
from workshop.session import open_session
from workshop.texts import message_keys
from workshop.widgets.answer_field import AnswerField
from workshop.widgets.network_map import MapCanvas


@pytest.fixture
def pages(tmp_path):
    """Two pages of one table."""
    opened = [open_session(store=tmp_path / "work"), open_session(store=tmp_path / "work")]
    yield opened
    assert [page.failures for page in opened] == [[], []]


def entry(n, item, do, base=0, age=0, person=None, confirmed=False, **what):
    found = {"n": n, "item": item, "base": base, "age": age, "person": person, "what": {"do": do, **what}}
    return found | ({"confirmed": True} if confirmed else {})


def send(page, box, *entries, **other):
    store = page.store
    content = {"box": box, "store": store.id, "generation": store.generation, "room": store.room, "group": store.group}
    return page.receive({**content, "entries": list(entries), **other})


def states(reply):
    return [result["state"] for result in reply["results"]]


def names(page):
    page.refresh()
    return sorted(item.name for item in page.network.organisations)


# -- once, in order, and only here -------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9))
def test_a_lossy_reordered_line_with_two_senders_loses_nothing_and_doubles_nothing(tmp_path_factory, seed):
    page = open_session(store=tmp_path_factory.mktemp("work"))
    luck = random.Random(seed)
    held, wire, wanted = [], [], []
    for _ in range(120):
        if luck.random() < 0.4:
            wanted.append(f"organisatie {len(wanted) + 1}")
            held.append(entry(len(wanted), "network", "add", text=wanted[-1]))
        wire += [list(held) for _sender in range(2) if luck.random() < 0.5]
        if wire and luck.random() < 0.6:
            sent = wire.pop(0 if luck.random() < 0.7 else luck.randrange(len(wire)))
            if luck.random() < 0.3:
                continue
            reply = send(page, "box", *sent)
            if luck.random() < 0.7:
                held = [one for one in held if one["n"] > reply["upto"]]
    send(page, "box", *held)
    assert [item.name for item in page.network.organisations] == wanted


@pytest.mark.parametrize("elsewhere", [{"store": "other"}, {"room": "other"}, {"group": "table-2"}, {"store": None}])
def test_a_box_of_another_folder_room_or_table_is_never_applied(pages, elsewhere):
    reply = send(pages[0], "box", entry(1, "network", "add", text="CAW"), **elsewhere)
    assert reply["upto"] == -1 and names(pages[0]) == []


def test_a_box_of_before_everything_was_deleted_is_asked_about(pages):
    before = pages[0].store.generation
    send(pages[0], "box", entry(1, "agreement.what", "text", text="voor"))
    pages[1].refresh()
    pages[1].delete_group()
    reply = send(pages[0], "box", entry(2, "agreement.what", "text", text="typt door"), generation=before)
    assert (states(reply), reply["upto"], reply["results"][0]["reason"]) == (["asked"], 1, "generation")
    assert pages[0].store.get("agreement.what") is None
    confirmed = entry(2, "agreement.what", "text", text="typt door", confirmed=True)
    assert states(send(pages[0], "box", confirmed, generation=before)) == ["asked"], "never applied"
    assert states(send(pages[0], "new", entry(1, "agreement.what", "text", text="typt door"))) == ["done"]


def test_what_waited_long_and_was_overtaken_is_asked_about(pages):
    send(pages[0], "a", entry(1, "network", "add", text="CAW"))
    old = 11 * 60 * 1000
    late = entry(1, "network", "remove", id="caw", base=0, age=old)
    assert states(send(pages[1], "b", late)) == ["asked"] and names(pages[1]) == ["CAW"]
    assert states(send(pages[1], "b", {**late, "confirmed": True})) == ["done"] and names(pages[1]) == []
    fresh = entry(2, "agreement.what", "text", text="van gisteren", age=old)
    assert states(send(pages[1], "b", fresh)) == ["done"], "nobody overtook it"


def test_an_entry_that_cannot_be_read_does_not_hold_up_the_others(pages):
    broken = {**entry(2, "network", "add"), "what": None}
    add = [entry(1, "network", "add", text="CAW"), broken, entry(3, "network", "add", text="OCMW")]
    reply = send(pages[0], "a", *add)
    assert states(reply) == ["done", "failed"] and reply["upto"] == 1 and names(pages[0]) == ["CAW"]
    without_number = {**broken, "n": None}
    assert states(send(pages[0], "a", without_number, "no entry", add[2])) == ["done"]
    assert names(pages[0]) == ["CAW", "OCMW"]


@pytest.mark.parametrize("half", [{"item": "agreement.\ud83d"}, {"item": "role.taken", "person": "seat-\ud83d"}])
def test_half_a_character_in_a_name_that_waited_long_does_not_hold_up_the_others(pages, half):
    old = {**entry(1, "", "nothing", age=11 * 60 * 1000), **half}
    assert states(send(pages[0], "a", old)) == ["failed"]


def test_what_is_refused_leaves_no_trace_and_the_rest_goes_on(pages):
    add = [entry(1, "network", "add", text="CAW"), entry(2, "network", "add", text="caw", base=2**40)]
    reply = send(pages[0], "a", *add, entry(3, "network", "add", text="OCMW"))
    assert states(reply) == ["done", "refused", "done"] and reply["upto"] == 3
    assert "CAW" in reply["results"][1]["text"] and names(pages[0]) == ["CAW", "OCMW"]


@pytest.mark.parametrize(
    "what",
    [
        {"do": "nothing-known"},
        {"do": ["add"]},
        {"do": "ties", "ids": 5},
        {"do": "add", "text": None},
        {"do": "tie", "source": {}, "target": []},
        {"do": "set_tie", "source": "x", "target": "y", "trust": {}},
        {"do": "remove", "id": "nobody"},
        {},
    ],
)
def test_nonsense_changes_nothing_and_is_said(pages, what):
    send(pages[0], "a", entry(1, "network", "add", text="CAW"))
    reply = send(pages[0], "a", {"n": 2, "item": "network", "what": what})
    assert states(reply)[0] in ("failed", "refused") and reply["results"][0]["text"] and names(pages[0]) == ["CAW"]


def test_while_it_cannot_be_kept_the_browser_keeps_it(pages):
    import sqlite3

    pages[0].store.execute("PRAGMA busy_timeout=30")
    other = sqlite3.connect(pages[0].store.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    reply = send(pages[0], "a", entry(1, "network", "add", text="CAW"))
    assert states(reply) == ["later"] and reply["upto"] == 0 and pages[0].saved == "unsaved"
    other.execute("ROLLBACK")
    assert states(send(pages[0], "a", entry(1, "network", "add", text="CAW"))) == ["done"]
    assert pages[0].saved == "saved" and names(pages[0]) == ["CAW"]


# -- two pages ---------------------------------------------------------------------------------------------------------


def test_what_another_page_sent_for_this_one_is_shown_before_it_is_called_kept(pages):
    wrote, sends = pages
    field = AnswerField(wrote, "agreement.what", "Naam")
    typed = entry(1, "agreement.what", "text", text="De Brug")
    assert states(send(sends, "box", typed)) == ["done"]
    assert send(wrote, "box", typed)["upto"] == 1
    assert (field.value, field.version) == ("De Brug", wrote.store.version("agreement.what"))


def test_the_map_hears_of_each_version_also_where_two_changes_cancel_out(pages):
    page, _ = pages
    page.change_network(edit.add_organisation, "Aap")
    canvas = MapCanvas(page)
    there = [entry(n, "network", "rename", id="aap", name=name) for n, name in ((1, "Noot"), (2, "Aap"))]
    assert states(send(page, "box", *there)) == ["done", "done"]
    assert canvas.state["version"] == page.store.version("network")


def test_structure_and_network_changed_in_two_pages_are_both_kept(pages):
    one, two = pages
    send(one, "a", entry(1, "network", "add", text="OCMW"), entry(2, "network", "add", text="CAW"))
    two.refresh()
    seats = [entry(1, "structure", "seat", card="ocmw", **{"from": ""}, to="lead")]
    seats.append(entry(2, "structure", "seat", card="caw", **{"from": ""}, to="new-steering"))
    send(two, "b", *seats)
    send(one, "a", entry(3, "network", "add", text="Nieuw"))  # this page has not looked since
    for page in pages:
        page.refresh()
        assert page.structure.lead == "ocmw" and page.structure.tables[0].seats == ("caw",)
        assert names(page) == ["CAW", "Nieuw", "OCMW"] and len(page.structure.partners) == 3


def test_two_pages_that_remove_and_add_tables_by_turns(pages):
    one, two = pages
    send(one, "a", *(entry(n, "structure", "add", kind="working") for n in (1, 2, 3)))
    two.refresh()
    second = one.structure.tables[1].id
    assert states(send(one, "a", entry(4, "structure", "remove", table=second))) == ["done"]
    reply = send(two, "b", entry(1, "structure", "remove", table=second), entry(2, "structure", "add", kind="working"))
    assert states(reply) == ["refused", "done"], "the second table is gone already, and the third stays"
    ids = [table.id for table in two.structure.tables]
    assert len(ids) == 3 and second not in ids, "an id is never given again"


def test_the_same_name_in_two_pages_is_one_organisation_and_said(pages):
    send(pages[0], "a", entry(1, "network", "add", text="CAW Noord"))
    reply = send(pages[1], "b", entry(1, "network", "add", text="caw  noord", base=0))
    assert states(reply) == ["done"] and reply["results"][0]["new"] == ["caw-noord"]
    assert "CAW Noord" in reply["results"][0]["text"] and names(pages[1]) == ["CAW Noord"]
    seen = pages[1].store.version("network")
    assert states(send(pages[1], "b", entry(2, "network", "add", text="CAW noord", base=seen))) == ["refused"]


def test_an_id_of_one_who_left_is_given_to_nobody(pages):
    add = entry(1, "network", "add", text="CAW")
    send(pages[0], "a", add, entry(2, "network", "remove", id="caw"), entry(3, "network", "add", text="CAW"))
    assert [item.id for item in pages[0].network.organisations] == ["caw-2"]


def test_text_of_two_pages_is_both_there_until_one_is_chosen(pages):
    one, two = pages
    send(one, "a", entry(1, "agreement.what", "text", text="wij"))
    send(two, "b", entry(1, "agreement.what", "text", text="zij", base=0))
    assert {one.store.get("agreement.what"), *one.store.others("agreement.what")} == {"wij", "zij"}
    send(two, "b", entry(2, "agreement.what", "text", text="zij ook", base=0))
    assert one.store.others("agreement.what") == ["wij"], "typing on adds no third one"
    send(one, "a", entry(2, "agreement.what", "choose", text="wij"))
    assert one.store.get("agreement.what") == "wij" and one.store.others("agreement.what") == []
    assert one.store.earlier("agreement.what") == ["zij ook"]
    last = one.store.version("agreement.what")
    send(two, "b", entry(3, "agreement.what", "text", text="verder", base=last))
    assert one.store.others("agreement.what") == []
    one.delete("agreement.what")
    assert one.store.earlier("agreement.what") == []


def test_a_choice_made_on_an_older_version_counts_and_is_said(pages):
    send(pages[0], "a", entry(1, "factor.commitment", "put", value="high"))
    reply = send(pages[1], "b", entry(1, "factor.commitment", "put", value="low", base=0))
    assert states(reply) == ["done"] and reply["results"][0]["text"]
    assert pages[0].store.get("factor.commitment") == "low"


def test_parts_of_one_value_set_in_two_pages_stay_beside_each_other(pages):
    put = {"item": "structure.judgement", "do": "set"}
    send(pages[0], "a", entry(1, **put, path=["mark", "efficiency"], value="2"))
    send(pages[1], "b", entry(1, **put, path=["mark", "inclusion"], value="4"))
    assert pages[0].store.get("structure.judgement") == {"mark": {"efficiency": "2", "inclusion": "4"}}


# -- what is kept has another shape ------------------------------------------------------------------------------------

SHAPES = [5, "x", [], {"network": 3}, {"network": {"organisations": 7, "ties": "x"}}, {"tables": [{"kind": 5}]}, None]
SHAPES += [{"network": {"organisations": [{"id": "a", "name": "A", "colour": "red"}, {"id": 5}], "more": 1}}]
SHAPES += [{"tables": [{"kind": "cabaret", "seats": ["x"]}, {"kind": "working", "seats": 4}], "lead": {}, "removed": 9}]


@pytest.mark.parametrize("item", ["network", "structure", "map", "structure.variants", "structure.judgement"])
@pytest.mark.parametrize("shape", SHAPES, ids=range(len(SHAPES)))
def test_a_value_of_another_shape_never_stops_a_page(tmp_path, item, shape):
    first = open_session(store=tmp_path)
    first.save(item, shape)
    page = open_session(store=tmp_path)
    assert page.change_network(edit.add_organisation, "CAW")
    assert "CAW" in names(page)
    from workshop.answers.tables import table_of
    from workshop.output.report import report_html

    assert table_of(page.store).name and report_html(page)


# -- undo and redo -----------------------------------------------------------------------------------------------------


def shape_of(page):
    return page.network, page.structure.tables, page.structure.lead, page.places


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 5), min_size=1, max_size=14), st.integers(1, 20))
def test_undo_goes_back_through_every_step_and_redo_forward_again(tmp_path_factory, acts, times):
    page = open_session(store=tmp_path_factory.mktemp("work"))
    seen = [shape_of(page)]
    for n, act in enumerate(acts, 1):
        ids = [item.id for item in page.network.organisations]
        edits = [
            entry(n, "network", "add", text=f"organisatie {n}", at=[n, n]),
            entry(n, "map", "place", places={id: [n, 7] for id in ids[:1]}),
            entry(n, "network", "remove", id=ids[0] if ids else ""),
            entry(n, "structure", "add", kind="working"),
            entry(n, "structure", "seat", card=ids[0] if ids else "x", **{"from": ""}, to="new-steering"),
            entry(n, "network", "ties", ids=ids[:2], text="1 2", most=len(ids), of=""),
        ]
        send(page, "box", edits[act])
        if shape_of(page) != seen[-1]:
            seen.append(shape_of(page))
    travelled = min(times, len(seen) - 1)
    for step in range(1, travelled + 1):
        said = page.undo()
        assert said.key == "session.undone" and "step." not in str(said)
        assert shape_of(page) == seen[-1 - step]
    for step in range(travelled - 1, -1, -1):
        assert page.redo() is not None and shape_of(page) == seen[-1 - step]
    assert page.redo() is None and page.notice.key == "session.nothing_to_redo"


def test_undo_is_there_in_every_page_and_after_a_reload(pages, tmp_path):
    send(pages[0], "a", entry(1, "network", "add", text="OCMW"), entry(2, "network", "add", text="CAW"))
    pages[1].refresh()
    assert "CAW" in str(pages[1].undo("network", "map")) and names(pages[0]) == ["OCMW"]
    later = open_session(store=tmp_path / "work")
    assert "OCMW" in str(later.undo("network", "map")) and names(pages[0]) == []
    assert later.redo("network", "map") and later.redo("network", "map") and names(pages[0]) == ["CAW", "OCMW"]


def test_undo_is_refused_where_the_page_has_not_seen_the_newest(pages):
    one, two = pages
    send(one, "a", entry(1, "network", "add", text="OCMW"))
    two.refresh()
    send(one, "a", entry(2, "network", "add", text="CAW"))
    assert two.undo("network", "map") is None and two.notice.key == "session.newer_step"
    assert names(two) == ["CAW", "OCMW"] and two.undo("network", "map")


def test_a_closed_room_takes_nothing_back(tmp_path):
    room = open_room(tmp_path, "room-1", tables=1)
    page = open_session(store=tmp_path, room="room-1", group="table-1")
    send(page, "a", entry(1, "network", "add", text="OCMW"))
    send(page, "a", entry(2, "network", "add", text="CAW"))
    page.undo("network", "map")
    room.set(open=False)
    for travel in (page.undo, page.redo):
        assert travel("network", "map") is None and page.notice.key == "room.not_now"
    assert names(page) == ["OCMW"]
    room.set(open=True)
    assert page.redo("network", "map") and names(page) == ["CAW", "OCMW"]


def test_automatic_places_are_no_step(pages):
    page = pages[0]
    send(page, "a", entry(1, "network", "add", text="OCMW"))
    send(page, "a", entry(2, "map", "place", places={"ocmw": [1, 2]}, quiet=True))
    assert "OCMW" in str(page.undo("network", "map")) and names(page) == []


def test_a_case_is_one_step_over_network_and_structure(pages):
    from workshop.domain import governance

    case = governance.case("town")
    pages[0].replace(network=case.network, structure=case.structure, case=case.id)
    assert pages[0].structure.tables and pages[0].case == "town"
    pages[0].undo("network", "map")
    assert not pages[0].network.organisations and not pages[0].structure.tables and pages[0].case is None


def test_undo_takes_back_all_that_it_names_or_nothing(pages):
    from workshop.domain import governance

    page = pages[0]
    send(page, "a", entry(1, "network", "add", text="Huis"))
    case = governance.case("town")
    page.replace(network=case.network, structure=case.structure, case=case.id)
    send(page, "a", entry(2, "network", "add", text="Later"))
    assert page.undo("structure") is None and page.notice.key == "session.step_apart"
    assert page.structure.tables and page.case == "town"
    assert "Later" in str(page.undo("network", "map")) and page.undo("structure")
    assert names(page) == ["Huis"] and not page.structure.tables


def test_what_was_done_since_ends_a_redo_and_no_other(pages):
    page = pages[0]
    send(page, "a", entry(1, "network", "add", text="Aap", at=[1, 1]))
    send(page, "a", entry(2, "network", "add", text="Noot", at=[5, 5]))
    page.undo("network", "map")
    send(page, "a", entry(3, "map", "place", places={"aap": [30, 40]}))
    assert page.redo("network", "map") is None and page.notice.key == "session.nothing_to_redo"
    page.undo("network", "map")
    assert page.redo("network", "map") and page.places["aap"] == [30, 40] and names(page) == ["Aap"]


def drawn_and_renamed(page):
    """Dragged, then given another name, with a step of before the name amended."""
    send(page, "a", entry(1, "network", "add", text="OCMW"))
    send(page, "a", entry(2, "map", "place", places={"ocmw": [1, 2]}))
    send(page, "a", entry(3, "map", "place", places={"ocmw": [30, 40]}))
    send(page, "a", entry(4, "network", "rename", id="ocmw", name="OCMW Westrand"))
    send(page, "a", entry(5, "map", "hide", kinds=["referral"]))


def test_a_step_in_another_item_ends_a_redo_too(pages):
    page = pages[0]
    drawn_and_renamed(page)
    page.undo("network", "map")
    page.undo("network", "map")
    assert page.places["ocmw"] == [1, 2] and names(page) == ["OCMW"]
    send(page, "a", entry(6, "network", "rename", id="ocmw", name="OCMW Oost"))
    assert page.redo("network", "map") is None and page.notice.key == "session.nothing_to_redo"
    assert page.undo("network", "map") and names(page) == ["OCMW"]


def test_what_is_no_step_of_its_own_does_not_bring_a_redo_back(pages):
    page = pages[0]
    drawn_and_renamed(page)
    page.undo("network", "map")
    page.undo("network", "map")
    send(page, "a", entry(6, "network", "add", text="CAW"))
    send(page, "a", entry(7, "map", "place", places={"caw": [9, 9]}, quiet=True))
    send(page, "a", entry(8, "map", "hide", kinds=[]))
    assert page.redo("network", "map") is None and page.notice.key == "session.nothing_to_redo"
    assert page.places["caw"] == [9, 9]


def test_steps_are_taken_back_in_the_same_order_in_a_copy(pages, tmp_path):
    page = pages[0]
    drawn_and_renamed(page)
    other = open_session(store=tmp_path / "elsewhere")
    other.take_copy(copy_of(page.store))
    again = open_session(store=tmp_path / "elsewhere")
    for _ in range(3):
        assert str(again.undo("network", "map")) == str(page.undo("network", "map"))
        assert (names(again), again.places) == (names(page), page.places)


def test_undo_of_the_very_first_step_leaves_nothing(pages):
    page = pages[0]
    send(page, "a", entry(1, "network", "add", text="Aap", at=[1, 1]))
    assert page.undo("network", "map") and page.store.get("network") is None and page.store.get("map") is None


def test_undo_of_the_first_step_leaves_what_is_hidden_and_nobody_on_the_board(pages):
    page = pages[0]
    send(page, "a", entry(1, "network", "add", text="Aap", at=[1, 1]))
    send(page, "a", entry(2, "map", "hide", kinds=["referral"]))
    send(page, "b", entry(1, "structure", "seat", card="aap", **{"from": ""}, to="coordinator"))
    assert page.structure.coordinator == "aap"
    assert page.undo("network", "map") and page.structure.coordinator is None
    assert page.redo("network", "map") and page.hidden_kinds == ("referral",) and page.structure.coordinator == "aap"


def test_undo_of_a_move_leaves_what_is_hidden(pages):
    page = pages[0]
    send(page, "a", entry(1, "network", "add", text="OCMW"))
    send(page, "a", entry(2, "map", "place", places={"ocmw": [1, 2]}))
    send(page, "a", entry(3, "map", "place", places={"ocmw": [30, 40]}))
    send(page, "a", entry(4, "map", "hide", kinds=["referral"]))
    page.undo("network", "map")
    assert page.places["ocmw"] == [1, 2] and page.hidden_kinds == ("referral",)
    page.redo("network", "map")
    assert page.places["ocmw"] == [30, 40] and page.hidden_kinds == ("referral",)


def test_a_newcomer_that_is_undone_stays_no_person_on_the_board(pages):
    page = pages[0]
    send(page, "a", entry(1, "network", "add", text="OCMW"), entry(2, "network", "add", text="Mies"))
    send(page, "b", entry(1, "structure", "seat", card="mies", **{"from": ""}, to="coordinator"))
    send(page, "b", entry(2, "structure", "seat", card="mies", **{"from": ""}, to="new-working"))
    assert page.structure.coordinator == "mies"
    page.undo("network", "map")
    assert names(page) == ["OCMW"] and page.structure.coordinator is None and page.structure.tables[0].seats == ()
    page.redo("network", "map")
    assert page.structure.coordinator == "mies"


def test_a_partner_who_comes_back_by_undo_has_its_seats_again(pages):
    page = pages[0]
    send(page, "a", entry(1, "network", "add", text="OCMW"))
    send(page, "b", entry(1, "structure", "seat", card="ocmw", **{"from": ""}, to="new-working"))
    send(page, "a", entry(2, "network", "remove", id="ocmw"))
    assert page.structure.tables[0].seats == ()
    page.undo("network", "map")
    assert page.structure.tables[0].seats == ("ocmw",)


def test_every_step_has_words():
    from workshop import entries

    found = set()
    for (item, act), function in entries.ACTS.items():
        if item in ("network", "structure"):
            view = {"network": "map", "structure": "board"}[item]
            found.add(f"step.{view}.{act}")
            assert function.__name__
    assert found - {"step.map.ties"} <= message_keys() | {"step.board.blank"}
