// What other producers leave in a topic, and topics that were made by others: read, told apart, or refused with what to do.
import type { Kafka as KafkaClient, Producer } from "kafkajs";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { NO_KEY, type RecordBatch } from "../../model/record-batch.ts";
import { recordsOf, rowsOf } from "../../model/record-rows.ts";
import type { StreamLog } from "../../ports/stream-log.ts";
import { CompressionTypes, Kafka, logLevel, Partitioners } from "./kafkajs.ts";
import { startTestBroker, type TestBroker } from "./test-broker.ts";
import { EVERYTHING, newPrefix, openTestLog, warningLog } from "./test-kafka-log.ts";

const STREAM = "Flight.1.0";
const SPEC = JSON.stringify({ name: "Flight", version: "1.0" });
let broker: TestBroker;
let kafka: KafkaClient;

beforeAll(async () => {
  broker = await startTestBroker();
  kafka = new Kafka({ brokers: [broker.address], logLevel: logLevel.NOTHING });
});
afterAll(() => broker?.remove());

describe("records of other producers", () => {
  let topicPrefix: string;
  let topic: string;
  let log: StreamLog;
  let other: Producer;

  beforeEach(async () => {
    topicPrefix = newPrefix();
    topic = topicPrefix + STREAM;
    log = await openTestLog(broker.address, { topicPrefix });
    await log.ensureStream(STREAM, { partitions: 1 });
    await log.saveSchema("newest", SPEC);
    other = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
    await other.connect();
  });
  afterEach(async () => {
    await other.disconnect();
    await log.close();
  });

  const read = (from = 0) => log.read(STREAM, 0, from, EVERYTHING);
  const placed = (batches: readonly RecordBatch[]): string[] =>
    batches.flatMap((batch) => rowsOf([batch]).map((row, i) => `${batch.baseOffset + i} ${row}`));

  it("are taken with the newest schema of the stream and the time of the broker", async () => {
    const before = Date.now();
    await other.send({ topic, messages: [{ value: '{"n":1}' }, { key: "k", value: '{"n":2}', timestamp: "1000" }] });
    const batches = await read();
    expect(placed(batches)).toEqual(['0 {"n":1}', '1 {"n":2}']);
    for (const batch of batches) {
      expect(batch).toMatchObject({ schemaId: "newest" });
      expect(batch).not.toHaveProperty("malformed");
      expect(batch.receivedAtMs).toBeGreaterThanOrEqual(before);
    }
  });

  it("become one line each, and are set apart when they are no object", async () => {
    const values = ['{\n  "n": 1\n}', "", "no json", '{"n":2}{"n":3}', "[1]", "null", '{"n":4}'];
    await other.send({ topic, messages: values.map((value) => ({ value })) });
    await other.send({ topic, messages: [{ key: "deleted", value: null }, { value: '{"n":5}' }] });
    const batches = await read();
    const well = batches.filter(({ malformed }) => !malformed);
    expect(placed(well)).toEqual(['0 {   "n": 1 }', '6 {"n":4}', '8 {"n":5}']);
    const malformed = batches.filter((batch) => batch.malformed);
    expect(placed(malformed)).toEqual(["1 ", "2 no json", '3 {"n":2}{"n":3}', "4 [1]", "5 null"]);
  });

  it("leave gaps that do not stop a reader: transactions that end and that are given up", async () => {
    const transactional = kafka.producer({
      transactionalId: topic,
      maxInFlightRequests: 1,
      idempotent: true,
      createPartitioner: Partitioners.DefaultPartitioner,
    });
    await transactional.connect();
    await log.append(STREAM, recordsOf(['{"n":0}'], "a", 1));
    for (const [value, end] of [
      ['{"n":1}', "commit"],
      ['{"n":"never"}', "abort"],
      ['{"n":2}', "commit"],
    ] as const) {
      const transaction = await transactional.transaction();
      await transaction.send({ topic, messages: [{ value }] });
      await transaction[end]();
    }
    await transactional.disconnect();
    await log.append(STREAM, recordsOf(['{"n":3}'], "a", 1));
    // A marker takes an offset behind each transaction, a moment after its end.
    const rows = ['{"n":0}', '{"n":1}', '{"n":2}', '{"n":3}'];
    await expect.poll(async () => rowsOf(await read()), { timeout: 10_000 }).toEqual(rows);
    const expected = placed(await read());
    expect(Number.parseInt(expected[3]!, 10)).toBeGreaterThan(3);
    expect(placed(await read(2))).toEqual(expected.slice(2));
    const one = { ...EVERYTHING, maxRecords: 1 };
    for (let from = 0, seen = 0; seen < expected.length; seen++) {
      const [batch] = await log.read(STREAM, 0, from, one);
      expect(placed([batch!])).toEqual([expected[seen]]);
      from = batch!.baseOffset + 1;
    }
  });

  it("count as the end of the stream with their last event: markers, aborted records and nulls behind it do not", async () => {
    const transactional = kafka.producer({
      transactionalId: topic,
      maxInFlightRequests: 1,
      idempotent: true,
      createPartitioner: Partitioners.DefaultPartitioner,
    });
    await transactional.connect();
    const following = await openTestLog(broker.address, { topicPrefix });
    await following.ensureStream(STREAM, { partitions: 1 });
    following.onAppend(() => undefined);
    const committed = await transactional.transaction();
    await committed.send({ topic, messages: [{ value: '{"n":1}' }, { value: '{"n":2}' }] });
    await committed.commit();
    await other.send({ topic, messages: [{ key: "deleted", value: null }] });
    const aborted = await transactional.transaction();
    await aborted.send({ topic, messages: [{ value: '{"n":"never"}' }] });
    await aborted.abort();
    await transactional.disconnect();
    const admin = kafka.admin();
    await admin.connect();
    // Two events, a marker, a null, what was aborted, and its marker.
    const raw = async () => Number((await admin.fetchTopicOffsets(topic))[0]!.offset);
    await expect.poll(raw, { timeout: 10_000 }).toBe(6);
    await admin.disconnect();
    const late = await openTestLog(broker.address, { topicPrefix });
    for (const one of [log, following, late]) {
      await expect.poll(() => one.endOffset(STREAM, 0), { timeout: 10_000 }).toBe(2);
      await one.settle!(STREAM);
      expect(one.endOffset(STREAM, 0)).toBe(2);
    }
    await log.append(STREAM, recordsOf(['{"n":3}'], "a", 1));
    expect(log.endOffset(STREAM, 0)).toBe(7);
    await expect
      .poll(() => [following, late].map((one) => one.endOffset(STREAM, 0)), { timeout: 10_000 })
      .toEqual([7, 7]);
    await Promise.all([following.close(), late.close()]);
  }, 60_000);

  it("are read when they are compressed", async () => {
    const admin = kafka.admin();
    await admin.connect();
    for (const type of ["uncompressed", "gzip"]) {
      const configEntries = [{ name: "compression.type", value: type }];
      await admin.alterConfigs({ validateOnly: false, resources: [{ type: 2, name: topic, configEntries }] });
      const messages = Array.from({ length: 50 }, (_, i) => ({ value: `{"${type}":${i}}` }));
      await other.send({ topic, compression: CompressionTypes.GZIP, messages });
    }
    await admin.disconnect();
    expect(rowsOf(await read())).toHaveLength(100);
    expect(rowsOf(await read(75))).toEqual(Array.from({ length: 25 }, (_, i) => `{"gzip":${i + 25}}`));
  });

  it("are told to listeners between this process's own, in order", async () => {
    const seen: string[] = [];
    log.onAppend((batch) => seen.push(...placed([batch])));
    for (let i = 0; i < 10; i++) {
      await log.append(STREAM, recordsOf([`{"own":${i}}`], "newest", 1));
      await other.send({ topic, messages: [{ value: `{"other":${i}}` }] });
    }
    const expected = Array.from({ length: 20 }, (_, i) => `${i} {"${i % 2 ? "other" : "own"}":${Math.floor(i / 2)}}`);
    await expect.poll(() => seen, { timeout: 10_000 }).toEqual(expected);
  });
});

describe("records of Moose", () => {
  it("hold the event, its key as text and its origin in headers", async () => {
    const topicPrefix = newPrefix();
    const log = await openTestLog(broker.address, { topicPrefix });
    await log.ensureStream(STREAM, { partitions: 1 });
    const rows = ['{"id":"a\\u0062","n":1}', '{"id":17,"n":2}', '{"n":3}'];
    const records = recordsOf(rows, "5c1e9a", 1_700_000_000_123);
    const text = Buffer.from(records.bytes).toString("latin1");
    const bounds = new Uint32Array(6).fill(NO_KEY);
    for (const [row, key] of ['"a\\u0062"', "17"].entries()) {
      bounds[row * 2] = text.indexOf(key);
      bounds[row * 2 + 1] = text.indexOf(key) + key.length;
    }
    const keys = { hashes: new Uint32Array(3), bounds };
    const eventIds = { producer: "0123456789abcdef", sequences: Float64Array.of(7, 8, 2 ** 53 - 1) };
    await log.append(STREAM, { ...records, keys, eventIds });
    await log.close();
    const consumer = kafka.consumer({ groupId: topicPrefix });
    await consumer.connect();
    await consumer.subscribe({ topics: [topicPrefix + STREAM], fromBeginning: true });
    const seen: unknown[] = [];
    await consumer.run({
      eachMessage: async ({ message: { key, value, headers } }) => {
        const texts = Object.entries(headers ?? {}).map(([name, text]) => [name, String(text)]);
        seen.push([key === null ? null : String(key), String(value), Object.fromEntries(texts)]);
      },
    });
    await expect.poll(() => seen.length, { timeout: 10_000 }).toBe(3);
    await consumer.disconnect();
    const headers = (sequence: number) => ({
      "moose-model": "Flight",
      "moose-version": "1.0",
      "moose-schema": "5c1e9a",
      "moose-received-at": "1700000000123",
      "moose-event-id": `0123456789abcdef;${sequence}`,
    });
    expect(seen).toEqual([
      ["ab", rows[0], headers(7)],
      ["17", rows[1], headers(8)],
      [null, rows[2], headers(2 ** 53 - 1)],
    ]);
  });

  it("refuses an event that the topic does not take, and takes an append that is larger than a batch", async () => {
    const log = await openTestLog(broker.address);
    await log.ensureStream(STREAM, { partitions: 1 });
    const large = `{"text":"${"x".repeat(1_100_000)}"}`;
    await expect(log.append(STREAM, recordsOf(['{"n":1}', large], "a", 1))).rejects.toMatchObject({
      code: "body_too_large",
      message: expect.stringContaining("Row 1 has 1100011 bytes"),
    });
    expect(await log.read(STREAM, 0, 0, EVERYTHING)).toEqual([]);
    const rows = Array.from({ length: 40 }, (_, i) => `{"n":${i},"text":"${"y".repeat(100_000)}"}`);
    expect(await log.append(STREAM, recordsOf(rows, "a", 1))).toEqual([{ partition: 0, baseOffset: 0, count: 40 }]);
    expect(rowsOf(await log.read(STREAM, 0, 0, EVERYTHING))).toEqual(rows);
    await log.close();
  });
});

describe("topics that are there already", () => {
  async function withTopic(settings: Record<string, string>, name = STREAM) {
    const topicPrefix = newPrefix();
    const admin = kafka.admin();
    await admin.connect();
    const configEntries = Object.entries(settings).map(([key, value]) => ({ name: key, value }));
    await admin.createTopics({
      topics: [{ topic: topicPrefix + name, numPartitions: 2, replicationFactor: 1, configEntries }],
    });
    await admin.disconnect();
    return topicPrefix;
  }

  it("are used with the partitions that they have", async () => {
    const log = await openTestLog(broker.address, { topicPrefix: await withTopic({}) });
    await log.ensureStream(STREAM, { partitions: 1 });
    expect(log.partitions(STREAM)).toBe(2);
    await log.close();
  });

  it.each([
    ["cleanup.policy", "compact", "is compacted"],
    ["cleanup.policy", "compact,delete", "is compacted"],
    ["compression.type", "zstd", "compressed with zstd"],
  ])("are refused with %s=%s", async (setting, value, reason) => {
    const log = await openTestLog(broker.address, { topicPrefix: await withTopic({ [setting]: value }) });
    await expect(log.ensureStream(STREAM, { partitions: 1 })).rejects.toMatchObject({
      code: "config_invalid",
      message: expect.stringContaining(reason),
    });
    await log.close();
  });

  it("are used with a warning where replicas or retention are not as configured", async () => {
    const { log: told, warnings } = warningLog();
    const topicPrefix = await withTopic({ "retention.ms": "3600000" });
    const log = await openTestLog(broker.address, { topicPrefix, retentionHours: 48, replicationFactor: 1, log: told });
    await log.ensureStream(STREAM, { partitions: 1 });
    expect(warnings.map(({ message }) => message)).toEqual([expect.stringContaining("48 hours")]);
    await log.close();
  });

  it("get the retention of the configuration when Moose makes them", async () => {
    const topicPrefix = newPrefix();
    const log = await openTestLog(broker.address, { topicPrefix, retentionHours: 2 });
    await log.ensureStream(STREAM, { partitions: 1 });
    await log.close();
    const admin = kafka.admin();
    await admin.connect();
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: 2, name: topicPrefix + STREAM }],
    });
    await admin.disconnect();
    const settings = new Map(
      resources[0]!.configEntries.map(({ configName, configValue }) => [configName, configValue]),
    );
    expect(settings.get("retention.ms")).toBe("7200000");
    expect(settings.get("cleanup.policy")).toBe("delete");
  });
});
