// gzip by the platform's CompressionStream: browsers and Node alike, nothing of it is in the bundle.

/** Fewer bytes gain nothing that is worth the time. */
export const LEAST_COMPRESSED_BYTES = 1024;

/** The part of the Streams API that is used; Node's and ECMAScript's type libraries differ in it. */
interface Platform {
  readonly CompressionStream?: new (
    format: "gzip",
  ) => { readonly readable: unknown; readonly writable: { getWriter(): StreamWriter } };
  readonly Response: new (body: never) => { arrayBuffer(): Promise<ArrayBuffer> };
}

interface StreamWriter {
  write(bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

const platform = globalThis as unknown as Platform;

/** Undefined where the platform cannot. */
export async function gzip(body: Uint8Array): Promise<Uint8Array | undefined> {
  if (!platform.CompressionStream) return undefined;
  const stream = new platform.CompressionStream("gzip");
  const writer = stream.writable.getWriter();
  // A failure shows on the readable side, which is awaited.
  writer.write(body).catch(() => {});
  writer.close().catch(() => {});
  return new Uint8Array(await new platform.Response(stream.readable as never).arrayBuffer());
}
