// The runtime's own WebSocket in Node 22 and later; before that, the `ws` package. Never part of a browser's bundle.
import type { WebSocketConstructor } from "./options.ts";

export async function runtimeWebSocket(): Promise<WebSocketConstructor | undefined> {
  const own = (globalThis as { WebSocket?: WebSocketConstructor }).WebSocket;
  if (own) return own;
  const { WebSocket } = await import("ws");
  return WebSocket as unknown as WebSocketConstructor;
}
