"""How are we steered: the private opening question, and the three forms as ideal types."""

from __future__ import annotations

from dataclasses import replace

import ipywidgets as w

from workshop.domain import governance
from workshop.domain.measures import measure
from workshop.domain.questions import RegisterEntry, about, question, questions
from workshop.pictures import network_as_form
from workshop.session import Session
from workshop.texts import Message
from workshop.widgets.ask import Ask
from workshop.widgets.base import Parts, View, say, sentence, sentences, table_html
from workshop.widgets.choices import Choices
from workshop.widgets.spread import Spread

LEADS = ("central", "aside")


class Opening(Ask):
    """The private opening question by pictures: on paper, and in practice."""

    def __init__(self, session: Session):
        super().__init__(session, "opening", spread=False)


class OpeningBack(View):
    """The opening answers back on screen, as a spread, from five people on."""

    def _parts(self) -> Parts:
        return [Spread(self.session, questions("opening")), say(Message("opening.differ"))]


class Forms(View):
    """Three forms as ideal types: what each asks for, its tensions, and where the group sees itself."""

    def _parts(self) -> Parts:
        self.forms = governance.forms()
        self.fit = Choices(self.session, questions("form-standing.*"), caption=about("own-form")["title"])
        asked = {name: _explained(f"form-standing.{name}") for name in ("inception", "stage")}
        self.history = {name: Choices(self.session, [entry]) for name, entry in asked.items()}
        quadrant = question("form-standing.quadrant")
        self.quadrants = Choices(self.session, {lead: _half(quadrant, lead) for lead in LEADS})
        self.pictures = self.live(self._pictures, "network", "structure", "places")
        self.figures = self.live(self._figures, "network", "structure")
        hints = sentence(self.forms["hypothesis"], "gbo-hint") + sentence(self.forms["hybrid"], "gbo-hint")
        source = Message("own_forms.quadrant_about", source=governance.cite("four-propositions-2020"))
        return [
            say(self.forms["about"]),
            self.pictures,
            say(Message("forms.mark")),
            self.fit,
            w.HTML(self._tensions() + hints),
            say(Message("own_forms.history"), tag="h3"),
            *self.history.values(),
            say(quadrant.text, tag="h3"),
            say(source),
            self.figures,
            self.quadrants,
        ]

    def _figures(self) -> str:
        network, lead = self.session.network, self.session.lead
        if not lead:
            return sentence(Message("own_forms.no_lead"), "gbo-hint")
        own = len({end for pair in network.pairs() if lead in pair for end in pair} - {lead})
        total = len(network.organisations) - 1
        central = Message("own_forms.centrality", name=network.name(lead), n=own, total=total)
        told = measure("density", network, without=lead).message
        return sentences((central, Message("own_forms.others", told=told)))

    def _pictures(self) -> str:
        network, lead = self.session.network, self.session.lead
        if not network.organisations:
            return sentence(Message("own_forms.no_network"), "gbo-hint")
        pairs = network.pairs()
        told = {
            "shared": Message("own_forms.shared", n=len(pairs)),
            "lead": Message("own_forms.no_lead"),
            "nao": Message("own_forms.nao", n=len(network.organisations)),
        }
        if lead:
            own = sum(lead in pair for pair in pairs)
            told["lead"] = Message("own_forms.lead", n=own, total=len(pairs), name=network.name(lead))
        places = self.session.places
        width = "100%" if len(places) == len(network.organisations) else "290px"
        figures = ""
        for form in self.forms["form"]:
            said = told[form["id"]]
            about = sentence(form["name"], tag="strong") + sentence(form["text"]) + sentence(said, "gbo-hint")
            drawn = network_as_form(network, form["id"], lead, str(said), places)
            figures += f'<figure style="width: {width}">{drawn}<figcaption>{about}</figcaption></figure>'
        return sentence(Message("own_forms.intro")) + f'<div class="gbo-pictures">{figures}</div>'

    def _tensions(self) -> str:
        forms = self.forms["form"]
        rows = [
            [f"{tension['left']} ↔ {tension['right']}", *(tension[form["id"]] for form in forms)]
            for tension in self.forms["tension"]
        ]
        return table_html(Message("forms.tensions"), ["", *(form["name"] for form in forms)], rows)


def _explained(item: str) -> RegisterEntry:
    """A question whose options stand in their cells with the sentence that explains them."""
    asked = question(item)
    return replace(asked, options=tuple(option._replace(text=option.about) for option in asked.options))


def _half(asked: RegisterEntry, lead: str) -> RegisterEntry:
    """The row of the quadrants where the lead organisation stands like this; its columns are how the others stand."""
    options = []
    for option in asked.options:
        row, _, column = option.id.partition("-")
        if row == lead:
            heading = str(Message(f"own_forms.column.{column}"))
            options.append(option._replace(column=column, heading=heading))
    return replace(asked, text=str(Message(f"own_forms.row.{lead}")), options=tuple(options))
