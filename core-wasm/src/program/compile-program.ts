// Compiles a model into its schema program: the tables that the core walks, the same bytes wherever it is compiled.
import { checkModel } from "../language/check-model.ts";
import type { ChildType } from "../language/child-types.ts";
import { clickHouseType } from "../language/clickhouse-type.ts";
import { encodeEvent } from "../language/encode-event.ts";
import type { FieldSpec, ModelSpec } from "../language/model-spec.ts";
import { ByteWriter } from "./byte-writer.ts";
import { errorTexts } from "./error-texts.ts";
import {
  COLUMN_BYTES,
  FIELD_BYTES,
  fieldFlags,
  HEADER_BYTES,
  MAGIC,
  NODE_BYTES,
  OBJECT_BYTES,
  PARTITION_KEY_KIND,
  PROGRAM_ADDRESS,
  programFlags,
  ROW_OBJECT,
  RULES_BYTES,
} from "./layout.ts";
import { leb128 } from "./leb128.ts";
import { writeNameTable } from "./name-table.ts";
import { countFields, countNodes, writeNodes } from "./write-nodes.ts";

const encoder = new TextEncoder();

/** Unknown fields that are kept: each name, and its value as JSON text. */
const extraColumn: FieldSpec = {
  name: "_extra",
  type: { kind: "map", key: { kind: "string" }, value: { kind: "json" } },
};

/** Columns behind the model's own: where a row comes from. */
const originColumns: readonly FieldSpec[] = [
  { name: "_partition", type: { kind: "uint32" } },
  { name: "_offset", type: { kind: "uint64" } },
  { name: "_received_at", type: { kind: "dateTime64", precision: 3 } },
];

/** Throws DefinitionError when the model cannot work. */
export function compileProgram(spec: ModelSpec): Uint8Array {
  checkModel(spec);
  const columns: readonly FieldSpec[] = [
    ...spec.fields,
    ...(spec.extra === "keep" ? [extraColumn] : []),
    ...originColumns,
  ];
  const nodeCounts = columns.map((column) => countNodes(column.type));
  const nodeCount = nodeCounts.reduce((sum, count) => sum + count, 0);
  const fieldCount = spec.fields.reduce((sum, field) => sum + 1 + countFields(field.type), 0);
  const out = new ByteWriter();
  out.reserve(HEADER_BYTES);
  const fields = out.reserve(fieldCount * FIELD_BYTES);
  const nodes = out.reserve(nodeCount * NODE_BYTES);
  const keyNode = out.reserve(spec.partitionKey === undefined ? 0 : NODE_BYTES);
  const columnTable = out.reserve(columns.length * COLUMN_BYTES);

  const texts = new Map<number, string>();
  let field = fields + spec.fields.length * FIELD_BYTES;
  const writeObject = (members: readonly FieldSpec[], memberNodes: readonly number[]): number => {
    const first = field;
    field += members.length * FIELD_BYTES;
    return writeObjectRecord(out, out.reserve(OBJECT_BYTES), first, members, memberNodes);
  };
  let node = nodes;
  const columnNodes = columns.map((column, index) => {
    const at = node;
    node = writeNodes({ out, texts, writeObject }, at, column as ChildType);
    const header = nativeHeader(column);
    const record = columnTable + index * COLUMN_BYTES;
    out.u32(record, at);
    out.u32(record + 4, out.append(header));
    out.u32(record + 8, header.length);
    out.u32(record + 12, nodeCounts[index]!);
    out.align(4);
    return at;
  });
  const fieldNodes = spec.fields.map((field, index) => {
    if (field.name !== spec.partitionKey) return columnNodes[index]!;
    out.u8(keyNode, PARTITION_KEY_KIND);
    out.u32(keyNode + 8, columnNodes[index]!);
    return keyNode;
  });
  writeObjectRecord(out, ROW_OBJECT, fields, spec.fields, fieldNodes);
  // Two models with the same fields are two schemas.
  out.append(encoder.encode(`${spec.name}\0${spec.version}\0`));
  out.align(64);
  out.u32(0, MAGIC);
  out.u32(RULES_BYTES, out.length);
  out.u32(12, fieldCount);
  out.u32(16, fields);
  out.u32(20, columns.length);
  out.u32(24, columnTable);
  out.u32(28, nodes);
  out.u32(
    32,
    (spec.extra === "drop" ? programFlags.dropExtra : 0) |
      (spec.partitionKey === undefined ? 0 : programFlags.partitionKey),
  );
  out.u32(36, nodeCount);
  if (spec.extra === "keep") out.u32(56, columnNodes[spec.fields.length]!);
  const nodeTexts = Array.from({ length: nodeCount }, (_, i) => texts.get(nodes + i * NODE_BYTES) ?? "");
  out.append(errorTexts(spec, nodeTexts));
  return out.toBytes();
}

/** Writes an object's record at `at`, its field records at `fields`. Returns `at`. */
function writeObjectRecord(
  out: ByteWriter,
  at: number,
  fields: number,
  members: readonly FieldSpec[],
  nodes: readonly number[],
): number {
  members.forEach((member, index) => {
    const next = fields + ((index + 1) % members.length) * FIELD_BYTES;
    writeField(out, fields + index * FIELD_BYTES, next, nodes[index]!, member);
  });
  const names = writeNameTable(
    out,
    members.map((member, index) => [member.name, index] as const),
  );
  out.u32(at, members.length);
  out.u32(at + 4, fields);
  out.u32(at + 8, names);
  out.u32(at + 12, PROGRAM_ADDRESS + fields);
  return at;
}

function writeField(out: ByteWriter, at: number, next: number, node: number, field: FieldSpec): void {
  // An object that is absent is one without members.
  const absent = field.optional === true && field.type.kind === "object" ? {} : field.default;
  // The closing quote belongs to what is compared, so that no name passes for a longer one.
  const name = encoder.encode(`${field.name}"`);
  const compared = Math.min(16, name.length);
  out.set(at, name.subarray(0, compared));
  out.set(at + 16, new Uint8Array(compared).fill(0xff));
  out.u32(at + 32, out.append(name));
  out.u32(at + 36, name.length - 1);
  out.u32(at + 40, node);
  out.u32(
    at + 44,
    (field.optional === true ? fieldFlags.optional : 0) | (absent !== undefined ? fieldFlags.hasDefault : 0),
  );
  if (absent !== undefined) {
    out.u32(at + 48, out.append(encoder.encode(encodeEvent([absent]).slice(1, -1))));
    // Zeros end what is read behind the default's text.
    out.reserve(32);
  }
  out.align(4);
  out.u32(at + 56, PROGRAM_ADDRESS + next);
}

/** Name and type of a column as a Native block begins it: each a length (LEB128) and its bytes. */
function nativeHeader(column: FieldSpec): Uint8Array {
  const parts = [column.name, clickHouseType(column)].map((text) => encoder.encode(text));
  return Uint8Array.from(parts.flatMap((bytes) => [...leb128(bytes.length), ...bytes]));
}
