"""The end of the interpreter, and forks: every open client hears of both."""

from __future__ import annotations

import atexit
import os
import sys
import threading
from typing import Protocol, Set


class LivingClient(Protocol):
    def flush_at_exit(self) -> None: ...

    def prepare_fork(self) -> None: ...

    def resume_after_fork(self) -> None: ...

    def begin_anew_after_fork(self) -> None: ...


class _Registry:
    def __init__(self) -> None:
        self.clients: Set[LivingClient] = set()
        self.lock = threading.Lock()
        self.has_hooks = False


_registry = _Registry()


def register(client: LivingClient) -> None:
    """Until ``unregister``: an app that forgets to close a client loses nothing."""
    with _registry.lock:
        _registry.clients.add(client)
        if _registry.has_hooks:
            return
        _registry.has_hooks = True
    atexit.register(_at_exit)
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(before=_before_fork, after_in_parent=_in_parent, after_in_child=_in_child)


def unregister(client: LivingClient) -> None:
    with _registry.lock:
        _registry.clients.discard(client)


def _at_exit() -> None:
    for client in list(_registry.clients):
        client.flush_at_exit()


def _before_fork() -> None:
    for client in list(_registry.clients):
        client.prepare_fork()


def _in_parent() -> None:
    for client in list(_registry.clients):
        client.resume_after_fork()


def _in_child() -> None:
    _registry.lock = threading.Lock()
    for client in list(_registry.clients):
        client.begin_anew_after_fork()
    # Children of multiprocessing end without atexit; what it calls instead it forgets right after the fork, so it is told again then.
    util = sys.modules.get("multiprocessing.util")
    if util is not None:
        util.register_after_fork(_registry, lambda _: util.Finalize(None, _at_exit, exitpriority=0))
