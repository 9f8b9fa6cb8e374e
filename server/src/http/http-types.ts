// HTTP as the routes see it: one exchange of request and reply, and WebSocket endpoints. Implemented in http/uws.
import type { MooseError } from "../model/errors.ts";
import type { LiveConnection, LiveSocket } from "../ports/live-socket.ts";

export type HeaderList = readonly (readonly [name: string, value: string])[];

/** One request and its reply. Exactly one of reply and stream is called; later calls, and calls after the peer left, do nothing. */
export interface HttpExchange {
  /** Upper case. */
  readonly method: string;
  /** As it was sent: percent-encoded, without the query. */
  readonly path: string;
  /** What follows "?", or "". */
  readonly query: string;
  readonly requestId: string;
  /** Aborts when the peer leaves. */
  readonly signal: AbortSignal;
  /** Whether the peer is on this machine. Only until the handler's first await. */
  fromLoopback(): boolean;
  /** A request header by lower-case name; "" when absent. Only until the handler's first await: the server reuses the memory. */
  header(name: string): string;
  /**
   * The whole body, until the handler's promise settles: its memory then serves the next request. Call before the first await.
   * Rejects with MooseError `body_too_large` as soon as Content-Length or the bytes received exceed the limit, with `overloaded` when too many bytes of other requests are buffered, and with PeerLeft.
   */
  readBody(maxBytes: number): Promise<Uint8Array>;
  reply(status: number, contentType: string, body: string | Uint8Array, headers?: HeaderList): void;
  /** Sends chunks as fast as the peer takes them; a peer that takes none for 30 s is cut off. */
  stream(status: number, contentType: string, chunks: AsyncIterable<Uint8Array>, headers?: HeaderList): Promise<void>;
}

/** Why a body could not be read when the peer closed the connection: there is nobody to answer. */
export class PeerLeft extends Error {
  override readonly name = "PeerLeft";
}

/** Path parameters, decoded, in the order of the template. */
export type RouteHandler = (exchange: HttpExchange, parameters: readonly string[]) => void | Promise<void>;

export interface Route {
  readonly method: "GET" | "POST";
  /** As in the contract: `/ingest/{model}`. */
  readonly path: string;
  readonly handler: RouteHandler;
}

export interface SocketEndpoint {
  readonly path: string;
  readonly subprotocol: string;
  /** Longer messages close the socket with 1009. Bytes. */
  readonly maxMessageBytes: number;
  /** The reason to refuse an upgrade, if there is one; `offered` are the subprotocols that the client offers. */
  refuse(origin: string, offered: readonly string[]): MooseError | undefined;
  open(socket: LiveSocket): LiveConnection;
}

export interface HttpListener {
  readonly port: number;
  /** Stops listening, closes WebSockets with 1001, waits for requests under way up to the limits, then closes every connection. */
  close(limits: { readonly limitMs: number; readonly lingerMs: number }): Promise<void>;
}
