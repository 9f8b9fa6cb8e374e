"""Loads compiled programs into the module; validates, collects and encodes with them. No rule stands here."""

from __future__ import annotations

import hashlib
import secrets
from array import array

from ._errors import CoreError
from ._instance import RESULT_ADDRESS, Buffer, CompiledModule, Instance
from ._verdict import InputFormat, PartitionKeys, RowError, Unreadable, Validation

MAX_INPUT_BYTES = 32 * 1024 * 1024
MAX_ERRORS = 100_000
# An instance that grew beyond this is made anew, so that memory does not grow for ever.
RETAINED_BYTES = 32 * 1024 * 1024

_FORMATS = {"json": 0, "ndjson": 1, "sequence": 2}
_REJECTED = 0xFFFFFFFF
_RECORD_BYTES = 96
_RECORD_TEXTS = 64
_BLOCK_TOO_LARGE = 100


class Core:
    """The compiled module. ``wasm`` is ``core.wasm``, as the npm package ``@moose/core`` carries it.

    ``max_memory_bytes`` bounds each instance; without it, the module's own limit of 2 GiB holds. With ``cache``, the
    machine code stays in wasmtime's cache of this user: compiling takes hundreds of milliseconds, reading it two.
    """

    def __init__(self, wasm: bytes, *, max_memory_bytes: int = 2**31, cache: bool = False) -> None:
        self._max_memory_bytes = max_memory_bytes
        self._compiled = CompiledModule(wasm, cache=cache)

    def load(self, program: bytes) -> Model:
        """A model from its compiled program (``ModelCore.program`` of the JavaScript host)."""
        if program[:4] != b"MSP1":
            raise ValueError(f"not a compiled program: it begins with {program[:4]!r}, not b'MSP1'")
        return Model(self, program)

    def _instance(self, program: bytes, encode: bool) -> Instance:
        instance = Instance(self._compiled, self._max_memory_bytes)
        instance.write(instance.call("programRoom", len(program)), program)
        instance.call("loadProgram", int(encode), secrets.randbits(63))
        return instance


class Model:
    """One model's validator, and where its encoders come from. Belongs to one thread at a time."""

    def __init__(self, core: Core, program: bytes) -> None:
        self._core = core
        self.program = program
        rules = int.from_bytes(program[8:12], "little")
        self.schema_id = hashlib.sha256(program[:rules]).hexdigest()[:32]
        self._validator: Instance | None = None

    def validate(self, data: Buffer, *, format: InputFormat, max_errors: int = 100) -> Validation:
        """The verdict on ``data``. Raises ValueError above 32 MiB: validate slices."""
        _must_fit(data)
        instance = self._validator or self._core._instance(self.program, encode=False)
        self._validator = None
        instance.write(instance.input_room(len(data), min(MAX_ERRORS, max(0, max_errors))), data)
        instance.call("validate", len(data), _FORMATS[format])
        validation = _read_validation(instance, len(data))
        if instance.memory_bytes <= RETAINED_BYTES:
            self._validator = instance
        return validation

    def collect(self, data: Buffer, validation: Validation) -> bytes:
        """The accepted rows, each followed by a line feed, as encoders are fed."""
        begins, ends = validation.bounds[::2], validation.bounds[1::2]
        return b"\n".join([*map(bytes(data).__getitem__, map(slice, begins, ends)), b""])

    def encoder(self) -> Encoder:
        """A new encoder, with an instance of its own."""
        return Encoder(self._core, self.program)


class Encoder:
    """Builds ClickHouse Native blocks: feed any number of times, then finish. Belongs to one thread at a time."""

    def __init__(self, core: Core, program: bytes) -> None:
        self._core = core
        self._program = program
        self._instance: Instance | None = None

    @property
    def rows(self) -> int:
        """Rows fed since the last finish."""
        return 0 if self._instance is None else self._instance.call("heldRows")

    @property
    def bytes_held(self) -> int:
        """Bytes that the columns hold so far."""
        return 0 if self._instance is None else self._instance.call("heldBytes")

    def feed(self, rows: Buffer, *, partition: int, base_offset: int, received_at_ms: int) -> int:
        """Appends rows (as collect returns them) and says how many. Raises CoreError; the block is as before then."""
        _must_fit(rows)
        if not (0 <= partition < 2**32 and 0 <= base_offset < 2**53 and abs(received_at_ms) < 2**53):
            raise ValueError(f"not an origin of rows: {partition}, {base_offset}, {received_at_ms}")
        instance = self._live()
        before = instance.call("heldRows")
        try:
            instance.write(instance.call("feedRoom", len(rows)), rows)
            taken = instance.call("feed", len(rows), partition, float(base_offset), float(received_at_ms))
        except CoreError:
            self._instance = None
            raise
        if taken == 0:
            raise _refusal(instance)
        return instance.call("heldRows") - before

    def finish(self) -> bytes:
        """One Native block; the next begins."""
        instance = self._live()
        try:
            instance.call("finish")
        except CoreError:
            self._instance = None
            raise
        pieces, count, columns, rows = instance.words(RESULT_ADDRESS, 4)
        listed = instance.words(pieces, count * 2)
        parts = [_leb128(columns), _leb128(rows)]
        parts += [instance.read(listed[at], listed[at + 1]) for at in range(0, len(listed), 2)]
        self.reset()
        return b"".join(parts)

    def reset(self) -> None:
        """Drops what was fed."""
        if self._instance is None:
            return
        self._instance.call("clear")
        if self._instance.memory_bytes > RETAINED_BYTES:
            self._instance = None

    def _live(self) -> Instance:
        if self._instance is None:
            self._instance = self._core._instance(self._program, encode=True)
        return self._instance


def _read_validation(instance: Instance, length: int) -> Validation:
    result = instance.words(RESULT_ADDRESS, 12)
    rows, rejected, readable, verdicts, error_count, truncated, records, fail_at = result[:8]
    if readable == 0:
        unreadable = Unreadable(instance.read(result[9], result[10]).decode(), min(fail_at, length))
        return Validation(0, 0, 0, array("I"), array("I"), (), False, unreadable)
    words = instance.words(verdicts, rows * 2)
    bounds, rejected_rows = (words, array("I")) if rejected == 0 else _part(words)
    return Validation(
        rows=rows,
        accepted=rows - rejected,
        rejected=rejected,
        bounds=bounds,
        rejected_rows=rejected_rows,
        errors=_read_errors(instance, records, error_count),
        errors_truncated=truncated != 0,
        partition_keys=_read_keys(instance, result[11], rows - rejected),
    )


def _part(words: array[int]) -> tuple[array[int], array[int]]:
    """Bounds of the accepted rows, and indexes of the rejected ones."""
    bounds, rejected = array("I"), array("I")
    for at in range(0, len(words), 2):
        if words[at] == _REJECTED:
            rejected.append(words[at + 1])
        else:
            bounds.extend(words[at : at + 2])
    return bounds, rejected


def _read_keys(instance: Instance, at: int, count: int) -> PartitionKeys | None:
    if at == 0:
        return None
    words = instance.words(at, count * 3)
    bounds = array("I", bytes(count * 8))
    bounds[::2], bounds[1::2] = words[1::3], words[2::3]
    return PartitionKeys(words[::3], bounds)


def _read_errors(instance: Instance, records: int, count: int) -> tuple[RowError, ...]:
    errors = []
    for index in range(count):
        at = records + index * _RECORD_BYTES
        places = instance.words(at + _RECORD_TEXTS, 8)
        code, path, expected, got = (instance.read(places[i], places[i + 1]).decode() for i in (0, 2, 4, 6))
        errors.append(RowError(instance.words(at, 1)[0], path, code, expected, got))
    return tuple(errors)


def _refusal(instance: Instance) -> CoreError:
    result = instance.words(RESULT_ADDRESS, 9)
    row, readable, fail_at, fail_code = result[0], result[2], result[7], result[8]
    if readable == 0 and fail_code == _BLOCK_TOO_LARGE:
        return CoreError("block_too_large", f"the columns would grow too large at row {row}: feed fewer rows", row)
    if readable == 0:
        return CoreError("invalid_rows", f"row {row} is not JSON: it breaks at byte {fail_at} of what was fed", row)
    first = _read_errors(instance, result[6], min(1, result[4]))
    why = "".join(f": {one.path} {one.code}, expected {one.expected}, got {one.got}" for one in first)
    return CoreError("invalid_rows", f"row {row} is not valid{why}", row)


def _must_fit(data: Buffer) -> None:
    if len(data) > MAX_INPUT_BYTES:
        raise ValueError(f"{len(data)} bytes are given, and {MAX_INPUT_BYTES} are possible at once: give slices")


def _leb128(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)
