"""Edits of the structure on the board; the sentence of each names the card."""

from __future__ import annotations

from collections.abc import Callable

from workshop.answers.boxes import Entry, Result
from workshop.answers.change import Change, step_of
from workshop.domain import edit
from workshop.domain.kept import KeptStructure
from workshop.domain.structure import TABLE_KINDS, Structure
from workshop.texts import Message, Problem


def edited(change: Change, entry: Entry) -> Result:
    """Any edit of the structure; the sentence names the card."""
    kept = change.structure()
    do = entry.what["do"]
    after = STRUCTURE_EDITS[do](kept, entry)
    name = card_name(kept.structure, entry.text("card"))
    done = Message(f"board.done.{do}", name=name, theme=entry.text("theme"))
    version = change.draw("structure", kept.changed(after), step_of(done))
    before = {table.id for table in kept.structure.tables}
    new = [table.id for table in after.tables if table.id not in before]
    return Result(entry.n, "done", done, version, new)


def card_name(structure: Structure, card: str) -> str:
    """What stands on a card."""
    return structure.name(card) if card in structure.partner_ids else str(Message("board.coordinator"))


def person_of(structure: Structure) -> str:
    """Id of the coordinator as a person who is no partner."""
    if structure.coordinator and structure.coordinator not in structure.partner_ids:
        return structure.coordinator
    return next(id for id in ("coordinator", "coordinator-person", "-") if id not in structure.partner_ids)


def _seat(kept: KeptStructure, entry: Entry) -> Structure:
    structure = kept.structure
    card = entry.text("card")
    source = entry.text("from")
    target = entry.text("to")
    person = person_of(structure)
    if card not in {*structure.partner_ids, person}:
        raise Problem(Message("edit.organisation_gone"))
    if target == "lead":
        return edit.set_lead(structure, card)
    if target == "coordinator":
        return edit.set_coordinator(structure, card)
    if card == person and structure.coordinator is None:
        structure = edit.set_coordinator(structure, person)
    if target.startswith("new-"):
        structure = _with_table(structure, target.removeprefix("new-"), kept.removed)
        target = structure.tables[-1].id
    if source in {table.id for table in structure.tables}:
        if card not in structure.table(source).seats:  # it was put down elsewhere before the board showed that
            raise Problem(Message("board.moved", name=card_name(structure, card)))
        structure = edit.unseat(structure, source, card)
    return edit.seat(structure, target, card)


def _with_table(structure: Structure, kind: str, taken: frozenset[str]) -> Structure:
    if kind not in TABLE_KINDS:
        raise Problem(Message("edit.table_gone"))
    return edit.add_table(structure, kind, taken=taken)


def _unseat(kept: KeptStructure, entry: Entry) -> Structure:
    source = entry.text("from")
    card = entry.text("card")
    if source not in ("lead", "coordinator"):
        return edit.unseat(kept.structure, source, card)
    if getattr(kept.structure, source) != card:  # another page put somebody else there before the board showed that
        raise Problem(Message("board.moved", name=card_name(kept.structure, card)))
    return edit.set_lead(kept.structure, None) if source == "lead" else edit.set_coordinator(kept.structure, None)


def _theme(kept: KeptStructure, entry: Entry) -> Structure:
    return edit.set_table_theme(kept.structure, entry.text("table"), entry.text("theme"))


def _remove_table(kept: KeptStructure, entry: Entry) -> Structure:
    return edit.remove_table(kept.structure, entry.text("table"))


def _add_table(kept: KeptStructure, entry: Entry) -> Structure:
    return _with_table(kept.structure, entry.text("kind"), kept.removed)


STRUCTURE_EDITS: dict[str, Callable[[KeptStructure, Entry], Structure]] = {
    "seat": _seat,
    "unseat": _unseat,
    "theme": _theme,
    "remove": _remove_table,
    "add": _add_table,
}
