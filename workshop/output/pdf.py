"""From a template to a PDF, by Typst: compiled here, nothing fetched, the same pages everywhere."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from workshop import texts
from workshop.svg import fonts
from workshop.texts import Message, Problem, decode, language
from workshop.work import write_whole

TEMPLATES = Path(__file__).parent / "templates"


def write_pdfs(folder: str | Path, papers: Mapping[str, str], session: Mapping[str, Any] | None = None) -> list[Path]:
    """Compile papers to PDF files; each file is whole or not there.

    Parameters
    ----------
    folder : str or Path
        Made where it is not there.
    papers : mapping
        Id of a paper to the name of its template; what its file is called stands below ``handout.file``.
    session : mapping, optional
        What one session made, plain values that JSON holds; all else Typst reads from ``data/`` itself.

    Returns
    -------
    list of Path
        In the order of `papers`.

    Raises
    ------
    Problem
        If the folder cannot be written to, Typst is not installed, or there are papers that it cannot make of what
        stands in ``data/``; the others are made.
    """
    try:
        import typst
    except ImportError:
        raise Problem(Message("handout.no_typst")) from None
    files = typst_files()
    inputs = {"language": language(), "session": json.dumps(session or {}, default=str)}
    written = []
    failed = []
    reasons = []
    for name, template in papers.items():
        main = {"main.typ": files[f"{template}.typ"]}
        path = Path(folder) / f"{Message(f'handout.file.{name}')}.pdf"
        try:
            raw = typst.compile(files | main, format="pdf", font_paths=fonts(), sys_inputs=inputs | {"sheet": name})
        except typst.TypstError as error:
            failed.append(path.name)
            reasons.append(_reason(error))
            continue
        assert isinstance(raw, bytes)
        try:
            written.append(write_whole(path, raw))
        except OSError as error:
            raise Problem(Message("handout.not_written", folder=folder, why=error.strerror)) from error
    if failed:
        why = "; ".join(dict.fromkeys(reasons))
        raise Problem(Message("handout.not_made", n=len(failed), names=failed, folder=folder, why=why))
    return written


def _reason(error: Any) -> str:
    """What Typst says, and where: the file is named on the first line with a place."""
    place = error.diagnostic.partition("┌─ ")[2].partition("\n")[0]
    return f"{error.message} ({place})" if place else error.message


def typst_files() -> dict[str, bytes]:
    """Templates and data as Typst sees them; data may have been saved by Excel or a notepad in another encoding."""
    files = {path.name: path.read_bytes() for path in TEMPLATES.glob("*.typ")}
    for ending in ("toml", "csv", "svg"):
        for path in texts.data_root().rglob(f"*.{ending}"):
            name = path.relative_to(texts.data_root()).as_posix()
            files[f"data/{name}"] = decode(path.read_bytes()).encode("utf-8")
    return files
