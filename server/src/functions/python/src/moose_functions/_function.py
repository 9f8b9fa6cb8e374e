"""What a project writes: decorators that make stream functions, and the contexts that these are called with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, Literal, Protocol, TypeVar

Model = type[Any]
LogValue = str | int | float | bool | None
_E = TypeVar("_E")
_S = TypeVar("_S")


class Log(Protocol):
    """Goes to the server's log under the function's name."""

    def debug(self, message: str, **fields: LogValue) -> None: ...
    def info(self, message: str, **fields: LogValue) -> None: ...
    def warn(self, message: str, **fields: LogValue) -> None: ...
    def error(self, message: str, **fields: LogValue) -> None: ...


@dataclass
class Context:
    """Where an event stands, and which attempt this is. `id` is the same however often the event is tried."""

    model: str
    id: str
    partition: int
    offset: int
    received_at: datetime
    attempt: int
    log: Log


@dataclass
class StateContext(Context, Generic[_S]):
    """With the state of the event's key: change it or replace it. It is stored with the function's progress."""

    key: str
    state: _S
    cleared: bool = field(default=False, init=False)

    def clear(self) -> None:
        """Forgets the key's state once the event is done."""
        self.cleared = True


@dataclass
class BatchContext:
    attempt: int
    log: Log
    origins: Sequence[Context]


@dataclass(frozen=True)
class StreamFunction:
    """Made by the decorators. Calling it calls the function that was decorated."""

    run: Callable[..., Any]
    mode: Literal["event", "batch", "state"]
    source: tuple[Model, ...]
    to: tuple[Model, ...]
    limits: dict[str, int]
    start_at: Literal["first", "next"]
    name: str
    state: Callable[[], Any] | None = None

    def __call__(self, *args: Any) -> Any:
        return self.run(*args)


def stream_function(
    *,
    source: Model | Sequence[Model],
    to: Sequence[Model] = (),
    batch: bool = False,
    name: str = "",
    start_at: Literal["first", "next"] = "first",
    deadline_ms: int | None = None,
    retries: int | None = None,
    memory_mb: int | None = None,
    batch_rows: int | None = None,
) -> Callable[[Callable[[_E, Any], Any]], StreamFunction]:
    """`def run(event, context)` is called for each event; with `batch`, `def run(events, context)` for several at once.

    It returns None, an event of one of the classes in `to`, or several of them.
    """
    limits = _limits(deadline_ms, retries, memory_mb, batch_rows)

    def decorate(run: Callable[[_E, Any], Any]) -> StreamFunction:
        mode: Literal["event", "batch"] = "batch" if batch else "event"
        return StreamFunction(run, mode, _models(source), tuple(to), limits, start_at, name)

    return decorate


def stateful_function(
    *,
    source: Model,
    state: Callable[[], _S],
    to: Sequence[Model] = (),
    name: str = "",
    start_at: Literal["first", "next"] = "first",
    deadline_ms: int | None = None,
    retries: int | None = None,
    memory_mb: int | None = None,
    batch_rows: int | None = None,
) -> Callable[[Callable[[_E, StateContext[_S]], Any]], StreamFunction]:
    """`def run(event, context)` with `context.state`, a JSON value for each key of the source model's partition key."""
    limits = _limits(deadline_ms, retries, memory_mb, batch_rows)

    def decorate(run: Callable[[_E, StateContext[_S]], Any]) -> StreamFunction:
        return StreamFunction(run, "state", (source,), tuple(to), limits, start_at, name, state)

    return decorate


def _models(source: Model | Sequence[Model]) -> tuple[Model, ...]:
    return (source,) if isinstance(source, type) else tuple(source)


def _limits(
    deadline_ms: int | None, retries: int | None, memory_mb: int | None, batch_rows: int | None
) -> dict[str, int]:
    given = {"deadlineMs": deadline_ms, "retries": retries, "memoryMb": memory_mb, "batchRows": batch_rows}
    return {limit: value for limit, value in given.items() if value is not None}
