"""A card moved on the structure board with 60 partners and ten tables, everything beside it: milliseconds in Python.

``python benchmarks/bench_board.py``
"""

import statistics
import tempfile
import time

from workshop import widgets
from workshop.domain.network import Network, Organisation, Tie
from workshop.domain.structure import Structure, Table
from workshop.session import open_session


def main():
    people = [Organisation(f"p{i}", f"Partner {i}", f"sector {i % 9}") for i in range(60)]
    ties = [Tie(f"p{i}", f"p{j}") for i in range(60) for j in range(i) if (i * j) % 5 == 1]
    tables = [Table("steering", seats=[f"p{i}" for i in range(0, 60, 4)])]
    tables += [Table("working", f"t{k}", [f"p{i}" for i in range(60) if i % 9 == k]) for k in range(9)]
    with tempfile.TemporaryDirectory() as work:
        session = open_session(store=work)
        session.replace(network=Network(people, ties), structure=Structure(people, tables, "p0", "kim"))
        shown = [widgets.StructureBoard(session), widgets.Variants(session), widgets.Balance(session)]
        store = session.store
        taken = []
        for n in range(1, 41):
            what = {"do": "seat", "card": f"p{n}", "from": "", "to": f"t{(n + 3) % 9}"}
            entry = {"n": n, "item": "structure", "base": store.version("structure"), "age": 0, "what": what}
            box = {"box": "bench", "store": store.id, "generation": store.generation, "room": store.room}
            start = time.perf_counter()
            reply = session.receive({**box, "group": store.group, "entries": [entry]})
            if reply["results"][0]["state"] == "done":
                taken.append((time.perf_counter() - start) * 1e3)
        middle = statistics.median(taken)
        print(f"{len(shown)} views: median {middle:.0f} ms, slowest {max(taken):.0f} ms, {len(taken)} moves")


if __name__ == "__main__":
    main()
