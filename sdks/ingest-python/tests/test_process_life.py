"""Ends of the interpreter, forks and deaths: what was sent arrives once, whatever becomes of the process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Dict, List

import pytest
from conftest import ROOT
from scripted_server import ScriptedServer

from moose_ingest import Model, create_ingest

Models = Dict[str, Model[Any]]
SOURCES = ROOT / "sdks" / "ingest-python" / "src"
LIMIT_S = 60

HEAD = """
import os, sys
from moose_ingest import create_ingest, load_models
models = load_models(sys.argv[2])
Click = models["Click"]
def click(page):
    return {"at": "2026-01-01T00:00:00Z", "page": str(page)}
"""


def run(script: str, url: str, *arguments: str, expect: int = 0) -> str:
    """In a process of its own; its standard output. Fails when it writes to standard error."""
    command = [sys.executable, "-W", "ignore::DeprecationWarning", "-c", HEAD + script, url]
    ended = subprocess.run(
        [*command, str(ROOT / "sdks" / "conformance" / "models.json"), *arguments],
        env={**os.environ, "PYTHONPATH": str(SOURCES)},
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (expect, "")
    return ended.stdout


def pages(server: ScriptedServer) -> List[str]:
    return sorted(row["page"] for row in server.rows())


def test_nothing_is_lost_when_the_interpreter_ends_without_a_close() -> None:
    with ScriptedServer() as server:
        run(
            "ingest = create_ingest(sys.argv[1], [Click])\nfor n in range(2500): ingest.send(Click, click(n))",
            server.url,
        )
        assert pages(server) == sorted(map(str, range(2500)))


def test_nothing_is_lost_when_the_client_is_forgotten() -> None:
    script = (
        "def once():\n    create_ingest(sys.argv[1], [Click], max_batch_age_ms=60000).send(Click, click(1))\nonce()"
    )
    with ScriptedServer() as server:
        run(script, server.url)
        assert pages(server) == ["1"]


def test_what_is_sent_by_other_handlers_of_the_end_arrives() -> None:
    script = """
import atexit, threading
box = {}
# Registered before the client, so it runs after the client's own flush.
atexit.register(lambda: box["ingest"].send(Click, click("late")))
box["ingest"] = create_ingest(sys.argv[1], [Click])
box["ingest"].send(Click, click("early"))
"""
    with ScriptedServer() as server:
        run(script, server.url)
        assert "early" in pages(server)


def test_the_end_of_the_interpreter_waits_only_so_long_and_says_what_is_lost() -> None:
    script = """
import logging
logging.basicConfig(stream=sys.stdout, format="%(message)s")
ingest = create_ingest("http://127.0.0.1:9", [Click], exit_timeout_ms=100)
ingest.send(Click, click(1))
"""
    assert "the interpreter ends, and 1 events are lost" in run(script, "")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.parametrize("queue", ["memory", "durable"])
def test_a_fork_sends_its_own_events_and_its_parent_its_own(queue: str, tmp_path: Path) -> None:
    script = """
options = {} if sys.argv[3] == "memory" else {"queue_path": sys.argv[3]}
ingest = create_ingest(sys.argv[1], [Click], max_batch_age_ms=200, **options)
ingest.send(Click, click("before"))
children = []
for child in range(3):
    pid = os.fork()
    if pid == 0:
        for n in range(50): ingest.send(Click, click(f"child {child} {n}"))
        ingest.flush()
        assert ingest.metrics.queued_events == 0 or sys.argv[3] != "memory"
        ingest.close()
        os._exit(0)
    children.append(pid)
for n in range(50): ingest.send(Click, click(f"parent {n}"))
assert [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in children] == [0] * 3
ingest.close()
"""
    with ScriptedServer() as server:
        run(script, server.url, "memory" if queue == "memory" else str(tmp_path / "queue.db"))
        expected = [
            "before",
            *(f"parent {n}" for n in range(50)),
            *(f"child {c} {n}" for c in range(3) for n in range(50)),
        ]
        assert pages(server) == sorted(expected)
        assert len({request.producer for request in server.requests}) == 4


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_child_of_multiprocessing_loses_nothing_though_it_ends_without_atexit() -> None:
    script = """
import multiprocessing
ingest = create_ingest(sys.argv[1], [Click], max_batch_age_ms=60000)
def work(n):
    ingest.send(Click, click(f"child {n}"))
context = multiprocessing.get_context("fork")
children = [context.Process(target=work, args=(n,)) for n in range(3)]
for child in children: child.start()
for child in children: child.join()
assert [child.exitcode for child in children] == [0] * 3
ingest.send(Click, click("parent"))
"""
    with ScriptedServer() as server:
        run(script, server.url)
        assert pages(server) == ["child 0", "child 1", "child 2", "parent"]


def test_a_killed_process_leaves_its_queue_to_the_next(tmp_path: Path, models: Models) -> None:
    script = """
ingest = create_ingest("http://127.0.0.1:9", [Click], queue_path=sys.argv[3])
ingest.send_many(Click, [click(n) for n in range(10)])
for n in range(10, 20): ingest.send(Click, click(n))
os.kill(os.getpid(), 9)
"""
    run(script, "", str(tmp_path / "queue.db"), expect=-9)
    with ScriptedServer() as server:
        with create_ingest(server.url, [models["Click"]], queue_path=tmp_path / "queue.db") as ingest:
            assert ingest.metrics.queued_events == 20
            ingest.flush()
        assert pages(server) == sorted(map(str, range(20)))
        assert sorted(number for _, _, number in server.stored) == list(range(20))


def test_a_durable_queue_keeps_what_close_could_not_send(tmp_path: Path, models: Models) -> None:
    script = """
from moose_ingest import IngestError
ingest = create_ingest("http://127.0.0.1:9", [Click], queue_path=sys.argv[3], on_error=print)
ingest.send(Click, click("kept"))
try: ingest.close(timeout_ms=50)
except IngestError as error: print(error.code)
"""
    assert run(script, "", str(tmp_path / "queue.db")) == "timed_out\n"
    with ScriptedServer() as server:
        create_ingest(server.url, [models["Click"]], queue_path=tmp_path / "queue.db").close()
        assert pages(server) == ["kept"]


def test_two_processes_share_a_file(tmp_path: Path, models: Models) -> None:
    script = """
ingest = create_ingest(sys.argv[1], [Click], queue_path=sys.argv[3])
for n in range(200): ingest.send(Click, click(f"other {n}"))
print(ingest.flush().position)
ingest.close()
"""
    with ScriptedServer() as server:
        with create_ingest(server.url, [models["Click"]], queue_path=tmp_path / "queue.db") as ingest:
            ingest.send(models["Click"], {"at": "2026-01-01T00:00:00Z", "page": "mine"})
            ingest.flush()
            # This process holds the lock, and sends what the other one queues.
            assert run(script, server.url, str(tmp_path / "queue.db")) == "p9\n"
        assert pages(server) == sorted(["mine", *(f"other {n}" for n in range(200))])
        assert len(server.stored) == 201
