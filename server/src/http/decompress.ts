// Decompresses a request body with a cap on what comes out, off the event loop, a few at a time.
import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate, type ZlibOptions } from "node:zlib";
import { MooseError } from "../model/errors.ts";

type Inflater = (body: Uint8Array, options: ZlibOptions) => Promise<Buffer>;

const inflaters: Readonly<Record<string, Inflater>> = {
  gzip: promisify<Uint8Array, ZlibOptions, Buffer>(gunzip),
  "x-gzip": promisify<Uint8Array, ZlibOptions, Buffer>(gunzip),
  deflate: promisify<Uint8Array, ZlibOptions, Buffer>(inflate),
  br: promisify<Uint8Array, ZlibOptions, Buffer>(brotliDecompress),
};

/** Each holds up to the cap in memory; libuv has four threads for them. */
const MAX_RUNNING = 4;
const MAX_WAITING = 256;

export type Decompress = (body: Uint8Array, encoding: string, maxBytes: number) => Promise<Uint8Array>;

/** Undefined when the encoding needs nothing done; throws `unsupported_encoding` when it is not one of ours. */
export function knownEncoding(header: string): string | undefined {
  const encoding = header.trim().toLowerCase();
  if (encoding === "" || encoding === "identity") return undefined;
  if (Object.hasOwn(inflaters, encoding)) return encoding;
  throw new MooseError(
    "unsupported_encoding",
    `Content-Encoding "${header.slice(0, 100)}" is not read. Send gzip, br or deflate, one of them, or none.`,
    { extra: { accepted: ["gzip", "br", "deflate", "identity"] } },
  );
}

/** Throws `body_too_large` over the cap (nothing beyond it is ever held), `malformed_body` for bad data, `overloaded` when too many wait. */
export function createDecompress(): Decompress {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (body, encoding, maxBytes) => {
    if (running >= MAX_RUNNING) {
      if (waiting.length >= MAX_WAITING) {
        throw new MooseError("overloaded", "Too many compressed bodies are being read. Retry after a second.", {
          retryAfterSeconds: 1,
        });
      }
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else running++;
    try {
      return await inflaters[encoding]!(body, { maxOutputLength: maxBytes });
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") {
        throw new MooseError(
          "body_too_large",
          `The body is over ${maxBytes} bytes after decompression. Send it in parts.`,
          { extra: { maxBytes } },
        );
      }
      throw new MooseError("malformed_body", `The body is not valid ${encoding} data, or it ends too early.`, {
        cause,
      });
    } finally {
      // The place passes straight to the next one that waits.
      const next = waiting.shift();
      if (next === undefined) running--;
      else next();
    }
  };
}
