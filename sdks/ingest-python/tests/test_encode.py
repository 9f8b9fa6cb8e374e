"""Events as JSON text: what Python can say and JSON cannot, and what neither can."""

from __future__ import annotations

import dataclasses
import datetime
import decimal
import enum
import ipaddress
import json
import uuid
from collections import OrderedDict
from typing import Any, Dict, List, Optional

import pydantic
import pytest

from moose_ingest._encode import encode_event

UTC = datetime.timezone.utc


class Color(enum.Enum):
    RED = "red"


@dataclasses.dataclass
class Inner:
    x: int
    y: Optional[int] = None


@dataclasses.dataclass
class Outer:
    inner: Inner
    from_: str = dataclasses.field(metadata={"name": "from"})
    many: List[Inner] = dataclasses.field(default_factory=list)


class Modelled(pydantic.BaseModel):
    at: datetime.datetime
    inner: Optional[Inner] = None
    from_: Optional[str] = pydantic.Field(default=None, alias="from")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (datetime.datetime(2026, 1, 2, 3, 4, 5, 60, UTC), '"2026-01-02T03:04:05.000060+00:00"'),
        (datetime.date(2026, 1, 2), '"2026-01-02"'),
        (decimal.Decimal("1E+3"), '"1000"'),
        (decimal.Decimal("-0.10"), '"-0.10"'),
        (uuid.UUID(int=1), '"00000000-0000-0000-0000-000000000001"'),
        (ipaddress.ip_address("192.0.2.1"), '"192.0.2.1"'),
        (ipaddress.ip_address("2001:db8::1"), '"2001:db8::1"'),
        (Color.RED, '"red"'),
        (2**64 - 1, "18446744073709551615"),
        (-0.0, "-0.0"),
        (1e22, "1e+22"),
        (None, "null"),
        (("a", 1), '["a",1]'),
        ({"é": '☃😀\u2028\x00"\\'}, '{"é":"☃😀\u2028\\u0000\\"\\\\"}'),
        (OrderedDict(b=1, a=2), '{"b":1,"a":2}'),
        (Inner(1), '{"x":1}'),
        (frozenset([1]), "[1]"),
    ],
)
def test_values(value: object, text: str) -> None:
    encoded = encode_event({"v": value}).decode()
    assert encoded == f'{{"v":{text}}}'
    json.loads(encoded)


def test_half_of_a_surrogate_pair_is_escaped_for_the_core_to_name() -> None:
    assert encode_event({"v": "é\ud800"}) == rb'{"v":"\u00e9\ud800"}'


def test_dataclasses_and_pydantic_models_by_their_names_on_the_wire() -> None:
    assert (
        encode_event(Outer(Inner(1), "SFO", [Inner(2, 3)])) == b'{"inner":{"x":1},"from":"SFO","many":[{"x":2,"y":3}]}'
    )
    at = datetime.datetime(2026, 1, 1, tzinfo=UTC)
    modelled = Modelled.model_validate({"at": at, "from": "x", "inner": {"x": 1}})
    members = json.loads(encode_event(modelled))
    assert members == {"at": "2026-01-01T00:00:00+00:00", "inner": {"x": 1}, "from": "x"}


@pytest.mark.parametrize("value", [float("nan"), float("inf"), decimal.Decimal("NaN"), b"bytes", object(), {(1, 2): 3}])
def test_what_json_cannot_say_is_a_type_error(value: object) -> None:
    with pytest.raises(TypeError):
        encode_event({"v": value})


def test_a_time_without_a_zone_a_cycle_and_what_is_no_event_are_type_errors() -> None:
    with pytest.raises(TypeError, match="has no time zone"):
        encode_event({"v": datetime.datetime(2026, 1, 1)})
    cycle: Dict[str, Any] = {}
    cycle["v"] = cycle
    with pytest.raises(TypeError, match="cannot be said in JSON"):
        encode_event(cycle)
    with pytest.raises(TypeError, match="and this is a list"):
        encode_event([1])


def test_times_are_cut_to_the_digits_of_their_field() -> None:
    at = datetime.datetime(2026, 1, 1, 0, 0, 0, 123_999, UTC)
    event = {"ms": at, "s": at, "text": "2026-01-01T00:00:00.123999Z", "us": at}
    assert json.loads(encode_event(event, {"ms": 1000, "s": 1_000_000, "text": 1000})) == {
        "ms": "2026-01-01T00:00:00.123000+00:00",
        "s": "2026-01-01T00:00:00+00:00",
        "text": "2026-01-01T00:00:00.123999Z",
        "us": "2026-01-01T00:00:00.123999+00:00",
    }
    assert event["ms"] is at
