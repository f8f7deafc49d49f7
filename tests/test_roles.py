from itertools import combinations, product

import pytest

from workshop.domain.roles import ROLES, factor_table, pull_apart, roles, rows_for
from workshop.texts import in_language, load

SEED = [
    ("commitment", "high", ("co-producer",)),
    ("commitment", "low", ("commissioner",)),
    ("consensus", "easy", ("facilitator", "co-producer")),
    ("consensus", "hard", ("commissioner",)),
    ("history", "positive", ("commissioner",)),
    ("history", "negative", ("facilitator", "co-producer")),
]


def test_factor_table_is_the_seeds():
    assert [(row.factor, row.level, row.roles) for row in factor_table()] == SEED
    assert {row.source for row in factor_table()} == {"seed-slides"}


def test_six_of_eight_profiles_pull_apart():
    profiles = list(product(("high", "low"), ("easy", "hard"), ("positive", "negative")))
    named = [rows_for(dict(zip(("commitment", "consensus", "history"), profile, strict=True))) for profile in profiles]
    assert all(len(rows) == 3 for rows in named)
    united = [profile for profile, rows in zip(profiles, named, strict=True) if not pull_apart(rows)]
    assert sorted(united) == [("high", "easy", "negative"), ("low", "hard", "positive")]


def test_unknown_factors_have_no_row():
    assert rows_for({}) == ()
    assert rows_for({"commitment": None, "consensus": "hard", "history": "nonsense"}) == (factor_table()[3],)


def test_fewer_than_two_rows_never_pull_apart():
    table = factor_table()
    assert not pull_apart([])
    assert not any(pull_apart([row]) for row in table)
    assert pull_apart([table[0], table[1]])
    assert not pull_apart([table[2], table[5]])
    for pair in combinations(table, 2):
        assert pull_apart(pair) == pull_apart(pair[::-1])


@pytest.mark.parametrize("language", ["nl", "en"])
def test_labels_follow_the_language(language):
    with in_language(language):
        row = factor_table()[0]
        assert row.level_label == {"nl": "veel", "en": "high"}[language]
        assert all(item.label and item.level_label and not item.label.startswith("[nl]") for item in factor_table())
        alone = load("texts/field.toml")["role"]["commissioner"]
        assert factor_table()[1].role_labels == alone[language] and alone["nl"] != alone["en"]


def test_each_role_stands_on_each_dimension():
    known = roles()
    dimensions = [item["id"] for item in known["dimension"]]
    assert dimensions == ["direction", "decides", "responsibility", "say", "place"]
    assert [role["id"] for role in known["role"]] == list(ROLES)
    for role in known["role"]:
        assert all(role[dimension] for dimension in dimensions)
        assert set(role["own"]) <= set(dimensions)
    assert "lokale besturen" in known["about"]
