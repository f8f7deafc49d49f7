"""What several people chose as a picture: a dot for each answer, alike on page, projector and report."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from workshop.domain.questions import Option, RegisterEntry, about
from workshop.pictures import form_drawing
from workshop.svg import ROW, Picture, Sign, draw_sign, draw_words, framed, wrapped
from workshop.texts import Message

LOOKS = (Sign("circle", "#0072B2"), Sign("square", "#E69F00"), Sign("diamond", "#009E73"), Sign("triangle", "#CC79A7"))
"""A sign for each question that is asked with the same answers."""
COLUMN = 220
ABREAST, STEP = 5, 18
"""So many dots stand beside each other, and so far apart."""
MOST = 40
"""With more answers of one kind the dots are small."""
DRAWN = (180, 104)


class Chosen(NamedTuple):
    """One answer: its name, how many gave it in each series, and the SVG of its drawing, if it has one."""

    name: str
    counts: Sequence[int]
    drawing: str = ""


class Dots(NamedTuple):
    """What several people chose from the same answers, in one series for each question.

    Parameters
    ----------
    entries : list of RegisterEntry
        The questions.
    chosen : list of Chosen
        The answers.
    series : list of str
        What is counted side by side, such as "op papier" and "in de praktijk"; "" where it is one question.
    """

    entries: list[RegisterEntry]
    chosen: list[Chosen]
    series: list[str]

    @property
    def picture(self) -> Picture:
        """All answers side by side, for report, wall and paper."""
        return dot_picture(self.chosen, self.series)

    @property
    def pieces(self) -> list[Picture]:
        """A picture for each answer, for a page that puts them side by side as far as its width allows."""
        return [dot_picture([answer], self.series) for answer in self.chosen]


def dots(entries: Iterable[RegisterEntry], spread: Callable[[str], Mapping[Any, int] | None]) -> list[Dots]:
    """What people chose, of the questions whose spread is open.

    Parameters
    ----------
    entries : iterable of RegisterEntry
        Choices of persons. Those with the same answers that follow each other, and have a ``short`` name in
        ``data/questions``, come in one picture.
    spread : callable
        Item to how often each value was given, None where it is not open: the ``spread`` of a `Store`, of a
        `TableAnswers` or of a `Room`, which keep the rule of five.

    Examples
    --------
    ``[made.picture for made in dots(questions("opening"), session.store.spread)]``
    """
    found = []
    opened = [entry for entry in entries if spread(entry.id)]
    for _, group in groupby(opened, _drawn_together):
        together = list(group)
        counts = [spread(entry.id) or {} for entry in together]
        chosen = []
        for option in together[0].options_for(person=True):
            given = [each.get(option.id, 0) for each in counts]
            chosen.append(Chosen(option.text, given, drawing_of(together[0], option)))
        series = [entry.more["short"] for entry in together] if len(together) > 1 else [""]
        found.append(Dots(together, chosen, series))
    return found


def _drawn_together(entry: RegisterEntry) -> tuple:
    """What questions have in common that come in one picture; a question without a short name comes alone."""
    return entry.set, entry.options, "" if "short" in entry.more else entry.id


def drawing_of(entry: RegisterEntry, option: Option) -> str:
    """The SVG of an answer, where the file of its question says that its answers have drawings; else ""."""
    return form_drawing(option.id) if about(entry.set).get("drawings") == "forms" else ""


def dot_picture(chosen: Sequence[Chosen], series: Sequence[str]) -> Picture:
    """Answers side by side, each with its drawing, its name, and a dot for everyone who gave it.

    Parameters
    ----------
    chosen : sequence of Chosen
        At least one; each with a count, 0 or more, for each of the series.
    series : sequence of str
        What is counted side by side; one may be "".

    Returns
    -------
    Picture
        SVG text, names escaped; its description counts in words.

    Examples
    --------
    ``dot_picture([Chosen("ja", [3]), Chosen("nee", [2])], [""])``
    """
    share = COLUMN / len(series)
    top = DRAWN[1] + 10 if any(answer.drawing for answer in chosen) else 0
    names = [wrapped(answer.name, COLUMN // 10) for answer in chosen]
    middle = top + 22 + ROW * max(map(len, names))
    labels = [wrapped(name, int(share / 8)) for name in series]
    floor = middle + ROW * max(map(len, labels))
    most = max(max(answer.counts) for answer in chosen)
    shrink = 2 if most > MOST else 1
    abreast, step = ABREAST * shrink, STEP / shrink
    height = floor + 24 + step * math.ceil(most / abreast)
    parts = []
    for place, answer in enumerate(chosen):
        left = COLUMN * place
        if answer.drawing:
            inside = f'<svg x="{left + (COLUMN - DRAWN[0]) / 2:.0f}" y="0" '
            parts.append(answer.drawing.replace("<svg ", inside, 1))
        parts.append(draw_words(names[place], left + COLUMN / 2, top + 16, "middle", bold=True))
        for number, count in enumerate(answer.counts):
            x = left + share * (number + 0.5)
            parts.append(draw_words(labels[number], x, middle, "middle"))
            parts.append(draw_words([str(count)], x, floor, "middle", bold=True))
            for dot in range(count):
                row, column = divmod(dot, abreast)
                spot = (x + step * (column - (min(count, abreast) - 1) / 2), floor + 18 + step * row)
                parts.append(draw_sign(LOOKS[number % len(LOOKS)], spot, step * 0.36))
    said = " ".join(str(sentence) for answer in chosen for sentence in _said(answer, series))
    return framed("".join(parts), (COLUMN * len(chosen), height), said, letters=14)


def _said(answer: Chosen, series: Sequence[str]) -> list[Message]:
    said = []
    for name, count in zip(series, answer.counts, strict=True):
        counted = Message("opening.counted", n=count, option=answer.name)
        said.append(Message("spread.series", series=name, said=counted) if name else counted)
    return said
