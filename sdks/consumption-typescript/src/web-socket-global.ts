// The runtime's own WebSocket: browsers, Deno, workers.
import type { WebSocketConstructor } from "./options.ts";

export async function runtimeWebSocket(): Promise<WebSocketConstructor | undefined> {
  return (globalThis as { WebSocket?: WebSocketConstructor }).WebSocket;
}
