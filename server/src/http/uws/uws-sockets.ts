// WebSockets on uWebSockets.js: the handshake with its checks, and each open socket as the live hub uses it.

import type { HttpRequest, HttpResponse, TemplatedApp, WebSocket } from "uWebSockets.js";
import { liveCloseCodes } from "@moose/openapi";
import { MooseError } from "../../model/errors.ts";
import type { LiveConnection, LiveSocket } from "../../ports/live-socket.ts";
import type { SocketEndpoint } from "../http-types.ts";
import type { UwsExchange } from "./uws-exchange.ts";

/** uWS pings by itself within this; a peer that answers nothing is closed. Seconds. */
const IDLE_TIMEOUT_SECONDS = 60;
/** What one slow reader may hold of the server's memory; a send beyond it is dropped, and the hub is told. Bytes. */
const MAX_BACKPRESSURE_BYTES = 4 * 1024 * 1024;
const MAX_SOCKETS = 50_000;

interface SocketData {
  socket?: UwsLiveSocket;
  connection?: LiveConnection;
}

export interface UwsSocketsOptions {
  readonly begin: (response: HttpResponse, request: HttpRequest) => UwsExchange;
  /** Answers an upgrade that is refused. */
  readonly refuse: (exchange: UwsExchange, reason: MooseError) => void;
  /** A connection is a WebSocket from now on. */
  readonly upgraded: () => void;
  readonly closing: () => boolean;
}

export class UwsSockets {
  readonly #endpoint: SocketEndpoint;
  readonly #options: UwsSocketsOptions;
  readonly #open = new Set<UwsLiveSocket>();
  readonly #decoder = new TextDecoder();

  constructor(endpoint: SocketEndpoint, options: UwsSocketsOptions) {
    this.#endpoint = endpoint;
    this.#options = options;
  }

  register(app: TemplatedApp): void {
    app.ws<SocketData>(this.#endpoint.path, {
      maxPayloadLength: this.#endpoint.maxMessageBytes,
      maxBackpressure: MAX_BACKPRESSURE_BYTES,
      idleTimeout: IDLE_TIMEOUT_SECONDS,
      sendPingsAutomatically: true,
      upgrade: (response, request, context) => {
        const reason = this.#reasonToRefuse(request);
        if (reason !== undefined) {
          const exchange = this.#options.begin(response, request);
          exchange.endOfCallback();
          return this.#options.refuse(exchange, reason);
        }
        response.upgrade<SocketData>(
          {},
          request.getHeader("sec-websocket-key"),
          this.#endpoint.subprotocol,
          request.getHeader("sec-websocket-extensions"),
          context,
        );
        this.#options.upgraded();
      },
      open: (ws) => {
        const data = ws.getUserData();
        data.socket = new UwsLiveSocket(ws);
        this.#open.add(data.socket);
        data.connection = this.#endpoint.open(data.socket);
      },
      message: (ws, message, isBinary) => {
        const data = ws.getUserData();
        if (isBinary) return data.socket!.close(liveCloseCodes.badMessage, "send text messages");
        data.connection!.message(this.#decoder.decode(message));
      },
      drain: (ws) => ws.getUserData().connection?.drained(),
      close: (ws) => {
        const { socket, connection } = ws.getUserData();
        socket!.gone();
        this.#open.delete(socket!);
        connection?.closed();
      },
    });
  }

  closeAll(): void {
    for (const socket of [...this.#open]) socket.close(liveCloseCodes.shuttingDown, "the server is going away");
  }

  #reasonToRefuse(request: HttpRequest): MooseError | undefined {
    if (this.#options.closing())
      return new MooseError("shutting_down", "The server is going away. Connect again in a moment.");
    if (this.#open.size >= MAX_SOCKETS) {
      return new MooseError("overloaded", `${MAX_SOCKETS} live connections are open. Retry after a second.`);
    }
    const offered = request.getHeader("sec-websocket-protocol").split(",");
    return this.#endpoint.refuse(
      request.getHeader("origin"),
      offered.map((name) => name.trim()),
    );
  }
}

class UwsLiveSocket implements LiveSocket {
  #ws: WebSocket<SocketData> | undefined;

  constructor(ws: WebSocket<SocketData>) {
    this.#ws = ws;
  }

  send(text: string): "sent" | "buffered" | "dropped" {
    if (this.#ws === undefined) return "dropped";
    const result = this.#ws.send(text, false);
    return result === 1 ? "sent" : result === 0 ? "buffered" : "dropped";
  }

  bufferedBytes(): number {
    return this.#ws?.getBufferedAmount() ?? 0;
  }

  close(code: number, reason: string): void {
    // end() calls the close handler before it returns, which forgets the socket.
    this.#ws?.end(code, reason);
  }

  /** uWS throws at every use of a socket that is closed. */
  gone(): void {
    this.#ws = undefined;
  }
}
