"""What reading a file gives back: a network with notes and questions, or a refusal with all faults at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from workshop.domain.network import Network
from workshop.domain.structure import Table
from workshop.exchange.sheets import Sheet, vocabulary
from workshop.texts import LANGUAGES, Message, Problem, in_language

SHOWN = 20


class Listed:
    """Places in a file, written one by one: the first 20 are kept, the others counted."""

    def __init__(self, items: Iterable[Message | str] = ()):
        self.first: list[Message | str] = []
        self.total = 0
        for item in items:
            self.add(item)

    def add(self, item: Message | str) -> None:
        """One more place."""
        self.total += 1
        if len(self.first) < SHOWN:
            self.first.append(item)

    def __str__(self) -> str:
        shown = [str(item) for item in self.first]
        if self.total > len(shown):
            shown.append(str(Message("import.more", n=self.total - len(shown))))
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


NEITHER = "neither"
Choices = Iterable[str] | Mapping[str, Message]
"""The answers to a question, by the keys of their texts, or each with its wording."""
KEPT = 1000
"""So many faults are kept."""


@dataclass(eq=False)
class ImportNotes:
    """Gathers notes, faults and questions while a file is read with the `answers` given so far.

    `directed` is what the caller says about direction; None where the file must tell.
    """

    answers: Mapping[str, str]
    again: Callable[[str, str], Result]
    directed: bool | None = None
    notes: list[Message] = field(default_factory=list)
    faults: list[Message] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    summary: list[Message] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)
    spots: dict[str, Listed] = field(default_factory=lambda: defaultdict(Listed))
    named: set[tuple[str, str]] = field(default_factory=set)

    def ask(
        self,
        key: str,
        choices: Choices,
        default: str = "",
        text: str = "",
        advice: str | None = None,
        about: Sheet | None = None,
        **values: Any,
    ) -> str:
        """The answer that was given; else the question is put on the list and `default` holds for now.

        The first word of the key names the sentence, filled with the values, and the advice on how to make the file
        right, unless `text` or `advice` names another one. Where there is advice, all answers may be wrong: there is
        one more answer then, which refuses the file with that advice. An answer `about` a sheet holds for no other.
        """
        kind = key.partition(".")[0]
        message = Message(f"import.ask.{text or kind}", **values)
        if about is not None and about.mark:
            key = f"{key}.{about.mark}"
            if about.prefixed and about.origin != "graph":
                message = Message(f"import.ask.about_{about.origin}", sheet=about.name, question=message)
        advice = kind if advice is None else advice
        if not isinstance(choices, Mapping):
            choices = {choice: Message(f"import.ask.{choice}") for choice in choices}
        if advice in vocabulary("advice"):
            wording = {1: "not_so", 2: "neither"}.get(len(choices), "none_of_these")
            choices = {**choices, NEITHER: Message(f"import.ask.{wording}")}
        given = self.answers.get(key)
        if given == NEITHER:
            raise refuse(f"advice.{advice}")
        if given is None and all(question.key != key for question in self.questions):
            self.questions.append(Question(key, message, choices, self.again))
        return default if given is None else given

    def ask_direction(self, key: str, text: str, **values: Any) -> str:
        """Whether ties have a direction; directed until it is answered, since that loses nothing."""
        if self.directed is not None:
            return "directed" if self.directed else "undirected"
        return self.ask(key, ("directed", "undirected"), "directed", text, **values)

    def fault(self, key: str, **values: Any) -> None:
        """One more reason to refuse the file."""
        fault = Message(f"import.fault.{key}", **values)
        if fault not in self.faults[-1:]:
            self.add_faults([fault])

    def add_faults(self, faults: list[Message]) -> None:
        """More reasons to refuse the file; so many are kept as anybody reads."""
        room = KEPT - len(self.faults)
        self.faults += faults[: max(room, 0)]
        if 0 <= room < len(faults):
            self.faults.append(Message("import.fault.more_faults"))

    def spot(self, key: str, place: Message | str) -> None:
        """One more place of a note; a text (a name, a sheet) is said once."""
        if isinstance(place, str):
            if (key, place) in self.named:
                return
            self.named.add((key, place))
        self.spots[key].add(place)

    def all_notes(self) -> list[Message]:
        """The notes: those about places, one for each kind of thing, then the others."""
        made = [Message(f"import.note.{key}", places=places, n=places.total) for key, places in self.spots.items()]
        return made + self.notes
