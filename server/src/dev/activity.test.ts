// Counting for the terminal on the way to the metrics, and the words for it.
import { expect, test } from "vitest";
import { createMetrics } from "../telemetry/metrics.ts";
import { describeActivity, describeRejection, watchActivity } from "./activity.ts";
import { reportRejections } from "./report-rejections.ts";
import { createTerminal } from "./terminal.ts";

test("what is counted is told once, and still reaches the metrics", async () => {
  const metrics = createMetrics();
  const activity = watchActivity(metrics);
  activity.metrics.ingested("Flight", 90, 10, 4_000);
  activity.metrics.ingested("Flight", 100, 0, 4_000);
  activity.metrics.inserted("Flight", 150, 9_000, 0.01);
  activity.metrics.writerLag("Flight", 40);
  expect([...activity.take()]).toEqual([["Flight", { accepted: 190, rejected: 10, inserted: 150, lag: 40 }]]);
  expect([...activity.take()]).toEqual([]);
  expect(await metrics.text()).toContain('moose_ingest_events_accepted_total{model="Flight"} 190');
});

test("a line tells the rates, and rejected events only when there are some", () => {
  const counted = { accepted: 4_000, rejected: 0, inserted: 3_000, lag: 1_000 };
  const lines = describeActivity(
    new Map([
      ["Ping", { ...counted, rejected: 3 }],
      ["Flight", counted],
    ]),
    2_000,
  );
  expect(lines.map((line) => line.replace(/ +/g, " "))).toEqual([
    "Flight 2,000 events/s 1,500 rows/s inserted 1,000 waiting",
    "Ping 2,000 events/s 1,500 rows/s inserted 1,000 waiting 3 REJECTED",
  ]);
});

test("a rejection tells the first error", () => {
  const error = {
    row: 2,
    path: "/delay",
    code: "out_of_range",
    expected: "an integer from -32768 to 32767",
    got: "99999",
  } as const;
  expect(describeRejection("Flight", 3, error)).toBe(
    "Flight: 3 events rejected; row 2, /delay: out_of_range, expected an integer from -32768 to 32767, got 99999",
  );
});

test("a flood of bad requests gives one line for each model in a while", () => {
  const written: string[] = [];
  let nowMs = 0;
  const terminal = createTerminal({ write: (text) => written.push(text) }, { colour: false });
  const report = reportRejections(terminal, () => nowMs);
  const error = { row: 0, path: "", code: "invalid_json", expected: "JSON", got: "\u001b[2J{" } as const;
  const reply = { status: 422, accepted: 0, rejected: 1, duplicates: 0, errorsTruncated: false, position: "" } as const;
  for (let sent = 0; sent < 1_000; sent++) report("Flight", { ...reply, errors: [error] });
  report("Ping", { ...reply, errors: [error] });
  report("Pong", { ...reply, rejected: 0, errors: [] });
  nowMs = 5_000;
  report("Flight", { ...reply, errors: [error] });
  expect(written.map((line) => line.slice(9).trimEnd())).toEqual([
    "rejected Flight: 1 event rejected; row 0: invalid_json, expected JSON, got \\u001b[2J{",
    "rejected Ping: 1 event rejected; row 0: invalid_json, expected JSON, got \\u001b[2J{",
    "rejected Flight: 1 event rejected; row 0: invalid_json, expected JSON, got \\u001b[2J{",
  ]);
});
