"""Joins the positions of several acknowledgements into one that covers them all."""

from __future__ import annotations

import base64
import binascii
import json
from itertools import zip_longest
from typing import Dict, List, Optional

_PREFIX = "p1."

_Offsets = Dict[str, List[int]]


def merge_positions(first: Optional[str], second: str) -> str:
    """The greater offset of each partition. A token of a form that this version does not know replaces what was there."""
    if first is None or first == second:
        return second
    left, right = _decode(first), _decode(second)
    if left is None or right is None:
        return second
    for stream, offsets in right.items():
        known = left.get(stream, [])
        left[stream] = [max(one, other) for one, other in zip_longest(known, offsets, fillvalue=0)]
    return _encode(left)


def _decode(token: str) -> Optional[_Offsets]:
    if not token.startswith(_PREFIX):
        return None
    text = token[len(_PREFIX) :]
    try:
        offsets: _Offsets = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (binascii.Error, ValueError):
        return None
    return offsets


def _encode(offsets: _Offsets) -> str:
    # JavaScript orders strings by UTF-16 units; the server's tokens are the same text for the same offsets.
    by_name = sorted(offsets.items(), key=lambda entry: entry[0].encode("utf-16-be"))
    text = json.dumps(dict(by_name), ensure_ascii=False, separators=(",", ":"))
    return _PREFIX + base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
