// `moose quarantine` as a command against a real server: what it shows, what it puts back, and that a killed server makes nothing twice.
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { exitCodes } from "../../server/src/cli/exit-codes.ts";
import { bundleCli } from "../../server/src/cli/test-bundled-cli.ts";
import type { NodeBundle } from "../../server/src/lib/test-node-process.ts";
import type { EntryPage, QuarantineEntry } from "../../server/src/ports/quarantine-desk.ts";
import { ServedProject, type Serving } from "../roles/served-project.ts";

let cli: NodeBundle;
let project: ServedProject;
beforeAll(async () => {
  cli = await bundleCli();
});
afterAll(() => cli?.remove());
beforeEach(() => {
  project = new ServedProject(cli);
  project.configure({ ingest: { quarantine: true } });
});
afterEach(() => project.close());

interface Ended {
  readonly code: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** `moose quarantine …`; `onProgress` hears stderr as it comes. */
async function moose(args: readonly string[], onProgress?: (text: string) => void): Promise<Ended> {
  const child = spawn(process.execPath, [cli.path("cli/main"), "quarantine", ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NO_COLOR: "1" },
  });
  const stdout: Buffer[] = [];
  let stderr = "";
  child.stdout.on("data", (part: Buffer) => stdout.push(part));
  child.stderr.on("data", (part: Buffer) => {
    stderr += part;
    onProgress?.(stderr);
  });
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, stdout: Buffer.concat(stdout), stderr };
}

async function json<T>(...args: string[]): Promise<T> {
  const { code, stdout, stderr } = await moose([...args, "--json"]);
  expect([args[0], code, stderr]).toEqual([args[0], expect.any(Number), stderr]);
  return JSON.parse(stdout.toString()) as T;
}

/** Allows what was refused: the field `late`. */
function fixModels(): void {
  const file = join(project.dir, "models", "project.ts");
  const fixed = readFileSync(file, "utf8").replace(
    'model("Reading", {',
    'model("Reading", { late: t.string().optional(),',
  );
  writeFileSync(file, fixed);
}

async function send({ url }: Serving, rows: string | Uint8Array) {
  const headers = { "content-type": "application/x-ndjson" };
  const response = await fetch(`${url}/ingest/Reading`, { method: "POST", headers, body: rows as string });
  return (await response.json()) as { accepted: number; quarantined: number; position: string };
}

/** Events in the table that the aggregation counts, when everything that was sent is there. */
async function delivered(server: Serving): Promise<number> {
  const { position } = await send(server, '{"id":"marker","value":4294967295}\n');
  const answer = await fetch(
    `${server.url}/query/ReadingTotal?measures=events&filter.value.lt=4294967295&after=${position}`,
  );
  const { rows } = (await answer.json()) as { rows: [string, string][] };
  return rows.reduce((sum, [, events]) => sum + Number(events), 0);
}

describe("moose quarantine", () => {
  it("says what it can do, what was mistyped, and when no server answers", async () => {
    const help = await moose(["--help"]);
    expect([help.code, help.stdout.toString()]).toEqual([
      exitCodes.ok,
      expect.stringContaining("moose quarantine replay <id…>"),
    ]);
    const mistakes: [string[], string][] = [
      [[], "Say what to do: moose quarantine ls, show or replay."],
      [["lst"], 'moose quarantine has no "lst": did you mean ls?'],
      [["ls", "--sorce", "table"], "--sorce is not an option: did you mean --source?"],
      [["ls", "--source", "tables"], '--source must be one of ingest, function, table, log, not "tables".'],
      [["ls", "--since", "soon"], "--since must be a time such as"],
      [["ls", "--dry-run"], "moose quarantine ls has no option --dry-run."],
      [["ls", "--limit", "0"], "--limit must be a number of entries"],
      [["show"], "moose quarantine show takes one id"],
      [["show", "12"], '"12" is not the id of an entry'],
      [["replay"], "Say which entries go back"],
      [["replay", "0".repeat(24), "--all"], "not both"],
      [["ls", "--url", "localhost"], "--url must be the URL of a Moose server"],
    ];
    for (const [args, sentence] of mistakes) {
      const { code, stderr } = await moose(args);
      expect([args, code, stderr]).toEqual([args, exitCodes.usage, expect.stringContaining(sentence)]);
    }
    const nobody = await moose(["ls", "--url", "http://127.0.0.1:9"]);
    expect(nobody.code).toBe(exitCodes.unavailable);
    expect(nobody.stderr).toContain("No Moose server answers at http://127.0.0.1:9.");
    expect(nobody.stderr).not.toMatch(/^\s+at /m);
  }, 60_000);

  it("shows entries and puts them back after the fix, once", async () => {
    let server = await project.serve();
    const odd = Buffer.concat([Buffer.from('{"id":"'), Buffer.from([0xff, 0x00, 0x1b]), Buffer.from('","value":1}')]);
    const late = '{"id":"l","value":2,"late":"yes"}';
    await send(server, Buffer.concat([Buffer.from(`{"id":"g","value":1}\n${late}\n`), odd, Buffer.from("\n")]));
    let at = ["--url", server.url];

    const table = await moose(["ls", ...at]);
    expect(table.code).toBe(exitCodes.ok);
    expect(table.stdout.toString().trimEnd().split("\n")).toHaveLength(2);
    expect(table.stdout.toString()).toMatch(
      /^[0-9a-f]{24} {2}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}Reading {2}ingest {2}unknown_field {2}/m,
    );
    expect(table.stderr).toBe("2 entries.\n");
    const { entries } = await json<EntryPage>("ls", ...at, "--since", "1h", "--open");
    const lateId = entries.find(({ code }) => code === "unknown_field")!.id;
    const oddId = entries.find(({ id }) => id !== lateId)!.id;
    expect((await json<EntryPage>("ls", ...at, "--code", "unknown_field", "--model", "Reading")).entries).toHaveLength(
      1,
    );
    expect((await json<EntryPage>("ls", ...at, "--until", "1h")).entries).toHaveLength(0);

    const shown = (await moose(["show", lateId, ...at])).stdout.toString();
    for (const part of [lateId, "Reading 1.0", "refused by   ingest", "/late unknown_field", late])
      expect(shown).toContain(part);
    expect((await json<QuarantineEntry>("show", oddId, ...at)).encoding).toBe("base64");
    expect((await moose(["show", oddId, ...at, "--raw"])).stdout).toEqual(odd);
    expect((await moose(["show", "0".repeat(24), ...at])).code).toBe(exitCodes.unavailable);

    const early = await moose(["replay", lateId, ...at]);
    expect(early.code).toBe(exitCodes.notReplayed);
    expect(early.stdout.toString()).toMatch(/^1 still refused\.\n {2}[0-9a-f]{24} {2}refused {2}\/late expected/);
    expect(await server.end()).toBe(exitCodes.ok);

    fixModels();
    server = await project.serve();
    at = ["--url", server.url];
    const dry = await moose(["replay", "--all", "--dry-run", ...at]);
    expect([dry.code, dry.stdout.toString()]).toEqual([
      exitCodes.notReplayed,
      expect.stringContaining("1 would be replayed, 1 still refused."),
    ]);
    expect(await delivered(server)).toBe(1);
    const done = await moose(["replay", "--all", ...at]);
    expect([done.code, done.stdout.toString()]).toEqual([
      exitCodes.notReplayed,
      expect.stringContaining("1 replayed, 1 still refused."),
    ]);
    expect(await delivered(server)).toBe(2);
    const again = await moose(["replay", lateId, ...at]);
    expect([again.code, again.stdout.toString()]).toEqual([exitCodes.ok, "1 had been replayed before.\n"]);
    expect(await delivered(server)).toBe(2);
    expect((await json<EntryPage>("ls", ...at, "--replayed")).entries.map(({ id }) => id)).toEqual([lateId]);
    expect(await server.end()).toBe(exitCodes.ok);
  }, 180_000);

  it("makes nothing twice when the server is killed in the middle of a long replay", async () => {
    const ENTRIES = 2_000;
    let server = await project.serve();
    const rows = Array.from({ length: ENTRIES }, (_, n) => `{"id":"r${n}","value":${n % 10},"late":"x"}\n`);
    for (let from = 0; from < ENTRIES; from += 500) {
      expect((await send(server, rows.slice(from, from + 500).join(""))).quarantined).toBe(500);
    }
    expect(await server.end()).toBe(exitCodes.ok);
    fixModels();

    let told = "";
    for (const killAfter of [500, 1_000]) {
      server = await project.serve();
      let killed = false;
      const { code, stderr } = await moose(["replay", "--all", "--url", server.url], (text) => {
        if (killed || !text.includes(`${killAfter} of `)) return;
        killed = true;
        server.running.child.kill("SIGKILL");
      });
      told += stderr;
      expect([killed, code]).toEqual([true, exitCodes.unavailable]);
    }
    expect(told).toContain(`500 of ${ENTRIES} entries`);

    server = await project.serve();
    const at = ["--url", server.url];
    const last = await moose(["replay", "--all", ...at]);
    expect([last.code, last.stdout.toString()]).toEqual([exitCodes.ok, expect.stringMatching(/^\d+ replayed/)]);
    expect(await delivered(server)).toBe(ENTRIES);
    const none = await moose(["replay", "--all", ...at]);
    expect([none.code, none.stdout.toString()]).toEqual([exitCodes.ok, "Nothing to put back.\n"]);
    expect((await json<EntryPage>("ls", ...at, "--open")).total).toBe(0);
    expect(await server.end()).toBe(exitCodes.ok);
  }, 300_000);
});
