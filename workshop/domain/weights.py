"""How heavily each view weighs in a decision: one formalisation, for students to criticise; never shown as a score."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from workshop.domain.network import name_key
from workshop.domain.roles import ROLES
from workshop.domain.show import Sentences
from workshop.domain.structure import Structure, Table
from workshop.texts import Message

MANDATES = {"free": 0, "bound": 1}
View = dict[str, Fraction]


@dataclass(frozen=True, repr=False)
class Weights(Sentences):
    """Shares of a decision by id (partners, lead organisation, coordinator), which sum to 1 where anybody decides.

    `effective_voices` is 1 / sum of squared shares: as many equal voices would be as concentrated; None where nobody
    decides.
    """

    shares: dict[str, Fraction]
    effective_voices: float | None
    messages: list[Message]


def unknown_theme(structure: Structure, decision: str) -> list[Message]:
    """A sentence where nobody sits in a working group on this theme, which is then decided as the vision; else none."""
    themes = structure.themes
    if decision == "vision" or name_key(decision) in map(name_key, themes):
        return []
    return [Message("decision.unknown_theme", theme=decision, themes=list(themes), n=len(themes))]


def _mixed(parts: Iterable[tuple[View, Fraction]]) -> View:
    """Views, each with its share, as one."""
    found: View = {}
    for view, share in parts:
        for id, weight in view.items():
            found[id] = found.get(id, Fraction(0)) + weight * share
    return found


def _mean(views: Sequence[View]) -> View:
    return _mixed((view, Fraction(1, len(views))) for view in views)


def _share(name: str, value: float | Fraction) -> Fraction:
    if not 0 <= value <= 1:
        raise ValueError(f"{name} {value!r}: choose a number from 0 to 1")
    return Fraction(value).limit_denominator(10**6)


def weights(
    structure: Structure,
    decision: str = "vision",
    *,
    mandate: str | float | Fraction = "free",
    role: str = "co-producer",
    last_word: float | Fraction = Fraction(1, 2),
) -> Weights:
    """Exact weight of each person's view in a decision: one formalisation, to be criticised.

    Everybody has one view. A table settles on the mean of the views brought to it. Groups that feed the deciding table
    meet first (as in `cost`); who comes from them brings a mixture of the own view and the mean of those groups.
    Several deciding tables count the same.

    Parameters
    ----------
    structure : Structure
    decision : str, default "vision"
        As for `reach`.
    mandate : {"free", "bound"} or number, default "free"
        How far a delegate is bound: 0 or "free" brings the own view only, 1 or "bound" the group's only.
    role : {"facilitator", "co-producer", "commissioner"}
        Of the coordinator: a facilitator's own view counts nowhere (unless nobody else sits there), a co-producer's
        as that of anybody at the table, a commissioner's moreover has the last word. Without a coordinator the lead
        organisation has it.
    last_word : number, default 1/2
        Share of the decision, 0 to 1, that is a commissioner's alone.

    Returns
    -------
    Weights

    Raises
    ------
    ValueError
        If the role or mandate is unknown, or a share is not from 0 to 1.

    Notes
    -----
    This kit's own, untested. Means of means are linear opinion pooling (DeGroot 1974, not looked up); 1 / sum of
    squares is the inverse Simpson or Herfindahl index. Talk changes views, which a mean leaves out: start there.

    Examples
    --------
    >>> weights(Structure("abc", [Table("steering", seats="ab")])).effective_voices
    2.0
    """
    if role not in ROLES:
        raise ValueError(f"role {role!r}: choose one of {', '.join(ROLES)}")
    if isinstance(mandate, str) and mandate not in MANDATES:
        raise ValueError(f"mandate {mandate!r}: choose one of {', '.join(MANDATES)}, or a number from 0 to 1")
    bound = _share("mandate", MANDATES[mandate] if isinstance(mandate, str) else mandate)
    final = _share("last_word", last_word)
    silent = structure.coordinator if role == "facilitator" else None

    feeding = structure.feeding(decision)
    deciding = structure.deciding(decision)[1]

    def voices(table: Table) -> list[str]:
        return [id for id in table.seats if id != silent] or list(table.seats)

    def own(id: str) -> View:
        return {id: Fraction(1)}

    def brought(id: str) -> View:
        groups = [_mean([own(other) for other in voices(table)]) for table in feeding if id in table.seats]
        if not groups:
            return own(id)
        return _mixed([(own(id), 1 - bound), (_mean(groups), bound)])

    decided = _mean([_mean([brought(id) for id in voices(table)]) for table in deciding])
    boss = structure.coordinator or structure.lead
    if role == "commissioner" and boss:
        decided = _mixed([(decided, 1 - final), (own(boss), final)]) if decided else own(boss)
    people = dict.fromkeys([*structure.partner_ids, structure.lead, structure.coordinator])
    shares = {id: decided.get(id, Fraction(0)) for id in people if id}
    heading = [Message("weights.heading"), *unknown_theme(structure, decision)]
    squares = sum(share**2 for share in shares.values())
    if not squares:
        return Weights(shares, None, [*heading, Message("weights.nobody")])
    effective = float(1 / squares)
    high = max(shares.values())
    names = [structure.name(id) for id, share in shares.items() if share == high]
    messages = [
        *heading,
        Message("weights.voices", n=len(shares), voices=round(effective, 1)),
        Message("weights.largest", names=names, percent=round(100 * float(high), 1)),
    ]
    return Weights(shares, effective, messages)
