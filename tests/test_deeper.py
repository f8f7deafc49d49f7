"""What the notebooks for students show, cell by cell."""

import json
import re
from pathlib import Path

import pytest

from workshop import case

FOLDER = Path(__file__).resolve().parent.parent / "exercises/nl"
DEEPER = sorted(FOLDER.glob("deeper_*.ipynb"))


def shown(result):
    """What a notebook shows of a value."""
    for form in ("_repr_html_", "_repr_svg_"):
        if hasattr(result, form):
            return getattr(result, form)()
    return repr(result)


@pytest.fixture(scope="module")
def results():
    """The value of each code cell of a notebook, by cell id; each notebook runs once."""
    from IPython.core.interactiveshell import InteractiveShell

    kept = {}

    def run(stem):
        if stem not in kept:
            shell = InteractiveShell()
            found = {}
            content = json.loads((FOLDER / f"{stem}.ipynb").read_text(encoding="utf-8"))
            for cell in content["cells"]:
                if cell["cell_type"] == "code":
                    done = shell.run_cell("".join(cell["source"]))
                    done.raise_error()
                    found[cell["id"]] = done.result
            kept[stem] = found
        return kept[stem]

    yield run
    InteractiveShell.clear_instance()


@pytest.mark.parametrize("path", DEEPER, ids=lambda path: path.stem)
def test_figures_have_a_decimal_comma_as_in_the_text(path, results):
    for id, result in results(path.stem).items():
        text = re.sub(r"<svg.*?</svg>|style=\"[^\"]*\"", "", shown(result), flags=re.DOTALL)
        assert not re.search(r"\d\.\d", text), (id, text)
        assert "coordinator" not in text, id


def test_what_is_left_out_is_compared_with_who_stays(results):
    found = results("deeper_structure")["counted-by-hand"]
    assert list(found.values()) == ["120 van de 120 paren", "120 van de 120 paren", *2 * ["105 van de 105 paren"]]


def test_the_tables_are_shown_before_pairs_are_counted_by_hand(results):
    ids = list(results("deeper_structure"))
    assert ids.index("show-tables") < ids.index("counted-by-hand")
    tables = results("deeper_structure")["show-tables"]
    structure = case("town").structure
    for table in structure.tables:
        said = tables[table.theme or "stuurgroep"]
        assert all(structure.name(id) in said for id in table.seats if id != structure.coordinator)


def test_without_news_some_figures_fall_and_others_rise(results):
    found = results("deeper_knoke")["without-news"]
    before, after = (found[column].str.replace(",", ".").astype(float) for column in found)
    rises = dict(zip(found.index, after > before, strict=True))
    assert len(rises) == 6 and 0 < sum(rises.values()) < 6
