// A live query: follows snapshots and deltas, keeps the whole result, and gives one merged update to a reader that asks.
import type { LiveServerMessage } from "@moose/openapi";
import { asyncDispose } from "./async-dispose.ts";
import { rowDecoder } from "./decode-values.ts";
import { encodeRequest } from "./encode-request.ts";
import { ConsumptionError } from "./errors.ts";
import { KeyedRows } from "./keyed-rows.ts";
import type { LiveOptions, LiveQuery, LiveStatus, LiveUpdate } from "./live-update.ts";
import { Mailbox } from "./mailbox.ts";
import type { Column, QueryRequest } from "./request.ts";
import { type LifeOwner, type LifeParts, SubscriptionLife } from "./subscription-life.ts";

/** What happened since the reader's last step. At most one is kept: later changes are merged into it. */
interface Pending<Row> {
  type: LiveUpdate<Row>["type"];
  readonly upsert: Map<string, Row>;
  readonly remove: Map<string, Partial<Row>>;
  error?: ConsumptionError | undefined;
}

export class FollowedQuery<Row extends object> implements LiveQuery<Row>, LifeOwner {
  readonly #name: string;
  readonly #request: QueryRequest;
  readonly #options: LiveOptions;
  readonly #life: SubscriptionLife;
  readonly #mailbox: Mailbox<LiveUpdate<Row>>;
  #status: LiveStatus = "connecting";
  #rows: KeyedRows<Row> = new KeyedRows<Row>({ key: [] });
  #columns: readonly Column[] = [];
  #key: readonly string[] = [];
  #decode: (row: readonly unknown[]) => Row = rowDecoder<Row>([]);
  #decodeKey: (row: readonly unknown[]) => Partial<Row> = rowDecoder<Partial<Row>>([]);
  #position: string | undefined;
  #pending: Pending<Row> | undefined;
  #iterated = false;

  constructor(name: string, request: QueryRequest, options: LiveOptions, parts: Omit<LifeParts, "signal">) {
    this.#name = name;
    this.#request = request;
    this.#options = options;
    this.#life = new SubscriptionLife(this, { ...parts, signal: options.signal });
    this.#mailbox = new Mailbox<LiveUpdate<Row>>(
      () => this.#take(),
      () => this.#life.end(),
    );
  }

  get status(): LiveStatus {
    return this.#status;
  }

  [Symbol.asyncIterator](): AsyncIterator<LiveUpdate<Row>, undefined> {
    if (this.#iterated) throw new ConsumptionError("closed", "A live query can be iterated once. Start another one.");
    this.#iterated = true;
    this.#life.start();
    return this.#mailbox;
  }

  async close(): Promise<void> {
    this.#life.end();
  }

  [asyncDispose](): Promise<void> {
    return this.close();
  }

  subscribeMessage(id: string) {
    const after = this.#position ?? this.#options.after;
    const { throttleMs } = this.#options;
    return {
      type: "subscribe" as const,
      id,
      query: this.#name,
      params: encodeRequest(this.#request),
      ...(after === undefined ? {} : { after }),
      ...(throttleMs === undefined ? {} : { throttleMs }),
    };
  }

  data(message: Extract<LiveServerMessage, { type: "snapshot" | "delta" | "events" | "resumed" }>): void {
    switch (message.type) {
      case "snapshot":
        this.#snapshot(message);
        break;
      case "delta":
        this.#delta(message);
        break;
      case "resumed":
        // Not recovered: a snapshot follows, and what is shown stays as it was until then.
        if (message.recovered && this.#status !== "live") this.statusChanged("live");
        return;
      case "events":
        return;
    }
    this.#mailbox.wake();
  }

  statusChanged(status: LiveStatus, error?: ConsumptionError): void {
    if (status === this.#status) return;
    this.#status = status;
    this.#pending ??= { type: "status", upsert: new Map(), remove: new Map() };
    this.#pending.error = error;
    this.#mailbox.wake();
  }

  ended(error?: ConsumptionError): void {
    this.#mailbox.end(error);
  }

  #snapshot(message: Extract<LiveServerMessage, { type: "snapshot" }>): void {
    this.#columns = message.columns;
    this.#key = message.key;
    this.#decode = rowDecoder<Row>(message.columns);
    this.#decodeKey = rowDecoder<Partial<Row>>(
      message.key.map((name) => message.columns.find((column) => column.name === name) ?? { name, type: "String" }),
    );
    this.#rows = new KeyedRows<Row>({ key: message.key, orderBy: this.#request.orderBy ?? [] });
    const rows = message.rows.map(this.#decode);
    this.#rows.reset(rows);
    this.#position = message.position;
    this.#status = "live";
    this.#pending = {
      type: "snapshot",
      upsert: new Map(rows.map((row) => [this.#rows.keyOf(row), row])),
      remove: new Map(),
    };
  }

  #delta(message: Extract<LiveServerMessage, { type: "delta" }>): void {
    const upsert = message.upsert.map(this.#decode);
    const remove = message.remove.map(this.#decodeKey);
    this.#rows.apply(upsert, remove);
    this.#position = message.position;
    this.#status = "live";
    this.#pending ??= { type: "delta", upsert: new Map(), remove: new Map() };
    const pending = this.#pending;
    pending.error = undefined;
    if (pending.type === "status") pending.type = "delta";
    for (const row of upsert) {
      const key = this.#rows.keyOf(row);
      pending.remove.delete(key);
      pending.upsert.set(key, row);
    }
    for (const row of remove) {
      const key = this.#rows.keyOf(row);
      pending.upsert.delete(key);
      if (pending.type === "delta") pending.remove.set(key, row);
    }
  }

  #take(): LiveUpdate<Row> | undefined {
    const pending = this.#pending;
    if (!pending) return undefined;
    this.#pending = undefined;
    return {
      type: pending.type,
      status: this.#status,
      rows: this.#rows.rows(),
      upsert: [...pending.upsert.values()],
      remove: [...pending.remove.values()],
      key: this.#key,
      columns: this.#columns,
      position: this.#position,
      ...(pending.error === undefined ? {} : { error: pending.error }),
    };
  }
}
