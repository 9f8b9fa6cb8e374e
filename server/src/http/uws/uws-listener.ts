// Listens with uWebSockets.js: hands each request to one handler and each WebSocket to its endpoint, and closes in order.
import uWS, { type HttpRequest, type HttpResponse, type us_listen_socket } from "uWebSockets.js";
import { ByteBudget } from "../../model/byte-budget.ts";
import { MooseError } from "../../model/errors.ts";
import { BodyBuffers } from "../body-buffers.ts";
import type { HeaderList, HttpListener, SocketEndpoint } from "../http-types.ts";
import { createRequestIds } from "../request-id.ts";
import { type EndLimits, OpenWork } from "./open-work.ts";
import { type ExchangeContext, UwsExchange } from "./uws-exchange.ts";
import { UwsSockets } from "./uws-sockets.ts";

/** uWS then listens with SO_REUSEPORT, if the port is not 0: two servers share a port without a word. */
const LIBUS_LISTEN_DEFAULT = 0;
const LIBUS_LISTEN_EXCLUSIVE_PORT = 1;

export interface ListenOptions {
  readonly host: string;
  /** 0 chooses a free one. */
  readonly port: number;
  /** Other processes may listen on the port, too. */
  readonly sharePort: boolean;
  /** Bytes of request bodies held at one time. */
  readonly maxBufferedBytes: number;
  readonly corsHeaders: (origin: string) => HeaderList;
  /** Must not throw; may answer later. */
  readonly handle: (exchange: UwsExchange) => void;
  readonly finished: (exchange: UwsExchange, status: number) => void;
  readonly socket: SocketEndpoint | undefined;
  /** Answers an upgrade that is refused. */
  readonly refuseUpgrade: (exchange: UwsExchange, reason: MooseError) => void;
}

/** Rejects with MooseError `port_in_use`. */
export async function listenWithUws(options: ListenOptions): Promise<HttpListener> {
  const app = uWS.App();
  const work = new OpenWork();
  app.filter((_response, change) => work.connectionsChanged(Number(change)));
  const context: ExchangeContext = {
    bodyBudget: new ByteBudget(options.maxBufferedBytes, "request bodies"),
    bodyBuffers: new BodyBuffers(),
    requestId: createRequestIds(),
    corsHeaders: options.corsHeaders,
    finished: (exchange, status) => {
      options.finished(exchange, status);
      work.requestEnded();
    },
    closing: false,
  };
  const begin = (response: HttpResponse, request: HttpRequest): UwsExchange => {
    work.requestBegan();
    return new UwsExchange(response, request, context);
  };
  const sockets =
    options.socket &&
    new UwsSockets(options.socket, {
      begin,
      refuse: options.refuseUpgrade,
      // uWS tells a filter nothing more of a connection that became a WebSocket.
      upgraded: () => work.connectionsChanged(-1),
      closing: () => context.closing,
    });
  sockets?.register(app);
  app.any("/*", (response, request) => {
    const exchange = begin(response, request);
    options.handle(exchange);
    exchange.endOfCallback();
  });

  const listening = await new Promise<us_listen_socket | false>((resolve) => {
    // The typings know no form with both host and options; the binding reads (host, port, options, callback).
    const listen = app.listen as unknown as (
      host: string,
      port: number,
      options: number,
      callback: (socket: us_listen_socket | false) => void,
    ) => void;
    const flags = options.sharePort ? LIBUS_LISTEN_DEFAULT : LIBUS_LISTEN_EXCLUSIVE_PORT;
    listen.call(app, options.host, options.port, flags, resolve);
  });
  if (!listening) {
    app.close();
    throw new MooseError(
      "port_in_use",
      `Cannot listen on ${options.host}:${options.port}: the port is taken, or the host is not an address of this machine. End the other program, or set http.port in moose.config.ts.`,
      { extra: { host: options.host, port: options.port } },
    );
  }

  let closed: Promise<void> | undefined;
  return {
    port: uWS.us_socket_local_port(listening as never),
    close: (limits: EndLimits) => {
      closed ??= (async () => {
        context.closing = true;
        uWS.us_listen_socket_close(listening);
        sockets?.closeAll();
        await work.ended(limits);
        // Lets the last replies and close frames leave before connections are cut.
        await new Promise<void>((resolve) => setImmediate(resolve));
        app.close();
      })();
      return closed;
    },
  };
}
