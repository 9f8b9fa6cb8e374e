// The peer: what a careful engineer would write without Moose. Fastify, Ajv compiled once, the same log with the same durability.
import { join } from "node:path";
import { jsonSchema, type ModelSpec, modelSpec } from "@moose/core";
import type { ValidateFunction } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import Fastify from "fastify";
import { Flight } from "../../examples/flights/models/flight.ts";
import { openLmdbStreamLog } from "../../server/src/adapters/lmdb/lmdb-stream-log.ts";
import { silentLog } from "../../server/src/telemetry/log.ts";
import { announce } from "../servers/announce.ts";
import { PageView } from "../wide/models/page-view.ts";

const MAX_BODY_BYTES = 16 * 1024 * 1024;
const NEWLINE = Buffer.from("\n");

const ajv = new Ajv2020({ allErrors: false, strict: false });
// The full mode, as Moose: "fast" takes a 31 February.
addFormats.default(ajv, { mode: "full" });

const stream = await openLmdbStreamLog({ path: join(process.argv[2]!, "log"), log: silentLog });

interface Refused {
  readonly row: number;
  readonly path: string;
  readonly expected: string;
}

const app = Fastify({ logger: false, bodyLimit: MAX_BODY_BYTES });
app.removeAllContentTypeParsers();
for (const type of ["application/json", "application/x-ndjson"]) {
  app.addContentTypeParser(type, { parseAs: "buffer" }, (_request, body, done) => done(null, body));
}

for (const model of [Flight, PageView]) await serve(modelSpec(model));

async function serve(spec: ModelSpec): Promise<void> {
  const name = `${spec.name}.${spec.version}`;
  await stream.ensureStream(name, { partitions: 1 });
  const schemaId = `peer.${name}`;
  await stream.saveSchema(schemaId, JSON.stringify(spec));
  // Unknown fields are refused: the schema says additionalProperties false.
  const validate = ajv.compile(jsonSchema(spec));
  app.post(`/ingest/${spec.name}`, async (request, reply) => {
    const body = request.body as Buffer;
    const isNdjson = request.headers["content-type"] === "application/x-ndjson";
    const judged = isNdjson ? judgeNdjson(validate, body) : judgeOne(validate, body);
    const count = judged.ends.length;
    let position = "";
    if (count > 0) {
      const { bytes, ends } = judged;
      const [appended] = await stream.append(name, { bytes, ends, schemaId, receivedAtMs: Date.now() });
      position = `${appended!.partition}:${appended!.baseOffset + count}`;
    }
    const rejected = judged.refused.length;
    reply.code(rejected === 0 ? 200 : count === 0 ? 422 : 207);
    return { accepted: count, rejected, duplicates: 0, errors: judged.refused, errorsTruncated: false, position };
  });
}

interface Judged {
  readonly bytes: Buffer;
  readonly ends: Uint32Array;
  readonly refused: Refused[];
}

function judgeOne(validate: ValidateFunction, body: Buffer): Judged {
  const refused = refusedOf(validate, body.toString(), 0);
  if (refused) return { bytes: Buffer.alloc(0), ends: new Uint32Array(0), refused: [refused] };
  return { bytes: Buffer.concat([body, NEWLINE]), ends: Uint32Array.of(body.length), refused: [] };
}

/** The body goes to the log as it came when every row is good, which is the usual case. */
function judgeNdjson(validate: ValidateFunction, body: Buffer): Judged {
  const text = body.toString();
  const isAscii = text.length === body.length;
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  const refused: Refused[] = [];
  const ends = new Uint32Array(lines.length);
  let at = 0;
  for (let row = 0; row < lines.length; row++) {
    const line = lines[row]!;
    const bad = refusedOf(validate, line, row);
    if (bad) refused.push(bad);
    at += isAscii ? line.length : Buffer.byteLength(line);
    ends[row] = at++;
  }
  if (refused.length === 0) return { bytes: body.at(-1) === 10 ? body : Buffer.concat([body, NEWLINE]), ends, refused };
  const bad = new Set(refused.map((error) => error.row));
  const good = lines.filter((_, row) => !bad.has(row)).map((line) => Buffer.from(`${line}\n`));
  let end = 0;
  const goodEnds = good.map((line) => {
    end += line.length;
    return end - 1;
  });
  return { bytes: Buffer.concat(good), ends: Uint32Array.from(goodEnds), refused };
}

function refusedOf(validate: ValidateFunction, text: string, row: number): Refused | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { row, path: "", expected: (error as Error).message };
  }
  if (validate(value)) return undefined;
  const error = validate.errors?.[0];
  return { row, path: error?.instancePath ?? "", expected: error?.message ?? "" };
}

await app.listen({ host: "127.0.0.1", port: 0 });
const address = app.server.address();
announce(typeof address === "object" && address ? address.port : 0, async () => {
  await app.close();
  await stream.close();
});
