"""The compiled module, its instances and their linear memory: the only file that knows wasmtime."""

from __future__ import annotations

import ctypes
import sys
from array import array
from typing import TypeAlias

import wasmtime

from ._errors import CoreError

Buffer: TypeAlias = bytes | bytearray | memoryview

RESULT_ADDRESS = 0x100
# The fail code after a trap that no defect caused.
_MEMORY_REFUSED = 101
# Room that is made at least, so that inputs of usual sizes find it made.
LEAST_ROOM_BYTES = 16 * 1024


class CompiledModule:
    """The machine code of the module, shared by its instances."""

    def __init__(self, wasm: bytes, *, cache: bool) -> None:
        config = wasmtime.Config()
        if cache:
            config.cache = True
        self.engine = wasmtime.Engine(config)
        self.module = wasmtime.Module(self.engine, wasm)


class Instance:
    """Calls and memory of one instance. Belongs to one thread at a time."""

    def __init__(self, compiled: CompiledModule, max_memory_bytes: int) -> None:
        self._room_at = 0
        self._room_bytes = -1
        self._room_errors = 0
        self._store = wasmtime.Store(compiled.engine)
        self._store.set_limits(memory_size=max_memory_bytes)
        exports = wasmtime.Instance(self._store, compiled.module, []).exports(self._store)
        memory = exports["memory"]
        assert isinstance(memory, wasmtime.Memory)
        self._memory = memory
        self._functions = {name: one for name, one in exports.items() if isinstance(one, wasmtime.Func)}

    def call(self, name: str, *arguments: float) -> int:
        """The result, unsigned; 0 when there is none. A trap is raised as CoreError: drop the instance then."""
        try:
            result = self._functions[name](self._store, *arguments)
        except wasmtime.Trap as trap:
            raise self._trap_error(trap) from trap
        return result & 0xFFFFFFFF if isinstance(result, int) else 0

    def input_room(self, length: int, max_errors: int) -> int:
        """Where a validator's input of ``length`` bytes is written. Kept: a call costs as much as many rows."""
        if length > self._room_bytes or max_errors != self._room_errors:
            self._room_bytes = -1
            room_bytes = max(LEAST_ROOM_BYTES, length)
            self._room_at = self.call("validateRoom", room_bytes, max_errors)
            self._room_bytes, self._room_errors = room_bytes, max_errors
        return self._room_at

    @property
    def memory_bytes(self) -> int:
        return self._memory.data_len(self._store)

    def write(self, at: int, data: Buffer) -> None:
        source = data if isinstance(data, bytes) else bytes(data)
        ctypes.memmove(self._address() + at, source, len(source))

    def read(self, at: int, length: int) -> bytes:
        return ctypes.string_at(self._address() + at, length)

    def words(self, at: int, count: int) -> array[int]:
        words = array("I")
        words.frombytes(self.read(at, count * 4))
        if sys.byteorder == "big":
            words.byteswap()
        return words

    def _address(self) -> int:
        # The memory may have moved in any call.
        return ctypes.addressof(self._memory.data_ptr(self._store).contents)

    def _trap_error(self, trap: wasmtime.Trap) -> CoreError:
        if self.words(RESULT_ADDRESS, 9)[8] == _MEMORY_REFUSED:
            message = "the host refused more memory to the WebAssembly core: send less at a time"
            return CoreError("out_of_memory", message)
        what = "unknown" if trap.trap_code is None else trap.trap_code.name.lower().replace("_", " ")
        message = (
            f"the WebAssembly core stopped ({what}); this is a defect of the core, please report it with the input"
        )
        return CoreError("trapped", message)
