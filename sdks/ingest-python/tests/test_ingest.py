"""The client over real sockets: what send promised is what the server has."""

from __future__ import annotations

import ssl
import threading
from pathlib import Path
from typing import Any, Dict, List

import pytest
from scripted_server import Answer, CloseAfter, Hang, LoseReply, ScriptedServer

from moose_ingest import (
    Attempt,
    AttemptResult,
    IngestDeliveryError,
    IngestError,
    IngestValidationError,
    Model,
    RejectedRows,
    RetryPolicy,
    SamplingRule,
    create_ingest,
)

FAST = RetryPolicy(first_delay_ms=1, max_delay_ms=5)
Models = Dict[str, Model[Any]]


def click(page: str) -> Dict[str, Any]:
    return {"at": "2026-01-01T00:00:00Z", "page": page}


def pages(rows: List[Any]) -> List[str]:
    return [row["page"] for row in rows]


def test_sends_what_it_was_given_and_says_how_far(models: Models) -> None:
    with ScriptedServer() as server, create_ingest(f"{server.url}/", list(models.values()), concurrency=1) as ingest:
        ingest.send(models["Click"], click("é☃😀"))
        ingest.send_many(models["Sale"], [{"at": "2026-01-01T00:00:00Z", "cents": n} for n in range(3)])
        assert ingest.flush().position == "p9"
        assert [request.path for request in server.requests] == ["/ingest/Click/1.0", "/ingest/Sale/2.1"]
        assert server.rows()[0] == click("é☃😀")
        metrics = ingest.metrics
        assert (metrics.sent_events, metrics.queued_events, metrics.queued_bytes, metrics.batches_under_way) == (
            4,
            0,
            0,
            0,
        )


def test_delivers_without_a_flush_once_a_batch_is_old_enough(models: Models) -> None:
    arrived = threading.Event()

    def attempted(_: Attempt) -> Any:
        return lambda _: arrived.set()

    with ScriptedServer() as server:
        ingest = create_ingest(server.url, [models["Click"]], max_batch_age_ms=1, on_attempt=attempted)
        ingest.send(models["Click"], click("a"))
        assert arrived.wait(10)
        assert pages(server.rows()) == ["a"]
        ingest.close()


def test_keeps_one_connection_and_the_order_with_one_request_at_a_time(models: Models) -> None:
    with ScriptedServer() as server:
        with create_ingest(server.url, [models["Click"]], max_batch_events=3, concurrency=1) as ingest:
            for n in range(50):
                ingest.send(models["Click"], click(str(n)))
        assert pages(server.rows()) == [str(n) for n in range(50)]
        assert server.connections == 1


def test_replaces_a_connection_that_the_server_has_closed_without_counting_a_retry(models: Models) -> None:
    with ScriptedServer(CloseAfter(), CloseAfter()) as server, create_ingest(server.url, [models["Click"]]) as ingest:
        for page in "abc":
            ingest.send(models["Click"], click(page))
            ingest.flush()
        assert pages(server.rows()) == ["a", "b", "c"]
        assert ingest.metrics.retries == 0


def test_a_lost_reply_stores_nothing_twice(models: Models) -> None:
    with ScriptedServer(LoseReply(), LoseReply()) as server:
        with create_ingest(server.url, [models["Click"]], retry=FAST) as ingest:
            ingest.send_many(models["Click"], [click("a"), click("b")])
            ingest.flush()
            assert (ingest.metrics.duplicate_events, ingest.metrics.retries) == (2, 2)
        assert pages(server.rows()) == ["a", "b"]
        assert len({request.headers["idempotency-key"] for request in server.requests}) == 1


def test_a_server_that_hangs_is_tried_again(models: Models) -> None:
    with ScriptedServer(Hang()) as server:
        with create_ingest(server.url, [models["Click"]], retry=FAST, attempt_timeout_ms=100) as ingest:
            ingest.send(models["Click"], click("a"))
        assert pages(server.rows()) == ["a"]
        assert len(server.requests) == 2


def test_a_reply_without_a_length_that_ends_with_the_connection_is_read(models: Models) -> None:
    body = b'{"accepted":1,"rejected":0,"errors":[]}'
    last = Answer(200, {"connection": "close"}, body)
    with ScriptedServer(last, last) as server, create_ingest(server.url, [models["Click"]]) as ingest:
        for page in "ab":
            ingest.send(models["Click"], click(page))
            ingest.flush()
        assert (ingest.metrics.sent_events, ingest.metrics.retries, server.connections) == (2, 0, 2)


def test_errors_reach_the_app_and_its_own_failure_ends_nothing(models: Models) -> None:
    errors: List[IngestDeliveryError] = []
    rejected: List[RejectedRows] = []

    def on_error(error: IngestDeliveryError) -> None:
        errors.append(error)
        raise RuntimeError("the app's own")

    refused = (
        b'{"accepted":0,"rejected":1,"errors":[{"row":0,"path":"/page","code":"too_long","expected":"less","got":"1"}]}'
    )
    problem = b'{"code":"unknown_model","detail":"There is no model Click."}'
    with ScriptedServer(
        Answer(404, {"x-request-id": "r1"}, problem), Answer(422, {"x-request-id": "r2"}, refused)
    ) as server:
        with create_ingest(server.url, [models["Click"]], on_error=on_error, on_rejected=rejected.append) as ingest:
            for page in "abc":
                ingest.send(models["Click"], click(page))
                ingest.flush()
            assert (ingest.metrics.lost_events, ingest.metrics.rejected_events, ingest.metrics.sent_events) == (1, 1, 1)
    (error,) = errors
    assert (error.code, error.status, error.problem_code, error.request_id) == (
        "delivery_refused",
        404,
        "unknown_model",
        "r1",
    )
    assert error.ndjson == b'{"at":"2026-01-01T00:00:00Z","page":"a"}\n'
    assert (rejected[0].request_id, rejected[0].rows[0].errors[0].code) == ("r2", "too_long")


def test_validation_names_every_violation_and_queues_nothing(models: Models) -> None:
    with ScriptedServer() as server, create_ingest(server.url, [models["Click"]]) as ingest:
        with pytest.raises(IngestValidationError) as caught:
            ingest.send_many(models["Click"], [click("a"), {"at": "soon", "page": 1}])
        assert [(error.row, error.path) for error in caught.value.errors] == [(1, "/at"), (1, "/page")]
        assert "row 1 /at" in str(caught.value)
        assert (ingest.metrics.queued_events, ingest.metrics.rejected_events) == (0, 1)


def test_close_gives_up_what_could_not_be_sent_and_hands_it_over(models: Models) -> None:
    errors: List[IngestDeliveryError] = []
    with ScriptedServer(Hang(), Hang()) as server:
        ingest = create_ingest(server.url, [models["Click"]], on_error=errors.append, concurrency=1, max_batch_events=1)
        ingest.send_many(models["Click"], [click("a"), click("b")])
        with pytest.raises(IngestError) as late:
            ingest.close(timeout_ms=50)
        assert late.value.code == "timed_out"
        ingest.close()
        assert sorted(error.ndjson for error in errors) == [
            b'{"at":"2026-01-01T00:00:00Z","page":"a"}\n',
            b'{"at":"2026-01-01T00:00:00Z","page":"b"}\n',
        ]
        with pytest.raises(IngestError) as closed:
            ingest.send(models["Click"], click("c"))
        assert closed.value.code == "closed"


def test_a_full_queue_rejects_or_waits_or_sheds(models: Models) -> None:
    with ScriptedServer(*[Hang()] * 3) as server:
        rejecting = create_ingest(server.url, [models["Click"]], max_queue_bytes=41, when_full="reject")
        waiting = create_ingest(server.url, [models["Click"]], max_queue_bytes=41, send_timeout_ms=20)
        shedding = create_ingest(
            server.url, [models["Click"]], max_queue_bytes=82, when_full="shed", max_batch_events=1, concurrency=1
        )
        for ingest in (rejecting, waiting):
            ingest.send(models["Click"], click("a"))
            with pytest.raises(IngestError) as full:
                ingest.send(models["Click"], click("b"))
            assert (full.value.code, full.value.retryable) == ("queue_full", True)
        for page in "abcd":
            shedding.send(models["Click"], click(page))
        assert shedding.metrics.shed_events == 2
        for ingest in (rejecting, waiting, shedding):
            with pytest.raises(IngestError):
                ingest.close(timeout_ms=1)


def test_a_send_that_waits_goes_on_when_there_is_room(models: Models) -> None:
    with ScriptedServer() as server:
        with create_ingest(server.url, [models["Click"]], max_queue_bytes=41, max_batch_age_ms=1) as ingest:
            for n in range(20):
                ingest.send(models["Click"], click(str(n)))
        assert len(server.rows()) == 20


def test_many_threads_lose_and_double_nothing(models: Models) -> None:
    with ScriptedServer() as server:
        ingest = create_ingest(server.url, [models["Click"]], max_batch_events=37)

        def run(thread: int) -> None:
            for n in range(200):
                ingest.send(models["Click"], click(f"{thread} {n}"))

        threads = [threading.Thread(target=run, args=(n,)) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        ingest.close()
        assert sorted(pages(server.rows())) == sorted(f"{thread} {n}" for thread in range(8) for n in range(200))
        assert sorted(number for _, _, number in server.stored) == list(range(1600))


def test_sampling_context_and_before_send(models: Models) -> None:
    def before_send(model: str, event: Dict[str, Any]) -> Any:
        assert model == "Click"
        return None if event["page"] == "secret" else {**event, "page": event["page"].upper()}

    with ScriptedServer() as server:
        with create_ingest(
            server.url,
            [models["Click"], models["Sale"]],
            before_send=before_send,
            context=lambda: {"count": 7, "app": "no field of Click"},
        ) as ingest:
            ingest.send_many(models["Click"], [click("a"), click("secret"), {**click("b"), "count": 1}])
            ingest.flush()
            assert ingest.metrics.dropped_events == 1
        assert server.rows() == [{**click("A"), "count": 7}, {**click("B"), "count": 1}]
    with ScriptedServer() as server:
        rule = SamplingRule(rate=0.5, field="cents")
        with create_ingest(
            server.url, [models["Sale"]], sampling={"Sale": SamplingRule(rate=1, field="cents")}
        ) as ingest:
            ingest.send(models["Sale"], {"at": "2026-01-01T00:00:00Z"})
        assert server.rows() == [{"at": "2026-01-01T00:00:00Z", "cents": 1}]
        with pytest.raises(ValueError, match="which the model does not have"):
            create_ingest(server.url, [models["Click"]], sampling={"Click": SamplingRule(rate=0.5, field="rate")})
        with create_ingest(
            server.url, [models["Sale"]], sampling={"Sale": rule}, before_send=lambda _, __: None
        ) as ingest:
            ingest.send_many(models["Sale"], [{}] * 1000)
            metrics = ingest.metrics
            assert metrics.sampled_out_events + metrics.dropped_events == 1000
            assert 350 < metrics.sampled_out_events < 650


def test_consent_holds_back_releases_and_erases(models: Models) -> None:
    with ScriptedServer() as server, create_ingest(server.url, [models["Click"]], consent="pending") as ingest:
        ingest.send(models["Click"], click("held"))
        assert (ingest.flush().position, server.requests) == (None, [])
        ingest.set_consent("granted")
        ingest.flush()
        assert pages(server.rows()) == ["held"]
        ingest.set_consent("pending")
        ingest.send(models["Click"], click("erased"))
        ingest.set_consent("denied")
        ingest.send(models["Click"], click("not taken"))
        ingest.set_consent("granted")
        ingest.send(models["Click"], click("again"))
        ingest.flush()
        assert pages(server.rows()) == ["held", "again"]
        assert ingest.metrics.withheld_events == 2


def test_an_attempt_is_told_to_the_tracing_hook_which_may_add_headers(models: Models) -> None:
    seen: List[Any] = []

    def on_attempt(attempt: Attempt) -> Any:
        attempt.headers["traceparent"] = "00-1-2-01"
        seen.append((attempt.model, attempt.events, attempt.bytes, attempt.attempt))
        return seen.append

    with ScriptedServer(Answer(503)) as server:
        with create_ingest(
            server.url, [models["Click"]], on_attempt=on_attempt, retry=FAST, headers=lambda: {"x": "y"}
        ) as ingest:
            ingest.send(models["Click"], click("a"))
        assert seen == [
            ("Click", 1, 41, 1),
            AttemptResult(503, "HTTP 503", None),
            ("Click", 1, 41, 2),
            AttemptResult(200, None, None),
        ]
        assert [(request.headers["traceparent"], request.headers["x"]) for request in server.requests] == [
            ("00-1-2-01", "y")
        ] * 2


def test_what_is_sent_while_another_batch_waits_for_its_retry_does_not_wait_with_it(models: Models) -> None:
    arrived = threading.Event()

    def attempted(_: Attempt) -> Any:
        return lambda result: arrived.set() if result.status == 200 else failed.set()

    failed = threading.Event()
    with ScriptedServer(Answer(503, {"retry-after": "60"})) as server:
        ingest = create_ingest(
            server.url, [models["Click"]], max_batch_age_ms=1, on_attempt=attempted, on_error=lambda _: None
        )
        ingest.send(models["Click"], click("waits"))
        assert failed.wait(10)
        ingest.send(models["Click"], click("goes"))
        assert arrived.wait(10)
        assert pages(server.rows()) == ["goes"]
        with pytest.raises(IngestError, match="within 1 ms"):
            ingest.close(timeout_ms=1)


def test_https_is_verified_unless_the_app_says_otherwise(models: Models) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(Path(__file__).with_name("localhost.pem"))
    attempts: List[AttemptResult] = []
    attempted = threading.Event()

    def on_attempt(_: Attempt) -> Any:
        def ended(result: AttemptResult) -> None:
            attempts.append(result)
            attempted.set()

        return ended

    with ScriptedServer(tls=tls) as server:
        strict = create_ingest(server.url, [models["Click"]], on_attempt=on_attempt, on_error=lambda _: None)
        strict.send(models["Click"], click("a"))
        assert attempted.wait(10)
        with pytest.raises(IngestError):
            strict.close(timeout_ms=1)
        assert "CERTIFICATE_VERIFY_FAILED" in str(attempts[0].failure)
        with create_ingest(server.url, [models["Click"]], verify_tls=False) as ingest:
            ingest.send_many(models["Click"], [click("b")] * 100)
        assert len(server.rows()) == 100


def test_options_that_cannot_be_are_told_at_once(models: Models) -> None:
    with pytest.raises(ValueError, match="no http or https address"):
        create_ingest("localhost:4000", [models["Click"]])
    with pytest.raises(ValueError, match="at least 1"):
        create_ingest("http://localhost", [models["Click"]], concurrency=0)
    with pytest.raises(TypeError, match="no option max_batch_rows"):
        create_ingest("http://localhost", [models["Click"]], max_batch_rows=1)  # type: ignore[call-arg]
