// Calls over a real HTTP server: which answers are tried again, how long they wait, and what the errors say.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createConsumption } from "./create-consumption.ts";
import { isConsumptionError } from "./errors.ts";
import type { Clock } from "./options.ts";

let server: Server;
let url: string;
let answers: ((request: IncomingMessage, response: ServerResponse, body: string) => void)[];
let seen: { path: string; headers: IncomingMessage["headers"]; body: string }[];

beforeEach(async () => {
  answers = [];
  seen = [];
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      seen.push({ path: request.url ?? "", headers: request.headers, body });
      (answers.length > 1 ? answers.shift()! : answers[0]!)(request, response, body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
});

const result = {
  columns: [
    { name: "origin", type: "LowCardinality(String)" },
    { name: "flights", type: "UInt64" },
    { name: "ids", type: "Array(Nullable(Int64))" },
  ],
  rows: [["LAX", "18446744073709551615", ["-1", null]]],
  statistics: { elapsedMs: 1, rowsRead: 2, bytesRead: 3 },
  position: "p1.x",
};
const good = (_: IncomingMessage, response: ServerResponse) => {
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify(result));
};
const refusing =
  (
    status: number,
    headers: Record<string, string> = {},
    body = JSON.stringify({ code: "overloaded", title: "t", detail: "Busy." }),
  ) =>
  (_: IncomingMessage, response: ServerResponse) => {
    response.writeHead(status, { "x-request-id": "r-1", ...headers });
    response.end(body);
  };

/**
 * For one call, whose timers are in turn the limit of an attempt and a pause. Time passes only in pauses: they end at once
 * and are noted. Limits of attempts never run out, unless `endAttempts`.
 */
function notedClock(endAttempts = false): Clock & { pauses: number[] } {
  let now = 1_000_000;
  let timers = 0;
  const pauses: number[] = [];
  return {
    pauses,
    now: () => now,
    setTimeout(run, delayMs) {
      if (timers++ % 2 === 0) return endAttempts ? setTimeout(run, 50) : undefined;
      pauses.push(delayMs);
      now += delayMs;
      return setTimeout(run, 0);
    },
    clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
  };
}

const caught = async (promise: Promise<unknown>) => {
  try {
    await promise;
  } catch (error) {
    if (isConsumptionError(error)) return error;
    throw error;
  }
  throw new Error("it succeeded");
};

describe("query", () => {
  test("sends the request as JSON and decodes 64-bit integers", async () => {
    answers = [good];
    const moose = createConsumption({ url: `${url}/base`, token: async () => "secret" });
    const answer = await moose.query(
      "By Origin/1",
      { filters: { minute: { gte: new Date(0) }, serial: 18446744073709551615n }, limit: 5 },
      { after: "p1.y" },
    );
    expect(answer.rows).toEqual([{ origin: "LAX", flights: 18446744073709551615n, ids: [-1n, null] }]);
    expect(answer.position).toBe("p1.x");
    expect(seen[0]).toMatchObject({ path: "/base/query/By%20Origin%2F1", headers: { authorization: "Bearer secret" } });
    expect(JSON.parse(seen[0]!.body)).toEqual({
      filters: { minute: { gte: "1970-01-01T00:00:00.000Z" }, serial: "18446744073709551615" },
      limit: 5,
      after: "p1.y",
    });
  });

  test.each([408, 429, 500, 502, 503, 504])("tries again after %d", async (status) => {
    answers = [refusing(status), refusing(status), good];
    const moose = createConsumption({ url, clock: notedClock() });
    expect((await moose.query("Q")).rows).toHaveLength(1);
    expect(seen).toHaveLength(3);
  });

  test.each([400, 401, 403, 404, 422])("does not try again after %d", async (status) => {
    answers = [refusing(status), good];
    const error = await caught(createConsumption({ url, clock: notedClock() }).query("Q"));
    expect(error).toMatchObject({
      code: "overloaded",
      status,
      requestId: "r-1",
      retryable: false,
      attempts: 1,
      message: "Busy.",
    });
    expect(seen).toHaveLength(1);
  });

  test("gives up after its retries and says how often it tried", async () => {
    answers = [refusing(503)];
    const error = await caught(createConsumption({ url, clock: notedClock(), retries: 4 }).query("Q"));
    expect(error).toMatchObject({ code: "overloaded", attempts: 5, retryable: true });
    expect(seen).toHaveLength(5);
  });

  test("pauses as the server says, or with full jitter that doubles", async () => {
    const clock = notedClock();
    answers = [
      refusing(503, { "retry-after": "7" }),
      refusing(503),
      refusing(503),
      refusing(429, { "retry-after": "99999" }),
      good,
    ];
    await createConsumption({ url, clock, random: () => 0.5, retries: 4 }).query("Q");
    expect(clock.pauses).toEqual([7_000, 500, 1_000, 60_000]);
  });

  test("tries again when nobody answers, and says so in the end", async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    const error = await caught(createConsumption({ url, clock: notedClock() }).query("Q"));
    expect(error).toMatchObject({ code: "connection_failed", attempts: 3, retryable: true });
    expect(error.cause).toBeInstanceOf(TypeError);
  });

  test("ends at the deadline, whatever retries are left", async () => {
    answers = [refusing(503, { "retry-after": "5" })];
    const error = await caught(
      createConsumption({ url, clock: notedClock(), retries: 50 }).query("Q", {}, { deadlineMs: 29_000 }),
    );
    expect(error.code).toBe("deadline_exceeded");
    expect(isConsumptionError(error.cause) && error.cause.code).toBe("overloaded");
    expect(seen.length).toBeLessThan(8);
  });

  test("an attempt without an answer times out", async () => {
    answers = [() => {}];
    const error = await caught(createConsumption({ url, clock: notedClock(true), retries: 0 }).query("Q"));
    expect(error).toMatchObject({ code: "timeout", retryable: true });
  });

  test("the caller's signal ends the call, its pause too, and leaves no listener", async () => {
    answers = [refusing(503)];
    const controller = new AbortController();
    let listeners = 0;
    const { signal } = controller;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = ((...args: Parameters<typeof add>) => {
      listeners++;
      add(...args);
    }) as typeof add;
    signal.removeEventListener = ((...args: Parameters<typeof remove>) => {
      listeners--;
      remove(...args);
    }) as typeof remove;
    const moose = createConsumption({ url });
    answers = [
      (request, response) => {
        refusing(503, { "retry-after": "50" })(request, response);
        setImmediate(() => controller.abort(new Error("enough")));
      },
    ];
    const error = await caught(moose.query("Q", {}, { signal }));
    expect(error).toMatchObject({ code: "aborted", cause: expect.objectContaining({ message: "enough" }) });
    expect((await caught(moose.query("Q", {}, { signal }))).code).toBe("aborted");
    answers = [good];
    const free = new AbortController();
    await moose.query("Q", {}, { signal: free.signal });
    expect(listeners).toBeLessThanOrEqual(1);
  });

  test("an answer that is not Moose's is a bad reply", async () => {
    answers = [(_, response) => response.end("<html>")];
    expect((await caught(createConsumption({ url }).query("Q"))).code).toBe("bad_reply");
    answers = [(_, response) => response.end("{}")];
    expect((await caught(createConsumption({ url }).query("Q"))).code).toBe("bad_reply");
    answers = [refusing(502, {}, "<html>")];
    expect(await caught(createConsumption({ url, retries: 0 }).query("Q"))).toMatchObject({
      code: "http_502",
      status: 502,
    });
  });
});

describe("isConsumptionError", () => {
  test("holds across copies of the package, and for nothing else", async () => {
    const other = (await import("./errors.ts?copy" as string)) as typeof import("./errors.ts");
    expect(isConsumptionError(new other.ConsumptionError("timeout", "x"))).toBe(true);
    expect(isConsumptionError(new Error("x"))).toBe(false);
    expect(isConsumptionError(null)).toBe(false);
  });
});
