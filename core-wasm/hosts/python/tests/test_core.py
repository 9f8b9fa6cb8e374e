"""What the conformance files cannot say: the life of models and encoders, refusals, and the public names."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import moose_core
from moose_core import Core, CoreError, Model

FOLDER = Path(__file__).parents[3] / "conformance"
CORE_WASM = Path(__file__).parents[3] / "build" / "core.wasm"


@pytest.fixture
def event(core: Core) -> Model:
    return core.load(base64.b64decode(json.loads((FOLDER / "Lines.json").read_bytes())["program"]))


def test_public_names_are_sorted_and_there() -> None:
    assert moose_core.__all__ == sorted(moose_core.__all__)
    assert all(hasattr(moose_core, name) for name in moose_core.__all__)


def test_a_refused_feed_leaves_the_block_as_it_was(event: Model) -> None:
    encoder = event.encoder()
    assert encoder.feed(b'{"id":1}\n', partition=0, base_offset=0, received_at_ms=0) == 1
    before = encoder.bytes_held
    with pytest.raises(CoreError, match="row 1 is not valid: /id wrong_type, expected an integer") as refusal:
        encoder.feed(b'{"id":2}\n{"id":"x"}\n', partition=0, base_offset=1, received_at_ms=0)
    assert (refusal.value.code, refusal.value.row) == ("invalid_rows", 1)
    with pytest.raises(CoreError, match="row 0 is not JSON: it breaks at byte 6"):
        encoder.feed(b'{"id":', partition=0, base_offset=1, received_at_ms=0)
    assert (encoder.rows, encoder.bytes_held) == (1, before)
    assert encoder.finish()[1] == 1
    assert encoder.rows == 0


def test_two_feeds_make_the_block_that_one_makes(event: Model) -> None:
    rows = [b'{"id":%d,"name":"n%d","tags":[["a"],[]]}\n' % (i, i) for i in range(300)]
    one, two = event.encoder(), event.encoder()
    one.feed(b"".join(rows), partition=1, base_offset=5, received_at_ms=9)
    two.feed(b"".join(rows[:100]), partition=1, base_offset=5, received_at_ms=9)
    two.feed(b"".join(rows[100:]), partition=1, base_offset=105, received_at_ms=9)
    assert one.finish() == two.finish()


def test_inputs_of_every_kind_and_size_are_taken_and_memory_is_let_go(event: Model) -> None:
    row = b'{"id":1,"name":"' + b"x" * 1000 + b'"}\n'
    data = row * (30 * 1024 * 1024 // len(row))
    for given in (data, bytearray(data), memoryview(data)):
        assert event.validate(given, format="ndjson").accepted == data.count(b"\n")
    assert event.validate(b"{}", format="json").errors[0].code == "missing_field"


def test_what_cannot_be_taken_is_said(event: Model) -> None:
    with pytest.raises(ValueError, match="give slices"):
        event.validate(bytes(32 * 1024 * 1024 + 1), format="json")
    with pytest.raises(ValueError, match="not an origin"):
        event.encoder().feed(b"", partition=-1, base_offset=0, received_at_ms=0)


def test_a_program_that_is_none_is_refused(core: Core) -> None:
    with pytest.raises(ValueError, match="not a compiled program"):
        core.load(b"{}")


def test_after_memory_was_refused_the_next_call_works(event: Model) -> None:
    small = Core(CORE_WASM.read_bytes(), max_memory_bytes=2**20).load(event.program)
    encoder = small.encoder()
    large = b'{"id":1,"name":"' + b"x" * 2**21 + b'"}'
    for _ in range(2):
        with pytest.raises(CoreError, match="refused more memory") as refusal:
            small.validate(large, format="json")
        assert refusal.value.code == "out_of_memory"
        with pytest.raises(CoreError, match="refused more memory"):
            encoder.feed(large, partition=0, base_offset=0, received_at_ms=0)
        assert small.validate(b'{"id":1}', format="json").accepted == 1
        assert encoder.feed(b'{"id":1}', partition=0, base_offset=0, received_at_ms=0) == 1
        assert encoder.finish()[1] == 1


def test_a_trap_that_is_no_refusal_of_memory_is_called_a_defect(core: Core, event: Model) -> None:
    # Offsets of the fields and of what stands behind them, as no compiler writes them.
    broken = core.load(event.program[:64] + b"\xff" * (len(event.program) - 64))
    for _ in range(2):
        with pytest.raises(CoreError, match="please report") as refusal:
            broken.validate(b'{"id":1}', format="json")
        assert refusal.value.code == "trapped"
        assert event.validate(b'{"id":1}', format="json").accepted == 1


def test_inputs_share_a_room(event: Model) -> None:
    long = b'{"id":1,"name":"' + b"x" * 50_000 + b'"}'
    for _ in range(3):
        assert event.validate(long, format="json").accepted == 1
        cut = event.validate(b'{"id":1', format="json").unreadable
        assert cut is not None
        assert cut.offset == 7
        assert len(event.validate(b'{"id":"","name":1}', format="json", max_errors=1).errors) == 1
        assert len(event.validate(b'{"id":"","name":1}', format="json").errors) == 2


def test_the_cache_gives_the_same_core(event: Model, tmp_path: Path) -> None:
    # A process of its own: wasmtime takes the folder from the environment.
    script = f"""
import base64, pathlib
from moose_core import Core
core = Core(pathlib.Path({str(CORE_WASM)!r}).read_bytes(), cache=True)
program = base64.b64decode({base64.b64encode(event.program).decode()!r})
print(core.load(program).validate(b'{{"id":1}}', format="json").accepted)
"""
    folder = tmp_path / "cache"
    environment = {**os.environ, "XDG_CACHE_HOME": str(folder), "PYTHONPATH": str(Path(moose_core.__file__).parents[1])}
    for _ in range(2):
        run = subprocess.run(
            [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
        )
        assert run.stdout == "1\n"
    if sys.platform == "linux":
        assert any(path.is_file() for path in folder.rglob("*"))


def test_collect_without_rows_is_empty(event: Model) -> None:
    assert event.collect(b"", event.validate(b"", format="ndjson")) == b""
