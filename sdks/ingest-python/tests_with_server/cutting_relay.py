"""A way to the server that breaks: connections are cut after so many bytes, in either direction."""

from __future__ import annotations

import contextlib
import random
import socket
import threading
from types import TracebackType
from typing import Callable, List, Optional, Type
from urllib.parse import urlsplit

# A few requests and replies of the test.
_MOST_REQUEST_BYTES = 6_000
_MOST_REPLY_BYTES = 2_000


class CuttingRelay:
    def __init__(self, target: str, seed: int) -> None:
        parts = urlsplit(target)
        self._target = (parts.hostname or "", parts.port or 80)
        self._random = random.Random(seed)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.cuts = 0
        self._lock = threading.Lock()
        self._threads: List[threading.Thread] = []
        self._start(self._accept)

    def __enter__(self) -> CuttingRelay:
        return self

    def __exit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        # Wakes the accept that waits.
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in list(self._threads):
            thread.join(30)

    def _start(self, run: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=run, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.create_connection(self._target)
            self._start(self._relay, client, server, self._random.randrange(_MOST_REQUEST_BYTES))
            self._start(self._relay, server, client, self._random.randrange(_MOST_REPLY_BYTES))

    def _relay(self, source: socket.socket, sink: socket.socket, limit: int) -> None:
        left = limit
        try:
            while data := source.recv(4096):
                if len(data) > left:
                    sink.sendall(data[:left])
                    with self._lock:
                        self.cuts += 1
                    break
                left -= len(data)
                sink.sendall(data)
        except OSError:
            # The other direction has cut it.
            pass
        for one in (source, sink):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        source.close()
