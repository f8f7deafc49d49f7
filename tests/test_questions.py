"""The register of questions: who may see what follows from it, and a trainer adds a question without Python."""

import pytest

from workshop.answers.items import UNKNOWN, Item, first_visibility, item_rules

TABLE = Item("group", "group")
DRAWN = Item("group", "group", keep="history")
ALONE = Item("person", "private")
WRITTEN = Item("person", "private", text=True)
RULES = {
    "table-name": TABLE,
    "network": DRAWN,
    "structure": DRAWN,
    "structure.variants": DRAWN,
    "map": DRAWN,
    "structure.dials": TABLE,
    "structure.judgement": TABLE,
    "judgement.inclusion": ALONE,
    "opening.on-paper": ALONE,
    "opening.in-practice": ALONE,
    "form-standing.quadrant": TABLE,
    "form-standing.trust": TABLE,
    "task.poles.coordinator": TABLE,
    "task.situation.heat-wave": TABLE,
    "role.situation.heat-wave": ALONE,
    "reflection.situation.heat-wave": WRITTEN,
    "role.taken": ALONE,
    "factor.history": Item("either", "group"),
    "factor.history.in-two-years": Item("either", "group"),
    "factor.history.partner.caw": Item("either", "group"),
    "reflection.1.own-experience": WRITTEN,
    "reflection.2.pair": WRITTEN,
    "reflection-table.2": Item("group", "private", text=True),
    "agreement.first-step": TABLE,
    "note.balance.size": TABLE,
    "note.factor-change": TABLE,
    "note.run-sheet": TABLE,
    "note.hand-in": TABLE,
}


@pytest.mark.parametrize(("item", "rules"), RULES.items(), ids=RULES)
def test_each_kept_answer_has_the_rules_that_it_always_had(item, rules):
    assert item_rules(item) == rules


def test_what_no_question_asks_is_shown_to_nobody_unless_all_its_kin_agree():
    assert item_rules("task.taken-out.card") == TABLE
    assert item_rules("reflection.1.taken-out") == WRITTEN
    assert item_rules("factor-of.ours") is UNKNOWN and item_rules("never-heard-of") is UNKNOWN
    assert UNKNOWN.text and first_visibility("never.heard-of", "seat-1") == "private"


def test_what_one_person_says_of_a_shared_question_is_private_at_first():
    assert first_visibility("factor.history", "seat-1") == "private"
    assert first_visibility("factor.history", None) == "group"
