"""A large network stands in the log once, and then its edits; many edits in a row are one record."""

import asyncio
import json

import pytest
from hypothesis import given
from hypothesis import strategies as some

from workshop.answers import changes, disk, open_store, read_answers
from workshop.domain import edit
from workshop.domain.network import Network, Organisation, Tie
from workshop.session import WAIT, open_session

LEAF = some.none() | some.booleans() | some.integers(0, 3) | some.floats(0, 3) | some.text(max_size=2)
VALUE = some.recursive(
    LEAF,
    lambda inner: some.lists(inner, max_size=6) | some.dictionaries(some.text(max_size=2), inner, max_size=4),
    max_leaves=15,
)


def same(a, b):
    return json.dumps(a, sort_keys=True) == json.dumps(b, sort_keys=True)


@given(VALUE, VALUE)
def test_a_change_leads_from_the_old_value_to_the_new_one(old, new):
    before = json.dumps(old)
    change = changes.difference(old, new)
    assert same(changes.apply(old, change), new) and json.dumps(old) == before
    assert same(json.loads(json.dumps(change)), change)
    assert (change is None) == same(old, new)


@pytest.mark.parametrize("wrong", [{}, {"keys": {}}, {"take": [0]}, {"put": 3}, [], "x", {"take": 1, "put": []}])
def test_a_change_that_fits_nothing_is_refused(wrong):
    for old in ([1, 2], {"a": 1}, "text", None):
        with pytest.raises(ValueError):
            changes.apply(old, wrong)


def large(n=300):
    names = [f"Organisatie {i}" for i in range(n)]
    ids = [f"o{i}" for i in range(n)]
    return Network(
        map(Organisation, ids, names), [Tie(ids[i], ids[j]) for i in range(n) for j in (i // 2, i // 3) if i > j]
    )


def lines(folder):
    (path,) = folder.rglob("*.jsonl")
    return [json.loads(line) for line in path.read_bytes().splitlines() if line.strip()]


def test_a_large_network_stands_in_the_log_once_and_then_its_edits(tmp_path):
    session = open_session(store=tmp_path)
    session.replace(network=large())
    first = sum(len(json.dumps(line)) for line in lines(tmp_path))
    for i in range(200, 230):
        assert session.change_network(edit.add_tie, "o1", f"o{i}", kind="referral")
    session.change_network(edit.rename, "o7", "Anders")
    session.change_network(edit.remove_organisation, "o3")
    session.change_network(edit.add_organisation, "Nieuw")
    session.undo()
    kept = [line for line in lines(tmp_path) if line["item"] == "network"]
    assert "value" in kept[0] and all(line["format"] == 2 and "value" not in line for line in kept[1:])
    assert len(kept) == 35
    assert sum(len(json.dumps(line)) for line in kept[1:]) < first / 2
    again = open_session(store=tmp_path)
    assert again.network == session.network
    assert [len(answer.value["network"]["ties"]) for answer in again.store.history("network")][:3] == [596, 597, 598]
    (network,) = (answer for answer in read_answers(tmp_path).answers if answer.item == "network")
    assert Network.from_dict(network.value["network"]) == session.network
    again.change_network(edit.remove_organisation, "o9")  # another page has a file of its own
    assert open_session(store=tmp_path).network == again.network


def test_a_small_answer_stays_whole(tmp_path):
    session = open_session(store=tmp_path)
    session.replace(network=large(5))
    session.change_network(edit.add_tie, "o4", "o3")
    assert all(
        line["format"] == 1 and line["value"]["network"] for line in lines(tmp_path) if line["item"] == "network"
    )


def test_what_goes_takes_no_later_change_along(tmp_path):
    a = open_store(tmp_path, writer="a")
    values = [{"network": large().to_dict(), "n": n} for n in range(4)]
    for value in values[:3]:
        a.put("network", value)
    copy = a.path.read_bytes()
    assert copy.count(b'"change"') == 2
    open_store(tmp_path, writer="b").delete("network")
    assert b"Organisatie" not in a.path.read_bytes()
    *before, last = copy.splitlines(True)  # a stick with a version that was made after the deletion, without knowing it
    last = json.dumps({**json.loads(last), "seq": 4, "saved_at": "2099-01-01T00:00:00+00:00"}).encode() + b"\n"
    a.path.write_bytes(b"".join([*before, last]))
    for writer in "cd":
        assert open_store(tmp_path, writer=writer).get("network") == values[2]
    assert not any(b"change" in path.read_bytes() for path in a.folder.iterdir())
    c = open_store(tmp_path, writer="c")
    c.put("network", values[3])
    assert open_store(tmp_path, writer="d").get("network") == values[3]


def test_a_change_without_what_it_changed_is_set_aside_and_said(tmp_path):
    store = open_store(tmp_path, writer="a")
    for n in range(3):
        store.put("network", {"network": large().to_dict(), "n": n})
    raw = (tmp_path / "workshop/table-1/a.jsonl").read_bytes()
    torn = disk.File(store.path)
    assert not any(torn.take(b"".join(raw.splitlines(True)[1:]))) and torn.damaged == [1, 2]
    whole = disk.File(store.path).take(raw)
    assert [answer.value["n"] for answer in whole] == [0, 1, 2]
    for found in (whole, store.history("network")):
        assert found[2].value["network"] is found[0].value["network"]  # once in memory


def test_while_drawing_edits_in_a_row_are_one_record(tmp_path):
    session = open_session(store=tmp_path)
    session.replace(network=large(40))
    before = len(lines(tmp_path))

    async def draw():
        for i in range(20, 40):
            with session.drawing():
                session.change_network(edit.add_tie, "o1", f"o{i}", kind="knowing")
            await asyncio.sleep(0.001)
        assert session.waiting and len(lines(tmp_path)) == before
        await asyncio.sleep(WAIT + 0.2)
        assert not session.waiting and len(lines(tmp_path)) == before + 1
        with session.drawing():
            session.change_network(edit.add_tie, "o1", "o2", kind="knowing")
        assert len(lines(tmp_path)) == before + 1
        session.save("table-name", "Tafel")  # what was drawn goes before it
        assert [line["item"] for line in lines(tmp_path)[before:]] == ["network", "network", "table-name"]
        with session.drawing():
            session.change_network(edit.add_tie, "o1", "o5", kind="knowing")
        assert len(session.store.get("network")["network"]["ties"]) == len(session.network.ties)
        started = asyncio.get_running_loop().time()
        while asyncio.get_running_loop().time() < started + 3 * WAIT:  # somebody who never stops
            with session.drawing():
                session.change_network(edit.rename, "o1", f"Naam {asyncio.get_running_loop().time()}")
            await asyncio.sleep(0.05)
        assert any("Naam" in json.dumps(line) for line in lines(tmp_path))

    asyncio.run(draw())
    session.flush()
    assert open_session(store=tmp_path).network == session.network and not session.failures
