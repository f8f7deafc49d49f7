"""The store: what is kept, what counts, who may see it, what opens a spread, and what is gone once deleted."""

import json
import shutil
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

from workshop import work
from workshop.answers import batches, database, open_store, repair, rooms, upkeep
from workshop.answers.files import noting_files
from workshop.answers.store import NotKept
from workshop.room.tables import make_reports
from workshop.texts import Message, Problem

ROOT = Path(__file__).resolve().parent.parent
TEXT = "reflection.1.own-experience"
WORD = "GEHEIMWOORD-ë"
FORMS = (WORD.encode(), WORD.encode("utf-16-le"), json.dumps(WORD)[1:-1].encode())


@pytest.fixture
def store(tmp_path):
    opened = open_store(tmp_path / "work", room="room")
    yield opened
    opened.close()


def files_with(folder, forms=FORMS):
    return [
        path.name for path in folder.rglob("*") if path.is_file() and any(form in path.read_bytes() for form in forms)
    ]


@pytest.mark.parametrize("name", ["../x", "Zoë", "a b", "", "x/y", "a" * 65, "x.y", "<b>"])
def test_what_people_type_is_never_an_id(tmp_path, name):
    with pytest.raises(ValueError, match="no id"):
        open_store(tmp_path, group=name)


@pytest.mark.parametrize("value", ["tekst", "\ud83d half", 0, 1.5, True, None, [], {"a": ["é", None]}, "x" * 50_000])
def test_what_is_put_is_there_in_another_page(tmp_path, store, value):
    store.put("agreement.what", value)
    assert open_store(tmp_path / "work", room="room").get("agreement.what") == value


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {1, 2}, b"x"])
def test_what_json_cannot_hold_is_refused_and_changes_nothing(store, value):
    store.put("agreement.what", "eerst")
    with pytest.raises((ValueError, TypeError)):
        store.put("agreement.what", value)
    assert store.get("agreement.what") == "eerst"


def test_the_same_value_again_is_no_new_version_and_another_one_is(store):
    first = store.put("agreement.what", "a")
    assert store.put("agreement.what", "a") == first
    assert store.put("agreement.what", "b") > first
    assert store.put("agreement.what", "a") > first


def test_a_number_is_never_used_again(tmp_path, store):
    last = store.put("agreement.what", "a")
    store.delete_group()
    assert store.put("agreement.what", "b") > last


def test_of_what_people_write_only_the_newest_stays_and_of_a_network_a_hundred_steps(store):
    from workshop.texts import Message

    for n in range(130):
        store.put("agreement.what", f"tekst {n}")
        with store.change() as change:
            change.write("network", {"n": n}, label=Message("step.network.changed"))
    kept = [answer.value for answer in store.history("network")]
    assert [value["n"] for value in kept[-100:]] == list(range(30, 130)) and len(kept) == 100
    rows = store.execute("SELECT count(*) FROM answers WHERE item='agreement.what'").fetchone()
    assert rows == (1,)


def test_group_items_have_no_person_and_persons_do_not_see_each_other(store):
    store.put("agreement.what", "van de tafel", person="seat-1")
    assert store.get("agreement.what") == "van de tafel"
    store.put(TEXT, "van een", person="seat-1")
    assert store.get(TEXT, "seat-2") is None and store.get(TEXT) is None
    assert store.visibility(TEXT, "seat-1") == "private"
    store.put("something.unknown", "x", person="seat-1")
    assert store.visibility("something.unknown", "seat-1") == "private"


def test_texts_show_once_released_and_are_private_again_after_a_change(store):
    store.put(TEXT, "eerst", person="seat-1")
    assert store.released(TEXT) == []
    store.release(TEXT, "seat-1")
    assert store.released(TEXT) == ["eerst"]
    store.withdraw(TEXT, "seat-1")
    assert store.released(TEXT) == []
    store.release(TEXT, "seat-1")
    store.put(TEXT, "anders", person="seat-1")
    assert store.released(TEXT) == []
    assert store.release("reflection.1.nothing", "seat-1") is None


# -- spreads -----------------------------------------------------------------------------------------------------------


def answer_all(store, values, item="role.taken"):
    for number, value in enumerate(values, 1):
        store.put(item, value, person=f"seat-{number}")


def test_a_spread_opens_from_five_persons_on_and_later_answers_do_not_move_it(store):
    answer_all(store, "aabb")
    assert "role.taken" not in store.openable() and not store.open_spread("role.taken")
    assert store.spread("role.taken") is None and store.answered("role.taken") == 4
    store.put("role.taken", "b", person="seat-5")
    assert store.spread("role.taken") is None, "nothing opens by itself"
    assert store.open_spread("role.taken")
    assert store.spread("role.taken") == {"a": 2, "b": 3}
    store.put("role.taken", "c", person="seat-6")
    store.put("role.taken", "c", person="seat-1")
    assert store.spread("role.taken") == {"a": 2, "b": 3} and store.answered("role.taken") == 6
    assert not store.open_spread("role.taken"), "two answers are too few for another one"


def test_another_spread_needs_five_other_answers(store):
    answer_all(store, "aaaaa")
    store.open_spread("role.taken")
    answer_all(store, "bbbb")
    assert not store.open_spread("role.taken")
    answer_all(store, "bbbbb")
    assert store.open_spread("role.taken") and store.spread("role.taken") == {"b": 5}


def test_deleting_an_answer_takes_the_spread_back_and_its_author_alone_cannot_open_another(store):
    answer_all(store, "aaaab")
    store.open_spread("role.taken")
    store.delete("role.taken", "seat-5")
    assert store.spread("role.taken") is None
    store.put("role.taken", "a", person="seat-5")
    assert "role.taken" not in store.openable(), "the difference between the two spreads would be one person's answers"


def test_the_same_choice_again_does_not_count_as_a_changed_answer(store):
    answer_all(store, "aaaaa")
    store.open_spread("role.taken")
    answer_all(store, "aaaaa")
    assert "role.taken" not in store.openable()


def test_free_text_has_no_spread(store):
    answer_all(store, [f"tekst {n}" for n in range(6)], TEXT)
    assert not store.open_spread(TEXT) and store.spread(TEXT) is None


# -- a disk that fails -------------------------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform == "win32", reason="limits of a file's size are POSIX")
def test_a_full_disk_keeps_nothing_by_halves_and_goes_on_when_there_is_room(tmp_path):
    script = f"""
import resource, signal
from workshop.answers import open_store
from workshop.answers.files import noting_files
from workshop.answers.store import NotKept
from workshop.room.tables import make_reports
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
store = open_store({str(tmp_path)!r})
store.put("agreement.what", "voor")
limits = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (70_000, limits[1]))
try:
    for n in range(100):
        store.put("agreement.why", str(n) + "x" * 15_000)
    print("no limit")
except NotKept:
    print("not kept")
print(store.get("agreement.what"))
resource.setrlimit(resource.RLIMIT_FSIZE, limits)
store.put("agreement.why", "na")
"""
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split("\n")
    assert said[:2] == ["not kept", "voor"]
    again = open_store(tmp_path)
    assert again.get("agreement.why") == "na" and database.is_whole(database.path_of(tmp_path))


def test_somebody_who_writes_for_too_long_is_no_loss(tmp_path, store, monkeypatch):
    store.execute("PRAGMA busy_timeout=50")
    other = sqlite3.connect(store.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(NotKept):
        store.put("agreement.what", "nu")
    other.execute("ROLLBACK")
    assert store.put("agreement.what", "nu") and store.get("agreement.what") == "nu"


def test_a_value_that_cannot_be_read_is_none_and_stops_nobody(store):
    store.put("network", {"network": {}})
    store.put("agreement.what", "goed")
    for bad in (b"\x00\x01", "{", "1" + "0" * 5000, "[" * 100_000):
        store.execute("UPDATE answers SET value=? WHERE item='network'", (bad,))
        assert store.get("network") is None
        assert store.get("agreement.what") == "goed" and len(store.everything()) == 2


WRITER = """
import sys
from workshop.answers import open_store
store = open_store(sys.argv[1])
for n in range(int(sys.argv[3])):
    with store.change() as change:
        change.write("note.counter", [*(store.get("note.counter") or []), sys.argv[2]])
    store.put(f"note.{sys.argv[2]}.{n}", n)
"""


def test_processes_that_write_at_once_lose_nothing(tmp_path):
    open_store(tmp_path).close()
    run = [[sys.executable, "-c", WRITER, str(tmp_path), name, "150"] for name in ("a", "b")]
    with ThreadPoolExecutor() as pool:
        codes = list(pool.map(lambda command: subprocess.run(command, check=False).returncode, run))
    assert codes == [0, 0]
    store = open_store(tmp_path)
    counted = store.get("note.counter")
    assert sorted(counted) == ["a"] * 150 + ["b"] * 150
    assert all(store.get(f"note.{name}.{n}") == n for name in "ab" for n in range(150))


KILLED = """
import os, signal, sys
from workshop.answers import open_store
store = open_store(sys.argv[1])
for n in range(10_000):
    store.put("agreement.what", n)
    print(n, flush=True)
    if n == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL on Windows")
@pytest.mark.parametrize("n", [0, 1, 7, 40])
def test_what_put_returned_is_there_after_kill_9(tmp_path, n):
    run = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path), str(n)], capture_output=True, text=True, check=False
    )
    assert open_store(tmp_path).get("agreement.what") == int(run.stdout.split()[-1]) == n


# -- deleting ----------------------------------------------------------------------------------------------------------


def fill(store):
    store.put("agreement.what", WORD)
    store.put("network", {"network": {"organisations": [{"id": "a", "name": WORD * 3000}]}})
    for n in range(30):
        store.put(TEXT, f"{WORD} {'x' * n * 50}", person="seat-1")
    store.put(TEXT, f"anders {WORD}", person="seat-2")


def test_deleted_words_are_in_no_file(tmp_path, store):
    work = tmp_path / "work"
    fill(store)
    repair.look_after_at_start(work)
    upkeep.roll_copy(work)
    report = work / "reports" / "x.html"
    report.parent.mkdir()
    report.write_text(WORD, encoding="utf-8")
    store.note_file(report)
    (work / database.ASIDE).mkdir()
    (work / database.ASIDE / "old.sqlite3").write_bytes(WORD.encode())
    assert len(files_with(work)) > 3
    said = store.delete_group()
    assert said.key == "answers.deleted" and said.values["n"] == 4
    assert files_with(work) == []
    assert store.everything() == [] and (work / database.COPIES / "start.sqlite3").is_file()


def test_one_deleted_answer_is_in_no_file_and_the_others_stay(tmp_path, store):
    fill(store)
    store.delete(TEXT, "seat-1")
    store.delete("agreement.what")
    store.delete("network")
    assert store.get(TEXT, "seat-2") == f"anders {WORD}"
    store.delete_person("seat-2")
    assert files_with(tmp_path / "work") == [] and store.everything() == []


def test_words_written_without_secure_delete_go_too(tmp_path, store):
    other = sqlite3.connect(store.path, isolation_level=None)
    other.execute("PRAGMA secure_delete=OFF").fetchall()
    fill(store)
    other.execute("UPDATE answers SET value=value WHERE 1")
    other.execute("DELETE FROM answers")
    other.close()
    fill(store)
    store.delete_group()
    assert files_with(tmp_path / "work") == []


def test_while_somebody_reads_it_is_said_and_wiped_later(tmp_path, store):
    fill(store)
    reader = sqlite3.connect(store.path, isolation_level=None)
    store.execute("PRAGMA busy_timeout=50")
    cursor = reader.execute("SELECT * FROM answers")
    cursor.fetchone()
    with pytest.raises(Problem) as problem:
        store.delete_group()
    assert problem.value.message.key == "answers.not-wiped-yet"
    assert store.everything() == []
    cursor.fetchall()
    reader.close()
    assert upkeep.checkpoint(tmp_path / "work")
    assert files_with(tmp_path / "work") == []


def test_files_outside_the_work_folder_are_named_and_not_touched(tmp_path, store):
    outside = tmp_path / "stick" / "verslag.html"
    outside.parent.mkdir()
    outside.write_text("x", encoding="utf-8")
    store.put("agreement.what", "x")
    store.note_file(outside)
    said = store.delete_group()
    assert said.key == "answers.deleted-but-outside" and str(outside) in str(said) and outside.is_file()


def test_files_are_found_where_the_work_folder_was_moved_to(tmp_path, store):
    report = store.folder / "reports" / "a.html"
    report.parent.mkdir()
    report.write_bytes(b"x")
    store.put("agreement.what", "x")
    store.note_file(report)
    upkeep.checkpoint(store.folder)
    store.close()
    moved = store.folder.rename(tmp_path / "moved")
    open_store(moved, room="room").delete_group()
    assert not (moved / "reports" / "a.html").exists()


def test_deleting_one_group_leaves_the_other(tmp_path, store):
    other = open_store(tmp_path / "work", room="room", group="table-2")
    other.put("agreement.what", "blijft")
    store.put("agreement.what", "gaat")
    before = store.generation, other.generation
    store.delete_group()
    assert other.get("agreement.what") == "blijft" and store.get("agreement.what") is None
    assert (store.generation, other.generation) == (before[0] + 1, before[1])


def test_what_is_past_its_date_goes_at_the_next_start(tmp_path, store):
    fill(store)
    batches.promise(store, batches.batches(store)[0], date(2020, 1, 1))
    assert [note.key for note in repair.look_after_at_start(tmp_path / "work")] == ["answers.purged"]
    assert store.everything() == [] and files_with(tmp_path / "work") == []
    store.put("agreement.what", "nieuw")
    batches.promise(store, batches.batches(store)[0], date(2099, 1, 1))
    assert repair.look_after_at_start(tmp_path / "work") == [] and store.get("agreement.what") == "nieuw"


def held_report(store, monkeypatch):
    """A report that another program has open: it cannot be removed until the patch is undone."""
    report = store.folder / "reports" / "open-in-word.docx"
    report.parent.mkdir()
    report.write_bytes(b"x")
    store.note_file(report)
    remove = type(report).unlink

    def held(path, **given):
        if path.name == report.name:
            raise PermissionError(path)
        remove(path, **given)

    monkeypatch.setattr(type(report), "unlink", held)
    return report


def test_what_cannot_be_deleted_on_its_date_is_said_and_stops_no_start(tmp_path, store, monkeypatch):
    fill(store)
    held_report(store, monkeypatch)
    batches.promise(store, batches.batches(store)[0], date(2020, 1, 1))
    said = repair._purge(store.folder)
    assert [note.key for note in said] == ["answers.purged", "answers.not-deleted"]
    assert store.everything() == []


def test_a_room_is_one_batch_and_each_group_of_the_own_laptop_another(tmp_path):
    room = rooms.open_room(tmp_path, "room-1", tables=2)
    for group in room.tables():
        room.store.beside(group).put("agreement.what", WORD)
    room.store.beside(rooms.TRAINER).put("note.run-clock", {})
    own = open_store(tmp_path, group="table-1")
    own.put("table-name", "Westrand")
    own.beside("table-2").put("agreement.what", "blijft")
    found = {(batch.room, batch.group): batch for batch in batches.batches(own)}
    assert set(found) == {("room-1", ""), ("workshop", "table-1"), ("workshop", "table-2")}
    assert room.state.word in str(found["room-1", ""].name) and "Westrand" in str(found["workshop", "table-1"].name)
    batches.promise(own, found["room-1", ""], date(2099, 1, 1))
    assert [batch.room for batch in batches.batches(own) if batch.purge_on] == ["room-1"]
    room.store.beside(room.add_table()).put("agreement.what", WORD)  # came to it later
    batches.delete(own, found["room-1", ""])
    assert {(batch.room, batch.group) for batch in batches.batches(own)} == {
        ("workshop", "table-1"),
        ("workshop", "table-2"),
    }
    assert own.beside("table-2").get("agreement.what") == "blijft" and files_with(tmp_path) == []
    room.store.beside("table-1").put("agreement.what", "een nieuwe dag")
    assert [batch.purge_on for batch in batches.batches(own) if batch.room == "room-1"] == [None]


def test_a_day_holds_for_a_table_that_came_to_the_room_later(tmp_path):
    room = rooms.open_room(tmp_path, "room-1", tables=1)
    room.store.beside("table-1").put("agreement.what", WORD)
    batches.promise(room.store, batches.batches(room.store)[0], date(2020, 1, 1))
    room.store.beside(room.add_table()).put("agreement.what", WORD)
    assert [note.key for note in repair.look_after_at_start(tmp_path)] == ["answers.purged"]
    assert batches.batches(room.store) == [] and files_with(tmp_path) == []


def test_a_file_that_was_held_is_deleted_as_soon_as_it_is_let_go(tmp_path, store, monkeypatch):
    fill(store)
    report = held_report(store, monkeypatch)
    with pytest.raises(Problem) as problem:
        store.delete_group()
    assert problem.value.message.key == "answers.not-deleted" and report.is_file()
    monkeypatch.undo()
    assert upkeep.checkpoint(store.folder) and not report.exists()


def test_a_file_that_is_held_keeps_nothing_of_what_was_deleted_and_lets_the_others_go(tmp_path, store, monkeypatch):
    fill(store)
    held = held_report(store, monkeypatch)
    other = held.with_name("another.html")
    other.write_bytes(b"x")
    store.note_file(other)
    upkeep.roll_copy(store.folder)
    with pytest.raises(Problem):
        store.delete_group()
    assert files_with(store.folder) == [] and held.exists() and not other.exists()


def test_what_is_still_to_be_wiped_does_not_come_back_by_a_mend_and_takes_nothing_that_came_later(
    tmp_path, monkeypatch
):
    store = open_store(tmp_path)
    store.put("agreement.what", WORD)
    upkeep.roll_copy(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(upkeep, "finish_wiping", lambda *_: False)
        with pytest.raises(Problem):
            store.delete_group()
    store.put("agreement.why", "van daarna")
    upkeep.copy_to(store.path, tmp_path / database.COPIES / "start.sqlite3")
    store.put("agreement.owner", "ook van daarna")
    store.close()
    repair.mend(tmp_path)
    again = open_store(tmp_path)
    assert again.get("agreement.what") is None
    assert (again.get("agreement.why"), again.get("agreement.owner")) == ("van daarna", "ook van daarna")


def test_a_report_that_could_not_be_made_anew_is_still_to_go(tmp_path, store, monkeypatch):
    fill(store)
    held = held_report(store, monkeypatch)
    with pytest.raises(Problem):
        store.delete_group()
    with pytest.raises(PermissionError), noting_files(store.folder), monkeypatch.context() as patch:
        patch.setattr(work.os, "replace", lambda *_: (_ for _ in ()).throw(PermissionError()))
        work.write_whole(held, b"anew")
    monkeypatch.undo()
    assert upkeep.checkpoint(store.folder) and not held.exists()


def test_a_day_is_for_the_answers_that_it_was_promised_for(tmp_path, store):
    fill(store)
    batches.promise(store, batches.batches(store)[0], date(2020, 1, 1))
    store.delete_group()
    store.put("agreement.what", "van een andere groep")
    assert repair.look_after_at_start(store.folder) == [] and store.get("agreement.what")


def test_a_deletion_that_is_broken_off_is_finished_at_the_next_start(tmp_path, store, monkeypatch):
    fill(store)
    report = store.folder / "reports" / "a.html"
    report.parent.mkdir()
    report.write_bytes(b"x")
    store.note_file(report)
    monkeypatch.setattr(upkeep, "finish_wiping", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        store.delete_group()
    assert report.exists() and repair.look_after_at_start(store.folder) == [] and not report.exists()


def test_a_report_of_today_stays_when_an_earlier_room_is_deleted(tmp_path):
    earlier = rooms.open_room(tmp_path, "room-1", tables=1)
    today = rooms.open_room(tmp_path, "room-2", tables=1)
    for room in (earlier, today):
        room.store.beside("table-1").put("agreement.what", "x")
    made = make_reports(today, tmp_path / "reports")
    batches.delete(today.store, next(batch for batch in batches.batches(today.store) if batch.room == "room-1"))
    assert made and all(path.is_file() for path in made)
    batches.delete(today.store, batches.batches(today.store)[0])
    assert not any(path.exists() for path in made)


def test_of_a_batch_all_is_deleted_or_nothing(tmp_path, monkeypatch):
    room = rooms.open_room(tmp_path, "room-1", tables=2)
    for group in room.tables():
        room.store.beside(group).put("agreement.what", "x")
    taken = []
    take_all = type(room.store).take_all

    def busy(store):
        taken.append(store.group)
        if len(taken) > 1:
            raise sqlite3.OperationalError("database or disk is full")
        return take_all(store)

    monkeypatch.setattr(type(room.store), "take_all", busy)
    with pytest.raises(NotKept):
        batches.delete(room.store, batches.batches(room.store)[0])
    assert all(room.store.beside(group).get("agreement.what") for group in room.tables())


def test_what_could_not_be_wiped_of_one_table_leaves_none_of_the_others(tmp_path, monkeypatch):
    room = rooms.open_room(tmp_path, "room-1", tables=3)
    for group in room.tables():
        room.store.beside(group).put("agreement.what", WORD)
    monkeypatch.setattr(upkeep, "finish_wiping", lambda *_: False)
    with pytest.raises(Problem):
        batches.delete(room.store, batches.batches(room.store)[0])
    assert batches.batches(room.store) == []


def test_the_store_is_light():
    code = (
        "import sys, workshop.answers; print(sorted({'pandas', 'numpy', 'openpyxl', 'ipywidgets'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL on Windows")
def test_ten_kills_lose_nothing_that_was_called_kept(tmp_path):
    sys.path.insert(0, str(ROOT / "benchmarks"))
    from kill_store import lost_after

    lost, kept = lost_after(tmp_path, kills=5)  # two processes each
    assert lost == [] and kept > 50


class Interrupted:
    """A connection at which somebody presses Ctrl-C while it begins."""

    def __init__(self, connection):
        self.connection = connection

    def __getattr__(self, name):
        return getattr(self.connection, name)

    def execute(self, query):
        self.connection.execute(query)
        if query.startswith("BEGIN"):
            raise KeyboardInterrupt


def test_an_interrupt_leaves_no_transaction_open_in_which_all_that_follows_would_be_lost(tmp_path):
    connection = database.open_file(tmp_path / database.FILE)
    with pytest.raises(KeyboardInterrupt), database.transaction(Interrupted(connection)):
        pass
    assert not connection.in_transaction
    connection.close()


def test_a_change_in_the_middle_of_another_ends_neither(store):
    with store.change() as outer:
        outer.write("table-name", "een")
        with pytest.raises(NotKept), store.change():
            pass
        outer.write("agreement.who", "drie")
    assert (store.get("table-name"), store.get("agreement.who")) == ("een", "drie")


def test_what_is_deleted_in_a_file_that_is_damaged_elsewhere_is_said_to_be_wiped_later(tmp_path):
    store = open_store(tmp_path)
    store.put("agreement.what", "geheim")
    store.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    (page,) = store.execute("SELECT rootpage FROM sqlite_master WHERE name='seats'").fetchone()
    store.close()
    with store.path.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xff" * 100)
    store = open_store(tmp_path)
    with pytest.raises(Problem) as told:
        store.delete("agreement.what")
    assert told.value.message == Message("answers.not-wiped-yet")
    assert store.get("agreement.what") is None
    store.close()


def test_where_no_copy_can_be_made_answers_are_deleted_all_the_same(tmp_path):
    store = open_store(tmp_path)
    store.put("agreement.what", "geheim")
    shutil.rmtree(tmp_path / database.COPIES, ignore_errors=True)
    (tmp_path / database.COPIES).write_text("geen map", encoding="utf-8")
    store.delete("agreement.what")
    assert store.get("agreement.what") is None
    assert b"geheim" not in store.path.read_bytes()


def test_in_a_closed_room_a_trainer_notes_and_a_table_does_not(tmp_path):
    room = rooms.open_room(tmp_path, "room-1", tables=1)
    room.set(open=False)
    store = open_store(tmp_path, "room-1", "table-1")
    store.put("note.run-sheet", {"variant": 120})
    for item in ("note.factor-change", "note.balance.size"):
        with pytest.raises(Problem) as told:
            store.put(item, "te laat")
        assert told.value.message.key == "room.closed" and store.get(item) is None


def test_what_is_deleted_in_a_damaged_file_costs_no_good_copy_and_does_not_come_back(tmp_path):
    store = open_store(tmp_path)
    for number in range(300):
        store.put(f"note.n{number}", f"{number} " + "tekst " * 30)
    store.put("reflection.1.own-experience", WORD, "seat-1")
    upkeep.copy_to(store.path, tmp_path / database.COPIES / "start.sqlite3")
    for number in range(300, 330):
        store.put(f"note.n{number}", f"{number} " + "tekst " * 30)
    upkeep.checkpoint(tmp_path)
    upkeep.roll_copy(tmp_path)
    broken = tmp_path / database.COPIES / "copy-2.sqlite3"
    broken.write_bytes(store.path.read_bytes()[:4096] + b"\xff" * 40_000)
    leaves = "SELECT pageno FROM dbstat WHERE name='answers' AND pagetype='leaf' ORDER BY pageno"
    try:
        damaged = store.execute(leaves).fetchall()[2:12]
    except sqlite3.OperationalError:
        pytest.skip("this SQLite does not say what stands in a page")
    store.close()
    raw = bytearray(store.path.read_bytes())
    for (page,) in damaged:
        raw[(page - 1) * 4096 : page * 4096] = b"\xff" * 4096
    store.path.write_bytes(raw)
    store = open_store(tmp_path)
    with pytest.raises(Problem):
        store.delete_person("seat-1")
    store.close()
    assert [note.key for note in repair.look_after_at_start(tmp_path)] == ["answers.mended"]
    store = open_store(tmp_path)
    assert all(store.get(f"note.n{number}") for number in range(330)), "the newest copy is still known as such"
    assert store.get("reflection.1.own-experience", "seat-1") is None and files_with(tmp_path) == []
    store.close()


def test_where_it_cannot_be_read_what_to_delete_no_copy_is_thrown_away(tmp_path):
    store = open_store(tmp_path)
    store.put("agreement.what", "blijft")
    upkeep.roll_copy(tmp_path)
    with store.change():
        store.execute("INSERT INTO kit VALUES ('wipe 1', ?)", ("x" * 9000,))
    upkeep.roll_copy(tmp_path)

    class Damaged:
        def execute(self, query, *values):
            if "SELECT value FROM kit" in query:
                raise sqlite3.DatabaseError("database disk image is malformed")
            return store.execute(query.replace("quick_check(1)", "user_version"), *values)

    assert not upkeep.finish_wiping(Damaged(), store.path)
    assert len(list((tmp_path / database.COPIES).iterdir())) == 2
    store.close()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not let anybody replace an open file")
def test_in_an_older_copy_that_took_the_files_place_every_group_is_known(store):
    older = store.folder / "older.sqlite3"
    store.execute("VACUUM INTO ?", (str(older),))
    beside = store.beside("tafel-2")
    for end in ("-wal", "-shm"):
        Path(f"{store.path}{end}").unlink(missing_ok=True)
    with sqlite3.connect(older) as closing:
        closing.execute("PRAGMA journal_mode=WAL")
    closing.close()
    older.replace(store.path)
    store.put("table-name", "z")
    beside.put("agreement.what", "w")
    assert beside.generation == 1 and beside.query("SELECT 1 FROM groups WHERE room=:room AND grp=:grp")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not let anybody throw away an open file")
def test_after_the_file_came_back_for_one_group_those_beside_it_go_on(store):
    beside = store.beside("tafel-2")
    store.put("agreement.what", "wij")
    store.path.unlink()
    beside.put("agreement.what", "zij")
    assert (store.get("agreement.what"), beside.get("agreement.what")) == ("wij", "zij")
    assert store.put("agreement.what", "wij ook") and store.get("agreement.what") == "wij ook"
    store.path.unlink()
    beside.put("agreement.why", "daarom")
    again = open_store(store.folder, room="room", group="tafel-2")
    assert again.get("agreement.why") == "daarom"
    assert (again.get("agreement.what"), again.beside(store.group).get("agreement.what")) == ("zij", "wij ook")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not let anybody throw away an open file")
def test_a_folder_thrown_away_while_pages_are_open_comes_back_with_everything(tmp_path, store):
    other = open_store(tmp_path / "work", room="room")
    store.put("agreement.what", "van de ene")
    other.put("agreement.why", "van de andere")
    shutil.rmtree(tmp_path / "work")
    store.put("agreement.owner", "na het weggooien")
    other.put("agreement.date", "2026-12-01")
    again = open_store(tmp_path / "work", room="room")
    for item in ("what", "why", "owner", "date"):
        assert again.get(f"agreement.{item}") and other.get(f"agreement.{item}"), item
    assert database.is_whole(store.path)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not let anybody throw away an open file")
def test_a_file_thrown_away_is_not_made_anew_by_who_comes_next(tmp_path, store):
    work = tmp_path / "work"
    store.put("agreement.what", "blijft")
    upkeep.roll_copy(work)
    store.path.unlink()
    upkeep.checkpoint(work)
    upkeep.roll_copy(work)
    assert not store.path.exists()
    with pytest.raises(Problem, match=str(Message("answers.gone", folder=str(work)))):
        open_store(work, room="room")  # a page that opens meanwhile
    store.put("agreement.why", "ook")
    assert open_store(work, room="room").get("agreement.what") == "blijft"
    store.path.unlink()
    for ending in ("-wal", "-shm"):
        Path(f"{store.path}{ending}").unlink(missing_ok=True)
    store.close()
    assert [note.key for note in repair.look_after_at_start(work)] == ["answers.back"]
    assert open_store(work, room="room").get("agreement.what") == "blijft"
