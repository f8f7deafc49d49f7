import csv
import json
import re
from pathlib import Path

import networkx as nx
import pytest

from workshop.domain import governance
from workshop.domain.questions import about, questions, register
from workshop.domain.structure import TABLE_KINDS
from workshop.texts import LANGUAGES, Message, data_root, in_language, load, message_keys, pick

DATA = data_root()
TOML = sorted(path.relative_to(DATA).as_posix() for path in DATA.rglob("*.toml"))
CSV = sorted(path.relative_to(DATA).as_posix() for path in DATA.rglob("*.csv"))
TASKS = sorted({entry.set for entry in register() if entry.pattern.startswith(f"task.{entry.set}.")})
CASES = ("rural", "town", "cluster", "knoke")
FICTIONAL = CASES[:3]
ID = re.compile(r"[A-Za-z0-9]+([.-][A-Za-z0-9]+)*")


def walk(node, place=""):
    """Every mapping in a file, with its place."""
    if isinstance(node, dict):
        yield place, node
        for key, value in node.items():
            yield from walk(value, f"{place}/{key}")
    elif isinstance(node, (list, tuple)):
        for number, value in enumerate(node):
            yield from walk(value, f"{place}/{number}")


def strings(node):
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for value in node.values():
            yield from strings(value)
    elif isinstance(node, (list, tuple)):
        for value in node:
            yield from strings(value)


@pytest.mark.parametrize("name", TOML + CSV)
def test_both_languages_are_filled_everywhere(name):
    for place, entry in walk(load(name)):
        for key in entry:
            if key in LANGUAGES or key[-3:] in ("_nl", "_en"):
                start = key[:-2]
                dutch, english = entry.get(f"{start}nl"), entry.get(f"{start}en")
                missing = f"{start}{'en' if dutch else 'nl'}"
                assert bool(dutch) == bool(english), f"{name}: {missing} is missing at {entry.get('id', '')} ({place})"
                may_be_empty = start in ("uncertain_", "known_") or name.startswith("texts/")
                assert dutch or may_be_empty, f"{name} {place} {key} is empty"


@pytest.mark.parametrize("name", TOML + CSV)
def test_ids_are_ascii_and_unique_and_sources_resolve(name):
    known = {row["id"] for row in load("sources.csv")}
    ties = name.endswith("ties.csv")
    groups: dict[str, list[str]] = {}
    for place, entry in walk(load(name)):
        if isinstance(entry.get("id"), str):
            groups.setdefault(place.rsplit("/", 1)[0], []).append(entry["id"])
            assert ID.fullmatch(entry["id"].replace("*", "each")) and entry["id"].isascii(), f"{name} {place}"
        cited = [] if ties or name.startswith("texts/") else [entry.get("source", ""), *entry.get("sources", ())]
        for source in cited:
            if isinstance(source, str) and " " not in source:
                assert source in known or not source, f"{name} {place}: no source {source!r}"
    for place, ids in groups.items():
        assert len(ids) == len(set(ids)), f"{name} {place}: an id stands twice"


@pytest.mark.parametrize("name", CSV)
def test_csv_opens_in_belgian_excel(name):
    raw = (DATA / name).read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    lines = raw.decode("utf-8-sig").splitlines()
    assert ";" in lines[0]
    assert len({line.count(";") for line in lines if '"' not in line}) == 1
    for row in load(name):
        assert not any(value.startswith(("=", "+", "-", "@")) for value in row.values())


def test_no_text_has_double_or_outer_spaces():
    for name in [name for name in TOML + CSV if not name.startswith("texts/")]:
        for text in strings(load(name)):
            assert "  " not in text and text == text.strip(), f"{name}: {text!r}"
            assert "TODO" not in text


def test_sectors_partners_and_layers():
    sectors = [row["id"] for row in governance.sectors()]
    assert {row["usual"] for row in governance.sectors()} == {"yes", "no"}
    assert 10 <= len(governance.missing_sectors(["police-justice"])) < len(sectors)
    partners = governance.partner_list()
    assert len(partners) >= 35
    assert {row["sector"] for row in partners} == set(sectors)
    assert {row["layer"] for row in partners} == {"core", "basic", "specialised"}
    assert {row["id"] for row in partners if row["layer"] == "core"} == {"ocmw", "caw", "dmw"}


def test_labels_know_ids_and_leave_own_words_alone():
    assert governance.sector_label("education").startswith("Onderwijs")
    assert governance.sector_label("Dierenwelzijn") == "Dierenwelzijn"
    assert governance.sector_label(None) == governance.sector_label("") == str(Message("sector.unknown"))
    assert governance.kind_label("referral") == "naar elkaar doorverwijzen"
    assert governance.kind_label("samen koken") == "samen koken"
    assert governance.layer_label(None) == str(Message("layer.unknown"))
    with in_language("en"):
        assert governance.sector_label(None) == "unknown"
        assert governance.kind_label("referral") == "referring people to each other"


@pytest.mark.parametrize("id", TASKS)
def test_tasks_have_keys_that_are_columns(id):
    assert isinstance(about(id)["core"], bool)
    for entry in questions(f"task.{id}.*"):
        assert set(entry.key) <= {option.id for option in entry.options}, entry.id
        assert entry.text and entry.feedback and governance.cite(entry.source)


def keys(id):
    return {entry.row: list(entry.key) for entry in questions(f"task.{id}.*")}


def test_keys_are_those_of_the_seed():
    assert set(map(tuple, keys("poles").values())) == {()}
    assert list(keys("poles")) == [part["id"] for part in governance.parts()["part"]]
    what = keys("who-does-what")
    assert what["divide-subsidy"] == []
    seed = {
        "apply-subsidy": "lead-organisation",
        "manage-subsidy": "lead-organisation",
        "appoint-coordinator": "lead-organisation",
        "start-contact": "coordinator",
        "link": "coordinator",
        "vision": "steering-group",
        "goals": "steering-group",
        "theme": "working-groups",
    }
    assert {row: what[row] for row in seed} == {row: [key] for row, key in seed.items()}
    last = list(keys("last-word").values())[:5]
    assert last == [["facilitator"], ["commissioner"], ["co-producer"], ["commissioner"], ["facilitator"]]
    assert keys("is-a-network")["library"] == []
    lines = {row: key[0] for row, key in keys("count-lines").items()}
    assert lines["plenary"] == f"lines-{24 * 23 // 2}"
    assert lines["star"] == "lines-23"
    assert lines["groups"] == f"lines-{4 * 15 + 6}"
    assert lines["never-meet"] == f"lines-{276 - 66}"


def test_forms_have_the_fit_table():
    with in_language("en"):
        found = governance.forms()
        shapes = [form["id"] for form in found["form"]]
        table = {}
        for entry in questions("form-standing.*"):
            table[entry.row] = [option.text for shape in shapes for option in entry.options if option.id == shape]
    assert shapes == ["shared", "lead", "nao"]
    assert table == {
        "trust": [
            "Nearly everyone trusts nearly everyone",
            "Not much, and mainly in the lead organisation",
            "Moderate. The members keep an eye on the office (NAO)",
        ],
        "participants": ["Few", "A moderate number", "A moderate to large number"],
        "goal-consensus": ["High", "Moderately low", "Moderately high"],
        "competencies": ["Few", "A moderate number", "Many"],
    }
    assert len(found["tension"]) == 3
    assert all(row[shape] for row in found["tension"] for shape in shapes)
    assert "hypotheses" in found["hypothesis"]
    assert {option.id for option in questions("opening")[0].options} == {*shapes, "unsure"}


def test_reflections_and_situations():
    rounds = [*questions("reflection-1"), *questions("reflection-2")]
    assert {entry.id for entry in rounds if entry.more.get("step") == "alone"} >= {
        "reflection.1.room-for-structure",
        "reflection.1.own-experience",
        "reflection.2.role-experience",
        "reflection.2.more-guidelines",
    }
    situations = about("situations")["row"]
    assert len(situations) >= 10
    assert sum(row.get("core", False) for row in situations) == 3
    assert all(row["text"] and row["trainer"] for row in situations)


def test_glossary_is_complete():
    terms = {row["id"] for row in governance.glossary()}
    assert len(terms) >= 55
    assert {"penhouder", "gbo", "density", "commissioner", "under-protection"} <= terms


def test_each_law_sentence_says_where_it_stands():
    rows = load("law.toml")["sentence"]
    assert len(rows) == 11
    undated = {"vvsg-gbo", "vvsg-rules", "wvg-faq", "opgroeien-gbo", "decision-2018-11-30", "decision-2018-12-07"}
    for row in rows:
        assert row["where"]["nl"] in str(governance.law()[row["id"]])
        if undated & {row.get("source"), *row.get("sources", ())}:
            assert "zonder datum" in row["where"]["nl"], row["id"]


@pytest.mark.parametrize("id", ["rural", "town", "cluster"])
def test_no_line_of_a_still_map_runs_through_the_sign_of_another(id):
    case = governance.case(id)
    assert set(case.places) == {organisation.id for organisation in case.network.organisations}
    for a, b in case.network.pairs():
        for other in set(case.places) - {a, b}:
            assert distance(*(complex(*case.places[end]) for end in (other, a, b))) >= 16, (other, a, b)


def distance(spot, start, end):
    """How far a spot is from a line, all of them complex numbers."""
    along = ((spot - start) * (end - start).conjugate()).real / abs(end - start) ** 2
    return abs(spot - start - min(1, max(0, along)) * (end - start))


def test_an_unknown_source_is_an_error():
    with pytest.raises(KeyError, match="nonsense"):
        governance.cite("nonsense")


@pytest.mark.parametrize("row", load("slides.csv"), ids=lambda row: row["id"])
def test_each_slide_has_its_place(row):
    assert row["cell"] == f"slide-{row['id']}"
    for code in LANGUAGES:
        path = Path(__file__).parents[1] / "notebooks" / code / f"{row['place']}.ipynb"
        if code == "nl" and not path.is_file():
            pytest.skip(f"{path.name} is not written yet")
        if path.is_file():
            cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
            assert row["cell"] in [cell.get("id") for cell in cells if cell["cell_type"] == "markdown"]


@pytest.mark.parametrize("id", FICTIONAL)
def test_fictional_cases(id):
    case = governance.case(id)
    assert case.fictional and case.mark == Message("case.fictional")
    assert {tie.kind for tie in case.network.ties} == {"communication", "referral", "knowing"}
    assert {tie.trust for tie in case.network.ties} <= {1, 2, 3, 4, 5}
    assert not case.network.directed
    known = {row["id"] for row in governance.sectors()}
    assert {item.sector for item in case.network.organisations} <= known
    assert {item.layer for item in case.network.organisations} <= {"core", "basic", "specialised"}
    assert case.structure.lead == case.lead == case.network.organisation(case.lead).id
    assert all(table.kind in TABLE_KINDS and table.seats for table in case.structure.tables)
    assert case.title and case.story and case.hints


@pytest.mark.parametrize("id", CASES)
def test_cases_lose_nothing_on_loading(id):
    network = governance.case(id).network
    assert len(network.ties) == len(load(f"cases/{id}/ties.csv"))
    rows = {}
    for tie in network.ties:
        rows.setdefault((tie.source, tie.target), set()).add(tie.trust)
    assert all(len(trust) == 1 for trust in rows.values())


def test_cases_differ():
    found = {case.id: case for case in governance.cases()}
    assert set(found) == set(CASES)
    assert [len(found[id].network.organisations) for id in FICTIONAL] == [9, 18, 28]
    graphs = {id: found[id].network.to_networkx() for id in FICTIONAL}
    density = [nx.density(graphs[id]) for id in FICTIONAL]
    assert density == sorted(density, reverse=True) and density[0] > 2 * density[1]
    assert all(len(list(nx.isolates(graph))) == 1 for graph in graphs.values())
    mean = {}
    for id, graph in graphs.items():
        trust = [data["trust"] for *_, data in graph.edges(data=True)]
        mean[id] = sum(trust) / len(trust)
    assert mean["rural"] > mean["town"] and mean["rural"] > mean["cluster"]
    for id in FICTIONAL:
        missing = governance.missing_sectors(item.sector for item in found[id].network.organisations)
        assert bool(missing) == (id != "cluster")
    steering = {t.seats for c in found.values() if c.structure for t in c.structure.tables if t.kind == "steering"}
    assert ["poverty-association" in seats for seats in sorted(steering, key=len)] == [False, True]


def test_knoke_is_as_published():
    case = governance.case("knoke")
    graph = case.network.to_networkx()
    published = load("cases/knoke/case.toml")["published"]
    assert not case.fictional and "Knoke & Wood" in str(case.mark)
    assert (len(graph), graph.number_of_edges()) == (10, published["ties"]) == (10, 49)
    assert round(nx.density(graph), 4) == published["density"]
    assert round(nx.overall_reciprocity(graph), 4) == published["arc_reciprocity"]
    assert graph.in_degree("NEWS") == published["highest_in_degree_value"] == max(d for _, d in graph.in_degree())


def test_knoke_is_the_shared_file():
    shared = Path(__file__).parents[2] / "shared" / "data" / "knoke-bureaucracies" / "information_exchange.csv"
    if not shared.is_file():
        pytest.skip("the original Knoke file is not beside this repository")
    arcs = {tuple(line.split(",")) for line in shared.read_text().split()[1:]}
    assert governance.case("knoke").network.pairs() == arcs


def words(text):
    return re.findall(r"\w+", text.lower())


def test_no_sentence_is_taken_from_the_slides():
    slides = Path(__file__).parents[2] / "shared" / "seed" / "slides-nl.txt"
    if not slides.is_file():
        pytest.skip("the slides are not beside this repository")
    seed = words(slides.read_text(encoding="utf-8"))
    runs = {tuple(seed[i : i + 8]) for i in range(len(seed) - 7)}
    for name in TOML + CSV:
        for text in strings(load(name)):
            found = words(text)
            taken = [found[i : i + 8] for i in range(len(found) - 7) if tuple(found[i : i + 8]) in runs]
            assert not taken or "the governance of local networks" in " ".join(taken[0]), f"{name}: {taken[0]}"


def test_field_labels_cover_every_id():
    wanted = {f"layer.{layer}" for layer in ("core", "basic", "specialised")}
    wanted |= {f"table_kind.{kind}" for kind in TABLE_KINDS}
    wanted |= {f"part.{part['id']}" for part in governance.parts()["part"]}
    assert wanted <= message_keys()


def test_english_is_marked_where_missing():
    with in_language("en"):
        assert pick({"nl": "Hallo"}) == "[nl] Hallo"


def test_first_words_tell_the_sector_of_most_names_and_never_a_wrong_one():
    """The names were written by somebody who knew the list of sectors, and neither the partners nor the words."""
    with open(Path(__file__).with_name("names_of_organisations.csv"), encoding="utf-8", newline="") as file:
        names = list(csv.DictReader(file, delimiter=";"))
    found = {row["name"]: governance.sector_of(row["name"]) for row in names}
    assert len(found) == 40
    wrong = [row["name"] for row in names if found[row["name"]] not in (None, row["sector"])]
    right = [row["name"] for row in names if found[row["name"]] == (row["sector"] or None)]
    assert wrong == [] and len(right) >= 30
