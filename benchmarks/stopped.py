"""A server that stands still for 45 seconds, with edits before, during and after: what of them is kept.

Run: python benchmarks/stopped.py [--root CHECKOUT] [--seconds 45]
"""

import argparse
import os
import signal
import subprocess
import tempfile
from pathlib import Path

from serving import browser_page, serving

NAMES = """
from workshop import open_session
session = open_session(store=%r)
print("kept:", ", ".join(item.name for item in session.network.organisations), "|", session.store.get("agreement.what"))
"""


def server_of(port):
    """Id of the process that listens on a port."""
    import psutil

    return next(one.pid for one in psutil.net_connections("tcp") if one.status == "LISTEN" and one.laddr.port == port)


def main():
    """Try and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--root", default=str(Path(__file__).parents[1]))
    options.add_argument("--seconds", type=int, default=45)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder) / "work"
        work.mkdir()
        with serving(given.root, work) as address, browser_page() as page:
            port = int(address.split(":")[2].split("/")[0])
            server = server_of(port)
            other = page.context.new_page()
            other.goto(address.replace("0_start", "5_agreement"))
            text = other.get_by_label("Wat spreken we af?", exact=True)
            text.wait_for()
            page.goto(address.replace("0_start", "1_network"))
            page.locator(".gbo-map-svg").wait_for()
            page.wait_for_timeout(3000)
            field = page.get_by_label("Typ een organisatie, of nummers voor lijnen")

            def add(name):
                field.fill(name)
                field.press("Enter")

            add("Ervoor")
            page.wait_for_timeout(2000)
            os.kill(server, signal.SIGSTOP)
            add("Tijdens")
            text.press_sequentially("Getypt terwijl niets antwoordde")
            page.wait_for_timeout(1000 * given.seconds)
            print("while it stands still:", page.locator(".gbo-status").inner_text().replace("\n", " "), flush=True)
            os.kill(server, signal.SIGCONT)
            page.wait_for_timeout(5000)
            add("Erna")
            page.wait_for_timeout(10_000)
            print("afterwards:", page.locator(".gbo-status").inner_text().replace("\n", " "), flush=True)
        subprocess.run(
            [Path(given.root) / ".venv" / "bin" / "python", "-c", NAMES % str(work)], cwd=given.root, check=True
        )


if __name__ == "__main__":
    main()
