// The contract against the running server, by Schemathesis: generated requests, valid and not, to every operation, with every check on.
import { spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { pythonEnvironment } from "../../scripts/steps/python.mjs";
import { bundleCli } from "../../server/src/cli/test-bundled-cli.ts";
import type { NodeBundle } from "../../server/src/lib/test-node-process.ts";
import { ContractProject } from "./contract-project.ts";

/** The same requests again: MOOSE_CONTRACT_SEED=<seed>; more of them: MOOSE_CONTRACT_EXAMPLES=500. */
const seed = process.env.MOOSE_CONTRACT_SEED ?? String(randomInt(2 ** 31));
const examples = process.env.MOOSE_CONTRACT_EXAMPLES ?? "20";
const folder = fileURLToPath(new URL("../../openapi/schemathesis/", import.meta.url));
const INSTALL_LIMIT_MS = 600_000;
const RUN_LIMIT_MS = 900_000;

const project = new ContractProject();
let cli: NodeBundle;
let python: string;
let url: string;

beforeAll(async () => {
  const environment = pythonEnvironment();
  if (environment.python === undefined) throw new Error(environment.reason);
  python = environment.python;
  cli = await bundleCli();
  url = await project.serve(cli);
  // Something to find: rows behind the aggregation, and an entry of quarantine.
  const flights = Array.from({ length: 20 }, (_, minute) => ({
    seenAt: `2026-01-31T08:${10 + minute}:00Z`,
    origin: "SFO",
    destination: "JFK",
    delay: minute,
    state: "landed",
    id: "0199f2a4-5b7c-7d3e-8f10-2a4b6c8d0e1f",
  }));
  for (const [body, status] of [
    [flights, 200],
    [{ origin: 1 }, 422],
  ] as const) {
    const headers = { "content-type": "application/json" };
    const reply = await fetch(`${url}/ingest/Flight`, { method: "POST", headers, body: JSON.stringify(body) });
    expect(reply.status).toBe(status);
  }
}, INSTALL_LIMIT_MS);
afterAll(async () => {
  await project.close();
  cli?.remove();
});

async function runSchemathesis(): Promise<{ code: number | null; output: string }> {
  const command = ["--config-file", "schemathesis.toml", "run", `${url}/openapi.json`];
  const options = ["--checks", "all", "--phases", "examples,coverage,fuzzing,stateful", "--no-color"];
  const args = ["-m", "schemathesis.cli", ...command, ...options, "--seed", seed, "--max-examples", examples];
  const child = spawn(python, args, {
    cwd: folder,
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1", HYPOTHESIS_STORAGE_DIRECTORY: project.dir },
    timeout: RUN_LIMIT_MS,
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject).once("close", resolve);
  });
  return { code, output };
}

it(
  "does what the contract says, and nothing else",
  async () => {
    console.log(`Schemathesis: seed ${seed}, ${examples} examples for each operation`);
    const { code, output } = await runSchemathesis();
    expect(code, `${output}\nThe same again: MOOSE_CONTRACT_SEED=${seed}`).toBe(0);
    const { paths } = (await (await fetch(`${url}/openapi.json`)).json()) as { paths: Record<string, object> };
    // It leaves out the one that it was loaded from.
    const operations = Object.entries(paths)
      .filter(([path]) => path !== "/openapi.json")
      .flatMap(([, item]) => Object.keys(item).filter((key) => /^(get|post)$/.test(key)));
    expect(output).toMatch(new RegExp(`Tested: +${operations.length}\\n`));
    expect(project.log()).not.toContain('"level":"error"');
  },
  RUN_LIMIT_MS,
);
