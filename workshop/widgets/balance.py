"""Size, diversity, power and trust: four questions beside the group's own picture."""

from __future__ import annotations

from functools import partial

import ipywidgets as w

from workshop.domain import governance
from workshop.domain.decisions import cost
from workshop.domain.measures import measure
from workshop.domain.structure import Structure, Table
from workshop.drawing import network_svg
from workshop.session import Session
from workshop.texts import Message
from workshop.widgets.answer_field import AnswerField
from workshop.widgets.base import View, sentence, sentences

SOURCES = {
    "size": "provan-kenis-2008",
    "diversity": "span-2012",
    "power": "four-propositions-2020",
    "trust": "provan-kenis-2008",
}


class Balance(View):
    """Size, diversity, power, trust: what the own network shows, what researchers suspect, the table's own words."""

    def __init__(self, session: Session):
        super().__init__(session)
        follow = ("network", "structure")
        self.picture = self.live(self._picture, *follow)
        self.shows = {key: self.live(partial(self._shows, key), *follow) for key in SOURCES}
        asked = {item["id"]: item["question"] for item in governance.parts()["balance"]}
        blocks: list[w.Widget] = [self.picture]
        for key, source in SOURCES.items():
            says = Message("balance.says", source=governance.cite(source))
            suspected = sentence(says, tag="strong") + sentence(Message(f"balance.hypothesis.{key}"))
            field = AnswerField(session, f"note.balance.{key}", Message(f"notes.balance.{key}"), asked[key])
            blocks += [self.shows[key], w.HTML(suspected), field]
        self.children = blocks

    def _picture(self) -> str:
        network = self.session.network
        if not network.organisations:
            return sentence(Message("board.no_network"), "gbo-hint")
        told = measure("ties", network).message
        drawn = network_svg(network, str(told), centre=self.session.lead)
        return sentence(Message("balance.picture")) + drawn + sentence(told)

    def _shows(self, key: str) -> str:
        if not self.session.network.organisations:
            return ""
        name = next(item["name"] for item in governance.parts()["balance"] if item["id"] == key)
        heading = sentence(name, tag="h4") + sentence(Message("balance.shows"), tag="strong")
        return heading + sentences(self._counted(key))

    def _counted(self, key: str) -> list[Message]:
        network, lead = self.session.network, self.session.lead
        if key == "size":
            everybody = tuple(organisation.id for organisation in network.organisations)
            spent = cost(Structure(network.organisations, (Table("plenary", seats=everybody),)))
            hours = round(spent.person_hours, 1)
            return [Message("balance.size", n=len(everybody), minutes=spent.minutes, hours=hours)]
        names = {"diversity": "sectors", "power": "degree_centralisation", "trust": "trust_share"}
        told = measure(names[key], network).message
        if key != "power" or not lead:
            return [told]
        name, alone = network.name(lead), measure(names[key], network, without=lead).message
        return [
            Message("balance.with_lead", name=name, told=told),
            Message("balance.without_lead", name=name, told=alone),
        ]
