"""The short form of ``benchmarks/fuzz_files.py``: damaged and odd files are read or refused, and nothing else."""

import importlib.util
import random
from pathlib import Path

import pytest
from hypothesis import given, settings

SOURCE = Path(__file__).parents[1] / "benchmarks" / "fuzz_files.py"
pytest.importorskip("resource", reason="files are tried in processes of their own, which Windows does not fork")


def load():
    spec = importlib.util.spec_from_file_location("fuzz_files", SOURCE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


fuzz = load()


@pytest.mark.parametrize("seed", range(40))
def test_a_damaged_file_is_read_or_refused(seed):
    assert fuzz.try_all(fuzz.mutated(random.Random(seed), fuzz.seeds())) in ("read", "asked", "refused")


@settings(max_examples=60, deadline=None)
@given(fuzz.tables())
def test_an_odd_table_is_read_or_refused(files):
    assert fuzz.try_all(files) in ("read", "asked", "refused")
