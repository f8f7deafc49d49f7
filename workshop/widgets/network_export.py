"""Take the network along: as a workbook, for other programs, or as a picture to hang on a wall."""

from __future__ import annotations

import time

import ipywidgets as w

from workshop.answers.names import own_stem, table_name
from workshop.answers.store import EXPORTS
from workshop.domain import governance
from workshop.exchange import write_network
from workshop.pictures import picture
from workshop.svg import Picture, png
from workshop.texts import Message, Problem
from workshop.widgets.base import Parts, View, offered, row, say, sentence, sentences
from workshop.work import write_whole

FORMATS = ("xlsx", "csv", "kumu", "gephi", "graphml", "svg", "png")
ENDINGS = {"kumu": "xlsx", "gephi": "csv"}


class NetworkExport(View):
    """Write the network in one of the formats: kept in the work folder, and a link to download it."""

    def _parts(self) -> Parts:
        options = [(str(Message(f"export.format.{format}")), format) for format in FORMATS]
        self.format = self.field(w.Dropdown(options=options), Message("export.format_label"))
        self.result = w.HTML()
        return [
            say(Message("export.about"), "gbo-hint"),
            row(self.format, self.button(Message("export.make"), self._make)),
            self.result,
        ]

    def _make(self) -> None:
        network, format = self.session.network, self.format.value
        if not network.organisations:
            raise Problem(Message("network.empty"))
        folder = self.session.work / EXPORTS
        stem = own_stem(self.session.store, "network")
        if format in ENDINGS:
            stem = f"{stem}-{format}"
        path = folder / f"{stem}.{ENDINGS.get(format, format)}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self.session.store.note_file(path)  # before it is there, so that it never stays behind
            if format in ("svg", "png"):
                drawn = self._picture()
                raw = png(drawn) if format == "png" else drawn.encode("utf-8")
                paths, notes = [write_whole(path, raw)], []
            else:
                written = write_network(network, path, format)
                paths, notes = written.paths, written.notes
        except OSError as problem:
            raise Problem(Message("export.not_kept", folder=folder)) from problem
        links = []
        for made in paths:
            self.session.store.note_file(made)
            links.append(offered(made.name, made.read_bytes(), Message("export.download", name=made.name)))
        kept = "" if self.session.room else sentence(Message("export.kept", folder=folder), "gbo-hint")
        self.result.value = f"{''.join(links)}{kept}{sentences(notes)}"

    def _picture(self) -> Picture:
        """The map; above it stands whose it is, below it from when, and whether it is a real network."""
        session = self.session
        made = str(Message("report.drawn", date=time.strftime("%d/%m/%Y")))
        mark = str(governance.case(session.case).mark) if session.case else ""
        title = table_name(session.store)
        source = f"{made} {mark}".strip()
        return picture(session.network, places=session.places, lead=session.lead, title=title, source=source)
