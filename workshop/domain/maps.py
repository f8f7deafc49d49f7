"""What maps ask of a network: ties by number, turning a tie, who is cut off in words, several maps in one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from workshop.domain import edit
from workshop.domain.network import Network, Organisation, Tie, name_key
from workshop.texts import Message, Problem

MOST_NAMES = 8
Pair = tuple[str, str]


def add_ties(network: Network, pairs: Iterable[tuple[str, str]], kind: str | None = None) -> Network:
    """Ties between pairs of organisations; ties that are there stay as they are.

    Raises `Problem` if one is not there, is tied to itself, or nothing would change.
    """
    result = network
    there = {network.tie_key(tie) for tie in network.ties}
    for one, other in pairs:
        key = network.tie_key(Tie(one, other, kind))
        if key not in there:
            there.add(key)
            result = edit.add_tie(result, one, other, kind)
    if result is network:
        raise Problem(Message("map.all_there"))
    return result


def change_tie(network: Network, old: tuple[str, str, str | None], new: tuple[str, str, str | None]) -> Network:
    """Turn a tie or give it another kind; its strength, trust and place stay. Raises `Problem` as `edit.add_tie`."""
    found = edit.find_tie(network, *old)
    after = edit.add_tie(edit.remove_tie(network, *old), *new, strength=found.strength, trust=found.trust)
    *others, changed = after.ties
    others.insert(network.ties.index(found), changed)
    return Network(after.organisations, others, after.directed)


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
    pairs = _sides({_pair(a, b) for a, b in network.pairs()}, {_pair(ids[a], ids[b]) for a, b in other.pairs()})
    return together, _sides({item.id for item in network.organisations}, set(ids.values())), pairs


def _pair(a: str, b: str) -> Pair:
    return min(a, b), max(a, b)


def _sides(a: set, b: set) -> dict:
    return {key: "both" if key in a and key in b else "a" if key in a else "b" for key in sorted(a | b)}


@dataclass(frozen=True)
class Merged:
    """Maps of several tables in one; organisations with the same name are the same, direction and kind do not count.

    Parameters
    ----------
    network : Network
        Those that most tables drew come first.
    ties, organisations : dict
        By how many tables each pair (sorted ids) and each organisation was drawn.
    tables : int
        How many tables have a map.
    """

    network: Network
    ties: dict[tuple[str, str], int]
    organisations: dict[str, int]
    tables: int

    def most_drawn(self, most: int) -> Network:
        """Only the organisations that most tables drew."""
        kept = self.network.organisations[:most]
        ids = {organisation.id for organisation in kept}
        return Network(kept, (tie for tie in self.network.ties if {tie.source, tie.target} <= ids))


def merge_maps(networks: Sequence[Network]) -> Merged:
    """See `Merged`; a table counts once for a pair, whatever it drew between the two."""
    first: dict[str, Organisation] = {}
    named: Counter[str] = Counter()
    drawn: Counter[Pair] = Counter()
    for network in networks:
        keys = {organisation.id: name_key(organisation.name) for organisation in network.organisations}
        for organisation in network.organisations:
            known = first.setdefault(keys[organisation.id], organisation)
            if organisation.sector and not known.sector:
                first[keys[organisation.id]] = organisation
        named.update(dict.fromkeys(keys.values(), 1))
        ends = ((keys[tie.source], keys[tie.target]) for tie in network.ties)
        drawn.update(dict.fromkeys((_pair(a, b) for a, b in ends if a != b), 1))
    order = [name for name, _ in named.most_common()]
    ids = {name: f"o{number}" for number, name in enumerate(order)}
    ties = {_pair(ids[a], ids[b]): n for (a, b), n in drawn.most_common()}
    people = [Organisation(ids[name], first[name].name, first[name].sector, first[name].layer) for name in order]
    together = Network(people, (Tie(*pair, strength=float(n)) for pair, n in ties.items()))
    return Merged(together, ties, {ids[name]: n for name, n in named.items()}, len(networks))
