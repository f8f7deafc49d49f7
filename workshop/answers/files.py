"""Files that are made of the answers of all groups: noted, so that they go when one of these goes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from workshop.answers.database import connect, path_of, transaction
from workshop.texts import Message, Problem
from workshop.work import listing_files


@contextmanager
def noting_files(work: Path) -> Iterator[None]:
    """Note the files that are written inside, also where an error ends that: they hold answers all the same.

    What they are made of is read inside too.

    Raises
    ------
    Problem
        If somebody deleted an answer meanwhile; the files, which may hold it, are gone then.
    """
    before = _last_deletion(work)
    with listing_files() as written:
        try:
            yield
        finally:
            _note(work, written)
    if _last_deletion(work) != before:
        for path in written:
            path.unlink(missing_ok=True)
        raise Problem(Message("answers.deleted-meanwhile"))


def _note(work: Path, paths: list[Path]) -> None:
    if not path_of(work).is_file():
        return
    with closing(connect(path_of(work))) as connection, transaction(connection):
        for path in paths:
            query = "INSERT OR IGNORE INTO files SELECT room, grp, ? FROM groups"
            connection.execute(query, (str(path.absolute()),))


def _last_deletion(work: Path) -> str:
    """A mark of the last time that answers were deleted."""
    if not path_of(work).is_file():
        return ""
    with closing(connect(path_of(work))) as connection:
        found = connection.execute("SELECT value FROM kit WHERE key='deleted'").fetchone()
    return str(found[0]) if found else ""
