// Idempotency keys: the same key runs once, however many requests carry it and whatever crashes in between.
import { createHash } from "node:crypto";
import { MooseError } from "../model/errors.ts";
import type { NewRecords } from "../model/record-batch.ts";
import type { IdempotencyRecord, IdempotencyStore } from "../ports/idempotency-store.ts";
import type { AppendResult, StreamLog } from "../ports/stream-log.ts";
import { type Found, findAppended } from "./find-appended.ts";

/** Appends the rows, unless an earlier run of this key already did. */
export type AppendOnce = (stream: string, records: NewRecords) => Promise<readonly AppendResult[]>;

export interface OncePerKey<Answer> {
  /** The answer of the first run; throws `idempotency_key_reused` when the key came with another digest. */
  run(key: string, digest: string, work: (append: AppendOnce) => Promise<Answer>): Promise<Answer>;
}

interface Running<Answer> {
  readonly digest: string;
  readonly answer: Promise<Answer>;
}

export function createOncePerKey<Answer>(
  store: IdempotencyStore,
  log: StreamLog,
  now: () => number,
): OncePerKey<Answer> {
  const running = new Map<string, Running<Answer>>();

  async function execute(
    key: string,
    digest: string,
    known: IdempotencyRecord | undefined,
    work: (append: AppendOnce) => Promise<Answer>,
  ): Promise<Answer> {
    let record: IdempotencyRecord = known ?? { digest, beganAtMs: now(), stream: "", fromOffsets: [] };
    const answer = await work(async (stream, records) => {
      if (known !== undefined && known.stream === stream) {
        const found = await findAppended(log, known, records);
        if (found !== undefined) return [...found.results, ...(await appendMissing(log, stream, found))];
      }
      record = { digest, beganAtMs: now(), stream, fromOffsets: endOffsets(log, stream) };
      await store.save(key, record);
      return log.append(stream, records);
    });
    // The answer can be found again from "begun", so nobody waits for its fsync; the key stays in `running` until it can be read.
    const saved = store.save(key, { ...record, answer: JSON.stringify(answer) });
    const forget = (): void => void running.delete(key);
    saved.then(forget, forget);
    return answer;
  }

  return {
    async run(key, digest, work) {
      const current = running.get(key);
      if (current !== undefined) {
        if (current.digest !== digest) throw reused(key);
        return current.answer;
      }
      const known = store.find(key);
      if (known !== undefined && known.digest !== digest) throw reused(key);
      if (known?.answer !== undefined) return JSON.parse(known.answer) as Answer;
      const answer = execute(key, digest, known, work);
      running.set(key, { digest, answer });
      answer.catch(() => running.delete(key));
      return answer;
    },
  };
}

/** A log that stores an append by partition (Kafka) may have stored a part of it. */
async function appendMissing(log: StreamLog, stream: string, { missing }: Found): Promise<readonly AppendResult[]> {
  const appended = missing.map(({ partition, records }) => log.append(stream, records, partition));
  return (await Promise.all(appended)).flat();
}

export function digestOf(parts: readonly string[], body: Uint8Array): string {
  return createHash("sha256").update(JSON.stringify(parts)).update(body).digest("base64url");
}

const endOffsets = (log: StreamLog, stream: string): number[] =>
  Array.from({ length: log.partitions(stream) }, (_, partition) => log.endOffset(stream, partition));

const reused = (key: string): MooseError =>
  new MooseError(
    "idempotency_key_reused",
    `The idempotency key "${key}" was used for another body, model or mode. Use a new key for a new request.`,
  );
