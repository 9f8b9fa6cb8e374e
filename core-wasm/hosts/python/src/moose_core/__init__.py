"""The Moose core: what a valid event is and the bytes that ClickHouse stores, decided by the module of every host."""

from ._core import Core, Encoder, Model
from ._errors import CoreError, CoreErrorCode
from ._verdict import InputFormat, PartitionKeys, RowError, Unreadable, Validation

__all__ = [
    "Core",
    "CoreError",
    "CoreErrorCode",
    "Encoder",
    "InputFormat",
    "Model",
    "PartitionKeys",
    "RowError",
    "Unreadable",
    "Validation",
]
