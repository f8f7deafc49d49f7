"""Where telephones find this laptop: its addresses, whether the ports are free, whether another device gets through."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import sys
from collections.abc import Iterator
from contextlib import suppress

import psutil
from tornado.httpserver import HTTPServer
from tornado.web import Application, RequestHandler

from workshop.server.places import Finding, try_port
from workshop.texts import Message, Problem, language

HOTSPOTS = ("192.168.137.", "10.42.0.", "192.168.2.", "172.20.10.")
"""What Windows, Linux, macOS and an iPhone give a laptop on a hotspot."""
VIRTUAL = ("docker", "br-", "veth", "virbr", "vbox", "vmnet", "vethernet", "zt", "tailscale", "utun", "tun", "wg")
"""How networks are called that no telephone in the room is on."""
WAIT_SECONDS = 180


def own_addresses() -> list[str]:
    """The addresses of this laptop on a network, a hotspot's first; empty where it is on none."""
    found = []
    states = psutil.net_if_stats()
    for name, known in psutil.net_if_addrs().items():
        if name not in states or not states[name].isup:
            continue
        for one in known:
            if one.family == socket.AF_INET and not ipaddress.ip_address(one.address).is_loopback:
                found.append((_rank(name, one.address), one.address))
    return [address for _, address in sorted(found)]


def _rank(name: str, address: str) -> int:
    if ipaddress.ip_address(address).is_link_local or name.lower().startswith(VIRTUAL):
        return 3
    if address.startswith(HOTSPOTS):
        return 0
    return 1 if ipaddress.ip_address(address).is_private else 2


def choose(wanted: str | None) -> str:
    """The address that the wall shows: the wanted one, else the best; this laptop only where it is on no network.

    Raises
    ------
    Problem
        If the wanted one is none of this laptop's.
    """
    known = [*own_addresses(), "127.0.0.1"]
    if wanted and wanted not in known:
        raise Problem(Message("room.not_own_address", address=wanted, known=known))
    return wanted or known[0]


def findings(ports: tuple[int, int]) -> Iterator[Finding]:
    """What `workshop check --room` says before another device tries: whether it is good, and the sentence."""
    known = own_addresses()
    if known:
        yield True, Message("room.addresses", addresses=known)
    else:
        yield False, Message("room.no_network")
    for port in ports:
        yield try_port(port, "room", "")
    system = {"win32": "windows", "darwin": "mac"}.get(sys.platform, "linux")
    yield True, Message(f"room.firewall.{system}", ports=[str(port) for port in ports])
    yield True, Message("room.hotspot")


class Tick(RequestHandler):
    """The test page: a telephone that shows it gets through."""

    def get(self) -> None:
        """Show a tick, and note who came."""
        came: asyncio.Future = self.settings["came"]
        other = self.request.remote_ip not in (*own_addresses(), "127.0.0.1")
        if other and not came.done():
            came.set_result(self.request.remote_ip)
        said = Message("room.tick" if other else "room.tick_here")
        self.set_header("Cache-Control", "no-store")
        self.finish(
            f'<!DOCTYPE html><html lang="{language()}"><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width"><title>GBO</title><link rel="icon" href="data:,">'
            f'<body style="font:1.3rem system-ui;text-align:center"><p style="font-size:6rem;margin:0">✓<p>{said}'
        )


def visitor(listening: socket.socket, seconds: float = WAIT_SECONDS) -> str | None:
    """Show the test page until another device came; its address, None where none came in time."""

    async def wait() -> str | None:
        came: asyncio.Future = asyncio.get_running_loop().create_future()
        server = HTTPServer(Application([(r"/", Tick)], came=came, log_function=lambda handler: None))
        server.add_socket(listening)
        with suppress(asyncio.TimeoutError):
            return await asyncio.wait_for(came, seconds)
        return None

    return asyncio.run(wait())
