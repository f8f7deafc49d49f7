"""How are we steered: the private opening question, and the three forms as ideal types."""

from __future__ import annotations

from collections.abc import Iterable

import ipywidgets as w

from workshop.domain import governance
from workshop.domain.measures import measure
from workshop.pictures import form_drawing, network_as_form
from workshop.texts import Message
from workshop.widgets.base import Parts, View, say, sentence, sentences, table_html
from workshop.widgets.choices import Choices, Question, spread

STANDING = "form-standing."
LEADS = ("central", "aside")
OTHERS = ("loose", "dense")


def _opening() -> tuple[list[Question], dict[str, str]]:
    """The opening questions, and the names of what one may answer."""
    asked = governance.opening()
    questions = [Question(f"opening.{question['id']}", question["label"]) for question in asked["question"]]
    return questions, {option["id"]: option["name"] for option in asked["option"]}


class Opening(View):
    """The private opening question by pictures: on paper, and in practice."""

    def _parts(self) -> Parts:
        asked, (questions, options) = governance.opening(), _opening()
        self.choices = Choices(self.session, questions, options, own=True, spread=False)
        pictures = _figures((form_drawing(option["id"]), option, "") for option in asked["option"])
        return [say(asked["intro"]), w.HTML(pictures), self.choices]


class OpeningBack(View):
    """The opening answers back on screen, as a spread, from five people on."""

    def _parts(self) -> Parts:
        self.shown = self.live(lambda: spread(self.session, *_opening()), items="opening.")
        return [self.shown, say(Message("opening.differ"))]


class Forms(View):
    """Three forms as ideal types: what each asks for, its tensions, and where the group sees itself."""

    def _parts(self) -> Parts:
        self.forms = governance.forms()
        columns = {form["id"]: form["name"] for form in self.forms["form"]}
        fit = [Question(STANDING + c["id"], c["name"], {id: c[id] for id in columns}) for c in self.forms["criterion"]]
        columns["unknown"] = str(Message("forms.unknown"))
        self.fit = self._choices("fit", fit, columns, str(Message("forms.fit")))
        self.history = {}
        for name in ("inception", "stage"):
            texts = {option["id"]: option["text"] for option in self.forms[name]}
            columns = {option["id"]: option["name"] for option in self.forms[name]}
            asked = [Question(STANDING + name, Message(f"own_forms.{name}"), texts)]
            self.history[name] = self._choices(name, asked, columns)
        places, columns = [], {other: str(Message(f"own_forms.column.{other}")) for other in OTHERS}
        for lead in LEADS:
            values = {other: f"{lead}-{other}" for other in OTHERS}
            texts = {other: str(Message(f"own_forms.quadrant.{value}")) for other, value in values.items()}
            label = Message(f"own_forms.row.{lead}")
            places.append(Question(STANDING + "quadrant", label, texts, values, row=lead))
        self.quadrants = self._choices("quadrant", places, columns)
        self.pictures = self.live(self._pictures, "network", "structure")
        self.figures = self.live(self._figures, "network", "structure")
        hints = sentence(self.forms["hypothesis"], "gbo-hint") + sentence(self.forms["hybrid"], "gbo-hint")
        about = Message("own_forms.quadrant_about", source=governance.cite("four-propositions-2020"))
        return [
            say(self.forms["about"]),
            self.pictures,
            say(Message("forms.mark")),
            self.fit,
            w.HTML(self._tensions() + hints),
            say(Message("own_forms.history"), tag="h4"),
            *self.history.values(),
            say(Message("own_forms.quadrants"), tag="h4"),
            say(about),
            self.figures,
            self.quadrants,
        ]

    def _choices(self, name: str, asked: list[Question], columns: dict[str, str], caption: str = "") -> Choices:
        return Choices(self.session, asked, columns, key=STANDING + name, caption=caption)

    def _figures(self) -> str:
        network, lead = self.session.network, self.session.lead
        if not lead:
            return sentence(Message("own_forms.no_lead"), "gbo-hint")
        known = {*sum((pair for pair in network.pairs() if lead in pair), ())} - {lead}
        total = len(network.organisations) - 1
        central = Message("own_forms.centrality", name=network.name(lead), n=len(known), total=total)
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
        drawn = (
            (network_as_form(network, form["id"], lead, str(told[form["id"]])), form, told[form["id"]])
            for form in self.forms["form"]
        )
        return sentence(Message("own_forms.intro")) + _figures(drawn, "width: 290px")

    def _tensions(self) -> str:
        forms = self.forms["form"]
        rows = [
            [f"{tension['left']} ↔ {tension['right']}", *(tension[form["id"]] for form in forms)]
            for tension in self.forms["tension"]
        ]
        return table_html(Message("forms.tensions"), ["", *(form["name"] for form in forms)], rows)


def _figures(drawn: Iterable[tuple[str, dict[str, str], Message | str]], look: str = "") -> str:
    """Pictures side by side as HTML: each a drawing, what has a name and a text, and a hint."""
    figures = "".join(
        f'<figure style="{look}">{svg}<figcaption>{sentence(about["name"], tag="strong")}{sentence(about["text"])}'
        f"{sentence(hint, 'gbo-hint') if hint else ''}</figcaption></figure>"
        for svg, about, hint in drawn
    )
    return f'<div class="gbo-pictures">{figures}</div>'
