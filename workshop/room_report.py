"""All tables side by side as chapters of blocks: for the report of a session and the trainer's page alike."""

from __future__ import annotations

from collections import Counter
from typing import Any

from workshop.answers import names
from workshop.answers.overview import FEW, by_question, merged_map, sheet, texts
from workshop.answers.shown import Room, TableAnswers
from workshop.blocks import MANY_COLUMNS, Block, listed, nothing, say, table, words
from workshop.domain.maps import overlay
from workshop.domain.network import Network, Tie
from workshop.domain.questions import RegisterEntry, register
from workshop.pictures import Line, count_lines, picture
from workshop.texts import Message

SIDES: dict[str, dict[str, Any]] = {
    "both": {"width": 4.0},
    "a": {"width": 2.0, "dashes": "9 5", "text": "A"},
    "b": {"width": 2.0, "dashes": "2 5", "text": "B"},
}
"""Lines of two maps over each other."""


def room_chapters(room: Room) -> dict[str, list[Block]]:
    """What all tables did, by chapter.

    Parameters
    ----------
    room : Room
        From `workshop.answers.tables.read_room`.

    Returns
    -------
    dict
        The blocks of each chapter, by the key of its heading below ``report``. Nothing in them is private, and nobody
        is counted among fewer than five.
    """
    return {
        "who": [*listed(room.notes), *_rows_of("who", room)],
        "agreements": _rows_of("agreements", room),
        "merged": [*merged_blocks(room), *map_tables(room)],
        "structures": [*_structures(room), say("hint", "no_score")],
        "factors": spread_blocks(room) or [nothing()],
        "by_tables": _written(room) or [nothing()],
        "reflections": released_blocks(room) or [nothing()],
    }


def _rows_of(name: str, room: Room) -> list[Block]:
    found = sheet(name, room)
    return table("", found.rows, found.head) or [nothing()]


def _structures(room: Room) -> list[Block]:
    """Structures side by side: a column for each table, or a row where they are many."""
    found = sheet("structures", room)
    if not 0 < len(found.rows) < MANY_COLUMNS:
        return _rows_of("structures", room)
    head, *rows = zip(found.head, *found.rows, strict=True)
    return table("", rows, head)


def merged_blocks(room: Room) -> list[Block]:
    """All maps in one picture, and what it says."""
    if not room.merged.tables:
        return [nothing()]
    network, summary = merged_map(room)
    drawn = picture(network, str(summary), lines=count_lines(network, room.merged.ties))
    return [Block("picture", str(summary), svg=drawn), Block("text", str(summary))]


def map_tables(room: Room) -> list[Block]:
    """Organisations and ties on the maps, and how many tables drew each."""
    blocks = []
    for name in ("organisations", "ties"):
        found = sheet(name, room)
        blocks += table(found.title, found.rows, found.head, names.of_session("totals", "xlsx"))
    return blocks


def compared_blocks(network: Network, other: Network) -> list[Block]:
    """Two maps in one picture, with what is on both and on one only."""
    people, sides, pairs = overlay(network, other)
    counted = Counter(pairs.values())
    summary = Message("dashboard.compared", **{side: counted[side] for side in SIDES})
    only = []
    for side in ("a", "b"):
        names = [organisation.name for organisation in people.organisations if sides[organisation.id] == side]
        if names:
            only.append(Message("dashboard.only", side=side.upper(), names=names))
    together = Network(people.organisations, [Tie(*pair) for pair in pairs])
    lines = [Line(*pair, **SIDES[side]) for pair, side in pairs.items()]
    drawn = picture(together, str(summary), lines=lines)
    return [Block("picture", str(summary), svg=drawn), *listed([summary, *only])]


def texts_of_tables(*elsewhere: str) -> list[RegisterEntry]:
    """The questions that a table answers in its own words for all to read, but for these sets.

    Answers to exercises are not counted, nor are they written out.
    """
    found = []
    for entry in register():
        for_all = entry.owner == "table" and entry.visibility == "table"
        if entry.written and for_all and entry.counted and entry.set not in elsewhere:
            found.append(entry)
    return found


def _written(room: Room) -> list[Block]:
    blocks = []
    for entry in texts_of_tables("table-name", "agreement"):
        rows = [[answers.name, text] for answers in room.tables for text in answers.texts(entry.id)]
        blocks += table(entry.text, rows)
    return blocks


def spread_blocks(room: Room) -> list[Block]:
    """How many tables, and from five persons on how many persons, chose what."""
    _, header, rows = by_question(room)
    blocks = table(words("spread"), rows, header)
    if any(persons == FEW for *_, persons in rows):
        blocks.append(say("hint", "few", few=FEW))
    return blocks


def released_blocks(answers: Room | TableAnswers, level: int = 3) -> list[Block]:
    """Released texts by question, without saying whose they are."""
    blocks = []
    for question, said in texts(answers):
        blocks.append(Block("heading", question, level=level))
        blocks += [Block("quote", text) for text in said]
    return blocks


def small_map(table: TableAnswers) -> str:
    """The map of a table for a wall of maps, without names; empty where nothing is drawn."""
    if not table.network.organisations:
        return ""
    return picture(table.network, places=table.positions, lead=table.structure.lead, names=False, legend=False)
