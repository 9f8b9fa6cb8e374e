"""Time, as a client sees it: tests hand in another."""

from __future__ import annotations

import time
from threading import Condition
from typing import Optional, Protocol


class Clock(Protocol):
    def now_ms(self) -> float:
        """Since 1970."""

    def wait(self, condition: Condition, timeout_ms: Optional[float]) -> None:
        """Until the condition is notified or the time is up. Whoever calls holds its lock and looks again afterwards."""


class SystemClock:
    """Counts from the wall clock's time at the start, and never back: a clock that is set moves no deadline."""

    def __init__(self) -> None:
        self._offset_ms = time.time() * 1000 - time.monotonic() * 1000

    def now_ms(self) -> float:
        return self._offset_ms + time.monotonic() * 1000

    def wait(self, condition: Condition, timeout_ms: Optional[float]) -> None:
        condition.wait(None if timeout_ms is None else max(0.0, timeout_ms / 1000))
