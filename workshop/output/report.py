"""One table's report: a single HTML file that prints well on A4 and needs nothing from outside."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from typing import Any

from workshop import __version__
from workshop.domain import governance, roles
from workshop.domain.decisions import cost, reach
from workshop.domain.measures import measure_all
from workshop.drawing import network_svg
from workshop.session import Session
from workshop.texts import Message, either, language

SHOWN = (
    "sectors",
    "ties",
    "connectedness",
    "isolates",
    "mean_path",
    "degree_centralisation",
    "cut_organisations",
    "trust_share",
)
PLACES = ("at_table", "one_step", "only_coordinator", "nowhere")
AGREEMENT = ("what", "why", "owner", "date", "first-step")
NOTES = ("size", "diversity", "power", "trust")


def report_html(session: Session) -> str:
    """The report of one table.

    Only what belongs to the table and what authors released is in it: private answers never are.

    Parameters
    ----------
    session : Session

    Returns
    -------
    str
        A whole HTML page; everything that people typed is escaped.
    """
    store = session.store
    return _template().render(
        text=lambda key, **values: str(Message(f"report.{key}", **values)),
        language=language(),
        name=store.get("table-name") or Message("header.unnamed"),
        made=datetime.now().astimezone().strftime("%d/%m/%Y %H:%M"),
        version=__version__,
        network=_network(session),
        forms=_forms(session),
        structure=_structure(session),
        notes=[(Message(f"notes.balance.{key}"), text) for key in NOTES if (text := store.get(f"note.balance.{key}"))],
        factors=_factors(session),
        reflections=[
            (question["question"], texts)
            for round in (1, 2)
            for step in governance.reflection_steps(round)
            for question in step["questions"]
            if (texts := store.released(question["id"]))
        ],
        agreement=[
            (Message(f"agreement.{key}"), _date(text) if key == "date" else text)
            for key in AGREEMENT
            if (text := store.get(f"agreement.{key}"))
        ],
    )


@cache
def _template():
    from jinja2 import Environment, PackageLoader, StrictUndefined

    loader = PackageLoader("workshop", "output/templates")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined).get_template("report.html.j2")


def _date(text: str) -> str:
    try:
        return date.fromisoformat(text).strftime("%d/%m/%Y")
    except ValueError:
        return text


def _network(session: Session) -> dict[str, Any] | None:
    network, lead = session.network, session.lead
    if not network.organisations:
        return None
    found = measure_all(network)
    without = measure_all(network, without=lead) if lead else {}
    return {
        "svg": network_svg(network, str(found["ties"].message), centre=lead),
        "mark": governance.case(session.case).mark if session.case else None,
        "lead": network.name(lead) if lead else None,
        "sentences": [found[name].message for name in SHOWN],
        "without": [without[name].message for name in ("ties", "connectedness") if without],
        "organisations": [
            (o.name, governance.sector_label(o.sector), governance.layer_label(o.layer)) for o in network.organisations
        ],
        "ties": [
            (network.name(t.source), network.name(t.target), governance.kind_label(t.kind), t.strength, t.trust)
            for t in network.ties
        ],
        "directed": network.directed,
    }


def _forms(session: Session) -> list[tuple]:
    known = governance.forms()
    names = {form["id"]: form["name"] for form in known["form"]} | {"unknown": Message("forms.unknown")}
    chosen = ((c, session.store.get(f"form-standing.{c['id']}")) for c in known["criterion"])
    return [(criterion["name"], criterion.get(form, ""), names[form]) for criterion, form in chosen if form in names]


def _structure(session: Session) -> dict[str, Any] | None:
    structure = session.structure
    if not structure.tables:
        return None
    names = {o.id: o.name for o in session.network.organisations}
    names.setdefault(structure.coordinator, str(Message("part.coordinator")))
    decisions = [
        (Message("counts.vision"), "vision"),
        *((Message("counts.theme", theme=t), t) for t in structure.themes),
    ]
    counted = []
    for label, decision in decisions:
        reached, costs = reach(structure, decision), cost(structure, decision)
        places = [(Message(f"reach.{place}"), [names[id] for id in getattr(reached, place)]) for place in PLACES]
        counted.append((label, places, [*reached.messages, *costs.messages]))
    return {
        "lead": names.get(structure.lead),
        "coordinator": structure.coordinator is not None,
        "tables": [
            (Message(f"table_kind.{t.kind}"), t.theme, [names[seat] for seat in t.seats]) for t in structure.tables
        ],
        "decisions": counted,
    }


def _factors(session: Session) -> dict[str, Any] | None:
    table = roles.factor_table()
    standing = {row.factor: session.store.get(f"factor.{row.factor}") for row in table}
    if not any(standing.values()):
        return None
    rows = roles.rows_for(standing)
    said = [Message("factor.row", factor=r.label, level=r.level_label, roles=either(r.role_labels)) for r in rows]
    open_ = [
        (next(r.label for r in table if r.factor == factor), Message(f"factor.{level}"))
        for factor, level in standing.items()
        if level in ("unknown", "differ")
    ]
    apart = Message("factor.pull_apart") if roles.pull_apart(rows) else None
    return {"said": said, "open": open_, "apart": apart, "source": governance.cite(table[0].source)}
