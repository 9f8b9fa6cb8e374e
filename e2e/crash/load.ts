// The load of the crash test: numbered readings over HTTP, and an exact account of what was sent and what was acknowledged.

export interface Reading {
  readonly id: string;
  readonly round: number;
  readonly value: number;
}

export interface Account {
  /** Every reading that was ever put into a request. */
  readonly sent: Map<string, Reading>;
  /** Those whose request was answered with success. */
  readonly acknowledged: Set<string>;
}

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
  let acknowledged = 0;
  const send = async (sender: number): Promise<void> => {
    for (let request = 0; !signal.aborted; request++) {
      const readings = Array.from({ length: load.rowsPerRequest() }, (_, i) => ({
        id: `${load.round}.${sender}.${request}.${i}`,
        round: load.round,
        value: Math.floor(load.random() * 1000),
      }));
      for (const reading of readings) load.account.sent.set(reading.id, reading);
      let response: Response;
      try {
        response = await fetch(`${load.url}/ingest/Reading`, {
          method: "POST",
          headers: { "content-type": "application/x-ndjson" },
          body: readings.map((reading) => `${JSON.stringify(reading)}\n`).join(""),
          signal: AbortSignal.any([signal, AbortSignal.timeout(20_000)]),
        });
        // The acknowledgement counts once it has been read to its end.
        await response.arrayBuffer();
      } catch {
        return;
      }
      if (response.status === 429 || response.status === 503) continue;
      if (!response.ok) throw new Error(`ingest answered ${response.status}`);
      for (const { id } of readings) load.account.acknowledged.add(id);
      acknowledged += readings.length;
      load.onAcknowledged(acknowledged);
    }
  };
  await Promise.all(Array.from({ length: load.senders }, (_, sender) => send(sender)));
}
