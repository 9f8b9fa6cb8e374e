// The adapter of `@mrleebo/prisma-ast`: the text of a schema becomes a tree with places; nothing else knows the library.
import * as prismaAst from "@mrleebo/prisma-ast";
import { describeSyntax, findMisplaced, findUnread, type SyntaxFailure } from "./describe-syntax.ts";
import { readLiteral } from "./read-literal.ts";
import { SchemaMistake } from "./schema-mistake.ts";
import type {
  AttributeArgument,
  DocLine,
  PrismaSchema,
  SchemaAttribute,
  SchemaBlock,
  SchemaEnum,
  SchemaEnumValue,
  SchemaField,
  SchemaPlace,
} from "./schema-tree.ts";

/** What we read of the library's nodes. It gives more nodes their location than its types say. */
interface Node {
  readonly type: string;
  readonly name?: string;
  readonly text?: string;
  readonly comment?: string;
  readonly group?: string;
  readonly fieldType?: unknown;
  readonly array?: boolean;
  readonly optional?: boolean;
  readonly args?: readonly { readonly value: unknown }[];
  readonly attributes?: readonly Node[];
  readonly properties?: readonly Node[];
  readonly enumerators?: readonly Node[];
  readonly location?: { startLine: number; startColumn: number; endColumn: number };
}

/** Throws SchemaMistake when the text is not a schema. `file` is only for places. */
export function parseSchema(text: string, file: string): PrismaSchema {
  // The library takes spaces at the end of a line together with the line break, and then misses the break.
  // A lone carriage return counts as a line for it, and for no editor.
  const source = text.replace(/\r(?!\n)/g, " ").replace(/[ \t]+(?=\r?\n|$)/g, "");
  const lines = source.split(/\r?\n/);
  const placeAt = (line: number, column: number, length: number): SchemaPlace => ({ file, line, column, length });
  const placeOf = ({ location }: Node): SchemaPlace =>
    placeAt(location!.startLine, location!.startColumn, location!.endColumn - location!.startColumn + 1);

  const docLine = (comment: string, line: number, column: number): DocLine[] => {
    const lead = /^\/\/\/[ \t]*/.exec(comment)?.[0].length;
    if (lead === undefined) return [];
    return [{ text: comment.slice(lead).trim(), place: placeAt(line, column + lead, comment.length - lead) }];
  };
  /** A comment behind a part, in its line. The library does not say where it stands. */
  const trailing = (node: Node): DocLine[] => {
    if (node.comment === undefined) return [];
    const line = node.location!.startLine;
    return docLine(node.comment, line, lines[line - 1]!.lastIndexOf(node.comment) + 1);
  };

  const attribute = (node: Node): SchemaAttribute => {
    const place = placeOf(node);
    const argument = ({ value }: { readonly value: unknown }): AttributeArgument => {
      const named = value as { type?: string; key?: string; value?: unknown };
      return named.type === "keyValue"
        ? { name: named.key!, value: readLiteral(named.value, place) }
        : { value: readLiteral(value, place) };
    };
    const name = node.group === undefined ? node.name! : `${node.group}.${node.name}`;
    return { name, arguments: (node.args ?? []).map(argument), place };
  };
  const attributes = (node: Node): SchemaAttribute[] => (node.attributes ?? []).map(attribute);

  const field = (node: Node, docs: readonly DocLine[]): SchemaField => {
    const { startLine, startColumn } = node.location!;
    const name = node.name!;
    const type = typeof node.fieldType === "string" ? node.fieldType : "Unsupported";
    const rest = lines[startLine - 1]!.slice(startColumn - 1 + name.length);
    const typeColumn = startColumn + name.length + rest.search(/\S/);
    return {
      name,
      place: placeAt(startLine, startColumn, name.length),
      type,
      typePlace: placeAt(startLine, typeColumn, type.length),
      list: node.array === true,
      optional: node.optional === true,
      attributes: attributes(node),
      docs: [...docs, ...trailing(node)],
    };
  };

  const strayDocs: DocLine[] = [];
  /** Gives each node the doc comments that stand directly above it. */
  const documented = (nodes: readonly Node[], visit: (node: Node, docs: readonly DocLine[]) => void): void => {
    let docs: DocLine[] = [];
    let lastLine = 0;
    for (const node of nodes) {
      if (node.type === "comment") {
        docs.push(...docLine(node.text!, node.location!.startLine, node.location!.startColumn));
        continue;
      }
      const takesDocs = !["break", "attribute", "datasource", "generator"].includes(node.type);
      if (!takesDocs) strayDocs.push(...docs);
      if (node.type === "field" || node.type === "enumerator") {
        const line = node.location!.startLine;
        if (line === lastLine) throw new SchemaMistake(`Write "${node.name}" in a line of its own`, placeOf(node));
        lastLine = line;
      }
      if (node.type !== "break") visit(node, takesDocs ? docs : []);
      docs = [];
    }
    strayDocs.push(...docs);
  };

  const namePlace = ({ name, location }: Node): SchemaPlace =>
    placeAt(location!.startLine, location!.endColumn - name!.length + 1, name!.length);
  const block = (node: Node, docs: readonly DocLine[]): SchemaBlock => {
    const fields: SchemaField[] = [];
    const blockAttributes: SchemaAttribute[] = [];
    documented(node.properties ?? [], (member, memberDocs) => {
      if (member.type === "field") fields.push(field(member, memberDocs));
      else blockAttributes.push(attribute(member));
    });
    const kind = node.type as SchemaBlock["kind"];
    return { kind, name: node.name!, place: namePlace(node), docs, fields, attributes: blockAttributes };
  };
  const enumeration = (node: Node, docs: readonly DocLine[]): SchemaEnum => {
    const values: SchemaEnumValue[] = [];
    const blockAttributes: SchemaAttribute[] = [];
    documented(node.enumerators ?? [], (member, memberDocs) => {
      if (member.type !== "enumerator") blockAttributes.push(attribute(member));
      else {
        const place = placeAt(member.location!.startLine, member.location!.startColumn, member.name!.length);
        const valueDocs = [...memberDocs, ...trailing(member)];
        values.push({ name: member.name!, place, attributes: attributes(member), docs: valueDocs });
      }
    });
    return { kind: "enum", name: node.name!, place: namePlace(node), docs, values, attributes: blockAttributes };
  };

  const blocks: SchemaBlock[] = [];
  const enums: SchemaEnum[] = [];
  documented(readNodes(source, file), (node, docs) => {
    if (node.type === "enum") enums.push(enumeration(node, docs));
    else if (["model", "view", "type"].includes(node.type)) blocks.push(block(node, docs));
  });
  return { blocks, enums, strayDocs };
}

let reader: { parser: prismaAst.PrismaParser; visitor: never } | undefined;

/** Runs the library, and refuses what it would let pass: text that none of its tokens covers, and what stands in the wrong block. */
function readNodes(source: string, file: string): readonly Node[] {
  if (reader === undefined) {
    const parser = new prismaAst.PrismaParser({ nodeLocationTracking: "full" });
    const Visitor = prismaAst.VisitorClassFactory(parser);
    reader = { parser, visitor: new Visitor() as never };
  }
  let nodes: readonly Node[] = [];
  let failure: unknown;
  try {
    nodes = prismaAst.getSchema(source, reader).list as unknown as readonly Node[];
  } catch (error) {
    failure = error;
  }
  const { input } = reader.parser;
  const unread = findUnread(source, file, input) ?? findMisplaced(source, file, input);
  if (unread !== undefined) throw unread;
  if (failure !== undefined) {
    if ((failure as Partial<SyntaxFailure>).token === undefined) throw failure;
    throw describeSyntax(source, file, failure as SyntaxFailure);
  }
  return nodes;
}
