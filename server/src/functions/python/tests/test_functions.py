"""The helper that projects test their functions with, and the codec of generated classes."""

from __future__ import annotations

import datetime
import decimal
import json
from dataclasses import dataclass, field
from typing import Any, ClassVar

import pytest

import moose_functions
from moose_functions import BatchContext, Context, StateContext, stateful_function, stream_function
from moose_functions._codec import decode_event, encode_event
from moose_functions.testing import run_function

_FIELDS = [
    {"name": "user", "type": {"kind": "string"}, "key": True},
    {"name": "from", "type": {"kind": "dateTime64", "precision": 3}, "optional": True},
    {"name": "amount", "type": {"kind": "decimal", "precision": 20, "scale": 2}, "default": "0.10"},
    {"name": "count", "type": {"kind": "uint64"}, "default": 1},
]


@dataclass(kw_only=True)
class Click:
    """As Moose generates it."""

    user: str
    from_: datetime.datetime | None = None
    amount: decimal.Decimal = field(default_factory=lambda: decimal.Decimal("0.10"))
    count: int = 1
    __moose_model__: ClassVar[str] = "Click"
    __moose_version__: ClassVar[str] = "1.0"
    __moose_key__: ClassVar[str | None] = "user"
    __moose_fields__: ClassVar[list[Any]] = _FIELDS
    __moose_names__: ClassVar[dict[str, str]] = {"user": "user", "from": "from_", "amount": "amount", "count": "count"}
    __moose_nested__: ClassVar[dict[str, type[Any]]] = {}


class Other(Click):
    """Another model of the same fields."""

    __moose_model__: ClassVar[str] = "Other"


def test_exports_are_sorted_and_complete() -> None:
    assert moose_functions.__all__ == sorted(moose_functions.__all__)
    assert all(hasattr(moose_functions, name) for name in moose_functions.__all__)


def test_an_event_keeps_every_digit() -> None:
    text = '{"user":"a","from":"2026-01-02 03:04:05.6","amount":12345678901234567.89,"count":"18446744073709551615"}'
    event = decode_event(Click, text)
    assert event.from_ == datetime.datetime(2026, 1, 2, 3, 4, 5, 600_000, datetime.timezone.utc)
    assert event.amount == decimal.Decimal("12345678901234567.89")
    assert event.count == 18446744073709551615
    again = json.loads(encode_event(event), parse_float=decimal.Decimal)
    expected = {"user": "a", "from": "2026-01-02T03:04:05.600000+00:00", "amount": "12345678901234567.89"}
    assert again == {**expected, "count": 18446744073709551615}


def test_what_is_absent_has_its_default() -> None:
    assert decode_event(Click, '{"user":"a"}') == Click(user="a")
    assert encode_event(Click(user="a")) == '{"user":"a","amount":"0.10","count":1}'


@pytest.mark.parametrize(
    ("event", "message"),
    [
        (Click(user="a", from_=datetime.datetime(2026, 1, 1)), "has no time zone"),
        (Click(user="a", amount=float("nan")), "cannot be said in JSON"),  # type: ignore[arg-type]
        (Click(user="a", count=b"1"), "a bytes cannot be said in JSON"),  # type: ignore[arg-type]
    ],
)
def test_what_json_cannot_say_is_refused(event: Click, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        encode_event(event)


def test_a_function_is_tried_again_and_then_set_aside() -> None:
    @stream_function(source=Click, to=[Other], retries=2)
    def picky(event: Click, context: Context) -> list[Other] | None:
        context.log.info("seen")
        if event.user == "bad" or (event.user == "late" and context.attempt < 3):
            raise ValueError(event.user)
        return None if event.user == "none" else [Other(user=event.user), Other(user=context.id)]

    test = run_function(picky, [Click(user=user) for user in ("a", "bad", "none", "late")])
    assert [output.user for output in test.outputs] == ["a", "Click.1.0/0/0", "late", "Click.1.0/0/3"]
    assert [(failure.event, failure.message, failure.attempts) for failure in test.failures] == [
        (1, "ValueError: bad", 3)
    ]
    assert "in picky" in test.failures[0].stack
    assert len(test.logs) == 8


def test_a_batch_is_halved_until_the_event_to_blame_stands_alone() -> None:
    sizes: list[int] = []

    @stream_function(source=Click, to=[Other], retries=0, batch=True)
    def batch(events: list[Click], context: BatchContext) -> list[Other]:
        sizes.append(len(context.origins))
        if any(event.count == 5 for event in events):
            raise ValueError("five")
        return [Other(user=event.user, count=event.count) for event in events]

    test = run_function(batch, [Click(user="a", count=count) for count in range(8)])
    assert [output.count for output in test.outputs] == [0, 1, 2, 3, 4, 6, 7]
    assert [failure.event for failure in test.failures] == [5]
    assert sizes == [8, 4, 4, 2, 1, 1, 2]


def test_a_state_belongs_to_its_key_and_a_failure_leaves_nothing() -> None:
    @stateful_function(source=Click, to=[Other], retries=0, state=lambda: {"sum": 0})
    def total(event: Click, context: StateContext[dict[str, int]]) -> Other:
        context.state["sum"] += event.count
        if event.count == 7:
            raise ValueError("seven")
        if event.count == 9:
            context.clear()
        return Other(user=context.key, count=context.state["sum"])

    events = [("a", 1), ("b", 5), ("a", 7), ("a", 2), ("b", 9), ("b", 1)]
    test = run_function(total, [Click(user=user, count=count) for user, count in events])
    assert [(output.user, output.count) for output in test.outputs] == [
        ("a", 1),
        ("b", 5),
        ("a", 3),
        ("b", 14),
        ("b", 1),
    ]


def test_only_events_of_the_named_classes_may_be_returned() -> None:
    @stream_function(source=Click, to=[Other], retries=0)
    def wrong(event: Click, context: Context) -> Any:
        return Click(user="a") if event.user == "a" else {"user": "b"}

    first, second = run_function(wrong, [Click(user="a"), Click(user="b")]).failures
    assert first.message == 'TypeError: the function returned a Click, which is not in its "to": add the class there'
    assert second.message == "TypeError: a stream function returns events of the generated classes, not a str"
