// Events with ids against a server that is killed while they arrive: sent again, in other cuts, they are stored once.
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { bundleCli } from "../../server/src/cli/test-bundled-cli.ts";
import type { NodeBundle } from "../../server/src/lib/test-node-process.ts";
import { between, seededRandom } from "../crash/random.ts";
import { ServedProject, type Serving } from "../roles/served-project.ts";

let cli: NodeBundle;
let project: ServedProject;
beforeAll(async () => {
  cli = await bundleCli();
});
afterAll(() => cli?.remove());
beforeEach(() => {
  project = new ServedProject(cli);
});
afterEach(() => project.close());

const PRODUCERS = ["producer-0-abcdefgh", "producer-1-abcdefgh", "producer-2-abcdefgh"];
const KILLS = 4;
const EVENTS = 3_000;

interface Reply {
  readonly accepted: number;
  readonly duplicates: number;
  readonly position: string;
}

/** Events [from, to) of a producer in one request. Rejects when the server ends meanwhile. */
async function send({ url }: Serving, producer: number, from: number, to: number): Promise<Reply> {
  const rows = Array.from({ length: to - from }, (_, i) => `{"id":"${producer}-${from + i}","value":${producer}}\n`);
  const headers = {
    "content-type": "application/x-ndjson",
    "moose-event-ids": `${PRODUCERS[producer]};${from}-${to - 1}`,
  };
  const response = await fetch(`${url}/ingest/Reading`, { method: "POST", headers, body: rows.join("") });
  expect(response.status).toBe(200);
  return (await response.json()) as Reply;
}

it("stores each once over kills while they arrive", async () => {
  const seed = Number(process.env.SEED ?? between(Math.random, 0, 2 ** 31));
  const random = seededRandom(seed);
  console.log(`event ids: SEED=${seed}`);
  /** Up to here everything of the producer was acknowledged. */
  const acknowledged = PRODUCERS.map(() => 0);
  let repeated = 0;
  for (let kill = 0; kill <= KILLS; kill++) {
    const server = await project.serve();
    const until = kill === KILLS ? EVENTS : Math.round((EVENTS * (kill + 1)) / (KILLS + 1));
    const killAt = between(random, 5, 25);
    let requests = 0;
    await Promise.allSettled(
      PRODUCERS.map(async (_, producer) => {
        while (acknowledged[producer]! < until) {
          // Some of it may have been stored before, as one that has no answer cannot know.
          const from = Math.max(0, acknowledged[producer]! - between(random, 0, 60));
          const to = Math.min(EVENTS, from + between(random, 1, 150));
          const answer = send(server, producer, from, to);
          if (++requests === killAt && kill < KILLS) server.running.child.kill("SIGKILL");
          repeated += (await answer).duplicates;
          acknowledged[producer] = Math.max(acknowledged[producer]!, to);
        }
      }),
    );
    if (kill < KILLS) {
      server.running.child.kill("SIGKILL");
      await server.running.exitCode;
      continue;
    }
    expect(acknowledged).toEqual(PRODUCERS.map(() => EVENTS));
    const all = await Promise.all(PRODUCERS.map((_, producer) => send(server, producer, 0, EVENTS)));
    for (const reply of all) expect(reply).toMatchObject({ accepted: 0, duplicates: EVENTS });
    const { position } = all[0]!;
    const answer = await fetch(`${server.url}/query/ReadingTotal?measures=events&orderBy=value&after=${position}`);
    const { rows } = (await answer.json()) as { rows: unknown[] };
    expect(rows).toEqual(PRODUCERS.map((_, producer) => [producer, String(EVENTS)]));
    await server.end();
  }
  expect(repeated).toBeGreaterThan(0);
}, 240_000);
