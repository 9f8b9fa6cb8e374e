"""Sends for ever through a durable queue, and writes down what send promised: for the tests that kill it.

    produce.py URL MODELS QUEUE LEDGER ROUND NAME

The ledger gets a line ``s`` with the event before it is sent, and a line ``a`` with its id after send returned.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import sys

from moose_ingest import create_ingest, load_models


def main() -> None:
    url, models_path, queue_path, ledger_path, round_text, name = sys.argv[1:]
    reading = load_models(models_path)["Reading"]
    ledger = os.open(ledger_path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with create_ingest(url, [reading], queue_path=queue_path, max_batch_events=50, max_batch_age_ms=20) as ingest:
        for count in itertools.count():
            events = [
                {"id": f"{round_text}.{name}.{count}.{n}", "round": int(round_text), "value": random.randrange(1000)}
                for n in range(random.choice((1, 1, 1, 7)))
            ]
            os.write(ledger, "".join(f"s {json.dumps(event)}\n" for event in events).encode())
            ingest.send_many(reading, events)
            os.write(ledger, "".join(f"a {event['id']}\n" for event in events).encode())
            # Without it the loop leaves the threads that deliver little time, and death would find the same stage each time.
            if random.random() < 0.02:
                ingest.flush()


if __name__ == "__main__":
    main()
