"""The compiled core and instances of it: the only file that knows wasmtime. Hot path: a call for each event."""

from __future__ import annotations

import atexit
import ctypes
import struct
import weakref
from pathlib import Path
from typing import Any, Callable, Dict, Optional, Tuple

import wasmtime

from ._errors import IngestError

# Compiled once in a process, and before it forks: children share the machine code.
_compiled: Dict[Path, CompiledModule] = {}

# Stores that live.
_stores: weakref.WeakSet[wasmtime.Store] = weakref.WeakSet()

# Word 8 of the answer block, and its value after a trap that no defect caused (core-wasm/ABI.md).
_FAIL_CODE = 0x100 + 8 * 4
_MEMORY_REFUSED = 101

Call = Callable[..., None]


def _keep_to_the_end() -> None:
    """wasmtime's finalizers fail, with a trace on standard error, once the interpreter has begun to clear its modules."""
    compiled = list(_compiled.values())
    for held in [*_stores, *(one.engine for one in compiled), *(one.module for one in compiled)]:
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(held))


atexit.register(_keep_to_the_end)


class CompiledModule:
    """The machine code, shared by all instances of the process."""

    def __init__(self, wasm: bytes) -> None:
        self.engine = wasmtime.Engine(_config())
        self.module = wasmtime.Module(self.engine, wasm)

    @staticmethod
    def of(path: Path) -> CompiledModule:
        """Raises IngestError ``core_unavailable``."""
        known = _compiled.get(path)
        if known is None:
            try:
                known = _compiled[path] = CompiledModule(path.read_bytes())
            except (OSError, wasmtime.WasmtimeError) as error:
                message = f"The validation core {path} could not be loaded: {error}."
                raise IngestError("core_unavailable", message) from error
        return known


def _config() -> wasmtime.Config:
    """With wasmtime's cache of the user: compiling takes a tenth of a second, reading it two milliseconds."""
    config = wasmtime.Config()
    try:
        config.cache = True
    except wasmtime.WasmtimeError:
        # A home that cannot be written.
        return wasmtime.Config()
    return config


class CoreStopped(Exception):
    """A trap: the instance must not be used again. Says whether memory was refused or the core has a defect."""


class Instance:
    """Calls and memory of one instance. Belongs to one thread at a time."""

    def __init__(self, compiled: CompiledModule) -> None:
        self._store = wasmtime.Store(compiled.engine)
        _stores.add(self._store)
        exports = wasmtime.Instance(self._store, compiled.module, []).exports(self._store)
        memory = exports["memory"]
        assert isinstance(memory, wasmtime.Memory)
        self._memory = memory
        self._functions = {name: one for name, one in exports.items() if isinstance(one, wasmtime.Func)}

    def call(self, name: str, *arguments: int) -> int:
        """The result, unsigned; 0 when there is none. Raises CoreStopped."""
        try:
            result = self._functions[name](self._store, *arguments)
        except wasmtime.Trap as trap:
            raise self._stopped() from trap
        return result & 0xFFFFFFFF if isinstance(result, int) else 0

    def binary_call(self, name: str, *, quick: bool) -> Call:
        """A function of two numbers without a result; ``quick``: without what ``call`` spends on converting them."""
        found = _unchecked_call(self._store, self._functions[name], self._stopped) if quick else None
        return found or (lambda *arguments: _ignore(self, name, arguments))

    def _stopped(self) -> CoreStopped:
        if self.words(_FAIL_CODE, 1)[0] == _MEMORY_REFUSED:
            return CoreStopped("the system gave it no more memory: send less at a time")
        return CoreStopped("this is a defect of the core, please report it with the event")

    @property
    def address(self) -> int:
        """Where the memory begins; it may move in any call."""
        return ctypes.addressof(self._memory.data_ptr(self._store).contents)

    @property
    def memory_bytes(self) -> int:
        return int(self._memory.data_len(self._store))

    def read(self, at: int, length: int) -> bytes:
        return ctypes.string_at(self.address + at, length)

    def words(self, at: int, count: int) -> Tuple[int, ...]:
        return struct.unpack(f"<{count}I", self.read(at, count * 4))


def _ignore(instance: Instance, name: str, arguments: Any) -> None:
    instance.call(name, *arguments)


def _unchecked_call(
    store: wasmtime.Store, function: wasmtime.Func, stopped: Callable[[], CoreStopped]
) -> Optional[Call]:
    """wasmtime's C call with raw values: a seventh of the time of its Python call. None where this binding hides it."""
    try:
        from wasmtime import _ffi as ffi

        call: Any = ffi.wasmtime_func_call_unchecked
        # Held by the closure: the C side keeps nothing.
        raw = (ffi.wasmtime_val_raw_t * 2)()
        trap = ctypes.POINTER(ffi.wasm_trap_t)()
        context: Any = store._context()
        pointer = ctypes.byref(function._func)
        trap_pointer = ctypes.byref(trap)
    except (ImportError, AttributeError, TypeError):
        return None

    def run(first: int, second: int) -> None:
        raw[0].i32, raw[1].i32 = first, second
        if call(context, pointer, raw, 2, trap_pointer) or trap:
            raise stopped()

    return run
