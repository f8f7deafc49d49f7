"""The group's network in counted sentences, and size, diversity, power and trust as questions beside its picture."""

from __future__ import annotations

import json
from functools import partial
from html import escape

import ipywidgets as w

from workshop.domain import governance
from workshop.domain.decisions import cost
from workshop.domain.measures import measure, measure_all
from workshop.domain.network import Network
from workshop.domain.questions import RegisterEntry, questions
from workshop.domain.structure import Structure, Table
from workshop.pictures import pair_lines, picture
from workshop.texts import Message
from workshop.widgets.ask import written
from workshop.widgets.base import Parts, View, details, fold, row, sentence, table_html

DIFFERENTIATION = ("sectors", "blau", "iqv", "effective_sectors")
INTEGRATION = ("ties", "density", "connectedness", "parts", "isolates", "multiplexity", "ei_index", "mean_path")
POWER = ("degree_centralisation", "betweenness_centralisation", "cut_organisations")
TRUST = ("trust_share", "trust_centralisation")
DIRECTION = ("arc_reciprocity", "dyad_reciprocity", "in_degree_centralisation", "out_degree_centralisation")
FIRST = frozenset({"sectors", "ties", "connectedness", "isolates", "cut_organisations", "trust_share"})
COUNTED = {"diversity": "sectors", "power": "degree_centralisation", "trust": "trust_share"}
"""What is counted beside a question of the balance; how many they are is counted in another way."""


class NetworkMeasures(View):
    """Differentiation beside integration, with and without the lead organisation; formulas and sources unfold."""

    def _parts(self) -> Parts:
        return [self.live(self._measures, "network", "structure")]

    def _measures(self) -> str:
        network, lead = self.session.network, self.session.lead
        if not network.organisations:
            return sentence(Message("network.empty"), "gbo-hint")
        found = measure_all(network)
        columns = {"with_lead": found} | ({"without_lead": measure_all(network, without=lead)} if lead else {})
        heads = [Message(f"measures.head.{key}") for key in ("measure", *columns, "formula", "source")]
        groups = {"differentiation": DIFFERENTIATION, "integration": INTEGRATION, "power": POWER + TRUST}
        groups |= {"direction": DIRECTION} if network.directed else {}
        told = sentence(Message("measures.small"), "gbo-hint")
        for group, names in groups.items():
            rows = []
            for name in names:
                said = [column[name].message for column in columns.values()]
                rows.append([found[name].label, *said, found[name].formula, found[name].source])
            told += sentence(Message(f"measures.{group}"), tag="h3")
            first = [_lit(found[name].message, network) for name in names if name in FIRST]
            told += f"<ul>{''.join(first)}</ul>"
            told += details(Message("measures.details"), table_html("", heads, rows))
        return told


def _lit(message: Message, network: Network) -> str:
    """A sentence as a list item; the organisations that it names are buttons, and light up on the map of the page."""
    names = message.values.get("names") or []
    ids = {item.name: item.id for item in network.organisations}
    if not names or not ids.keys() >= set(names):
        return f"<li>{escape(str(message))}</li>"
    marks = [f"\ue000{number}\ue001" for number in range(len(names))]
    told = escape(str(Message(message.key, **{**message.values, "names": marks})))
    for mark, name in zip(marks, names, strict=True):
        light = f'data-light="{escape(json.dumps([ids[name]]))}"'
        told = told.replace(mark, f'<button type="button" class="gbo-light" {light}>{escape(name)}</button>')
    every = escape(json.dumps([ids[name] for name in names]))
    return f'<li data-light="{every}">{told}</li>'


class Balance(View):
    """Size, diversity, power, trust: what the own network shows, what researchers suspect, the table's own words."""

    def _parts(self) -> Parts:
        self.picture = self.live(self._picture, "network", "structure", "places")
        self.shows: dict[str, w.HTML] = {}
        blocks = []
        for entry in questions("balance"):
            self.shows[entry.row] = self.live(partial(self._shows, entry), "network", "structure")
            block: list[w.Widget] = [written(self, entry), self.shows[entry.row]]
            if "suspected" in entry.more:
                says = Message("balance.says", source=governance.cite(entry.more["suspected_source"]))
                told = sentence(entry.more["suspected"]) + sentence(says, "gbo-hint")
                block.append(w.HTML(details(Message("balance.suspected"), told)))
            blocks.append(w.VBox(block))
        self.add_class("gbo-wide")
        return [row(*blocks, look="gbo-four"), fold(Message("balance.picture"), self.picture)]

    def _picture(self) -> str:
        network = self.session.network
        if not network.organisations:
            return sentence(Message("board.no_network"), "gbo-hint")
        told = measure("ties", network).message
        places = self.session.places
        lines = pair_lines(network)
        drawn = picture(network, places=places, lead=self.session.lead, lines=lines, legend=False)
        return drawn + sentence(told)

    def _shows(self, entry: RegisterEntry) -> str:
        counted = self._counted(entry.row) if self.session.network.organisations else []
        if not counted:
            return ""
        return sentence(Message("balance.shows"), tag="strong") + "".join(map(sentence, counted))

    def _counted(self, key: str) -> list[Message]:
        network, lead = self.session.network, self.session.lead
        if key == "size":
            everybody = tuple(organisation.id for organisation in network.organisations)
            spent = cost(Structure(network.organisations, (Table("plenary", seats=everybody),)))
            hours = round(spent.person_hours, 1)
            return [Message("balance.size", n=len(everybody), minutes=spent.minutes, hours=hours)]
        if key not in COUNTED:
            return []
        told = measure(COUNTED[key], network).message
        if key != "power" or not lead:
            return [told]
        name = network.name(lead)
        alone = measure(COUNTED[key], network, without=lead).message
        return [
            Message("balance.with_lead", name=name, told=told),
            Message("balance.without_lead", name=name, told=alone.values.get("percent", alone)),
        ]
