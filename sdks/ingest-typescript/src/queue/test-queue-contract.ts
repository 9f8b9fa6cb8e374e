// What every queue must do, as plain functions: they run in Node and, bundled, inside a page.
import type { Chunk, EventQueue } from "./event-queue.ts";

/** One queue of its own for each check. `reopen` closes nothing: it is the next run, after a crash of this one. */
export interface QueueUnderTest {
  readonly queue: EventQueue;
  reopen(): Promise<EventQueue>;
}

export interface QueueCheck {
  readonly name: string;
  /** Only for queues that are durable. */
  readonly durable?: true;
  run(under: QueueUnderTest): Promise<void>;
}

const PRODUCER = "0123456789abcdef";
const utf8 = new TextEncoder();

export const chunkOf = (firstId: number, events = 1, more: Partial<Chunk> = {}): Chunk => ({
  model: "Flight",
  version: "1.0",
  producer: PRODUCER,
  firstId,
  events,
  body: utf8.encode(Array.from({ length: events }, (_, n) => `{"n":"${firstId + n}"}\n`).join("")),
  ...more,
});

function equal(actual: unknown, expected: unknown, what: string): void {
  const [a, b] = [actual, expected].map((value) => JSON.stringify(value));
  if (a !== b) throw new Error(`${what}: ${a}, not ${b}`);
}

const idsOf = (chunks: readonly Chunk[]): number[] => chunks.map(({ firstId }) => firstId);
const textOf = ({ body }: Chunk): string => new TextDecoder().decode(body);

export const queueChecks: readonly QueueCheck[] = [
  {
    name: "gives back what was put in, in order, under ascending keys",
    async run({ queue }) {
      const keys = [...(await queue.append([chunkOf(0), chunkOf(1, 3)])), ...(await queue.append([chunkOf(4)]))];
      const chunks = await queue.read(0, 1e6);
      equal(idsOf(chunks), [0, 1, 4], "ids");
      equal(
        chunks.map(({ key }) => key),
        keys,
        "keys",
      );
      equal(
        keys.every((key, at) => key > (keys[at - 1] ?? 0)),
        true,
        "ascending",
      );
      equal(textOf(chunks[1]!), '{"n":"1"}\n{"n":"2"}\n{"n":"3"}\n', "body");
      const { model, version, producer, events } = chunks[1]!;
      equal([model, version, producer, events], ["Flight", "1.0", PRODUCER, 3], "the rest");
    },
  },
  {
    name: "reads behind a key, up to so many bytes, and at least one",
    async run({ queue }) {
      const keys = await queue.append([0, 1, 2, 3].map((id) => chunkOf(id)));
      const { length } = chunkOf(0).body;
      equal(idsOf(await queue.read(keys[0]!, 2 * length)), [1, 2], "two");
      equal(idsOf(await queue.read(keys[0]!, 2 * length - 1)), [1], "one");
      equal(idsOf(await queue.read(keys[0]!, 0)), [1], "at least one");
      equal(idsOf(await queue.read(keys[3]!, 1e6)), [], "nothing");
    },
  },
  {
    name: "forgets what is removed, also what is not there, and counts what is left",
    async run({ queue }) {
      const keys = await queue.append([chunkOf(0), chunkOf(1, 2), chunkOf(3)]);
      await queue.remove([keys[1]!, keys[1]!, 999]);
      await queue.remove([keys[1]!]);
      equal(idsOf(await queue.read(0, 1e6)), [0, 3], "left");
      equal(queue.size, { bytes: 2 * chunkOf(0).body.length, events: 2 }, "size");
      equal(
        (await queue.sizes()).map(({ key, model, events }) => [key, model, events]),
        [
          [keys[0], "Flight", 1],
          [keys[2], "Flight", 1],
        ],
        "sizes",
      );
    },
  },
  {
    name: "never uses a key twice",
    async run({ queue }) {
      const first = await queue.append([chunkOf(0), chunkOf(1)]);
      await queue.remove(first);
      const [next] = await queue.append([chunkOf(2)]);
      equal(next! > first[1]!, true, "the next key is greater");
      await queue.clear();
      const [afterClear] = await queue.append([chunkOf(3)]);
      equal(afterClear! > next!, true, "also after all was cleared");
    },
  },
  {
    name: "keeps the position that was told last",
    async run({ queue }) {
      equal(await queue.position(), undefined, "none yet");
      const keys = await queue.append([chunkOf(0), chunkOf(1)]);
      await queue.remove([keys[0]!], "p1.a");
      await queue.remove([keys[1]!]);
      equal(await queue.position(), "p1.a", "kept");
      await queue.remove([], "p1.b");
      equal(await queue.position(), "p1.b", "the last");
    },
  },
  {
    name: "is empty when it was cleared",
    async run({ queue }) {
      await queue.append([chunkOf(0), chunkOf(1)]);
      await queue.clear();
      equal(await queue.read(0, 1e6), [], "chunks");
      equal(queue.size, { bytes: 0, events: 0 }, "size");
    },
  },
  {
    name: "takes calls at the same time",
    async run({ queue }) {
      const all = await Promise.all(Array.from({ length: 20 }, (_, n) => queue.append([chunkOf(n)])));
      await Promise.all(all.slice(0, 10).map((keys) => queue.remove(keys)));
      equal((await queue.read(0, 1e6)).length, 10, "left");
      equal(new Set(all.flat()).size, 20, "keys");
      equal(queue.size.events, 10, "events");
    },
  },
  {
    name: "does not keep the buffer that a body is a part of",
    async run({ queue }) {
      const large = new Uint8Array(1000).fill(32);
      const { body } = chunkOf(7);
      large.set(body, 100);
      await queue.append([chunkOf(7, 1, { body: large.subarray(100, 100 + body.length) })]);
      equal(textOf((await queue.read(0, 1e6))[0]!), '{"n":"7"}\n', "body");
      equal(queue.size.bytes, body.length, "bytes");
    },
  },
  {
    name: "is there after a crash, with ids, bodies, sizes and position",
    durable: true,
    async run({ queue, reopen }) {
      const keys = await queue.append([chunkOf(0), chunkOf(1, 2), chunkOf(3, 1, { model: "Gate", version: "2.0" })]);
      await queue.remove([keys[0]!], "p1.kept");
      const next = await reopen();
      const chunks = await next.read(0, 1e6);
      equal(idsOf(chunks), [1, 3], "ids");
      equal(
        chunks.map(({ key, model, version, producer }) => [key, model, version, producer]),
        [
          [keys[1], "Flight", "1.0", PRODUCER],
          [keys[2], "Gate", "2.0", PRODUCER],
        ],
        "chunks",
      );
      equal(textOf(chunks[0]!), '{"n":"1"}\n{"n":"2"}\n', "body");
      equal(next.size, queue.size, "size");
      equal(await next.position(), "p1.kept", "position");
      const [key] = await next.append([chunkOf(4)]);
      equal(key! > keys[2]!, true, "keys go on");
    },
  },
];
