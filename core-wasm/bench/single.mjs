// Speed of calls for single events, each against JSON.parse with Ajv in one interleaved run: ns of CPU time a call, and ratios.
// Run after `build`: node core-wasm/bench/single.mjs [rounds]
import { createRequire } from "node:module";
import { createCore, jsonSchema, modelSpec } from "../dist/index.js";
import { kinds } from "./adverse-events.mjs";

const require = createRequire(new URL("../../bench/package.json", import.meta.url));
const { Ajv2020 } = await import(require.resolve("ajv/dist/2020.js"));
const { default: addFormats } = await import(require.resolve("ajv-formats"));

const rounds = Number(process.argv[2] ?? 500);
// Few enough to stay in the caches: what is measured is the call.
const EVENTS = 1000;

const { model, rows } = kinds.find((kind) => kind.name === "flat");
const spec = modelSpec(model);
const core = (await createCore()).load(spec);
const ajv = new Ajv2020({ strict: false, logger: false });
addFormats.default(ajv, { mode: "fast" });
const check = ajv.compile(jsonSchema(spec));

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const texts = rows.slice(0, EVENTS);
const events = texts.map((text) => encoder.encode(text));
const batch = encoder.encode(texts.join("\n"));
const json = { format: "json" };

// Each answers how many it accepted. What a call leaves is garbage before the next: nobody gathers 1,000 parsed events.
const contenders = {
  "core, from bytes": () => {
    let accepted = 0;
    for (const event of events) accepted += core.validate(event, json).accepted;
    return accepted;
  },
  "core, from text": () => {
    let accepted = 0;
    for (const text of texts) accepted += core.validate(text, json).accepted;
    return accepted;
  },
  "core, refused": () => {
    let refused = 0;
    for (const event of wrong) refused += core.validate(event, json).rejected;
    return refused;
  },
  "core, one batch": () => core.validate(batch, { format: "ndjson" }).accepted,
  "JSON.parse + Ajv, from bytes": () => {
    let accepted = 0;
    for (const event of events) if (check(JSON.parse(decoder.decode(event)))) accepted++;
    return accepted;
  },
  "JSON.parse + Ajv, from text": () => {
    let accepted = 0;
    for (const text of texts) if (check(JSON.parse(text))) accepted++;
    return accepted;
  },
  "JSON.parse + Ajv, refused": () => {
    let refused = 0;
    for (const event of wrong) if (!check(JSON.parse(decoder.decode(event)))) refused++;
    return refused;
  },
};
const wrong = texts.map((text) => encoder.encode(text.replace(/"seats":\d+/, '"seats":300')));

const spent = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
for (let round = 0; round < rounds; round++) {
  for (const [name, run] of Object.entries(contenders)) {
    // CPU time: on a busy machine a long round waits for its turn more often than a short one.
    const begin = process.cpuUsage();
    const answered = run();
    const { user, system } = process.cpuUsage(begin);
    spent[name].push(((user + system) / EVENTS) * 1e3);
    if (answered !== EVENTS) throw new Error(`${name}: ${answered} of ${EVENTS}`);
  }
}

const best = (name) => Math.min(...spent[name]);
const median = (name) => spent[name].toSorted((a, b) => a - b)[rounds >> 1];
const peers = {
  "core, from bytes": "JSON.parse + Ajv, from bytes",
  "core, from text": "JSON.parse + Ajv, from text",
  "core, refused": "JSON.parse + Ajv, refused",
};
console.log(
  `${EVENTS} events of ${Math.round(batch.length / EVENTS)} bytes, ${rounds} rounds     best    median   ns of CPU time a call`,
);
for (const name of Object.keys(contenders)) {
  console.log(`${name.padEnd(32)} ${best(name).toFixed(0).padStart(14)} ${median(name).toFixed(0).padStart(9)}`);
}
for (const [name, peer] of Object.entries(peers)) {
  const ratio = (of) => `${(of(peer) / of(name)).toFixed(1)} x`;
  console.log(`${name}: ${ratio(best)} of ${peer} (medians: ${ratio(median)})`);
}
console.log(
  `a call costs ${(best("core, from bytes") - best("core, one batch")).toFixed(0)} ns beside the core's work in a batch`,
);
