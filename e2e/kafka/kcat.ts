// kcat, an independent client of Kafka from Debian: reads a topic to its end, and writes to one.
import { execFileSync } from "node:child_process";

export interface KcatRecord {
  readonly partition: number;
  readonly offset: number;
  readonly key: string | null;
  readonly value: string;
  readonly headers: Readonly<Record<string, string>>;
}

const LIMITS = { encoding: "utf8", maxBuffer: 256 * 1024 * 1024, timeout: 60_000 } as const;

/** All events of a topic, each partition in its order: the records that have a value. */
export function kcatRead(broker: string, topic: string): readonly KcatRecord[] {
  const args = ["-C", "-b", broker, "-t", topic, "-o", "beginning", "-e", "-q", "-J"];
  const lines = execFileSync("kcat", args, LIMITS)
    .split("\n")
    .filter((line) => line !== "");
  return lines.flatMap((line) => {
    const { partition, offset, key, payload, headers } = JSON.parse(line) as {
      partition: number;
      offset: number;
      key: string | null;
      payload: string | null;
      headers?: readonly string[];
    };
    const pairs = (headers ?? []).flatMap((name, i, all) => (i % 2 === 0 ? [[name, all[i + 1]!]] : []));
    if (payload === null) return [];
    return [{ partition, offset, key, value: payload, headers: Object.fromEntries(pairs) as Record<string, string> }];
  });
}

/** One record for each line: its key, a tab, its value. */
export function kcatWrite(broker: string, topic: string, lines: readonly string[]): void {
  const args = ["-P", "-b", broker, "-t", topic, "-K", "\t", "-X", "partitioner=murmur2_random"];
  execFileSync("kcat", args, { ...LIMITS, input: `${lines.join("\n")}\n` });
}
