"""A session: what a group does is kept, can be undone, and never fails in silence."""

import shutil

import pytest

from workshop.answers.database import current_group, next_group
from workshop.domain import edit, governance
from workshop.domain.network import Organisation
from workshop.session import open_session
from workshop.texts import Message


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


def test_what_has_no_steps_has_nothing_to_undo(session):
    assert session.undo("agreement.what") is None and session.notice


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
    table = session.structure.tables[0].id
    session.change_structure(edit.seat, table, a)
    session.change_structure(edit.seat, table, b)
    session.change_network(edit.remove_organisation, a)
    assert session.structure.tables[0].seats == (b,)
    session.undo()
    assert session.structure.tables[0].seats == (a, b)


def test_structure_is_back_with_lead_and_coordinator(session, tmp_path):
    a, _ = add(session, "A", "B")
    session.change_structure(edit.set_lead, a)
    session.change_structure(edit.set_coordinator, "coordinator")
    session.change_structure(edit.add_table, "working", "wonen")
    session.change_structure(edit.seat, "wonen", "coordinator")
    back = again(tmp_path)
    assert back.structure == session.structure and back.lead == a
    assert back.structure.sector_of(a) == Organisation(a, "A").sector


def test_two_pages_that_change_the_network_at_once_keep_both_edits(session, tmp_path):
    add(session, "A")
    other = again(tmp_path)
    other.change_network(edit.add_organisation, "Van de andere pagina")
    session.change_network(edit.add_organisation, "Van deze pagina")
    other.refresh()
    names = [item.name for item in session.network.organisations]
    assert names == ["A", "Van de andere pagina", "Van deze pagina"] == [o.name for o in other.network.organisations]


def test_what_another_page_writes_reaches_the_views(session, tmp_path):
    other = again(tmp_path)
    heard = []
    other.observe(lambda change: heard.append(change.new[0]), "answered")
    session.save("agreement.what", "x")
    session.save("agreement.why", "y")
    other.refresh()
    assert heard == ["agreement.what", "agreement.why"]
    heard.clear()
    other.refresh()
    assert heard == []
    session.delete("agreement.what")
    other.refresh()
    assert heard == [None]


def test_a_handler_that_fails_is_told_logged_and_never_swallowed(tmp_path):
    session = open_session(store=tmp_path, room="room", group="table-1")
    session.guard(lambda: 1 / 0)()
    assert session.notice == Message("session.unexpected")
    assert len(session.failures) == 1
    assert "ZeroDivisionError" in (tmp_path / "log" / "workshop.log").read_text(encoding="utf-8")


def test_a_disk_that_fails_is_said_and_never_called_saved(session):
    import sqlite3

    other = sqlite3.connect(session.store.path, isolation_level=None)
    session.store.execute("PRAGMA busy_timeout=30")
    other.execute("BEGIN IMMEDIATE")
    for _ in range(2):  # the same value again is not saved either
        assert session.save("note.balance.size", "wij zijn met acht") is None
        assert session.saved == "unsaved" and session.notice.key == "answers.not-done"
    assert not session.change_network(edit.add_organisation, "CAW") and session.saved == "unsaved"
    other.execute("ROLLBACK")
    assert session.save("note.balance.size", "wij zijn met acht") and session.saved == "saved"
    assert session.store.get("note.balance.size") == "wij zijn met acht"


def test_what_is_said_of_a_deletion_stays_while_other_things_are_kept(session):
    session.save("reflection.2.role-experience", "iets", "seat-1")
    said = session.notice = session.delete("reflection.2.role-experience", "seat-1")
    session.save("table-name", "De brug")
    assert said and session.notice is said


def test_something_else_in_the_place_of_the_file_is_never_called_saved(session):
    folder = session.store.path.parent
    aside = folder.with_name("aside")
    folder.rename(aside)
    folder.mkdir()
    session.store.path.write_bytes(b"geen databank " * 100)
    assert not session.change_network(edit.add_organisation, "CAW")
    assert session.saved == "unsaved" and session.notice.key == "answers.not-opened"
    assert session.save("note.balance.size", "wij zijn met acht") is None and session.saved == "unsaved"
    shutil.rmtree(folder)
    aside.rename(folder)
    assert session.change_network(edit.add_organisation, "CAW") and session.saved == "saved"


def test_other_answers_in_the_place_of_the_file_are_left_alone(tmp_path):
    ours, theirs = (open_session(store=tmp_path / name, room="room", group="table-1") for name in ("ours", "theirs"))
    theirs.save("agreement.what", "van een andere tafel")
    (tmp_path / "ours").rename(tmp_path / "aside")
    (tmp_path / "theirs").rename(tmp_path / "ours")
    assert ours.save("agreement.what", "van ons") is None
    assert ours.saved == "unsaved" and ours.notice.key == "answers.other-file"
    assert again(tmp_path / "ours").store.get("agreement.what") == "van een andere tafel"


def test_a_clean_sheet_leaves_the_last_group_where_it_is(tmp_path):
    assert current_group(tmp_path, "workshop") == "table-1"
    first = open_session(store=tmp_path)
    first.save("table-name", "De pioniers")
    assert next_group(tmp_path, "workshop") == "table-2"
    second = open_session(store=tmp_path)
    assert second.store.group == "table-2" and second.store.get("table-name") is None
    assert open_session(store=tmp_path, group="table-1").store.get("table-name") == "De pioniers"
