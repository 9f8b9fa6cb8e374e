// Notices what other processes did to a log that they share: by the doorbell at once, by a look now and then at last.
import type { Log } from "../../telemetry/log.ts";
import { Doorbell } from "./doorbell.ts";
import { messageOf } from "./lmdb-errors.ts";
import type { Step } from "./log-writer.ts";
import type { ProcessRegistry } from "./process-registry.ts";

export interface LogFollowerOptions {
  readonly folder: string;
  readonly registry: ProcessRegistry;
  readonly run: (step: Step) => Promise<void>;
  /** Looks at everything that others may have written. Costs about a µs for each partition. */
  readonly look: () => void;
  /** Who has the log open changed. */
  readonly onProcesses: () => void;
  readonly log: Log;
}

const LOOK_MS = 1_000;
/** Of the time, at most a fifth is spent on looking, however often it rings. */
const REST_FACTOR = 4;

export class LogFollower {
  readonly #options: LogFollowerOptions;
  readonly #doorbell: Doorbell;
  readonly #timer: NodeJS.Timeout;
  #scheduled = false;
  #restUntilMs = 0;
  #closed = false;

  constructor(options: LogFollowerOptions) {
    this.#options = options;
    this.#doorbell = new Doorbell(options.folder, () => this.#soon());
    this.#timer = setInterval(() => this.#beat(), LOOK_MS);
    this.#timer.unref();
    options.registry.look();
    // Those who were there before find out that they are not alone.
    this.#doorbell.ring();
  }

  /** After a commit of this process. */
  committed(): void {
    if (this.#options.registry.hasOthers && !this.#closed) this.#doorbell.ring();
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#timer);
    this.#doorbell.ring();
    this.#doorbell.close();
  }

  #beat(): void {
    const { registry, run, log } = this.#options;
    if (registry.hasOthers) {
      run(() => registry.beat()).catch((error: unknown) =>
        log.debug("The log took no sign of life", { reason: messageOf(error) }),
      );
    }
    this.#look();
  }

  #soon(): void {
    if (this.#scheduled || this.#closed) return;
    this.#scheduled = true;
    setTimeout(
      () => {
        this.#scheduled = false;
        this.#look();
      },
      Math.max(0, this.#restUntilMs - performance.now()),
    );
  }

  #look(): void {
    if (this.#closed) return;
    const begunMs = performance.now();
    try {
      if (this.#options.registry.look()) this.#options.onProcesses();
      this.#options.look();
    } catch (error) {
      this.#options.log.error("What other processes wrote to the log cannot be read", { reason: messageOf(error) });
    }
    const endedMs = performance.now();
    this.#restUntilMs = endedMs + REST_FACTOR * (endedMs - begunMs);
  }
}
