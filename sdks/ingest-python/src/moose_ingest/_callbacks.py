"""What the app is told, in a thread of the client: its callbacks may be slow, and must not end the thread by what they raise."""

from __future__ import annotations

import logging
from typing import Callable, Optional, Sequence, TypeVar, Union

from ._batch import Batch
from ._errors import IngestDeliveryError
from ._options import Attempt, Settings
from ._pipeline import Notice
from ._reply import HttpReply, NoReply, Request, attempt_result

_log = logging.getLogger("moose_ingest")

A = TypeVar("A")
R = TypeVar("R")


class Callbacks:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def tell(self, notices: Sequence[Notice]) -> None:
        """To ``on_error`` and ``on_rejected``."""
        for notice in notices:
            if isinstance(notice, IngestDeliveryError):
                _guarded(self._settings.on_error, notice)
            else:
                _guarded(self._settings.on_rejected, notice)

    def begin_attempt(self, batch: Batch, request: Request) -> Callable[[Union[HttpReply, NoReply]], None]:
        """To ``on_attempt``, which may add headers to the request; call what is returned when the attempt has ended."""
        hook = self._settings.on_attempt
        if hook is None:
            return _nobody_asked
        size, key = len(batch.body), batch.key
        attempt = Attempt(batch.model, request.path, batch.events, size, batch.attempts, key, request.headers)
        ended = _guarded(hook, attempt)
        if ended is None:
            return _nobody_asked
        told = ended
        return lambda reply: _guarded(lambda result: told(result), attempt_result(reply))


def _nobody_asked(_: Union[HttpReply, NoReply]) -> None:
    """Without a hook."""


def _guarded(callback: Callable[[A], R], argument: A) -> Optional[R]:
    try:
        return callback(argument)
    except Exception:
        _log.exception("a callback of the app failed")
        return None
