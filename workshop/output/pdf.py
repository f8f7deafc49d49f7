"""From a template and plain values to a PDF, by Typst: compiled here, nothing fetched, the same pages everywhere."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from workshop.domain.governance import cite
from workshop.pictures import form_drawing
from workshop.texts import Message, Problem, language, message_keys

TEMPLATES = Path(__file__).parent / "templates"
FONTS = Path(__file__).parent / "fonts"
Content = dict[str, Any]


def write_pdfs(folder: str | Path, documents: dict[str, tuple[str, Content]]) -> list[Path]:
    """Compile templates to PDF files; a file is whole or not there.

    Parameters
    ----------
    folder : str or Path
        Made where it is not there.
    documents : dict
        File name to the name of a template and its content, plain values that JSON holds.
    """
    try:
        import typst
    except ImportError:
        raise Problem(Message("handout.no_typst")) from None
    folder, written = Path(folder), []
    fonts = typst.Fonts(font_paths=[str(FONTS)])
    said = {"language": language(), "t": words("handout")}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, (template, content) in documents.items():
            source = TEMPLATES / f"{template}.typ"
            part = folder / f"{name}.part"
            told = {"data": json.dumps({**said, **content}, default=str)}
            compiler = typst.Compiler(str(source), root=str(TEMPLATES), font_paths=fonts)
            raw = compiler.compile(format="pdf", sys_inputs=told)
            assert isinstance(raw, bytes)
            part.write_bytes(raw)
            os.replace(part, folder / name)
            written.append(folder / name)
    except OSError as error:
        raise Problem(Message("handout.not_written", folder=folder, why=error.strerror)) from error
    return written


def words(start: str) -> dict[str, str]:
    """Sentences whose key begins like this, by the last part of their key; those with placeholders are left to code."""
    found = {}
    for key in message_keys():
        if key.startswith(f"{start}.") and "." not in key[len(start) + 1 :]:
            with suppress(KeyError):
                found[key[len(start) + 1 :]] = str(Message(key))
    return found


def with_pictures(rows: list[Content]) -> list[Content]:
    """Rows whose id is a form of network, each with its drawing."""
    return [{**row, "picture": form_drawing(row["id"])} for row in rows]


def sourced(id: str) -> str:
    """The line that names a source."""
    return str(Message("handout.source", source=cite(id)))
