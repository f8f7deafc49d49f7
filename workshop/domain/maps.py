"""What the network map asks of a network: ties by number, turning a tie, who is cut off in words, two maps in one."""

from __future__ import annotations

from dataclasses import replace

from workshop.domain import edit
from workshop.domain.network import Network, Tie, name_key
from workshop.texts import Message, Problem

MOST_NAMES = 8
Pair = tuple[str, str]


def add_ties(network: Network, ids: list[str], kind: str | None = None) -> Network:
    """Ties from the first organisation to all others; ties that are there stay as they are.

    Raises `Problem` if one is not there, is tied to itself, or nothing would change.
    """
    first, *others = ids
    result = network
    there = {network.tie_key(tie) for tie in network.ties}
    for other in dict.fromkeys(others):
        if network.tie_key(Tie(first, other, kind)) not in there:
            result = edit.add_tie(result, first, other, kind)
    if result is network:
        raise Problem(Message("map.all_there"))
    return result


def change_tie(network: Network, old: tuple[str, str, str | None], new: tuple[str, str, str | None]) -> Network:
    """Turn a tie or give it another kind; its strength and trust stay. Raises `Problem` as `edit.add_tie`."""
    found = edit.find_tie(network, *old)
    return edit.add_tie(edit.remove_tie(network, *old), *new, strength=found.strength, trust=found.trust)


def set_directed(network: Network, directed: bool) -> Network:
    """Ties with or without a direction: what had none then runs both ways; two arcs of a pair become one tie."""
    if directed == network.directed:
        return network
    both = (Tie(tie.target, tie.source, tie.kind, tie.strength, tie.trust) for tie in network.ties if directed)
    return Network(network.organisations, (*network.ties, *both), directed)


def cut_sentence(network: Network, id: str, gone: tuple[str, ...]) -> Message:
    """What `workshop.domain.measures.cut_off` says, in a sentence."""
    name, names = network.name(id), [network.name(other) for other in gone]
    if all(id not in pair for pair in network.pairs()):
        return Message("map.cut_isolate", name=name)
    if not names:
        return Message("map.cut_none", name=name)
    return Message("map.cut_many" if len(names) > MOST_NAMES else "map.cut", name=name, names=names, n=len(names))


def overlay(network: Network, other: Network) -> tuple[Network, dict[str, str], dict[Pair, str]]:
    """Two maps in one; organisations with the same name are the same, direction and kind do not count.

    Parameters
    ----------
    network, other : Network
        Map A and map B.

    Returns
    -------
    together : Network
        All organisations, those of A first, without ties; ids of those in B only start with ``b:``.
    sides, pairs : dict
        ``"a"``, ``"b"`` or ``"both"`` for each id, and for each pair that has a tie (sorted ids).
    """
    known = {name_key(item.name): item.id for item in network.organisations}
    ids = {item.id: known.get(name_key(item.name), f"b:{item.id}") for item in other.organisations}
    extra = (replace(item, id=ids[item.id]) for item in other.organisations if name_key(item.name) not in known)
    together = Network([*network.organisations, *extra])
    pairs = _sides(
        {tuple(sorted(pair)) for pair in network.pairs()}, {tuple(sorted((ids[a], ids[b]))) for a, b in other.pairs()}
    )
    return together, _sides({item.id for item in network.organisations}, set(ids.values())), pairs


def _sides(a: set, b: set) -> dict:
    return {key: "both" if key in a and key in b else "a" if key in a else "b" for key in sorted(a | b)}
