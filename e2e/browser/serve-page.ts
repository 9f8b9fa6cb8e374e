// A small server for a page and its script: of another origin than Moose's, and up while that one is down.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface PageServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Answers each path with its body; ".js" is JavaScript, all else HTML. `headers` go with every answer. */
export async function servePage(
  bodies: Readonly<Record<string, string | Uint8Array>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<PageServer> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://page");
    const body = bodies[pathname];
    const type = pathname.endsWith(".js")
      ? "text/javascript"
      : pathname.endsWith(".wasm")
        ? "application/wasm"
        : "text/html";
    response.writeHead(body === undefined ? 404 : 200, { "content-type": type, ...headers });
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
