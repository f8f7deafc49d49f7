"""Named variants of the structure: kept beside the board, compared in columns, and what is left when one drops out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import partial
from itertools import chain, count
from typing import Any

import ipywidgets as w

from workshop.domain.decisions import REACH, joined, pairs, without
from workshop.domain.differences import PARTS, Place, compared
from workshop.domain.kept import mark
from workshop.domain.measures import measure
from workshop.domain.network import name_key
from workshop.domain.questions import question
from workshop.domain.structure import Structure
from workshop.domain.values import clean_name, mappings
from workshop.texts import Message, Problem, number
from workshop.widgets.base import Parts, View, fold, row, sentence, table_html
from workshop.widgets.structure import (
    POLES,
    StructureCounts,
    against,
    compare_with,
    counted,
    dials,
    judged,
    judgement,
    kept_variants,
    undecided,
)


class VariantBar(View):
    """Keep the board under a name; choose which variant it is compared with, put that one on the board, delete it."""

    def _parts(self) -> Parts:
        self.name = self.field(w.Text(continuous_update=False), Message("variants.name"))
        keep = self.button(Message("variants.keep"), self._keep, "gbo-main")
        self.which = self.field(w.Dropdown(), Message("variants.which"), self._chosen)
        take = self.button(Message("variants.take"), self._take)
        self.drop = self._drop_button("")
        self.kept = row(self.which, take, self.drop)
        self.names: list[str] | None = None  # as they were shown last
        self.named = ""  # the one that the button deletes
        self.proposed = ""
        self.follow(self._show, items="structure.")
        self.add_class("gbo-variants")
        return [row(row(self.name, keep), self.kept)]

    def _kept(self) -> list[Mapping[str, Any]]:
        """The variants as they were kept, also with partners who are not in the network now."""
        return list(mappings(self.session.store.get("structure.variants")))

    def _keep(self) -> None:
        name = self.name.value.strip()[:60]
        if not name:
            raise Problem(Message("variants.nameless"))
        present = self.session.structure
        kept_ones = kept_variants(self.session)
        twin = next((known for known, structure in kept_ones if mark(structure) == mark(present)), None)
        if twin and name == self.proposed:  # pressed twice
            raise Problem(Message("variants.twice", name=twin))
        new = {"name": name, "structure": present.to_dict()}
        kept = self._kept()
        same = [one for one in kept if name_key(str(one.get("name"))) == name_key(name)]
        self.session.save("structure.variants", [new if one in same else one for one in kept] if same else [*kept, new])

    def _take(self) -> None:
        name = self.which.value
        kept = dict(kept_variants(self.session))
        if name in kept:
            self.session.replace(structure=kept[name], step=Message("step.board.variant", name=name))

    def _drop_button(self, name: str) -> w.Button:
        return self.button(Message("variants.drop", name=name), partial(self._drop, name), "gbo-danger")

    def _drop(self, name: str) -> None:
        left = [one for one in self._kept() if clean_name(str(one.get("name"))) != name]
        self.session.save("structure.variants", left)
        (self.which if self.names else self.name).focus()  # the button is gone

    def _chosen(self) -> None:
        if self.which.value and not compare_with(self.session, self.which.value):
            self._show()  # as it still is

    def _show(self) -> None:
        """Offer the variants, and propose a name for the next one."""
        kept, base = kept_variants(self.session), against(self.session)
        names = [name for name, _ in kept]
        with self.filling():
            if self.names != names:
                self.names = self.which.options = names
                self.proposed = free_name(names)
                self.name.value = self.proposed
            self.which.value = base[0] if base else None
        named = base[0] if base else ""
        if named != self.named:
            # a press that is on its way is about the variant that stood on the button, and about no other
            self.named = named
            gone = self.drop
            self.drop = self._drop_button(named)
            self.kept.children = [*self.kept.children[:-1], self.drop]
            gone.close()
        self.kept.layout.display = "" if kept else "none"


def free_name(names: Collection[str]) -> str:
    """What the next variant may be called: a name that none has, since keeping under that would replace it."""
    if not names:
        return str(Message("variants.now"))
    taken = set(map(name_key, names))
    proposals = (str(Message("variants.proposal", letter=letter)) for letter in chain("ABCDEFGHIJ", count(11)))
    return next(name for name in proposals if name_key(name) not in taken)


class Variants(View):
    """What is counted of the board, and beside it all variants in columns: judgement, figures, differences, seats."""

    def _parts(self) -> Parts:
        self.counts = StructureCounts(self.session)
        self.trail = w.HTML()
        self.seats = w.HTML()
        self.trial = w.HTML()
        self.trail.add_class("gbo-trail")
        folds = (fold(Message("variants.beside"), self.seats), fold(Message("variants.trial"), self.trial))
        self.more = row(*folds, look="gbo-folds")
        self.follow(self._show, "structure", "network", items="structure.")
        self.add_class("gbo-wide")
        return [row(self.counts, w.VBox([self.trail, self.more]), look="gbo-columns")]

    def _show(self) -> None:
        kept, present = kept_variants(self.session), self.session.structure
        shown = [(name, structure) for name, structure in kept if structure.tables]
        if present.tables and mark(present) not in [mark(structure) for _, structure in kept]:
            shown.append((str(Message("variants.on_board")), present))
        base = against(self.session) or (shown[0] if shown else None)
        self.trail.value = self._trail(shown, base) if shown and base else ""
        self.seats.value = _seats(shown, base[1]) if shown and base else ""
        self.trial.value = self._trial(present) if judged(self.session) and present.tables else ""
        self.more.children[0].layout.display = "" if shown else "none"
        self.more.children[1].layout.display = "" if self.trial.value else "none"

    def _trail(self, shown: list[tuple[str, Structure]], base: tuple[str, Structure]) -> str:
        seen, found = judged(self.session), []
        levels = {option.id: option.text for option in question("structure.judgement").options}
        first = self._figures(base[1])
        for _, structure in shown:
            given = judgement(self.session, structure)
            thought = [levels.get(given.get(pole, ""), Message("judgement.none")) for pole in POLES]
            figures = zip(self._figures(structure), first, strict=True)
            changes = "\n".join(map(str, changes_of(base[1], structure))) or "–"
            found.append([changes, *thought, *(_figure(*pair) if seen else "…" for pair in figures)])
        keys = [*(f"variants.{pole}" for pole in POLES), *(f"reach.{word}" for word in REACH)]
        keys += [f"variants.{head}" for head in ("pairs", "meetings", "minutes", "hours", "talking")]
        labels = [Message("variants.changes", name=base[0]), *map(Message, keys)]
        table = _columns(Message("variants.trail", name=base[0]), [name for name, _ in shown], labels, found)
        return table + (self._dashes(shown) if seen else "")

    def _figures(self, structure: Structure) -> list[float | None]:
        reached, spent = counted(self.session, structure)
        costs: list[float | None] = [spent.meetings, spent.minutes, spent.person_hours, spent.minutes_at_table]
        if undecided(self.session, structure):
            costs = [None] * len(costs)
        return [*self._far(structure), reached.pairs_met, *costs]

    def _far(self, structure: Structure) -> list[int | None]:
        """How many partners are how far from the decision."""
        if undecided(self.session, structure):
            return [None] * len(REACH)
        reached, _ = counted(self.session, structure)
        return [len(getattr(reached, word)) for word in REACH]

    def _dashes(self, columns: list[tuple[str, Structure]]) -> str:
        """Why there are no figures in some of these columns; empty where there are."""
        names = [name for name, structure in columns if undecided(self.session, structure)]
        if not names:
            return ""
        decision, _, _ = dials(self.session)
        return sentence(Message("variants.undecided", theme=decision, names=names), "gbo-hint")

    def _trial(self, present: Structure) -> str:
        network = self.session.network
        cases: list[tuple[Message, str | None]] = [(Message("variants.as_is"), None)]
        if present.coordinator:
            cases.append((Message("variants.without_coordinator"), present.coordinator))
        if present.lead and present.lead != present.coordinator:
            cases.append((Message("variants.without_lead", name=present.name(present.lead)), present.lead))
        found = []
        columns = []
        for label, gone in cases:
            left = without(present, gone) if gone else present
            columns.append((str(label), left))
            reached, _ = counted(self.session, left)
            ties = measure("connectedness", network, without=gone if gone in present.partner_ids else None)
            total = pairs(len(left.partners))
            met = (ties.details.get("joined", 0), joined(left), reached.pairs_met)
            column = [Message("variants.of", n=n, total=total) for n in met]
            found.append([*column, *(_figure(n, n) for n in self._far(left))])
        labels = [Message(f"variants.{key}") for key in ("ties_joined", "tables_joined", "pairs")]
        labels += [Message(f"reach.{word}") for word in REACH]
        table = _columns(Message("variants.trial"), [label for label, _ in columns], labels, found)
        return table + self._dashes(columns) + sentence(Message("variants.trial_ask"))


def _columns(caption: Message, heads: list, labels: Iterable[Message], columns: list[list]) -> str:
    """A table made of columns."""
    return table_html(caption, ["", *heads], zip(labels, *columns, strict=True))


def _figure(value: float | None, first: float | None) -> str:
    """A figure, and how much more or less it is than that of the variant it is compared with."""
    if value is None:
        return "–"
    by = round(value - (value if first is None else first), 1)
    return f"{number(round(value, 1))} ({number(by, '+.1f' if by % 1 else '+.0f')})" if by else number(round(value, 1))


def place_name(place: Place, before: Structure, after: Structure) -> str:
    """What a place is called where it is now, else where it was."""
    id, structure = (place.now, after) if place.now else (place.was, before)
    name = str(Message(f"board.{id}")) if id in PARTS else structure.table(str(id)).title
    return name[:1].upper() + name[1:]


def _named(ids: Iterable[str], *structures: Structure) -> list[str]:
    partners = {id: structure.name(id) for structure in structures for id in structure.partner_ids}
    return [partners.get(id, str(Message("board.coordinator"))) for id in ids]


def changes_of(before: Structure, after: Structure) -> list[Message]:
    """What is different in the second structure, a sentence for each place where something is."""
    told = []
    for place in compared(before, after):
        called = {"place": place_name(place, before, after)}
        if place.renamed:
            told.append(Message("variants.renamed", before=before.table(str(place.was)).title, **called))
        if place.was is None or place.now is None:
            told.append(Message("variants.new_table" if place.was is None else "variants.no_table", **called))
        for word, ids in (("came", place.came), ("went", place.went if place.now else ())):
            if ids:
                told.append(Message(f"variants.{word}", names=_named(ids, before, after), **called))
    return told


def _seats(shown: list[tuple[str, Structure]], base: Structure) -> str:
    """Who stands where in each variant, place by place."""
    rows: dict[str, list[str]] = {}
    for column, (_, structure) in enumerate(shown):
        for place in compared(base, structure):
            id = place.was or f"{column} {place.now}"
            name = place_name(place, base, base if place.was else structure)
            cells = rows.setdefault(id, [name, *["–"] * len(shown)])
            names = [
                f"+ {name}" if id in place.came else name
                for id, name in zip(place.after, _named(place.after, structure), strict=True)
            ]
            cells[column + 1] = ", ".join(names) or "–"
    return table_html(Message("variants.beside"), ["", *(name for name, _ in shown)], rows.values())
