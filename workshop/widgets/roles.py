"""The three roles on a line and in a table, what other studies say, and what the rules say on the GBO."""

from __future__ import annotations

import ipywidgets as w

from workshop.domain import governance, roles
from workshop.texts import Message
from workshop.widgets.base import Parts, View, details, say, sentence, sentences, table_html
from workshop.widgets.cards import Task


class Roles(View):
    """The three roles on a line from bottom-up to top-down, and on five dimensions."""

    def _parts(self) -> Parts:
        known = roles.roles()
        dots = ""
        for role in known["role"]:
            dots += f"<li>{sentence(role['name'], tag='strong')}{sentence(role['short'], tag='span')}</li>"
        ends = "".join(sentence(Message(f"roles.end.{end}"), tag="span") for end in ("first", "last"))
        rows = []
        for dimension in known["dimension"]:
            cells = [role[dimension["id"]] + (" *" if dimension["id"] in role["own"] else "") for role in known["role"]]
            rows.append([dimension["label"], *cells])
        caption = Message("roles.table", source=governance.cite(known["role"][0]["source"]))
        table = table_html(caption, ["", *(role["name"] for role in known["role"])], rows)
        line = f'<div class="gbo-line"><p>{ends}</p><ol>{dots}</ol></div>'
        return [
            w.HTML(line + table + sentence(Message("roles.own"), "gbo-hint")),
            say(known["task_or_role"]),
        ]


class Evidence(View):
    """What other studies and the Flemish rules say, apart from the slides' table."""

    def _parts(self) -> Parts:
        known = governance.table("evidence.toml")
        told = sentence(known["title"], tag="h3") + sentence(known["about"])
        for finding in known["finding"]:
            limit = Message("evidence.limit", limit=finding["limit"], source=governance.cite(finding["source"]))
            told += sentence(finding["title"], tag="h4") + sentence(finding["text"]) + sentence(limit, "gbo-hint")
        told += sentence(known["verbs"], tag="h4") + sentence(governance.law()["regie-verbs"])
        return [w.HTML(told), Task(self.session, "regie-verbs")]


class Rules(View):
    """The sentences on law, each with where it stands, folded: the same as on the paper sheet."""

    def _parts(self) -> Parts:
        told = sentence(Message("rules.about")) + sentences(governance.law().values())
        return [w.HTML(details(Message("rules.title"), told))]
