"""A handler for the logging of the standard library: each record becomes an event."""

from __future__ import annotations

import logging
from typing import Callable, Generic, Optional, TypeVar

from ._ingest import Ingest
from ._model import Model

E = TypeVar("E")


class IngestLogHandler(logging.Handler, Generic[E]):
    """Sends what ``to_event`` makes of a record; None is left out.

    Does not wait when the queue is full: the record is counted in ``dropped``, as is one that the model refuses.
    """

    def __init__(
        self,
        ingest: Ingest,
        model: Model[E],
        to_event: Callable[[logging.LogRecord], Optional[E]],
        level: int = logging.NOTSET,
    ) -> None:
        super().__init__(level)
        self._ingest = ingest
        self._model = model
        self._to_event = to_event
        self.dropped = 0

    def emit(self, record: logging.LogRecord) -> None:
        # What the client itself says must not feed it.
        if record.name == "moose_ingest" or record.name.startswith("moose_ingest."):
            return
        try:
            event = self._to_event(record)
            if event is not None:
                self._ingest.send(self._model, event, timeout_ms=0)
        except Exception:
            self.dropped += 1
            self.handleError(record)

    def flush(self) -> None:
        """Nothing: logging.shutdown calls it, and the client flushes itself at the end of the interpreter."""
