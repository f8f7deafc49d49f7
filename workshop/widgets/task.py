"""One choice per row: cards, tasks over the four parts, who has the last word."""

from __future__ import annotations

from workshop.domain import governance
from workshop.session import Session
from workshop.texts import Message
from workshop.widgets.base import View, say
from workshop.widgets.grid import Grid


class Task(View):
    """A task of ``data/tasks``: choose a column for each row; then see what the source says, never a score.

    Parameters
    ----------
    session : Session
    id : str
        Name of the task, such as ``"who-does-what"``.
    """

    def __init__(self, session: Session, id: str):
        super().__init__(session)
        self.task = governance.task(id)
        store = session.store
        self.grid = Grid(
            session,
            self._edited,
            key=f"{store.room}/{store.group}/task.{id}",
            caption=self.task["title"],
            columns=[
                {"id": column["id"], "label": column["label"], "type": "radio"} for column in self.task["columns"]
            ],
        )
        self.watch_answers(f"task.{id}.", self._show)
        self.children = [say(self.task["instruction"]), self.grid]
        self._show()

    def _item(self, row_id: str) -> str:
        return f"task.{self.task['id']}.{row_id}"

    def _edited(self, row_id: str, _column: str, value: str) -> None:
        self.session.save(self._item(row_id), value)

    def _show(self) -> None:
        self.grid.rows = [self._row(row) for row in self.task["rows"]]

    def _row(self, row: dict) -> dict:
        choice = self.session.store.get(self._item(row["id"]))
        shown = {"id": row["id"], "label": row["label"], "choice": choice}
        if choice:
            shown["note"] = f"{self._found(row, choice)} {row['feedback']}\n{governance.cite(row['source'])}"
        return shown

    def _found(self, row: dict, choice: str) -> Message:
        names = {column["id"]: column["label"] for column in self.task["columns"]}
        if not row["key"]:
            return Message("task.open")
        source_says = [names[key] for key in row["key"]]
        return Message(
            "task.same" if choice in row["key"] else "task.other", choice=names.get(choice, choice), key=source_says
        )
