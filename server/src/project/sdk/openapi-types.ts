// Types of a document by openapi-typescript, which is loaded only here: it brings the TypeScript compiler along.
import type { OpenAPI3 } from "openapi-typescript";

/** `asSent`: what a client may also send for a text of the wire, a Date for a time and a bigint for a wide integer. */
export async function openApiTypes(document: object, { asSent }: { readonly asSent: boolean }): Promise<string> {
  const { astToString, default: openapiTypescript } = await import("openapi-typescript");
  const { default: ts } = await import("typescript");
  const keyword = (kind: import("typescript").KeywordTypeSyntaxKind) => ts.factory.createKeywordTypeNode(kind);
  const choices: Readonly<Record<string, () => readonly import("typescript").TypeNode[]>> = {
    "date-time": () => [keyword(ts.SyntaxKind.StringKeyword), ts.factory.createTypeReferenceNode("Date")],
    ...Object.fromEntries(
      ["int64", "int128", "int256", "uint64", "uint128", "uint256"].map((format) => [
        format,
        () => [keyword(ts.SyntaxKind.NumberKeyword), keyword(ts.SyntaxKind.BigIntKeyword)],
      ]),
    ),
  };
  const nodes = await openapiTypescript(document as OpenAPI3, {
    // What has a default may be left out.
    defaultNonNullable: false,
    immutable: asSent,
    alphabetize: true,
    silent: true,
    ...(asSent
      ? {
          transform: ({ format, type }: { format?: string; type?: string | readonly string[] }) => {
            const types = choices[format ?? ""]?.();
            if (types === undefined) return undefined;
            const nullable = Array.isArray(type) && type.includes("null");
            const all = nullable ? [...types, ts.factory.createLiteralTypeNode(ts.factory.createNull())] : types;
            return ts.factory.createUnionTypeNode(all);
          },
        }
      : {}),
  });
  return astToString(nodes);
}
