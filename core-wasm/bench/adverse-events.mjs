// Events that are hard on a validator, a model and 5,000 events for each kind.
import { model, t } from "../dist/index.js";

const COUNT = 5000;
const airports = ["ORD", "ATL", "DFW", "LAX", "PHX", "DEN", "JFK", "SFO"];
const statuses = ["scheduled", "boarding", "departed", "landed"];

const flatFields = {
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
  status: t.enum(statuses),
  note: t.string(),
};
const Flat = model("Flat", flatFields);

const flat = (i) => ({
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
});

/** Another order for each event, the same at each run. */
function shuffled(event, i) {
  const entries = Object.entries(event);
  for (let at = entries.length - 1, state = i + 1; at > 0; at--) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    const other = (state >>> 8) % (at + 1);
    [entries[at], entries[other]] = [entries[other], entries[at]];
  }
  return Object.fromEntries(entries);
}

const number = (i, scale) => Math.round((i * 7919) % (1000 * scale)) / scale;
const named = (count, field) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`column${i}`, field(i)]));

const Nested = model("Nested", {
  id: t.uuid(),
  user: t.object({ name: t.string(), address: t.object({ city: t.string(), zip: t.string(), at: t.point() }) }),
  items: t.array(t.object({ sku: t.string(), count: t.uint16(), price: t.float64(), tags: t.array(t.string()) })),
  labels: t.map(t.string(), t.string()),
});
const nested = (i) => ({
  id: flat(i).id,
  user: { name: `User ${i}`, address: { city: "Springfield", zip: "12345", at: [1.5, number(i, 100)] } },
  items: Array.from({ length: 24 }, (_, j) => ({
    sku: `sku-${i}-${j}`,
    count: j,
    price: number(i + j, 100),
    tags: ["a", "bc"],
  })),
  labels: Object.fromEntries(Array.from({ length: 10 }, (_, j) => [`label-${j}`, `value ${i + j}`])),
});

const kind = (name, of, event, options = {}) => ({
  name,
  model: of,
  rows: Array.from({ length: COUNT }, (_, i) => JSON.stringify(event(i), null, options.indent)),
  accepted: COUNT,
  ...options,
});

export const kinds = [
  kind("flat", Flat, flat),
  kind("shuffled keys", Flat, (i) => shuffled(flat(i), i)),
  kind("pretty-printed", Flat, flat, { indent: 2, format: "json" }),
  kind("many escapes", Flat, (i) => ({ ...flat(i), note: `"quoted"\t\\path\\${i}\n`.repeat(6) })),
  kind("non-ASCII", Flat, (i) => ({
    ...flat(i),
    carrier: "Müller 航空 🛫",
    note: "grüße aus 東京, привет 🛬 ".repeat(4),
  })),
  kind("unknown fields", model("Open", flatFields, { extra: "drop" }), (i) => ({
    more: { a: [i, "x"] },
    ...flat(i),
    other: "y",
    third: null,
    rest: [1, 2, 3],
  })),
  kind("missing fields", model("Sparse", { ...flatFields, ...named(20, () => t.string().optional()) }), flat),
  kind("all invalid", Flat, (i) => ({ ...flat(i), seats: 300, status: "lost" }), { accepted: 0 }),
  kind("nested 2 KB", Nested, nested),
  kind(
    "wide, 100 columns",
    model(
      "Wide",
      named(100, (i) => [t.string(), t.int32(), t.float64(), t.boolean()][i % 4]),
    ),
    (i) => named(100, (j) => [`text ${i}`, i * j, number(i, 100), j % 3 === 0][j % 4]),
  ),
  kind(
    "numeric-heavy",
    model(
      "Numbers",
      named(40, (i) => [t.float64(), t.int32(), t.float32(), t.uint32()][i % 4]),
    ),
    (i) => named(40, (j) => (j % 2 === 0 ? (i * 1.2345678901 + j) / 7 : i * 31 + j)),
  ),
  kind("single-event calls", Flat, flat, { single: true }),
];
