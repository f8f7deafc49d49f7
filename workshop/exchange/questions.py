"""What reading a file gives back: a network with notes and questions, or a refusal with all faults at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from workshop.domain.network import Network
from workshop.texts import LANGUAGES, Message, Problem, in_language

SHOWN = 20


@dataclass(frozen=True)
class Listed:
    """Places in a file, written one by one: the first 20, then how many more."""

    items: tuple[Message | str, ...]

    def __str__(self) -> str:
        more = [Message("import.more", n=len(self.items) - SHOWN)] if len(self.items) > SHOWN else []
        return "; ".join(map(str, [*self.items[:SHOWN], *more]))


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
    """

    network: Network
    notes: list[Message] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    summary: list[Message] = field(default_factory=list)
    lead: str | None = None


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


def refuse(key: str, **values) -> ImportProblem:
    """A refusal for one reason."""
    return ImportProblem([Message(f"import.{key}", **values)])


class Notebook:
    """Gathers notes, faults and questions while a file is read with the `answers` given so far."""

    def __init__(self, answers: Mapping[str, str], again: Callable[[str, str], Result]):
        self.answers = answers
        self.again = again
        self.notes: list[Message] = []
        self.faults: list[Message] = []
        self.questions: list[Question] = []
        self.summary: list[Message] = []
        self.spots: dict[str, list[Message | str]] = {}

    def ask(self, key: str, message: Message, choices: Iterable[str] | Mapping[str, Message], default: str = "") -> str:
        """The answer that was given; else the question is put on the list and `default` holds for now."""
        if not isinstance(choices, Mapping):
            choices = {choice: Message(f"import.ask.{choice}") for choice in choices}
        if key not in self.answers and all(question.key != key for question in self.questions):
            self.questions.append(Question(key, message, choices, self.again))
        return self.answers.get(key, default)

    def fault(self, key: str, **values: Any) -> None:
        """One more reason to refuse the file."""
        self.faults.append(Message(f"import.fault.{key}", **values))

    def spot(self, key: str, place: Message | str | None) -> None:
        """One more place of a note; a text (a name, a sheet) is said once."""
        places = self.spots.setdefault(key, [])
        if place is not None and not (isinstance(place, str) and place in places):
            places.append(place)

    def all_notes(self) -> list[Message]:
        """The notes: those about places, one for each kind of thing, then the others."""
        spotted = [(f"import.note.{key}", places) for key, places in self.spots.items() if places]
        return [Message(key, places=Listed(tuple(places)), n=len(places)) for key, places in spotted] + self.notes
