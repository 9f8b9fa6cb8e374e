// A load of events over HTTP: keeps what was acknowledged, and counts every other answer.

export interface Answers {
  /** Ids whose request was answered with 200. */
  readonly acknowledged: Set<string>;
  /** Answers by status; requests that nobody answered by the code of their failure, such as ECONNREFUSED. */
  readonly byStatus: Map<string, number>;
  /** Of the last 503: its header and its problem. */
  refusal?: { readonly retryAfter: string | null; readonly problem: Readonly<Record<string, unknown>> };
}

export interface EventLoad {
  readonly url: () => string;
  readonly model: string;
  readonly senders: number;
  readonly rowsPerRequest: number;
  /** Bytes of the text of each event. */
  readonly textBytes: number;
  /** Distinguishes the ids of several loads. */
  readonly name: string;
  /** How long a sender waits after an answer that is not 200. */
  readonly pauseMs: number;
}

export const newAnswers = (): Answers => ({ acknowledged: new Set(), byStatus: new Map() });

/** Sends until the signal ends. A request under way then is finished first. */
export async function sendEvents(load: EventLoad, answers: Answers, signal: AbortSignal): Promise<void> {
  const text = "x".repeat(load.textBytes);
  const send = async (sender: number): Promise<void> => {
    for (let count = 0; !signal.aborted; count++) {
      const ids = Array.from({ length: load.rowsPerRequest }, (_, row) => `${load.name}.${sender}.${count}.${row}`);
      const status = await post(load, ids, text, answers);
      answers.byStatus.set(status, (answers.byStatus.get(status) ?? 0) + 1);
      if (status === "200") for (const id of ids) answers.acknowledged.add(id);
      else if (!signal.aborted) await pause(load.pauseMs, signal);
    }
  };
  await Promise.all(Array.from({ length: load.senders }, (_, sender) => send(sender)));
}

async function post(load: EventLoad, ids: readonly string[], text: string, answers: Answers): Promise<string> {
  try {
    const response = await fetch(`${load.url()}/ingest/${load.model}`, {
      method: "POST",
      headers: { "content-type": "application/x-ndjson" },
      body: ids.map((id) => JSON.stringify({ id, value: 1, text })).join("\n"),
      signal: AbortSignal.timeout(20_000),
    });
    const body = await response.text();
    if (response.status === 503) {
      answers.refusal = {
        retryAfter: response.headers.get("retry-after"),
        problem: JSON.parse(body) as Readonly<Record<string, unknown>>,
      };
    }
    return String(response.status);
  } catch (error) {
    const { code } = ((error as Error).cause ?? error) as { code?: string };
    return String(code);
  }
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done, { once: true });
  });
