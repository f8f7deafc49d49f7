"""The picture of the map: what stands around it, what its signs and lines mean, and that names stay readable."""

import re
from itertools import combinations

import pytest

from workshop.domain import governance
from workshop.domain.network import Network, Organisation, Tie
from workshop.drawing import SHAPES, marks, network_svg, wrapped
from workshop.pictures import MANY, kind_looks, map_svg

HOSTILE = "<script>alert('x')</script>"


def network(n=12, kinds=("referral", "knowing"), sectors=3):
    people = [Organisation(f"o{i}", f"Partner {i}", f"sector {i % sectors}") for i in range(n)]
    ties = [Tie(f"o{a}", f"o{b}", kind) for a, b in combinations(range(n), 2) for kind in kinds]
    return Network(people, ties)


def spots(network):
    return {o.id: (150.0 * (i % 4), 120.0 * (i // 4)) for i, o in enumerate(network.organisations)}


def texts(svg):
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)


def test_title_sentence_legend_and_source_stand_around_it():
    case = governance.case("rural")
    places = spots(case.network)
    svg = map_svg(case.network, places, case.lead, title="Ons netwerk", source="Getekend op 25/11/2026.")
    said = texts(svg)
    assert said[0] == "Ons netwerk" and said[1].endswith("mogelijke lijnen zijn er.")
    assert said[-1] == "Getekend op 25/11/2026." and "leidende organisatie" in said
    for sector in {o.sector for o in case.network.organisations}:
        assert governance.sector_label(sector) in said
    for kind in case.network.kinds:
        assert governance.kind_label(kind) in said


@pytest.mark.parametrize("placed", [True, False])
def test_hostile_words_are_text_all_around(placed):
    drawn = Network([Organisation("a", HOSTILE, HOSTILE), Organisation("b", "B")], [Tie("a", "b", HOSTILE)])
    svg = map_svg(drawn, spots(drawn) if placed else None, "a", title=HOSTILE, source=HOSTILE)
    assert "<script" not in svg and "&lt;script&gt;" in svg and "nan" not in svg


def test_a_dense_map_has_one_line_a_pair():
    few, many = network(5), network(14)
    assert len(few.ties) <= MANY < len(many.ties)
    legend = len(kind_looks(few))
    assert map_svg(few, spots(few)).count('<path d="M') - legend > len(few.ties)
    svg = map_svg(many, spots(many))
    assert svg.count('stroke="#444"') == len(many.pairs()) + 1 and "2 soorten tegelijk" in texts(svg)


def test_no_two_sectors_are_alike_in_grey():
    drawn = network(40, (), sectors=2 * len(SHAPES) + 3)
    seen = [re.sub('fill="#[^"]*"', "", mark(0, 0)) + str("#fff" in mark(0, 0)) for mark in marks(drawn).values()]
    assert len(set(seen[1:])) == len(seen) - 1


def test_names_are_wrapped_as_on_the_screen():
    assert wrapped("Wijkgezondheidscentrum De Spil") == ["Wijkgezondheidscentrum", "De Spil"]
    assert wrapped("Donaudampfschifffahrtsgesellschaft")[0].endswith("-")
    assert len(wrapped("een twee drie vier vijf zes zeven acht negen tien elf twaalf")) == 3


def test_an_empty_network_and_one_of_one_are_pictures():
    for drawn in (Network(), Network([Organisation("a", "Alleen")])):
        for svg in (map_svg(drawn), map_svg(drawn, spots(drawn)), network_svg(drawn, "leeg", legend=True)):
            assert svg.startswith("<svg") and svg.endswith("</svg>") and "nan" not in svg and "inf" not in svg
