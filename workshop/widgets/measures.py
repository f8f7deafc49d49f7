"""The group's network in counted sentences; formula and source unfold for who wants them."""

from __future__ import annotations

from workshop.domain.measures import measure_all
from workshop.session import Session
from workshop.texts import Message
from workshop.widgets.base import View, details, sentence, sentences, table_html

DIFFERENTIATION = ("sectors", "blau", "iqv", "effective_sectors")
INTEGRATION = ("ties", "density", "connectedness", "parts", "isolates", "multiplexity", "ei_index", "mean_path")
DIRECTION = ("arc_reciprocity", "dyad_reciprocity", "in_degree_centralisation", "out_degree_centralisation")
POWER = (
    "degree_centralisation",
    "betweenness_centralisation",
    "cut_organisations",
    "trust_share",
    "trust_centralisation",
)
FIRST = frozenset(
    {"sectors", "ties", "connectedness", "isolates", "cut_organisations", "trust_share", "dyad_reciprocity"}
)


class NetworkMeasures(View):
    """Differentiation beside integration, with and without the lead organisation."""

    def __init__(self, session: Session):
        super().__init__(session)
        self.shown = self.live(self._shown, "network", "structure")
        self.children = [self.shown]

    def _shown(self) -> str:
        network, lead = self.session.network, self.session.lead
        if not network.organisations:
            return sentence(Message("network.empty"), "gbo-hint")
        columns = {"with_lead": measure_all(network)}
        if lead:
            columns["without_lead"] = measure_all(network, without=lead)
        groups = {"differentiation": DIFFERENTIATION, "integration": INTEGRATION, "power": POWER}
        if network.directed:
            groups["direction"] = DIRECTION
        told, found = sentence(Message("measures.small"), "gbo-hint"), columns["with_lead"]
        heads = [Message(f"measures.head.{key}") for key in ("measure", *columns, "formula", "source")]
        for group, names in groups.items():
            rows = []
            for name in names:
                said = [column[name].message for column in columns.values()]
                rows.append([Message(f"measures.name.{name}"), *said, found[name].formula, found[name].source])
            told += sentence(Message(f"measures.{group}"), tag="h4")
            told += sentences(found[name].message for name in names if name in FIRST)
            told += details(Message("measures.details"), table_html("", heads, rows))
        return told
