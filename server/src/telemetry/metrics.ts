// Counters for Prometheus behind a small typed interface. Calls are per batch or per request, never per event.
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { type FunctionMetrics, registerFunctionMetrics } from "./function-metrics.ts";

export interface IngestMetrics {
  /** One request's events: verdicts, and the bytes of the body. */
  ingested(model: string, accepted: number, rejected: number, bytes: number): void;
  /** Events that were sent again: their ids were known. */
  duplicates(model: string, events: number): void;
  /** One durable append. */
  appended(stream: string, rows: number, seconds: number): void;
}

export interface SheddingMetrics {
  /** One request that was turned away before its body was read. */
  refused(reason: string): void;
  /** Bytes of a model's events, about, that wait for their table. */
  lagBytes(model: string, bytes: number): void;
}

export interface DeliverMetrics {
  /** One insert into a model's table. */
  inserted(model: string, rows: number, bytes: number, seconds: number): void;
  /** Events in the stream that are not in the table yet. */
  writerLag(model: string, events: number): void;
}

export interface QuarantineMetrics {
  /** Events that went into quarantine. */
  quarantined(model: string, source: string, events: number): void;
  /** Refused rows that quarantine was asked to keep and did not: over its limit, or the log could not be written. */
  notQuarantined(model: string, events: number): void;
}

export interface StreamMetrics {
  streamBytes(stream: string, bytes: number): void;
  oldestOffset(stream: string, partition: number, offset: number): void;
  /** Events of a stream that a consumer group has not done yet. */
  groupLag(group: string, stream: string, events: number): void;
  /** For how long nobody has read in a group that the project has no function for. */
  groupUnused(group: string, stream: string, seconds: number): void;
  /** It has a reader again. */
  groupUsed(group: string, stream: string): void;
  groupForgotten(group: string, stream: string): void;
}

export interface LiveMetrics {
  /** Read at each scrape. */
  countSubscriptions(count: () => number): void;
}

export interface HttpMetrics {
  /** `route` is the template of the contract, so that labels stay few. */
  requested(route: string, status: number, seconds: number): void;
}

export interface Metrics
  extends IngestMetrics,
    SheddingMetrics,
    DeliverMetrics,
    StreamMetrics,
    QuarantineMetrics,
    FunctionMetrics,
    LiveMetrics,
    HttpMetrics {
  readonly contentType: string;
  /** In the text format of Prometheus. */
  text(): Promise<string>;
  /** The same as values, for another process. */
  snapshot(): Promise<MetricsSnapshot>;
}

/** As prom-client has it: what `AggregatorRegistry.aggregate` takes. */
export type MetricsSnapshot = readonly {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly values: readonly { readonly value: number; readonly labels: Readonly<Record<string, string | number>> }[];
}[];

const secondBuckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Finding a labelled child costs prom-client a hash of its labels; it is done once for each set of labels. */
function remembered<Child>(find: (key: string) => Child): (key: string) => Child {
  const known = new Map<string, Child>();
  return (key) => {
    let child = known.get(key);
    if (child === undefined) {
      child = find(key);
      known.set(key, child);
    }
    return child;
  };
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const counter = (name: string, help: string, labelNames: string[]) =>
    new Counter({ name, help, labelNames, registers });
  const histogram = (name: string, help: string, labelNames: string[]) =>
    new Histogram({ name, help, labelNames, buckets: secondBuckets, registers });

  const accepted = counter("moose_ingest_events_accepted_total", "Events accepted.", ["model"]);
  const rejected = counter("moose_ingest_events_rejected_total", "Events rejected.", ["model"]);
  const duplicates = counter("moose_ingest_events_duplicate_total", "Events whose ids were known.", ["model"]);
  const bodyBytes = counter("moose_ingest_bytes_total", "Bytes of ingest bodies, after decompression.", ["model"]);
  const appendRows = counter("moose_stream_rows_total", "Events appended to a stream.", ["stream"]);
  const appendSeconds = histogram("moose_stream_append_seconds", "Time until an append is durable.", ["stream"]);
  const insertRows = counter("moose_table_rows_total", "Rows inserted into a table.", ["model"]);
  const insertBytes = counter("moose_table_bytes_total", "Bytes of Native blocks inserted.", ["model"]);
  const insertSeconds = histogram("moose_table_insert_seconds", "Time of an insert.", ["model"]);
  const notQuarantined = counter("moose_quarantine_dropped_total", "Refused rows over the limit of quarantine.", [
    "model",
  ]);
  const quarantined = counter("moose_quarantine_events_total", "Events that went into quarantine.", [
    "model",
    "source",
  ]);
  const lag = new Gauge({
    name: "moose_table_lag_events",
    help: "Events in the stream that are not in the table yet.",
    labelNames: ["model"],
    registers,
  });
  const refused = counter("moose_ingest_refused_total", "Requests turned away to shed load.", ["reason"]);
  const lagBytes = new Gauge({
    name: "moose_ingest_lag_bytes",
    help: "Bytes of events in the stream, about, that are not in the table yet.",
    labelNames: ["model"],
    registers,
  });
  const gauge = (name: string, help: string, labelNames: string[]) => new Gauge({ name, help, labelNames, registers });
  const streamBytes = gauge("moose_stream_bytes", "Bytes, about, that a stream takes.", ["stream"]);
  const oldestOffset = gauge("moose_stream_oldest_offset", "The oldest event that is kept.", ["stream", "partition"]);
  const groupLag = gauge("moose_group_lag_events", "Events that a consumer group has not done yet.", [
    "group",
    "stream",
  ]);
  const groupUnused = gauge("moose_group_unused_seconds", "Time without a reader of a group that no function has.", [
    "group",
    "stream",
  ]);
  const groupsForgotten = counter("moose_groups_forgotten_total", "Groups that were forgotten without a reader.", [
    "group",
    "stream",
  ]);
  const requestSeconds = histogram("moose_http_request_seconds", "Time of an HTTP request.", ["route"]);
  const requests = counter("moose_http_requests_total", "HTTP requests; status 0: the peer left.", ["route", "status"]);
  let subscriptionCount = (): number => 0;
  new Gauge({
    name: "moose_live_subscriptions",
    help: "Live subscriptions that are open.",
    registers,
    collect() {
      this.set(subscriptionCount());
    },
  });

  const ofModel = remembered((model) => ({
    accepted: accepted.labels(model),
    rejected: rejected.labels(model),
    bodyBytes: bodyBytes.labels(model),
    insertRows: insertRows.labels(model),
    insertBytes: insertBytes.labels(model),
    insertSeconds: insertSeconds.labels(model),
    lag: lag.labels(model),
  }));
  const ofReason = remembered((reason) => refused.labels(reason));
  const lagBytesOf = remembered((model) => lagBytes.labels(model));
  const ofStream = remembered((stream) => ({
    rows: appendRows.labels(stream),
    seconds: appendSeconds.labels(stream),
  }));
  const ofRoute = remembered((route) => ({
    seconds: requestSeconds.labels(route),
    status: remembered((status) => requests.labels(route, status)),
  }));

  return {
    ...registerFunctionMetrics(registry),
    contentType: registry.contentType,
    text: () => registry.metrics(),
    snapshot: async () => (await registry.getMetricsAsJSON()) as unknown as MetricsSnapshot,
    ingested(model, acceptedRows, rejectedRows, bytes) {
      const child = ofModel(model);
      child.accepted.inc(acceptedRows);
      if (rejectedRows > 0) child.rejected.inc(rejectedRows);
      child.bodyBytes.inc(bytes);
    },
    duplicates: (model, events) => duplicates.labels(model).inc(events),
    appended(stream, rows, seconds) {
      const child = ofStream(stream);
      child.rows.inc(rows);
      child.seconds.observe(seconds);
    },
    refused: (reason) => ofReason(reason).inc(),
    lagBytes: (model, bytes) => lagBytesOf(model).set(bytes),
    inserted(model, rows, bytes, seconds) {
      const child = ofModel(model);
      child.insertRows.inc(rows);
      child.insertBytes.inc(bytes);
      child.insertSeconds.observe(seconds);
    },
    writerLag: (model, events) => ofModel(model).lag.set(events),
    streamBytes: (stream, bytes) => streamBytes.labels(stream).set(bytes),
    oldestOffset: (stream, partition, offset) => oldestOffset.labels(stream, String(partition)).set(offset),
    groupLag: (group, stream, events) => groupLag.labels(group, stream).set(events),
    groupUnused: (group, stream, seconds) => groupUnused.labels(group, stream).set(seconds),
    groupUsed: (group, stream) => groupUnused.remove(group, stream),
    groupForgotten(group, stream) {
      groupsForgotten.labels(group, stream).inc();
      groupLag.remove(group, stream);
    },
    notQuarantined: (model, events) => notQuarantined.labels(model).inc(events),
    quarantined(model, source, events) {
      quarantined.labels(model, source).inc(events);
    },
    countSubscriptions(count) {
      subscriptionCount = count;
    },
    requested(route, status, seconds) {
      const child = ofRoute(route);
      child.seconds.observe(seconds);
      child.status(String(status)).inc();
    },
  };
}
