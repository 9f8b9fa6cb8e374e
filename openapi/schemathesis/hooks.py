"""What a schema cannot say of a request, done to each before it is sent: where a valid request is meant, it is one."""

import datetime
import gzip
import itertools
import json
import uuid
import zlib
from typing import Any

import requests
import schemathesis
from hypothesis import strategies
from schemathesis.core.parameters import ParameterLocation

_NDJSON = "application/x-ndjson"
_count = itertools.count()
_ENCODERS = {"gzip": gzip.compress, "x-gzip": gzip.compress, "deflate": zlib.compress}

# JSON Schema has formats for times, and no bounds: those of every type of ClickHouse's, to the millisecond.
_MOMENTS = strategies.datetimes(datetime.datetime(1970, 1, 1), datetime.datetime(2105, 12, 31)).map(
    lambda moment: moment.isoformat(timespec="milliseconds") + "Z"
)
_DAYS = strategies.dates(datetime.date(1970, 1, 1), datetime.date(2148, 12, 31)).map(datetime.date.isoformat)
schemathesis.openapi.format("date-time", _MOMENTS)
schemathesis.openapi.format("date", _DAYS)


@schemathesis.hook
def before_load_schema(context: schemathesis.HookContext, raw_schema: dict[str, Any]) -> None:
    """OpenAPI 3.1 has no words for the lines of NDJSON: let them be generated as the array that stands beside it."""
    for item in raw_schema["paths"].values():
        content = item.get("post", {}).get("requestBody", {}).get("content", {})
        if _NDJSON in content:
            rows = content["application/json"]["schema"]["oneOf"][1]
            content[_NDJSON] = {"schema": {**rows, "minItems": 1}}


@schemathesis.serializer(_NDJSON)
def _serialize_ndjson(context: schemathesis.SerializationContext, value: Any) -> bytes:
    # What is not an array is no row either; alone on its line it might be one.
    rows = value if isinstance(value, list) else [[value]]
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


class _Compress(requests.auth.AuthBase):
    """Runs when everything else of the request is set: the last place to change its body."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        encode = _ENCODERS.get(request.headers.get("Content-Encoding", ""))
        if encode is not None and request.body:
            body = request.body.encode() if isinstance(request.body, str) else request.body
            request.body = encode(body)
        return request


@schemathesis.hook
def before_call(context: schemathesis.HookContext, case: schemathesis.Case, kwargs: dict[str, Any]) -> None:
    path = case.operation.path
    if _is_valid(case, ParameterLocation.HEADER):
        _mend_headers(case)
        kwargs.setdefault("auth", _Compress())
    else:
        _keep_what_is_wrong(case)
    if _is_valid(case, ParameterLocation.QUERY) and case.query:
        _mend_question(case.query, path)
    if _is_valid(case, ParameterLocation.BODY) and isinstance(case.body, dict):
        _mend_question(case.body, path)


def _is_valid(case: schemathesis.Case, location: ParameterLocation) -> bool:
    info = None if case.meta is None else case.meta.components.get(location)
    return info is None or info.mode.is_positive


def _mend_headers(case: schemathesis.Case) -> None:
    headers = case.headers or {}
    # Brotli is not in Python's library; e2e/bodies sends it.
    if headers.get("Content-Encoding") == "br":
        headers["Content-Encoding"] = "gzip"
    # A key that was used for another body is refused, and so are ids that are not as many as rows.
    if headers.get("Idempotency-Key"):
        headers["Idempotency-Key"] = str(uuid.uuid4())
    if headers.get("Moose-Event-Ids"):
        rows = len(case.body) if isinstance(case.body, list) else 1
        first = next(_count) * 1000
        headers["Moose-Event-Ids"] = f"schemathesis-run;{first}-{first + rows - 1}" if rows > 0 else ""


def _keep_what_is_wrong(case: schemathesis.Case) -> None:
    """
    uWebSockets.js takes bytes from 0x80 up for white space and cuts them off both ends of a value before the server sees it; a
    value with a control character it does not answer at all, and closes the connection after 10 s.
    """
    for name, value in (case.headers or {}).items():
        if isinstance(value, str) and not (value.isascii() and value.isprintable()):
            case.headers[name] = "!" + "".join(character if ord(character) >= 0x20 else " " for character in value) + "!"


def _mend_question(question: dict[str, Any], path: str) -> None:
    if path == "/audit" and "wait" in question:
        question["wait"] = min(int(question["wait"]), 1)
    if not path.startswith("/query/"):
        return
    # Tokens and names that only the server or the world knows.
    if "after" in question and not str(question["after"]).startswith("p1.ey"):
        question["after"] = "p1.e30"
    if "timezone" in question:
        question["timezone"] = "Europe/Berlin"
    # What does not go together.
    if question.get("dimensions") == [] and question.get("measures") == []:
        del question["measures"]
    if "dimensions" in question or "measures" in question:
        question.pop("orderBy", None)
    if any(name.startswith("grain.") for name in question):
        question.pop("grain", None)
    if path != "/query/{name}":
        _mend_lists(question)


def _mend_lists(question: dict[str, Any]) -> None:
    """In a URL a list is text, which the schema cannot take apart; in a body its values may be too long together."""
    for name in question:
        if name.startswith("filter.") and name.endswith((".in", ".between")):
            question[name] = "2000-01-01T00:00:00Z,2030-01-01T00:00:00Z"
    filters = question.get("filters")
    for conditions in filters.values() if isinstance(filters, dict) else []:
        if isinstance(conditions, dict) and isinstance(conditions.get("in"), list):
            conditions["in"] = conditions["in"][:20]
