"""What to send next, and what becomes of it: the whole of delivery without threads, sockets or a clock.

    queue ──take──▶ under way ──answered──▶ settled
                     │  ▲   └──refused, too old──▶ on_error, settled
              failed ▼  │ due
                    retrying        413: two halves, under keys of their own, go next

Whoever calls holds the client's lock, and calls the notices back without it before it settles the batch.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Callable, Deque, Dict, List, Literal, Optional, Tuple, Union

from ._batch import Batch, row_texts, split_batch
from ._errors import IngestDeliveryError
from ._options import RejectedRow, RejectedRows
from ._queue import Queue
from ._reply import Answered, Failed, HttpReply, NoReply, read_reply
from ._retry_policy import Headers, RetryPolicy, action_after, parse_retry_after_ms, retry_delay_ms

Notice = Union[IngestDeliveryError, RejectedRows]


@dataclass(frozen=True)
class Finished:
    """Of one attempt. With ``settles``, call ``settle`` once the notices were given."""

    notices: Tuple[Notice, ...] = ()
    settles: bool = False
    position: Optional[str] = None


@dataclass
class Counts:
    sent: int = 0
    rejected: int = 0
    duplicates: int = 0
    lost: int = 0
    retries: int = 0


@dataclass(frozen=True)
class PipelineConfig:
    queue: Queue
    retry: RetryPolicy
    concurrency: int
    random: Callable[[], float]
    """In [0, 1): the jitter of retries."""
    new_key: Callable[[], str]


class Pipeline:
    def __init__(self, config: PipelineConfig) -> None:
        self._config = config
        self._queue = config.queue
        self._under_way: Dict[str, Batch] = {}
        # By key of the batch: when it is tried again. A part of those under way, so that they keep their place.
        self._due_ms: Dict[str, float] = {}
        self._halves: Deque[Batch] = deque()
        self._is_unauthorized = False
        self._has_ended = False
        self.is_paused = False
        """While the app waits for the user's consent: nothing new is begun."""
        self.counts = Counts()

    @property
    def batches_under_way(self) -> int:
        return len(self._under_way)

    def next(self, now_ms: float) -> Optional[Batch]:
        """The batch to send now, if there is one; ``finished`` is called with what came of it."""
        if self._has_ended or self.is_paused:
            return None
        for key, due_ms in self._due_ms.items():
            if due_ms <= now_ms:
                del self._due_ms[key]
                self.counts.retries += 1
                return self._begin(self._under_way[key], now_ms)
        if len(self._under_way) >= self._config.concurrency:
            return None
        batch = self._halves.popleft() if self._halves else self._queue.take(now_ms)
        return None if batch is None else self._begin(batch, now_ms)

    def next_due_ms(self) -> Optional[float]:
        """When ``next`` should be called again though nothing else happens."""
        if self.is_paused:
            return None
        times = list(self._due_ms.values())
        if len(self._under_way) < self._config.concurrency:
            queued = 0.0 if self._halves else self._queue.next_due_ms()
            if queued is not None:
                times.append(queued)
        return min(times, default=None)

    def finished(self, batch: Batch, reply: Union[HttpReply, NoReply], now_ms: float) -> Finished:
        if isinstance(reply, NoReply):
            return self._failed(batch, Failed(reply.reason, None), reply, now_ms)
        read = read_reply(reply)
        if isinstance(read, Answered):
            self._is_unauthorized = False
            return self._answered(batch, read, reply.headers.get("x-request-id"))
        return self._failed(batch, read, reply, now_ms)

    def settle(self, batch: Batch, position: Optional[str]) -> None:
        del self._under_way[batch.key]
        self._queue.settle(batch, position)

    def mark(self) -> int:
        return self._queue.mark()

    def is_settled(self, mark: int) -> bool:
        """Whether everything that was queued before the mark has left."""
        if any(batch.sequence <= mark for batch in (*self._under_way.values(), *self._halves)):
            return False
        return self._queue.is_settled(mark)

    def erase(self) -> int:
        """Forgets every event that is not being sent at this moment, and says how many."""
        waiting = [self._under_way.pop(key) for key in self._due_ms]
        left = [*waiting, *self._halves]
        self._due_ms.clear()
        self._halves.clear()
        for batch in left:
            self._queue.settle(batch, None)
        return sum(batch.events for batch in left) + self._queue.erase()

    def end(self) -> List[Notice]:
        """Gives up what a queue in memory holds; a durable one keeps it. What is being sent ends in ``finished``."""
        self._has_ended = True
        waiting = [self._under_way.pop(key) for key in self._due_ms]
        self._due_ms.clear()
        left = [*waiting, *self._halves, *self._queue.drain()]
        self._halves.clear()
        if self._queue.durable:
            return []
        reason = "the client was closed before it was sent"
        notices: List[Notice] = [self._lose(batch, "delivery_failed", Failed(reason, None)) for batch in left]
        for batch in left:
            self._queue.settle(batch, None)
        return notices

    def _begin(self, batch: Batch, now_ms: float) -> Batch:
        if batch.attempts == 0:
            batch.first_attempt_ms = now_ms
        batch.attempts += 1
        self._under_way[batch.key] = batch
        return batch

    def _answered(self, batch: Batch, reply: Answered, request_id: Optional[str]) -> Finished:
        counts = self.counts
        counts.sent += reply.accepted
        counts.rejected += reply.rejected
        counts.duplicates += reply.duplicates
        if reply.rejected == 0:
            return Finished(settles=True, position=reply.position)
        texts = row_texts(batch.body, {error.row for error in reply.errors})
        rows = tuple(
            RejectedRow(text, tuple(error for error in reply.errors if error.row == row)) for row, text in texts.items()
        )
        notice = RejectedRows(batch.model, reply.rejected, rows, request_id)
        return Finished((notice,), settles=True, position=reply.position)

    def _failed(self, batch: Batch, failed: Failed, reply: Union[HttpReply, NoReply], now_ms: float) -> Finished:
        headers: Headers = reply.headers if isinstance(reply, HttpReply) else {}
        if self._has_ended:
            return self._ended_under_way(batch, failed)
        action = action_after(failed.status, headers)
        if action == "split":
            parts = split_batch(batch, len(batch.body) // 2, (self._config.new_key(), self._config.new_key()))
            if parts is not None:
                del self._under_way[batch.key]
                self._halves.extendleft(reversed(parts))
                return Finished()
            action = "refuse"
        if action == "refuse":
            return Finished((self._lose(batch, "delivery_refused", failed, reply),), settles=True)
        policy = self._config.retry
        retry_after_ms = parse_retry_after_ms(headers, now_ms)
        delay_ms = retry_delay_ms(policy, batch.attempts, retry_after_ms, self._config.random)
        if action == "hold":
            self._due_ms[batch.key] = now_ms + delay_ms
            return Finished(self._tell_unauthorized(batch, failed, reply))
        if now_ms + delay_ms - batch.first_attempt_ms > policy.give_up_after_ms:
            return Finished((self._lose(batch, "delivery_failed", failed, reply),), settles=True)
        self._due_ms[batch.key] = now_ms + delay_ms
        return Finished()

    def _ended_under_way(self, batch: Batch, failed: Failed) -> Finished:
        if self._queue.durable:
            # It stays in the file, and goes out again under the same numbers.
            return Finished()
        ended = Failed("the client was closed before it was answered", failed.status, failed.problem_code)
        return Finished((self._lose(batch, "delivery_failed", ended),), settles=True)

    def _tell_unauthorized(
        self, batch: Batch, failed: Failed, reply: Union[HttpReply, NoReply]
    ) -> Tuple[IngestDeliveryError, ...]:
        if self._is_unauthorized:
            return ()
        self._is_unauthorized = True
        message = f"The server refuses the credentials ({failed.reason}). The events of {batch.model} are kept and tried again."
        return (_delivery_error("unauthorized", message, batch, failed, reply),)

    def _lose(
        self,
        batch: Batch,
        code: Literal["delivery_refused", "delivery_failed"],
        failed: Failed,
        reply: Union[HttpReply, NoReply, None] = None,
    ) -> IngestDeliveryError:
        self.counts.lost += batch.events
        attempts = f"{batch.attempts} attempt{'' if batch.attempts == 1 else 's'}"
        message = f"{batch.events} events of {batch.model} were not delivered after {attempts}: {failed.reason}."
        return _delivery_error(code, message, batch, failed, reply)


def _delivery_error(
    code: Literal["delivery_refused", "delivery_failed", "unauthorized"],
    message: str,
    batch: Batch,
    failed: Failed,
    reply: Union[HttpReply, NoReply, None],
) -> IngestDeliveryError:
    error = IngestDeliveryError(
        code,
        message,
        model=batch.model,
        events=batch.events,
        ndjson=batch.body,
        attempts=batch.attempts,
        status=failed.status,
        problem_code=failed.problem_code,
        request_id=reply.headers.get("x-request-id") if isinstance(reply, HttpReply) else None,
    )
    error.__cause__ = reply.cause if isinstance(reply, NoReply) else None
    return error
