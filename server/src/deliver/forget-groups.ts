// Forgets consumer groups of functions that are gone: what they have not read would be kept for ever.
import { functionOfGroup, functionStateStream } from "../model/manifest.ts";
import type { StreamLog, UnusedGroup } from "../ports/stream-log.ts";
import { TABLE_GROUP } from "../ports/table-progress.ts";
import type { Log } from "../telemetry/log.ts";
import type { StreamMetrics } from "../telemetry/metrics.ts";

export interface ForgetGroupsOptions {
  readonly stream: StreamLog;
  /** Whether the project as it is has a function that reads the stream in this group. The table writer's is never forgotten. */
  readonly isExpected: (group: string, stream: string) => boolean;
  /** How long a group may be without a member and unexpected. */
  readonly afterHours: number;
  /** Wall clock, ms since 1970. */
  readonly now: () => number;
  readonly log: Log;
  readonly metrics?: StreamMetrics;
}

const HOUR_MS = 3_600_000;

export class ForgetGroups {
  readonly #options: ForgetGroupsOptions;
  /** What was told to be unused. */
  #told = new Map<string, UnusedGroup>();

  constructor(options: ForgetGroupsOptions) {
    this.#options = options;
  }

  /** One look at every group; to be called again and again. Does nothing where groups expire by themselves (Kafka). */
  async round(): Promise<void> {
    const { stream, isExpected, afterHours, now, metrics } = this.#options;
    const nowMs = now();
    const expected = (group: string, name: string): boolean => group === TABLE_GROUP || isExpected(group, name);
    const unused = (await stream.unusedGroups?.(expected, nowMs)) ?? [];
    const told = new Map<string, UnusedGroup>();
    for (const found of unused) {
      const unusedMs = nowMs - found.sinceMs;
      if (unusedMs >= afterHours * HOUR_MS && (await this.#forget(found))) continue;
      told.set(`${found.group}\0${found.stream}`, found);
      metrics?.groupUnused(found.group, found.stream, unusedMs / 1000);
    }
    for (const [key, found] of told) if (!this.#told.has(key)) this.#tell(found);
    for (const [key, { group, stream: name }] of this.#told) if (!told.has(key)) metrics?.groupUsed(group, name);
    this.#told = told;
  }

  #tell({ group, stream, sinceMs }: UnusedGroup): void {
    const { afterHours, log } = this.#options;
    log.info(
      "No function of the project reads in this group any more: events that it has not read are kept until it is forgotten",
      {
        group,
        stream,
        forgottenAt: new Date(sinceMs + afterHours * HOUR_MS).toISOString(),
      },
    );
  }

  /** False when a member has come. */
  async #forget({ group, stream: name }: UnusedGroup): Promise<boolean> {
    const { stream, log, metrics } = this.#options;
    if (!(await stream.forgetGroup?.(group, name))) return false;
    metrics?.groupForgotten(group, name);
    log.warn("A consumer group is forgotten: nobody read in it for so long; a function of its name begins anew", {
      group,
      stream: name,
    });
    await this.#freeState(group, name);
    return true;
  }

  /** A crash before this leaves a state that its function, should it come again, finds void. */
  async #freeState(group: string, source: string): Promise<void> {
    const { stream } = this.#options;
    const name = functionStateStream(functionOfGroup(group) ?? "", source);
    if (!stream.streams().includes(name)) return;
    for (let partition = 0; partition < stream.partitions(name); partition++) {
      await stream.trim(name, partition, stream.endOffset(name, partition));
    }
  }
}
