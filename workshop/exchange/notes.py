"""What is gathered while a file is read: notes, faults and questions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from workshop.exchange.questions import ImportProblem, Listed, Question, Result
from workshop.texts import Message

NEITHER = "neither"
KEPT = 1000
"""So many places and faults of one kind are kept; the others are counted."""


class ImportNotes:
    """Gathers notes, faults and questions while a file is read with the `answers` given so far.

    `directed` is what the caller says about direction; None where the file must tell.
    """

    def __init__(
        self,
        answers: Mapping[str, str],
        again: Callable[[str, str], Result],
        directed: bool | None = None,
    ):
        self.answers = answers
        self.again = again
        self.directed = directed
        self.notes: list[Message] = []
        self.faults: list[Message] = []
        self.questions: list[Question] = []
        self.summary: list[Message] = []
        self.unused: list[str] = []
        self.spots: dict[str, list[Message | str]] = {}
        self.counts: Counter[str] = Counter()
        self._named: set[tuple[str, str]] = set()

    def ask(
        self,
        key: str,
        message: Message,
        choices: Iterable[str] | Mapping[str, Message],
        default: str = "",
        advice: str = "",
    ) -> str:
        """The answer that was given; else the question is put on the list and `default` holds for now.

        Where all answers may be wrong, `advice` names the text that says how to make the file right: there is one more
        answer then, which refuses the file with that advice.
        """
        if not isinstance(choices, Mapping):
            choices = {choice: Message(f"import.ask.{choice}") for choice in choices}
        if advice:
            wording = {1: "not_so", 2: "neither"}.get(len(choices), "none_of_these")
            choices = {**choices, NEITHER: Message(f"import.ask.{wording}")}
        given = self.answers.get(key)
        if given == NEITHER:
            raise ImportProblem([Message(f"import.advice.{advice}")])
        if given is None and all(question.key != key for question in self.questions):
            self.questions.append(Question(key, message, choices, self.again))
        return default if given is None else given

    def ask_direction(self, key: str, message: Message) -> str:
        """Whether ties have a direction; directed until it is answered, since that loses nothing."""
        if self.directed is not None:
            return "directed" if self.directed else "undirected"
        return self.ask(key, message, ("directed", "undirected"), "directed")

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

    def spot(self, key: str, place: Message | str | None) -> None:
        """One more place of a note; a text (a name, a sheet) is said once."""
        places = self.spots.setdefault(key, [])
        if isinstance(place, str):
            if (key, place) in self._named:
                return
            self._named.add((key, place))
        if place is None:
            return
        self.counts[key] += 1
        if len(places) < KEPT:
            places.append(place)

    def all_notes(self) -> list[Message]:
        """The notes: those about places, one for each kind of thing, then the others."""
        made = []
        for key, places in self.spots.items():
            if places:
                count = self.counts[key]
                listed = Listed(tuple(places), count - len(places))
                made.append(Message(f"import.note.{key}", places=listed, n=count))
        return made + self.notes
