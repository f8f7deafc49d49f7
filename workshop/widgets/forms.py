"""How are we steered: the private opening question, and the three forms as ideal types."""

from __future__ import annotations

import math
from html import escape

import ipywidgets as w

from workshop.domain import governance
from workshop.domain.measures import measure
from workshop.domain.network import Network
from workshop.drawing import form_picture, sector_signs, sign
from workshop.session import Session
from workshop.texts import Message
from workshop.widgets.base import View, say, sentence, sentences
from workshop.widgets.grid import Grid
from workshop.widgets.header import needs_seat
from workshop.widgets.structure import table_html

LEADS = ("central", "aside")
OTHERS = ("loose", "dense")


class Opening(View):
    """The private opening question by pictures: on paper, and in practice.

    Parameters
    ----------
    session : Session
    """

    def __init__(self, session: Session):
        super().__init__(session)
        self.asked = governance.opening()
        figures = "".join(
            f"<figure>{form_picture(option['id'])}<figcaption>{sentence(option['name'], tag='strong')}"
            f"{sentence(option['text'])}</figcaption></figure>"
            for option in self.asked["option"]
        )
        self.pictures = w.HTML(f'<div class="gbo-pictures">{figures}</div>')
        self.own = w.VBox()
        self.watch("seat", self._show)
        self.watch_answers("opening.", self._fill)
        self.children = [say(self.asked["intro"]), self.pictures, self.own]
        self.grid: Grid | None = None
        self._show()

    def _show(self) -> None:
        if self.session.seat is None:
            self.grid, self.own.children = None, needs_seat(self.session)
            return
        columns = [{"id": option["id"], "label": option["name"], "type": "radio"} for option in self.asked["option"]]
        self.grid = Grid(self.session, self._edited, columns=columns)
        self._fill()
        self.own.children = [self.grid, *needs_seat(self.session)[1:]]

    def _fill(self) -> None:
        if self.grid is not None:
            self.grid.rows = [
                {
                    "id": question["id"],
                    "label": question["label"],
                    "choice": self.session.store.get(f"opening.{question['id']}", self.session.seat),
                }
                for question in self.asked["question"]
            ]

    def _edited(self, question: str, _column: str, value: str) -> None:
        self.session.save(f"opening.{question}", value, person=self.session.person_for(True))


class OpeningBack(View):
    """The opening answers back on screen, as a spread, from five people on.

    Parameters
    ----------
    session : Session
    """

    def __init__(self, session: Session):
        super().__init__(session)
        self.shown = w.HTML()
        self.watch_answers("opening.", self._show)
        self.children = [self.shown]
        self._show()

    def _show(self) -> None:
        asked = governance.opening()
        store = self.session.store
        parts = []
        for question in asked["question"]:
            spread = store.spread(f"opening.{question['id']}")
            parts.append(sentence(question["label"], tag="h4"))
            if spread is None:
                few = Message("opening.too_few", n=store.answered(f"opening.{question['id']}"))
                parts.append(sentence(few, "gbo-hint"))
                continue
            counted = [
                Message("opening.counted", n=spread.get(option["id"], 0), option=option["name"])
                for option in asked["option"]
            ]
            parts.append(sentences(counted))
        self.shown.value = "".join(parts) + sentence(Message("opening.differ"))


class Forms(View):
    """Three forms as ideal types: what each asks for, its tensions, and where the group sees itself.

    Parameters
    ----------
    session : Session
    """

    def __init__(self, session: Session):
        super().__init__(session)
        self.forms = governance.forms()
        columns = [{"id": form["id"], "label": form["name"], "type": "radio"} for form in self.forms["form"]]
        columns.append({"id": "unknown", "label": str(Message("forms.unknown")), "type": "radio"})
        self.fit = self._grid("fit", columns, str(Message("forms.fit")))
        asked = ("inception", "stage")
        self.history = {
            name: self._grid(name, [{"id": o["id"], "label": o["name"], "type": "radio"} for o in self.forms[name]])
            for name in asked
        }
        columns = [
            {"id": other, "label": str(Message(f"own_forms.column.{other}")), "type": "radio"} for other in OTHERS
        ]
        self.quadrants = self._grid("quadrant", columns)
        self.pictures, self.figures = w.HTML(), w.HTML()
        self.watch_answers("form-standing.", self._show)
        self.watch(("network", "structure"), self._show_network)
        hints = sentence(self.forms["hypothesis"], "gbo-hint") + sentence(self.forms["hybrid"], "gbo-hint")
        about = Message("own_forms.quadrant_about", source=governance.cite("four-propositions-2020"))
        self.children = [
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
        self._show()
        self._show_network()

    def _grid(self, name: str, columns: list[dict], caption: str = "") -> Grid:
        store = self.session.store
        return Grid(
            self.session,
            self._edited,
            key=f"{store.room}/{store.group}/form-standing.{name}",
            caption=caption,
            columns=columns,
        )

    def _kept(self, name: str) -> str | None:
        return self.session.store.get(f"form-standing.{name}")

    def _show(self) -> None:
        self.fit.rows = [
            {
                "id": criterion["id"],
                "label": criterion["name"],
                "choice": self._kept(criterion["id"]),
                "texts": {form["id"]: criterion[form["id"]] for form in self.forms["form"]},
            }
            for criterion in self.forms["criterion"]
        ]
        for name, grid in self.history.items():
            texts = {option["id"]: option["text"] for option in self.forms[name]}
            label = str(Message(f"own_forms.{name}"))
            grid.rows = [{"id": name, "label": label, "choice": self._kept(name), "texts": texts}]
        place, _, other = (self._kept("quadrant") or "").partition("-")
        self.quadrants.rows = [
            {
                "id": row,
                "label": str(Message(f"own_forms.row.{row}")),
                "choice": other if row == place else None,
                "texts": {column: str(Message(f"own_forms.quadrant.{row}-{column}")) for column in OTHERS},
            }
            for row in LEADS
        ]

    def _show_network(self) -> None:
        network, lead = self.session.network, self.session.lead
        self.figures.value = sentence(Message("own_forms.no_lead"), "gbo-hint")
        if not network.organisations:
            self.pictures.value = sentence(Message("own_forms.no_network"), "gbo-hint")
            return
        total = len(network.pairs())
        told = {"shared": Message("own_forms.shared", n=total), "lead": Message("own_forms.no_lead")}
        told["nao"] = Message("own_forms.nao", n=len(network.organisations))
        if lead:
            name, own = network.name(lead), [pair for pair in network.pairs() if lead in pair]
            told["lead"] = Message("own_forms.lead", n=len(own), total=total, name=name)
            known, others = {*sum(own, ())} - {lead}, len(network.organisations) - 1
            figures = (
                Message("own_forms.centrality", name=name, n=len(known), total=others),
                Message("own_forms.others", told=measure("density", network, without=lead).message),
            )
            self.figures.value = sentences(figures)
        drawn = "".join(
            '<figure style="width: 300px">'
            f"{form_svg(network, form['id'], lead, str(told[form['id']]))}"
            f"<figcaption>{sentence(form['name'], tag='strong')} {sentence(form['text'])}"
            f"{sentence(told[form['id']], 'gbo-hint')}</figcaption></figure>"
            for form in self.forms["form"]
        )
        intro = sentence(Message("own_forms.intro"))
        self.pictures.value = f'{intro}<div class="gbo-pictures">{drawn}</div>'

    def _edited(self, criterion: str, _column: str, value: str) -> None:
        quadrant = criterion in LEADS
        item, answer = ("quadrant", f"{criterion}-{value}") if quadrant else (criterion, value)
        self.session.save(f"form-standing.{item}", answer)

    def _tensions(self) -> str:
        rows = [
            [f"{tension['left']} ↔ {tension['right']}", *(tension[form["id"]] for form in self.forms["form"])]
            for tension in self.forms["tension"]
        ]
        return table_html(Message("forms.tensions"), ["", *(form["name"] for form in self.forms["form"])], rows)


def form_svg(network: Network, form: str, lead: str | None, description: str) -> str:
    """The own network seen as one form: all its ties, those of the lead organisation dark, or an office outside.

    Parameters
    ----------
    network : Network
    form : {"shared", "lead", "nao"}
    lead : str, optional
        Id of the lead organisation.
    description : str
        The sentence that says the same.
    """
    everyone = [organisation.id for organisation in network.organisations]
    centre = lead if form == "lead" else None
    ring = [id for id in everyone if id != centre]
    turn = 2 * math.pi / max(1, len(ring))
    places = {id: (130 + 105 * math.sin(i * turn), 125 - 105 * math.cos(i * turn)) for i, id in enumerate(ring)}
    office = (310.0, 125.0)
    if centre:
        places[centre] = (130.0, 125.0)

    def line(ends: tuple[tuple[float, float], tuple[float, float]], dark: bool) -> str:
        (x1, y1), (x2, y2) = ends
        look = 'stroke="#1a1a1a" stroke-width="1.6"' if dark else 'stroke="#999" stroke-width="0.7"'
        return f'<line x1="{x1:.0f}" y1="{y1:.0f}" x2="{x2:.0f}" y2="{y2:.0f}" {look}/>'

    pairs = sorted(network.pairs(), key=lambda pair: centre in pair)
    lines = [line((places[a], places[b]), form == "shared" or centre in (a, b)) for a, b in pairs]
    lines += [line((office, places[id]), True) for id in ring] if form == "nao" else []
    signs = sector_signs(network)
    marks = [
        f"<g><title>{escape(o.name)}</title>{sign(*signs[o.sector or None], *places[o.id], 7, o.id == centre)}</g>"
        for o in network.organisations
    ]
    marks += [sign("diamond", "#ffffff", *office, 12, True)] if form == "nao" else []
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="gbo-picture" role="img" viewBox="0 0 340 250" '
        f'aria-label="{escape(description)}">{"".join(lines + marks)}</svg>'
    )
