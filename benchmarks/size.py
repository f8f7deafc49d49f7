"""Code lines per folder: no blanks, comments or docstrings; JavaScript as if wrapped at 100 columns.

``python benchmarks/size.py [--modules]``
"""

import argparse
import ast
import io
import math
import tokenize
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent / "workshop"
QUIET = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
    tokenize.ENCODING,
}
COLUMNS = 100


def python_lines(text):
    """Code lines of a module; a string that stands alone is a docstring too."""
    documented = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            documented.update(range(node.lineno, node.end_lineno + 1))
    used = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in QUIET:
            used.update(range(token.start[0], token.end[0] + 1))
    return len(used - documented)


def script_lines(text):
    """Code lines of a script, counted as rows of 100 columns."""
    found = 0
    for line in text.splitlines():
        if line.strip() and not line.strip().startswith("//"):
            found += math.ceil(len(line) / COLUMNS)
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--modules", action="store_true", help="each module too")
    options = parser.parse_args()
    python = Counter()
    script = Counter()
    for path in sorted(ROOT.rglob("*")):
        folder = path.relative_to(ROOT).parts[0] if path.parent != ROOT else "(top)"
        if path.suffix == ".py":
            lines = python_lines(path.read_text(encoding="utf-8"))
            python[folder] += lines
        elif path.suffix == ".js":
            lines = script_lines(path.read_text(encoding="utf-8"))
            script[folder] += lines
        else:
            continue
        if options.modules:
            print(f"{lines:6}  {path.relative_to(ROOT)}")
    for name, counted in (("Python", python), ("JavaScript at 100 columns", script)):
        print(f"{name}: {counted.total()}")
        for folder, lines in counted.most_common():
            print(f"{lines:6}  {folder}")


if __name__ == "__main__":
    main()
