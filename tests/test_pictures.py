"""The picture of a network: what stands around it, what its signs and lines mean, and that names stay readable."""

import re
from itertools import combinations
from xml.etree import ElementTree

import pytest

from workshop.domain import governance
from workshop.domain.network import Network, Organisation, Tie
from workshop.domain.questions import questions
from workshop.pictures import (
    MANY,
    SHAPES,
    UNKNOWN,
    Badge,
    count_lines,
    form_drawing,
    kind_lines,
    kind_looks,
    network_as_form,
    pair_lines,
    picture,
    sector_signs,
)
from workshop.svg import wrapped
from workshop.texts import Message, load
from workshop.widgets.network_map import MapCanvas

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "<script>alert('x')</script>"


def network(n=12, kinds=("referral", "knowing"), sectors=3):
    people = [Organisation(f"o{i}", f"Partner {i}", f"sector {i % sectors}") for i in range(n)]
    ties = [Tie(f"o{a}", f"o{b}", kind) for a, b in combinations(range(n), 2) for kind in kinds]
    return Network(people, ties)


def spots(network):
    return {o.id: (150.0 * (i % 4), 120.0 * (i // 4)) for i, o in enumerate(network.organisations)}


def texts(svg):
    return [text.text for text in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def signs(svg):
    """The first shape of each organisation: its tag, colour, and whether a dot stands in it."""
    found = {}
    for group in ElementTree.fromstring(svg).iter(f"{SVG}g"):
        if group.find(f"{SVG}title") is not None:
            shapes = [part for part in group if part.tag in (f"{SVG}circle", f"{SVG}polygon")]
            found[group.find(f"{SVG}title").text] = (shapes[0].tag, shapes[0].get("fill"), len(shapes) > 1)
    return found


def lines(svg):
    """All lines that are drawn: their colour."""
    return [path.get("stroke") for path in ElementTree.fromstring(svg).iter(f"{SVG}path") if path.get("stroke")]


def test_title_sentence_legend_and_source_stand_around_it():
    case = governance.case("rural")
    places = spots(case.network)
    svg = picture(case.network, places=places, lead=case.lead, title="Ons netwerk", source="Getekend op 25/11/2026.")
    said = texts(svg)
    assert said[0] == "Ons netwerk" and said[1] in svg[: svg.index("<title>")]
    assert said[-1] == "Getekend op 25/11/2026." and str(Message("report.legend_lead")) in said
    for sector in {o.sector for o in case.network.organisations}:
        assert governance.sector_label(sector) in said
    for kind in case.network.kinds:
        assert governance.kind_label(kind) in said


@pytest.mark.parametrize("placed", [True, False])
def test_hostile_words_are_text_all_around(placed):
    drawn = Network([Organisation("a", HOSTILE, HOSTILE), Organisation("b", "B")], [Tie("a", "b", HOSTILE)])
    places, badges = spots(drawn) if placed else None, {"b": Badge(HOSTILE, "#ffffff")}
    svg = picture(drawn, HOSTILE, places=places, lead="a", badges=badges, title=HOSTILE, source=HOSTILE)
    assert "<script" not in svg and "&lt;script&gt;" in svg and "nan" not in svg
    assert ElementTree.fromstring(svg).get("aria-label") == HOSTILE


@pytest.mark.parametrize("placed", [True, False])
def test_an_unknown_sector_is_a_plain_white_circle_on_screen_and_paper(placed, session):
    drawn = Network([Organisation("a", "Alpha"), Organisation("b", "Beta", "welfare")], [])
    seen = signs(picture(drawn, places=spots(drawn) if placed else None))
    assert seen["Alpha"] == (f"{SVG}circle", "#ffffff", False) != seen["Beta"]
    session.replace(network=drawn)
    on_screen = MapCanvas(session).state
    *_, sector = on_screen["orgs"][0]
    assert on_screen["sectors"][sector][2:] == ["circle", "#ffffff"]


def test_no_two_sectors_are_alike_in_grey():
    found = sector_signs(network(40, (), sectors=3 * len(SHAPES)))
    assert found.pop(None) == UNKNOWN
    assert len({(sign.shape, sign.dot) for sign in found.values()}) == len(found) == 3 * len(SHAPES)


def test_each_kind_of_tie_has_a_line_of_its_own():
    kinds = [kind["id"] for kind in governance.tie_kinds()]
    drawn = network(2, (*kinds, "eigen woord", None))
    looks = kind_looks(drawn)
    assert len(set(looks.values())) == len(looks) == len(kinds) + 2
    assert {line.meaning for line in kind_lines(drawn)} == {governance.kind_label(kind) for kind in looks}
    assert len({line.shift for line in kind_lines(drawn)}) == len(looks)  # beside each other
    assert [dash for dash, _ in kind_looks(network(2, ("knowing",))).values()] == [""]


def test_more_own_kinds_than_looks_are_drawn_all_the_same():
    many = [f"soort {n}" for n in range(len(load("tie_kinds.toml")["own"]) + 2)]
    assert set(kind_looks(network(2, many))) == set(many)


def test_a_dense_map_has_one_line_a_pair():
    few, many = network(5), network(14)
    assert len(few.ties) <= MANY < len(many.ties)
    assert len(kind_lines(few)) == len(few.ties) and len(kind_lines(many)) == len(many.pairs())
    together = str(Message("report.legend_kinds", n=2))
    assert together in texts(picture(many)) and together not in texts(picture(few))


def test_on_all_maps_together_a_line_says_how_many_tables_drew_it():
    drawn = network(3, (None,))
    counted = dict(zip(sorted(drawn.pairs()), (1, 4, 2), strict=True))
    made = count_lines(drawn, {**counted, ("x", "y"): 9})  # a pair that is not in the picture
    assert [line.text for line in sorted(made, key=lambda line: line.width)] == ["", "2", "4"], "one table says nothing"


def test_names_are_wrapped_as_on_the_screen():
    assert wrapped("Wijkgezondheidscentrum De Spil") == ["Wijkgezondheidscentrum", "De Spil"]
    assert wrapped("Donaudampfschifffahrtsgesellschaft")[0].endswith("-")
    assert len(wrapped("een twee drie vier vijf zes zeven acht negen tien elf twaalf")) == 3


def names_on(svg):
    """The lines of each name: how wide they are, about, and where they stand."""
    found = {}
    for group in ElementTree.fromstring(svg).iter(f"{SVG}g"):
        if group.find(f"{SVG}title") is not None:
            rows = group.findall(f"{SVG}text")
            at = [(float(row.get("x")), float(row.get("y"))) for row in rows]
            found[group.find(f"{SVG}title").text] = [
                (6.5 * len(row.text), *spot) for row, spot in zip(rows, at, strict=True)
            ]
    return found


def lie_over_each_other(one, other):
    return any(abs(x - p) < (wide + wider) / 2 and abs(y - q) < 12 for wide, x, y in one for wider, p, q in other)


TYPED = {  # as a browser of 1920 by 1080 gives places to what is typed
    "OCMW Mechelen": (717.0, 370.0),
    "CAW Boom-Mechelen-Lier": (752.0, 409.0),
    "Huis van het Kind": (658.3, 413.1),
    "Wijkgezondheidscentrum De Ridder": (783.5, 448.0),
    "Samenlevingsopbouw Antwerpen": (803.7, 353.1),
    "CLB GO! Rivierenland": (698.6, 454.4),
    "Bibliotheek": (649.9, 367.5),
    "Welzijnsschakel Mechelen": (698.6, 311.7),
    "Politie zone Rivierenland": (774.1, 298.5),
}


def test_no_name_lies_over_another_where_the_screen_was_large():
    drawn = Network([Organisation(name, name) for name in TYPED])
    names = names_on(picture(drawn, places=TYPED))
    over = [pair for pair in combinations(names, 2) if lie_over_each_other(names[pair[0]], names[pair[1]])]
    assert len(over) <= 1, "nobody's letters become small for one pair"


def test_one_pair_close_together_costs_nobody_the_letters():
    places = {f"Organisatie {n}": (250.0 * (n % 5), 120.0 * (n // 5)) for n in range(20)}
    drawn = Network([Organisation(name, name) for name in [*places, "Vlakbij"]])
    wide = [
        float(re.search(r'viewBox="[\d. -]* ([\d.]+) [\d.]+"', picture(drawn, places={**places, "Vlakbij": spot}))[1])
        for spot in ((125.0, 60.0), (40.0, 25.0))
    ]
    assert wide[1] <= 1.6 * wide[0]


def test_where_names_have_room_or_two_lie_together_on_purpose_places_stay():
    drawn = Network([Organisation(name, name) for name in ("Aap", "Noot", "Mies")])
    places = {"Aap": (0.0, 0.0), "Noot": (4.0, 3.0), "Mies": (60.0, 70.0)}
    for shown in (picture(drawn, places=places), picture(drawn, places=places, lead="Aap")):
        x, y = zip(*((x, y) for ((_, x, y),) in names_on(shown).values()), strict=True)
        assert [value - x[0] for value in x] == [0, 4, 60] and [value - y[0] for value in y] == [0, 3, 70]
    bare = picture(drawn, places={**places, "Mies": (10.0, 20.0)}, names=False)
    across = [float(circle.get("cx")) for circle in ElementTree.fromstring(bare).iter(f"{SVG}circle")]
    assert across[2] - across[0] == 10, "without names nothing has to give way"


def test_lines_of_one_pair_lie_beside_each_other_whichever_way_they_go():
    people = [Organisation("a", "Aap"), Organisation("b", "Noot")]
    ways = [("a", "b", "referral"), ("b", "a", "referral"), ("b", "a", "knowing")]
    for ties in (ways[:2], ways, ways[1:]):
        svg = picture(
            Network(people, [Tie(*tie) for tie in ties], True), places={"a": (0, 0), "b": (200, 0)}, legend=False
        )
        heights = sorted(float(down) for down in re.findall(r"M[\d.]+ ([\d.]+)L", svg))
        assert len(set(heights)) == len(ties) and heights[0] + heights[-1] == 60, "around the middle of the signs"
    alone = picture(Network(people, [Tie(*ways[0])], True), places={"a": (0, 0), "b": (200, 0)}, legend=False)
    assert re.findall(r"M[\d.]+ ([\d.]+)L", alone) == ["30.0"]


@pytest.mark.parametrize("people", [[], [Organisation("a", "Alleen")]], ids=["empty", "one"])
def test_an_empty_network_and_one_of_one_are_pictures(people):
    drawn = Network(people)
    made = [picture(drawn), picture(drawn, places=spots(drawn)), picture(drawn, lines=pair_lines(drawn), lead="a")]
    made += [network_as_form(drawn, form, lead, "vorm") for form in ("shared", "lead", "nao") for lead in (None, "a")]
    for svg in made:
        assert ElementTree.fromstring(svg).tag == f"{SVG}svg" and "nan" not in svg and "inf" not in svg


def test_the_own_network_as_each_form():
    """All ties of the network in each; dark are all, those of the lead organisation, or those of an office outside."""
    drawn = network(5, (None,))
    colours = {form: lines(network_as_form(drawn, form, "o0", form)) for form in ("shared", "lead", "nao")}
    dark = lines(network_as_form(drawn, "shared", None, "x"))[0]
    assert colours["shared"].count(dark) == len(drawn.pairs())
    assert colours["lead"].count(dark) == 4 and len(colours["lead"]) == len(drawn.pairs())
    assert (
        colours["nao"].count(dark) == 5 and len(colours["nao"]) == len(drawn.pairs()) + 5
    )  # the office has a tie to all
    assert texts(network_as_form(drawn, "lead", "o0", "x")) == []
    own = {item.id: (130.0 * n, 70.0 * n) for n, item in enumerate(drawn.organisations)}
    places = [texts(network_as_form(drawn, form, "o0", form, own)) for form in ("shared", "lead", "nao")]
    assert places[0] == places[1] == places[2][:5] and len(set(places[0])) == 5, "the names of the own map"


def test_each_form_to_choose_has_a_drawing():
    for id in [*(o.id for o in questions("opening")[0].options), *(form["id"] for form in governance.forms()["form"])]:
        root = ElementTree.fromstring(form_drawing(id))
        assert root.tag == f"{SVG}svg" and not re.search(r"(?:href|src)=", form_drawing(id))
