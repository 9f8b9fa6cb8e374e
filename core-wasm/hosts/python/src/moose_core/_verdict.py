"""Verdicts: plain values that hold nothing of the module's memory."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from typing import Literal

InputFormat = Literal["json", "ndjson", "sequence"]


@dataclass(frozen=True)
class RowError:
    """One violation; text and order are the same wherever the core runs."""

    row: int
    path: str
    """JSON Pointer into the row; "" is the row itself."""
    code: str
    expected: str
    got: str
    """The offending JSON text, cut to 100 code points."""


@dataclass(frozen=True)
class Unreadable:
    """Why an input cannot be read as rows at all, and at which byte it breaks."""

    message: str
    offset: int


@dataclass(frozen=True)
class PartitionKeys:
    """Of a model with a partition key, for each accepted row in order."""

    hashes: array[int]
    """murmur2 of the key, unsigned, as Kafka's default partitioner takes it."""
    bounds: array[int]
    """Begin and end byte of the key's JSON text; both 0xffffffff where the row does not hold it."""


@dataclass(frozen=True)
class Validation:
    """Verdict on one input."""

    rows: int
    accepted: int
    rejected: int
    bounds: array[int]
    """Begin and end byte of each accepted row, in order: two numbers a row."""
    rejected_rows: array[int]
    errors: tuple[RowError, ...]
    errors_truncated: bool
    """More errors existed than max_errors allowed to report."""
    unreadable: Unreadable | None = None
    partition_keys: PartitionKeys | None = None
