// What other producers write into a topic is judged row by row before a function gets it: what is no event of the model is left to the table writer.
import { createCore, model, modelSpec, readNativeBlocks, t } from "@moose/core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Kafka, logLevel, Partitioners } from "../adapters/kafka/kafkajs.ts";
import { startTestBroker, type TestBroker } from "../adapters/kafka/test-broker.ts";
import { newPrefix, openTestLog } from "../adapters/kafka/test-kafka-log.ts";
import type { Catalog } from "../ports/catalog.ts";
import { readSlice } from "./read-slice.ts";
import { ReadingCores } from "./reading-cores.ts";

const STREAM = "Flight.1.0";
let broker: TestBroker;

beforeAll(async () => {
  broker = await startTestBroker();
}, 100_000);
afterAll(() => broker?.remove());

it("events between rows that are none keep their offsets, and the others are left out", async () => {
  const core = await createCore();
  const topicPrefix = newPrefix();
  const log = await openTestLog(broker.address, { topicPrefix });
  const producer = new Kafka({ brokers: [broker.address], logLevel: logLevel.NOTHING }).producer({
    createPartitioner: Partitioners.DefaultPartitioner,
  });
  try {
    const flight = { core: core.load(modelSpec(model("Flight", { n: t.uint32() }))), stream: STREAM, table: "Flight" };
    const catalog: Catalog = {
      state: { revision: 1, models: new Map([["Flight", flight]]), aggregations: new Map() },
      model: () => flight,
      coreFor: () => flight.core,
      onChange: () => () => {},
    };
    await log.ensureStream(STREAM, { partitions: 1 });
    await log.saveSchema(flight.core.schemaId, JSON.stringify(flight.core.spec));
    const values = [
      '{"n":1}',
      // Two rows, and two values in one of them: their number alone would not tell.
      "",
      '{"n":2}{"n":3}',
      '{"n":4}\n{"n":5}',
      "no json",
      '{"n":-1}',
      '{"n":\n6}',
      '{"other":7}',
      '{"n":8}',
    ];
    await producer.connect();
    await producer.send({ topic: topicPrefix + STREAM, messages: values.map((value) => ({ value })) });
    const source = { log, stream: STREAM, partition: 0 };
    const slice = (await readSlice(source, new ReadingCores(core, catalog), 0, 100))!;
    expect(slice).toMatchObject({ first: 0, last: values.length, offsets: [0, 6, 8] });
    expect(slice.offsets.map((_, event) => Buffer.from(slice.text(event)).toString())).toEqual([
      '{"n":1}',
      '{"n": 6}',
      '{"n":8}',
    ]);
    const [block] = readNativeBlocks(slice.block);
    expect(block!.columns.find(({ name }) => name === "n")!.values).toEqual([1, 6, 8]);
  } finally {
    await producer.disconnect();
    await log.close();
  }
}, 60_000);
