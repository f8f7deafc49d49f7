"""The store of one group: what is put is kept, what is taken back is gone."""

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from workshop.answers import disk as on_disk
from workshop.answers import open_store
from workshop.texts import Problem, in_language

TEXT = "reflection.1.room-for-structure"


@pytest.fixture
def page(tmp_path):
    return lambda writer=None: open_store(tmp_path, writer=writer)


def everything(folder: Path) -> bytes:
    return b"\n".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_put_is_on_disk_as_one_line_with_the_documented_fields(tmp_path, page):
    answer = page("a").put("table-name", "De zes hoeken – café", None)
    raw = (tmp_path / "workshop" / "table-1" / "a.jsonl").read_bytes()
    record = json.loads(raw)
    assert raw.endswith(b"\n") and raw.count(b"\n") == 1
    assert list(record) == (
        ["format", "room", "group", "person", "item", "value", "visibility", "writer", "seq", "base", "saved_at"]
    )
    assert record["format"] == 1 and record["seq"] == 1 and record["base"] == [] and record["writer"] == "a"
    assert record["visibility"] == "group" and record["saved_at"].endswith("+00:00")
    assert answer.ref == "a:1"
    assert page("b").get("table-name") == "De zes hoeken – café"


def test_seq_and_base_follow_each_other_over_writers(page):
    a, b = page("a"), page("b")
    a.put("table-name", "x")
    assert b.get("table-name") == "x"
    second = b.put("table-name", "y")
    assert (second.seq, second.base) == (2, ["a:1"])
    assert a.get("table-name") == "y"
    third = a.put("table-name", "z")
    assert (third.seq, third.base) == (3, ["b:2"])
    assert [head.value for head in b.heads("table-name")] == ["z"]


def test_double_click_saves_once(tmp_path, page):
    a = page("a")
    first = a.put(TEXT, "tekst", "seat-1")
    assert a.put(TEXT, "tekst", "seat-1") is first or a.put(TEXT, "tekst", "seat-1") == first
    assert a.put(TEXT, "tekst", "seat-1", base=[]) == first
    assert page("b").put(TEXT, "tekst", "seat-1").ref == "a:1"
    assert everything(tmp_path).count(b"tekst") == 1


def test_two_values_on_one_base_are_both_shown_until_one_is_chosen(page):
    a, b = page("a"), page("b")
    a.put("agreement.text", "eerst")
    assert b.get("agreement.text") == "eerst"
    b.put("agreement.text", "van b")
    a.put("agreement.text", "van a")
    for store in (a, b, page("c")):
        assert {head.value for head in store.heads("agreement.text")} == {"van a", "van b"}
    assert a.get("agreement.text") == "van a" and b.get("agreement.text") == "van b"
    a.put("agreement.text", "van a, verder")  # going on with one's own version chooses nothing
    assert {head.value for head in b.heads("agreement.text")} == {"van a, verder", "van b"}
    chosen = b.put("agreement.text", "van b", base=[head.ref for head in b.heads("agreement.text")])
    assert [head.value for head in a.heads("agreement.text")] == ["van b"] and chosen.seq > 2


def test_full_disk_keeps_the_answer_until_it_can_be_written(tmp_path, page, monkeypatch):
    a = page("a")
    a.put("table-name", "eerst")

    def full(handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(on_disk.os, "fsync", full)
    with pytest.raises(Problem) as caught:
        a.put("table-name", "later")
    assert "nog niet bewaard" in str(caught.value)
    assert a.get("table-name") == "later" and [answer.value for answer in a.pending] == ["later"]
    assert b"later" not in everything(tmp_path)
    monkeypatch.undo()
    assert a.retry() == 1 and a.pending == []
    assert page("b").get("table-name") == "later"


def test_folder_that_cannot_be_made_is_said_and_nothing_is_lost(tmp_path):
    (tmp_path / "workshop").write_text("a file where a folder should be")
    store = open_store(tmp_path)
    assert "werkmap" in str(store.notes[0])
    with pytest.raises(Problem):
        store.put("table-name", "x")
    assert store.get("table-name") == "x"
    (tmp_path / "workshop").unlink()
    assert store.retry() == 1
    assert open_store(tmp_path).get("table-name") == "x"


@pytest.mark.parametrize("name", ["../x", "Zoë", "a b", "", "x/y", "con", "a" * 65, "x.y", "<b>"])
def test_unsafe_names_are_refused(tmp_path, name):
    with pytest.raises(ValueError):
        open_store(tmp_path, group=name)
    with pytest.raises(ValueError):
        open_store(tmp_path, room=name)


def test_torn_last_line_is_set_aside_and_said_once(tmp_path, page):
    page("a").put("table-name", "heel")
    file = tmp_path / "workshop" / "table-1" / "a.jsonl"
    with file.open("ab") as handle:
        handle.write(b'{"format": 1, "room": "workshop", "value": "hal')
    os.utime(file, (1, 1))
    b = page("b")
    assert b.get("table-name") == "heel"
    assert [note.key for note in b.notes] == ["answers.torn"]
    assert b'"hal' in file.with_suffix(".torn").read_bytes()
    assert page("c").notes == []
    again = page("a")
    again.put("table-name", "verder")
    assert page("d").get("table-name") == "verder"


@pytest.mark.parametrize("age", [0, 60])
def test_a_line_that_comes_in_two_halves_is_whole_in_the_end(tmp_path, page, age):
    a, b = page("a"), page("b")
    a.put("table-name", "eerst")
    a.put("table-name", "laatst")
    raw = a.path.read_bytes()
    for half in (40, 200):  # the clock of a share may say anything
        cut = raw.index(b"\n") + 1 + half
        a.path.write_bytes(raw[:cut])
        os.utime(a.path, (a.path.stat().st_mtime - age,) * 2)
        b = page("b")
        assert b.get("table-name") == "eerst" and a.path.read_bytes() == raw[:cut]
        with a.path.open("ab") as handle:
            handle.write(raw[cut:])
        assert b.get("table-name") == "laatst" and page("c").get("table-name") == "laatst"
        assert not [note for note in b.notes if note.key == "answers.damaged"]


def test_newer_foreign_and_damaged_lines_stay_untouched(tmp_path, page):
    folder = tmp_path / "workshop" / "table-1"
    folder.mkdir(parents=True)
    newer = b'{"format": 99, "item": "table-name", "value": "straks", "seq": 9}\n'
    (folder / "n.jsonl").write_bytes(newer + b"\x00\xff rommel\n" + newer)
    (folder / "f.jsonl").write_bytes(b"naam;antwoord\n1;2\n")
    f = page("f")
    assert {note.key for note in f.notes} == {"answers.newer", "answers.damaged", "answers.foreign"}
    f.put("table-name", "x")
    f.close()
    assert (folder / "n.jsonl").read_bytes() == newer + b"\x00\xff rommel\n" + newer
    assert (folder / "f.jsonl").read_bytes() == b"naam;antwoord\n1;2\n"
    assert page("g").get("table-name") == "x"


def test_unreadable_file_is_said_and_never_overwritten(tmp_path, page, monkeypatch):
    page("a").put("table-name", "x")
    real = Path.open

    def closed(self, *args):
        if self.name == "a.jsonl":
            raise PermissionError(errno.EACCES, "closed")
        return real(self, *args)

    monkeypatch.setattr(Path, "open", closed)
    store = page("a")
    assert [note.key for note in store.notes] == ["answers.unreadable"]
    store.put("table-name", "y")
    monkeypatch.undo()
    assert store.writer != "a" and b'"x"' in (tmp_path / "workshop" / "table-1" / "a.jsonl").read_bytes()


def test_texts_keep_their_newest_version_and_networks_their_history(tmp_path, page):
    a = page("a")
    for n in range(3):
        a.put(TEXT, f"versie {n}", "seat-1")
        a.put("network", {"n": n})
    a.close()
    left = everything(tmp_path)
    assert b"versie 2" in left and b"versie 1" not in left and b"versie 0" not in left
    assert [answer.value["n"] for answer in page("b").history("network")] == [0, 1, 2]


def test_files_of_others_are_tidied_on_opening_and_those_in_use_lose_nothing(tmp_path, page):
    a = page("a")
    a.put(TEXT, "oud", "seat-1")
    a.put(TEXT, "nieuw", "seat-1")
    page("b")
    assert b"oud" not in everything(tmp_path) and b"nieuw" in everything(tmp_path)
    a.put(TEXT, "nieuwst", "seat-1")
    assert page("c").get(TEXT, "seat-1") == "nieuwst" and b'nieuw"' not in everything(tmp_path)


def test_own_file_replaced_by_an_older_copy_loses_nothing(page):
    a = page("a")
    a.put("network", 1)
    old = a.path.read_bytes()
    a.put("network", 2)
    a.path.write_bytes(old)
    assert a.get("network") == 2
    a.put("network", 3)
    assert [answer.value for answer in page("b").history("network")] == [1, 2, 3]
    a.path.unlink()
    a.put("network", 4)
    a.refresh()
    assert [answer.value for answer in page("b").history("network")] == [1, 2, 3, 4]


def test_deleted_text_is_in_no_file_and_does_not_come_back(tmp_path, page):
    secret = "geheim van stoel een"
    a, b = page("a"), page("b")
    a.put(TEXT, secret, "seat-1")
    copy = a.path.read_bytes()
    draft = a.base(TEXT, "seat-1")
    assert b.get(TEXT, "seat-1") == secret
    b.put(TEXT, secret + " verder", "seat-1")
    b.put(TEXT, "van stoel twee", "seat-2")
    (a.folder / "dead.torn").write_bytes(b'{"value": "' + secret.encode() + b"\n")
    with (a.folder / "c.jsonl").open("wb") as handle:
        handle.write(copy.replace(b'"writer": "a"', b'"writer": "c"') + b'{"format": 1, "value": "' + secret.encode())
    assert page("d").delete(TEXT, "seat-1").values["n"] == 1
    assert secret.encode() not in everything(tmp_path)
    for store in (a, b, page("e")):
        assert store.get(TEXT, "seat-1") is None and store.heads(TEXT, "seat-1") == []
        assert store.history(TEXT, "seat-1") == []
        assert store.get(TEXT, "seat-2") == "van stoel twee"
    assert secret.encode() not in everything(tmp_path)
    (a.folder / "stick.jsonl").write_bytes(copy)
    assert page("f").get(TEXT, "seat-1") is None
    with pytest.raises(Problem, match="gewist"):
        a.put(TEXT, secret, "seat-1", base=draft)
    assert a.put(TEXT, "opnieuw begonnen", "seat-1").seq > 2
    assert page("g").get(TEXT, "seat-1") == "opnieuw begonnen"


def test_delete_person_and_group_say_how_much_went(tmp_path, page):
    a = page("a")
    for seat in ("seat-1", "seat-2"):
        a.put(TEXT, f"tekst van {seat}", seat)
        a.put("opening.on-paper", "form-a", seat)
    a.put("agreement.text", "afspraak")
    with in_language("nl"):
        assert str(a.delete_person("seat-1")) == "2 antwoorden zijn gewist, met alle vorige versies."
        assert str(a.delete_person("seat-1")) == "Er was niets om te wissen."
    assert a.get(TEXT, "seat-2") == "tekst van seat-2"
    assert a.delete_group().values["n"] == 3
    left = everything(tmp_path)
    assert not any(word in left for word in (b"tekst van", b"form-a", b"afspraak"))
    assert page("b").get("agreement.text") is None


def test_a_file_that_cannot_be_cleared_is_named(page, monkeypatch):
    a, b = page("a"), page("b")
    a.put(TEXT, "weg ermee", "seat-1")
    b.refresh()
    real = on_disk.File.wipe

    def stuck(self, *args):
        if self.path.name == "a.jsonl":
            raise OSError(errno.EIO, "stuck")
        return real(self, *args)

    monkeypatch.setattr(on_disk.File, "wipe", stuck)
    with pytest.raises(Problem, match=r"a\.jsonl"):
        b.delete(TEXT, "seat-1")
    assert a.get(TEXT, "seat-1") is None
    monkeypatch.undo()
    b.delete(TEXT, "seat-1")
    assert b"weg ermee" not in everything(a.folder)


def test_ratings_are_counted_from_five_persons_on(page):
    a = page("a")
    for seat in range(1, 5):
        a.put("opening.on-paper", "lead", f"seat-{seat}")
    a.put("opening.on-paper", "", "seat-5")
    a.put("opening.on-paper", "other", "seat-1")
    assert a.answered("opening.on-paper") == 4 and a.spread("opening.on-paper") is None
    page("b").put("opening.on-paper", "shared", "seat-5")
    assert a.answered("opening.on-paper") == 5
    assert a.spread("opening.on-paper") == {"lead": 3, "other": 1, "shared": 1}


def test_texts_show_only_once_released(page):
    a = page("a")
    for seat in range(1, 6):
        a.put(TEXT, f"tekst {seat}", f"seat-{seat}")
    assert a.released(TEXT) == [] and a.spread(TEXT) == {"": 5}
    assert a.release(TEXT, "seat-2").visibility == "released"
    assert page("b").released(TEXT) == ["tekst 2"]
    assert a.put(TEXT, "tekst 2", "seat-2").visibility == "released"  # a double click takes nothing back
    a.put(TEXT, "tekst 2, aangepast", "seat-2")
    assert a.released(TEXT) == []
    a.release(TEXT, "seat-2")
    a.withdraw(TEXT, "seat-2")
    assert page("b").released(TEXT) == []
    assert a.release(TEXT, "seat-9") is None


def test_group_items_have_no_person_and_factors_may_have_one(page):
    a = page("a")
    a.put("structure", {"x": 1}, "seat-1")
    assert a.get("structure") == {"x": 1}
    a.put("factor.commitment", "high")
    mine = a.put("factor.commitment", "low", "seat-1")
    assert a.get("factor.commitment") == "high" and mine.visibility == "private"
    assert a.put("something.new", 1, "seat-1").visibility == "private"
    a.delete("structure")
    assert a.items() == ["factor.commitment"] and a.items("seat-1") == ["factor.commitment", "something.new"]


WRITE = """
import sys
from workshop.answers import open_store
store = open_store(sys.argv[1], writer=sys.argv[2])
for n in range(50):
    store.put("network", [sys.argv[2], n])
    if len(sys.argv) > 3:
        store.compact()
        store.put("note.x", [sys.argv[2], n])
        store.delete("note.y")
print("done")
"""


@pytest.mark.parametrize("tidy", [[], ["tidy"]])
def test_processes_that_write_at_once_lose_nothing(tmp_path, tidy):
    command = [sys.executable, "-c", WRITE, str(tmp_path)]
    running = [subprocess.Popen([*command, f"w{n}", *tidy], stdout=subprocess.PIPE) for n in range(3)]
    assert [process.communicate(timeout=120)[0].strip() for process in running] == [b"done"] * 3
    values = [tuple(answer.value) for answer in open_store(tmp_path).history("network")]
    assert sorted(values) == sorted((f"w{n}", m) for n in range(3) for m in range(50))


def test_a_file_replaced_between_two_steps_of_an_append_still_gets_the_answer(page, monkeypatch):
    a = page("a")
    a.put("network", 1)
    real, copies = on_disk.os.fsync, [a.path.read_bytes()]

    def fsync(handle):
        real(handle)
        if copies:
            fresh = a.path.with_suffix(".other")
            fresh.write_bytes(copies.pop())
            fresh.replace(a.path)

    monkeypatch.setattr(on_disk.os, "fsync", fsync)
    with pytest.raises(Problem):
        a.put("network", 2)
    assert a.get("network") == 2 and a.retry() == 1 and a.pending == []
    assert a.path.read_bytes().count(b"\n") == 2


def test_what_is_appended_while_lines_are_wiped_out_is_not_lost(page, monkeypatch):
    a = page("a")
    for n in range(2):
        a.put("note.x", n)
    real, before = on_disk.File.take, a.path.read_bytes()

    def take(self, raw):
        with a.path.open("ab") as handle:
            handle.write(before.splitlines(keepends=True)[1].replace(b"note.x", b"note.y"))
        return real(self, raw)

    file = on_disk.File(a.path)
    with monkeypatch.context() as patched:
        patched.setattr(on_disk.File, "take", take)
        file.wipe(lambda _, answer: answer.value == 0, file)
    assert page("b").get("note.y") == 1 and page("b").get("note.x") == 1
    assert a.path.read_bytes().startswith(b" " * 100)


KILLED = """
import os, signal, sys
from workshop.answers import open_store
open_store(sys.argv[1]).put("table-name", "bewaard")
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL on Windows")
def test_killed_right_after_put(tmp_path):
    assert subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)]).returncode == -9
    assert open_store(tmp_path).get("table-name") == "bewaard"


def test_the_store_is_light():
    code = "import sys, workshop.answers; print(*sorted({m.split('.')[0] for m in sys.modules}))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"pandas", "numpy", "networkx", "openpyxl", "traitlets", "ipywidgets"} & set(loaded)


def test_a_folder_that_may_only_be_read_shows_all_and_a_line_cut_off_is_said(tmp_path, page, monkeypatch):
    page("a").put("table-name", "heel")
    file = tmp_path / "workshop" / "table-1" / "a.jsonl"
    with file.open("ab") as handle:
        handle.write(b'{"format": 1, "value": "\xff hal')
    os.utime(file, (1, 1))

    def refuse(*_args):
        raise PermissionError(errno.EACCES, "read only")

    with monkeypatch.context() as patched:
        patched.setattr(on_disk, "append", refuse)
        store = page("b")
        assert store.get("table-name") == "heel" and [note.key for note in store.notes] == ["answers.torn"]
    page("c").delete("table-name")
    assert b"hal" not in file.read_bytes() and page("d").get("table-name") is None


def test_who_has_read_a_file_reads_on(page, monkeypatch):
    a, b = page("a"), page("b")
    for n in range(3):
        a.put("note.x", n)
        assert b.get("note.x") == n
    read, real = [], on_disk.File.take
    monkeypatch.setattr(on_disk.File, "take", lambda self, raw: read.append(raw) or real(self, raw))
    a.put("note.x", 3)
    assert b.get("note.x") == 3 and [raw.count(b"\n") for raw in read] == [1, 1]


def test_the_spread_of_all_tables_tells_nothing_of_a_few_beside_that_of_one_table():
    from workshop.answers.merge import Answer
    from workshop.answers.tables import Room

    def given(table, n, value):
        return [Answer("role.taken", value, f"seat-{i}", "room", table, writer="w", seq=1) for i in range(n)]

    assert Room([*given("a", 5, "x"), *given("b", 1, "y")]).spread("role.taken") == {"x": 5}
    assert Room([*given("a", 5, "x"), *given("b", 4, "y"), *given("c", 1, "y")]).spread("role.taken") == {
        "x": 5,
        "y": 5,
    }
    assert Room([*given("b", 3, "x"), *given("c", 3, "y")]).spread("role.taken") == {"x": 3, "y": 3}
    assert Room([*given("b", 3, "x"), *given("c", 1, "y")]).spread("role.taken") is None
