"""What a reply of the ingest route says, and how a request for it is written: pure."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from typing import Any, Dict, Mapping, Optional, Tuple, Union
from urllib.parse import quote

from ._batch import Batch, event_ids
from ._errors import RowError
from ._options import AttemptResult

# Smaller bodies gain nothing.
MIN_COMPRESSED_BYTES = 1024
# Most of what the level 6 gains, at a third of its time.
_GZIP_LEVEL = 2


@dataclass(frozen=True)
class HttpReply:
    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes


@dataclass(frozen=True)
class NoReply:
    """A lost connection, or an attempt that took too long: whether the batch was stored is not known."""

    reason: str
    cause: Optional[BaseException] = None


@dataclass(frozen=True)
class Answered:
    """The server took the batch and answered for each row, even if it refused all of them."""

    accepted: int
    rejected: int
    duplicates: int
    errors: Tuple[RowError, ...]
    position: Optional[str]


@dataclass(frozen=True)
class Failed:
    reason: str
    status: Optional[int]
    problem_code: Optional[str] = None


@dataclass(frozen=True)
class Request:
    path: str
    headers: Dict[str, str]
    body: bytes


def write_request(batch: Batch, compress: bool) -> Request:
    """The path begins behind the server's URL. The same batch makes the same bytes, so its key stays true."""
    headers: Dict[str, str] = {
        "content-type": "application/x-ndjson",
        "idempotency-key": batch.key,
        "moose-event-ids": event_ids(batch),
    }
    body = batch.body
    if compress and len(body) >= MIN_COMPRESSED_BYTES:
        headers["content-encoding"] = "gzip"
        body = gzip.compress(body, _GZIP_LEVEL, mtime=0)
    path = f"/ingest/{_segment(batch.model)}/{_segment(batch.version)}"
    return Request(path, headers, body)


def read_reply(reply: HttpReply) -> Union[Answered, Failed]:
    try:
        body: Any = json.loads(reply.body)
    except ValueError:
        body = None
    members: Mapping[str, Any] = body if isinstance(body, dict) else {}
    errors = members.get("errors")
    if (
        isinstance(members.get("accepted"), int)
        and isinstance(members.get("rejected"), int)
        and isinstance(errors, list)
    ):
        position = members.get("position")
        return Answered(
            accepted=members["accepted"],
            rejected=members["rejected"],
            duplicates=int(members.get("duplicates", 0)),
            errors=tuple(_row_error(error) for error in errors if isinstance(error, dict)),
            position=position if isinstance(position, str) else None,
        )
    if reply.status < 300:
        # A 2xx that is not Moose's: a captive portal or a proxy's page. The batch is not stored.
        return Failed(f"the reply (HTTP {reply.status}) is not an ingest reply; is this a Moose server?", reply.status)
    code, detail = members.get("code"), members.get("detail")
    known = f" {code}" if isinstance(code, str) else ""
    told = f": {detail}" if isinstance(detail, str) else ""
    return Failed(f"HTTP {reply.status}{known}{told}", reply.status, code if isinstance(code, str) else None)


def attempt_result(reply: Union[HttpReply, NoReply]) -> AttemptResult:
    """An attempt's end as the app's hook is told it."""
    if isinstance(reply, NoReply):
        return AttemptResult(None, reply.reason, None)
    read = read_reply(reply)
    failure = read.reason if isinstance(read, Failed) else None
    return AttemptResult(reply.status, failure, reply.headers.get("x-request-id"))


def _row_error(error: Mapping[str, Any]) -> RowError:
    path, code, expected, got = (str(error.get(name, "")) for name in ("path", "code", "expected", "got"))
    row = error.get("row")
    return RowError(row if isinstance(row, int) else -1, path, code, expected, got)


def _segment(text: str) -> str:
    """As JavaScript's encodeURIComponent."""
    return quote(text, safe="!*'()")
