// The open windows of one partition: which of them an event lies in, when they close, and how all of it is kept.
import type { WindowSpec } from "../../model/function-spec.ts";
import type { StateEntries } from "./state-entries.ts";
import { parseState, stateText } from "./state-text.ts";
import { WindowHeap } from "./window-heap.ts";

export interface OpenWindow {
  readonly key: string;
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  readonly events: number;
  readonly state: unknown;
}

export interface StateMakers {
  readonly state: () => unknown;
  readonly merge?: (earlier: unknown, later: unknown) => unknown;
}

/** An event's windows before it is added, and the open ones that these take the place of (sessions that it joins). */
export interface Placement {
  readonly windows: readonly OpenWindow[];
  readonly replaced: readonly OpenWindow[];
}

const WINDOW = "w:";
const WATERMARK = "m:watermark";
const NOTHING: Placement = { windows: [], replaced: [] };

/**
 *   entries   w:<start>:<key> ─▶ { end, events, state }      m:watermark ─▶ ms
 *
 * The watermark only grows. A window is closed from the moment that it reaches the window's end.
 */
export class OpenWindows {
  readonly #spec: WindowSpec;
  readonly #entries: StateEntries;
  readonly #makers: StateMakers;
  readonly #byKey = new Map<string, Map<number, OpenWindow>>();
  readonly #heap = new WindowHeap();
  #watermark: number;

  constructor(spec: WindowSpec, entries: StateEntries, makers: StateMakers) {
    this.#spec = spec;
    this.#entries = entries;
    this.#makers = makers;
    this.#watermark = Number(entries.get(WATERMARK) ?? Number.NEGATIVE_INFINITY);
    for (const [entry, text] of entries.withPrefix(WINDOW)) {
      const [, start, key] = /^w:(-?\d+):(.*)$/s.exec(entry)!;
      const { end, events, state } = parseState(text) as Omit<OpenWindow, "key" | "start">;
      this.#keep({ key: key!, start: Number(start), end, events, state });
    }
  }

  get watermark(): number {
    return this.#watermark;
  }

  /** Empty: the event is late. States are the caller's own to change. */
  place(key: string, timeMs: number): Placement {
    if (this.#spec.shape.kind === "session") return this.#placeInSession(key, timeMs, this.#spec.shape.gapMs);
    const windows: OpenWindow[] = [];
    for (const { start, end } of boundsAt(this.#spec.shape, timeMs)) {
      if (end <= this.#watermark) continue;
      const open = this.#byKey.get(key)?.get(start);
      windows.push(open === undefined ? { key, start, end, events: 0, state: this.#makers.state() } : copied(open));
    }
    return { windows, replaced: [] };
  }

  /** Stores the windows that an event was added to. Throws before it has changed anything when a state is no plain value. */
  put({ windows, replaced }: Placement): void {
    const texts = windows.map(({ end, events, state }) => stateText({ end, events: events + 1, state }));
    for (const window of replaced) this.#remove(window);
    windows.forEach((window, at) => {
      this.#entries.set(entryOf(window), texts[at]!);
      this.#keep({ ...window, events: window.events + 1 });
    });
  }

  /** After an event of this time. */
  advance(eventTimeMs: number): void {
    this.#moveTo(eventTimeMs - this.#spec.allowedLatenessMs);
  }

  /** Time passed without an event. Before the first event there is nothing to close. */
  idle(ms: number): void {
    if (Number.isFinite(this.#watermark)) this.#moveTo(this.#watermark + ms);
  }

  /** The next window that the watermark has reached; it stays until it is dropped. */
  due(): OpenWindow | undefined {
    for (let mark = this.#heap.peek(); mark !== undefined; mark = this.#heap.peek()) {
      if (mark.end > this.#watermark) return undefined;
      const open = this.#byKey.get(mark.key)?.get(mark.start);
      if (open?.end === mark.end) return open;
      // Closed already, or a session that has grown since.
      this.#heap.pop();
    }
    return undefined;
  }

  drop(window: OpenWindow): void {
    this.#remove(window);
  }

  #placeInSession(key: string, timeMs: number, gapMs: number): Placement {
    const touched = [...(this.#byKey.get(key)?.values() ?? [])]
      .filter(({ start, end }) => timeMs < end && start < timeMs + gapMs)
      .sort((a, b) => a.start - b.start);
    if (touched.length === 0) {
      if (timeMs + gapMs <= this.#watermark) return NOTHING;
      return {
        windows: [{ key, start: timeMs, end: timeMs + gapMs, events: 0, state: this.#makers.state() }],
        replaced: [],
      };
    }
    const states = touched.map((window) => copied(window).state);
    const joined: OpenWindow = {
      key,
      start: Math.min(timeMs, touched[0]!.start),
      end: Math.max(timeMs + gapMs, ...touched.map(({ end }) => end)),
      events: touched.reduce((sum, { events }) => sum + events, 0),
      state: states.reduce((earlier, later) => this.#makers.merge!(earlier, later)),
    };
    return { windows: [joined], replaced: touched };
  }

  #moveTo(watermark: number): void {
    if (watermark <= this.#watermark) return;
    this.#watermark = watermark;
    this.#entries.set(WATERMARK, String(watermark));
  }

  #keep(window: OpenWindow): void {
    let windows = this.#byKey.get(window.key);
    if (windows === undefined) {
      windows = new Map();
      this.#byKey.set(window.key, windows);
    }
    const before = windows.get(window.start);
    windows.set(window.start, window);
    if (before?.end !== window.end) this.#heap.push(window);
  }

  #remove(window: OpenWindow): void {
    const windows = this.#byKey.get(window.key);
    windows?.delete(window.start);
    if (windows?.size === 0) this.#byKey.delete(window.key);
    this.#entries.delete(entryOf(window));
  }
}

const entryOf = ({ start, key }: OpenWindow): string => `${WINDOW}${start}:${key}`;

/** A function that throws half-way must not have changed what is kept. */
const copied = (window: OpenWindow): OpenWindow => ({ ...window, state: parseState(stateText(window.state)) });

function* boundsAt(shape: Exclude<WindowSpec["shape"], { kind: "session" }>, timeMs: number) {
  const everyMs = shape.kind === "sliding" ? shape.everyMs : shape.sizeMs;
  const last = Math.floor(timeMs / everyMs) * everyMs;
  const first = last - Math.ceil(shape.sizeMs / everyMs) * everyMs;
  for (let start = first; start <= last; start += everyMs) {
    if (start + shape.sizeMs > timeMs) yield { start, end: start + shape.sizeMs };
  }
}
