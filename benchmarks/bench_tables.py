"""How long 200 tables' report and 1,000 tables on the dashboard take.

Run: ``uv run python benchmarks/bench_tables.py``. Each table has 9 to 28 organisations with their places on the map, a
structure, factors and roles of five people, a released text and an agreement: 40 answers. Seconds on the clock, and of
the processor; the dashboard's with everything that it imports.
"""

import random
import tempfile
import time
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from workshop.domain import governance, roles
from workshop.domain.network import Network
from workshop.session import open_session

CASES = ("rural", "town", "cluster")


def fill(work: Path, number: int) -> None:
    """One table's answers."""
    draw, case = random.Random(number), governance.case(CASES[number % 3])
    session = open_session(store=work, room="room", group=f"table-{number}")
    ties = [tie for tie in case.network.ties if draw.random() < 0.7]
    network = Network(case.network.organisations, ties, case.network.directed)
    session.replace(network=network, structure=case.structure, case=case.id)
    spots = {o.id: [150 * (at % 5) + 20 * (at // 5 % 2), 110 * (at // 5)] for at, o in enumerate(network.organisations)}
    session.save("map", {"positions": spots})
    session.save("table-name", f"Tafel {number}")
    for key in ("what", "why", "owner"):
        session.save(f"agreement.{key}", "Elke maand een kort overleg")
    levels: dict[str, list[str]] = {}
    for row in roles.factor_table():
        levels.setdefault(row.factor, []).append(row.level)
    for factor, of in levels.items():
        session.save(f"factor.{factor}", draw.choice(of))
    for seat in (f"seat-{n}" for n in range(1, 6)):
        for factor, of in levels.items():
            session.save(f"factor.{factor}", draw.choice(of), person=seat)
        for item in ("role.taken", "role.wanted"):
            session.save(item, draw.choice(roles.ROLES), person=seat)
        session.save("reflection.1.own-experience", "Dit is van mij.", person=seat)
    session.store.release("reflection.1.own-experience", "seat-1")


@contextmanager
def clock(found: dict[str, float], name: str):
    wall, cpu = time.perf_counter(), time.process_time()
    yield
    found[name], found[f"{name} (processor)"] = time.perf_counter() - wall, time.process_time() - cpu


def seconds(tables: int, act: Callable[[Path, Path], Any], name: str) -> dict[str, float]:
    found: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder) / "work"
        for number in range(tables):
            fill(work, number)
        with clock(found, name):
            act(work, Path(folder) / "out")
    return found


def report(work: Path, out: Path) -> None:
    from workshop.answers.tables import read_room
    from workshop.output.report import write_report
    from workshop.output.totals import write_totals

    room = read_room(work)
    write_report(room, out)
    write_totals(room, out)


def dashboard(work: Path, out: Path) -> None:
    from workshop.widgets import Dashboard

    made = Dashboard(open_session(store=out))
    made.folder.go(work)
    made.read()
    assert len(made.room.tables) > 100


if __name__ == "__main__":
    told = seconds(200, report, "report of 200 tables") | seconds(1000, dashboard, "dashboard of 1,000 tables")
    for name, value in told.items():
        print(f"{name:42} {value:.2f} s")
