"""The client against the real server: what it says was sent is what ClickHouse holds."""

from __future__ import annotations

import asyncio
import datetime
import decimal
import enum
import ipaddress
import json
import logging
import urllib.error
import urllib.request
import uuid
from dataclasses import asdict, dataclass, field
from typing import Any, Callable, Dict, List, Optional, TypedDict

import pydantic
import pytest
from cutting_relay import CuttingRelay

from moose_ingest import (
    IngestLogHandler,
    IngestValidationError,
    Model,
    RetryPolicy,
    create_async_ingest,
    create_ingest,
)

Models = Dict[str, Model[Any]]
Select = Callable[[str, str], List[Any]]
UTC = datetime.timezone.utc


class Place(TypedDict):
    lat: float


class Color(enum.Enum):
    RED = "red"


@dataclass
class EverythingData:
    id: uuid.UUID
    at: datetime.datetime
    place: Place
    day: Optional[datetime.date] = None
    big: Optional[int] = None
    price: Optional[decimal.Decimal] = None
    ratio: Optional[float] = None
    yes: Optional[bool] = None
    address: Optional[ipaddress.IPv4Address] = None
    color: Optional[Color] = None
    tags: List[str] = field(default_factory=list)
    counts: Dict[str, int] = field(default_factory=dict)
    from_: Optional[str] = field(default=None, metadata={"name": "from"})


class EverythingModel(pydantic.BaseModel):
    id: uuid.UUID
    at: datetime.datetime
    place: Dict[str, Any]
    big: Optional[int] = None
    price: Optional[decimal.Decimal] = None
    color: Optional[Color] = None
    from_: Optional[str] = pydantic.Field(default=None, alias="from")


AT = datetime.datetime(2026, 1, 2, 3, 4, 5, 123456, tzinfo=datetime.timezone(datetime.timedelta(hours=2)))


def test_dataclasses_typed_dicts_and_pydantic_models_arrive_with_all_their_digits(
    url: str, models: Models, visible_rows: Select
) -> None:
    ids = [uuid.uuid4() for _ in range(3)]
    whole = EverythingData(
        ids[0],
        AT,
        {"lat": 1.5},
        day=datetime.date(2026, 2, 28),
        big=2**64 - 1,
        price=decimal.Decimal("1234567890123456.7891"),
        ratio=0.1,
        yes=True,
        address=ipaddress.IPv4Address("192.0.2.1"),
        color=Color.RED,
        tags=["é☃😀", ""],
        counts={"a": -1},
        from_="SFO",
    )
    with create_ingest(url, [models["Everything"]]) as ingest:
        ingest.send(models["Everything"].typed(EverythingData), whole)
        ingest.send(
            models["Everything"].typed(EverythingModel),
            EverythingModel.model_validate(
                {"id": ids[1], "at": AT, "place": {"lat": 2}, "big": 7, "price": "0.5", "color": "red", "from": "x"}
            ),
        )
        ingest.send(
            models["Everything"], {"id": str(ids[2]), "at": "2026-01-02 01:04:05", "place": {"lat": 3}, "yes": None}
        )
        position = ingest.flush().position
    assert position is not None
    listed = ", ".join(f"'{one}'" for one in ids)
    query = (
        f"SELECT * EXCEPT (_partition, _offset, _received_at) FROM Everything WHERE id IN ({listed}) ORDER BY place.lat"
    )
    first, second, third = visible_rows(position, query)
    assert first == {
        "id": str(ids[0]),
        "at": "2026-01-02 01:04:05.123456",
        "day": "2026-02-28",
        "big": "18446744073709551615",
        "price": first["price"],
        "ratio": 0.1,
        "yes": True,
        "address": "192.0.2.1",
        "color": "red",
        "tags": ["é☃😀", ""],
        "counts": {"a": -1},
        "place": {"lat": 1.5, "name": None},
        "from": "SFO",
    }
    (digits,) = visible_rows(position, f"SELECT toString(price) AS price FROM Everything WHERE id = '{ids[0]}'")
    assert digits == {"price": "1234567890123456.7891"}
    assert (second["big"], second["color"], second["from"], second["at"]) == (
        "7",
        "red",
        "x",
        "2026-01-02 01:04:05.123456",
    )
    assert (third["at"], third["yes"], third["tags"]) == ("2026-01-02 01:04:05.000000", None, [])


@pytest.mark.parametrize(
    "event",
    [
        {"id": 1, "round": -1, "value": 2**32},
        {"id": "a", "round": 1.5, "extra": {"x": 1}},
        {"id": "a", "round": 1, "value": "1"},
        {},
    ],
)
def test_the_client_says_what_the_server_would_say(url: str, models: Models, event: Dict[str, Any]) -> None:
    with create_ingest(url, [models["Probe"]]) as ingest, pytest.raises(IngestValidationError) as caught:
        ingest.send(models["Probe"], event)
    request = urllib.request.Request(
        f"{url}/ingest/Probe", json.dumps(event, separators=(",", ":")).encode(), {"content-type": "application/json"}
    )
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=30)
    with refused.value as reply:
        assert json.loads(reply.read())["errors"] == [asdict(error) for error in caught.value.errors]


def test_connections_that_break_at_any_byte_lose_and_double_nothing(
    url: str, models: Models, visible_rows: Select
) -> None:
    # Requests and replies are cut wherever the relay's turn comes; each cut leaves open whether the batch was stored.
    with CuttingRelay(url, seed=20_260_101) as relay:
        with create_ingest(
            relay.url,
            [models["Probe"]],
            max_batch_events=20,
            retry=RetryPolicy(first_delay_ms=1, max_delay_ms=20),
        ) as ingest:
            for n in range(1000):
                ingest.send(models["Probe"], {"id": f"cut {n}", "round": 4_000_000, "value": n})
            position = ingest.flush().position
            metrics = ingest.metrics
            assert metrics.retries > 0
            assert metrics.lost_events == 0
    assert relay.cuts > 10
    assert position is not None
    (found,) = visible_rows(
        position, "SELECT count() AS n, uniqExact(id) AS ids, sum(value) AS total FROM Probe WHERE round = 4000000"
    )
    assert found == {"n": "1000", "ids": "1000", "total": str(sum(range(1000)))}


def test_a_large_call_goes_compressed_and_whole(url: str, models: Models, visible_rows: Select) -> None:
    with create_ingest(url, [models["Probe"]]) as ingest:
        ingest.send_many(models["Probe"], [{"id": f"many {n}", "round": 4_000_001, "value": n} for n in range(25_000)])
        position = ingest.flush().position
    assert position is not None
    query = "SELECT count() AS n, uniqExact(id) AS ids FROM Probe WHERE round = 4000001"
    assert visible_rows(position, query) == [{"n": "25000", "ids": "25000"}]


def test_the_asyncio_client_sends_flushes_and_waits_for_room(url: str, models: Models, visible_rows: Select) -> None:
    async def run() -> Optional[str]:
        async with create_async_ingest(url, [models["Probe"]], max_queue_bytes=2_000, max_batch_events=10) as ingest:

            async def send(task: int) -> None:
                for n in range(50):
                    await ingest.send(models["Probe"], {"id": f"{task} {n}", "round": 4_000_002, "value": n})

            await asyncio.gather(*map(send, range(10)))
            flushed = await ingest.flush()
            assert ingest.metrics.queued_events == 0
            return flushed.position

    position = asyncio.run(run())
    assert position is not None
    query = "SELECT count() AS n, uniqExact(id) AS ids FROM Probe WHERE round = 4000002"
    assert visible_rows(position, query) == [{"n": "500", "ids": "500"}]


def test_log_records_become_events(url: str, models: Models, visible_rows: Select) -> None:
    def to_event(record: logging.LogRecord) -> Dict[str, Any]:
        return {
            "time": datetime.datetime.fromtimestamp(record.created, UTC),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }

    logger = logging.getLogger("shop.checkout")
    with create_ingest(url, [models["LogLine"]]) as ingest:
        handler = IngestLogHandler(ingest, models["LogLine"], to_event)
        logger.addHandler(handler)
        try:
            logger.warning("card %s refused", "1234")
        finally:
            logger.removeHandler(handler)
        position = ingest.flush().position
    assert position is not None
    query = "SELECT level, logger, message FROM LogLine WHERE logger = 'shop.checkout'"
    assert visible_rows(position, query) == [
        {"level": "WARNING", "logger": "shop.checkout", "message": "card 1234 refused"}
    ]
