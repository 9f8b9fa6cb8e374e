// The seam between a WebSocket server and the live hub: the server owns frames and handshakes, the hub owns the protocol.

/** One open socket, as the hub uses it. Implemented by the WebSocket server. */
export interface LiveSocket {
  /**
   * Sends one text frame. "buffered": queued behind a slow reader, `drained` will follow. "dropped": not sent and never will be
   * (over the server's own backpressure limit, or the socket is closed).
   */
  send(text: string): "sent" | "buffered" | "dropped";
  /** Bytes handed to `send` that the peer has not taken yet. */
  bufferedBytes(): number;
  /** Ends the socket with a close frame. Safe to call twice, and after the peer closed. */
  close(code: number, reason: string): void;
}

/** What the WebSocket server calls, for one socket, in order. */
export interface LiveConnection {
  /** A text frame arrived. Binary frames are answered by the WebSocket server with close code 4400. */
  message(text: string): void;
  /** The send buffer became empty, or shrank, after a "buffered" or "dropped" send. */
  drained(): void;
  /** The socket is closed, whoever closed it. Nothing may be sent afterwards. */
  closed(): void;
}

/** Speaks `moose.live.v1` with every socket that connects. */
export interface LiveHub {
  connect(socket: LiveSocket): LiveConnection;
  /** Subscriptions open now, over all sockets. */
  subscriptionCount(): number;
  /** Largest text frame that the hub accepts. Bytes; the WebSocket server enforces it before it buffers more. */
  readonly maxMessageBytes: number;
  /** Closes every socket with 1001 and waits for evaluations under way. */
  close(): Promise<void>;
}
