"""What becomes of a batch after an attempt, and when it is tried again: pure, _pipeline applies it."""

from __future__ import annotations

import email.utils
import math
import re
from dataclasses import dataclass
from datetime import timezone
from typing import Callable, Literal, Mapping, Optional

Headers = Mapping[str, str]
"""Names in lower case."""

# retry: the same batch later. hold: the same, and the app is told once. split: in halves. refuse: never again.
Action = Literal["retry", "hold", "split", "refuse"]

_NUMBER = re.compile(r"\d+(\.\d+)?\Z")


@dataclass(frozen=True)
class RetryPolicy:
    first_delay_ms: float = 250
    """Longest wait before the first retry; it doubles with each one."""
    max_delay_ms: float = 30_000
    """Where the doubling ends."""
    max_retry_after_ms: float = 300_000
    """Longest wait that a server's Retry-After can ask for."""
    give_up_after_ms: float = math.inf
    """A batch that was tried for longer is given up and handed to ``on_error``; by default it is the queue that has a bound."""


def action_after(status: Optional[int], headers: Headers) -> Action:
    """No reply (None), a 2xx that is no ingest reply, 408, 425, 429 and 5xx are tried again."""
    said = headers.get("x-moose-should-retry")
    if said == "true":
        return "retry"
    if said == "false":
        return "refuse"
    if status is None or status < 300 or status >= 500 or status in (408, 425, 429):
        return "retry"
    if status in (401, 403):
        return "hold"
    return "split" if status == 413 else "refuse"


def retry_delay_ms(
    policy: RetryPolicy, attempts: int, retry_after_ms: Optional[float], random: Callable[[], float]
) -> float:
    """Wait after so many attempts: what the server asks for plus up to a quarter, else full jitter over a doubling span."""
    if retry_after_ms is not None:
        return min(policy.max_retry_after_ms, retry_after_ms * (1 + random() / 4))
    return random() * min(policy.max_delay_ms, policy.first_delay_ms * 2.0 ** min(attempts - 1, 30))


def parse_retry_after_ms(headers: Headers, now_ms: float) -> Optional[float]:
    """``retry-after-ms``, or ``retry-after`` in seconds or as an HTTP date. None when there is none that can be read."""
    ms = headers.get("retry-after-ms")
    if ms is not None and _NUMBER.match(ms):
        return float(ms)
    after = headers.get("retry-after")
    if after is None:
        return None
    if _NUMBER.match(after):
        return float(after) * 1000
    try:
        date = email.utils.parsedate_to_datetime(after)
    except (TypeError, ValueError):
        return None
    return max(0.0, date.replace(tzinfo=date.tzinfo or timezone.utc).timestamp() * 1000 - now_ms)
