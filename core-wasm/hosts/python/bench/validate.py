"""Batches through the core against msgspec's typed decode, in one interleaved run; prints MB/s and their ratio.

python bench/validate.py [seconds], with msgspec installed beside the test requirements.
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
ROWS = 20_000

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


def lines() -> bytes:
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
        for i in range(ROWS)
    )
    return b"".join(json.dumps(row, separators=(",", ":")).encode() + b"\n" for row in rows)


def main(seconds: float) -> None:
    program = base64.b64decode(json.loads((ROOT / "conformance" / "Flight.json").read_bytes())["program"])
    model = Core((ROOT / "build" / "core.wasm").read_bytes()).load(program)
    decoder = msgspec.json.Decoder(Flight)
    data = lines()

    def core() -> None:
        verdict = model.validate(data, format="ndjson")
        assert verdict.accepted == ROWS, verdict.errors[:1]

    def typed_decode() -> None:
        assert len(decoder.decode_lines(data)) == ROWS

    contenders: dict[str, Callable[[], None]] = {"core": core, "msgspec": typed_decode}
    speeds: dict[str, list[float]] = {name: [] for name in contenders}
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        for name, run in contenders.items():
            begin = time.perf_counter()
            run()
            speeds[name].append(len(data) / (time.perf_counter() - begin) / 1e6)
    medians = {name: statistics.median(given) for name, given in speeds.items()}
    for name, median in medians.items():
        print(
            f"{name:8} {median:7.0f} MB/s   {len(speeds[name])} runs of {ROWS} rows, {len(data) / ROWS:.0f} bytes each"
        )
    print(f"core / msgspec: {medians['core'] / medians['msgspec']:.2f}")


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 10)
