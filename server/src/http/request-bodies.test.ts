// Regression: memory of request bodies is used again, and never while a handler may still read it.
import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, it } from "vitest";
import type { AcceptEvents } from "../ingest/accept-events.ts";
import { createHttpServer } from "./http-server.ts";
import { serverOptions } from "./test-server-options.ts";

it("keeps each large body as it is until its handler has settled", async () => {
  const memories = new Set<ArrayBufferLike>();
  let damaged = 0;
  const acceptEvents: AcceptEvents = async ({ body }) => {
    memories.add(body.buffer);
    const mark = body[0]!;
    // Other bodies arrive meanwhile.
    for (let turn = 0; turn < mark % 7; turn++) await nextTurn();
    if (body.some((byte) => byte !== mark)) damaged++;
    return { status: 200, accepted: 1, rejected: 0, duplicates: 0, errors: [], errorsTruncated: false, position: "p" };
  };
  const server = await createHttpServer({ ...serverOptions(), ingest: { acceptEvents }, maxBodyBytes: 1024 * 1024 });
  try {
    const lane = async (first: number): Promise<void> => {
      for (let sent = 0; sent < 10; sent++) {
        const reply = await fetch(`${server.url}/ingest/Flight`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: Buffer.alloc(100_000 + sent * 500, 32 + ((first + sent * 8) % 90)),
        });
        expect(reply.status).toBe(200);
        await reply.text();
      }
    };
    await Promise.all(Array.from({ length: 8 }, (_, first) => lane(first)));
  } finally {
    await server.close();
  }
  expect(damaged).toBe(0);
  expect(memories.size).toBeLessThan(40);
});
