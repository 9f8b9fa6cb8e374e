"""For a project's own tests: runs a stream function on events without a server, with the code that runs it in one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from moose_functions._codec import decode_event, encode_event
from moose_functions._function import LogValue, StreamFunction
from moose_functions._run import Origin, SliceRun


@dataclass(frozen=True)
class FailedEvent:
    """`event` counts from 0 over all that was sent."""

    event: int
    code: str
    message: str
    stack: str
    attempts: int


@dataclass
class _Lines:
    lines: list[tuple[str, str]] = field(default_factory=list)

    def debug(self, message: str, **fields: LogValue) -> None:
        self.lines.append(("debug", message))

    def info(self, message: str, **fields: LogValue) -> None:
        self.lines.append(("info", message))

    def warn(self, message: str, **fields: LogValue) -> None:
        self.lines.append(("warn", message))

    def error(self, message: str, **fields: LogValue) -> None:
        self.lines.append(("error", message))


@dataclass
class FunctionTest:
    """Send events, then look at `outputs`, `failures` and `logs`. All goes through its JSON text, as in a server.

    The models' own rules (ranges, patterns) are the server's to check.
    """

    function: StreamFunction
    retries: int = 3
    outputs: list[Any] = field(default_factory=list)
    failures: list[FailedEvent] = field(default_factory=list)
    _log: _Lines = field(default_factory=_Lines)
    _states: dict[str, str] = field(default_factory=dict)
    _sent: int = 0

    @property
    def logs(self) -> list[tuple[str, str]]:
        return self._log.lines

    def send(self, events: Sequence[Any]) -> None:
        decoded = [decode_event(type(event), encode_event(event)) for event in events]
        origins = [self._origin(event, self._sent + index) for index, event in enumerate(decoded)]
        retries = self.function.limits.get("retries", self.retries)
        run = SliceRun(self.function, retries, self._log, decoded, origins, self._states, wait=lambda _seconds: None)
        result = run.run()
        classes = {model.__moose_model__: model for model in self.function.to}
        self.outputs += [decode_event(classes[model], text) for _, model, text in result.outputs]
        self.failures += [
            FailedEvent(**{**failure, "event": failure["event"] + self._sent}) for failure in result.failures
        ]
        self._sent += len(events)

    @staticmethod
    def _origin(event: Any, offset: int) -> Origin:
        model = type(event)
        key_field = model.__moose_key__
        key = "" if key_field is None else str(getattr(event, model.__moose_names__[key_field]))
        return Origin(model.__moose_model__, f"{model.__moose_model__}.{model.__moose_version__}", 0, offset, 0, key)


def run_function(function: StreamFunction, events: Sequence[Any]) -> FunctionTest:
    """The test of one call: `run_function(fn, [Flight(…)]).outputs`."""
    test = FunctionTest(function)
    test.send(events)
    return test
