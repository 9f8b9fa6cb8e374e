// Compiles a model into its schema program: the tables that the core walks, the same bytes wherever it is compiled.
import { checkModel } from "../language/check-model.ts";
import { clickHouseType } from "../language/clickhouse-type.ts";
import { encodeEvent } from "../language/encode-event.ts";
import type { FieldSpec, ModelSpec } from "../language/model-spec.ts";
import { ByteWriter } from "./byte-writer.ts";
import { digest } from "./digest.ts";
import { errorTexts } from "./error-texts.ts";
import {
  COLUMN_BYTES,
  FIELD_BYTES,
  fieldFlags,
  HEADER_BYTES,
  MAGIC,
  NODE_BYTES,
  PROGRAM_ADDRESS,
  programFlags,
  RULES_BYTES,
} from "./layout.ts";
import { writeNameTable } from "./name-table.ts";
import { countNodes, writeNodes } from "./write-nodes.ts";

const encoder = new TextEncoder();

/** Columns behind the model's own: where a row comes from. */
const originColumns: readonly FieldSpec[] = [
  { name: "_partition", type: { kind: "uint32" } },
  { name: "_offset", type: { kind: "uint64" } },
  { name: "_received_at", type: { kind: "dateTime64", precision: 3 } },
];

/** Throws DefinitionError when the model cannot work. */
export function compileProgram(spec: ModelSpec): Uint8Array {
  checkModel(spec);
  const columns = [...spec.fields, ...originColumns];
  const out = new ByteWriter();
  out.reserve(HEADER_BYTES);
  const fields = out.reserve(spec.fields.length * FIELD_BYTES);
  const nodes = out.reserve(columns.reduce((sum, column) => sum + countNodes(column.type), 0) * NODE_BYTES);
  const nodesEnd = out.length;
  const columnTable = out.reserve(columns.length * COLUMN_BYTES);

  const texts = new Map<number, string>();
  let node = nodes;
  columns.forEach((column, index) => {
    const next = writeNodes(out, node, column, texts);
    if (index < spec.fields.length) writeField(out, fields, index, spec.fields.length, node, column);
    const header = nativeHeader(column);
    const at = columnTable + index * COLUMN_BYTES;
    out.u32(at, node);
    out.u32(at + 4, out.append(header));
    out.u32(at + 8, header.length);
    out.align(4);
    node = next;
  });

  const names = writeNameTable(
    out,
    spec.fields.map((field, index) => [field.name, index] as const),
  );
  // Two models with the same fields are two schemas.
  out.append(encoder.encode(`${spec.name}\0${spec.version}\0`));
  out.align(64);
  out.u32(0, MAGIC);
  out.u32(RULES_BYTES, out.length);
  out.u32(12, spec.fields.length);
  out.u32(16, fields);
  out.u32(20, columns.length);
  out.u32(24, columnTable);
  out.u32(28, names);
  out.u32(32, spec.extra === "drop" ? programFlags.dropExtra : 0);
  out.u32(36, PROGRAM_ADDRESS + fields);
  const nodeTexts = Array.from(
    { length: (nodesEnd - nodes) / NODE_BYTES },
    (_, i) => texts.get(nodes + i * NODE_BYTES) ?? "",
  );
  out.append(errorTexts(spec, nodeTexts));
  return out.toBytes();
}

/** Names the rules of a program. Its texts may change without making it another schema. */
export function schemaId(program: Uint8Array): string {
  const rules = new DataView(program.buffer, program.byteOffset).getUint32(RULES_BYTES, true);
  return digest(program.subarray(0, rules));
}

function writeField(
  out: ByteWriter,
  fields: number,
  index: number,
  count: number,
  node: number,
  field: FieldSpec,
): void {
  const at = fields + index * FIELD_BYTES;
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
    (field.optional === true ? fieldFlags.optional : 0) | (field.default !== undefined ? fieldFlags.hasDefault : 0),
  );
  if (field.default !== undefined) {
    out.u32(at + 48, out.append(encoder.encode(encodeEvent([field.default]).slice(1, -1))));
    // Zeros end what is read behind the default's text.
    out.reserve(32);
  }
  out.align(4);
  out.u32(at + 56, PROGRAM_ADDRESS + fields + ((index + 1) % count) * FIELD_BYTES);
}

/** Name and type of a column as a Native block begins it: each a length (LEB128) and its bytes. */
function nativeHeader(column: FieldSpec): Uint8Array {
  const parts = [column.name, clickHouseType(column)].map((text) => encoder.encode(text));
  return Uint8Array.from(parts.flatMap((bytes) => [...leb128(bytes.length), ...bytes]));
}

export function leb128(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) | 128);
  }
}
