// `npm test`: installs what it needs, builds, runs every check and every suite, and ends with "N passed, N failed".
// First, so that an old Node gets a sentence and not the failures of a suite.
import "./steps/require-node.mjs";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "./steps/build.mjs";
import { ensureChromium } from "./steps/chromium.mjs";
import { install } from "./steps/install.mjs";
import { ensureKafka } from "./steps/kafka.mjs";
import { pythonEnvironment, runPythonSuite } from "./steps/python.mjs";
import { ensureStrace } from "./steps/strace.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const inCi = process.env.CI === "true";

/** Runs a command with its output shown; resolves with its exit code. */
function run(command, args, env = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...process.env, ...env },
    });
    child.once("error", reject);
    child.once("exit", (code) => resolve(code ?? 1));
  });
}

try {
  await install();
  await build();
} catch (failure) {
  // Its message holds the last lines of what failed, and what to do.
  console.error(failure.message);
  process.exit(1);
}

let passed = 0;
let failed = 0;
const skipped = [];

console.log("\n── checks: format, lint, names, docs, layers, types, contract");
if ((await run(process.execPath, ["scripts/check.mjs"])) === 0) passed++;
else failed++;

const chromium = ensureChromium();
if (chromium.path === undefined) {
  skipped.push(`browser suites: ${chromium.reason}`);
  if (inCi) failed++;
}

const kafka = ensureKafka();
if (kafka.folder === undefined) {
  skipped.push(`Kafka suites: ${kafka.reason}`);
  if (inCi) failed++;
}

const noStrace = ensureStrace();
if (noStrace !== undefined) {
  skipped.push(`suites with failing system calls: ${noStrace}`);
  if (inCi) failed++;
}

// Made here, once: several suites need it, side by side.
const hasPython = pythonEnvironment().python !== undefined;

console.log("\n── suites");
const folder = mkdtempSync(join(tmpdir(), "moose-test-"));
const report = join(folder, "report.json");
const filters = process.argv.slice(2);
const exclude = [
  ...(chromium.path === undefined ? ["**/*.browser.test.ts", "e2e/browser/**"] : []),
  ...(kafka.folder === undefined ? ["**/*.kafka.test.ts"] : []),
  ...(noStrace === undefined ? [] : ["**/*.strace.test.ts"]),
  ...(hasPython ? [] : ["e2e/python/**", "e2e/contract/{generate-python,schemathesis}.test.ts"]),
].flatMap((pattern) => ["--exclude", pattern]);
const code = await run(
  join(root, "node_modules/.bin/vitest"),
  ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`, ...exclude, ...filters],
  chromium.path === undefined ? {} : { CHROMIUM_PATH: chromium.path },
);
try {
  const result = JSON.parse(readFileSync(report, "utf8"));
  passed += result.numPassedTests;
  failed += result.numFailedTests;
  // A file that fails outside a test counts no failed test.
  for (const file of result.testResults) {
    if (file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed")) failed++;
  }
  if (result.numPendingTests > 0) {
    skipped.push(`${result.numPendingTests} tests that the suites skip themselves`);
    if (inCi) failed += result.numPendingTests;
  }
} catch (error) {
  console.error(`The runner left no report: ${error.message}`);
  failed++;
}
if (code !== 0 && failed === 0) failed++;
rmSync(folder, { recursive: true, force: true });

// A run of some suites only is about those.
if (filters.length === 0) {
  console.log("\n── Python (the core's host, stream functions, the ingest SDK): format, lint, types, tests");
  const python = runPythonSuite();
  passed += python.passed;
  failed += python.failed;
  if (python.reason !== undefined) {
    skipped.push(`Python suites: ${python.reason}`);
    if (inCi) failed++;
  }
}

for (const reason of skipped) console.log(`SKIPPED ${reason}`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
