"""What the SDK raises and reports.

IngestError
├── IngestValidationError   validation_failed
└── IngestDeliveryError     delivery_refused | delivery_failed | unauthorized
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Optional, Sequence

IngestErrorCode = Literal[
    # The core refused the event; nothing was queued.
    "validation_failed",
    # The model is not among those that the client was created with.
    "unknown_model",
    # The event alone is larger than a batch may be.
    "event_too_large",
    # The queue is full and ``when_full`` is "reject", or room did not come within the limit.
    "queue_full",
    # The durable queue could not be read or written.
    "queue_failed",
    "closed",
    # flush or close did not finish within its limit.
    "timed_out",
    # The server will never take the batch (4xx).
    "delivery_refused",
    # The batch could not be delivered before it was given up.
    "delivery_failed",
    # 401 or 403: the events are kept and tried again. Told once, until a request succeeds.
    "unauthorized",
    # The WebAssembly core could not be loaded.
    "core_unavailable",
]


@dataclass(frozen=True)
class RowError:
    """One violation, in the words of the core: the same in every SDK and in the server's reply."""

    row: int
    path: str
    """JSON Pointer into the event; "" is the event itself."""
    code: str
    expected: str
    got: str
    """The offending JSON text, cut to 100 characters."""


class IngestError(Exception):
    """Everything that the SDK raises. ``retryable``: the same call may succeed later."""

    def __init__(
        self, code: IngestErrorCode, message: str, *, request_id: Optional[str] = None, retryable: bool = False
    ) -> None:
        super().__init__(message)
        self.code: IngestErrorCode = code
        self.request_id = request_id
        self.retryable = retryable


class IngestValidationError(IngestError):
    """The event, or one of the events of send_many, does not fit the model. Nothing of the call was queued.

    ``errors`` holds every violation; ``row`` is the index in the call.
    """

    def __init__(self, model: str, errors: Sequence[RowError]) -> None:
        super().__init__("validation_failed", _describe(model, errors))
        self.model = model
        self.errors = tuple(errors)


class IngestDeliveryError(IngestError):
    """A batch that was not delivered. Its events are in ``ndjson``, so that the app can keep them.

    ``status`` is None when no reply arrived; ``problem_code`` is the ``code`` of the server's problem body.
    """

    def __init__(
        self,
        code: Literal["delivery_refused", "delivery_failed", "unauthorized"],
        message: str,
        *,
        model: str,
        events: int,
        ndjson: bytes,
        attempts: int,
        status: Optional[int] = None,
        problem_code: Optional[str] = None,
        request_id: Optional[str] = None,
    ) -> None:
        super().__init__(code, message, request_id=request_id, retryable=code != "delivery_refused")
        self.model = model
        self.events = events
        self.ndjson = ndjson
        self.attempts = attempts
        self.status = status
        self.problem_code = problem_code


def _describe(model: str, errors: Sequence[RowError]) -> str:
    if not errors:
        return f"The event does not fit the model {model}."
    first = errors[0]
    got = f", got {first.got}" if first.got else ""
    others = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    where = f"row {first.row} {first.path or '/'} {first.code}"
    return f"The event does not fit the model {model}: {where}: expected {first.expected}{got}{others}."
