"""Workshop kit on the governance of local networks: pages with widgets, no code for participants."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("gbo-workshop")
except PackageNotFoundError:  # run from a folder that was never installed
    __version__ = "0+unknown"


def open_session(**settings):
    """Open one group's session; see `workshop.session.open_session`."""
    from workshop.session import open_session as opened

    return opened(**settings)


__all__ = ["__version__", "open_session"]
