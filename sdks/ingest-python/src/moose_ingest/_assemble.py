"""Builds the parts of a client for this process from its settings; nothing else does."""

from __future__ import annotations

import os
import random
import time
from typing import Any, Sequence
from urllib.parse import urlsplit

from ._batch import uuid7
from ._clock import Clock, SystemClock
from ._durable_queue import DurableQueue
from ._errors import IngestError
from ._http_connection import HttpConnection, tls_context
from ._memory_queue import MemoryQueue
from ._model import Model
from ._options import IngestMetrics, Settings
from ._pipeline import Pipeline, PipelineConfig
from ._preparation import Preparation
from ._process_lock import ProcessLock
from ._queue import BatchLimits, Queue
from ._queue_file import QueueFile
from ._runtime import Runtime


class Parts:
    """Of one client in one process. Raises ValueError for a URL that is none, IngestError ``queue_failed``."""

    def __init__(self, settings: Settings, models: Sequence[Model[Any]]) -> None:
        clock = SystemClock()
        # Not the module's generator: a child after a fork would repeat its parent's jitter.
        jitter = random.Random()

        tls = tls_context(settings.verify_tls) if urlsplit(settings.url).scheme == "https" else None

        def connect() -> HttpConnection:
            return HttpConnection(settings.url, settings.headers, tls)

        connect()
        queue = _queue(settings, models, clock)
        config = PipelineConfig(
            queue, settings.retry, settings.concurrency, jitter.random, new_key=lambda: uuid7(clock.now_ms())
        )
        self.preparation = Preparation(models, settings, jitter.random)
        self.runtime = Runtime(settings, queue, Pipeline(config), clock, connect)

    def metrics(self) -> IngestMetrics:
        measured, preparation = self.runtime.measure(), self.preparation
        counts = measured.counts
        return IngestMetrics(
            queued_events=measured.queued_events,
            queued_bytes=measured.queued_bytes,
            batches_under_way=measured.batches_under_way,
            sent_events=counts.sent,
            rejected_events=counts.rejected + preparation.rejected,
            duplicate_events=counts.duplicates,
            lost_events=counts.lost,
            shed_events=measured.shed_events,
            sampled_out_events=preparation.sampled_out,
            dropped_events=preparation.dropped,
            withheld_events=measured.withheld_events,
            retries=counts.retries,
        )


def _queue(settings: Settings, models: Sequence[Model[Any]], clock: Clock) -> Queue:
    limits = BatchLimits(settings.max_batch_events, settings.max_batch_bytes, settings.max_batch_age_ms)

    def new_key() -> str:
        return uuid7(clock.now_ms())

    # Of this process and this queue: numbers count up under it, and are given once.
    producer = uuid7(time.time() * 1000)
    if settings.queue_path is None:
        return MemoryQueue([(model.name, model.version) for model in models], limits, producer, new_key)
    file = QueueFile(settings.queue_path, settings.queue_survives_power_loss)
    lock = ProcessLock(os.fspath(settings.queue_path) + ".lock")
    try:
        lock.try_take()
        lock.release()
    except OSError as error:
        file.close()
        raise IngestError(
            "queue_failed", f"The lock of the queue {settings.queue_path} could not be taken: {error}."
        ) from error
    return DurableQueue(file, lock, limits, producer, new_key)
