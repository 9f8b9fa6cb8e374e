// One HTTP exchange on uWebSockets.js. Hot path: nothing here is per header or per byte, closures are per callback that uWS demands.
import type { HttpRequest, HttpResponse } from "uWebSockets.js";
import { isLoopback } from "../../lib/is-loopback.ts";
import type { ByteBudget } from "../../model/byte-budget.ts";
import { MooseError } from "../../model/errors.ts";
import type { BodyBuffers } from "../body-buffers.ts";
import { type HeaderList, type HttpExchange, PeerLeft } from "../http-types.ts";
import { reasonOf } from "../status.ts";

/** A reader that takes nothing for so long is cut off. */
const STALL_LIMIT_MS = 30_000;

/** What exchanges of one listener share. */
export interface ExchangeContext {
  readonly bodyBudget: ByteBudget;
  readonly bodyBuffers: BodyBuffers;
  readonly requestId: (sent: string) => string;
  readonly corsHeaders: (origin: string) => HeaderList;
  /** After the last byte of the reply was handed over, or the peer left (status 0). */
  readonly finished: (exchange: UwsExchange, status: number) => void;
  /** The listener is closing: connections end after their reply. */
  closing: boolean;
}

export class UwsExchange implements HttpExchange {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly requestId: string;
  readonly startedAtMs = performance.now();
  /** The template of the route that handles it; for metrics. */
  route = "";
  readonly #response: HttpResponse;
  readonly #context: ExchangeContext;
  readonly #cors: HeaderList;
  #request: HttpRequest | undefined;
  #over = false;
  #replyBegun = false;
  #closeAfterReply = false;
  #heldBytes = 0;
  #body: Buffer | undefined;
  #abort: AbortController | undefined;
  #onPeerLeft: (() => void) | undefined;
  #onDrained: (() => void) | undefined;

  constructor(response: HttpResponse, request: HttpRequest, context: ExchangeContext) {
    this.#response = response;
    this.#request = request;
    this.#context = context;
    this.method = request.getCaseSensitiveMethod();
    this.path = request.getUrl();
    this.query = request.getQuery() ?? "";
    this.requestId = context.requestId(request.getHeader("x-request-id"));
    this.#cors = context.corsHeaders(request.getHeader("origin"));
    response.onAborted(() => this.#left());
  }

  /** uWS reuses the request's memory once its callback returns. */
  endOfCallback(): void {
    this.#request = undefined;
  }

  /** To be called when the handler has settled: the body may be overwritten from then on. */
  releaseBody(): void {
    if (this.#body !== undefined) this.#context.bodyBuffers.giveBack(this.#body);
    this.#body = undefined;
  }

  /** Nobody waits for an answer any more: it has begun, or the peer left. */
  get answered(): boolean {
    return this.#replyBegun || this.#over;
  }

  get signal(): AbortSignal {
    this.#abort ??= new AbortController();
    if (this.#over && !this.#replyBegun) this.#abort.abort();
    return this.#abort.signal;
  }

  header(name: string): string {
    if (this.#request === undefined) throw new Error(`Header ${name} was read after the handler's first await.`);
    return this.#request.getHeader(name);
  }

  fromLoopback(): boolean {
    return isLoopback(new Uint8Array(this.#response.getRemoteAddress()));
  }

  readBody(maxBytes: number): Promise<Uint8Array> {
    const length = this.header("content-length");
    const announced = length === "" ? 0 : Number(length);
    return new Promise((resolve, reject) => {
      const refuse = (error: MooseError): void => {
        this.#closeAfterReply = true;
        reject(error);
      };
      if (announced > maxBytes) return refuse(tooLarge(maxBytes));
      if (length !== "" && this.#count("content-length") > 1) return refuse(twoLengths());
      try {
        this.#hold(announced);
      } catch (error) {
        return refuse(error as MooseError);
      }
      this.#onPeerLeft = () => reject(new PeerLeft("The peer left before its body was read."));
      let whole: Buffer | undefined;
      let filled = 0;
      let refused = false;
      this.#response.onData((chunk, isLast) => {
        if (refused || this.#over) return;
        const bytes = new Uint8Array(chunk);
        const total = filled + bytes.length;
        if (total > maxBytes) {
          refused = true;
          return refuse(tooLarge(maxBytes));
        }
        if (total > this.#heldBytes) {
          try {
            this.#hold(total - this.#heldBytes);
          } catch (error) {
            refused = true;
            return refuse(error as MooseError);
          }
        }
        // uWS takes the chunk's memory back when this returns, so it is copied once, into its place.
        whole = this.#fit(whole, filled, isLast ? total : Math.max(total, announced), isLast, maxBytes);
        whole.set(bytes, filled);
        filled = total;
        if (isLast) {
          this.#onPeerLeft = undefined;
          this.#body = whole;
          resolve(whole.length === filled ? whole : whole.subarray(0, filled));
        }
      });
    });
  }

  reply(status: number, contentType: string, body: string | Uint8Array, headers?: HeaderList): void {
    if (this.#over || this.#replyBegun) return;
    this.#replyBegun = true;
    const response = this.#response;
    response.cork(() => {
      this.#writeHead(status, contentType, headers);
      const close = this.#closeAfterReply || this.#context.closing;
      // After endWithoutBody uWS takes no further request on the connection and cuts it without a word, so that is announced.
      if (status === 304) response.endWithoutBody(undefined, true);
      else if (this.method === "HEAD") {
        response.endWithoutBody(typeof body === "string" ? Buffer.byteLength(body) : body.length, true);
      } else response.end(status === 204 ? "" : body, close);
    });
    this.#finish(status);
  }

  async stream(
    status: number,
    contentType: string,
    chunks: AsyncIterable<Uint8Array>,
    headers?: HeaderList,
  ): Promise<void> {
    const iterator = chunks[Symbol.asyncIterator]();
    try {
      // The first chunk is waited for before the head is sent, so that a query that fails at once is still answered with its status.
      let next = await iterator.next();
      if (this.#over || this.#replyBegun) return;
      this.#replyBegun = true;
      // One handler for all chunks: uWS puts the old one back after it ran, over one that was set meanwhile.
      this.#response.onWritable(() => {
        this.#onDrained?.();
        return true;
      });
      this.#response.cork(() => this.#writeHead(status, contentType, headers));
      if (this.method !== "HEAD") {
        while (!next.done && !this.#over) {
          if (next.value.length > 0 && !(await this.#write(next.value))) break;
          next = await iterator.next();
        }
      }
      if (this.#over) return;
      this.#response.cork(() => this.#response.end(undefined, this.#context.closing));
      this.#finish(status);
    } catch (error) {
      if (!this.#replyBegun) throw error;
      // The status is gone already: a cut connection is the only way left to say that the body is not whole.
      if (!this.#over) this.#response.close();
      throw error;
    } finally {
      await iterator.return?.();
    }
  }

  #write(chunk: Uint8Array): Promise<boolean> | true {
    let flowing = true;
    this.#response.cork(() => {
      flowing = this.#response.write(chunk);
    });
    if (flowing) return true;
    return new Promise((resolve) => {
      const settle = (mayContinue: boolean): void => {
        clearTimeout(timer);
        this.#onPeerLeft = undefined;
        this.#onDrained = undefined;
        resolve(mayContinue);
      };
      const timer = setTimeout(() => {
        if (!this.#over) this.#response.close();
      }, STALL_LIMIT_MS);
      this.#onPeerLeft = () => settle(false);
      this.#onDrained = () => settle(true);
    });
  }

  #writeHead(status: number, contentType: string, headers: HeaderList | undefined): void {
    const response = this.#response;
    response.writeStatus(`${status} ${reasonOf(status)}`);
    if (contentType !== "") response.writeHeader("content-type", contentType);
    response.writeHeader("x-request-id", this.requestId);
    for (const [name, value] of this.#cors) response.writeHeader(name, value);
    if (headers !== undefined) for (const [name, value] of headers) response.writeHeader(name, value);
  }

  #count(wanted: string): number {
    let count = 0;
    this.#request?.forEach((name) => {
      if (name === wanted) count++;
    });
    return count;
  }

  /** A buffer with room for `wanted` bytes that begins with what `current` holds; grows by doubling when the length is not known. */
  #fit(current: Buffer | undefined, filled: number, wanted: number, exact: boolean, maxBytes: number): Buffer {
    if (current !== undefined && current.length >= wanted) return current;
    const size = current === undefined || exact ? wanted : Math.min(maxBytes, Math.max(wanted, current.length * 2));
    const grown = this.#context.bodyBuffers.take(size);
    if (current !== undefined) {
      grown.set(current.subarray(0, filled));
      this.#context.bodyBuffers.giveBack(current);
    }
    return grown;
  }

  #hold(bytes: number): void {
    this.#context.bodyBudget.take(bytes);
    this.#heldBytes += bytes;
  }

  #finish(status: number): void {
    if (this.#over) return;
    this.#over = true;
    this.#request = undefined;
    this.#context.bodyBudget.giveBack(this.#heldBytes);
    this.#heldBytes = 0;
    this.#context.finished(this, status);
  }

  #left(): void {
    if (this.#over) return;
    this.#finish(0);
    this.#abort?.abort();
    this.#onPeerLeft?.();
    this.#onPeerLeft = undefined;
  }
}

/** uWS takes the first; a proxy in front that takes the last would let one request hide in another's body (RFC 9112, 6.3). */
const twoLengths = (): MooseError =>
  new MooseError("malformed_body", "The request has more than one Content-Length. Send one.");

const tooLarge = (maxBytes: number): MooseError =>
  new MooseError("body_too_large", `The body is over ${maxBytes} bytes. Send it in parts.`, { extra: { maxBytes } });
