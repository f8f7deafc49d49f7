"""A session: what a group does is kept, can be undone, and never fails in silence."""

import json
from pathlib import Path

import pytest

from workshop.domain import edit, governance
from workshop.domain.network import Organisation
from workshop.session import open_session
from workshop.texts import Message, Problem
from workshop.work import current_group, next_group


def again(tmp_path):
    return open_session(store=tmp_path, room="room", group="table-1")


def add(session, *names):
    for name in names:
        assert session.change_network(edit.add_organisation, name), session.notice
    return [organisation.id for organisation in session.network.organisations]


def test_network_is_back_after_opening_again(session, tmp_path):
    a, b = add(session, "OCMW Meerlo", "Inloophuis Zoë")
    session.change_network(edit.add_tie, a, b, kind="referral")
    back = again(tmp_path)
    assert back.network == session.network
    assert back.network.ties[0].kind == "referral"


def test_undo_and_redo_are_kept_too(session, tmp_path):
    add(session, "A", "B")
    before = session.network
    session.change_network(edit.add_organisation, "C")
    assert session.undo() and session.network == before
    assert again(tmp_path).network == before
    assert session.redo() and len(session.network.organisations) == 3
    assert session.undo() and session.undo() and session.undo()
    assert not session.undo()
    assert session.notice == Message("session.nothing_to_undo")


@pytest.mark.parametrize("bad", ["", "   ", "ocmw  MEERLO", "x" * 300])
def test_a_name_that_cannot_be_changes_nothing_and_says_why(session, bad):
    add(session, "OCMW Meerlo")
    before = session.network
    assert not session.change_network(edit.add_organisation, bad)
    assert session.network is before
    assert len(str(session.notice)) > 20 and session.notice.key not in str(session.notice)


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "=1+1", "Café 🎉 welkom", "{name}"])
def test_odd_names_are_kept_as_typed(session, tmp_path, name):
    add(session, name)
    assert again(tmp_path).network.organisations[0].name == name


def test_a_case_replaces_the_network_and_undo_brings_it_back(session):
    add(session, "Ons eigen huis")
    case = governance.case("town")
    session.replace(network=case.network, structure=case.structure, case=case.id)
    assert session.lead == case.structure.lead and session.case == case.id
    session.undo()
    assert [o.name for o in session.network.organisations] == ["Ons eigen huis"] and session.case is None


def test_a_partner_who_leaves_loses_its_seats(session):
    a, b = add(session, "A", "B")
    session.change_structure(edit.add_table, "steering")
    session.change_structure(edit.seat, 0, a)
    session.change_structure(edit.seat, 0, b)
    session.change_network(edit.remove_organisation, a)
    assert session.structure.tables[0].seats == (b,)
    session.undo()
    assert session.structure.tables[0].seats == (a, b)


def test_structure_is_back_with_lead_and_coordinator(session, tmp_path):
    a, _ = add(session, "A", "B")
    session.change_structure(edit.set_lead, a)
    session.change_structure(edit.set_coordinator, "coordinator")
    session.change_structure(edit.add_table, "working", "wonen")
    session.change_structure(edit.seat, 0, "coordinator")
    back = again(tmp_path)
    assert back.structure == session.structure and back.lead == a
    assert back.structure.sector_of(a) == Organisation(a, "A").sector


def test_two_pages_that_change_the_network_at_once_make_a_conflict_not_a_loss(session, tmp_path):
    add(session, "A")
    other = again(tmp_path)
    other.change_network(edit.add_organisation, "Van de andere pagina")
    session.change_network(edit.add_organisation, "Van deze pagina")
    names = {o["name"] for head in session.store.heads("network") for o in head.value["network"]["organisations"]}
    assert names == {"A", "Van de andere pagina", "Van deze pagina"}
    assert len(session.store.heads("network")) == 2


def test_a_handler_that_fails_is_told_logged_and_never_swallowed(tmp_path):
    session = open_session(store=tmp_path, room="room", group="table-1")
    session.guard(lambda: 1 / 0)()
    assert session.notice == Message("session.unexpected")
    assert len(session.failures) == 1
    assert "ZeroDivisionError" in (tmp_path / "log" / "workshop.log").read_text(encoding="utf-8")


def test_a_private_question_asks_for_a_seat(session):
    with pytest.raises(Problem):
        session.person_for(True)
    session.seat = "seat-2"
    assert session.person_for(True) == "seat-2"
    assert session.person_for(False) is None


def test_a_disk_that_fails_keeps_the_answer_in_memory_and_says_so(session, monkeypatch):
    import workshop.answers.log as log

    def refuse(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(log.os, "fsync", refuse)
        add_failed = session.save("note.balance.size", "wij zijn met acht")
    assert add_failed is None and session.saved == "unsaved"
    assert session.store.get("note.balance.size") == "wij zijn met acht"
    session.save("note.balance.trust", "later")
    assert session.saved == "saved"
    kept = "".join(path.read_text(encoding="utf-8") for path in Path(session.store.folder).rglob("*.jsonl"))
    assert "wij zijn met acht" in kept


def test_a_clean_sheet_leaves_the_last_group_where_it_is(tmp_path):
    assert current_group(tmp_path, "workshop") == "table-1"
    first = open_session(store=tmp_path)
    first.save("table-name", "De pioniers")
    assert next_group(tmp_path, "workshop") == "table-2"
    second = open_session(store=tmp_path)
    assert second.store.group == "table-2" and second.store.get("table-name") is None
    lines = [json.loads(line) for path in tmp_path.rglob("*.jsonl") for line in path.read_text("utf-8").splitlines()]
    assert any(line["value"] == "De pioniers" for line in lines)
