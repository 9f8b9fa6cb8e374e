// For tests: speaks HTTP and WebSocket frames over a plain socket, so that requests may be as broken as a test wants.
import { connect } from "node:net";

export interface RawReply {
  /** Whether the server closed the connection by itself. */
  readonly closed: boolean;
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly text: string;
}

/** Sends the bytes; resolves when the server closes, or when `done` is content with what has come. Fails after the limit. */
export function exchangeRaw(
  port: number,
  sent: string | Uint8Array,
  done: (text: string) => boolean = (text) => text.includes("\r\n\r\n"),
  /** Sent once the head of the reply is there: a WebSocket client may not send frames before. */
  afterHead: Uint8Array = new Uint8Array(0),
  limitMs = 15_000,
): Promise<RawReply> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    let received = "";
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new Error(`no end within ${limitMs} ms; received ${JSON.stringify(received)}`));
    }, limitMs);
    const finish = (closed: boolean): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ closed, ...parse(received) });
    };
    socket.on("data", (chunk) => {
      const hadHead = received.includes("\r\n\r\n");
      received += chunk.toString("latin1");
      if (!hadHead && received.includes("\r\n\r\n") && afterHead.length > 0) socket.write(afterHead);
      if (done(received)) finish(false);
    });
    socket.on("close", () => finish(true));
    // A reset also ends the connection: "close" follows.
    socket.on("error", () => {});
    socket.write(sent);
  });
}

function parse(received: string): Omit<RawReply, "closed"> {
  const end = received.indexOf("\r\n\r\n");
  const [first = "", ...lines] = received.slice(0, Math.max(0, end)).split("\r\n");
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(":");
    headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
  }
  return { status: Number(first.split(" ")[1] ?? 0), headers, text: received.slice(end + 4) };
}

/** A masked text frame, as a client sends it; for payloads below 126 bytes. */
export function textFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  // A mask of zeros leaves the payload readable and is as valid as any.
  return Buffer.concat([Buffer.from([0x81, 0x80 | payload.length, 0, 0, 0, 0]), payload]);
}

export const upgradeRequest = (headers: Readonly<Record<string, string>>): string =>
  [
    "GET /live HTTP/1.1",
    "host: localhost",
    "upgrade: websocket",
    "connection: Upgrade",
    "sec-websocket-version: 13",
    "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==",
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    "\r\n",
  ].join("\r\n");
