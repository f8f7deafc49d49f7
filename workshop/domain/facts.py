"""What the measures of one network share, each counted once."""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import Any

from workshop.domain.network import Network, name_key

TRUSTED = 4
"""Trust from here on counts as much trust."""


class Facts:
    """What is counted in a network; with a kind, in the ties of that kind."""

    def __init__(self, network: Network, kind: str | None = None):
        self.kind, self.directed = kind, network.directed
        self.organisations, self.n = network.organisations, len(network.organisations)
        self.graph = network.to_networkx(kind)
        self.lines = self.graph.number_of_edges()
        self.possible_pairs = self.n * (self.n - 1) // 2
        self.possible = self.possible_pairs * (2 if self.directed else 1)
        self.form = "directed" if self.directed else "text"

    @cached_property
    def plain(self) -> Any:
        """The graph with direction set aside: one line for each pair that has a tie."""
        import networkx as nx

        return nx.Graph(self.graph) if self.directed else self.graph

    @cached_property
    def pairs(self) -> int:
        """Number of pairs that have a tie."""
        return self.plain.number_of_edges()

    @property
    def mutual(self) -> int:
        """Number of pairs with an arc in both directions."""
        return self.lines - self.pairs

    @property
    def k(self) -> int:
        """Number of sectors."""
        return len(self.sizes)

    @cached_property
    def parts(self) -> list[set[str]]:
        """Parts that hang together, direction set aside, in the order of their first member."""
        import networkx as nx

        return list(nx.connected_components(self.plain))

    @cached_property
    def joined(self) -> int:
        """Number of pairs that can reach each other, direction set aside."""
        return sum(len(part) * (len(part) - 1) // 2 for part in self.parts)

    @cached_property
    def trusted(self) -> Any:
        """A graph of the pairs with a tie of much trust; None where no tie says how much trust there is."""
        import networkx as nx

        said = [(a, b, trust) for a, b, trust in self.graph.edges(data="trust") if trust is not None]
        graph = nx.Graph()
        graph.add_nodes_from(self.graph)
        graph.add_edges_from((a, b) for a, b, trust in said if trust >= TRUSTED)
        return graph if said else None

    @cached_property
    def sectors(self) -> dict[str, str]:
        """Sector of each organisation that has one; spellings that differ by case or spaces are one sector."""
        spelling: dict[str, str] = {}
        known = ((item.id, item.sector) for item in self.organisations if item.sector)
        return {id: spelling.setdefault(name_key(sector), sector) for id, sector in known}

    @cached_property
    def sizes(self) -> Counter[str]:
        """Number of organisations in each sector."""
        return Counter(self.sectors.values())

    @cached_property
    def unlike(self) -> int:
        """Ordered draws of two organisations with a sector, the first put back, that differ in sector."""
        return len(self.sectors) ** 2 - sum(size**2 for size in self.sizes.values())

    @cached_property
    def ends(self) -> list[tuple[str, str]]:
        """The sectors at both ends of each line, where both are known."""
        return [(self.sectors[a], self.sectors[b]) for a, b in self.graph.edges if {a, b} <= self.sectors.keys()]
