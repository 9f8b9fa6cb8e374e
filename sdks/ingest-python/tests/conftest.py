"""The package under test with the core that the build of core-wasm left, and the models of the conformance set."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Dict

import pytest

ROOT = Path(__file__).parents[3]
BUILT_CORE = ROOT / "core-wasm" / "build" / "core.wasm"
PACKAGED_CORE = ROOT / "sdks" / "ingest-python" / "src" / "moose_ingest" / "core.wasm"

if not PACKAGED_CORE.exists() or PACKAGED_CORE.read_bytes() != BUILT_CORE.read_bytes():
    PACKAGED_CORE.write_bytes(BUILT_CORE.read_bytes())
sys.path.insert(0, str(Path(__file__).parent))

from moose_ingest import Model, load_models  # noqa: E402


@pytest.fixture(scope="session")
def models() -> Dict[str, Model[Any]]:
    return load_models(ROOT / "sdks" / "conformance" / "models.json")
