"""Runs a function over one slice: attempts, failures, states. The server's runner and tests share it."""

from __future__ import annotations

import json
import random
import time
import traceback
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from functools import partial
from typing import Any

from moose_functions._codec import encode_event
from moose_functions._function import BatchContext, Context, Log, StateContext, StreamFunction

_FIRST_WAIT_S = 0.05
_LONGEST_WAIT_S = 5.0


@dataclass(frozen=True)
class Origin:
    model: str
    stream: str
    partition: int
    offset: int
    received_at_ms: float
    key: str = ""


@dataclass
class SliceResult:
    """`outputs`: index of the event, model, JSON text. `failures`: as the server's protocol has them."""

    outputs: list[tuple[int, str, str]] = field(default_factory=list)
    failures: list[dict[str, Any]] = field(default_factory=list)
    retried: int = 0
    changes: list[tuple[str, str | None]] = field(default_factory=list)


@dataclass
class SliceRun:
    function: StreamFunction
    retries: int
    log: Log
    events: Sequence[Any]
    origins: Sequence[Origin]
    states: dict[str, str]
    """Told which event an attempt is at, -1 for the slice as a whole; None when it has ended."""
    began: Callable[[int | None], None] = lambda _event: None
    wait: Callable[[float], None] = time.sleep
    result: SliceResult = field(default_factory=SliceResult)

    def run(self) -> SliceResult:
        if self.function.mode == "batch":
            self._batch(0, len(self.events))
        else:
            for event in range(len(self.events)):
                if self.function.mode == "state":
                    self._stateful(event)
                else:
                    self._take(event, self._attempt(event, partial(self._one, event)))
        return self.result

    def _one(self, event: int, number: int) -> list[tuple[str, str]]:
        return self._outputs(self.function.run(self.events[event], self._context(event, number)))

    def _batch(self, first: int, last: int) -> None:
        if first == last:
            return

        def call(number: int) -> list[tuple[str, str]]:
            origins = [self._context(event, number) for event in range(first, last)]
            context = BatchContext(number, self.log, origins)
            return self._outputs(self.function.run(list(self.events[first:last]), context))

        alone = last - first == 1
        outcome = self._attempt(first if alone else -1, call)
        if alone or not isinstance(outcome, dict):
            self._take(last - 1, outcome)
            return
        middle = (first + last) // 2
        self._batch(first, middle)
        self._batch(middle, last)

    def _stateful(self, event: int) -> None:
        key = self.origins[event].key
        entry = f"k:{key}"
        kept: list[str | None] = []

        def call(number: int) -> list[tuple[str, str]]:
            stored = self.states.get(entry)
            assert self.function.state is not None
            state = self.function.state() if stored is None else json.loads(stored)
            base = self._context(event, number)
            context: StateContext[Any] = StateContext(**vars(base), key=key, state=state)
            outputs = self._outputs(self.function.run(self.events[event], context))
            kept[:] = [None if context.cleared else json.dumps(context.state, ensure_ascii=False, allow_nan=False)]
            return outputs

        outcome = self._attempt(event, call)
        self._take(event, outcome)
        if isinstance(outcome, dict) or self.states.get(entry) == kept[0]:
            return
        if kept[0] is None:
            del self.states[entry]
        else:
            self.states[entry] = kept[0]
        self.result.changes.append((entry, kept[0]))

    def _attempt(
        self, event: int, call: Callable[[int], list[tuple[str, str]]]
    ) -> list[tuple[str, str]] | dict[str, Any]:
        """Outputs, or the failure after the last attempt."""
        last: Exception | None = None
        for number in range(1, self.retries + 2):
            if number > 1:
                ceiling = min(_LONGEST_WAIT_S, _FIRST_WAIT_S * 2 ** (number - 2))
                self.wait(ceiling / 2 + ceiling / 2 * random.random())
                self.result.retried += 1
            self.began(event)
            try:
                return call(number)
            except MemoryError:
                # What is left of the process cannot be trusted: the server starts another one.
                raise
            except Exception as error:
                last = error
            finally:
                self.began(None)
        assert last is not None
        return {
            "event": event,
            "code": "function_threw",
            "message": f"{type(last).__name__}: {last}",
            "stack": "".join(traceback.format_exception(last)),
            "attempts": self.retries + 1,
        }

    def _take(self, event: int, outcome: list[tuple[str, str]] | dict[str, Any]) -> None:
        if isinstance(outcome, dict):
            self.result.failures.append(outcome)
        else:
            self.result.outputs.extend((event, model, text) for model, text in outcome)

    def _context(self, event: int, number: int) -> Context:
        origin = self.origins[event]
        received_at = datetime.fromtimestamp(origin.received_at_ms / 1000, timezone.utc)
        name = f"{origin.stream}/{origin.partition}/{origin.offset}"
        return Context(origin.model, name, origin.partition, origin.offset, received_at, number, self.log)

    def _outputs(self, returned: Any) -> list[tuple[str, str]]:
        if returned is None:
            return []
        several = isinstance(returned, Iterable) and not hasattr(returned, "__moose_model__")
        outputs = []
        for output in returned if several else [returned]:
            model = getattr(type(output), "__moose_model__", None)
            if model is None:
                raise TypeError(
                    f"a stream function returns events of the generated classes, not a {type(output).__name__}"
                )
            if type(output) not in self.function.to:
                raise TypeError(f'the function returned a {model}, which is not in its "to": add the class there')
            outputs.append((model, encode_event(output)))
        return outputs
