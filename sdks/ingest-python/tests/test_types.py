"""What the type checker refuses. mypy runs over this file with --strict: an ignored error that is none is an error itself."""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass
from pathlib import Path
from typing import List

import pytest
from scripted_server import ScriptedServer
from typed_models import CLICK, SALE, Click, Sale

import moose_ingest
from moose_ingest import (
    Ingest,
    IngestError,
    IngestValidationError,
    Model,
    create_async_ingest,
    create_ingest,
    load_models,
)

AT = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)


@dataclass
class ClickData:
    at: datetime.datetime
    page: str


CLICK_DATA: Model[ClickData] = CLICK.typed(ClickData)


def right(ingest: Ingest) -> None:
    ingest.send(CLICK, Click(at=AT, page="a"))
    ingest.send(CLICK, Click(at="2026-01-01T00:00:00Z", page="b", count=1))
    event: Click = {"at": AT, "page": "c"}
    ingest.send_many(CLICK, [event])
    ingest.send(SALE, Sale(at=AT, cents=1))
    ingest.send(CLICK_DATA, ClickData(AT, "d"))


def wrong(ingest: Ingest) -> None:
    ingest.send(CLICK, Click(at=AT, page=1))  # type: ignore[typeddict-item]
    ingest.send(CLICK, Click(at=AT))  # type: ignore[typeddict-item]
    ingest.send(CLICK, Click(at=AT, page="a", pgae="b"))  # type: ignore[typeddict-unknown-key]
    ingest.send(CLICK, Sale(at=AT, cents=1))  # type: ignore[misc]
    ingest.send(CLICK_DATA, ClickData(AT, 1))  # type: ignore[arg-type]


def wrong_model(ingest: Ingest) -> None:
    ingest.send("Click", Click(at=AT, page="a"))  # type: ignore[arg-type]


async def wrong_in_asyncio() -> None:
    async with create_async_ingest("http://localhost", [CLICK]) as ingest:
        await ingest.send(SALE, Sale(at=AT, cents="1"))  # type: ignore[typeddict-item]


def test_what_is_typed_right_arrives_and_what_is_not_is_refused_at_run_time_too() -> None:
    with ScriptedServer() as server:
        with create_ingest(server.url, [CLICK, SALE], concurrency=1) as ingest:
            right(ingest)
            with pytest.raises(IngestValidationError):
                wrong(ingest)
            with pytest.raises(AttributeError):
                wrong_model(ingest)
        pages: List[str] = sorted(row["page"] for row in server.rows() if "page" in row)
        assert pages == ["a", "b", "c", "d"]


def test_the_public_names_are_these_and_sorted() -> None:
    assert moose_ingest.__all__ == sorted(moose_ingest.__all__)
    assert set(moose_ingest.__all__) == {
        name for name in vars(moose_ingest) if not name.startswith("_") and name != "annotations"
    }


def test_models_are_loaded_in_their_newest_version_without_those_of_the_system(tmp_path: Path) -> None:
    program = json.loads((Path(__file__).parents[2] / "conformance" / "models.json").read_bytes())["models"][0][
        "program"
    ]
    listed = [
        {"name": "A", "version": "1.10", "program": program, "spec": {}},
        {"name": "A", "version": "1.9", "program": program},
        {"name": "_quarantine", "version": "1.0", "program": program, "system": True},
    ]
    (tmp_path / "m.json").write_text(json.dumps({"models": listed}))
    models = load_models(tmp_path / "m.json")
    assert [repr(model) for model in models.values()] == ["Model('A', '1.10')"]
    for text in ("{}", '{"models": [{"name": "A"}]}', "text"):
        (tmp_path / "m.json").write_text(text)
        with pytest.raises(IngestError, match="could not be loaded"):
            load_models(tmp_path / "m.json")
    with pytest.raises(ValueError, match="not a compiled schema program"):
        Model("A", "1.0", "AAAA")
