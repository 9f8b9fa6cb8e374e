"""The verdict of the core on events, before they leave: no rule stands here. Hot path."""

from __future__ import annotations

import ctypes
import secrets
import struct
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Optional, Tuple

from ._errors import RowError
from ._wasm_module import CompiledModule, CoreStopped, Instance

CORE_WASM = Path(__file__).with_name("core.wasm")
MAX_INPUT_BYTES = 32 * 1024 * 1024

# Offsets of core-wasm/ABI.md.
_ANSWER = 0x100
_ANSWER_WORDS = 12
_HEAD = struct.Struct("<3I")
_RECORD_BYTES = 96
_RECORD_TEXTS = 64
# Room that is made at least: a call for more costs as much as many events.
_LEAST_ROOM_BYTES = 16 * 1024
# An instance that grew beyond this is made anew, so that memory does not grow for ever.
_RETAINED_BYTES = 32 * 1024 * 1024
_FORMATS = {"json": 0, "ndjson": 1, "sequence": 2}

InputFormat = Literal["json", "ndjson", "sequence"]


@dataclass(frozen=True)
class Verdict:
    """On one input. ``unreadable`` says why it holds no rows at all."""

    rows: int
    rejected: int
    errors: Tuple[RowError, ...] = ()
    errors_truncated: bool = False
    unreadable: Optional[str] = None


_ONE_ACCEPTED = Verdict(1, 0)


class Validator:
    """Of one model. Safe to share between threads, which take turns; made anew after a fork.

    Without ``quick`` calls go through wasmtime's public call, as they do where its binding hides the quicker one.
    """

    def __init__(self, program: bytes, max_errors: int, wasm: Path = CORE_WASM, *, quick: bool = True) -> None:
        self._program = program
        self._max_errors = max_errors
        self._compiled = CompiledModule.of(wasm)
        self._quick = quick
        self._turn = threading.Lock()
        self._instance: Optional[Instance] = None
        self._address = 0
        self._reset()

    def validate(self, data: bytes, format: InputFormat) -> Verdict:
        """Raises CoreStopped, and ValueError above 32 MiB."""
        length = len(data)
        if length > MAX_INPUT_BYTES:
            raise ValueError(f"{length} bytes are given, and {MAX_INPUT_BYTES} are possible at once")
        with self._turn:
            try:
                instance = self._instance or self._reset()
                if length > self._room_bytes:
                    self._make_room(instance, length)
                ctypes.memmove(self._address + self._room_at, data, length)
                self._validate(length, _FORMATS[format])
                self._address = instance.address
                rows, rejected, readable = _HEAD.unpack(ctypes.string_at(self._address + _ANSWER, _HEAD.size))
                if readable == 1 and rejected == 0:
                    verdict = _ONE_ACCEPTED if rows == 1 else Verdict(rows, 0)
                else:
                    verdict = _read_refusal(instance)
                if (length > _LEAST_ROOM_BYTES or rejected > 0) and instance.memory_bytes > _RETAINED_BYTES:
                    self._instance = None
                return verdict
            except CoreStopped:
                self._instance = None
                raise

    def _reset(self) -> Instance:
        instance = Instance(self._compiled)
        at = instance.call("programRoom", len(self._program))
        ctypes.memmove(instance.address + at, self._program, len(self._program))
        instance.call("loadProgram", 0, secrets.randbits(63))
        self._validate = instance.binary_call("validate", quick=self._quick)
        self._make_room(instance, _LEAST_ROOM_BYTES)
        self._instance = instance
        return instance

    def _make_room(self, instance: Instance, length: int) -> None:
        self._room_bytes = 0
        self._room_at = instance.call("validateRoom", length, self._max_errors)
        self._address = instance.address
        self._room_bytes = length


def _read_refusal(instance: Instance) -> Verdict:
    answer = instance.words(_ANSWER, _ANSWER_WORDS)
    if answer[2] == 0:
        return Verdict(0, 0, unreadable=instance.read(answer[9], answer[10]).decode())
    errors = []
    for index in range(answer[4]):
        at = answer[6] + index * _RECORD_BYTES
        places = instance.words(at + _RECORD_TEXTS, 8)
        code, path, expected, got = (instance.read(places[i], places[i + 1]).decode() for i in (0, 2, 4, 6))
        errors.append(RowError(instance.words(at, 1)[0], path, code, expected, got))
    return Verdict(answer[0], answer[1], tuple(errors), answer[5] != 0)
