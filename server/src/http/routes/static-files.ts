// Serves the files of one folder at `/`; nothing outside of it, by `..`, by escape or by symbolic link.
import { createReadStream } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { extname, join, sep } from "node:path";
import { MooseError } from "../../model/errors.ts";
import type { HeaderList, HttpExchange } from "../http-types.ts";

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".map": "application/json",
  ".webmanifest": "application/manifest+json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".gif": "image/gif",
  ".webp": "image/webp",
  ".avif": "image/avif",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".wasm": "application/wasm",
  ".txt": "text/plain; charset=utf-8",
  ".csv": "text/csv; charset=utf-8",
  ".parquet": "application/vnd.apache.parquet",
};

export type StaticFiles = (exchange: HttpExchange) => Promise<void>;

/** Throws `not_found` for whatever is not a file of the folder. Files whose names begin with a dot are not served. */
export function createStaticFiles(folder: string): StaticFiles {
  return async (exchange) => {
    const ifNoneMatch = exchange.header("if-none-match");
    const found = await find(folder, exchange.path);
    if (found === undefined) throw new MooseError("not_found", `Nothing is at ${exchange.path.slice(0, 200)}.`);
    const { path, size, modifiedMs } = found;
    const tag = `W/"${size.toString(36)}-${Math.trunc(modifiedMs).toString(36)}"`;
    const headers: HeaderList = [
      ["etag", tag],
      ["cache-control", "no-cache"],
      ["x-content-type-options", "nosniff"],
    ];
    if (ifNoneMatch.split(",").some((known) => known.trim() === tag)) return exchange.reply(304, "", "", headers);
    const type = types[extname(path).toLowerCase()] ?? "application/octet-stream";
    if (size === 0) return exchange.reply(200, type, "", headers);
    await exchange.stream(200, type, createReadStream(path, { highWaterMark: 256 * 1024 }), headers);
  };
}

async function find(
  folder: string,
  urlPath: string,
): Promise<{ path: string; size: number; modifiedMs: number } | undefined> {
  const segments = decodeSegments(urlPath);
  if (segments === undefined) return undefined;
  try {
    const root = await realpath(folder);
    let path = await realpath(join(root, ...segments));
    let stats = await stat(path);
    if (stats.isDirectory()) {
      path = await realpath(join(path, "index.html"));
      stats = await stat(path);
    }
    if (!stats.isFile() || !path.startsWith(root + sep)) return undefined;
    return { path, size: stats.size, modifiedMs: stats.mtimeMs };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    if (["ENOENT", "ENOTDIR", "ELOOP", "ENAMETOOLONG", "EACCES"].includes(code)) return undefined;
    throw error;
  }
}

/** Undefined when a segment could lead elsewhere: `..`, a dot file, a separator or NUL behind an escape. */
function decodeSegments(urlPath: string): readonly string[] | undefined {
  const segments: string[] = [];
  for (const part of urlPath.split("/")) {
    if (part === "") continue;
    let name: string;
    try {
      name = decodeURIComponent(part);
    } catch {
      return undefined;
    }
    if (name.startsWith(".") || ["/", "\\", "\0"].some((char) => name.includes(char))) return undefined;
    segments.push(name);
  }
  return segments;
}
