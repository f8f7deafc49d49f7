"""The factor-to-role table as a conversation: what each row says, and where rows pull apart. Nothing is added up."""

from __future__ import annotations

import ipywidgets as w

from workshop.domain import governance, roles
from workshop.session import Session
from workshop.texts import Message, either
from workshop.widgets.answer_field import AnswerField
from workshop.widgets.base import View, row, say, sentence, sentences
from workshop.widgets.grid import Grid
from workshop.widgets.private import OwnChoices

OPEN_ANSWERS = ("unknown", "differ")
LATER = ".in-two-years"


class FactorTable(View):
    """Judge each factor, alone and as a table, now, in two years and per partner; see what the rows say, with source.

    Parameters
    ----------
    session : Session
    """

    def __init__(self, session: Session):
        super().__init__(session)
        self.table = roles.factor_table()
        self.factors = tuple(dict.fromkeys(row.factor for row in self.table))
        self.grid, self.later, self.partner_grid = (self._grid(key) for key in ("caption", "later", "partners"))
        self.told, self.told_later, self.told_partners = w.HTML(), w.HTML(), w.HTML()
        names = [(self._levels(factor)[0].label, factor) for factor in self.factors]
        self.factor = w.Dropdown(options=names, description=str(Message("factors.which")))
        self.factor.observe(lambda _change: session.guard(self._show_partners)(), "value")
        columns = {place: str(Message(f"factors.column.{place}")) for place in ("first", "second")}
        alone = OwnChoices(session, self._asked(), {**columns, "unknown": str(Message("factors.own_unknown"))})
        self.watch_answers("factor.", self._show)
        self.watch("network", self._show_partners)
        self.children = [
            self._fold("alone", alone, say(Message("factors.see_differently"))),
            self.grid,
            self.told,
            AnswerField(session, "note.factor-change", Message("why.change"), Message("factors.change_hint")),
            self._fold("later", self.later, self.told_later),
            self._fold("partners", self.factor, self.partner_grid, self.told_partners),
            w.HTML(self._whole()),
            say(roles.roles()["no_ideal"]),
        ]
        self._show()

    def _grid(self, name: str) -> Grid:
        columns = [
            {"id": place, "label": str(Message(f"factors.column.{place}")), "type": "radio"}
            for place in ("first", "second", *OPEN_ANSWERS)
        ]
        return Grid(
            self.session,
            self._edited,
            key=f"{self.session.store.room}/{self.session.store.group}/factor-{name}",
            caption=str(Message(f"factors.{name}")),
            columns=columns,
            empty=str(Message("structure.no_network")),
        )

    def _fold(self, name: str, *children: w.Widget) -> w.VBox:
        """A button that shows and hides a part."""
        inside = w.VBox(children, layout=w.Layout(display="none"))

        def turn() -> None:
            inside.layout.display = "none" if inside.layout.display is None else None

        return w.VBox([row(self.button(Message(f"factors.fold.{name}"), turn)), inside])

    def _levels(self, factor: str) -> list[roles.FactorRow]:
        return [row for row in self.table if row.factor == factor]

    def _places(self, factor: str) -> dict[str, roles.FactorRow]:
        return dict(zip(("first", "second"), self._levels(factor), strict=True))

    def _asked(self) -> list[dict]:
        asked = []
        for when, suffix in (("now", ""), ("in_two_years", LATER)):
            for factor in self.factors:
                places = self._places(factor)
                label = Message(f"factors.{when}", factor=places["first"].label)
                names = {row.level: row.level_label for row in places.values()}
                asked.append(
                    {
                        "id": f"factor.{factor}{suffix}",
                        "label": str(label),
                        "names": {**names, "unknown": str(Message("factors.own_unknown"))},
                        "places": {place: row.level for place, row in places.items()},
                    }
                )
        return asked

    def _edited(self, row_id: str, _column: str, place: str) -> None:
        places = self._places(row_id.split(".")[0])
        self.session.save(f"factor.{row_id}", places[place].level if place in places else place)

    def _standing(self, suffix: str = "") -> dict[str, str | None]:
        return {factor: self.session.store.get(f"factor.{factor}{suffix}") for factor in self.factors}

    def _show(self) -> None:
        for grid, told, suffix in ((self.grid, self.told, ""), (self.later, self.told_later, LATER)):
            standing = self._standing(suffix)
            grid.rows = [self._row(factor + suffix, level) for factor, level in standing.items()]
            told.value = factor_findings(standing)
        self._show_partners()

    def _show_partners(self) -> None:
        factor, partners = self.factor.value, self.session.network.organisations
        standing = {partner: self.session.store.get(f"factor.{factor}.partner.{partner.id}") for partner in partners}
        self.partner_grid.rows = [
            {**self._row(f"{factor}.partner.{partner.id}", level, noted=False), "label": partner.name}
            for partner, level in standing.items()
        ]
        told = []
        for known in self._levels(factor):
            names = [partner.name for partner, level in standing.items() if level == known.level]
            if names:
                told.append(Message("factors.partners_at", names=names, says=_row_says(known)))
        apart = sentence(Message("factors.partners_differ"), "gbo-notice") if len(told) > 1 else ""
        self.told_partners.value = sentences(told) + apart

    def _row(self, row_id: str, level: str | None, noted: bool = True) -> dict:
        places = self._places(row_id.split(".")[0])
        chosen = next(((place, row) for place, row in places.items() if row.level == level), None)
        shown = {
            "id": row_id,
            "label": places["first"].label,
            "choice": chosen[0] if chosen else level,
            "texts": {place: row.level_label for place, row in places.items()},
        }
        if noted and chosen:
            shown["note"] = f"{_row_says(chosen[1])}\n{governance.cite(chosen[1].source)}"
        elif noted and level in OPEN_ANSWERS:
            shown["note"] = str(Message(f"factor.{level}"))
        return shown

    def _whole(self) -> str:
        rows = "".join(
            f"<tr>{sentence(row.label, tag='th')}{sentence(row.level_label, tag='td')}"
            f"{sentence(either(row.role_labels), tag='td')}</tr>"
            for row in self.table
        )
        caption = sentence(Message("factors.whole", source=governance.cite(self.table[0].source)), tag="caption")
        summary = sentence(Message("factors.show_whole"), tag="summary")
        why = sentence(Message("why.history"))
        return f'<details>{summary}<table class="gbo-table">{caption}<tbody>{rows}</tbody></table>{why}</details>'


def _row_says(row: roles.FactorRow) -> Message:
    return Message("factor.row", factor=row.label, level=row.level_label, roles=either(row.role_labels))


def factor_findings(standing: dict[str, str | None]) -> str:
    """What the rows that apply have in common or not, as HTML; never a role.

    Parameters
    ----------
    standing : dict
        Factor to level; None, ``"unknown"`` and ``"differ"`` have no row.
    """
    rows = roles.rows_for(standing)
    if len(rows) < 2:
        return sentence(Message("factors.more_rows"), "gbo-hint")
    listed = [_row_says(row) for row in rows]
    shared = [role for role in roles.ROLES if all(role in row.roles for row in rows)]
    names = either(Message(f"role.{role}") for role in shared)
    closing = Message("factor.pull_apart") if roles.pull_apart(rows) else Message("factor.agree", roles=names)
    asked = [Message("why.change")]
    if any(row.factor == "history" for row in rows):
        asked.insert(0, Message("why.history"))
    return sentences(listed) + sentence(closing, "gbo-notice") + sentences(asked)
