"""The core in this host: the verdicts of core-wasm/conformance, by the quick call and by wasmtime's own."""

from __future__ import annotations

import base64
import dataclasses
import json
import threading
from typing import Any, Dict, List

import pytest
from conftest import PACKAGED_CORE, ROOT

from moose_ingest._errors import IngestError
from moose_ingest._validator import MAX_INPUT_BYTES, Validator
from moose_ingest._wasm_module import CompiledModule, CoreStopped

FILES = {
    path.stem: json.loads(path.read_bytes()) for path in sorted((ROOT / "core-wasm" / "conformance").glob("*.json"))
}


@pytest.mark.parametrize("quick", [True, False])
@pytest.mark.parametrize("name", FILES)
def test_verdicts(name: str, quick: bool) -> None:
    file = FILES[name]
    validators: Dict[int, Validator] = {}
    for case in file["cases"]:
        most = case.get("maxErrors", 100)
        validator = validators.setdefault(most, Validator(base64.b64decode(file["program"]), most, quick=quick))
        data = case["input"].encode() if "input" in case else base64.b64decode(case["inputBase64"])
        verdict = validator.validate(data, case["format"])
        expected = case["expected"]
        assert verdict.unreadable == expected.get("unreadable", {}).get("message"), case["name"]
        got = (verdict.rows, verdict.rejected, verdict.errors_truncated)
        assert got == (expected["rows"], expected["rejected"], expected["errorsTruncated"]), case["name"]
        assert [dataclasses.asdict(error) for error in verdict.errors] == expected["errors"], case["name"]


@pytest.mark.parametrize("quick", [True, False])
def test_a_trap_is_told_and_the_next_input_finds_a_new_instance(quick: bool) -> None:
    # The texts of its errors lie behind the memory, as no compiler writes them.
    program = bytearray(base64.b64decode(next(iter(FILES.values()))["program"]))
    program[8:12] = (0x7FFFFFF0).to_bytes(4, "little")
    validator = Validator(bytes(program), 100, quick=quick)
    for _ in range(2):
        with pytest.raises(CoreStopped, match="defect of the core"):
            validator.validate(b'{"no":"model has it"}', "ndjson")
        assert validator.validate(b"", "ndjson").rows == 0


def test_threads_take_turns() -> None:
    file = next(iter(FILES.values()))
    validator = Validator(base64.b64decode(file["program"]), 100)
    cases = [case for case in file["cases"] if "input" in case and "maxErrors" not in case][:20]
    wrong: List[Any] = []

    def run() -> None:
        for case in cases * 20:
            verdict = validator.validate(case["input"].encode(), case["format"])
            if verdict.rejected != case["expected"]["rejected"]:
                wrong.append(case["name"])

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_inputs_beyond_its_limit_and_files_that_are_no_core_are_refused(tmp_path: Any) -> None:
    validator = Validator(base64.b64decode(next(iter(FILES.values()))["program"]), 100)
    with pytest.raises(ValueError, match="are possible at once"):
        validator.validate(bytes(MAX_INPUT_BYTES + 1), "ndjson")
    large = b'{"no":"model has it"}\n' * 300_000
    assert validator.validate(large, "ndjson").rejected == 300_000
    assert validator.validate(b'{"no":"model has it"}\n', "ndjson").rejected == 1
    (tmp_path / "core.wasm").write_bytes(PACKAGED_CORE.read_bytes()[:1000])
    with pytest.raises(IngestError, match="could not be loaded"):
        CompiledModule.of(tmp_path / "core.wasm")
