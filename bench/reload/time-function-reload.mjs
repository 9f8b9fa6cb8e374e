// Times a change of a stream function under `moose dev`: from the save of its file until the new code runs an event, while events keep coming.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const CHANGES = 20;
const LIMIT_MS = 60_000;
const repository = fileURLToPath(new URL("../..", import.meta.url));
const dir = mkdtempSync(join(tmpdir(), "moose-reload-"));
const ran = join(dir, "ran.txt");

const write = (path, text) => writeFileSync(join(dir, path), text);
/** It notes when it runs, so that neither the table nor a query is in the figure. */
const copy = (version) => `import { appendFileSync } from "node:fs";
import { emit, streamFunction } from "@moose/server";
import { In, Out } from "../models/events.ts";
export default streamFunction({ from: In, to: [Out], run(event) {
  appendFileSync(${JSON.stringify(ran)}, "${version} " + Date.now() + "\\n");
  return emit(Out, { key: event.key, version: ${version} });
} });
`;
const firstRunMs = (version) => {
  const line = readFileSync(ran, "utf8")
    .split("\n")
    .find((text) => text.startsWith(`${version} `));
  return line === undefined ? undefined : Number(line.split(" ")[1]);
};

for (const folder of ["models", "functions", "node_modules"]) mkdirSync(join(dir, folder));
symlinkSync(join(repository, "bench", "node_modules", "@moose"), join(dir, "node_modules", "@moose"));
write("ran.txt", "");
write("package.json", '{ "type": "module" }');
write(
  "models/events.ts",
  `import { model, t } from "@moose/core";
export const In = model("In", { key: t.string().key() });
export const Out = model("Out", { key: t.string().key(), version: t.uint32() });
`,
);
write("functions/copy.ts", copy(0));

const main = join(repository, "server/dist/cli/main.js");
const child = spawn(process.execPath, [main, "dev", dir, "--port", "0", "--clickhouse-port", "0"], {
  stdio: ["ignore", "pipe", "inherit"],
});
let output = "";
child.stdout.setEncoding("utf8").on("data", (text) => {
  output += text;
});

/** Of the server and of the processes that it ended: fields 14 to 17 of /proc/<pid>/stat, in ticks of 10 ms. */
function cpuMs() {
  const fields = readFileSync(`/proc/${child.pid}/stat`, "utf8").split(") ")[1].split(" ");
  return 10 * fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0);
}

async function until(find) {
  for (const limit = Date.now() + LIMIT_MS; Date.now() < limit; await pause(5)) {
    const found = find();
    if (found !== undefined && found !== null) return found;
    if (child.exitCode !== null) break;
  }
  throw new Error(`It did not happen in ${LIMIT_MS / 1000} s:\n${output}`);
}

try {
  const [api] = await until(() => /http:\/\/127\.0\.0\.1:\d+/.exec(output));
  const send = () =>
    fetch(`${api}/ingest/In`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: '{"key":"a"}',
    });
  let sending = true;
  const load = (async () => {
    for (; sending; await pause(10)) await send();
  })();
  await until(() => firstRunMs(0));
  const before = cpuMs();
  const tookMs = [];
  for (let version = 1; version <= CHANGES; version++) {
    const savedMs = Date.now();
    write("functions/copy.ts", copy(version));
    tookMs.push((await until(() => firstRunMs(version))) - savedMs);
  }
  const cpu = Math.round((cpuMs() - before) / CHANGES);
  sending = false;
  await load;
  tookMs.sort((a, b) => a - b);
  const at = (share) => tookMs[Math.min(CHANGES - 1, Math.floor(CHANGES * share))];
  console.log(
    `${CHANGES} changes: median ${at(0.5)} ms, p90 ${at(0.9)} ms, slowest ${tookMs.at(-1)} ms until the new code ran an event; ` +
      `${cpu} ms of CPU each, with 100 events/s beside it; load average ${readFileSync("/proc/loadavg", "utf8").split(" ")[0]}`,
  );
} finally {
  if (child.exitCode === null) {
    child.kill("SIGTERM");
    await once(child, "exit");
  }
  rmSync(dir, { recursive: true, force: true });
}
