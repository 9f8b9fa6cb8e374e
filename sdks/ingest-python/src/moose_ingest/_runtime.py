"""What a client is in one process: its queue, its threads and its lock. A child after a fork gets a new one.

Threads start when they are needed and end when they have been idle; where no thread can be started any more (the
interpreter is ending) whoever waits delivers itself.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from typing import Callable, List, Optional, Sequence, Tuple, Union

from ._batch import Batch
from ._callbacks import Callbacks
from ._clock import Clock
from ._errors import IngestError
from ._held_back import HeldBack
from ._http_connection import HttpConnection
from ._options import Consent, Settings
from ._pipeline import Counts, Pipeline
from ._queue import ModelKey, Queue
from ._reply import write_request

_log = logging.getLogger("moose_ingest")

# A sending thread beyond the first ends when it had nothing to do for so long.
_IDLE_LIMIT_MS = 10_000.0
_JOIN_LIMIT_S = 5.0
_FORK_LIMIT_S = 15.0
_FAILED_QUEUE_PAUSE_MS = 1_000.0
# Another process may settle what this one waits for.
_LOOK_AGAIN_MS = 25.0

# Opens connections; tests hand in one without a network.
Connect = Callable[[], HttpConnection]


@dataclass(frozen=True)
class Measured:
    queued_events: int
    queued_bytes: int
    batches_under_way: int
    shed_events: int
    withheld_events: int
    counts: Counts


class Runtime:
    def __init__(self, settings: Settings, queue: Queue, pipeline: Pipeline, clock: Clock, connect: Connect) -> None:
        self._settings = settings
        self._queue = queue
        self._pipeline = pipeline
        self._clock = clock
        self._connect = connect
        self._lock = threading.Lock()
        self._work = threading.Condition(self._lock)
        """Notified when there may be something to send."""
        self._left = threading.Condition(self._lock)
        """Notified when a batch has left: there may be room, or a flush may be done."""
        self._listeners: List[Callable[[], None]] = []
        self._threads: List[threading.Thread] = []
        self._idle = 0
        self._connections: List[HttpConnection] = []
        self._cannot_start_threads = False
        self._has_ended = False
        self._consent: Consent = "granted"
        self._held = HeldBack(settings.max_queue_bytes)
        self._callbacks = Callbacks(settings)
        self._shed_events = 0
        self._withheld_events = 0
        self.set_consent(settings.consent)

    def offer(self, model: ModelKey, rows: Sequence[bytes], timeout_ms: float) -> None:
        """Queues all rows or none. Raises IngestError ``queue_full``, ``queue_failed``, ``closed``."""
        deadline_ms: Optional[float] = None
        while True:
            with self._lock:
                if self._try_queue(model, rows):
                    break
                now_ms = self._clock.now_ms()
                deadline_ms = now_ms + timeout_ms if deadline_ms is None else deadline_ms
                if now_ms >= deadline_ms:
                    raise self.full(timeout_ms)
                self._wait(self._left, deadline_ms - now_ms)
        self._deliver_here_if_needed(timeout_ms)

    def set_consent(self, consent: Consent) -> None:
        """Raises IngestError ``queue_failed`` when what was held cannot be queued; it is held on then."""
        with self._lock:
            self._consent = consent
            self._pipeline.is_paused = consent == "pending"
            if consent == "pending":
                return
            held = self._held.release()
            if consent == "denied":
                self._withheld_events += sum(len(rows) for _, rows in held) + self._pipeline.erase()
                self._left.notify_all()
            else:
                self._queue_held(held)
                self._wake()

    def _queue_held(self, held: Sequence[Tuple[ModelKey, Sequence[bytes]]]) -> None:
        for index, (model, rows) in enumerate(held):
            try:
                self._queue.append(model, rows, self._clock.now_ms())
            except IngestError:
                # For the next time that consent is granted.
                for rest in held[index:]:
                    self._held.keep(*rest)
                raise

    def try_offer(self, model: ModelKey, rows: Sequence[bytes]) -> bool:
        """False when there is no room yet, and ``when_full`` is "wait"."""
        with self._lock:
            return self._try_queue(model, rows)

    def _try_queue(self, model: ModelKey, rows: Sequence[bytes]) -> bool:
        if self._has_ended:
            raise IngestError("closed", "The client is closed; create a new one to send more.")
        settings, queue = self._settings, self._queue
        if self._consent == "denied":
            self._withheld_events += len(rows)
            return True
        if self._consent == "pending":
            self._shed_events += self._held.keep(model, rows)
            return True
        if settings.when_full == "shed":
            size = sum(map(len, rows))
            if queue.size_bytes + size > settings.max_queue_bytes:
                shedding = queue.shed(size, settings.max_queue_bytes, settings.shed_first)
                self._shed_events += shedding.events + (len(rows) if shedding.newcomers else 0)
                if shedding.newcomers:
                    return True
        elif queue.size_bytes >= settings.max_queue_bytes:
            if settings.when_full == "reject":
                raise self.full(None)
            return False
        before_ms = self._pipeline.next_due_ms()
        queue.append(model, rows, self._clock.now_ms())
        after_ms = self._pipeline.next_due_ms()
        # Whoever waits, waits for what was due before.
        if after_ms == 0 or before_ms is None or (after_ms is not None and after_ms < before_ms):
            self._wake()
        return True

    def flush(self, timeout_ms: float) -> Optional[str]:
        """The position that covers everything queued before. Raises IngestError ``timed_out``.

        Without consent nothing leaves, and there is nothing to wait for.
        """
        with self._lock:
            mark = self.begin_flush()
        self._deliver_here_if_needed(timeout_ms)
        with self._lock:
            deadline_ms = self._clock.now_ms() + timeout_ms
            while self._consent == "granted" and not self._pipeline.is_settled(mark):
                left_ms = deadline_ms - self._clock.now_ms()
                if left_ms <= 0:
                    raise self.late(timeout_ms)
                self._wait(self._left, left_ms)
            return self._queue.position()

    def begin_flush(self) -> int:
        """Closes what is open and names it, for is_settled. The lock is held."""
        self._queue.close_open()
        self._wake()
        self._work.notify_all()
        return self._pipeline.mark()

    def end(self) -> None:
        """Gives up what is left: of a queue in memory it goes to ``on_error``, a durable one keeps it."""
        with self._lock:
            if self._has_ended:
                return
            self._has_ended = True
            self._withheld_events += sum(len(rows) for _, rows in self._held.release())
            notices = self._pipeline.end()
            for connection in self._connections:
                connection.abort()
            self._work.notify_all()
            self._left.notify_all()
            threads = list(self._threads)
        self._callbacks.tell(notices)
        for thread in threads:
            if thread is not threading.current_thread():
                thread.join(_JOIN_LIMIT_S)
        with self._lock:
            self._queue.close()

    def prepare_fork(self) -> bool:
        """Holds everything still until ``resume_after_fork``; False when it could not within the limit."""
        if not self._lock.acquire(timeout=_FORK_LIMIT_S):
            _log.error(
                "a fork while the queue is busy for %g s: a durable queue must not be used in the child", _FORK_LIMIT_S
            )
            return False
        try:
            self._queue.prepare_fork()
        except IngestError as error:
            _log.error("%s", error)
        return True

    def resume_after_fork(self) -> None:
        """In the parent."""
        self._lock.release()

    def abandon(self) -> None:
        """In the child: all of this is the parent's, which goes on using it."""
        self._queue.abandon()

    def listen(self, listener: Callable[[], None]) -> None:
        """Calls back, in a thread of the runtime, whenever a batch has left."""
        with self._lock:
            self._listeners.append(listener)

    def unlisten(self, listener: Callable[[], None]) -> None:
        with self._lock:
            self._listeners.remove(listener)

    def start_flush(self) -> int:
        with self._lock:
            return self.begin_flush()

    def is_settled(self, mark: int) -> bool:
        with self._lock:
            return self._consent != "granted" or self._pipeline.is_settled(mark)

    def position(self) -> Optional[str]:
        with self._lock:
            return self._queue.position()

    def measure(self) -> Measured:
        with self._lock:
            counts = self._pipeline.counts
            return Measured(
                self._queue.events,
                self._queue.size_bytes,
                self._pipeline.batches_under_way,
                self._shed_events,
                self._withheld_events,
                counts,
            )

    def _wake(self) -> None:
        if self._idle > 0:
            self._work.notify()
        elif len(self._threads) < self._settings.concurrency and not self._cannot_start_threads:
            is_first = not self._threads
            thread = threading.Thread(target=self._run, args=(is_first,), name="moose-ingest", daemon=True)
            try:
                thread.start()
            except RuntimeError:
                # The interpreter is ending.
                self._cannot_start_threads = True
            else:
                self._threads.append(thread)

    def _wait(self, condition: threading.Condition, timeout_ms: float) -> None:
        self._clock.wait(condition, min(timeout_ms, _LOOK_AGAIN_MS) if self._queue.durable else timeout_ms)

    def _run(self, is_first: bool) -> None:
        connection = self._connect()
        with self._lock:
            self._connections.append(connection)
        try:
            while (batch := self._next(is_first)) is not None:
                self._send(batch, connection)
        finally:
            connection.close()
            with self._lock:
                self._connections.remove(connection)
                self._threads.remove(threading.current_thread())

    def _next(self, is_first: bool) -> Optional[Batch]:
        """Waits for the next batch. None ends the thread."""
        with self._lock:
            idle_since_ms = self._clock.now_ms()
            while not self._has_ended:
                now_ms = self._clock.now_ms()
                if not is_first and now_ms - idle_since_ms >= _IDLE_LIMIT_MS:
                    return None
                due_ms = self._take(now_ms)
                if isinstance(due_ms, Batch):
                    if self._pipeline.next_due_ms() == 0:
                        self._wake()
                    return due_ms
                limit_ms = None if is_first else _IDLE_LIMIT_MS
                left = [
                    ms for ms in (limit_ms, None if due_ms is None else max(0.0, due_ms - now_ms)) if ms is not None
                ]
                self._idle += 1
                try:
                    self._clock.wait(self._work, min(left, default=None))
                finally:
                    self._idle -= 1
            return None

    def _take(self, now_ms: float) -> Union[Batch, float, None]:
        """A batch, or when to ask again."""
        try:
            return self._pipeline.next(now_ms) or self._pipeline.next_due_ms()
        except IngestError as error:
            _log.error("%s", error)
            return now_ms + _FAILED_QUEUE_PAUSE_MS

    def _send(self, batch: Batch, connection: HttpConnection) -> None:
        request = write_request(batch, self._settings.compression == "gzip")
        end_attempt = self._callbacks.begin_attempt(batch, request)
        reply = connection.post(request, self._settings.attempt_timeout_ms)
        end_attempt(reply)
        with self._lock:
            finished = self._pipeline.finished(batch, reply, self._clock.now_ms())
        self._callbacks.tell(finished.notices)
        with self._lock:
            if finished.settles:
                self._pipeline.settle(batch, finished.position)
            self._left.notify_all()
            listeners = list(self._listeners)
        for listener in listeners:
            listener()

    def _deliver_here_if_needed(self, timeout_ms: float) -> None:
        """Where no thread can be started: sends what is queued, within the limit."""
        if not self._cannot_start_threads or self._threads:
            return
        connection = self._connect()
        deadline_ms = self._clock.now_ms() + timeout_ms
        mark = self.start_flush()
        try:
            while (now_ms := self._clock.now_ms()) < deadline_ms and not self.is_settled(mark):
                with self._lock:
                    taken = self._take(now_ms)
                    if not isinstance(taken, Batch):
                        due_ms = deadline_ms if taken is None else min(taken, deadline_ms)
                        self._wait(self._work, max(1.0, due_ms - now_ms))
                if isinstance(taken, Batch):
                    self._send(taken, connection)
        finally:
            connection.close()

    def full(self, timeout_ms: Optional[float]) -> IngestError:
        within = "yet" if timeout_ms is None else f"within {timeout_ms:g} ms"
        message = f"The queue holds {self._queue.size_bytes} bytes that the server has not taken {within}."
        return IngestError("queue_full", message, retryable=True)

    @staticmethod
    def late(timeout_ms: float) -> IngestError:
        return IngestError("timed_out", f"Not everything was answered within {timeout_ms:g} ms.", retryable=True)
