"""Every conformance file: the same verdicts, texts and bytes as in Node and Chromium."""

from __future__ import annotations

import base64
import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

from moose_core import Core, Validation

FOLDER = Path(__file__).parents[3] / "conformance"
FILES = {path.stem: json.loads(path.read_bytes()) for path in sorted(FOLDER.glob("*.json"))}
CASES = [
    pytest.param(name, case, id=f"{name}-{index}-{case['name']!a}")
    for name, file in FILES.items()
    for index, case in enumerate(file["cases"])
]


def as_expected(validation: Validation) -> dict[str, Any]:
    """A verdict in the words of the conformance files."""
    verdict = {
        "rows": validation.rows,
        "accepted": validation.accepted,
        "rejected": validation.rejected,
        "bounds": list(validation.bounds),
        "rejectedRows": list(validation.rejected_rows),
        "errors": [dataclasses.asdict(error) for error in validation.errors],
        "errorsTruncated": validation.errors_truncated,
    }
    if validation.partition_keys is not None:
        keys = validation.partition_keys
        verdict["partitionKeys"] = {"hashes": list(keys.hashes), "bounds": list(keys.bounds)}
    if validation.unreadable is not None:
        verdict["unreadable"] = dataclasses.asdict(validation.unreadable)
    return verdict


def test_there_are_files() -> None:
    assert len(CASES) >= 150


@pytest.mark.parametrize(("name", "case"), CASES)
def test_case(core: Core, name: str, case: dict[str, Any]) -> None:
    file = FILES[name]
    model = core.load(base64.b64decode(file["program"]))
    assert model.schema_id == file["schemaId"]
    data = case["input"].encode() if "input" in case else base64.b64decode(case["inputBase64"])
    validation = model.validate(data, format=case["format"], max_errors=case.get("maxErrors", 100))
    assert as_expected(validation) == case["expected"]
    if "native" in case:
        origin = case["origin"]
        encoder = model.encoder()
        fed = encoder.feed(
            model.collect(data, validation),
            partition=origin["partition"],
            base_offset=origin["baseOffset"],
            received_at_ms=origin["receivedAtMs"],
        )
        assert fed == validation.accepted
        assert base64.b64encode(encoder.finish()).decode() == case["native"]
