"""The baseline: what an analytics SDK without validation, numbers or durability does. A queue, a thread, JSON, gzip, keep-alive."""

from __future__ import annotations

import gzip
import http.client
import json
import queue
import threading
from typing import Any, Dict, List
from urllib.parse import urlsplit

_BATCH_EVENTS = 1000
_GZIP_LEVEL = 2


class PlainBatching:
    def __init__(self, url: str, model: str) -> None:
        parts = urlsplit(url)
        self._http = http.client.HTTPConnection(parts.hostname or "", parts.port)
        self._path = f"/ingest/{model}"
        self._queue: queue.Queue[Dict[str, Any]] = queue.Queue(10_000)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def send(self, event: Dict[str, Any]) -> None:
        self._queue.put(event)

    def flush(self) -> None:
        self._queue.join()

    def _run(self) -> None:
        while True:
            events: List[Dict[str, Any]] = [self._queue.get()]
            while len(events) < _BATCH_EVENTS:
                try:
                    events.append(self._queue.get(timeout=0.05))
                except queue.Empty:
                    break
            body = gzip.compress(json.dumps(events).encode(), _GZIP_LEVEL)
            self._http.request(
                "POST", self._path, body, {"content-type": "application/json", "content-encoding": "gzip"}
            )
            reply = self._http.getresponse()
            reply.read()
            assert reply.status == 200, reply.status
            for _ in events:
                self._queue.task_done()
