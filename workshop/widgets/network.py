"""The group's own network: the map to draw on, and tables that do and say the same."""

from __future__ import annotations

from typing import Any

import ipywidgets as w

from workshop.domain import edit, governance
from workshop.texts import Message
from workshop.widgets.base import Parts, View, fold, row, sentence
from workshop.widgets.grid import Grid
from workshop.widgets.network_export import NetworkExport
from workshop.widgets.network_map import NetworkMap
from workshop.widgets.network_source import NetworkSource


class NetworkEditor(View):
    """Draw the network on the map, or in tables; or start from a case or a file."""

    def _parts(self) -> Parts:
        session = self.session
        self.lead = self.field(w.Dropdown(), Message("network.lead"), self._lead_chosen)
        empty = str(Message("network.empty"))
        self.organisations = Grid(session, empty=empty)
        self.ties = Grid(session, empty=empty)
        self.mark = w.HTML()
        self.open: dict[Grid, bool] = {}
        canvas = NetworkMap(session)  # first, so that the map answers before the rest is made anew
        drawn, compared = canvas.children
        canvas.children = [drawn, row(self.lead), compared]
        self.follow(self._show, "network", "structure", "case")
        return [
            NetworkSource(session),
            self.mark,
            canvas,
            self._folded("organisations", self.organisations),
            self._folded("ties", self.ties),
            fold(Message("export.title"), NetworkExport(session)),
        ]

    def _folded(self, name: str, grid: Grid) -> w.VBox:
        """A table that is made only while somebody looks at it: thousands of rows take their time."""

        def opened(is_open: bool) -> None:
            self.open[grid] = is_open
            self._show_tables()

        return fold(Message(f"network.{name}"), grid, opened=self.session.guard(opened))

    def _lead_chosen(self) -> None:
        if not self.session.change_structure(edit.set_lead, self.lead.value or None, step=Message("step.board.lead")):
            self._show()  # as it still is

    def _show(self) -> None:
        network, case = self.session.network, self.session.case
        named = ((str(Message("network.nobody")), ""), *((item.name, item.id) for item in network.organisations))
        with self.filling():
            self.lead.options = named
            self.lead.value = self.session.lead or ""
        self.mark.value = sentence(governance.case(case).mark, "gbo-hint") if case else ""
        self._show_tables()

    # -- the tables ------------------------------------------------------------------------------------------------

    def _show_tables(self) -> None:
        for grid, show in ((self.organisations, self._show_organisations), (self.ties, self._show_ties)):
            if self.open.get(grid):
                show()
            else:
                grid.rows = []
            grid.base = self.session.seen["network"]  # after the rows that it belongs to

    def _show_organisations(self) -> None:
        network, unknown = self.session.network, str(Message("network.unknown"))
        sectors = {sector["id"]: sector["label"] for sector in governance.sectors()}
        sectors |= {o.sector: o.sector for o in network.organisations if o.sector and o.sector not in sectors}
        layers = [(layer, governance.layer_label(layer)) for layer in edit.LAYERS]
        self.organisations.columns = [
            _column("name", "text", "rename", "name"),
            _column("sector", "select", "sector", "sector", options=[("", unknown), *sectors.items()]),
            _column("layer", "select", "layer", "layer", options=[("", unknown), *layers]),
            _column("delete", "button", "remove", text=str(Message("network.delete"))),
        ]
        self.organisations.rows = [
            {"id": o.id, "label": o.name, "cells": {"name": o.name, "sector": o.sector or "", "layer": o.layer or ""}}
            for o in network.organisations
        ]

    def _show_ties(self) -> None:
        network, unknown = self.session.network, str(Message("network.unknown"))
        levels = [(str(level), str(Message(f"trust.level_{level}"))) for level in range(1, 6)]
        kinds = {"": governance.kind_label(None)} | {kind["id"]: kind["label"] for kind in governance.tie_kinds()}
        kinds |= {tie.kind: tie.kind for tie in network.ties if tie.kind and tie.kind not in kinds}
        self.ties.columns = [
            _column("kind", "select", "set_tie", "to", names=True, options=[*kinds.items()]),
            _column("strength", "text", "set_tie", "strength"),
            _column("trust", "select", "set_tie", "trust", options=[("", unknown), *levels]),
            _column("delete", "button", "untie", text=str(Message("network.delete"))),
        ]
        arrow = "→" if network.directed else "–"
        self.ties.rows = [
            {
                "id": f"{tie.source} {tie.target} {tie.kind or ''}",
                "ids": {"source": tie.source, "target": tie.target, "of": tie.kind or ""},
                "label": f"{network.name(tie.source)} {arrow} {network.name(tie.target)}",
                "cells": {
                    "kind": tie.kind or "",
                    "strength": "" if tie.strength is None else f"{tie.strength:g}",
                    "trust": "" if tie.trust is None else str(tie.trust),
                },
            }
            for tie in network.ties
        ]


def _column(id: str, type: str, do: str, key: str = "", **look: Any) -> dict[str, Any]:
    """A column whose cells change the network; `key` is the field of that edit which takes what is filled in."""
    edit = {"item": "network", "do": do, "key": key}
    return {"id": id, "label": str(Message(f"network.column.{id}")), "type": type, "edit": edit, **look}
