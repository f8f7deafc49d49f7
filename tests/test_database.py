"""The file itself: damage, newer kits, network folders, copies."""

import os
import random
import sqlite3
from datetime import date

import pytest

from workshop import work
from workshop.answers import batches, database, open_store, repair, rooms, upkeep
from workshop.answers.files import noting_files
from workshop.answers.overview import sheet
from workshop.answers.tables import read_room
from workshop.domain import edit
from workshop.session import open_session
from workshop.texts import Problem
from workshop.widgets.network_map import NetworkMap


def filled(work, n=60):
    store = open_store(work)
    for number in range(n):
        store.put(f"note.{number}", f"woord {number} " * 40)
    return store


def all_notes(work, n=60):
    store = open_store(work)
    return [store.get(f"note.{number}") for number in range(n)]


def destroy_a_page(path, seed):
    with sqlite3.connect(path) as closing:
        closing.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    closing.close()
    raw = bytearray(path.read_bytes())
    page = random.Random(seed).randrange(2, len(raw) // 4096)
    raw[page * 4096 : page * 4096 + 4096] = random.Random(seed).randbytes(4096)
    path.write_bytes(raw)


def destroy_the_index(path):
    with sqlite3.connect(path) as closing:
        closing.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        (page,) = closing.execute("SELECT rootpage FROM sqlite_schema WHERE name='answers_by_key'").fetchone()
    closing.close()
    raw = bytearray(path.read_bytes())
    raw[(page - 1) * 4096 : page * 4096] = bytes(4096)
    path.write_bytes(raw)


@pytest.mark.parametrize("seed", range(8))
def test_a_damaged_file_is_set_aside_and_what_can_be_read_is_there(tmp_path, seed):
    filled(tmp_path).close()
    repair.look_after_at_start(tmp_path)  # makes the copy of this start
    store = open_store(tmp_path)
    generation = store.generation
    store.put("note.later", "na de kopie")
    store.close()
    destroy_a_page(database.path_of(tmp_path), seed)
    if database.is_whole(database.path_of(tmp_path)):
        pytest.skip("the page was not in use")
    said = repair.look_after_at_start(tmp_path)
    assert [note.key for note in said] == ["answers.mended"]
    assert None not in all_notes(tmp_path), "all of it was in the copy"
    assert open_store(tmp_path).generation > generation, "what waits in browsers is asked about"
    assert list((tmp_path / database.ASIDE).iterdir()) and database.is_whole(database.path_of(tmp_path))


@pytest.mark.parametrize("partner", ["Partner 05", "Partner 39"], ids=["an older version", "the newest"])
@pytest.mark.parametrize("byte", [0, 0xFF])
def test_a_bad_byte_in_one_version_of_a_network_costs_at_most_that_step(tmp_path, byte, partner):
    session = open_session(store=tmp_path)
    for number in range(40):
        assert session.change_network(edit.add_organisation, f"Partner {number:02}")
    session.store.close()
    path = database.path_of(tmp_path)
    with sqlite3.connect(path) as closing:
        closing.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        query = "SELECT value FROM answers WHERE item='network' AND value LIKE ? ORDER BY version"
        (hit,) = closing.execute(query, (f"%{partner}%",)).fetchone()
    closing.close()
    raw = bytearray(path.read_bytes())
    raw[raw.index(hit.encode()) + hit.index(partner)] = byte
    path.write_bytes(raw)
    repair.look_after_at_start(tmp_path)
    again = open_session(store=tmp_path)
    found = len(again.network.organisations)
    assert found == 39 if (byte, partner) == (0, "Partner 39") else found == 40
    assert again.change_network(edit.add_organisation, "Nieuw") and len(again.network.organisations) == found + 1
    assert again.undo() and len(again.network.organisations) == found


@pytest.mark.parametrize("kept", ["CAST(? AS TEXT)", "?"], ids=["no text", "bytes"])
def test_a_damaged_name_of_the_group_of_the_day_stops_no_page(tmp_path, kept):
    open_session(store=tmp_path).store.close()
    database.next_group(tmp_path, "workshop")
    with sqlite3.connect(database.path_of(tmp_path)) as closing:
        closing.execute(f"UPDATE kit SET value={kept} WHERE key='group of workshop'", (b"\xff",))
    closing.close()
    assert open_session(store=tmp_path).store.group == "table-1"


@pytest.mark.parametrize("kept", [b"room-\xff", b"\xff", b"room-" + b"9" * 5000])
def test_a_damaged_name_of_the_room_of_the_day_stops_no_room(tmp_path, kept):
    rooms.next_room(tmp_path)
    with sqlite3.connect(database.path_of(tmp_path)) as closing:
        closing.execute("UPDATE kit SET value=CAST(? AS TEXT) WHERE key='room of today'", (kept,))
    closing.close()
    assert rooms.open_room(tmp_path, rooms.current_room(tmp_path)).name == "room-1"
    rooms.open_room(tmp_path, "room-2")
    assert rooms.next_room(tmp_path) == "room-3", "a new room, and not the one of last week"


@pytest.mark.parametrize("kept", [b"{", b"[]", b'{"wrod": "noot"}', b"\xff"])
def test_a_damaged_state_of_the_room_stops_no_table_and_is_made_anew(tmp_path, kept):
    rooms.open_room(tmp_path, "room-1", tables=2)
    with sqlite3.connect(database.path_of(tmp_path)) as closing:
        closing.execute("UPDATE kit SET value=CAST(? AS TEXT) WHERE key='room room-1'", (kept,))
    closing.close()
    session = open_session(store=tmp_path, room="room-1", group="table-2")
    assert session.save("agreement.what", "Samen bellen") and session.room, "seats of telephones stay theirs"
    again = rooms.open_room(tmp_path, "room-1")
    assert again.state.word and again.state.open and list(again.tables()) == ["table-1", "table-2"]


@pytest.mark.parametrize("left", [None, b""], ids=["no file", "an empty file"])
def test_a_file_that_is_gone_comes_back_from_its_copy(tmp_path, left):
    filled(tmp_path).close()
    repair.look_after_at_start(tmp_path)
    path = database.path_of(tmp_path)
    path.unlink()
    if left is not None:
        path.write_bytes(left)
    assert [note.key for note in repair.look_after_at_start(tmp_path)] == ["answers.back"]
    assert None not in all_notes(tmp_path)
    assert repair.look_after_at_start(tmp_path) == [], "and all is as it was"


@pytest.mark.parametrize("step", ["_made_anew", "_salvage", "_take_place", "transaction", "moved", "placed"])
def test_a_mend_that_is_broken_off_loses_nothing(tmp_path, monkeypatch, step):
    filled(tmp_path).close()
    repair.look_after_at_start(tmp_path)
    store = open_store(tmp_path)
    store.put("note.later", "na de kopie")
    store.close()
    path = database.path_of(tmp_path)
    destroy_the_index(path)

    def full(*_):
        raise sqlite3.OperationalError("database or disk is full")

    replace = os.replace

    def broken_off(source, target):
        here = {"moved": source == str(path), "placed": target == path}
        if here[step]:
            raise PermissionError("a scanner holds it")
        replace(source, target)

    if step in ("moved", "placed"):
        monkeypatch.setattr(os, "replace", broken_off)
    else:
        monkeypatch.setattr(repair, step, full)
    with pytest.raises(Problem) as caught:
        repair.look_after_at_start(tmp_path)
    assert caught.value.message.key == "answers.not-opened"
    monkeypatch.undo()
    told = "answers.back" if step == "placed" else "answers.mended"
    assert [note.key for note in repair.look_after_at_start(tmp_path)] == [told]
    assert None not in all_notes(tmp_path) and open_store(tmp_path).get("note.later") == "na de kopie"
    repair.look_after_at_start(tmp_path)
    assert not list(tmp_path.glob("*.part")) and not list(tmp_path.glob("*.mended"))


def test_seats_files_and_spreads_of_a_damaged_file_are_there_again(tmp_path):
    room = rooms.open_room(tmp_path, "room-1", tables=2)
    repair.look_after_at_start(tmp_path)  # makes the copy, in which nobody has a seat yet
    seat = room.give_seat("table-1")
    table = room.store.beside("table-1")
    for person in range(5):
        table.put("opening.in-practice", "lead", f"seat-{person}")
    assert table.open_spread("opening.in-practice")
    table.note_file(tmp_path / "reports" / "verslag.html")
    word = room.set(open=False).word
    room.store.close()
    path = database.path_of(tmp_path)
    destroy_the_index(path)
    assert [note.key for note in repair.look_after_at_start(tmp_path)] == ["answers.mended"]
    again = rooms.open_room(tmp_path, "room-1")
    assert again.held("table-1") == [1] and again.seat("table-1", 1, seat.secret) == seat
    assert (again.state.word, again.state.open) == (word, False)
    table = again.store.beside("table-1")
    assert table.spread_rows() and table.query("SELECT path FROM files WHERE room=:room AND grp=:grp")


def test_a_bad_byte_in_a_text_stops_neither_saving_nor_deleting_it(tmp_path):
    session = open_session(store=tmp_path)
    session.save("agreement.what", "Samen bellen")
    with sqlite3.connect(database.path_of(tmp_path)) as closing:
        closing.execute("UPDATE answers SET value=CAST(? AS TEXT)", (b'"Samen b\xffllen"',))
    closing.close()
    again = open_session(store=tmp_path)
    assert again.store.get("agreement.what") == "Samen b\ufffdllen"
    assert again.save("agreement.what", "Samen mailen") and again.delete_group().key == "answers.deleted"


def test_a_number_where_a_text_was_kept_stops_no_page(tmp_path):
    session = open_session(store=tmp_path)
    session.save("agreement.what", "Samen bellen")
    session.store.execute("UPDATE answers SET value=5")
    assert open_session(store=tmp_path).store.get("agreement.what") is None


@pytest.mark.parametrize("column", ["label", "redo"])
@pytest.mark.parametrize("kept", [b"[1\x00", b"5", b'["x"]', b'{"a": 1}'])
def test_a_bad_byte_in_what_undoing_needs_stops_no_page(tmp_path, column, kept):
    session = open_session(store=tmp_path)
    for name in ("OCMW", "CAW"):
        session.change_network(edit.add_organisation, name)
    with sqlite3.connect(database.path_of(tmp_path)) as closing:
        closing.execute(
            f"UPDATE answers SET {column}=CAST(? AS TEXT) WHERE version=?",
            (kept, session.store.version("network")),
        )
    closing.close()
    again = open_session(store=tmp_path)
    assert [item.name for item in again.network.organisations] == ["OCMW", "CAW"]
    assert again.change_network(edit.add_organisation, "Huis") and again.undo()
    assert len(again.network.organisations) == 2
    assert again.undo() and [item.name for item in again.network.organisations] == ["OCMW"]


def test_a_bad_byte_in_when_something_was_saved_stops_neither_the_map_nor_the_report(tmp_path):
    session = open_session(store=tmp_path)
    session.change_network(edit.add_organisation, "OCMW")
    with sqlite3.connect(database.path_of(tmp_path)) as closing:
        closing.execute("UPDATE answers SET saved_at=CAST(? AS TEXT)", (b"2026-1\xff-27T05:00:00.000+00:00",))
    closing.close()
    again = open_session(store=tmp_path)
    NetworkMap(again)._list()
    assert again.failures == []
    (row,) = sheet("who", read_room(tmp_path)).rows
    assert "–" in row
    again.save("agreement.what", "Samen bellen")
    (row,) = sheet("who", read_room(tmp_path)).rows
    assert "–" not in row, "one time that can be read is enough"


def test_without_a_copy_every_readable_row_is_saved(tmp_path):
    filled(tmp_path).close()
    destroy_a_page(database.path_of(tmp_path), 3)
    repair.look_after_at_start(tmp_path)
    kept = [note for note in all_notes(tmp_path) if note is not None]
    assert len(kept) >= 30 and open_store(tmp_path).put("note.new", "x")


@pytest.mark.parametrize("raw", [b"no database at all" * 300, b"SQLite format 3\0" + b"\xff" * 5000, b"\0" * 8192])
def test_a_file_that_is_none_is_set_aside(tmp_path, raw):
    database.path_of(tmp_path).write_bytes(raw)
    assert [note.key for note in repair.look_after_at_start(tmp_path)] == ["answers.mended-alone"]
    assert open_store(tmp_path).put("note.new", "x")


def test_a_torn_log_costs_nothing_before_the_tear(tmp_path):
    store = filled(tmp_path)
    log = tmp_path / f"{database.FILE}-wal"
    raw = log.read_bytes()
    copy = tmp_path / "elsewhere"
    copy.mkdir()
    (copy / database.FILE).write_bytes((tmp_path / database.FILE).read_bytes())
    for cut in range(0, len(raw), len(raw) // 7):
        (copy / log.name).write_bytes(raw[:cut])
        (copy / f"{database.FILE}-shm").unlink(missing_ok=True)
        repair.look_after_at_start(copy)
        assert database.is_whole(copy / database.FILE)
    store.close()


def test_a_file_of_a_newer_kit_is_left_alone(tmp_path):
    filled(tmp_path).close()
    with sqlite3.connect(database.path_of(tmp_path)) as connection:
        connection.execute(f"PRAGMA user_version={database.VERSION + 1}")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    connection.close()
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.suffix == ".sqlite3"}
    for opening in (lambda: open_store(tmp_path), lambda: repair.look_after_at_start(tmp_path)):
        with pytest.raises(Problem) as problem:
            opening()
        assert problem.value.message.key == "answers.newer"
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.suffix == ".sqlite3"} == before


@pytest.mark.parametrize("folder", ["//server/home", r"\\server\home$\map"])
def test_a_network_folder_is_refused_by_name(folder):
    assert work.is_network_folder(folder)
    with pytest.raises(Problem) as problem:
        work.refuse_network(folder)
    assert folder in str(problem.value)


def test_a_mounted_share_is_known_by_its_file_system(tmp_path, monkeypatch):
    monkeypatch.setattr(work, "_file_system", lambda folder: "cifs")
    assert work.is_network_folder(tmp_path)
    monkeypatch.setattr(work, "_file_system", lambda folder: "ext4")
    assert not work.is_network_folder(tmp_path)


def test_copies_roll_and_each_is_whole(tmp_path):
    store = filled(tmp_path, 3)
    upkeep.roll_copy(tmp_path)
    store.put("note.0", "tweede")
    upkeep.roll_copy(tmp_path)
    copies = sorted((tmp_path / database.COPIES).iterdir())
    assert [copy.stem for copy in copies] == ["copy-1", "copy-2"] and all(map(database.is_whole, copies))
    os.utime(copies[0], (1, 1))
    store.put("note.0", "derde")
    upkeep.roll_copy(tmp_path)
    with sqlite3.connect(copies[0]) as connection:
        assert "derde" in str(connection.execute("SELECT value FROM answers WHERE item='note.0'").fetchall())
    connection.close()


def test_the_log_is_emptied_by_a_checkpoint_and_by_no_page(tmp_path):
    store = filled(tmp_path, 400)
    log = tmp_path / f"{database.FILE}-wal"
    assert log.stat().st_size > 4_000_000 * 0.1, "pages never bring it in themselves"
    assert upkeep.checkpoint(tmp_path) and log.stat().st_size == 0
    assert store.get("note.399")


@pytest.mark.parametrize("raw", [b"no database at all" * 300, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_damaged_file_stops_no_report_of_what_was_handed_in(tmp_path, raw):
    database.path_of(tmp_path).write_bytes(raw)
    with noting_files(tmp_path):
        work.write_whole(tmp_path / "reports" / "a.html", b"x")
    assert (tmp_path / "reports" / "a.html").is_file() and database.path_of(tmp_path).read_bytes() == raw


@pytest.mark.parametrize("on", [date(2099, 1, 1), None])
def test_a_day_that_was_set_or_taken_back_since_the_last_copy_outlives_damage(tmp_path, on):
    store = open_store(tmp_path)
    store.put("agreement.what", "blijft")
    if on is None:
        batches.promise(store, batches.batches(store)[0], date(2020, 1, 1))
    upkeep.roll_copy(tmp_path)
    batches.promise(store, batches.batches(store)[0], on)
    store.close()
    destroy_the_index(store.path)
    assert [note.key for note in repair.look_after_at_start(tmp_path)] == ["answers.mended"]
    assert [batch.purge_on for batch in batches.batches(open_store(tmp_path))] == [on]


@pytest.mark.parametrize("kept", ["", "{", "[]", '"x"', "[1, 2, 3]", "\ufffd" * 9])
def test_a_damaged_note_of_what_was_deleted_stops_no_start(tmp_path, kept):
    store = open_store(tmp_path)
    store.put("agreement.what", "blijft")
    upkeep.roll_copy(tmp_path)
    store.execute("INSERT INTO kit VALUES ('wipe 1', ?)", (kept,))
    assert upkeep.finish_wiping(store._connection, store.path)
    store.execute("INSERT INTO kit VALUES ('wipe 1', ?)", (kept,))
    store.close()
    destroy_the_index(store.path)
    assert [note.key for note in repair.look_after_at_start(tmp_path)] == ["answers.mended"]
    assert open_store(tmp_path).get("agreement.what") == "blijft"
