"""Events that wait for the user's consent: in memory alone, within a bound, the oldest going first."""

from __future__ import annotations

from collections import deque
from typing import Deque, List, Sequence, Tuple

from ._queue import ModelKey


class HeldBack:
    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._calls: Deque[Tuple[ModelKey, Sequence[bytes]]] = deque()

    def keep(self, model: ModelKey, rows: Sequence[bytes]) -> int:
        """How many events had to go for it."""
        self._calls.append((model, rows))
        self._bytes += sum(map(len, rows))
        shed = 0
        while self._bytes > self._max_bytes:
            _, oldest = self._calls.popleft()
            self._bytes -= sum(map(len, oldest))
            shed += len(oldest)
        return shed

    def release(self) -> List[Tuple[ModelKey, Sequence[bytes]]]:
        """All that was kept, in order; nothing is held any more."""
        calls = list(self._calls)
        self._calls.clear()
        self._bytes = 0
        return calls
