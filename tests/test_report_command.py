"""``workshop report``: what tables filled in, as Word and HTML, and never what is private."""

import zipfile

from workshop import cli
from workshop.domain import edit, governance
from workshop.session import open_session

SECRET = "dit blijft van stoel twee"


def report(tmp_path, *more):
    out = tmp_path / "out"
    assert cli.main(["report", "--work", str(tmp_path / "work"), "--out", str(out), *more]) == 0
    return {path.name: path for path in out.iterdir()}


def everything(path):
    if path.suffix in (".docx", ".xlsx"):
        with zipfile.ZipFile(path) as packed:
            return b"".join(packed.read(name) for name in packed.namelist()).decode("utf-8", "replace")
    return path.read_text(encoding="utf-8-sig")


def test_an_empty_work_folder_is_said_and_is_no_fault(tmp_path, capsys):
    made = report(tmp_path)
    assert "report.html" in made and capsys.readouterr().out.strip()


def test_what_belongs_to_the_table_is_in_it_and_what_is_private_is_in_no_file(tmp_path):
    session = open_session(store=tmp_path / "work")
    case = governance.case("rural")
    session.replace(network=case.network, structure=case.structure, case=case.id)
    session.change_network(edit.add_organisation, "<script>alert(1)</script>")
    session.save("agreement.what", "=1+1 en bellen")
    session.save("reflection.1.own-experience", SECRET, person="seat-2")
    session.save("opening.on-paper", "shared", person="seat-2")
    made = report(tmp_path)
    texts = {name: everything(path) for name, path in made.items()}
    assert {"report-table-1.html", "report-table-1.docx", "report.html", "report.docx"} <= set(made)
    assert "en bellen" in texts["report-table-1.html"] and "en bellen" in texts["report-table-1.docx"]
    for name, text in texts.items():
        assert SECRET not in text, name
        assert "<script>alert" not in text or name.endswith(".csv"), name


def test_a_released_text_is_in_the_report(tmp_path):
    session = open_session(store=tmp_path / "work")
    session.save("reflection.1.own-experience", "dit mag iedereen lezen", person="seat-2")
    session.store.release("reflection.1.own-experience", "seat-2")
    made = report(tmp_path)
    assert "dit mag iedereen lezen" in everything(made["report-table-1.html"])
