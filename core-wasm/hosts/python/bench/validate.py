"""Batches through the core against msgspec's typed decode, interleaved: CPU time an event, and ratios; then the start.

``node core-wasm/bench/python.mjs [seconds]`` runs it in the environment of the tests.
"""

from __future__ import annotations

import base64
import json
import statistics
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated

import msgspec

from moose_core import Core

ROOT = Path(__file__).parents[3]
BATCHES = (1_000, 5_000, 20_000)

Int16 = Annotated[int, msgspec.Meta(ge=-(2**15), lt=2**15)]
Int32 = Annotated[int, msgspec.Meta(ge=-(2**31), lt=2**31)]


class Flight(msgspec.Struct, forbid_unknown_fields=True):
    """The fields and limits of the model in conformance/Flight.json."""

    seenAt: datetime
    flight: str
    origin: str
    destination: str
    carrier: str
    altitude: Int32
    speed: float
    delay: Int16
    onTime: bool


def lines() -> list[bytes]:
    rows = (
        {
            "seenAt": f"2026-01-31T12:{i % 60:02}:{i * 7 % 60:02}.{i % 1000:03}Z",
            "flight": f"MX{i % 9000:04}",
            "origin": ("SFO", "ORD", "JFK", "LHR", "HND")[i % 5],
            "destination": ("BER", "CDG", "DXB", "SYD")[i % 4],
            "carrier": f"Carrier of number {i % 40}, a name of usual length",
            "altitude": 9000 + i % 3000,
            "speed": 400 + i % 1000 / 8,
            "delay": i % 200 - 20,
            "onTime": i % 3 == 0,
        }
        for i in range(max(BATCHES))
    )
    return [json.dumps(row, separators=(",", ":")).encode() + b"\n" for row in rows]


def batches(wasm: bytes, program: bytes, seconds: float) -> None:
    model = Core(wasm).load(program)
    decoder = msgspec.json.Decoder(Flight)
    rows = lines()
    print(f"{len(b''.join(rows)) / len(rows):.0f} bytes an event; ns of CPU time an event: best (median)")
    for size in BATCHES:
        data = b"".join(rows[:size])

        def core(data: bytes = data, size: int = size) -> None:
            verdict = model.validate(data, format="ndjson")
            assert verdict.accepted == size, verdict.errors[:1]

        def typed_decode(data: bytes = data, size: int = size) -> None:
            assert len(decoder.decode_lines(data)) == size

        contenders: dict[str, Callable[[], None]] = {"core": core, "msgspec": typed_decode}
        spent: dict[str, list[float]] = {name: [] for name in contenders}
        end = time.perf_counter() + seconds / len(BATCHES)
        while time.perf_counter() < end:
            for name, run in contenders.items():
                begin = time.thread_time()
                run()
                spent[name].append((time.thread_time() - begin) / size * 1e9)
        best = {name: min(given) for name, given in spent.items()}
        median = {name: statistics.median(given) for name, given in spent.items()}
        shown = "   ".join(f"{name} {best[name]:5.0f} ({median[name]:5.0f})" for name in contenders)
        ratios = f"{best['msgspec'] / best['core']:.2f} ({median['msgspec'] / median['core']:.2f})"
        print(f"batches of {size:6}   {shown}   msgspec / core: {ratios}")


def start(wasm: bytes, program: bytes) -> None:
    """Compiling, with and without wasmtime's cache: the user's, unless XDG_CACHE_HOME names another folder."""
    for name, cache, times in (("compiled", False, 5), ("cached", True, 21)):
        spent = []
        for _ in range(times):
            begin = time.perf_counter()
            assert Core(wasm, cache=cache).load(program).validate(b"", format="ndjson").rows == 0
            spent.append((time.perf_counter() - begin) * 1e3)
        print(f"start, {name:8} median {statistics.median(spent):6.1f} ms, best {min(spent):6.1f} ms")


def main(seconds: float) -> None:
    wasm = (ROOT / "build" / "core.wasm").read_bytes()
    program = base64.b64decode(json.loads((ROOT / "conformance" / "Flight.json").read_bytes())["program"])
    batches(wasm, program, seconds)
    start(wasm, program)


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 15)
