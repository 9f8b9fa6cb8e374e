"""The queue in memory: gathers events into the open batch of their model. Hot path: appends to a list for each event."""

from __future__ import annotations

from collections import deque
from typing import Callable, Deque, Dict, List, Optional, Sequence, Set, Tuple

from ._batch import Batch, Claim
from ._merge_positions import merge_positions
from ._queue import BatchLimits, ModelKey, Shedding
from ._shedding import Chunk, plan_shedding


class _Lane:
    """The open batch of one model."""

    def __init__(self) -> None:
        self.rows: List[bytes] = []
        self.bytes = 0
        self.opened_at_ms = 0.0


class MemoryQueue:
    """Numbers events under a producer of its own: it is as old as the queue, and so are the numbers."""

    durable = False

    def __init__(
        self, models: Sequence[ModelKey], limits: BatchLimits, producer: str, new_key: Callable[[], str]
    ) -> None:
        self._lanes: Dict[ModelKey, _Lane] = {model: _Lane() for model in models}
        self._limits = limits
        self._producer = producer
        self._new_key = new_key
        self._closed: Deque[Batch] = deque()
        # The server knows the numbers by model name: versions share one counter.
        self._next_ids: Dict[str, int] = {}
        self._under_way: Set[int] = set()
        self._sequence = 0
        self._position: Optional[str] = None
        self.events = 0
        self.size_bytes = 0

    def append(self, model: ModelKey, rows: Sequence[bytes], now_ms: float) -> None:
        lane = self._lanes[model]
        limits = self._limits
        for row in rows:
            size = len(row)
            if lane.rows and lane.bytes + size > limits.bytes:
                self._close(model, lane)
            if not lane.rows:
                lane.opened_at_ms = now_ms
            lane.rows.append(row)
            lane.bytes += size
            self.size_bytes += size
            if len(lane.rows) >= limits.events or lane.bytes >= limits.bytes:
                self._close(model, lane)
        self.events += len(rows)

    def take(self, now_ms: float) -> Optional[Batch]:
        for model, lane in self._lanes.items():
            if lane.rows and now_ms >= lane.opened_at_ms + self._limits.age_ms:
                self._close(model, lane)
        if not self._closed:
            return None
        batch = self._closed.popleft()
        self._under_way.add(batch.sequence)
        return batch

    def next_due_ms(self) -> Optional[float]:
        if self._closed:
            return 0.0
        opened = [lane.opened_at_ms for lane in self._lanes.values() if lane.rows]
        return min(opened) + self._limits.age_ms if opened else None

    def close_open(self) -> None:
        for model, lane in self._lanes.items():
            self._close(model, lane)

    def settle(self, batch: Batch, position: Optional[str]) -> None:
        self.events -= batch.events
        self.size_bytes -= len(batch.body)
        if position is not None:
            self._position = merge_positions(self._position, position)
        batch.claim.parts -= 1
        if batch.claim.parts == 0:
            self._under_way.discard(batch.sequence)

    def shed(self, more_bytes: int, max_bytes: int, shed_first: Sequence[str]) -> Shedding:
        going = self._plan_shedding(more_bytes, max_bytes, shed_first)
        if going is None:
            # Only now: closed with every newcomer, batches would become as small as these.
            self.close_open()
            going = self._plan_shedding(more_bytes, max_bytes, shed_first)
        if going is None:
            return Shedding(0, newcomers=True)
        keys = {chunk.key for chunk in going}
        gone = [batch for batch in self._closed if batch.sequence in keys]
        self._closed = deque(batch for batch in self._closed if batch.sequence not in keys)
        for batch in gone:
            self.events -= batch.events
            self.size_bytes -= len(batch.body)
        return Shedding(sum(batch.events for batch in gone))

    def erase(self) -> int:
        left = self.drain()
        for batch in left:
            self.settle(batch, None)
        return sum(batch.events for batch in left)

    def mark(self) -> int:
        return self._sequence

    def is_settled(self, mark: int) -> bool:
        oldest = min(self._under_way, default=self._sequence + 1)
        if self._closed:
            oldest = min(oldest, self._closed[0].sequence)
        return oldest > mark

    def position(self) -> Optional[str]:
        return self._position

    def drain(self) -> Sequence[Batch]:
        self.close_open()
        batches: Tuple[Batch, ...] = tuple(self._closed)
        self._closed.clear()
        for batch in batches:
            self._under_way.add(batch.sequence)
        return batches

    def close(self) -> None:
        """Nothing is held outside of memory."""

    def prepare_fork(self) -> None:
        """A child may inherit all of it."""

    def abandon(self) -> None:
        """What the parent queued the parent sends."""

    def _plan_shedding(self, more_bytes: int, max_bytes: int, shed_first: Sequence[str]) -> Optional[List[Chunk]]:
        waiting = [Chunk(batch.sequence, batch.model, len(batch.body), False) for batch in self._closed]
        others = self.size_bytes - sum(chunk.bytes for chunk in waiting)
        return plan_shedding([*waiting, Chunk(0, "", others, True)], shed_first, max_bytes, more_bytes)

    def _close(self, model: ModelKey, lane: _Lane) -> None:
        if not lane.rows:
            return
        count = len(lane.rows)
        self._sequence += 1
        first_id = self._next_ids.get(model[0], 0)
        self._next_ids[model[0]] = first_id + count
        self._closed.append(
            Batch(
                model=model[0],
                version=model[1],
                body=b"".join(lane.rows),
                events=count,
                key=self._new_key(),
                producer=self._producer,
                ids=((first_id, first_id + count - 1),),
                created_at_ms=lane.opened_at_ms,
                claim=Claim(()),
                sequence=self._sequence,
            )
        )
        lane.rows = []
        lane.bytes = 0
