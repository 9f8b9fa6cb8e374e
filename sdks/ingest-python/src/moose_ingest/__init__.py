"""Send typed, validated events to Moose, with a queue that survives the process."""

from ._async_ingest import AsyncIngest, create_async_ingest
from ._errors import IngestDeliveryError, IngestError, IngestErrorCode, IngestValidationError, RowError
from ._ingest import Ingest, create_ingest
from ._logging_handler import IngestLogHandler
from ._model import Model, load_models
from ._options import (
    Attempt,
    AttemptResult,
    Consent,
    Flushed,
    IngestMetrics,
    IngestOptions,
    RejectedRow,
    RejectedRows,
    SamplingRule,
)
from ._retry_policy import RetryPolicy

__all__ = [
    "AsyncIngest",
    "Attempt",
    "AttemptResult",
    "Consent",
    "Flushed",
    "Ingest",
    "IngestDeliveryError",
    "IngestError",
    "IngestErrorCode",
    "IngestLogHandler",
    "IngestMetrics",
    "IngestOptions",
    "IngestValidationError",
    "Model",
    "RejectedRow",
    "RejectedRows",
    "RetryPolicy",
    "RowError",
    "SamplingRule",
    "create_async_ingest",
    "create_ingest",
    "load_models",
]
