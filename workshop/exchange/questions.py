"""What reading a file gives back: a network with notes and questions, or a refusal with all faults at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from workshop.domain.network import Network
from workshop.domain.structure import Table
from workshop.texts import LANGUAGES, Message, Problem, in_language

SHOWN = 20
T = TypeVar("T")


@dataclass(frozen=True)
class Listed:
    """Places in a file, written one by one: the first 20, then how many more."""

    items: tuple[Message | str, ...]
    more: int = 0

    @classmethod
    def of(cls, found: Sequence[T], show: Callable[[T], Message | str]) -> Listed:
        """As many as are shown of what was found, each made into words."""
        return cls(tuple(show(item) for item in found[:SHOWN]), max(len(found) - SHOWN, 0))

    def __str__(self) -> str:
        shown = [str(item) for item in self.items[:SHOWN]]
        more = self.more + len(self.items[SHOWN:])
        if more:
            shown.append(str(Message("import.more", n=more)))
        return "; ".join(shown)


@dataclass(frozen=True)
class Question:
    """Something that a file leaves open; until it is chosen, nothing is merged and nothing is lost.

    `key` is the same in every reading of the same file, `choices` holds id and wording of each answer, `again` reads
    the file with one more answer.
    """

    key: str
    message: Message
    choices: Mapping[str, Message]
    again: Callable[[str, str], Result]

    @property
    def text(self) -> str:
        """The question in the language in force."""
        return str(self.message)

    @property
    def options(self) -> list[str]:
        """The answers in the language in force."""
        return [str(choice) for choice in self.choices.values()]

    def choose(self, option: str) -> Result:
        """Read again with this answer.

        Parameters
        ----------
        option : str
            One of `options` (in any language), or the id of a choice.

        Raises
        ------
        texts.Problem
            If it is not one of the options.
        ImportProblem
            If the file still has faults.
        """
        for code in LANGUAGES:
            with in_language(code):
                for key, choice in self.choices.items():
                    if option in (key, str(choice)):
                        return self.again(self.key, key)
        raise Problem(Message("import.fault.option", name=option, options=self.options))


@dataclass(frozen=True)
class Result:
    """What was read.

    Parameters
    ----------
    network : Network
        The organisations and ties.
    notes : list of Message
        What was merged, left out or assumed, with places.
    questions : list of Question
        What a person should decide; empty where the file leaves nothing open.
    summary : list of Message
        What was read, in a few plain sentences, for the preview.
    lead : str or None
        Id of the lead organisation, where a column says so.
    tables : list of domain.structure.Table
        The tables at which organisations have a seat, where the file is a list of who sits at which table.

    Examples
    --------
    >>> result = read_network("netwerk.xlsx")  # doctest: +SKIP
    >>> [question.text for question in result.questions]  # doctest: +SKIP
    """

    network: Network
    notes: list[Message] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    summary: list[Message] = field(default_factory=list)
    lead: str | None = None
    tables: list[Table] = field(default_factory=list)


class ImportProblem(Problem):
    """The file cannot be read as it is; nothing was imported.

    Parameters
    ----------
    faults : sequence of Message
        Everything that is wrong, each with its place.
    questions : sequence of Question, optional
        Ways out, such as reading without the faulty column.
    """

    def __init__(self, faults: Sequence[Message], questions: Sequence[Question] = ()):
        super().__init__(faults[0])
        self.faults = list(faults)
        self.questions = list(questions)

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)


def refuse(key: str, **values: object) -> ImportProblem:
    """A refusal for one reason."""
    return ImportProblem([Message(f"import.{key}", **values)])
