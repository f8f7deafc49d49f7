"""The factor-to-role table as a conversation: what each row says, and where rows pull apart. Nothing is added up."""

from __future__ import annotations

import ipywidgets as w

from workshop.domain import governance, roles
from workshop.session import Session
from workshop.texts import Message, either
from workshop.widgets.base import View, say, sentence, sentences
from workshop.widgets.grid import Grid

OPEN_ANSWERS = ("unknown", "differ")


class FactorTable(View):
    """Judge each factor; see what its row says, with its source, and where the rows do not agree.

    Parameters
    ----------
    session : Session
    """

    def __init__(self, session: Session):
        super().__init__(session)
        self.table = roles.factor_table()
        self.factors = tuple(dict.fromkeys(row.factor for row in self.table))
        columns = [
            {"id": place, "label": str(Message(f"factors.column.{place}")), "type": "radio"}
            for place in ("first", "second", *OPEN_ANSWERS)
        ]
        store = session.store
        self.grid = Grid(
            session,
            self._edited,
            key=f"{store.room}/{store.group}/factor",
            caption=str(Message("factors.caption")),
            columns=columns,
        )
        self.told = w.HTML()
        self.watch_answers("factor.", self._show)
        self.children = [self.grid, self.told, w.HTML(self._whole()), say(roles.roles()["no_ideal"])]
        self._show()

    def _levels(self, factor: str) -> list[roles.FactorRow]:
        return [row for row in self.table if row.factor == factor]

    def _edited(self, factor: str, _column: str, place: str) -> None:
        levels = dict(zip(("first", "second"), self._levels(factor), strict=True))
        self.session.save(f"factor.{factor}", levels[place].level if place in levels else place)

    def _show(self) -> None:
        standing = {factor: self.session.store.get(f"factor.{factor}") for factor in self.factors}
        self.grid.rows = [self._row(factor, standing[factor]) for factor in self.factors]
        self.told.value = factor_findings(standing)

    def _row(self, factor: str, level: str | None) -> dict:
        levels = self._levels(factor)
        places = {row.level: place for row, place in zip(levels, ("first", "second"), strict=True)}
        shown = {
            "id": factor,
            "label": levels[0].label,
            "choice": places.get(level, level),
            "texts": {place: row.level_label for row, place in zip(levels, ("first", "second"), strict=True)},
        }
        row = next((row for row in levels if row.level == level), None)
        if row is not None:
            says = _row_says(row)
            shown["note"] = f"{says}\n{governance.cite(row.source)}"
        elif level in OPEN_ANSWERS:
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
