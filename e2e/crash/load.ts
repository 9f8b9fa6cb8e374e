// The load of the crash tests: numbered events of two models over HTTP, and an exact account of what was sent and what was acknowledged.

export const loadedModels = ["Reading", "Note"] as const;
export type LoadedModel = (typeof loadedModels)[number];

export interface SentEvent {
  readonly id: string;
  readonly model: LoadedModel;
  readonly round: number;
  readonly value: number;
}

interface EventRequest {
  readonly model: LoadedModel;
  readonly key: string | undefined;
  readonly events: readonly SentEvent[];
}

export interface Account {
  /** Every event that was ever put into a request, by its id. */
  readonly sent: Map<string, SentEvent>;
  /** Ids of those whose request was answered with success. */
  readonly acknowledged: Set<string>;
  /** Requests with an idempotency key whose answer was lost: the next load sends them again, as a careful client would. */
  readonly unanswered: EventRequest[];
}

export const newAccount = (): Account => ({ sent: new Map(), acknowledged: new Set(), unanswered: [] });

export interface Load {
  readonly url: string;
  readonly round: number;
  readonly senders: number;
  readonly rowsPerRequest: () => number;
  readonly random: () => number;
  readonly account: Account;
  /** Called after each acknowledgement. */
  readonly onAcknowledged: (acknowledgedInRound: number) => void;
}

/** Sends until the signal ends, or the server does. Rejects when a request is refused for a reason other than the server being gone or full. */
export async function runLoad(load: Load, signal: AbortSignal): Promise<void> {
  const { account, round, random } = load;
  let acknowledged = 0;
  const next = (sender: number, count: number): EventRequest => {
    const model = loadedModels[sender % loadedModels.length]!;
    const events = Array.from({ length: load.rowsPerRequest() }, (_, i) => ({
      id: `${round}.${sender}.${count}.${i}`,
      model,
      round,
      value: Math.floor(random() * 1000),
    }));
    for (const event of events) account.sent.set(event.id, event);
    return { model, events, key: random() < 0.5 ? `key-${round}.${sender}.${count}` : undefined };
  };
  const send = async (sender: number): Promise<void> => {
    for (let count = 0; !signal.aborted; count++) {
      const request = account.unanswered.pop() ?? next(sender, count);
      let status: number;
      try {
        status = await post(load.url, request, AbortSignal.any([signal, AbortSignal.timeout(20_000)]));
      } catch {
        if (request.key !== undefined) account.unanswered.push(request);
        return;
      }
      if (status === 429 || status === 503) {
        if (request.key !== undefined) account.unanswered.push(request);
        continue;
      }
      if (status !== 200) throw new Error(`ingest answered ${status}`);
      for (const { id } of request.events) account.acknowledged.add(id);
      acknowledged += request.events.length;
      load.onAcknowledged(acknowledged);
    }
  };
  await Promise.all(Array.from({ length: load.senders }, (_, sender) => send(sender)));
}

/** One event goes as JSON, more go as NDJSON. */
async function post(url: string, { model, key, events }: EventRequest, signal: AbortSignal): Promise<number> {
  const rows = events.map(({ id, round, value }) => JSON.stringify({ id, round, value }));
  const response = await fetch(`${url}/ingest/${model}`, {
    method: "POST",
    headers: {
      "content-type": rows.length === 1 ? "application/json" : "application/x-ndjson",
      ...(key === undefined ? {} : { "idempotency-key": key }),
    },
    body: rows.join("\n"),
    signal,
  });
  // The acknowledgement counts once it has been read to its end.
  await response.arrayBuffer();
  return response.status;
}
