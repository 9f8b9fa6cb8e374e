"""The client for asyncio: waits without blocking the loop. Delivery runs in the threads of the same runtime."""

from __future__ import annotations

import asyncio
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Any, Callable, Optional, Sequence, Type, TypeVar

from ._errors import IngestError
from ._ingest import Ingest
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

# Another process may settle what this one waits for.
_LOOK_AGAIN_S = 0.025


class AsyncIngest:
    """Made by create_async_ingest. The same as Ingest, method for method; callbacks run in a thread of the client."""

    def __init__(self, settings: Settings, models: Sequence[Model[Any]]) -> None:
        self._settings = settings
        self._client = Ingest(settings, models)

    async def send(self, model: Model[E], event: E, *, timeout_ms: Optional[float] = None) -> None:
        """Returns when the event is valid and queued. Raises as Ingest.send."""
        await self.send_many(model, (event,), timeout_ms=timeout_ms)

    async def send_many(self, model: Model[E], events: Sequence[E], *, timeout_ms: Optional[float] = None) -> None:
        """Queues all events or none. Errors name the index of the event in ``row``."""
        parts = self._client._living_parts()
        rows = parts.preparation.prepare(model, events)
        if not rows:
            return
        runtime, key = parts.runtime, (model.name, model.version)
        limit_ms = self._settings.send_timeout_ms if timeout_ms is None else timeout_ms
        if self._settings.queue_path is not None:
            # A write to the disk, and perhaps a wait for another process: not in the loop.
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(None, partial(runtime.offer, key, rows, limit_ms))
            return
        if not runtime.try_offer(key, rows):
            await self._until(lambda: runtime.try_offer(key, rows), limit_ms, runtime.full)

    async def flush(self, *, timeout_ms: float = FLUSH_TIMEOUT_MS) -> Flushed:
        """Returns when everything sent before is settled. Raises IngestError ``timed_out``."""
        runtime = self._client._living_parts().runtime
        mark = runtime.start_flush()
        await self._until(lambda: runtime.is_settled(mark), timeout_ms, runtime.late)
        return Flushed(runtime.position())

    async def close(self, *, timeout_ms: float = CLOSE_TIMEOUT_MS) -> None:
        """Flushes up to the limit, then ends as Ingest.close. Safe to call twice."""
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(None, partial(self._client.close, timeout_ms=timeout_ms))

    def set_consent(self, consent: Consent) -> None:
        """As Ingest.set_consent."""
        self._client.set_consent(consent)

    @property
    def metrics(self) -> IngestMetrics:
        return self._client.metrics

    async def __aenter__(self) -> AsyncIngest:
        return self

    async def __aexit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        await self.close()

    async def _until(self, is_met: Callable[[], bool], timeout_ms: float, late: Callable[[float], IngestError]) -> None:
        """Asks again whenever a batch has left."""
        loop = asyncio.get_running_loop()
        left = asyncio.Event()
        runtime = self._client._living_parts().runtime

        def tell() -> None:
            try:
                loop.call_soon_threadsafe(left.set)
            except RuntimeError:
                # The loop is closed: nobody waits any more.
                pass

        deadline_s = loop.time() + timeout_ms / 1000
        runtime.listen(tell)
        try:
            while not is_met():
                left_s = deadline_s - loop.time()
                if left_s <= 0:
                    raise late(timeout_ms)
                wait_s = left_s if self._settings.queue_path is None else min(left_s, _LOOK_AGAIN_S)
                try:
                    await asyncio.wait_for(left.wait(), wait_s)
                except asyncio.TimeoutError:
                    pass
                left.clear()
        finally:
            runtime.unlisten(tell)


def create_async_ingest(url: str, models: Sequence[Model[Any]], **options: Unpack[IngestOptions]) -> AsyncIngest:
    """Creates a client for asyncio; see create_ingest.

    >>> async with create_async_ingest("http://localhost:4000", [FLIGHT]) as ingest:
    ...     await ingest.send(FLIGHT, {"origin": "SFO", "destination": "JFK"})
    """
    return AsyncIngest(settings_of(url, options), models)
