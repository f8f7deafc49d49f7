"""The three roles: on a line and in a table, in situations, at our own table, and in what other studies say."""

from __future__ import annotations

import ipywidgets as w

from workshop.domain import governance, roles
from workshop.session import Session
from workshop.texts import Message, load
from workshop.widgets.base import View, say, sentence
from workshop.widgets.grid import Grid
from workshop.widgets.private import OwnChoices, own_text, released, spread
from workshop.widgets.task import Task


def _choices() -> dict[str, str]:
    """The roles that one may choose, and that one does not know."""
    named = {role["id"]: role["name"] for role in roles.roles()["role"]}
    return {**named, "unsure": str(Message("roles.unsure"))}


class Roles(View):
    """The three roles on a line from bottom-up to top-down, and on five dimensions.

    Parameters
    ----------
    session : Session
    """

    def __init__(self, session: Session):
        super().__init__(session)
        known = roles.roles()
        dots = "".join(
            f"<li>{sentence(role['name'], tag='strong')}{sentence(role['short'], tag='span')}</li>"
            for role in known["role"]
        )
        ends = [sentence(Message(f"roles.end.{end}"), tag="span") for end in ("first", "last")]
        line = f'<div class="gbo-line"><p>{ends[0]}{ends[1]}</p><ol>{dots}</ol></div>'
        head = "".join(sentence(text, tag="th") for text in ("", *(role["name"] for role in known["role"])))
        rows = ""
        for dimension in known["dimension"]:
            own = [" *" if dimension["id"] in role["own"] else "" for role in known["role"]]
            cells = "".join(
                sentence(role[dimension["id"]] + mark, tag="td") for role, mark in zip(known["role"], own, strict=True)
            )
            rows += f"<tr>{sentence(dimension['label'], tag='th')}{cells}</tr>"
        caption = sentence(Message("roles.table", source=governance.cite(known["role"][0]["source"])), tag="caption")
        table = f'<table class="gbo-table">{caption}<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
        self.children = [
            w.HTML(f'{line}<div class="gbo-grid-wrap">{table}</div>{sentence(Message("roles.own"), "gbo-hint")}'),
            say(known["task_or_role"]),
        ]


class Situations(View):
    """One situation at a time: each seat's own choice and reason, the table's choice, then what the trainer may say.

    Parameters
    ----------
    session : Session
    """

    def __init__(self, session: Session):
        super().__init__(session)
        self.known = {item["id"]: item for item in governance.situations()}
        self.choices = _choices()
        titles = [
            (str(Message(f"situations.{'core' if item['core'] else 'extra'}", n=n, title=item["title"])), id)
            for n, (id, item) in enumerate(self.known.items(), 1)
        ]
        self.which = w.Dropdown(options=titles, description=str(Message("situations.which")))
        self.told, self.why, self.after = w.HTML(), w.VBox(), w.HTML()
        self.own = OwnChoices(session, [], self.choices, spread=False)
        self.table = Grid(
            session,
            self._edited,
            key=f"{session.store.room}/{session.store.group}/task.situation",
            columns=[{"id": id, "label": name, "type": "radio"} for id, name in self.choices.items()],
        )
        self.which.observe(lambda _change: session.guard(self._show)(), "value")
        self.watch("seat", self._show)
        for starts in ("task.situation.", "role.situation.", "reflection.situation."):
            self.watch_answers(starts, self._fill)
        self.children = [self.which, self.told, self.own, self.why, self.table, self.after]
        self._show()

    def _show(self) -> None:
        item, seat = self.known[self.which.value], self.session.seat
        self.told.value = sentence(item["title"], tag="h3") + sentence(item["text"])
        asked = {"id": f"role.situation.{item['id']}", "label": str(Message("situations.own")), "names": self.choices}
        self.own.ask([asked])
        self.why.children = (
            [own_text(self, f"reflection.situation.{item['id']}", Message("situations.why"), person=seat)]
            if seat
            else []
        )
        self._fill()

    def _edited(self, situation: str, _column: str, value: str) -> None:
        self.session.save(f"task.situation.{situation}", value)

    def _fill(self) -> None:
        item = self.known[self.which.value]
        choice = self.session.store.get(f"task.situation.{item['id']}")
        self.table.rows = [{"id": item["id"], "label": str(Message("situations.table")), "choice": choice}]
        if not choice:
            self.after.value = sentence(Message("situations.first"), "gbo-hint")
            return
        said = sentence(Message("situations.trainer"), tag="h4") + sentence(item["trainer"])
        counted = sentence(Message("situations.spread"), tag="h4")
        counted += spread(self.session, f"role.situation.{item['id']}", self.choices)
        told = released(self.session, {f"reflection.situation.{item['id']}": item["title"]})
        self.after.value = f"{said}{counted}{told}"


class WhoAreWe(View):
    """Which role each seat takes and would like to take; only the spread is shown, and nothing by function is kept.

    Parameters
    ----------
    session : Session
    """

    def __init__(self, session: Session):
        super().__init__(session)
        names = _choices()
        asked = [
            {"id": f"role.{key}", "label": str(Message(f"who.{key}")), "names": names} for key in ("taken", "wanted")
        ]
        self.choices = OwnChoices(session, asked, names)
        self.children = [say(Message("who.everyone"), "gbo-hint"), self.choices]


class Evidence(View):
    """What other studies and the Flemish rules say, apart from the slides' table.

    Parameters
    ----------
    session : Session
    """

    def __init__(self, session: Session):
        super().__init__(session)
        known = governance.localise(load("evidence.toml"))
        parts = [sentence(known["title"], tag="h3"), sentence(known["about"])]
        for finding in known["finding"]:
            parts += [
                sentence(finding["title"], tag="h4"),
                sentence(finding["text"]),
                sentence(
                    Message("evidence.limit", limit=finding["limit"], source=governance.cite(finding["source"])),
                    "gbo-hint",
                ),
            ]
        self.children = [
            w.HTML("".join(parts)),
            say(known["verbs"], tag="h4"),
            say(governance.law()["regie-verbs"]),
            Task(session, "regie-verbs"),
        ]
