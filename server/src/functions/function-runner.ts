// Runs one stream function in this server: its process, and its share of the partitions of the streams that it reads.
import type { FunctionLimits, FunctionSpec, LoadedFunction } from "../model/function-spec.ts";
import {
  functionGroup,
  functionReplayStream,
  functionStateStream,
  modelOfStream,
  streamName,
} from "../model/manifest.ts";
import type { GroupMember, GroupMembership, StreamPartition } from "../ports/stream-log.ts";
import type { Log } from "../telemetry/log.ts";
import { type WrittenCommand, writeCommand } from "./function-command.ts";
import { FunctionSupervisor } from "./function-supervisor.ts";
import { type FunctionSurroundings, hasState, PartitionRunner } from "./partition-runner.ts";

export interface FunctionRunnerOptions extends FunctionSurroundings {
  readonly loaded: LoadedFunction;
  /** Of the server's configuration; what the function says itself goes before. */
  readonly limits: FunctionLimits;
  readonly logger: Log;
}

interface RunningPartition {
  readonly runner: PartitionRunner;
  readonly stop: AbortController;
  readonly ended: Promise<void>;
}

export class FunctionRunner {
  readonly #options: FunctionRunnerOptions;
  readonly #supervisor: FunctionSupervisor;
  readonly #partitions = new Map<string, RunningPartition>();
  readonly #logger: Log;
  #loaded: LoadedFunction;
  #command: WrittenCommand;
  #membership: GroupMembership | undefined;
  #followed = "";

  constructor(options: FunctionRunnerOptions) {
    const { loaded, logger, metrics } = options;
    const { name } = loaded.spec;
    this.#options = options;
    this.#loaded = loaded;
    this.#logger = logger.child(name);
    this.#command = writeCommand(loaded);
    this.#supervisor = new FunctionSupervisor({
      name,
      command: this.#command,
      limits: this.#limits(),
      log: this.#logger,
      onRestart: () => metrics.functionRestarted(name),
    });
  }

  get loaded(): LoadedFunction {
    return this.#loaded;
  }

  /** Of the process that runs the function now; undefined while there is none. */
  get pid(): number | undefined {
    return this.#supervisor.pid;
  }

  async start(): Promise<void> {
    this.#supervisor.start();
    const group = functionGroup(this.#loaded.spec.name);
    await this.#skipToEnd(group);
    const member: GroupMember = {
      assigned: (partitions) => {
        for (const at of partitions) this.#begin(group, at);
      },
      revoked: async (partitions) => {
        await Promise.all(partitions.map((at) => this.#end(at)));
      },
    };
    this.#membership = await this.#options.log.join(group, member, { commits: true });
    await this.follow();
  }

  /** The same function with other code or other limits; partitions stay where they are. Call `follow` afterwards. */
  replace(loaded: LoadedFunction): void {
    const changed = loaded.digest !== this.#loaded.digest;
    const before = JSON.stringify(this.#limits());
    this.#loaded = loaded;
    if (!changed && before === JSON.stringify(this.#limits())) return;
    const old = this.#command;
    this.#command = writeCommand(loaded);
    this.#supervisor.replace(this.#command, this.#limits());
    old.remove();
  }

  /** Takes part in all streams that the function reads as they are now: every version of its models, and what is replayed to it. */
  async follow(): Promise<void> {
    const streams = await this.#streams();
    const followed = JSON.stringify(streams);
    if (followed === this.#followed) return;
    this.#followed = followed;
    await this.#membership?.follow(streams);
  }

  wake(stream: string, partition: number): void {
    this.#partitions.get(`${stream}/${partition}`)?.runner.wake();
  }

  /** Slices under way come to nothing; another process, or the next run, begins them anew. */
  async stop(): Promise<void> {
    await this.#membership?.leave();
    await Promise.all([...this.#partitions.values()].map((running) => endOf(running)));
    this.#supervisor.stop();
    this.#command.remove();
  }

  #limits(): FunctionLimits {
    return limitsOf(this.#loaded.spec, this.#options.limits);
  }

  async #streams(): Promise<string[]> {
    const { log, partitions } = this.#options;
    const { name, from } = this.#loaded.spec;
    for (const { model, version } of from) await log.ensureStream(streamName({ name: model, version }), { partitions });
    const models = new Set(from.map(({ model }) => model));
    const known = log.streams();
    const sources = known.filter((stream) => models.has(modelOfStream(stream)));
    return [
      ...sources,
      ...sources.map((source) => functionReplayStream(name, source)).filter((stream) => known.includes(stream)),
    ];
  }

  /** A function that begins with what comes next passes over what is there, once: when it has never run. */
  async #skipToEnd(group: string): Promise<void> {
    const { log } = this.#options;
    if (this.#loaded.spec.startAt !== "next" || (await log.groups()).includes(group)) return;
    const skipped: StreamPartition[] = [];
    const membership = await log.join(group, {
      assigned: (given) => void skipped.push(...given),
      revoked: async () => {},
    });
    await membership.follow(await this.#streams());
    for (const { stream, partition } of skipped) {
      // Of a function of this name whose group was forgotten.
      const state = functionStateStream(this.#loaded.spec.name, stream);
      if (log.streams().includes(state) && partition < log.partitions(state)) {
        await log.trim(state, partition, log.endOffset(state, partition));
      }
      await log.saveProgress(group, stream, partition, { committed: log.endOffset(stream, partition) });
    }
    await membership.leave();
  }

  #begin(group: string, { stream, partition }: StreamPartition): void {
    const stop = new AbortController();
    const runner = new PartitionRunner({
      ...this.#options,
      group,
      stream,
      partition,
      spec: () => this.#loaded.spec,
      supervisor: this.#supervisor,
      logger: this.#logger,
      signal: stop.signal,
    });
    const ended = runner.run().catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      this.#logger.error("a partition of the function ended; its events wait for a restart", {
        stream,
        partition,
        reason,
      });
    });
    this.#partitions.set(`${stream}/${partition}`, { runner, stop, ended });
  }

  async #end({ stream, partition }: StreamPartition): Promise<void> {
    const running = this.#partitions.get(`${stream}/${partition}`);
    if (running === undefined) return;
    this.#partitions.delete(`${stream}/${partition}`);
    await endOf(running);
  }
}

function endOf({ stop, ended }: RunningPartition): Promise<void> {
  stop.abort();
  return ended;
}

/** A state belongs to keys that come one after the other: such a function runs one event at a time. */
function limitsOf(spec: FunctionSpec, configured: FunctionLimits): FunctionLimits {
  const limits = { ...configured, ...spec.limits };
  return hasState(spec) ? { ...limits, concurrency: 1 } : limits;
}
