"""Models as ``moose generate sdk --lang python`` writes them, for the tests of the types."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import TypedDict, Union

from moose_ingest import Model

_FILE = Path(__file__).parents[2] / "conformance" / "models.json"
_PROGRAMS = {entry["name"]: entry["program"] for entry in json.loads(_FILE.read_bytes())["models"]}


class _ClickRequired(TypedDict):
    at: Union[datetime.datetime, str]
    page: str


class Click(_ClickRequired, total=False):
    count: int


class Sale(TypedDict):
    at: Union[datetime.datetime, str]
    cents: int


CLICK: Model[Click] = Model("Click", "1.0", _PROGRAMS["Click"])
SALE: Model[Sale] = Model("Sale", "2.1", _PROGRAMS["Sale"])
