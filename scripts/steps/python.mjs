// Runs the suites in Python, of the core's host, of stream functions and of the ingest SDK: finds Python, keeps a virtual environment in the cache, counts what passed.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "./workspace.mjs";

const folder = join(root, "core-wasm", "hosts", "python");
/** Each has a pyproject.toml, sources and tests; one environment serves all. */
const ingest = join(root, "sdks", "ingest-python");
const suites = [folder, join(root, "server", "src", "functions", "python"), ingest];
const requirements = [
  ...["requirements-test.txt", "requirements-bench.txt"].map((name) => join(folder, name)),
  join(ingest, "requirements-test.txt"),
  join(root, "openapi", "schemathesis", "requirements.txt"),
];
const INSTALL_LIMIT_MS = 300_000;
const RUN_LIMIT_MS = 300_000;
/** The oldest Python that the pinned tools run on. */
const OLDEST = "(3, 10)";

const quiet = (command, args, timeout = 60_000) => spawnSync(command, args, { encoding: "utf8", timeout });

const isNewEnough = (command) =>
  quiet(command, ["-c", `import sys, venv, ensurepip; sys.exit(sys.version_info < ${OLDEST})`]).status === 0;

const found = () =>
  [process.env.PYTHON, "python3", "python"].find((name) => name !== undefined && name !== "" && isNewEnough(name));

function findPython() {
  const present = found();
  if (present !== undefined) return present;
  const canInstall = process.getuid?.() === 0 && quiet("apt-get", ["--version"]).status === 0;
  if (!canInstall) return undefined;
  quiet("apt-get", ["update", "-q"], INSTALL_LIMIT_MS);
  quiet("apt-get", ["install", "-y", "-q", "--no-install-recommends", "python3", "python3-venv"], INSTALL_LIMIT_MS);
  return found();
}

/** The package for Python reads the core from beside its sources, where a wheel has it. */
function placeCore() {
  const built = join(root, "core-wasm", "build", "core.wasm");
  const placed = join(ingest, "src", "moose_ingest", "core.wasm");
  if (!existsSync(built) || (existsSync(placed) && readFileSync(placed).equals(readFileSync(built)))) return;
  // Whoever reads it meanwhile sees the old one or the new one whole.
  copyFileSync(built, `${placed}.${process.pid}`);
  renameSync(`${placed}.${process.pid}`, placed);
}

/** The environment's Python with everything pinned installed, or the reason why there is none. */
export function pythonEnvironment() {
  const python = findPython();
  if (python === undefined)
    return { reason: "no Python 3.10 or later with venv and pip was found; install it, or set PYTHON" };
  placeCore();
  const version = quiet(python, ["--version"]).stdout.trim();
  const pins = requirements.map((path) => readFileSync(path, "utf8")).join("");
  const digest = createHash("sha256").update(version).update(pins).digest("hex").slice(0, 16);
  const venv = join(root, "node_modules", ".cache", `moose-python-${digest}`);
  const own = process.platform === "win32" ? join(venv, "Scripts", "python.exe") : join(venv, "bin", "python");
  // Written last, so that an installation that was cut short is begun again.
  const stamp = join(venv, "moose-complete");
  if (existsSync(stamp)) return { python: own };
  rmSync(venv, { recursive: true, force: true });
  const install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
  for (const [command, args] of [
    [python, ["-m", "venv", venv]],
    [own, [...install, ...requirements.flatMap((path) => ["-r", path])]],
  ]) {
    const run = quiet(command, args, INSTALL_LIMIT_MS);
    if (run.status !== 0) {
      const last = `${run.stdout ?? ""}${run.stderr ?? ""}`.trim().split("\n").at(-1) || run.error?.message;
      return { reason: `${args.slice(0, 3).join(" ")} failed: ${last}` };
    }
  }
  writeFileSync(stamp, "");
  return { python: own };
}

/** Runs format, lint, types and tests, with their output shown. `reason` says why nothing could be run. */
export function runPythonSuite() {
  const { python, reason } = pythonEnvironment();
  if (python === undefined) return { passed: 0, failed: 0, reason };
  const counts = suites.map((suite) => runIn(suite, python));
  const sum = (name) => counts.reduce((total, count) => total + count[name], 0);
  return { passed: sum("passed"), failed: sum("failed") };
}

function runIn(suite, python) {
  const scratch = mkdtempSync(join(tmpdir(), "moose-python-"));
  const run = (...args) =>
    spawnSync(python, ["-m", ...args], {
      cwd: suite,
      stdio: ["ignore", "inherit", "inherit"],
      timeout: RUN_LIMIT_MS,
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1" },
    }).status === 0;
  let passed = 0;
  let failed = 0;
  for (const check of [
    ["ruff", "format", "--check", "--no-cache", "--quiet", "."],
    ["ruff", "check", "--no-cache", "--quiet", "."],
    ["mypy", "--strict", "--cache-dir", join(scratch, "mypy")],
  ]) {
    if (run(...check)) passed++;
    else failed++;
  }
  const report = join(scratch, "report.xml");
  const well = run("pytest", "-q", "-p", "no:cacheprovider", `--junitxml=${report}`);
  const counts = countTests(existsSync(report) ? readFileSync(report, "utf8") : "");
  rmSync(scratch, { recursive: true, force: true });
  failed += counts.failed;
  // A run that ends badly without a failed test (or finds no test) is a failure, too.
  if ((!well && counts.failed === 0) || counts.passed === 0) failed++;
  return { passed: passed + counts.passed, failed };
}

/** Totals of a JUnit report. A test that was skipped did not pass. */
export function countTests(xml) {
  const suite = /<testsuite\s[^>]*>/.exec(xml)?.[0] ?? "";
  const count = (name) => Number(new RegExp(`\\b${name}="(\\d+)"`).exec(suite)?.[1] ?? 0);
  const failed = count("failures") + count("errors") + count("skipped");
  return { passed: count("tests") - failed, failed };
}
