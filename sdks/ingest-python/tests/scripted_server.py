"""An ingest server over real sockets that answers as it is told, and stores each numbered event once, as the real one does."""

from __future__ import annotations

import gzip
import json
import socket
import ssl
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Dict, List, Mapping, Optional, Set, Tuple, Type, Union


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True)
class LoseReply:
    """Stores the events, then breaks the connection without an answer."""


@dataclass(frozen=True)
class CloseAfter:
    """Answers as usual, and closes the connection without a word: the client learns of it with its next request."""


@dataclass(frozen=True)
class Hang:
    """Never answers; the server's end lets go."""


Behaviour = Union[Answer, LoseReply, CloseAfter, Hang, None]


@dataclass(frozen=True)
class Received:
    path: str
    headers: Mapping[str, str]
    producer: str
    ids: Tuple[int, ...]
    rows: Tuple[Any, ...]


class ScriptedServer:
    """``script`` says what becomes of the first requests; all others are answered with 200."""

    def __init__(self, *script: Behaviour, tls: Optional[ssl.SSLContext] = None) -> None:
        self.script: List[Behaviour] = list(script)
        self.requests: List[Received] = []
        self.connections = 0
        self.stored: Dict[Tuple[str, str, int], Any] = {}
        self.lock = threading.Lock()
        self.ended = threading.Event()
        self.open: Set[socket.socket] = set()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def setup(self) -> None:
                super().setup()
                with outer.lock:
                    outer.connections += 1
                    outer.open.add(self.connection)

            def do_POST(self) -> None:
                outer.handle(self)

            def log_message(self, format: str, *args: Any) -> None:
                """Nothing: the tests look at the requests."""

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request: Any, client_address: Any) -> None:
                """Clients that break off are a part of the tests."""

        self._server = Server(("127.0.0.1", 0), Handler)
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self.url = f"{'http' if tls is None else 'https'}://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    def __enter__(self) -> ScriptedServer:
        return self

    def __exit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self.close()

    def close(self) -> None:
        self.ended.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(10)
        with self.lock:
            for connection in self.open:
                connection.close()

    def rows(self) -> List[Any]:
        """What was stored, each event once, in the order of its arrival."""
        with self.lock:
            return list(self.stored.values())

    def handle(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers["content-length"]))
        if request.headers.get("content-encoding") == "gzip":
            body = gzip.decompress(body)
        rows = tuple(json.loads(line) for line in body.splitlines())
        producer, ranges = request.headers["moose-event-ids"].split(";")
        ids = tuple(number for span in ranges.split(",") for number in _numbers(span))
        assert len(ids) == len(rows)
        headers = {name.lower(): value for name, value in request.headers.items()}
        with self.lock:
            self.requests.append(Received(request.path, headers, producer, ids, rows))
            behaviour = self.script.pop(0) if self.script else None
        if isinstance(behaviour, Hang):
            self.ended.wait(60)
            request.close_connection = True
            return
        if isinstance(behaviour, Answer):
            self._answer(request, behaviour)
            return
        model = request.path.split("/")[2]
        with self.lock:
            known = [self.stored.setdefault((producer, model, number), row) is row for number, row in zip(ids, rows)]
        accepted = sum(known)
        if isinstance(behaviour, LoseReply):
            request.close_connection = True
            return
        reply = {
            "accepted": accepted,
            "rejected": 0,
            "duplicates": len(rows) - accepted,
            "errors": [],
            "position": "p9",
        }
        self._answer(request, Answer(200, {}, json.dumps(reply).encode()))
        if isinstance(behaviour, CloseAfter):
            request.close_connection = True

    @staticmethod
    def _answer(request: BaseHTTPRequestHandler, answer: Answer) -> None:
        request.send_response(answer.status)
        for name, value in {"content-length": str(len(answer.body)), **answer.headers}.items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(answer.body)


def _numbers(span: str) -> range:
    first, _, last = span.partition("-")
    return range(int(first), int(last or first) + 1)
