"""An event as JSON text: of mappings, dataclasses and pydantic models, with the values that JSON cannot say itself."""

from __future__ import annotations

import dataclasses
import datetime
import decimal
import enum
import ipaddress
import json
import uuid
from typing import Any, Dict, List, Mapping, Sequence, Union

_NO_TIMES: Mapping[str, int] = {}
_Address = (ipaddress.IPv4Address, ipaddress.IPv6Address)


def cut_times(members: Mapping[str, Any], time_unit_us: Mapping[str, int]) -> Mapping[str, Any]:
    """Times of Python have microseconds whether they mean something or not: cut to the digits that the fields hold."""
    cut: Dict[str, Any] = {}
    for name, unit in time_unit_us.items():
        value = members.get(name)
        if isinstance(value, datetime.datetime) and value.microsecond % unit:
            cut[name] = value.replace(microsecond=value.microsecond // unit * unit)
    return {**members, **cut} if cut else members


def encode_event(event: object, time_unit_us: Mapping[str, int] = _NO_TIMES) -> bytes:
    """One line of UTF-8 without a newline. ``time_unit_us`` is a model's.

    Times become RFC 3339, Decimals their digits as a string; members of dataclasses and pydantic models that are None
    are left out. Raises TypeError for what JSON cannot say: NaN, a time without a zone, cycles, other objects.
    """
    return encode_members(cut_times(event if type(event) is dict else members_of(event), time_unit_us))


def encode_members(members: Mapping[str, Any]) -> bytes:
    try:
        text = _encoder.encode(members)
    except (ValueError, RecursionError) as error:
        raise TypeError(f"the event cannot be said in JSON: {error}") from error
    try:
        return text.encode()
    except UnicodeEncodeError:
        # Half of a surrogate pair: escaped, so that the core says where it stands.
        return _ascii_encoder.encode(members).encode()


def members_of(event: object) -> Dict[str, Any]:
    """The event's own members, by their names on the wire."""
    found = _members(event)
    if found is None:
        kind = type(event).__name__
        raise TypeError(f"an event is a mapping, a dataclass instance or a pydantic model, and this is a {kind}")
    return found


def _members(value: object) -> Union[Dict[str, Any], None]:
    if isinstance(value, Mapping):
        return {str(name): member for name, member in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        # Classes that Moose generated for functions name their members so; others say {"name": …} in a field's metadata.
        names: Mapping[str, str] = getattr(type(value), "__moose_names__", None) or {
            field.metadata.get("name", field.name): field.name for field in dataclasses.fields(value)
        }
        members = ((name, getattr(value, attribute)) for name, attribute in names.items())
        return {name: member for name, member in members if member is not None}
    dump = getattr(type(value), "model_dump", None)
    if dump is not None:
        dumped: Dict[str, Any] = dump(value, by_alias=True, exclude_none=True)
        return dumped
    return None


def _say(value: object) -> Any:
    """Called by the encoder for what it does not know."""
    if isinstance(value, datetime.datetime):
        if value.tzinfo is None:
            raise TypeError(f"{value!r} has no time zone: say which, for example with tzinfo=timezone.utc")
        return value.isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, decimal.Decimal):
        if not value.is_finite():
            raise TypeError(f"{value} cannot be said in JSON: leave it out or send a finite number")
        return format(value, "f")
    if isinstance(value, (uuid.UUID, *_Address)):
        return str(value)
    if isinstance(value, enum.Enum):
        return value.value
    members = _members(value)
    if members is not None:
        return members
    if isinstance(value, (set, frozenset)) or (
        isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray))
    ):
        return _items(value)
    raise TypeError(f"a {type(value).__name__} cannot be said in JSON")


def _items(value: Any) -> List[Any]:
    return list(value)


_encoder = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=_say)
_ascii_encoder = json.JSONEncoder(separators=(",", ":"), allow_nan=False, default=_say)
