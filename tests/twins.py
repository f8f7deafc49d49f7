"""The English twin of every Dutch page: what is missing, and what was made from an older Dutch text.

`python tests/twins.py` lists both. Bring the English up to date, then say so: `python tests/twins.py --stamp PATH ...`,
with the English notebooks. A stamp is `twin` in the metadata of a cell: a hash of the Dutch text it was made from.
"""

import ast
import hashlib
import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DUTCH = sorted([*ROOT.glob("notebooks/nl/*.ipynb"), *ROOT.glob("exercises/nl/*.ipynb")])


def twin(path):
    """The English notebook beside a Dutch one, or the other way round."""
    return path.parent.parent / ("nl" if path.parent.name == "en" else "en") / path.name


def notebook(path):
    return json.loads(path.read_text(encoding="utf-8"))


def stamp_of(cell):
    return hashlib.sha256("".join(cell["source"]).encode()).hexdigest()[:12]


def translated(english, dutch):
    return english["cell_type"] == "markdown" or english["source"] != dutch["source"]


class Bare(ast.NodeTransformer):
    """Code without its sentences: those may differ, and in an f-string the order of the values too."""

    def visit_Constant(self, node):
        return ast.Constant("") if isinstance(node.value, str) else node

    def visit_JoinedStr(self, node):
        values = [self.generic_visit(part) for part in node.values if isinstance(part, ast.FormattedValue)]
        return ast.JoinedStr(sorted(values, key=ast.dump))


def shape(cell):
    """All of a cell that is the same in both languages."""
    kept = {**cell["metadata"]}
    kept.pop("twin", None)
    code = "".join(cell["source"]) if cell["cell_type"] == "code" else ""
    marks = re.findall(r"###.*", code)
    return cell["id"], cell["cell_type"], kept, marks, ast.dump(Bare().visit(ast.parse(code)))


def faults(path):
    """What is missing from the English twin of a Dutch notebook, and which cells were made from an older text."""
    english = twin(path)
    name = f"{path.parent.parent.name}/en/{path.name}"
    if not english.is_file():
        return [f"{name}: not there"], []
    pair = notebook(path), notebook(english)
    dutch_ids, english_ids = [[cell["id"] for cell in one["cells"]] for one in pair]
    if dutch_ids != english_ids:
        return [f"{name}: cells {english_ids}, where the Dutch has {dutch_ids}"], []
    missing, older = [], []
    # JupyterLab writes down which Python it ran with, whenever it saves
    dutch_about, english_about = [{**one["metadata"], "language_info": None} for one in pair]
    if english_about != dutch_about | {"language": "en"}:
        missing.append(f"{name}: other metadata")
    for dutch, cell in zip(*(one["cells"] for one in pair), strict=True):
        place = f"{name}, {cell['id']}"
        if shape(cell) != shape(dutch):
            missing.append(f"{place}: other code or metadata")
        elif translated(cell, dutch) != ("twin" in cell["metadata"]):
            missing.append(f"{place}: {'no stamp' if translated(cell, dutch) else 'a stamp on the Dutch text'}")
        elif cell["metadata"].get("twin", stamp_of(dutch)) != stamp_of(dutch):
            older.append(f"{place}: made from an older Dutch text")
    return missing, older


def stamp(path):
    """Say that an English notebook was made from the Dutch text of now."""
    content = notebook(path)
    dutch = {cell["id"]: cell for cell in notebook(twin(path))["cells"]}
    for cell in content["cells"]:
        cell["metadata"].pop("twin", None)
        if translated(cell, dutch[cell["id"]]):
            cell["metadata"]["twin"] = stamp_of(dutch[cell["id"]])
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")


def main(arguments):
    if arguments[:1] == ["--stamp"]:
        for name in arguments[1:]:
            stamp(Path(name).resolve())
        return 0
    found = [line for path in DUTCH for lines in faults(path) for line in lines]
    print(*found, sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
