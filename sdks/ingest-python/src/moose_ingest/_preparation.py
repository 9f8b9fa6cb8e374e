"""From an app's event to a line that may be queued: sampling, context, before_send, JSON text, the core's verdict."""

from __future__ import annotations

import threading
from typing import Any, Callable, Dict, List, Optional, Sequence

from ._encode import cut_times, encode_event, encode_members, members_of
from ._errors import IngestError, IngestValidationError, RowError
from ._model import Model
from ._options import Settings
from ._queue import ModelKey
from ._validator import Validator
from ._wasm_module import CoreStopped

# Errors that one call reports at most.
_MAX_ERRORS = 1000


class Preparation:
    """Safe to use from several threads."""

    def __init__(self, models: Sequence[Model[Any]], settings: Settings, random: Callable[[], float]) -> None:
        self._validators: Dict[ModelKey, Validator] = {
            (model.name, model.version): Validator(model.program, _MAX_ERRORS) for model in models
        }
        for model in models:
            rule = settings.sampling.get(model.name)
            if rule is not None and rule.field not in model.fields:
                raise ValueError(
                    f"sampling of {model.name} names the field {rule.field!r}, which the model does not have"
                )
        self._settings = settings
        self._random = random
        self._takes_members = bool(settings.context or settings.sampling or settings.before_send)
        self._counting = threading.Lock()
        self.rejected = 0
        self.sampled_out = 0
        self.dropped = 0

    def prepare(self, model: Model[Any], events: Sequence[object]) -> List[bytes]:
        """A line for each event that is to be sent.

        Raises IngestValidationError with every violation, IngestError ``unknown_model`` or ``event_too_large``, and
        TypeError for what is no event.
        """
        validator = self._validators.get((model.name, model.version))
        if validator is None:
            known = ", ".join(f"{name} {version}" for name, version in self._validators)
            message = (
                f"{model!r} is not one of the models of this client ({known}); add it to create_ingest(url, models)."
            )
            raise IngestError("unknown_model", message)
        if self._takes_members:
            encoded = (self._encode(model, event) for event in events)
            rows = [row for row in encoded if row is not None]
        else:
            rows = [encode_event(event, model.time_unit_us) + b"\n" for event in events]
        for row in rows:
            self._throw_if_too_large(model, row)
        if len(rows) == 1:
            self._validate(model, validator, rows[0], 0)
        else:
            self._validate_slices(model, validator, rows)
        return rows

    def _encode(self, model: Model[Any], event: object) -> Optional[bytes]:
        settings = self._settings
        rule = settings.sampling.get(model.name)
        if rule is not None and self._random() >= rule.rate:
            self._count(sampled_out=1)
            return None
        context = settings.context() if callable(settings.context) else settings.context
        # Of the context each model gets what it has fields for; the event's own members win.
        members = {name: value for name, value in context.items() if name in model.fields}
        members.update(members_of(event))
        if rule is not None:
            members[rule.field] = rule.rate
        if settings.before_send is not None:
            kept = settings.before_send(model.name, members)
            if kept is None:
                self._count(dropped=1)
                return None
            members = dict(kept)
        return encode_members(cut_times(members, model.time_unit_us)) + b"\n"

    def _throw_if_too_large(self, model: Model[Any], row: bytes) -> None:
        limit = self._settings.max_batch_bytes
        if len(row) <= limit:
            return
        message = f"An event of {model.name} has {len(row)} bytes; a batch holds {limit}. Make the event smaller or raise max_batch_bytes."
        raise IngestError("event_too_large", message)

    def _validate_slices(self, model: Model[Any], validator: Validator, rows: Sequence[bytes]) -> None:
        """The core takes inputs up to a limit, so a long call is checked slice by slice, all of it before any of it is queued."""
        begin = size = 0
        for index, row in enumerate(rows):
            if index > begin and size + len(row) > self._settings.max_batch_bytes:
                self._validate(model, validator, b"".join(rows[begin:index]), begin)
                begin, size = index, 0
            size += len(row)
        if begin < len(rows):
            self._validate(model, validator, b"".join(rows[begin:]), begin)

    def _validate(self, model: Model[Any], validator: Validator, rows: bytes, first_row: int) -> None:
        try:
            verdict = validator.validate(rows, "ndjson")
        except CoreStopped as error:
            raise IngestError("core_unavailable", f"The validation core stopped: {error}.") from error
        if verdict.unreadable is not None:
            raise IngestError("validation_failed", f"The event is not JSON: {verdict.unreadable}.")
        if verdict.rejected == 0:
            return
        self._count(rejected=verdict.rejected)
        errors = [
            RowError(error.row + first_row, error.path, error.code, error.expected, error.got)
            for error in verdict.errors
        ]
        raise IngestValidationError(model.name, errors)

    def _count(self, rejected: int = 0, sampled_out: int = 0, dropped: int = 0) -> None:
        with self._counting:
            self.rejected += rejected
            self.sampled_out += sampled_out
            self.dropped += dropped
