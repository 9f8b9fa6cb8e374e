"""What a schema cannot say of a request, done to each before it is sent: where a valid request is meant, it is one."""

import gzip
import itertools
import json
import uuid
import zlib
from typing import Any

import requests
import schemathesis
from schemathesis.core.parameters import ParameterLocation

_NDJSON = "application/x-ndjson"
_count = itertools.count()
_ENCODERS = {"gzip": gzip.compress, "x-gzip": gzip.compress, "deflate": zlib.compress}


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
    if _is_valid(case, ParameterLocation.HEADER):
        _mend_headers(case)
        kwargs.setdefault("auth", _Compress())
    if _is_valid(case, ParameterLocation.QUERY) and case.query:
        _mend_question(case.query, case.operation.path)
    if _is_valid(case, ParameterLocation.BODY) and isinstance(case.body, dict):
        _mend_question(case.body, case.operation.path)


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


def _mend_question(question: dict[str, Any], path: str) -> None:
    if path == "/audit" and "wait" in question:
        question["wait"] = min(int(question["wait"]), 1)
    if not path.startswith("/query/"):
        return
    # Tokens and names that only the server or the world knows.
    if "after" in question and not str(question["after"]).startswith("p1."):
        question["after"] = "p1.e30"
    if "timezone" in question:
        question["timezone"] = "Europe/Berlin"
    # What does not go together.
    if question.get("dimensions") == [] and question.get("measures") == []:
        del question["measures"]
    if "dimensions" in question or "measures" in question:
        question.pop("orderBy", None)
    if "grain" in question:
        question.pop("grains", None)
    filters = question.get("filters")
    for name in list(filters) if path != "/query/{name}" and isinstance(filters, dict) else []:
        # Lists that travel in a URL as text, which the schema cannot take apart.
        if name.endswith((".in", ".between")):
            filters[name] = "2000-01-01T00:00:00Z,2030-01-01T00:00:00Z"
