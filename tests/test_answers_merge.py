"""Merging: the same heads whatever the order of files and lines, and reading what was handed in."""

import json
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workshop.answers import items, open_store, read_answers
from workshop.answers.merge import distinct, needed, raw_heads, read_record, shown_heads
from workshop.exchange import ImportProblem
from workshop.texts import Problem


def record(**fields):
    usual = {"format": 1, "room": "r", "group": "g", "person": None, "item": "table-name", "value": "x", "writer": "a"}
    return {**usual, "visibility": "group", "seq": 1, "base": [], "saved_at": "2026-11-01T10:00:00+00:00", **fields}


def values(*records):
    return [head.value for head in shown_heads(raw_heads(distinct(read_record(each) for each in records)))]


ACTIONS = st.lists(
    st.tuples(
        st.sampled_from("abc"),
        st.sampled_from(["put", "put", "get", "choose", "delete", "stale", "compact", "reopen"]),
        st.integers(0, 3),
    ),
    max_size=14,
)


@settings(max_examples=40, deadline=None)
@given(ACTIONS, st.sampled_from(["table-name", "network"]), st.randoms(use_true_random=False))
def test_any_interleaving_merges_to_the_same_heads(actions, item, random):
    with tempfile.TemporaryDirectory() as name:
        stores = {writer: open_store(name, writer=writer) for writer in "abc"}
        written = {}
        for writer, action, value in actions:
            store = stores[writer]
            if action == "put":
                stores[writer].put(item, value, base=store.base(item))
            elif action == "get":
                store.get(item)
            elif action == "choose":
                store.put(item, value, base=[*store.base(item), *(head.ref for head in store.heads(item))])
            elif action == "delete":
                store.delete(item)
            elif action == "stale" and store._seen.get((None, item)):  # without a look at the others
                with suppress(Problem):  # what was deleted meanwhile is not put back
                    store.put(item, value)
            elif action == "compact":
                store.compact()
            elif action == "reopen":
                store.close()
                stores[writer] = open_store(name, writer=writer)
            written |= {answer.mark: answer for answer in store._records((None, item))}
        seen = [[head.mark for head in store.heads(item)] for store in stores.values()]
        assert seen[0] == seen[1] == seen[2]
        shuffled = list(written.values())  # with all that was dropped from the files meanwhile
        random.shuffle(shuffled)
        assert [head.mark for head in shown_heads(raw_heads(shuffled))] == seen[0]
        must = {answer.mark for answer in needed(shuffled)} if shuffled else set()
        kept = [answer for answer in shuffled if answer.mark in must or random.random() < 0.5]
        assert [head.mark for head in raw_heads(kept)] == [head.mark for head in raw_heads(shuffled)]
        if seen[0]:
            lines = [path.read_bytes() for path in Path(name).rglob("*.jsonl")]
            together = b"".join(lines).splitlines(keepends=True)
            random.shuffle(together)
            (Path(name) / "handed-in").write_bytes(b"".join(together + together[:2]))
            assert [answer.mark for answer in read_answers(Path(name) / "handed-in").answers] == seen[0]


def test_two_values_on_one_base_are_a_conflict_and_equal_values_are_none():
    first = record(value="0")
    one, two = record(value="1", seq=2, base=["a:1"]), record(value="2", writer="b", seq=2, base=["a:1"])
    assert sorted(values(first, one, two)) == ["1", "2"]
    assert values(first, one, record(value="1", writer="b", seq=2, base=["a:1"])) == ["1"]
    assert values(first, one, two, record(value="3", writer="c", seq=3, base=["a:2", "b:2"])) == ["3"]


@pytest.mark.parametrize("base", [1, "1", "a:1", ["a:1"], [1]])
def test_bases_as_others_write_them(base):
    assert values(record(value="old"), record(value="new", writer="b", seq=2, base=base)) == ["new"]
    assert len(values(record(value="old"), record(value="new", writer="b", seq=2, base=[]))) == 2


def test_the_clock_decides_only_where_nothing_else_does():
    late = record(value="first", saved_at="2030-01-01T00:00:00+00:00")
    assert values(late, record(value="second", writer="b", seq=2, base=["a:1"])) == ["second"]
    times = {"a": "2025-03-30T01:30:00+01:00", "b": "2025-03-30T01:10:00Z"}
    bare = [record(value=text, saved_at=time) for text, time in times.items()]
    for each in bare:
        del each["seq"], each["base"]
    assert values(*bare) == values(*reversed(bare)) == ["b"]


def test_a_deletion_wins_from_what_did_not_know_of_it_and_was_saved_before():
    gone = record(value=None, writer="d", seq=3, base=["a:2"], visibility="deleted", saved_at="2026-11-01T12:00:00Z")
    assert values(record(), record(seq=2, value="y"), gone) == []
    assert values(gone, record(writer="c", value="elsewhere, before")) == []
    assert values(gone, record(writer="c", value="elsewhere, after", saved_at="2026-11-01T13:00:00Z")) != []
    assert values(gone, record(writer="c", seq=4, base=["d:3"], value="again")) == ["again"]


@pytest.fixture
def handed_in(tmp_path):
    for table in ("table-1", "table-2"):
        store = open_store(tmp_path, group=table, writer=f"w-{table}")
        store.put("table-name", table)
        store.put("table-name", f"{table}, later")
        for seat in range(3):
            store.put("opening.on-paper", "lead", f"seat-{seat}")
    return tmp_path


def test_a_folder_of_tables_is_read_at_once_and_twice_the_same_file_counts_once(handed_in):
    file = handed_in / "workshop" / "table-1" / "w-table-1.jsonl"
    shutil.copy(file, file.with_name("w-table-1 (1).jsonl"))
    result = read_answers(handed_in)
    assert [answer.value for answer in result.current("table-name")] == ["table-1, later", "table-2, later"]
    assert [note.key for note in result.notes] == ["answers.double"]
    assert result.answered("opening.on-paper") == 6 and result.spread("opening.on-paper") == {"lead": 6}
    alone = read_answers(str(file))
    assert alone.answered("opening.on-paper") == 3 and alone.spread("opening.on-paper") is None


def test_torn_foreign_newer_and_older_files(handed_in, tmp_path, monkeypatch):
    file = handed_in / "workshop" / "table-1" / "w-table-1.jsonl"
    whole = read_answers(file).answers
    with file.open("ab") as handle:
        handle.write(b'{"format": 1, "room": "works')
    torn = read_answers(file)
    assert torn.answers == whole and [note.key for note in torn.notes] == ["answers.torn"]

    newer = tmp_path / "newer.jsonl"
    newer.write_text(json.dumps(record(format=2)) + "\n")
    with pytest.raises(ImportProblem, match="Werk eerst de werkmap bij") as caught:
        read_answers(newer)
    assert len(caught.value.faults) == 1
    for content in (b"", b"van;naar\na;b\n", b"\xff\xfe\x00", b'[{"vraag": "V1"}]', b"{}\n" * 3, b"[" * 100_000):
        foreign = tmp_path / "foreign.jsonl"
        foreign.write_bytes(content)
        with pytest.raises(ImportProblem, match="geen antwoorden van deze werkmap"):
            read_answers(foreign)
    with pytest.raises(ImportProblem, match="kan niet gelezen worden"):
        read_answers(tmp_path / "nowhere.jsonl")
    os.mkdir(tmp_path / "empty")
    with pytest.raises(ImportProblem, match="empty"):
        read_answers(tmp_path / "empty")
    result = read_answers(tmp_path)
    assert {"answers.foreign", "answers.newer-refused", "answers.torn"} == {note.key for note in result.notes}
    assert len(result.current("table-name")) == 2

    monkeypatch.setattr(items, "FORMAT", 2)
    monkeypatch.setattr("workshop.answers.merge.FORMAT", 2)
    monkeypatch.setattr("workshop.answers.disk.FORMAT", 2)
    rules = items.item_rules("table-name")._replace(migrations={1: lambda name: {"name": name}})
    monkeypatch.setitem(items.NO_QUESTIONS, "table-name", rules)
    older = read_answers(handed_in / "workshop" / "table-2")
    assert older.current("table-name")[0].value == {"name": "table-2, later"}
    assert [note.key for note in older.notes] == ["answers.older"]
    assert read_answers(newer).answers[0].value == "x"


def test_rules_of_items():
    assert items.item_rules("reflection.2.role").text and items.item_rules("network").keep == "history"
    assert items.item_rules("never.heard-of") is items.UNKNOWN


@pytest.mark.parametrize("text", ["<script>", "=1+1", "🙂", "a\r\nb\u2028c\x00", "half \ud83d", "x" * 40_000, "'\"\\"])
def test_any_text_comes_back_as_it_was(tmp_path, text):
    store = open_store(tmp_path)
    store.put("agreement.text", text)
    assert read_answers(store.path).answers[0].value == text
    store.delete("agreement.text")
    assert len(store.path.read_bytes().strip()) < 500
