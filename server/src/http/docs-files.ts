// The files of `/docs`: Swagger UI as its authors publish it, and the page that starts it. Nothing is fetched from elsewhere.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzip } from "node:zlib";

export interface DocsFile {
  readonly type: string;
  readonly bytes: Uint8Array;
  readonly gzipped: Uint8Array;
  readonly etag: string;
}

const types: Readonly<Record<string, string>> = {
  "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
  "swagger-ui.css": "text/css; charset=utf-8",
  LICENSE: "text/plain; charset=utf-8",
  NOTICE: "text/plain; charset=utf-8",
};

/** Relative to the page, so that it works behind a proxy that adds a path. */
const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Moose API</title>
<link rel="stylesheet" href="docs/swagger-ui.css">
<link rel="icon" href="data:,">
</head>
<body>
<div id="docs"></div>
<noscript>This page needs JavaScript. The contract itself is <a href="openapi.json">openapi.json</a>, and for WebSocket <a href="asyncapi.json">asyncapi.json</a>.</noscript>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
`;
const start = `window.moose = SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#docs",
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  validatorUrl: null,
  queryConfigEnabled: false,
});
`;
const own: Readonly<Record<string, readonly [type: string, text: string]>> = {
  "": ["text/html; charset=utf-8", page],
  "start.js": ["text/javascript; charset=utf-8", start],
};

const compress = promisify<Uint8Array, Buffer>(gzip);

/** Reads each file once, when it is first asked for; "" is the page. Undefined for a name that is none of them. */
export function createDocsFiles(): (name: string) => Promise<DocsFile | undefined> {
  const known = new Map<string, Promise<DocsFile>>();
  return async (name) => {
    if (!Object.hasOwn(own, name) && !Object.hasOwn(types, name)) return undefined;
    let file = known.get(name);
    if (file === undefined) {
      file = read(name);
      known.set(name, file);
      // A failure is not remembered.
      file.catch(() => known.delete(name));
    }
    return file;
  };
}

async function read(name: string): Promise<DocsFile> {
  const [type, text] = own[name] ?? [types[name]!, undefined];
  const bytes = text === undefined ? await readFile(join(folder(), name)) : Buffer.from(text);
  const etag = `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 16)}"`;
  return { type, bytes, gzipped: await compress(bytes), etag };
}

/** A release has them beside its chunks; from source they are where they were installed. */
function folder(): string {
  const released = fileURLToPath(new URL("./docs/", import.meta.url));
  if (existsSync(released)) return released;
  return dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));
}
