"""The client for asyncio: the same promises, and a loop that is never blocked by a wait."""

from __future__ import annotations

import asyncio
import inspect
from pathlib import Path
from typing import Any, Dict, List

import pytest
from scripted_server import Hang, ScriptedServer

from moose_ingest import AsyncIngest, Ingest, IngestError, IngestValidationError, Model, create_async_ingest

Models = Dict[str, Model[Any]]


def click(page: str) -> Dict[str, Any]:
    return {"at": "2026-01-01T00:00:00Z", "page": page}


@pytest.mark.parametrize("durable", [False, True])
def test_sends_from_many_tasks_and_flushes(durable: bool, models: Models, tmp_path: Path) -> None:
    async def run(url: str) -> None:
        path = tmp_path / "queue.db" if durable else None
        async with create_async_ingest(url, [models["Click"]], queue_path=path, max_batch_events=7) as ingest:
            await asyncio.gather(*(ingest.send(models["Click"], click(str(n))) for n in range(100)))
            await ingest.send_many(models["Click"], [click("a"), click("b")])
            assert (await ingest.flush()).position == "p9"
            assert ingest.metrics.sent_events == 102

    with ScriptedServer() as server:
        asyncio.run(run(server.url))
        found: List[str] = [row["page"] for row in server.rows()]
        assert sorted(found) == sorted([*map(str, range(100)), "a", "b"])


def test_waits_without_blocking_the_loop_and_within_its_limits(models: Models) -> None:
    async def run(url: str) -> None:
        ingest = create_async_ingest(url, [models["Click"]], max_queue_bytes=41, on_error=lambda _: None)
        await ingest.send(models["Click"], click("a"))
        beats = 0

        async def beat() -> None:
            nonlocal beats
            while True:
                await asyncio.sleep(0)
                beats += 1

        beating = asyncio.ensure_future(beat())
        with pytest.raises(IngestError) as full:
            await ingest.send(models["Click"], click("b"), timeout_ms=50)
        assert full.value.code == "queue_full"
        with pytest.raises(IngestError) as late:
            await ingest.flush(timeout_ms=50)
        assert late.value.code == "timed_out"
        with pytest.raises(IngestError):
            await ingest.close(timeout_ms=50)
        beating.cancel()
        assert beats > 10
        with pytest.raises(IngestError) as closed:
            await ingest.send(models["Click"], click("c"))
        assert closed.value.code == "closed"

    with ScriptedServer(Hang()) as server:
        asyncio.run(run(server.url))


def test_a_send_that_waits_can_be_cancelled_and_leaves_nothing_behind(models: Models) -> None:
    async def run(url: str) -> None:
        ingest = create_async_ingest(url, [models["Click"]], max_queue_bytes=41, on_error=lambda _: None)
        await ingest.send(models["Click"], click("a"))
        waiting = asyncio.ensure_future(ingest.send(models["Click"], click("b")))
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert ingest.metrics.queued_events == 1
        ingest.set_consent("denied")
        await ingest.close()

    with ScriptedServer(Hang()) as server:
        asyncio.run(run(server.url))


def test_says_what_is_wrong_at_once(models: Models) -> None:
    async def run() -> None:
        ingest = create_async_ingest("http://127.0.0.1:9", [models["Click"]])
        with pytest.raises(IngestValidationError):
            await ingest.send(models["Click"], {"at": 1})
        with pytest.raises(IngestError, match="not one of the models"):
            await ingest.send(models["Sale"], {})
        await ingest.close()

    asyncio.run(run())


def test_has_the_methods_of_the_client_without_asyncio() -> None:
    hooks = {"flush_at_exit", "prepare_fork", "resume_after_fork", "begin_anew_after_fork"}
    names = {name for name in vars(Ingest) if not name.startswith("_")} - hooks
    assert {name for name in vars(AsyncIngest) if not name.startswith("_")} == names
    for name in ("send", "send_many", "flush", "close"):
        assert str(inspect.signature(getattr(AsyncIngest, name))) == str(inspect.signature(getattr(Ingest, name)))
