"""The runner that the server starts: runs slices from its socket, and watches over the deadline and the memory."""

from __future__ import annotations

import json
import os
import resource
import socket
import struct
import sys
import threading
import time
from typing import Any

from moose_functions._codec import decode_event
from moose_functions._function import LogValue, StreamFunction
from moose_functions._run import Origin, SliceRun

_CHANNEL = 3
_MB = 1024 * 1024


class Channel:
    """Frames over a socket: u32 length of the rest, u32 length of the head, head (JSON), payload. Both threads send."""

    def __init__(self, connection: socket.socket) -> None:
        self._reader = connection.makefile("rb")
        self._connection = connection
        self._lock = threading.Lock()

    def receive(self) -> tuple[dict[str, Any], bytes] | None:
        prefix = self._reader.read(8)
        if len(prefix) < 8:
            return None
        rest, head = struct.unpack("<II", prefix)
        body = self._reader.read(rest - 4)
        return json.loads(body[:head]), body[head:]

    def send(self, head: dict[str, Any]) -> None:
        text = json.dumps(head, ensure_ascii=False).encode()
        with self._lock:
            self._connection.sendall(struct.pack("<II", 4 + len(text), len(text)) + text)


class ChannelLog:
    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    def _send(self, level: str, message: str, fields: dict[str, LogValue]) -> None:
        self._channel.send({"kind": "log", "level": level, "message": str(message), "fields": fields})

    def debug(self, message: str, **fields: LogValue) -> None:
        self._send("debug", message, fields)

    def info(self, message: str, **fields: LogValue) -> None:
        self._send("info", message, fields)

    def warn(self, message: str, **fields: LogValue) -> None:
        self._send("warn", message, fields)

    def error(self, message: str, **fields: LogValue) -> None:
        self._send("error", message, fields)


class Watch(threading.Thread):
    """Ends the process when one attempt takes longer than the deadline."""

    def __init__(self, channel: Channel, deadline_s: float) -> None:
        super().__init__(daemon=True)
        self._channel = channel
        self._deadline_s = deadline_s
        self.slice = 0
        self.running: tuple[int, float] | None = None

    def began(self, event: int | None) -> None:
        self.running = None if event is None else (event, time.monotonic())

    def run(self) -> None:
        while True:
            time.sleep(max(0.005, min(0.25, self._deadline_s / 8)))
            running = self.running
            if running is None or time.monotonic() - running[1] < self._deadline_s:
                continue
            self.die("function_deadline", f"no answer within {round(self._deadline_s * 1000)} ms", running[0])

    def die(self, code: str, message: str, event: int) -> None:
        suspects = [{"slice": self.slice, "event": event}]
        self._channel.send({"kind": "dying", "code": code, "message": message, "stack": "", "suspects": suspects})
        os._exit(1)


def serve(function: StreamFunction) -> None:
    channel = Channel(socket.socket(fileno=_CHANNEL))
    models = {model.__moose_model__: model for model in function.source}
    schemas: dict[str, dict[str, Any]] = {}
    states: dict[tuple[str, int], dict[str, str]] = {}
    limits: dict[str, int] = {}
    watch: Watch | None = None
    while (frame := channel.receive()) is not None:
        message, payload = frame
        kind = message["kind"]
        if kind == "start":
            limits = message["limits"]
            _limit_memory(limits["memoryMb"])
            watch = Watch(channel, limits["deadlineMs"] / 1000)
            watch.start()
            channel.send({"kind": "ready"})
        elif kind == "schema":
            schemas[message["schema"]["id"]] = message["schema"]
        elif kind == "restore":
            states[message["stream"], message["partition"]] = dict(message["entries"])
        elif kind == "forget":
            states.pop((message["stream"], message["partition"]), None)
        elif kind == "slice":
            assert watch is not None
            head = message["slice"]
            watch.slice = head["number"]
            try:
                model = models[schemas[head["schemaId"]]["model"]]
                events = [decode_event(model, line.decode()) for line in payload.split(b"\n")[:-1]]
                key_field = schemas[head["schemaId"]].get("keyField")
                run = SliceRun(
                    function,
                    limits["retries"],
                    ChannelLog(channel),
                    events,
                    _origins(head, events, key_field),
                    states.setdefault((head["stream"], head["partition"]), {}),
                    watch.began,
                )
                result = run.run()
            except MemoryError:
                at = watch.running
                watch.die(
                    "function_memory",
                    "the function's process took more memory than it may",
                    -1 if at is None else at[0],
                )
                raise
            channel.send({"kind": "done", "number": head["number"], "result": {**vars(result), "dropped": 0}})
    # The server is gone: nobody takes what this process would come to.
    os._exit(0)


def _origins(head: dict[str, Any], events: list[Any], key_field: str | None) -> list[Origin]:
    origins = []
    for event, offset, received_at_ms in zip(events, head["offsets"], head["receivedAtMs"], strict=True):
        names = type(event).__moose_names__
        key = None if key_field is None else getattr(event, names[key_field])
        place = (type(event).__moose_model__, head["stream"], head["partition"], offset, received_at_ms)
        origins.append(Origin(*place, "" if key is None else str(key)))
    return origins


def _limit_memory(memory_mb: int) -> None:
    """Of address space beyond what the interpreter has now; none where the system does not say how much that is."""
    if not sys.platform.startswith("linux"):
        return
    with open("/proc/self/statm") as statm:
        present = int(statm.read().split()[0]) * resource.getpagesize()
    limit = present + (memory_mb + 64) * _MB
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
