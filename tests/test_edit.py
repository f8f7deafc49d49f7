"""Edits: every change gives a new network or structure, or a sentence that says what to do."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workshop.domain import edit
from workshop.domain.kept import KeptNetwork, KeptStructure
from workshop.domain.network import Network, Organisation, Tie
from workshop.domain.structure import Structure, Table
from workshop.texts import Problem, message_keys


@pytest.fixture
def network():
    start = edit.add_organisation(Network(), "OCMW Ons Dorp", "local-authority", "core")
    start = edit.add_organisation(start, "CAW", "welfare")
    return edit.add_tie(start, "ocmw-ons-dorp", "caw", "referral", trust=4)


def refused(key, change, *values, **named):
    with pytest.raises(Problem) as caught:
        change(*values, **named)
    assert caught.value.message.key == f"edit.{key}"
    assert caught.value.message.key in message_keys()
    assert "{" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("name", ["", "  ", "\u00a0\n", "\x00"])
def test_an_organisation_needs_a_name(network, name):
    refused("name_empty", edit.add_organisation, network, name)


@pytest.mark.parametrize("name", ["caw", " C A W ".replace(" A ", "A"), "Caw\u00a0", "CAW"])
def test_case_and_spaces_do_not_make_another_organisation(network, name):
    assert "CAW" in refused("name_taken", edit.add_organisation, network, name)


def test_a_name_that_is_too_long_says_how_long(network):
    assert "300" in refused("too_long", edit.add_organisation, network, "x" * 300)
    assert edit.add_organisation(network, "x" * 200).organisations[-1].name == "x" * 200
    refused("too_long", edit.set_organisation, network, "caw", sector="y" * 201)


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "=1+1", "\U0001f600", "{n}", "{0.__class__}", "NA"])
def test_hostile_names_are_kept_as_typed(network, name):
    bigger = edit.add_organisation(network, name)
    assert bigger.organisations[-1].name == name
    with pytest.raises(Problem) as caught:
        edit.add_organisation(bigger, name)
    assert name in str(caught.value)


def test_rename_keeps_id_and_ties(network):
    renamed = edit.rename(network, "caw", "Caw")
    assert renamed.name("caw") == "Caw"
    assert renamed.ties == network.ties
    refused("name_taken", edit.rename, network, "caw", "ocmw ons  dorp")
    refused("organisation_gone", edit.rename, network, "nobody", "X")


def test_sector_and_layer(network):
    assert edit.set_organisation(network, "caw", layer="basic").organisation("caw") == Organisation(
        "caw", "CAW", "welfare", "basic"
    )
    assert edit.set_organisation(network, "caw", sector=None).organisation("caw").sector is None
    assert edit.set_organisation(network, "caw", sector="  ").organisation("caw").sector is None
    refused("layer", edit.set_organisation, network, "caw", layer="upper")


def test_ties_go_with_the_organisation(network):
    smaller = edit.remove_organisation(network, "caw")
    assert [item.id for item in smaller.organisations] == ["ocmw-ons-dorp"]
    assert smaller.ties == ()
    refused("organisation_gone", edit.remove_organisation, smaller, "caw")


def test_ties_that_cannot_be(network):
    refused("tie_to_itself", edit.add_tie, network, "caw", "caw")
    refused("organisation_gone", edit.add_tie, network, "caw", "nobody")
    refused("tie_twice", edit.add_tie, network, "caw", "ocmw-ons-dorp", "referral")
    for trust in (0, 6, 2.5, "veel"):
        refused("trust", edit.add_tie, network, "caw", "ocmw-ons-dorp", trust=trust)
    for strength in (0, -1, float("nan"), float("inf"), "veel"):
        refused("strength", edit.add_tie, network, "caw", "ocmw-ons-dorp", strength=strength)


def test_direction_makes_another_tie(network):
    directed = Network(network.organisations, network.ties, directed=True)
    both = edit.add_tie(directed, "caw", "ocmw-ons-dorp", "referral")
    assert len(both.ties) == 2
    refused("tie_twice_directed", edit.add_tie, both, "caw", "ocmw-ons-dorp", "referral")


def test_setting_and_removing_ties(network):
    more = edit.add_tie(network, "caw", "ocmw-ons-dorp", "knowing", strength=2)
    changed = edit.set_tie(more, "caw", "ocmw-ons-dorp", "referral", trust=None, strength=1)
    assert changed.ties == (Tie("ocmw-ons-dorp", "caw", "referral", 1), Tie("caw", "ocmw-ons-dorp", "knowing", 2))
    refused("tie_gone", edit.set_tie, more, "caw", "ocmw-ons-dorp", trust=3)
    refused("trust", edit.set_tie, more, "caw", "ocmw-ons-dorp", "referral", trust=9)
    assert [tie.kind for tie in edit.remove_tie(more, "caw", "ocmw-ons-dorp", "referral").ties] == ["knowing"]
    refused("tie_gone", edit.remove_tie, more, "caw", "ocmw-ons-dorp", "communication")
    refused("tie_gone", edit.remove_tie, more, "caw", "ocmw-ons-dorp")


def test_nothing_changes_in_place(network):
    before = network.to_dict()
    edit.add_organisation(network, "X")
    edit.set_organisation(network, "caw", sector=None)
    edit.remove_tie(network, "caw", "ocmw-ons-dorp", "referral")
    assert network.to_dict() == before


def test_a_bad_table_or_seat_is_refused():
    with pytest.raises(ValueError, match="kind"):
        Table("committee")
    with pytest.raises(ValueError, match="'z'"):
        Structure(["a"], [Table("steering", seats=["z"])])
    people = Structure(["a", "b", "a"], [Table("plenary", seats=iter(["a", "c", "a"]))], coordinator="c")
    assert people.partner_ids == ("a", "b")
    known = Organisation("a", "A", "welfare")
    assert Structure([known, "a"]).partners == (known,)
    assert people.tables[0].seats == ("a", "c")


def test_structure_knows_sectors_and_survives_being_kept(network):
    structure = Structure([*network.organisations, "loose"], [Table("steering", seats=["caw"])], lead="caw")
    assert [structure.sector_of(id) for id in structure.partner_ids] == ["local-authority", "welfare", None]
    assert structure.name("caw") == "CAW"
    assert structure.name("loose") == "loose"
    assert Structure.from_dict(structure.to_dict(), structure.partners) == structure


def test_tables_and_seats():
    structure = edit.set_coordinator(Structure(["a", "b", "c"]), "coordinator")
    structure = edit.add_table(structure, "working", " Wonen ")
    structure = edit.add_table(structure, "bilateral")
    for table, id in (("wonen", "a"), ("wonen", "coordinator"), ("bilateral", "a"), ("bilateral", "b")):
        structure = edit.seat(structure, table, id)
    assert structure.themes == ("Wonen",)
    assert structure.tables[0].seats == ("a", "coordinator")
    refused("theme_taken", edit.add_table, structure, "working", "wonen")
    refused("theme_vision", edit.add_table, structure, "working", "Vision")
    refused("seat_taken", edit.seat, structure, "wonen", "a")
    refused("organisation_gone", edit.seat, structure, "wonen", "z")
    refused("bilateral_full", edit.seat, structure, "bilateral", "c")
    for table in ("", "0", "nowhere"):
        refused("table_gone", edit.seat, structure, table, "a")
    assert edit.set_table_theme(structure, "wonen", "WONEN").themes == ("WONEN",)
    assert edit.unseat(structure, "wonen", "a").tables[0].seats == ("coordinator",)
    assert edit.unseat(structure, "wonen", "c") == structure
    twin = edit.add_table(edit.add_table(Structure(["a"]), "plenary"), "plenary")
    assert len(edit.remove_table(twin, "plenary").tables) == 1


def test_seats_of_a_coordinator_who_is_no_partner_go_to_the_next():
    start = Structure(["a", "b"], [Table("steering", seats=["a", "kim"]), Table("working", "x", ["kim"])], "a", "kim")
    assert [t.seats for t in edit.set_coordinator(start, "b").tables] == [("a", "b"), ("b",)]
    assert [t.seats for t in edit.set_coordinator(start, "a").tables] == [("a",), ("a",)]
    assert [t.seats for t in edit.set_coordinator(start, None).tables] == [("a",), ()]
    assert edit.set_lead(start, None).tables == start.tables
    refused("organisation_gone", edit.set_lead, start, "kim")


def test_a_structure_follows_its_network(network):
    structure = Structure(
        network.organisations, [Table("steering", seats=["caw", "ocmw-ons-dorp", "kim"])], lead="caw", coordinator="kim"
    )
    smaller = edit.add_organisation(edit.remove_organisation(network, "caw"), "Ziekenfonds", "health-fund")
    kept = KeptStructure(structure).to_dict()
    followed = KeptStructure.from_dict(kept, KeptNetwork(network).changed(smaller)).structure
    assert "partners" not in kept and followed.partners == smaller.organisations
    assert followed.tables[0].seats == ("ocmw-ons-dorp", "kim")
    assert (followed.lead, followed.coordinator) == (None, "kim")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=12), max_size=12))
def test_any_names_give_distinct_ids_or_a_sentence(names):
    network = Network()
    for name in names:
        try:
            network = edit.add_organisation(network, name)
        except Problem as problem:
            assert str(problem)
    assert Network.from_dict(network.to_dict()) == network
    assert all(item.id.isascii() and item.name for item in network.organisations)
