// The core against native simdjson On-Demand that reads the same fields of the same flat events, runs of the two in turn: GB/s and ratios.
// Run after `build`, with g++ and simdjson (Debian: libsimdjson-dev) installed: node core-wasm/bench/simdjson.mjs [rounds]
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createCore, modelSpec } from "../dist/index.js";
import { kinds } from "./adverse-events.mjs";

const rounds = Number(process.argv[2] ?? 15);
const RUN_MS = 300;
const source = fileURLToPath(new URL("./simdjson.cpp", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "moose-bench-simdjson-"));
const program = join(folder, "simdjson");
const file = join(folder, "events.ndjson");

const { model, rows } = kinds.find((kind) => kind.name === "flat");
const input = new TextEncoder().encode(`${rows.join("\n")}\n`);
const core = (await createCore()).load(modelSpec(model));
const encoder = core.encoder();
const contenders = {
  validate: () => core.validate(input, { format: "ndjson" }).accepted,
  encode: () => {
    const fed = encoder.feed(input, { partition: 0, baseOffset: 0, receivedAtMs: 0 });
    encoder.finish();
    return fed;
  },
};

/** The best of many runs within the time, in ms, as the native program has it. */
function bestOf(run) {
  let best = Number.POSITIVE_INFINITY;
  const end = performance.now() + RUN_MS;
  while (performance.now() < end) {
    const begin = performance.now();
    if (run() !== rows.length) throw new Error("events were refused");
    best = Math.min(best, performance.now() - begin);
  }
  return best;
}

/** What simdjson read is what the events hold. */
function mustAgree({ rows: count, textBytes, fares }) {
  const events = rows.map((row) => JSON.parse(row));
  const texts = ({ origin, destination, carrier, note }) => [origin, destination, carrier, note].join("").length;
  const sum = (of) => events.reduce((total, event) => total + of(event), 0);
  const expected = [rows.length, sum(texts), sum((event) => event.fare).toFixed(2)];
  const given = [count, textBytes, fares.toFixed(2)];
  if (expected.join() !== given.join()) throw new Error(`simdjson read ${given}, the events hold ${expected}`);
}

try {
  const build = spawnSync("g++", ["-std=c++17", "-O3", "-march=native", source, "-o", program, "-lsimdjson"], {
    encoding: "utf8",
  });
  if (build.status !== 0) {
    const why = build.error?.message ?? build.stderr.split("\n").find((line) => line.includes("error")) ?? "g++ failed";
    console.log(
      `skipped: simdjson.cpp could not be built (${why}). It needs g++ and simdjson: apt-get install g++ libsimdjson-dev`,
    );
  } else {
    writeFileSync(file, input);
    const native = (mode) => JSON.parse(execFileSync(program, [file, String(RUN_MS), mode], { encoding: "utf8" }));
    const first = native("typed");
    mustAgree(first);
    const spent = { "simdjson, typed": [], "simdjson, plain": [] };
    for (let round = 0; round < rounds; round++) {
      for (const mode of ["typed", "plain"]) spent[`simdjson, ${mode}`].push(native(mode).bestMs);
      for (const [name, run] of Object.entries(contenders)) {
        spent[name] ??= [];
        spent[name].push(bestOf(run));
      }
    }
    const median = (name) => spent[name].toSorted((a, b) => a - b)[rounds >> 1];
    const best = (name) => Math.min(...spent[name]);
    const speed = (ms) => `${(input.length / ms / 1e6).toFixed(2)} GB/s`;
    console.log(
      `simdjson ${first.version}, ${first.inlined} inlined, ${first.linked} linked; ${rows.length} events of ${Math.round(input.length / rows.length)} bytes`,
    );
    for (const name of Object.keys(spent)) {
      const ratio = (of, peer) => (of(`simdjson, ${peer}`) / of(name)).toFixed(2);
      const ratios = (peer) => `${ratio(best, peer)} (medians ${ratio(median, peer)}) of ${peer}`;
      console.log(
        `${name.padEnd(16)} best ${speed(best(name))}, median ${speed(median(name))}   ${ratios("typed")}, ${ratios("plain")}`,
      );
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
