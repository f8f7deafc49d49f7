"""The group's own network: the map to draw on, and tables that do and say the same."""

from __future__ import annotations

from functools import partial

import ipywidgets as w

from workshop.domain import edit, governance
from workshop.texts import Message
from workshop.widgets.base import Parts, View, fold, row, say, sentence
from workshop.widgets.grid import Grid
from workshop.widgets.network_export import NetworkExport
from workshop.widgets.network_map import NetworkMap
from workshop.widgets.network_source import NetworkSource

LAYERS = ("core", "basic", "specialised")


def _select(id: str, options: list[tuple[str, str]]) -> dict:
    return {"id": id, "label": str(Message(f"network.column.{id}")), "type": "select", "options": options}


class NetworkEditor(View):
    """Draw the network on the map, or in tables; or start from a case or a file."""

    def _parts(self) -> Parts:
        session = self.session
        self.lead = self.field(w.Dropdown(), Message("network.lead"), self._lead_chosen)
        self.organisations = Grid(session, self._organisation_edited, self._organisation_pressed)
        self.ties = Grid(session, self._tie_edited, self._tie_pressed)
        self.mark, self.conflict = w.HTML(), w.VBox()
        canvas = NetworkMap(session)  # first, so that the map answers before the tables are made anew
        self.watch(("network", "structure"), self._show)
        self.watch_answers("network", self._show_conflict)
        self._busy = False
        self._show()
        self._show_conflict()
        return [
            NetworkSource(session),
            self.conflict,
            self.mark,
            canvas,
            row(self.lead),
            fold(Message("network.organisations"), self.organisations),
            fold(Message("network.ties"), self.ties),
            fold(Message("export.title"), NetworkExport(session)),
        ]

    def _lead_chosen(self) -> None:
        if not self._busy:
            self.session.change_structure(edit.set_lead, self.lead.value or None)

    # -- the tables ------------------------------------------------------------------------------------------------

    def _organisation_edited(self, id: str, column: str, value: str) -> None:
        if column == "name":
            self.session.change_network(edit.rename, id, value)
        else:
            self.session.change_network(edit.set_organisation, id, **{column: value or None})

    def _organisation_pressed(self, id: str, _column: str) -> None:
        self.session.change_network(edit.remove_organisation, id)

    def _tie_at(self, index: str) -> tuple[str, str, str | None]:
        tie = self.session.network.ties[int(index)]
        return tie.source, tie.target, tie.kind

    def _tie_edited(self, index: str, column: str, value: str) -> None:
        source, target, kind = self._tie_at(index)
        given = (int(value) if column == "trust" else value.replace(",", ".")) if value else None
        self.session.change_network(edit.set_tie, source, target, kind=kind, **{column: given})

    def _tie_pressed(self, index: str, _column: str) -> None:
        source, target, kind = self._tie_at(index)
        self.session.change_network(edit.remove_tie, source, target, kind=kind)

    # -- showing ---------------------------------------------------------------------------------------------------

    def _show(self) -> None:
        network, unknown = self.session.network, str(Message("network.unknown"))
        self._busy = True
        named = [(str(Message("network.nobody")), ""), *((item.name, item.id) for item in network.organisations)]
        if tuple(named) != self.lead.options:
            self.lead.options = named
        self.lead.value = self.session.lead or ""
        self._busy = False
        sectors = {sector["id"]: sector["label"] for sector in governance.sectors()}
        sectors |= {o.sector: o.sector for o in network.organisations if o.sector and o.sector not in sectors}
        delete = {"id": "delete", "label": str(Message("network.column.delete")), "type": "button"}
        delete["text"] = str(Message("network.delete"))
        self.organisations.columns = [
            {"id": "name", "label": str(Message("network.column.name")), "type": "text"},
            _select("sector", [("", unknown), *sectors.items()]),
            _select("layer", [("", unknown), *((layer, governance.layer_label(layer)) for layer in LAYERS)]),
            delete,
        ]
        self.organisations.empty = self.ties.empty = str(Message("network.empty"))
        self.organisations.rows = [
            {"id": o.id, "label": o.name, "cells": {"name": o.name, "sector": o.sector or "", "layer": o.layer or ""}}
            for o in network.organisations
        ]
        self.ties.columns = [
            {"id": "kind", "label": str(Message("network.column.kind")), "type": "label"},
            {"id": "strength", "label": str(Message("network.column.strength")), "type": "text"},
            _select(
                "trust", [("", unknown), *((str(level), str(Message(f"trust.level_{level}"))) for level in range(1, 6))]
            ),
            delete,
        ]
        arrow = "→" if network.directed else "–"
        self.ties.rows = [
            {
                "id": str(index),
                "label": f"{network.name(tie.source)} {arrow} {network.name(tie.target)}",
                "cells": {
                    "kind": governance.kind_label(tie.kind),
                    "strength": "" if tie.strength is None else f"{tie.strength:g}",
                    "trust": "" if tie.trust is None else str(tie.trust),
                },
            }
            for index, tie in enumerate(network.ties)
        ]
        case = self.session.case
        self.mark.value = sentence(governance.case(case).mark, "gbo-hint") if case else ""

    def _show_conflict(self) -> None:
        heads = self.session.store.heads("network")
        self.conflict.children = ()
        if len(heads) < 2:
            return
        buttons = [
            self.button(
                Message(
                    "network.version",
                    time=head.time.astimezone().strftime("%d/%m %H:%M"),
                    organisations=len(head.value["network"]["organisations"]),
                    ties=len(head.value["network"]["ties"]),
                ),
                partial(self._choose, head),
            )
            for head in heads
        ]
        self.conflict.children = [say(Message("network.conflict"), "gbo-notice"), row(*buttons)]

    def _choose(self, head) -> None:
        self.session.save("network", head.value, base=[each.ref for each in self.session.store.heads("network")])
        self.session.reload()
