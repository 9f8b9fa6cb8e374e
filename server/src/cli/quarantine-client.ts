// Speaks to the quarantine routes of a running server.
import { type ErrorCode, MooseError } from "../model/errors.ts";
import type { EntryFilter, EntryPage, PageRequest, QuarantineEntry, ReplayResult } from "../ports/quarantine-desk.ts";

const REQUEST_LIMIT_MS = 120_000;
const TRIES = 5;
const DEFAULT_WAIT_MS = 1_000;
const MAX_WAIT_MS = 10_000;

export class QuarantineClient {
  readonly #url: string;

  /** `url` has no "/" at its end. */
  constructor(url: string) {
    this.#url = url;
  }

  list(filter: EntryFilter, page: PageRequest): Promise<EntryPage> {
    const query = new URLSearchParams();
    const { sinceMs, untilMs, ...rest } = filter;
    const times = { since: sinceMs, until: untilMs };
    for (const [name, ms] of Object.entries(times)) if (ms !== undefined) query.set(name, new Date(ms).toISOString());
    for (const [name, value] of Object.entries({ ...rest, ...page })) query.set(name, String(value));
    return this.#ask(`/quarantine?${query}`);
  }

  find(id: string): Promise<QuarantineEntry> {
    return this.#ask(`/quarantine/${id}`);
  }

  /** At most 1,000 ids. Tries again while the server sheds load: what went back already does nothing then. */
  async replay(ids: readonly string[], dryRun: boolean): Promise<readonly ReplayResult[]> {
    const body = JSON.stringify({ ids, dryRun });
    const init = { method: "POST", headers: { "content-type": "application/json" }, body };
    return (await this.#ask<{ results: ReplayResult[] }>("/quarantine/replay", init)).results;
  }

  async #ask<T>(path: string, init: RequestInit = {}): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      const response = await this.#fetch(path, init);
      if (response.ok) return (await response.json()) as T;
      const retryAfter = Number(response.headers.get("retry-after"));
      const waitMs = Math.min(MAX_WAIT_MS, retryAfter > 0 ? retryAfter * 1_000 : DEFAULT_WAIT_MS);
      if (response.status !== 503 || attempt === TRIES) throw await problemOf(response);
      await response.body?.cancel();
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }

  async #fetch(path: string, init: RequestInit): Promise<Response> {
    try {
      return await fetch(this.#url + path, { ...init, signal: AbortSignal.timeout(REQUEST_LIMIT_MS) });
    } catch (cause) {
      throw new MooseError(
        "server_unreachable",
        `No Moose server answers at ${this.#url}. Start it (moose dev), or name another with --url.`,
        { cause },
      );
    }
  }
}

async function problemOf(response: Response): Promise<MooseError> {
  const { code, detail } = (await response.json().catch(() => ({}))) as { code?: ErrorCode; detail?: string };
  if (code === undefined) {
    const what = `${new URL(response.url).origin} answered ${response.status} without saying why: is it a Moose server?`;
    return new MooseError("server_unreachable", what);
  }
  return new MooseError(code, detail ?? `The server answered ${response.status} ${code}.`);
}
