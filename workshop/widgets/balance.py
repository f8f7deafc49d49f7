"""Size, diversity, power and trust: four questions beside the group's own picture."""

from __future__ import annotations

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
    """Size, diversity, power, trust: what the own network shows, what researchers suspect, and the table's own words.

    Parameters
    ----------
    session : Session
    """

    def __init__(self, session: Session):
        super().__init__(session)
        self.picture = w.HTML()
        self.shows = {key: w.HTML() for key in SOURCES}
        asked = {item["id"]: item["question"] for item in governance.parts()["balance"]}
        self.watch(("network", "structure"), self._show)
        blocks: list[w.Widget] = [self.picture]
        for key, source in SOURCES.items():
            says = Message("balance.says", source=governance.cite(source))
            suspected = sentence(says, tag="strong") + sentence(Message(f"balance.hypothesis.{key}"))
            field = AnswerField(session, f"note.balance.{key}", Message(f"notes.balance.{key}"), asked[key])
            blocks += [self.shows[key], w.HTML(suspected), field]
        self.children = blocks
        self._show()

    def _show(self) -> None:
        network, lead = self.session.network, self.session.lead
        if not network.organisations:
            self.picture.value = sentence(Message("board.no_network"), "gbo-hint")
            return
        told = measure("ties", network).message
        drawn = network_svg(network, str(told), centre=lead)
        self.picture.value = sentence(Message("balance.picture")) + drawn + sentence(told)
        everybody = Structure(
            network.organisations, (Table("plenary", seats=tuple(o.id for o in network.organisations)),)
        )
        spent = cost(everybody)
        size = Message(
            "balance.size", n=len(network.organisations), minutes=spent.minutes, hours=round(spent.person_hours, 1)
        )
        power = [measure("degree_centralisation", network).message]
        if lead:
            alone = measure("degree_centralisation", network, without=lead).message
            name = network.name(lead)
            power = [
                Message("balance.with_lead", name=name, told=power[0]),
                Message("balance.without_lead", name=name, told=alone),
            ]
        shown = {"size": [size], "power": power}
        shown |= {
            key: [measure(name, network).message] for key, name in (("diversity", "sectors"), ("trust", "trust_share"))
        }
        names = {item["id"]: item["name"] for item in governance.parts()["balance"]}
        for key, widget in self.shows.items():
            heading = sentence(names[key], tag="h4") + sentence(Message("balance.shows"), tag="strong")
            widget.value = heading + sentences(shown[key])
