"""Events a second and CPU an event through the SDK, against plain batching in the same process, round by round in turn.

    python bench/send.py [URL of a server with the models of sdks/conformance]

Without a URL a process that answers everything takes the server's place: what is measured is the client. CPU is that of
this process, all threads.
"""

from __future__ import annotations

import gzip
import json
import multiprocessing
import statistics
import sys
import tempfile
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Callable, Dict, List, Tuple

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

from plain_batching import PlainBatching

from moose_ingest import Ingest, Model, create_ingest, load_models

ROUNDS = 7
EVENTS = 10_000
MANY = 100

Run = Callable[[List[Dict[str, Any]]], None]


class Sink(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        if self.headers.get("content-encoding") == "gzip":
            body = gzip.decompress(body)
        reply = json.dumps({"accepted": body.count(b'"at"'), "rejected": 0, "errors": []}).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(reply)))
        self.end_headers()
        self.wfile.write(reply)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


def serve(ports: multiprocessing.Queue[int]) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Sink)
    ports.put(server.server_address[1])
    server.serve_forever()


def measure(run: Run, events: List[Dict[str, Any]]) -> Tuple[float, float]:
    """Events a second, and microseconds of CPU an event."""
    cpu_s, began_s = time.process_time(), time.perf_counter()
    run(events)
    took_s, used_s = time.perf_counter() - began_s, time.process_time() - cpu_s
    return len(events) / took_s, used_s / len(events) * 1e6


def one_by_one(ingest: Ingest, click: Model[Any]) -> Run:
    def run(events: List[Dict[str, Any]]) -> None:
        for event in events:
            ingest.send(click, event)
        ingest.flush()

    return run


def many(ingest: Ingest, click: Model[Any]) -> Run:
    def run(events: List[Dict[str, Any]]) -> None:
        for begin in range(0, len(events), MANY):
            ingest.send_many(click, events[begin : begin + MANY])
        ingest.flush()

    return run


def plain(client: PlainBatching) -> Run:
    def run(events: List[Dict[str, Any]]) -> None:
        for event in events:
            client.send(event)
        client.flush()

    return run


def main() -> None:
    context = multiprocessing.get_context("spawn")
    ports: multiprocessing.Queue[int] = context.Queue()
    sink = context.Process(target=serve, args=(ports,), daemon=True)
    url = sys.argv[1] if len(sys.argv) > 1 else ""
    if not url:
        sink.start()
        url = f"http://127.0.0.1:{ports.get(timeout=30)}"
    click = load_models(Path(__file__).parents[2] / "conformance" / "models.json")["Click"]
    events = [{"at": "2026-01-01T00:00:00.123Z", "page": f"/page/{n % 97}", "count": n} for n in range(EVENTS)]
    with tempfile.TemporaryDirectory() as folder:
        memory = create_ingest(url, [click])
        durable = create_ingest(url, [click], queue_path=Path(folder) / "queue.db")
        kinds: Dict[str, Run] = {
            "plain batching": plain(PlainBatching(url, "Click")),
            "send": one_by_one(memory, click),
            f"send_many of {MANY}": many(memory, click),
            "send, durable": one_by_one(durable, click),
            f"send_many of {MANY}, durable": many(durable, click),
        }
        found: Dict[str, List[Tuple[float, float]]] = {name: [] for name in kinds}
        for number in range(ROUNDS + 1):
            for name, run in kinds.items():
                measured = measure(run, events)
                # The first round warms up.
                if number > 0:
                    found[name].append(measured)
        memory.close()
        durable.close()
    base = statistics.median(cpu for _, cpu in found["plain batching"])
    for name, results in found.items():
        rate = statistics.median(rate for rate, _ in results)
        cpu = statistics.median(cpu for _, cpu in results)
        print(f"{name:32} {rate:9,.0f} events/s {cpu:7.1f} us CPU an event  x{cpu / base:.2f} of plain")
    if sink.is_alive():
        sink.terminate()


if __name__ == "__main__":
    main()
