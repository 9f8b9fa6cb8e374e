"""Every case of sdks/conformance: the behaviour that all ingest SDKs share."""

from __future__ import annotations

import dataclasses
import gzip
import json
from pathlib import Path
from typing import Any, Dict, List

import pytest
from virtual_client import VirtualClient, error_members, settings_from, snake

from moose_ingest import Model, RetryPolicy
from moose_ingest._batch import Batch, uuid7
from moose_ingest._merge_positions import merge_positions
from moose_ingest._reply import Answered, HttpReply, read_reply, write_request
from moose_ingest._retry_policy import action_after, parse_retry_after_ms, retry_delay_ms
from moose_ingest._shedding import Chunk, plan_shedding

FOLDER = Path(__file__).parents[2] / "conformance"
FILES: Dict[str, Any] = {path.stem: json.loads(path.read_bytes()) for path in sorted(FOLDER.glob("*.json"))}
DEFAULTS = FILES["batching"]["defaults"]


def cases(file: str, group: str) -> List[Any]:
    """Each case, under its name or its place."""
    listed = FILES[file][group]
    assert listed
    return [pytest.param(case, id=str(case.get("name", index))) for index, case in enumerate(listed)]


def test_every_group_is_run() -> None:
    assert {name: sorted(file) for name, file in FILES.items()} == {
        "batching": ["cases", "defaults", "shedding"],
        "errors": ["cases"],
        "exchange": ["cases"],
        "models": ["models"],
        "retry": ["actions", "delays", "retryAfter"],
        "wire": ["keys", "positions", "replies", "requests"],
    }


def test_models_have_the_schema_ids_that_their_programs_say(models: Dict[str, Model[Any]]) -> None:
    assert {entry["name"]: entry["schemaId"] for entry in FILES["models"]["models"]} == {
        name: model.schema_id for name, model in models.items()
    }


@pytest.mark.parametrize("case", cases("batching", "cases"))
def test_batching(case: Dict[str, Any], models: Dict[str, Model[Any]]) -> None:
    assert set(case) <= {"name", "settings", "steps", "requests"}
    client = VirtualClient(models, settings_from(case, DEFAULTS), [])
    for step in case["steps"]:
        client.step(step)
    made = [{name: request[name] for name in ("path", "ids", "rows")} for request in client.requests]
    assert made == case["requests"]


@pytest.mark.parametrize("case", cases("batching", "shedding"))
def test_shedding(case: Dict[str, Any]) -> None:
    chunks = [Chunk(one["key"], one["model"], one["bytes"], one.get("underWay", False)) for one in case["chunks"]]
    going = plan_shedding(chunks, case["shedFirst"], case["maxBytes"], case["moreBytes"])
    assert (None if going is None else [chunk.key for chunk in going]) == case["shed"]


@pytest.mark.parametrize("case", cases("retry", "actions"))
def test_action(case: Dict[str, Any]) -> None:
    assert action_after(case["status"], case.get("headers", {})) == case["action"]


@pytest.mark.parametrize("case", cases("retry", "retryAfter"))
def test_retry_after(case: Dict[str, Any]) -> None:
    assert parse_retry_after_ms(case["headers"], case["nowMs"]) == case["retryAfterMs"]


@pytest.mark.parametrize("case", cases("retry", "delays"))
def test_delay(case: Dict[str, Any]) -> None:
    policy = RetryPolicy(**{snake(name): value for name, value in case["policy"].items()})
    assert retry_delay_ms(policy, case["attempts"], case["retryAfterMs"], lambda: case["random"]) == case["delayMs"]


@pytest.mark.parametrize("case", cases("errors", "cases"))
def test_error(case: Dict[str, Any], models: Dict[str, Model[Any]]) -> None:
    client = VirtualClient(models, settings_from(case, DEFAULTS), [])
    error = client.failure_of(case["call"])
    assert error is not None
    members = error_members(error)
    assert {name: members[name] for name in case["error"]} == case["error"]
    assert client.queue.events == 0


@pytest.mark.parametrize("case", cases("wire", "requests"))
def test_request(case: Dict[str, Any]) -> None:
    given = case["batch"]
    rows = [json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n" for row in given["rows"]]
    batch = Batch(
        model=given["model"],
        version=given["version"],
        body="".join(rows).encode(),
        events=len(rows),
        key=given["key"],
        producer=given["producer"],
        ids=tuple((first, last) for first, last in given["ids"]),
        created_at_ms=0,
    )
    assert case["compression"] in ("none", "gzip")
    request = write_request(batch, case["compression"] == "gzip")
    expected = case["request"]
    assert request.path == expected["path"]
    assert request.headers == expected["headers"]
    body = gzip.decompress(request.body) if "content-encoding" in request.headers else request.body
    assert len(body) == expected["contentBytes"]
    if "body" in expected:
        assert body.decode() == expected["body"]


@pytest.mark.parametrize("case", cases("wire", "keys"))
def test_key(case: Dict[str, Any]) -> None:
    assert uuid7(case["nowMs"], bytes.fromhex(case["random"])) == case["key"]


@pytest.mark.parametrize("case", cases("wire", "positions"))
def test_position(case: Dict[str, Any]) -> None:
    assert merge_positions(case["first"], case["second"]) == case["merged"]


@pytest.mark.parametrize("case", cases("wire", "replies"))
def test_reply(case: Dict[str, Any]) -> None:
    read = read_reply(HttpReply(case["status"], {}, case["body"].encode()))
    assert ("answered" if isinstance(read, Answered) else "failed") == case["kind"]


@pytest.mark.parametrize("queue", ["memory", "durable"])
@pytest.mark.parametrize("case", cases("exchange", "cases"))
def test_exchange(case: Dict[str, Any], queue: str, models: Dict[str, Model[Any]], tmp_path: Path) -> None:
    assert set(case) <= {"name", "settings", "steps", "replies", "requests", "metrics", "errors", "rejected"}
    path = tmp_path / "queue.db" if queue == "durable" else None
    client = VirtualClient(models, settings_from(case, DEFAULTS), case["replies"], path)
    for step in case["steps"]:
        client.step(step)
    labels: Dict[str, str] = {}
    for request in client.requests:
        labels.setdefault(request["key"], "ABCDEFGH"[len(labels)])
    made = [{**request, "key": labels[request["key"]]} for request in client.requests]
    expected = [{"path": "/ingest/Click/1.0", **request} for request in case["requests"]]
    named: Dict[str, str] = {}
    for request in expected:
        named.setdefault(request["key"], "ABCDEFGH"[len(named)])
    assert made == [{**request, "key": named[request["key"]]} for request in expected]
    metrics = client.metrics()
    assert {name: metrics[name] for name in case["metrics"]} == case["metrics"]
    told = [{"code": error.code, "events": error.events, "status": error.status} for error in client.errors]
    assert [{name: one[name] for name in want} for one, want in zip(told, case.get("errors", []))] == case.get(
        "errors", []
    )
    assert len(told) == len(case.get("errors", []))
    refused = [
        {
            "model": rejected.model,
            "rejected": rejected.rejected,
            "rows": [
                {"text": row.text, "errors": [dataclasses.asdict(e) for e in row.errors]} for row in rejected.rows
            ],
        }
        for rejected in client.rejected
    ]
    assert refused == case.get("rejected", [])
    client.queue.close()
