"""The pages as static files: Python runs in a worker of the browser (`bridge`), beside the page (`front.js`)."""

import ast
from typing import Any

from workshop import texts

INSTEAD = "instead."
"""Keys that begin so hold what is said where there is no program on a laptop."""


def speak_of_the_browser() -> None:
    """From now on, say what is true of a browser: there is no folder, no log, no program to start again."""
    messages = texts._messages(texts.data_root())
    for key in [key for key in messages if key.startswith(INSTEAD)]:
        messages[key.removeprefix(INSTEAD)] = messages.pop(key)


def run_cell(source: str, names: dict[str, Any], where: str = "cell") -> Any:
    """Run a cell; what its last line gives, None where that is no expression."""
    tree = ast.parse(source)
    last = tree.body.pop()
    if not isinstance(last, ast.Expr):
        tree.body.append(last)
    exec(compile(tree, where, "exec"), names)
    return eval(compile(ast.Expression(last.value), where, "eval"), names) if isinstance(last, ast.Expr) else None
