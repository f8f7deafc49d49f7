"""The three roles: on a line and in a table, in situations, at our own table, and in what other studies say."""

from __future__ import annotations

import ipywidgets as w

from workshop.domain import governance, roles
from workshop.texts import Message, load
from workshop.widgets.base import Parts, View, say, sentence, table_html
from workshop.widgets.choices import Choices, Question, Task, spread
from workshop.widgets.writing import own_text, released


def _choices() -> dict[str, str]:
    """The roles that one may choose, and that one does not know."""
    named = {role["id"]: role["name"] for role in roles.roles()["role"]}
    return {**named, "unsure": str(Message("roles.unsure"))}


class Roles(View):
    """The three roles on a line from bottom-up to top-down, and on five dimensions."""

    def _parts(self) -> Parts:
        known = roles.roles()
        dots = "".join(
            f"<li>{sentence(role['name'], tag='strong')}{sentence(role['short'], tag='span')}</li>"
            for role in known["role"]
        )
        ends = "".join(sentence(Message(f"roles.end.{end}"), tag="span") for end in ("first", "last"))
        rows = [
            [dim["label"], *(role[dim["id"]] + (" *" if dim["id"] in role["own"] else "") for role in known["role"])]
            for dim in known["dimension"]
        ]
        caption = Message("roles.table", source=governance.cite(known["role"][0]["source"]))
        table = table_html(caption, ["", *(role["name"] for role in known["role"])], rows)
        line = f'<div class="gbo-line"><p>{ends}</p><ol>{dots}</ol></div>'
        return [
            w.HTML(line + table + sentence(Message("roles.own"), "gbo-hint")),
            say(known["task_or_role"]),
        ]


class Situations(View):
    """One situation at a time: each seat's own choice and reason, the table's choice, then what the trainer may say."""

    def _parts(self) -> Parts:
        self.known = {item["id"]: item for item in governance.situations()}
        titles = [
            (str(Message(f"situations.{'core' if item['core'] else 'extra'}", n=n, title=item["title"])), id)
            for n, (id, item) in enumerate(self.known.items(), 1)
        ]
        self.which = self.field(w.Dropdown(options=titles), Message("situations.which"), self._show)
        self.told, self.why = w.HTML(), w.VBox()
        self.own, self.table = (
            Choices(self.session, (), _choices(), own=start == "role", spread=False)
            for start in ("role", "task")
        )
        items = ("task.situation.", "role.situation.", "reflection.situation.")
        self.after = self.live(self._after, items=items)
        self.watch("seat", self._show)
        self._show()
        return [self.which, self.told, self.own, self.why, self.table, self.after]

    def _show(self) -> None:
        item, seat = self.known[self.which.value], self.session.seat
        self.told.value = sentence(item["title"], tag="h3") + sentence(item["text"])
        for choices, start, word in ((self.own, "role", "own"), (self.table, "task", "table")):
            label = Message(f"situations.{word}")
            choices.ask((Question(f"{start}.situation.{id}", label, group=id) for id in self.known), item["id"])
        reason = f"reflection.situation.{item['id']}"
        self.why.children = [own_text(self, reason, Message("situations.why"), person=seat)] if seat else []
        self.after.value = self._after()

    def _after(self) -> str:
        item = self.known[self.which.value]
        if not self.session.store.get(f"task.situation.{item['id']}"):
            return sentence(Message("situations.first"), "gbo-hint")
        said = sentence(Message("situations.trainer"), tag="h4") + sentence(item["trainer"])
        asked = [Question(f"role.situation.{item['id']}", Message("situations.spread"))]
        told = released(self.session, {f"reflection.situation.{item['id']}": item["title"]})
        return said + spread(self.session, asked, _choices()) + told


class WhoAreWe(View):
    """Which role each seat takes and would like to take; only the spread is shown, and nothing by function is kept."""

    def _parts(self) -> Parts:
        asked = [Question(f"role.{key}", Message(f"who.{key}")) for key in ("taken", "wanted")]
        self.choices = Choices(self.session, asked, _choices(), own=True)
        return [say(Message("who.everyone"), "gbo-hint"), self.choices]


class Evidence(View):
    """What other studies and the Flemish rules say, apart from the slides' table."""

    def _parts(self) -> Parts:
        known = governance.localise(load("evidence.toml"))
        told = sentence(known["title"], tag="h3") + sentence(known["about"])
        for finding in known["finding"]:
            limit = Message("evidence.limit", limit=finding["limit"], source=governance.cite(finding["source"]))
            told += sentence(finding["title"], tag="h4") + sentence(finding["text"]) + sentence(limit, "gbo-hint")
        return [
            w.HTML(told + sentence(known["verbs"], tag="h4") + sentence(governance.law()["regie-verbs"])),
            Task(self.session, "regie-verbs"),
        ]
