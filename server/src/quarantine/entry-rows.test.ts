// Entries keep every byte, whatever the event is, and are always rows that the core of `_quarantine` takes.
import { type Core, createCore, type ModelCore } from "@moose/core";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { QuarantinedEvents } from "../ports/quarantine.ts";
import { decodeEvent, type EventEncoding, entryRows } from "./entry-rows.ts";
import { quarantineModels } from "./quarantine-models.ts";

const AT_MS = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
let core: Core;
let entries: ModelCore;

beforeAll(async () => {
  core = await createCore();
  entries = core.load(quarantineModels(30).entry);
});

const refused = (more: Partial<QuarantinedEvents> = {}): QuarantinedEvents => ({
  source: "table",
  model: "Flight",
  version: "1.0",
  stream: "Flight.1.0",
  by: "",
  reason: "it did not fit",
  code: "table_refused",
  events: [Buffer.from('{"a":1}')],
  receivedAtMs: AT_MS,
  ...more,
});
const parse = (row: string) => JSON.parse(row) as Record<string, unknown>;

describe("entryRows", () => {
  it("keeps any bytes, in rows that the core takes", () => {
    const anyText = fc.string({ unit: "binary" });
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.uint8Array({ maxLength: 60 }),
            anyText.map((text) => Buffer.from(text)),
          ),
          { minLength: 1 },
        ),
        fc.record({ path: anyText, code: anyText, expected: anyText, got: fc.string({ unit: "binary" }) }),
        anyText,
        (events, error, text) => {
          const errors = events.map(() => [error, { ...error, got: "\ud800" }]);
          const rows = entryRows(refused({ events, errors, reason: `${text}\udfff`, stack: text, code: text }), AT_MS);
          const body = Buffer.from(rows.join("\n"));
          expect(entries.validate(body, { format: "ndjson" })).toMatchObject({ accepted: events.length, errors: [] });
          rows.map(parse).forEach(({ encoding, event }, index) => {
            expect(decodeEvent(encoding as EventEncoding, event as string)).toEqual(Buffer.from(events[index]!));
          });
        },
      ),
      { numRuns: 300 },
    );
  });

  it("names an event by its place, so that putting it again adds nothing", () => {
    const at = (partition: number, firstOffset: number, more: Partial<QuarantinedEvents> = {}) =>
      entryRows(refused({ partition, firstOffset, ...more }), AT_MS).map((row) => parse(row).id);
    expect(at(1, 7)).toEqual(at(1, 7));
    const others = [
      at(1, 7),
      at(1, 8),
      at(2, 7),
      at(1, 7, { source: "function", by: "f" }),
      at(1, 7, { stream: "B.1" }),
    ];
    expect(new Set(others.flat()).size).toBe(5);
    const two = refused({ partition: 1, firstOffset: 7, events: [Buffer.from("a"), Buffer.from("b")] });
    expect(entryRows(two, AT_MS).map((row) => parse(row).id)).toEqual([...at(1, 7), ...at(1, 8)]);
    expect(at(1, 7)[0]).toMatch(/^[0-9a-f]{24}$/);
  });

  it("gives events without a place different ids", () => {
    const ids = [0, 1].flatMap(() => entryRows(refused(), AT_MS).map((row) => parse(row).id));
    expect(new Set(ids).size).toBe(2);
  });

  it("makes one entry of a stretch that the log lost", () => {
    const lost = refused({ source: "log", events: [], partition: 0, firstOffset: 5, lastOffset: 9 });
    expect(entryRows(lost, AT_MS).map(parse)).toMatchObject([{ offset: "5", lastOffset: "9", encoding: "lost" }]);
    expect(entries.validate(Buffer.from(entryRows(lost, AT_MS)[0]!), { format: "ndjson" }).accepted).toBe(1);
  });

  it("bounds what is not the event", () => {
    const rows = entryRows(refused({ reason: "r".repeat(5_000), stack: "s".repeat(50_000) }), AT_MS);
    expect(rows[0]!.length).toBeLessThan(10_000);
  });
});
