"""Between the JSON text of an event and an instance of its generated class, by the model's own description."""

from __future__ import annotations

import dataclasses
import ipaddress
import json
import math
import re
import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

Spec = Mapping[str, Any]
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_PER_SECOND = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}
_EMPTY: Mapping[str, Any] = {"array": list, "map": dict, "ring": list, "polygon": list, "multiPolygon": list}
_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.(\d+))?([Zz]|[+-]\d\d:\d\d)?$")


def decode_event(cls: type[Any], text: str) -> Any:
    """An instance of a generated class. Numbers keep all their digits on the way."""
    return _decode_fields(cls, json.loads(text, parse_float=Decimal))


def encode_event(event: Any) -> str:
    """JSON text. Raises TypeError for what JSON cannot say, and for a time without a zone."""
    return json.dumps(_encode(event), ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def default_value(text: str) -> Any:
    """A field's default: `text` is the field's description in JSON. Called by generated classes."""
    spec = json.loads(text, parse_float=Decimal)
    return _decode(spec["type"], spec["default"], None)


def _decode_fields(cls: type[Any], value: Mapping[str, Any]) -> Any:
    names: Mapping[str, str] = cls.__moose_names__
    nested: Mapping[str, type[Any]] = cls.__moose_nested__
    members = {}
    for spec in cls.__moose_fields__:
        name = spec["name"]
        given = value.get(name)
        if given is None and "default" in spec:
            given = spec["default"]
        members[names[name]] = (
            _absent(spec["type"]) if given is None else _decode(spec["type"], given, nested.get(name))
        )
    return cls(**members)


def _absent(kind: Spec) -> Any:
    empty = _EMPTY.get(kind["kind"])
    return None if empty is None else empty()


def _decode(spec: Spec, value: Any, nested: type[Any] | None) -> Any:
    if value is None:
        return None
    kind = spec["kind"]
    if kind == "array":
        return [_decode(spec["element"], item, nested) for item in value]
    if kind == "map":
        return {_decode(spec["key"], key, None): _decode(spec["value"], item, nested) for key, item in value.items()}
    if kind == "object":
        return value if nested is None else _decode_fields(nested, value)
    if kind == "json":
        return _plain(value)
    if kind in ("point", "ring", "polygon", "multiPolygon"):
        return _shape(value)
    return _scalar(kind, spec, value)


def _scalar(kind: str, spec: Spec, value: Any) -> Any:
    if kind.startswith(("int", "uint")):
        return int(Decimal(value))
    if kind.startswith("float"):
        return float(value)
    if kind == "decimal":
        return Decimal(value)
    if kind == "uuid":
        return uuid.UUID(value)
    if kind in ("ipv4", "ipv6"):
        return ipaddress.IPv4Address(value) if kind == "ipv4" else ipaddress.IPv6Address(value)
    if kind in ("date", "date16"):
        return date.fromisoformat(value)
    if kind in ("dateTime", "dateTime64"):
        return _time(value, spec.get("epoch", "s"))
    return value


def _time(value: Any, unit: str) -> datetime:
    """Python's datetime holds microseconds: further digits are cut."""
    if not isinstance(value, str):
        return _EPOCH + timedelta(microseconds=int(Decimal(value) * 1_000_000 / _PER_SECOND[unit]))
    match = _TIME.match(value)
    if match is None:
        raise ValueError(f"{value!r} is no time")
    day, clock, fraction, zone = match.groups()
    offset = "+00:00" if zone is None or zone in "Zz" else zone
    read = datetime.fromisoformat(f"{day}T{clock}.{((fraction or '') + '000000')[:6]}{offset}")
    return read.astimezone(timezone.utc)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return {key: _plain(item) for key, item in value.items()} if isinstance(value, dict) else value


def _shape(value: Any) -> Any:
    if isinstance(value[0] if value else None, list):
        return [_shape(item) for item in value]
    return tuple(float(item) for item in value)


def _encode(value: Any) -> Any:
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            raise TypeError(f"{value} cannot be said in JSON: leave it out or send a finite number")
        return value
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise TypeError(f"{value!r} has no time zone: say which, for example with tzinfo=timezone.utc")
        return value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, (uuid.UUID, ipaddress.IPv4Address, ipaddress.IPv6Address)):
        return str(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _encode_members(value)
    if isinstance(value, Mapping):
        return {str(key): _encode(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray)):
        return [_encode(item) for item in value]
    raise TypeError(f"a {type(value).__name__} cannot be said in JSON")


def _encode_members(value: Any) -> dict[str, Any]:
    names: Mapping[str, str] = type(value).__moose_names__
    members = ((name, getattr(value, attribute)) for name, attribute in names.items())
    return {name: _encode(member) for name, member in members if member is not None}
