// `moose generate sdk --lang python`: stable, the same of a folder and of a server, and what mypy lets through.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pythonEnvironment } from "../../scripts/steps/python.mjs";
import { bundleCli, runCli } from "../../server/src/cli/test-bundled-cli.ts";
import type { NodeBundle } from "../../server/src/lib/test-node-process.ts";
import { ContractProject } from "./contract-project.ts";

const sources = fileURLToPath(new URL("../../sdks/ingest-python/src", import.meta.url));
const INSTALL_LIMIT_MS = 600_000;
/** Compilers and processes on a machine that is busy. */
const RUN_LIMIT_MS = 300_000;

const project = new ContractProject();
const folder = mkdtempSync(join(tmpdir(), "moose-generated-"));
let cli: NodeBundle;
let python: string;
let url: string;

beforeAll(async () => {
  const environment = pythonEnvironment();
  if (environment.python === undefined) throw new Error(environment.reason);
  python = environment.python;
  cli = await bundleCli();
  url = await project.serve(cli);
}, INSTALL_LIMIT_MS);
afterAll(async () => {
  await project.close();
  cli?.remove();
  rmSync(folder, { recursive: true, force: true });
});

async function generate(out: string, ...more: readonly string[]): Promise<readonly string[]> {
  const running = runCli(cli, ["generate", "sdk", "--lang", "python", "--out", join(folder, out), "--json", ...more]);
  const code = await running.exitCode;
  expect(code, running.output()).toBe(0);
  return (JSON.parse(running.output()) as { written: string[] }).written;
}

/** Runs Python in the folder of the generated files, with the SDK's sources. */
const run = (args: readonly string[]) =>
  spawnSync(python, args, {
    cwd: join(folder, "sdk"),
    encoding: "utf8",
    timeout: 240_000,
    env: { ...process.env, MYPYPATH: sources, PYTHONPATH: sources, PYTHONDONTWRITEBYTECODE: "1" },
  });
const mypy = (file: string) =>
  run(["-m", "mypy", "--strict", "--python-version", "3.10", "--cache-dir", join(folder, "mypy"), file]);

describe("moose generate sdk --lang python", () => {
  it(
    "writes the same of the project's folder and of its server, and nothing the second time",
    async () => {
      expect(await generate("sdk", project.dir)).toEqual(["moose_models.py", "moose-models.json"]);
      await generate("of-server", "--url", url);
      for (const name of ["moose_models.py", "moose-models.json"])
        expect(readFileSync(join(folder, "of-server", name), "utf8")).toBe(
          readFileSync(join(folder, "sdk", name), "utf8"),
        );
      expect(await generate("sdk", project.dir)).toEqual([]);
    },
    RUN_LIMIT_MS,
  );

  it(
    "lets only what fits pass mypy",
    () => {
      writeFileSync(join(folder, "sdk", "app.py"), app);
      const { status, stdout } = mypy("app.py");
      expect(stdout).toBe("Success: no issues found in 1 source file\n");
      expect(status).toBe(0);
    },
    RUN_LIMIT_MS,
  );

  it(
    "is held by a check that can fail",
    () => {
      writeFileSync(join(folder, "sdk", "mistakes.py"), app.replaceAll(/ {2}# type: ignore.*/g, ""));
      const { stdout } = mypy("mistakes.py");
      const expected = app.match(/# type: ignore/g)!.length;
      expect(new Set(stdout.match(/^mistakes\.py:\d+: error/gm)).size, stdout).toBe(expected);
    },
    RUN_LIMIT_MS,
  );

  it(
    "sends events",
    async () => {
      writeFileSync(join(folder, "sdk", "send.py"), sendScript);
      const { status, stdout, stderr } = run(["send.py", url]);
      expect(stderr).toBe("");
      expect([status, stdout]).toEqual([0, "stored\nvalidation_failed\n"]);
    },
    RUN_LIMIT_MS,
  );
});

const app = `import datetime
import uuid

from moose_ingest import create_ingest
from moose_models import EVERYTHING, FLIGHT, LOOSE_WORDS, Flight, LooseWords

flight: Flight = {
    "seenAt": datetime.datetime(2026, 1, 31, 8, tzinfo=datetime.timezone.utc),
    "origin": "SFO",
    "destination": "JFK",
    "delay": 12,
    "state": "landed",
    "id": uuid.UUID("0199f2a4-5b7c-7d3e-8f10-2a4b6c8d0e1f"),
    "place": {"latitude": 1.5},
}

more: Flight = {**flight, "tags": ["a"], "crew": None, "cancelled": True}
wrong_field: Flight = {**flight, "orign": "SFO"}  # type: ignore
wrong_type: Flight = {**flight, "delay": "late"}  # type: ignore
wrong_name: Flight = {**flight, "state": "gone"}  # type: ignore
missing: Flight = {"origin": "SFO"}  # type: ignore
wrong_member: Flight = {**flight, "place": {"lattitude": 1.5}}  # type: ignore

with create_ingest(url="http://127.0.0.1:4000", models=[FLIGHT, EVERYTHING, LOOSE_WORDS]) as ingest:
    ingest.send(FLIGHT, flight)
    ingest.send(LOOSE_WORDS, LooseWords(key="a"))
    ingest.send(LOOSE_WORDS, LooseWords(key=1))  # type: ignore
    ingest.send(LOOSE_WORDS, LooseWords(key="a", vlaue="b"))  # type: ignore
    ingest.send(LOOSE_WORDS, flight)  # type: ignore
    ingest.send(FLIGTH, flight)  # type: ignore
`;

const sendScript = `import sys

from moose_ingest import IngestError, create_ingest
from moose_models import FLIGHT, Flight

flight: Flight = {
    "seenAt": "2026-01-31T08:00:00Z",
    "origin": "SFO",
    "destination": "JFK",
    "delay": 12,
    "state": "landed",
    "id": "0199f2a4-5b7c-7d3e-8f10-2a4b6c8d0e1f",
}
with create_ingest(url=sys.argv[1], models=[FLIGHT]) as ingest:
    ingest.send(FLIGHT, flight)
    ingest.flush()
    print("stored" if ingest.metrics.sent_events == 1 else ingest.metrics)
    try:
        ingest.send(FLIGHT, {**flight, "destination": "nowhere"})
    except IngestError as error:
        print(error.code)
`;
