"""Exercises that answer back: an answer is right, or a plain line says which slip gives it.

The right answer is computed here and stored nowhere, so a check works on any network, a student's own included. A wrong
answer raises `NotYet`: a notebook shows one line, and nbgrader, nbval and nbconvert see the cell fail.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Set
from numbers import Real
from typing import Any

from workshop.domain.governance import read_network
from workshop.domain.measures import Measure, measure, measure_all
from workshop.domain.network import Network
from workshop.texts import Message, Problem, data_root, number

WITHIN = 5e-4
"""How far an answer may be from the right one: three decimals, rounded."""
HAIR = 1e-9
"""What computing in binary may add to a difference: 0.0625 - 0.062 comes out just above 0.0005."""
COUNTED = ("isolates", "cut_organisations")
"""Measures that count organisations: to find none is an answer too."""


class NotYet(Problem, AssertionError):
    """The answer is not right yet; `message` says which slip gives it, or how to go on."""

    def _render_traceback_(self) -> list[str]:
        return [f"✗ {self}"]


class Right(Message):
    """What is said of a right answer; a notebook shows it as it reads, without quotes."""

    def __repr__(self) -> str:
        return str(self)


def check(
    name: str,
    found: Any,
    network: Network,
    *,
    detail: str | None = None,
    within: float = WITHIN,
    without: str | None = None,
    kind: str | None = None,
) -> Message:
    """Whether a measure was worked out well.

    Parameters
    ----------
    name : str
        Id of a measure, as for `workshop.measure`.
    found : number, None, or set, list, tuple, keys, series, index or array of str
        What was worked out: the value (None where the measure says nothing), or the ids that the measure is about,
        where it is about any.
    network : Network
        What it was worked out on.
    detail : str, optional
        Check this one of the measure's `details` in place of its value, such as ``"expected"`` of ``"ei_index"``.
    within : float, default 5e-4
        How far rounding may go.
    without, kind : str, optional
        As for `workshop.measure`.

    Returns
    -------
    Message
        That it is right, with the sentence of the measure.

    Raises
    ------
    NotYet
        If it is not; the sentence names the slip where the figure gives it away, else the formula.

    Examples
    --------
    >>> path = Network("abc", ["ab", "bc"])
    >>> check("density", 2 / 3, path)
    ✓ Klopt. 2 van de 3 mogelijke lijnen zijn er: 67 op de 100.
    >>> check("density", 66.667, path)
    Traceback (most recent call last):
    ...
    workshop.course.NotYet: 66,67 is een percentage. Geef een aandeel tussen 0 en 1.
    """
    if not isinstance(network, Network):
        raise NotYet(Message("check.no_network"))
    right = measure(name, network, without, kind)
    about_items = not detail and _is_about_items(right)
    ids = _listed(found)
    if about_items and isinstance(ids, (Set, list, tuple)) and all(isinstance(one, str) for one in ids):
        _check_items(ids, right)
    elif about_items and isinstance(ids, Iterable):
        raise NotYet(Message("check.no_codes", found=type(found).__name__))
    elif detail:
        _check_number(found, right.details.get(detail), within, [], Message("check.formula", formula=right.formula))
    else:
        slips = _slips(right, network, without, kind)
        _check_number(found, right.value, within, slips, Message("check.formula", formula=right.formula))
    return Right("check.right_measure", sentence=right.message)


def check_value(
    found: Any, right: Any, hint: str = "", slips: Mapping[Any, str] | None = None, within: float = WITHIN
) -> Message:
    """Whether an answer is the right one, for what is no measure.

    Parameters
    ----------
    found, right : number or other value
        The answer, and the right one; numbers may differ by `within`, other values may not. A list, series, index or
        array may stand for a set.
    hint : str, optional
        How to go on, where the answer is another one.
    slips : mapping, optional
        Wrong answers that are known, and what is said of each.
    within : float, default 5e-4
        How far rounding may go.

    Raises
    ------
    NotYet
        If it is not the right one.

    Examples
    --------
    >>> check_value(276, 24 * 23 / 2)
    ✓ Klopt.
    """
    if isinstance(right, Real) and not isinstance(right, bool):
        known = [(Message("check.hint", hint=said), wrong) for wrong, said in (slips or {}).items()]
        _check_number(found, float(right), within, known, Message("check.hint", hint=hint))
    elif found is ... or (found is None and right is not None):
        raise NotYet(Message("check.empty"))
    elif not _is_same(_listed(found), _listed(right)):
        text = _text(_listed(found))
        nearly = text is not None and text == _text(right)
        raise NotYet(Message("check.text") if nearly else Message("check.wrong", hint=hint))
    return Right("check.right")


def _listed(found: Any) -> Any:
    """What a series, an index or an array of pandas or numpy holds, as a list; anything else as it is."""
    return found.tolist() if isinstance(found, Iterable) and hasattr(found, "tolist") else found


def _is_same(found: Any, right: Any) -> bool:
    """Whether an answer is the right one; a list or a tuple may hold exactly what a set holds."""
    try:
        if isinstance(right, set):
            held = isinstance(found, (Set, list, tuple)) and all(one in [*right] for one in found)
            return held and right == set(found)
        return bool(found == right)
    except (TypeError, ValueError):  # a data frame says it of each cell, a missing value of nothing
        return False


def _text(found: Any) -> str | None:
    """A text in small letters, also where it stands alone in a list or a set."""
    if isinstance(found, (Set, list, tuple)) and len(found) == 1:
        found = next(iter(found))
    return found.strip().lower() if isinstance(found, str) else None


def check_that(condition: bool, hint: str) -> Message:
    """That something holds; else `NotYet` with the hint."""
    if not condition:
        raise NotYet(Message("check.hint", hint=hint))
    return Right("check.right")


def _check_number(
    found: Any, right: float | None, within: float, slips: Iterable[tuple[Message, float | None]], hint: Message
) -> None:
    """Refuse a number that is not the right one."""
    if found is ... or (found is None and right is not None):
        raise NotYet(Message("check.empty"))
    if found is None:
        return
    if not isinstance(found, Real) or isinstance(found, bool) or math.isnan(found):
        raise NotYet(Message("check.no_number", found=type(found).__name__))
    if right is None:
        raise NotYet(Message("check.none"))
    if math.isclose(found, right, rel_tol=0, abs_tol=within + HAIR):
        return
    shown = number(float(found), ".4g")
    slip = _slip(found, right, within, slips)
    if slip:
        raise NotYet(Message("check.slip", found=shown, slip=slip))
    raise NotYet(Message("check.other", found=shown, hint=hint))


def _slip(found: Any, right: float, within: float, slips: Iterable[tuple[Message, float | None]]) -> Message | None:
    """The slip that a wrong number gives away, if it gives one away."""
    percent = 100 * right if abs(right) <= 1 < abs(float(found)) else 0
    near_percent = math.isclose(found, percent, abs_tol=100 * within)
    if percent and (near_percent or _rounded(found, percent, 0) or _rounded(found, percent, 1)):
        return Message("check.percent")
    known = [(slip, wrong) for slip, wrong in slips if wrong is not None]
    # 0.51 is 0.5062, rounded, rather than a slip that gives 0.5102; but a slip that gives exactly 0.51 comes first
    for slip, wrong in known:
        if math.isclose(found, wrong, abs_tol=HAIR):
            return slip
    if found and _rounded(found, right, 2):
        return Message("check.rough")
    for slip, wrong in known:
        if math.isclose(found, wrong, rel_tol=1e-6, abs_tol=within + HAIR):
            return slip
    if found and _rounded(found, right, 1):
        return Message("check.rough")
    return None


def _rounded(found: Any, right: float, places: int) -> bool:
    """Whether an answer is the right one with so many decimals; what lies halfway may be rounded up or down."""
    half = 10**-places / 2
    written = math.isclose(found, round(found, places), abs_tol=HAIR)
    return written and math.isclose(found, right, rel_tol=0, abs_tol=half + HAIR)


def _slips(
    right: Measure, network: Network, without: str | None, kind: str | None
) -> Iterator[tuple[Message, float | None]]:
    """What usual slips would give in place of a right figure, each with the sentence on it."""
    if right.value is None:
        return
    if network.directed:
        undirected = Network(network.organisations, network.ties)
        yield Message("check.direction"), measure(right.name, undirected, without, kind).value
    if ucinet := right.details.get("ucinet"):
        yield Message("check.ucinet"), ucinet
        yield Message("check.ucinet"), 100 * ucinet
    if right.name == "density":
        n = len(network.without(without).organisations)
        yield Message("check.loops"), right.details["ties"] / n**2
    if without is not None or kind is not None:
        yield Message("check.whole"), measure(right.name, network).value
    yield Message("check.sign"), -right.value
    yield Message("check.twice"), 2 * right.value
    yield Message("check.half"), right.value / 2
    for other in measure_all(network, without, kind).values():
        if other.name != right.name and other.value not in (0, 1):
            yield Message("check.other_measure", label=other.label), other.value


def _is_about_items(right: Measure) -> bool:
    """Whether a measure is about sectors or organisations; some count them and may find none."""
    return right.value is not None and (bool(right.items) or right.name in COUNTED)


def _check_items(found: Iterable[str], right: Measure) -> None:
    """Refuse ids that are not those of the measure, without giving those away."""
    wrong = sorted(set(found) - set(right.items))
    if wrong:
        raise NotYet(Message("check.too_many", names=wrong, formula=right.formula))
    missing = len(set(right.items) - set(found))
    if missing:
        raise NotYet(Message("check.too_few", n=missing, formula=right.formula))


def example(name: str) -> Network:
    """A network for exercises from ``data/networks``, directed.

    Parameters
    ----------
    name : {"knoke", "kansas"}
        ``knoke``: ten organisations with two kinds of tie, information and money. ``kansas``: twenty organisations
        after a storm; a tie is what its source said, with a strength from 1 (about once a day) to 4 (continuously).
        Sources stand in ``data/sources.csv``.

    Returns
    -------
    Network

    Raises
    ------
    ValueError
        If there is no such network.

    Examples
    --------
    >>> example("knoke").kinds
    ('information', 'money')
    """
    names = sorted(path.name for path in (data_root() / "networks").iterdir())
    if name not in names:
        raise ValueError(f"network {name!r}: choose one of {', '.join(names)}")
    return read_network(f"networks/{name}", directed=True)
