// Builds the client from its options.
import { type Aggregation, aggregationSpec, isAggregation, isModel, type Model, modelSpec } from "@moose/core";
import { runtimeWebSocket } from "#web-socket";
import { asyncDispose } from "./async-dispose.ts";
import type { Consumption } from "./consumption.ts";
import { eventDecoder } from "./decode-event.ts";
import { rowDecoder } from "./decode-values.ts";
import { encodeRequest } from "./encode-request.ts";
import { ConsumptionError } from "./errors.ts";
import { FollowedStream } from "./event-subscription.ts";
import { postJson } from "./http-call.ts";
import { FollowedQuery } from "./live-query.ts";
import { LiveSession } from "./live-session.ts";
import type { EventOptions, LiveOptions } from "./live-update.ts";
import { type ConsumptionOptions, systemClock } from "./options.ts";
import type { CallOptions, Column, QueryAnswer, QueryRequest } from "./request.ts";

/**
 * A client of one Moose server. Nothing is opened until it is used.
 * @example const moose = createConsumption({ url: "http://localhost:4000" });
 */
export function createConsumption(options: ConsumptionOptions): Consumption {
  const base = new URL(options.url);
  const clock = options.clock ?? systemClock;
  const random = options.random ?? Math.random;
  const token = async () => (typeof options.token === "function" ? options.token() : options.token);
  const session = new LiveSession({
    url: liveUrl(base),
    token,
    webSocket: async () => {
      const found = options.WebSocket ?? (await runtimeWebSocket());
      if (found) return found;
      throw new ConsumptionError(
        "no_web_socket",
        "This runtime has no WebSocket. Give createConsumption one as `WebSocket`.",
      );
    },
    clock,
    random,
    maxReconnectMs: options.maxReconnectMs ?? 10_000,
    idleSocketMs: options.idleSocketMs ?? 5_000,
  });
  const parts = {
    // Bound late, so that a page may replace fetch (and tests may watch it) after the client was made.
    fetch: options.fetch ?? ((...args: Parameters<typeof fetch>) => globalThis.fetch(...args)),
    token,
    clock,
    random,
    timeoutMs: options.timeoutMs ?? 30_000,
    retries: options.retries ?? 2,
  };

  async function query(target: Aggregation | string, request?: QueryRequest, call: CallOptions = {}) {
    const url = new URL(`query/${encodeURIComponent(nameOf(target))}`, withSlash(base));
    const body = { ...encodeRequest(request), ...(call.after === undefined ? {} : { after: call.after }) };
    return decodeAnswer(await postJson(url.href, body, call, parts));
  }
  function live(target: Aggregation | string, request: QueryRequest = {}, liveOptions: LiveOptions = {}) {
    return new FollowedQuery<Record<string, unknown>>(nameOf(target), request, liveOptions, { session, clock, random });
  }
  function subscribeEvents(target: Model | string, eventOptions: EventOptions = {}) {
    const known = typeof target !== "string" && isModel(target);
    const decode = known ? eventDecoder(modelSpec(target)) : (event: Record<string, unknown>) => event;
    const name = known ? modelSpec(target).name : String(target);
    return new FollowedStream<Record<string, unknown>>(name, eventOptions, decode, { session, clock, random });
  }
  async function close(): Promise<void> {
    session.close();
  }

  return {
    query,
    live,
    subscribeEvents,
    get status() {
      return session.status;
    },
    close,
    [asyncDispose]: close,
  } as unknown as Consumption;
}

const nameOf = (target: Aggregation | string): string =>
  typeof target !== "string" && isAggregation(target) ? aggregationSpec(target).name : String(target);

function withSlash(base: URL): URL {
  const url = new URL(base);
  if (!url.pathname.endsWith("/")) url.pathname += "/";
  return url;
}

function liveUrl(base: URL): string {
  const url = new URL("live", withSlash(base));
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}

function decodeAnswer(answer: unknown): QueryAnswer<Record<string, unknown>> {
  const { columns, rows, statistics, position } = (answer ?? {}) as {
    columns?: readonly Column[];
    rows?: readonly (readonly unknown[])[];
    statistics?: QueryAnswer<unknown>["statistics"];
    position?: string;
  };
  if (!Array.isArray(columns) || !Array.isArray(rows) || typeof position !== "string") {
    throw new ConsumptionError("bad_reply", "The answer is not a query result. Does the URL lead to a Moose server?");
  }
  return {
    rows: rows.map(rowDecoder<Record<string, unknown>>(columns)),
    columns,
    statistics: statistics ?? { elapsedMs: 0, rowsRead: 0, bytesRead: 0 },
    position,
  };
}
