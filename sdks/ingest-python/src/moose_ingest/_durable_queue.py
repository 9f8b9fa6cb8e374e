"""The queue in a file: every event is in it before send returns, and leaves it when the server has answered.

Of the processes that share a file one delivers, whoever holds the lock beside it; the others append and look on.
"""

from __future__ import annotations

import logging
from collections import deque
from contextlib import closing
from typing import Callable, Deque, Dict, List, Optional, Sequence, Set, Tuple

from ._batch import Batch, Claim, Ranges, join_ranges
from ._errors import IngestError
from ._merge_positions import merge_positions
from ._process_lock import ProcessLock
from ._queue import BatchLimits, ModelKey, Shedding
from ._queue_file import CHUNK_BYTES, Chunk, NewChunk, QueueFile, State
from ._shedding import Chunk as SheddableChunk
from ._shedding import take_until

_log = logging.getLogger("moose_ingest")

# How often a process looks for what others appended, and whether the one that delivered is gone.
POLL_MS = 200.0
# The header that names the events must stay small.
_MAX_RANGES = 64
_WINDOW_BATCHES = 8

_LaneKey = Tuple[str, str, str]
"""Producer, model, version."""


class _Lane:
    """Chunks that may go in one batch."""

    def __init__(self) -> None:
        self.chunks: Deque[Chunk] = deque()
        self.events = 0
        self.bytes = 0

    def add(self, chunk: Chunk) -> None:
        self.chunks.append(chunk)
        self.events += chunk.events
        self.bytes += len(chunk.body)

    def pop(self) -> Chunk:
        chunk = self.chunks.popleft()
        self.events -= chunk.events
        self.bytes -= len(chunk.body)
        return chunk


class DurableQueue:
    durable = True

    def __init__(
        self, file: QueueFile, lock: ProcessLock, limits: BatchLimits, producer: str, new_key: Callable[[], str]
    ) -> None:
        self._file = file
        self._lock = lock
        self._limits = limits
        self._producer = producer
        self._new_key = new_key
        # The server knows the numbers by model name: versions share one counter.
        self._next_ids: Dict[str, int] = {}
        # What the next batch of each model holds of this process's events, as far as is known: where pieces are cut.
        self._open: Dict[ModelKey, Tuple[int, int]] = {}
        self._state: State = file.state()
        self._others = -1
        # Read and not taken yet; in the order of the file, up to the cursor.
        self._lanes: Dict[_LaneKey, _Lane] = {}
        self._read_bytes = 0
        self._cursor = 0
        self._closed_through = 0
        self._next_poll_ms = 0.0
        self._under_way: Set[int] = set()
        self._unremoved: Set[int] = set()

    @property
    def events(self) -> int:
        return self._state.events

    @property
    def size_bytes(self) -> int:
        return self._state.bytes

    def append(self, model: ModelKey, rows: Sequence[bytes], now_ms: float) -> None:
        first_id = self._next_ids.get(model[0], 0)
        pieces = [
            NewChunk(self._producer, *model, first_id + begin, end - begin, now_ms, b"".join(rows[begin:end]))
            for begin, end in self._cut(model, rows)
        ]
        self._state = self._file.append(pieces)
        self._next_ids[model[0]] = first_id + len(rows)
        first_seq = self._state.next_seq - len(pieces)
        if self._lock.is_held and first_seq == self._cursor + 1 and self._read_bytes < self._window_bytes:
            for index, piece in enumerate(pieces):
                self._hold(Chunk(first_seq + index, *piece))

    def take(self, now_ms: float) -> Optional[Batch]:
        if now_ms >= self._next_poll_ms:
            self._next_poll_ms = now_ms + POLL_MS
            self._look_at_others()
        if not self._lock.is_held:
            return None
        self._read_more()
        ready = [(lane.chunks[0].seq, key) for key, lane in self._lanes.items() if self._is_closed(lane, now_ms)]
        return self._gather(min(ready)[1]) if ready else None

    def next_due_ms(self) -> Optional[float]:
        if not self._lock.is_held:
            return self._next_poll_ms
        if self._cursor + 1 < self._state.next_seq and self._read_bytes < self._window_bytes:
            return 0.0
        if any(self._is_full(lane) or lane.chunks[0].seq <= self._closed_through for lane in self._lanes.values()):
            return 0.0
        return min(
            [self._next_poll_ms, *(lane.chunks[0].created_ms + self._limits.age_ms for lane in self._lanes.values())]
        )

    def close_open(self) -> None:
        self._closed_through = self.mark()
        self._open.clear()

    def settle(self, batch: Batch, position: Optional[str]) -> None:
        batch.claim.parts -= 1
        merged = None if position is None else merge_positions(self._state.position, position)
        if batch.claim.parts == 0:
            self._unremoved.update(batch.claim.rows)
            self._under_way.difference_update(batch.claim.rows)
        if not self._unremoved and merged is None:
            return
        try:
            self._state, _ = self._file.remove(_spans(self._unremoved), merged)
            self._unremoved.clear()
        except IngestError as error:
            # Tried again with the next batch. What is sent twice meanwhile is stored once: the numbers are the same.
            _log.error("%s", error)

    def shed(self, more_bytes: int, max_bytes: int, shed_first: Sequence[str]) -> Shedding:
        if more_bytes > max_bytes:
            return Shedding(0, newcomers=True)
        with closing(self._file.sizes(shed_first)) as sizes:
            in_order = (SheddableChunk(*row, row[0] in self._under_way) for row in sizes)
            going = take_until(in_order, self._state.bytes + more_bytes - max_bytes)
        if going is None:
            return Shedding(0, newcomers=True)
        seqs = {chunk.key for chunk in going}
        self._state, events = self._file.remove(_spans(seqs), None)
        lanes, self._lanes, self._read_bytes, cursor = self._lanes, {}, 0, self._cursor
        for chunk in (chunk for lane in lanes.values() for chunk in lane.chunks if chunk.seq not in seqs):
            self._hold(chunk)
        self._cursor = cursor
        return Shedding(events)

    def erase(self) -> int:
        kept = [0, *sorted(self._under_way), self.mark() + 1]
        between = [(before + 1, after - 1) for before, after in zip(kept, kept[1:]) if after > before + 1]
        self._state, events = self._file.remove(between, None)
        self._lanes, self._read_bytes = {}, 0
        return events

    def mark(self) -> int:
        return self._file.state().next_seq - 1

    def is_settled(self, mark: int) -> bool:
        first = self._file.first_seq()
        return first is None or first > mark

    def position(self) -> Optional[str]:
        return self._file.state().position

    def drain(self) -> Sequence[Batch]:
        return ()

    def close(self) -> None:
        self._lock.release()
        self._file.close()

    def prepare_fork(self) -> None:
        self._file.close()

    def abandon(self) -> None:
        self._lock.release()

    @property
    def _window_bytes(self) -> int:
        """What of the file is in memory at most: enough for the next batches, however large the queue is."""
        return _WINDOW_BATCHES * (self._limits.bytes + self._limits.events * CHUNK_BYTES)

    def _cut(self, model: ModelKey, rows: Sequence[bytes]) -> List[Tuple[int, int]]:
        """Begin and end of each piece, so that whole pieces fill the batches."""
        pieces: List[Tuple[int, int]] = []
        begin = 0
        events, size = self._open.get(model, (0, 0))
        for index, row in enumerate(rows):
            if events >= self._limits.events or (events > 0 and size + len(row) > self._limits.bytes):
                if index > begin:
                    pieces.append((begin, index))
                begin, events, size = index, 0, 0
            events, size = events + 1, size + len(row)
        self._open[model] = (events, size)
        return [*pieces, (begin, len(rows))]

    def _look_at_others(self) -> None:
        if not self._lock.is_held and self._lock.try_take():
            # What the one before had under way goes out again, under the same numbers.
            self._cursor = 0
        changes = self._file.changes_of_others()
        if changes != self._others:
            self._others = changes
            self._state = self._file.state()

    def _read_more(self) -> None:
        while self._cursor + 1 < self._state.next_seq and self._read_bytes < self._window_bytes:
            chunks = self._file.read(self._cursor, self._window_bytes - self._read_bytes)
            for chunk in chunks:
                self._hold(chunk)
            if not chunks:
                self._cursor = self._state.next_seq - 1

    def _hold(self, chunk: Chunk) -> None:
        key = (chunk.producer, chunk.model, chunk.version)
        lane = self._lanes.get(key)
        if lane is None:
            lane = self._lanes[key] = _Lane()
        lane.add(chunk)
        self._read_bytes += len(chunk.body) + CHUNK_BYTES
        self._cursor = chunk.seq

    def _is_full(self, lane: _Lane) -> bool:
        return lane.events >= self._limits.events or lane.bytes >= self._limits.bytes

    def _is_closed(self, lane: _Lane, now_ms: float) -> bool:
        first = lane.chunks[0]
        # An event of the future was queued before the clock was set.
        is_young = 0 <= now_ms - first.created_ms < self._limits.age_ms
        return not is_young or first.seq <= self._closed_through or self._is_full(lane)

    def _gather(self, key: _LaneKey) -> Batch:
        lane = self._lanes[key]
        taken: List[Chunk] = []
        events = size = ranges = 0
        while lane.chunks and ranges < _MAX_RANGES:
            chunk = lane.chunks[0]
            if taken and (events + chunk.events > self._limits.events or size + len(chunk.body) > self._limits.bytes):
                break
            is_next = bool(taken) and taken[-1].first_id + taken[-1].events == chunk.first_id
            ranges += 0 if is_next else 1
            taken.append(lane.pop())
            events, size = events + chunk.events, size + len(chunk.body)
        if not lane.chunks:
            del self._lanes[key]
        self._read_bytes -= size + len(taken) * CHUNK_BYTES
        seqs = tuple(chunk.seq for chunk in taken)
        self._under_way.update(seqs)
        producer, model, version = key
        self._open.pop((model, version), None)
        return Batch(
            model=model,
            version=version,
            body=b"".join(chunk.body for chunk in taken),
            events=events,
            key=self._new_key(),
            producer=producer,
            ids=join_ranges((chunk.first_id, chunk.first_id + chunk.events - 1) for chunk in taken),
            created_at_ms=taken[0].created_ms,
            claim=Claim(seqs),
            sequence=seqs[-1],
        )


def _spans(seqs: Set[int]) -> Ranges:
    return join_ranges((seq, seq) for seq in sorted(seqs))
