"""The running server that e2e/python/ingest-python.test.ts started: where it is, and what its tables hold."""

from __future__ import annotations

import base64
import json
import os
import urllib.request
from typing import Any, Callable, Dict, List
from urllib.parse import quote, unquote, urlsplit

import pytest

from moose_ingest import Model, load_models

LIMIT_S = 60


@pytest.fixture(scope="session")
def url() -> str:
    return os.environ["MOOSE_URL"]


@pytest.fixture(scope="session")
def models(url: str) -> Dict[str, Model[Any]]:
    return load_models(f"{url}/catalog")


@pytest.fixture(scope="session")
def visible_rows(url: str) -> Callable[[str, str], List[Any]]:
    """Rows of a query of ClickHouse, once everything up to a position is in the tables."""
    database = urlsplit(os.environ["MOOSE_CLICKHOUSE_URL"])
    credentials = f"{unquote(database.username or '')}:{unquote(database.password or '')}".encode()

    def select(position: str, query: str) -> List[Any]:
        # The query waits for the position; what it answers is of no interest.
        with urllib.request.urlopen(f"{url}/query/FlightTotals?after={quote(position)}", timeout=LIMIT_S) as reply:
            reply.read()
        request = urllib.request.Request(
            f"{database.scheme}://{database.hostname}:{database.port}/?database=moose",
            f"{query} FORMAT JSONEachRow SETTINGS output_format_json_quote_64bit_integers = 1".encode(),
            {"authorization": f"Basic {base64.b64encode(credentials).decode()}"},
        )
        with urllib.request.urlopen(request, timeout=LIMIT_S) as reply:
            return [json.loads(line) for line in reply.read().splitlines()]

    return select
