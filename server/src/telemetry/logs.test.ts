// The logs write what they are told, at the level that was asked for, and nothing that a value could forge.
import { describe, expect, it } from "vitest";
import { createJsonLog } from "./json-log.ts";
import { createMetrics } from "./metrics.ts";
import { createTerminalLog } from "./terminal-log.ts";

const noon = () => new Date(2026, 10, 20, 12, 0, 0, 7);

describe("terminal log", () => {
  const lines: string[] = [];
  const write = (line: string) => void lines.push(line);

  it("writes time, level, component, message and fields without colour", () => {
    createTerminalLog({ write, colour: false, now: noon })
      .child("http")
      .info("listening", { url: "http://127.0.0.1:4000", took: 12, note: "two words", none: undefined });
    expect(lines.pop()).toBe(
      '12:00:00.007 info  http      listening url=http://127.0.0.1:4000 took=12 note="two words"',
    );
  });

  it("colours a terminal", () => {
    createTerminalLog({ write, colour: true, now: noon }).warn("slow");
    expect(lines.pop()).toContain("\u001b[33mwarn \u001b[39m");
  });

  it("leaves out what is below its level", () => {
    createTerminalLog({ write, level: "warn" }).info("unseen");
    expect(lines).toEqual([]);
  });

  it("keeps a value from forging a line or moving the cursor", () => {
    createTerminalLog({ write, colour: false, now: noon }).error("bad name", { name: "a\n12:00 info \u001b[2J" });
    const line = lines.pop()!;
    expect(line).not.toContain("\n");
    expect(line).not.toContain("\u001b");
  });
});

describe("json log", () => {
  it("writes one object a line, and fields cannot replace its own members", () => {
    const lines: string[] = [];
    const log = createJsonLog({ write: (line) => void lines.push(line), now: noon }).child("ingest");
    log.error("disk full\nnow", { level: "info", bytes: 3 });
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0]!)).toEqual({
      time: noon().toISOString(),
      level: "error",
      component: "ingest",
      message: "disk full\nnow",
      bytes: 3,
    });
  });
});

describe("metrics", () => {
  it("count per model, stream and route", async () => {
    const metrics = createMetrics();
    metrics.ingested("Flight", 3, 1, 200);
    metrics.ingested("Flight", 2, 0, 100);
    metrics.appended("Flight.1.0", 5, 0.002);
    metrics.requested("/ingest/{model}", 207, 0.003);
    metrics.writerLag("Flight", 9);
    metrics.countSubscriptions(() => 4);
    const text = await metrics.text();
    expect(text).toContain('moose_ingest_events_accepted_total{model="Flight"} 5');
    expect(text).toContain('moose_ingest_events_rejected_total{model="Flight"} 1');
    expect(text).toContain('moose_stream_rows_total{stream="Flight.1.0"} 5');
    expect(text).toContain('moose_http_requests_total{route="/ingest/{model}",status="207"} 1');
    expect(text).toContain('moose_table_lag_events{model="Flight"} 9');
    expect(text).toContain("moose_live_subscriptions 4");
    expect(text).toContain("process_cpu_user_seconds_total");
  });
});
