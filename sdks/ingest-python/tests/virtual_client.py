"""A client without threads, network and time: its parts as they are in life, moved by the steps of a conformance case."""

from __future__ import annotations

import dataclasses
import itertools
import json
import re
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Tuple, Union

from moose_ingest import IngestDeliveryError, IngestError, IngestValidationError, Model, RejectedRows, RetryPolicy
from moose_ingest._batch import Batch
from moose_ingest._durable_queue import DurableQueue
from moose_ingest._memory_queue import MemoryQueue
from moose_ingest._options import IngestOptions, Settings, settings_of
from moose_ingest._pipeline import Pipeline, PipelineConfig
from moose_ingest._preparation import Preparation
from moose_ingest._process_lock import ProcessLock
from moose_ingest._queue import BatchLimits, Queue
from moose_ingest._queue_file import QueueFile
from moose_ingest._reply import HttpReply, NoReply, write_request

PRODUCER = "0197c0de-5f3a-7000-8000-0242ac120002"
START_MS = 1_767_225_600_000.0


def snake(name: str) -> str:
    """``maxBatchEvents`` as this SDK names it."""
    return re.sub(r"[A-Z]", lambda letter: "_" + letter[0].lower(), name)


def settings_from(case: Mapping[str, Any], defaults: Mapping[str, Any]) -> Settings:
    given = {snake(name): value for name, value in {**defaults, **case.get("settings", {})}.items()}
    if "retry" in given:
        given["retry"] = RetryPolicy(**{snake(name): value for name, value in given["retry"].items()})
    options: IngestOptions = {"concurrency": 1, "compression": "none", **given}  # type: ignore[typeddict-item]
    return settings_of("http://localhost", options)


class VirtualClient:
    def __init__(
        self,
        models: Mapping[str, Model[Any]],
        settings: Settings,
        replies: List[Mapping[str, Any]],
        queue_path: Optional[Path] = None,
    ) -> None:
        self.now_ms = START_MS
        self.requests: List[Dict[str, Any]] = []
        self.errors: List[IngestDeliveryError] = []
        self.rejected: List[RejectedRows] = []
        self._models = dict(models)
        self._settings = settings
        self._replies = iter(replies)
        self._hanging: List[Tuple[float, Batch]] = []
        self._preparation = Preparation(list(models.values()), settings, lambda: 0.5)
        limits = BatchLimits(settings.max_batch_events, settings.max_batch_bytes, settings.max_batch_age_ms)
        keys = map(str, itertools.count())
        names = [(model.name, model.version) for model in models.values()]
        self.queue: Queue
        if queue_path is None:
            self.queue = MemoryQueue(names, limits, PRODUCER, lambda: next(keys))
        else:
            file, lock = QueueFile(queue_path, survives_power_loss=False), ProcessLock(f"{queue_path}.lock")
            self.queue = DurableQueue(file, lock, limits, PRODUCER, lambda: next(keys))
        config = PipelineConfig(
            self.queue, settings.retry, settings.concurrency, lambda: 0.5, lambda: f"half {next(keys)}"
        )
        self.pipeline = Pipeline(config)

    def step(self, step: Mapping[str, Any]) -> None:
        """Raises AssertionError for a step that is not known, and for one that does not fail as it says."""
        known = {name: value for name, value in step.items() if name != "fails"}
        assert len(known) == 1, step
        ((kind, value),) = known.items()
        if "fails" in step:
            failure = self.failure_of(step)
            assert failure is not None, step
            assert failure.code == step["fails"]
        elif kind in ("send", "sendMany"):
            self._send(kind, value)
        elif kind == "advanceMs":
            self._run_to(self.now_ms + value)
        elif kind in ("flush", "close"):
            self.queue.close_open()
        else:
            assert kind == "run", step
            while self.queue.events > 0 and (due_ms := self._next_due_ms()) is not None:
                self._run_to(max(due_ms, self.now_ms))
        self._pump()

    def failure_of(self, call: Mapping[str, Any]) -> Optional[IngestError]:
        try:
            for kind in ("send", "sendMany"):
                if kind in call:
                    self._send(kind, call[kind])
        except IngestError as error:
            return error
        return None

    def metrics(self) -> Dict[str, int]:
        counts = self.pipeline.counts
        return {
            "sentEvents": counts.sent,
            "rejectedEvents": counts.rejected + self._preparation.rejected,
            "duplicateEvents": counts.duplicates,
            "lostEvents": counts.lost,
            "queuedEvents": self.queue.events,
            "queuedBytes": self.queue.size_bytes,
            "retries": counts.retries,
        }

    def _send(self, kind: str, value: Any) -> None:
        name, sent = value
        model: Model[Any] = self._models.get(name) or _stranger(name, self._models)
        rows = self._preparation.prepare(model, sent if kind == "sendMany" else (sent,))
        self.queue.append((model.name, model.version), rows, self.now_ms)

    def _next_due_ms(self) -> Optional[float]:
        times = [due_ms for due_ms, _ in self._hanging]
        own = self.pipeline.next_due_ms()
        return min([*times, *([] if own is None else [own])], default=None)

    def _run_to(self, end_ms: float) -> None:
        while (due_ms := self._next_due_ms()) is not None and due_ms <= end_ms:
            self.now_ms = max(due_ms, self.now_ms)
            if self._pump() == 0:
                break
        self.now_ms = end_ms

    def _pump(self) -> int:
        """Does everything that is due now, and says how much that was."""
        done = 0
        for due_ms, batch in list(self._hanging):
            if due_ms <= self.now_ms:
                self._hanging.remove((due_ms, batch))
                self._finish(batch, NoReply("the attempt took too long"))
                done += 1
        while (batch := self.pipeline.next(self.now_ms)) is not None:  # type: ignore[assignment]
            self._request(batch)
            done += 1
        return done

    def _request(self, batch: Batch) -> None:
        request = write_request(batch, self._settings.compression == "gzip")
        rows = [json.loads(line) for line in request.body.splitlines()]
        compact = [json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n" for row in rows]
        assert request.body == b"".join(compact)
        self.requests.append(
            {
                "atMs": self.now_ms - START_MS,
                "key": request.headers["idempotency-key"],
                "path": request.path,
                "ids": request.headers["moose-event-ids"].split(";")[1],
                "rows": rows,
            }
        )
        reply = dict(next(self._replies, {"ok": True}))
        if reply.pop("hangs", False):
            self._hanging.append((self.now_ms + self._settings.attempt_timeout_ms, batch))
        elif reply.pop("lost", False):
            self._finish(batch, NoReply("the connection broke"))
        else:
            self._finish(batch, _http_reply(reply, batch.events))
        assert reply == {}, f"not understood: {reply}"

    def _finish(self, batch: Batch, reply: Union[HttpReply, NoReply]) -> None:
        finished = self.pipeline.finished(batch, reply, self.now_ms)
        for notice in finished.notices:
            if isinstance(notice, IngestDeliveryError):
                self.errors.append(notice)
            else:
                self.rejected.append(notice)
        if finished.settles:
            self.pipeline.settle(batch, finished.position)


def _http_reply(reply: Dict[str, Any], events: int) -> HttpReply:
    """Takes from ``reply`` what it understands."""
    if reply.pop("ok", False):
        body = {"accepted": events, "rejected": 0, "duplicates": 0, "errors": [], "errorsTruncated": False}
        if "position" in reply:
            body["position"] = reply.pop("position")
        return HttpReply(200, {}, json.dumps(body).encode())
    body = reply.pop("body", "")
    text = body if isinstance(body, str) else json.dumps(body)
    return HttpReply(reply.pop("status"), reply.pop("headers", {}), text.encode())


def _stranger(name: str, models: Mapping[str, Model[Any]]) -> Model[Any]:
    """A model of that name that the client was not given."""
    import base64

    return Model(name, "1.0", base64.b64encode(next(iter(models.values())).program).decode())


def error_members(error: IngestError) -> Dict[str, Any]:
    """As errors.json tells an error."""
    members: Dict[str, Any] = {"code": error.code}
    if isinstance(error, IngestValidationError):
        members["errors"] = [dataclasses.asdict(one) for one in error.errors]
    return members
