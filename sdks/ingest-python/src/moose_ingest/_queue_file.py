"""The file of the durable queue: the only file that knows sqlite3. Several processes may use it at a time.

    state   one row: next_seq, events, bytes, position        written with every change, so that all processes agree
    chunk   seq, producer, model, version, first_id, events, created_ms, body

A chunk is what one send or a part of one send_many queued: whole lines of NDJSON. Its events are numbered for good by the
process that queued them, under a producer of its own; whatever happens to the file (power loss, a copy, a restored
backup), a number never comes to stand for another event.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import contextmanager
from typing import Generator, Iterable, Iterator, List, NamedTuple, Optional, Sequence, Tuple, Union

from ._errors import IngestError

FORMAT = 1
# What a chunk takes in memory beside its body.
CHUNK_BYTES = 512
_BUSY_LIMIT_S = 10.0
_SCHEMA = (
    """CREATE TABLE state (only INTEGER PRIMARY KEY CHECK (only = 1), next_seq INTEGER NOT NULL, events INTEGER NOT NULL,
       bytes INTEGER NOT NULL, position TEXT)""",
    "INSERT INTO state VALUES (1, 1, 0, 0, NULL)",
    """CREATE TABLE chunk (seq INTEGER PRIMARY KEY, producer TEXT NOT NULL, model TEXT NOT NULL, version TEXT NOT NULL,
       first_id INTEGER NOT NULL, events INTEGER NOT NULL, created_ms REAL NOT NULL, body BLOB NOT NULL)""",
    f"PRAGMA user_version = {FORMAT}",
)


class Chunk(NamedTuple):
    seq: int
    producer: str
    model: str
    version: str
    first_id: int
    events: int
    created_ms: float
    body: bytes


class NewChunk(NamedTuple):
    producer: str
    model: str
    version: str
    first_id: int
    events: int
    created_ms: float
    body: bytes


class State(NamedTuple):
    next_seq: int
    events: int
    bytes: int
    position: Optional[str]


class QueueFile:
    """Every method raises IngestError ``queue_failed`` when the file cannot be read or written. One thread at a time."""

    def __init__(self, path: Union[str, os.PathLike[str]], survives_power_loss: bool) -> None:
        self._path = os.fspath(path)
        # In WAL mode NORMAL loses commits only with the machine, never with the process.
        self._synchronous = "FULL" if survives_power_loss else "NORMAL"
        self._opened: Optional[sqlite3.Connection] = None
        try:
            with self._translated(), self._transaction():
                self._make_or_check()
        except IngestError:
            self.close()
            raise

    def state(self) -> State:
        with self._translated():
            return self._state()

    def append(self, chunks: Sequence[NewChunk]) -> State:
        """Durable when it returns. The first chunk has the seq ``next_seq - len(chunks)`` of the state after it."""
        with self._translated(), self._transaction():
            before = self._state()
            after = before._replace(
                next_seq=before.next_seq + len(chunks),
                events=before.events + sum(chunk.events for chunk in chunks),
                bytes=before.bytes + sum(len(chunk.body) for chunk in chunks),
            )
            rows = [(before.next_seq + index, *chunk) for index, chunk in enumerate(chunks)]
            self._db.executemany("INSERT INTO chunk VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
            self._write(after)
        return after

    def remove(self, spans: Iterable[Tuple[int, int]], position: Optional[str]) -> Tuple[State, int]:
        """Removes what is still there from first to last seq, and says how many events that were.

        ``position`` replaces the one before.
        """
        events = size = 0
        with self._translated(), self._transaction():
            for span in spans:
                sums = "SELECT total(events), total(length(body)) FROM chunk WHERE seq BETWEEN ? AND ?"
                found = self._db.execute(sums, span).fetchone()
                events, size = events + int(found[0]), size + int(found[1])
                self._db.execute("DELETE FROM chunk WHERE seq BETWEEN ? AND ?", span)
            before = self._state()
            after = before._replace(
                events=before.events - events, bytes=before.bytes - size, position=position or before.position
            )
            self._write(after)
        return after, events

    def read(self, after_seq: int, max_bytes: int) -> List[Chunk]:
        """Chunks behind ``after_seq`` in order, at least one if there is one; they take about ``max_bytes`` of memory."""
        found: List[Chunk] = []
        room = max_bytes
        with self._translated():
            rows = self._db.execute("SELECT * FROM chunk WHERE seq > ? ORDER BY seq", (after_seq,))
            for row in rows:
                chunk = Chunk(*row)
                found.append(chunk)
                room -= len(chunk.body) + CHUNK_BYTES
                if room <= 0:
                    break
            rows.close()
        return found

    def sizes(self, shed_first: Sequence[str]) -> Generator[Tuple[int, str, int], None, None]:
        """seq, model and bytes of every chunk, those of ``shed_first`` in its order, then all others; read as they are asked for.

        Close it before the file is written: what was read may be old by then.
        """
        select = "SELECT seq, model, length(body) FROM chunk"
        with self._translated():
            if shed_first:
                self._db.execute("CREATE INDEX IF NOT EXISTS chunk_model ON chunk (model)")
            for model in shed_first:
                yield from self._db.execute(f"{select} WHERE model = ? ORDER BY seq", (model,))
            others = f"WHERE model NOT IN ({','.join('?' * len(shed_first))})"
            yield from self._db.execute(f"{select} {others} ORDER BY seq", tuple(shed_first))

    def first_seq(self) -> Optional[int]:
        with self._translated():
            first: Optional[int] = self._db.execute("SELECT min(seq) FROM chunk").fetchone()[0]
            return first

    def changes_of_others(self) -> int:
        """Another number when another process has changed the file since."""
        with self._translated():
            version: int = self._db.execute("PRAGMA data_version").fetchone()[0]
            return version

    def close(self) -> None:
        """The next call opens it again. A process must not fork while it is open: SQLite's locks would deceive the child."""
        opened, self._opened = self._opened, None
        if opened is not None:
            with self._translated():
                opened.close()

    @property
    def _db(self) -> sqlite3.Connection:
        if self._opened is None:
            opened = sqlite3.connect(self._path, timeout=_BUSY_LIMIT_S, isolation_level=None, check_same_thread=False)
            try:
                opened.execute("PRAGMA journal_mode = WAL")
                opened.execute(f"PRAGMA synchronous = {self._synchronous}")
            except sqlite3.Error:
                opened.close()
                raise
            self._opened = opened
        return self._opened

    def _make_or_check(self) -> None:
        version = self._db.execute("PRAGMA user_version").fetchone()[0]
        if version == 0:
            for statement in _SCHEMA:
                self._db.execute(statement)
        elif version != FORMAT:
            message = f"{self._path} has format {version}, and this version writes {FORMAT}."
            raise IngestError("queue_failed", message)

    def _state(self) -> State:
        return State(*self._db.execute("SELECT next_seq, events, bytes, position FROM state").fetchone())

    def _write(self, state: State) -> None:
        self._db.execute("UPDATE state SET next_seq = ?, events = ?, bytes = ?, position = ?", state)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        db = self._db
        db.execute("BEGIN IMMEDIATE")
        try:
            yield
            db.execute("COMMIT")
        except BaseException:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            message = f"The queue {self._path} could not be read or written: {error}."
            raise IngestError("queue_failed", message, retryable=True) from error
