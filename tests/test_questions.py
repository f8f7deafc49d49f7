"""The register of questions: who may see what follows from it, and a trainer adds a question without Python."""

import shutil

import pytest
from viewing import answer, field_of, press, said, shown, type_in

from workshop import texts, widgets
from workshop.answers.items import UNKNOWN, Item, first_visibility, item_rules
from workshop.answers.overview import by_question, sheet
from workshop.answers.tables import read_room
from workshop.cli import main
from workshop.domain import questions as questions_module
from workshop.domain import roles, runbook
from workshop.domain.questions import question, questions, register
from workshop.output.handouts import SHEETS, make_handouts
from workshop.output.report import report_html
from workshop.output.slides import make_slides

TABLE = Item("group", "group")
ALONE = Item("person", "private")
WRITTEN = Item("person", "private", text=True)
RULES = {
    "table-name": TABLE,
    "network": TABLE,
    "structure": TABLE,
    "structure.variants": TABLE,
    "map": TABLE,
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
    "network.map-3": TABLE,
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


# -- a trainer adds a question -----------------------------------------------------------------------------------------


@pytest.fixture
def data(tmp_path, monkeypatch):
    """A copy of ``data/`` that a trainer may edit; what is asked comes from there."""
    root = tmp_path / "data"
    shutil.copytree(texts.data_root(), root)
    monkeypatch.setattr(texts, "data_root", lambda: root)
    return root


def add(root, name, block):
    path = root / "questions" / f"{name}.toml"
    before = path.read_text("utf-8") if path.is_file() else ""
    path.write_text(f"{before}\n{block}\n", encoding="utf-8")


CHOICE = """
[[question]]
id = "opening.ours"
text.nl = "Hoe zou je het zelf willen?"
text.en = "How would you like it?"
"""


def test_a_choice_added_to_a_file_is_asked_kept_private_and_counted(data, session):
    add(data, "opening", CHOICE)
    assert item_rules("opening.ours") == ALONE
    view = widgets.Opening(session)
    back = widgets.OpeningBack(session)
    for number in range(1, 6):
        session.seat = f"seat-{number}"
        answer(view, "opening.ours", "shared")
    press(back, "spread.open")
    press(back, "spread.yes")
    asked = question("opening.ours")
    assert asked.phone and asked.page == "0_start"
    assert asked.text in shown(view) and asked.text in shown(back)
    room = read_room(session.work)
    assert [asked.text, asked.options[0].text, "", 5] in sheet("spread", room).rows
    assert asked.text in {row[0] for row in by_question(room).rows}
    assert asked.text in report_html(session)
    with texts.in_language("en"):
        assert question("opening.ours").text == "How would you like it?"


def test_a_choice_added_to_private_texts_has_its_hint_and_leaves_theirs(data, session):
    choice = CHOICE.replace("opening.ours", "reflection.2.ours") + 'kind = "choice"\nhint.nl = "Niets is fout."\n'
    options = "".join(f'[[question.option]]\nid = "{id}"\ntext.nl = "{id}"\n' for id in ("yes", "no"))
    add(data, "reflection-2", choice + options)
    view = widgets.Ask(session, "reflection-2")
    session.seat = "seat-1"
    told = shown(view)
    assert said("reflection.private") in told and "Niets is fout." in told


def test_a_card_added_to_a_task_is_shown_with_its_answer_on_the_page_and_on_the_run_sheet(data, session):
    add(
        data,
        "last-word",
        """
[[row]]
id = "ours"
text.nl = "Els vraagt iedereen om een stem."
text.en = "Els asks everybody for a vote."
key = ["co-producer"]
source = "seed-slides"
feedback.nl = "Een stem is nog geen beslissing."
feedback.en = "A vote is no decision yet."
""",
    )
    view = widgets.Task(session, "last-word")
    press(view, "task.before")  # before the first card comes the last
    answer(view, "task.last-word.ours", "co-producer")
    press(view, "task.explain")
    assert "Een stem is nog geen beslissing." in shown(view)
    assert item_rules("task.last-word.ours") == TABLE
    block = next(block for block in runbook.runbook()["block"] if block.get("task") == "last-word")
    assert any("Els vraagt" in line and "Een stem is nog geen" in line for line in runbook.worked_answers(block))


def test_a_situation_added_to_the_register_asks_its_three_questions(data, session):
    add(
        data,
        "situations",
        """
[[row]]
id = "ours"
core = false
title.nl = "Onze eigen situatie"
title.en = "Our own situation"
text.nl = "Twee partners willen weg."
text.en = "Two partners want to leave."
trainer.nl = "Vraag waarom."
trainer.en = "Ask why."
""",
    )
    view = widgets.Situations(session)
    view.picker.which.value = "ours"
    session.seat = "seat-1"
    answer(view, "role.situation.ours", "facilitator")
    type_in(field_of(view, "reflection.situation.ours"), "omdat het zo is")
    session.store.release("reflection.situation.ours", "seat-1")
    answer(view, "task.situation.ours", "unsure")
    room = read_room(session.work)
    assert ["Onze eigen situatie", "omdat het zo is"] in sheet("released", room).rows
    assert ["Onze eigen situatie", question("task.situation.ours").options[-1].text, 1, "…"] in sheet(
        "spread", room
    ).rows
    block = next(block for block in runbook.runbook()["block"] if block.get("from") == "situations")
    assert "**Onze eigen situatie.** Vraag waarom." in runbook.worked_answers(block)


NEW_FILE = """
page = "2_forms"
owner = "table"
visibility = "table"
kind = "text"

[[question]]
id = "note.ours"
text.nl = "Wat kan morgen al?"
text.en = "What can be done tomorrow?"

[[question]]
id = "note.when"
kind = "date"
text.nl = "Tegen welke dag?"
text.en = "By which day?"
"""


def test_a_new_file_is_a_new_set(data, session):
    add(data, "tomorrow", NEW_FILE)
    view = widgets.Ask(session, "tomorrow")
    type_in(field_of(view, "note.ours"), "bellen")
    type_in(field_of(view, "note.when"), "1/12/2026")
    assert session.store.get("note.ours") == "bellen" and session.store.get("note.when") == "2026-12-01"
    assert item_rules("note.ours") == TABLE and [entry.id for entry in questions("tomorrow")] == [
        "note.ours",
        "note.when",
    ]


def test_a_row_added_to_the_balance_comes_on_its_page_and_in_the_report(data, session):
    add(
        data,
        "balance",
        '[[row]]\nid = "money"\ntitle.nl = "Geld"\ntext.nl = "Geld: wie beslist erover?"\nsource = "kit"',
    )
    view = widgets.Balance(session)
    type_in(field_of(view, "note.balance.money"), "de penhouder")
    assert "Geld: wie beslist erover?" in report_html(session) and "de penhouder" in report_html(session)


BARE = '[[{block}]]\nid = "{id}"\ntext.nl = "Een kale vraag?"\ntext.en = "A bare question?"'
PLACES = [("row", name) for name in ("needs", "last-word", "situations", "own-form", "judgement", "balance", "factors")]
PLACES += [("question", name) for name in ("agreement", "reflection-1", "reflection-2", "who-are-we", "table-name")]


def add_bare(root, block, name):
    add(root, name, BARE.format(block=block, id="ours" if block == "row" else f"{name}.ours"))
    if name == "factors":  # a factor has two levels of its own
        for level in ("much", "little"):
            add(root, name, f'[[row.option]]\nid = "{level}"\ntext.nl = "{level}"\nroles = []\nsource = "kit"')


@pytest.mark.parametrize(("block", "name"), PLACES, ids=[name for _, name in PLACES])
def test_a_block_with_only_an_id_and_a_text_breaks_nothing(data, session, block, name):
    add_bare(data, block, name)
    for view in (widgets.Forms, widgets.FactorTable, widgets.Situations, widgets.Balance, widgets.Judgement):
        view(session)
    for id in ("needs", "last-word"):
        view = widgets.Task(session, id)
        press(view, "task.before")
        press(view, "task.explain")
    for id in ("agreement", "reflection-1", "reflection-2", "who-are-we"):
        widgets.Ask(session, id)
    assert all(runbook.worked_answers(b) is not None for b in runbook.runbook()["block"])
    assert report_html(session)


def test_blocks_with_only_an_id_and_a_text_break_no_paper(data, tmp_path):
    for block, name in PLACES:
        add_bare(data, block, name)
    for number in range(8):  # more than a page has room for
        add(data, "who-does-what", BARE.format(block="row", id=f"task-{number}"))
    assert len(make_handouts(tmp_path)) == len(SHEETS)
    assert make_slides(tmp_path)


WRONG = [
    ("questions.no_id", '[[question]]\ntext.nl = "Zonder id"'),
    ("questions.no_text", '[[question]]\nid = "opening.empty"'),
    ("questions.no_options", '[[question]]\nid = "opening.none"\ntext.nl = "Welke?"\noption = []'),
    ("questions.unknown_word", '[[question]]\nid = "opening.who"\nowner = "boss"\ntext.nl = "Wie?"'),
    ("questions.not_whole", '[[option]]\nid = "textless"'),
    ("questions.not_whole", '[[question]]\nid = "opening.own"\ntext.nl = "Wie?"\n[[question.option]]\nid = "textless"'),
    ("questions.not_whole", '[[row]]\nid = "ours"\ntext.nl = "Wij"\n[[row.option]]\ntext.nl = "zonder id"'),
    ("questions.unknown_key", '[[question]]\nid = "opening.own"\nvisibilty = "private"\ntext.nl = "Wie?"'),
    ("questions.unknown_key", '[[row]]\nid = "ours"\ntext.nl = "Wij"\nfeedbak.nl = "Zo is het"'),
    ("questions.twice", '[[question]]\nid = "role.taken"\ntext.nl = "Nog eens?"'),
    ("questions.unreadable", 'text.nl = "aanhalingsteken vergeten'),
]


@pytest.mark.parametrize(("key", "block"), WRONG)
def test_a_file_that_is_not_whole_is_said_with_its_name(data, key, block):
    add(data, "opening", block)
    with pytest.raises(texts.Problem) as told:
        register()
    assert told.value.message.key == key and "opening" in str(told.value.message)


def test_check_says_which_file_is_not_whole(data, tmp_path, capsys):
    assert main(["check", "--work", str(tmp_path / "work")]) in (0, 1)
    assert said("check.questions", n=len(register())) in capsys.readouterr().out
    add(data, "agreement", '[[question]]\nid = "agreement.no-text"')
    for cached in (questions_module._files, questions_module._register, texts._toml):
        cached.cache_clear()
    assert main(["check", "--work", str(tmp_path / "work")]) == 1
    assert said("questions.no_text", file="agreement", id="agreement.no-text") in capsys.readouterr().out


def test_the_roles_to_choose_from_are_called_what_the_roles_are_called():
    for code in texts.LANGUAGES:
        with texts.in_language(code):
            names = {role["id"]: role["name"] for role in roles.roles()["role"]}
            for entry in (question("role.taken"), question("role.situation.heat-wave")):
                assert {o.id: o.text for o in entry.options if o.id in names} == names
