"""Answers handed in as files: one file, or a folder of them, merged into what counts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from workshop.answers.disk import File
from workshop.answers.merge import Answer, distinct, raw_heads, shown_heads
from workshop.answers.privacy import Together
from workshop.texts import Message


@dataclass
class Reading(Together):
    """The versions that count, of every group and person, and what was set aside, brought up to date or left out.

    Unreleased answers of persons are among them: show them only through `spread` and `released`.
    """

    answers: list[Answer]
    notes: list[Message]

    def current(self, item: str) -> list[Answer]:
        """The answers of all persons and groups to one item."""
        return [answer for answer in self.answers if answer.item == item]


def read_answers(path: str | Path, *more: str | Path) -> Reading:
    """Read files of answers, or all of a folder (a group's, a room's, a folder of what was handed in).

    Parameters
    ----------
    path, *more : str or pathlib.Path
        ``.jsonl`` files, or folders that hold some, at any depth. The same file twice counts once.

    Raises
    ------
    ImportProblem
        If there is nothing that can be read: no file, no answers of this kit, or a newer kit wrote them.
    """
    from workshop.exchange.questions import ImportProblem  # heavier than all else here

    paths = [Path(path), *map(Path, more)]
    files = [file for one in paths for file in (sorted(one.rglob("*.jsonl")) if one.is_dir() else [one])]
    if not files:
        raise ImportProblem([Message("answers.no-files", folder=one.name) for one in paths])
    notes: list[Message] = []
    refused: list[Message] = []
    records: list[Answer] = []
    seen: dict[bytes, Path] = {}
    for file in files:
        one = File(file)
        try:
            raw = file.read_bytes()
        except OSError:
            refused.append(Message("answers.unreadable", file=file.name))
            continue
        first = seen.setdefault(raw, file)
        answers = one.take(raw) if first is file else []
        if first is not file:
            notes.append(Message("answers.double", file=file.name, first=first.name))
        elif one.newer:
            refused.append(Message("answers.newer-refused", file=file.name))
        elif one.foreign or (file in paths and not raw.strip()):
            refused.append(Message("answers.foreign", file=file.name))
        else:
            records += filter(None, answers)
            notes += one.notes
    if refused and not records:
        raise ImportProblem(refused)
    groups: dict[tuple, list[Answer]] = {}
    for answer in records:
        groups.setdefault((answer.room, answer.group, answer.item, answer.person or ""), []).append(answer)
    each = (group if len(group) < 2 else raw_heads(distinct(group)) for _, group in sorted(groups.items()))
    heads = [answer for group in each for answer in shown_heads(group)]
    return Reading(heads, [*notes, *refused])
