// What a connection and its subscriptions know of each other. No code here.

/** One subscription of a connection. */
export interface Subscription {
  readonly id: string;
  /** There is something to send that the socket was not ready for. */
  readonly behind: boolean;
  /** The socket is ready again: send what waits. */
  flush(): void;
  /** The client or the connection ended it: forget it, send nothing more. */
  close(): void;
}

/** The socket, as a subscription uses it. */
export interface Outlet {
  /** Little enough waits in the socket's buffer. When false, `flush` follows once it drained. */
  ready(): boolean;
  /** False: the message was not taken and must be sent again, from the newest state, after `flush`. */
  send(text: string): boolean;
  /** For the last words of a subscription, whatever the buffer holds. */
  sendLast(text: string): void;
}
