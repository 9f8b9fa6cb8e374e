// Speed of the built core on flat events of about 270 bytes, against JSON.parse with Ajv: MB/s and the ratio.
// Run after `build`: node core-wasm/bench/validate.mjs
import { createRequire } from "node:module";
import { createCore, model, modelSpec, t } from "../dist/index.js";

const { default: Ajv } = await import(
  createRequire(new URL("../../bench/package.json", import.meta.url)).resolve("ajv")
);

const Event = model("Event", {
  id: t.uuid(),
  at: t.dateTime64(3),
  origin: t.string().lowCardinality(),
  destination: t.string().lowCardinality(),
  carrier: t.string().min(2).max(32),
  delay: t.int16(),
  distance: t.uint16(),
  fare: t.float64(),
  seats: t.uint8(),
  cancelled: t.boolean(),
  status: t.enum(["scheduled", "boarding", "departed", "landed"]),
  note: t.string(),
});

const airports = ["ORD", "ATL", "DFW", "LAX", "PHX", "DEN", "JFK", "SFO"];
const statuses = ["scheduled", "boarding", "departed", "landed"];
const rows = Array.from({ length: 30_000 }, (_, i) =>
  JSON.stringify({
    id: `3f2504e0-4f89-41d3-9a0c-${i.toString(16).padStart(12, "0")}`,
    at: new Date(978_307_200_000 + i * 61_037).toISOString(),
    origin: airports[i % 8],
    destination: airports[(i * 5 + 3) % 8],
    carrier: `Carrier ${i % 97}`,
    delay: (i % 400) - 60,
    distance: 100 + (i % 4000),
    fare: Math.round(i * 137.31) / 100,
    seats: i % 250,
    cancelled: i % 50 === 0,
    status: statuses[i % 4],
    note: "nothing out of the ordinary",
  }),
);
const text = `${rows.join("\n")}\n`;
const input = new TextEncoder().encode(text);

const validateAjv = new Ajv().compile({
  type: "object",
  additionalProperties: false,
  required: Object.keys(JSON.parse(rows[0])),
  properties: {
    id: { type: "string", pattern: "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$" },
    at: { type: "string", pattern: "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,3})?Z$" },
    origin: { type: "string" },
    destination: { type: "string" },
    carrier: { type: "string", minLength: 2, maxLength: 32 },
    delay: { type: "integer", minimum: -32768, maximum: 32767 },
    distance: { type: "integer", minimum: 0, maximum: 65535 },
    fare: { type: "number" },
    seats: { type: "integer", minimum: 0, maximum: 255 },
    cancelled: { type: "boolean" },
    status: { enum: statuses },
    note: { type: "string" },
  },
});

const core = await createCore();
const loaded = core.load(modelSpec(Event));
const encoder = loaded.encoder();
const decoder = new TextDecoder();

const contenders = {
  validate: () => loaded.validate(input, { format: "ndjson" }).accepted,
  encode: () => {
    const count = encoder.feed(input, { partition: 0, baseOffset: 0, receivedAtMs: 0 });
    encoder.finish();
    return count;
  },
  "JSON.parse + Ajv": () => {
    let accepted = 0;
    for (const line of decoder.decode(input).split("\n")) if (line !== "" && validateAjv(JSON.parse(line))) accepted++;
    return accepted;
  },
};

const best = {};
for (let round = 0; round < Number(process.argv[2] ?? 12); round++) {
  for (const [name, run] of Object.entries(contenders)) {
    const begin = performance.now();
    const accepted = run();
    const seconds = (performance.now() - begin) / 1000;
    if (accepted !== rows.length) throw new Error(`${name} accepted ${accepted} of ${rows.length} rows`);
    best[name] = Math.min(best[name] ?? Number.POSITIVE_INFINITY, seconds);
  }
}

const peer = best["JSON.parse + Ajv"];
console.log(
  `${rows.length} events of ${Math.round(input.length / rows.length)} bytes; best of each; core.wasm memory ${core.memoryBytes} bytes`,
);
for (const [name, seconds] of Object.entries(best)) {
  const speed = (input.length / seconds / 1e6).toFixed(0).padStart(6);
  const perEvent = ((seconds / rows.length) * 1e9).toFixed(0).padStart(6);
  console.log(`${name.padEnd(18)} ${speed} MB/s  ${perEvent} ns/event  ${(peer / seconds).toFixed(1).padStart(5)} x`);
}
