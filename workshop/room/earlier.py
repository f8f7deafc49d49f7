"""Whether a room is one of an earlier day: it opens again by itself, and whoever has a new group should know."""

from __future__ import annotations

from datetime import UTC, datetime

from workshop.answers.rooms import RoomStore
from workshop.texts import Message, day
from workshop.work import typed


def earlier(room: RoomStore) -> Message | None:
    """What to say of a room whose tables have answers of before today; None where they have none."""
    today = datetime.now().astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
    query = (
        "SELECT max(saved_at), count(DISTINCT grp) FROM answers WHERE room=:room AND saved_at<:today"
        " AND grp IN (SELECT grp FROM room_tables WHERE room=:room)"
    )
    ((last, tables),) = room.store.query(query, today=today.astimezone(UTC).isoformat(timespec="milliseconds"))
    if not tables:
        return None
    return Message("room.earlier", day=day(last[:10]), n=tables, command=typed())
