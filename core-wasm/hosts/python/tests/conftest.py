"""The module under test: the one that the build of core-wasm left."""

from pathlib import Path

import pytest

from moose_core import Core

CORE_WASM = Path(__file__).parents[3] / "build" / "core.wasm"


@pytest.fixture(scope="session")
def core() -> Core:
    return Core(CORE_WASM.read_bytes())
