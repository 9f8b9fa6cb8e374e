"""A batch: NDJSON bytes of one model under one idempotency key, and how it is cut when it is too large to go at once."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Dict, Iterable, List, Optional, Set, Tuple

Ranges = Tuple[Tuple[int, int], ...]
"""Numbers of events, first and last of each range, ascending."""


@dataclass
class Claim:
    """What of the queue a batch stands for. It leaves the queue when every part of the batch is settled."""

    rows: Tuple[int, ...]
    parts: int = 1


@dataclass
class Batch:
    model: str
    version: str
    body: bytes
    """One event a line, each ended by a line feed."""
    events: int
    key: str
    """The same on every attempt: the server stores the batch once however often it arrives."""
    producer: str
    """Who numbered the events: kept with them, whoever sends them in the end."""
    ids: Ranges
    """An event keeps its number in whatever batch it goes."""
    created_at_ms: float
    """When its oldest event was queued."""
    claim: Claim = field(default_factory=lambda: Claim(()))
    sequence: int = 0
    """Place of its last event in the order of queueing; the parts of a batch keep it."""
    attempts: int = 0
    first_attempt_ms: float = 0.0


def event_ids(batch: Batch) -> str:
    """As the header ``Moose-Event-Ids`` names the events."""
    ranges = ",".join(str(first) if first == last else f"{first}-{last}" for first, last in batch.ids)
    return f"{batch.producer};{ranges}"


def join_ranges(ranges: Iterable[Tuple[int, int]]) -> Ranges:
    joined: List[Tuple[int, int]] = []
    for first, last in ranges:
        if joined and joined[-1][1] + 1 == first:
            joined[-1] = (joined[-1][0], last)
        else:
            joined.append((first, last))
    return tuple(joined)


def split_batch(batch: Batch, max_bytes: int, new_keys: Tuple[str, str]) -> Optional[Tuple[Batch, Batch]]:
    """Its first rows, up to ``max_bytes`` but at least one, and the others. None when it has one row only.

    The parts go under new keys.
    """
    end = (batch.body.rfind(b"\n", 0, max_bytes) + 1) or (batch.body.find(b"\n") + 1)
    if end == len(batch.body):
        return None
    events = batch.body.count(b"\n", 0, end)
    head_ids, tail_ids = _split_ranges(batch.ids, events)
    batch.claim.parts += 1

    def part(body: bytes, count: int, ids: Ranges, key: str) -> Batch:
        return Batch(
            model=batch.model,
            version=batch.version,
            body=body,
            events=count,
            key=key,
            producer=batch.producer,
            ids=ids,
            created_at_ms=batch.created_at_ms,
            claim=batch.claim,
            sequence=batch.sequence,
        )

    return (
        part(batch.body[:end], events, head_ids, new_keys[0]),
        part(batch.body[end:], batch.events - events, tail_ids, new_keys[1]),
    )


def _split_ranges(ranges: Ranges, events: int) -> Tuple[Ranges, Ranges]:
    head: List[Tuple[int, int]] = []
    tail: List[Tuple[int, int]] = []
    for first, last in ranges:
        count = min(events, last - first + 1)
        events -= count
        if count > 0:
            head.append((first, first + count - 1))
        if first + count <= last:
            tail.append((first + count, last))
    return tuple(head), tuple(tail)


def row_texts(body: bytes, rows: Set[int]) -> Dict[int, str]:
    """The text of single rows, by index from 0."""
    lines = body.split(b"\n")
    return {row: lines[row].decode() for row in sorted(rows) if 0 <= row < len(lines) - 1}


def uuid7(now_ms: float, random: Optional[bytes] = None) -> str:
    """A UUIDv7 (RFC 9562) of ten random bytes. Keys sort by the time they were made."""
    bits = int.from_bytes(random or secrets.token_bytes(10), "big")
    value = (int(now_ms) & (2**48 - 1)) << 80 | bits
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    digits = f"{value:032x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
