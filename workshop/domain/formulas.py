"""The formulas of the measures: each takes the facts of a network and gives a `Measure`.

The name of a function is the name of its measure. The formula in words and its source stand in
``data/texts/measures.toml``. Sums are of whole numbers, divided once, save where shortest paths are shared out.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from workshop.domain import paths
from workshop.domain.facts import Facts, Measure, found, none, pair_of
from workshop.domain.sectors import SectorName, missing_sectors
from workshop.texts import Message


def sectors(facts: Facts) -> Measure:
    """Number of sectors, and which usual ones are missing."""
    present = tuple(facts.sizes)
    missing, unknown = missing_sectors(present), facts.n - len(facts.sectors)
    also = Message("measure.sectors.missing", sectors=[SectorName(id) for id in missing]) if missing else ""
    open_ = Message("measure.sectors.unknown", n=unknown) if unknown else ""
    details = {"missing": missing, "unknown": unknown, "sizes": dict(facts.sizes)}
    names = [SectorName(id) for id in present]
    shown: dict[str, Any] = {"n": len(present), "sectors": names, "also": also, "open": open_}
    return found("sectors.text", len(present), facts.n, items=present, details=details, **shown)


def _unlike(facts: Facts) -> int:
    """Ordered draws of two organisations, the first put back, that differ in sector."""
    return len(facts.sectors) ** 2 - sum(size**2 for size in facts.sizes.values())


def blau(facts: Facts) -> Measure:
    """Chance that two organisations drawn at random, the first put back, differ in sector: 1 - sum p^2."""
    known, k = len(facts.sectors), len(facts.sizes)
    if not known:
        return none("blau", "no_sectors")
    return found("blau.text", _unlike(facts) / known**2, 1 - 1 / k, details={"known": known, "total": facts.n})


def iqv(facts: Facts) -> Measure:
    """Index of qualitative variation: Blau as a share of the most it can be with this number of sectors."""
    known, k = len(facts.sectors), len(facts.sizes)
    if k < 2:
        return none("iqv", "two_sectors")
    value = _unlike(facts) * k / (known**2 * (k - 1))
    return found("iqv.text", value, details={"known": known, "total": facts.n}, n=k)


def effective_sectors(facts: Facts) -> Measure:
    """Number of equally large sectors that would be as mixed: exp of the Shannon entropy."""
    known, k = len(facts.sectors), len(facts.sizes)
    if not known:
        return none("effective_sectors", "no_sectors", max(1, facts.n), 1)
    value = math.exp(math.log(known) - sum(size * math.log(size) for size in facts.sizes.values()) / known)
    form = "text" if k == 1 or len(set(facts.sizes.values())) > 1 else "even"
    return found(f"effective_sectors.{form}", round(value, 12), k, 1, details={"known": known, "total": facts.n}, n=k)


def ties(facts: Facts) -> Measure:
    """Pairs (directed: arcs) that have a tie."""
    form = facts.form if facts.n > 1 else "few"
    n = len(facts.lines)
    return found(f"ties.{form}", n, facts.possible, details={"possible": facts.possible}, n=n)


def density(facts: Facts) -> Measure:
    """Ties as a share of the possible ones."""
    if facts.n < 2:
        return none("density", "two")
    details = {"ties": len(facts.lines), "possible": facts.possible}
    return found(f"density.{facts.form}", len(facts.lines) / facts.possible, details=details, n=len(facts.lines))


def connectedness(facts: Facts) -> Measure:
    """Pairs that can reach each other, direction set aside, as a share of all pairs: 1 - fragmentation."""
    if facts.n < 2:
        return none("connectedness", "two")
    joined = sum(len(part) * (len(part) - 1) // 2 for part in facts.parts)
    details = {"joined": joined, "pairs": facts.n * (facts.n - 1) // 2}
    return found(f"connectedness.{facts.form}", joined / details["pairs"], details=details, n=joined)


def parts(facts: Facts) -> Measure:
    """Parts that hang together, direction set aside."""
    sizes = sorted(map(len, facts.parts), reverse=True)
    details = {"sizes": sizes, "largest": max(sizes, default=0)}
    return found("parts.text", len(sizes), facts.n, min(1, facts.n), details=details, n=len(sizes))


def _names(facts: Facts, ids: Iterable[str]) -> list[str]:
    chosen = set(ids)
    return [item.name for item in facts.organisations if item.id in chosen]


def isolates(facts: Facts) -> Measure:
    """Organisations without any tie."""
    ids = [id for id in facts.ids if not facts.neighbours[id]]
    return found("isolates.text", len(ids), facts.n, items=ids, n=len(ids), names=_names(facts, ids))


def arc_reciprocity(facts: Facts) -> Measure:
    """Arcs that are answered, as a share of the arcs."""
    if not facts.directed or not facts.lines:
        return none("arc_reciprocity", "no_ties" if facts.directed else "undirected")
    details = {"answered": 2 * facts.mutual, "arcs": len(facts.lines)}
    return found("arc_reciprocity.text", 2 * facts.mutual / len(facts.lines), details=details, n=2 * facts.mutual)


def dyad_reciprocity(facts: Facts) -> Measure:
    """Pairs tied in both directions (confirmed), as a share of the pairs with a tie.

    Of the others, ``details["one_sided"]`` counts those of which both named somebody, ``details["unknown"]`` those of
    which one named nobody, and perhaps was never asked.
    """
    if not facts.directed or not facts.lines:
        return none("dyad_reciprocity", "no_ties" if facts.directed else "undirected")
    naming = {source for source, _ in facts.lines}
    asked = sum({*pair} <= naming for pair in facts.pairs)
    details = {"mutual": facts.mutual, "one_sided": asked - facts.mutual, "unknown": len(facts.pairs) - asked}
    details["dyads"] = len(facts.pairs)
    return found("dyad_reciprocity.text", facts.mutual / len(facts.pairs), details=details, n=facts.mutual)


def multiplexity(facts: Facts) -> Measure:
    """Pairs with two kinds of tie or more, in either direction, as a share of the pairs with a tie."""
    if facts.kind is not None or not facts.pairs:
        return none("multiplexity", "no_ties" if facts.kind is None else "one_kind")
    kinds: dict[paths.Arc, set[str]] = {pair: set() for pair in facts.pairs}
    for tie in facts.ties:
        if tie.kind is not None:
            kinds[pair_of(tie)].add(tie.kind)
    several = sum(len(kinds_here) > 1 for kinds_here in kinds.values())
    form = "text" if any(kinds.values()) else "unknown"
    details = {"several": several, "pairs": len(kinds)}
    return found(f"multiplexity.{form}", several / len(kinds), details=details, n=several)


def ei_index(facts: Facts) -> Measure:
    """(External - internal) / (external + internal): ties between sectors against ties inside one."""
    ends = [(facts.sectors.get(a), facts.sectors.get(b)) for a, b in facts.lines]
    known = [(a, b) for a, b in ends if a is not None and b is not None]
    if not known:
        return none("ei_index", "sectors_both", low=-1)
    external = sum(a != b for a, b in known)
    details = {"external": external, "internal": len(known) - external, "unknown": len(ends) - len(known)}
    return found("ei_index.text", (2 * external - len(known)) / len(known), low=-1, details=details)


def mean_path(facts: Facts) -> Measure:
    """Mean number of steps over the pairs that have a path, in the largest part."""
    part = max(facts.parts, key=len, default=[])
    if len(part) < 2:
        return none("mean_path", "no_ties", max(1, facts.n - 1), 1)
    inside = set(part)
    lengths = paths.path_lengths(part, [line for line in facts.lines if line[0] in inside], facts.directed)
    joined = sum(lengths.values())
    unreachable = len(part) * (len(part) - 1) - joined if facts.directed else 0
    details = {"largest": len(part), "outside": facts.n - len(part), "unreachable": unreachable}
    value = sum(steps * count for steps, count in lengths.items()) / joined
    return found("mean_path.unreachable" if unreachable else "mean_path.text", value, len(part) - 1, 1, details=details)


def _spread(values: Iterable[float]) -> float:
    """Freeman's sum: how far all stay behind the highest."""
    known = list(values)
    return len(known) * max(known) - sum(known)


def _degrees(ids: Iterable[str], ends: Iterable[str]) -> dict[str, int]:
    degrees = dict.fromkeys(ids, 0)
    for end in ends:
        degrees[end] += 1
    return degrees


def _degree(name: str, facts: Facts, pairs: Sequence[paths.Arc]) -> Measure:
    if facts.n < 3:
        return none(name, "three")
    degrees = _degrees(facts.ids, (end for pair in pairs for end in pair))
    high, maximum = max(degrees.values()), (facts.n - 1) * (facts.n - 2)
    top = [id for id in degrees if degrees[id] == high > 0]
    details = {"highest": high, "mean": 2 * len(pairs) / facts.n, "maximum": maximum}
    return found(f"{name}.text", _spread(degrees.values()) / maximum, items=top, details=details)


def degree_centralisation(facts: Facts) -> Measure:
    """Freeman, direction set aside: 1 for a star, 0 where all have as many ties."""
    return _degree("degree_centralisation", facts, facts.pairs)


def _one_way(name: str, facts: Facts, end: int) -> Measure:
    if not facts.directed or facts.n < 3:
        return none(name, "three" if facts.directed else "undirected")
    degrees = _degrees(facts.ids, (line[end] for line in facts.lines))
    total, high = _spread(degrees.values()), max(degrees.values())
    maximum, other = (facts.n - 1) ** 2, (facts.n - 1) * (facts.n - 2)
    details = {"highest": high, "maximum": maximum, "ucinet": total / other}
    shown = {"n": high, "other": other, "exact": 100 * total / maximum, "elsewhere": 100 * total / other}
    top = [id for id in degrees if degrees[id] == high > 0]
    return found(f"{name}.text", total / maximum, items=top, details=details, **shown)


def in_degree_centralisation(facts: Facts) -> Measure:
    """Freeman on arcs that arrive, maximum (n-1)^2; ``details["ucinet"]`` divides by (n-1)(n-2)."""
    return _one_way("in_degree_centralisation", facts, 1)


def out_degree_centralisation(facts: Facts) -> Measure:
    """Freeman on arcs that leave, maximum (n-1)^2; ``details["ucinet"]`` divides by (n-1)(n-2)."""
    return _one_way("out_degree_centralisation", facts, 0)


def betweenness_centralisation(facts: Facts) -> Measure:
    """Freeman on shares of the shortest paths, direction respected: 1 for a star."""
    if facts.n < 3:
        return none("betweenness_centralisation", "three")
    between = paths.betweenness(facts.ids, facts.lines, facts.directed)
    high = max(between)
    top = [id for id, value in zip(facts.ids, between, strict=True) if high > 0 and math.isclose(value, high)]
    value = round(abs(_spread(between)) / (facts.n - 1), 12)
    return found(f"betweenness_centralisation.{facts.form}", value, items=top, details={"highest": high})


def cut_organisations(facts: Facts) -> Measure:
    """Organisations whose leaving breaks a part in two or more, direction set aside."""
    ids = paths.cut_nodes(facts.ids, facts.pairs)
    names = _names(facts, ids)
    return found("cut_organisations.text", len(ids), max(0, facts.n - 2), items=ids, n=len(ids), names=names)


def trust_share(facts: Facts) -> Measure:
    """Pairs with a tie of trust 4 or 5, as a share of all pairs."""
    if facts.n < 2 or facts.trusted is None:
        return none("trust_share", "two" if facts.n < 2 else "no_trust")
    n, possible = len(facts.trusted), facts.n * (facts.n - 1) // 2
    return found("trust_share.text", n / possible, details={"pairs": n, "possible": possible}, n=n)


def trust_centralisation(facts: Facts) -> Measure:
    """Freeman on the pairs with a tie of trust 4 or 5."""
    if facts.trusted is None:
        return none("trust_centralisation", "three" if facts.n < 3 else "no_trust")
    return _degree("trust_centralisation", facts, facts.trusted)
