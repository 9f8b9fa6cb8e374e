// The RowSource on the consumption SDK.
import { createConsumption, type QueryRequest } from "@moose/consumption";
import type { ElementQueryParams } from "../data/query-attributes.ts";
import type { RowSource } from "./row-source.ts";

/** A chart that changes more often than this cannot be read; the server merges what falls between. */
const THROTTLE_MS = 100;

export function createConsumptionSource(url: string, token: string | undefined): RowSource {
  const client = createConsumption({ url, ...(token !== undefined && { token }) });
  return {
    async query(name, params, signal) {
      const answer = await client.query(name, requestOf(params), { signal });
      return answer.rows;
    },
    async *live(name, params, signal) {
      for await (const update of client.live(name, requestOf(params), { signal, throttleMs: THROTTLE_MS })) {
        yield { rows: update.rows, status: update.status, answered: update.position !== undefined };
      }
    },
    close: () => client.close(),
  };
}

/** Attributes are text: a grain or column that does not exist is the server's to refuse, with a message that names it. */
function requestOf(params: ElementQueryParams): QueryRequest {
  return params as QueryRequest;
}
