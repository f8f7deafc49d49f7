"""What leaves a table as a file, and what others make of such files."""

import json

import pytest
from viewing import press

from workshop.answers import open_store
from workshop.answers.copies import copy_of, take_copy
from workshop.answers.handin import hand_in, read_hand_in, shown_by
from workshop.answers.tables import read_room, table_of
from workshop.exchange.questions import ImportProblem
from workshop.session import open_session
from workshop.texts import Message, Problem
from workshop.widgets.start import ReportButton

SECRET = "geheim-van-een-stoel"
TEXT = "reflection.1.own-experience"


@pytest.fixture
def table(tmp_path):
    session = open_session(store=tmp_path / "work")
    session.save("table-name", "Tafel Westrand")
    session.save("agreement.what", "Elke maand overleg")
    for number in range(1, 7):
        session.save("role.taken", "facilitator" if number < 4 else "commissioner", person=f"seat-{number}")
        session.save(TEXT, f"{SECRET} {number}", person=f"seat-{number}")
    session.save("reflection.2.role-experience", "dit mag", person="seat-2")
    session.store.release("reflection.2.role-experience", "seat-2")
    return session


def written(tmp_path, document, name="x.json"):
    path = tmp_path / "in" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(document if isinstance(document, bytes) else json.dumps(document).encode())
    return path


def test_a_hand_in_holds_what_may_be_shown_and_no_seat(tmp_path, table):
    name, raw = hand_in(table.store)
    assert name.isascii() and name.endswith(".json")
    text = raw.decode()
    assert "Elke maand overleg" in text and "dit mag" in text
    assert SECRET not in text and "seat-" not in text and "facilitator" not in text
    table.open_spread("role.taken")
    again = json.loads(hand_in(table.store)[1])
    assert again["spreads"]["role.taken"] == [["commissioner", 3], ["facilitator", 3]]
    table.save("role.taken", "commissioner", person="seat-1")
    assert json.loads(hand_in(table.store)[1])["spreads"] == again["spreads"], "an opened spread is a frozen copy"


def test_a_person_more_or_an_answer_less_is_not_the_difference_between_two_hand_ins(table):
    table.open_spread("role.taken")
    before = json.loads(hand_in(table.store)[1])["spreads"]
    table.save("role.taken", "co-producer", person="seat-7")
    assert "role.taken" not in table.store.openable() and json.loads(hand_in(table.store)[1])["spreads"] == before
    table.store.delete("role.taken", "seat-1")
    assert json.loads(hand_in(table.store)[1])["spreads"] == {}
    table.save("role.taken", "facilitator", person="seat-1")
    assert "role.taken" not in table.store.openable() and json.loads(hand_in(table.store)[1])["spreads"] == {}


def test_the_trainer_reads_what_the_table_would_show(tmp_path, table):
    table.open_spread("role.taken")
    path = written(tmp_path, hand_in(table.store)[1])
    room = read_room(path.parent)
    (read,) = room.tables
    assert read.name == "Tafel Westrand" and read.text("agreement.what") == "Elke maand overleg"
    assert read.spread("role.taken") == room.spread("role.taken") == {"commissioner": 3, "facilitator": 3}
    assert read.answered("role.taken") == 6 and read.released("reflection.2.role-experience") == ["dit mag"]
    assert read.released(TEXT) == []


def test_of_one_table_the_newest_file_counts_and_two_laptops_are_two_tables(tmp_path, table):
    written(tmp_path, hand_in(table.store)[1], "b.json")
    table.save("agreement.what", "Nieuw")
    written(tmp_path, hand_in(table.store)[1], "a.json")
    other = open_session(store=tmp_path / "elsewhere")
    other.save("table-name", "Andere")
    written(tmp_path, hand_in(other.store)[1], "c.json")
    room = read_room(tmp_path / "in")
    assert sorted(read.name for read in room.tables) == ["Andere", "Tafel Westrand"]
    assert "Nieuw" in room.texts("agreement.what")
    assert [note.key for note in room.notes] == ["answers.older"]


def test_a_work_folder_is_read_as_it_is_and_its_own_hand_ins_count_once(tmp_path, table):
    folder = tmp_path / "work" / "handin"
    folder.mkdir()
    (folder / "x.json").write_bytes(hand_in(table.store)[1])
    table.save("agreement.what", "Later")
    assert read_room(tmp_path / "work").texts("agreement.what") == ["Later"]


def at_once(session, *texts):
    """Let pages that did not see each other write the agreement; the last one counts, the others stand beside it."""
    for number, text in enumerate(texts):
        with session.store.change(f"page-{number}") as change:
            change.write_text("agreement.what", text, None, base=0)


def both_ways(tmp_path, session):
    """A table as its own report reads it, and as the trainer reads what it handed in."""
    path = written(tmp_path, hand_in(session.store)[1])
    return [table_of(session.store), *read_room(path).tables]


@pytest.mark.parametrize("emptied", ["", "  \n"])
def test_a_text_that_was_emptied_is_not_stated_where_another_stands_beside_it_but_is_told(tmp_path, emptied):
    session = open_session(store=tmp_path / "work")
    at_once(session, "Van bladzijde A", "Van bladzijde B")
    with session.store.change("page-1") as change:
        change.write_text("agreement.what", emptied, None, base=session.store.version("agreement.what"))
    assert session.store.others("agreement.what") == ["Van bladzijde A"]
    assert session.store.answered_items() == {"agreement.what"}, "there is something to choose from"
    for read in both_ways(tmp_path, session):
        assert read.texts("agreement.what") == [] and read.text("agreement.what") == ""
        assert read.conflicts == ["agreement.what"]
        assert "Van bladzijde A" not in [answer.value for answer in read.shown()]
    session.store.delete("agreement.what")
    assert table_of(session.store).conflicts == []


def test_what_was_withdrawn_is_not_shown_by_a_conflict_that_it_came_in(tmp_path):
    session = open_session(store=tmp_path)
    first = session.store.put("reflection-table.1", "weer van ons alleen")
    session.store.release("reflection-table.1", None)
    with session.store.change("another page") as change:
        change.write_text("reflection-table.1", "van de andere pagina", None, first)
    assert session.store.others("reflection-table.1") == ["weer van ons alleen"]
    assert [answer.value for answer in shown_by(session.store)] == []


def test_ones_own_text_after_its_own_release_is_no_conflict(tmp_path):
    session = open_session(store=tmp_path)
    with session.store.change("mine") as change:
        first = change.write_text("reflection-table.1", "eerst", None, 0)
    session.store.release("reflection-table.1", None)
    with session.store.change("mine") as change:
        change.write_text("reflection-table.1", "eerst en dan", None, first)
    assert session.store.others("reflection-table.1") == []
    assert session.store.visibility("reflection-table.1") == "private"


def test_an_empty_text_with_nothing_beside_it_is_no_conflict(tmp_path):
    session = open_session(store=tmp_path / "work")
    session.save("table-name", "Tafel Westrand")
    for emptied in ("", "  \n"):
        session.save("agreement.what", "Iets")
        session.save("agreement.what", emptied)
        for read in both_ways(tmp_path, session):
            assert read.texts("agreement.what") == [] and read.conflicts == []


def test_of_three_texts_in_a_conflict_the_newest_is_first(tmp_path):
    session = open_session(store=tmp_path / "work")
    at_once(session, "Eerste", "Tweede", "Derde")
    for read in both_ways(tmp_path, session):
        assert read.texts("agreement.what") == ["Derde", "Tweede", "Eerste"]
        assert read.conflicts == ["agreement.what"]


def test_nothing_to_hand_in_is_a_sentence(tmp_path):
    with pytest.raises(Problem) as problem:
        hand_in(open_store(tmp_path))
    assert problem.value.message.key == "report_button.nothing"


def hostile():
    base = {"kit": "gbo-hand-in", "format": 1, "store": "x", "room": "r", "group": "g", "made": "2026-11-26T10:00:00Z"}
    one = {"item": "agreement.what", "value": "v", "visibility": "group", "saved_at": "2026-11-26T10:00:00Z"}
    deep = "[" * 1000 + "]" * 1000
    yield "huge", json.dumps({**base, "answers": [{**one, "value": 0}]}).replace('"value": 0', f'"value": 1{"0" * 400}')
    endless = f'"value": 1{"0" * 9000}'
    yield "endless", json.dumps({**base, "answers": [{**one, "value": 0}]}).replace('"value": 0', endless)
    for year in ("0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59-23:59", "x", 5, None, []):
        yield f"year {year}", json.dumps({**base, "made": year, "answers": [{**one, "saved_at": year}]})
    yield "deep", json.dumps({**base, "answers": [{**one, "value": 0}]}).replace('"value": 0', f'"value": {deep}')
    yield "deeper", "[" * 100_000
    yield "infinite", json.dumps({**base, "answers": [{**one, "item": "factor.commitment", "value": float("inf")}]})
    for wrong in (5, "x", None, [], {}, [5], [None], [[]], [{"item": 5}], {"a": 5}, [{**one, "visibility": "private"}]):
        parts = {part: wrong for part in ("answers", "released", "spreads", "answered")}
        yield f"wrong {wrong}", json.dumps({**base, **parts})
    for item in ("network", "structure", "map", "structure.variants", "table-name", "structure.judgement"):
        for value in (5, "x", [], {"network": {"organisations": [5, {"id": "a", "name": {}}], "ties": {}}}, [[[]]]):
            yield f"{item} {value}", json.dumps({**base, "answers": [{**one, "item": item, "value": value}]})
    yield "spread of four", json.dumps({**base, "spreads": {"role.taken": [["a", 4]]}})
    yield "spread of minus", json.dumps({**base, "spreads": {"role.taken": [["a", -4], ["b", 10]]}})
    yield "names as paths", json.dumps({**base, "group": "../../x", "room": "/etc", "store": "\x00", "answers": [one]})
    yield "half a character", json.dumps({**base, "answers": [{**one, "value": "\ud83d"}]})
    yield "of later", json.dumps({**base, "format": 2})
    yield "no format", json.dumps({**base, "format": "1"})
    yield "not ours", json.dumps({"answers": []})
    yield "no json", "PK\x03\x04"
    yield "empty", ""


@pytest.mark.parametrize(("name", "text"), list(hostile()), ids=[name for name, _ in hostile()])
def test_no_file_however_hostile_stops_the_report_of_the_others(tmp_path, table, name, text):
    from workshop.output.report import write_report
    from workshop.output.totals import write_totals

    written(tmp_path, hand_in(table.store)[1], "good.json")
    written(tmp_path, text.encode("utf-8", "surrogatepass"), "bad.json")
    room = read_room(tmp_path / "in")
    assert "Tafel Westrand" in [read.name for read in room.tables]
    assert len(room.tables) == 2 or any("bad.json" in str(note) for note in room.notes)
    out = tmp_path / "out"
    made = [*write_report(room, out), *write_totals(room, out)]
    assert made and all(path.resolve().is_relative_to(out.resolve()) for path in made)


def test_where_nothing_can_be_read_all_files_are_named(tmp_path):
    written(tmp_path, "5", "een.json")
    written(tmp_path, "x", "twee.json")
    with pytest.raises(ImportProblem) as problem:
        read_room(tmp_path / "in")
    assert {"een.json", "twee.json"} <= set(" ".join(map(str, problem.value.faults)).split())


def test_a_copy_for_oneself_goes_on_with_everything_elsewhere(tmp_path, table):
    from workshop.domain import edit

    table.change_network(edit.add_organisation, "OCMW")
    table.change_network(edit.add_organisation, "CAW")
    table.open_spread("role.taken")
    raw = copy_of(table.store)
    other = open_session(store=tmp_path / "elsewhere")
    said = take_copy(other.store, raw, "kopie.json")
    assert said.key == "answers.copy-taken"
    page = open_session(store=tmp_path / "elsewhere")
    assert page.store.get(TEXT, "seat-3") == f"{SECRET} 3" and page.store.visibility(TEXT, "seat-3") == "private"
    assert [item.name for item in page.network.organisations] == ["OCMW", "CAW"]
    assert page.undo("network") and [item.name for item in page.network.organisations] == ["OCMW"]
    assert page.store.spread("role.taken") == table.store.spread("role.taken")
    assert "role.taken" not in page.store.openable(), "who was counted there counts here"
    with pytest.raises(Problem) as problem:
        take_copy(page.store, raw, "kopie.json")
    assert problem.value.message.key == "answers.copy-not-empty"


def test_what_was_taken_back_is_no_answer_of_a_copy(tmp_path, session):
    from workshop.domain import edit

    session.change_network(edit.add_organisation, "OCMW")
    session.undo("network")  # nothing is drawn any more, but it can be done again
    session.save("agreement.what", "Samen bellen")
    session.save("agreement.what", "Elke maand")
    for seat in ("seat-1", "seat-2"):
        session.save("role.taken", "facilitator", seat)
    session.save("role.taken", None, "seat-2")
    other = open_session(store=tmp_path / "elsewhere")
    said = take_copy(other.store, copy_of(session.store), "kopie.json")
    assert said == Message("answers.copy-taken", n=2)
    assert open_session(store=tmp_path / "elsewhere").redo("network")


def test_one_undo_in_a_copy_takes_back_one_step(tmp_path, session):
    from workshop.domain import edit

    session.change_network(edit.add_organisation, "OCMW")
    session.change_structure(edit.add_table, "working")
    session.change_network(edit.add_organisation, "CAW")
    other = open_session(store=tmp_path / "elsewhere")
    take_copy(other.store, copy_of(session.store), "kopie.json")
    page = open_session(store=tmp_path / "elsewhere")
    assert page.undo() and page.undo()
    assert [item.name for item in page.network.organisations] == ["OCMW"] and not page.structure.tables
    assert page.undo() and not page.network.organisations


DAMAGES = [
    ("spreads", [["role.taken", "x", "{"]]),
    ("spreads", [["role.taken", "[" * 100_000, "{}"]]),
    ("spreads", [["role.taken", "", "[" * 100_000]]),
    ("spreads", [["role.taken", json.dumps([['"lead"', "x"]]), "{}"]]),
    ("spreads", [["role.taken", json.dumps([['"lead"', 4]]), "{}"]]),
    ("rows", [{"version": 1, "step": {}}]),
    ("redo", [1, {}]),
    ("step", {"a": 1}),
    ("label", ["step.map.add", {}]),
    ("version", "x"),
]


@pytest.mark.parametrize(("part", "damage"), DAMAGES)
def test_a_damaged_copy_is_refused_whole(tmp_path, table, part, damage):
    from workshop.domain import edit

    table.change_network(edit.add_organisation, "OCMW")
    copy = json.loads(copy_of(table.store))
    holder = copy if part in copy else copy["rows"][-1]
    assert part in holder
    holder[part] = damage
    store = open_store(tmp_path / "elsewhere")
    with pytest.raises(Problem) as problem:
        take_copy(store, json.dumps(copy).encode(), "x.json")
    assert problem.value.message.key == "answers.copy-refused" and store.everything() == []


NO_COPIES = [b"", b"[]", b'{"kit": "gbo-copy", "format": 1, "rows": [{}]}', b'{"kit": "gbo-hand-in", "format": 1}']


@pytest.mark.parametrize("raw", NO_COPIES)
def test_what_is_no_copy_is_refused_and_changes_nothing(tmp_path, raw):
    store = open_store(tmp_path)
    with pytest.raises(Problem) as problem:
        take_copy(store, raw, "x.json")
    assert "x.json" in str(problem.value) and store.everything() == []


def test_read_hand_in_refuses_a_file_that_is_too_large(tmp_path, monkeypatch):
    from workshop.answers import handin

    monkeypatch.setattr(handin, "LIMIT_MB", 0)
    with pytest.raises(Problem) as problem:
        read_hand_in(written(tmp_path, {"kit": "gbo-hand-in"}))
    assert problem.value.message.key == "answers.too-large"


def test_a_tables_report_that_is_made_while_somebody_deletes_is_not_kept(tmp_path, table):
    def made(session):
        text = "\n".join(session.store.released("reflection.2.role-experience"))
        open_store(tmp_path / "work").delete("reflection.2.role-experience", "seat-2")
        return text

    view = ReportButton(table, made, made)
    press(view, "report_button.make")
    assert not list((table.work / "reports").glob("*"))
    assert table.notice == Message("answers.deleted-meanwhile") and not view.result.value
