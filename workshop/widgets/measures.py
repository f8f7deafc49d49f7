"""The group's network in counted sentences; formula and source unfold for who wants them."""

from __future__ import annotations

from html import escape

import ipywidgets as w

from workshop.domain.measures import measure_all
from workshop.session import Session
from workshop.texts import Message
from workshop.widgets.base import View, sentence

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
    """Differentiation beside integration, with and without the lead organisation.

    Parameters
    ----------
    session : Session
    """

    def __init__(self, session: Session):
        super().__init__(session)
        self.shown = w.HTML()
        self.watch(("network", "structure"), self._show)
        self.children = [self.shown]
        self._show()

    def _show(self) -> None:
        network, lead = self.session.network, self.session.lead
        if not network.organisations:
            self.shown.value = sentence(Message("network.empty"), "gbo-hint")
            return
        everybody = measure_all(network)
        without = measure_all(network, without=lead) if lead else None
        groups = {"differentiation": DIFFERENTIATION, "integration": INTEGRATION, "power": POWER}
        if network.directed:
            groups["direction"] = DIRECTION
        parts = [sentence(Message("measures.small"), "gbo-hint")]
        for group, names in groups.items():
            parts.append(sentence(Message(f"measures.{group}"), tag="h4"))
            shown = [name for name in names if name in FIRST]
            parts.append(f"<ul>{''.join(sentence(everybody[name].message, tag='li') for name in shown)}</ul>")
            rows = "".join(self._row(everybody[name], without and without[name]) for name in names)
            head = "".join(
                f"<th>{escape(str(Message(f'measures.head.{key}')))}</th>" for key in self._heads(bool(without))
            )
            parts.append(
                f"<details>{sentence(Message('measures.details'), tag='summary')}"
                f'<table class="gbo-table"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></details>'
            )
        self.shown.value = "".join(parts)

    @staticmethod
    def _heads(without: bool) -> list[str]:
        return ["measure", "with_lead", *(["without_lead"] if without else []), "formula", "source"]

    @staticmethod
    def _row(all_, without) -> str:
        cells = [Message(f"measures.name.{all_.name}"), all_.message]
        if without:
            cells.append(without.message)
        cells += [all_.formula, all_.source]
        return f"<tr>{''.join(sentence(cell, tag='td') for cell in cells)}</tr>"
