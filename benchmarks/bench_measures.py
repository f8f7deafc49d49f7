"""How long all measures of a network take, from 25 to 10,000 organisations; and how long a CSV file takes to read.

Run: ``uv run python benchmarks/bench_measures.py [FILE ...]``. The networks grow as real ones do: newcomers tie
themselves to those that have many ties already, about 2.1 ties an organisation; one in twenty has none. ``cluster`` is
a shipped example; further networks, one file each as `read_network` reads them, may be named.

Goals: a real network of 25 organisations under 10 ms; 1,000 to 1,500 organisations with some 2,700 ties under 2 s;
10,000 ties of CSV under 1 s.
"""

import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

from workshop.domain import governance
from workshop.domain.measures import measure_all
from workshop.domain.network import Network, Organisation, Tie
from workshop.exchange import read_network

SIZES = (100, 200, 500, 1000, 1283, 2000, 5000, 10_000)


def grown(organisations: int, seed: int = 1) -> Network:
    """A network in which those with many ties get more."""
    draw, ids = random.Random(seed), [f"o{i}" for i in range(organisations)]
    people = [Organisation(id, f"Organisatie {id}", f"sector {i % 9}") for i, id in enumerate(ids)]
    ends, ties = [0, 1], {(0, 1)}
    for new in range(2, organisations):
        for _ in range(0 if new % 20 == 0 else draw.choice((1, 2, 2, 4))):
            old = draw.choice(ends)
            if old != new and (old, new) not in ties:
                ties.add((old, new))
                ends += [old, new]
    return Network(people, [Tie(ids[a], ids[b], None, None, draw.randint(1, 5)) for a, b in sorted(ties)])


def seconds(act, times):
    """Median, and the slowest, of some runs."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        act()
        found.append(time.perf_counter() - start)
    return statistics.median(found), max(found)


def main() -> None:
    """Print the tables."""
    print(f"{'network':>14} {'organisations':>14} {'ties':>7} {'median':>10} {'slowest':>10}")
    networks = {"cluster": governance.case("cluster").network}
    networks |= {Path(name).stem[:14]: read_network(name).network for name in sys.argv[1:]}
    networks |= {f"grown {n}": grown(n) for n in SIZES}
    for name, network in networks.items():
        measure_all(network)  # what is imported once does not count
        times = 21 if len(network.organisations) < 500 else 3
        middle, slowest = seconds(lambda network=network: measure_all(network), times)
        counted = f"{len(network.organisations):>14,} {len(network.ties):>7,}"
        print(f"{name:>14} {counted} {1000 * middle:>7.1f} ms {1000 * slowest:>7.1f} ms")
    with tempfile.TemporaryDirectory() as folder:
        draw, path = random.Random(1), Path(folder) / "ties.csv"
        rows = {tuple(sorted(draw.sample(range(3000), 2))) for _ in range(10_000)}
        text = "van;naar;soort\n" + "".join(f"Organisatie {a};Organisatie {b};overleg\n" for a, b in rows)
        path.write_bytes(text.encode("cp1252"))
        middle, slowest = seconds(lambda: read_network(path), 5)
        print(f"CSV of {len(rows):,} ties: median {middle:.2f} s, slowest {slowest:.2f} s")


if __name__ == "__main__":
    main()
