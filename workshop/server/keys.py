"""Who comes, by the key in the address: whoever sits at this laptop, or a table; a kernel answers only its own."""

from __future__ import annotations

import secrets
from typing import Any

from jupyter_server.auth.authorizer import Authorizer
from jupyter_server.auth.identity import IdentityProvider, User

OWNER = "owner"
"""Whoever sits at this laptop."""


class Keys(IdentityProvider):
    """The owner has the printed key, which opens nothing from elsewhere; each table has one of its own."""

    def table_of(self, key: str) -> str | None:
        """The table whose key this is, None where it is nobody's; a room puts its own in this place."""

    async def get_user_token(self, handler: Any) -> User | None:
        """Who has the key in this address."""
        given = (self.get_token(handler) or "").encode()
        if at_this_laptop(handler.request) and secrets.compare_digest(given, self.token.encode()):
            return User(OWNER)
        table = self.table_of(given.decode()) if given else None
        return User(table) if table else None

    def get_user_cookie(self, handler: Any) -> User | None:
        """Who came with a key before."""
        user: Any = super().get_user_cookie(handler)
        known = user and (user.username != OWNER or at_this_laptop(handler.request))
        return user if known else None


class OwnKernels(Authorizer):
    """A kernel and its line are there for the key that started it."""

    def is_authorized(self, handler: Any, user: User, action: str, resource: str) -> bool:
        """Whether somebody may reach the kernel in the address; of one that is not there the handler says so."""
        return handler.settings["kernel_manager"].is_of(handler.path_kwargs["kernel_id"], user.username)


class OwnName:
    """Answers only to the address at which a request really arrived, so that no name of elsewhere leads here."""

    request: Any

    def check_host(self) -> bool:
        """Whether the browser asked for this laptop."""
        return self.request.host_name in ("localhost", arrived_at(self.request))


def arrived_at(request: Any) -> str:
    """Our own address at the other end of the line."""
    return request.connection.stream.socket.getsockname()[0]


def at_this_laptop(request: Any) -> bool:
    """Whether a request comes from this very laptop, by its own name for itself."""
    return request.remote_ip == arrived_at(request) == "127.0.0.1"
