// Load shedding: looks at the state of the process and of each table a few times a second, and turns requests away by what it saw.
import type { Position } from "../model/position.ts";
import type { Catalog } from "../ports/catalog.ts";
import type { StreamLog } from "../ports/stream-log.ts";
import {
  type Overload,
  type OverloadLimits,
  type OverloadReason,
  overloadOfModel,
  overloadOfProcess,
  type Pressure,
} from "./overload-policy.ts";

/** Throws MooseError `overloaded` or `disk_full`, both with a time to retry after. Hot path: two look-ups. */
export type AdmitEvents = (model: string) => void;

export interface AdmissionOptions {
  readonly catalog: Catalog;
  readonly stream: Pick<StreamLog, "partitions" | "endOffset">;
  /** How far the tables are. */
  readonly delivered: () => Position;
  /** Without the delay of the event loop, which is measured here. */
  readonly pressure: () => Omit<Pressure, "loopDelayMs">;
  readonly limits: OverloadLimits;
  /** Called for each request that is turned away. */
  readonly onRefused: (reason: OverloadReason) => void;
  /** Called when it begins to turn a model away (absent: every model), and when that is over (no reason). */
  readonly onChange: (reason: OverloadReason | undefined, model?: string) => void;
  /** Bytes of each model that wait for its table, at each look. */
  readonly onLag: (model: string, bytes: number) => void;
  /** Monotonic. */
  readonly nowMs?: () => number;
}

export interface Admission {
  readonly admit: AdmitEvents;
  /** Tell it of each request that was stored, so that it knows how large events are. */
  observe(model: string, events: number, bytes: number): void;
  /** Looks now; a timer does it every 100 ms. */
  look(): void;
  close(): void;
}

const LOOK_EVERY_MS = 100;
/** The weight of the newest look in a mean over about a second. */
const NEWEST = 0.2;
/** What older requests count when a new one is added to the mean size of events. */
const FADING = 0.95;

interface Sizes {
  events: number;
  bytes: number;
}

export function createAdmission(options: AdmissionOptions): Admission {
  const { catalog, stream, limits, nowMs = () => performance.now() } = options;
  const sizes = new Map<string, Sizes>();
  const behind = new Map<string, Overload>();
  let everywhere: Overload | undefined;
  let loopDelayMs = 0;
  let lastLookMs = nowMs();

  /** By the mean size of the events that came lately: 0 until one did. */
  function lagBytes(model: string, name: string, delivered: Position): number {
    const size = sizes.get(model);
    if (size === undefined || size.events === 0) return 0;
    const done = delivered.get(name);
    // Not known yet how far the table is.
    if (done === undefined) return 0;
    let events = 0;
    for (let partition = 0; partition < stream.partitions(name); partition++) {
      events += Math.max(0, stream.endOffset(name, partition) - (done[partition] ?? 0));
    }
    return events * (size.bytes / size.events);
  }

  function look(): void {
    const atMs = nowMs();
    const lateMs = Math.max(0, atMs - lastLookMs - LOOK_EVERY_MS);
    lastLookMs = atMs;
    loopDelayMs += (lateMs - loopDelayMs) * NEWEST;
    const now = overloadOfProcess({ ...options.pressure(), loopDelayMs }, limits, everywhere?.reason);
    if (now?.reason !== everywhere?.reason) options.onChange(now?.reason);
    everywhere = now;
    const delivered = options.delivered();
    for (const [model, { stream: name }] of catalog.state.models) {
      const bytes = lagBytes(model, name, delivered);
      options.onLag(model, bytes);
      const refused = behind.has(model);
      const overload = overloadOfModel({ model, lagBytes: bytes, refused }, limits);
      if ((overload !== undefined) !== refused) options.onChange(overload?.reason, model);
      if (overload === undefined) behind.delete(model);
      else behind.set(model, overload);
    }
  }

  const timer = setInterval(look, LOOK_EVERY_MS);
  timer.unref();
  return {
    admit(model) {
      const overload = everywhere ?? behind.get(model);
      if (overload === undefined) return;
      options.onRefused(overload.reason);
      throw overload.error;
    },
    observe(model, events, bytes) {
      let size = sizes.get(model);
      if (size === undefined) {
        size = { events: 0, bytes: 0 };
        sizes.set(model, size);
      }
      size.events = size.events * FADING + events;
      size.bytes = size.bytes * FADING + bytes;
    },
    look,
    close: () => clearInterval(timer),
  };
}
