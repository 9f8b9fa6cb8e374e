"""The contract of the queue, held by both kinds of it; and what only the durable one promises."""

from __future__ import annotations

import itertools
import sqlite3
from pathlib import Path
from typing import Callable, Iterator, List, Optional

import pytest

from moose_ingest import IngestError
from moose_ingest._batch import Batch, split_batch
from moose_ingest._durable_queue import POLL_MS, DurableQueue
from moose_ingest._memory_queue import MemoryQueue
from moose_ingest._process_lock import ProcessLock
from moose_ingest._queue import BatchLimits, Queue
from moose_ingest._queue_file import QueueFile

CLICK, SALE = ("Click", "1.0"), ("Sale", "2.1")
LIMITS = BatchLimits(events=4, bytes=40, age_ms=50)
Make = Callable[[], Queue]


def durable_queue(path: Path, producer: str, limits: BatchLimits = LIMITS) -> DurableQueue:
    keys = map(str, itertools.count())
    lock = ProcessLock(f"{path}.lock")
    return DurableQueue(QueueFile(path, survives_power_loss=False), lock, limits, producer, lambda: next(keys))


@pytest.fixture(params=["memory", "durable"])
def queue(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Queue]:
    keys = map(str, itertools.count())
    made: Queue
    if request.param == "durable":
        made = durable_queue(tmp_path / "queue.db", "producer-of-sixteen")
    else:
        made = MemoryQueue([CLICK, SALE], LIMITS, "producer-of-sixteen", lambda: next(keys))
    yield made
    made.close()


def rows(*names: str) -> List[bytes]:
    return [name.encode() + b"\n" for name in names]


def taken(queue: Queue, now_ms: float) -> Batch:
    batch = queue.take(now_ms)
    assert batch is not None
    return batch


def test_numbers_events_by_model_and_gives_each_batch_once(queue: Queue) -> None:
    queue.append(CLICK, rows("a", "b", "c"), 0)
    queue.append(SALE, rows("x"), 0)
    assert queue.take(0) is None
    queue.append(CLICK, rows("d", "e"), 10)
    first = taken(queue, 10)
    assert (first.body, first.events, first.producer, first.created_at_ms) == (
        b"a\nb\nc\nd\n",
        4,
        "producer-of-sixteen",
        0,
    )
    assert first.ids == ((0, 3),)
    assert queue.take(10) is None
    second, third = taken(queue, 60), taken(queue, 60)
    assert {(second.model, second.body, second.ids), (third.model, third.body, third.ids)} == {
        ("Click", b"e\n", ((4, 4),)),
        ("Sale", b"x\n", ((0, 0),)),
    }
    assert (queue.events, queue.size_bytes) == (6, 12)
    for batch in (first, second, third):
        queue.settle(batch, None)
    assert (queue.events, queue.size_bytes, queue.take(1000)) == (0, 0, None)


def test_says_when_it_is_due(queue: Queue) -> None:
    assert queue.take(0) is None
    queue.append(CLICK, rows("a"), 10)
    assert queue.next_due_ms() == 60
    queue.append(CLICK, rows("b", "c", "d"), 20)
    assert queue.next_due_ms() == 0


def test_a_flush_closes_what_is_open_and_knows_when_it_has_left(queue: Queue) -> None:
    assert queue.take(0) is None
    queue.append(CLICK, rows("a"), 0)
    queue.close_open()
    mark = queue.mark()
    queue.append(CLICK, rows("b"), 0)
    batch = taken(queue, 0)
    assert not queue.is_settled(mark)
    queue.settle(batch, "p1.eyJDbGljay4xLjAiOlsxXX0")
    assert queue.is_settled(mark)
    assert queue.position() == "p1.eyJDbGljay4xLjAiOlsxXX0"


def test_parts_of_a_batch_leave_together(queue: Queue) -> None:
    queue.append(CLICK, rows("a", "b", "c", "d"), 0)
    batch = taken(queue, 0)
    mark = queue.mark()
    parts = split_batch(batch, 4, ("left", "right"))
    assert parts is not None
    assert [(part.body, part.ids) for part in parts] == [(b"a\nb\n", ((0, 1),)), (b"c\nd\n", ((2, 3),))]
    queue.settle(parts[0], None)
    assert not queue.is_settled(mark)
    queue.settle(parts[1], None)
    assert queue.is_settled(mark)
    assert queue.events == 0


def test_a_large_first_row_is_cut_off_by_itself(queue: Queue) -> None:
    queue.append(CLICK, rows("large" * 6, "b"), 0)
    parts = split_batch(taken(queue, 100), 16, ("left", "right"))
    assert parts is not None
    assert [part.events for part in parts] == [1, 1]
    assert split_batch(parts[0], 15, ("a", "b")) is None


def test_shedding_and_erasing_spare_what_is_under_way(queue: Queue) -> None:
    queue.append(CLICK, rows("a", "b", "c", "d"), 0)
    batch = taken(queue, 0)
    queue.append(SALE, rows("1"), 0)
    queue.append(CLICK, rows("e"), 0)
    shed = queue.shed(2, 12, ["Sale"])
    assert (shed.events, shed.newcomers) == (1, False)
    assert queue.shed(100, 12, []).newcomers
    assert queue.erase() == 1
    assert queue.events == 4
    queue.settle(batch, None)
    assert (queue.events, queue.size_bytes) == (0, 0)


def test_a_queue_that_sheds_keeps_its_batches_large(queue: Queue) -> None:
    # Each newcomer makes room for itself: what is left is the newest, in batches that were not cut for it.
    for n in range(100):
        if queue.size_bytes + 3 > 60:
            assert not queue.shed(3, 60, []).newcomers
        queue.append(CLICK, rows(f"{n:02}"), 0)
    queue.close_open()
    found: List[bytes] = []
    while (batch := queue.take(0)) is not None:
        assert batch.events == 4 or found[-1:] == [b"95\n"] or not found
        found += batch.body.splitlines(True)
    assert found == rows(*(f"{n:02}" for n in range(100 - len(found), 100)))
    assert len(found) >= 16


def test_a_call_beyond_all_limits_is_cut_without_losing_a_row(queue: Queue) -> None:
    names = [f"{n}" * (n % 13 + 1) for n in range(100)]
    queue.append(CLICK, rows(*names), 0)
    queue.close_open()
    found: List[bytes] = []
    numbers: List[int] = []
    while (batch := queue.take(0)) is not None:
        assert batch.events <= LIMITS.events
        assert len(batch.body) <= LIMITS.bytes
        found += batch.body.splitlines(True)
        numbers += [number for first, last in batch.ids for number in range(first, last + 1)]
    assert found == rows(*names)
    assert numbers == list(range(100))


def test_what_was_queued_is_there_for_the_next_process_under_the_same_numbers(tmp_path: Path) -> None:
    before = durable_queue(tmp_path / "q", "producer-one-0000")
    before.append(CLICK, rows("a", "b"), 0)
    under_way = taken(before, 100)
    before.append(CLICK, rows("c"), 0)
    before.close()
    after = durable_queue(tmp_path / "q", "producer-two-0000")
    assert (after.events, after.size_bytes) == (3, 6)
    again = taken(after, 0 + 1000)
    assert (again.producer, again.body, again.ids) == ("producer-one-0000", b"a\nb\nc\n", ((0, 2),))
    assert under_way.ids == ((0, 1),)
    after.settle(again, None)
    after.append(CLICK, rows("d"), 1000)
    batch = taken(after, 2000)
    assert (batch.producer, batch.ids) == ("producer-two-0000", ((0, 0),))
    after.close()


def test_one_of_two_processes_delivers_and_the_other_takes_over(tmp_path: Path) -> None:
    one, other = durable_queue(tmp_path / "q", "producer-one-0000"), durable_queue(tmp_path / "q", "producer-two-0000")
    assert one.take(0) is None
    other.append(SALE, rows("x"), 0)
    assert other.take(1000) is None
    mark = other.mark()
    batch: Optional[Batch] = one.take(POLL_MS * 10)
    assert batch is not None
    assert (batch.producer, batch.body) == ("producer-two-0000", b"x\n")
    one.settle(batch, "p1.eyJDbGljay4xLjAiOlsxXX0")
    assert other.is_settled(mark)
    assert other.position() == "p1.eyJDbGljay4xLjAiOlsxXX0"
    one.append(CLICK, rows("a"), 0)
    one.close()
    assert taken(other, POLL_MS * 20).body == b"a\n"
    assert other.events == 1
    other.close()


def test_a_clock_that_was_set_back_holds_nothing_up(tmp_path: Path) -> None:
    queue = durable_queue(tmp_path / "q", "producer-one-0000")
    assert queue.take(1_000_000) is None
    queue.append(CLICK, rows("a"), 1_000_000)
    assert taken(queue, 1_000).body == b"a\n"
    queue.close()


def test_gaps_in_the_numbers_are_named_and_bounded(tmp_path: Path) -> None:
    queue = durable_queue(tmp_path / "q", "producer-one-0000", BatchLimits(1000, 100_000, 50))
    assert queue.take(0) is None
    for n in range(300):
        queue.append(CLICK, rows(str(n)), 0)
    db = sqlite3.connect(tmp_path / "q")
    db.execute("DELETE FROM chunk WHERE seq % 2 = 0")
    db.commit()
    db.close()
    queue.close()
    after = durable_queue(tmp_path / "q", "producer-two-0000", BatchLimits(1000, 100_000, 50))
    batch = taken(after, 1000)
    assert batch.ids == tuple((n, n) for n in range(0, 128, 2))
    after.close()


def test_a_file_that_is_none_and_one_of_a_later_version_are_told(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("no database, but a long enough text to be read as one" * 20)
    with pytest.raises(IngestError, match="could not be read or written") as broken:
        QueueFile(tmp_path / "text", survives_power_loss=False)
    assert broken.value.code == "queue_failed"
    QueueFile(tmp_path / "new", survives_power_loss=True).close()
    db = sqlite3.connect(tmp_path / "new")
    db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(IngestError, match="has format 99"):
        QueueFile(tmp_path / "new", survives_power_loss=False)
    with pytest.raises(IngestError, match="could not be read or written"):
        QueueFile(tmp_path / "missing" / "q", survives_power_loss=False)


def test_a_lock_is_held_by_one_and_let_go(tmp_path: Path) -> None:
    one, other = ProcessLock(tmp_path / "lock"), ProcessLock(tmp_path / "lock")
    assert one.try_take()
    assert one.try_take()
    assert not other.try_take()
    one.release()
    assert other.try_take()
    other.release()
