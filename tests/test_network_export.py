"""What a group takes along reads back as its network, and its picture is its map."""

import re
from xml.etree import ElementTree

import pytest

from workshop.answers.store import NotKept
from workshop.domain import edit, governance
from workshop.exchange import read_network
from workshop.pictures import picture
from workshop.session import open_session
from workshop.svg import png, wrapped
from workshop.texts import Message
from workshop.widgets.network_export import FORMATS, NetworkExport

HOSTILE = '<script>alert("x")</script>'


@pytest.fixture
def session(tmp_path):
    opened = open_session(store=tmp_path, room="room", group="table-1")
    case = governance.case("rural")
    opened.replace(network=case.network, structure=case.structure, case=case.id)
    yield opened
    assert opened.failures == []


def made(session, format):
    view = NetworkExport(session)
    view.format.value = format
    view._make()
    return view, sorted((session.work / "exports").iterdir())


@pytest.mark.parametrize("format", [format for format in FORMATS if format not in ("svg", "png")])
def test_every_format_reads_back_as_the_same_network(session, format):
    view, paths = made(session, format)
    back = read_network(*paths).network
    assert {o.name for o in back.organisations} == {o.name for o in session.network.organisations}
    assert len(back.pairs()) == len(session.network.pairs())
    assert view.result.value.count("download=") == len(paths)


def test_the_picture_keeps_the_places_of_the_map(session):
    ids = [o.id for o in session.network.organisations]
    session.save("map", {"positions": {id: [200.0 * i, 50.0] for i, id in enumerate(ids)}})
    _, (path,) = made(session, "svg")
    root = ElementTree.fromstring(path.read_text("utf-8"))
    starts = [
        float(text.get("x"))
        for text in root.iter("{http://www.w3.org/2000/svg}text")
        if text.get("text-anchor") == "middle"
    ]
    assert sorted(set(starts))[1] - sorted(set(starts))[0] == pytest.approx(200, abs=0.2)


def test_a_picture_is_made_without_anything_from_outside(session):
    _, (path,) = made(session, "png")
    assert path.read_bytes().startswith(b"\x89PNG") and path.stat().st_size > 20_000


def test_hostile_names_are_text_in_the_picture(session):
    session.change_network(edit.add_organisation, HOSTILE)
    svg = picture(session.network, lead=session.lead)
    assert "<script" not in svg and "&lt;script&gt;" in svg
    assert not re.findall(r'(?:href|src)="', svg) and png(svg, 60)


@pytest.mark.parametrize("format", FORMATS)
def test_what_cannot_be_noted_for_deletion_is_not_written(session, format, monkeypatch):
    def busy(_path):
        raise NotKept(Message("answers.not-saved", folder="map"))

    monkeypatch.setattr(session.store, "note_file", busy)
    with pytest.raises(NotKept):
        made(session, format)
    assert list((session.work / "exports").iterdir()) == []


def test_an_empty_network_is_said_not_written(tmp_path):
    session = open_session(store=tmp_path)
    view = NetworkExport(session)
    session.guard(view._make)()
    assert session.failures == [] and not (tmp_path / "exports").exists() and session.notice == Message("network.empty")


def test_names_fit_in_three_lines_and_say_that_they_are_cut():
    assert wrapped("kort") == ["kort"] and wrapped("") == [""]
    long = wrapped("Dienst maatschappelijk werk van het ziekenfonds in de regio Meerlo en omstreken")
    assert len(long) == 3 and long[-1].endswith("…")


def test_a_directed_network_has_arrows():
    case = governance.case("knoke")
    assert picture(case.network).count("<polygon") >= 49
