"""Workshop kit on the governance of local networks: pages with widgets, no code for participants.

For who writes code, the names that are needed most stand here: ``from workshop import read_network, measure_all``.
Each is loaded when it is first used.
"""

from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import Any

try:
    __version__ = version("gbo-workshop")
except PackageNotFoundError:  # run from a folder that was never installed
    __version__ = "0+unknown"

_MODULES = {
    "course": "check check_that check_value example",
    "domain.decisions": "cost reach weights",
    "domain.frames": "measures_by_kind measures_by_organisation",
    "domain.governance": "case cases",
    "domain.measures": "measure measure_all",
    "domain.network": "Network Organisation Tie",
    "domain.structure": "Structure Table",
    "exchange": "read_network write_network",
    "pictures": "picture",
    "session": "open_session",
}
_MODULE = {name: module for module, names in _MODULES.items() for name in names.split()}
__all__ = ["__version__", *_MODULE]


def __getattr__(name: str) -> Any:
    """One of the names of `__all__`, from the module that it stands in."""
    if name not in _MODULE:
        raise AttributeError(f"module 'workshop' has no attribute {name!r}")
    return getattr(import_module(f"workshop.{_MODULE[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
