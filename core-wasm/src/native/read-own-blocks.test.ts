// The Native reader against the blocks of our own encoder.
import { expect, test } from "vitest";
import { createCore } from "../host/create-core.ts";
import { encodeEvent } from "../language/encode-event.ts";
import { model, modelSpec } from "../language/model.ts";
import { t } from "../language/t.ts";
import { readNativeBlocks } from "./read-native.ts";

test("blocks of our own encoder", async () => {
  const spec = modelSpec(
    model("Own", {
      s: t.string(),
      l: t.string().lowCardinality().optional(),
      i: t.int64().optional(),
      e: t.enum({ low: -300, "it's": 5 }),
      a: t.array(t.array(t.string().optional())).optional(),
      u: t.uuid(),
      d: t.date(),
      w: t.dateTime64(6),
      z: t.dateTime("Europe/Berlin"),
      f: t.float32(),
      b: t.boolean(),
    }),
  );
  const fixed = {
    z: "2024-07-03T09:46:40Z",
    u: "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
    d: "1900-01-01",
    f: 1.5,
    b: true,
  };
  const events = [
    { s: "é\n", l: "x", i: -(2n ** 63n), e: "low", a: [["p", null], []], w: new Date(5), ...fixed },
    { s: "", e: "it's", w: "2001-01-31 12:00:00.000001", ...fixed },
  ];
  const encoder = (await createCore()).load(spec).encoder();
  encoder.feed(new TextEncoder().encode(events.map(encodeEvent).join("\n")), {
    partition: 3,
    baseOffset: 7,
    receivedAtMs: 1,
  });
  const [block] = readNativeBlocks(encoder.finish());
  const origin = { _partition: 3, _received_at: "1970-01-01 00:00:00.001" };
  expect(block?.columns.map(({ type }) => type).slice(0, 3)).toEqual([
    "String",
    "LowCardinality(Nullable(String))",
    "Nullable(Int64)",
  ]);
  expect(block?.rows()).toEqual([
    { ...events[0], w: "1970-01-01 00:00:00.005000", z: "2024-07-03 11:46:40", _offset: 7n, ...origin },
    { ...events[1], l: null, i: null, a: [], z: "2024-07-03 11:46:40", _offset: 8n, ...origin },
  ]);
});

test("blocks of our own encoder with values inside of values", async () => {
  const spec = modelSpec(
    model("Deep", {
      o: t.object({ a: t.int128(), b: t.array(t.object({ c: t.string().optional(), d: t.decimal(20, 3) })) }),
      m: t.map(t.string(), t.array(t.uint256())),
      n: t.map(t.int64(), t.boolean()),
      j: t.json(),
      p: t.point(),
      q: t.polygon(),
      x: t.fixedString(3),
      y: t.ipv4(),
      z: t.ipv6().optional(),
    }),
  );
  const event = {
    o: {
      a: -(2n ** 127n),
      b: [
        { c: null, d: "-12345678901234567.001" },
        { c: "é", d: "0" },
      ],
    },
    m: { "": [], k: [2n ** 256n - 1n, 0n] },
    n: { "-9223372036854775808": true },
    p: [1.5, -2],
    q: [
      [
        [0, 0],
        [1, 0],
      ],
      [],
    ],
    x: "ab",
    y: "255.0.0.1",
    z: "2001:db8::1",
  };
  const encoder = (await createCore()).load(spec).encoder();
  const rows = [encodeEvent({ ...event, j: { big: [1, "x"] } }), encodeEvent({ ...event, j: null, z: null })];
  encoder.feed(new TextEncoder().encode(rows.join("\n")), { partition: 0, baseOffset: 0, receivedAtMs: 0 });
  expect(readNativeBlocks(encoder.finish()).flatMap((block) => block.rows())).toMatchObject([
    { ...event, j: '{"big":[1,"x"]}' },
    { ...event, j: "null", z: null },
  ]);
});
