"""What a client can be told, what it tells back, and the defaults."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass, field, fields
from typing import Any, Callable, Dict, Literal, Mapping, Optional, Sequence, Tuple, TypedDict, Union, get_args

from ._errors import IngestDeliveryError, RowError
from ._retry_policy import RetryPolicy

_log = logging.getLogger("moose_ingest")

HeadersOption = Union[Mapping[str, str], Callable[[], Mapping[str, str]]]
WhenFull = Literal["wait", "reject", "shed"]
_RETRY = RetryPolicy()

ContextOption = Union[Mapping[str, Any], Callable[[], Mapping[str, Any]]]
Compression = Literal["gzip", "none"]
# pending: events are held in memory, neither stored nor sent. denied: they are not taken, and what was held or queued is erased.
Consent = Literal["granted", "pending", "denied"]
AttemptHook = Callable[["Attempt"], Optional[Callable[["AttemptResult"], None]]]
BeforeSend = Callable[[str, Dict[str, Any]], Optional[Mapping[str, Any]]]


@dataclass(frozen=True)
class SamplingRule:
    rate: float
    """Share of the events that are sent, above 0 and up to 1."""
    field: str
    """Field of the model that gets the rate, so that counts can be scaled: a float, count / rate is the estimate."""


@dataclass(frozen=True)
class Attempt:
    """An attempt as a tracing library sees it."""

    model: str
    path: str
    events: int
    bytes: int
    """Of the body, before compression."""
    attempt: int
    """From 1."""
    idempotency_key: str
    headers: Dict[str, str]
    """Of the request: the hook may add its own, such as traceparent."""


@dataclass(frozen=True)
class AttemptResult:
    status: Optional[int]
    """None when no reply arrived."""
    failure: Optional[str]
    """Why the batch was not taken; None when it was."""
    request_id: Optional[str]


@dataclass(frozen=True)
class RejectedRow:
    text: str
    """The event as JSON text."""
    errors: Tuple[RowError, ...]


@dataclass(frozen=True)
class RejectedRows:
    """Rows of one batch that the server refused."""

    model: str
    rejected: int
    """How many; more than ``rows`` when the server did not describe all."""
    rows: Tuple[RejectedRow, ...]
    request_id: Optional[str]


@dataclass(frozen=True)
class Flushed:
    position: Optional[str]
    """Pass it as ``after`` to a query to see every event that was sent. None when no batch was answered yet."""


@dataclass(frozen=True)
class IngestMetrics:
    """Counted since the client was created (in this process), except what is queued now."""

    queued_events: int
    queued_bytes: int
    batches_under_way: int
    sent_events: int
    """Acknowledged by the server: durable."""
    rejected_events: int
    """Refused by the core here, or by the server."""
    duplicate_events: int
    """Acknowledged as stored before: an earlier attempt had arrived though its answer was lost."""
    lost_events: int
    """Given up; each was handed to ``on_error``."""
    shed_events: int
    """Dropped because the queue was full and ``when_full`` is "shed"."""
    sampled_out_events: int
    """By the rules of ``sampling``."""
    dropped_events: int
    """``before_send`` returned None."""
    withheld_events: int
    """Not taken, or erased, for want of consent."""
    retries: int


class IngestOptions(TypedDict, total=False):
    headers: HeadersOption
    """Sent with every request; a function is asked before each, for tokens that expire."""
    max_batch_events: int
    """A batch is closed when it holds so many events (1000) …"""
    max_batch_bytes: int
    """… or so many bytes (512 KiB) …"""
    max_batch_age_ms: float
    """… or when its first event has waited so long (50)."""
    max_queue_bytes: int
    """Bytes that may be queued or on the way: 16 MiB in memory, 256 MiB in a durable queue. Beyond them ``when_full`` decides."""
    when_full: WhenFull
    """"wait": send returns when there is room again; "reject": it fails with ``queue_full``; "shed": the oldest go and are counted."""
    shed_first: Sequence[str]
    """Names of models that are shed before all others, in this order."""
    send_timeout_ms: float
    """How long a send waits for room, then fails with ``queue_full`` (600,000)."""
    concurrency: int
    """Batches on the way at the same time (4). With 1, events are stored in the order in which they were sent."""
    attempt_timeout_ms: float
    """An attempt without an answer ends, and is retried, after this (30,000)."""
    retry: RetryPolicy
    compression: Compression
    """"gzip" for bodies from 1,024 bytes on, which is the default, or "none"."""
    queue_path: Union[str, os.PathLike[str], None]
    """A file of SQLite that keeps the events: they survive the process. Without it the queue is in memory."""
    queue_survives_power_loss: bool
    """Waits for the disk with each send (False: what was queued survives the death of the process, not of the machine)."""
    exit_timeout_ms: float
    """How long the end of the interpreter waits for what is queued (5,000)."""
    on_error: Callable[[IngestDeliveryError], None]
    """A batch was given up; its events are in ``error.ndjson``. Called in a thread of the client. Default: a line in the log."""
    on_rejected: Callable[[RejectedRows], None]
    """The server refused rows: its model is another one. Called in a thread of the client. Default: a line in the log."""
    before_send: BeforeSend
    """Gets the model's name and the event's members; returns the members to send, or None to send nothing."""
    context: ContextOption
    """Members that every event gets whose model has such fields, unless it has them itself."""
    sampling: Mapping[str, SamplingRule]
    """By the model's name: which share of its events is sent, and the field that records it."""
    consent: Consent
    """"granted" by default; see ``set_consent``."""
    on_attempt: AttemptHook
    """For tracing: called before each attempt, in a thread of the client; what it returns is called when the attempt has ended."""
    verify_tls: bool
    """False accepts any certificate: for development."""


@dataclass(frozen=True)
class Settings:
    """The options with their defaults. Raises ValueError and TypeError for options that cannot be."""

    url: str
    headers: HeadersOption = field(default_factory=dict)
    max_batch_events: int = 1000
    max_batch_bytes: int = 512 * 1024
    max_batch_age_ms: float = 50
    max_queue_bytes: int = 0
    when_full: WhenFull = "wait"
    shed_first: Sequence[str] = ()
    send_timeout_ms: float = 600_000
    concurrency: int = 4
    attempt_timeout_ms: float = 30_000
    retry: RetryPolicy = _RETRY
    compression: Compression = "gzip"
    queue_path: Union[str, os.PathLike[str], None] = None
    queue_survives_power_loss: bool = False
    exit_timeout_ms: float = 5_000
    on_error: Callable[[IngestDeliveryError], None] = lambda error: report_error(error)
    on_rejected: Callable[[RejectedRows], None] = lambda rejected: report_rejected(rejected)
    before_send: Optional[BeforeSend] = None
    context: ContextOption = field(default_factory=dict)
    sampling: Mapping[str, SamplingRule] = field(default_factory=dict)
    consent: Consent = "granted"
    on_attempt: Optional[AttemptHook] = None
    verify_tls: bool = True

    def __post_init__(self) -> None:
        if self.max_queue_bytes == 0:
            object.__setattr__(self, "max_queue_bytes", (256 if self.queue_path is not None else 16) * 1024 * 1024)
        for name in ("max_batch_events", "max_batch_bytes", "max_queue_bytes", "concurrency"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} is {getattr(self, name)}, and at least 1 is needed")
        if not 0 < self.max_batch_bytes <= MAX_BATCH_BYTES:
            raise ValueError(f"max_batch_bytes is {self.max_batch_bytes}, and at most {MAX_BATCH_BYTES} are possible")
        for model, rule in self.sampling.items():
            if not 0 < rule.rate <= 1:
                raise ValueError(f"sampling of {model} has the rate {rule.rate}, and it is above 0 and at most 1")
        if self.consent not in get_args(Consent):
            raise ValueError(f"consent is {self.consent!r}, and it is one of {', '.join(get_args(Consent))}")


MAX_BATCH_BYTES = 32 * 1024 * 1024
FLUSH_TIMEOUT_MS = 60_000.0
CLOSE_TIMEOUT_MS = 30_000.0


def settings_of(url: str, options: IngestOptions) -> Settings:
    known = {one.name for one in fields(Settings)}
    unknown = sorted(set(options) - known)
    if unknown:
        raise TypeError(f"create_ingest has no option {', '.join(unknown)}")
    return Settings(url, **options)


def report_error(error: IngestDeliveryError) -> None:
    """What happens to a lost batch that nobody asked about: a line that says so."""
    _log.error("%s", error)


def report_rejected(rejected: RejectedRows) -> None:
    first = rejected.rows[0].errors[0] if rejected.rows and rejected.rows[0].errors else None
    why = f", first: {first.path} {first.code}, expected {first.expected}" if first else ""
    _log.error("the server refused %d events of %s%s", rejected.rejected, rejected.model, why)
