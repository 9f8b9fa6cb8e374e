"""The client: what an app holds to send events of its models."""

from __future__ import annotations

import logging
import threading
from types import TracebackType
from typing import TYPE_CHECKING, Any, Optional, Sequence, Type, TypeVar

from . import _process_life
from ._assemble import Parts
from ._errors import IngestError
from ._model import Model
from ._options import (
    CLOSE_TIMEOUT_MS,
    FLUSH_TIMEOUT_MS,
    Consent,
    Flushed,
    IngestMetrics,
    IngestOptions,
    Settings,
    settings_of,
)

if TYPE_CHECKING:
    from typing_extensions import Unpack

E = TypeVar("E")

_log = logging.getLogger("moose_ingest")


class Ingest:
    """Made by create_ingest. Safe to use from several threads, and in children after a fork, where it begins anew."""

    def __init__(self, settings: Settings, models: Sequence[Model[Any]]) -> None:
        self._settings = settings
        self._models = tuple(models)
        self._making = threading.Lock()
        self._parts: Optional[Parts] = Parts(settings, self._models)
        self._is_closed = False
        self._is_held_for_fork = False
        self._consent: Consent = settings.consent
        _process_life.register(self)

    def send(self, model: Model[E], event: E, *, timeout_ms: Optional[float] = None) -> None:
        """Returns when the event is valid and queued: in the file if the queue is durable, else in memory; see flush.

        Raises IngestValidationError with every violation; IngestError ``unknown_model``, ``queue_full``, ``queue_failed``,
        ``closed``, ``event_too_large``; TypeError for what JSON cannot say.
        """
        self.send_many(model, (event,), timeout_ms=timeout_ms)

    def send_many(self, model: Model[E], events: Sequence[E], *, timeout_ms: Optional[float] = None) -> None:
        """Queues all events or none. Errors name the index of the event in ``row``."""
        parts = self._living_parts()
        rows = parts.preparation.prepare(model, events)
        if rows:
            limit_ms = self._settings.send_timeout_ms if timeout_ms is None else timeout_ms
            parts.runtime.offer((model.name, model.version), rows, limit_ms)

    def flush(self, *, timeout_ms: float = FLUSH_TIMEOUT_MS) -> Flushed:
        """Returns when everything sent before is settled: stored, refused or given up. Raises IngestError ``timed_out``."""
        return Flushed(self._living_parts().runtime.flush(timeout_ms))

    def close(self, *, timeout_ms: float = CLOSE_TIMEOUT_MS) -> None:
        """Flushes up to the limit. What is left then goes to ``on_error``, or stays in the file of a durable queue.

        Raises IngestError ``timed_out`` then. Safe to call twice.
        """
        if self._is_closed:
            return
        self._is_closed = True
        _process_life.unregister(self)
        parts = self._parts
        if parts is None:
            return
        try:
            parts.runtime.flush(timeout_ms)
        finally:
            parts.runtime.end()

    def set_consent(self, consent: Consent) -> None:
        """ "granted": what was held is queued and sent. "pending": events are held in memory, neither stored nor sent.

        "denied": events are not taken, and what was held or queued is erased; both are counted.
        """
        self._consent = consent
        if self._parts is not None:
            self._parts.runtime.set_consent(consent)

    @property
    def metrics(self) -> IngestMetrics:
        return self._made_parts().metrics()

    def __enter__(self) -> Ingest:
        return self

    def __exit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self.close()

    def flush_at_exit(self) -> None:
        """Called at the end of the interpreter; a client that is used after it sends at once."""
        if self._parts is None:
            return
        try:
            self._parts.runtime.flush(self._settings.exit_timeout_ms)
        except IngestError as error:
            left = self.metrics.queued_events
            fate = "stay in the file" if self._settings.queue_path is not None else "are lost"
            _log.error("the interpreter ends, and %d events %s: %s", left, fate, error)

    def prepare_fork(self) -> None:
        """Called before a fork, in the thread that forks."""
        runtime = None if self._parts is None else self._parts.runtime
        self._is_held_for_fork = runtime is not None and runtime.prepare_fork()

    def resume_after_fork(self) -> None:
        """In the parent."""
        if self._is_held_for_fork and self._parts is not None:
            self._is_held_for_fork = False
            self._parts.runtime.resume_after_fork()

    def begin_anew_after_fork(self) -> None:
        """In the child. The queue, the threads and the connections are the parent's. The child's own are made when it sends."""
        inherited, self._parts = self._parts, None
        self._is_held_for_fork = False
        self._making = threading.Lock()
        if inherited is not None:
            inherited.runtime.abandon()

    def _living_parts(self) -> Parts:
        if self._is_closed:
            raise IngestError("closed", "The client is closed; create a new one to send more.")
        return self._made_parts()

    def _made_parts(self) -> Parts:
        if self._parts is None:
            with self._making:
                if self._parts is None:
                    made = Parts(self._settings, self._models)
                    made.runtime.set_consent(self._consent)
                    self._parts = made
        return self._parts


def create_ingest(url: str, models: Sequence[Model[Any]], **options: Unpack[IngestOptions]) -> Ingest:
    """Creates a client that sends events of ``models`` to the server at ``url``; IngestOptions describes the options.

    >>> with create_ingest("http://localhost:4000", [FLIGHT]) as ingest:
    ...     ingest.send(FLIGHT, {"origin": "SFO", "destination": "JFK"})

    Raises IngestError ``core_unavailable`` and ``queue_failed``; ValueError and TypeError for options that cannot be.
    """
    return Ingest(settings_of(url, options), models)
