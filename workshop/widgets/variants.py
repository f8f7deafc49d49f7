"""Named variants of the structure: judgement and counts side by side, and what is left when somebody drops out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import ipywidgets as w

from workshop.domain.decisions import REACH, joined, pairs, without
from workshop.domain.kept import KeptNetwork, plain, variants
from workshop.domain.measures import measure
from workshop.domain.network import name_key
from workshop.domain.questions import question
from workshop.domain.structure import Structure
from workshop.texts import Message, Problem, number
from workshop.widgets.base import Parts, View, details, row, sentence, sentences, table_html
from workshop.widgets.grid import Grid
from workshop.widgets.structure import POLES, counted, judged, judgement, table_name


class Variants(View):
    """Named variants of the structure side by side: what the table thought of each, and what was counted."""

    def _parts(self) -> Parts:
        self.name = self.field(w.Text(), Message("variants.name"))
        keep = self.button(Message("variants.keep"), self._keep, "gbo-main")
        looks = [
            {"id": act, "label": "", "type": "button", "text": str(Message(f"variants.{act}"))}
            for act in ("take", "drop")
        ]
        self.list = Grid(self.session, on_press=self._pressed, corner=str(Message("variants.which")), columns=looks)
        self.trail = self.live(self._all, "structure", "network", items="structure.")
        self.watch_answers("structure.variants", self._show)
        self._show()
        return [row(self.name, keep), self.list, self.trail]

    @property
    def kept(self) -> list[tuple[str, Structure]]:
        """Name and structure of each variant, brought in line with the network."""
        network = KeptNetwork.from_dict(self.session.store.get("network"))
        return variants(self.session.store.get("structure.variants"), network)

    def _save(self, kept: list[tuple[str, Structure]]) -> None:
        plainly = [{"name": name, "structure": plain(structure)} for name, structure in kept]
        self.session.save("structure.variants", plainly)

    def _keep(self) -> None:
        name = self.name.value.strip()[:60]
        if not name:
            raise Problem(Message("variants.nameless"))
        kept, new = self.kept, (name, self.session.structure)
        same = {known for known, _ in kept if name_key(known) == name_key(name)}
        self._save([new if old[0] in same else old for old in kept] if same else [*kept, new])

    def _pressed(self, name: str, act: str) -> None:
        kept = dict(self.kept)
        if act == "take" and name in kept:
            self.session.replace(structure=kept[name], step=Message("step.board.variant", name=name))
        elif act == "drop":
            self._save([(other, structure) for other, structure in kept.items() if other != name])

    def _show(self) -> None:
        """List the variants, and propose a name for the next one."""
        kept = self.kept
        self.list.rows = [{"id": name, "label": name} for name, _ in kept]
        letter = "ABCDEFGHIJ"[max(0, len(kept) - 1) % 10]
        self.name.value = str(Message("variants.proposal", letter=letter) if kept else Message("variants.now"))

    def _all(self) -> str:
        kept, present = self.kept, self.session.structure
        shown = [(name, structure) for name, structure in kept if structure.tables]
        if present.tables and present not in (structure for _, structure in kept):
            shown.append((str(Message("variants.on_board")), present))
        return self._trail(shown) + self._beside(shown) + self._trial(present) if shown else ""

    def _trail(self, shown: list[tuple[str, Structure]]) -> str:
        seen, columns = judged(self.session), []
        levels = {option.id: option.text for option in question("structure.judgement").options}
        for _, structure in shown:
            given = judgement(self.session, structure)
            reached, spent = counted(self.session, structure)
            talking = "–" if spent.minutes_at_table is None else spent.minutes_at_table
            figures: list[Any] = [*(len(getattr(reached, word)) for word in REACH), reached.pairs_met, spent.meetings]
            figures += [spent.minutes, spent.person_hours, talking]
            thought = [levels.get(given.get(pole, ""), Message("judgement.none")) for pole in POLES]
            columns.append([*thought, *(_figure(value) if seen else "…" for value in figures)])
        keys = [*(f"variants.{pole}" for pole in POLES), *(f"reach.{word}" for word in REACH)]
        keys += [f"variants.{head}" for head in ("pairs", "meetings", "minutes", "hours", "talking")]
        return _columns(Message("variants.trail"), [name for name, _ in shown], map(Message, keys), columns)

    @staticmethod
    def _beside(shown: list[tuple[str, Structure]]) -> str:
        columns = ""
        for name, structure in shown:
            named = {id: structure.name(id) for id in structure.partner_ids}
            called = {structure.coordinator: str(Message("board.coordinator"))} | named
            columns += f"<section>{sentence(name, tag='h3')}"
            for part, id in (("lead", structure.lead), ("coordinator", structure.coordinator)):
                columns += sentence(f"{Message(f'board.{part}')}: {named.get(id, '✓') if id else '–'}")
            for table in structure.tables:
                columns += sentence(table_name(table), tag="strong") + sentences(called[id] for id in table.seats)
            columns += "</section>"
        return details(Message("variants.beside"), f'<div class="gbo-beside">{columns}</div>')

    def _trial(self, present: Structure) -> str:
        if not (judged(self.session) and present.tables):
            return ""
        network = self.session.network
        cases: list[tuple[Message, str | None]] = [(Message("variants.as_is"), None)]
        if present.coordinator:
            cases.append((Message("variants.without_coordinator"), present.coordinator))
        if present.lead and present.lead != present.coordinator:
            cases.append((Message("variants.without_lead", name=present.name(present.lead)), present.lead))
        columns = []
        for _, gone in cases:
            left = without(present, gone) if gone else present
            reached, _ = counted(self.session, left)
            ties = measure("connectedness", network, without=gone if gone in present.partner_ids else None)
            total = pairs(len(left.partners))
            found = (ties.details.get("joined", 0), joined(left), reached.pairs_met)
            column = [Message("variants.of", n=n, total=total) for n in found]
            columns.append([*column, *(str(len(getattr(reached, word))) for word in REACH)])
        labels = [Message(f"variants.{key}") for key in ("ties_joined", "tables_joined", "pairs")]
        labels += [Message(f"reach.{word}") for word in REACH]
        table = _columns(Message("variants.trial"), [label for label, _ in cases], labels, columns)
        return details(Message("variants.trial"), table + sentence(Message("variants.trial_ask")))


def _columns(caption: Message, heads: list, labels: Iterable[Message], columns: list[list]) -> str:
    """A table made of columns."""
    return table_html(caption, ["", *heads], zip(labels, *columns, strict=True))


def _figure(value: Any) -> str:
    return number(round(value, 1)) if isinstance(value, float) else str(value)
