"""One instance of the module and its linear memory: the only file that knows wasmtime."""

from __future__ import annotations

import ctypes
import sys
from array import array
from typing import TypeAlias

import wasmtime

Buffer: TypeAlias = bytes | bytearray | memoryview

RESULT_ADDRESS = 0x100


class Instance:
    """Calls and memory of one instance. Belongs to one thread at a time."""

    def __init__(self, engine: wasmtime.Engine, module: wasmtime.Module, max_memory_bytes: int) -> None:
        self._store = wasmtime.Store(engine)
        self._store.set_limits(memory_size=max_memory_bytes)
        exports = wasmtime.Instance(self._store, module, []).exports(self._store)
        memory = exports["memory"]
        assert isinstance(memory, wasmtime.Memory)
        self._memory = memory
        self._functions = {name: one for name, one in exports.items() if isinstance(one, wasmtime.Func)}

    def call(self, name: str, *arguments: float) -> int:
        """The result, unsigned; 0 when there is none. Traps are raised as MemoryError: there is no other."""
        try:
            result = self._functions[name](self._store, *arguments)
        except wasmtime.Trap as trap:
            raise MemoryError from trap
        return result & 0xFFFFFFFF if isinstance(result, int) else 0

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
