"""Answers that another program kept: all of them, the newest counts, and all faults in one list."""

import json
from pathlib import Path

import pytest

from workshop.answers import read_answers
from workshop.exchange import ImportProblem

CASES = Path(__file__).parents[2] / "shared" / "cases"


def save(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


def values(reading):
    return [(answer.group, answer.item, answer.value) for answer in reading.answers]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_as_many_answers_out_as_in(tmp_path, encoding, separator):
    rows = [
        ("tafel", "question", "antwoord"),
        ("1", "V1", "een\ntwee"),
        ("1", "V2", 'ja; maar, "soms"'),
        ("2", "V1", ""),
    ]
    rows += [("2", "V2", "y" * 33_000), ("3", "V1", "=A1")]
    text = "\n".join(separator.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows)
    reading = read_answers(save(tmp_path, "antwoorden.csv", text.encode(encoding)))
    assert values(reading) == [tuple(row) for row in rows[1:]] and reading.notes == []


def submitted(*answers):
    return json.dumps([dict(zip(("groep", "vraag", "antwoord", "tijd"), answer, strict=True)) for answer in answers])


def test_the_newest_counts_whatever_the_time_zone_and_the_rest_is_said(tmp_path):
    text = submitted(
        ("Groep 1", "V1", "vroeg", "2025-10-26T02:30:00+02:00"),
        ("groep  1", "V1", "laat", "2025-10-26T02:10:00+01:00"),
        ("Groep 1", "V1", "vroeg", "2025-10-26T02:30:00+02:00"),
        ("Groep 2", "V1", "enige", "2025-10-26T01:00:00Z"),
    )
    reading = read_answers(save(tmp_path, "export.json", text))
    assert values(reading) == [("Groep 1", "V1", "laat"), ("Groep 2", "V1", "enige")]
    assert len(reading.notes) == 1 and "Groep 1" in str(reading.notes[0]) and "2 oudere" in str(reading.notes[0])


def test_two_answers_at_the_same_moment_are_both_kept(tmp_path):
    moment = "2025-10-26T01:00:00Z"
    reading = read_answers(save(tmp_path, "x.json", submitted(("A", "V", "ja", moment), ("A", "V", "nee", moment))))
    assert {answer.value for answer in reading.answers} == {"ja", "nee"}


def test_signs_that_cannot_be_read_are_replaced_and_said(tmp_path):
    reading = read_answers(save(tmp_path, "x.json", submitted(("Groep 9", "V", "a\x0bb\x00", "2025-01-01T00:00:00Z"))))
    assert reading.answers[0].value == "a\ufffdb\ufffd" and "Groep 9" in str(reading.notes[0])


def test_all_faults_of_a_table_of_ratings_are_told_at_once(tmp_path):
    text = "Factor;OCMW;CAW\nvertrouwen;3;zeven\ntijd;0;\nmandaat;2,5;4\nTijd;1;1\n;2;2\n"
    with pytest.raises(ImportProblem) as refused:
        read_answers(save(tmp_path, "factoren.csv", text))
    told = [str(fault) for fault in refused.value.faults]
    places = ("rij 2, kolom CAW", "rij 3, kolom OCMW", "rij 5", "rij 6")
    assert len(told) == 4 and all(said.startswith(place) for said, place in zip(told, places, strict=True))


def test_an_empty_judgement_is_not_a_zero(tmp_path):
    reading = read_answers(save(tmp_path, "factoren.csv", "factor;OCMW;CAW\ntijd;;4\nmandaat;2,5;1\n"))
    assert values(reading) == [("CAW", "tijd", 4), ("OCMW", "mandaat", 2.5), ("CAW", "mandaat", 1)]


@pytest.mark.parametrize("header", ["Groep:;Vraag:;Antwoord:", "Team;Vraagnummer;Reactie", "Groupe;Question;Réponse"])
def test_answers_under_other_words_and_a_title(tmp_path, header):
    text = f"Antwoorden van maart\n\n{header}\n1;V1;'=1+1\n\n2;V1\n"
    reading = read_answers(save(tmp_path, "x.csv", text.encode("cp1252")))
    assert values(reading) == [("1", "V1", "=1+1"), ("2", "V1", "")] and not reading.notes


def test_answers_in_a_workbook_keep_what_looks_like_a_formula(tmp_path):
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["Uitleg bij deze lijst"])
    sheet = book.create_sheet("antwoorden")
    for row in (["groep", "vraag", "antwoord", "tijd"], [1, "V1", "=1+1", None], [2, "V1", None, None]):
        sheet.append(row)
    book.save(tmp_path / "x.xlsx")
    assert values(read_answers(tmp_path / "x.xlsx")) == [("1", "V1", "=1+1"), ("2", "V1", "")]


@pytest.mark.parametrize(
    "old, new",
    [("30/04/2025 23:05", "1/05/2025 9:05"), (1743296400, 1743299999000), ("2025-04-01 09:05", "2025-04-01 10:05:01")],
)
def test_times_as_people_and_programs_write_them(tmp_path, old, new):
    reading = read_answers(save(tmp_path, "x.json", submitted(("A", "V", "laat", new), ("a ", "V", "vroeg", old))))
    assert values(reading) == [("A", "V", "laat")] and "A" in str(reading.notes[0])


@pytest.mark.parametrize(
    "text",
    [
        '{"groep": "G\\u0007 1", "antwoord": "a"}\n{"groep": "2", "antwoord": "b"}\n',
        '{"antwoorden": [{"groep": "G 1", "antwoord": "a\x0bb"}, {"groep": "2", "antwoord": null}]}',
    ],
)
def test_records_by_line_and_under_one_name(tmp_path, text):
    reading = read_answers(save(tmp_path, "x.json", text))
    assert len(reading.answers) == 2 and "G 1" in str(reading.notes[0])


def test_ratings_with_title_total_and_every_kind_of_fault(tmp_path):
    text = "Oordelen\n\nKenmerk (1-5);A;B;Gemiddelde\nx;3;5;4\n\ny;0;1;1\ny ;4;-;2\nTotaal;3;5;4\n"
    with pytest.raises(ImportProblem) as refused:
        read_answers(save(tmp_path, "f.csv", text))
    told = [str(fault).split(":")[0] for fault in refused.value.faults]
    assert told == ["rij 6, kolom A", "rij 7", "rij 7, kolom B"]
    reading = read_answers(save(tmp_path, "g.csv", "factor;A;Totaal\nx;3;3\nTotaal;3;3\n"))
    assert values(reading) == [("A", "x", 3)] and "rij 3" in " ".join(map(str, reading.notes))
    with pytest.raises(ImportProblem, match="rij 1"):
        read_answers(save(tmp_path, "h.csv", "factor;A;a \nx;3;5\n"))


@pytest.mark.parametrize("content", ["", "[{", '[{"groep": "1", "antwoord": "af'])
def test_a_file_that_breaks_off_is_refused_and_left_as_it_is(tmp_path, content):
    path = save(tmp_path, "torn.json", content)
    with pytest.raises(ImportProblem, match="niet volledig"):
        read_answers(path)
    assert path.read_text("utf-8") == content


@pytest.mark.parametrize("name, content", [("x.csv", "a;b\n1;2\n"), ("x.json", "[1, 2]"), ("x.json", '{"naam": "x"}')])
def test_what_holds_no_answers_is_refused(tmp_path, name, content):
    with pytest.raises(ImportProblem, match="geen antwoord"):
        read_answers(save(tmp_path, name, content))


@pytest.mark.skipif(not CASES.is_dir(), reason="the shared cases are not beside this project")
@pytest.mark.parametrize("case, count, told", [("51", 6, ""), ("52", 2, "Groep 1"), ("54", 2, "Groep 1")])
def test_shared_cases(case, count, told):
    reading = read_answers(next(CASES.glob(f"{case}_*")))
    assert len(reading.answers) == count and told in " ".join(map(str, reading.notes))


@pytest.mark.skipif(not CASES.is_dir(), reason="the shared cases are not beside this project")
def test_shared_case_58():
    with pytest.raises(ImportProblem) as refused:
        read_answers(next(CASES.glob("58_*")))
    told = "; ".join(map(str, refused.value.faults))
    assert all(place in told for place in ("rij 3, kolom VDAB", "rij 4, kolom CAW", "rij 5"))
