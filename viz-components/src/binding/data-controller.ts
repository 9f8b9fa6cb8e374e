// Owns the subscription of one element: begins when it can be seen, pauses when it cannot, ends when it leaves the page.
import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { ChartRow } from "../data/cell-value.ts";
import type { ElementQueryParams } from "../data/query-attributes.ts";
import { type ElementState, STALE_AFTER_MS, stateOf } from "./element-state.ts";
import { acquireSource, type SourceLease } from "./shared-source.ts";
import { VisibilityController } from "./visibility-controller.ts";

/** What to ask, and of whom. Equal requests have equal JSON. */
export interface DataRequest {
  readonly url: string;
  readonly token?: string | undefined;
  readonly query: string;
  readonly params: ElementQueryParams;
  readonly live: boolean;
}

/** A scroll past an element should not cost it its subscription. */
const PAUSE_AFTER_MS = 2000;

export class DataController implements ReactiveController {
  #request: DataRequest | undefined;
  #requestKey = "";
  #run: AbortController | undefined;
  #lease: SourceLease | undefined;
  #pauseTimer: ReturnType<typeof setTimeout> | undefined;
  #staleTimer: ReturnType<typeof setTimeout> | undefined;
  #visible = false;
  #rows: readonly ChartRow[] = [];
  #answered = false;
  #given = false;
  #error: Error | undefined;
  #connection: "live" | "reconnecting" | undefined;
  #lostAtMs = 0;
  readonly #host: ReactiveControllerHost & Element;

  constructor(host: ReactiveControllerHost & Element) {
    this.#host = host;
    host.addController(this);
    new VisibilityController(host, (visible) => this.#onVisibility(visible));
  }

  get rows(): readonly ChartRow[] {
    return this.#rows;
  }

  get error(): Error | undefined {
    return this.#error;
  }

  /** When the connection was lost, in epoch milliseconds; undefined while it stands. */
  get lostAtMs(): number | undefined {
    return this.#connection === "reconnecting" ? this.#lostAtMs : undefined;
  }

  get state(): ElementState {
    return stateOf({
      answered: this.#answered,
      rowCount: this.#rows.length,
      error: this.#error !== undefined,
      connection: this.#connection,
      lostForMs: this.#connection === "reconnecting" ? Date.now() - this.#lostAtMs : 0,
    });
  }

  /** Rows that the page itself gives; no server is asked while they are set. */
  giveRows(rows: readonly ChartRow[]): void {
    this.#stop();
    this.#given = true;
    this.#request = undefined;
    this.#requestKey = "";
    this.#rows = rows;
    this.#answered = true;
    this.#error = undefined;
    this.#connection = undefined;
  }

  /** Asks for these rows from now on; the same request again changes nothing. Undefined: nothing to ask yet. */
  ask(request: DataRequest | undefined): void {
    const key = request ? JSON.stringify(request) : "";
    if (!this.#given && key === this.#requestKey) return;
    this.#stop();
    this.#given = false;
    this.#request = request;
    this.#requestKey = key;
    this.#rows = [];
    this.#answered = false;
    this.#error = undefined;
    this.#connection = undefined;
    this.#start();
  }

  /** The request could not even be made: a wrong attribute. */
  refuse(error: Error): void {
    this.#stop();
    this.#given = false;
    this.#request = undefined;
    this.#requestKey = `refused: ${error.message}`;
    this.#error = error;
  }

  retry(): void {
    this.#stop();
    this.#error = undefined;
    this.#answered = false;
    this.#connection = undefined;
    this.#start();
    this.#host.requestUpdate();
  }

  hostDisconnected(): void {
    this.#stop();
  }

  #onVisibility(visible: boolean): void {
    this.#visible = visible;
    clearTimeout(this.#pauseTimer);
    if (visible) this.#start();
    else if (!this.#host.isConnected) this.#stop();
    else this.#pauseTimer = setTimeout(() => this.#stop(), PAUSE_AFTER_MS);
  }

  #start(): void {
    const request = this.#request;
    if (!request || !this.#visible || this.#run || this.#error || !this.#host.isConnected) return;
    if (this.#answered && !request.live) return;
    this.#run = new AbortController();
    this.#lease = acquireSource(request.url, request.token);
    void this.#follow(request, this.#lease, this.#run.signal);
  }

  #stop(): void {
    clearTimeout(this.#pauseTimer);
    clearTimeout(this.#staleTimer);
    this.#run?.abort();
    this.#run = undefined;
    this.#lease?.release();
    this.#lease = undefined;
  }

  async #follow(request: DataRequest, lease: SourceLease, signal: AbortSignal): Promise<void> {
    try {
      if (request.live) {
        for await (const snapshot of lease.source.live(request.query, request.params, signal)) {
          if (signal.aborted) return;
          if (snapshot.answered) this.#take(snapshot.rows);
          if (snapshot.status !== "connecting") this.#setConnection(snapshot.status);
          this.#host.requestUpdate();
        }
      } else {
        const rows = await lease.source.query(request.query, request.params, signal);
        if (!signal.aborted) this.#take(rows);
      }
    } catch (cause) {
      if (!signal.aborted) this.#error = cause instanceof Error ? cause : new Error(String(cause));
    }
    if (signal.aborted) return;
    this.#stop();
    // The server ended the subscription, or it failed: nothing follows the data any more.
    this.#connection = undefined;
    this.#host.requestUpdate();
  }

  #take(rows: readonly ChartRow[]): void {
    this.#rows = rows;
    this.#answered = true;
  }

  #setConnection(connection: "live" | "reconnecting"): void {
    if (connection === this.#connection) return;
    this.#connection = connection;
    clearTimeout(this.#staleTimer);
    if (connection === "live") return;
    this.#lostAtMs = Date.now();
    this.#staleTimer = setTimeout(() => this.#host.requestUpdate(), STALE_AFTER_MS);
  }
}
