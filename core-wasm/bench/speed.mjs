// Speed of the built core on events of every kind, each against JSON.parse with Ajv in one interleaved run: MB/s, ratios and their spread.
// Run after `build`: node core-wasm/bench/speed.mjs [rounds] [events a call] [kind]; figures in SPEED.md. "encode" checks the rows and writes a Native block.
import { createRequire } from "node:module";
import { loadavg } from "node:os";
import { createCore, jsonSchema, modelSpec } from "../dist/index.js";
import { kinds } from "./adverse-events.mjs";

const require = createRequire(new URL("../../bench/package.json", import.meta.url));
const { Ajv2020 } = await import(require.resolve("ajv/dist/2020.js"));
const { default: addFormats } = await import(require.resolve("ajv-formats"));

const rounds = Number(process.argv[2] ?? 100);
/** Events that one call gets: a body of an ingest request, which the caches hold. */
const eventsPerCall = Number(process.argv[3] ?? 1000);
const only = process.argv[4];
/** Rounds before the measured ones: functions are compiled by the optimizing compilers meanwhile. */
const WARM_UP = 5;
const encoder = new TextEncoder();
const decoder = new TextDecoder();
const core = await createCore();

function contendersOf({ model, rows, format = "ndjson" }, accepted) {
  const spec = modelSpec(model);
  const loaded = core.load(spec);
  const ajv = new Ajv2020({ strict: false, logger: false });
  // The quicker of its two modes.
  addFormats.default(ajv, { mode: "fast" });
  const check = ajv.compile(jsonSchema(spec));
  const input = encoder.encode(format === "json" ? `[${rows.join(",\n")}]` : `${rows.join("\n")}\n`);
  const lines = encoder.encode(rows.join("\n"));
  const blocks = loaded.encoder();
  // What was parsed is dropped at once: nobody gathers thousands of parsed events.
  const count = (texts, read) => texts.reduce((sum, text) => sum + (check(read(text)) ? 1 : 0), 0);
  const asDocument = () => count(JSON.parse(decoder.decode(input)), (value) => value);
  const asLines = () => count(decoder.decode(input).trimEnd().split("\n"), JSON.parse);
  return {
    bytes: input.length,
    runs: {
      validate: () => loaded.validate(input, { format }).accepted,
      ...(accepted === 0 ? {} : { encode }),
      peer: format === "json" ? asDocument : asLines,
    },
  };
  function encode() {
    const fed = blocks.feed(lines, { partition: 0, baseOffset: 0, receivedAtMs: 0 });
    blocks.finish();
    return fed;
  }
}

/** Microseconds of CPU time: on a busy machine a clock also counts the others' turns. */
function cpuOf(run) {
  const begin = process.cpuUsage();
  const answer = run();
  const { user, system } = process.cpuUsage(begin);
  return [user + system, answer];
}

const sorted = (numbers) => numbers.toSorted((a, b) => a - b);
const at = (numbers, share) => sorted(numbers)[Math.min(numbers.length - 1, Math.floor(numbers.length * share))];

function measure(kind) {
  const rows = kind.rows.slice(0, eventsPerCall);
  const expected = kind.accepted === 0 ? 0 : rows.length;
  const { bytes, runs } = contendersOf({ ...kind, rows }, expected);
  const names = Object.keys(runs);
  const spent = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = -WARM_UP; round < rounds; round++) {
    for (const name of names) {
      const [micros, accepted] = cpuOf(runs[name]);
      if (accepted !== expected) throw new Error(`${kind.name}: ${name} accepted ${accepted}, not ${expected}`);
      if (round >= 0) spent[name].push(micros);
    }
  }
  const ratios = (name) => spent[name].map((micros, round) => spent.peer[round] / micros);
  return { bytes, events: rows.length, spent, ratios };
}

console.log(
  `${rounds} rounds of ${eventsPerCall} events; load ${loadavg()[0].toFixed(1)}; best MB/s of CPU time; ratios to the peer: median of the rounds (10th to 90th of 100)`,
);
console.log("kind                 bytes  validate   encode     peer      validate              encode");
for (const kind of kinds) {
  if (kind.single === true || (only !== undefined && kind.name !== only)) continue;
  const { bytes, events, spent, ratios } = measure(kind);
  const speed = (name) => (name in spent ? (bytes / Math.min(...spent[name])).toFixed(0) : "-").padStart(8);
  const ratio = (name) => {
    if (!(name in spent)) return "-";
    const all = ratios(name);
    return `${at(all, 0.5).toFixed(1)} (${at(all, 0.1).toFixed(1)} to ${at(all, 0.9).toFixed(1)})`;
  };
  console.log(
    `${kind.name.padEnd(20)} ${String(Math.round(bytes / events)).padStart(5)} ${speed("validate")} ${speed("encode")} ${speed("peer")}  ${ratio("validate").padStart(20)} ${ratio("encode").padStart(20)}`,
  );
}
