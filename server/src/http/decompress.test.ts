// Bad data and bombs are refused, and never held whole.
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { createDecompress, knownEncoding } from "./decompress.ts";

const decompress = createDecompress();
const body = Buffer.from('{"a":1}'.repeat(100));

describe("decompress", () => {
  it.each([
    ["gzip", gzipSync(body)],
    ["br", brotliCompressSync(body)],
    ["deflate", deflateSync(body)],
  ])("reads %s", async (encoding, sent) => {
    expect(Buffer.from(await decompress(sent, encoding, 1000)).equals(body)).toBe(true);
  });

  it.each(["gzip", "br", "deflate"])("refuses %s garbage and truncation", async (encoding) => {
    const whole = { gzip: gzipSync(body), br: brotliCompressSync(body), deflate: deflateSync(body) }[encoding]!;
    for (const bad of [Buffer.from("garbage!"), whole.subarray(0, whole.length - 6), Buffer.alloc(0)]) {
      await expect(decompress(bad, encoding, 1000)).rejects.toMatchObject({ code: "malformed_body" });
    }
  });

  it("refuses a bomb without holding it", async () => {
    const bomb = gzipSync(Buffer.alloc(256 * 1024 * 1024));
    const before = process.memoryUsage().arrayBuffers;
    await expect(decompress(bomb, "gzip", 1024 * 1024)).rejects.toMatchObject({ code: "body_too_large" });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * 1024 * 1024);
  });

  it("goes on after more requests than it runs at a time", async () => {
    const sent = gzipSync(body);
    const all = await Promise.allSettled(Array.from({ length: 300 }, () => decompress(sent, "gzip", 1000)));
    const refused = all.filter((one) => one.status === "rejected");
    expect(refused).toHaveLength(300 - 256 - 4);
    for (const one of refused) expect(one.reason).toMatchObject({ code: "overloaded" });
    expect((await decompress(sent, "gzip", 1000)).length).toBe(body.length);
  });
});

describe("knownEncoding", () => {
  it("knows what is read and refuses the rest", () => {
    expect(knownEncoding("")).toBeUndefined();
    expect(knownEncoding("Identity")).toBeUndefined();
    expect(knownEncoding(" GZIP ")).toBe("gzip");
    for (const other of ["zstd", "gzip, br", "constructor"]) {
      expect(() => knownEncoding(other)).toThrow(expect.objectContaining({ code: "unsupported_encoding" }));
    }
  });
});
