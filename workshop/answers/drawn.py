"""What a table draws, inside a transaction: the newest network or structure is read, and a new one written."""

from __future__ import annotations

from workshop.answers.change import Change
from workshop.domain.kept import KeptNetwork, KeptStructure
from workshop.domain.network import Network
from workshop.domain.structure import Structure
from workshop.texts import Message


def read_network(change: Change) -> KeptNetwork:
    """The newest network."""
    return KeptNetwork.from_dict(change.store.get("network"))


def write_network(change: Change, before: KeptNetwork, network: Network, label: Message | None = None) -> int:
    """Write what the network became, as a step that undoing calls by its label; the number of the version."""
    after = before.changed(network)
    return change.write("network", after.to_dict(), label=label or Message("step.network.changed"))


def read_structure(change: Change) -> KeptStructure:
    """The newest structure, with the organisations of the newest network."""
    return KeptStructure.from_dict(change.store.get("structure"), read_network(change))


def write_structure(change: Change, before: KeptStructure, structure: Structure, label: Message | None = None) -> int:
    """Write what the structure became; see `write_network`."""
    after = before.changed(structure)
    return change.write("structure", after.to_dict(), label=label or Message("step.structure.changed"))


def step_of(done: Message) -> Message:
    """What undoing calls a step, in a few words: ``map.done.add`` is ``step.map.add``."""
    view, _, act = done.key.split(".")
    return Message(f"step.{view}.{act}", **done.values)
