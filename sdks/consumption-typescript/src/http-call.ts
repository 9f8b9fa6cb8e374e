// One JSON call to the server: attempts with a limit each, pauses between them, one deadline over all, and typed errors.
import { ConsumptionError } from "./errors.ts";
import type { Clock } from "./options.ts";
import type { CallOptions } from "./request.ts";
import { isRetryableStatus, jitteredPauseMs, retryAfterMs } from "./retry-policy.ts";

export interface HttpCallParts {
  readonly fetch: typeof globalThis.fetch;
  readonly token: () => Promise<string | undefined>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly timeoutMs: number;
  readonly retries: number;
}

/** POSTs a body and resolves with the JSON of a 2xx answer. Rejects with ConsumptionError. */
export async function postJson(url: string, body: unknown, call: CallOptions, parts: HttpCallParts): Promise<unknown> {
  const { clock, random } = parts;
  const retries = call.retries ?? parts.retries;
  const endMs = call.deadlineMs === undefined ? Number.POSITIVE_INFINITY : clock.now() + call.deadlineMs;
  for (let attempt = 1; ; attempt++) {
    const leftMs = endMs - clock.now();
    if (leftMs <= 0) throw deadlineExceeded(call, attempt - 1);
    const limitMs = Math.min(call.timeoutMs ?? parts.timeoutMs, leftMs);
    const outcome = await attemptOnce({ url, body, limitMs, attempts: attempt, call }, parts);
    if (outcome.ok) return outcome.json;
    const { error } = outcome;
    if (!error.retryable || attempt > retries) {
      throw clock.now() >= endMs ? deadlineExceeded(call, attempt, error) : error;
    }
    const pauseMs = outcome.pauseMs ?? jitteredPauseMs(attempt, random);
    if (clock.now() + pauseMs >= endMs) throw deadlineExceeded(call, attempt, error);
    await pause(pauseMs, call.signal, clock);
  }
}

type Outcome =
  | { readonly ok: true; readonly json: unknown }
  | { readonly ok: false; readonly error: ConsumptionError; readonly pauseMs?: number | undefined };

interface Attempt {
  readonly url: string;
  readonly body: unknown;
  readonly limitMs: number;
  /** With this one. */
  readonly attempts: number;
  readonly call: CallOptions;
}

async function attemptOnce(attempt: Attempt, { fetch, token, clock }: HttpCallParts): Promise<Outcome> {
  const { url, body, limitMs, attempts, call } = attempt;
  if (call.signal?.aborted) throw aborted(call.signal, attempts);
  const controller = new AbortController();
  let timedOut = false;
  const timer = clock.setTimeout(() => {
    timedOut = true;
    controller.abort();
  }, limitMs);
  const onAbort = () => controller.abort();
  call.signal?.addEventListener("abort", onAbort, { once: true });
  try {
    const bearer = await token();
    const response = await fetch(url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/json",
        ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
      },
      body: JSON.stringify(body),
      signal: controller.signal,
    });
    const text = await response.text();
    if (!response.ok) {
      const pauseMs = retryAfterMs(response.headers.get("retry-after"), clock.now());
      return { ok: false, error: refused(response, text, attempts), pauseMs };
    }
    return { ok: true, json: parse(text, response, attempts) };
  } catch (cause) {
    if (cause instanceof ConsumptionError) throw cause;
    if (call.signal?.aborted) throw aborted(call.signal, attempts);
    const error = timedOut
      ? new ConsumptionError("timeout", `No answer from ${url} within ${Math.round(limitMs)} ms.`, {
          retryable: true,
          attempts,
          cause,
        })
      : new ConsumptionError(
          "connection_failed",
          `No connection to ${url}. Is the server running, and may this page call it?`,
          {
            retryable: true,
            attempts,
            cause,
          },
        );
    return { ok: false, error };
  } finally {
    clock.clearTimeout(timer);
    call.signal?.removeEventListener("abort", onAbort);
  }
}

function refused(response: Response, text: string, attempts: number): ConsumptionError {
  let problem: Record<string, unknown> = {};
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === "object" && parsed !== null) problem = parsed as Record<string, unknown>;
  } catch {
    // Not from Moose (a proxy's page): the status has to do.
  }
  const { code, detail, title } = problem;
  return new ConsumptionError(
    typeof code === "string" ? code : `http_${response.status}`,
    typeof detail === "string" ? detail : typeof title === "string" ? title : `The server answered ${response.status}.`,
    {
      status: response.status,
      requestId: response.headers.get("x-request-id") ?? undefined,
      retryable: isRetryableStatus(response.status),
      attempts,
      problem,
    },
  );
}

function parse(text: string, response: Response, attempts: number): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ConsumptionError("bad_reply", "The server's answer is not JSON. Does the URL lead to a Moose server?", {
      status: response.status,
      requestId: response.headers.get("x-request-id") ?? undefined,
      attempts,
      cause,
    });
  }
}

function pause(delayMs: number, signal: AbortSignal | undefined, clock: Clock): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      clock.clearTimeout(timer);
      reject(aborted(signal!, 1));
    };
    const timer = clock.setTimeout(() => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    }, delayMs);
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}

const deadlineExceeded = (call: CallOptions, attempts: number, cause?: ConsumptionError): ConsumptionError =>
  new ConsumptionError(
    "deadline_exceeded",
    `No answer within the deadline of ${call.deadlineMs} ms, after ${attempts} attempts.`,
    {
      attempts,
      ...(cause === undefined ? {} : { cause, status: cause.status, requestId: cause.requestId }),
    },
  );

export const aborted = (signal: AbortSignal, attempts = 1): ConsumptionError =>
  new ConsumptionError("aborted", "The caller ended the call.", { attempts, cause: signal.reason });
