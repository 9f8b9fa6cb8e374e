"""The queue between send and delivery, as both kinds of it are used: no code. Whoever calls holds the client's lock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional, Protocol, Sequence, Tuple

from ._batch import Batch

ModelKey = Tuple[str, str]
"""Name and version."""


@dataclass(frozen=True)
class BatchLimits:
    events: int
    bytes: int
    age_ms: float


@dataclass(frozen=True)
class Shedding:
    """What had to go so that newer events find room; ``newcomers``: these were shed themselves."""

    events: int
    newcomers: bool = False


class Queue(Protocol):
    @property
    def durable(self) -> bool:
        """Whether events outlive the process."""

    @property
    def events(self) -> int:
        """Queued or under way."""

    @property
    def size_bytes(self) -> int: ...

    def append(self, model: ModelKey, rows: Sequence[bytes], now_ms: float) -> None:
        """Numbers the events and keeps all or none; durable when it returns if the queue is. Rows end with a newline.

        Raises IngestError ``queue_failed``.
        """

    def take(self, now_ms: float) -> Optional[Batch]:
        """The next batch that is closed, oldest first; it stays in the queue until it is settled."""

    def next_due_ms(self) -> Optional[float]:
        """When take should be asked again though nothing else happens."""

    def close_open(self) -> None:
        """Closes the open batch of each model, in the order in which the client was given the models."""

    def settle(self, batch: Batch, position: Optional[str]) -> None:
        """The batch, or this part of one, is stored, refused or given up. ``position`` covers it if it is stored."""

    def shed(self, more_bytes: int, max_bytes: int, shed_first: Sequence[str]) -> Shedding:
        """Makes room by the order of sdks/conformance/batching.json, or says that the newcomers are to go."""

    def erase(self) -> int:
        """Removes everything that is not under way, and says how many events that were."""

    def mark(self) -> int:
        """Names everything appended so far, for is_settled."""

    def is_settled(self, mark: int) -> bool: ...

    def position(self) -> Optional[str]:
        """Covers every event of the queue that was acknowledged so far."""

    def drain(self) -> Sequence[Batch]:
        """What a queue in memory still holds when the client ends; a durable one keeps it and gives nothing."""

    def close(self) -> None: ...

    def prepare_fork(self) -> None:
        """Before a fork: lets go of what a child must not inherit, till it is used again."""

    def abandon(self) -> None:
        """In a child after a fork: lets go of what it inherited without touching what its parent uses."""
